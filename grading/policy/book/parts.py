"""What the rule book of a pack is made of: plain values, which HTML and Markdown are made from."""

from __future__ import annotations

from dataclasses import dataclass

from grading.rules.pack import Caveat, Line, Sourced


@dataclass(frozen=True)
class Link:
    """A text that leads to where something stands in the book."""

    text: str
    target: str


@dataclass(frozen=True)
class Source:
    """Where something comes from: `own` says that it is the pack's own and no inspectorate's."""

    own: bool = False
    cite: str = ""


@dataclass(frozen=True)
class Tried:
    """A case that tries something, what it expects of it, and why."""

    case: Link
    expects: str
    because: str


@dataclass(frozen=True)
class Asks:
    """A condition in English, and of what it is asked where that differs."""

    says: str
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Condition:
    """What a rule concludes, what it asks, where it is written, and the cases that try it."""

    title: str
    asks: tuple[Asks, ...]
    place: str
    source: Source = Source()
    cases: tuple[Tried, ...] = ()


@dataclass(frozen=True)
class Fact:
    """Something that a definition says, under its name."""

    name: str
    says: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A definition: of an indicator, a series, a caveat, a check."""

    target: str
    id: str
    title: str
    facts: tuple[Fact, ...]
    source: Source
    place: str


@dataclass(frozen=True)
class CriterionPart:
    """A criterion: what it says, and what each of its outcomes and findings asks.

    `test` leads to the test that it is judged by. `as_test` and `as_findings` say that its outcomes and
    findings ask what they ask of every criterion, so that they are told where the test and the findings
    are.
    """

    target: str
    id: str
    says: str
    core: bool
    source: Source
    place: str
    topics: tuple[tuple[str, str], ...]
    test: Link | None
    as_test: bool
    outcomes: tuple[Condition, ...]
    as_findings: bool
    findings: tuple[Condition, ...]
    improve: str
    recommend: str
    cases: tuple[Tried, ...]
    given: tuple[Link, ...]


@dataclass(frozen=True)
class LadderPart:
    """The ladder of one judgment, from the top, in its own numbers; and what can hold it down."""

    ladder: Link
    rungs: tuple[Condition, ...]
    limiters: tuple[Condition, ...]


@dataclass(frozen=True)
class SubQuestionPart:
    """A sub-question with its criteria, or with topics that are shown and never graded."""

    target: str
    id: str
    title: str
    source: Source
    place: str
    context: tuple[tuple[str, str], ...]
    criteria: tuple[CriterionPart, ...]
    ladder: LadderPart | None


@dataclass(frozen=True)
class QuestionPart:
    """A question: its ladder, or why it has none, and its sub-questions."""

    target: str
    id: str
    title: str
    source: Source
    place: str
    ungraded: str
    ladder: LadderPart | None
    sub_questions: tuple[SubQuestionPart, ...]


@dataclass(frozen=True)
class Shared:
    """What is written once and used by many: a ladder, a test of criteria, a finding."""

    target: str
    id: str
    says: str
    source: Source
    place: str
    conditions: tuple[Condition, ...]
    used_by: tuple[Link, ...]


@dataclass(frozen=True)
class ThresholdPart:
    """A number or level: as it is written, what it asks in English, its source, and what tries it."""

    written: str
    says: str
    more: int
    source: Source
    place: str
    tried: tuple[str, ...]
    untried: tuple[str, ...]


@dataclass(frozen=True)
class LevelPart:
    """One level of a coding scale."""

    id: str
    means: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class PolicyPart:
    """What each kind of evidence may do, what silence means, and how much evidence is thin."""

    roles: tuple[tuple[str, str, str], ...]
    needed: tuple[str, ...]
    silence: tuple[str, ...]
    silence_says: str
    silence_source: Source
    thin: tuple[str, ...]
    thin_source: Source
    leads: tuple[str, ...]


@dataclass(frozen=True)
class CasePart:
    """A case: why, where, and the criteria that it tries."""

    target: str
    id: str
    because: str
    place: str
    criteria: tuple[Link, ...]


@dataclass(frozen=True)
class Passage:
    """A passage of the methodology, and how many rules and how many figures and checks cite it."""

    heading: str
    rules: int
    figures: int


def source(written: Sourced | Caveat | None) -> Source:
    """Where something says that it comes from."""
    match written:
        case Sourced(basis=basis, cite=cite):
            return Source(basis == "pack", cite or "")
        case Caveat(cite=cite):
            return Source(cite=cite)
    return Source()


def cited(cite: Line | None) -> Source:
    """A source that is a passage, or none."""
    return Source(cite=cite or "")


def place_words(file: str, line: int) -> str:
    """A place in the pack: the name of the file in it, and the line."""
    return f"{file.rpartition('/')[2]}:{line}"
