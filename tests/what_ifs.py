"""The what-ifs whose whole texts are kept in `what_if`, as a person has read them.

`python -m tests.what_ifs` writes the texts again, to be read before they are kept.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from click.testing import CliRunner

from grading.__main__ import cli

ROOT = Path(__file__).parent.parent
TEXTS = ROOT / "tests/what_if"
ADDED = ROOT / "tests/data/what-if"
PACK = ROOT / "rules/peel-effectiveness-2016"
DURHAM, EXAMPLE = (
    str(ROOT / "evidence/peel-effectiveness-2016" / body) for body in ("durham", "example-force")
)
STRICTER = "STRICTER"
"""Stands for the folder of the pack in which one criterion more must be exceeded."""

CASES: Mapping[str, tuple[str, ...]] = {
    "drop-what-a-grade-rests-on": (DURHAM, "--drop", "pc-029"),
    "drop-one-of-many": (DURHAM, "--drop", "ic-014"),
    "drop-what-mitigates": (DURHAM, "--drop", "vp-055"),
    "withdraw-what-mitigates": (DURHAM, "--without-source", "record=vp-055"),
    "withdraw-a-method": (DURHAM, "--without-source", "method=interview"),
    "correct-a-severity": (DURHAM, "--correct", "ic-036.severity=minor"),
    "correct-a-figure": (DURHAM, "--correct", "m-027.value=70"),
    "correct-a-status": (DURHAM, "--correct", "pv-002.status=resolved"),
    "correct-a-note": (DURHAM, "--correct", "m-027.note="),
    "set-a-figure": (DURHAM, "--set", "victim-satisfaction-against-england-and-wales=7.5"),
    "set-a-figure-unknown": (DURHAM, "--set", "victim-satisfaction-against-england-and-wales="),
    "set-an-outcome": (DURHAM, "--set", "prompt-attendance=meets"),
    "add-observations": (DURHAM, "--add", str(ADDED / "observations.yaml")),
    "another-pack": (DURHAM, "--pack", STRICTER),
    "as-of-before-the-end": (DURHAM, "--as-of", "2016-12-01"),
    "several-at-once": (
        *(DURHAM, "--drop", "pc-029", "--correct", "ic-036.severity="),
        *("--set", "risk-assessment=falls-short", "--without-source", "record=oc-159"),
    ),
    "example-drop-a-file": (EXAMPLE, "--drop", "fr-001"),
    "example-drop-what-is-carried-forward": (EXAMPLE, "--drop", "pv-004"),
    "example-drop-what-nothing-uses": (EXAMPLE, "--drop", "sv-002"),
    "example-withdraw-what-is-carried-forward": (EXAMPLE, "--without-source", "record=pv-004"),
    "example-withdraw-a-file": (EXAMPLE, "--without-source", "record=fr-001"),
    "example-withdraw-subjects": (EXAMPLE, "--without-source", "subjects=incident system"),
    "example-correct-an-answer": (EXAMPLE, "--correct", "fr-001.answer=no"),
    "example-correct-a-mitigation": (EXAMPLE, "--correct", "pc-008.mitigation="),
    "example-set-a-share": (EXAMPLE, "--set", "files-allocated-rightly=20"),
    "example-set-an-outcome": (EXAMPLE, "--set", "prompt-attendance=falls-short"),
    "example-add-figures": (EXAMPLE, "--add", str(ADDED / "figures.csv")),
    "example-add-files": (EXAMPLE, "--add", str(ADDED / "files.csv")),
    "example-add-a-survey": (EXAMPLE, "--add", str(ADDED / "surveys.csv")),
    "example-another-pack": (EXAMPLE, "--pack", STRICTER),
    "example-as-of-the-first-week": (EXAMPLE, "--as-of", "2016-10-07"),
    "example-as-of-after-the-end": (EXAMPLE, "--as-of", "2017-02-01"),
}


def stricter(into: Path) -> Path:
    """The pack in which outstanding asks for every core criterion above the standard."""
    folder = into / PACK.name
    shutil.copytree(PACK, folder)
    manifest = folder / "pack.yaml"
    text = manifest.read_text("utf-8")
    for old, new in (
        ("version: 1.0.0", "version: 1.1.0"),
        ("{count: [exceeds], of: core, all-but: 1}", "{count: [exceeds], of: core, all-but: 0}"),
        ("history:", "history:\n  - {version: 1.1.0, date: 2017-01-01, says: Stricter}"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    manifest.write_text(text, "utf-8")
    return folder


def said(name: str, pack: Path, *more: str) -> tuple[str, int]:
    """The text of a what-if, and its exit code."""
    words = [str(pack) if word == STRICTER else word for word in CASES[name]]
    ran = CliRunner().invoke(cli, ["what-if", *words, *more], standalone_mode=False)
    if ran.exception is not None:
        raise ran.exception
    return ran.stdout, ran.return_value


if __name__ == "__main__":
    with TemporaryDirectory() as home:
        pack = stricter(Path(home))
        for name in CASES:
            text, _ = said(name, pack)
            (TEXTS / f"{name}.txt").write_text(text, "utf-8")
