"""Whole-process time and peak memory of a report on Durham, and its size.

`python -m tests.benchmarks.report [RUNS]` prints the median.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.cold_run import EVIDENCE, measure


def main(runs: int) -> None:
    """Measure and print medians."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.html"
        command = [sys.executable, "-m", "grading", "report", EVIDENCE, "--out", str(out)]
        measured = [measure(command) for _ in range(runs)]
        seconds = statistics.median(m[0] for m in measured)
        memory = statistics.median(m[1] for m in measured)
        size = len(out.read_bytes())
    print(f"report {seconds:6.2f} s  {memory:6.0f} MiB  {size:,} bytes  (median of {runs})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
