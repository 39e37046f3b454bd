"""The look of the sheets of an ODS workbook."""

from __future__ import annotations

from collections.abc import Mapping

from grading.evidence.sheets.look import ERRORS, PLAIN, Format, Look, Looking, is_from_elsewhere
from grading.evidence.sheets.xml import Attributes, BadXml, scan
from grading.source.text import LONGEST_TEXT

_HIDDEN = ("collapse", "filter")
_DATA_STYLES = ("number-style", "percentage-style", "currency-style")
_LOOKS_AHEAD = 1_100_000
"""No spreadsheet has more rows: a larger repetition is none that a program made."""


def looks_ods(parts: Mapping[str, bytes], label: str, wanted: frozenset[str]) -> dict[str, Look]:
    """The look of each wanted sheet, by name."""
    styles = _Styles()
    scan(parts.get("styles.xml", b"<styles/>"), styles.start, styles.end)
    content = _Content(label, wanted, styles)
    scan(parts["content.xml"], content.start, content.end, content.text)
    return content.looks


class _Styles:
    """The formats of cells, by the name of their style, and the tables that are not shown."""

    def __init__(self) -> None:
        self._formats: dict[str, Format] = {}
        self._named: dict[str, tuple[str, str]] = {}
        self.hidden_tables: set[str] = set()
        self._data, self._style = "", ""

    def start(self, name: str, given: Attributes) -> None:
        if name in _DATA_STYLES:
            self._data = given.get("name", "")
            self._formats[self._data] = Format(name == "percentage-style")
        elif name == "number" and self._data:
            places = given.get("min-decimal-places", given.get("decimal-places", ""))
            if places.isdecimal():
                before = self._formats[self._data]
                self._formats[self._data] = Format(before.is_percent, min(int(places), 30))
        elif name == "style":
            self._style = given.get("name", "")
            if given.get("family") == "table-cell":
                data, parent = given.get("data-style-name", ""), given.get("parent-style-name", "")
                self._named[self._style] = data, parent
        elif name == "table-properties" and given.get("display") == "false":
            self.hidden_tables.add(self._style)

    def end(self, name: str) -> None:
        if name in _DATA_STYLES:
            self._data = ""

    def of(self, style: str) -> Format:
        """The format that a style of cells gives, or the style that it is based on."""
        for _ in range(20):
            data, parent = self._named.get(style, ("", ""))
            if data or not parent:
                return self._formats.get(data, PLAIN)
            style = parent
        return PLAIN


class _Content:
    """Reads the sheets, element by element."""

    def __init__(self, label: str, wanted: frozenset[str], styles: _Styles) -> None:
        self.looks: dict[str, Look] = {}
        self._label, self._wanted, self._styles = label, wanted, styles
        self._looking: Looking | None = None
        self._depth = 0
        self._row, self._column, self._rows, self._columns = 0, 0, 1, 1
        self._row_is_hidden = False
        self._column_styles: list[tuple[int, str]] = []
        self._hidden_columns: list[tuple[int, int]] = []
        self._used_columns: set[int] = set()
        self._row_style = ""
        self._cell: Attributes | None = None
        self._text: list[str] = []
        self._paragraphs, self._has_breaks, self._remarks = 0, False, 0

    def start(self, name: str, given: Attributes) -> None:
        if name == "table":
            self._table(given)
        elif self._looking is None:
            self._styles.start(name, given)
        elif name == "table-column":
            self._column_definition(given)
        elif name == "table-row":
            self._row += self._rows
            self._rows = _count(given, "number-rows-repeated")
            self._column, self._columns = 1, 0
            self._row_is_hidden = given.get("visibility") in _HIDDEN
            self._row_style = given.get("default-cell-style-name", "")
        elif name in ("table-cell", "covered-table-cell"):
            self._column += self._columns
            self._columns = _count(given, "number-columns-repeated")
            self._cell, self._text = given, []
            self._paragraphs, self._has_breaks = 0, False
        elif self._cell is not None and name == "annotation":
            self._remarks += 1
        elif self._cell is not None and not self._remarks:
            self._text_element(name, given)
        elif name == "cell-range-source":
            self._looking.linked(self._row, self._column)
        elif name in ("table-source", "dde-source"):
            self._looking.linked_sheet()

    def text(self, text: str) -> None:
        if self._cell is not None and self._paragraphs and not self._remarks:
            self._text.append(text)

    def end(self, name: str) -> None:
        if name == "table":
            self._depth -= 1
            self._close_table()
        elif self._looking is None:
            self._styles.end(name)
        elif name == "annotation" and self._cell is not None:
            self._remarks -= 1
        elif name in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._close_cell(self._looking, self._cell)
            self._cell = None

    def _text_element(self, name: str, given: Attributes) -> None:
        if name == "p":
            self._paragraphs += 1
            self._text.append("\n" if self._paragraphs > 1 else "")
        elif name == "s":
            self._text.append(" " * min(_count(given, "c"), LONGEST_TEXT))
        elif name in ("line-break", "tab"):
            self._has_breaks = True
            self._text.append("\n" if name == "line-break" else "\t")

    def _table(self, given: Attributes) -> None:
        self._depth += 1
        if self._depth > 1:
            raise BadXml("a table within a table")
        name = given.get("name", "")
        if name not in self._wanted:
            return
        self._looking = Looking(self._label, name)
        self._row, self._rows = 1, 0
        self._column_styles, self._hidden_columns, self._used_columns = [], [], set()
        if given.get("style-name", "") in self._styles.hidden_tables:
            self._looking.hidden_sheet()

    def _close_table(self) -> None:
        if self._looking is None:
            return
        for first, last in self._hidden_columns:
            for column in sorted(c for c in self._used_columns if first <= c <= last):
                self._looking.hidden_column(column)
        self.looks[self._looking.sheet] = self._looking.look()
        self._looking = None

    def _column_definition(self, given: Attributes) -> None:
        before = self._column_styles[-1][0] if self._column_styles else 0
        last = before + _count(given, "number-columns-repeated")
        self._column_styles.append((last, given.get("default-cell-style-name", "")))
        if given.get("visibility") in _HIDDEN:
            self._hidden_columns.append((before + 1, last))

    def _close_cell(self, looking: Looking, cell: Attributes) -> None:
        row, column = self._row, self._column
        spans = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if spans != (1, 1):
            looking.merged((row, column), (row + spans[0] - 1, column + spans[1] - 1))
        formula, kind = cell.get("formula"), cell.get("value-type")
        if formula is None and kind is None and not self._text:
            return
        if not looking.filled(row, column, self._rows, self._columns):
            return
        if self._row_is_hidden:
            looking.hidden_row(row, self._rows)
        self._used_columns.update(range(column, column + self._columns))
        written = "".join(self._text)
        if self._has_breaks and kind == "string":
            for beside in range(column, column + self._columns):
                for below in range(row, row + self._rows):
                    looking.texts[below, beside] = written
        written = written.strip()
        if is_from_elsewhere(formula or ""):
            looking.linked(row, column)
        elif kind == "error" or written in ERRORS or written.startswith("Err:"):
            looking.error(row, column, written)
        elif formula is not None and kind is None:
            looking.no_value(row, column)
        self._formats(looking, cell, kind or "")

    def _formats(self, looking: Looking, cell: Attributes, kind: str) -> None:
        if kind not in ("float", "percentage", "currency"):
            return
        for column in range(self._column, self._column + self._columns):
            style = cell.get("style-name") or self._row_style or self._of_column(column)
            places = self._styles.of(style).places
            form = Format(kind == "percentage", places)
            for row in range(self._row, self._row + self._rows):
                looking.shown(row, column, form)

    def _of_column(self, column: int) -> str:
        return next((style for last, style in self._column_styles if column <= last), "")


def _count(given: Attributes, name: str) -> int:
    text = given.get(name, "1")
    return min(int(text), _LOOKS_AHEAD) if text.isdecimal() and len(text) < 12 else 1
