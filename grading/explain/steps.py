"""The words for a threshold that is one step elsewhere: what a rule would ask for, and what it asks for."""

from __future__ import annotations

from grading.explain.english import figure, grade_label, listed
from grading.rules.loaded import OVERALL, Pack
from grading.rules.rule import Compared, Count, Rule, Some, Sought
from grading.rules.thresholds import Step

_OUTCOMES = {
    "exceeds": "exceeding the standard",
    "meets": "meeting the standard",
    "falls-short": "falling short of the standard",
}
_DO = {
    "exceeds": "exceed the standard",
    "meets": "meet the standard",
    "falls-short": "fall short of the standard",
    "conflicted": "have evidence that conflicts",
    "unknown": "not be shown",
}
_KINDS = {
    "strength": ("strength", "strengths"),
    "area-for-improvement": ("area for improvement", "areas for improvement"),
    "cause-of-concern": ("cause of concern", "causes of concern"),
    "suggestion": ("suggestion", "suggestions"),
}
_EVIDENCE = {
    "extent": "evidence that reaches at least “{}” of those concerned",
    "maturity": "evidence of practice at least “{}”",
    "effect": "evidence of an effect at least “{}”",
}
_WEAKNESS = {
    "extent": "where at least “{}” of those concerned have it",
    "maturity": "where it is at least “{}”",
    "effect": "where its effect is at least “{}”",
    "severity": "from “{}” up",
}


def step_words(step: Step, pack: Pack) -> str:
    """`if good asked for at least 3 core criteria to meet the standard, not 2`."""
    rule, (was, now) = next(iter(step.conditions.items()))
    subject = _subject(pack.rules[rule], pack, shared=len(step.conditions) > 1)
    match was, now:
        case Count(), Count():
            return f"if {subject} {_count(was, now, pack)}"
        case Some(least=before), Some(least=least, parts=parts):
            return f"if {subject} asked for at least {least} of {len(parts)} things, not {before}"
        case Compared(), Compared():
            return f"if {subject} {_compared(was, now, pack)}"
        case Sought(), Sought():
            return _sought(was, now, step.threshold.word, subject, pack)
    raise TypeError(f"no words for a step of {was!r}")


def _subject(rule: Rule, pack: Pack, *, shared: bool) -> str:
    """What the rule is for: an outcome, a finding, a grade or a limit."""
    match rule.stage:
        case "criteria":
            of_one = "" if shared else f" in “{pack.criteria[rule.owner].written.says}”"
            return f"{_OUTCOMES[rule.name]}{of_one}"
        case "findings":
            kind = _KINDS[pack.manifest.findings[rule.name].kind][0]
            return f"a{'n' if kind[0] in 'aeiou' else ''} {kind}"
    for limiter in pack.limiters.get(rule.owner, ()):
        if limiter.rule == rule.id:
            return f"the limit to {grade_label(pack, limiter.written.at_best)}"
    overall = " overall" if rule.owner == OVERALL else ""
    return f"{grade_label(pack, rule.name)}{overall}"


def _count(was: Count, now: Count, pack: Pack) -> str:
    match now.limit:
        case "at-least-share":
            more = "more" if now.fewest > was.fewest else "fewer"
            return f"asked for one {more} of the {_noun(now, pack, 2)} than its share comes to"
        case "at-most":
            before = str(was.most) if was.most else "none"
            if not now.most:
                return f"allowed no {_noun(now, pack, 1)}, not at most {before}"
            return f"allowed at most {now.most} {_noun(now, pack, now.most)}, not {before}"
        case "all-but":
            but, then_but = _all_but(int(was.number)), _all_but(int(now.number))
            return f"asked for {then_but} {_noun(now, pack, 2)}, not {but}"
        case _:
            return (
                f"asked for at least {now.fewest} {_noun(now, pack, now.fewest)}, not {was.fewest}"
            )


def _all_but(number: int) -> str:
    return f"all but {number}" if number else "all"


def _noun(node: Count, pack: Pack, number: int) -> str:
    """What is counted, in the number that it is counted in."""
    one, many = "criterion", "criteria"
    if node.counted in ("outcomes", "findings") and node.members:
        core = all(pack.criteria[member].written.core for member in node.members)
        one, many = (f"core {one}", f"core {many}") if core else (one, many)
    noun = one if number == 1 else many
    match node.counted:
        case "outcomes":
            return f"{noun} to {_do(node.states)}"
        case "findings":
            kind = _KINDS[node.kind][0]
            return f"{noun} to have a{'n' if kind[0] in 'aeiou' else ''} {kind}"
        case "previous":
            states = listed((state.replace("-", " ") for state in node.states), "or")
            return f"earlier {_KINDS[node.kind][number != 1]} that {_are(number)} {states}"
        case _:
            labels = listed((grade_label(pack, grade) for grade in node.states), "or")
            return f"{'question' if number == 1 else 'questions'} graded {labels}"


def _do(outcomes: tuple[str, ...]) -> str:
    if set(outcomes) == {"exceeds", "meets"}:
        return "meet or exceed the standard"
    return listed((_DO[outcome] for outcome in outcomes), "or")


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _compared(was: Compared, now: Compared, pack: Pack) -> str:
    indicator = pack.indicators[now.indicator]
    before, after = (
        " to ".join(figure(number, indicator.unit) for number in node.numbers)
        for node in (was, now)
    )
    how = "" if now.operator == "between" else f"{now.operator.replace('-', ' ')} "
    verb = "allowed" if now.operator in ("at-most", "below") else "asked for"
    return f"{verb} {how}{after} in “{indicator.title}”, not {before}"


def _sought(was: Sought, now: Sought, word: str, subject: str, pack: Pack) -> str:
    scale, beyond = word.removeprefix("excluding "), word.startswith("excluding ")
    before, after = (
        _level(scale, dict(node.excluded if beyond else node.shown)[scale], pack)
        for node in (was, now)
    )
    with_it = [_level(s, rank, pack) for s, rank in now.shown if beyond or s != scale]
    beside = f" (beside {listed(f'“{level}”' for level in with_it)})" if with_it else ""
    if now.supports:
        asked = "evidence beyond “{}”" if beyond else _EVIDENCE[scale]
        return f"if {subject} asked for {asked.format(after)}, not “{before}”{beside}"
    where = "beyond “{}”" if beyond else _WEAKNESS[scale]
    return f"if, for {subject}, a weakness counted {where.format(after)}, not “{before}”{beside}"


def _level(scale: str, rank: int, pack: Pack) -> str:
    return str(tuple(getattr(pack.manifest.coding, scale))[rank - 1]).replace("-", " ")
