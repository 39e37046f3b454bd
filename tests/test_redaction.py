"""What is redacted is read nowhere in an export, and the record still says whether it is right."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.problems import BadInput
from grading.record.exports.forms import FORMS, check
from grading.record.exports.redaction import (
    COMMITMENT,
    Hidden,
    commitment,
    hidden_by,
    left,
    marked,
    opened,
    redacted,
    salt,
)
from grading.record.integrity import IntegrityBroken
from tests.exports import DURHAM, HYGIENE, problems, record, run, texts
from tests.test_bad_input import Grading, grading, home, swap

__all__ = ["grading", "home"]

KEY, OTHER = b"\x01" * 32, b"\x02" * 32
POINTERS = (
    "/evidence/ic-030",  # prose of a record
    "/evidence/vp-099/says",
    "/single_source/criteria/missing-and-exploited-children/0/source",  # whom inspectors spoke to
    "/inspection/body_name",  # stands in many sentences
    "/criteria/allocation",
    "/findings/0/says",
    "/criteria/allocation/records_for/0",  # the id of a record, which is a name of members
)


def squeezed(text: str) -> str:
    return " ".join(text.casefold().split())


def named(pointers: tuple[str, ...], document: dict[str, Any]) -> list[str]:
    """The strings that pointers name, and those of the objects that they name."""
    found = []
    for pointer in pointers:
        value: Any = document
        for step in pointer.split("/")[1:]:
            value = value[int(step)] if isinstance(value, list) else value[step]
        found += [value] if isinstance(value, str) else [value["says"]]
    return found


@pytest.mark.parametrize("form", FORMS)
def test_no_redacted_text_is_found_in_an_export_however_it_is_unpacked(form: str) -> None:
    document = record(DURHAM).document
    hidden = hidden_by(document, POINTERS)
    content = FORMS[form](redacted(run(DURHAM), document, hidden, KEY))
    secrets = [*named(POINTERS, document), *told_of(document, "ic-030", "vp-099")]
    read = [squeezed(text) for text in texts(content)]
    assert [s for s in secrets if any(squeezed(s) in text for text in read)] == []
    whole = [squeezed(text) for text in texts(FORMS[form](run(DURHAM)))]
    shown = [s for s in named(POINTERS, document) if any(squeezed(s) in text for text in whole)]
    assert len(shown) >= 4, "the search would have found them"
    assert not left(content, hidden)
    assert left(FORMS[form](run(DURHAM)), hidden)
    for text in (run(DURHAM).run, *filter(None, run(DURHAM).files.values())):
        assert not any(text in part for part in texts(content)), "digests that could be tried"


def told_of(document: dict[str, Any], *records: str) -> list[str]:
    """The texts of the steps of rationales that tell a record."""
    found: list[str] = []

    def walk(step: dict[str, Any], inside: bool) -> None:
        inside = inside or step["record"] in records
        found.extend([step["text"]] * inside)
        for inner in step["because"]:
            walk(inner, inside)

    for judgment in document["judgments"].values():
        walk(judgment["rationale"], False)
    return found


@pytest.mark.parametrize("form", ["prov", "oscal"])
def test_a_redacted_export_is_valid_by_the_published_schema(form: str) -> None:
    document = record(DURHAM).document
    shown = redacted(run(DURHAM), document, hidden_by(document, POINTERS), KEY)
    assert problems(form, FORMS[form](shown)) == []


def test_redacted_names_still_meet() -> None:
    document = record(DURHAM).document
    shown = redacted(run(DURHAM), document, hidden_by(document, POINTERS), KEY)
    made = json.loads(FORMS["prov"](shown))
    hidden_id = f"run:evidence.{commitment(KEY, 'ic-054')}"
    assert hidden_id in made["entity"]
    derived = {d["prov:usedEntity"] for d in made["wasDerivedFrom"].values()}
    assert hidden_id in derived
    assert derived <= set(made["entity"])


@pytest.mark.parametrize("form", FORMS)
def test_a_redacted_export_is_checked_by_key_and_record_without_the_pointers(form: str) -> None:
    document = record(DURHAM).document
    content = FORMS[form](redacted(run(DURHAM), document, hidden_by(document, POINTERS), KEY))
    assert check(form, run(DURHAM), document, content, KEY, "it") >= len(POINTERS)
    for other in (None, OTHER):
        with pytest.raises(IntegrityBroken) as broken:
            check(form, run(DURHAM), document, content, other, "it")
        assert [p.code for p in broken.value.problems] == ["A106"]


@pytest.mark.parametrize("form", FORMS)
def test_a_changed_byte_of_a_redacted_export_is_seen(form: str) -> None:
    document: dict[str, Any] = record(HYGIENE).document
    pointers = [f"/evidence/{next(iter(document['evidence']))}"]
    content = FORMS[form](redacted(run(HYGIENE), document, hidden_by(document, pointers), KEY))
    assert check(form, run(HYGIENE), document, content, KEY, "it") > 0
    for at in range(0, len(content), len(content) // 40):
        changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        with pytest.raises(IntegrityBroken):
            check(form, run(HYGIENE), document, changed, KEY, "it")


def test_one_text_can_be_shown_to_somebody_without_the_key() -> None:
    text = "Few loaves were left"
    made = hashlib.sha256(salt(KEY, text) + text.encode()).hexdigest()
    assert commitment(KEY, text) == f"redacted-{made}"
    assert salt(KEY, text) != salt(KEY, "few loaves were left") != salt(OTHER, text)


@settings(max_examples=40)
@given(st.data())
def test_any_texts_of_a_run_can_be_redacted_and_found_again(data: st.DataObject) -> None:
    document: dict[str, Any] = record(HYGIENE).document
    known = [f"/evidence/{r}" for r in document["evidence"]]
    known += [f"/criteria/{c}/says" for c in document["criteria"]]
    known += [f"/judgments/{j}/title" for j in document["judgments"]]
    pointers = tuple(data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=5)))
    hidden = hidden_by(document, pointers)
    shown = redacted(run(HYGIENE), document, hidden, KEY)
    content = FORMS["jsonl"](shown)
    read = [squeezed(text) for text in texts(content)]
    assert not [s for s in named(pointers, document) for t in read if squeezed(s).strip(" .") in t]
    found = opened(run(HYGIENE), document, KEY, content)
    assert redacted(run(HYGIENE), document, found, KEY) == shown


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Few loaves were left.", True),
        ("inspectors said that FEW  loaves\nwere left, and", True),
        ("Ｆew loaves were left", True),
        ("Few loaves were\u00a0left", True),
        ("Few loaves", False),
    ],
)
def test_a_text_is_found_whatever_its_case_spacing_and_width(text: str, found: bool) -> None:
    assert Hidden(texts=frozenset({"few loaves were left"})).hides(text) == found


@pytest.mark.parametrize(
    ("pointer", "code"),
    [
        ("/evidence/none", "E808"),
        ("evidence/ic-030", "E808"),
        ("", "E808"),
        ("/engine/rules", "E808"),
        ("/findings/99/says", "E808"),
        ("/judgments/overall/trend/word", "E810"),
    ],
)
def test_a_pointer_that_cannot_be_redacted_is_told(pointer: str, code: str) -> None:
    document = record(DURHAM).document
    with pytest.raises(BadInput) as refused:
        redacted(run(DURHAM), document, hidden_by(document, [pointer]), KEY)
    assert [p.code for p in refused.value.problems] == [code]


def test_every_pointer_that_names_nothing_is_told_at_once_and_short_texts_are() -> None:
    document: dict[str, Any] = {"judgments": {}, "a": {"says": "No."}, "b": {"c": "x"}}
    with pytest.raises(BadInput) as refused:
        hidden_by(document, ["/a/says", "/b", "/c"])
    assert [str(p) for p in refused.value.problems] == [
        "--redact:1:1: E808 `/b` names no text (see the run's document: `grading run --format json`)",
        "--redact:1:1: E808 `/c` names no text (see the run's document: `grading run --format json`)",
        "--redact:1:1: E809 `/a/says` names a text of fewer than 4 characters, to be found anywhere"
        " (name what holds it)",
    ]


def test_marked_texts_are_hidden_wherever_they_are_told() -> None:
    document = {"a": "Spoke with [[Ann Other]] and [[Bo]]", "b": "ann  other left", "c": "Bo left"}
    hidden = marked(document)
    assert [hidden.hides(text) for text in document.values()] == [True, True, False]
    assert not marked({"a": "[not marked] [[]]"})


# The command line


def marks(home: Path) -> None:
    """A person is marked in one record, and named in another and in a place of it."""
    swap("evidence/fieldwork.yaml", "Each oven was hot", "The oven of [[Mrs Crumb]] was hot")(home)
    swap("evidence/fieldwork.yaml", "Few loaves were left", "mrs crumb had few loaves")(home)


def key_of(home: Path) -> Path:
    return Path(os.environ["GRADING_STORE"] + ".redaction-key")


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADING_STORE", str(tmp_path / "store"))


@pytest.mark.parametrize("form", FORMS)
def test_marked_texts_leave_only_when_that_is_asked_for(
    form: str, home: Path, grading: Grading
) -> None:
    marks(home)
    out = f"out.{form}" if form != "csv" else "out.zip"
    words = ("export", "evidence", "--to", form, "--out", out)
    told = grading(*words)
    assert (told.code, told.out, told.err) == (0, "", "")
    content = (home / out).read_bytes()
    assert not any("crumb had" in t.casefold() or "mrs" in t.casefold() for t in texts(content))
    assert any(COMMITMENT.search(text) for text in texts(content))
    checked = grading("export", "evidence", "--to", form, "--check", out)
    assert checked.code == 0
    assert re.search(r" says, \d+ strings of it redacted\n$", checked.out)
    assert grading(*words, "--with-marked").code == 0
    assert any("[[Mrs Crumb]]" in text for text in texts((home / out).read_bytes()))


def test_the_key_is_made_once_and_read_by_its_owner_alone(home: Path, grading: Grading) -> None:
    assert grading("export", "evidence", "--to", "prov").code == 0
    assert not key_of(home).exists(), "nothing was redacted"
    words = ("export", "evidence", "--to", "prov", "--redact", "/evidence/fw-2")
    first = grading(*words)
    assert first.code == 0
    assert stat.S_IMODE(key_of(home).stat().st_mode) == 0o600
    assert grading(*words) == first
    key = key_of(home).read_text()
    assert not any(key.strip() in text for text in texts(first.out.encode()))
    other = grading(*words, "--redaction-key", "other")
    assert other.code == 0
    assert other.out != first.out
    key_of(home).write_text("short\n")
    told = grading(*words)
    assert (told.code, told.out) == (3, "")
    assert "E811 this is no redaction key" in told.err


def test_nothing_leaves_where_the_form_itself_would_tell_a_redacted_text(
    home: Path, grading: Grading
) -> None:
    swap("evidence/inspection.yaml", "Made up for these tests", "grading:kind")(home)
    words = ("--redact", "/inspection/source", "--out", "out")
    told = grading("export", "evidence", "--to", "prov", *words)
    assert (told.code, told.out) == (7, "")
    assert told.err == (
        "nothing was exported: a redacted text is also a word that prov itself uses, and would still"
        " be read there; redact a longer text\n"
    )
    assert not (home / "out").exists()
    assert grading("export", "evidence", "--to", "jsonl", *words).code == 0
