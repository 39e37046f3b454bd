"""Which cases notice a change of the rules: those that pass, and then fail.

A case can notice a change only if a rule that leads to what it expects comes to something else of
its inspection. Only those cases are run again, by what the rules mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property

from grading.derive.derive import Derivation
from grading.derive.standing import Roles
from grading.judge.judgments import Concluded
from grading.judge.method import by_meaning, concluded
from grading.policy.cases import Expect, PlacedCase
from grading.policy.expecting import differences
from grading.policy.mutants import Mutant
from grading.policy.stand import Stand
from grading.policy.views import Views
from grading.rules.definition import holds
from grading.rules.facts import Facts
from grading.rules.loaded import OVERALL, Pack
from grading.rules.rule import Rule


class Noticing:
    """The cases of a pack, which all pass, ready to be tried on changes of it."""

    def __init__(self, pack: Pack, cases: Iterable[PlacedCase]) -> None:
        self.pack, self.cases = pack, tuple(cases)

    def noticed_by(self, mutant: Mutant) -> PlacedCase | None:
        """The first case that fails on the changed pack; None where none does."""
        tried = self._touched(mutant) if mutant.rules else self._derived_anew(mutant)
        return next((case for case, concluded in tried if _fails(case, concluded)), None)

    def _touched(self, mutant: Mutant) -> Iterator[tuple[PlacedCase, Concluded]]:
        """The cases that expect something of what a changed rule leads to, and see the change."""
        by_name: dict[int, set[str]] = {}
        for name in mutant.rules:
            was, now = self.pack.rules[name], mutant.pack.rules[name]
            leads_to = led_to(self.pack, was)
            for alike in self._views.alike(was, now):
                if comes_to_another(was, now, alike.facts):
                    for number in alike.numbers:
                        by_name.setdefault(number, set()).update(leads_to)
        for number in sorted(by_name):
            if by_name[number] & self._expected[number]:
                case, known = self.cases[number], self._derivations[number]
                fired = self._views.fired(number, mutant.pack, mutant.rules)
                yield case, concluded(case.stand.evidence, mutant.pack, known, fired)

    def _derived_anew(self, mutant: Mutant) -> Iterator[tuple[PlacedCase, Concluded]]:
        """The cases as another policy on evidence has them, where that makes a difference."""
        takes_otherwise = mutant.operator in ("cap", "silence")
        for number, case in enumerate(self.cases):
            known = _standing_as(case.stand, mutant.pack).derivation(mutant.pack)
            if takes_otherwise or not _alike(known.facts, self._derivations[number].facts):
                yield case, by_meaning(case.stand.evidence, mutant.pack, known)

    @cached_property
    def _derivations(self) -> tuple[Derivation, ...]:
        return tuple(case.stand.derivation(self.pack) for case in self.cases)

    @cached_property
    def _views(self) -> Views:
        return Views(self.pack, (derivation.facts for derivation in self._derivations))

    @cached_property
    def _expected(self) -> tuple[frozenset[str], ...]:
        return tuple(frozenset(expected(self.pack, c.written.expect)) for c in self.cases)


def comes_to_another(was: Rule, now: Rule, facts: Facts) -> bool:
    """Whether a rule and a changed one come to something else of an inspection."""
    before, after = holds(was.body, facts), holds(now.body, facts)
    return (before.truth, before.settled) != (after.truth, after.settled)


def led_to(pack: Pack, rule: Rule) -> frozenset[str]:
    """What a rule can change: its owner, and the judgments that its owner is counted in."""
    owner = rule.owner
    if rule.stage in ("criteria", "findings"):
        criterion = pack.criteria[owner]
        return frozenset({owner, criterion.sub_question, criterion.question, OVERALL})
    return frozenset({owner, OVERALL} if owner in pack.graded else {owner})


def expected(pack: Pack, expect: Expect) -> Iterator[str]:
    """The judgments and criteria that a case expects something of."""
    yield from (*expect.judgments, *expect.trends, *expect.limiters)
    yield from (*expect.criteria, *expect.reasons, *expect.not_reasons)
    yield from (pack.rules[rule].owner for rule in expect.rules)
    named = {*expect.findings, *expect.not_findings, *expect.first_raised}
    kinds = {finding.kind for finding in pack.manifest.findings.values()}
    for criterion in pack.criteria if named else ():
        if any(f"{kind}-{criterion}" in named for kind in kinds):
            yield criterion


def _fails(case: PlacedCase, concluded: Concluded) -> bool:
    return next(differences(case, concluded), None) is not None


def concluded_anew(case: PlacedCase, pack: Pack) -> Concluded:
    """What the inspection of a case comes to by another pack, with what that says of its evidence."""
    known = _standing_as(case.stand, pack).derivation(pack)
    return by_meaning(case.stand.evidence, pack, known)


def _alike(one: Facts, other: Facts) -> bool:
    return one.records == other.records and one.indicators == other.indicators


def _standing_as(made: Stand, pack: Pack) -> Stand:
    """The inspection of a case, the indicators that it sets resting on what that pack says."""
    roles = Roles(pack)
    indicators = {
        name: replace(derived, standings=roles.of_indicator(pack.indicators[name]))
        for name, derived in made.indicators.items()
    }
    return replace(made, indicators=indicators)
