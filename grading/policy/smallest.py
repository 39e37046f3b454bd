"""The smallest observations that make a criterion come out in a given way."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

from grading.derive.derive import SCALES
from grading.derive.standing import Roles
from grading.policy.given import Given, Seen, Wanted
from grading.policy.lines import Lines
from grading.policy.looks import Looks, keys_of
from grading.rules.again import Key
from grading.rules.definition import holds
from grading.rules.facts import Facts, RecordFact
from grading.rules.loaded import Pack
from grading.rules.rule import Rule
from grading.rules.stages import outcome
from grading.source import Path

_SUPPORTING, _OPPOSING = SCALES[:3], ("extent", "severity")


class Shorthand:
    """Finds the observations that `criteria` and `all-core` of the cases of a pack stand for."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._found: dict[Hashable, tuple[Seen, ...] | None] = {}

    def observations(
        self, given: Given, facts: Facts, lines: Lines
    ) -> tuple[tuple[Seen, Path], ...]:
        """The observations of a case, each with the line that asks for it.

        `facts` are those of the case without its shorthand.
        """
        search = _Search(self.pack, facts, given.coverage == "published-summary")
        looks = Looks(facts)
        found: list[tuple[Seen, Path]] = []
        for criterion, (asked, path) in _wanted(given, self.pack, lines).items():
            seen = () if asked == "silent" else self._smallest(search, looks, criterion, asked)
            if seen is None:
                lines.under(*path).problem(
                    "E503",
                    f"no observation alone makes `{criterion}` come out as `{asked}`",
                    "give its observations, and the indicators that its conditions ask about",
                    key=True,
                )
            found += [(one, path) for one in seen or ()]
        return tuple(found)

    def _smallest(
        self, search: _Search, looks: Looks, criterion: str, asked: Wanted
    ) -> tuple[Seen, ...] | None:
        """What is found once serves every case of which the criterion sees the same."""
        seen = tuple(map(looks.at, self._keys[criterion]))
        key = (criterion, asked, search.is_summary, seen)
        if key not in self._found:
            self._found[key] = search.smallest(criterion, asked)
        return self._found[key]

    @cached_property
    def _keys(self) -> dict[str, tuple[Key, ...]]:
        """What the conditions of each criterion's outcomes ask about."""
        return {
            criterion: tuple(sorted({key for rule in rules for key in keys_of(rule)}))
            for criterion in self.pack.criteria
            for rules in [_outcome_rules(self.pack, criterion)]
        }


def _wanted(given: Given, pack: Pack, lines: Lines) -> dict[str, tuple[Wanted, Path]]:
    """What each criterion of the shorthand is to come out as, and where that is written."""
    wanted: dict[str, tuple[Wanted, Path]] = {}
    for question, asked in given.all_core.items():
        path: Path = ("all-core", question)
        if lines.under(*path).known("question", question, pack.questions, key=True):
            for criterion in pack.criteria_of(question):
                if pack.criteria[criterion].written.core:
                    wanted[criterion] = (asked, path)
    for criterion, asked in given.criteria.items():
        path = ("criteria", criterion)
        if lines.under(*path).known("criterion", criterion, pack.criteria, key=True):
            wanted[criterion] = (asked, path)
    return wanted


@dataclass(frozen=True)
class _Search:
    """Tries observations on the first topic of a criterion, those with least coding first."""

    pack: Pack
    facts: Facts
    is_summary: bool

    def smallest(self, criterion: str, asked: Wanted) -> tuple[Seen, ...] | None:
        """The first observation that fits, or the first pair where the two conflict."""
        return next(
            (
                seen
                for seen in self._tried(criterion, asked)
                if self._outcome(criterion, seen) == {asked}
            ),
            None,
        )

    def _tried(self, criterion: str, asked: Wanted) -> Iterator[tuple[Seen, ...]]:
        topic = next(iter(self.pack.criteria[criterion].written.topics))
        match asked:
            case "conflicted":
                for against in self._codings("contradicts", topic, _OPPOSING[1:]):
                    for seen in self._codings("supports", topic, _SUPPORTING):
                        yield seen, against
            case "falls-short":
                for against in self._codings("contradicts", topic, _OPPOSING):
                    yield (against,)
            case _:
                for seen in self._codings("supports", topic, _SUPPORTING):
                    yield (seen,)

    def _codings(self, direction: str, topic: str, scales: tuple[str, ...]) -> Iterator[Seen]:
        """Observations with every coding there is: fewest levels first, then the lowest."""
        coding = self.pack.manifest.coding
        levels = [(None, *(getattr(coding, scale) if coding else ())) for scale in scales]
        ranks = sorted(
            product(*(range(len(some)) for some in levels)),
            key=lambda rank: (sum(r > 0 for r in rank), sum(rank), rank),
        )
        for rank in ranks:
            coded = {s: some[r] for s, some, r in zip(scales, levels, rank, strict=True) if r}
            yield Seen.model_validate({direction: topic, **coded})

    def _outcome(self, criterion: str, seen: tuple[Seen, ...]) -> frozenset[str]:
        """What the criterion comes out as if these are all the observations on it."""
        own = self.pack.criteria[criterion].written.topics
        records = {topic: some for topic, some in self.facts.records.items() if topic not in own}
        for number, one in enumerate(seen):
            fact = self._fact(criterion, number, one)
            records[fact.topic] = (*records.get(fact.topic, ()), fact)
        facts = replace(self.facts, records=records)
        truths = {
            rule.id: holds(rule.body, facts).settled
            for rule in _outcome_rules(self.pack, criterion)
        }
        return outcome(self.pack, criterion, truths)

    def _fact(self, criterion: str, number: int, seen: Seen) -> RecordFact:
        coding = self.pack.manifest.coding
        return RecordFact(
            id=f"assumed-{number}",
            topic=seen.supports or seen.contradicts or "",
            criterion=criterion,
            supports=seen.supports is not None,
            levels={
                scale: tuple(getattr(coding, scale)).index(level) + 1
                for scale in SCALES
                if (level := getattr(seen, scale)) is not None
            },
            mitigated=False,
            standing=Roles(self.pack).of("fieldwork"),
            open=self.is_summary and seen.supports is not None,
        )


def _outcome_rules(pack: Pack, criterion: str) -> tuple[Rule, ...]:
    names = (f"{criterion}.{name}" for name in ("exceeds", "meets", "falls-short"))
    return tuple(pack.rules[name] for name in names if name in pack.rules)
