"""What people decided beside the rules, in English: changed grades, and what the body disputes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grading.derive.withdraw import withdraw
from grading.explain.because import Because
from grading.explain.english import capital, cited, grade_label, grades_span, listed, quoted
from grading.explain.headlines import title
from grading.explain.leaves import Leaves
from grading.explain.tally import possible
from grading.judge.judgments import Challenged, Finding, Grading, Judgment, Moderated
from grading.rules.loaded import Pack
from grading.rules.stages import by_definition

ANSWERS = {"upheld": "upheld", "partly-upheld": "upheld in part", "not-upheld": "not upheld"}


@dataclass(frozen=True)
class Turns:
    """What the records of a challenge carry: what would be otherwise if nothing were known by them.

    `judgments` and `criteria` have the grades and outcomes that each could then have.
    """

    judgments: dict[str, tuple[str, ...]]
    criteria: dict[str, tuple[str, ...]]
    findings: tuple[Finding, ...]


def turns_on(grading: Grading, challenged: Challenged) -> Turns:
    """What turns on the records that a challenge disputes, all withdrawn together."""
    known = {placed.record.id for placed in grading.evidence.every()}
    disputed = known.intersection(challenged.decided.written.of)
    if not disputed:
        return Turns({}, {}, ())
    evidence, pack = grading.evidence, grading.pack
    without = withdraw(grading.derivation, evidence, pack, frozenset(disputed), grading.dropped)
    now, then = grading.fired.facts, by_definition(pack, without.facts)[1]

    def otherwise(names: list[str]) -> dict[str, tuple[str, ...]]:
        found = {name: possible(pack, name, then) for name in names}
        return {n: grades for n, grades in found.items() if grades != possible(pack, n, now)}

    graded = [name for name, judgment in grading.judgments.items() if judgment.graded]
    gone = (
        f
        for f in grading.findings.values()
        if now.findings.get((f.kind, f.criterion)) is not then.findings.get((f.kind, f.criterion))
    )
    return Turns(otherwise(graded), otherwise(list(pack.criteria)), tuple(gone))


def turns_said(grading: Grading, turns: Turns) -> Iterator[str]:
    """Each grade and finding that turns on a challenge, or that none does."""
    pack = grading.pack
    for name, grades in turns.judgments.items():
        judgment = grading.judgments[name]
        then = grades_span(pack, grades)
        then = f"open, from {then}" if len(grades) > 1 else then
        now = grades_span(pack, judgment.derived)
        yield f"Without what is disputed, {title(judgment)} would be {then}; by the rules it is {now}"
    for finding in turns.findings:
        yield f"Without what is disputed, the finding {quoted(finding.says)} may fall away"
    if not turns.judgments and not turns.findings:
        yield "No grade and no finding turns on what is disputed"


def grade_words(pack: Pack, grade: str | None) -> str:
    """A grade that stands in a change: its label, or that it was open."""
    return "what the rules give" if grade is None else grade_label(pack, grade)


def change_said(pack: Pack, moderated: Moderated) -> str:
    """Who changed which grade, when, and why, without a full stop."""
    written = moderated.decided.written
    text = (
        f"{written.by}, {written.role}, changed it from {grade_words(pack, written.from_)}"
        f" to {grade_words(pack, written.to)} on {written.date_.isoformat()}"
    )
    if written.second is not None:
        text += f", agreed by {written.second.by}, {written.second.role}"
    if written.until is not None:
        text += f", until {written.until.isoformat()}"
    return f"{text}: {quoted(written.because.rstrip('.'))}"


def status_said(grading: Grading, moderated: Moderated) -> str:
    """How a change of a grade stands, and if it does not, why, without a full stop."""
    written = moderated.decided.written
    judgment = grading.judgments[written.question]
    match moderated.status:
        case "stands":
            return "It stands"
        case "no longer fits":
            now = grades_span(grading.pack, judgment.derived)
            was = grade_words(grading.pack, written.from_)
            return f"It does not stand: it changed {was}, and the rules now give {now}"
        case "forbidden":
            limits = listed(
                f"at best {grade_label(grading.pack, x.written.at_best)}, because {x.written.because}"
                for x in moderated.forbidden_by
            )
            return f"It does not stand, because of a limit: {limits}"
        case "expired":
            until = written.until.isoformat() if written.until else ""
            return f"It stood until {until}"
        case "superseded":
            return "Another change took its place"
        case "withdraws another":
            return f"It takes back [{written.supersedes}]"
        case "not yet made":
            return "It was not yet made on the day as of which this is graded"


def moderation_steps(grading: Grading, leaves: Leaves, judgment: Judgment) -> Iterator[Because]:
    """What people changed of a judgment, where a change of theirs is in force."""
    moderated = judgment.moderated
    if moderated is None:
        return
    pack, decided = grading.pack, moderated.decided
    now = grades_span(pack, judgment.derived)
    said = change_said(pack, moderated)
    text = f"By the rules it is {now}. {capital(said)} [{decided.written.id}]."
    if moderated.status != "stands":
        text = f"{capital(said)} [{decided.written.id}]. {status_said(grading, moderated)}."
    rests = _named(leaves, decided.written.evidence)
    yield Because(text, rests, place=decided.place)


def decision(grading: Grading, leaves: Leaves, name: str) -> Because | None:
    """A change of a grade or a challenge by its id, and how it stands; nothing for another name."""
    for moderated in grading.moderation:
        decided = moderated.decided
        if decided.written.id == name:
            judgment = grading.judgments[decided.written.question]
            said = f"{title(judgment)}: {change_said(grading.pack, moderated)}."
            stands = Because(f"{status_said(grading, moderated)}.", place=decided.place)
            rests = _named(leaves, decided.written.evidence)
            return Because(said, (stands, *rests), place=decided.place)
    for challenged in grading.challenges:
        place, of = challenged.decided.place, challenged.decided.written.of
        if challenged.decided.written.id == name:
            answer = Because(f"{answer_said(challenged)}.", place=place)
            lines = turns_said(grading, turns_on(grading, challenged))
            turns = (Because(f"{line}.", place=place) for line in lines)
            rests = _named(leaves, of)
            return Because(f"{challenge_said(challenged)}.", (answer, *turns, *rests), place=place)
    return None


def _named(leaves: Leaves, names: Iterable[str]) -> tuple[Because, ...]:
    """The leaves of the records among these names."""
    return tuple(leaves[name] for name in names if name in leaves)


def challenge_said(challenged: Challenged) -> str:
    """Who disputes what, and when, without a full stop."""
    written = challenged.decided.written
    return (
        f"{written.by}, {written.role}, disputed {cited(written.of)}"
        f" on {written.date_.isoformat()}: {quoted(written.says.rstrip('.'))}"
    )


def answer_said(challenged: Challenged) -> str:
    """What was answered, or that nothing was, without a full stop."""
    answer = challenged.decided.written.answer
    if challenged.status != "answered" or answer is None:
        return "It is not answered"
    text = (
        f"{capital(ANSWERS[answer.outcome])} by {answer.by}, {answer.role},"
        f" on {answer.date_.isoformat()}: {quoted(answer.because.rstrip('.'))}"
    )
    return f"{text} {cited(answer.corrections)}" if answer.corrections else text
