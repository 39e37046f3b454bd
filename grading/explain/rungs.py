"""How each rung of a ladder stands: its conditions, met or not, and the limiters above it."""

from __future__ import annotations

from dataclasses import dataclass

from grading.derive.derive import earlier_records
from grading.explain.measured import Earlier, Measured, conjuncts, measure
from grading.judge.judgments import Grading, Judgment, Limited
from grading.problems import Place
from grading.rules.stages import rungs as rungs_of


@dataclass(frozen=True)
class Rung:
    """A rung of a judgment's ladder and the conditions that it asks together.

    `holds` is whether its whole condition holds: True, False or None for unknown. `withheld` are the
    kinds of evidence on which it would hold alone, if their roles allowed it. `limiters` are those
    that bite, or may, and would hold the judgment below this grade.
    """

    judgment: str
    grade: str
    place: Place
    holds: bool | None
    conditions: tuple[Measured, ...]
    withheld: tuple[str, ...]
    limiters: tuple[Limited, ...]

    @property
    def unmet(self) -> tuple[Measured, ...]:
        """The conditions that do not hold, or of which it is not known."""
        return tuple(c for c in self.conditions if c.truth is not True)

    @property
    def met(self) -> tuple[Measured, ...]:
        """The conditions that hold."""
        return tuple(c for c in self.conditions if c.truth is True)


def ladder(grading: Grading, judgment: Judgment) -> tuple[Rung, ...]:
    """Every rung of a judgment's ladder, best first; none where it was carried forward or has no ladder."""
    if judgment.carried_from or not judgment.graded:
        return ()
    pack, facts = grading.pack, grading.fired.facts
    earlier = earlier_findings(grading)
    order = pack.grades.index
    found = []
    for grade in rungs_of(pack, judgment.id):
        rule = pack.rules[f"{judgment.id}.{grade}"]
        verdict = grading.fired.verdicts[rule.id]
        found.append(
            Rung(
                judgment.id,
                grade,
                rule.place,
                verdict.settled,
                tuple(measure(node, facts, earlier) for node in conjuncts(rule.body)),
                tuple(sorted({s.kind for way in verdict.ways for s in way}))
                if verdict.withheld
                else (),
                tuple(
                    x
                    for x in judgment.limiters
                    if x.bites is not False and order(x.limiter.written.at_best) > order(grade)
                ),
            )
        )
    return tuple(found)


def earlier_findings(grading: Grading) -> Earlier:
    """The earlier findings on a topic, each with its topic, kind and status, by record."""
    return tuple(
        (record.id, topic, record.kind, record.status)
        for topic, records in earlier_records(grading.evidence).items()
        for record in records
        if record.status is not None
    )


def neighbours(rungs: tuple[Rung, ...], derived: tuple[str, ...]) -> tuple[str | None, str | None]:
    """The rung above the best grade that is possible, and the rung below the worst; None at an end."""
    grades = [rung.grade for rung in rungs]
    held = [grades.index(grade) for grade in derived if grade in grades]
    if not held:
        return None, None
    above, below = min(held) - 1, max(held) + 1
    return (
        grades[above] if above >= 0 else None,
        grades[below] if below < len(grades) else None,
    )


def measured_limiter(grading: Grading, limited: Limited) -> tuple[Measured, ...]:
    """How the conditions of a limiter stand."""
    rule = grading.pack.rules[limited.limiter.rule]
    earlier = earlier_findings(grading)
    return tuple(measure(node, grading.fired.facts, earlier) for node in conjuncts(rule.body))
