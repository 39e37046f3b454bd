"""Published summaries of other inspections, coded, as evidence that the pack can grade.

`python -m tests.calibration.summaries FOLDER` prints the table of published against derived grades
for a folder of such files.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from grading.evidence.load import load_evidence
from grading.judge.method import grade, program_of
from grading.rules.load import load_pack

HERE = Path(__file__).parent
PACK = HERE.parent.parent / "rules" / "peel-effectiveness-2016"
FORCES = HERE / "forces"
ENOUGH = 4
SCALES = ("extent", "maturity", "effect", "severity")


@dataclass(frozen=True)
class Comparison:
    """One question of one force-year: the published grade, and the grades that the pack leaves."""

    force: str
    question: str
    observations: int
    published: str
    derived: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """exact, interval (two neighbours that hold it), wide, miss or far."""
        grades = ("outstanding", "good", "requires-improvement", "inadequate")
        at = grades.index(self.published)
        places = [grades.index(g) for g in self.derived]
        if places == [at]:
            return "exact"
        if len(places) > 1:
            return "interval" if at in places and max(places) - min(places) == 1 else "wide"
        return "miss" if abs(places[0] - at) == 1 else "far"


def compare(folder: Path = FORCES, *, unseen: bool = False) -> Iterator[Comparison]:
    """Every question of every force-year that has a published grade and observations.

    `unseen` takes the free topics of a force-year out of the table before it is graded, as if the
    table had been written without it.
    """
    program = program_of(load_pack(PACK))
    table = yaml.safe_load((HERE / "topics.yaml").read_text("utf-8"))
    for path in sorted(folder.glob("*.json")):
        force = json.loads(path.read_text("utf-8"))
        topics = _without(table, force) if unseen else table
        with tempfile.TemporaryDirectory() as scratch:
            write(force, path.stem, topics, Path(scratch))
            grading = grade(load_evidence(Path(scratch), program.pack), program)
        for question, published in force["published"].items():
            seen = sum(o["question"] == question for o in force["observations"])
            if published and seen:
                derived = grading.judgments[question].derived
                yield Comparison(path.stem, question, seen, slug(published), derived)


def write(force: dict[str, Any], name: str, topics: dict[str, Any], folder: Path) -> None:
    """The evidence folder of one coded summary."""
    records = [observation(o, number, topics) for number, o in enumerate(force["observations"], 1)]
    questions = sorted({o["question"] for o in force["observations"]})
    known = load_topics()
    searched = sorted(t for q in questions for t in known[q])
    _dump(
        folder / "inspection.yaml",
        {
            "id": name,
            "body": name,
            "body-name": f"{force['force']} {force['year']}",
            "framework": "peel-effectiveness-2016",
            "pack": "peel-effectiveness-2016",
            "fieldwork": {"from": "1", "to": "2"},
            "as-of": "3",
            "source": f"published summary, {force['force']} {force['year']}",
            "plan": {"coverage": "published-summary", "searched": searched},
        },
        {
            "'1'": f"{force['year']}-01-01",
            "'2'": f"{force['year']}-12-31",
            "'3'": f"{force['year']}-12-31",
        },
    )
    _dump(folder / "fieldwork.yaml", {"records": records}, {})
    _dump(folder / "previous.yaml", {"records": list(previous(force, topics))}, {})


def observation(coded: dict[str, Any], number: int, topics: dict[str, Any]) -> dict[str, Any]:
    """One observation as a fieldwork record; a level that was not coded is left out."""
    levels = {scale: coded[scale] for scale in SCALES if coded.get(scale)}
    if coded["direction"] != "contradicts":
        levels.pop("severity", None)
    return {
        "id": f"o-{number:03}",
        "topic": topic_of(coded, topics),
        "direction": coded["direction"],
        **levels,
        "method": "published-finding",
        "statement": coded["statement"],
        "heading": coded.get("source") or "published summary",
    }


def topic_of(coded: dict[str, Any], topics: dict[str, Any]) -> str:
    """The pack's topic for a free one: by the table, by words in common, or by its sub-question.

    Words are compared by their first six letters, with the table's topics and the pack's own of the
    same question; the topic with most words in common is taken, and of equals the one with fewest words.
    """
    question = coded["question"]
    table = topics["topics"][question]
    if coded["topic"] in table:
        return str(table[coded["topic"]])
    known = {**{topic: topic for topic in load_topics()[question]}, **table}
    words = _stems(coded["topic"])
    shared = {name: len(words & _stems(name)) for name in known}
    best = max(sorted(known), key=lambda name: (shared[name], -len(_stems(name))))
    if shared[best]:
        return str(known[best])
    subs = topics["sub-questions"][question]
    return str(subs.get(coded.get("sub_question"), next(iter(subs.values()))))


def _without(topics: dict[str, Any], force: dict[str, Any]) -> dict[str, Any]:
    own = {o["topic"] for o in force["observations"]}
    rest = {q: {t: h for t, h in of.items() if t not in own} for q, of in topics["topics"].items()}
    return {**topics, "topics": rest}


def _stems(slug_: str) -> frozenset[str]:
    return frozenset(
        word[:6] for word in slug_.split("-") if word not in {"and", "of", "to", "the"}
    )


def previous(force: dict[str, Any], topics: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Earlier judgments, and earlier findings whose topic the table knows."""
    everywhere = {t: home for q in topics["topics"].values() for t, home in q.items()}
    words = {
        "understanding of local communities": "community-understanding",
        "evaluate and share practice": "sharing-practice",
        "missing persons": "missing-and-exploited-children",
        "domestic abuse risk assessment": "risk-assessment",
    }
    for number, item in enumerate(force.get("previous") or [], 1):
        record = {
            "id": f"p-{number:03}",
            "raised": item["year"],
            "statement": f"{item['item']}: {item['kind']}",
            "heading": item["source"],
        }
        if item["kind"] == "grade":
            yield {
                **record,
                "kind": "judgment",
                "question": item["item"],
                "grade": slug(item["value"]),
            }
            continue
        topic = words.get(item["item"]) or everywhere.get(item["item"])
        if topic is not None:
            status = (item["status"] or "").split(" ")[0]
            known = {
                "unresolved": "unresolved",
                "partly": "partly-resolved",
                "resolved": "resolved",
            }
            yield {
                **record,
                "kind": item["kind"],
                "topic": topic,
                "status": known.get(status, "not-known"),
            }


@cache
def load_topics() -> dict[str, list[str]]:
    """The pack's topics by question."""
    pack = load_pack(PACK)
    found: dict[str, list[str]] = {}
    for topic, criterion in pack.topics.items():
        if criterion is not None:
            found.setdefault(pack.criteria[criterion].question, []).append(topic)
    return found


def slug(words: str) -> str:
    """`requires improvement` as the pack writes it."""
    return words.strip().lower().replace(" ", "-")


def _dump(path: Path, data: dict[str, Any], dates: dict[str, str]) -> None:
    """YAML in which every text is quoted, so that nothing is read as something else."""
    text = yaml.safe_dump(
        data, default_style=None, allow_unicode=True, sort_keys=False, width=10_000
    )
    for placeholder, day in dates.items():
        text = text.replace(placeholder, day)
    path.write_text(text, "utf-8")


def main(folder: Path) -> None:
    """Print the table, and how many of each verdict among the questions with enough observations."""
    rows = list(compare(folder))
    for row in rows:
        few = "" if row.observations >= ENOUGH else "  (too few observations)"
        print(
            f"{row.force:24} {row.question:28} {row.observations:3}  {row.published:21}"
            f" {' to '.join(reversed(row.derived)):44} {row.verdict}{few}"
        )
    counted = [row.verdict for row in rows if row.observations >= ENOUGH]
    print({word: counted.count(word) for word in sorted(set(counted))}, "of", len(counted))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FORCES)
