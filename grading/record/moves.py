"""The JSON of the smallest changes that would move a judgment, and of what is missing from it."""

from __future__ import annotations

from collections.abc import Iterator

from grading.explain.flips import Flip, Flips
from grading.explain.moves import Option
from grading.explain.unknowns import Unknowns
from grading.explain.variables import To
from grading.judge.states import State, kinds_of_finding
from grading.record.parts import Part
from grading.rules.loaded import Pack


class ToPart(Part):
    """A state that a change leads to: possible outcomes and findings of criteria, or a value or word."""

    outcomes: tuple[tuple[str, ...], ...]
    findings: tuple[tuple[str, ...], ...]
    value: str | None


class OptionPart(Part):
    """What could change, by its kind and the names of that kind, from what, and to any of these."""

    kind: str
    names: tuple[str, ...]
    now: ToPart | None
    to: tuple[ToPart, ...]


class ChangePart(Part):
    """Any `number` of the options."""

    number: int
    options: tuple[OptionPart, ...]


class FlipPart(Part):
    """Changes that together move the judgment, and the grades that are then possible, best first."""

    grades: tuple[str, ...]
    changes: tuple[ChangePart, ...]


class FlipsPart(Part):
    """Every smallest set of at most `most` changes; `looked_at` counts the sets of each size."""

    judgment: str
    grades: tuple[str, ...]
    most: int
    raising: tuple[FlipPart, ...]
    lowering: tuple[FlipPart, ...]
    looked_at: tuple[int, ...]
    complete: bool


class ToldPart(Part):
    """What something missing could turn out to be, and the grades that this leaves, best first."""

    to: tuple[ToPart, ...]
    grades: tuple[str, ...]


class MissingPart(Part):
    """Something that is missing, with all that it could turn out to be."""

    kind: str
    names: tuple[str, ...]
    told: tuple[ToldPart, ...]


class UnknownsPart(Part):
    """The grades of an open judgment over all completions, and what would narrow them, most first.

    Where it is not `exact`, `grades` are those of `three_valued`, and nothing is ranked.
    """

    judgment: str
    three_valued: tuple[str, ...]
    grades: tuple[str, ...]
    exact: bool
    missing: tuple[MissingPart, ...]


def unknowns_part(found: Unknowns, pack: Pack) -> UnknownsPart:
    """What is missing from a judgment, for a document."""
    return UnknownsPart(
        judgment=found.judgment,
        three_valued=found.three_valued,
        grades=found.grades,
        exact=found.exact,
        missing=tuple(
            MissingPart(
                kind=one.variable.kind,
                names=one.variable.names,
                told=tuple(
                    ToldPart(to=tuple(_to(to, pack) for to in told.to), grades=told.grades)
                    for told in one.told
                ),
            )
            for one in found.missing
        ),
    )


def flips_part(found: Flips, pack: Pack) -> FlipsPart:
    """The flips of a judgment, for a document."""
    return FlipsPart(
        judgment=found.judgment,
        grades=found.grades,
        most=found.most,
        raising=tuple(_flip(flip, pack) for flip in found.raising),
        lowering=tuple(_flip(flip, pack) for flip in found.lowering),
        looked_at=found.looked_at,
        complete=found.complete,
    )


def _flip(flip: Flip, pack: Pack) -> FlipPart:
    changes = (
        ChangePart(number=c.number, options=tuple(_option(o, pack) for o in c.options))
        for c in flip.changes
    )
    return FlipPart(grades=flip.grades, changes=tuple(changes))


def _option(option: Option, pack: Pack) -> OptionPart:
    return OptionPart(
        kind=option.variable.kind,
        names=option.variable.names,
        now=None if option.now is None else _to(option.now, pack),
        to=tuple(_to(to, pack) for to in option.to),
    )


def _to(to: To, pack: Pack) -> ToPart:
    if not isinstance(to, State):
        value = "; ".join(map(" ".join, to)) if isinstance(to, tuple) else str(to)
        return ToPart(outcomes=(), findings=(), value=value)
    outcomes = tuple(tuple(sorted(possible)) for possible in to.outcomes)
    return ToPart(outcomes=outcomes, findings=tuple(_findings(to, pack)), value=None)


def _findings(state: State, pack: Pack) -> Iterator[tuple[str, ...]]:
    """The kinds of finding on each criterion in turn."""
    kinds = kinds_of_finding(pack)
    for truths in state.findings:
        yield tuple(kind for kind, truth in zip(kinds, truths, strict=True) if truth)
