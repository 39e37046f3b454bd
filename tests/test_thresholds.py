"""Thresholds of a pack one step either way: against packs written with the other number, and by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from grading.explain.steps import step_words
from grading.problems import Place
from grading.rules.again import Again
from grading.rules.again import differences as differing
from grading.rules.facts import Facts
from grading.rules.load import load_pack
from grading.rules.loaded import Pack
from grading.rules.reach import reaches
from grading.rules.rule import (
    MOST_EARLIER,
    All,
    Any,
    Compared,
    Count,
    No,
    Node,
    Rule,
    Some,
    Sought,
)
from grading.rules.stages import by_definition
from grading.rules.thresholds import Step, steps
from tests.packs import CODING, Case, cases, load

ROOT = Path(__file__).parent.parent
PEEL = ROOT / "rules/peel-effectiveness-2016"
KETTLE = ROOT / "rules/food-hygiene"
RANDOM = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


# against packs written with the other number


def written(step: Step, files: dict[str, str]) -> dict[str, str]:
    """The files of the pack with the number or level of the step written instead, nothing else."""
    place, word = step.threshold.place, step.threshold.word
    name = place.file.rpartition("/")[2]
    lines = files[name].splitlines(keepends=True)
    line = lines[place.line - 1]
    start, tail = line[: place.column - 1], line[place.column - 1 :]
    by = 1 if step.way == "up" else -1
    if word.startswith("excluding "):
        scale, at = word.removeprefix("excluding "), tail.index("excluding:")
        changed = tail[:at] + _other_level(tail[at:], scale, by)
    elif word in CODING:
        changed = _other_level(tail, word, by)
    elif word.startswith("between"):
        low, high = re.search(r"between: \[([^,]+), ([^\]]+)\]", tail).groups()  # type: ignore[union-attr]
        pair = (_beside(low, by), high) if word == "between from" else (low, _beside(high, by))
        changed = tail.replace(f"between: [{low}, {high}]", f"between: [{', '.join(pair)}]", 1)
    else:
        number = re.search(rf"{word}: ([-0-9.]+)", tail).group(1)  # type: ignore[union-attr]
        changed = tail.replace(f"{word}: {number}", f"{word}: {_beside(number, by)}", 1)
    assert changed != tail
    lines[place.line - 1] = start + changed
    return files | {name: "".join(lines)}


def _beside(number: str, by: int) -> str:
    places = len(number.partition(".")[2])
    return format(Decimal(number) + by * Decimal(1).scaleb(-places), "f")


def _other_level(text: str, scale: str, by: int) -> str:
    level = re.search(rf'{scale}: "([^"]+)"', text).group(1)  # type: ignore[union-attr]
    other = CODING[scale][CODING[scale].index(level) + by]
    return text.replace(f'{scale}: "{level}"', f'{scale}: "{other}"', 1)


def every(node: Node) -> Iterator[Node]:
    """The node and every node below it."""
    yield node
    match node:
        case All(parts=parts) | Any(parts=parts) | No(parts=parts) | Some(parts=parts):
            for part in parts:
                yield from every(part)


def leaves_nothing(rule: Rule, place: Place) -> bool:
    """Whether the count at a place holds of any number of its members, or of none."""
    (node,) = (n for n in every(rule.body) if n.place == place)
    assert isinstance(node, Count)
    total = MOST_EARLIER if node.counted == "previous" else len(node.members)
    return node.fewest > total or (node.fewest <= 0 and node.most >= total)


def some_of(found: list[Step], most: int, data: st.DataObject) -> list[Step]:
    """Some of the steps, as many as asked for at most."""
    if not found:
        return []
    numbers = st.lists(st.integers(0, len(found) - 1), max_size=most, unique=True)
    return [found[n] for n in data.draw(numbers)]


@RANDOM
@given(cases(facts=1, questions=2, criteria=3, depth=2), st.data())
def test_a_step_is_the_pack_as_if_the_next_number_had_been_written(
    case: Case, data: st.DataObject
) -> None:
    found = [s for s in steps(case.pack) if s.threshold.word != "at-least-share"]
    for step in some_of(found, 6, data):
        moved = load(written(step, dict(case.files)))
        assert step.rules
        for name, rule in moved.rules.items():
            if name in step.rules:
                assert step.rules[name] == rule
                assert rule != case.pack.rules[name]
            else:
                # nothing there moves, unless the number left nothing of a limit
                assert rule == case.pack.rules[name] or leaves_nothing(rule, step.threshold.place)


@RANDOM
@given(cases(facts=1, questions=3, criteria=3, depth=2))
def test_every_number_and_level_of_a_pack_is_a_threshold_unless_neither_step_leaves_anything(
    case: Case,
) -> None:
    found = {(s.threshold.place, s.threshold.word) for s in steps(case.pack)}
    for rule in case.pack.rules.values():
        for node in every(rule.body):
            match node:
                case Some(least=least, parts=parts):
                    movable = {"at-least"} if len(parts) > 1 else set()
                    assert 1 <= least <= len(parts)
                case Sought(shown=shown, excluded=excluded):
                    movable = {scale for scale, _ in shown} | {
                        f"excluding {scale}" for scale, rank in excluded
                    }
                case Compared(operator="between"):
                    movable = set()  # its two numbers may be one, or at the ends of what can be
                case Compared(operator=operator, numbers=(number,)) if 0 <= number <= 99:
                    movable = {operator}
                case _:
                    movable = set()
            assert {w for w in movable if (node.place, w) not in found} == set()


@RANDOM
@given(cases(facts=1, questions=3, criteria=3, depth=2))
def test_a_step_of_a_count_or_share_moves_its_bound_by_one_within_what_can_be(case: Case) -> None:
    for step in steps(case.pack):
        for was, now in step.conditions.values():
            if not isinstance(was, Count):
                continue
            assert isinstance(now, Count)
            total = MOST_EARLIER if was.counted == "previous" else len(was.members)
            by = 1 if step.way == "up" else -1
            number = int(was.number) + by
            match was.limit:
                case "at-least":
                    bounds = number, was.most
                case "at-most":
                    bounds = was.fewest, number
                case "all-but":
                    bounds = max(0, total - number), was.most
                case "at-least-share":
                    bounds = was.fewest + by, was.most
            assert (now.fewest, now.most) == bounds
            assert was.limit == "at-least-share" or now.number == number
            # some number of members satisfies it, and another does not
            among = [now.fewest <= n <= now.most for n in range(total + 1)]
            assert set(among) == {True, False}


@RANDOM
@given(cases(facts=1, questions=3, criteria=3, depth=2))
def test_a_step_of_a_level_or_of_parts_moves_it_by_one_within_what_can_be(case: Case) -> None:
    for step in steps(case.pack):
        by = 1 if step.way == "up" else -1
        for was, now in step.conditions.values():
            match was, now:
                case Some(), Some():
                    assert now == replace(was, least=was.least + by)
                    assert 1 <= now.least <= len(now.parts)
                case Sought(), Sought():
                    beyond = step.threshold.word.startswith("excluding ")
                    scale = step.threshold.word.removeprefix("excluding ")
                    before = dict(was.excluded if beyond else was.shown)
                    after = tuple((before | {scale: before[scale] + by}).items())
                    assert now == (
                        replace(was, excluded=after) if beyond else replace(was, shown=after)
                    )
                    assert 1 <= dict(after)[scale] <= len(CODING[scale]) - beyond


def mixed(first: Facts, other: Facts) -> Iterator[Facts]:
    """Facts that differ from the first in one respect, and in all."""
    for name in ("records", "concluded", "indicators", "previous", "judgments"):
        yield replace(first, **{name: getattr(other, name)})
    yield other


@RANDOM
@given(cases(facts=3, questions=2, criteria=3, depth=2), st.data())
def test_grading_again_with_other_rules_says_what_the_definition_says(
    case: Case, data: st.DataObject
) -> None:
    first, *others = case.facts
    again = Again(case.pack, first)
    for step in some_of(list(steps(case.pack)), 8, data):
        moved = {**case.pack.rules, **step.rules}
        pack = Pack(**{**vars(case.pack), "rules": moved})
        assert again.with_rules(step.rules) == by_definition(pack, first)[1]
        for facts in (facts for other in others for facts in mixed(first, other)):
            assert again.with_rules(step.rules, facts) == by_definition(pack, facts)[1]


@RANDOM
@given(cases(facts=4, questions=3, criteria=3, depth=2), st.data())
def test_nothing_changes_a_judgment_or_criterion_but_what_it_rests_on(
    case: Case, data: st.DataObject
) -> None:
    first, *others = case.facts
    before = Again(case.pack, first)
    found = reaches(case.pack, first)
    some = some_of(list(steps(case.pack)), 5, data)
    trials = [(s.rules, first) for s in some]
    trials += [({}, facts) for other in others for facts in mixed(first, other)]
    for rules, facts in trials:
        after = before.with_rules(rules, facts)
        differ = set(differing(first, facts))
        for name, reach in found.items():
            if reach.rules.isdisjoint(rules) and reach.sees.isdisjoint(differ):
                assert after.outcomes.get(name) == before.final.outcomes.get(name)
                assert after.judgments.get(name) == before.final.judgments.get(name)


# by hand


def of(pack: Pack, file: str, line: int) -> list[tuple[str, str, int]]:
    """The word, the way and the number of rules of each step of the thresholds on a line."""
    return [
        (s.threshold.word, s.way, len(s.rules))
        for s in steps(pack)
        if s.threshold.place.file.endswith(file) and s.threshold.place.line == line
    ]


def line_of(path: Path, text: str) -> int:
    """The first line of a file that holds the text."""
    return next(n for n, line in enumerate(path.read_text("utf-8").splitlines(), 1) if text in line)


def test_a_threshold_of_a_criterion_test_moves_in_every_criterion_that_names_it() -> None:
    pack = load_pack(PEEL)
    line = line_of(PEEL / "pack.yaml", "{observed: {extent: all, maturity: embedded}}")
    own = sum(c.written.meets is not None for c in pack.criteria.values())
    shared = len(pack.criteria) - own
    assert own == 6
    # `all` is the highest level
    assert of(pack, "pack.yaml", line) == [
        ("extent", "down", shared),
        ("maturity", "down", shared),
        ("maturity", "up", shared),
    ]


def test_a_limit_of_a_ladder_moves_in_every_question_in_which_it_leaves_something() -> None:
    pack = load_pack(PEEL)
    places = PEEL / "pack.yaml"
    line = line_of(places, "{count: [exceeds], of: core, all-but: 1}")
    assert of(pack, "pack.yaml", line) == [("all-but", "down", 4), ("all-but", "up", 4)]
    # none fewer than none; with one core criterion, all but one is none at all
    line = line_of(places, "{count: [exceeds], of: core, all-but: 0}")
    several = sum(
        sum(pack.criteria[c].written.core for c in pack.criteria_of(q, s)) > 1
        for q in pack.graded
        for s in pack.questions[q].sub_questions
        if not pack.questions[q].sub_questions[s].context
    )
    assert of(pack, "pack.yaml", line) == [("all-but", "up", several)]


def test_numbers_move_to_the_next_value_that_can_occur() -> None:
    pack = load_pack(KETTLE)
    moved = [
        (was.numbers[0], now.numbers[0])
        for s in steps(pack)
        for was, now in s.conditions.values()
        if isinstance(was, Compared)
        and isinstance(now, Compared)
        and was.indicator == "worst-score"
    ]
    # the lowest and the highest of three series of values, each of which has its own
    assert [(int(was), int(now)) for was, now in moved] == [
        (5, 0),
        (5, 10),
        (10, 5),
        (10, 15),
        (10, 5),
        (10, 15),
        (15, 10),
        (15, 20),
        (20, 15),
        (20, 25),
    ]
    totals = [
        int(now.numbers[0])
        for s in steps(pack)
        for was, now in s.conditions.values()
        if isinstance(now, Compared) and now.indicator == "total-score"
    ]
    assert totals == [10, 20, 15, 25, 25, 35, 35, 45, 45, 55]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("indicator: share, at-least: 12.50", ["12.49", "12.51"]),
        ("indicator: share, at-least: 1", ["2"]),  # at least 0 per cent holds of every share
        ("indicator: share, at-least: 100", ["99"]),
        ("indicator: share, above: 0", ["1"]),
        ("indicator: share, above: 99", ["98"]),
        ("indicator: share, at-most: 99", ["98"]),  # at most 100 per cent holds of every share
        ("indicator: share, at-most: 0", ["1"]),
        ("indicator: share, below: 1", ["2"]),
        ("indicator: share, below: 100", ["99"]),
        ("indicator: share, between: [0, 100]", ["1 100", "0 99"]),
        ("indicator: share, between: [50, 50]", ["49 50", "50 51"]),
        ("indicator: count, at-least: 1", ["2"]),
        ("indicator: count, at-most: 1000", ["999", "1001"]),
        ("indicator: change, at-least: -3", ["-4", "-2"]),
        ("indicator: change, at-least: 0", ["-1", "1"]),
        ("indicator: change, at-least: 999999999999999", ["999999999999998"]),
        ("indicator: stars, at-least: 2", ["3"]),  # at least 1 of 1 to 3 stars holds of all
        ("indicator: stars, above: 1", ["2"]),
        ("indicator: stars, at-most: 1.5", ["1", "2"]),
        ("indicator: agreed, at-least: 0.4", ["0.3", "0.5"]),
        ("indicator: agreed, at-least: 0", ["1"]),  # and minus one, which holds of every kappa
        ("indicator: agreed, at-most: 0.9", ["0.8"]),
        ("indicator: mean-stars, at-least: 2", ["1", "3"]),
    ],
)
def test_a_number_moves_by_its_last_decimal_within_what_an_indicator_can_be(
    condition: str, expected: list[str], tmp_path: Path
) -> None:
    assert moved_numbers(condition, tmp_path) == expected


def bakery(condition: str, folder: Path) -> Pack:
    """A bakery whose criterion on output is met where this holds."""
    good = ROOT / "tests/errors_pack/good"
    pack = folder / "bakery"
    pack.mkdir()
    for path in good.iterdir():
        if path.is_file():
            (pack / path.name).write_text(path.read_text("utf-8"), "utf-8")
    bread = pack / "bread.yaml"
    old = "meets: {indicator: loaves-a-day, at-least: 10, basis: pack}"
    text = bread.read_text("utf-8")
    assert old in text
    bread.write_text(text.replace(old, f"meets: {{{condition}}}"), "utf-8")
    indicators = pack / "indicators.yaml"
    indicators.write_text(indicators.read_text("utf-8") + INDICATORS, "utf-8")
    series = pack / "series.yaml"
    series.write_text(
        series.read_text("utf-8").replace("role: context-only", "role: deciding"), "utf-8"
    )
    manifest = pack / "pack.yaml"
    manifest.write_text(
        manifest.read_text("utf-8").replace("roles: {", "roles: {file-review: deciding, "), "utf-8"
    )
    return load_pack(pack)


def moved_numbers(condition: str, folder: Path) -> list[str]:
    """The numbers of a condition of a bakery as each step of it has them."""
    return [
        " ".join(map(str, now.numbers))
        for s in steps(bakery(f"{condition}, basis: pack", folder))
        if "output.meets" in s.conditions
        for now in s.conditions["output.meets"][1:]
        if isinstance(now, Compared)
    ]


MEETING = "if meeting the standard in “Enough is baked” "
WEAK = "if, for meeting the standard in “Enough is baked”, a weakness counted "


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (
            "indicator: share, below: 50, basis: pack",
            [
                "allowed below 49 per cent in “Share”, not 50 per cent",
                "allowed below 51 per cent in “Share”, not 50 per cent",
            ],
        ),
        (
            "indicator: change, between: [-1.5, 2], basis: pack",
            [
                "asked for -1.6 to 2 in “Change”, not -1.5 to 2",
                "asked for -1.4 to 2 in “Change”, not -1.5 to 2",
                "asked for -1.5 to 1 in “Change”, not -1.5 to 2",
                "asked for -1.5 to 3 in “Change”, not -1.5 to 2",
            ],
        ),
        (
            "at-least: 1, of: [{observed: {}}, {weakness: {}}]",
            ["asked for at least 2 of 2 things, not 1"],
        ),
        (
            "observed: {extent: some, maturity: settled}",
            [
                "asked for evidence that reaches at least “all” of those concerned, not “some”"
                " (beside “settled”)"
            ],
        ),
        ("observed: {excluding: {extent: some}}", []),  # nothing lies beyond the highest level
        (
            "previous: area-for-improvement, status: [unresolved, not-known], at-most: 1",
            [
                "allowed no earlier area for improvement that is unresolved or not known,"
                " not at most 1",
                "allowed at most 2 earlier areas for improvement that are unresolved or not known,"
                " not 1",
            ],
        ),
        (
            "previous: suggestion, status: [resolved], all-but: 2",
            [
                "asked for all but 1 earlier suggestions that are resolved, not all but 2",
                "asked for all but 3 earlier suggestions that are resolved, not all but 2",
            ],
        ),
    ],
)
def test_a_step_is_said_in_words(condition: str, expected: list[str], tmp_path: Path) -> None:
    pack = bakery(condition, tmp_path)
    said = [step_words(s, pack) for s in steps(pack) if "output.meets" in s.conditions]
    assert said == [f"{MEETING}{words}" for words in expected]


def test_a_step_of_a_weakness_is_said_in_words(tmp_path: Path) -> None:
    pack = bakery("weakness: {severity: minor, extent: all}", tmp_path)
    assert [step_words(s, pack) for s in steps(pack) if "output.meets" in s.conditions] == [
        f"{WEAK}where at least “some” of those concerned have it, not “all” (beside “minor”)",
        f"{WEAK}from “grave” up, not “minor” (beside “all”)",
    ]


@pytest.mark.parametrize("folder", [PEEL, KETTLE], ids=lambda folder: folder.name)
def test_the_steps_of_a_pack_are_said_as_was_read(folder: Path) -> None:
    pack = load_pack(folder)
    said = dict.fromkeys(step_words(s, pack) for s in steps(pack) if len(s.conditions) != 1)
    if folder == KETTLE:
        said = dict.fromkeys(step_words(s, pack) for s in steps(pack))
    golden = ROOT / f"tests/data/robustness/steps/{folder.name}.txt"
    assert list(said) == golden.read_text("utf-8").splitlines()


INDICATORS = """
  share: {title: Share, method: value, series: [loaves-sold], unit: percent}
  count: {title: Count, method: value, series: [loaves-baked], unit: count}
  change: {title: Change, method: change, series: [loaves-baked], unit: count}
  stars: {title: Stars, method: value, series: [stars], unit: score}
  mean-stars: {title: Mean, method: mean, series: [stars], unit: score}
  agreed: {title: Agreed, method: agreement, topics: [loaves], minimum: 2, unit: score}
"""
