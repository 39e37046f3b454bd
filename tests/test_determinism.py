"""Same inputs, same bytes: nothing but evidence, pack and as-of date can be seen in a record."""

from __future__ import annotations

import csv
import json
import locale
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from grading.__main__ import cli
from grading.engine.shapes import EngineFault

ROOT = Path(__file__).parent.parent
RULES = ROOT / "rules"
DURHAM = ROOT / "evidence/peel-effectiveness-2016/durham"
PACK = "peel-effectiveness-2016"


def run(folder: Path | str = DURHAM, rules: Path | str = RULES) -> str:
    """What `grading run --format json` prints."""
    words = ["run", str(folder), "--format", "json", "--rules", str(rules)]
    ran = CliRunner().invoke(cli, words, standalone_mode=False)
    if ran.exception is not None:
        raise ran.exception
    return ran.stdout


def run_apart(**environment: str) -> str:
    """The same from a process of its own."""
    words = ["run", str(DURHAM.relative_to(ROOT)), "--format", "json"]
    ran = subprocess.run(
        [sys.executable, "-m", "grading", *words],
        capture_output=True,
        check=False,
        cwd=ROOT,
        encoding="utf-8",
        env={**os.environ, **environment},
    )
    assert ran.stderr == ""
    return ran.stdout


@pytest.fixture(scope="module")
def expected() -> str:
    return run()


@pytest.fixture
def elsewhere(tmp_path: Path) -> tuple[Path, Path]:
    """The evidence and the rules in folders of other names."""
    folder, rules = tmp_path / "some where/Durham, 2016", tmp_path / "packs"
    shutil.copytree(DURHAM, folder)
    shutil.copytree(RULES, rules)
    return folder, rules


def without(text: str, *keys: str) -> Any:
    """The record without the values of these keys, wherever they stand."""

    def kept(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: kept(part) for name, part in value.items() if name not in keys}
        return [kept(part) for part in value] if isinstance(value, list) else value

    return kept(json.loads(text))


def rewrite(path: Path, change: Callable[[Any], Any]) -> None:
    """The YAML file says what the change makes of what it said."""
    data = change(yaml.safe_load(path.read_text("utf-8")))
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=10_000)
    path.write_text(text, "utf-8")


def shuffled(values: Any, chance: random.Random) -> Any:
    """The same list or mapping in another order."""
    pairs = list(values.items()) if isinstance(values, dict) else list(values)
    chance.shuffle(pairs)
    return dict(pairs) if isinstance(values, dict) else pairs


def shuffle_records(folder: Path, chance: random.Random) -> None:
    """The records of every file, and the keys of every record, are in another order."""
    for path in sorted(folder.glob("*.yaml")):
        if path.name != "inspection.yaml":
            rewrite(
                path,
                lambda data: {
                    "records": [shuffled(r, chance) for r in shuffled(data["records"], chance)]
                },
            )
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        order = shuffled(range(len(header)), chance)
        lines = [header, *shuffled(rows, chance)]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([line[i] for i in order] for line in lines)


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_the_hash_seed_does_not_show(seed: str, expected: str) -> None:
    assert run_apart(PYTHONHASHSEED=seed) == expected


@pytest.mark.parametrize("name", ["de_DE.UTF-8", "tr_TR.UTF-8", "C"])
def test_the_locale_does_not_show(name: str, expected: str) -> None:
    assert run_apart(LC_ALL=name, LANG=name) == expected


def test_a_decimal_comma_is_refused_before_a_number_is_misread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # a program that has set such a locale in this process, on machines that have none to set
    comma = {**locale.localeconv(), "decimal_point": ",", "thousands_sep": "."}
    monkeypatch.setattr(locale, "localeconv", lambda: comma)
    with pytest.raises(EngineFault, match="LC_NUMERIC"):
        run()


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati"])
def test_the_time_zone_does_not_show(zone: str, expected: str) -> None:
    assert run_apart(TZ=zone, COLUMNS="40", NO_COLOR="", FORCE_COLOR="1") == expected


def test_a_second_time_in_one_process_is_the_same(expected: str) -> None:
    assert run() == expected


def test_another_inspection_in_between_does_not_show(expected: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests/errors_pack/good", tmp_path / "rules/bakery")
    shutil.copytree(ROOT / "tests/errors_evidence/good", tmp_path / "evidence")
    assert '"body": "crumb"' in run(tmp_path / "evidence", tmp_path / "rules")
    assert run() == expected


@pytest.mark.parametrize("folder", [".", "grading", "evidence/peel-effectiveness-2016/durham"])
def test_the_working_directory_does_not_show(
    folder: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT / folder)
    assert run(os.path.relpath(DURHAM), os.path.relpath(RULES)) == expected


def test_the_path_of_the_evidence_does_not_show(
    elsewhere: tuple[Path, Path], expected: str
) -> None:
    found = run(*elsewhere)
    assert found == expected
    assert str(elsewhere[0]) not in found
    assert str(ROOT) not in found


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_records_does_not_show(
    seed: int, elsewhere: tuple[Path, Path], expected: str
) -> None:
    # a record that stands on another line has another place; nothing else differs
    shuffle_records(elsewhere[0], random.Random(seed))
    found = run(*elsewhere)
    assert found != expected
    assert without(found, "place") == without(expected, "place")


def test_the_division_of_fieldwork_into_files_does_not_show(
    elsewhere: tuple[Path, Path], expected: str
) -> None:
    # places name another file; nothing else differs
    folder, rules = elsewhere
    records = []
    for path in sorted(folder.glob("fieldwork*.yaml"), reverse=True):
        records += yaml.safe_load(path.read_text("utf-8"))["records"]
        path.unlink()
    (folder / "fieldwork.yaml").write_text("records: []\n", "utf-8")
    rewrite(folder / "fieldwork.yaml", lambda data: {"records": records})
    assert without(run(folder, rules), "place") == without(expected, "place")


def test_the_order_of_files_in_a_folder_does_not_show(
    expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def turned(name: str) -> None:
        listing = getattr(Path, name)

        def backwards(self: Path, *words: Any) -> Iterator[Path]:
            return iter(sorted(listing(self, *words), key=lambda path: path.name[::-1]))

        monkeypatch.setattr(Path, name, backwards)

    for name in ("glob", "rglob", "iterdir"):
        turned(name)
    assert run() == expected


def test_the_order_of_what_a_pack_only_names_does_not_show(
    elsewhere: tuple[Path, Path], expected: str
) -> None:
    # series, caveats, indicators, roles and a criterion's topics are looked up by name; the order
    # of questions, criteria, grades and levels means something. The bytes of the pack differ, so
    # its digest does, and so do its lines.
    folder, rules = elsewhere
    chance = random.Random(7)

    def each(data: dict[str, Any]) -> dict[str, Any]:
        return {name: shuffled(part, chance) for name, part in data.items()}

    def topics(data: dict[str, Any]) -> dict[str, Any]:
        for sub in data["sub-questions"].values():
            for criterion in sub.get("criteria", {}).values():
                criterion["topics"] = shuffled(criterion["topics"], chance)
        return data

    def roles(data: dict[str, Any]) -> dict[str, Any]:
        policy = data["evidence-policy"]
        policy["roles"] = shuffled(policy["roles"], chance)
        return shuffled(data, chance)  # type: ignore[no-any-return]

    for name in ("series", "indicators"):
        rewrite(rules / PACK / f"{name}.yaml", each)
    for name in yaml.safe_load((rules / PACK / "pack.yaml").read_text("utf-8"))["questions"]:
        rewrite(rules / PACK / f"{name}.yaml", topics)
    rewrite(rules / PACK / "pack.yaml", roles)
    found = run(folder, rules)
    assert json.loads(found)["pack"]["digest"] != json.loads(expected)["pack"]["digest"]
    assert without(found, "place", "digest") == without(expected, "place", "digest")
