"""L302 and L303: a text that says another number than its condition, or the number the other way round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grading.policy.lint.claims import Claim, asked, claimed, none_claimed, opposite, whole
from grading.policy.lint.subject import Subject
from grading.problems import Place, Problem, listed, quoted
from grading.rules.rule import leaves


@dataclass(frozen=True)
class _Said:
    """A text and what its conditions ask; `loosely` where it says more than those conditions."""

    place: Place
    text: str
    asks: tuple[Claim, ...]
    loosely: bool


def other_numbers(subject: Subject) -> Iterator[Problem]:
    """The texts with a number that their condition does not ask for."""
    for said in _texts(subject):
        for claim in _claims(said):
            if any(_same_number(claim, ask, said.loosely) for ask in said.asks):
                continue
            untold = [
                a
                for a in said.asks
                if not any(_same_number(c, a, said.loosely) for c in _claims(said))
            ]
            if untold:
                asks = listed(dict.fromkeys(quoted(a.words) for a in untold))
                message = f"the text says {quoted(claim.words)} and its condition asks for {asks}"
                yield Problem(said.place, "L302", message, "let both say one number")
                break


def other_way(subject: Subject) -> Iterator[Problem]:
    """The texts that bound a number the other way than their condition does."""
    for said in _texts(subject):
        for claim in _claims(said):
            alike = [ask for ask in said.asks if _same_number(claim, ask, said.loosely)]
            if claim.way and alike and not any(_agree(claim, ask, said.loosely) for ask in alike):
                asks = listed(dict.fromkeys(quoted(a.words) for a in alike))
                message = f"the text says {quoted(claim.words)} and its condition asks for {asks}"
                yield Problem(said.place, "L303", message, "let both bound the number in one way")
                break


def _claims(said: _Said) -> Sequence[Claim]:
    if not said.loosely and any(ask.counted for ask in said.asks):
        return [*claimed(said.text), *none_claimed(said.text)]
    return [c for c in claimed(said.text) if c.way or c.share or not said.loosely]


def _same_number(claim: Claim, ask: Claim, loosely: bool) -> bool:
    if claim.meets(ask):
        return True
    if not ask.counted:
        return False
    mine, asks = whole(claim), whole(ask)
    if mine.number == asks.number and mine.way == asks.way:
        return True
    below = whole(opposite(ask))  # what is so where the rung does not hold
    return loosely and (mine.way, mine.number) == (below.way, below.number)


def _agree(claim: Claim, ask: Claim, loosely: bool) -> bool:
    """Whether both bound alike; a text on all the rungs may say what is so below one."""
    if not ask.way:
        return True
    if not ask.counted:
        return claim.way == ask.way or (loosely and claim.way == opposite(ask).way)
    mine, asks = whole(claim), [whole(ask), *([whole(opposite(ask))] if loosely else [])]
    return any((mine.way, mine.number) == (a.way, a.number) for a in asks)


def _texts(subject: Subject) -> Iterator[_Said]:
    document, manifest = subject.files.manifest
    for written in subject.written:
        if not written.rules:
            continue
        body = written.rules[0].body
        if written.kind == "limiter":
            because = manifest.ladders[written.home].limiters[written.name].because
            place = document.place((*written.path[:-1], "because"))
            yield _Said(place, because, tuple(asked(body)), False)
        elif written.kind == "outcome" and written.name == "meets" and len(written.path) == 5:
            model = subject.pack.criteria[written.home].written
            place = written.document.place((*written.path[:-1], "says"))
            yield _Said(place, model.says, tuple(asked(body)), False)
    for name, ladder in manifest.ladders.items():
        bodies = [w.rules[0].body for w in subject.written if w.home == name and w.rules]
        asks = tuple(claim for body in bodies if leaves(body) for claim in asked(body))
        yield _Said(document.place(("ladders", name, "says")), ladder.says, asks, True)
