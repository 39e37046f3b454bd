"""What the change of a rule pack changes, by meaning."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grading.__main__ import cli
from grading.judge.completions import TooMany
from grading.policy.diff.difference import Difference, diff
from grading.policy.diff.telling import difference_text
from grading.policy.proof import evidence_states, tables
from grading.policy.proof.asks import Parting
from grading.policy.proof.comparing import Comparing
from grading.policy.proof.sides import two_sides
from grading.rules.loaded import Pack
from tests.packs import Case, cases, load
from tests.proving import FAULTS, LIBRARY, library
from tests.test_prove import RANDOM, graded_by, ruled

SEEN: Counter[str] = Counter()
TOLD = Path(__file__).parent / "data" / "proof" / "differences"
LAXER = (
    "pack.yaml",
    "[exceeds, meets], of: core, all-but: 1",
    "[exceeds, meets], of: core, all-but: 2",
)
STRICTER = ("reading-rooms.yaml", "opening-hours, at-least: 60", "opening-hours, at-least: 70")
WORDS = ("reading-rooms.yaml", "says: The rooms are quiet", "says: The rooms are still")
NEW_FIGURE = (
    "indicators.yaml",
    "method: value\n    series: [hours-a-week]",
    "method: mean\n    series: [hours-a-week]",
)
OTHER_FIGURE = (
    "indicators.yaml",
    "method: value\n    series: [hours-a-week]",
    "method: change\n    series: [hours-a-week]",
)
WEAKER = (
    "series.yaml",
    "direction: lower-is-better\n    role: deciding",
    "direction: none\n    role: deciding",
)
CHANGES = {
    "another-figure-under-one-name": (OTHER_FIGURE,),
    "a-direction-that-no-rule-asks-about": (WEAKER,),
    "a-finding-for-more": (
        (
            "pack.yaml",
            "{criterion: this, is: [falls-short]}",
            "{criterion: this, is: [falls-short, conflicted]}",
        ),
    ),
    "a-laxer-rung": (LAXER,),
    "a-stricter-threshold": (STRICTER,),
    "laxer-and-stricter": (LAXER, STRICTER),
    "words-alone": (WORDS,),
    "a-threshold-more-that-changes-nothing": (
        (
            "reading-rooms.yaml",
            "exceeds: {indicator: opening-hours, at-least: 60, basis: pack}",
            "exceeds: {all: [{indicator: opening-hours, at-least: 60, basis: pack},"
            " {indicator: opening-hours, above: 50, basis: pack}]}",
        ),
    ),
    "a-criterion-made-core": (("reading-rooms.yaml", "core: false", "core: true"),),
    "a-figure-reckoned-otherwise": (NEW_FIGURE,),
    "a-limiter-more": FAULTS["a-limiter-that-another-takes-in"],
    "rungs-swapped": FAULTS["rungs-in-the-wrong-order"],
    "another-scale": (),
}


def changed(name: str) -> Pack:
    if name == "another-scale":
        files = {path.name: path.read_text("utf-8") for path in sorted(LIBRARY.glob("*.yaml"))}
        return load({name: text.replace("poor", "bad") for name, text in files.items()})
    return library(CHANGES[name])


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_told_by_its_meaning(name: str) -> None:
    """Each text was read against the packs."""
    text = difference_text(diff(library(), changed(name)))
    assert text == (TOLD / f"{name}.txt").read_text("utf-8")


def test_a_figure_reckoned_otherwise_from_the_same_scores_is_compared_on_those_scores() -> None:
    """Of all 180 ways to give three scores, by the published table and by the lowest score."""
    rules = Path(__file__).parent.parent / "rules" / "food-hygiene"
    files = {path.name: path.read_text("utf-8") for path in rules.glob("*.yaml")}
    text = files["indicators.yaml"]
    assert text.count("method: maximum") == 1
    lowest = {**files, "indicators.yaml": text.replace("method: maximum", "method: minimum")}
    (found,) = diff(load(files), load(lowest)).judgments
    limits = ((15, 5), (20, 10), (30, 10), (40, 15), (50, 20))

    def rating(total: int, single: int) -> int:
        held = (n for n, (most, worst) in enumerate(limits) if total <= most and single <= worst)
        return next(held, 5)

    scores = list(product((0, 5, 10, 15, 20, 25), (0, 5, 10, 15, 20, 25), (0, 5, 10, 20, 30)))
    better = sum(rating(sum(s), min(s)) < rating(sum(s), max(s)) for s in scores)
    assert (found.meaning, found.states, found.stricter) == ("laxer", len(scores), None)
    assert found.laxer is not None
    assert found.laxer.states == better == 112


def test_what_counts_a_judgment_that_is_not_compared_is_not_said_to_move(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tables, "MOST_NODES", 5)
    monkeypatch.setattr(tables, "MOST_ONE_BY_ONE", 100)
    found = {one.id: one.meaning for one in diff(library(), library((LAXER,))).judgments}
    assert found == dict.fromkeys(("reading-rooms", "catalogue", "overall"), "not compared")


def counts(found: Difference) -> list[tuple[object, ...]]:
    return [
        (
            one.id,
            one.meaning,
            one.states,
            one.stricter and one.stricter.states,
            one.laxer and one.laxer.states,
            one.rungs,
        )
        for one in found.judgments
    ]


FAULTY = {name: library(changes) for name, changes in FAULTS.items()}


@pytest.mark.parametrize("fault", FAULTS)
def test_states_are_counted_alike_one_by_one_in_a_diagram_and_the_other_way_round(
    fault: str,
) -> None:
    before, after = library(), FAULTY[fault]
    there = diff(before, after, "one by one")
    assert counts(there) == counts(diff(before, after, "in a decision diagram"))
    back = {one.id: one for one in diff(after, before).judgments}
    opposite = {"stricter": "laxer", "laxer": "stricter"}
    for one in there.judgments:
        other = back[one.id]
        assert other.meaning == opposite.get(one.meaning, one.meaning)
        assert [(r.before, r.after, r.lost, r.gained) for r in one.rungs] == [
            (r.after, r.before, r.gained, r.lost) for r in other.rungs
        ]


@pytest.mark.parametrize("fault", FAULTS)
def test_each_state_is_graded_by_each_pack_as_the_definition_grades_it(fault: str) -> None:
    before, after = library(), FAULTY[fault]
    parting = Parting(two_sides(before, after))
    for owner in ("reading-rooms", "catalogue"):
        comparing = Comparing(parting, owner, {}, "one by one")
        found: Counter[tuple[str, ...]] = Counter()
        for both in comparing.every:
            found[both.grades] += both.states
        brute: Counter[tuple[str, ...]] = Counter()
        for table in comparing.tables:
            setting = table.setting
            for chosen in product(*(range(len(part.options)) for part in setting.parts)):
                was, now = (
                    graded_by(side.pack, owner, ruled(parting, setting, chosen, owner, number))
                    for number, side in enumerate(setting.sides)
                )
                brute[was, now] += 1
        assert found == brute


@settings(RANDOM, max_examples=40)
@given(cases(0, 2, 2, 1), st.integers(0, 4), st.integers(0, 4))
def agrees(case: Case, one: int, other: int) -> None:
    before = case.pack
    after = swapped(before, one, other)
    parting = Parting(two_sides(before, after))
    for owner in before.graded:
        try:
            diagram = Comparing(parting, owner, {}, "in a decision diagram")
        except TooMany:
            assume(False)
        assume(diagram.states < 300)
        comparing = Comparing(parting, owner, {}, "one by one")
        found = by_grades(comparing)
        assert by_grades(diagram) == found
        brute: Counter[tuple[str, ...]] = Counter()
        for table in comparing.tables:
            setting = table.setting
            for chosen in product(*(range(len(part.options)) for part in setting.parts)):
                grades = (
                    graded_by(side.pack, owner, ruled(parting, setting, chosen, owner, number))
                    for number, side in enumerate(setting.sides)
                )
                brute[tuple(grades)] += 1
        assert found == brute
        SEEN["differs"] += any(was != now for was, now in found)
        SEEN["compared"] += 1


def swapped(pack: Pack, one: int, other: int) -> Pack:
    """The pack with the conditions of two rules of one owner put in each other's place."""
    owners = dict.fromkeys(rule.owner for rule in pack.rules.values())
    of = [[r for r in pack.rules.values() if r.owner == owner] for owner in owners]
    among = sorted((rules for rules in of if len(rules) > 1), key=len, reverse=True)
    rules = among[one % len(among)]
    first, second = rules[0], rules[1 + other % (len(rules) - 1)]
    changed = {
        first.id: replace(first, body=second.body),
        second.id: replace(second, body=first.body),
    }
    return replace(pack, rules={**pack.rules, **changed})


def by_grades(comparing: Comparing) -> Counter[tuple[str, ...]]:
    """How many states have which grades before and after."""
    found: Counter[tuple[str, ...]] = Counter()
    for both in comparing.every:
        found[both.grades] += both.states
    return found


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
def test_random_packs_differ_as_the_definition_says_one_by_one_and_in_a_diagram(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    SEEN.clear()
    monkeypatch.setattr(evidence_states, "MOST_LED_TO", 1000)  # larger packs are left out
    agrees()
    assert SEEN["differs"] > 4, SEEN


def test_a_new_question_and_one_that_is_gone() -> None:
    files = {path.name: path.read_text("utf-8") for path in sorted(LIBRARY.glob("*.yaml"))}
    fewer = {name: text for name, text in files.items() if name != "catalogue.yaml"}
    fewer["pack.yaml"] = fewer["pack.yaml"].replace("reading-rooms, catalogue", "reading-rooms")
    one = load(fewer)
    assert [(j.id, j.meaning) for j in diff(library(), one).judgments] == [
        ("reading-rooms", "equal"),
        ("catalogue", "gone"),
        ("overall", "laxer"),
    ]
    back = diff(one, library())
    assert [(j.id, j.meaning) for j in back.judgments] == [
        ("reading-rooms", "equal"),
        ("catalogue", "new"),
        ("overall", "stricter"),
    ]
    assert [(c.id, c.meaning) for c in back.criteria if c.meaning != "equal"] == [
        ("complete", "new"),
        ("searchable", "new"),
    ]


def test_what_there_is_too_much_of_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_NODES", 5)
    monkeypatch.setattr(tables, "MOST_ONE_BY_ONE", 100)
    found = diff(library(), library((LAXER,)))
    assert [(one.id, one.meaning) for one in found.judgments][:2] == [
        ("reading-rooms", "not compared"),
        ("catalogue", "not compared"),
    ]
    assert not found.equal
    assert "NOT COMPARED, there are too many states" in difference_text(found)


def test_the_command_tells_a_difference(tmp_path: Path) -> None:
    def run(*options: str) -> tuple[object, str]:
        result = CliRunner().invoke(cli, ["rules", "diff", *options], standalone_mode=False)
        return result.return_value, result.output

    same = run(str(LIBRARY), str(LIBRARY), "--exit-code")
    assert same[0] == 0
    assert same[1].endswith("\nequal: no inspection is graded otherwise\n")
    for path in LIBRARY.glob("*.yaml"):
        text = path.read_text("utf-8").replace(LAXER[1], LAXER[2])
        (tmp_path / path.name).write_text(text, "utf-8")
    assert run(str(LIBRARY), str(tmp_path))[0] == 0
    code, text = run(str(LIBRARY), str(tmp_path), "--exit-code", "--format", "json")
    document = json.loads(text)
    assert (code, document["equal"]) == (1, False)
    assert [(one["id"], one["meaning"]) for one in document["judgments"]] == [
        ("reading-rooms", "laxer"),
        ("catalogue", "laxer"),
        ("overall", "laxer"),
    ]
