"""Cases: tests of the rules of a pack, in YAML beside them.

`rules/PACK/cases/*.yaml` holds `cases:`, each with an id, what is given, what is expected, and
why. What a case gives is graded as an inspection is; what it does not expect is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Literal, Self

from pydantic import Field, model_validator

from grading.derive.ranks import Band
from grading.engine.compile import Program
from grading.explain.why import Explainer
from grading.judge.judgments import UNGRADED, Grading, Judgment, TrendWord
from grading.judge.method import grade_facts
from grading.policy.given import Given
from grading.policy.lines import Lines
from grading.policy.stand import Stand, stand
from grading.problems import Place, Problem, listed, raise_if
from grading.rules.conditions import Outcome
from grading.rules.definition import Verdict
from grading.rules.loaded import OVERALL, Pack
from grading.rules.pack import Line, Slug
from grading.source import Model, Number, fit, read_yaml

Bite = Literal["bites", "clear", "unknown"]
Ruling = Literal["holds", "fails", "withheld", "unknown"]
_BITES: dict[bool | None, Bite] = {True: "bites", False: "clear", None: "unknown"}


class Expect(Model):
    """What is expected of the judgments and of what leads there; what is not named is left open.

    A judgment is a grade, a value that is not a grade, or an interval of the worst and the best
    grade that stay possible. A criterion has one outcome, or the list of those that stay possible.
    A rule is `withheld` where it would hold but for the roles of the evidence. `reasons` are criteria
    that hold their question back. Of `caveats`, at least these are attached to the indicator;
    `absent-because` is the whole reason why one has no value.
    """

    judgments: dict[Slug, Slug | tuple[Slug, Slug]] = Field(default_factory=dict)
    criteria: dict[Slug, Outcome | tuple[Outcome, ...]] = Field(default_factory=dict)
    limiters: dict[Slug, dict[Slug, Bite]] = Field(default_factory=dict)
    findings: tuple[Slug, ...] = ()
    not_findings: tuple[Slug, ...] = Field(default=(), alias="not-findings")
    first_raised: dict[Slug, int] = Field(default_factory=dict, alias="first-raised")
    rules: dict[str, Ruling] = Field(default_factory=dict)
    reasons: tuple[Slug, ...] = ()
    indicators: dict[Slug, Number | Literal["absent"] | Band] = Field(default_factory=dict)
    absent_because: dict[Slug, Line] = Field(default_factory=dict, alias="absent-because")
    caveats: dict[Slug, tuple[Slug, ...]] = Field(default_factory=dict)
    trends: dict[Slug, TrendWord] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not any(getattr(self, name) for name in type(self).model_fields):
            raise ValueError("a case needs something that it expects", "name a judgment at least")
        return self


class Case(Model):
    """One test of the rules."""

    id: Slug
    given: Given
    expect: Expect
    because: Line


class CaseFile(Model):
    """One file of `cases/`."""

    cases: tuple[Case, ...] = Field(max_length=500)


@dataclass(frozen=True)
class PlacedCase:
    """A case, the inspection that it stands for, and where it is written."""

    written: Case
    stand: Stand
    place: Place

    @property
    def id(self) -> str:
        """The name of the case, one in its pack."""
        return self.written.id


def load_cases(folder: FilePath, pack: Pack, named: str = "") -> tuple[PlacedCase, ...]:
    """The cases of the pack in a folder, in order. Raises BadInput with every problem of every file.

    Places name the folder as it is `named`, or as a pack under `rules`.
    """
    named = named or f"rules/{folder.name}"
    problems: list[Problem] = []
    cases: list[PlacedCase] = []
    for path in sorted(p for p in (folder / "cases").glob("*") if not p.name.startswith(".")):
        label = f"{named}/cases/{path.name}"
        if path.suffix != ".yaml":
            message = f"`{path.name}` is no file of cases"
            problems.append(Problem(Place(label, 1), "E308", message, "name it `….yaml`"))
            continue
        document, found = read_yaml(path, label)
        problems.extend(found)
        if document is None:
            continue
        file, found = fit(CaseFile, document.data, document)
        problems.extend(found)
        for i, case in enumerate(file.cases if file else ()):
            lines = Lines(document, ("cases", i), problems)
            _check(case.expect, pack, lines.under("expect"))
            made = stand(case.given, pack, lines.under("given"))
            cases.append(PlacedCase(case, made, lines.place))
    problems.extend(_repeated_ids(cases))
    raise_if(problems)
    return tuple(cases)


def run_case(case: PlacedCase, program: Program) -> list[str]:
    """What differs from what the case expects: nothing where it passes."""
    derivation = case.stand.derivation(program.pack)
    grading = grade_facts(case.stand.evidence, program, derivation, frozenset())
    return list(_differences(case.written.expect, grading))


def _repeated_ids(cases: Iterable[PlacedCase]) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for case in cases:
        if case.id in first:
            message = f"two cases have the id `{case.id}`"
            yield Problem(case.place, "E501", message, f"the first is at {first[case.id]}")
        first.setdefault(case.id, case.place)


def _check(expect: Expect, pack: Pack, lines: Lines) -> None:
    """Keep a problem for each name that the pack does not have."""
    subs = {c.sub_question for c in pack.criteria.values()}
    owners = [*pack.questions, *sorted(subs), OVERALL]
    kinds = [rule.kind for rule in pack.manifest.findings.values()]
    findings = [f"{kind}-{criterion}" for kind in kinds for criterion in pack.criteria]
    for owner, judgment in expect.judgments.items():
        at = lines.under("judgments", owner)
        at.known("question", owner, owners, key=True)
        _check_judgment(judgment, pack, at)
    for owner in expect.trends:
        lines.under("trends", owner).known("question", owner, owners, key=True)
    for owner, limiters in expect.limiters.items():
        at = lines.under("limiters", owner)
        if at.known("question with limiters", owner, pack.limiters, key=True):
            for limiter in limiters:
                known = [x.id for x in pack.limiters[owner]]
                at.under(limiter).known("limiter", limiter, known, key=True)
    names: tuple[tuple[str, str, Iterable[str]], ...] = (
        ("criteria", "criterion", pack.criteria),
        ("first-raised", "finding", findings),
        ("indicators", "indicator", pack.indicators),
        ("absent-because", "indicator", pack.indicators),
        ("caveats", "indicator", pack.indicators),
        ("rules", "rule", pack.rules),
    )
    for keys, what, among in names:
        for name in getattr(expect, keys.replace("-", "_")):
            lines.under(keys, name).known(what, name, among, key=True)
    names = (
        ("findings", "finding", findings),
        ("not-findings", "finding", findings),
        ("reasons", "criterion", pack.criteria),
    )
    for listing, what, among in names:
        for i, name in enumerate(getattr(expect, listing.replace("-", "_"))):
            lines.under(listing, i).known(what, name, among)
    for indicator, caveats in expect.caveats.items():
        for i, caveat in enumerate(caveats):
            lines.under("caveats", indicator, i).known("caveat", caveat, pack.caveats)


def _check_judgment(judgment: str | tuple[str, str], pack: Pack, lines: Lines) -> None:
    if isinstance(judgment, str):
        known = (*pack.grades, *pack.manifest.scale.not_grades, UNGRADED)
        lines.known("grade", judgment, dict.fromkeys(known))
        return
    known_both = [
        lines.under(i).known("grade", grade, pack.grades) for i, grade in enumerate(judgment)
    ]
    if all(known_both) and pack.grades.index(judgment[0]) <= pack.grades.index(judgment[1]):
        lines.problem(
            "E504",
            f"the interval from `{judgment[0]}` to `{judgment[1]}` is not from worse to better",
            "write the worst grade first; one grade is written without brackets",
        )


def _differences(expect: Expect, grading: Grading) -> Iterator[str]:
    judgments = {**grading.sub_questions, **grading.judgments}
    for owner, judgment in expect.judgments.items():
        yield from _differs(f"judgment of {owner}", judgment, _judged(judgments[owner]))
    for owner, trend in expect.trends.items():
        yield from _differs(f"trend of {owner}", trend, judgments[owner].trend.word)
    for criterion, wanted in expect.criteria.items():
        expected = {wanted} if isinstance(wanted, str) else set(wanted)
        actual = grading.fired.facts.outcomes[criterion]
        yield from _differs(f"outcome of {criterion}", sorted(expected), sorted(actual))
    for owner, limiters in expect.limiters.items():
        bites = {x.limiter.id: _BITES[x.bites] for x in judgments[owner].limiters}
        for limiter, bite in limiters.items():
            yield from _differs(f"limiter {limiter} of {owner}", bite, bites.get(limiter))
    yield from _findings(expect, grading)
    yield from _indicators(expect, grading)
    for rule, ruling in expect.rules.items():
        yield from _differs(f"rule {rule}", ruling, _ruling(grading.fired.verdicts[rule]))
    criteria = Explainer(grading).criteria
    for criterion in expect.reasons:
        if not criteria.holds_back(criterion):
            yield f"criterion {criterion}: expected to hold its question back, and it does not"


def _findings(expect: Expect, grading: Grading) -> Iterator[str]:
    for finding in expect.findings:
        if finding not in grading.findings:
            yield f"finding {finding}: expected, and there is none"
    for finding in expect.not_findings:
        if finding in grading.findings:
            yield f"finding {finding}: not expected, and there is one"
    for finding, year in expect.first_raised.items():
        found = grading.findings.get(finding)
        actual = None if found is None else found.first_raised
        yield from _differs(f"first year of {finding}", year, actual)


def _indicators(expect: Expect, grading: Grading) -> Iterator[str]:
    derived = grading.derivation.indicators
    for name, expected in expect.indicators.items():
        value = derived[name].value
        yield from _differs(f"indicator {name}", expected, "absent" if value is None else value)
    for name, reason in expect.absent_because.items():
        yield from _differs(f"why {name} is absent", reason, derived[name].reason or None)
    for name, caveats in expect.caveats.items():
        missing = [caveat for caveat in caveats if caveat not in derived[name].caveats]
        if missing:
            yield f"caveats of {name}: expected also {listed(missing, 'and')}"


def _ruling(verdict: Verdict) -> Ruling:
    if verdict.withheld:
        return "withheld"
    words: dict[bool | None, Ruling] = {True: "holds", False: "fails", None: "unknown"}
    return words[verdict.truth]


def _judged(judgment: Judgment) -> str | tuple[str, str]:
    """The one grade or value of a judgment, or its interval."""
    return judgment.interval or judgment.final


def _differs(what: str, expected: object, actual: object) -> Iterator[str]:
    if expected != actual:
        yield f"{what}: expected {_said(expected)}, found {_said(actual)}"


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
