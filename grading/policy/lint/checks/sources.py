"""L201 and L202: what a rule or number rests on is not said."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grading.policy.lint.subject import Subject
from grading.policy.lint.texts import texts
from grading.problems import Problem, quoted
from grading.rules.rule import Compared, leaves

_NOTHING = re.compile(
    r"\W*(?:todo|tbc|tbd|fixme|xxx+|n/?a|none|nothing|unknown|source|to be (?:confirmed|done))?\W*",
    re.IGNORECASE,
)


def empty_sources(subject: Subject) -> Iterator[Problem]:
    """The sources that name nothing."""
    for text in texts(subject.files):
        if text.key == "cite" and _NOTHING.fullmatch(text.text):
            said = quoted(text.text) if text.text.strip() else "nothing"
            message = f"a source that says {said}"
            hint = "name the passage, or write `basis: pack` instead where it is the pack's own"
            yield Problem(text.place, "L201", message, hint)


def without_source(subject: Subject) -> Iterator[Problem]:
    """The indicators that decide or have a minimum, and what silence means, without a source."""
    document, pack = subject.files.indicators_document, subject.pack
    asked = {
        leaf.indicator
        for rule in pack.rules.values()
        for leaf in leaves(rule.body)
        if isinstance(leaf, Compared)
    }
    for name, indicator in pack.indicators.items():
        if indicator.cite is not None or document is None:
            continue
        needs = [
            *["a condition asks about it"] * (name in asked),
            *["it has a `minimum`"] * (indicator.minimum is not None),
        ]
        if needs:
            message = f"indicator `{name}` has no source, and {needs[0]}"
            place = document.key_place(("indicators", name))
            yield Problem(place, "L202", message, "add a `cite`: where the figure is published")
    silence = pack.manifest.evidence_policy.silence
    if silence.basis is None and {silence.core, silence.other} != {"unknown"}:
        message = "what silence means is the pack's own rule, and does not say so"
        place = subject.files.manifest[0].key_place(("evidence-policy", "silence"))
        yield Problem(place, "L202", message, "add `basis: pack`")
