"""What the words of a rule pack mean, for whoever fills in a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grading.evidence.sheets.lists import CHECKS
from grading.problems import CODES
from grading.rules.loaded import Pack


@dataclass(frozen=True)
class Explained:
    """A word of one list, what it means, and how it sounds in evidence."""

    of: str
    word: str
    means: str
    examples: str = ""


def guide(pack: Pack) -> tuple[Explained, ...]:
    """The topics and levels to code by, the questions, series, caveats and checks of the pack."""
    checks = {name: check.says for name, check in pack.checks.items()}
    checks |= {code: CODES[code] for code in CHECKS}
    caveats = {name: caveat.says for name, caveat in pack.caveats.items()}
    return (
        *_topics(pack),
        *_levels(pack),
        *_of("question", {name: question.title for name, question in pack.questions.items()}),
        *_of("grade", {name: grade.label for name, grade in pack.manifest.scale.grades.items()}),
        *_of("value", pack.manifest.scale.not_grades),
        *(
            Explained("series", name, f"{series.title}, in {series.unit}")
            for name, series in pack.series.items()
        ),
        *_of("caveat", caveats),
        *_of("check", checks),
    )


def _of(of: str, words: Mapping[str, str]) -> Iterator[Explained]:
    return (Explained(of, word, means) for word, means in words.items())


def _topics(pack: Pack) -> Iterator[Explained]:
    said = {
        topic: says
        for question in pack.questions.values()
        for sub_question in question.sub_questions.values()
        for topic, says in (
            *sub_question.topics.items(),
            *(pair for c in sub_question.criteria.values() for pair in c.topics.items()),
        )
    }
    for topic, criterion in pack.topics.items():
        standard = f" ({pack.criteria[criterion].written.says})" if criterion else ""
        yield Explained("topic", topic, f"{said[topic]}{standard}")


def _levels(pack: Pack) -> Iterator[Explained]:
    coding = pack.manifest.coding
    for scale in ("extent", "maturity", "effect", "severity") if coding is not None else ():
        for word, level in getattr(coding, scale).items():
            yield Explained(scale, word, level.means, "; ".join(level.examples))
