"""Time of the three commands that answer a policy team: prove, diff and impact, each a process.

`python -m tests.benchmarks.changing [TIMES]` lowers one threshold of investigating crime in a copy of
the police pack and runs each command so often over the shipped evidence; the fastest run counts. Both
the time on the clock and that of the processor are printed.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACK = ROOT / "rules" / "peel-effectiveness-2016"
ASKED = "charged-against-england-and-wales, at-least: "


def lowered(folder: Path) -> Path:
    """The police pack in a folder, with one threshold lowered."""
    shutil.copytree(PACK, folder)
    file = folder / "investigating-crime.yaml"
    text = file.read_text("utf-8")
    assert text.count(f"{ASKED}3") == 1
    file.write_text(text.replace(f"{ASKED}3", f"{ASKED}2"), "utf-8")
    return folder


def took(*options: str) -> tuple[float, float]:
    """The seconds that a command takes: on the clock, and of the processor."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "grading", "rules", *options],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, used


def main(times: int) -> None:
    """Run each command, and print what it took."""
    with tempfile.TemporaryDirectory() as around:
        changed = str(lowered(Path(around) / "changed"))
        commands = {
            "prove": ("prove", changed),
            "diff": ("diff", str(PACK), changed),
            "impact": ("impact", str(PACK), changed, "--over", str(ROOT / "evidence")),
        }
        clocks = used = 0.0
        for name, options in commands.items():
            runs = [took(*options) for _ in range(times)]
            clock, processor = min(runs)[0], min(run[1] for run in runs)
            clocks, used = clocks + clock, used + processor
            print(f"{name:8} {clock:6.2f} s on the clock  {processor:6.2f} s of the processor")
        print(f"{'all':8} {clocks:6.2f} s on the clock  {used:6.2f} s of the processor")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
