"""What-ifs against brute force: the folder is written as it would be, loaded and graded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from grading.commands.what_if_text import lines
from grading.derive.sources import source
from grading.derive.suppose import Value
from grading.derive.supposed import SupposedOutcome, SupposedValue, supposed
from grading.engine.compile import Program
from grading.engine.run import run_checked
from grading.evidence.changes.changed import Changed, Changes, changed
from grading.evidence.changes.correcting import Correction, correction
from grading.evidence.changes.said import Said
from grading.evidence.evidence import Evidence
from grading.evidence.load import load_evidence
from grading.explain.differences import Differences
from grading.explain.what_if import Otherwise, what_if
from grading.judge.judgments import Grading
from grading.judge.method import grade
from grading.problems import BadInput, Place, Problem
from grading.record.what_if import what_if_document
from grading.rules.again import Again
from grading.rules.facts import Possible
from grading.rules.loaded import Pack
from grading.rules.pack import OUTCOMES
from grading.rules.rule import Always, No
from grading.rules.stages import by_definition
from tests.folders import (
    FIELDWORK,
    METRIC,
    PREVIOUS,
    SUMMARY,
    Folder,
    file_name,
    folders,
    named,
    with_value,
    without,
    write,
    write_records,
)
from tests.packs import Case, cases, load, pack_files, program

RANDOM = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
PACKS = pack_files(2, 2, 2).map(load)


@dataclass(frozen=True)
class Folders:
    """A place for folders of one pack, and the pack inside the engine."""

    home: Path
    program: Program

    @property
    def pack(self) -> Pack:
        return self.program.pack

    def loaded(self, folder: Folder, name: str, as_of: date | None = None) -> Evidence:
        return load_evidence(write(folder, self.home / name), self.pack, as_of)

    def graded(self, folder: Folder, name: str, as_of: date | None = None) -> Grading:
        return grade(self.loaded(folder, name, as_of), self.program)

    def otherwise(self, base: Grading, changes: Changes) -> Grading:
        made, problems = changed(base.evidence, self.pack, changes)
        assert problems == []
        return what_if(base, Otherwise(made)).after


@contextmanager
def of(pack: Pack) -> Iterator[Folders]:
    with TemporaryDirectory() as home, program(pack) as compiled:
        yield Folders(Path(home), compiled)


def drops(*records: str) -> tuple[Said, ...]:
    return tuple(Said("--drop", use, record) for use, record in enumerate(records, 1))


def corrects(*texts: str) -> tuple[Correction, ...]:
    read = [correction(Said("--correct", use, text)) for use, text in enumerate(texts, 1)]
    return tuple(one for one in read if isinstance(one, Correction))


def says(evidence: Evidence) -> tuple[object, ...]:
    """Everything that evidence says, without where it is written."""
    records = [placed.record for placed in (*evidence.every(), *evidence.table)]
    return evidence.inspection, evidence.gathered, records


def concluded(grading: Grading) -> tuple[object, ...]:
    """Everything that was concluded, down to each verdict."""
    return (
        grading.judgments,
        grading.sub_questions,
        grading.findings,
        grading.fired.verdicts,
        grading.fired.facts,
        grading.derivation.indicators,
    )


def codes(problems: Sequence[Problem]) -> list[tuple[str, str]]:
    return sorted({(problem.code, problem.message) for problem in problems})


def some(records: Sequence[str], data: st.DataObject, most: int = 3) -> list[str]:
    return data.draw(st.lists(st.sampled_from(records), unique=True, min_size=1, max_size=most))


@RANDOM
@given(PACKS, st.data())
def test_a_dropped_record_is_as_if_the_folder_had_never_had_it(
    pack: Pack, data: st.DataObject
) -> None:
    folder = data.draw(folders(pack))
    assume(named(folder))
    gone = some(list(named(folder)), data)
    with of(pack) as there:
        base = there.graded(folder, "base")
        fewer = there.graded(without(folder, set(gone)), "fewer")
        after = there.otherwise(base, Changes(drop=drops(*gone)))
    assert says(after.evidence) == says(fewer.evidence)
    assert concluded(after) == concluded(fewer)
    event(f"the judgments change: {concluded(base)[0] != concluded(after)[0]}")


@RANDOM
@given(PACKS, st.data())
def test_an_added_record_is_as_if_the_folder_had_had_it(pack: Pack, data: st.DataObject) -> None:
    folder = data.draw(folders(pack))
    assume(named(folder))
    # the records of one file, without those that others name
    (name, _) = named(folder)[data.draw(st.sampled_from(list(named(folder))))]
    cited = {
        record
        for _, raw in named(folder).values()
        for record in raw.get("mitigation", {}).get("records", ())
    } | {entry["record"] for entry in folder["inspection"]["carried-forward"]}
    free = [r for r, (of_file, _) in named(folder).items() if of_file == name and r not in cited]
    assume(free)
    moved = some(free, data)
    fewer = without(folder, set(moved))
    if not fewer[name] and data.draw(st.booleans()):
        del fewer[name]
    with of(pack) as there:
        whole = there.graded(folder, "whole")
        base = there.graded(fewer, "base")
        path = there.home / f"more-{file_name(name)}"
        write_records(name, [named(folder)[record][1] for record in moved], path)
        after = there.otherwise(base, Changes(add=(path,)))
        back = there.otherwise(base, Changes(add=(path,), drop=drops(*moved)))
    assert says(after.evidence) == says(whole.evidence)
    assert concluded(after) == concluded(whole)
    # a kind that was not gathered is gathered by a file of it, whatever is dropped from the file
    if name in fewer:
        assert says(back.evidence) == says(base.evidence)
        assert concluded(back) == concluded(base)
    event(f"the judgments change: {concluded(base)[0] != concluded(after)[0]}")


def graded_or_refused(there: Folders, folder: Folder) -> tuple[Grading | None, tuple[Problem, ...]]:
    """The folder graded, or the problems with which it is refused."""
    try:
        return there.graded(folder, "other"), ()
    except BadInput as error:
        return None, error.problems


FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    FIELDWORK: {
        "direction": ("supports", "contradicts", "neutral", "against"),
        "extent": ("few", "all", "", "most"),
        "severity": ("minor", "serious", ""),
        "date": ("2016-06-15", "2016-12-31", "", "2016-13-01", "soon"),
        "topic": ("q1s0c0t0", "q1s0c1t0", "nowhere", ""),
        "footnote": ("3", "0", "", "x"),
        "statement": ("It is: so", "", "A text # of its own"),
    },
    SUMMARY: {
        "quantified": ("true", "false", "yes", ""),
        "files": ("12", "0", ""),
        "to": ("2016-06-15", "2016-12-31"),
        "extent": ("few", "all", ""),
    },
    METRIC: {
        "value": ("0", "12.5", "100", "101", "", "x"),
        "unit": ("percent", "count"),
        "to": ("2016-06-15", "2016-12-31", ""),
        "status": ("ok", "missing"),
        "body": ("body", "another"),
        "series": ("s-i1", "s-i2", "s1"),
    },
    PREVIOUS: {
        "status": ("resolved", "unresolved", "closed", ""),
        "raised": ("2015", "2017", "1066"),
        "kind": ("area-for-improvement", "judgment"),
        "topic": ("q1s0c0t0", "nowhere"),
    },
}
_NUMBERS = {"footnote", "files", "raised"}


def typed(name: str, field: str, value: str) -> Any:
    """The value as a YAML file would have it where it is a number or a truth; else its text."""
    if name != METRIC and field in _NUMBERS and value.isdigit():
        return int(value)
    return {"true": True, "false": False}.get(value, value) if field == "quantified" else value


@settings(RANDOM, max_examples=150)
@given(PACKS, st.data())
def test_a_corrected_value_is_as_if_the_folder_had_said_it(pack: Pack, data: st.DataObject) -> None:
    folder = data.draw(folders(pack))
    assume(named(folder))
    record = data.draw(st.sampled_from(list(named(folder))))
    name, _ = named(folder)[record]
    field = data.draw(st.sampled_from(sorted(FIELDS[name])))
    value = data.draw(st.sampled_from(FIELDS[name][field]))
    # what is corrected is no judgment that is carried forward, which another kind of record cannot be
    assume(record not in {c["record"] for c in folder["inspection"]["carried-forward"]})
    changes = Changes(correct=corrects(f"{record}.{field}={value}"))
    with of(pack) as there:
        base = there.graded(folder, "base")
        said = with_value(folder, record, field, typed(name, field, value))
        other, refused = graded_or_refused(there, said)
        if other is None:
            _, problems = changed(base.evidence, pack, changes)
        else:
            after, problems = there.otherwise(base, changes), []
    assert codes(problems) == codes(refused)
    if other is None:
        assert {problem.place.file for problem in problems} == {"--correct"}
        event("it is refused")
    else:
        assert says(after.evidence) == says(other.evidence)
        assert concluded(after) == concluded(other)
        event(f"the judgments change: {concluded(base)[0] != concluded(after)[0]}")


@RANDOM
@given(PACKS, st.data())
def test_a_value_corrected_to_what_it_is_changes_nothing(pack: Pack, data: st.DataObject) -> None:
    folder = data.draw(folders(pack))
    assume(named(folder))
    record = data.draw(st.sampled_from(list(named(folder))))
    _, raw = named(folder)[record]
    field = data.draw(st.sampled_from(sorted(set(raw) - {"id", "mitigation"})))
    value = str(raw[field]).lower() if isinstance(raw[field], bool) else str(raw[field])
    with of(pack) as there:
        base = there.graded(folder, "base")
        changes = Changes(correct=corrects(f"{record}.{field}={value}"))
        made, problems = changed(base.evidence, pack, changes)
        after = what_if(base, Otherwise(made)).after
    assert problems == []
    assert [(one.before, one.after) for one in made.corrected] == [(value, value)]
    assert says(after.evidence) == says(base.evidence)
    assert concluded(after) == concluded(base)
    assert Differences(base, after).nothing
    assert Differences(base, after).sentences == {}


@RANDOM
@given(PACKS, st.data())
def test_another_day_is_as_a_run_as_of_that_day(pack: Pack, data: st.DataObject) -> None:
    folder = data.draw(folders(pack))
    day = data.draw(st.sampled_from(["2016-05-01", "2016-06-15", "2016-08-01", "2017-01-01"]))
    then = date.fromisoformat(day)
    with of(pack) as there:
        base = there.graded(folder, "base")
        run = there.graded(folder, "then", then)
        after = there.otherwise(base, Changes(as_of=(then, Said("--as-of", 1, day))))
    assert says(after.evidence) == says(run.evidence)
    assert concluded(after) == concluded(run)
    event(f"the judgments change: {concluded(base)[0] != concluded(after)[0]}")


@RANDOM
@given(PACKS, st.data())
def test_changes_taken_together_are_as_changes_one_after_another(
    pack: Pack, data: st.DataObject
) -> None:
    folder = data.draw(folders(pack))
    assume(len(named(folder)) > 1)
    gone = some(list(named(folder)), data, most=1)
    left = [r for r, (name, _) in named(folder).items() if r not in gone and name == FIELDWORK]
    assume(left)
    record = data.draw(st.sampled_from(left))
    corrected = corrects(f"{record}.extent=few")
    with of(pack) as there:
        base = there.graded(folder, "base")
        once = there.otherwise(base, Changes(correct=corrected, drop=drops(*gone)))
        first = there.otherwise(base, Changes(drop=drops(*gone)))
        twice = there.otherwise(first, Changes(correct=corrected))
    assert concluded(once) == concluded(twice)


@RANDOM
@given(PACKS, st.data())
def test_a_set_value_decides_as_a_record_of_it_would(pack: Pack, data: st.DataObject) -> None:
    folder = data.draw(folders(pack))
    value = data.draw(st.sampled_from(("0", "0.3", "12.5", "100")))
    folder[METRIC] = []
    row = {"body": "body", "value": value, "unit": "percent"}
    # estimated, so that it is no published band as well
    row |= {"to": "2016-06-01", "comparator": "no", "status": "estimated", "reason": "So it is"}
    row |= {"heading": "Here"}
    numbers = [name for name, i in pack.indicators.items() if i.unit == "percent"]
    rows = [{"id": f"me-{n}", "series": f"s-{n}", **row} for n in numbers]
    measured = {**folder, METRIC: rows}
    uses = [Said("--set", n, f"{name}={value}") for n, name in enumerate(numbers, 1)]
    values: dict[str, Value] = {}
    for said in uses:
        one = supposed(said, pack)
        assert isinstance(one, SupposedValue)
        values[one.indicator] = one.value
    with of(pack) as there:
        base = there.graded(folder, "base")
        other = there.graded(measured, "measured")
        after = what_if(base, Otherwise(Changed(base.evidence), values=values)).after
        unset = dict.fromkeys(values)
        back = what_if(other, Otherwise(Changed(other.evidence), values=unset)).after
    assert after.fired.facts.outcomes == other.fired.facts.outcomes
    assert after.fired.facts.judgments == other.fired.facts.judgments
    assert after.fired.facts.findings == other.fired.facts.findings
    # a value that is not known decides as a figure that nobody recorded
    assert back.fired.facts.outcomes == base.fired.facts.outcomes
    assert back.fired.facts.judgments == base.fired.facts.judgments


@RANDOM
@given(PACKS, PACKS, st.data())
def test_every_what_if_can_be_told_and_says_what_its_document_says(
    pack: Pack, other: Pack, data: st.DataObject
) -> None:
    folder = data.draw(folders(pack))
    assume(named(folder))
    drop, withdrawn = some(list(named(folder)), data), some(list(named(folder)), data)
    criterion = data.draw(st.sampled_from(list(pack.criteria)))
    with of(pack) as there, program(other) as by:
        base = there.graded(folder, "base")
        made, problems = changed(base.evidence, pack, Changes(drop=drops(*drop)))
        assert problems == []
        left = [f"record={r}" for r in withdrawn if r not in drop]
        kinds = ["kind=previous"] if PREVIOUS in folder and made.evidence.previous else []
        sources = tuple(source(one, made.evidence) for one in (*left, *kinds))
        otherwise = Otherwise(
            made,
            sources if data.draw(st.booleans()) else (),
            {"i1": Decimal(data.draw(st.sampled_from(("0.3", "50"))))},
            {criterion: decided(pack, criterion, data.draw(st.sampled_from(("meets", ""))))},
        )
        results = [what_if(base, otherwise)]
        _, refused = changed(base.evidence, other, Changes())
        if not refused:
            results.append(what_if(base, Otherwise(Changed(base.evidence)), by))
    for result in results:
        text = "\n".join(lines(result))
        document = what_if_document(result)
        assert all(clause in text for clause in document.otherwise.says)
        nothing = "Nothing changes:" in text or "No grade, limit, criterion or finding" in text
        assert nothing == document.nothing_changes
        changes = {c for c, part in document.criteria.items() if not part.stands}
        assert (f"Criteria that change, {len(changes)} of" in text) == bool(changes)
        for judgment in document.judgments.values():
            stands = f"{judgment.title}: " in text and ", stands" in text
            assert stands or not judgment.stands
    event(f"of two packs: {len(results) == 2}")


# outcomes that people decide


def decided(pack: Pack, criterion: str, said: str) -> Possible:
    one = supposed(Said("--set", 1, f"{criterion}={said}"), pack)
    assert isinstance(one, SupposedOutcome)
    return one.possible


def with_rules_that_give(pack: Pack, criterion: str, outcome: str) -> Pack:
    """The pack in which the criterion's conditions always come out so."""
    here = Place("here", 1)
    holds = {
        "exceeds": outcome == "exceeds",
        "meets": outcome in ("meets", "conflicted"),
        "falls-short": outcome in ("falls-short", "conflicted"),
    }
    bodies = {
        f"{criterion}.{name}": Always(here) if true else No(here, (Always(here),))
        for name, true in holds.items()
    }
    rules = {
        rule: replace(one, body=bodies[rule]) if rule in bodies else one
        for rule, one in pack.rules.items()
    }
    return replace(pack, rules=rules)


@RANDOM
@given(cases(facts=3, questions=2, criteria=2, depth=2), st.data())
def test_a_decided_outcome_is_as_if_the_conditions_had_given_it(
    case: Case, data: st.DataObject
) -> None:
    criterion = data.draw(st.sampled_from(list(case.pack.criteria)))
    said = data.draw(st.sampled_from([o for o in OUTCOMES if o != "unknown"]))
    if said == "exceeds" and f"{criterion}.exceeds" not in case.pack.rules:
        return
    for facts in case.facts:
        possible = decided(case.pack, criterion, said)
        _, final = by_definition(case.pack, replace(facts, decided={criterion: possible}))
        _, brute = by_definition(with_rules_that_give(case.pack, criterion, said), facts)
        assert final.outcomes == brute.outcomes
        assert final.findings == brute.findings
        assert final.judgments == brute.judgments


@RANDOM
@given(cases(facts=3, questions=2, criteria=2, depth=2), st.data())
def test_an_outcome_decided_as_the_rules_do_changes_nothing(
    case: Case, data: st.DataObject
) -> None:
    for facts in case.facts:
        _, final = by_definition(case.pack, facts)
        alike = {c: p for c, p in final.outcomes.items() if data.draw(st.booleans())}
        _, again = by_definition(case.pack, replace(facts, decided=alike))
        assert replace(again, decided={}) == final


@RANDOM
@given(cases(facts=2, questions=2, criteria=2, depth=2), st.data())
def test_an_outcome_that_is_not_known_leaves_possible_what_any_outcome_does(
    case: Case, data: st.DataObject
) -> None:
    criterion = data.draw(st.sampled_from(list(case.pack.criteria)))
    for facts in case.facts:
        every = decided(case.pack, criterion, "")
        _, open_ = by_definition(case.pack, replace(facts, decided={criterion: every}))
        for one in every:
            settled = replace(facts, decided={criterion: frozenset({one})})
            _, final = by_definition(case.pack, settled)
            assert all(final.judgments[q] <= open_.judgments[q] for q in final.judgments)


@RANDOM
@given(cases(facts=2, questions=2, criteria=2, depth=2), st.data())
def test_grading_again_sees_what_people_decided(case: Case, data: st.DataObject) -> None:
    first, second = case.facts
    again = Again(case.pack, first)
    for facts in (first, second):
        criterion = data.draw(st.sampled_from(list(case.pack.criteria)))
        with_one = replace(facts, decided={criterion: decided(case.pack, criterion, "meets")})
        mixed = replace(first, decided=with_one.decided)
        assert again.verdicts_with(mixed) == by_definition(case.pack, mixed)
        own = Again(case.pack, with_one)
        assert own.with_facts(facts) == by_definition(case.pack, facts)[1]


@RANDOM
@given(cases(facts=2, questions=2, criteria=2, depth=2), st.data())
def test_the_engine_agrees_where_people_decide_outcomes(case: Case, data: st.DataObject) -> None:
    with program(case.pack) as compiled:
        for facts in case.facts:
            chosen: dict[str, Possible] = {}
            for criterion in case.pack.criteria:
                if data.draw(st.booleans()):
                    said = data.draw(st.sampled_from(("meets", "falls-short", "unknown", "")))
                    chosen[criterion] = decided(case.pack, criterion, said)
            fired = run_checked(compiled, replace(facts, decided=chosen))
            assert {c: fired.facts.outcomes[c] for c in chosen} == chosen
