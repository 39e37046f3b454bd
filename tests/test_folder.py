"""A folder is read once, and what is in it comes out as if it had been read file by file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading.problems import BadInput, Problem
from grading.rules.files import digest, read_pack
from grading.source import Folder, Line, read_alone, read_folder, read_lines, read_yaml
from grading.source.folder import in_memory

ROOT = Path(__file__).parent.parent


def folder_of(path: Path) -> Folder:
    folder = read_folder(path, "here", lambda name: name.endswith((".yaml", ".csv")))
    assert folder is not None
    return folder


def outcome(lines: Iterator[Line]) -> list[Line] | tuple[Problem, ...]:
    """The lines of a table, or every problem with it."""
    try:
        return list(lines)
    except BadInput as error:
        return error.problems


def test_a_file_of_a_folder_reads_as_it_does_alone(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: [1, 2]\n", "utf-8")
    (tmp_path / "b.yaml").write_text("a: no\n", "utf-8")
    (tmp_path / "c.csv").write_text("id\n1\n", "utf-8")
    (tmp_path / "d.csv").write_bytes(b"\xff")
    (tmp_path / "e.yaml").symlink_to("nowhere")
    (tmp_path / "f.yaml").mkdir()
    os.mkfifo(tmp_path / "g.csv")
    folder = folder_of(tmp_path)
    for name in ("a.yaml", "b.yaml", "e.yaml", "f.yaml", "h.yaml"):
        assert folder.yaml(name) == read_yaml(tmp_path / name, f"here/{name}")
    for name in ("c.csv", "d.csv", "g.csv", "h.csv"):
        label = f"here/{name}"
        read = outcome(folder.lines(name, ("id",)))
        assert read == outcome(read_lines(tmp_path / name, label, ("id",)))


def test_what_is_written_after_reading_is_not_seen(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n", "utf-8")
    folder = folder_of(tmp_path)
    (tmp_path / "a.yaml").write_text("a: 2\n", "utf-8")
    (tmp_path / "b.yaml").write_text("b: 2\n", "utf-8")
    assert folder.names == ("a.yaml",)
    document, _ = folder.yaml("a.yaml")
    assert document is not None
    assert document.data == {"a": 1}


def test_only_what_is_wanted_is_read_and_all_is_named(tmp_path: Path) -> None:
    for name in ("b.txt", ".hidden.yaml", "a.yaml"):
        (tmp_path / name).write_text("a: 1\n", "utf-8")
    folder = folder_of(tmp_path)
    assert folder.names == (".hidden.yaml", "a.yaml", "b.txt")
    assert set(folder.contents) == {".hidden.yaml", "a.yaml"}
    assert read_folder(tmp_path / "a.yaml", "", lambda name: True) is None
    assert read_folder(tmp_path / "nowhere", "", lambda name: True) is None


def test_a_name_that_hides_something_is_shown_and_its_file_is_not_read(tmp_path: Path) -> None:
    for name in ("a\n.yaml", "b\udcff.yaml", "c\u202e.yaml"):
        (tmp_path / name).write_text("a: 1\n", "utf-8")
    folder = folder_of(tmp_path)
    assert folder.names == ("a\\n.yaml", "b\\udcff.yaml", "c\\u202e.yaml")
    assert (folder.contents, folder.unreadable) == ({}, {})


@pytest.mark.parametrize(
    ("label", "at"), [("", "a.csv"), (".", "a.csv"), ("x", "x/a.csv"), ("x/y z", "x/y z/a.csv")]
)
def test_a_file_is_named_after_the_label_of_its_folder(label: str, at: str) -> None:
    assert in_memory(label, {}).at("a.csv") == at
    [problem] = in_memory(label, {}).text("a.csv")[1]
    assert isinstance(problem, Problem)
    assert problem.place.file == at


def test_a_folder_under_another_label_tells_its_problems_there(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    (tmp_path / "b.yaml").write_text("a: 1\n", "utf-8")
    again = read_folder(tmp_path, "there", lambda name: True)
    assert folder_of(tmp_path).named("there") == again
    assert again is not None
    assert str(again.text("a.yaml")[1][0].place) == "there/a.yaml:1:1"


def test_a_file_alone_is_a_folder_with_one_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id\n1\n", "utf-8")
    (tmp_path / "b.csv").write_text("id\n2\n", "utf-8")
    assert read_alone(tmp_path / "a.csv", "x") == in_memory("x", {"a.csv": b"id\n1\n"})
    assert read_alone(tmp_path / "c.csv", "x").text("c.csv")[1][0].code == "E101"


@pytest.mark.parametrize("pack", sorted(path.name for path in (ROOT / "rules").iterdir()))
def test_the_digest_of_a_pack_is_over_the_names_and_bytes_of_all_its_files(pack: str) -> None:
    total = hashlib.sha256()
    home = ROOT / "rules" / pack
    for path in sorted(p for p in home.rglob("*") if p.is_file()):
        total.update(path.relative_to(home).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    assert digest(read_pack(home).digests) == total.hexdigest()


def test_any_file_of_a_pack_enters_its_digest_but_hidden_ones(tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    for name in ("pack.yaml", "cases.yaml", "cases/a.yaml", "notes.txt"):
        (tmp_path / name).write_text("a: 1\n", "utf-8")
    before = digest(read_pack(tmp_path).digests)
    (tmp_path / ".hidden").write_text("a: 1\n", "utf-8")
    assert digest(read_pack(tmp_path).digests) == before
    seen = {before}
    for name in ("pack.yaml", "cases.yaml", "cases/a.yaml", "notes.txt"):
        (tmp_path / name).write_text("a: 2\n", "utf-8")
        seen.add(digest(read_pack(tmp_path).digests))
    (tmp_path / "notes.txt").rename(tmp_path / "note.txt")
    seen.add(digest(read_pack(tmp_path).digests))
    assert len(seen) == 6
