"""Ways to make something wrong in the pack of libraries: what lint says of each "
"is in `lint/expected`."""

from __future__ import annotations

from collections.abc import Mapping

from tests.lint_packs import Edit

PACK, SERVICE, BUILDING = "pack.yaml", "service.yaml", "building.yaml"
SERIES, INDICATORS, CASES = "series.yaml", "indicators.yaml", "cases/all.yaml"

_WHOLE_FAIR = "      fair: {judgments: [good, fair], at-least: 1}"
_WHOLE_GOOD = """      good:
        all:
          - {judgments: [good], at-least: 1}
          - {judgments: [poor], at-most: 0}"""
_FAIR = "      fair: {count: [falls-short], of: core, at-most: 1}"
_STRENGTH = (
    "  strength: {kind: strength, when: {criterion: this, is: [exceeds]}, say: says, basis: pack}"
)
_IN_TIME_95 = '            - {indicator: books-in-time, at-least: 95, cite: "Guide, part 1.2"}'
_BELOW_70 = "            - {indicator: books-in-time, below: 70, basis: pack}"
_MEETS_90 = '        meets: {indicator: books-in-time, at-least: 90, cite: "Guide, part 1.2"}'
_MEETS = "    meets: {observed: {extent: most}}"
_OLD = "        when: {previous: cause-of-concern, status: [unresolved], at-least: 1}"
_CONFLICT = "        when: {count: [conflicted], of: criteria, at-least: 1}"
_SERIOUS = "            - {weakness: {severity: serious}}"
_AREA = """    when:
      all:
        - {criterion: this, is: [falls-short, conflicted]}
        - none: [{weakness: {severity: serious, unmitigated: true}}]
"""
_ACCEPTED = """      fair:
        # accepted L109: the guide states both
        all: [{judgments: [good, fair], at-least: 1}, {judgments: [poor], at-most: 1}]"""


def _one(file: str, old: str, new: str) -> tuple[Edit, ...]:
    return (Edit(file, old, new),)


def _more(file: str, line: str, more: str) -> tuple[Edit, ...]:
    """One more line below another."""
    return (Edit(file, line, f"{line}\n{more}"),)


BROKEN: Mapping[str, tuple[Edit, ...]] = {
    # rungs
    "rung-as-the-one-above": _one(
        PACK,
        _WHOLE_FAIR,
        "      fair:\n        all:\n          - {judgments: [good], at-least: 1}\n"
        "          - {judgments: [poor], at-most: 0}",
    ),
    "rung-that-never-holds": _one(
        PACK, "{judgments: [good], at-least: 1}\n", "{judgments: [good], at-least: 3}\n"
    ),
    "rung-below-one-that-always-holds": _one(
        PACK, _FAIR, _FAIR.replace("at-most: 1", "at-most: 9")
    ),
    "rungs-in-the-wrong-order": _one(
        PACK, f"{_WHOLE_GOOD}\n{_WHOLE_FAIR}", f"{_WHOLE_FAIR}\n{_WHOLE_GOOD}"
    ),
    "last-rung-with-a-condition": _one(
        PACK,
        _WHOLE_FAIR + "\n      poor: {otherwise: true}",
        _WHOLE_FAIR + "\n      poor: {judgments: [poor], at-least: 2}",
    ),
    "rung-of-no-grade": _one(PACK, _WHOLE_FAIR, _WHOLE_FAIR.replace("fair:", "fare:")),
    # outcomes
    "exceeds-wider-than-meets": (
        Edit(
            SERVICE,
            f"        exceeds:\n          all:\n{_IN_TIME_95}\n"
            f"            - none: [{{weakness: {{severity: moderate}}}}]\n",
            '        exceeds: {indicator: books-in-time, at-least: 70, cite: "Guide, part 1.2"}\n',
        ),
    ),
    "outcome-of-excluded-levels": _one(
        PACK, _MEETS, "    meets: {observed: {extent: most, excluding: {extent: all}}}"
    ),
    "outcome-of-two-bounds": _one(
        SERVICE,
        _BELOW_70,
        "            - {all: [{indicator: books-in-time, below: 70, basis: pack}, "
        "{indicator: books-in-time, at-least: 90, basis: pack}]}",
    ),
    "threshold-beyond-a-hundred-per-cent": _one(SERVICE, _MEETS_90, _MEETS_90.replace("90", "900")),
    "threshold-that-everything-reaches": _one(SERVICE, _MEETS_90, _MEETS_90.replace("90", "0")),
    # findings
    "finding-that-excludes-itself": _one(
        PACK,
        _STRENGTH,
        _STRENGTH.replace(
            "{criterion: this, is: [exceeds]}",
            "{all: [{criterion: this, is: [exceeds]}, {criterion: this, is: [meets]}]}",
        ),
    ),
    "finding-of-weak-strengths": _one(
        PACK,
        _STRENGTH,
        _STRENGTH.replace(
            "{criterion: this, is: [exceeds]}",
            "{all: [{criterion: this, is: [exceeds]}, {weakness: {severity: moderate, "
            "unmitigated: true}}]}",
        ),
    ),
    "finding-of-what-is-unknown": _one(PACK, "is: [falls-short, conflicted]", "is: [unknown]"),
    "finding-of-every-outcome": _one(
        PACK,
        _STRENGTH,
        _STRENGTH.replace("[exceeds]", "[exceeds, meets, falls-short, conflicted, unknown]"),
    ),
    "finding-beside-a-graver-one": _one(
        PACK, _AREA, "    when: {criterion: this, is: [falls-short, conflicted]}\n"
    ),
    "finding-twice": _more(PACK, _STRENGTH, _STRENGTH.replace("strength:", "praise:", 1)),
    "praise-beside-blame": _one(
        PACK, _STRENGTH, _STRENGTH.replace("[exceeds]", "[exceeds, conflicted]")
    ),
    # limiters
    "limiter-at-the-best-grade": _one(
        PACK, "      conflict:\n        at-best: fair", "      conflict:\n        at-best: good"
    ),
    "limiter-of-more-than-there-are": _one(
        PACK, _CONFLICT, _CONFLICT.replace("at-least: 1", "at-least: 9")
    ),
    "limiter-of-what-is-poor-already": _one(
        PACK,
        "      conflict:\n        at-best: fair\n" + _CONFLICT,
        "      conflict:\n        at-best: poor\n        when: {count: [falls-short], "
        "of: core, at-least: 2}",
    ),
    "limiter-on-what-is-good": _one(PACK, _CONFLICT, _CONFLICT.replace("conflicted", "exceeds")),
    "limiter-of-no-grade": _one(
        PACK, "      conflict:\n        at-best: fair", "      conflict:\n        at-best: far"
    ),
    # criteria
    "criterion-that-never-matters": (
        Edit(
            PACK,
            "          - {count: [exceeds], of: criteria, at-least-share: 0.5}\n"
            "          - {count: [falls-short], of: criteria, at-most: 0}\n",
            "          - {count: [exceeds], of: core, at-least-share: 0.5}\n",
        ),
        Edit(
            PACK,
            "      conflict:\n        at-best: fair\n" + _CONFLICT,
            "      conflict:\n        at-best: poor\n        when: {count: [falls-short], "
            "of: core, at-least: 1}",
        ),
    ),
    # conditions that others make needless
    "wider-number-in-all": _more(
        SERVICE,
        _IN_TIME_95,
        '            - {indicator: books-in-time, above: 90, cite: "Guide, part 1.2"}',
    ),
    "narrower-number-in-any": _more(
        SERVICE,
        _BELOW_70,
        "            - {indicator: books-in-time, between: [0, 69.9], basis: pack}",
    ),
    "narrower-level-in-any": _more(
        SERVICE, _SERIOUS, "            - {weakness: {extent: all, severity: serious}}"
    ),
    "higher-level-in-none": _one(
        PACK,
        "        - none: [{weakness: {severity: moderate}}]\n    meets",
        "        - none: [{weakness: {severity: moderate}}, "
        "{weakness: {severity: serious}}]\n    meets",
    ),
    "wider-count-in-all": _more(
        PACK,
        "          - {count: [falls-short], of: criteria, at-most: 0}",
        "          - {count: [falls-short], of: core, at-most: 0}",
    ),
    "condition-twice": _more(SERVICE, _SERIOUS, _SERIOUS),
    "all-of-one-beside-it": _more(
        SERVICE,
        _BELOW_70,
        "            - {all: [{indicator: books-in-time, below: 70, basis: pack}, "
        "{weakness: {severity: minor}}]}",
    ),
    "same-values-written-otherwise": _more(
        SERVICE,
        _IN_TIME_95,
        '            - {indicator: books-in-time, at-least: 95.0, cite: "Guide, part 1.2"}',
    ),
    # conditions that never or always hold
    "unknown-rank-band": _more(
        SERVICE, _SERIOUS, "            - {indicator: loans-place, in: [lowst], basis: pack}"
    ),
    "every-rank-band": _more(
        SERVICE,
        _IN_TIME_95,
        "            - {indicator: loans-place, in: [lowest, broadly-in-line, highest], "
        "basis: pack}",
    ),
    "no-number-is-outside": _one(
        PACK, "{judgments: [poor], at-most: 0}", "{judgments: [poor], at-most: 2}"
    ),
    "share-of-nothing": _one(PACK, "at-least-share: 0.5}", "at-least-share: 0}"),
    # parts that never change a grade
    "part-of-a-rung-for-nothing": _one(
        PACK,
        _WHOLE_FAIR,
        "      fair: {all: [{judgments: [good, fair], at-least: 1}, {judgments: [poor], "
        "at-most: 1}]}",
    ),
    "part-of-a-limiter-for-nothing": _one(
        PACK,
        _CONFLICT,
        "        when: {any: [{count: [conflicted], of: criteria, at-least: 1}, "
        "{count: [falls-short], of: criteria, at-least: 1}]}",
    ),
    "part-inside-a-part-for-nothing": _one(
        PACK,
        _WHOLE_FAIR,
        "      fair:\n        all:\n          - {judgments: [good, fair], at-least: 1}\n"
        "          - {any: [{judgments: [poor], at-most: 1}, {judgments: [good], at-least: 2}]}",
    ),
    # better evidence
    "rung-for-few-loans": _one(
        PACK,
        "          - {count: [falls-short], of: criteria, at-most: 0}",
        "          - {count: [falls-short], of: criteria, at-most: 0}\n"
        "          - {indicator: all-loans, at-most: 100, basis: pack}",
    ),
    "threshold-turned-round": _one(SERVICE, _BELOW_70, _BELOW_70.replace("below", "above")),
    "evidence-in-favour-that-spoils": _one(
        PACK,
        "        - none: [{weakness: {severity: moderate}}]\n    meets",
        "        - none: [{weakness: {severity: moderate}}, {observed: {maturity: begun}}]\n"
        "    meets",
    ),
    "weakness-that-helps": _one(
        PACK,
        _MEETS,
        "    meets: {any: [{observed: {extent: most}}, {weakness: {severity: minor}}]}",
    ),
    "rung-of-one-grade": _one(PACK, _WHOLE_FAIR, _WHOLE_FAIR.replace("[good, fair]", "[fair]")),
    "rung-of-one-outcome": _one(
        PACK,
        "          - {count: [exceeds, meets], of: core, all-but: 0}",
        "          - {count: [meets], of: core, all-but: 2}",
    ),
    "more-is-worse": (
        Edit(
            SERIES,
            "title: Books that arrive in time, unit: percent, direction: higher-is-better",
            "title: Books that arrive in time, unit: percent, direction: lower-is-better",
        ),
    ),
    # sources
    "source-to-come": _one(
        SERVICE, "        cite: Guide, part 1.3\n        core", "        cite: TBC\n        core"
    ),
    "source-of-a-threshold-empty": _one(
        SERVICE, _MEETS_90, _MEETS_90.replace('"Guide, part 1.2"', '""')
    ),
    "indicator-without-source": _one(
        INDICATORS,
        'series: [in-time], unit: percent, cite: "Guide, table 1"}',
        "series: [in-time], unit: percent}",
    ),
    "minimum-without-source": _more(
        INDICATORS,
        "indicators:",
        "  files-in-order: {title: Files in order, method: proportion, topics: [choice], "
        "minimum: 30, unit: percent}",
    ),
    "silence-without-basis": _one(
        PACK, "nothing is heard is well, basis: pack}", "nothing is heard is well}"
    ),
    "threshold-without-source": _one(SERVICE, _BELOW_70, _BELOW_70.replace(", basis: pack", "")),
    # roles
    "earlier-findings-for-context": _one(PACK, "previous: deciding", "previous: context-only"),
    "observations-that-only-lead": _one(PACK, "fieldwork: deciding", "fieldwork: lead-only"),
    "figure-never-enough": _one(
        SERIES,
        "title: Books that arrive in time, unit: percent, direction: higher-is-better, "
        "role: deciding",
        "title: Books that arrive in time, unit: percent, direction: higher-is-better, "
        "role: corroborating",
    ),
    "figure-that-only-leads": _one(
        SERIES,
        "title: Books that arrive in time, unit: percent, direction: higher-is-better, "
        "role: deciding",
        "title: Books that arrive in time, unit: percent, direction: higher-is-better, "
        "role: lead-only",
    ),
    "no-such-kind": _one(PACK, "survey/voluntary: lead-only", "survey/volontary: lead-only"),
    # comparability
    "change-from-earlier-years": _one(
        INDICATORS, "method: change, series: [loans]", "method: change, series: [visits]"
    ),
    "sum-of-what-does-not-compare": _one(
        INDICATORS, "series: [loans, renewals]", "series: [loans, visits]"
    ),
    "comparator-without-definition": _one(
        INDICATORS,
        "method: change, series: [loans]",
        "method: difference, comparator: county, series: [visits]",
    ),
    "sum-of-good-and-bad": _one(INDICATORS, "series: [loans, renewals]", "series: [loans, losses]"),
    "sum-of-counts-and-shares": _one(
        INDICATORS, "series: [loans, renewals]", "series: [loans, in-time]"
    ),
    "difference-of-shares-in-per-cent": _one(
        INDICATORS,
        "method: change, series: [loans], unit: count",
        "method: difference, comparator: county, series: [in-time], unit: percent",
    ),
    "value-in-another-unit": _one(
        INDICATORS,
        "method: value, series: [in-time], unit: percent",
        "method: value, series: [loans], unit: percent",
    ),
    # texts
    "concern-without-recommendation": _one(
        PACK,
        "unmitigated: true}}, say: recommend, basis: pack}",
        "unmitigated: true}}, say: improve, basis: pack}",
    ),
    "recommendation-that-is-none": _one(BUILDING, "recommend: build a ramp", "recommend: none"),
    "recommendation-twice": _one(
        BUILDING, "recommend: build a ramp", "recommend: Open another way in"
    ),
    "text-with-another-number": _one(SERVICE, "Nine in ten books", "Eight in ten books"),
    "text-with-another-share": _one(
        PACK, "at least half of all above", "at least two thirds of all above"
    ),
    "text-the-wrong-way-round": _one(
        PACK, "on at least one criterion conflicts", "on fewer than 1 criterion conflicts"
    ),
    "text-with-another-limit": _one(
        PACK, "poor is more than one core", "poor is more than two core"
    ),
    "text-with-a-placeholder": _one(
        SERVICE, "says: Readers are advised", "says: Readers of {library} are advised"
    ),
    "text-with-a-note": _one(SERVICE, "improve: hold more events", "improve: TODO ask the team"),
    # cases
    "limiter-without-a-case": _one(
        CASES, "raised: 2019, status: unresolved}", "raised: 2019, status: resolved}"
    ),
    "threshold-without-a-case-at-it": _one(CASES, "{books-in-time: 70}", "{books-in-time: 71}"),
    "no-cases": _one(CASES, "", "cases: []\n"),
    "case-of-an-unknown-criterion": _one(
        CASES,
        "criteria: {access: exceeds, light: conflicted}",
        "criteria: {acces: exceeds, light: conflicted}",
    ),
    "case-file-that-is-no-yaml": _one(CASES, "cases:\n", "cases: [  # accepted L401: no\n"),
    # versions
    "version-without-history": _one(PACK, "version: 1.1.0\ntitle", "version: 1.2.0\ntitle"),
    "history-without-meaning": _one(PACK, ", meaning: sha256-fba8de9159774476", ""),
    "meaning-changed": _one(SERVICE, _IN_TIME_95, _IN_TIME_95.replace("95", "90")),
    "meaning-as-it-was": _one(SERVICE, _IN_TIME_95, _IN_TIME_95.replace("95", "95.0")),
    # what nothing uses
    "caveat-of-nothing": _one(
        SERIES, "role: deciding, caveats: [counted-by-hand], bands", "role: deciding, bands"
    ),
    "bands-of-nothing": (
        Edit(SERIES, ", bands: tenths", ""),
        Edit(
            INDICATORS,
            "  loans-place: {title: Place by loans, method: rank-band, series: [loans], "
            'unit: rank-band, cite: "Guide, table 2"}\n',
            "",
        ),
    ),
    "ladder-of-nothing": _one(
        BUILDING, "ladder: standard", "ungraded: it is looked at and not graded"
    ),
    "test-of-nothing": _more(
        PACK,
        "criterion-tests:",
        "  spare:\n    basis: pack\n    meets: {observed: {extent: most}}\n"
        "    falls-short: {weakness: {severity: moderate}}",
    ),
    # what is accepted
    "accepted": _one(PACK, _WHOLE_FAIR, _ACCEPTED),
    "accepted-at-the-end-of-the-line": _one(
        PACK,
        _WHOLE_FAIR,
        "      fair: {all: [{judgments: [good, fair], at-least: 1}, {judgments: [poor], "
        "at-most: 1}]}  # accepted L109: the guide states both",
    ),
    "accepted-without-a-reason": _one(
        PACK, _WHOLE_FAIR, _ACCEPTED.replace(": the guide states both", "")
    ),
    "accepted-without-a-code": _one(PACK, _FAIR, f"{_FAIR}  # accepted: the guide states both"),
    "accepted-code-that-is-none": _one(PACK, _FAIR, f"{_FAIR}  # accepted L199: as in the guide"),
    "accepted-what-is-accepted": _one(
        PACK,
        _FAIR,
        f"      # accepted L902: it will come\n{_FAIR}  # accepted L199: as in the guide",
    ),
    "accepted-and-not-there": _one(PACK, _FAIR, f"{_FAIR}  # accepted L109: as in the guide"),
    "accepted-in-a-text": _one(
        SERVICE, "says: Readers are advised", "says: 'Readers are advised # accepted L109: no'"
    ),
    # what keeps a pack from loading
    "unknown-indicator": _one(
        SERVICE, _BELOW_70, _BELOW_70.replace("books-in-time", "books-in-tim")
    ),
    "unknown-level": _one(PACK, _MEETS, _MEETS.replace("most", "mots")),
    "unknown-key": _one(PACK, "        at-best: fair\n" + _OLD, "        at-bets: fair\n" + _OLD),
    "bracket-not-closed": _one(PACK, _MEETS, "    meets: {observed: {extent: most}"),
    "key-twice": _more(PACK, _MEETS, _MEETS),
    "spare-file": _one("spare.yaml", "", "question: spare\n"),
}

UNSEALED = ("meaning-changed", "meaning-as-it-was")
"""Those whose history holds what the pack meant before."""
