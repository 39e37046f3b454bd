"""The ends of a rationale: what each evidence record says, with its line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grading.derive.comparison import caveats
from grading.evidence.evidence import Evidence, Placed
from grading.evidence.records import FileReview, Metric, Observation, Previous, Survey
from grading.evidence.reviewed import ReviewedFile
from grading.explain.because import Because
from grading.explain.english import figure, name_of
from grading.problems import Place
from grading.rules.loaded import Pack

_ANSWERS = {"yes": "yes", "no": "no", "na": "not applicable", "unclear": "unclear"}


class Leaves:
    """The leaf of each record of an inspection, by its id."""

    def __init__(self, evidence: Evidence, pack: Pack) -> None:
        self._pack, self._inspection = pack, evidence.inspection
        self._placed: dict[str, Placed[Any]] = {
            placed.record.id: placed for placed in (*evidence.every(), *evidence.table)
        }
        self._made: dict[str, Callable[[], Because]] = {}
        for observation in evidence.observations:
            self._made[observation.record.id] = _later(_observation, observation)
        for metric in (*evidence.metrics, *evidence.table):
            self._made[metric.record.id] = _later(self._metric, metric)
        for survey in evidence.surveys:
            self._made[survey.record.id] = _later(_survey, survey)
        for row in evidence.reviewed:
            self._made[row.record.id] = _later(_reviewed, row)
        for earlier in evidence.previous:
            self._made[earlier.record.id] = _later(_previous, earlier)

    def __contains__(self, record: object) -> bool:
        return record in self._made

    def __getitem__(self, record: str) -> Because:
        return self._made[record]()

    def ids(self) -> tuple[str, ...]:
        """The ids of all records, in the order of their kinds."""
        return tuple(self._made)

    def source(self, record: str) -> tuple[Because, ...]:
        """Where a record was taken from, and the caveats of a figure."""
        placed = self._placed[record]
        written = placed.record
        taken = [
            f"under “{written.heading}”" if getattr(written, "heading", "") else "",
            f"footnote {written.footnote}" if getattr(written, "footnote", None) else "",
            getattr(written, "locator", ""),
            f"release of {written.release}" if getattr(written, "release", "") else "",
        ]
        said = ", ".join(filter(None, taken))
        steps = [Because(f"Taken from the source {said}.", place=placed.place)] if said else []
        if isinstance(written, Metric):
            steps += self._caveats(written, placed.place)
        return tuple(steps)

    def _caveats(self, metric: Metric, place: Place) -> list[Because]:
        places, known = self._pack.places, self._pack.caveats
        return [
            Because(f"Caveat: {known[c].says}.", place=places.get(f"caveat.{c}", place))
            for c in sorted(caveats(self._pack, [metric]))
        ]

    def _metric(self, placed: Placed[Metric]) -> Because:
        metric = placed.record
        title = self._pack.series[metric.series].title
        value = (
            figure(metric.value, metric.unit)
            if metric.value is not None
            else (metric.note if metric.status == "ok" else metric.status)
        )
        why = f" ({metric.reason})" if metric.reason else ""
        own = metric.body == self._inspection.body
        whose = self._inspection.body_name if own else name_of(metric.body)
        made_up = " (SYNTHETIC)" if metric.synthetic else ""
        text = f"{title}, {whose}{_until(metric)}: {value}{why}{made_up}"
        return Because(text, (), metric.id, placed.place)


def _later(make: Callable[..., Because], placed: object) -> Callable[[], Because]:
    return lambda: make(placed)


def _until(metric: Metric) -> str:
    if metric.to is None:
        return ""
    return f", {'on' if metric.from_ == metric.to else 'to'} {metric.to.isoformat()}"


def _observation(placed: Placed[Observation] | Placed[FileReview]) -> Because:
    record = placed.record
    text = record.statement.rstrip(".")
    if record.severity:
        text += f" ({record.severity} weakness)"
    mitigation = record.mitigation
    if mitigation is None:
        return Because(text, (), record.id, placed.place)
    cited = f" [{', '.join(mitigation.records)}]" if mitigation.records else ""
    step = Because(
        f"{mitigation.weight.capitalize()} mitigated: {mitigation.says}{cited}", place=placed.place
    )
    return Because(text, (step,), record.id, placed.place)


def _survey(placed: Placed[Survey]) -> Because:
    survey = placed.record
    value = figure(survey.value, survey.unit) if survey.value is not None else survey.status
    why = f" ({survey.reason})" if survey.reason else ""
    people = f" of {survey.n} people" if survey.n else ""
    words = f"{survey.survey}, {survey.item}, {survey.answer}".replace("-", " ")
    sample = survey.sampling.replace("-", " ")
    sample = "" if survey.sampling == "not-stated" else f", {sample} sample"
    return Because(f"Survey {words}: {value}{people}{sample}{why}", (), survey.id, placed.place)


def _reviewed(placed: Placed[ReviewedFile]) -> Because:
    row = placed.record
    topic, kind = row.criterion.replace("-", " "), row.case_type.replace("-", " ")
    text = f"File {row.file} ({kind}), {topic}: {_ANSWERS[row.answer]}"
    if row.second_answer:
        text += f"; second reviewer: {_ANSWERS[row.second_answer]}"
    return Because(text, (), row.id, placed.place)


def _previous(placed: Placed[Previous]) -> Because:
    return Because(placed.record.statement.rstrip("."), (), placed.record.id, placed.place)
