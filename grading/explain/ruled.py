"""What a rule is called, what it is a rule of, and what says where it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from grading.explain.english import capital, grade_label, outcome_words, quoted
from grading.rules.loaded import OVERALL, Pack
from grading.rules.pack import Sourced
from grading.rules.rule import Rule


def rule_title(pack: Pack, rules: Sequence[Rule]) -> str:
    """What rules of one place conclude, and of what if it is of one thing alone."""
    rule = rules[0]
    if rule.stage == "criteria":
        whose = rule_owner(pack, rule) if len(rules) == 1 else "It"
        return f"{whose} {outcome_words([rule.name])}"
    if rule.stage == "findings":
        return capital(pack.manifest.findings[rule.name].kind.replace("-", " "))
    for limiter in pack.limiters.get(rule.owner, ()):
        if limiter.rule == rule.id:
            at_best = grade_label(pack, limiter.written.at_best)
            return f"{capital(at_best)} at best: {limiter.written.because}"
    return capital(grade_label(pack, rule.name))


def rule_owner(pack: Pack, rule: Rule) -> str:
    """What a rule is of: what a criterion says, or the title of what is judged."""
    if rule.owner in pack.criteria:
        return quoted(pack.criteria[rule.owner].written.says)
    return owner_title(pack, rule.owner)


def owner_title(pack: Pack, owner: str) -> str:
    """The title of a question, a sub-question or the overall judgment."""
    if owner in pack.questions:
        return pack.questions[owner].title
    if owner == OVERALL and pack.manifest.overall is not None:
        return pack.manifest.overall.title
    return next(
        (
            question.sub_questions[owner].title
            for question in pack.questions.values()
            if owner in question.sub_questions
        ),
        owner,
    )


def rule_source(pack: Pack, rule: Rule) -> Sourced | None:
    """What says where a rule comes from; nothing where nothing of the pack does."""
    manifest = pack.manifest
    if rule.stage == "findings":
        return manifest.findings[rule.name]
    if rule.stage == "criteria":
        placed = pack.criteria[rule.owner]
        if placed.written.meets is not None:
            return Sourced(basis=placed.written.basis, cite=placed.written.cite)
        named = criterion_test(pack, rule.owner)
        return manifest.criterion_tests[named] if named else None
    for limiter in pack.limiters.get(rule.owner, ()):
        if limiter.rule == rule.id:
            return limiter.written
    ladder = ladder_of(pack, rule.owner)
    return manifest.ladders[ladder] if ladder else None


def criterion_test(pack: Pack, criterion: str) -> str | None:
    """The test that a criterion is judged by; none where it has conditions of its own."""
    placed = pack.criteria[criterion]
    if placed.written.meets is not None:
        return None
    return placed.written.test or pack.questions[placed.question].criterion_test


def ladder_of(pack: Pack, owner: str) -> str | None:
    """The ladder of a question, of a sub-question or of the overall judgment."""
    manifest, question = pack.manifest, pack.questions.get(owner)
    if question is not None:
        return question.ladder
    if owner == OVERALL and manifest.overall is not None:
        return manifest.overall.ladder
    return manifest.sub_question_ladder
