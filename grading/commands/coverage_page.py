"""The files of a pack as one page, each line marked by what of it the cases reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grading.commands.rules_test_formats import KINDS_IN_WORDS, said_of
from grading.policy.coverage import KINDS, Coverage, Item
from grading.report.html import rendered


@dataclass(frozen=True)
class Marked:
    """One line: its number and text, how much of what stands on it is reached, and what is not."""

    target: str
    number: int
    text: str
    mark: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Missing:
    """Something that no case reaches in every way, and the line it stands on."""

    target: str
    place: str
    says: str


@dataclass(frozen=True)
class File:
    """One file with its lines, and how many ways of what stands in it are reached."""

    name: str
    lines: tuple[Marked, ...]
    seen: int
    every: int


def page(pack: str, texts: Mapping[str, str], coverage: Coverage) -> str:
    """The page. The same coverage of the same files gives the same text."""
    by_file: dict[str, dict[int, list[Item]]] = {}
    for item in coverage.items:
        by_file.setdefault(item.place.file, {}).setdefault(item.place.line, []).append(item)
    files = [
        _file(number, name, texts.get(name, ""), by_file[name])
        for number, name in enumerate(sorted(by_file), 1)
    ]
    missing = [
        Missing(line.target, f"{file.name}:{line.number}", says)
        for file in files
        for line in file.lines
        for says in line.missing
    ]
    counts = [(KINDS_IN_WORDS[kind], *coverage.counted(kind)) for kind in KINDS]
    values = {
        "pack": pack,
        "percent": str(coverage.percent),
        "counts": [(words, seen, every) for words, seen, every in counts if every],
        "missing": missing,
        "files": files,
    }
    return rendered("coverage.html.j2", values)


def _file(file: int, name: str, text: str, items: Mapping[int, list[Item]]) -> File:
    lines = tuple(
        _marked(f"f{file}.{number}", number, line, items.get(number, ()))
        for number, line in enumerate(text.splitlines(), 1)
    )
    every = [item for among in items.values() for item in among]
    seen = sum(len(item.wanted) - len(item.missing) for item in every)
    return File(name, lines, seen, sum(len(item.wanted) for item in every))


def _marked(target: str, number: int, text: str, items: list[Item] | tuple[()]) -> Marked:
    missing = tuple(said_of(item) for item in items if item.missing)
    if not items:
        return Marked(target, number, text, "none", ())
    seen = any(len(item.missing) < len(item.wanted) for item in items)
    mark = "part" if missing and seen else "not" if missing else "all"
    return Marked(target, number, text, mark, missing)
