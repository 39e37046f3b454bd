"""Time of explaining everything about an inspection, with the time for each target.

`python -m tests.benchmarks.explaining [EVIDENCE]` grades it (Durham, where none is named) and then
explains every target, says why not of every rung above and below, finds the smallest changes up to
two for every judgment, and what is missing from each judgment when no fieldwork was gathered.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from grading.commands.common import load
from grading.explain.missing import missing
from grading.explain.moved import moved
from grading.explain.why import Explainer
from grading.judge.method import grade, program_of

ROOT = Path(__file__).parent.parent.parent
DURHAM = ROOT / "evidence" / "peel-effectiveness-2016" / "durham"


def told(name: str, each: Iterable[tuple[str, Callable[[], object]]]) -> float:
    """The seconds that all take, printed with their number, median and the slowest."""
    times = {}
    for target, work in each:
        start = time.perf_counter()
        work()
        times[target] = time.perf_counter() - start
    slowest = max(times, key=lambda target: times[target])
    print(
        f"{name:34} {len(times):5}  {sum(times.values()):7.2f} s in all"
        f"  {statistics.median(times.values()) * 1000:8.2f} ms median"
        f"  {times[slowest] * 1000:8.1f} ms {slowest}"
    )
    return sum(times.values())


def main(folder: Path) -> None:
    """Explain everything, and print what it took."""
    evidence, pack = load(folder)
    program = program_of(pack)
    grading = grade(evidence, program)
    explainer = Explainer(grading)
    judged = {name: j for name, j in explainer.judged().items() if j.graded}
    questions = {name: j for name, j in grading.judgments.items() if j.graded}
    targets = explainer.targets()
    whole = told("why, every target", ((t, partial(explainer.why, t)) for t in targets))
    whole += told(
        "why not, every other grade",
        (
            (f"{name} {g}", partial(explainer.why_not, name, g))
            for name in judged
            for g in pack.grades
        ),
    )
    whole += told(
        "smallest changes, up to two",
        ((name, partial(moved, grading, explainer.where, j, 2)) for name, j in judged.items()),
    )
    print(f"everything: {whole:.2f} s")
    open_ = grade(evidence, program, frozenset({"fieldwork"}))
    where = Explainer(open_).where
    told(
        "missing, without any fieldwork",
        ((name, partial(missing, open_, where, open_.judgments[name])) for name in questions),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DURHAM)
