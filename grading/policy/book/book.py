"""The rule book of a pack: everything that its files say, in English, with where each comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grading.explain.english import capital, value_words
from grading.policy.book.definitions import caveats, checks, indicators, populations, series
from grading.policy.book.judged import findings, ladder, ladders, questions, tests
from grading.policy.book.limits import limits
from grading.policy.book.parts import (
    CasePart,
    Entry,
    LadderPart,
    LevelPart,
    Passage,
    PolicyPart,
    QuestionPart,
    Shared,
    Source,
    ThresholdPart,
    source,
)
from grading.policy.book.passages import passages
from grading.policy.book.tried import Trying
from grading.policy.cases import PlacedCase
from grading.policy.coverage import coverage
from grading.policy.inspections import Inspections
from grading.rules.files import PackFiles
from grading.rules.loaded import OVERALL, Pack
from grading.rules.pack import Manifest

_ROLES = {
    "deciding": "may decide alone",
    "corroborating": "is never the sole basis: it needs deciding evidence of another kind beside it",
    "indicative": "needs evidence of another kind beside it",
    "lead-only": "opens an enquiry and decides nothing",
    "context-only": "is shown and decides nothing",
}
_SILENCE = {
    "unknown": "is open: nothing shows whether it is met",
    "meets": "is taken as met",
    "falls-short": "is taken as falling short",
}


@dataclass(frozen=True)
class Book:
    """A pack as a book. `passages` is None where no list of passages was given."""

    manifest: Manifest
    digest: str
    rules: int
    questions: tuple[QuestionPart, ...]
    overall: LadderPart | None
    tests: tuple[Shared, ...]
    ladders: tuple[Shared, ...]
    findings: tuple[Shared, ...]
    indicators: tuple[Entry, ...]
    series: tuple[Entry, ...]
    caveats: tuple[Entry, ...]
    populations: tuple[Entry, ...]
    checks: tuple[Entry, ...]
    thresholds: tuple[ThresholdPart, ...]
    policy: PolicyPart
    coding: tuple[tuple[str, tuple[LevelPart, ...]], ...]
    cases: tuple[CasePart, ...]
    passages: tuple[Passage, ...] | None

    @property
    def uncited(self) -> tuple[str, ...]:
        """The passages that nothing of the pack cites."""
        return tuple(p.heading for p in self.passages or () if not p.rules and not p.figures)

    @property
    def figures_alone(self) -> tuple[str, ...]:
        """The passages that figures and checks cite, and no rule."""
        return tuple(p.heading for p in self.passages or () if not p.rules and p.figures)

    @property
    def own(self) -> int:
        """How many of the thresholds are the pack's own."""
        return sum(threshold.source.own for threshold in self.thresholds)


def book(
    files: PackFiles,
    pack: Pack,
    cases: Iterable[PlacedCase],
    headings: Iterable[str] | None = None,
) -> Book:
    """The book of a pack with its cases, and what of a list of passages its rules do not cite."""
    cases = tuple(cases)
    trying = Trying(pack, cases)
    return Book(
        manifest=pack.manifest,
        digest=pack.digest,
        rules=len(pack.rules),
        questions=tuple(questions(pack, trying)),
        overall=ladder(pack, OVERALL, trying) if pack.manifest.overall else None,
        tests=tuple(tests(files, pack)),
        ladders=tuple(ladders(files, pack)),
        findings=tuple(findings(files, pack)),
        indicators=tuple(indicators(files, pack)),
        series=tuple(series(files, pack)),
        caveats=tuple(caveats(files, pack)),
        populations=tuple(populations(files, pack)),
        checks=tuple(checks(files, pack)),
        thresholds=tuple(limits(files, pack, coverage(Inspections(pack, cases).views))),
        policy=_policy(pack),
        coding=_coding(pack),
        cases=tuple(trying.parts()),
        passages=None if headings is None else passages(files, headings),
    )


def _policy(pack: Pack) -> PolicyPart:
    policy = pack.manifest.evidence_policy
    silence, thin = policy.silence, policy.thin
    return PolicyPart(
        roles=tuple(
            (capital(kind.replace("/", ", ").replace("-", " ")), value_words(role), _ROLES[role])
            for kind, role in policy.roles.items()
        ),
        needed=tuple(map(value_words, policy.needed)),
        silence=(
            f"A core criterion {_SILENCE[silence.core]}.",
            f"Any other criterion {_SILENCE[silence.other]}.",
        ),
        silence_says=f"{silence.says}.",
        silence_source=Source(own=silence.basis == "pack"),
        thin=tuple(f"{number} {what}" for what, number in thin.least().items()) if thin else (),
        thin_source=source(thin),
        leads=tuple(
            f"“{value_words(item)}” of the survey “{value_words(survey)}” leads to the topic"
            f" “{value_words(topic)}”"
            for survey, items in policy.leads_to.items()
            for item, topic in items.items()
        ),
    )


def _coding(pack: Pack) -> tuple[tuple[str, tuple[LevelPart, ...]], ...]:
    """The scales by which observations are coded, each from its lowest level."""
    coding = pack.manifest.coding
    if coding is None:
        return ()
    return tuple(
        (
            capital(scale),
            tuple(
                LevelPart(level, written.means, written.examples)
                for level, written in getattr(coding, scale).items()
            ),
        )
        for scale in ("extent", "maturity", "effect", "severity")
    )
