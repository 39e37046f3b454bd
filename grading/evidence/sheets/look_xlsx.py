"""The look of the sheets of an XLSX workbook."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from grading.evidence.sheets.container import links_in
from grading.evidence.sheets.look import (
    PLAIN,
    Format,
    Look,
    Looking,
    Spot,
    format_of,
    is_from_elsewhere,
)
from grading.evidence.sheets.xml import Attributes, scan

_BUILT_IN: Mapping[int, Format] = {
    2: Format(places=2),
    4: Format(places=2),
    9: Format(is_percent=True),
    10: Format(is_percent=True, places=2),
    39: Format(places=2),
    40: Format(places=2),
}
"""The number formats that XLSX numbers and does not write out."""

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_OTHER_FILE = re.compile(r"\[[0-9]+\]")
"""How a formula names another file: by its number in the list of them."""

_ON = ("1", "true")


def looks_xlsx(parts: Mapping[str, bytes], label: str, wanted: frozenset[str]) -> dict[str, Look]:
    """The look of each wanted sheet, by name."""
    has_links = bool(links_in(parts))
    formats = _Styles(parts.get("xl/styles.xml", b"")).formats
    targets = _Targets(parts.get("xl/_rels/workbook.xml.rels", b"")).targets
    looks = {}
    for name, relation, is_hidden in _Sheets(parts["xl/workbook.xml"]).sheets:
        part = parts.get(targets.get(relation, ""))
        if name in wanted and part is not None:
            sheet = _Sheet(Looking(label, name), formats, has_links)
            scan(part, sheet.start, sheet.end, sheet.text)
            if is_hidden:
                sheet.looking.hidden_sheet()
            looks[name] = sheet.look()
    return looks


class _Sheets:
    """The sheets of the workbook: name, relation, and whether they are hidden."""

    def __init__(self, part: bytes) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        scan(part, self._start, lambda name: None)

    def _start(self, name: str, given: Attributes) -> None:
        if name == "sheet":
            is_hidden = given.get("state", "visible") != "visible"
            self.sheets.append((given.get("name", ""), given.get("id", ""), is_hidden))


class _Targets:
    """The parts that the workbook's relations lead to."""

    def __init__(self, part: bytes) -> None:
        self.targets: dict[str, str] = {}
        if part:
            scan(part, self._start, lambda name: None)

    def _start(self, name: str, given: Attributes) -> None:
        if name == "Relationship":
            target = given.get("Target", "")
            path = target[1:] if target.startswith("/") else posixpath.join("xl", target)
            self.targets[given.get("Id", "")] = posixpath.normpath(path)


class _Styles:
    """The formats of cells, by the number by which cells name them."""

    def __init__(self, part: bytes) -> None:
        self.formats: list[Format] = []
        self._codes: dict[int, Format] = dict(_BUILT_IN)
        self._is_inside = False
        if part:
            scan(part, self._start, self._end)

    def _start(self, name: str, given: Attributes) -> None:
        if name == "numFmt" and given.get("numFmtId", "").isdecimal():
            self._codes[int(given["numFmtId"])] = format_of(given.get("formatCode", ""))
        elif name == "cellXfs":
            self._is_inside = True
        elif name == "xf" and self._is_inside:
            number = given.get("numFmtId", "0")
            form = self._codes.get(int(number), PLAIN) if number.isdecimal() else PLAIN
            self.formats.append(form)

    def _end(self, name: str) -> None:
        if name == "cellXfs":
            self._is_inside = False


class _Sheet:
    """Reads one sheet, element by element."""

    def __init__(self, looking: Looking, formats: list[Format], has_links: bool) -> None:
        self.looking, self.formats, self._has_links = looking, formats, has_links
        self._row, self._column = 0, 0
        self._row_is_hidden = False
        self._hidden_columns: list[Spot] = []
        self._used_columns: set[int] = set()
        self._cell: Attributes = {}
        self._said: dict[str, list[str]] = {}
        self._saying = ""

    def look(self) -> Look:
        for first, last in self._hidden_columns:
            for column in sorted(c for c in self._used_columns if first <= c <= last):
                self.looking.hidden_column(column)
        return self.looking.look()

    def start(self, name: str, given: Attributes) -> None:
        match name:
            case "col":
                ends = given.get("min", ""), given.get("max", "")
                if given.get("hidden") in _ON and all(map(str.isdecimal, ends)):
                    self._hidden_columns.append((int(ends[0]), int(ends[1])))
            case "row":
                number = given.get("r", "")
                self._row = int(number) if number.isdecimal() else self._row + 1
                self._column = 0
                self._row_is_hidden = given.get("hidden") in _ON
            case "c":
                spot = spot_of(given.get("r", ""))
                self._row, self._column = spot or (self._row, self._column + 1)
                self._cell, self._said = given, {}
            case "f" | "v" | "is":
                self._said[name] = []
                self._saying = name
            case "mergeCell":
                first, _, last = given.get("ref", "").partition(":")
                self.looking.merged(spot_of(first) or (1, 1), spot_of(last) or (1, 1))

    def text(self, text: str) -> None:
        if self._saying:
            self._said[self._saying].append(text)

    def end(self, name: str) -> None:
        if name in ("f", "v", "is"):
            self._saying = ""
        elif name == "c":
            self._close()

    def _close(self) -> None:
        row, column, kind = self._row, self._column, self._cell.get("t", "n")
        value, formula = ("".join(self._said.get(part, ())) for part in ("v", "f"))
        if not self._said or not self.looking.filled(row, column):
            return
        if self._row_is_hidden:
            self.looking.hidden_row(row)
        self._used_columns.add(column)
        if is_from_elsewhere(formula) or (self._has_links and _OTHER_FILE.search(formula)):
            self.looking.linked(row, column)
        elif kind == "e":
            self.looking.error(row, column, value)
        elif "f" in self._said and not value and not ("v" in self._said and kind == "str"):
            self.looking.no_value(row, column)
        style = self._cell.get("s", "")
        if kind == "n" and style.isdecimal() and int(style) < len(self.formats):
            self.looking.shown(row, column, self.formats[int(style)])


def spot_of(reference: str) -> Spot | None:
    """The row and column of a reference such as B7."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column
