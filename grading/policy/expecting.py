"""What an inspection comes to, beside what a case expects of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from grading.engine.compile import Program
from grading.explain.weaknesses import holds_back
from grading.judge.judgments import Concluded, Judgment
from grading.judge.method import by_meaning, grade_facts
from grading.policy.cases import Bite, PlacedCase, Ruling
from grading.problems import Place, listed
from grading.rules.definition import Verdict
from grading.rules.loaded import Pack

BITES: Mapping[bool | None, Bite] = {True: "bites", False: "clear", None: "unknown"}
_RULINGS: Mapping[bool | None, Ruling] = {True: "holds", False: "fails", None: "unknown"}


@dataclass(frozen=True)
class Difference:
    """One thing that is not as a case expects it.

    `what` names it; `target` is what to explain for why it is as it is. `place` is the line of the
    case that expects it, and `rules` are the lines of the pack that conclude it.
    """

    what: str
    expected: str
    found: str
    target: str
    place: Place
    rules: tuple[Place, ...]
    said: str = ""

    def __str__(self) -> str:
        return f"{self.what}: {self.said or f'expected {self.expected}, found {self.found}'}"


@dataclass(frozen=True)
class Result:
    """A case, and what differs from what it expects: nothing where it passes."""

    case: PlacedCase
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        """Whether all is as the case expects."""
        return not self.differences


def run_case(case: PlacedCase, program: Program) -> list[str]:
    """What differs where the engine fires the rules: nothing where the case passes.

    Raises Disagreement where engine and definition differ.
    """
    derivation = case.stand.derivation(program.pack)
    grading = grade_facts(case.stand.evidence, program, derivation, frozenset())
    return [str(difference) for difference in differences(case, grading)]


def result_of(case: PlacedCase, pack: Pack) -> Result:
    """The result of a case by what the rules of a pack mean."""
    return Result(case, tuple(differences(case, concluded_of(case, pack))))


def concluded_of(case: PlacedCase, pack: Pack) -> Concluded:
    """What the inspection of a case comes to by what the rules of a pack mean."""
    return by_meaning(case.stand.evidence, pack, case.stand.derivation(pack))


def differences(case: PlacedCase, concluded: Concluded) -> Iterator[Difference]:
    """What is not as the case expects it, in the order in which it can be written."""
    return _Beside(case, concluded, concluded.pack).differences()


@dataclass(frozen=True)
class _Beside:
    case: PlacedCase
    concluded: Concluded
    pack: Pack

    def differences(self) -> Iterator[Difference]:
        yield from self._judgments()
        yield from self._criteria()
        yield from self._limiters()
        yield from self._findings()
        yield from self._indicators()
        yield from self._rules()

    def _judgments(self) -> Iterator[Difference]:
        expect, judgments = self.case.written.expect, self._judged()
        for owner, judgment in expect.judgments.items():
            found = _one_or_interval(judgments[owner])
            rungs = self._rungs(owner, judgment, judgments[owner])
            at = ("judgments", owner)
            yield from self._differs(f"judgment of {owner}", judgment, found, owner, at, rungs)
        for owner, trend in expect.trends.items():
            word, at = judgments[owner].trend.word, ("trends", owner)
            yield from self._differs(f"trend of {owner}", trend, word, owner, at, ())

    def _rungs(
        self, owner: str, expected: str | tuple[str, str], judgment: Judgment
    ) -> tuple[Place, ...]:
        """The lines of the rungs that are expected and of those that are reached."""
        wanted = (expected,) if isinstance(expected, str) else expected
        ids = dict.fromkeys(f"{owner}.{grade}" for grade in (*wanted, *judgment.derived))
        return tuple(self.pack.rules[rule].place for rule in ids if rule in self.pack.rules)

    def _criteria(self) -> Iterator[Difference]:
        expect = self.case.written.expect
        for criterion, wanted in expect.criteria.items():
            expected = [wanted] if isinstance(wanted, str) else sorted(set(wanted))
            actual = sorted(self.concluded.fired.facts.outcomes[criterion])
            at = ("criteria", criterion)
            what, tests = f"outcome of {criterion}", self._tests(criterion)
            yield from self._differs(what, expected, actual, criterion, at, tests)

    def _limiters(self) -> Iterator[Difference]:
        judgments = self._judged()
        for owner, limiters in self.case.written.expect.limiters.items():
            bites = {x.limiter.id: BITES[x.bites] for x in judgments[owner].limiters}
            places = {x.id: x.place for x in self.pack.limiters.get(owner, ())}
            for limiter, bite in limiters.items():
                at = ("limiters", owner, limiter)
                what, where = f"limiter {limiter} of {owner}", (places[limiter],)
                yield from self._differs(what, bite, bites.get(limiter), owner, at, where)

    def _findings(self) -> Iterator[Difference]:
        expect, findings = self.case.written.expect, self.concluded.findings
        for i, finding in enumerate(expect.findings):
            if finding not in findings:
                said = "expected, and there is none"
                yield self._of_finding(finding, "a finding", "none", said, ("findings", i))
        for i, finding in enumerate(expect.not_findings):
            if finding in findings:
                said = "not expected, and there is one"
                yield self._of_finding(finding, "no finding", "one", said, ("not-findings", i))
        for finding, year in expect.first_raised.items():
            found = findings.get(finding)
            actual = None if found is None else found.first_raised
            if actual != year:
                at = ("first-raised", finding)
                odd = self._of_finding(finding, _said(year), _said(actual), "", at)
                yield replace(odd, what=f"first year of {finding}")

    def _of_finding(
        self, finding: str, expected: str, found: str, said: str, at: tuple[str | int, ...]
    ) -> Difference:
        kind, criterion = self._named(finding)
        rules = tuple(
            self.pack.rules[f"{criterion}.{name}"].place
            for name, rule in self.pack.manifest.findings.items()
            if rule.kind == kind
        )
        place = self.case.expects_at(*at)
        return Difference(f"finding {finding}", expected, found, criterion, place, rules, said)

    def _named(self, finding: str) -> tuple[str, str]:
        """The kind and the criterion of a finding."""
        kinds = dict.fromkeys(rule.kind for rule in self.pack.manifest.findings.values())
        return next(
            (kind, criterion)
            for kind in kinds
            for criterion in self.pack.criteria
            if finding == f"{kind}-{criterion}"
        )

    def _indicators(self) -> Iterator[Difference]:
        expect, derived = self.case.written.expect, self.concluded.derivation.indicators
        for name, expected in expect.indicators.items():
            value, at = derived[name].value, ("indicators", name)
            actual = "absent" if value is None else value
            where = self._indicator(name)
            yield from self._differs(f"indicator {name}", expected, actual, name, at, where)
        for name, reason in expect.absent_because.items():
            found, at = derived[name].reason or None, ("absent-because", name)
            what, where = f"why {name} is absent", self._indicator(name)
            yield from self._differs(what, reason, found, name, at, where)
        for name, caveats in expect.caveats.items():
            missing = [caveat for caveat in caveats if caveat not in derived[name].caveats]
            if missing:
                also = listed(missing, "and")
                yield Difference(
                    f"caveats of {name}",
                    also,
                    listed(derived[name].caveats, "and") or "nothing",
                    name,
                    self.case.expects_at("caveats", name),
                    self._indicator(name),
                    f"expected also {also}",
                )

    def _rules(self) -> Iterator[Difference]:
        expect, pack = self.case.written.expect, self.pack
        for rule, ruling in expect.rules.items():
            actual, at = ruled(self.concluded.fired.verdicts[rule]), ("rules", rule)
            owner, where = pack.rules[rule].owner, (pack.rules[rule].place,)
            yield from self._differs(f"rule {rule}", ruling, actual, owner, at, where)
        for key, wanted, said in (
            ("reasons", True, "expected to hold its question back, and it does not"),
            ("not-reasons", False, "expected not to hold its question back, and it does"),
        ):
            for i, criterion in enumerate(expect.reasons if wanted else expect.not_reasons):
                if holds_back(self.concluded, criterion) is not wanted:
                    words = ("holds it back", "does not hold it back")
                    expected, found = words if wanted else words[::-1]
                    yield Difference(
                        f"criterion {criterion}",
                        expected,
                        found,
                        criterion,
                        self.case.expects_at(key, i),
                        self._tests(criterion),
                        said,
                    )

    def _judged(self) -> dict[str, Judgment]:
        return {**self.concluded.sub_questions, **self.concluded.judgments}

    def _tests(self, criterion: str) -> tuple[Place, ...]:
        """The lines of the conditions of a criterion's outcomes."""
        ids = (f"{criterion}.{name}" for name in ("exceeds", "meets", "falls-short"))
        return tuple(self.pack.rules[rule].place for rule in ids if rule in self.pack.rules)

    def _indicator(self, name: str) -> tuple[Place, ...]:
        place = self.pack.places.get(f"indicator.{name}")
        return () if place is None else (place,)

    def _differs(
        self,
        what: str,
        expected: object,
        actual: object,
        target: str,
        at: tuple[str | int, ...],
        rules: tuple[Place, ...],
    ) -> Iterator[Difference]:
        if expected != actual:
            place = self.case.expects_at(*at)
            yield Difference(what, _said(expected), _said(actual), target, place, rules)


def ruled(verdict: Verdict) -> Ruling:
    """What a case says of a rule that comes to this."""
    return "withheld" if verdict.withheld else _RULINGS[verdict.truth]


def _one_or_interval(judgment: Judgment) -> str | tuple[str, str]:
    """The one grade or value of a judgment, or its interval."""
    return judgment.interval or judgment.final


def _said(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case (worst, best) if isinstance(value, tuple):
            return f"{worst} to {best}"
        case list():
            return listed(map(str, value)) if value else "nothing"
        case _:
            return str(value)
