"""What people decided beside the rules, in a report: old and new grades, challenges and their answers."""

from __future__ import annotations

import re
import shutil
from datetime import date
from functools import cache
from pathlib import Path

from grading.commands.reported import subject_of
from grading.report.audit import audit
from grading.report.comparing import Change, compared
from grading.report.decided import Changed, Decisions, Disputed, decisions
from grading.report.grades import Shown
from grading.report.html import html, html_of_two
from grading.report.links import Line, Piece
from grading.report.markdown import markdown
from grading.report.reader import reader
from grading.report.register import register
from grading.report.subject import Subject
from tests.test_report import DURHAM, HOSTILE, MADE_UP, RULES, Reading, hostile_evidence

GOOD, REQUIRES = Shown("●", "Good", "1"), Shown("◐", "Requires improvement", "2")
PREVENTING = Piece("Preventing crime and tackling anti-social behaviour", "preventing-crime")


@cache
def made_up(day: date | None = None) -> Subject:
    return subject_of(MADE_UP, day)


def of(home: Path, moderation: str = "", challenges: str = "") -> Subject:
    """The made-up inspection with these decisions in place of its own."""
    shutil.copytree(RULES, home / "rules")
    folder = home / "evidence" / "made-up"
    shutil.copytree(MADE_UP, folder)
    for name, text in (("moderation", moderation), ("challenges", challenges)):
        (folder / f"{name}.yaml").write_text(text or f"{name}: []\n", "utf-8")
    return subject_of(folder)


def test_a_changed_grade_stands_with_the_old_and_the_new_who_when_and_why() -> None:
    first, second = decisions(made_up()).changes
    assert (first.before, first.after, first.stands, first.status.text) == (
        GOOD,
        Shown("★", "Outstanding", "0"),
        False,
        "Another change took its place.",
    )
    says = (
        "Panel member 1 (fictional), chair of the moderation panel, changed it from good to requires"
        " improvement on 2017-03-06, until 2017-12-31: “The panel weighs the advice that victims of"
        " burglary do not get more than the rules do”."
    )
    assert second == Changed(
        id="mo-002",
        target="d.mo-002",
        question=PREVENTING,
        before=GOOD,
        after=REQUIRES,
        stands=True,
        status=Line((Piece("It stands."),)),
        says=Line((Piece(says),)),
        evidence=(Piece("pc-017", "r.pc-017"),),
        place="moderation.yaml:12",
    )


def test_a_challenge_stands_with_what_it_disputes_its_answer_and_what_turns_on_it() -> None:
    answered, open_ = decisions(made_up()).challenges
    assert answered == Disputed(
        id="ch-001",
        target="d.ch-001",
        status="answered",
        says=Line(
            (
                Piece(
                    "Westmarch Police (fictional), deputy chief constable (fictional), disputed ["
                ),
                Piece("pc-017", "r.pc-017"),
                Piece(
                    "] on 2017-02-20: “The advice was left on a card, which the victims who were"
                    " telephoned had not kept”."
                ),
            )
        ),
        was=(
            (
                Piece("pc-017", "r.pc-017"),
                "Four of ten burglary victims who were telephoned had been given no advice on locks"
                " (moderate weakness).",
            ),
        ),
        now=(),
        answer=Line(
            (
                Piece(
                    "Not upheld by reviewer A (fictional), lead for factual accuracy, on 2017-03-01:"
                    " “A card that nobody remembers is not advice, and two of the four had been sent"
                    " none”."
                ),
            )
        ),
        turns=(
            "Without what is disputed, the finding “train staff in crime prevention and get advice to"
            " the public” may fall away.",
        ),
        place="challenges.yaml:3",
    )
    assert (open_.status, open_.answer.text) == ("not answered", "It is not answered.")


def test_a_settled_grade_is_told_with_what_the_rules_give_wherever_it_is_shown() -> None:
    told = {q.judged.id: q for q in reader(made_up()).all}
    preventing = told["preventing-crime"]
    assert (preventing.judged.grade, preventing.judged.given) == (REQUIRES, GOOD)
    assert {q.judged.given for q in told.values() if q is not preventing} == {None}
    assert [s.text for s in preventing.summary][:2] == [
        "Preventing crime and tackling anti-social behaviour is graded requires improvement, changed"
        " from good [mo-002].",
        "By the rules it is good.",
    ]
    assert Piece("mo-002", "d.mo-002") in preventing.summary[0].pieces
    assert "3 are graded requires improvement (Preventing" in told["overall"].summary[2].text


def test_the_ladder_of_a_settled_grade_has_both_the_rung_of_the_rules_and_that_of_people() -> None:
    reasons = {r.id: r for r in audit(made_up())}
    preventing = reasons["preventing-crime"]
    assert preventing.drawn is not None
    assert [(s.tread.stands, s.tread.says, s.tread.settled) for s in preventing.drawn.steps] == [
        ("not reached", "not reached: 1 of 3 met", False),
        ("reached", "reached by the rules", False),
        ("below", "⚑ what people settled on", True),
        ("below", "met; a better one is reached", False),
    ]
    assert [line.text[:21] for line in preventing.changed] == ["By the rules it is go"]
    assert [line.text for line in preventing.why] == ["Why good, and not requires improvement:"]
    assert not any(line.text.startswith(("Why", "By the rules")) for line in preventing.rest)
    assert len(preventing.rest) > 1
    assert reasons["overall"].changed == ()


def test_a_change_that_does_not_stand_is_told_and_changes_nothing(tmp_path: Path) -> None:
    subject = of(
        tmp_path,
        """moderation:
  - {id: mo-1, question: preventing-crime, from: outstanding, to: good, by: a chair, role: chair,
     date: 2017-03-01, because: It was less than that}
""",
    )
    (change,) = decisions(subject).changes
    assert (change.stands, change.status.text) == (
        False,
        "It does not stand: it changed outstanding, and the rules now give good.",
    )
    told = {q.judged.id: q for q in reader(subject).all}["preventing-crime"]
    assert (told.judged.grade, told.judged.given) == (GOOD, None)
    assert told.summary[1].text == (
        "A change by people is recorded and does not stand: it changed outstanding, and the rules now"
        " give good [mo-1]."
    )


def test_a_change_that_is_taken_back_says_so(tmp_path: Path) -> None:
    subject = of(
        tmp_path,
        """moderation:
  - {id: mo-1, question: preventing-crime, from: good, to: requires-improvement, by: a chair,
     role: chair, date: 2017-02-01, because: Less than that}
  - {id: mo-2, question: preventing-crime, from: good, by: a chair, role: chair, date: 2017-03-01,
     because: It was an error, supersedes: mo-1}
""",
    )
    first, back = decisions(subject).changes
    assert (first.status.text, back.after, back.status.text) == (
        "Another change took its place.",
        None,
        "It takes back [mo-1].",
    )
    assert Piece("mo-1", "d.mo-1") in back.status.pieces
    assert "what the rules give" in "".join(Reading(html(subject)).text)


def test_an_upheld_challenge_shows_the_old_record_beside_the_new(tmp_path: Path) -> None:
    subject = of(
        tmp_path,
        challenges="""challenges:
  - id: ch-1
    by: the force
    role: chief
    date: 2017-02-01
    of: [pc-017, public-confidence, preventing-crime]
    says: It is not so
    answer: {outcome: partly-upheld, by: a reviewer, role: lead, date: 2017-02-20,
             because: Some of it was, corrections: [pc-015]}
""",
    )
    (disputed,) = decisions(subject).challenges
    assert [piece for piece, _ in disputed.was] == [
        Piece("pc-017", "r.pc-017"),
        Piece("public-confidence", "c.public-confidence"),
        Piece("preventing-crime", "preventing-crime"),
    ]
    assert disputed.was[2][1] == "Preventing crime and tackling anti-social behaviour"
    assert [piece for piece, _ in disputed.now] == [Piece("pc-015", "r.pc-015")]
    found = Reading(html(subject))
    text = " ".join("".join(found.text).split())
    assert "By people: disputed in ch-1" in text
    assert "By people: corrected after ch-1" in text
    assert [t for t in found.targets if t[1:] not in set(found.ids)] == []


def test_what_was_not_yet_made_or_answered_on_the_day_is_not_told_of_records(
    tmp_path: Path,
) -> None:
    subject = of(
        tmp_path,
        """moderation:
  - {id: mo-1, question: preventing-crime, from: good, to: outstanding, by: a chair, role: chair,
     date: 2017-06-01, because: It was more, evidence: [pc-013]}
""",
        """challenges:
  - {id: ch-1, by: the force, role: chief, date: 2017-02-01, of: [pc-017], says: It is not so,
     answer: {outcome: upheld, by: a reviewer, role: lead, date: 2017-06-20, because: It was not,
              corrections: [pc-015]}}
  - {id: ch-2, by: the force, role: chief, date: 2017-06-01, of: [pc-014], says: Nor is that}
""",
    )
    first, second = decisions(subject).challenges
    assert (first.status, first.now, first.answer.text) == (
        "not answered",
        (),
        "It is not answered.",
    )
    assert second.status == "not yet made"
    told = {r.id: [p.text for p in r.decided] for kept in register(subject) for r in kept.records}
    assert {record: by for record, by in told.items() if by} == {"pc-017": ["disputed in ch-1"]}


def test_where_people_decided_nothing_that_is_said() -> None:
    subject = subject_of(DURHAM)
    assert decisions(subject) == Decisions((), ())
    assert "No grade was changed by people, and nothing was disputed." in html(subject)
    assert "Moderation and challenges" not in markdown(subject)


def test_links_lead_from_records_to_decisions_and_back() -> None:
    found = Reading(html(made_up()))
    assert {"d.mo-001", "d.mo-002", "d.ch-001", "d.ch-002"} <= set(found.ids)
    assert [t for t in found.targets if t[1:] not in set(found.ids)] == []
    text = " ".join("".join(found.text).split())
    assert "By people: weighed in mo-002, disputed in ch-001" in text


def test_the_narrative_tells_what_people_decided() -> None:
    lines = markdown(made_up()).splitlines()
    assert (
        "| Preventing crime and tackling anti-social behaviour | ◐ Requires improvement (by people;"
        " by the rules Good) | – | ▲ 2, ● 9, ▼ 1 | firm |" in lines
    )
    start = (
        "- **Preventing crime and tackling anti-social behaviour: Good to Requires improvement.**"
    )
    assert sum(line.startswith(f"{start} It stands. Panel member 1") for line in lines) == 1
    assert "  - Answer: It is not answered." in lines


def test_of_two_runs_what_people_decided_is_a_cause() -> None:
    before, after = made_up(date(2017, 2, 10)), made_up()
    moved = {m.id: m for m in compared(before, after).judgments}["preventing-crime"]
    assert (moved.before, moved.after, moved.changed) == (GOOD, REQUIRES, True)
    by_kind = dict(moved.by_kind)
    not_yet = "It was not yet made on the day as of which this is graded"
    assert [(c.what[:8], c.before, c.after) for c in by_kind["Moderation"]] == [
        ("[mo-001]", not_yet, "Another change took its place"),
        ("[mo-002]", not_yet, "It stands"),
    ]
    (challenge,) = by_kind["Challenges"]
    assert (challenge.what[:8], challenge.before) == ("[ch-001]", "It is not answered")
    assert challenge.after.startswith("Not upheld by reviewer A")
    assert [kind for kind, _ in moved.by_kind][:2] == ["Moderation", "Challenges"]
    other = {m.id: m for m in compared(before, after).judgments}["investigating-crime"]
    assert not {"Moderation", "Challenges"}.intersection(c.kind for c in other.causes)
    assert isinstance(moved.causes[0], Change)
    assert "mo-002" in html_of_two(before, after)


def test_hostile_text_of_moderation_and_challenges_appears_as_text(tmp_path: Path) -> None:
    quoted = '"' + HOSTILE.replace('"', '\\"') + '"'
    short = '"' + HOSTILE[:110].replace('"', '\\"') + '"'
    folder = hostile_evidence(tmp_path)
    (folder / "moderation.yaml").write_text(
        f"""moderation:
  - {{id: mo-1, question: preventing-crime, from: good, to: requires-improvement, by: {short},
     role: {short}, date: 2017-03-01, because: {quoted}, second: {{by: b, role: {short}}}}}
""",
        "utf-8",
    )
    (folder / "challenges.yaml").write_text(
        f"""challenges:
  - id: ch-1
    by: {short}
    role: {short}
    date: 2017-02-01
    of: [pc-017]
    says: {quoted}
    answer: {{outcome: upheld, by: {short}, role: {short}, date: 2017-02-20, because: {quoted}}}
""",
        "utf-8",
    )
    subject = subject_of(folder)
    text = html(subject)
    found, harmless = Reading(text), Reading(html(made_up()))
    assert "".join(found.text).count(HOSTILE[:100]) >= 8
    (disputed,) = decisions(subject).challenges
    assert HOSTILE[:60] in disputed.was[0][1]
    assert found.tags <= harmless.tags
    assert {a[:2] for a in found.attributes} <= {a[:2] for a in harmless.attributes}
    assert text.count("<script") == 1
    for pair in ((made_up(), subject), (subject, made_up())):
        both = html_of_two(*pair)
        assert "<script" not in both
        assert HOSTILE[:60] in "".join(Reading(both).text)
    plain = markdown(subject)
    assert not re.search(r"(?<!\\)<(?:script|img)", plain)
    assert "\\<script\\>alert(1)" in plain
