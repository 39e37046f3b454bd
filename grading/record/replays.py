"""Every run of a store made again, with the memory of one rule pack at a time.

The engine keeps each pack that was put into it until its process ends. So the runs by each pack are
made again in a process of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from pydantic import BaseModel, ValidationError

from grading.engine.compile import Program
from grading.engine.run import Disagreement
from grading.engine.shapes import EngineFault
from grading.problems import Problem
from grading.record.integrity import IntegrityBroken
from grading.record.reading import read_record
from grading.record.replay import replay
from grading.record.run_record import FolderPart, RunRecord
from grading.record.store import content_of


@dataclass(frozen=True)
class Replays:
    """What is wrong with runs that were made again.

    `fault` is the first run in which the engine failed, which ends the process that it was made in.
    """

    problems: tuple[Problem, ...] = ()
    fault: str | None = None


class _Pack(BaseModel):
    label: str
    digest: str


class _Inputs(BaseModel):
    pack: _Pack


class _Packed(BaseModel):
    """What tells records by one pack from those by another."""

    inputs: _Inputs


def replay_all(store: Path, runs: Iterable[str]) -> tuple[Problem, ...]:
    """Every problem with the runs of a store, made again. Raises Disagreement and EngineFault."""
    problems: list[Problem] = []
    for group in by_pack(store, runs):
        with ProcessPoolExecutor(1, get_context("spawn")) as apart:
            made = apart.submit(replay_each, store, group).result()
        problems += made.problems
        if made.fault is not None:
            replay(*_read(store, made.fault))  # raises it here, where it can be saved
            raise EngineFault(f"the engine failed in run {made.fault}, and then did not")
    return tuple(sorted(set(problems)))


def by_pack(store: Path, runs: Iterable[str]) -> list[tuple[str, ...]]:
    """The runs in groups, each of which has one rule pack."""
    groups: dict[str, list[str]] = defaultdict(list)
    for run in runs:
        groups[_pack(content_of(store, run))].append(run)
    return [tuple(group) for group in groups.values()]


def replay_each(store: Path, runs: Iterable[str]) -> Replays:
    """The runs made again here, one after the other; a pack is put into the engine once."""
    problems: list[Problem] = []
    programs: list[tuple[FolderPart, Program]] = []
    for run in runs:
        try:
            record, label = _read(store, run)
            pack = record.inputs.pack
            known = next((program for same, program in programs if same == pack), None)
            grading = replay(record, label, known)
        except IntegrityBroken as error:
            problems += error.problems
        except (Disagreement, EngineFault):
            return Replays(tuple(problems), run)
        else:
            programs += [(pack, grading.program)] if known is None else []
    return Replays(tuple(problems))


def _read(store: Path, run: str) -> tuple[RunRecord, str]:
    label = f"run {run}"
    return read_record(content_of(store, run), label), label


def _pack(content: bytes) -> str:
    try:
        pack = _Packed.model_validate_json(content).inputs.pack
    except ValidationError:
        return ""  # told when it is read whole
    return f"{pack.digest} {pack.label}"
