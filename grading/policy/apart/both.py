"""A pack and a changed one side by side: what either asks about."""

from __future__ import annotations

from dataclasses import replace

from grading.rules.loaded import Pack
from grading.rules.rule import All, Rule


def both(pack: Pack, other: Pack) -> Pack:
    """A pack whose rules ask about all that those of the two do, so that it tells as much apart.

    What its rules come to means nothing; only what they ask about does.
    """
    rules = {name: _asking(rule, other.rules[name]) for name, rule in pack.rules.items()}
    return replace(pack, rules=rules)


def _asking(one: Rule, other: Rule) -> Rule:
    if one.body == other.body:
        return one
    return replace(one, body=All(one.place, (one.body, other.body)))
