"""Cells with their places, whatever file they come from."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from grading.problems import Place

Value = str | bool | Decimal | datetime.date
"""What a cell holds. An empty cell is no cell."""


@dataclass(frozen=True)
class Cell:
    """One cell that is not empty. A percentage holds what it shows: 16.4 for 16.4%."""

    value: Value
    place: Place
    is_percent: bool = False


@dataclass(frozen=True)
class SheetRow:
    """One row: its cells by column, and where each cell is or would be."""

    place: Place
    cells: Mapping[str, Cell]
    places: Mapping[str, Place]


@dataclass(frozen=True)
class Filled:
    """One sheet or table as it was filled in: its rows, under its columns."""

    name: str
    place: Place
    columns: Mapping[str, Place]
    rows: tuple[SheetRow, ...]
