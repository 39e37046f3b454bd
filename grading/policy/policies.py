"""Changes of what a pack says about evidence: what each kind may do, and what silence means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, get_args

from grading.problems import Place
from grading.rules.facts import Role
from grading.rules.loaded import Pack
from grading.rules.pack import Kind
from grading.rules.references import undeciding
from grading.rules.rule import Compared, leaves
from grading.source import Document

Policy = tuple[Literal["role", "silence"], Place, str, Pack]
_TRUSTED: tuple[Role, ...] = ("lead-only", "indicative", "corroborating", "deciding")
_SILENCES = ("unknown", "meets", "falls-short")


def policies(pack: Pack, manifest: Document, series: Document | None) -> Iterator[Policy]:
    """The pack with one role a step more or less trusted, or with silence taken otherwise.

    Of the series, those that an indicator of some rule is derived from. What would not load is left
    out, and so is a kind of evidence that conditions do not see as records or figures.
    """
    policy = pack.manifest.evidence_policy
    asked = {
        leaf.indicator
        for rule in pack.rules.values()
        for leaf in leaves(rule.body)
        if isinstance(leaf, Compared)
    }
    for kind, role in policy.roles.items():
        place = manifest.key_place(("evidence-policy", "roles", kind))
        for other in _beside(role):
            changed = _with_policy(pack, {"roles": {**policy.roles, kind: other}})
            if asked.isdisjoint(undeciding(changed)) and _is_seen(kind):
                yield "role", place, f"`{kind}: {role}` becomes `{other}`", changed
    used = dict.fromkeys(
        s for name in pack.indicators if name in asked for s in _series(pack, name)
    )
    for name in used:
        role = pack.series[name].role
        for other in _beside(role):
            written = pack.series[name].model_copy(update={"role": other})
            changed = replace(pack, series={**pack.series, name: written})
            if series is not None and asked.isdisjoint(undeciding(changed)):
                place = series.key_place(("series", name, "role"))
                yield "role", place, f"`role: {role}` of `{name}` becomes `{other}`", changed
    yield from _silences(pack, manifest)


def _silences(pack: Pack, manifest: Document) -> Iterator[Policy]:
    silence = pack.manifest.evidence_policy.silence
    if not pack.criteria:
        return
    for which in ("core", "other"):
        said = getattr(silence, which)
        for other in _SILENCES:
            if other != said:
                changed = silence.model_copy(update={which: other})
                place = manifest.key_place(("evidence-policy", "silence", which))
                says = f"silence on `{which}`: `{said}` becomes `{other}`"
                yield "silence", place, says, _with_policy(pack, {"silence": changed})


def _beside(role: Role) -> tuple[Role, ...]:
    """The roles one step less and one step more trusted."""
    if role not in _TRUSTED:
        return ()
    at = _TRUSTED.index(role)
    return (*_TRUSTED[max(0, at - 1) : at], *_TRUSTED[at + 1 : at + 2])


def _is_seen(kind: str) -> bool:
    """Whether conditions see records or figures of the kind by a role that it has itself."""
    own = kind.split("/")[0]
    return own in get_args(Kind) and own not in ("metric", "previous")


def _series(pack: Pack, indicator: str) -> tuple[str, ...]:
    return pack.indicators[indicator].series


def _with_policy(pack: Pack, changes: dict[str, object]) -> Pack:
    policy = pack.manifest.evidence_policy.model_copy(update=changes)
    manifest = pack.manifest.model_copy(update={"evidence_policy": policy})
    return replace(pack, manifest=manifest)
