"""The English of what could be otherwise: the name of a variable, and what it would be or do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from grading.explain.asked import asked
from grading.explain.english import (
    cited,
    figure,
    finding_words,
    grade_label,
    listed,
    lower,
    outcome_words,
    quoted,
    status_words,
)
from grading.explain.headlines import title
from grading.explain.moves import Option
from grading.explain.rungs import earlier_findings
from grading.explain.variables import To
from grading.judge.earlier import Items
from grading.judge.judgments import Grading
from grading.judge.position import Position
from grading.judge.states import State, kinds_of_finding
from grading.rules.pack import OUTCOMES


@dataclass(frozen=True)
class VariableWords:
    """Says what the variables of one run could be."""

    grading: Grading
    where: Position

    def name(self, option: Option) -> str:
        """The name of what could be otherwise."""
        pack, variable = self.grading.pack, option.variable
        match variable.kind:
            case "criteria":
                return listed(quoted(pack.criteria[c].written.says) for c in variable.names)
            case "indicator":
                return lower(pack.indicators[variable.names[0]].title)
            case "series":
                return lower(pack.series[variable.names[0]].title)
            case "judgment":
                return title(self.grading.judgments[variable.names[0]])
            case "earlier" if any(isinstance(to, tuple) for to in option.to):
                return "what is still open from earlier inspections"
            case "earlier":
                return self._earlier(variable.names[0], variable.number)

    def _earlier(self, topic: str, number: int) -> str:
        on_topic = [e for e in earlier_findings(self.grading) if e[1] == topic]
        record, _, kind, _ = on_topic[number]
        return f"the earlier {finding_words(kind)} {cited([record])}"

    def does(self, option: Option, number: int) -> str:
        """What it would be or do in any of its states, said of one or of several."""
        pack, kind, name = self.grading.pack, option.variable.kind, option.variable.names[0]
        be = "is" if number == 1 else "are"
        match kind:
            case "criteria":
                states = [to for to in option.to if isinstance(to, State)]
                return self._comes_to(option.variable.names, states, option.now, number)
            case "indicator":
                return f"{be} {_values(option.to, pack.indicators[name].unit)}"
            case "series":
                return f"{be} {_values(option.to, pack.series[name].unit)}"
            case "judgment":
                labels = [grade_label(pack, str(to)) for to in option.to]
                return f"{be} graded {listed(labels, 'or')}"
            case "earlier" if any(isinstance(to, tuple) for to in option.to):
                said = [_items(to) for to in option.to if isinstance(to, tuple)]
                return f"is {listed(dict.fromkeys(said), 'or')}"
            case "earlier":
                return f"{be} {status_words(map(str, option.to))}"

    def _comes_to(
        self, criteria: tuple[str, ...], states: list[State], now: To | None, number: int
    ) -> str:
        """What criteria come to in any of some states: outcomes, and findings or weaknesses with them."""
        outcomes = {o for state in states for possible in state.outcomes for o in possible}
        was = now.outcomes if isinstance(now, State) else ()
        if was == (frozenset({"exceeds"}),) and outcomes == set(OUTCOMES) - {"exceeds"}:
            no_longer = "exceeds" if number == 1 else "exceed"
            return f"no longer {no_longer} the standard{self._with(criteria, states)}"
        lost = self._lost(states, now)
        if lost and outcomes.issuperset(o for possible in was for o in possible):
            return f"no longer {'has' if number == 1 else 'have'} a {lost}"
        wanted = [o for o in OUTCOMES if o in outcomes]
        if {"unknown", "meets"} <= outcomes and _together(states):
            wanted.remove("unknown")
        return outcome_words(wanted, number) + self._with(criteria, states)

    def _lost(self, states: list[State], now: To | None) -> str:
        """The cause of concern that there is now and in none of the states."""
        if not isinstance(now, State):
            return ""
        kinds = kinds_of_finding(self.grading.pack)
        i = kinds.index("cause-of-concern") if "cause-of-concern" in kinds else -1
        has = i >= 0 and any(truths[i] for truths in now.findings)
        gone = has and not any(t[i] for state in states for t in state.findings)
        return finding_words("cause-of-concern") if gone else ""

    def _with(self, criteria: tuple[str, ...], states: list[State]) -> str:
        """What all of the states have beside their outcomes: a kind of finding, or a weakness."""
        kinds = kinds_of_finding(self.grading.pack)
        found = [
            finding_words(kind)
            for i, kind in enumerate(kinds)
            if kind == "cause-of-concern"
            and all(truths[i] for state in states for truths in state.findings)
        ]
        group = next(g for g in self.where.states if g.criteria == criteria)
        shown = [
            asked(node, self.grading.pack).removeprefix("there is ")
            for i, node in enumerate(group.later)
            if all(state.shown[i].truth for state in states)
        ]
        said = [*(f"a {kind}" for kind in found), *shown]
        return f", with {listed(said)}" if said else ""


def _items(items: Items) -> str:
    """Some earlier findings: `nothing`, `an area for improvement that is still open`."""
    kinds = dict.fromkeys((kind, status) for _, kind, status in items)
    said = []
    for kind, status in kinds:
        word = finding_words(kind)
        article = "an" if word[0] in "aeiou" else "a"
        open_ = "" if status == "unresolved" else f" that is {status_words([status])}"
        said.append(f"{article} {word}{open_}")
    return listed(said) if said else "nothing that counts"


def _together(states: list[State]) -> bool:
    """Whether to be met and not to be shown stand together in some state: nothing decides it."""
    return any({"unknown", "meets"} <= possible for s in states for possible in s.outcomes)


def _values(to: Iterable[To], unit: str) -> str:
    values = [value for value in to if isinstance(value, Decimal | str)]
    return listed((figure(value, unit) for value in values), "or")
