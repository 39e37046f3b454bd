"""Imports go one way: each room may import only the rooms that are listed for it."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent / "grading"
BELOW = {
    "problems": set(),
    "source": {"problems"},
    "rules": {"problems", "source"},
    "evidence": {"problems", "source", "rules"},
    "derive": {"problems", "rules", "evidence"},
    "engine": {"rules", "problems"},
    "judge": {"rules", "evidence", "derive", "engine"},
    "explain": {"problems", "rules", "evidence", "derive", "engine", "judge"},
    # keeps the files that `source` read, and the version of the engine
    "record": {"problems", "source", "rules", "evidence", "derive", "engine", "judge", "explain"},
    # shows the lines of rule files, and draws the figures of a table of bodies as they were ranked
    "report": {
        "problems",
        "source",
        "rules",
        "evidence",
        "derive",
        "judge",
        "explain",
        "record",
    },
    "policy": {"problems", "source", "rules", "evidence", "derive", "engine", "judge", "explain"},
    "commands": {
        "problems",
        "source",
        "rules",
        "evidence",
        "derive",
        "engine",
        "judge",
        "explain",
        "record",
        "report",
        "policy",
    },
}


def imports(path: Path) -> set[str]:
    """The modules that a file imports, wherever in it the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found.add(node.module or "")
    return found


def room(path: Path) -> str:
    """The room of a file: its folder, or its name at the top."""
    parts = path.relative_to(ROOT).parts
    return parts[0] if len(parts) > 1 else path.stem


def test_every_room_imports_only_what_is_below_it() -> None:
    wrong = []
    for path in sorted(ROOT.rglob("*.py")):
        own = room(path)
        if own in ("__init__", "__main__"):
            continue
        for module in imports(path):
            parts = module.split(".")
            inside = parts[0] == "grading" and len(parts) > 1
            if inside and parts[1] != own and parts[1] not in BELOW[own]:
                wrong.append(f"{path.relative_to(ROOT)} imports {module}")
    assert wrong == []


def test_no_modules_import_each_other_in_a_loop() -> None:
    modules = {
        ".".join(("grading", *path.relative_to(ROOT).with_suffix("").parts)): path
        for path in ROOT.rglob("*.py")
        if path.name != "__init__.py"
    }
    needs = {name: imports(path) & modules.keys() for name, path in modules.items()}
    assert sum(map(len, needs.values())) > 1000
    assert set(TopologicalSorter(needs).static_order()) == set(modules)  # raises where there is one


def test_only_the_wall_knows_the_rules_engine() -> None:
    knows = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if any(
            module.split(".")[0] in {"durable", "durable_rules_engine"} for module in imports(path)
        )
    }
    assert knows == {"engine/wall.py"}


def test_spreadsheet_libraries_are_known_in_one_place_each() -> None:
    knows = {
        (module.split(".")[0], path.relative_to(ROOT).as_posix())
        for path in ROOT.rglob("*.py")
        for module in imports(path)
        if module.split(".")[0] in {"openpyxl", "python_calamine"}
    }
    assert knows == {
        ("openpyxl", "evidence/sheets/making.py"),
        (
            "openpyxl",
            "record/exports/xlsx.py",
        ),  # tables of runs; the other knows sheets of evidence
        ("python_calamine", "evidence/sheets/workbook.py"),
    }


def test_only_the_language_server_knows_its_protocol() -> None:
    knows = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if any(module.split(".")[0] in {"pygls", "lsprotocol"} for module in imports(path))
    }
    assert knows == {"commands/editor_answers.py", "commands/editor_server.py"}


def test_only_source_and_the_writers_open_files() -> None:
    opens = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if any(
            isinstance(node, ast.Call)
            and (
                getattr(node.func, "id", "") == "open"
                or getattr(node.func, "attr", "")
                in {"open", "read_text", "read_bytes", "write_text", "write_bytes"}
            )
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
        )
    }
    assert {path for path in opens if not path.startswith("source/")} <= {
        "engine/reproduction.py",
        "record/durable.py",  # the files of a run store
        "commands/writing.py",
        "evidence/sheets/staging.py",
        "evidence/together.py",
    }
