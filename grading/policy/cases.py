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
from grading.judge.judgments import UNGRADED, TrendWord
from grading.policy.given import Given
from grading.policy.lines import Lines
from grading.policy.smallest import Shorthand
from grading.policy.stand import Stand, stand
from grading.problems import Place, Problem, raise_if
from grading.rules.conditions import Outcome
from grading.rules.loaded import OVERALL, Pack
from grading.rules.pack import Line, Slug
from grading.source import Document, Folder, Model, Number, fit, parse_yaml, read_folder

CASES = "cases"
Bite = Literal["bites", "clear", "unknown"]
Ruling = Literal["holds", "fails", "withheld", "unknown"]


class Expect(Model):
    """What is expected of the judgments and of what leads there; what is not named is left open.

    A judgment is a grade, a value that is not a grade, or an interval of the worst and the best
    grade that stay possible. A criterion has one outcome, or the list of those that stay possible.
    A rule is `withheld` where it would hold but for the roles of the evidence. `reasons` are criteria
    that hold their question back, `not-reasons` criteria that do not. Of `caveats`, at least these
    are attached to the indicator; `absent-because` is the whole reason why one has no value.
    """

    judgments: dict[Slug, Slug | tuple[Slug, Slug]] = Field(default_factory=dict)
    criteria: dict[Slug, Outcome | tuple[Outcome, ...]] = Field(default_factory=dict)
    limiters: dict[Slug, dict[Slug, Bite]] = Field(default_factory=dict)
    findings: tuple[Slug, ...] = ()
    not_findings: tuple[Slug, ...] = Field(default=(), alias="not-findings")
    first_raised: dict[Slug, int] = Field(default_factory=dict, alias="first-raised")
    rules: dict[str, Ruling] = Field(default_factory=dict)
    reasons: tuple[Slug, ...] = ()
    not_reasons: tuple[Slug, ...] = Field(default=(), alias="not-reasons")
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
    lines: Lines

    @property
    def place(self) -> Place:
        """Where the case begins."""
        return self.lines.place

    def expects_at(self, *keys: str | int) -> Place:
        """Where the case says that it expects something."""
        lines = self.lines.under("expect", *keys)
        return lines.document.key_place(lines.path)

    @property
    def id(self) -> str:
        """The name of the case, one in its pack."""
        return self.written.id


def read_cases(folder: FilePath, named: str) -> Folder:
    """The files of cases of the pack in a folder, as they are; none where it has no cases.

    Places name the folder of the pack as it is `named`.
    """
    label = CASES if named in ("", ".") else f"{named}/{CASES}"
    found = read_folder(folder / CASES, label, lambda name: name.endswith(".yaml"))
    return found or Folder(label, (), {})


def load_cases(folder: FilePath, pack: Pack, named: str | None = None) -> tuple[PlacedCase, ...]:
    """The cases of the pack in a folder, in order. Raises BadInput with every problem of every file.

    Places name the folder as it is `named`, and `rules/` before its own name otherwise.
    """
    return cases_of(read_cases(folder, f"rules/{folder.name}" if named is None else named), pack)


def cases_of(files: Folder, pack: Pack) -> tuple[PlacedCase, ...]:
    """The cases of a pack that these files hold. Raises as `load_cases`."""
    problems: list[Problem] = []
    cases: list[PlacedCase] = []
    shorthand = Shorthand(pack)
    for name in files.names:
        if name.startswith("."):
            continue
        if not name.endswith(".yaml"):
            message = f"`{name}` is no file of cases"
            problems.append(Problem(Place(files.at(name), 1), "E308", message, "name it `….yaml`"))
            continue
        document, found = files.yaml(name)
        problems.extend(found)
        if document is None:
            continue
        cases.extend(_placed(document, shorthand, problems))
    problems.extend(_repeated_ids(cases))
    raise_if(problems)
    return tuple(cases)


def case_of(text: str, label: str, pack: Pack) -> PlacedCase:
    """The one case that a text is as a file of cases. Raises BadInput with every problem."""
    problems: list[Problem] = []
    document, found = parse_yaml(text, label)
    problems.extend(found)
    cases = () if document is None else tuple(_placed(document, Shorthand(pack), problems))
    raise_if(problems)
    (case,) = cases
    return case


def _placed(
    document: Document, shorthand: Shorthand, problems: list[Problem]
) -> Iterator[PlacedCase]:
    """The cases of a file; what they get wrong is kept as problems."""
    file, found = fit(CaseFile, document.data, document)
    problems.extend(found)
    for i, case in enumerate(file.cases if file else ()):
        lines = Lines(document, ("cases", i), problems)
        _check(case.expect, shorthand.pack, lines.under("expect"))
        _check_graded(case.given, shorthand.pack, lines.under("given"))
        yield PlacedCase(case, stand(case.given, shorthand, lines.under("given")), lines)


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
        ("not-reasons", "criterion", pack.criteria),
    )
    for listing, what, among in names:
        for i, name in enumerate(getattr(expect, listing.replace("-", "_"))):
            lines.under(listing, i).known(what, name, among)
    for indicator, caveats in expect.caveats.items():
        for i, caveat in enumerate(caveats):
            lines.under("caveats", indicator, i).known("caveat", caveat, pack.caveats)


def _check_graded(given: Given, pack: Pack, lines: Lines) -> None:
    """No overall judgment is made of nothing: evidence that grades no question is refused as well."""
    if pack.manifest.overall is not None and set(given.not_graded).issuperset(pack.graded):
        message = "no question is graded, so the overall judgment cannot be"
        lines.under("not-graded").problem("E420", message, "leave out a question that is graded")


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
