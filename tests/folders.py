"""Random evidence of an inspection that a random pack grades, written as the files of a folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from grading.evidence.forms import METRICS
from grading.rules.loaded import Pack
from tests.packs import CODING, EARLIER, NUMBERS, STATUSES, yaml_text

Raw = dict[str, Any]
Folder = dict[str, Any]
"""`inspection` and, for each file, its records as they are written."""
FIELDWORK, SUMMARY, METRIC, PREVIOUS = "fieldwork", "file-review-summary", "metrics", "previous"
FILES = (FIELDWORK, SUMMARY, METRIC, PREVIOUS)
_DAYS = ("2016-06-01", "2016-07-01", "2016-09-01")
_RARELY = st.integers(0, 4).map(lambda n: n == 4)


@st.composite
def folders(draw: DrawFn, pack: Pack) -> Folder:
    """The records of an inspection as of July 2016, some of them made later."""
    topics = st.sampled_from(sorted(pack.topics))
    fieldwork = _numbered("fw", draw(st.lists(_observation(topics), max_size=6)))
    summary = _numbered("fs", draw(st.lists(_review(topics), max_size=2)))
    for record in (*fieldwork, *summary):
        others = [other["id"] for other in fieldwork if other is not record]
        if record["direction"] == "contradicts" and bool(others) and draw(_RARELY):
            named = draw(st.lists(st.sampled_from(others), unique=True, max_size=2))
            record["mitigation"] = {"says": "It is less bad", "weight": "partly", "records": named}
    previous = _numbered("pv", draw(st.lists(_earlier(pack, topics), max_size=4)))
    judged = [r for r in previous if r["kind"] == "judgment" and r["question"] in pack.graded]
    carried = [
        {"question": r["question"], "record": r["id"]}
        for r in {r["question"]: r for r in judged}.values()
        if draw(_RARELY)
    ]
    searched = draw(st.just("all") | st.lists(topics, unique=True, max_size=8))
    coverage = draw(st.sampled_from(("full", "full", "published-summary")))
    inspection = {
        "id": "random-2016",
        "body": "body",
        "body-name": "A body",
        "framework": "random",
        "pack": "random",
        "fieldwork": {"from": "2016-06-01", "to": "2016-06-30"},
        "as-of": "2016-07-31",
        "source": "Nowhere",
        "plan": {"coverage": coverage, "searched": searched},
        "carried-forward": carried,
    }
    metrics = _numbered("me", draw(st.lists(_METRIC, max_size=3)))
    found = {FIELDWORK: fieldwork, SUMMARY: summary, METRIC: metrics, PREVIOUS: previous}
    kept = {
        name: records for name, records in found.items() if bool(records) or draw(st.booleans())
    }
    return {"inspection": inspection, **kept}


def write(folder: Folder, path: Path) -> Path:
    """The folder written as files."""
    path.mkdir()
    (path / "inspection.yaml").write_text(yaml_text(folder["inspection"]), "utf-8")
    for name in folder.keys() - {"inspection"}:
        write_records(name, folder[name], path / file_name(name))
    return path


def file_name(name: str) -> str:
    return f"{name}.csv" if name == METRIC else f"{name}.yaml"


def write_records(name: str, records: list[Raw], path: Path) -> None:
    """Some records of one kind written as a file."""
    if name != METRIC:
        path.write_text(yaml_text({"records": records}), "utf-8")
        return
    text = io.StringIO()
    table = csv.DictWriter(text, METRICS.columns, restval="", lineterminator="\n")
    table.writeheader()
    table.writerows(records)
    path.write_text(text.getvalue(), "utf-8")


def named(folder: Folder) -> dict[str, tuple[str, Raw]]:
    """Every record by its id, with the name of its file."""
    return {r["id"]: (name, r) for name in FILES for r in folder.get(name, ())}


def without(folder: Folder, gone: set[str]) -> Folder:
    """The folder as if these records had never been written, nor what named nothing but them."""
    left = deepcopy(folder)
    for name in FILES:
        if name in left:
            left[name] = [r for r in left[name] if r["id"] not in gone]
    for record in (*left.get(FIELDWORK, ()), *left.get(SUMMARY, ())):
        mitigation = record.get("mitigation")
        if mitigation and gone.intersection(mitigation["records"]):
            mitigation["records"] = [r for r in mitigation["records"] if r not in gone]
            if not mitigation["records"]:
                del record["mitigation"]
    inspection = left["inspection"]
    inspection["carried-forward"] = [
        c for c in inspection["carried-forward"] if c["record"] not in gone
    ]
    return left


def with_value(folder: Folder, record: str, field: str, value: Any) -> Folder:
    """The folder with one value of a record, or without it where the value is empty."""
    other = deepcopy(folder)
    name, raw = named(other)[record]
    if value != "" or name == METRIC:
        raw[field] = value
    else:
        raw.pop(field, None)
    return other


def _numbered(prefix: str, records: list[Raw]) -> list[Raw]:
    return [{"id": f"{prefix}-{n}", **record} for n, record in enumerate(records, 1)]


def _coded(topics: SearchStrategy[str], **more: SearchStrategy[Any]) -> SearchStrategy[Raw]:
    level = {scale: st.sampled_from(levels) for scale, levels in CODING.items()}
    common = {"topic": topics, "statement": st.just("It is so"), "heading": st.just("Here")}
    grave = {"severity": level.pop("severity")}
    return st.one_of(
        *(
            st.fixed_dictionaries(
                {**common, "direction": st.just(direction), **more}, optional=optional
            )
            for direction, optional in (
                ("supports", level),
                ("contradicts", {**level, **grave}),
                ("neutral", level),
            )
        )
    )


def _observation(topics: SearchStrategy[str]) -> SearchStrategy[Raw]:
    dated = st.sampled_from(_DAYS)
    methods = st.sampled_from(("interview", "document", "not-stated"))
    plain = _coded(topics, method=methods)
    return st.one_of(plain, _coded(topics, method=methods, date=dated))


def _review(topics: SearchStrategy[str]) -> SearchStrategy[Raw]:
    sampling = st.sampled_from(("random", "not-stated"))
    return _coded(topics, sampling=sampling, quantified=st.booleans(), to=st.sampled_from(_DAYS))


def _earlier(pack: Pack, topics: SearchStrategy[str]) -> SearchStrategy[Raw]:
    common: Mapping[str, SearchStrategy[Any]] = {
        "raised": st.integers(2014, 2017),
        "statement": st.just("It was so"),
        "heading": st.just("Then"),
    }
    judgment = st.fixed_dictionaries(
        {
            **common,
            "kind": st.just("judgment"),
            "question": st.sampled_from((*pack.questions, "overall")),
            "grade": st.sampled_from(pack.grades),
        }
    )
    finding = st.fixed_dictionaries(
        {
            **common,
            "kind": st.sampled_from(EARLIER),
            "topic": topics,
            "status": st.sampled_from(STATUSES),
        }
    )
    return judgment | finding


_METRIC: SearchStrategy[Raw] = st.fixed_dictionaries(
    {
        "series": st.sampled_from([f"s-{name}" for name in NUMBERS]),
        "body": st.sampled_from(("body", "body", "another")),
        "value": st.sampled_from(("0", "0.1", "0.3", "12", "12.5", "99.9999999999999", "100")),
        "unit": st.just("percent"),
        "to": st.sampled_from(_DAYS),
        "comparator": st.just("no"),
        "status": st.just("ok"),
        "heading": st.just("Here"),
    }
)
