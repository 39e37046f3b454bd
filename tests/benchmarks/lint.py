"""How long lint takes on a made-up pack of 5,000 rules: `python -m tests.benchmarks.lint`.

Forty questions of twenty criteria, with the ladders, tests and findings of the PEEL pack; one criterion
in ten has a test of its own, with a figure of its own and a threshold. A hundred cases try some of it.
"""

from __future__ import annotations

import json
import re
import resource
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from grading.policy.lint.lint import lint
from grading.rules.files import read_pack
from grading.rules.load import load_pack

PEEL = Path(__file__).parents[2] / "rules/peel-effectiveness-2016"
QUESTIONS, SUBS, CRITERIA = 40, 2, 10
_QUESTIONS = re.compile(r"^questions:\n(?:  - .*\n)+", re.MULTILINE)
_LEADS = re.compile(r"^  leads-to:\n(?:    .*\n)+", re.MULTILINE)


def write_pack(folder: Path) -> None:
    """A pack of 5,000 rules."""
    names = [f"question-{q}" for q in range(QUESTIONS)]
    text = (PEEL / "pack.yaml").read_text("utf-8")
    text = _QUESTIONS.sub(f"questions: [{', '.join(names)}]\n", text)
    (folder / "pack.yaml").write_text(_LEADS.sub("", text), "utf-8")
    figures: dict[str, Any] = {}
    for number, name in enumerate(names):
        _write(folder / f"{name}.yaml", _question(number, name, figures))
    series = {
        "title": "A share",
        "unit": "percent",
        "direction": "higher-is-better",
        "role": "deciding",
        "cite": "Guide",
    }
    _write(folder / "series.yaml", {"series": {f"series-{name}": series for name in figures}})
    _write(folder / "indicators.yaml", {"indicators": figures})
    cases = [
        {
            "id": f"case-{n}",
            "given": {"all-core": {names[n % QUESTIONS]: "meets"}},
            "expect": {"judgments": {names[n % QUESTIONS]: "good"}},
            "because": "every core criterion is met",
        }
        for n in range(100)
    ]
    (folder / "cases").mkdir()
    _write(folder / "cases/some.yaml", {"cases": cases})


def _question(number: int, name: str, figures: dict[str, Any]) -> dict[str, Any]:
    subs = {}
    for sub in range(SUBS):
        criteria = {}
        for n in range(CRITERIA):
            slug = f"c-{number}-{sub}-{n}"
            criteria[slug] = _criterion(slug, n, figures)
        subs[f"sub-{number}-{sub}"] = {"title": "A part", "cite": "Guide", "criteria": criteria}
    return {
        "question": name,
        "title": "A question",
        "cite": "Guide",
        "ladder": "standard",
        "criterion-test": "standard",
        "sub-questions": subs,
    }


def _criterion(slug: str, n: int, figures: dict[str, Any]) -> dict[str, Any]:
    written: dict[str, Any] = {
        "says": "It is done",
        "cite": "Guide",
        "core": n % 3 == 0,
        "topics": {slug: "What is done"},
        "improve": "do it better",
        "recommend": "do it at all",
    }
    if n == CRITERIA - 1:
        threshold = 60 + len(figures) % 30
        figures[f"figure-{slug}"] = {
            "title": "A share",
            "method": "value",
            "series": [f"series-figure-{slug}"],
            "unit": "percent",
            "cite": "Guide",
        }
        asked = {"indicator": f"figure-{slug}", "basis": "pack"}
        moderate = {"weakness": {"severity": "moderate", "unmitigated": True}}
        written |= {
            "basis": "pack",
            "exceeds": {"all": [asked | {"at-least": threshold + 10}, {"none": [moderate]}]},
            "meets": {"any": [asked | {"at-least": threshold}, {"observed": {"extent": "most"}}]},
            "falls-short": {"any": [asked | {"below": threshold - 20}, moderate]},
        }
    return written


def _write(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, default=str, indent=1), "utf-8")


def main() -> None:
    """Print the figures."""
    with TemporaryDirectory() as around:
        folder = Path(around, "many")
        folder.mkdir()
        write_pack(folder)
        start = time.perf_counter()
        pack = load_pack(folder)
        loaded = time.perf_counter() - start
        start = time.perf_counter()
        report = lint(read_pack(folder), folder)
        took = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{len(pack.rules):,} rules of {len(pack.criteria)} criteria; loading {loaded:.1f} s")
    print(f"lint {took:.1f} s, {len(report.open):,} results, {memory} MB")


if __name__ == "__main__":
    main()
