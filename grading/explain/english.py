"""One renderer of conditions and figures into plain English, for every text of the product."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from grading.rules.definition import tally
from grading.rules.facts import Facts, IndicatorFact
from grading.rules.loaded import Pack
from grading.rules.rule import (
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

_FEW = 4
OUTCOME_WORDS = {
    "exceeds": "exceeds the standard",
    "meets": "meets the standard",
    "falls-short": "falls short of the standard",
    "conflicted": "the evidence conflicts",
    "unknown": "not shown",
}
_COUNTED = {
    ("exceeds",): "exceed the standard",
    ("exceeds", "meets"): "meet or exceed the standard",
    ("conflicted",): "have evidence that conflicts",
    ("conflicted", "falls-short"): "fall short or have evidence that conflicts",
}
_KINDS = {
    "strength": ("strength", "strengths"),
    "area-for-improvement": ("area for improvement", "areas for improvement"),
    "cause-of-concern": ("cause of concern", "causes of concern"),
    "suggestion": ("suggestion", "suggestions"),
}
_SCALES = {
    "extent": "reach {} of those concerned",
    "maturity": "be {}",
    "effect": "have an effect that is {}",
    "severity": "be {}",
}
UNITS = {
    "percent": " per cent",
    "percent-change": " per cent",
    "percentage-points": " percentage points",
    "per-1000-population": " per 1,000 people",
    "per-1000-households": " per 1,000 households",
    "per-10000-population": " per 10,000 people",
    "per-100000-population": " per 100,000 people",
    "per-million-population": " per million people",
    "ratio": " times",
    "score": "",
    "count": "",
    "rank-band": "",
}


def listed(words: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    *head, tail = list(words) or [""]
    return f"{', '.join(head)} {last} {tail}" if head else tail


def counted(number: int, one: str, many: str) -> str:
    """`no areas`, `1 area`, `2 areas`."""
    return f"{number if number else 'no'} {one if number == 1 else many}"


def figure(value: Decimal | str, unit: str) -> str:
    """A value with its unit."""
    return f"{value}{UNITS.get(unit, f' {unit}')}"


def grade_label(pack: Pack, grade: str) -> str:
    """The grade's label in lower case, or the word for having none."""
    grades = pack.manifest.scale.grades
    return grades[grade].label.lower() if grade in grades else grade


def grades_span(pack: Pack, grades: Sequence[str]) -> str:
    """The one grade, or the worst and the best of some; they are given best first."""
    best, worst = (grade_label(pack, grade) for grade in (grades[0], grades[-1]))
    return best if len(grades) == 1 else f"{worst} to {best}"


def value_words(value: str) -> str:
    """A value that is not a grade, in words."""
    return value.replace("-", " ")


def outcome_phrase(possible: frozenset[str]) -> str:
    """The outcome of a criterion in words; what it may be, where that is open."""
    if len(possible) == 1:
        return OUTCOME_WORDS[next(iter(possible))]
    if "unknown" in possible:
        return "not shown either way"
    return "open: " + listed((OUTCOME_WORDS[o] for o in sorted(possible)), "or")


def condition(node: Node, pack: Pack, facts: Facts | None = None) -> str:
    """What a condition asks, and beside each count what was found, where the facts are given."""
    match node:
        case Always():
            return "nothing more is asked"
        case Sought():
            return _sought(node, pack)
        case Compared():
            return _compared(node, pack, facts)
        case OutcomeIn(criterion=criterion, outcomes=outcomes):
            says = pack.criteria[criterion].written.says
            return f"“{says}” {listed((OUTCOME_WORDS[o] for o in outcomes), 'or')}"
        case Count():
            return _count(node, pack, facts)
        case All(parts=parts):
            return listed(condition(part, pack, facts) for part in parts)
        case Any(parts=parts):
            return "either " + listed((condition(part, pack, facts) for part in parts), "or")
        case No(parts=parts):
            return "there is no " + listed((_bare(part, pack) for part in parts), "and no")
        case Some(least=least, parts=parts):
            inside = listed(condition(part, pack, facts) for part in parts)
            return f"at least {least} of: {inside}"
    raise TypeError(f"no English for {node!r}")


def _sought(node: Sought, pack: Pack) -> str:
    if not node.supports:
        return f"there is a {_bare(node, pack)}"
    asked = [_level(scale, rank, pack) for scale, rank in node.shown]
    words = "there is evidence" + (f" shown to {listed(asked)}" if asked else " for it")
    beyond = [_word(scale, rank, pack) for scale, rank in node.excluded]
    return words + (f", beyond “{listed(beyond, 'or')}”" if beyond else "")


def _bare(node: Node, pack: Pack) -> str:
    """A condition after `there is no`."""
    if isinstance(node, Sought) and not node.supports:
        grave = [_word(s, r, pack) for s, r in node.shown if s == "severity"]
        wide = [_word(s, r, pack) for s, r in node.shown if s == "extent"]
        words = f"{grave[0]} weakness or graver" if grave else "weakness"
        words += f" in {wide[0]} of those concerned" if wide else ""
        return words + (" that nothing mitigates" if node.unmitigated else "")
    return condition(node, pack)


def _level(scale: str, rank: int, pack: Pack) -> str:
    word = _word(scale, rank, pack)
    top = rank == len(getattr(pack.manifest.coding, scale))
    return _SCALES[scale].format(word if top else f"at least {word}")


def _word(scale: str, rank: int, pack: Pack) -> str:
    coding = pack.manifest.coding
    return str(tuple(getattr(coding, scale))[rank - 1]).replace("-", " ")


def _compared(node: Compared, pack: Pack, facts: Facts | None) -> str:
    indicator = pack.indicators[node.indicator]
    if facts is None:
        return f"{_lower(indicator.title)} {_comparison(node, indicator.unit)}"
    fact = facts.indicators.get(node.indicator)
    found = figure(fact.value, indicator.unit) if fact is not None else "not known"
    said = [_asked(node, indicator.unit), *(_sampled(node, fact) if fact is not None else ())]
    return f"{_lower(indicator.title)} is {found} ({'; '.join(said)})"


def _sampled(node: Compared, fact: IndicatorFact) -> Iterator[str]:
    """What must be said of a figure from a sample wherever it is compared."""
    if fact.bounds is not None:
        low, high = fact.bounds
        inside = any(low <= number <= high for number in node.numbers)
        settled = ", so the sample does not settle it" if inside else ""
        yield f"95 per cent interval {low} to {high}{settled}"
    yield from fact.cautions


def _asked(node: Compared, unit: str) -> str:
    """What a comparison asks for, beside the figure that was found."""
    numbers = [figure(number, unit) for number in node.numbers]
    match node.operator:
        case "in":
            return f"{listed(node.words, 'or')} needed"
        case "between":
            return f"{numbers[0]} to {numbers[1]} needed"
        case "at-least":
            return f"at least {numbers[0]} needed"
        case "at-most":
            return f"at most {numbers[0]} allowed"
        case other:
            return f"{other} {numbers[0]} needed"


def _comparison(node: Compared, unit: str) -> str:
    numbers = [figure(number, unit) for number in node.numbers]
    match node.operator:
        case "in":
            return "is " + listed(node.words, "or")
        case "between":
            return f"lies between {numbers[0]} and {numbers[1]}"
        case "at-least":
            return f"is at least {numbers[0]}"
        case "at-most":
            return f"is at most {numbers[0]}"
        case other:
            return f"is {other} {numbers[0]}"


def _count(node: Count, pack: Pack, facts: Facts | None) -> str:
    total = len(node.members)
    found = ""
    if facts is not None:
        least, greatest = tally(node, facts)
        found = str(least) if least == greatest else f"{least} to {min(greatest, total)}"
    match node.counted:
        case "outcomes":
            core = all(pack.criteria[m].written.core for m in node.members)
            what = f"the {total} {'core ' if core else ''}criteria"
            states = _COUNTED.get(tuple(sorted(node.states)), " or ".join(node.states))
            found = "none" if found == "0" else found
            number = f"{found} of {what} {states}" if found else f"of {what} {states}"
            number += _which(node, pack, facts)
        case "judgments":
            labels = listed((grade_label(pack, g) for g in node.states), "or")
            number = f"{found} of the {total} graded questions are {labels}".replace(
                " are ", f" {_is(found)} "
            )
        case "findings":
            number = (
                f"{found or 'so many'} of the {total} core criteria have a {_KINDS[node.kind][0]}"
            )
        case "previous":
            one, many = _KINDS[node.kind]
            if facts is not None and facts.previous is None:
                found = "an unknown number of"
            number = f"{found or 'so many'} earlier {one if found == '1' else many} {_is(found)} still open"
    return f"{number} ({_limit(node, total)})"


def _which(node: Count, pack: Pack, facts: Facts | None) -> str:
    """Which criteria are counted, where that is what holds a grade down and they are few."""
    if facts is None or node.fewest > 0:
        return ""
    surely = [m for m in node.members if facts.outcomes.get(m, {""}) <= set(node.states)]
    if not 0 < len(surely) <= _FEW:
        return ""
    return ", " + listed(f"“{pack.criteria[m].written.says}”" for m in surely)


def _limit(node: Count, total: int) -> str:
    if node.most >= (250 if node.counted == "previous" else total):
        return f"at least {node.fewest} needed"
    return f"at most {node.most} allowed" if node.most else "none allowed"


def _is(found: str) -> str:
    return "is" if found == "1" else "are"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def name_of(slug: str) -> str:
    """A slug as the name it was made from: `england-and-wales` is England and Wales."""
    small = {"and", "of", "the", "in"}
    return " ".join(w if w in small else capital(w) for w in slug.split("-"))


def capital(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]
