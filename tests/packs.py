"""Random small packs, written as the files of a pack and loaded, and random facts to grade by them.

`cases()` gives a pack with several facts. Each condition of the rule language occurs in each place
where a pack may write it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from grading.engine import wall
from grading.engine.compile import Program, compile_pack
from grading.rules.facts import Facts, IndicatorFact, RecordFact, Standing
from grading.rules.load import load_pack
from grading.rules.loaded import Pack
from grading.rules.pack import OUTCOMES
from grading.rules.rule import STAGES, Compared, Stage, leaves

Written = dict[str, Any]
CODING = {
    "extent": ("few", "many", "all"),
    "maturity": ("planned", "begun", "settled"),
    "effect": ("none-seen", "claimed", "seen"),
    "severity": ("minor", "moderate", "serious"),
}
GRADES = ("best", "good", "fair", "poor", "worst")
FINDINGS = ("strength", "area-for-improvement", "cause-of-concern")
EARLIER = ("area-for-improvement", "cause-of-concern", "suggestion")
STATUSES = ("unresolved", "resolved", "partly-resolved", "not-known")
THRESHOLDS = tuple(
    map(
        Decimal,
        (
            "-12.5",
            "0",
            "0.000000000000001",
            "0.1",
            "0.3",
            "12",
            "12.5",
            "99.9999999999999",
            "123456.789012345",
            "999999999999999",
        ),
    )
)
_RARELY = st.integers(0, 5).map(lambda n: n == 5)
NUMBERS = ("i1", "i2", "i3")
BAND, WORDS = "band", ("top", "middle", "bottom")
STANDINGS = (
    Standing("fieldwork", "deciding"),
    Standing("documents", "deciding"),
    Standing("file-review", "corroborating"),
    Standing("metric", "corroborating"),
    Standing("survey/statistical", "indicative"),
    Standing("survey/quota-panel", "indicative"),
)


@dataclass(frozen=True)
class Case:
    """A pack and several facts to grade by it. It is shown as the files of the pack."""

    pack: Pack = field(repr=False)
    facts: tuple[Facts, ...]
    files: Mapping[str, str]


@dataclass(frozen=True)
class Scope:
    """What a condition may ask where it stands: a stage, topics by name, criteria by name, `this`.

    Where it is `alone` it asks of no other criterion than `this`.
    """

    stage: Stage
    topics: bool = False
    criteria: bool = False
    this: bool = False
    alone: bool = False


@st.composite
def cases(
    draw: DrawFn,
    facts: int = 5,
    questions: int = 3,
    criteria: int = 4,
    depth: int = 3,
    *,
    alone: bool = False,
) -> Case:
    """A pack of at most so many questions, and so many facts to grade by it.

    With `alone`, no rule of a criterion or finding asks about another criterion, as is usual.
    """
    files = draw(pack_files(questions, criteria, depth, alone=alone))
    pack = load(files)
    return Case(pack, tuple(draw(facts_of(pack)) for _ in range(facts)), files)


@contextmanager
def program(pack: Pack) -> Iterator[Program]:
    """The pack inside the engine, and out of it again: a process does not give it back by itself."""
    compiled = compile_pack(pack)
    try:
        yield compiled
    finally:
        wall.release(compiled.compiled)


def load(files: Mapping[str, str]) -> Pack:
    """The pack that these files are, by name and text."""
    with TemporaryDirectory() as around:
        folder = Path(around, "random")
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8")
        return load_pack(folder)


@st.composite
def pack_files(
    draw: DrawFn, most_questions: int, most_criteria: int, depth: int, *, alone: bool = False
) -> dict[str, str]:
    """The files of a random pack."""
    grades = GRADES[: draw(_UP_TO[len(GRADES)]) + 1] if draw(_OFTEN) else GRADES[:2]
    ladders: Written = {}
    files: dict[str, Written] = {}
    for name in (f"q{n}" for n in range(1, draw(_UP_TO[most_questions]) + 1)):
        topics, question = draw(_question(name, most_criteria, depth, alone=alone))
        files[name] = question
        # the first question is graded, so that there is a judgment to count
        if name == "q1" or draw(_OFTEN):
            question["ladder"] = name
            ladder = draw(_ladder(Scope("questions", True, True), grades, depth))
            ladders[name] = named(ladder, topics)
        else:
            question["ungraded"] = "The regime gives no grade"
    written = {
        "pack": draw(_manifest(grades, list(files), ladders, depth, alone=alone)),
        "series": {"series": {f"s-{name}": _SERIES for name in (*NUMBERS, BAND)}},
        "indicators": {
            "indicators": {
                name: _INDICATOR
                | {"series": [f"s-{name}"], "unit": "rank-band" if name == BAND else "percent"}
                for name in (*NUMBERS, BAND)
            }
        },
        **files,
    }
    return {f"{name}.yaml": yaml_text(part) for name, part in written.items()}


def named(written: Any, topics: Mapping[str, Sequence[str]]) -> Any:
    """What is written, with the numbers that stand for topics and criteria made their names."""
    match written:
        case {"topics": [int(), *_] as numbers}:
            every = sum(map(tuple, topics.values()), ())
            chosen = dict.fromkeys(every[n % len(every)] for n in numbers)
            return written | {"topics": list(chosen)}
        case {"criterion": int(number)}:
            return written | {"criterion": list(topics)[number % len(topics)]}
        case dict():
            return {name: named(part, topics) for name, part in written.items()}
        case list():
            return [named(part, topics) for part in written]
        case _:
            return written


def yaml_text(value: Any) -> str:
    """The value in YAML: a member a line at the top, brackets below it, decimals as they are."""
    return "".join(f"{name}: {_inline(part)}\n" for name, part in value.items())


@cache
def conditions(scope: Scope, depth: int) -> SearchStrategy[Written]:
    """Any condition that may be written here, nested at most so deep; topics are numbers."""
    leaf = st.one_of(*_leaves(scope))
    found = leaf
    for _ in range(depth):
        # now and then a part is written twice
        parts = st.builds(
            lambda inside, twice: inside + inside[:twice],
            st.lists(found, min_size=1, max_size=3),
            _RARELY,
        )
        found = st.one_of(
            leaf,
            leaf,
            parts.map(lambda inside: {"all": inside}),
            parts.map(lambda inside: {"any": inside}),
            parts.map(lambda inside: {"none": inside}),
            st.tuples(st.integers(1, 3), parts).map(
                lambda drawn: {"at-least": min(drawn[0], len(drawn[1])), "of": drawn[1]}
            ),
        )
    return found


@st.composite
def facts_of(draw: DrawFn, pack: Pack) -> Facts:
    """What may have been found at an inspection that is graded by the pack."""
    topics = tuple(topic for topic, criterion in pack.topics.items() if criterion)
    by_topic: dict[str, tuple[RecordFact, ...]] = {}
    for number, (topic, fields) in enumerate(draw(_RECORDS), start=1):
        name = topics[topic % len(topics)]
        record = RecordFact(
            id=f"r{number}", topic=name, criterion=pack.topics[name] or "", **fields
        )
        by_topic[name] = (*by_topic.get(name, ()), record)
    some = draw(_SOME)
    values = draw(_VALUES)
    earlier = draw(_PREVIOUS)
    carried = draw(_CARRIED)
    return Facts(
        records=by_topic,
        concluded=frozenset(t for n, t in enumerate(topics) if some is None or n in some),
        indicators={
            name: IndicatorFact(name, _value(pack, name, drawn), way, (f"m-{name}",))
            for name, (drawn, way) in values.items()
        },
        previous=None
        if earlier is None
        else {topics[n % len(topics)]: found for n, found in earlier.items()},
        judgments={
            q: frozenset({pack.grades[g % len(pack.grades)]})
            for q, g in carried.items()
            if q in pack.graded
        },
    )


def _value(pack: Pack, name: str, drawn: int | Decimal | str) -> Decimal | str:
    """The value as drawn; a number stands for one of the thresholds that the pack has for it."""
    if not isinstance(drawn, int):
        return drawn
    asked = [
        number
        for rule in pack.rules.values()
        for leaf in leaves(rule.body)
        if isinstance(leaf, Compared) and leaf.indicator == name
        for number in leaf.numbers
    ] or THRESHOLDS
    return asked[drawn % len(asked)]


@st.composite
def _question(
    draw: DrawFn, name: str, most_criteria: int, depth: int, *, alone: bool
) -> tuple[dict[str, tuple[str, ...]], Written]:
    """The topics of each criterion, and a question file without its ladder."""
    topics = {
        (sub, f"{sub}c{c}"): tuple(f"{sub}c{c}t{t}" for t in range(draw(_UP_TO[2])))
        for sub in (f"{name}s{s}" for s in range(draw(_UP_TO[2])))
        for c in range(draw(_UP_TO[most_criteria]))
    }
    subs: Written = {}
    for (sub, criterion), found in topics.items():
        among = subs.setdefault(sub, {"title": "A part", "cite": "Here", "criteria": {}})
        core = not among["criteria"]
        among["criteria"][criterion] = draw(_criterion(found, depth, core=core, alone=alone))
    if draw(st.booleans()):
        aside = {f"{name}aside": "Shown and never graded"}
        subs[f"{name}context"] = {
            "title": "Aside",
            "cite": "Here",
            "context": True,
            "topics": aside,
        }
    question = {
        "question": name,
        "title": "A question",
        "cite": "Here",
        "criterion-test": draw(_TEST),
    }
    by_criterion = {criterion: found for (_, criterion), found in topics.items()}
    # the context's own topics have texts, not numbers, and stay as they are
    return by_criterion, question | {"sub-questions": named(subs, by_criterion)}


@st.composite
def _criterion(
    draw: DrawFn, topics: tuple[str, ...], depth: int, *, core: bool, alone: bool
) -> Written:
    criterion: Written = {
        "says": "It is done",
        "cite": "Here",
        "core": core or draw(st.booleans()),
        "topics": dict.fromkeys(topics, "A topic"),
        "improve": "Do it",
        "recommend": "Do it soon",
    }
    match draw(_UP_TO[5]):
        case 1 | 2:
            scope = Scope("criteria", topics=not alone, this=True, alone=alone)
            criterion |= draw(_tests(scope, depth))
        case 3:
            criterion["test"] = draw(_TEST)
    return criterion


@st.composite
def _tests(draw: DrawFn, scope: Scope, depth: int) -> Written:
    """The conditions of a criterion; often it exceeds what it meets, and falls short of it."""
    tests: Written = {
        "meets": draw(conditions(scope, depth)),
        "falls-short": draw(conditions(scope, depth)),
        "basis": "pack",
    }
    if draw(st.booleans()):
        tests["exceeds"] = draw(conditions(scope, depth))
    return tests


@st.composite
def _ladder(draw: DrawFn, scope: Scope, grades: tuple[str, ...], depth: int) -> Written:
    rungs = [g for g in grades[:-1] if g == grades[0] or draw(_OFTEN)]
    ladder: Written = {
        "says": "From the top",
        "basis": "pack",
        "rungs": {grade: draw(conditions(scope, depth)) for grade in rungs}
        | {grades[-1]: {"otherwise": True}},
    }
    limiters = [
        {
            "at-best": grades[1 + draw(_UP_TO[len(grades) - 1]) - 1],
            "when": draw(conditions(scope, depth - 1)),
            "because": "It is so",
            "basis": "pack",
        }
        for _ in range(draw(_UP_TO[3]) - 1)
    ]
    if limiters:
        ladder["limiters"] = {f"x{n}": limiter for n, limiter in enumerate(limiters)}
    return ladder


@st.composite
def _manifest(
    draw: DrawFn,
    grades: tuple[str, ...],
    questions: list[str],
    ladders: Written,
    depth: int,
    *,
    alone: bool,
) -> Written:
    shared = Scope("criteria", this=True, alone=alone)
    findings = Scope("findings", this=True, alone=alone)
    manifest: Written = {
        "id": "random",
        "version": "1.0.0",
        "title": "A pack",
        "framework": "random",
        "source": "Nowhere",
        "in-force": {"from": "2016-01-01"},
        "scale": {"grades": {g: {"label": g, "symbol": g[0]} for g in grades}},
        "questions": questions,
        "coding": _CODING_WRITTEN,
        "evidence-policy": {
            "roles": {s.kind: s.role for s in STANDINGS},
            "silence": {
                "core": draw(_SILENCES),
                "other": draw(_SILENCES),
                "says": "It is so",
                "basis": "pack",
            },
        },
        "criterion-tests": {
            name: draw(_tests(shared, depth)) | {"basis": "pack"} for name in ("first", "second")
        },
        "ladders": ladders,
        "findings": {
            f"f{n}": {
                "kind": kind,
                "when": draw(conditions(findings, depth - 1)),
                "say": "says",
                "basis": "pack",
            }
            for n, kind in enumerate(draw(_KINDS))
        },
        "history": [{"version": "1.0.0", "date": "2016-01-01", "says": "First"}],
    }
    if draw(st.booleans()):
        ladders["sub"] = draw(_ladder(Scope("sub-questions"), grades, depth - 1))
        manifest["sub-question-ladder"] = "sub"
    if draw(_OFTEN):
        ladders["whole"] = draw(_ladder(Scope("overall"), grades, depth - 1))
        manifest["overall"] = {"title": "Overall", "policy": "mine", "ladder": "whole"}
    return manifest


def _leaves(scope: Scope) -> list[SearchStrategy[Written]]:
    """The conditions without parts that may be written here."""
    found = [_sought(scope), _sought(scope), _compared(), _previous()]
    stage = STAGES.index(scope.stage)
    if stage > STAGES.index("criteria") and not scope.alone:
        found += [_counted("count", st.lists(st.sampled_from(OUTCOMES), min_size=1, unique=True))]
    if scope.this and stage > STAGES.index("criteria"):
        found += [_criterion_is(st.just("this"))] * 2
    if scope.criteria:
        found += [_criterion_is(st.integers(0, 7))]
    if stage > STAGES.index("findings"):
        found += [_counted("findings", st.sampled_from(FINDINGS))]
    if stage > STAGES.index("questions"):
        # a pack with two grades has the first and the last of these
        states = st.lists(st.sampled_from(GRADES[:2]), min_size=1, unique=True)
        found += [_limits(st.builds(lambda s: {"judgments": s}, states)) for _ in range(3)]
    return found


def _sought(scope: Scope) -> SearchStrategy[Written]:
    """Something observed or a weakness, of all topics or of some, with levels or without."""
    among: list[SearchStrategy[Written]] = []
    if not scope.alone:
        among.append(st.sampled_from([{"of": "core"}, {"of": "criteria"}]))
    if scope.this:
        among.insert(0, st.just({}))
    if scope.topics:
        some = st.lists(st.integers(0, 11), min_size=1, max_size=3)
        among.append(some.map(lambda numbers: {"topics": numbers}))
    levels = st.fixed_dictionaries(
        {}, optional={scale: st.sampled_from(words) for scale, words in CODING.items()}
    )
    excluding: SearchStrategy[Written] = st.just({}) | st.builds(
        lambda found: {"excluding": found}, levels
    )
    unmitigated = st.sampled_from([{}, {"unmitigated": True}])
    observed = st.builds(
        lambda a, b, c: {"observed": a | b | c}, st.one_of(among), levels, excluding
    )
    weakness = st.builds(
        lambda a, b, c, d: {"weakness": a | b | c | d},
        st.one_of(among),
        levels,
        excluding,
        unmitigated,
    )
    return observed | weakness


def _compared() -> SearchStrategy[Written]:
    number = st.sampled_from(THRESHOLDS)
    one = st.builds(
        lambda name, operator, bound: {"indicator": name, operator: bound, "basis": "pack"},
        st.sampled_from(NUMBERS),
        st.sampled_from(("at-least", "at-most", "above", "below")),
        number,
    )
    two = st.builds(
        lambda name, low, high: {
            "indicator": name,
            "between": sorted((low, high)),
            "basis": "pack",
        },
        st.sampled_from(NUMBERS),
        number,
        number,
    )
    words = st.builds(
        lambda some: {"indicator": BAND, "in": some, "basis": "pack"},
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
    )
    return st.one_of(one, two, words)


def _criterion_is(criteria: SearchStrategy[int] | SearchStrategy[str]) -> SearchStrategy[Written]:
    return st.builds(
        lambda name, outcomes: {"criterion": name, "is": outcomes},
        criteria,
        st.lists(st.sampled_from(OUTCOMES), min_size=1, unique=True),
    )


def _previous() -> SearchStrategy[Written]:
    asked = st.builds(
        lambda kind, status: {"previous": kind, "status": status},
        st.sampled_from(EARLIER),
        st.lists(st.sampled_from(STATUSES), min_size=1, unique=True),
    )
    return _limits(asked)


def _counted(word: str, counted: SearchStrategy[Any]) -> SearchStrategy[Written]:
    asked = st.builds(
        lambda what, of: {word: what, "of": of}, counted, st.sampled_from(("core", "criteria"))
    )
    return _limits(asked)


def _limits(asked: SearchStrategy[Written]) -> SearchStrategy[Written]:
    """What is counted, with each form of limit."""
    share = st.sampled_from([Decimal("0"), Decimal("0.25"), Decimal("0.5"), Decimal("0.67"), 1])
    number = st.integers(0, 3)
    limit = st.one_of(
        st.builds(lambda n: {"at-least": n}, number),
        st.builds(lambda n: {"at-most": n}, number),
        st.builds(lambda n: {"all-but": n}, number),
        st.builds(lambda n: {"at-least-share": n}, share),
    )
    return st.builds(lambda what, bound: what | bound, asked, limit)


def _inline(value: Any) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{name}: {_inline(part)}" for name, part in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(_inline, value)) + "]"
        case Decimal():
            return format(value, "f")
        case str() if value[:4].isdigit():
            return value  # a date or a version is written without quotes
        case _:
            return json.dumps(value)


_UP_TO = {most: st.integers(1, most) for most in range(1, 6)}
_OFTEN = st.integers(0, 4).map(bool)
_TEST = st.sampled_from(("first", "second"))
_KINDS = st.lists(st.sampled_from(FINDINGS), max_size=3)
_SILENCES = st.sampled_from(("unknown", "meets", "falls-short"))
_CODING_WRITTEN = {
    scale: {level: {"means": level, "examples": ["one", "two"]} for level in levels}
    for scale, levels in CODING.items()
}
_INDICATOR: Written = {"title": "A figure", "method": "value", "cite": "Here"}
_SERIES = {
    "title": "A series",
    "unit": "percent",
    "direction": "none",
    "role": "corroborating",
    "cite": "Here",
}
_RECORD: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "supports": st.booleans(),
        "levels": st.fixed_dictionaries(
            {}, optional={scale: st.integers(1, len(CODING[scale])) for scale in CODING}
        ),
        "mitigated": _RARELY,
        "standing": st.sampled_from(STANDINGS),
        "open": _RARELY,
        "withdrawn": _RARELY,
    }
)
# many on the first topics, so that a condition often holds in several ways
_RECORDS = st.lists(st.tuples(st.integers(0, 2) | st.integers(0, 47), _RECORD), max_size=9)
_SOME = st.none() | st.frozensets(st.integers(0, 47), max_size=30)
_WAY = st.frozensets(st.sampled_from(STANDINGS), max_size=2)
_NUMBER = st.one_of(
    st.integers(0, 30),
    st.sampled_from(THRESHOLDS),
    st.sampled_from([t + Decimal("0.1") for t in THRESHOLDS if len(str(t)) < 10]),
    st.builds(
        lambda digits, places: Decimal(digits).scaleb(-places),
        st.integers(-(10**15) + 1, 10**15 - 1),
        st.integers(0, 15),
    ),
)
_VALUES = st.fixed_dictionaries(
    {},
    optional={name: st.tuples(_NUMBER, _WAY) for name in NUMBERS}
    | {BAND: st.tuples(st.sampled_from((*WORDS, "elsewhere")), _WAY)},
)
_EARLIER = st.lists(
    st.tuples(st.sampled_from(EARLIER), st.sampled_from(STATUSES)), min_size=1, max_size=3
).map(tuple)
_PREVIOUS = st.none() | st.dictionaries(st.integers(0, 47), _EARLIER, max_size=3)
_CARRIED: SearchStrategy[dict[str, int]] = st.one_of(
    st.just({}),
    st.dictionaries(st.sampled_from(("q1", "q2", "q3")), st.integers(0, 4), max_size=2),
)
