"""How long it takes to say how firmly the grades of Durham stand, and what one perturbation costs.

`python -m tests.benchmarks.robustness [NUMBER]` prints the processor time, of one core, of the whole
table with the time of each family; of so many pairs of records withdrawn and graded again (10,000
unless told); of as many redraws of the samples of the made-up inspection, each graded by itself;
and how many of each changed a grade, so that a run that does nothing is seen.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random

from grading.commands.common import load
from grading.derive.draws import redrawn
from grading.derive.withdraw import Withdrawing
from grading.explain.perturbations import Perturbations
from grading.explain.redraws import Samples
from grading.explain.robustness import robustness
from grading.explain.withdrawals import Withdrawals
from grading.judge.judgments import Grading
from grading.judge.method import grade, program_of
from grading.rules.again import Again
from grading.rules.facts import Facts

ROOT = Path(__file__).parent.parent.parent / "evidence/peel-effectiveness-2016"


def graded(name: str) -> Grading:
    """An inspection of the repository, graded."""
    evidence, pack = load(ROOT / name)
    return grade(evidence, program_of(pack))


def pairs(run: Grading, number: int) -> Iterator[Facts]:
    """The inspection without two of the records that conditions can see, again and again."""
    used, chance = sorted(Withdrawals(run).used), Random("pairs")
    without = Withdrawing(run.derivation, run.evidence, run.pack, run.dropped)
    for _ in range(number):
        two = (used[int(chance.random() * len(used))] for _ in range(2))
        yield without.without(frozenset(two)).facts


def redraws(run: Grading, number: int) -> Iterator[Facts]:
    """The inspection with all its samples drawn again, again and again."""
    facts, names = run.derivation.facts, Samples(run).names
    streams = []
    for name in names:
        drawn = run.derivation.indicators[name].drawn
        assert drawn is not None
        streams.append(redrawn(drawn, run.pack.indicators[name].places, f"2016 {name}"))
    for values in islice(zip(*streams, strict=True), number):
        known = dict(facts.indicators)
        for name, value in zip(names, values, strict=True):
            assert value is not None
            known[name] = replace(known[name], value=value)
        yield replace(facts, indicators=known)


def tell(what: str, seconds: float, number: int, changed: int) -> None:
    """One line: all, each, and how many changed a grade."""
    each = 1000 * seconds / number
    print(f"{what:34} {seconds:7.2f} s {number:8} at {each:6.3f} ms  {changed:6} change a grade")


def main(number: int) -> None:
    """Measure and print."""
    run, force = graded("durham"), graded("example-force")
    for name, one in (("Durham", run), ("made-up inspection", force)):
        start = time.process_time()
        found = robustness(one)
        seconds = time.process_time() - start
        tried = sum(n for family, n in found.tried.items() if family != "redraws")
        altered = sum(len(balance.altered) > 0 for balance in found.judgments.values())
        tell(f"{name}, the whole table", seconds, tried, altered)
    again = Again(run.pack, run.derivation.facts)
    taken: dict[str, list[float]] = {}
    start = time.process_time()
    for perturbation in Perturbations(run):
        again.with_rules(perturbation.rules, perturbation.facts)
        now = time.process_time()
        taken.setdefault(perturbation.family, []).append(now - start)
        start = now
    for family, times in taken.items():
        print(
            f"  {family:32} {sum(times):7.2f} s {len(times):8} at {1000 * sum(times) / len(times):6.3f} ms"
        )
    for what, one, facts in (
        ("Durham, pairs of records", run, pairs(run, number)),
        ("made-up inspection, redraws", force, redraws(force, number)),
    ):
        again = Again(one.pack, one.derivation.facts)
        start = time.process_time()
        changed = sum(again.with_facts(f).judgments != again.final.judgments for f in facts)
        tell(what, time.process_time() - start, number, changed)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
