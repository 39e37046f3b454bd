"""What a run store costs: a run with and without it, and verifying many runs.

`python -m tests.benchmarks.store [RUNS]` prints the median time of whole processes that grade Durham
with and without a store; of one append to a store of RUNS different records of that size, each with
evidence of its own, which is the most there can be to enter and to verify; time and peak memory of
`grading audit verify` over all of them, and with `--replay` over runs by several packs; then the
writers that are killed at random moments, and what they lost.
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
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from grading.commands.common import read_inputs
from grading.record.appending import append
from grading.record.chain import About
from grading.record.document import document
from grading.record.run_record import RunRecord, record_of, written
from grading.record.store import content_of, entries_of
from grading.record.taken import taken_in
from grading.record.verify import verify

ROOT = Path(__file__).parent.parent.parent
EVIDENCE = "evidence/peel-effectiveness-2016/durham"
ABOUT = About(inspection="i", body="B", pack="p", pack_version="1.0.0", as_of="2017-03-31")
GRADING = [sys.executable, "-m", "grading"]
KILLS = 150


@dataclass(frozen=True)
class Cost:
    """The time that a process takes, how much of it a processor works, and its peak memory in MB.

    The memory is that of the process or of one that it started, whichever has more.
    """

    seconds: float
    worked: float
    peak: float


def measured(command: list[str]) -> Cost:
    """What a process costs that ends well."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"failed: {command}")
    taken = time.perf_counter() - start
    return Cost(taken, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def whole_runs(store: Path, times: int) -> None:
    """A run with a store and one without, in turn."""
    kinds = {"with a store": ["--store", str(store)], "without": ["--no-store"]}
    costs: dict[str, list[Cost]] = {kind: [] for kind in kinds}
    for _ in range(times):
        for kind, words in kinds.items():
            costs[kind].append(measured([*GRADING, "run", EVIDENCE, *words]))
    for kind, found in costs.items():
        seconds = statistics.median(cost.seconds for cost in found)
        worked = statistics.median(cost.worked for cost in found)
        print(f"run {kind:14} {seconds:7.3f} s, {worked:.3f} s of a processor  (median of {times})")


def many(store: Path, runs: int) -> None:
    """Many different records of the size of Durham's, and what it costs to verify them."""
    inputs = read_inputs(ROOT / EVIDENCE)
    record = record_of(inputs, document(inputs.grade()))
    times = []
    size = 0
    for number in range(runs):
        content = written(numbered(record, number))
        taken = taken_in(content).everything
        start = time.perf_counter()
        append(store, content, ABOUT, datetime.now(UTC), taken)
        times.append(time.perf_counter() - start)
        size += len(content)
    last = statistics.median(times[-20:])
    print(f"append             {statistics.median(times):7.3f} s  (median of {runs})")
    print(f"append             {last:7.3f} s  (median of the last 20)")
    cost = measured([*GRADING, "audit", "verify", "--store", str(store)])
    entries = len(list(entries_of(store)))
    print(
        f"audit verify       {cost.seconds:7.3f} s, {cost.worked:.3f} s of a processor,"
        f" {cost.peak:.0f} MB of memory"
        f"  ({runs} runs, {entries} entries, {size / 1e6:,.0f} MB of records)"
    )


def numbered(record: RunRecord, number: int) -> RunRecord:
    """A record of another run with other evidence."""
    document_ = {**record.document, "number": number}
    document_["inspection"] = {"id": ABOUT.inspection}
    evidence = record.inputs.evidence.model_copy(update={"digest": f"{number:064x}"})
    inputs = record.inputs.model_copy(update={"evidence": evidence})
    return record.model_copy(update={"document": document_, "inputs": inputs})


def by_packs(home: Path, packs: int) -> None:
    """Runs by so many packs made again: the memory is that of one pack."""
    for folder in ("evidence", "rules"):
        shutil.copytree(ROOT / folder, home / folder)
    store = home / "store"
    for number in range(packs):
        with (home / "rules/peel-effectiveness-2016/pack.yaml").open("a") as file:
            file.write(f"# {number}\n")
        for words in ([], ["--as-of", "2017-03-01"]):
            run = [*GRADING, "run", str(home / EVIDENCE), "--store", str(store), *words]
            measured(run)
    cost = measured([*GRADING, "audit", "verify", "--replay", "--store", str(store)])
    print(
        f"verify --replay    {cost.seconds:7.3f} s, {cost.worked:.3f} s of a processor,"
        f" {cost.peak:.0f} MB of memory"
        f"  ({2 * packs} runs by {packs} packs)"
    )


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
        for packs in (1, 2, 8):
            by_packs(Path(scratch, str(packs)), packs)
        killed(Path(scratch, "killed"), KILLS)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
