"""What stands without one source, and what rests on one: against brute force, and on Durham."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped,unused-ignore]

from grading.commands.common import load
from grading.derive.derive import derive
from grading.derive.independence import Coded, independent
from grading.derive.indicators import Derived
from grading.derive.sources import By, UnknownSource, single_sources, source, sources_by
from grading.derive.withdraw import withdraw
from grading.engine.run import run_checked
from grading.evidence.changes.changed import Changed
from grading.evidence.evidence import Placed
from grading.evidence.records import FileReview, Observation
from grading.explain.differences import Change, Differences
from grading.explain.resting import Without, evidence_flips, resting
from grading.explain.what_if import Otherwise, WhatIf, what_if
from grading.judge.judgments import Grading as Run
from grading.judge.method import grade, program_of
from grading.problems import Place
from grading.record.document import document
from grading.record.what_if import what_if_schema
from grading.rules.again import Again
from grading.rules.facts import WITHDRAWN
from grading.rules.pack import Kind
from grading.rules.stages import by_definition
from tests.packs import Case, cases, program
from tests.test_bad_input import Grading, grading, home, swap

__all__ = ["grading", "home"]

ROOT = Path(__file__).parent.parent
DURHAM = ROOT / "evidence/peel-effectiveness-2016/durham"
RANDOM = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def durham() -> Run:
    evidence, pack = load(DURHAM)
    return grade(evidence, program_of(pack))


@pytest.fixture(scope="module")
def force() -> Run:
    evidence, pack = load(ROOT / "evidence/peel-effectiveness-2016/example-force")
    return grade(evidence, program_of(pack))


def leaving(run: Run, said: str) -> WhatIf:
    """The run beside the run without a source."""
    return what_if(run, Otherwise(Changed(run.evidence), (source(said, run.evidence),)))


def beside(result: WhatIf) -> Differences:
    return Differences(result.before, result.after)


def bakery(home: Path) -> Run:
    evidence, pack = load(Path("evidence"))
    return grade(evidence, program_of(pack))


def seen(
    name: str, subjects: str | None, method: str = "interview", day: date | None = None, **more: Any
) -> Coded:
    """An observation of whom it names."""
    said = {
        "id": name,
        "topic": "oven-heat",
        "direction": "supports",
        "method": method,
        "subjects": subjects,
        "date": day,
        "statement": "The oven was hot",
        "heading": "Ovens",
    }
    return Placed("fieldwork", Observation.model_validate(said | more), Place("fieldwork.yaml", 1))


# independence


MONDAY, TUESDAY = date(2020, 3, 2), date(2020, 3, 3)


def apart(one: Coded, other: Coded) -> bool:
    """Whether two observations state something that sets them apart."""
    a, b = one.record, other.record
    assert isinstance(a, Observation)
    assert isinstance(b, Observation)
    if a.subjects is None or b.subjects is None or a.subjects != b.subjects:
        return True
    methods = "not-stated" not in (a.method, b.method) and a.method != b.method
    return methods or (a.date_ is not None and b.date_ is not None and a.date_ != b.date_)


def most_apart(observations: list[Coded]) -> int:
    """The size of the largest set of observations of which any two are apart: by trying each set."""
    sizes = range(len(observations), 0, -1)
    return next(
        (
            size
            for size in sizes
            for some in combinations(observations, size)
            if all(apart(one, other) for one, other in combinations(some, 2))
        ),
        0,
    )


OBSERVED = st.lists(
    st.tuples(
        st.sampled_from([None, "bakers", "customers"]),
        st.sampled_from(["not-stated", "interview", "focus-group"]),
        st.sampled_from([None, MONDAY, TUESDAY]),
    ),
    max_size=7,
)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(OBSERVED)
def test_independent_observations_are_as_many_as_can_be_apart(
    stated: list[tuple[str | None, str, date | None]],
) -> None:
    observations = [seen(f"fw-{n}", *one) for n, one in enumerate(stated)]
    assert independent(observations) == most_apart(observations)


def test_the_same_subjects_by_the_same_method_on_the_same_day_count_once() -> None:
    one = seen("fw-1", "bakers", "interview", MONDAY, site="The oven")
    again = seen("fw-2", " Bakers", "interview", MONDAY, site="The shop")
    assert independent([one, again]) == 1
    assert independent([one, seen("fw-3", "bakers", "interview", TUESDAY)]) == 2
    assert independent([one, seen("fw-3", "bakers", "focus-group", MONDAY)]) == 2
    assert independent([one, seen("fw-3", "customers", "interview", MONDAY)]) == 2


def test_what_is_not_stated_sets_nothing_apart() -> None:
    one = seen("fw-1", "bakers", "interview", MONDAY)
    assert independent([one, seen("fw-2", "bakers", "interview")]) == 1
    assert independent([one, seen("fw-2", "bakers", "not-stated", MONDAY)]) == 1


def test_records_that_name_no_subjects_are_each_their_own() -> None:
    assert independent([seen("fw-1", None, "interview", MONDAY)] * 1) == 1
    both = [seen(f"fw-{n}", None, "interview", MONDAY) for n in (1, 2)]
    assert independent(both) == 2


def test_files_of_one_sample_are_one_source() -> None:
    said = {
        "topic": "loaves",
        "direction": "supports",
        "files": 20,
        "sampling": "random",
        "quantified": True,
        "from": MONDAY,
        "to": TUESDAY,
        "statement": "Orders were served",
        "heading": "Orders",
    }
    place = Place("file-review-summary.yaml", 1)
    both: list[Coded] = [
        Placed("file-review", FileReview.model_validate(said | {"id": f"fr-{n}"}), place)
        for n in (1, 2)
    ]
    other = FileReview.model_validate(said | {"id": "fr-3", "files": 21})
    assert independent(both) == 1
    assert independent([*both, Placed("file-review", other, place)]) == 2


# grading again


@RANDOM
@given(cases(facts=4, questions=2, criteria=3, depth=2))
def test_grading_again_says_what_the_definition_says(case: Case) -> None:
    first, *others = case.facts
    again = Again(case.pack, first)
    assert again.final == by_definition(case.pack, first)[1]
    mixed = [replace(first, records=other.records) for other in others]
    mixed += [replace(first, concluded=other.concluded) for other in others]
    for facts in (first, *others, *mixed):
        verdicts, final = by_definition(case.pack, facts)
        assert again.with_facts(facts) == final
        assert again.verdicts_with(facts) == (verdicts, final)
        assert list(again.verdicts_with(facts)[0]) == list(verdicts)


@RANDOM
@given(cases(facts=2, questions=2, criteria=2, depth=2), st.data())
def test_the_engine_agrees_where_earlier_findings_are_withdrawn(
    case: Case, data: st.DataObject
) -> None:
    with program(case.pack) as compiled:
        for facts in case.facts:
            if facts.previous is None:
                continue
            fewer = {
                topic: tuple(
                    (kind, data.draw(st.sampled_from([status, WITHDRAWN])))
                    for kind, status in found
                )
                for topic, found in facts.previous.items()
            }
            without = replace(facts, previous=fewer)
            fired = run_checked(compiled, without)
            assert (fired.verdicts, fired.facts) == by_definition(case.pack, without)
            final = by_definition(case.pack, facts)[1].judgments
            # what may be without them includes what is with them
            assert all(final[q] <= fired.facts.judgments[q] for q in final)


# withdrawing


def test_every_kind_left_out_by_a_what_if_is_left_out_as_a_run_leaves_it_out(durham: Run) -> None:
    for kind in get_args(Kind):
        result = leaving(durham, f"kind={kind}")
        dropped = grade(durham.evidence, durham.program, frozenset({kind}))
        after = result.after.fired.facts
        assert after.outcomes == dropped.fired.facts.outcomes
        assert after.judgments == dropped.fired.facts.judgments


def test_what_a_withdrawn_weakness_showed_is_unknown_not_false(home: Path) -> None:
    swap("evidence/fieldwork.yaml", "direction: supports", "direction: contradicts")(home)
    swap("evidence/fieldwork.yaml", "extent: all", "severity: grave")(home)
    run = bakery(home)
    result = leaving(run, "record=fw-1")
    assert beside(result).criteria["heat"] == Change(
        before=("falls-short",), after=("falls-short", "meets", "unknown")
    )
    assert beside(result).judgments["bread"] == Change(before=("poor",), after=("good", "poor"))
    assert [f.id for f in beside(result).unsure] == ["cause-of-concern-heat"]
    assert beside(result).fallen == ()
    assert beside(result).new == ()


def test_a_figure_without_its_record_is_absent_and_no_older_one_takes_its_place(
    home: Path,
) -> None:
    with (home / "evidence/metrics.csv").open("a") as file:
        file.write("m-4,loaves-baked,crumb,5,count,2019-01-01,2019-01-31,no,ok,,,,,Loaves,,,\n")
    run = bakery(home)
    assert run.fired.facts.outcomes["output"] == {"meets"}
    without = leaving(run, "record=m-1").after
    derived = without.derivation.indicators["loaves-a-day"]
    assert (derived.value, derived.reason) == (None, "the record that it rests on was left out")
    assert without.fired.facts.outcomes["output"] == {"conflicted", "falls-short", "meets"}
    older = leaving(run, "record=m-4").after
    assert older.derivation.indicators == run.derivation.indicators


def test_a_figure_that_two_records_give_stands_on_the_other(home: Path) -> None:
    with (home / "evidence/metrics.csv").open("a") as file:
        file.write("m-4,loaves-baked,crumb,120,count,2020-01-01,2020-01-31,no,ok,,,,,Again,,,\n")
    run = bakery(home)
    without = leaving(run, "record=m-1").after
    assert without.derivation.indicators["loaves-a-day"].records == ("m-4",)
    assert without.fired.facts.outcomes["output"] == {"meets"}


def test_a_tally_counts_what_remains(home: Path) -> None:
    with (home / "evidence/fieldwork.yaml").open("a") as file:
        file.write(FIELDWORK)
    run = bakery(home)
    assert run.derivation.indicators["hot-ovens"].value == 3
    without = leaving(run, "subjects=the BAKERS").after
    assert without.derivation.indicators["hot-ovens"].value == 1


def test_a_file_that_is_withdrawn_is_out_of_the_share_and_of_the_agreement(force: Run) -> None:
    share = force.derivation.indicators["files-allocated-rightly"]
    assert share.sample is not None
    row = next(name for _, answer, name in share.sample.records if answer == "no")
    fewer = withdraw(force.derivation, force.evidence, force.pack, frozenset({row}))
    without = fewer.indicators["files-allocated-rightly"]
    assert without.sample is not None
    assert (without.sample.whole.yes, without.sample.whole.no) == (
        share.sample.whole.yes,
        share.sample.whole.no - 1,
    )
    assert row not in without.records
    others = {n: i for n, i in fewer.indicators.items() if n != share.id}
    assert others == {n: i for n, i in force.derivation.indicators.items() if n != share.id}


def test_a_row_of_a_table_that_is_withdrawn_is_a_body_without_a_figure() -> None:
    table = ROOT / "tests/data/synthetic-43-bodies.csv"
    inspection = ROOT / "tests/data/synthetic-inspection"
    evidence, pack = load(inspection, None, ROOT / "rules", table)
    derivation = derive(evidence, pack)

    def without(body: str) -> Derived:
        (row,) = (
            m.record.id
            for m in evidence.table
            if (m.record.series, m.record.body) == ("charged-or-summonsed-share", body)
        )
        return withdraw(derivation, evidence, pack, frozenset({row})).indicators["charged-band"]

    assert "rank 13 of 42" in derivation.indicators["charged-band"].shown
    assert "rank 12 of 41" in without("synthetic-31").shown  # the highest of all
    assert "rank 13 of 41" in without("synthetic-12").shown  # the lowest of all
    assert without("synthetic-07").value is None  # the inspected body itself


def test_a_weakness_whose_mitigation_is_withdrawn_may_be_unmitigated(durham: Run) -> None:
    result = leaving(durham, "record=vp-055")
    assert {c: change for c, change in beside(result).criteria.items() if not change.stands} == {
        "risk-assessment": Change(before=("meets",), after=("conflicted", "meets"))
    }


def test_an_earlier_finding_that_is_withdrawn_may_still_limit(durham: Run) -> None:
    result = leaving(durham, "record=pv-002")
    limiters = {
        x.limiter.id: x.bites for x in result.after.judgments["investigating-crime"].limiters
    }
    assert limiters["repeat-area"] is None
    assert beside(result).judgments["investigating-crime"].stands


def test_a_judgment_carried_forward_may_be_any_without_its_record(home: Path) -> None:
    swap(
        "evidence/inspection.yaml",
        "plan:",
        "carried-forward: [{question: bread, record: pv-1}]\nplan:",
    )(home)
    run = bakery(home)
    result = leaving(run, "record=pv-1")
    assert beside(result).judgments["bread"] == Change(before=("good",), after=("good", "poor"))


FIELDWORK = """
  - {id: fw-3, topic: oven-heat, direction: supports, method: interview, subjects: The bakers,
     date: 2020-03-01, site: Back room, statement: It is hot, heading: Ovens}
  - {id: fw-4, topic: oven-heat, direction: supports, method: focus-group, subjects: the  bakers,
     date: 2020-03-01, site: Shop, statement: Still hot, heading: Ovens}
  - {id: fw-5, topic: loaves, direction: supports, method: interview, subjects: The bakers,
     date: 2020-03-01, site: Shop, statement: Many, heading: Shelves}
"""


def test_a_source_is_every_record_that_says_it_in_any_case_and_spacing(home: Path) -> None:
    with (home / "evidence/fieldwork.yaml").open("a") as file:
        file.write(FIELDWORK)
    evidence = bakery(home).evidence
    assert {
        said: source(said, evidence).records for said in ("subjects=the bakers", "site=shop")
    } == {
        "subjects=the bakers": ("fw-3", "fw-4", "fw-5"),
        "site=shop": ("fw-4", "fw-5"),
    }
    assert source("method=interview", evidence).records == ("fw-2", "fw-3", "fw-5")
    assert source("kind=metric", evidence).records == ("m-1", "m-2", "m-3")
    assert source("record=s-1", evidence).records == ("s-1",)
    assert [str(one) for one in single_sources(evidence)] == [
        *(f"record={name}" for name in ("fw-1", "fw-2", "m-1", "m-2", "m-3", "pv-1", "pv-2")),
        "record=s-1",
        "subjects=20 files, random, 2020-01-01 to 2020-01-31",
        "subjects=The bakers",
    ]


SOURCES = "write subjects=…, site=…, method=…, kind=… or record=…"
KINDS = "known: `fieldwork`, `file-review`, `survey`, `metric`, `previous`"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("fw-1", ("`fw-1` names no source", SOURCES)),
        ("colour=red", ("`colour=red` names no source", SOURCES)),
        ("record=fw-9", ("no record has the record `fw-9`", "did you mean `fw-2`?")),
        ("site=shop", ("no record has the site `shop`", "")),
        ("kind=gossip", ("no record has the kind `gossip`", KINDS)),
    ],
)
def test_a_source_that_is_none_is_told(said: str, told: tuple[str, str], home: Path) -> None:
    evidence = bakery(home).evidence
    with pytest.raises(UnknownSource) as error:
        source(said, evidence)
    assert error.value.args == told


# what rests on one source


def by_withdrawing(run: Run, every: int = 1) -> Iterator[tuple[str, Without]]:
    """What changes without each source, by withdrawing it and asking every rule."""
    pack, before = run.pack, run.fired.facts
    for one in single_sources(run.evidence)[::every]:
        fewer = withdraw(run.derivation, run.evidence, pack, frozenset(one.records), run.dropped)
        _, after = by_definition(pack, fewer.facts)
        for name, possible in after.outcomes.items():
            if possible != before.outcomes[name]:
                yield name, Without(one, tuple(sorted(possible)))
        for name, judgment in run.judgments.items():
            left = after.judgments.get(name, frozenset())
            if judgment.graded and left != before.judgments[name]:
                yield name, Without(one, tuple(g for g in pack.grades if g in left))


def listed(run: Run) -> dict[str, tuple[Without, ...]]:
    found = resting(run)
    return {**found.judgments, **found.criteria}


def test_what_rests_on_one_source_is_what_changes_when_it_is_withdrawn(durham: Run) -> None:
    every = 6
    tried = set(single_sources(durham.evidence)[::every])
    brute: dict[str, list[Without]] = {}
    for name, without in by_withdrawing(durham, every):
        brute.setdefault(name, []).append(without)
    assert brute
    some = {n: [w for w in found if w.source in tried] for n, found in listed(durham).items()}
    assert {name: found for name, found in some.items() if found} == brute


def test_a_second_observation_by_others_bears_what_one_bore(home: Path) -> None:
    run = bakery(home)
    found = listed(run)
    assert {name: [str(w.source) for w in some] for name, some in found.items()} == {
        "bread": ["record=fw-1", "record=m-1"],  # without the figure it may be a cause of concern
        "overall": ["record=fw-1", "record=m-1"],
        "heat": ["record=fw-1"],
        "output": ["record=m-1"],
    }
    with (home / "evidence/fieldwork.yaml").open("a") as file:
        file.write(FIELDWORK.replace("interview,", "interview, extent: some,"))
    assert {name: [str(w.source) for w in some] for name, some in listed(bakery(home)).items()} == {
        "bread": ["record=m-1"],
        "overall": ["record=m-1"],
        "output": ["record=m-1"],
    }


def test_one_subject_s_words_in_several_records_are_one_source(home: Path) -> None:
    path = home / "evidence/fieldwork.yaml"
    path.write_text("records:" + FIELDWORK.replace("method:", "extent: some, method:"), "utf-8")
    run = bakery(home)
    assert {w.source.records for w in listed(run)["heat"]} == {("fw-3", "fw-4", "fw-5")}
    assert [str(w.source) for w in listed(run)["bread"]] == ["record=m-1", "subjects=The bakers"]


def test_what_is_left_out_of_a_run_cannot_be_withdrawn_from_it(durham: Run) -> None:
    run = grade(durham.evidence, durham.program, frozenset({"fieldwork"}))
    left = {p.record.id for p in run.evidence.every() if p.kind == "fieldwork"}
    sources = [w.source for found in listed(run).values() for w in found]
    assert not left.intersection(r for one in sources for r in one.records)


def test_durham_rests_on_these_sources(durham: Run) -> None:
    """Read: each is the only record of its topic's criterion coded beyond the standard."""
    found = resting(durham).judgments
    one_of = "record=pc-029", "record=pc-040", "record=pc-129", "record=pc-139"
    other = "record=oc-159", "record=oc-161", "subjects=all staff spoken to"
    assert {name: tuple(str(w.source) for w in some) for name, some in found.items()} == {
        "preventing-crime": one_of,
        "serious-and-organised-crime": other,
        "overall": tuple(sorted((*one_of, *other))),
    }
    assert {w.possible for some in found.values() for w in some} == {("outstanding", "good")}


def test_the_record_of_a_run_says_what_rests_on_one_source(durham: Run) -> None:
    said = document(durham).single_source
    assert said.judgments["serious-and-organised-crime"][-1].model_dump() == {
        "source": "subjects=all staff spoken to",
        "records": ("oc-033", "oc-034", "oc-035", "pc-034", "pc-035"),
        "possible": ("outstanding", "good"),
    }
    assert len(said.criteria) == 20


def test_every_part_of_the_evidence_flips_what_a_what_if_without_it_changes(
    durham: Run, force: Run
) -> None:
    ways: tuple[By, ...]
    for run, ways in ((durham, ("method", "kind")), (force, ("site", "method", "kind"))):
        found = evidence_flips(run)
        told = {
            (name, str(w.source)): w.possible
            for name, some in {**found.judgments, **found.criteria}.items()
            for w in some
            if w.source.by in ways
        }
        expected: dict[tuple[str, str], tuple[str, ...]] = {}
        for by in ways:
            for one in sources_by(run.evidence, by):
                if str(one) == "method=not-stated":
                    continue
                changed = beside(leaving(run, str(one)))
                for name, change in {**changed.judgments, **changed.criteria}.items():
                    if not change.stands and change.after is not None:
                        expected[name, str(one)] = change.after
        assert expected
        assert told == expected


# the command


def test_a_run_lists_what_rests_on_one_source(home: Path, grading: Grading) -> None:
    told = grading("run", "evidence", "--out", "run.txt")
    assert told == (0, "", "")
    text = (home / "run.txt").read_text("utf-8")
    assert text[text.index("Rests on") : text.index("\n\n9 evidence")] == (
        "Rests on one source, and changes without it:\n"
        "  · Is the bread good?: poor to good without [fw-1] or [m-1]\n"
        "  · Is it a good bakery?: poor to good without [fw-1] or [m-1]\n"
        "  · and 2 criteria (--format json lists them, under single_source)"
    )


def test_a_what_if_says_what_stands_and_writes_nothing(home: Path, grading: Grading) -> None:
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    told = grading("what-if", "evidence", "--without-source", "record=fw-1")
    assert (told.code, told.err) == (4, "")
    assert told.out.startswith(
        "Crumb & Sons\n"
        "Bakeries · rule pack bakery 1.0.0 · as of 2020-06-30\n"
        "What if, with nothing written:\n"
        "  · [fw-1] were withdrawn, so that what it alone showed is not known\n"
        "\n"
        "Is the bread good?: good, becomes undetermined (poor to good)\n"
        "Is it a good bakery?: good, becomes undetermined (poor to good)\n"
        "\n"
    )
    assert grading("what-if", "evidence", "--without-source", "record=fw-2").code == 0
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before


def test_a_what_if_as_json_fits_its_schema(home: Path, grading: Grading) -> None:
    told = grading("what-if", "evidence", "--without-source", "kind=fieldwork", "--format", "json")
    said = json.loads(told.out)
    Draft202012Validator(what_if_schema()).validate(said)
    assert said["otherwise"]["withdrawn"] == [
        {"source": "kind=fieldwork", "records": ["fw-1", "fw-2"]}
    ]
    bread = said["judgments"]["bread"]
    assert (bread["before"], bread["after"], bread["stands"]) == (["good"], ["good", "poor"], False)


def test_a_source_that_is_none_is_wrong_usage(home: Path, grading: Grading) -> None:
    told = grading("what-if", "evidence", "--without-source", "record=fw-11")
    assert (told.code, told.out) == (2, "")
    assert "no record has the record `fw-11` (did you mean `fw-1`?)" in told.err
