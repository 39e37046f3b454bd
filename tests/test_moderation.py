"""Grades that people change: both are kept, what follows is graded anew, and no guard is broken."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grading.engine.run import run_checked
from grading.evidence.moderation import Decided, Moderation, known_by
from grading.problems import Place
from grading.rules.again import Again
from grading.rules.facts import UNDETERMINED, Facts, Move
from grading.rules.loaded import OVERALL, Pack
from grading.rules.stages import by_definition
from grading.source import Document
from tests.packs import cases, program, yaml_text
from tests.test_bad_input import Grading, grading, home

__all__ = ["grading", "home"]

RANDOM = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def graded_by(pack: Pack) -> tuple[str, ...]:
    return (*pack.graded, *([OVERALL] if pack.manifest.overall else []))


def some_moves(pack: Pack, facts: Facts, data: st.DataObject) -> dict[str, Move]:
    """Changes of some grades: of most what the rules give, of others something else."""
    derived, moves = by_definition(pack, facts)[1].judgments, {}
    for question in graded_by(pack):
        if question not in derived or data.draw(st.booleans()):
            continue
        fits = derived[question]
        before = next(iter(fits)) if len(fits) == 1 else UNDETERMINED
        if data.draw(st.integers(0, 3)) == 0:
            before = data.draw(st.sampled_from((*pack.grades, UNDETERMINED)))
        moves[question] = Move(before, data.draw(st.sampled_from(pack.grades)))
    return moves


def in_steps(pack: Pack, facts: Facts) -> Facts:
    """What facts with changed grades come to, with a whole pass for each stage that changes any."""
    moves, given_ = facts.moves, dict(facts.judgments)
    first = by_definition(pack, replace(facts, moves={}))
    derived, moderated = dict(first[1].judgments), {}
    for stage in (pack.graded, [OVERALL]):
        truths, final = by_definition(pack, replace(facts, moves={}, judgments=given_))
        for owner in stage:
            if owner in facts.judgments or owner not in final.judgments:
                continue
            derived[owner] = final.judgments[owner]
        for owner in stage:
            if owner not in moves or owner not in derived:
                continue
            one = derived[owner]
            fits = one == {moves[owner].before} or (
                len(one) > 1 and moves[owner].before == UNDETERMINED
            )
            caps = [
                pack.grades.index(x.written.at_best)
                for x in pack.limiters.get(owner, ())
                if truths[x.rule].settled and owner not in facts.judgments
            ]
            if fits and pack.grades.index(moves[owner].to) >= max(caps, default=0):
                moderated[owner] = frozenset({moves[owner].to})
                given_[owner] = moderated[owner]
    return replace(
        first[1],
        moves=moves,
        moderated=moderated,
        judgments={q: derived[q] for q in first[1].judgments},
    )


def test_the_engine_and_the_definition_hold_what_people_changed_and_grade_the_rest_by_it() -> None:
    seen: Counter[str] = Counter()

    @settings(RANDOM, max_examples=200)
    @given(cases(3, questions=3, criteria=2, depth=1), st.data())
    def holds(case: Any, data: st.DataObject) -> None:
        with program(case.pack) as compiled:
            for facts in case.facts:
                moved = replace(facts, moves=some_moves(case.pack, facts, data))
                fired = run_checked(compiled, moved)
                assert fired.facts == in_steps(case.pack, moved)
                stand = len(fired.facts.moderated)
                seen["stand"] += stand
                seen["do not stand"] += len(moved.moves) - stand
                before = by_definition(case.pack, facts)[1]
                seen["follow"] += fired.facts.judgments != before.judgments

    holds()
    assert min(seen["stand"], seen["do not stand"], 3 * seen["follow"]) >= 30


@RANDOM
@given(cases(3, questions=3, criteria=3, depth=2), st.data())
def test_grading_again_says_of_changed_grades_what_the_definition_says(
    case: Any, data: st.DataObject
) -> None:
    first, *others = case.facts
    first = replace(first, moves=some_moves(case.pack, first, data))
    again = Again(case.pack, first)
    for other in others:
        for facts in (replace(other, moves=first.moves), other, replace(first, moves={})):
            assert again.verdicts_with(facts) == by_definition(case.pack, facts)


# fmt: off
COLD = "by: A, role: chair, date: 2020-05-02, because: Cold"
DECISIONS = f"""\
moderation:
  - {{id: mo-1, question: bread, from: good, {COLD}}}
  - {{id: mo-2, question: bread, from: good, to: good, {COLD}}}
  - {{id: mo-3, question: bread, from: good, to: poor, {COLD}, until: 2020-05-01}}
  - {{id: mo-4, question: bread, from: undetermined, to: poor, {COLD}, second: {{by: A, role: cook}}}}
"""
DISPUTES = """\
challenges:
  - id: ch-1
    by: B
    role: owner
    date: 2020-05-03
    of: [bread]
    says: It was hot
    answer: {outcome: upheld, by: C, role: clerk, date: 2020-05-02, because: It was}
"""


def test_what_decides_nothing_is_told_with_its_place_and_a_remedy(
    home: Path, grading: Grading
) -> None:
    (home / "evidence/moderation.yaml").write_text(DECISIONS, "utf-8")
    (home / "evidence/challenges.yaml").write_text(DISPUTES, "utf-8")
    told = grading("run", "evidence")
    assert (told.code, told.problems) == (
        3,
        [
            "evidence/challenges.yaml:2:5: E209 the `answer` is dated before the challenge"
            " (correct one of the two dates)",
            "evidence/moderation.yaml:2:5: E209 a change of a grade has no `to` (write the grade"
            " that people settled on, or `supersedes` to take another change back)",
            "evidence/moderation.yaml:3:5: E209 `to` is the grade that stands in `from`"
            " (correct one of them, or take the change out)",
            "evidence/moderation.yaml:4:5: E209 `until` is before `date`"
            " (exchange them, or correct one)",
            "evidence/moderation.yaml:5:5: E209 the `second` person is the one who changes the grade"
            " (name who agreed with them)",
        ],
    )


DAY = date(2020, 5, 1)
DAYS = st.integers(0, 6).map(lambda n: DAY + timedelta(n))


def decided(name: str, written: dict[str, Any]) -> Decided[Moderation]:
    whole = {
        "id": name, "question": "bread", "from": "good", "to": "poor", "by": "A", "role": "chair",
        "date": DAY, "because": "It is so",
    }  # fmt: skip
    place = Place("moderation.yaml", 1)
    made = Moderation.model_validate({**whole, **written})
    return Decided(made, place, Document("moderation.yaml", {}, {}, {}), ())


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (DAY - timedelta(1), ("not yet made", "not yet made", "not yet made")),
        (DAY, ("in force", "not yet made", "not yet made")),
        (DAY + timedelta(1), ("superseded", "in force", "not yet made")),
        (DAY + timedelta(2), ("superseded", "in force", "not yet made")),
        (DAY + timedelta(3), ("superseded", "expired", "not yet made")),
        (DAY + timedelta(4), ("superseded", "superseded", "withdraws another")),
    ],
)
def test_a_change_is_in_force_from_its_day_until_its_last_or_until_another_takes_its_place(
    day: date, standing: tuple[str, ...]
) -> None:
    changes = (
        decided("m-1", {}),
        decided(
            "m-2", {"date": DAY + timedelta(1), "until": DAY + timedelta(2), "supersedes": "m-1"}
        ),
        decided("m-3", {"date": DAY + timedelta(4), "to": None, "supersedes": "m-2"}),
    )
    assert known_by(changes, day) == dict(zip(("m-1", "m-2", "m-3"), standing, strict=True))


CHANGE = {
    "id": "mo-1", "question": "bread", "from": "good", "to": "poor", "by": "A. Baker",
    "role": "chair of the panel", "date": "2020-05-01", "because": "The crust was pale.",
    "evidence": ["fw-1"], "until": "2020-12-31",
}  # fmt: skip


def changed(home: Path, *changes: dict[str, Any]) -> None:
    (home / "evidence/moderation.yaml").write_text(
        yaml_text({"moderation": list(changes)}), "utf-8"
    )


def result(grading: Grading, *options: str) -> tuple[int, dict[str, Any]]:
    told = grading("run", "evidence", "--format", "json", "--no-store", *options)
    return told.code, _json(told.out)


def grades(document: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    return {
        name: (j["provisional"], j["derived"], j["moderated"], j["final"])
        for name, j in document["judgments"].items()
    }


def test_a_change_keeps_what_the_rules_give_and_is_what_the_overall_judgment_counts(
    home: Path, grading: Grading
) -> None:
    changed(home, CHANGE)
    code, document = result(grading)
    assert code == 0
    assert grades(document) == {
        "bread": ("good", "good", "poor", "poor"),
        "overall": ("poor", "poor", None, "poor"),
    }
    assert document["judgments"]["bread"]["trend"]["says"] == "a deterioration from 2019 (good)"
    (change,) = document["moderation"]
    assert {k: change[k] for k in ("id", "status", "from_grade", "to_grade", "says", "place")} == {
        "id": "mo-1",
        "status": "stands",
        "from_grade": "good",
        "to_grade": "poor",
        "says": [
            "A. Baker, chair of the panel, changed it from good to poor on 2020-05-01, until"
            " 2020-12-31: “The crust was pale”",
            "It stands",
        ],
        "place": "moderation.yaml:1:14",
    }


def test_a_change_of_what_the_rules_no_longer_give_does_not_stand_and_the_run_says_so(
    home: Path, grading: Grading
) -> None:
    changed(home, {**CHANGE, "from": "poor", "to": "good"})
    code, document = result(grading)
    assert code == 7
    assert grades(document)["bread"] == ("good", "good", None, "good")
    (change,) = document["moderation"]
    assert (change["status"], change["says"][1]) == (
        "no longer fits",
        "It does not stand: it changed poor, and the rules now give good",
    )


def test_a_change_breaks_no_limit_that_bites(home: Path, grading: Grading) -> None:
    fieldwork = home / "evidence/fieldwork.yaml"
    text = fieldwork.read_text("utf-8").replace(
        "direction: supports\n    extent: all", "direction: contradicts\n    severity: grave"
    )
    fieldwork.write_text(text, "utf-8")
    changed(home, {**CHANGE, "from": "poor", "to": "good", "evidence": []})
    code, document = result(grading)
    assert code == 7
    assert grades(document)["bread"] == ("poor", "poor", None, "poor")
    (change,) = document["moderation"]
    assert (change["status"], change["forbidden_by"], change["says"][1]) == (
        "forbidden",
        ["burnt"],
        "It does not stand, because of a limit: at best poor, because something was burnt",
    )


def test_an_open_grade_is_settled_by_two_people(home: Path, grading: Grading) -> None:
    (home / "evidence/fieldwork.yaml").unlink()
    changed(
        home,
        {**CHANGE, "from": "undetermined", "evidence": [], "second": {"by": "B. Cook", "role": "owner"}},
    )  # fmt: skip
    (home / "evidence/fieldwork.yaml").write_text("records: []\n", "utf-8")
    code, document = result(grading)
    assert grades(document) == {
        "bread": ("undetermined", "undetermined", "poor", "poor"),
        "overall": ("poor", "poor", None, "poor"),
    }
    assert document["judgments"]["bread"]["interval"]["possible"] == ["good", "poor"]
    assert (code, document["moderation"][0]["second"]) == (0, {"by": "B. Cook", "role": "owner"})


def test_the_grade_before_a_change_was_made_is_that_of_the_rules(
    home: Path, grading: Grading
) -> None:
    changed(home, CHANGE)
    code, document = result(grading, "--as-of", "2020-04-30")
    assert code == 0
    assert grades(document)["bread"] == ("good", "good", None, "good")
    assert [m["status"] for m in document["moderation"]] == ["not yet made"]


def test_why_says_what_the_rules_gave_who_changed_it_and_on_what(
    home: Path, grading: Grading
) -> None:
    changed(home, CHANGE)
    told = _json(grading("explain", "evidence", "bread", "--format", "json").out)
    first = told["because"][0]
    assert (told["text"], first["text"], [leaf["record"] for leaf in first["because"]]) == (
        "“Is the bread good?” is graded poor, changed from good [mo-1].",
        "By the rules it is good. A. Baker, chair of the panel, changed it from good to poor on"
        " 2020-05-01, until 2020-12-31: “The crust was pale” [mo-1].",
        ["fw-1"],
    )
    overall = grading("explain", "evidence", "overall").out
    assert "“Is the bread good?” is graded poor, changed from good [mo-1]." in overall


CHALLENGE = {
    "id": "ch-1", "by": "Crumb & Sons", "role": "owner", "date": "2020-05-02", "of": ["fw-1"],
    "says": "The oven was off.",
}  # fmt: skip
ANSWER = {
    "outcome": "partly-upheld", "by": "C. Clerk", "role": "clerk", "date": "2020-05-09",
    "because": "It was on at noon.", "corrections": ["fw-2"],
}  # fmt: skip


def test_a_challenge_says_at_once_what_turns_on_the_records_that_it_disputes(
    home: Path, grading: Grading
) -> None:
    challenges = {"challenges": [CHALLENGE, {**CHALLENGE, "id": "ch-2", "of": ["pv-1", "heat"]}]}
    (home / "evidence/challenges.yaml").write_text(yaml_text(challenges), "utf-8")
    _, document = result(grading)
    assert [c["turns"] for c in document["challenges"]] == [
        {
            "judgments": {"bread": ["good", "poor"], "overall": ["good", "poor"]},
            "criteria": {"heat": ["meets", "unknown"]},
            "findings": [],
            "says": [
                "Without what is disputed, “Is the bread good?” would be open, from poor to good;"
                " by the rules it is good",
                "Without what is disputed, “Is it a good bakery?” would be open, from poor to good;"
                " by the rules it is good",
            ],
        },
        {
            "judgments": {},
            "criteria": {},
            "findings": [],
            "says": ["No grade and no finding turns on what is disputed"],
        },
    ]
    told = grading("run", "evidence", "--no-store").out
    assert "[ch-1] Crumb & Sons, owner, disputed [fw-1] on 2020-05-02" in told


@pytest.mark.parametrize(
    ("day", "status", "says"),
    [
        ("2020-05-01", "not yet made", "It is not answered"),
        ("2020-05-08", "open", "It is not answered"),
        (
            "2020-05-09",
            "answered",
            "Upheld in part by C. Clerk, clerk, on 2020-05-09: “It was on at noon” [fw-2]",
        ),
    ],
)
def test_a_challenge_is_open_until_it_is_answered(
    day: str, status: str, says: str, home: Path, grading: Grading
) -> None:
    challenges = {"challenges": [{**CHALLENGE, "answer": ANSWER}]}
    (home / "evidence/challenges.yaml").write_text(yaml_text(challenges), "utf-8")
    _, document = result(grading, "--as-of", day)
    (challenge,) = document["challenges"]
    assert (challenge["status"], challenge["answer_says"]) == (status, says)
    assert (challenge["answer"] is None) == (status != "answered")


def test_what_people_decided_does_not_stand_in_the_way_of_supposing_a_record_away(
    home: Path, grading: Grading
) -> None:
    changed(home, CHANGE)
    (home / "evidence/challenges.yaml").write_text(yaml_text({"challenges": [CHALLENGE]}), "utf-8")
    told = grading("what-if", "evidence", "--drop", "fw-1", "--format", "json")
    found = _json(told.out)["judgments"]["bread"]
    # the rules then leave it open, so that a change from good does not stand
    assert (told.code, told.err, found["before"], found["after"]) == (
        4,
        "",
        ["poor"],
        ["good", "poor"],
    )


def test_changes_and_challenges_go_through_a_workbook(home: Path, grading: Grading) -> None:
    changed(
        home, CHANGE, {**CHANGE, "id": "mo-2", "question": "overall", "from": "poor", "to": "good"}
    )
    challenges = {"challenges": [{**CHALLENGE, "answer": ANSWER}, {**CHALLENGE, "id": "ch-2"}]}
    (home / "evidence/challenges.yaml").write_text(yaml_text(challenges), "utf-8")
    assert grading("evidence", "export", "evidence", "--out", "book.xlsx").code == 0
    assert grading("evidence", "import", "book.xlsx", "--into", "back").code == 0
    said = [
        [{k: v for k, v in part.items() if k != "place"} for part in document[key]]
        for folder in ("evidence", "back")
        for document in [_json(grading("run", folder, "--format", "json", "--no-store").out)]
        for key in ("moderation", "challenges")
    ]
    assert said[:2] == said[2:]
    assert list(map(len, said)) == [2, 2, 2, 2]


def _json(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found
