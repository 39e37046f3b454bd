"""The rules that were used: what each asks in English, its lines of YAML, and whether the pack made it up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grading.explain.asked import asked
from grading.explain.english import capital
from grading.explain.ruled import rule_owner, rule_source, rule_title
from grading.problems import Place
from grading.report.links import rule_target
from grading.report.subject import Subject
from grading.rules.loaded import Pack
from grading.rules.rule import Rule
from grading.source import Folder

_MOST_NAMED = 6


@dataclass(frozen=True)
class Asks:
    """What a rule asks in English, and of what."""

    says: str
    of: tuple[str, ...]
    more: int


@dataclass(frozen=True)
class Written:
    """A place of the pack with a rule: what it concludes, what it asks of each, and its lines.

    `target` is empty where the place stands a second time; `leads_to` is where it stood first.
    `own` says that it is the pack's own and no inspectorate's; otherwise `cite` says whose it is.
    `own_lines` are the numbers of those of its lines that say so themselves.
    """

    target: str
    leads_to: str
    place: str
    title: str
    own: bool
    cite: str
    asks: tuple[Asks, ...]
    lines: tuple[tuple[int, str, bool], ...]


@dataclass(frozen=True)
class Chapter:
    """The rules of one stage."""

    title: str
    rules: tuple[Written, ...]


_TITLES = {
    "criteria": "Outcomes of criteria",
    "findings": "Findings",
    "sub-questions": "Where sub-questions stand",
    "questions": "Grades of questions",
    "overall": "The overall judgment",
}


@dataclass(frozen=True)
class Own:
    """What is the pack's own in one place: what it concludes, and the lines that say so themselves."""

    title: str
    target: str
    place: str
    lines: tuple[str, ...]


def own_thresholds(book: tuple[Chapter, ...]) -> tuple[tuple[str, tuple[Own, ...]], ...]:
    """The rules that no inspectorate published, by chapter, each with the thresholds marked in it."""
    found = []
    for chapter in book:
        own = tuple(
            Own(w.title, w.leads_to, w.place, _marked(w))
            for w in chapter.rules
            if w.own or _marked(w)
        )
        if own:
            found.append((chapter.title, own))
    return tuple(found)


def _marked(written: Written) -> tuple[str, ...]:
    return tuple(text.strip().removeprefix("- ") for _, text, own in written.lines if own)


def rule_book(subject: Subject) -> tuple[Chapter, ...]:
    """Every rule of the pack by its stage; rules that were written once for many stand once."""
    pack = subject.grading.pack
    places: dict[tuple[str, Place], list[Rule]] = {}
    for rule in pack.rules.values():
        places.setdefault((rule.stage, rule.place), []).append(rule)
    done: set[str] = set()
    chapters: dict[str, list[Written]] = {}
    for (stage, place), rules in places.items():
        target = rule_target(place)
        first = target not in done
        done.add(target)
        chapters.setdefault(stage, []).append(
            _written(pack, subject.rules, place, rules, target if first else "")
        )
    return tuple(Chapter(_TITLES[stage], tuple(rules)) for stage, rules in chapters.items())


def _written(pack: Pack, files: Folder, place: Place, rules: list[Rule], target: str) -> Written:
    source = rule_source(pack, rules[0])
    by_words: dict[str, list[str]] = {}
    for rule in rules:
        says = f"{capital(asked(rule.body, pack))}."
        by_words.setdefault(says, []).append(rule_owner(pack, rule))
    return Written(
        target=target,
        leads_to=rule_target(place),
        place=f"{place.file.rpartition('/')[2]}:{place.line}",
        title=rule_title(pack, rules),
        own=source is not None and source.basis == "pack",
        cite=(source.cite or "") if source is not None else "",
        asks=tuple(
            Asks(says, tuple(dict.fromkeys(of))[:_MOST_NAMED], max(0, len(of) - _MOST_NAMED))
            for says, of in by_words.items()
        ),
        lines=tuple(excerpt(files, place)),
    )


def excerpt(files: Folder, place: Place) -> Iterator[tuple[int, str, bool]]:
    """The lines of a rule: from its key to where what is below it ends, with their numbers.

    Each line comes with whether it says `basis: pack`. There are none where the file is not at hand.
    """
    content = files.contents.get(place.file.rpartition("/")[2])
    if content is None:
        return
    lines = content.decode("utf-8").splitlines()
    first = place.line - 1
    if not 0 <= first < len(lines):
        return
    if not lines[first][: place.column - 1].strip():
        first = _key_above(lines, first)
    indent, last = _indent(lines[first]), first
    for number in range(first + 1, len(lines)):
        if lines[number].strip() and not lines[number].lstrip().startswith("#"):
            if _indent(lines[number]) <= indent:
                break
            last = number
    for number in range(first, last + 1):
        yield number + 1, lines[number][indent:], "basis: pack" in lines[number]


def _key_above(lines: list[str], line: int) -> int:
    """The line of the key under which a line stands; the line itself where it stands under none."""
    own = _indent(lines[line])
    for number in range(line - 1, -1, -1):
        text = lines[number].strip()
        if text and not text.startswith("#") and _indent(lines[number]) < own:
            return number
    return line


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
