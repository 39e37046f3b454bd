"""Records of sheets → a folder of evidence to be checked, and the places of what is said of it.

What is checked is what will be read: the staged folder is loaded like any other, and each problem
with a line of it is told at the cell that the line was made from. The folder that it stands for is
not touched before.
"""

from __future__ import annotations

import pathlib
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from grading.evidence.sheets.columns import SHEETS, Sheet, column_at
from grading.evidence.sheets.rows import RowRecord, flat
from grading.evidence.sheets.sources import Read, by_sheet
from grading.evidence.sheets.standing import Standing
from grading.evidence.sheets.written import csv_text, yaml_text
from grading.evidence.together import Seen, create, has_changed, replace, told_of
from grading.problems import BadInput, Place, Problem
from grading.source import Path, parse_csv, parse_yaml


@dataclass(frozen=True)
class Made:
    """A file that was made, and the cells that its places come from."""

    text: str
    cells: Mapping[tuple[int, int], Place]
    whole: Place


@dataclass
class Staged:
    """A folder with everything that the evidence would hold after the import."""

    folder: pathlib.Path
    into: pathlib.Path
    made: dict[str, Made] = field(default_factory=dict)
    changed: dict[str, bytes] = field(default_factory=dict)

    def told(self, problems: Sequence[Problem]) -> list[Problem]:
        """The problems of the staged folder, at the cells and files that they are about."""
        return [
            Problem(
                self._cell(problem.place),
                problem.code,
                self._said(problem.message),
                self._said(problem.hint),
            )
            for problem in problems
        ]

    def _cell(self, place: Place) -> Place:
        name = place.file.removeprefix(f"{self.folder.as_posix()}/")
        made = self.made.get(name)
        if made is not None:
            return made.cells.get((place.line, place.column), made.whole)
        if place.file.startswith(self.folder.as_posix()):
            file = self.into.as_posix() + place.file.removeprefix(self.folder.as_posix())
            return Place(file, place.line, place.column)
        return place

    def _said(self, text: str) -> str:
        label = re.escape(self.folder.as_posix())

        def cell(found: re.Match[str]) -> str:
            return str(self._cell(Place(found[1], int(found[2]), int(found[3]))))

        text = re.sub(rf"({label}/[^\s:]+):([0-9]+):([0-9]+)", cell, text)
        return text.replace(self.folder.as_posix(), self.into.as_posix())


@contextmanager
def staged(read: Read, into: pathlib.Path, standing: Standing) -> Iterator[Staged]:
    """The staged folder, which is gone afterwards: links to what stays, and the files that change."""
    # What cannot be cleared away is no reason to say that the import failed.
    with tempfile.TemporaryDirectory(
        prefix="grading-import-", ignore_cleanup_errors=True
    ) as shelter:
        folder = pathlib.Path(shelter) / "evidence"
        stage = Staged(folder, into)
        with told_of(folder.parent.parent):
            _fill(stage, _files(read, standing), standing)
        yield stage


def _fill(stage: Staged, files: Mapping[str, Made], standing: Standing) -> None:
    stage.folder.mkdir()
    for path in sorted(stage.into.iterdir()) if stage.into.is_dir() else ():
        (stage.folder / path.name).symlink_to(path.absolute())
    for name, made in files.items():
        stage.made[name] = made
        place = stage.folder / name
        if standing.says(name, made.text):
            # The file that is there says the same: its bytes stay, and its lines are known.
            cells = standing.cells(name, made.text, made.cells)
            stage.made[name] = Made(made.text, cells, made.whole)
        elif not place.is_dir():  # a file could not take the place of a folder
            place.unlink(missing_ok=True)
            stage.changed[name] = made.text.encode()
            place.write_bytes(stage.changed[name])


def commit(stage: Staged, before: Seen) -> list[str]:
    """The folder holds what was staged, all at once; the names of the files that changed.

    A file that says the same already is not touched. Raises BadInput where the folder is not as it
    was seen `before` it was staged.
    """
    if not stage.into.is_dir():
        create(stage.into, stage.changed)
    elif stage.changed and not replace(stage.into, stage.changed, before):
        raise BadInput([has_changed(stage.into)])
    return sorted(stage.changed)


def _files(read: Read, standing: Standing) -> dict[str, Made]:
    """The files that the records become."""
    broken = {(p.place.file, p.place.sheet, p.place.line) for p in read.problems}
    files: dict[str, Made] = {}
    inspection = read.records.get("inspection", [])
    if len(inspection) == 1 and "inspection" in read.filled:
        files["inspection.yaml"] = _inspection(read, inspection[0])
    for sheet, rows in by_sheet(read).items():
        kept = [
            row
            for row in rows
            if (row.row.place.file, row.row.place.sheet, row.row.place.line) not in broken
        ]
        whole = read.filled[sheet.name].place
        if sheet.is_table:
            files[sheet.file] = _table(sheet, kept, whole)
            continue
        for file, part in standing.divided(sheet.file, kept).items():
            files[file] = _listing(sheet, part, whole)
    return files


def _inspection(read: Read, main: RowRecord) -> Made:
    data: dict[str, Any] = dict(main.data)
    cells: dict[Path, tuple[Sheet, RowRecord]] = {(): (main.sheet, main)}
    for name, rows in read.records.items():
        sheet = SHEETS[name]
        if sheet.is_inspection and sheet.key and rows:
            data[sheet.key] = [row.data for row in rows]
            cells |= {(sheet.key, i): (sheet, row) for i, row in enumerate(rows)}
    text = yaml_text(data)
    return Made(text, _yaml_cells(text, cells), main.row.place)


def _listing(sheet: Sheet, rows: Sequence[RowRecord], whole: Place) -> Made:
    text = yaml_text({sheet.key: [row.data for row in rows]})
    cells: dict[Path, tuple[Sheet, RowRecord]] = {
        (sheet.key, i): (sheet, row) for i, row in enumerate(rows)
    }
    return Made(text, _yaml_cells(text, cells), whole)


def _table(sheet: Sheet, rows: Sequence[RowRecord], whole: Place) -> Made:
    flattened = [flat(sheet, row.data) for row in rows]
    names = [
        column.name
        for column in sheet.columns
        if not column.optional or any(row.get(column.name) for row in flattened)
    ]
    text = csv_text(names, flattened)
    table, _ = parse_csv(text, "", names)
    cells = {
        (line.place.line, i): row.row.places.get(name, row.row.place)
        for line, row in zip(table.rows if table else (), rows, strict=True)
        for i, name in enumerate(names, 1)
    }
    return Made(text, cells, whole)


def _yaml_cells(
    text: str, rows: Mapping[Path, tuple[Sheet, RowRecord]]
) -> dict[tuple[int, int], Place]:
    """The cell that each line and column of the text was made from."""
    document, problems = parse_yaml(text, "")
    if document is None:
        raise AssertionError(f"what was written cannot be read: {problems[0]}")
    cells: dict[tuple[int, int], Place] = {}
    for places in (document.places, document.key_places):
        for path, place in places.items():
            start = next((path[:n] for n in range(len(path), -1, -1) if path[:n] in rows), None)
            if start is None:
                continue
            sheet, record = rows[start]
            column = column_at(sheet, path[len(start) :])
            where = record.row.places.get(column.name) if column is not None else None
            cells.setdefault((place.line, place.column), where or record.row.place)
    return cells
