"""Faults of the engine, each of which breaks a rule of method: what is put in the place of what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from grading.derive import bodies, comparison, derive, figures, indicators, ranks
from grading.derive.intervals import Interval
from grading.derive.standing import Roles
from grading.derive.surveys import Claim
from grading.engine import compile as compiling
from grading.evidence import check as checking
from grading.evidence import forms, tables
from grading.evidence.checks import figures as printed_figures
from grading.evidence.checks import interval, registry
from grading.evidence.evidence import Evidence, Placed
from grading.evidence.records import Metric
from grading.explain.figures import Figures
from grading.explain.judgments import Judgments
from grading.explain.leaves import Leaves
from grading.explain.why import Explainer
from grading.judge import method
from grading.judge.judgments import Finding, Trend
from grading.rules import compose, definition, references, stages
from grading.rules import load as pack_loading
from grading.rules.facts import Facts, Standing, Way
from grading.rules.loaded import Pack
from grading.source import cell_decimal, fitter

Patch = pytest.MonkeyPatch


# Judgments and trends


def findings_of_ungraded_questions_lost(patch: Patch) -> None:
    whole = method._findings

    def fewer(evidence: Evidence, pack: Pack, fired: Any) -> Iterator[Finding]:
        return (f for f in whole(evidence, pack, fired) if f.question in pack.graded)

    patch.setattr(method, "_findings", fewer)


def any_word_a_rung(patch: Patch) -> None:
    patch.setattr(pack_loading, "unknown_references", lambda files, pack: ())


def any_word_an_earlier_grade(patch: Patch) -> None:
    patch.setattr(checking, "_previous_problems", lambda placed, pack: ())


def what_entered_the_overall_not_named(patch: Patch) -> None:
    patch.setattr(Judgments, "_questions", lambda self: iter(()))


def what_was_not_counted_not_named(patch: Patch) -> None:
    whole = Judgments._questions

    def fewer(self: Judgments) -> Iterator[Any]:
        for step in whole(self):
            counted = tuple(s for s in step.rests_on if "does not count" not in s.text)
            yield replace(step, rests_on=counted)

    patch.setattr(Judgments, "_questions", fewer)


def trend_turned_round(patch: Patch) -> None:
    words = {"improved": "deteriorated", "deteriorated": "improved"}
    _trend(patch, lambda t: replace(t, word=words.get(t.word, t.word)))  # type: ignore[arg-type]


def trend_the_same_where_no_earlier_judgment_is_known(patch: Patch) -> None:
    _trend(patch, lambda t: t if t.record else replace(t, word="same"))


def trend_beside_the_oldest_judgment(patch: Patch) -> None:
    patch.setattr(method, "max", min, raising=False)


def an_earlier_grade_taken_over(patch: Patch) -> None:
    def settled(evidence: Evidence) -> dict[str, frozenset[str]]:
        earlier = [p.record for p in evidence.previous if p.record.kind == "judgment"]
        return {str(p.question): frozenset({str(p.grade)}) for p in earlier}

    patch.setattr(derive, "_settled", settled)


def a_question_no_better_than_its_worst_sub_question(patch: Patch) -> None:
    whole = stages._judged

    def judged(pack: Pack, owners: Sequence[str], truths: Any, facts: Facts) -> Facts:
        found = whole(pack, owners, truths, facts)
        lowest = {
            question: stages.worst(
                pack,
                [
                    grade
                    for sub in pack.questions[question].sub_questions
                    for grade in facts.judgments.get(sub, ())
                ]
                or [pack.grades[0]],
            )
            for question in owners
            if question in pack.graded
        }
        held = {
            question: frozenset(stages.worst(pack, [g, low]) for g in found.judgments[question])
            for question, low in lowest.items()
        }
        return replace(found, judgments={**found.judgments, **held})

    patch.setattr(stages, "_judged", judged)


def sub_questions_said_like_grades(patch: Patch) -> None:
    whole = Explainer.judgment

    def judgment(self: Explainer, judged: Any) -> Any:
        found = whole(self, judged)
        return replace(found, text=found.text.replace("stands at", "is graded"))

    patch.setattr(Explainer, "judgment", judgment)


def sub_questions_counted(patch: Patch) -> None:
    whole: Callable[[Pack], tuple[str, ...]] = vars(Pack)["graded"].fget

    def graded(pack: Pack) -> tuple[str, ...]:
        parts = (q.sub_questions.items() for q in pack.questions.values())
        return (*whole(pack), *(name for subs in parts for name, sub in subs if not sub.context))

    patch.setattr(Pack, "graded", property(graded))


# Findings and follow-up


def every_area_called_new(patch: Patch) -> None:
    patch.setattr(method, "_earlier", lambda evidence, topics, kind: [])


def closed_areas_followed(patch: Patch) -> None:
    _earlier(patch, lambda record, topics, year: record.topic in topics and record.raised <= year)


def suggestions_not_followed(patch: Patch) -> None:
    _earlier(
        patch,
        lambda record, topics, year: (
            record.topic in topics and record.kind != "suggestion" and record.status == "unresolved"
        ),
    )


def areas_on_other_matters_followed(patch: Patch) -> None:
    _earlier(patch, lambda record, topics, year: record.status == "unresolved")


def later_areas_followed(patch: Patch) -> None:
    _earlier(
        patch, lambda record, topics, year: record.topic in topics and record.status == "unresolved"
    )


def every_earlier_area_raised_again(patch: Patch) -> None:
    whole = method._findings

    def more(evidence: Evidence, pack: Pack, fired: Any) -> Iterator[Finding]:
        yield from whole(evidence, pack, fired)
        for placed in evidence.previous:
            criterion = pack.topics.get(placed.record.topic or "")
            if criterion is not None:
                name, says = f"area-for-improvement-{criterion}", placed.record.statement
                question, raised = pack.criteria[criterion].question, placed.record.raised
                yield Finding(name, name[:20], name, question, criterion, says, raised, ())

    patch.setattr(method, "_findings", more)


def the_year_not_said(patch: Patch) -> None:
    whole = Explainer.headline
    patch.setattr(Explainer, "headline", lambda self, f: whole(self, f).partition(" (first")[0])


def mitigation_in_part_ignored(patch: Patch) -> None:
    whole = derive._record

    def record(placed: Placed[Any], *rest: Any) -> Any:
        fact = whole(placed, *rest)
        mitigation = placed.record.mitigation
        fully = mitigation is not None and mitigation.weight == "fully"
        return None if fact is None else replace(fact, mitigated=fully)

    patch.setattr(derive, "_record", record)


def earlier_findings_forgotten(patch: Patch) -> None:
    patch.setattr(derive, "earlier_findings", lambda evidence, dropped: {})


def only_the_autumn_counted(patch: Patch) -> None:
    whole = derive._later

    def later(record: Any, evidence: Evidence) -> bool:
        fieldwork = evidence.inspection.fieldwork
        early = fieldwork is not None and fieldwork.to < date(2016, 9, 1)
        return early or whole(record, evidence)

    patch.setattr(derive, "_later", later)


# What evidence may do


def every_series_asked_about(patch: Patch) -> None:
    patch.setattr(compose, "undeciding", lambda pack: {})


def reviews_of_files_not_matched(patch: Patch) -> None:
    whole = derive._record
    patch.setattr(
        derive, "_record", lambda p, *rest: None if p.kind == "file-review" else whole(p, *rest)
    )


def fieldwork_not_matched_beside_a_review_of_files(patch: Patch) -> None:
    whole = derive._record

    def record(placed: Placed[Any], evidence: Evidence, *rest: Any) -> Any:
        reviewed = {o.record.topic for o in evidence.observations if o.kind == "file-review"}
        beside = placed.kind == "fieldwork" and placed.record.topic in reviewed
        return None if beside else whole(placed, evidence, *rest)

    patch.setattr(derive, "_record", record)


def two_that_corroborate_decide(patch: Patch) -> None:
    def sound(way: Way) -> bool:
        return any(s.role == "deciding" for s in way) or len({s.kind for s in way}) != 1

    for module in (definition, compiling):
        patch.setattr(module, "sound", sound)


def every_sample_taken_as_random(patch: Patch) -> None:
    patch.setattr(Roles, "survey", lambda self, sampling: Standing("survey", "indicative"))


def an_interval_claimed_of_any_sample(patch: Patch) -> None:
    wide = Interval(Decimal(55), Decimal(65))
    patch.setattr(indicators, "claim", lambda rows, value, minimum: Claim("", wide))


# Caveats, notes and sources


def caveats_of_series_left_behind(patch: Patch) -> None:
    def caveats(pack: Pack, metrics: Sequence[Metric]) -> set[str]:
        return {caveat for metric in metrics for caveat in metric.caveats}

    patch.setattr(figures, "caveats", caveats)


def caveats_of_pilots_left_behind(patch: Patch) -> None:
    def caveats(pack: Pack, metrics: Sequence[Metric]) -> set[str]:
        return {c for m in metrics for c in (*m.caveats, *pack.series[m.series].caveats)}

    patch.setattr(figures, "caveats", caveats)


def caveats_not_said(patch: Patch) -> None:
    patch.setattr(Figures, "_care", lambda self, indicator: ())


def estimates_not_said(patch: Patch) -> None:
    patch.setattr(figures, "notes", lambda metrics: ())


def sources_not_said(patch: Patch) -> None:
    patch.setattr(Leaves, "source", lambda self, record: ())


# Ranks and comparators


def rank_by_distance(patch: Patch) -> None:
    def rank(values: Sequence[Decimal], own: Decimal) -> ranks.Rank:
        every = sorted(values)
        share = (every[-1] - own) / (every[-1] - every[0])
        above = int(share * (len(every) - 1))
        return ranks.Rank(above, 1, len(every) - 1 - above)

    patch.setattr(figures, "rank", rank)


def rank_from_the_lowest(patch: Patch) -> None:
    whole = ranks.rank

    def rank(values: Sequence[Decimal], own: Decimal) -> ranks.Rank:
        found = whole(values, own)
        return ranks.Rank(found.below, found.same, found.above)

    patch.setattr(figures, "rank", rank)


def ties_always_included(patch: Patch) -> None:
    patch.setattr(ranks, "_WAYS", tuple(way for way in ranks._WAYS if way[1] == "include"))


def rounding_chosen(patch: Patch) -> None:
    patch.setattr(ranks, "_WAYS", (("nearest", "include"), ("nearest", "exclude")))


def few_bodies_ranked(patch: Patch) -> None:
    patch.setattr(bodies, "_short", lambda pack, series, figures, out: "")


def own_figures_taken_for_a_table(patch: Patch) -> None:
    _derived_from(patch, lambda e: replace(e, table=e.table or e.metrics))


def anything_ranked(patch: Patch) -> None:
    patch.setattr(references, "comparison_problems", lambda files: ())


def a_pooled_rate_made_as_a_mean(patch: Patch) -> None:
    patch.setattr(bodies, "_pooled", lambda found, pack, series: (_mean(found), ""))


def a_mean_made_as_a_pooled_rate(patch: Patch) -> None:
    def comparator(found: bodies.Ranked, pack: Pack, series: str) -> tuple[Decimal | None, str]:
        return bodies._pooled(list(found.figures.values()), pack, series)

    patch.setattr(figures, "comparator", comparator)


def nobody_left_out(patch: Patch) -> None:
    patch.setattr(bodies, "_excluded", lambda pack, series: ())
    patch.setattr(figures, "left_out", lambda pack, series, body: "")
    patch.setattr(comparison, "left_out", lambda pack, series, body: "")


def nobody_counted_together(patch: Patch) -> None:
    patch.setattr(figures, "counted_as", lambda pack, series, body: body)


# Comparisons


def any_comparator_taken(patch: Patch) -> None:
    """Where there is none of the series, that of a series with which it does not compare."""
    whole = figures.Figures._recorded

    def recorded(self: figures.Figures, series: str, body: str) -> list[Placed[Metric]]:
        others = self.pack.series[series].not_comparable_with
        return whole(self, series, body) or [
            r for other in others for r in whole(self, other, body)
        ]

    patch.setattr(figures.Figures, "_recorded", recorded)
    patch.setattr(comparison, "_CHECKS", ())


def _unchecked(*names: str) -> Callable[[Patch], None]:
    def put(patch: Patch) -> None:
        kept = tuple(check for check in comparison._CHECKS if check.__name__ not in names)
        assert len(kept) == len(comparison._CHECKS) - len(names)
        patch.setattr(comparison, "_CHECKS", kept)

    return put


units_not_compared = _unchecked("_units", "_denominators")
denominators_not_compared = _unchecked("_denominators", "_definitions")
definitions_not_compared = _unchecked("_definitions")
parts_of_periods_taken_as_whole = _unchecked("_status")
periods_not_compared = _unchecked("_periods")
named_series_not_looked_at = _unchecked("_named_series")
earlier_years_not_looked_at = _unchecked("_earlier")


def every_period_as_long_as_another(patch: Patch) -> None:
    patch.setattr(comparison, "same_length", lambda first, second: True)


# Figures that are missing, estimated or rounded


def missing_read_as_zero(patch: Patch) -> None:
    def zero(placed: Placed[Metric]) -> Placed[Metric]:
        if placed.record.status != "missing":
            return placed
        filled = {"status": "ok", "value": Decimal(0), "reason": ""}
        return replace(placed, record=placed.record.model_copy(update=filled))

    _derived_from(
        patch,
        lambda e: replace(e, metrics=tuple(map(zero, e.metrics)), table=tuple(map(zero, e.table))),
    )


def zero_read_as_missing(patch: Patch) -> None:
    whole = figures.Figures._usable
    patch.setattr(figures.Figures, "_usable", lambda self, m: bool(m.value) and whole(self, m))


def estimates_not_used(patch: Patch) -> None:
    whole = figures.Figures._usable

    def usable(self: figures.Figures, metric: Metric) -> bool:
        return metric.status != "estimated" and whole(self, metric)

    patch.setattr(figures.Figures, "_usable", usable)


def a_dash_read_as_zero(patch: Patch) -> None:
    _dash(patch, Decimal(0))


def a_dash_read_as_nothing(patch: Patch) -> None:
    _dash(patch, None)


def an_empty_cell_read_as_zero(patch: Patch) -> None:
    def filling(model: type[Any]) -> Any:
        def filled(values: dict[str, Any]) -> Any:
            empty = model is Metric and values["status"] == "ok" and values["value"] is None
            return made({**values, "value": Decimal(0)} if empty else values)

        made = fitter(model)
        return filled

    patch.setattr(tables, "fitter", filling)


def figures_taken_as_exact(patch: Patch) -> None:
    patch.setattr(printed_figures, "printed", lambda value, unit: interval.exactly(value))


def any_total_accepted(patch: Patch) -> None:
    patch.setattr(interval.Interval, "meets", lambda self, other: True)


def two_values_not_queried(patch: Patch) -> None:
    _without_check(patch, "C101 C102")


def what_is_unlike_others_not_queried(patch: Patch) -> None:
    _without_check(patch, "C122")


def _derived_from(patch: Patch, change: Callable[[Evidence], Evidence]) -> None:
    """Indicators are derived from other evidence."""
    whole = indicators.derive_indicators
    patch.setattr(derive, "derive_indicators", lambda e, *rest: whole(change(e), *rest))


def _trend(patch: Patch, change: Callable[[Trend], Trend]) -> None:
    whole = method._Judge._trend
    patch.setattr(
        method._Judge, "_trend", lambda self, owner, derived: change(whole(self, owner, derived))
    )


def _earlier(patch: Patch, follows: Callable[[Any, set[str], int], bool]) -> None:
    def earlier(evidence: Evidence, topics: set[str], kind: str) -> list[tuple[str, int]]:
        year = evidence.inspection.as_of.year
        records = [p.record for p in evidence.previous if p.record.kind != "judgment"]
        found = [r for r in records if kind != "strength" and follows(r, topics, year)]
        return [(r.id, r.raised) for r in found]

    patch.setattr(method, "_earlier", earlier)


def _mean(found: Sequence[Metric]) -> Decimal:
    values = [m.value for m in found if m.value is not None]
    return sum(values, Decimal(0)) / len(values)


def _dash(patch: Patch, value: Decimal | None) -> None:
    whole = cell_decimal

    def cell(row: Any, column: str) -> Any:
        return value if row.cells[column] in {"-", "–", "—"} else whole(row, column)

    for column in ("value", "numerator", "denominator"):
        patch.setitem(forms.METRICS.cells, column, cell)


def _without_check(patch: Patch, codes: str) -> None:
    kept: Mapping[str, Any] = {k: run for k, run in registry.CHECKS.items() if k != codes}
    assert len(kept) == len(registry.CHECKS) - 1
    patch.setattr(registry, "CHECKS", kept)
