"""The reading room: files → plain values with places, and models of them."""

from grading.source.cells import cell_choice, cell_date, cell_decimal, cell_int
from grading.source.events import Path
from grading.source.lines import Line
from grading.source.shape import Model, Number, fit, fitter
from grading.source.table import (
    LinePlaces,
    Row,
    Table,
    parse_csv,
    read_csv,
    read_lines,
    row_of,
)
from grading.source.text import read_content, read_text
from grading.source.tree import Document, Places, parse_yaml, read_yaml

__all__ = [
    "Document",
    "Line",
    "LinePlaces",
    "Model",
    "Number",
    "Path",
    "Places",
    "Row",
    "Table",
    "cell_choice",
    "cell_date",
    "cell_decimal",
    "cell_int",
    "fit",
    "fitter",
    "parse_csv",
    "parse_yaml",
    "read_content",
    "read_csv",
    "read_lines",
    "read_text",
    "read_yaml",
    "row_of",
]
