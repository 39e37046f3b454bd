"""Whether all that a judgment rests on matters: some two inspections differ in it alone, and in grade."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from grading.judge.columns import plus
from grading.judge.figures import Figure
from grading.policy.proof.claims import About, Claim, Failure
from grading.policy.proof.looking import Looking
from grading.policy.proof.parts import Part
from grading.rules.loaded import OVERALL, Pack

Alike = Sequence[int]  # options of a part that differ in one thing alone


def matters(looking: Looking) -> Claim:
    """Every criterion, figure, earlier finding and judgment that it rests on can change the grade."""
    return Claim("matters", looking.states, tuple(_failures(looking)))


def criteria_of(pack: Pack, owner: str) -> tuple[str, ...]:
    """The criteria of a question or a sub-question; none of the overall judgment's own."""
    found = pack.criteria.values() if owner != OVERALL else ()
    return tuple(c.id for c in found if owner in (c.question, c.sub_question))


def _failures(looking: Looking) -> Iterator[Failure]:
    seen = set[str]()
    for number, part in enumerate(looking.tables[0].setting.parts):
        for about, kind, figure in _things(part):
            seen.add(about)
            if not _changes(looking, number, about):
                yield _never(looking, about, kind, figure)
    for criterion in criteria_of(looking.pack, looking.owner):
        if criterion not in seen:
            yield _never(looking, criterion, "criterion")
    for figure in sorted(set(looking.asks.shared.apart.values())):
        pairs = [pair for pair, f in looking.asks.shared.apart.items() if f == figure]
        if not any(_differ(looking, *pair) for pair in pairs):
            yield _never(looking, figure.id, "figure", figure)


def _things(part: Part) -> Iterator[tuple[str, About, Figure | None]]:
    """What a part has that should matter."""
    match part.variable.kind:
        case "criteria":
            yield from ((criterion, "criterion", None) for criterion in part.variable.names)
        case "earlier":
            yield "", "earlier", None
        case "judgment":
            yield part.variable.names[0], "judgment", None
        case _:
            for figure in sorted(set(part.apart.values())):
                yield figure.id, "figure", figure


def _alike(looking: Looking, part: Part, about: str) -> Iterable[Alike]:
    """The options of a part in sets that differ in one thing alone."""
    match part.variable.kind:
        case "criteria":
            return _beside(looking, part, about)
        case "earlier" | "judgment":
            return [range(len(part.options))]
        case _:
            return [pair for pair, figure in part.apart.items() if figure.id == about]


def _beside(looking: Looking, part: Part, criterion: str) -> Iterable[Alike]:
    """The options in which all other criteria of a part are concluded alike."""
    (group,) = (
        j.sides[0] for j, _ in looking.asks.joints if j.every.criteria == part.variable.names
    )
    assert group is not None
    place = group.criteria.index(criterion)
    found: dict[object, list[int]] = {}
    for n, option in enumerate(part.options):
        (state,) = option.to  # type: ignore[misc]
        others = tuple(
            (outcomes, findings)
            for at, (outcomes, findings) in enumerate(
                zip(state.outcomes, state.findings, strict=True)  # type: ignore[union-attr]
            )
            if at != place
        )
        found.setdefault(others, []).append(n)
    return found.values()


def _changes(looking: Looking, number: int, about: str) -> bool:
    """Whether the grade changes with one thing of a part, all else being equal."""
    for table in looking.tables:
        part = table.setting.parts[number]
        options, alike = part.options, _alike(looking, part, about)
        adds = [list(dict.fromkeys(options[n].adds for n in some)) for some in alike]
        for around in table.around(number):
            for some in adds:
                if len({looking.reader.read(plus(around, one)).grade for one in some}) > 1:
                    return True
    return False


def _differ(looking: Looking, one: int, other: int) -> bool:
    """Whether the grade differs between two settings, all else being equal."""
    width = len(looking.ladder.nothing)
    read = looking.reader.read
    return any(
        read(numbers[:width]).grade != read(numbers[width:]).grade
        for numbers in looking.between(one, other).whole()
    )


def _never(looking: Looking, about: str, kind: About, figure: Figure | None = None) -> Failure:
    """Something that never changes the grade, with an inspection of each grade that there is."""
    grades = dict.fromkeys(seen.reading.grade for seen in looking.every)
    best = min(grades, key=looking.reader.place)
    shown = looking.shortest(seen for seen in looking.every if seen.reading.grade == best)
    return Failure("matters", about, kind, looking.states, shown, figure=figure)
