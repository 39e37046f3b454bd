"""Whole-process time and peak memory of grading Durham, beside an interpreter that only reads its files.

`python -m tests.benchmarks.cold_run [RUNS]` runs the two in turn and prints the median of each, and
the median of the ratios pair by pair: machines drift, ratios less so.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
EVIDENCE = "evidence/peel-effectiveness-2016/durham"
GRADE = [sys.executable, "-m", "grading", "run", EVIDENCE, "--format", "json"]
READ = [
    sys.executable,
    "-c",
    "import pathlib, pydantic, yaml, click\n"
    "loader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)\n"
    f"for folder in ('{EVIDENCE}', 'rules/peel-effectiveness-2016'):\n"
    "    for path in sorted(pathlib.Path(folder).glob('*.yaml')):\n"
    "        yaml.load(path.read_text('utf-8'), Loader=loader)\n",
]


def measure(command: list[str]) -> tuple[float, float]:
    """Seconds of wall time, and peak memory in MiB, of one finished process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"failed: {command}")
    return seconds, usage.ru_maxrss / 1024


def main(runs: int) -> None:
    """Measure in turn and print medians."""
    measure(GRADE)
    measure(READ)
    graded, read = [], []
    for _ in range(runs):
        graded.append(measure(GRADE))
        read.append(measure(READ))
    ratio = statistics.median(g[0] / r[0] for g, r in zip(graded, read, strict=True))
    for name, figures in (("grade", graded), ("read only", read)):
        seconds = statistics.median(f[0] for f in figures)
        memory = statistics.median(f[1] for f in figures)
        print(f"{name:10} {seconds:6.2f} s  {memory:6.0f} MiB  (median of {runs})")
    print(f"ratio      {ratio:6.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
