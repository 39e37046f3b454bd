"""The shipped packs, and every change of them that mutation tries; each is made once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from grading.policy.mutants import Mutant, mutants
from grading.rules.files import read_pack
from grading.rules.load import load_pack
from grading.rules.loaded import Pack

RULES = Path(__file__).parent.parent / "rules"
PEEL, FOOD = RULES / "peel-effectiveness-2016", RULES / "food-hygiene"


@cache
def pack_of(folder: Path) -> Pack:
    return load_pack(folder)


@cache
def every(folder: Path) -> tuple[Mutant, ...]:
    files = read_pack(folder)
    manifest, series = (files.yaml(name)[0] for name in ("pack.yaml", "series.yaml"))
    assert manifest is not None
    return mutants(pack_of(folder), manifest, series)
