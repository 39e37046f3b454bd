"""A small pack without faults, and the faults that are put into it, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from grading.rules.loaded import Pack
from grading.rules.rule import Count
from tests.packs import load

LIBRARY = Path(__file__).parent / "data" / "proof" / "library"
Change = tuple[str, str, str]  # file, what stands there, what stands there instead

_GOOD = """          - {count: [exceeds, meets], of: core, all-but: 1}
          - {count: [falls-short], of: criteria, at-most: 1}
"""
_EXCELLENT = """          - {count: [exceeds], of: core, all-but: 0}
          - {count: [falls-short, conflicted], of: criteria, at-most: 0}
"""
_FAIR = "fair: {count: [falls-short], of: core, at-most: 1}"
_BODY = "{indicator: complaints, at-least: 20, basis: pack}"

FAULTS: dict[str, tuple[Change, ...]] = {
    "a-gap-between-two-thresholds": (
        ("reading-rooms.yaml", "opening-hours, below: 40", "opening-hours, below: 30"),
    ),
    "an-overlap-of-two-thresholds": (
        ("reading-rooms.yaml", "opening-hours, below: 40", "opening-hours, below: 50"),
    ),
    "an-overlap-of-two-rungs": (
        ("pack.yaml", _FAIR, "fair: {count: [conflicted], of: core, at-least: 1}"),
    ),
    "a-rung-that-counts-what-is-better-as-worse": (
        ("pack.yaml", "- {count: [exceeds, meets], of: core", "- {count: [meets], of: core"),
    ),
    "a-rung-below-one-that-asks-for-less": (
        ("pack.yaml", _FAIR, "fair: {count: [exceeds], of: core, all-but: 0}"),
    ),
    "a-rung-that-asks-for-more-than-there-is": (
        ("pack.yaml", "[exceeds], of: core, all-but: 0", "[exceeds], of: core, at-least: 3"),
    ),
    "a-rung-that-a-limiter-always-holds-down": (
        ("pack.yaml", _BODY, "{indicator: complaints, at-least: 0, basis: pack}"),
    ),
    "rungs-in-the-wrong-order": (
        ("pack.yaml", _EXCELLENT, "EXCELLENT"),
        ("pack.yaml", _GOOD, _EXCELLENT),
        ("pack.yaml", "EXCELLENT", _GOOD),
    ),
    "a-limiter-that-is-no-limit": (
        (
            "pack.yaml",
            "      complaints:\n        at-best: good",
            "      complaints:\n        at-best: excellent",
        ),
    ),
    "a-limiter-that-never-holds": (
        ("pack.yaml", _BODY, "{count: [falls-short], of: core, at-least: 3}"),
    ),
    "a-limiter-that-another-takes-in": (
        (
            "pack.yaml",
            "  two-questions:",
            """      many-complaints:
        at-best: good
        when: {indicator: complaints, at-least: 50, basis: pack}
        because: readers complain very often
        basis: pack
  two-questions:""",
        ),
    ),
    "a-limiter-that-rewards-an-open-concern": (
        ("pack.yaml", "status: [unresolved], at-least: 1", "status: [unresolved], at-most: 0"),
    ),
    "a-criterion-that-does-not-matter": (
        ("pack.yaml", "conflicted], of: criteria, at-most: 0", "conflicted], of: core, at-most: 0"),
        (
            "pack.yaml",
            "[falls-short], of: criteria, at-most: 1",
            "[falls-short], of: core, at-most: 1",
        ),
    ),
    "a-figure-whose-better-value-lowers-the-outcome": (
        ("reading-rooms.yaml", "opening-hours, at-least: 60", "opening-hours, between: [60, 80]"),
    ),
    "a-figure-whose-better-value-lowers-the-grade": (
        ("pack.yaml", "complaints, at-least: 20", "complaints, at-most: 20"),
    ),
    "a-figure-that-does-not-matter": (
        (
            "pack.yaml",
            "meets: {observed: {excluding: {extent: some}}}",
            "meets: {any: [{observed: {excluding: {extent: some}}}, {all: [{observed: {extent: all}},"
            " {indicator: complaints, below: 5, basis: pack}]}]}",
        ),
    ),
    "an-outcome-that-conflicts-with-itself": (
        (
            "pack.yaml",
            "exceeds: {observed: {extent: all, effect: seen}}",
            "exceeds: {all: [{observed: {extent: all, effect: seen}}, {weakness: {severity: serious}}]}",
        ),
    ),
    "an-outcome-that-a-better-one-takes-in": (
        (
            "reading-rooms.yaml",
            "meets: {indicator: opening-hours, at-least: 40",
            "meets: {indicator: opening-hours, at-least: 70",
        ),
        ("reading-rooms.yaml", "opening-hours, below: 40", "opening-hours, below: 60"),
    ),
    "evidence-in-favour-that-counts-against": (
        (
            "pack.yaml",
            "falls-short: {weakness: {severity: minor}}",
            "falls-short: {any: [{weakness: {severity: minor}},"
            " {observed: {effect: claimed, excluding: {maturity: planned}}}]}",
        ),
    ),
    "an-unknown-that-is-counted-as-met": (
        (
            "pack.yaml",
            "- {count: [exceeds, meets], of: core",
            "- {count: [exceeds, meets, unknown], of: core",
        ),
    ),
    "an-unknown-that-is-counted-as-falling-short": (
        (
            "pack.yaml",
            "fair: {count: [falls-short], of",
            "fair: {count: [falls-short, unknown], of",
        ),
    ),
    "an-unknown-that-earns-a-grade": (
        (
            "pack.yaml",
            _FAIR,
            "fair: {any: [{count: [falls-short], of: core, at-most: 0},"
            " {count: [unknown], of: core, at-least: 1}]}",
        ),
    ),
    "a-finding-about-what-is-not-shown": (
        (
            "pack.yaml",
            "{criterion: this, is: [falls-short]}",
            "{criterion: this, is: [falls-short, unknown]}",
        ),
    ),
    "a-limiter-on-evidence-that-may-not-decide-alone": (
        (
            "series.yaml",
            "direction: lower-is-better\n    role: deciding",
            "direction: lower-is-better\n    role: corroborating",
        ),
    ),
    "a-limiter-on-what-is-closed": (
        ("pack.yaml", "status: [unresolved], at-least: 1", "status: [resolved], at-least: 1"),
    ),
    "a-limiter-that-takes-a-status-of-which-nothing-is-known-for-open": (
        (
            "pack.yaml",
            "status: [unresolved], at-least: 1",
            "status: [unresolved, not-known], at-least: 1",
        ),
    ),
    "a-limiter-that-is-withheld-and-no-limit": (
        (
            "series.yaml",
            "direction: lower-is-better\n    role: deciding",
            "direction: lower-is-better\n    role: corroborating",
        ),
        (
            "pack.yaml",
            "      complaints:\n        at-best: good",
            "      complaints:\n        at-best: excellent",
        ),
    ),
    "a-gap-between-two-thresholds-beside-observations": (
        (
            "reading-rooms.yaml",
            "falls-short: {indicator: opening-hours, below: 40, basis: pack}",
            "falls-short: {any: [{indicator: opening-hours, below: 30, basis: pack},"
            " {weakness: {severity: serious}}]}",
        ),
    ),
    "an-overlap-of-two-thresholds-beside-observations": (
        (
            "reading-rooms.yaml",
            "falls-short: {indicator: opening-hours, below: 40, basis: pack}",
            "falls-short: {any: [{indicator: opening-hours, below: 50, basis: pack},"
            " {weakness: {severity: serious}}]}",
        ),
    ),
    "a-gap-between-two-weaknesses": (
        (
            "pack.yaml",
            "meets: {observed: {excluding: {extent: some}}}",
            "meets: {all: [{observed: {excluding: {extent: some}}},"
            " {none: [{weakness: {severity: minor}}]}]}",
        ),
        ("pack.yaml", "falls-short: {weakness: {severity: minor}}", "falls-short: SERIOUS"),
        ("pack.yaml", "SERIOUS", "{weakness: {severity: serious}}"),
    ),
    "a-better-figure-after-which-nothing-is-shown": (
        (
            "pack.yaml",
            "meets: {observed: {excluding: {extent: some}}}",
            "meets: {any: [{observed: {extent: all}}, {all: [{observed: {extent: some}},"
            " {indicator: complaints, at-least: 20, basis: pack}]}]}",
        ),
    ),
    "an-overall-grade-that-a-better-judgment-lowers": (
        (
            "pack.yaml",
            "good: {judgments: [fair, poor], at-most: 0}",
            "good: {judgments: [good], at-least: 1}",
        ),
    ),
    "an-overall-grade-that-nothing-reaches": (
        (
            "pack.yaml",
            "fair: {judgments: [poor], at-most: 1}",
            "fair: {judgments: [poor], at-most: 2}",
        ),
    ),
}


def library(changes: tuple[Change, ...] = ()) -> Pack:
    """The library pack with these changes."""
    files = {path.name: path.read_text("utf-8") for path in sorted(LIBRARY.glob("*.yaml"))}
    for name, old, new in changes:
        assert files[name].count(old) == 1, (name, old)
        files[name] = files[name].replace(old, new)
    return load(files)


def with_a_gap() -> Pack:
    """The library pack whose lowest rung asks for something: no such pack can be loaded."""
    pack = library()
    rules = dict(pack.rules)
    for owner in ("reading-rooms", "catalogue"):
        fair = rules[f"{owner}.fair"].body
        assert isinstance(fair, Count)
        body = replace(fair, states=("conflicted",), fewest=1, most=9)
        rules[f"{owner}.poor"] = replace(rules[f"{owner}.poor"], body=body)
    return replace(pack, rules=rules)


def faulty() -> Iterator[tuple[str, Pack]]:
    """Each faulty pack, by its fault."""
    yield "a-gap-below-the-rungs", with_a_gap()
    for name, changes in FAULTS.items():
        yield name, library(changes)
