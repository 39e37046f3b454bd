"""The English of a condition: what a rule asks, whatever the evidence."""

from __future__ import annotations

from collections.abc import Iterable

from grading.explain.english import (
    clauses,
    figure,
    finding_words,
    grade_label,
    listed,
    lower,
    outcome_words,
    quoted,
    status_words,
)
from grading.rules.loaded import Pack
from grading.rules.rule import (
    MOST_EARLIER,
    All,
    Always,
    Any,
    Compared,
    Count,
    No,
    Node,
    OutcomeIn,
    Some,
    Sought,
)


def asked(node: Node, pack: Pack) -> str:
    """What a condition asks, as a clause: `at least 4 of the 5 core criteria exceed the standard`."""
    match node:
        case Always():
            return "nothing more is asked"
        case Sought(supports=True):
            return f"there is evidence {_about(node, pack)}{_shown(node, pack)}"
        case Sought():
            return f"there is {weakness(node, pack)}"
        case Compared():
            indicator = pack.indicators[node.indicator]
            return f"{lower(indicator.title)} {comparison(node, indicator.unit)}"
        case OutcomeIn(criterion=criterion, outcomes=outcomes):
            return f"{quoted(pack.criteria[criterion].written.says)} {outcome_words(outcomes)}"
        case Count():
            return _count(node, pack)
        case All(parts=parts):
            return clauses(asked(part, pack) for part in dict.fromkeys(parts))
        case Any(parts=parts):
            found = [asked(part, pack) for part in dict.fromkeys(parts)]
            return found[0] if len(found) == 1 else "either " + clauses(found, "or")
        case No(parts=parts):
            return _none(tuple(dict.fromkeys(parts)), pack)
        case Some(least=least, parts=parts):
            inside = "; ".join(asked(part, pack) for part in parts)
            return f"at least {least} of these {len(parts)} hold: {inside}"
    raise TypeError(f"no English for {node!r}")


def denied(node: Node, pack: Pack) -> str:
    """That a condition does not hold, as a clause without a double negative."""
    match node:
        case Sought(supports=True):
            return f"there is no evidence {_about(node, pack)}{_shown(node, pack)}"
        case Sought():
            return f"there is no {_bare(node, pack)}"
        case Count(fewest=fewest) if fewest > 0:
            return f"fewer than {fewest} {_of(node, pack)} {_do(node, pack, 2)}"
        case Count(most=most):
            return f"more than {most} {_of(node, pack)} {_do(node, pack, 2)}"
        case No(parts=parts):
            found = [asked(part, pack) for part in dict.fromkeys(parts)]
            return found[0] if len(found) == 1 else "either " + clauses(found, "or")
        case _:
            return f"it is not so that {asked(node, pack)}"


def whether(node: Node, pack: Pack) -> str:
    """What is asked, to stand after `it is not known whether`: a denial is asked the other way about."""
    match node:
        case No(parts=parts):
            found = [asked(part, pack) for part in dict.fromkeys(parts)]
            return listed(found, "or")
        case _:
            return asked(node, pack)


def _none(parts: tuple[Node, ...], pack: Pack) -> str:
    """That none of some conditions holds: of weaknesses, `there is no …, nor a …`."""
    sought = [part for part in parts if isinstance(part, Sought) and not part.supports]
    if len(sought) < len(parts):
        return clauses(denied(part, pack) for part in parts)
    first, *others = sought
    return ", nor ".join([denied(first, pack), *(weakness(other, pack) for other in others)])


def weakness(node: Sought, pack: Pack) -> str:
    """The weakness that is sought, with its article: `an unmitigated weakness that is serious or graver`."""
    bare = _bare(node, pack)
    return f"{'an' if bare[0] in 'aeiou' else 'a'} {bare}"


def comparison(node: Compared, unit: str) -> str:
    """What is asked of a figure: `is at least 3 percentage points`."""
    numbers = [figure(number, unit) for number in node.numbers]
    match node.operator:
        case "in":
            return f"is {listed((word.replace('-', ' ') for word in node.words), 'or')}"
        case "between":
            return f"lies between {numbers[0]} and {numbers[1]}"
        case "at-least":
            return f"is at least {numbers[0]}"
        case "at-most":
            return f"is at most {numbers[0]}"
        case other:
            return f"is {other} {numbers[0]}"


def subject(node: Count, pack: Pack, number: int) -> str:
    """What is counted, for so many of them: `core criterion`, `graded questions`."""
    few = number == 1
    match node.counted:
        case "outcomes" | "findings":
            core = all(pack.criteria[m].written.core for m in node.members)
            return ("core " if core else "") + ("criterion" if few else "criteria")
        case "judgments":
            return "question" if few else "questions"
        case "previous":
            return f"earlier {finding_words(node.kind, number)}"


def predicate(node: Count, pack: Pack, number: int) -> str:
    """What so many of those counted do or are: `exceed the standard`, `is still open`."""
    return _do(node, pack, number)


def bounded(node: Count) -> bool:
    """Whether a count asks for no more than so many; otherwise it asks for at least so many."""
    return node.most < (MOST_EARLIER if node.counted == "previous" else len(node.members))


def _count(node: Count, pack: Pack) -> str:
    total = len(node.members)
    if bounded(node):
        if node.most == 0:
            return f"no {subject(node, pack, 1)} {_do(node, pack, 1)}"
        return f"at most {node.most} {_of(node, pack)} {_do(node, pack, node.most)}"
    if node.counted != "previous" and node.fewest == total > 1:
        return f"all {total} {subject(node, pack, total)} {_do(node, pack, total)}"
    return f"at least {node.fewest} {_of(node, pack)} {_do(node, pack, node.fewest)}"


def _of(node: Count, pack: Pack) -> str:
    """Of how many: `of the 5 core criteria`; of earlier findings the number is open."""
    if node.counted == "previous":
        return subject(node, pack, node.most if bounded(node) else node.fewest)
    return f"of the {len(node.members)} {subject(node, pack, len(node.members))}"


def _do(node: Count, pack: Pack, number: int) -> str:
    be, have = ("is", "has") if number == 1 else ("are", "have")
    match node.counted:
        case "outcomes":
            return outcome_words(node.states, number)
        case "findings":
            kind = finding_words(node.kind)
            return f"{have} {'an' if kind[0] in 'aeiou' else 'a'} {kind}"
        case "judgments":
            return f"{be} graded {listed((grade_label(pack, g) for g in node.states), 'or')}"
        case "previous":
            return f"{be} {status_words(node.states)}"


def _about(node: Sought, pack: Pack) -> str:
    """What evidence is about: one criterion, which goes without saying, or some."""
    return f"on {on}" if (on := _on(node.topics, pack)) else "for it"


def _on(topics: tuple[str, ...], pack: Pack) -> str:
    criteria = list(dict.fromkeys(pack.topics[topic] or "" for topic in topics))
    whole = {t for c in criteria if c for t in pack.criteria[c].written.topics}
    if len(criteria) == 1 and criteria[0] and whole == set(topics):
        return ""
    if whole == set(topics):
        core = all(pack.criteria[c].written.core for c in criteria)
        return "a core criterion" if core else "a criterion"
    said = (
        pack.criteria[c].written.topics[t] if (c := pack.topics[t]) else t.replace("-", " ")
        for t in topics
    )
    return listed(map(quoted, said), "or")


def _shown(node: Sought, pack: Pack) -> str:
    """What the evidence must show at least, and more than what."""
    asks = [_level(scale, rank, pack) for scale, rank in node.shown]
    beyond = [quoted(_word(scale, rank, pack)) for scale, rank in node.excluded]
    if beyond:
        asks.append(f"is more than {listed(beyond, 'or')}")
    return f" that {listed(asks)}" if asks else ""


def _level(scale: str, rank: int, pack: Pack) -> str:
    word = _word(scale, rank, pack)
    top = rank == len(getattr(pack.manifest.coding, scale))
    least = word if top else f"at least {word}"
    return {
        "extent": f"reaches {least} of those concerned",
        "maturity": f"is {least}",
        "effect": f"has an effect that is {least}",
        "severity": f"is {least}",
    }[scale]


def _bare(node: Sought, pack: Pack) -> str:
    """A weakness without its article: `moderate or graver weakness on a core criterion`."""
    grave = [_grave(rank, pack) for scale, rank in node.shown if scale == "severity"]
    other = [_level(scale, rank, pack) for scale, rank in node.shown if scale != "severity"]
    words = " ".join([*(["unmitigated"] if node.unmitigated else []), *grave, "weakness"])
    on = _on(node.topics, pack)
    words += f" on {on}" if on else ""
    beyond = [quoted(_word(scale, rank, pack)) for scale, rank in node.excluded]
    if beyond:
        other.append(f"is more than {listed(beyond, 'or')}")
    return words + (f" that {listed(other)}" if other else "")


def _grave(rank: int, pack: Pack) -> str:
    word = _word("severity", rank, pack)
    coding = pack.manifest.coding
    top = coding is not None and rank == len(coding.severity)
    return word if top else f"{word} or graver"


def _word(scale: str, rank: int, pack: Pack) -> str:
    coding = pack.manifest.coding
    return str(tuple(getattr(coding, scale))[rank - 1]).replace("-", " ")


def every(nodes: Iterable[Node], pack: Pack) -> str:
    """Several conditions that are asked together, as one sentence without its full stop."""
    return clauses(asked(node, pack) for node in nodes)
