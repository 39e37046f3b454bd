"""What a change of rules does to past inspections: each under both packs, with what caused it."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from grading.__main__ import cli
from grading.commands.past import pasts
from grading.engine import run as engine_run
from grading.engine.compile import Program
from grading.engine.run import Fired
from grading.judge.judgments import Grading
from grading.judge.method import grade
from grading.policy.diff.same import on_one_ground
from grading.policy.impact.again import stays
from grading.policy.impact.causes import Causes
from grading.policy.impact.impact import impact
from grading.policy.impact.telling import impact_text
from grading.policy.impact.units import units, with_units
from grading.policy.proof.sides import two_sides
from grading.rules.facts import Facts
from grading.rules.load import load_pack
from grading.rules.loaded import Pack
from grading.rules.stages import by_definition
from tests.packs import facts_of, program
from tests.proving import FAULTS, Change, library

ROOT = Path(__file__).parent.parent
NAME = "peel-effectiveness-2016"
EVIDENCE = ROOT / "evidence"
TOLD = Path(__file__).parent / "data" / "impact"

FEWER_EXCEED = (
    "pack.yaml",
    "{count: [exceeds], of: core, all-but: 1}",
    "{count: [exceeds], of: core, all-but: 4}",
)
SOME_OBSERVED = (
    "pack.yaml",
    "- {observed: {extent: all, effect: observed}}",
    "- {observed: {extent: some, effect: observed}}",
)
FIGURE = (
    "investigating-crime.yaml",
    "charged-against-england-and-wales, at-least: 3",
    "charged-against-england-and-wales, at-least: 2",
)
CHANGES: dict[str, tuple[Change, ...]] = {
    "nothing": (),
    "a-threshold-that-no-inspection-is-near": (FIGURE,),
    "a-laxer-rung": (FEWER_EXCEED,),
    "a-laxer-rung-and-a-laxer-test": (FEWER_EXCEED, SOME_OBSERVED),
    "a-limiter-gone": (
        (
            "pack.yaml",
            "repeat-area:\n        at-best: good",
            "repeat-area:\n        at-best: outstanding",
        ),
    ),
    "a-harsher-limiter": (
        (
            "pack.yaml",
            "repeat-area:\n        at-best: good",
            "repeat-area:\n        at-best: requires-improvement",
        ),
    ),
    "a-criterion-made-core": (
        (
            "serious-and-organised-crime.yaml",
            "cite: Q4, newer and emerging threats\n        core: false",
            "cite: Q4, newer and emerging threats\n        core: true",
        ),
    ),
    "a-limiter-more-that-is-never-the-lowest": (
        (
            "pack.yaml",
            "      conflict:\n        at-best: good",
            "      two-conflicts:\n        at-best: good\n"
            "        when: {count: [conflicted], of: criteria, at-least: 2}\n"
            "        because: the evidence on at least two criteria conflicts\n        basis: pack\n"
            "      conflict:\n        at-best: good",
        ),
    ),
    "silence-of-all-is-met": (("pack.yaml", "    core: unknown\n", "    core: meets\n"),),
    "a-stricter-overall": (
        (
            "pack.yaml",
            "- {judgments: [outstanding], at-least: 2}",
            "- {judgments: [outstanding], at-least: 3}",
        ),
    ),
}


def made(folder: Path, *changes: Change) -> Path:
    """The police pack with changes, in a folder of its own."""
    shutil.copytree(ROOT / "rules" / NAME, folder)
    for name, old, new in changes:
        path = folder / name
        text = path.read_text("utf-8")
        assert text.count(old) == 1, (old, text.count(old))
        path.write_text(text.replace(old, new), "utf-8")
    return folder


def words(grading: Grading) -> dict[str, str]:
    """Every judgment with its grade; sub-questions only where they stand somewhere."""
    subs = {name: judged for name, judged in grading.sub_questions.items() if judged.graded}
    return {name: judged.final for name, judged in {**grading.judgments, **subs}.items()}


@pytest.mark.parametrize("name", CHANGES)
def test_each_inspection_comes_out_as_each_pack_grades_it_graded_again_or_not(
    name: str, tmp_path: Path
) -> None:
    """The text was read against the two inspections."""
    before = load_pack(ROOT / "rules" / NAME)
    after = load_pack(made(tmp_path / "after", *CHANGES[name]))
    with program(before) as was, program(after) as now:
        every = pasts(EVIDENCE, NAME).found
        found = impact(was, after, lambda: now, every)
        for one, past in zip(found.inspections, every, strict=True):
            first = grade(past.read(was), was, past.dropped)
            second = grade(past.read(now), now, past.dropped)
            assert {n: w for n, w, _ in one.judged} == words(first)
            assert {n: w for n, _, w in one.judged} == words(second)
            assert [f.id for f in one.gained] == [
                f for f in second.findings if f not in first.findings
            ]
            assert [f.id for f in one.lost] == [
                f for f in first.findings if f not in second.findings
            ]
    text = impact_text(found).replace(str(tmp_path), "…").replace(str(ROOT) + "/", "")
    assert text == (TOLD / f"{name}.txt").read_text("utf-8")


# causes


def facts(pack: Pack, **outcomes: str) -> Facts:
    topics = frozenset(pack.topics)
    decided = {
        c: frozenset({outcomes.get(c, "meets")})
        for c in pack.criteria
        if outcomes.get(c) != "silent"
    }
    return Facts(concluded=topics, previous={}, decided=decided)


def caused(outcomes: dict[str, str], *changes: Change) -> list[tuple[str | None, str | None]]:
    before, after = library(), library(changes)
    known = facts(before, **outcomes)
    grades = by_definition(after, known)[1].judgments["reading-rooms"]
    assert grades != by_definition(before, known)[1].judgments["reading-rooms"]
    found = Causes(before, after).of(known, "reading-rooms", grades)
    return [(cause.before, cause.now) for cause in found]


ONE_MORE_SHORT = (
    "pack.yaml",
    "[falls-short], of: criteria, at-most: 1",
    "[falls-short], of: criteria, at-most: 2",
)
FEWER_MET = (
    "pack.yaml",
    "[exceeds, meets], of: core, all-but: 1",
    "[exceeds, meets], of: core, all-but: 2",
)
ELSEWHERE = ("pack.yaml", "[exceeds], of: core, all-but: 0", "[exceeds], of: core, all-but: 1")


def test_the_change_that_moves_a_grade_by_itself_is_its_cause() -> None:
    outcomes = {"help": "falls-short", "quiet": "falls-short"}
    assert caused(outcomes, ONE_MORE_SHORT, ELSEWHERE) == [
        (
            "at most 1 of the 3 criteria falls short of the standard",
            "at most 2 of the 3 criteria fall short of the standard",
        )
    ]


def test_changes_that_move_a_grade_only_together_are_both_its_cause() -> None:
    outcomes = {"help": "falls-short", "opening": "conflicted", "quiet": "falls-short"}
    assert caused(outcomes, ONE_MORE_SHORT, FEWER_MET, ELSEWHERE) == [
        (
            "at least 1 of the 2 core criteria meets or exceeds the standard",
            "at least 0 of the 2 core criteria meet or exceed the standard",
        ),
        (
            "at most 1 of the 3 criteria falls short of the standard",
            "at most 2 of the 3 criteria fall short of the standard",
        ),
    ]


COMPLAINTS = """      complaints:
        at-best: good
        when: {indicator: complaints, at-least: 20, basis: pack}
        because: readers complain often
        basis: pack
"""
SHORT = """      short:
        at-best: poor
        when: {count: [falls-short], of: criteria, at-least: 1}
        because: one is enough
        basis: pack
"""
OTHER_KINDS: dict[str, tuple[Change, dict[str, str], tuple[str | None, str | None]]] = {
    "a-limiter-limits-to-another-grade": (
        ("pack.yaml", "complaints:\n        at-best: good", "complaints:\n        at-best: poor"),
        {},
        (
            "the grade is good at best where complaints in a year is at least 20",
            "the grade is poor at best where complaints in a year is at least 20",
        ),
    ),
    "a-limiter-is-gone": (
        ("pack.yaml", COMPLAINTS, ""),
        {"opening": "exceeds", "help": "exceeds"},
        ("the grade is good at best where complaints in a year is at least 20", None),
    ),
    "a-limiter-is-new": (
        ("pack.yaml", COMPLAINTS, COMPLAINTS + SHORT),
        {"quiet": "falls-short"},
        (
            None,
            "the grade is poor at best where at least 1 of the 3 criteria falls short"
            " of the standard",
        ),
    ),
    "a-rung-is-gone": (
        ("pack.yaml", "      fair: {count: [falls-short], of: core, at-most: 1}\n", ""),
        {"help": "falls-short", "quiet": "falls-short"},
        (
            "the grade is fair where at most 1 of the 2 core criteria falls short of the standard",
            None,
        ),
    ),
    "silence-means-something-else": (
        ("pack.yaml", "    core: unknown", "    core: falls-short"),
        {"opening": "silent", "help": "silent"},
        (
            "a core criterion that nothing found decides is open",
            "a core criterion that nothing found decides is taken as falling short",
        ),
    ),
}


@pytest.mark.parametrize("name", OTHER_KINDS)
def test_what_is_no_condition_is_found_as_the_cause_among_other_changes(name: str) -> None:
    change, outcomes, cause = OTHER_KINDS[name]
    assert caused(outcomes, change) == [cause]
    assert caused(outcomes, change, ELSEWHERE) == [cause]


def test_each_of_two_changes_that_do_by_themselves_is_told() -> None:
    twice = ("pack.yaml", COMPLAINTS, COMPLAINTS + SHORT + SHORT.replace("short:", "again:"))
    found = caused({"quiet": "falls-short"}, twice, ELSEWHERE)
    says = (
        "the grade is poor at best where at least 1 of the 3 criteria falls short of the standard"
    )
    assert found == [(None, says), (None, says)]


def test_where_no_change_does_or_is_needed_some_that_do_together_are_told() -> None:
    """Either pair is enough, so that none is needed and none does alone."""
    rung = """      good:
        any:
          - all:
              - {count: [falls-short], of: core, at-most: A}
              - {count: [falls-short], of: criteria, at-most: A}
          - all:
              - {count: [exceeds], of: criteria, at-least: B}
              - {count: [exceeds, conflicted], of: criteria, at-least: B}
"""
    good = """      good:
        all:
          - {count: [exceeds, meets], of: core, all-but: 1}
          - {count: [falls-short], of: criteria, at-most: 1}
"""
    before = library((("pack.yaml", good, rung.replace("A", "1").replace("B", "1")),))
    after = library((("pack.yaml", good, rung.replace("A", "3").replace("B", "0")),))
    known = facts(before, opening="falls-short", help="falls-short")
    grades = by_definition(after, known)[1].judgments["reading-rooms"]
    found = Causes(before, after).of(known, "reading-rooms", grades)
    assert [(cause.before, cause.now) for cause in found] == [
        (
            "at least 1 of the 3 criteria exceeds the standard",
            "at least 0 of the 3 criteria exceed the standard",
        ),
        (
            "at least 1 of the 3 criteria exceeds the standard or has conflicting evidence",
            "at least 0 of the 3 criteria exceed the standard or have conflicting evidence",
        ),
    ]


@pytest.mark.parametrize("name", [*OTHER_KINDS, "a-finding-is-gone"])
def test_all_changes_put_in_are_the_changed_pack(name: str) -> None:
    area = (
        "pack.yaml",
        "  area: {kind: area-for-improvement, when: {criterion: this, is: [falls-short]}, say:"
        " improve, basis: pack}\n",
        "",
    )
    change = OTHER_KINDS[name][0] if name in OTHER_KINDS else area
    before, after = library(), library((change, ELSEWHERE, ONE_MORE_SHORT))
    made = with_units(before, units(before, after))
    assert dict(made.rules) == dict(after.rules)
    assert {o: {x.id: x.written.at_best for x in among} for o, among in made.limiters.items()} == {
        o: {x.id: x.written.at_best for x in among} for o, among in after.limiters.items()
    }
    assert set(made.manifest.findings) == set(after.manifest.findings)
    policies = made.manifest.evidence_policy, after.manifest.evidence_policy
    assert policies[0].silence.core == policies[1].silence.core


# the command


def run(*options: str) -> tuple[object, str]:
    args = ["rules", "impact", *options]
    result = CliRunner().invoke(cli, args, standalone_mode=False, catch_exceptions=False)
    return result.return_value, result.output


def test_the_runs_of_a_store_stand_for_their_evidence(tmp_path: Path) -> None:
    store, after = tmp_path / "store", made(tmp_path / "after", FEWER_EXCEED)
    for folder in (f"{NAME}/durham", f"{NAME}/durham", "food-hygiene/the-copper-kettle"):
        options = ["run", str(EVIDENCE / folder), "--store", str(store), "--format", "json"]
        assert CliRunner().invoke(cli, options, standalone_mode=False).return_value == 0
    pack = str(ROOT / "rules" / NAME)
    code, text = run(pack, str(after), "--over", str(store), "--exit-code", "--format", "json")
    document = json.loads(text)
    assert (code, document["inspections"], document["moved"], document["other-frameworks"]) == (
        1,
        1,
        1,
        1,
    )
    (changed,) = document["changed"]
    (move,) = changed["grades"]
    assert (changed["body"], move["judgment"], move["before"], move["after"]) == (
        "Durham Constabulary",
        "protecting-vulnerable-people",
        ["good"],
        ["outstanding"],
    )
    assert document["matrix"] == {
        "protecting-vulnerable-people": [
            {"before": "good", "after": "outstanding", "inspections": 1}
        ]
    }


def test_what_is_equal_by_meaning_is_not_graded_again(tmp_path: Path) -> None:
    words = ("pack.yaml", "title: PEEL police effectiveness 2016", "title: Effectiveness")
    pack, after = str(ROOT / "rules" / NAME), made(tmp_path / "after", words)
    code, text = run(pack, str(after), "--over", str(EVIDENCE), "--exit-code")
    assert code == 0
    assert text.splitlines()[1:3] == [
        "2 inspections: none of them changes",
        "2 not graded again: what changed leads to nothing else there",
    ]


@pytest.fixture
def fired(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rules the engine was asked about, each time that it was, once a list of them is begun."""
    asked: list[int] = []
    real = engine_run.run_engine

    def counting(program: Program, facts: Facts) -> Fired:
        asked.append(len(program.pack.rules))
        return real(program, facts)

    monkeypatch.setattr(engine_run, "run_engine", counting)
    return asked


def again(tmp_path: Path, *changes: Change) -> list[tuple[str, ...]]:
    """The judgments that are graded again, inspection by inspection."""
    before = load_pack(ROOT / "rules" / NAME)
    after = load_pack(made(tmp_path / "after", *changes))
    with program(before) as was, program(after) as now:
        found = impact(was, after, lambda: now, pasts(EVIDENCE, NAME).found)
    return [one.again for one in found.inspections]


def test_of_what_changed_in_one_question_no_other_is_graded_again(
    tmp_path: Path, fired: list[int]
) -> None:
    """Each inspection is graded by the pack as it was; then its changed question, and the overall."""
    every = len(load_pack(ROOT / "rules" / NAME).rules)
    assert again(tmp_path, *CHANGES["a-criterion-made-core"]) == [
        ("serious-and-organised-crime", "overall"),
        ("serious-and-organised-crime", "overall"),
    ]
    whole, part = fired[0::2], fired[1::2]
    assert (len(fired), set(whole)) == (4, {every})
    own = load_pack(ROOT / "rules" / NAME)
    question = "serious-and-organised-crime"
    subs = own.questions[question].sub_questions
    owners = {question, "overall", *subs, *own.criteria_of(question)}
    assert set(part) == {sum(rule.owner in owners for rule in own.rules.values())}
    assert part[0] < every / 4


def test_of_a_change_of_the_overall_judgment_no_question_is_graded_again(tmp_path: Path) -> None:
    assert again(tmp_path, *CHANGES["a-stricter-overall"]) == [("overall",), ()]


REWRITTEN: dict[str, tuple[Change, ...]] = {
    "none-of-one-or-more-for-none": (
        (
            "pack.yaml",
            "- {judgments: [requires-improvement, inadequate], at-most: 0}",
            "- {none: [{judgments: [requires-improvement, inadequate], at-least: 1}]}",
        ),
    ),
    "two-parts-for-one": (
        (
            "pack.yaml",
            "- {count: [exceeds, meets], of: core, all-but: 0}",
            "- {none: [{count: [falls-short, conflicted, unknown], of: core, at-least: 1}]}",
        ),
    ),
    "a-limiter-that-another-takes-in": CHANGES["a-limiter-more-that-is-never-the-lowest"],
}


@pytest.mark.parametrize("name", REWRITTEN)
def test_rules_that_are_written_otherwise_and_mean_the_same_cause_no_grading(
    name: str, tmp_path: Path, fired: list[int]
) -> None:
    assert again(tmp_path, *REWRITTEN[name]) == [(), ()]
    assert len(fired) == 2


def cased(name: str) -> SearchStrategy[Facts]:
    return facts_of(library(FAULTS[name]))


SEEN: Counter[bool] = Counter()


@settings(deadline=None, derandomize=True, database=None, max_examples=300)
@given(st.sampled_from(sorted(FAULTS)).flatmap(lambda name: st.tuples(st.just(name), cased(name))))
def stays_where_it_is_said_to(drawn: tuple[str, Facts]) -> None:
    name, given_facts = drawn
    before, after = library(), library(FAULTS[name])
    if not on_one_ground(*two_sides(before, after)):
        return
    verdicts, was = by_definition(before, given_facts)
    now = by_definition(after, given_facts)[1]
    stay = stays(before, after, given_facts, Fired(verdicts, was, ()))
    assert stay == (was == now)
    SEEN[stay] += 1


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
def test_what_is_known_to_stay_stays_and_what_stays_is_known_to() -> None:
    SEEN.clear()
    stays_where_it_is_said_to()
    assert min(SEEN[True], SEEN[False]) > 20, SEEN


def test_an_inspection_that_does_not_fit_the_changed_pack_is_said(tmp_path: Path) -> None:
    """The topic that an observation is on has another name there."""
    file = "protecting-vulnerable-people.yaml"
    named = ("          mental-health: ", "          mental-ill-health: ")
    pack, after = str(ROOT / "rules" / NAME), made(tmp_path / "after", (file, *named))
    code, text = run(pack, str(after), "--over", str(EVIDENCE))
    assert code == 1
    assert "2 NOT GRADED: they do not fit one of the packs" in text
    assert "unknown topic `mental-health`" in text


def test_the_page_has_every_text_as_text(tmp_path: Path) -> None:
    sharp = (
        "protecting-vulnerable-people.yaml",
        "says: Offences against vulnerable people",
        "says: <b>Offences</b> against vulnerable people",
    )
    pack, after = (
        str(ROOT / "rules" / NAME),
        made(tmp_path / "after", FEWER_EXCEED, SOME_OBSERVED, sharp),
    )
    out = tmp_path / "impact.html"
    assert run(
        pack, str(after), "--over", str(EVIDENCE), "--format", "html", "--out", str(out)
    ) == (0, "")
    page = out.read_text("utf-8")
    assert "&lt;b&gt;Offences&lt;/b&gt; against vulnerable people" in page
    assert "<b>Offences</b>" not in page
    assert "<b>outstanding</b>" in page
    assert "SYNTHETIC" in page
    assert "http" not in page.replace("http-equiv", "")


def test_where_there_is_no_inspection_that_is_wrong_usage(tmp_path: Path) -> None:
    pack = str(ROOT / "rules" / NAME)
    result = CliRunner().invoke(cli, ["rules", "impact", pack, pack, "--over", str(tmp_path)])
    assert result.exit_code == 2
    assert "there is no inspection in" in result.output
