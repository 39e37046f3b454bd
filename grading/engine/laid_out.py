"""Rules as the engine reads them, within what it can be trusted with. The engine itself is not asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grading.engine.limits import MOST_RULES, Network
from grading.engine.shapes import EngineRule, Pattern, Test, TooLarge
from grading.engine.written import Written, conjunction, json_array, json_object, route

BEGIN = "begin"
ALIASES = tuple(f"e{i}" for i in range(16))


@dataclass(frozen=True)
class LaidOut:
    """Rules as one text, each by its name there, and the fields that are asked of each fact."""

    definitions: Written
    rules: Mapping[str, EngineRule]
    wanted: Mapping[tuple[str, str], tuple[str, ...]]


def laid_out(rules: Sequence[EngineRule]) -> LaidOut:
    """The rules as the engine reads them. Raises TooLarge where it could not be trusted with them."""
    if len(rules) > MOST_RULES:
        raise TooLarge(f"{len(rules)} engine rules are more than {MOST_RULES}")
    wanted: dict[tuple[str, str], set[str]] = {}
    definitions: dict[str, Written] = {}
    network = Network()
    # most patterns stand in several rules: each is written once
    written: dict[Pattern, tuple[tuple[Test, ...], Written]] = {}
    for number, rule in enumerate(rules):
        if not 1 <= len(rule.when) <= len(ALIASES):
            raise TooLarge(f"rule {rule.id} has {len(rule.when)} patterns")
        alternatives = []
        for alias, pattern in zip(ALIASES, rule.when, strict=False):
            if pattern not in written:
                terms = (*route(pattern.kind, pattern.key), *pattern.tests)
                fields = wanted.setdefault((pattern.kind, pattern.key), set())
                fields.update(test.field for test in pattern.tests)
                written[pattern] = network.add(terms), conjunction(terms)
            end, terms_in_json = written[pattern]
            network.ends[end] += 1
            alternatives.append(json_object({alias: terms_in_json}))
        definitions[f"r{number}"] = json_object({"all": json_array(alternatives)})
    network.check()
    begin = json_object({"m": json_object({"begin:n": 1})})
    definitions[BEGIN] = json_object({"all": json_array([begin])})
    by_number = {f"r{number}": rule for number, rule in enumerate(rules)}
    return LaidOut(
        json_object(definitions), by_number, {k: tuple(sorted(v)) for k, v in wanted.items()}
    )
