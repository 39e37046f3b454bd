"""What of an inspection has to be graded again after a change of rules, and what is known to stay.

A question whose rules are the same in both packs comes out the same in every inspection, whatever is
unknown and whichever kinds of evidence there are. That is what `diff` calls equal by its rules. Of the
others, where every conclusion that the changed rules lead to is what it was, so is all that follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from grading.derive.derive import derive
from grading.engine.compile import Program
from grading.engine.run import Fired, run_checked
from grading.evidence.evidence import Evidence
from grading.judge.judgments import Concluded
from grading.judge.method import concluded
from grading.policy.diff.same import same_judgment
from grading.policy.proof.sides import Side
from grading.rules.definition import Verdict, holds
from grading.rules.facts import Facts
from grading.rules.loaded import OVERALL, Pack
from grading.rules.rule import Count, OutcomeIn, leaves
from grading.rules.stages import findings, judged, outcome, rungs, stands


@dataclass(frozen=True)
class Part:
    """The questions of a pack of which some rule changed, `overall` among them where it may move.

    `pack` has their rules alone, and `kept` are the other questions.
    """

    again: tuple[str, ...]
    kept: tuple[str, ...]
    pack: Pack


def part(before: Side, after: Side) -> Part | None:
    """What a change may make otherwise; None where that is everything."""
    was, now = before.pack, after.pack
    again = {q for q in now.questions if not _same(before, after, q)}
    while more := {q for q in now.questions if q not in again and _rests_on(now, q, again)}:
        again |= more
    counts = not same_judgment(before, after, OVERALL) or bool(again & set(now.graded))
    if rungs(now, OVERALL) and (counts or was.graded != now.graded):
        again.add(OVERALL)
    kept = tuple(q for q in (*now.questions, OVERALL) if q not in again and _is_of(now, q))
    rest = _restricted(now, again)
    if not kept or any(_counts_findings(rest, now, q) for q in kept):
        return None
    return Part(tuple(q for q in (*now.questions, OVERALL) if q in again), kept, rest)


def stays(before: Pack, after: Pack, given: Facts, fired: Fired) -> bool:
    """Whether every stage concludes what it did of what was given.

    The packs differ in rungs, limiters and conditions alone.
    """
    facts, known = fired.facts, fired.verdicts
    truths = {
        name: known[name].settled
        if name in known and rule == before.rules[name]
        else holds(rule.body, facts).settled
        for name, rule in after.rules.items()
    }
    derived = [o for o in facts.judgments if o not in given.judgments]
    subs = (sub for model in after.questions.values() for sub in model.sub_questions)
    return (
        all(o in facts.judgments for o in (*subs, *after.questions, OVERALL) if rungs(after, o))
        and all(
            outcome(after, criterion, truths) == facts.outcomes[criterion]
            for criterion in after.criteria
            if criterion not in facts.decided
        )
        and findings(after, after.criteria, truths) == facts.findings
        and all(
            rungs(after, owner) and judged(after, owner, truths) == facts.judgments[owner]
            for owner in derived
        )
        and all(
            stands(after, owner, move, facts.judgments, truths) == (owner in facts.moderated)
            for owner, move in facts.moves.items()
            if owner in derived
        )
    )


def graded_in_part(
    was: Concluded, after: Pack, program: Program, kept: Part, evidence: Evidence
) -> Concluded:
    """The inspection by the changed pack: what may be otherwise is fired again, and the rest is kept.

    Raises Disagreement as `grade` does.
    """
    derivation = derive(evidence, after, was.dropped)
    given, final = derivation.facts, was.fired.facts
    owners = frozenset(_owners(after, kept.kept))
    moderated = {o: grades for o, grades in final.moderated.items() if o in owners}
    outcomes = {c: final.outcomes[c] for c in after.criteria if c in owners}
    facts = replace(
        given,
        decided={**outcomes, **given.decided},
        judgments={
            **given.judgments,
            **{o: grades for o, grades in final.judgments.items() if o in owners},
        },
        moves={o: move for o, move in given.moves.items() if o not in owners},
        moderated=moderated,
    )
    fired = run_checked(program, facts)
    return concluded(
        evidence, after, derivation, _joined(was, after, fired, given, owners), was.dropped
    )


def _joined(
    was: Concluded, after: Pack, fired: Fired, given: Facts, owners: frozenset[str]
) -> Fired:
    """All verdicts and facts: those that were fired again, and those that were kept."""
    verdicts: Mapping[str, Verdict] = {
        name: fired.verdicts[name] if name in fired.verdicts else was.fired.verdicts[name]
        for name in after.rules
    }
    kept = {
        (kind, c): truth for (kind, c), truth in was.fired.facts.findings.items() if c in owners
    }
    facts = replace(
        fired.facts,
        decided=given.decided,
        moves=given.moves,
        findings={**kept, **fired.facts.findings},
    )
    return Fired(verdicts, facts, fired.firings)


def _is_of(pack: Pack, question: str) -> bool:
    return question != OVERALL or bool(rungs(pack, OVERALL))


def _same(before: Side, after: Side, question: str) -> bool:
    """Whether a question and all its parts rest on the same rules."""
    was, now = before.pack, after.pack
    if question not in was.questions or _parts(was, question) != _parts(now, question):
        return False
    graded = [s for s in now.questions[question].sub_questions if rungs(was, s) or rungs(now, s)]
    owners = (question, *graded)
    return all(same_judgment(before, after, owner) for owner in owners)


def _parts(pack: Pack, question: str) -> list[tuple[str, str]]:
    own = [(c.id, c.sub_question) for c in pack.criteria.values() if c.question == question]
    return [*own, *((sub, "") for sub in pack.questions[question].sub_questions)]


def _rests_on(pack: Pack, question: str, others: set[str]) -> bool:
    """Whether a rule of a question asks about the criteria of others."""
    own = frozenset(_owners(pack, (question,)))
    asked = {
        criterion
        for rule in pack.rules.values()
        if rule.owner in own
        for leaf in leaves(rule.body)
        for criterion in _asked(leaf)
    }
    return any(pack.criteria[criterion].question in others for criterion in asked)


def _asked(leaf: object) -> tuple[str, ...]:
    """The criteria whose outcomes or findings a condition asks about."""
    match leaf:
        case OutcomeIn(criterion=criterion):
            return (criterion,)
        case Count(counted="outcomes" | "findings", members=members):
            return members
        case _:
            return ()


def _counts_findings(rest: Pack, pack: Pack, question: str) -> bool:
    """Whether what is graded again counts findings on a question that is not."""
    own = set(pack.criteria_of(question))
    counted = (leaf for rule in rest.rules.values() for leaf in leaves(rule.body))
    return any(
        isinstance(leaf, Count) and leaf.counted == "findings" and own & set(leaf.members)
        for leaf in counted
    )


def _owners(pack: Pack, questions: tuple[str, ...]) -> Iterator[str]:
    """The questions, their parts and their criteria, as the owners of rules."""
    for question in questions:
        yield question
        if question in pack.questions:
            yield from pack.questions[question].sub_questions
            yield from pack.criteria_of(question)


def _restricted(pack: Pack, questions: set[str]) -> Pack:
    """The pack with the rules of some questions alone."""
    owners = frozenset(_owners(pack, tuple(questions)))
    return replace(
        pack,
        questions={q: model for q, model in pack.questions.items() if q in owners},
        criteria={c: placed for c, placed in pack.criteria.items() if c in owners},
        rules={name: rule for name, rule in pack.rules.items() if rule.owner in owners},
        limiters={o: some for o, some in pack.limiters.items() if o in owners},
    )
