"""A proof in plain text: what was looked at, what holds, and what fails with an inspection that shows it."""

from __future__ import annotations

from collections.abc import Iterator

from grading.explain.english import capital, counted, listed
from grading.policy.proof.claims import CLAIMS, Claim, Failure, Name, Proof, Proved
from grading.policy.proof.inspections import grade_words, title
from grading.policy.proof.telling import failure
from grading.rules.loaded import Pack

SAYS: dict[Name, str] = {
    "one-grade": "every state gets exactly one grade",
    "no-overlap": "no grade depends on which of two rungs is read first",
    "better-never-lower": "better evidence lowers no grade and no outcome",
    "reachable": "every rung, limiter and condition of an outcome decides something",
    "matters": "everything that is asked about matters",
    "unknown-is-open": "no unknown is treated as an answer",
}


def certificate(pack: Pack, proof: Proof) -> str:
    """The proof as text: each claim once, for all that it is made of."""
    return "".join(f"{line}\n" for line in _lines(pack, proof))


def _lines(pack: Pack, proof: Proof) -> Iterator[str]:
    yield f"{proof.pack} {proof.version}, {proof.digest}"
    yield ""
    for one in proof.judgments:
        yield _looked(pack, one)
    evidence = sum(one.states for one in proof.criteria)
    if proof.criteria:
        number = counted(len(proof.criteria), "group of criteria", "groups of criteria")
        yield f"{number}: {counted(evidence, 'piece', 'pieces')} of evidence, one by one".replace(
            str(evidence), f"{evidence:,}", 1
        )
    yield (
        "A state is of an inspection in which all is known, each observation being of the kind that"
        " decides"
    )
    yield ""
    every = (*proof.judgments, *proof.criteria)
    for name in CLAIMS:
        claims = [(one, claim) for one in every for claim in one.claims if claim.name == name]
        if name == "unknown-is-open":
            claims.append((Proved("", "criteria", 0, "one by one"), proof.words))
        yield from _claim(pack, name, claims)
    yield from _notes(pack, proof)
    yield ""
    yield _verdict(proof)


def _looked(pack: Pack, one: Proved) -> str:
    name = capital(one.kind)
    if one.how is None:
        return f"{name} {title(pack, one.id)}: NOT LOOKED AT, there are too many states"
    grades = (f"{grade_words(pack, g)} {n:,}" for g, n in one.grades)
    return f"{name} {title(pack, one.id)}: {one.states:,} states {one.how} ({', '.join(grades)})"


def _claim(pack: Pack, name: Name, claims: list[tuple[Proved, Claim]]) -> Iterator[str]:
    looked = sum(claim.looked_at for _, claim in claims)
    failed = [(one, failed) for one, claim in claims for failed in claim.failures]
    yield f"{'✗' if failed else '✓'} {SAYS[name]} ({looked:,} cases)"
    for text, number in _told(pack, failed).items():
        more = f" The same is so of {counted(number - 1, 'other', 'others')}." if number > 1 else ""
        yield f"    {text}.{more}"


def _told(pack: Pack, failed: list[tuple[Proved, Failure]]) -> dict[str, int]:
    """Each failure as a sentence; those that are alike once, with their number."""
    first: dict[object, str] = {}
    numbers: dict[str, int] = {}
    for one, failing in failed:
        text = failure(pack, one.id, failing)
        if one.kind not in ("criteria", "overall"):
            text = f"{title(pack, one.id)}: {text}"
        said = first.setdefault(_alike(one, failing) or text, text)
        numbers[said] = numbers.get(said, 0) + 1
    return numbers


def _alike(one: Proved, failing: Failure) -> object:
    """What failures of criteria have in common where they are told once; None of one that stands alone."""
    if one.kind != "criteria" or failing.figure is not None or "," in one.id:
        return None
    step = failing.step
    change = step and (
        step.change,
        step.observation and (step.observation.supports, step.observation.levels),
    )
    grades = tuple(shown.grade for shown in failing.inspections)
    return failing.claim, failing.kind, failing.beside, failing.why, change, grades


def _notes(pack: Pack, proof: Proof) -> Iterator[str]:
    if proof.unordered:
        names = (f"“{_title(pack, name)}”" for name in proof.unordered)
        yield f"No order is claimed of {listed(names)}: the pack does not say whether more is better"
    for one in proof.judgments:
        if not one.free:
            yield (
                f"{title(pack, one.id)}: the judgments that it counts have evidence in common; they were"
                " looked at as if they had not, so some of its states may be of no inspection"
            )


def _title(pack: Pack, name: str) -> str:
    return pack.indicators[name].title if name in pack.indicators else pack.series[name].title


def _verdict(proof: Proof) -> str:
    failures, unseen = len(proof.failures), len(proof.unseen)
    if not failures and not unseen:
        return "proved: all claims hold"
    said = []
    if failures:
        said.append(f"{counted(failures, 'failure', 'failures')}")
    if unseen:
        said.append(f"{counted(unseen, 'part', 'parts')} not looked at")
    return f"not proved: {listed(said)}"
