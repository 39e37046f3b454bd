"""L501, L502 and L503: what a version of a pack means."""

from __future__ import annotations

from collections.abc import Iterator

from grading.policy.lint.subject import Subject
from grading.policy.meaning import meaning
from grading.problems import Problem


def changed_meaning(subject: Subject) -> Iterator[Problem]:
    """A version under which the pack once meant something else."""
    document, manifest = subject.files.manifest
    now = meaning(subject.pack)
    for n, change in enumerate(manifest.history):
        if change.version == manifest.version and change.meaning not in (None, now):
            message = f"the rules mean something else than version {change.version} says they do"
            hint = f"give the pack a new version, with a line of history that has `meaning: {now}`"
            yield Problem(document.place(("history", n, "meaning")), "L501", message, hint)
    since = subject.since
    if since is None or since.manifest.version != manifest.version or meaning(since) == now:
        return
    message = f"the rules mean something else than the other pack of version {manifest.version}"
    yield Problem(document.place(("version",)), "L501", message, "give the pack a new version")


def not_the_newest(subject: Subject) -> Iterator[Problem]:
    """A version that is not the newest of the history."""
    document, manifest = subject.files.manifest
    newest = max((change.version for change in manifest.history), key=_order)
    if newest != manifest.version:
        message = f"the version is {manifest.version}, and the newest of the history is {newest}"
        hint = "give both one version: a change of the pack has a line in its history"
        yield Problem(document.place(("version",)), "L502", message, hint)


def unsaid_meaning(subject: Subject) -> Iterator[Problem]:
    """A version whose line of history does not say what it means."""
    document, manifest = subject.files.manifest
    for n, change in enumerate(manifest.history):
        if change.version == manifest.version and change.meaning is None:
            message = f"the history does not hold what version {change.version} means"
            hint = f"add `meaning: {meaning(subject.pack)}`, so that a change of it is seen"
            yield Problem(document.place(("history", n)), "L503", message, hint)


def _order(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
