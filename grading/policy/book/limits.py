"""Every threshold of a pack, as it is written and in English, with where it comes from."""

from __future__ import annotations

from collections.abc import Iterator

from grading.explain.asked import asked
from grading.explain.english import capital, figure, value_words
from grading.policy.book.definitions import share_words
from grading.policy.book.parts import Source, ThresholdPart, place_words
from grading.policy.coverage import Coverage, every
from grading.policy.lint.texts import documents
from grading.policy.sides import thresholds
from grading.problems import Place
from grading.rules.files import PackFiles
from grading.rules.loaded import Pack
from grading.rules.rule import Compared, Count, Node, Some, Sought
from grading.source import Document, Path


def limits(files: PackFiles, pack: Pack, reached: Coverage) -> Iterator[ThresholdPart]:
    """The thresholds of conditions by place, then those of samples, of thin evidence and of bands."""
    sides = {(i.place, i.name): i for i in reached.items if i.kind == "threshold"}
    sources = Sources(files)
    found: dict[tuple[Place, str], dict[str, str]] = {}
    for rule in pack.rules.values():
        for node in every(rule.body):
            for threshold in thresholds(pack, node):
                said = found.setdefault((node.place, threshold.word), {})
                said.setdefault(asked(node, pack), written(pack, node, threshold.word))
    for (place, word), said in sorted(found.items(), key=lambda item: item[0]):
        item = sides[place, word]
        says = next(iter(said))
        yield ThresholdPart(
            written=said[says],
            says=f"{capital(says)}.",
            more=len(said) - 1,
            source=sources.at(place),
            place=place_words(place.file, place.line),
            tried=tuple(way for way in item.wanted if way in item.seen),
            untried=item.missing,
        )
    yield from _others(files, pack)


def written(pack: Pack, node: Node, word: str) -> str:
    """A threshold under its word in the file: `at-least 3 percentage points`, `extent most`."""
    match node:
        case Compared(indicator=indicator, numbers=numbers):
            number = numbers[1 if word == "between to" else 0]
            return f"{word} {figure(number, pack.indicators[indicator].unit)}"
        case Count(number=number):
            return f"{word} {number}"
        case Some(least=least):
            return f"{word} {least}"
        case Sought(shown=shown, excluded=excluded):
            scale = word.removeprefix("excluding ")
            rank = dict(excluded if word != scale else shown)[scale]
            return f"{word} {tuple(getattr(pack.manifest.coding, scale))[rank - 1]}"
    raise TypeError(f"no threshold in {node!r}")


class Sources:
    """Where conditions come from: what they say themselves, or what is said around them."""

    def __init__(self, files: PackFiles) -> None:
        self._paths: dict[Place, tuple[Document, Path]] = {}
        for document in documents(files):
            for path, place in document.places.items():
                known = self._paths.get(place)
                if known is None or len(path) < len(known[1]):
                    self._paths[place] = document, path

    def at(self, place: Place) -> Source:
        """The source of what is written at a place: the nearest `basis` or `cite` around it."""
        document, path = self._paths[place]
        values = [document.data]
        for step in path:
            values.append(values[-1][step])
        for value in reversed(values):
            if isinstance(value, dict) and ("basis" in value or "cite" in value):
                return Source(value.get("basis") == "pack", value.get("cite") or "")
        return Source()


def _others(files: PackFiles, pack: Pack) -> Iterator[ThresholdPart]:
    """The numbers that decide whether there is a value, how much evidence is thin, who is ranked high."""
    manifest = files.manifest[0]
    thin = pack.manifest.evidence_policy.thin
    for what, number in thin.least().items() if thin is not None else ():
        where = Source(thin.basis == "pack", thin.cite or "") if thin else Source()
        says = f"A criterion with fewer than {number} {what} is called thin."
        path: Path = ("evidence-policy", "thin")
        yield _plain(manifest, path, f"thin {what} {number}", says, where)
    for name, indicator in pack.indicators.items():
        document = files.indicators_document
        what = "answers" if indicator.method == "survey" else "files"
        each = {
            "minimum": (indicator.minimum, f"{what}"),
            "minimum-per-case-type": (indicator.minimum_per_case_type, f"{what} of a case type"),
        }
        for word, (least, of) in each.items():
            if least is not None and document is not None:
                says = f"“{indicator.title}” has no value with fewer than {least} {of}."
                where = Source(cite=indicator.cite or "")
                path = ("indicators", name)
                yield _plain(document, path, f"{word} {least}", says, where)
    for name, bands in pack.bands.items():
        if files.series_document is not None:
            share = share_words(bands)
            says = f"The highest and the lowest of {value_words(name)} are {share} at each end."
            where = Source(bands.basis == "pack", bands.cite)
            yield _plain(
                files.series_document, ("bands", name), f"share {bands.share}", says, where
            )


def _plain(document: Document, path: Path, word: str, says: str, where: Source) -> ThresholdPart:
    place = document.key_place(path)
    return ThresholdPart(word, says, 0, where, place_words(place.file, place.line), (), ())
