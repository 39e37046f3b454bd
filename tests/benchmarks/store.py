"""What a run store costs: a run with and without it, and verifying many runs.

`python -m tests.benchmarks.store [RUNS]` prints the median time of whole processes that grade Durham
with and without a store, of one append to a store of RUNS different records of that size, and of
verifying all of them; then the writers that are killed at random moments, and what they lost.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from grading.commands.common import read_inputs
from grading.record.appending import append
from grading.record.chain import About
from grading.record.document import document
from grading.record.run_record import record_of, written
from grading.record.store import content_of
from grading.record.verify import verify

ROOT = Path(__file__).parent.parent.parent
EVIDENCE = "evidence/peel-effectiveness-2016/durham"
ABOUT = About(inspection="i", body="B", pack="p", pack_version="1.0.0", as_of="2017-03-31")
KILLS = 150


def measured(command: list[str]) -> tuple[float, float]:
    """The time that a process takes, and how much of it a processor works."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"failed: {command}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime


def whole_runs(store: Path, times: int) -> None:
    """A run with a store and one without, in turn."""
    grade = [sys.executable, "-m", "grading", "run", EVIDENCE]
    kinds = {"with a store": ["--store", str(store)], "without": ["--no-store"]}
    taken: dict[str, list[tuple[float, float]]] = {kind: [] for kind in kinds}
    for _ in range(times):
        for kind, words in kinds.items():
            taken[kind].append(measured([*grade, *words]))
    for kind, pairs in taken.items():
        seconds, worked = (statistics.median(pair[i] for pair in pairs) for i in (0, 1))
        print(f"run {kind:14} {seconds:7.3f} s, {worked:.3f} s of a processor  (median of {times})")


def many(store: Path, runs: int) -> None:
    """Many different records of the size of Durham's, and how long it takes to verify them."""
    inputs = read_inputs(ROOT / EVIDENCE)
    record = record_of(inputs, document(inputs.grade()))
    contents = (
        written(record.model_copy(update={"document": {**record.document, "number": number}}))
        for number in range(runs)
    )
    times = []
    size = 0
    for content in contents:
        start = time.perf_counter()
        append(store, content, ABOUT, datetime.now(UTC), ())
        times.append(time.perf_counter() - start)
        size += len(content)
    print(f"append             {statistics.median(times):7.3f} s  (median of {runs})")
    start = time.perf_counter()
    found = verify(store)
    taken = time.perf_counter() - start
    assert (len(found.entries), found.problems) == (runs, ())
    print(f"verify {runs:6} runs {taken:7.3f} s  ({size / 1e6:,.0f} MB)")


def killed(store: Path, kills: int) -> None:
    """Two writers at once, killed at random moments; every run that was told of is there."""
    chance = random.Random(1)
    told: set[str] = set()
    start = time.perf_counter()
    for trial in range(kills):
        writers = [writer(store, trial, name) for name in range(2)]
        time.sleep(chance.uniform(0, 0.5))
        for process, reading in writers:
            os.kill(process, signal.SIGKILL)
            with os.fdopen(reading, encoding="utf-8") as lines:
                told |= {line.strip() for line in lines if line.endswith("\n")}
            os.waitpid(process, 0)
        if trial % 50 == 49:
            assert verify(store).problems == ()
    found = verify(store)
    assert found.problems == ()
    lost = [run for run in told if not content_of(store, run)]
    print(
        f"killed {2 * kills} writers in {time.perf_counter() - start:.0f} s: {len(told)} runs told of,"
        f" {len(found.entries)} entries, {len(set(told) - set(found.runs)) + len(lost)} lost,"
        f" {len(found.unfinished)} files left unfinished"
    )


def writer(store: Path, trial: int, name: int) -> tuple[int, int]:
    """A process that records until it is killed, and where it says what it was told of."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    os.close(reading)
    number = 0
    while True:
        content = json.dumps([trial, name, number] * 500).encode()
        entry = append(store, content, ABOUT, datetime.now(UTC), ())
        os.write(writing, f"{entry.record}\n".encode())
        number += 1


def main(runs: int) -> None:
    """Measure and print."""
    with TemporaryDirectory() as scratch:
        whole_runs(Path(scratch, "whole"), 9)
        many(Path(scratch, "many"), runs)
        shutil.rmtree(Path(scratch, "many"))
        killed(Path(scratch, "killed"), KILLS)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
