"""The commands are read when they are asked for: all of them are there, and none of the others."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from grading.__main__ import cli
from grading.commands.lazily import Lazily


def named(group: click.Group, *before: str) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        assert found.name == name
        yield (*before, name)
        if isinstance(found, click.Group):
            yield from named(found, *before, name)


def test_every_command_is_found_under_its_own_name_and_says_what_it_is_for() -> None:
    every = list(named(cli))
    assert {("run",), ("evidence", "check"), ("evidence", "import"), ("rules", "fmt")} <= {*every}
    for words in every:
        told = CliRunner().invoke(cli, [*words, "--help"])
        assert told.exit_code == 0
        assert told.output.startswith("Usage: cli " + " ".join(words))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rnu"], "No such command 'rnu' (did you mean `run`?)"),
        (["rules", "lent"], "No such command 'lent' (did you mean `lint`?)"),
        (["rules", "xyzzy"], "No such command 'xyzzy'."),
    ],
)
def test_a_command_that_is_not_there_is_wrong_usage_with_the_one_that_is_like_it(
    words: list[str], said: str
) -> None:
    told = CliRunner().invoke(cli, words)
    assert (told.exit_code, told.output.splitlines()[-1]) == (2, f"Error: {said}")


def test_a_command_reads_no_module_that_it_does_not_need() -> None:
    asks = (
        "import sys; from grading.__main__ import cli; cli(['rules', 'fmt', '--help'], "
        "standalone_mode=False); print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", asks], capture_output=True, text=True, check=True, timeout=60
    )
    read = {*done.stderr.split()}
    assert "grading.commands.rules_fmt" in read
    assert not {"jinja2", "openpyxl", "rich", "grading.report.html", "grading.policy.lint"} & read


def test_what_belongs_to_a_group_can_stand_in_it_or_elsewhere() -> None:
    group = Lazily(name="g", where={"far": "grading.commands.run:run"})
    near = click.Command("near")
    group.add_command(near)
    context = click.Context(group)
    assert group.list_commands(context) == ["far", "near"]
    assert group.get_command(context, "near") is near
    assert group.get_command(context, "none") is None
