"""The JSON of what is thin or missing in the evidence of an inspection."""

from __future__ import annotations

from typing import Any, Literal

from grading.explain.gaps import Covered, Gaps
from grading.explain.narrowing import Completion, Missing
from grading.record.parts import Part


class ThinPart(Part):
    """What there is less of than the pack asks for."""

    what: str
    there_are: int
    there_should_be: int


class CoveredPart(Part):
    """How much evidence there is on a criterion."""

    says: str
    question: str
    core: bool
    possible: tuple[str, ...]
    records: tuple[str, ...]
    independent_observations: int
    kinds: tuple[str, ...]
    methods: tuple[str, ...]
    sites: tuple[str, ...]
    days: tuple[str, ...]
    topics_not_searched: tuple[str, ...]
    thin: tuple[ThinPart, ...]


class ObservationPart(Part):
    """An observation that could be added, as it would be coded."""

    topic: str
    direction: Literal["supports", "contradicts"]
    levels: dict[str, str]
    mitigated: bool


class CompletionPart(Part):
    """What the missing record could say, and the grades that are then possible."""

    says: str
    fewest: tuple[str, ...]
    most: tuple[str, ...]
    example: ObservationPart | None


class MissingPart(Part):
    """A missing record, the judgment that it would narrow, and how many grades would remain."""

    judgment: str
    needs: Literal["observation", "figure"]
    about: str
    grades_at_worst: int
    grades_at_best: int
    completions: tuple[CompletionPart, ...]


class LeadPart(Part):
    """A record that only opens an enquiry, and the deciding observations that followed it."""

    record: str
    kind: str
    says: str
    topic: str | None
    followed_by: tuple[str, ...]


class GapsDocument(Part):
    """What is thin, what is missing, and which leads were not followed.

    `thin_below` is null where the pack does not say what thin is; nothing is called thin then.
    """

    schema_version: Literal["1.0"] = "1.0"
    inspection: str
    as_of: str
    searched: Literal["all"] | tuple[str, ...]
    thin_below: dict[str, int] | None
    criteria: dict[str, CoveredPart]
    undetermined: dict[str, tuple[str, ...]]
    missing: tuple[MissingPart, ...]
    leads: tuple[LeadPart, ...]


def gaps_document(found: Gaps) -> GapsDocument:
    """The document of the gaps of an inspection: the same for the same inputs."""
    grading = found.grading
    inspection = grading.evidence.inspection
    return GapsDocument(
        inspection=inspection.id,
        as_of=inspection.as_of.isoformat(),
        searched=inspection.plan.searched,
        thin_below=found.least or None,
        criteria={covered.criterion.id: _covered(covered) for covered in found.criteria},
        undetermined={q: grading.judgments[q].derived for q in grading.undetermined},
        missing=tuple(map(_missing, found.missing)),
        leads=tuple(
            LeadPart(
                record=lead.record,
                kind=lead.kind,
                says=lead.says,
                topic=lead.topic,
                followed_by=lead.followed_by,
            )
            for lead in found.leads
        ),
    )


def gaps_schema() -> dict[str, Any]:
    """The JSON Schema of the document."""
    return GapsDocument.model_json_schema()


def _covered(covered: Covered) -> CoveredPart:
    criterion = covered.criterion
    return CoveredPart(
        says=criterion.written.says,
        question=criterion.question,
        core=criterion.written.core,
        possible=covered.possible,
        records=covered.records,
        independent_observations=covered.independent,
        kinds=covered.kinds,
        methods=covered.methods,
        sites=covered.sites,
        days=covered.days,
        topics_not_searched=covered.not_searched,
        thin=tuple(
            ThinPart(what=what, there_are=there, there_should_be=least)
            for what, there, least in covered.thin
        ),
    )


def _missing(missing: Missing) -> MissingPart:
    return MissingPart(
        judgment=missing.judgment,
        needs=missing.needs,
        about=missing.about,
        grades_at_worst=missing.worst,
        grades_at_best=missing.best,
        completions=tuple(map(_completion, missing.completions)),
    )


def _completion(completion: Completion) -> CompletionPart:
    seen = completion.example
    return CompletionPart(
        says=completion.says,
        fewest=completion.fewest,
        most=completion.most,
        example=None
        if seen is None
        else ObservationPart(
            topic=seen.topic,
            direction="supports" if seen.supports else "contradicts",
            levels=dict(seen.levels),
            mitigated=seen.mitigated,
        ),
    )
