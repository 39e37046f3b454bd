"""L203, L204 and L207: evidence that may not decide, used to decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from grading.evidence.records import Sampling
from grading.policy.lint.subject import Subject, every_node
from grading.problems import Place, Problem, known_instead, listed
from grading.rules.facts import MATCHED_ROLES
from grading.rules.pack import Kind
from grading.rules.rule import Count, Node, Sought


def undeciding(subject: Subject) -> Iterator[Problem]:
    """The conditions that ask about a kind of evidence that only leads, or is only shown."""
    seen: set[Place] = set()
    for written in subject.written:
        for rule in written.rules[:1]:
            for node in every_node(rule.body):
                why = _undeciding(subject, node)
                if why and node.place not in seen:
                    seen.add(node.place)
                    message = f"this condition asks about what decides nothing: {why}"
                    hint = "take it out, or let the evidence policy give the kind a deciding role"
                    yield Problem(node.place, "L203", message, hint)


def _undeciding(subject: Subject, node: Node) -> str:
    match node:
        case Sought():
            kinds: tuple[Kind, ...] = ("fieldwork", "file-review")
        case Count(counted="previous"):
            kinds = ("previous",)
        case _:
            return ""
    policy = subject.pack.manifest.evidence_policy.roles
    roles = {kind: policy.get(kind, "context-only") for kind in kinds}
    if MATCHED_ROLES.intersection(roles.values()):
        return ""
    return listed((f"{kind} is {role}" for kind, role in roles.items()), "and")


def never_enough(subject: Subject) -> Iterator[Problem]:
    """The rules that hold of evidence alone whose roles never suffice, and so are always withheld."""
    for written in subject.written:
        if not written.rules:
            continue
        if written.kind in ("rung", "limiter"):
            judgments = subject.by_home.get(written.home, ())
            holding = {r for j in judgments for r in j.states.holding}
            withheld = {r for j in judgments for r in j.states.withheld}
        else:
            pairs = [
                (rule.id, subject.looked[group], (number, rule.name))
                for rule in written.rules
                for group, number in [subject.number_of[rule.owner]]
            ]
            holding = {rule for rule, looked, name in pairs if name in looked.settled}
            withheld = {rule for rule, looked, name in pairs if name in looked.withheld}
        own = {rule.id for rule in written.rules}
        if own & withheld and not own & holding:
            message = (
                f"{written.says} is always withheld: the evidence that it asks about is"
                " corroborating or indicative, and nothing that decides is asked for beside it"
            )
            hint = "ask for a deciding kind as well, in `all`"
            yield Problem(written.key, "L204", message, hint)


def unknown_kinds(subject: Subject) -> Iterator[Problem]:
    """The kinds of evidence in the policy that there are not."""
    document, manifest = subject.files.manifest
    known = [k for k in get_args(Kind) if k != "survey"]
    known += [f"survey/{sampling}" for sampling in get_args(Sampling)]
    for kind in manifest.evidence_policy.roles:
        if kind not in known:
            place = document.key_place(("evidence-policy", "roles", kind))
            yield Problem(
                place, "L207", f"no evidence is of kind `{kind}`", known_instead(kind, known)
            )
