"""What is changed in each one place between two packs, and a pack with some of it put in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from grading.explain.asked import asked
from grading.explain.english import finding_words, grade_label, outcome_words, quoted
from grading.rules.loaded import Pack, PlacedLimiter
from grading.rules.pack import FindingRule, Silence
from grading.rules.rule import All, Any, No, Node, Rule, Some, inside

_T = TypeVar("_T")
_SILENT = {
    "unknown": "is open",
    "meets": "is taken as met",
    "falls-short": "is taken as falling short",
}


@dataclass(frozen=True)
class Cause:
    """A change that is written in one place: the place, what holds there now, and what did before.

    What was not there before, or is not any more, is None. Of a part of a `condition` it is what is
    asked; of anything else what follows.
    """

    place: str
    rules: tuple[str, ...]
    now: str | None
    before: str | None
    condition: bool = False


@dataclass(frozen=True)
class Part:
    """A part of a rule's condition, by the way to it, that is otherwise."""

    rule: str
    way: tuple[int, ...]
    was: Node
    now: Node


@dataclass(frozen=True)
class Whole:
    """A rule that is new, or gone."""

    rule: str
    now: Rule | None


@dataclass(frozen=True)
class Limit:
    """A limiter that is new, or gone, or limits to another grade."""

    owner: str
    limiter: str
    now: PlacedLimiter | None


@dataclass(frozen=True)
class Finding:
    """A finding that is new, or gone, or of another kind."""

    name: str
    now: FindingRule | None


@dataclass(frozen=True)
class Silent:
    """What silence means for the criteria that are core, or for the others."""

    of: str
    now: str


Edit = Part | Whole | Limit | Finding | Silent


@dataclass(frozen=True)
class Unit:
    """What is changed in one place: the same thing of one rule, or of all rules that share it."""

    cause: Cause
    edits: tuple[Edit, ...]


def units(before: Pack, after: Pack) -> tuple[Unit, ...]:
    """The changes between two packs, those that are written in the same place together."""
    return (
        *_conditions(before, after),
        *_limits(before, after),
        *_findings(before, after),
        *_whole_rules(before, after),
        *_silences(before, after),
    )


def with_units(pack: Pack, chosen: Iterable[Unit]) -> Pack:
    """The pack with these changes, and no others."""
    rules = dict(pack.rules)
    limiters = {owner: {x.id: x for x in found} for owner, found in pack.limiters.items()}
    found = dict(pack.manifest.findings)
    policy = pack.manifest.evidence_policy
    silence: dict[str, str] = {"core": policy.silence.core, "other": policy.silence.other}
    for edit in (edit for unit in chosen for edit in unit.edits):
        match edit:
            case Part(rule=name, way=way, now=now):
                rules[name] = replace(rules[name], body=_edited(rules[name].body, way, now))
            case Whole(rule=name, now=rule):
                _put(rules, name, rule)
            case Limit(owner=owner, limiter=name, now=limiter):
                _put(limiters.setdefault(owner, {}), name, limiter)
            case Finding(name=name, now=finding):
                _put(found, name, finding)
            case Silent(of=whom, now=meaning):
                silence[whom] = meaning
    policy = policy.model_copy(
        update={"silence": Silence.model_validate({**silence, "says": policy.silence.says})}
    )
    return replace(
        pack,
        rules=rules,
        limiters={owner: tuple(among.values()) for owner, among in limiters.items()},
        manifest=pack.manifest.model_copy(update={"findings": found, "evidence_policy": policy}),
    )


def changed_rules(before: Pack, after: Pack) -> tuple[str, ...]:
    """The rules of which the conditions differ."""
    return tuple(
        name
        for name, rule in after.rules.items()
        if name in before.rules and before.rules[name].body != rule.body
    )


# what is changed


def _conditions(before: Pack, after: Pack) -> Iterator[Unit]:
    by_place: dict[str, list[Part]] = {}
    for name in changed_rules(before, after):
        for part in _parts(name, (), before.rules[name].body, after.rules[name].body):
            by_place.setdefault(str(part.now.place), []).append(part)
    for place, parts in by_place.items():
        now, was = asked(parts[0].now, after), asked(parts[0].was, before)
        rules = tuple(part.rule for part in parts)
        yield Unit(Cause(place, rules, now, was, condition=True), tuple(parts))


def _limits(before: Pack, after: Pack) -> Iterator[Unit]:
    """Limiters of which more differs than what they ask."""
    by_place: dict[str, list[tuple[Limit, PlacedLimiter | None]]] = {}
    was, now = _limiters(before), _limiters(after)
    for key in dict.fromkeys([*was, *now]):
        one, other = was.get(key), now.get(key)
        if one is None or other is None or one.written.at_best != other.written.at_best:
            where = (other or one or now[key]).place
            by_place.setdefault(str(where), []).append((Limit(*key, other), one))
    for place, changes in by_place.items():
        first, held = changes[0]
        cause = Cause(
            place,
            tuple(x.rule for limit, old in changes if (x := limit.now or old)),
            _held(after, first.now) if first.now else None,
            _held(before, held) if held else None,
        )
        edits: list[Edit] = [limit for limit, _ in changes]
        for limit, old in changes:
            if limit.now is None and old is not None:
                edits.append(Whole(old.rule, None))
            elif old is None and limit.now is not None:
                edits.append(Whole(limit.now.rule, after.rules[limit.now.rule]))
        yield Unit(cause, tuple(edits))


def _findings(before: Pack, after: Pack) -> Iterator[Unit]:
    """Findings of which more differs than what they ask."""
    was, now = before.manifest.findings, after.manifest.findings
    for name in dict.fromkeys([*was, *now]):
        one, other = was.get(name), now.get(name)
        if one is not None and other is not None and one.kind == other.kind:
            continue
        rules = tuple(
            rule.id
            for rule in (after if other else before).rules.values()
            if rule.stage == "findings" and rule.name == name
        )
        alone = one is None or other is None
        edits = [Whole(rule, after.rules.get(rule)) for rule in rules if alone]
        cause = Cause(
            f"pack.yaml / findings / {name}",
            rules,
            f"the finding “{name}” is {finding_words(other.kind)}" if other else None,
            f"the finding “{name}” is {finding_words(one.kind)}" if one else None,
        )
        yield Unit(cause, (Finding(name, other), *edits))


def _whole_rules(before: Pack, after: Pack) -> Iterator[Unit]:
    """Rungs and outcomes that are new, or gone."""
    of_limiters = {x.rule for pack in (before, after) for x in _limiters(pack).values()}
    by_place: dict[str, list[Whole]] = {}
    for name in dict.fromkeys([*before.rules, *after.rules]):
        one, other = before.rules.get(name), after.rules.get(name)
        rule = other or one
        if rule is None or name in of_limiters or rule.stage == "findings":
            continue
        if one is None or other is None:
            by_place.setdefault(str(rule.place), []).append(Whole(name, other))
    for place, edits in by_place.items():
        name, new = edits[0].rule, edits[0].now
        cause = Cause(
            place,
            tuple(edit.rule for edit in edits),
            _follows(after, new) if new else None,
            None if new else _follows(before, before.rules[name]),
        )
        yield Unit(cause, tuple(edits))


def _silences(before: Pack, after: Pack) -> Iterator[Unit]:
    was, now = (pack.manifest.evidence_policy.silence for pack in (before, after))
    for of, one, other, words in (
        ("core", was.core, now.core, "a core criterion"),
        ("other", was.other, now.other, "a criterion that is not core"),
    ):
        if one != other:
            place = f"pack.yaml / evidence-policy / silence / {of}"
            nothing = f"{words} that nothing found decides"
            says = Cause(place, (), f"{nothing} {_SILENT[other]}", f"{nothing} {_SILENT[one]}")
            yield Unit(says, (Silent(of, other),))


def _limiters(pack: Pack) -> dict[tuple[str, str], PlacedLimiter]:
    return {(owner, x.id): x for owner, among in pack.limiters.items() for x in among}


def _held(pack: Pack, limiter: PlacedLimiter) -> str:
    best = grade_label(pack, limiter.written.at_best)
    return f"the grade is {best} at best where {asked(pack.rules[limiter.rule].body, pack)}"


def _follows(pack: Pack, rule: Rule) -> str:
    if rule.stage != "criteria":
        return f"the grade is {grade_label(pack, rule.name)} where {asked(rule.body, pack)}"
    says = quoted(pack.criteria[rule.owner].written.says)
    return f"{says} {outcome_words([rule.name])} where {asked(rule.body, pack)}"


# parts of conditions


def _parts(rule: str, way: tuple[int, ...], was: Node, now: Node) -> Iterator[Part]:
    """The smallest parts in which two conditions differ."""
    parts, others = inside(was), inside(now)
    alike = type(was) is type(now) and len(parts) == len(others)
    least = getattr(was, "least", None) == getattr(now, "least", None)
    if not parts or not alike or not least:
        yield Part(rule, way, was, now)
        return
    for n, (part, other) in enumerate(zip(parts, others, strict=True)):
        if part != other:
            yield from _parts(rule, (*way, n), part, other)


def _edited(node: Node, way: tuple[int, ...], now: Node) -> Node:
    """The condition with another part at the end of the way."""
    if not way:
        return now
    match node:
        case All(parts=parts) | Any(parts=parts) | No(parts=parts) | Some(parts=parts):
            first, *rest = way
            part = _edited(parts[first], tuple(rest), now)
            return replace(node, parts=(*parts[:first], part, *parts[first + 1 :]))
        case _:
            raise ValueError(f"{node!r} has no parts")


def _put(among: dict[str, _T], name: str, value: _T | None) -> None:
    """Put it there, or take away what is there."""
    if value is None:
        among.pop(name, None)
    else:
        among[name] = value
