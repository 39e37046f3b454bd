"""What is proved of rule packs: claims against brute force, faults with the inspections that show them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from itertools import combinations, product
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from grading.__main__ import cli
from grading.judge.columns import plus
from grading.judge.completions import TooMany
from grading.judge.figures import Reckoning
from grading.judge.groups import alike_topics
from grading.judge.observations import observed, telling
from grading.judge.shown import unions
from grading.judge.states import Example, State, kinds_of_finding
from grading.policy.proof import evidence_states, openness, tables
from grading.policy.proof.asks import Parting
from grading.policy.proof.certificate import certificate
from grading.policy.proof.claims import Claim, Inspection, Proof
from grading.policy.proof.criteria import criteria
from grading.policy.proof.known import Known, every
from grading.policy.proof.ladders import no_overlap, one_grade, reachable
from grading.policy.proof.looking import Looking
from grading.policy.proof.nearest import RANK
from grading.policy.proof.order import better_never_lower
from grading.policy.proof.parts import Option, Part, Setting
from grading.policy.proof.prove import graded, prove
from grading.policy.proof.relevance import matters
from grading.policy.proof.sides import Side, one_side
from grading.rules.definition import FALSE, TRUE, Verdict, holds
from grading.rules.facts import Facts, IndicatorFact, RecordFact
from grading.rules.load import load_pack
from grading.rules.loaded import Pack
from grading.rules.rule import Always
from grading.rules.stages import by_definition, limited, provisional, rungs
from tests.packs import Case, cases
from tests.proving import FAULTS, LIBRARY, faulty, library

ROOT = Path(__file__).parent.parent
FAULTS_TOLD = Path(__file__).parent / "data" / "proof" / "faults"
CERTIFICATES = Path(__file__).parent / "data" / "proof" / "certificates"
RANDOM = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # packs are small already, and smaller ones are slow to look for
)
SEEN: Counter[str] = Counter()
Said = dict[str, bool | None]


# by brute force


def ruled(
    parting: Parting, setting: Setting, chosen: Sequence[int], owner: str, number: int
) -> Said:
    """Whether each rung and limiter of a judgment holds for one side, by definition."""
    side = setting.sides[number]
    facts = side.facts({}, ())
    for part, n in zip(setting.parts, chosen, strict=True):
        facts = found(parting, side, facts, part, part.options[n], number)
    own = [rule for rule in side.pack.rules.values() if rule.owner == owner]
    return {rule.id: holds(rule.body, facts).settled for rule in own}


def found(
    parting: Parting, side: Side, facts: Facts, part: Part, option: Option, number: int
) -> Facts:
    """The facts with what one part of an inspection is."""
    match option.to:
        case Known(indicators=indicators, items=items):
            by_kind = facts.previous or {}
            before = [(t, k, s) for t, found in by_kind.items() for k, s in found]
            previous: dict[str, tuple[tuple[str, str], ...]] = {}
            for topic, kind, status in (*before, *items):
                previous[topic] = (*previous.get(topic, ()), (kind, status))
            known = side.facts(dict(indicators), ()).indicators
            return replace(facts, indicators={**facts.indicators, **known}, previous=previous)
        case tos:
            to = tos[number]
    if isinstance(to, State):
        names = part.variable.names
        sides = next(j.sides for j in parting.joints if j.every.criteria == names)
        group = sides[number % len(sides)]
        assert group is not None
        kinds = kinds_of_finding(side.pack)
        drawn = {
            (kind, criterion): truth
            for criterion, truths in zip(group.criteria, to.findings, strict=True)
            for kind, truth in zip(kinds, truths, strict=True)
        }
        records = dict(facts.records)
        for seen in option.example.observations:
            record = observed(side.pack, "", seen)
            records[seen.topic] = (*records.get(seen.topic, ()), record)
        return replace(
            facts,
            records=records,
            concluded=facts.concluded.union(group.topics),
            outcomes={**facts.outcomes, **dict(zip(group.criteria, to.outcomes, strict=True))},
            findings={**facts.findings, **drawn},
        )
    assert isinstance(to, str)
    (question,) = part.variable.names
    return replace(facts, judgments={**facts.judgments, question: frozenset({to})})


def graded_by(pack: Pack, owner: str, said: Said) -> str:
    """The grade where rungs and limiters hold so: `open` where there may be several."""
    grades = limited(pack, owner, provisional(pack, owner, said), said)
    return "open" if len(grades) > 1 else next(iter(grades), "")


class Brute:
    """Every state of a judgment, each graded by the definition, with what rungs and limiters say."""

    def __init__(self, looking: Looking) -> None:
        self.looking, self.pack, self.owner = looking, looking.pack, looking.owner
        self.states = [
            (n, chosen, self.verdicts(n, chosen))
            for n, table in enumerate(looking.tables)
            for chosen in product(*(range(len(p.options)) for p in table.setting.parts))
        ]

    def parts(self, table: int) -> Sequence[Part]:
        return self.looking.tables[table].setting.parts

    def verdicts(self, table: int, chosen: Sequence[int]) -> Said:
        """Whether each rung and limiter holds, by definition."""
        setting = self.looking.tables[table].setting
        return ruled(self.looking.parting, setting, chosen, self.owner, 0)

    def provisional(self, said: Said) -> str:
        grades = provisional(self.pack, self.owner, said)
        return next(iter(grades)) if len(grades) == 1 else ""

    def grade(self, said: Said, without: str = "") -> str:
        said = {
            rule: False if without and rule.endswith(without) else t for rule, t in said.items()
        }
        return graded_by(self.pack, self.owner, said)

    def is_lower(self, now: str, was: str) -> bool:
        order = [*self.pack.grades, ""]
        if "open" in (now, was):
            return False
        return order.index(now) > order.index(was)

    def one_grade(self) -> int:
        return sum(self.grade(said) in ("", "open") for _, _, said in self.states)

    def overlaps(self) -> set[tuple[str, str]]:
        asking = [
            g
            for g in rungs(self.pack, self.owner)
            if not isinstance(self.pack.rules[f"{self.owner}.{g}"].body, Always)
        ]
        found = set()
        for better, worse in combinations(asking, 2):
            kinds = {
                said[f"{self.owner}.{worse}"]
                for _, _, said in self.states
                if self.provisional(said) == better
                and self.grade(said) != "open"
                and self.grade(said)
                != self.grade(
                    {
                        **said,
                        **{f"{self.owner}.{g}": g == worse for g in rungs(self.pack, self.owner)},
                    }
                )
            }
            if {True, False} <= kinds:
                found.add((better, worse))
        return found

    def dead(self) -> set[str]:
        rung = {
            g
            for g in rungs(self.pack, self.owner)
            if not any(
                self.provisional(said) == g == self.grade(said) for _, _, said in self.states
            )
        }
        limiters = {
            x.id
            for x in self.pack.limiters.get(self.owner, ())
            if not any(
                self.grade(said, f".limiter-{x.id}") != self.grade(said)
                for _, _, said in self.states
            )
        }
        return rung | limiters

    def lowered(self) -> int:
        """How many pairs of states there are of which the better has the lower grade, in one setting."""
        graded = {(n, chosen): self.grade(said) for n, chosen, said in self.states}
        number = 0
        for (n, chosen), was in graded.items():
            for at, part in enumerate(self.parts(n)):
                for worse, better in part.better:
                    if chosen[at] == worse:
                        after = (*chosen[:at], better, *chosen[at + 1 :])
                        number += self.is_lower(graded[n, after], was)
        return number

    def lowered_between(self) -> int:
        """The same of what several parts ask about: all else is as it is, on the same evidence."""
        number = 0
        for pair in self.looking.asks.shared.better:
            setting = self.looking.between(*pair).setting
            for chosen in product(*(range(len(part.options)) for part in setting.parts)):
                was, now = (
                    graded_by(
                        self.pack,
                        self.owner,
                        ruled(self.looking.parting, setting, chosen, self.owner, side),
                    )
                    for side in (0, 1)
                )
                number += self.is_lower(now, was)
        return number

    def idle(self) -> set[tuple[str, ...]]:
        """The parts of which no change ever changes the grade."""
        graded = {(n, chosen): self.grade(said) for n, chosen, said in self.states}
        idle = set()
        for at, part in enumerate(self.parts(0)):
            by_rest: dict[object, set[str]] = {}
            for (n, chosen), grade in graded.items():
                by_rest.setdefault((n, chosen[:at], chosen[at + 1 :]), set()).add(grade)
            if all(len(grades) == 1 for grades in by_rest.values()):
                idle.add(part.variable.names)
        return idle


def claims(looking: Looking) -> dict[str, Claim]:
    every = (one_grade, no_overlap, reachable, better_never_lower, matters)
    return {claim.name: claim for claim in (check(looking) for check in every)}


def grade_of(looking: Looking, shown: Inspection) -> str:
    """The grade of an inspection that is told, by definition: of all that is said to be found."""
    (side,) = looking.parting.sides
    facts = side.facts({}, ())
    for said in shown.found:
        part, option = Part(said.variable, (), {}), Option(said.to, (), example=said.example)
        facts = found(looking.parting, side, facts, part, option, 0)
    own = [rule for rule in looking.pack.rules.values() if rule.owner == looking.owner]
    ruled = {rule.id: holds(rule.body, facts).settled for rule in own}
    return graded_by(looking.pack, looking.owner, ruled)


def told(claim: Claim) -> list[tuple[object, ...]]:
    """What a claim fails for, with the numbers of states; of its inspections the grades."""
    return [
        (f.about, f.beside, f.why, f.states, f.also, tuple(i.grade for i in f.inspections))
        for f in claim.failures
    ]


@settings(RANDOM, max_examples=60)
@given(st.booleans().flatmap(lambda alone: cases(0, 2, 2, 1, alone=alone)))
def agrees(case: Case) -> None:
    pack = case.pack
    parting = Parting(one_side(pack))
    judged: dict[str, list[tuple[str | None, ...]]] = {}
    for owner, _ in graded(pack):
        try:
            diagram = Looking(parting, owner, judged, "in a decision diagram")
        except TooMany:
            assume(False)
        assume(diagram.states < 300)
        looking = Looking(parting, owner, judged, "one by one")
        grades = dict.fromkeys(seen.reading.grade for seen in looking.every)
        settled = [(grade,) for grade in grades if grade in pack.grades]
        judged[owner] = [*settled] or [(grade,) for grade in rungs(pack, owner)]
        found, brute = claims(looking), Brute(looking)
        assert sum(f.states for f in found["one-grade"].failures) == brute.one_grade()
        assert {(f.about, f.beside) for f in found["no-overlap"].failures} == brute.overlaps()
        assert {f.about for f in found["reachable"].failures} == brute.dead()
        lowered = sum(f.states for f in found["better-never-lower"].failures)
        assert lowered == brute.lowered() + brute.lowered_between()
        if len(looking.tables) == 1:
            alone = {
                part.variable.names
                for part in brute.parts(0)
                if part.variable.kind == "criteria" and len(part.variable.names) == 1
            }
            idle = {(f.about,) for f in found["matters"].failures if f.kind == "criterion"}
            assert idle & alone == brute.idle() & alone
        assert {n: told(c) for n, c in claims(diagram).items()} == {
            n: told(c) for n, c in found.items()
        }
        for claim in (*found.values(), *claims(diagram).values()):
            for failed in claim.failures:
                for shown in failed.inspections:
                    assert grade_of(looking, shown) == shown.grade
        for name, claim in found.items():
            SEEN[name] += bool(claim.failures)
        SEEN["settings"] += len(looking.tables) > 1


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
def test_claims_agree_with_brute_force_one_by_one_and_in_a_diagram(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    SEEN.clear()
    monkeypatch.setattr(evidence_states, "MOST_LED_TO", 1000)  # larger packs are left out
    agrees()
    assert all(number > 3 for number in SEEN.values()), SEEN


# the faults, and what is said of them


def failures(pack: Pack) -> str:
    """The lines of a certificate that tell what fails."""
    lines = certificate(pack, prove(pack)).splitlines()
    return "".join(f"{line}\n" for line in lines if line.startswith(("✗", "    ", "not proved")))


def test_a_pack_without_faults_is_proved() -> None:
    assert failures(library()) == ""
    assert certificate(library(), prove(library())).endswith("\nproved: all claims hold\n")


FAULTY_PACKS = dict(faulty())


@pytest.mark.parametrize("fault", FAULTY_PACKS)
def test_each_fault_is_found_with_an_inspection_that_shows_it(fault: str) -> None:
    """Each text was read aloud against the pack."""
    assert failures(FAULTY_PACKS[fault]) == (FAULTS_TOLD / f"{fault}.txt").read_text("utf-8")


def test_every_text_of_a_fault_is_of_a_fault() -> None:
    assert {path.stem for path in FAULTS_TOLD.glob("*.txt")} == set(FAULTY_PACKS)


@pytest.mark.parametrize("fault", FAULTY_PACKS)
def test_a_fault_is_the_same_fault_one_by_one_and_in_a_diagram(fault: str) -> None:
    pack = FAULTY_PACKS[fault]

    def found(proof: Proof) -> list[object]:
        return [
            (f.claim, f.about, f.beside, f.why, f.states, [i.grade for i in f.inspections])
            for f in proof.failures
        ]

    assert found(prove(pack, "one by one")) == found(prove(pack, "in a decision diagram"))


@pytest.mark.parametrize("fault", FAULTY_PACKS)
def test_each_inspection_that_is_told_has_the_grade_that_is_told(fault: str) -> None:
    parting = Parting(one_side(FAULTY_PACKS[fault]))
    for owner in ("reading-rooms", "catalogue"):
        looking = Looking(parting, owner, {}, "in a decision diagram")
        for claim in claims(looking).values():
            for failed in claim.failures:
                for shown in failed.inspections:
                    assert grade_of(looking, shown) == shown.grade


def test_what_is_around_a_part_is_told_of_that_part_where_others_are_like_it() -> None:
    looking = Looking(Parting(one_side(library())), "catalogue", {}, "one by one")
    (table,) = looking.tables
    parts = table.setting.parts
    assert [table.like(number) for number in range(len(parts))] == [0, 0, 2, 3]
    for number, part in enumerate(parts):
        for around, reached in table.around(number).items():
            for n, option in enumerate(part.options):
                chosen = table.chosen(number, reached, n)
                adds = [p.options[k].adds for p, k in zip(parts, chosen, strict=True)]
                assert chosen[number] == n
                assert reduce(plus, adds, table.setting.start) == plus(around, option.adds)


def test_a_figure_that_two_criteria_ask_about_is_one_figure() -> None:
    """Three classes of hours, each with five outcomes of help, three of complaints, two of concern."""
    own = "        topics: {quiet: Noise in the rooms}\n"
    asked = "{indicator: opening-hours, at-least: 60, basis: pack}"
    less = "{indicator: opening-hours, below: 60, basis: pack}"
    same = f"        basis: pack\n        meets: {asked}\n        falls-short: {less}\n"
    pack = library((("reading-rooms.yaml", own, own + same),))
    looking = Looking(Parting(one_side(pack)), "reading-rooms", {})
    assert (len(looking.tables), looking.states) == (3, 3 * 5 * 3 * 2)
    assert better_never_lower(looking).failures == ()


# shipped packs


@pytest.mark.parametrize("name", ["food-hygiene", "peel-effectiveness-2016"])
def test_the_certificate_of_a_shipped_pack(name: str) -> None:
    pack = load_pack(ROOT / "rules" / name)
    text = certificate(pack, prove(pack)).replace(pack.digest, "DIGEST")
    assert text == (CERTIFICATES / f"{name}.txt").read_text("utf-8")


def test_every_rating_of_food_hygiene_by_the_published_table() -> None:
    """Of the 180 ways to give three scores, as many have each rating as arithmetic says."""
    (rating,) = prove(load_pack(ROOT / "rules" / "food-hygiene")).judgments
    limits = {"5": (15, 5), "4": (20, 10), "3": (30, 10), "2": (40, 15), "1": (50, 20)}
    found: Counter[str] = Counter()
    for scores in product((0, 5, 10, 15, 20, 25), (0, 5, 10, 15, 20, 25), (0, 5, 10, 20, 30)):
        total, highest = sum(scores), max(scores)
        held = (g for g, (most, single) in limits.items() if total <= most and highest <= single)
        found[next(held, "0")] += 1
    assert dict(rating.grades) == found


SMALL = [
    "bringing-offenders-to-justice",
    "preventing-organised-crime",
    "initial-investigative-response",
    "overall",
]


@pytest.mark.parametrize("owner", SMALL)
def test_small_judgments_of_the_police_pack_agree_with_brute_force(owner: str) -> None:
    pack = load_pack(ROOT / "rules" / "peel-effectiveness-2016")
    judged = {question: [(grade,) for grade in pack.grades] for question in pack.graded}
    looking = Looking(Parting(one_side(pack)), owner, judged)
    brute = Brute(looking)
    found = Counter(brute.grade(said) for _, _, said in brute.states)
    (proved,) = (j for j in prove(pack).judgments if j.id == owner)
    assert dict(proved.grades) == found
    assert (brute.one_grade(), brute.overlaps(), brute.dead(), brute.lowered(), brute.idle()) == (
        0,
        set(),
        set(),
        0,
        set(),
    )


# evidence


def test_better_evidence_is_better_and_leads_where_it_is_said_to() -> None:
    """Each step of each criterion of the police pack, by definition, one observation apart."""
    pack = load_pack(ROOT / "rules" / "peel-effectiveness-2016")
    parting = Parting(one_side(pack))
    steps = 0
    for joint in parting.joints[:14]:
        (group,) = joint.sides
        assert group is not None
        (criterion,) = group.criteria
        found = parting.alone(joint)
        for (one, other), step in found.better.items():
            for number, example in ((one, step.before), (other, step.after)):
                (state,) = found.states[number]
                assert state is not None
                assert state.outcomes[0] <= outcomes(pack, criterion, example)
            if step.observation is not None:
                more, fewer = (
                    (step.after, step.before)
                    if step.observation.supports
                    else (step.before, step.after)
                )
                assert {o.supports for o in set(more.observations) - set(fewer.observations)} <= {
                    step.observation.supports
                }
            steps += 1
    assert steps > 200


def outcomes(pack: Pack, criterion: str, example: Example) -> frozenset[str]:
    """What a criterion may come to on this evidence, by definition."""
    topics = pack.criteria[criterion].written.topics
    records: dict[str, tuple[RecordFact, ...]] = {}
    for seen in example.observations:
        records[seen.topic] = (*records.get(seen.topic, ()), observed(pack, criterion, seen))
    reckoning = Reckoning(pack)
    indicators: dict[str, IndicatorFact] = {}
    for together in reckoning.together(figure.id for figure, _ in example.figures):
        given = {f: amount for f, amount in example.figures if f in together.figures}
        indicators |= reckoning.indicators(together, given)
    facts = Facts(records=records, concluded=frozenset(topics), indicators=indicators, previous={})
    return by_definition(pack, facts)[1].outcomes[criterion]


@RANDOM
@given(cases(0, 2, 2, 1, alone=True))
def lowers_where_the_definition_does(case: Case) -> None:
    """A criterion by itself: better in one thing, by definition what is possible is worse somewhere."""
    pack = case.pack
    parting = Parting(one_side(pack))
    for joint in parting.joints:
        (group,) = joint.sides
        assert group is not None
        if len(group.criteria) > 1 or group.earlier:
            continue
        (criterion,) = group.criteria
        steps = telling(pack, [among[0] for among in alike_topics(group)], group.every)
        shown, _ = unions(0, steps)
        known = every(parting.figures(joint))
        if len(shown) * len(known.of) > 200:
            continue
        possible = {
            (n, bits): sorted(
                RANK[o] for o in outcomes(pack, criterion, Example(seen, one.figures, ()))
            )
            for n, one in enumerate(known.of)
            for bits, seen in shown.items()
        }
        pairs = [
            ((n, bits), (n, bits | mask)) if seen.supports else ((n, bits | mask), (n, bits))
            for n, bits in possible
            for mask, seen in steps.items()
        ]
        pairs += [((n, bits), (to, bits)) for n, to in known.better for bits in shown]
        worse = any(
            (possible[to][0], possible[to][-1]) != (possible[one][0], possible[one][-1])
            and (possible[to][0] < possible[one][0] or possible[to][-1] < possible[one][-1])
            for one, to in pairs
        )
        claim = next(c for c in criteria(parting, joint).claims if c.name == "better-never-lower")
        assert bool(claim.failures) == worse, criterion
        SEEN[f"worse: {worse}"] += 1


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
def test_better_evidence_lowers_an_outcome_where_by_definition_less_is_possible() -> None:
    SEEN.clear()
    lowers_where_the_definition_does()
    assert min(SEEN["worse: True"], SEEN["worse: False"]) > 10, SEEN


# unknowns, and what there is too much of


@pytest.mark.parametrize("fault", ["reaches", "within"])
def test_a_word_that_answers_what_is_unknown_is_found(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_more_than_sure(least: int, greatest: int, fewest: int, most: int) -> Verdict:
        return TRUE if fewest <= least <= most else FALSE

    def surely(
        possible: Sequence[frozenset[str] | None], wanted: tuple[str, ...]
    ) -> tuple[int, int]:
        found = sum(p is not None and p <= frozenset(wanted) for p in possible)
        return found, found

    monkeypatch.setattr(openness, fault, no_more_than_sure if fault == "reaches" else surely)
    failed = prove(library()).words.failures
    assert {f.kind for f in failed} == {"word"}
    assert "2 to 2 of 2 outcomes exceeds" in {f.about for f in failed}


def test_what_there_is_too_much_of_is_said_and_is_no_proof(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tables, "MOST_NODES", 5)
    monkeypatch.setattr(tables, "MOST_ONE_BY_ONE", 100)
    result = CliRunner().invoke(cli, ["rules", "prove", str(LIBRARY)], standalone_mode=False)
    assert result.return_value == 1
    lines = result.output.splitlines()
    assert lines[2] == "Question “Reading rooms”: NOT LOOKED AT, there are too many states"
    assert lines[-1] == "not proved: 2 parts not looked at"


def test_the_command_says_by_its_exit_code_whether_all_is_proved(tmp_path: Path) -> None:
    def prove_(*options: str) -> tuple[object, str]:
        args = ["rules", "prove", *options]
        result = CliRunner().invoke(cli, args, standalone_mode=False)
        return result.return_value, result.output

    code, text = prove_(str(LIBRARY), "--format", "json")
    document = json.loads(text)
    assert (code, document["proved"], document["pack"]["id"]) == (0, True, "library-2020")
    (old, new) = FAULTS["an-overlap-of-two-rungs"][0][1:]
    for path in LIBRARY.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    out = tmp_path / "proof.json"
    code, text = prove_(str(tmp_path), "--format", "json", "--out", str(out))
    document = json.loads(out.read_text("utf-8"))
    assert (code, text, document["proved"]) == (1, "", False)
    (failed,) = (
        failed
        for one in document["judgments"]
        if one["id"] == "reading-rooms"
        for claim in one["claims"]
        if claim["claim"] == "no-overlap"
        for failed in claim["failures"]
    )
    assert (failed["about"], failed["beside"], failed["cases"]) == ("good", "fair", 24)
    assert failed["inspections"][0] == {
        "criteria": {"opening": "meets", "help": "conflicted", "quiet": "meets"},
        "figures": {"complaints": "19"},
        "grade": "good",
    }
