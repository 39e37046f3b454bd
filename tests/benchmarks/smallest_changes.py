"""What it costs to find all that could change about Durham: seconds for each target, without loading.

`python -m tests.benchmarks.smallest_changes [SIZE]` prints, for every question, the overall judgment and every
sub-question, the seconds for all smallest sets of at most SIZE changes that move it (2 unless said
otherwise), and for the exact grades it may have: with all evidence, as of a day in the middle of the
fieldwork, and without any fieldwork.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from grading.commands.common import load
from grading.explain.flips import flips
from grading.explain.unknowns import unknowns
from grading.judge.method import grade, program_of
from grading.judge.position import Position, position
from grading.rules.pack import Kind

DURHAM = Path(__file__).parent.parent.parent / "evidence/peel-effectiveness-2016/durham"
HALFWAY = date(2016, 10, 15)


def durham(as_of: date | None = None, dropped: frozenset[Kind] = frozenset()) -> Position:
    """Where Durham stands, with the evidence of a day and without some kinds."""
    evidence, pack = load(DURHAM, as_of)
    return position(grade(evidence, program_of(pack), dropped))


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(most: int) -> None:
    """Measure each target once and print the seconds."""
    whole, halfway = durham(), durham(HALFWAY)
    nobody = durham(dropped=frozenset({"fieldwork"}))
    print(f"{'every settled state of every criterion':42} {seconds(lambda: whole.reachable):7.3f}")
    print(f"{'':42} {f'flips {most}':>7} {'exact':>7} {'halfway':>7} {'nobody':>7}")
    totals = [0.0] * 4
    for judgment in whole.graded:
        spent = [
            seconds(lambda judgment=judgment: flips(whole, judgment, most)),  # type: ignore[misc]
            *(
                seconds(lambda judgment=judgment, at=at: unknowns(at, judgment))  # type: ignore[misc]
                for at in (whole, halfway, nobody)
            ),
        ]
        print(f"{judgment:42} " + " ".join(f"{one:7.3f}" for one in spent))
        totals = [total + one for total, one in zip(totals, spent, strict=True)]
    print(f"{'together':42} " + " ".join(f"{total:7.3f}" for total in totals))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
