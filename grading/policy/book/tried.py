"""Which cases try what: what a case gives and expects, looked up by what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from grading.explain.english import grade_label, listed, outcome_words
from grading.policy.book.parts import CasePart, Link, Tried, place_words
from grading.policy.cases import PlacedCase
from grading.rules.loaded import Pack
from grading.rules.rule import Compared, leaves

_BITES = {
    "bites": "it bites",
    "clear": "it does not bite",
    "unknown": "it is open whether it bites",
}


def case_link(case: PlacedCase) -> Link:
    """Where a case stands in the book."""
    return Link(case.id, f"case.{case.id}")


class Trying:
    """The cases of a pack, by what they expect something of and by what they give evidence on."""

    def __init__(self, pack: Pack, cases: Iterable[PlacedCase]) -> None:
        self._pack, self._cases = pack, tuple(cases)
        self._rules = {
            f"{c}.{name}": c
            for c in pack.criteria
            for name in ("exceeds", "meets", "falls-short", *pack.manifest.findings)
        }
        self._findings = {
            f"{rule.kind}-{c}": (c, rule.kind.replace("-", " "))
            for rule in pack.manifest.findings.values()
            for c in pack.criteria
        }
        self._by_indicator = _by_indicator(pack)
        self._given: dict[str, list[PlacedCase]] = {}
        self._expected: dict[str, list[Tried]] = {}
        for case in self._cases:
            for criterion, said in self._expectations(case).items():
                tried = Tried(case_link(case), listed(said), case.written.because)
                self._expected.setdefault(criterion, []).append(tried)
            for criterion in dict.fromkeys(self._gives(case)):
                self._given.setdefault(criterion, []).append(case)

    def of_criterion(self, criterion: str) -> tuple[Tried, ...]:
        """The cases that expect something of a criterion."""
        return tuple(self._expected.get(criterion, ()))

    def given(self, criterion: str) -> tuple[Link, ...]:
        """The other cases that give evidence on a criterion in words of their own."""
        told = {tried.case for tried in self.of_criterion(criterion)}
        links = (case_link(case) for case in self._given.get(criterion, ()))
        return tuple(link for link in links if link not in told)

    def of_rung(self, owner: str, grade: str) -> tuple[Tried, ...]:
        """The cases in which a judgment is expected to come to a grade."""
        label = grade_label(self._pack, grade)
        return tuple(
            Tried(case_link(case), f"it is {label}", case.written.because)
            for case in self._cases
            if case.written.expect.judgments.get(owner) == grade
        )

    def of_limiter(self, owner: str, limiter: str) -> tuple[Tried, ...]:
        """The cases that expect a limiter to bite, or not to."""
        return tuple(
            Tried(case_link(case), _BITES[bite], case.written.because)
            for case in self._cases
            if (bite := case.written.expect.limiters.get(owner, {}).get(limiter)) is not None
        )

    def parts(self) -> Iterator[CasePart]:
        """Every case, with the criteria that it tries."""
        criteria: dict[str, list[Link]] = {case.id: [] for case in self._cases}
        for criterion in self._pack.criteria:
            link = Link(criterion, f"criterion.{criterion}")
            expecting = [t.case for t in self.of_criterion(criterion)]
            for about in (*expecting, *self.given(criterion)):
                criteria[about.text].append(link)
        for case in self._cases:
            file = case.place.file.rpartition("/")[2]
            yield CasePart(
                case_link(case).target,
                case.id,
                case.written.because,
                f"cases/{place_words(file, case.place.line)}",
                tuple(criteria[case.id]),
            )

    def _expectations(self, case: PlacedCase) -> Mapping[str, list[str]]:
        """What a case expects, by criterion."""
        expect, found = case.written.expect, dict[str, list[str]]()

        def add(criterion: str, said: str) -> None:
            found.setdefault(criterion, []).append(said)

        for criterion, outcome in expect.criteria.items():
            outcomes = [outcome] if isinstance(outcome, str) else list(outcome)
            add(criterion, f"it {outcome_words(outcomes)}")
        for name in expect.findings:
            criterion, kind = self._findings[name]
            add(criterion, f"it has a finding ({kind})")
        for name in expect.not_findings:
            criterion, kind = self._findings[name]
            add(criterion, f"it has no such finding ({kind})")
        for name, year in expect.first_raised.items():
            criterion, kind = self._findings[name]
            add(criterion, f"its finding ({kind}) was first raised in {year}")
        for rule, ruling in expect.rules.items():
            if rule in self._rules:
                words = {"unknown": "is unknown", "withheld": "is withheld"}.get(ruling, ruling)
                add(self._rules[rule], f"its rule {rule.rpartition('.')[2]} {words}")
        for criterion in expect.reasons:
            add(criterion, "it holds its question back")
        for criterion in expect.not_reasons:
            add(criterion, "it does not hold its question back")
        return found

    def _gives(self, case: PlacedCase) -> Iterator[str]:
        """The criteria that a case gives evidence on, those of `all-core` aside."""
        given, topics = case.written.given, self._pack.topics
        yield from given.criteria
        named = [seen.supports or seen.contradicts for seen in given.observations]
        named += [earlier.topic for earlier in given.previous]
        for topic in named:
            criterion = topics.get(topic) if topic is not None else None
            if criterion is not None:
                yield criterion
        for indicator in self._by_indicator:
            series = self._pack.indicators[indicator].series
            if indicator in given.indicators or any(s in given.figures for s in series):
                yield from self._by_indicator[indicator]


def _by_indicator(pack: Pack) -> dict[str, list[str]]:
    """The criteria whose outcomes ask about an indicator."""
    found: dict[str, dict[str, None]] = {}
    for rule in pack.rules.values():
        for leaf in leaves(rule.body) if rule.stage == "criteria" else ():
            if isinstance(leaf, Compared):
                found.setdefault(leaf.indicator, {})[rule.owner] = None
    return {indicator: list(criteria) for indicator, criteria in found.items()}
