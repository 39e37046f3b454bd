"""A fault put into a copy of the rules and evidence, or into the engine, and what a test makes of it."""

from __future__ import annotations

import inspect
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from grading.policy.cases import load_cases
from grading.policy.expecting import run_case
from tests import test_methodology, test_methodology_judgments
from tests.method import AT, DURHAM, HERE, PEEL, Home, durham, peel, program

Patch = pytest.MonkeyPatch
Change = Callable[[str], str]


@dataclass(frozen=True)
class Edit:
    """A change in one file, within the block that a line begins where `under` names one."""

    file: str
    change: Change
    under: str = ""


Put = Callable[[Patch], None] | Edit | tuple[Edit, ...]


@dataclass(frozen=True)
class Fault:
    """A way to break one rule, and the test or case that must fail under it.

    A fault of the engine that is at work while rules are loaded says so.
    """

    says: str
    put: Put
    seen_by: str
    in_loading: bool = False


def swap(old: str, new: str) -> Change:
    """One passage is another."""

    def change(text: str) -> str:
        assert text.count(old) == 1, f"{text.count(old)} times: {old}"
        return text.replace(old, new)

    return change


def lose(word: str) -> Change:
    """One word of a list in brackets is gone."""

    def change(text: str) -> str:
        shorter, count = re.subn(rf"{re.escape(word)}, |, {re.escape(word)}(?=\])", "", text)
        if count == 0:
            shorter, count = re.subn(rf"\[{re.escape(word)}\]", "[]", text)
        assert count == 1, f"{count} times: {word}"
        return shorter

    return change


def add(new: str) -> Change:
    """Something more stands at the end."""
    return lambda text: text + new


def pack(file: str, change: Change, under: str = "") -> Edit:
    """A change in a file of the pack."""
    return Edit(f"{PEEL}/{file}", change, under)


def series(name: str, change: Change) -> Edit:
    """A change in one series of the pack."""
    return pack("series.yaml", change, f"  {name}:")


def evidence(file: str, change: Change, under: str = "") -> Edit:
    """A change in a file of the evidence."""
    return Edit(f"{DURHAM}/{file}", change, under)


def figure(name: str, old: str, new: str) -> Edit:
    """A change in one row of the figures."""
    return evidence("metrics.csv", swap(old, new), f"{name},")


@contextmanager
def broken(fault: Fault) -> Iterator[None]:
    """The fault is in. Rules and evidence that it changes can still be loaded."""
    with TemporaryDirectory() as folder, Patch.context() as patch:
        edits: tuple[Edit, ...] = ()
        if isinstance(fault.put, Edit | tuple):
            edits = (fault.put,) if isinstance(fault.put, Edit) else fault.put
            _copy(edits, Path(folder))
            home = Home(Path(folder))
        else:
            home = Home(HERE.folder, None if fault.in_loading else HERE)
            _ = HERE.durham, HERE.example
            fault.put(patch)
        token = AT.set(home)
        try:
            _ = [peel(), *(durham() for edit in edits[:1] if edit.file.startswith(DURHAM))]
            yield
        finally:
            AT.reset(token)


def failure(name: str) -> str:
    """What the test or case of this name says where it fails; nothing where it passes."""
    return _of_test(name) if name.startswith("test_") else _of_case(name)


def named_tests() -> Mapping[str, Callable[..., None]]:
    """The tests that are named after rules, by their names."""
    return {
        name: value
        for module in (test_methodology, test_methodology_judgments)
        for name, value in vars(module).items()
        if name.startswith("test_rule")
    }


def arguments(name: str) -> list[dict[str, Any]]:
    """The arguments of each run of a test; of one run where the name has its id in brackets."""
    function, _, wanted = name.removesuffix("]").partition("[")
    runs: list[tuple[str, dict[str, Any]]] = [("", {})]
    for mark in getattr(named_tests()[function], "pytestmark", ()):
        if mark.name == "parametrize":
            runs = list(_runs(*mark.args, **mark.kwargs))
    return [values for id_, values in runs if wanted in ("", id_)]


def cases() -> Mapping[str, str]:
    """Each case of the pack as it is written, by its name."""
    files = sorted((AT.get().folder / PEEL / "cases").glob("*.yaml"))
    blocks = (re.split(r"\n  - id: ", path.read_text("utf-8"))[1:] for path in files)
    return {block.partition("\n")[0]: f"  - id: {block}\n" for among in blocks for block in among}


def _of_test(name: str) -> str:
    test = named_tests()[name.partition("[")[0]]
    for values in arguments(name):
        with TemporaryDirectory() as folder:
            if "tmp_path" in inspect.signature(test).parameters:
                values = {**values, "tmp_path": Path(folder)}
            try:
                test(**values)
            except AssertionError as error:
                return str(error) or type(error).__name__
    return ""


def _of_case(name: str) -> str:
    with TemporaryDirectory() as folder:
        (Path(folder) / "cases").mkdir()
        (Path(folder) / "cases" / "one.yaml").write_text(f"cases:\n{cases()[name]}", "utf-8")
        [case] = load_cases(Path(folder), peel())
    return "\n".join(run_case(case, program()))


def _runs(
    names: str | tuple[str, ...], sets: Any, ids: Any = None
) -> Iterator[tuple[str, dict[str, Any]]]:
    named = tuple(part.strip() for part in names.split(",")) if isinstance(names, str) else names
    for number, given in enumerate(sets):
        values = given.values if hasattr(given, "marks") else given
        values = values if len(named) > 1 or hasattr(given, "marks") else (values,)
        own = getattr(given, "id", None)
        id_ = own or (ids[number] if ids else "-".join(map(str, values)))
        yield id_, dict(zip(named, values, strict=True))


def _copy(edits: tuple[Edit, ...], home: Path) -> None:
    """The rules and the evidence, copied, with the edits."""
    for part in ("rules", "evidence"):
        shutil.copytree(HERE.folder / part, home / part)
    for edit in edits:
        path = home / edit.file
        before, block, after = _around(path.read_text("utf-8"), edit.under)
        path.write_text(f"{before}{edit.change(block)}{after}", "utf-8")


def _around(text: str, under: str) -> tuple[str, str, str]:
    """The text before a block, the block, and the text after it: a line, and what is set in below."""
    if not under:
        return "", text, ""
    lines = text.splitlines(keepends=True)
    [start] = [n for n, line in enumerate(lines) if line.startswith(under)]
    depth = len(under) - len(under.lstrip())
    end = start + 1
    while end < len(lines) and len(lines[end]) - len(lines[end].lstrip()) > depth:
        end += 1
    return "".join(lines[:start]), "".join(lines[start:end]), "".join(lines[end:])
