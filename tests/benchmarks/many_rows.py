"""Time and peak memory of `grading evidence check` on made-up inspections of many metric rows.

`python -m tests.benchmarks.many_rows [ROWS…]` writes them into a temporary folder, checks each in a
process of its own, as text, and prints what it took, and what it took for each row beyond what an
inspection of no rows takes. Processor time counts: it depends less on what else the machine does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from grading.rules.load import load_pack
from tests.many import write_inspection

ROOT = Path(__file__).parent.parent.parent
RULES = ROOT / "rules"
ROWS = (10_000, 100_000, 1_000_000)
_DONE = {0, 1}  # nothing found, or something


@dataclass(frozen=True)
class Taken:
    """What one check took."""

    wall: float
    processor: float
    mebibytes: float
    lines: int  # of its output


def measure(folder: Path) -> Taken:
    """What a check of the evidence in a folder took, in a process of its own."""
    command = [sys.executable, "-m", "grading", "evidence", "check", str(folder)]
    said = folder.with_suffix(".txt")
    with said.open("w") as out:
        start = time.perf_counter()
        process = subprocess.Popen([*command, "--rules", str(RULES)], cwd=ROOT, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in _DONE:
        raise SystemExit(f"failed: {command}")
    lines = len(said.read_text("utf-8").splitlines())
    return Taken(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, lines)


def main(sizes: tuple[int, ...]) -> None:
    """Measure each size and print it."""
    pack = load_pack(RULES / "peel-effectiveness-2016")
    print(f"{'rows':>10}  {'wall':>8}  {'processor':>9}  {'a row':>8}  {'peak':>9}  a row   output")
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "rows"
        write_inspection(folder, pack, 0)
        none = measure(folder)
        for rows in sizes:
            write_inspection(folder, pack, rows)
            taken = measure(folder)
            seconds = (taken.processor - none.processor) / rows * 1_000_000
            size = (taken.mebibytes - none.mebibytes) / rows * 1024 * 1024
            print(
                f"{rows:10,}  {taken.wall:6.1f} s  {taken.processor:7.1f} s  {seconds:5.1f} µs"
                f"  {taken.mebibytes:5.0f} MiB  {size:5,.0f}   {taken.lines:,} lines"
            )


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or ROWS)
