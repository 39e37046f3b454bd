"""Fire a pack's rules on the facts of an inspection, and check the engine against the definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grading.engine.compile import ALWAYS, Program, node_fact
from grading.engine.shapes import Fact
from grading.engine.wall import Close, Firing, Session, fire
from grading.rules.definition import Verdict, shows, tally
from grading.rules.facts import Facts, RecordFact
from grading.rules.pack import OUTCOMES
from grading.rules.rule import STAGES, Count, OutcomeIn, Sought, Stage
from grading.rules.stages import advance, by_definition


@dataclass(frozen=True)
class Fired:
    """What the engine made of an inspection: every rule's verdict, the facts, the firings."""

    verdicts: Mapping[str, Verdict]
    facts: Facts
    firings: tuple[Firing, ...]


class Disagreement(Exception):
    """The engine and the definition differ on some rules; nothing was graded.

    `rules` has each rule with its verdict by the definition and by the engine.
    """

    def __init__(
        self, program: Program, rules: Sequence[tuple[str, Verdict, Verdict]], facts: Facts
    ) -> None:
        self.program, self.rules, self.facts = program, tuple(rules), facts
        super().__init__(
            "; ".join(
                f"`{rule}` is {_said(defined)} by definition and {_said(fired)} by the engine"
                for rule, defined, fired in self.rules
            )
            or "outcomes, findings or judgments differ"
        )


def run_engine(program: Program, facts: Facts) -> Fired:
    """Fire every stage. What the engine concludes is all that later stages see."""
    stepper = _Stepper(program, facts)
    session = fire(program.compiled, stepper.first(), stepper.closes())
    return Fired(stepper.verdicts(session), stepper.facts, session.firings)


def run_checked(program: Program, facts: Facts) -> Fired:
    """Fire every stage and raise Disagreement unless the definition says the same of everything."""
    fired = run_engine(program, facts)
    defined, final = by_definition(program.pack, facts)
    differ = tuple(
        (rule, defined[rule], fired.verdicts[rule])
        for rule in program.pack.rules
        if defined[rule] != fired.verdicts[rule]
    )
    if differ or fired.facts != final:
        raise Disagreement(program, differ, facts)
    return fired


class _Stepper:
    """Between stages, turns what has fired into facts and asserts what the next stage asks about."""

    def __init__(self, program: Program, facts: Facts) -> None:
        self.program, self.facts = program, facts

    def first(self) -> Iterator[Fact]:
        """The records, the indicators and what always holds."""
        yield Fact("always", ALWAYS.kind, ALWAYS.key)
        for records in self.facts.records.values():
            for record in records:
                if not record.withdrawn:
                    yield record_fact(record)
        for indicator in self.facts.indicators.values():
            fields = {"value": indicator.value}
            key = indicator.id
            yield Fact(f"indicator {key}", "indicator", key, fields, indicator.way)

    def closes(self) -> list[Close]:
        """What to assert after the records have fired, and after each stage but the last."""
        return [self._absences, *(self._after(stage) for stage in STAGES[:-1]), self._last]

    def _absences(self, known: Mapping[str, Fact]) -> Iterator[Fact]:
        """That nothing was found where it was searched for; and counts of earlier findings."""
        seen = {fact.key for fact in known.values() if fact.kind == "node"}
        for node, name in self.program.nodes.items():
            if isinstance(node, Sought) and name not in seen and self._absent(node):
                yield node_fact(name, False, frozenset())
        yield from self._tallies("previous")

    def _absent(self, node: Sought) -> bool:
        about = [r for topic in node.topics for r in self.facts.records.get(topic, ())]
        perhaps = any((r.open or r.withdrawn) and shows(r, node, left_out=r.open) for r in about)
        return self.facts.concluded.issuperset(node.topics) and not perhaps

    def _after(self, stage: Stage) -> Close:
        def close(known: Mapping[str, Fact]) -> Iterator[Fact]:
            self._advance(stage, known)
            match stage:
                case "criteria":
                    yield from self._outcomes()
                    yield from self._tallies("outcomes")
                case "findings":
                    yield from self._tallies("findings")
                case "questions":
                    yield from self._tallies("judgments")
                case _:
                    return

        return close

    def _last(self, known: Mapping[str, Fact]) -> Iterator[Fact]:
        self._advance(STAGES[-1], known)
        yield from ()

    def _advance(self, stage: Stage, known: Mapping[str, Fact]) -> None:
        truths = {rule: v.settled for rule, v in self._verdicts(known).items()}
        self.facts = advance(self.program.pack, stage, truths, self.facts)

    def _outcomes(self) -> Iterator[Fact]:
        asked = {n.criterion for n in self.program.nodes if isinstance(n, OutcomeIn)}
        for criterion in sorted(asked):
            possible = self.facts.outcomes[criterion]
            may = {f"may_{o.replace('-', '_')}": int(o in possible) for o in OUTCOMES}
            yield Fact(f"outcome of {criterion}", "criterion", criterion, may)

    def _tallies(self, counted: str) -> Iterator[Fact]:
        for node, name in self.program.nodes.items():
            if isinstance(node, Count) and node.counted == counted:
                least, greatest = tally(node, self.facts)
                yield Fact(f"tally {name}", "tally", name, {"least": least, "greatest": greatest})

    def verdicts(self, session: Session) -> dict[str, Verdict]:
        """The verdict of every rule of the pack."""
        return self._verdicts(session.facts)

    def _verdicts(self, known: Mapping[str, Fact]) -> dict[str, Verdict]:
        found: dict[str, list[Fact]] = {}
        for fact in known.values():
            if fact.kind == "node":
                found.setdefault(fact.key, []).append(fact)
        return {rule: _verdict(found.get(node, ())) for rule, node in self.program.roots.items()}


def record_fact(record: RecordFact) -> Fact:
    """A record as the engine matches it: a level left out is shown by nothing and allowed by all."""
    fields: dict[str, str | int] = {
        "topic": record.topic,
        "supports": int(record.supports),
        "mitigated": int(record.mitigated),
    }
    for scale in ("extent", "maturity", "effect", "severity"):
        fields[f"{scale}_shown"] = record.levels.get(scale, 0)
        fields[f"{scale}_allowed"] = record.levels.get(scale, 99)
    way = frozenset({record.standing})
    return Fact(f"record {record.id}", "record", record.criterion, fields, way)


def _said(verdict: Verdict) -> str:
    word = {True: "true", False: "false", None: "unknown"}[verdict.truth]
    return f"{word} (withheld)" if verdict.withheld else word


def _verdict(found: Sequence[Fact]) -> Verdict:
    true = frozenset(fact.way for fact in found if fact.fields["truth"] == "true")
    if true:
        return Verdict(True, true)
    return Verdict(False) if found else Verdict(None)
