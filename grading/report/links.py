"""Where in a report something stands, and texts cut into what is linked and what is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from grading.explain.because import Because
from grading.explain.why import Explainer
from grading.problems import Place
from grading.rules.rule import Node, inside

_CITED = re.compile(r"(?<=\[)[a-z0-9-]+(?:, [a-z0-9-]+)*(?=\])")
_ID = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True)
class Piece:
    """A part of a text, and the target within the report that it leads to, if any."""

    text: str
    target: str = ""


@dataclass(frozen=True)
class Line:
    """One step of a rationale: its text in pieces, what it cites, and the steps below it."""

    pieces: tuple[Piece, ...]
    source: Piece | None = None
    steps: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """The text without its links."""
        return "".join(piece.text for piece in self.pieces)


def record_target(record: str) -> str:
    """Where a record stands. A question stands under its own id, which has no full stop in it."""
    return f"r.{record}"


def criterion_target(criterion: str) -> str:
    """Where a criterion stands."""
    return f"c.{criterion}"


def figure_target(indicator: str) -> str:
    """Where an indicator stands."""
    return f"figure.{indicator}"


def caveat_target(number: int) -> str:
    """Where the caveat of a number stands."""
    return f"caveat.{number}"


def why_target(judgment: str) -> str:
    """Where it stands why a judgment is what it is; the judgment itself stands under its own id."""
    return f"why.{judgment}"


def decision_target(decision: str) -> str:
    """Where a change of a grade, or a challenge, stands."""
    return f"d.{decision}"


def rule_target(place: Place) -> str:
    """Where the rule that is written at a place stands."""
    return f"rule.{place.file.rpartition('/')[2]}.{place.line}"


def _nodes(node: Node) -> Iterator[Node]:
    """A node and every node inside it."""
    yield node
    for part in inside(node):
        yield from _nodes(part)


class Links:
    """Finds the target of each record and of each place that a rationale names."""

    def __init__(self, explainer: Explainer) -> None:
        pack, grading = explainer.grading.pack, explainer.grading
        self._cited = {record: record_target(record) for record in explainer.leaves.ids()}
        changes = [m.decided.written.id for m in grading.moderation]
        challenges = [c.decided.written.id for c in grading.challenges]
        for name in (*changes, *challenges):
            self._cited.setdefault(name, decision_target(name))
        self._places: dict[Place, str] = {}
        for rule in pack.rules.values():
            for node in _nodes(rule.body):
                self._places.setdefault(node.place, rule_target(rule.place))
        for indicator in pack.indicators:
            place = pack.places.get(f"indicator.{indicator}")
            if place is not None:
                self._places[place] = figure_target(indicator)
        for criterion in pack.criteria.values():
            self._places[criterion.place] = criterion_target(criterion.id)
        for question in grading.judgments:
            if question in pack.places:
                self._places[pack.places[question]] = why_target(question)

    def pieces(self, text: str) -> tuple[Piece, ...]:
        """A text with each record, change and challenge that it cites in brackets linked to its place."""
        return tuple(self._pieces(text))

    def _pieces(self, text: str) -> Iterator[Piece]:
        done = 0
        for cited in _CITED.finditer(text):
            for record in _ID.finditer(text, *cited.span()):
                if record[0] in self._cited:
                    if record.start() > done:
                        yield Piece(text[done : record.start()])
                    yield Piece(record[0], self._cited[record[0]])
                    done = record.end()
        if done < len(text):
            yield Piece(text[done:])

    def line(self, because: Because) -> Line:
        """A rationale, linked. What ends at a record cites the record, all else the line of a file."""
        steps = tuple(self.line(step) for step in because.rests_on)
        return Line(self.pieces(because.text), self._source(because), steps)

    def use(self, because: Because) -> Piece:
        """What a record is used in, leading to where that stands."""
        place = because.place
        return Piece(because.text, self._places.get(place, "") if place else "")

    def _source(self, because: Because) -> Piece | None:
        if because.record is not None:
            return Piece(because.record, self._cited.get(because.record, ""))
        place = because.place
        if place is None or because.text.endswith(":"):
            return None
        name = place.file.rpartition("/")[2]
        return Piece(f"{name}:{place.line}", self._places.get(place, ""))
