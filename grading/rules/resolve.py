"""From the words of a rule file to rules with everything they refer to resolved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from grading.problems import Place, Problem, known_instead
from grading.rules import conditions as written
from grading.rules.conditions import Condition, part_key, parts
from grading.rules.pack import Coding
from grading.rules.rule import (
    MOST_EARLIER,
    STAGES,
    All,
    Always,
    Any,
    Compared,
    Count,
    Counted,
    No,
    Node,
    OutcomeIn,
    Some,
    Sought,
    Stage,
)
from grading.source import Document

Path = tuple[str | int, ...]

_TESTED: Mapping[Stage, str] = {
    "criteria": "criteria are tested",
    "findings": "findings are drawn",
    "sub-questions": "sub-questions are graded",
    "questions": "questions are graded",
    "overall": "the overall judgment is reached",
}
_ASKED_FROM: Mapping[Stage, str] = {
    "criteria": "ask about them in a finding or a ladder",
    "findings": "ask about them in a ladder",
    "questions": "ask about them in the ladder of the overall judgment",
}


@dataclass(frozen=True)
class Scope:
    """What the words of a condition refer to where it stands.

    `criteria` are those counted by `of: criteria`; `core` those by `of: core`; `topics` belong to
    each criterion. `this` is the criterion that a condition stands in or is asked about. `stage` is
    when the condition is tested; `words` are the indicators whose values are words; `undeciding`
    says of some indicators why no condition may ask.
    """

    stage: Stage
    criteria: tuple[str, ...] = ()
    core: tuple[str, ...] = ()
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    this: str | None = None
    graded: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    every_criterion: tuple[str, ...] = ()
    coding: Coding | None = None
    words: frozenset[str] = frozenset()
    undeciding: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Resolver:
    """Turns conditions into nodes, and keeps every problem that it meets."""

    document: Document
    problems: list[Problem]

    def node(self, condition: Condition, path: Path, scope: Scope) -> Node:
        """The resolved condition. Where a word is not known, a problem is kept."""
        place = self.document.place(path)
        self._already_concluded(condition, path, scope)
        inside = parts(condition)
        if inside:
            key = part_key(condition)
            nodes = tuple(self.node(c, (*path, key, i), scope) for i, c in enumerate(inside))
            match condition:
                case written.AllOf():
                    return All(place, nodes)
                case written.AnyOf():
                    return Any(place, nodes)
                case written.NoneOf():
                    return No(place, nodes)
                case written.AtLeastOf(at_least=least):
                    return Some(place, least, nodes)
        return self._leaf(condition, path, place, scope)

    def _already_concluded(self, condition: Condition, path: Path, scope: Scope) -> None:
        """A problem is kept where the condition asks about what is only concluded later."""
        match condition:
            case written.CriterionIs() | written.CountOutcomes():
                known_after, what = STAGES[0], "outcomes of criteria"
            case written.CountFindings():
                known_after, what = STAGES[1], "findings"
            case written.CountJudgments():
                known_after, what = STAGES[3], "judgments of questions"
            case _:
                return
        if STAGES.index(scope.stage) <= STAGES.index(known_after):
            message = f"{what} are not known yet when {_TESTED[scope.stage]}"
            self._problem(path, "E316", message, _ASKED_FROM[known_after])

    def _leaf(self, condition: Condition, path: Path, place: Place, scope: Scope) -> Node:
        match condition:
            case written.Observed(observed=sought):
                return self._sought(True, sought, False, (*path, "observed"), place, scope)
            case written.Weakness(weakness=sought):
                unmitigated = bool(sought.unmitigated)
                return self._sought(False, sought, unmitigated, (*path, "weakness"), place, scope)
            case written.Compared():
                return self._compared(condition, path, place, scope)
            case written.CriterionIs(criterion=name, is_=outcomes):
                if name == "this" and scope.this is not None:
                    return OutcomeIn(place, scope.this, outcomes)
                self._known(name, scope.every_criterion, "criterion", "E303", (*path, "criterion"))
                return OutcomeIn(place, name, outcomes)
            case written.CountOutcomes(count=outcomes, of=of):
                return self._count(
                    "outcomes", condition, self._members(of, path, scope), outcomes, place
                )
            case written.CountFindings(findings=kind, of=of):
                members = self._members(of, path, scope)
                return replace(self._count("findings", condition, members, (), place), kind=kind)
            case written.CountPrevious(previous=kind, status=status):
                topics = tuple(t for c in scope.criteria for t in scope.topics[c])
                counted = self._count("previous", condition, topics, status, place)
                return replace(counted, kind=kind)
            case written.CountJudgments(judgments=grades):
                for i, grade in enumerate(grades):
                    self._known(grade, scope.grades, "grade", "E306", (*path, "judgments", i))
                return self._count("judgments", condition, scope.graded, grades, place)
            case _:
                return Always(place)

    def _sought(
        self,
        supports: bool,
        sought: written.Sought,
        unmitigated: bool,
        path: Path,
        place: Place,
        scope: Scope,
    ) -> Node:
        return Sought(
            place,
            supports,
            self._topics(sought, path, scope),
            self._ranks(sought, path, scope),
            self._ranks(sought.excluding, (*path, "excluding"), scope),
            unmitigated,
        )

    def _topics(self, sought: written.Sought, path: Path, scope: Scope) -> tuple[str, ...]:
        every = tuple(topic for topics in scope.topics.values() for topic in topics)
        if sought.topics is not None:
            for i, topic in enumerate(sought.topics):
                self._known(topic, every, "topic", "E304", (*path, "topics", i))
            return sought.topics
        if sought.of is not None:
            return tuple(t for c in self._members(sought.of, path, scope) for t in scope.topics[c])
        if scope.this is not None:
            return scope.topics[scope.this]
        self._problem(
            path,
            "E307",
            "outside a criterion, evidence is sought by `topics` or `of`",
            "add `of: core`",
        )
        return ()

    def _ranks(
        self, levels: written.Levels, path: Path, scope: Scope
    ) -> tuple[tuple[str, int], ...]:
        ranks = []
        for scale, level in levels.asked():
            known = tuple(getattr(scope.coding, scale)) if scope.coding else ()
            if self._known(level, known, f"level of {scale}", "E305", (*path, scale)):
                ranks.append((scale, known.index(level) + 1))
        return tuple(ranks)

    def _compared(
        self, condition: written.Compared, path: Path, place: Place, scope: Scope
    ) -> Node:
        name = condition.indicator
        self._known(name, scope.indicators, "indicator", "E302", (*path, "indicator"))
        if name in scope.undeciding:
            message = f"no condition may ask about indicator `{name}`: {scope.undeciding[name]}"
            hint = "take the condition out, or rest the indicator on evidence that may decide"
            self._problem((*path, "indicator"), "E317", message, hint)
        if name in scope.indicators and (name in scope.words) != (condition.one_of is not None):
            what = "words" if name in scope.words else "numbers"
            hint = "ask it with `in`" if name in scope.words else "compare it with a number"
            self._problem(path, "E320", f"the values of indicator `{name}` are {what}", hint)
        if condition.one_of is not None:
            return Compared(place, name, "in", (), condition.one_of)
        if condition.between is not None:
            low, high = condition.between
            return Compared(place, name, "between", (Decimal(low), Decimal(high)))
        if condition.at_least is not None:
            return Compared(place, name, "at-least", (Decimal(condition.at_least),))
        if condition.at_most is not None:
            return Compared(place, name, "at-most", (Decimal(condition.at_most),))
        if condition.above is not None:
            return Compared(place, name, "above", (Decimal(condition.above),))
        return Compared(place, name, "below", (Decimal(condition.below or 0),))

    def _members(self, of: written.Among, path: Path, scope: Scope) -> tuple[str, ...]:
        return scope.core if of == "core" else scope.criteria

    def _count(
        self,
        counted: Counted,
        limits: written.Limits,
        members: tuple[str, ...],
        states: tuple[str, ...],
        place: Place,
    ) -> Count:
        # one topic may have several earlier findings, so their number has no bound of its own
        fewest, most = limits.bounds(MOST_EARLIER if counted == "previous" else len(members))
        word, number = limits.written()
        return Count(
            place, counted, members, tuple(states), fewest, most, limit=word, number=number
        )

    def _known(self, word: str, known: Iterable[str], what: str, code: str, path: Path) -> bool:
        names = tuple(known)
        if word in names:
            return True
        self._problem(path, code, f"unknown {what} `{word}`", known_instead(word, names))
        return False

    def _problem(self, path: Path, code: str, message: str, hint: str) -> None:
        self.problems.append(Problem(self.document.place(path), code, message, hint))
