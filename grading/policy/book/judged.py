"""Questions, sub-questions and criteria, each with what its rules ask in English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from grading.explain.asked import asked
from grading.explain.english import capital, grade_label, outcome_words, quoted
from grading.explain.ruled import criterion_test, ladder_of, owner_title, rule_source
from grading.policy.book.parts import (
    Asks,
    Condition,
    CriterionPart,
    LadderPart,
    Link,
    QuestionPart,
    Shared,
    SubQuestionPart,
    cited,
    place_words,
    source,
)
from grading.policy.book.tried import Trying
from grading.problems import Place
from grading.rules.files import PackFiles
from grading.rules.loaded import OVERALL, Pack
from grading.rules.pack import OUTCOMES
from grading.rules.rule import Rule

_SAY = {
    "says": "what the criterion says",
    "improve": "what there is to improve",
    "recommend": "what is recommended",
}

_NAMELESS = "\0"  # no text of a pack has this character


def at(place: Place) -> str:
    """A place in the pack, without the folder."""
    return place_words(place.file, place.line)


def questions(pack: Pack, trying: Trying) -> Iterator[QuestionPart]:
    """The questions in the order of the pack."""
    general = _general(pack)
    for name, question in pack.questions.items():
        yield QuestionPart(
            target=f"question.{name}",
            id=name,
            title=question.title,
            source=cited(question.cite),
            place=at(pack.places[name]),
            ungraded=question.ungraded or "",
            ladder=ladder(pack, name, trying),
            sub_questions=tuple(_sub_questions(pack, name, trying, general)),
        )


def _sub_questions(
    pack: Pack, question: str, trying: Trying, general: Mapping[str, str]
) -> Iterator[SubQuestionPart]:
    for name, sub in pack.questions[question].sub_questions.items():
        yield SubQuestionPart(
            target=f"sub-question.{name}",
            id=name,
            title=sub.title,
            source=cited(sub.cite),
            place=at(pack.places[name]),
            context=tuple(sub.topics.items()),
            criteria=tuple(
                _criterion(pack, criterion, trying, general)
                for criterion in pack.criteria_of(question, name)
            ),
            ladder=ladder(pack, name, trying),
        )


def _criterion(
    pack: Pack, criterion: str, trying: Trying, general: Mapping[str, str]
) -> CriterionPart:
    placed = pack.criteria[criterion]
    written, test = placed.written, criterion_test(pack, criterion)
    rules = [pack.rules[r] for o in OUTCOMES if (r := f"{criterion}.{o}") in pack.rules]
    findings = [pack.rules[f"{criterion}.{name}"] for name in pack.manifest.findings]
    outcomes = tuple(_of_one(pack, rule, f"It {outcome_words([rule.name])}") for rule in rules)
    found = tuple(
        _of_one(pack, rule, capital(pack.manifest.findings[rule.name].kind.replace("-", " ")))
        for rule in findings
    )
    return CriterionPart(
        target=f"criterion.{criterion}",
        id=criterion,
        says=written.says,
        core=written.core,
        source=cited(written.cite),
        place=at(placed.place),
        topics=tuple(written.topics.items()),
        test=Link(test, f"test.{test}") if test else None,
        as_test=test is not None and _as_general(pack, rules, general),
        outcomes=outcomes,
        as_findings=_as_general(pack, findings, general),
        findings=found,
        improve=written.improve,
        recommend=written.recommend,
        cases=trying.of_criterion(criterion),
        given=trying.given(criterion),
    )


def _as_general(pack: Pack, rules: Iterable[Rule], general: Mapping[str, str]) -> bool:
    """Whether rules of a criterion ask what the same rules ask of every criterion."""
    return all(general.get(_key(pack, rule)) == _of_it(pack, rule) for rule in rules)


def _of_one(pack: Pack, rule: Rule, title: str) -> Condition:
    says = Asks(_of_it(pack, rule))
    return Condition(title, (says,), at(rule.place), source(rule_source(pack, rule)))


def _of_it(pack: Pack, rule: Rule) -> str:
    """What a rule of a criterion asks, with `it` for the criterion itself."""
    placed = pack.criteria[rule.owner]
    nameless = replace(placed, written=placed.written.model_copy(update={"says": _NAMELESS}))
    said = asked(rule.body, replace(pack, criteria={**pack.criteria, rule.owner: nameless}))
    return f"{capital(said.replace(quoted(_NAMELESS), 'it'))}."


def _key(pack: Pack, rule: Rule) -> str:
    """Where a rule of a criterion is written once for many."""
    if rule.stage == "findings":
        return f"finding.{rule.name}"
    return f"test.{criterion_test(pack, rule.owner)}.{rule.name}"


def _general(pack: Pack) -> dict[str, str]:
    """The words of tests and findings that are the same for every criterion, by key."""
    return {key: next(iter(w)) for key, w in _by_words(pack).items() if len(w) == 1}


def _by_words(pack: Pack) -> dict[str, dict[str, list[str]]]:
    """What tests and findings ask, by key: each wording with the criteria it is of."""
    found: dict[str, dict[str, list[str]]] = {}
    for rule in pack.rules.values():
        if rule.stage == "findings" or (
            rule.stage == "criteria" and criterion_test(pack, rule.owner) is not None
        ):
            words = found.setdefault(_key(pack, rule), {})
            words.setdefault(_of_it(pack, rule), []).append(rule.owner)
    return found


def ladder(pack: Pack, owner: str, trying: Trying) -> LadderPart | None:
    """The ladder of a judgment, in its own numbers; none where it has none."""
    name = ladder_of(pack, owner)
    rungs = [pack.rules[r] for g in pack.grades if (r := f"{owner}.{g}") in pack.rules]
    if name is None or not rungs:
        return None
    return LadderPart(
        ladder=Link(name, f"ladder.{name}"),
        rungs=tuple(
            Condition(
                capital(grade_label(pack, rule.name)),
                (Asks(f"{capital(asked(rule.body, pack))}."),),
                at(rule.place),
                source(rule_source(pack, rule)),
                trying.of_rung(owner, rule.name),
            )
            for rule in rungs
        ),
        limiters=tuple(
            Condition(
                f"{capital(grade_label(pack, limiter.written.at_best))} at best:"
                f" {limiter.written.because} ({limiter.id})",
                (Asks(f"{capital(asked(pack.rules[limiter.rule].body, pack))}."),),
                at(limiter.place),
                source(limiter.written),
                trying.of_limiter(owner, limiter.id),
            )
            for limiter in pack.limiters.get(owner, ())
        ),
    )


def tests(files: PackFiles, pack: Pack) -> Iterator[Shared]:
    """The tests that criteria are judged by, each with the criteria that it judges."""
    document, words = files.manifest[0], _by_words(pack)
    for name, test in pack.manifest.criterion_tests.items():
        path = ("criterion-tests", name)
        used = [c for c in pack.criteria if criterion_test(pack, c) == name]
        conditions = tuple(
            Condition(
                f"A criterion {outcome_words([outcome])}",
                _asks(words.get(f"test.{name}.{outcome}", {})),
                at(document.place((*path, outcome))),
            )
            for outcome in ("exceeds", "meets", "falls-short")
            if outcome != "exceeds" or test.exceeds is not None
        )
        place = at(document.key_place(path))
        links = tuple(Link(c, f"criterion.{c}") for c in used)
        yield Shared(f"test.{name}", name, "", source(test), place, conditions, links)


def findings(files: PackFiles, pack: Pack) -> Iterator[Shared]:
    """When a criterion gives a finding, and which of its sentences the finding says."""
    document, words = files.manifest[0], _by_words(pack)
    for name, finding in pack.manifest.findings.items():
        place = at(document.key_place(("findings", name)))
        title = f"{capital(finding.kind.replace('-', ' '))}, which tells {_SAY[finding.say]}"
        asks = _asks(words.get(f"finding.{name}", {}))
        condition = Condition(title, asks, at(document.place(("findings", name, "when"))))
        yield Shared(f"finding.{name}", name, "", source(finding), place, (condition,), ())


def _asks(words: Mapping[str, Iterable[str]]) -> tuple[Asks, ...]:
    """Each wording; with the criteria it is of where there are several."""
    if len(words) == 1:
        return (Asks(next(iter(words))),)
    return tuple(Asks(says, tuple(of)) for says, of in words.items())


def ladders(files: PackFiles, pack: Pack) -> Iterator[Shared]:
    """The ladders as they are named, with the judgments that are made by each."""
    owners = [o for o in (*pack.questions, *_subs(pack), OVERALL) if _rungs(pack, o)]
    for name, written in pack.manifest.ladders.items():
        used = tuple(_owner_link(pack, o) for o in owners if ladder_of(pack, o) == name)
        place = at(files.manifest[0].key_place(("ladders", name)))
        yield Shared(f"ladder.{name}", name, written.says, source(written), place, (), used)


def _rungs(pack: Pack, owner: str) -> bool:
    return any(f"{owner}.{grade}" in pack.rules for grade in pack.grades)


def _subs(pack: Pack) -> Iterator[str]:
    for question in pack.questions.values():
        yield from question.sub_questions


def _owner_link(pack: Pack, owner: str) -> Link:
    if owner == OVERALL:
        return Link(owner_title(pack, owner), "part.overall")
    kind = "question" if owner in pack.questions else "sub-question"
    return Link(owner_title(pack, owner), f"{kind}.{owner}")
