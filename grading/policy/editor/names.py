"""What a pack says of the names that its files use, and where each is defined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from grading.policy.lint.subject import Subject
from grading.problems import Place
from grading.source import Document, Path
from grading.source.text import hidden_in
from grading.source.tree import PARSER


@dataclass(frozen=True)
class Named:
    """Something that a pack defines by a name: what it is, what is said of it, and where."""

    kind: str
    name: str
    says: str
    place: Place


def names_of(subject: Subject) -> Mapping[str, tuple[Named, ...]]:
    """Everything that a pack names, by the name: one name may be a topic and an indicator."""
    found: dict[str, list[Named]] = {}
    for named in _each(subject):
        found.setdefault(named.name, []).append(named)
    return {name: tuple(every) for name, every in found.items()}


def name_at(text: str, line: int, column: int) -> str:
    """The word that stands as a key or value of its own at a place, counted from 0; nothing elsewhere."""
    if hidden_in(text):
        return ""
    try:
        for token in yaml.scan(text, Loader=PARSER):
            start, end = token.start_mark, token.end_mark
            if (start.line, start.column) > (line, column):
                return ""
            inside = (line, column) <= (end.line, end.column)
            if isinstance(token, yaml.ScalarToken) and inside:
                return str(token.value)
    except yaml.YAMLError:
        pass  # the text is being typed; what is wrong with it is marked
    return ""


def _each(subject: Subject) -> Iterator[Named]:
    files, pack = subject.files, subject.pack
    manifest = files.manifest[0]
    for name, ladder in pack.manifest.ladders.items():
        yield _named(manifest, "ladder", ladder.says, ("ladders", name))
    for question, (document, model) in files.questions.items():
        yield Named("question", question, model.title, document.place(("question",)))
        for sub, part in model.sub_questions.items():
            path: Path = ("sub-questions", sub)
            yield _named(document, "sub-question", part.title, path)
            yield from _topics(document, path, part.topics)
            for name, criterion in part.criteria.items():
                at: Path = (*path, "criteria", name)
                yield _named(document, "criterion", criterion.says, at)
                yield from _topics(document, at, criterion.topics)
    if files.indicators_document is not None:
        for name, indicator in files.indicators.indicators.items():
            yield _named(
                files.indicators_document, "indicator", indicator.title, ("indicators", name)
            )
    if files.series_document is not None:
        for name, series in files.series.series.items():
            yield _named(files.series_document, "series", series.title, ("series", name))
        for name, caveat in files.series.caveats.items():
            yield _named(files.series_document, "caveat", caveat.says, ("caveats", name))


def _topics(document: Document, path: Path, topics: Mapping[str, str]) -> Iterator[Named]:
    for name, says in topics.items():
        yield _named(document, "topic", says, (*path, "topics", name))


def _named(document: Document, kind: str, says: str, path: Path) -> Named:
    return Named(kind, str(path[-1]), says, document.key_place(path))
