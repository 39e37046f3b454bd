"""Names in a pack that nothing answers to, and ladders and indicators that cannot serve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grading.problems import Problem, known_instead, listed
from grading.rules.comparison_names import comparison_problems
from grading.rules.conditions import Otherwise
from grading.rules.facts import MATCHED_ROLES
from grading.rules.files import PackFiles
from grading.rules.loaded import Pack
from grading.rules.pack import Indicator, Ladder
from grading.rules.resolve import Path
from grading.source import Document

_OUTCOME_RULES = ("exceeds", "meets", "falls-short")


def unknown_references(files: PackFiles, pack: Pack) -> Iterator[Problem]:
    """Names outside conditions that nothing answers to."""
    document, manifest = files.manifest
    ladders, tests = tuple(manifest.ladders), tuple(manifest.criterion_tests)

    def missing(
        doc: Document, path: Path, name: str | None, known: Iterable[str], what: str, code: str
    ) -> Iterator[Problem]:
        names = tuple(known)
        if name is not None and name not in names:
            yield Problem(
                doc.place(path), code, f"unknown {what} `{name}`", known_instead(name, names)
            )

    yield from missing(
        document, ("sub-question-ladder",), manifest.sub_question_ladder, ladders, "ladder", "E311"
    )
    if manifest.overall is not None:
        yield from missing(
            document, ("overall", "ladder"), manifest.overall.ladder, ladders, "ladder", "E311"
        )
    for name, ladder in manifest.ladders.items():
        for grade in ladder.rungs:
            if grade not in pack.grades:
                place = document.key_place(("ladders", name, "rungs", grade))
                hint = known_instead(grade, pack.grades)
                yield Problem(place, "E306", f"unknown grade `{grade}`", hint)
        for limiter, model in ladder.limiters.items():
            path: Path = ("ladders", name, "limiters", limiter, "at-best")
            yield from missing(document, path, model.at_best, pack.grades, "grade", "E306")
        yield from _rungs_in_order(document, name, tuple(ladder.rungs), pack.grades)
        yield from _last_rung_is_sure(document, name, ladder)
    for name in manifest.findings:
        if name in _OUTCOME_RULES:
            place = document.key_place(("findings", name))
            message = f"`{name}` is the name of an outcome"
            yield Problem(place, "E309", message, "rename the finding")
    for survey, items in manifest.evidence_policy.leads_to.items():
        for item, topic in items.items():
            path = ("evidence-policy", "leads-to", survey, item)
            yield from missing(document, path, topic, pack.topics, "topic", "E304")
    for doc, question in files.questions.values():
        yield from missing(doc, ("ladder",), question.ladder, ladders, "ladder", "E311")
        yield from missing(
            doc, ("criterion-test",), question.criterion_test, tests, "criterion test", "E312"
        )
        for sub, sub_question in question.sub_questions.items():
            for criterion_id, criterion in sub_question.criteria.items():
                at: Path = ("sub-questions", sub, "criteria", criterion_id)
                yield from missing(
                    doc, (*at, "test"), criterion.test, tests, "criterion test", "E312"
                )
                if criterion.meets is None and not (criterion.test or question.criterion_test):
                    yield Problem(
                        doc.key_place(at),
                        "E312",
                        f"criterion `{criterion_id}` has no conditions",
                        "name a `test`, or give it `meets` and `falls-short`",
                    )
    yield from comparison_problems(files)
    if files.series_document is not None:
        for name, series in files.series.series.items():
            for i, caveat in enumerate(series.caveats):
                path = ("series", name, "caveats", i)
                yield from missing(
                    files.series_document, path, caveat, pack.caveats, "caveat", "E313"
                )
    if files.indicators_document is not None:
        for name, indicator in pack.indicators.items():
            for i, slug in enumerate(indicator.series):
                path = ("indicators", name, "series", i)
                yield from missing(
                    files.indicators_document, path, slug, pack.series, "series", "E314"
                )
            for i, caveat in enumerate(indicator.caveats):
                path = ("indicators", name, "caveats", i)
                yield from missing(
                    files.indicators_document, path, caveat, pack.caveats, "caveat", "E313"
                )
            for i, topic in enumerate(indicator.topics):
                path = ("indicators", name, "topics", i)
                yield from missing(
                    files.indicators_document, path, topic, pack.topics, "topic", "E304"
                )


def _rungs_in_order(
    document: Document, name: str, rungs: tuple[str, ...], grades: tuple[str, ...]
) -> Iterator[Problem]:
    known = [grades.index(rung) for rung in rungs if rung in grades]
    if known != sorted(known):
        place = document.key_place(("ladders", name, "rungs"))
        yield Problem(
            place,
            "E315",
            f"the rungs of ladder `{name}` are not in the order of the scale",
            "write the best grade first",
        )


def _last_rung_is_sure(document: Document, name: str, ladder: Ladder) -> Iterator[Problem]:
    grade, condition = list(ladder.rungs.items())[-1]
    if not isinstance(condition, Otherwise):
        yield Problem(
            document.place(("ladders", name, "rungs", grade)),
            "E318",
            f"ladder `{name}` may end without a grade",
            f"write `{grade}: {{otherwise: true}}`, or add a rung below it",
        )


def undeciding(pack: Pack) -> dict[str, str]:
    """The indicators that rest on evidence that decides nothing, and why each does."""
    return {
        name: why
        for name, indicator in pack.indicators.items()
        if (why := _why_undeciding(indicator, pack))
    }


def _why_undeciding(indicator: Indicator, pack: Pack) -> str:
    policy = pack.manifest.evidence_policy.roles
    for slug in indicator.series:
        if slug in pack.series and pack.series[slug].role not in MATCHED_ROLES:
            return f"series `{slug}` is {pack.series[slug].role}"
    surveys = [role for kind, role in policy.items() if kind.startswith("survey/")]
    if indicator.method == "survey" and not MATCHED_ROLES.intersection(surveys):
        return f"surveys are {listed(sorted(set(surveys)) or ['context-only'], 'and')}"
    fieldwork = policy.get("fieldwork", "context-only")
    if indicator.method == "tally" and fieldwork not in MATCHED_ROLES:
        return f"fieldwork is {fieldwork}"
    reviews = policy.get("file-review", "context-only")
    if indicator.method in {"proportion", "agreement"} and reviews not in MATCHED_ROLES:
        return f"file reviews are {reviews}"
    return ""
