"""A group of commands that reads the module of a command only when the command is asked for.

A command starts in half the time where the modules of all the others stay unread.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from grading.problems import did_you_mean


class Lazily(click.Group):
    """A group of commands by the name that is typed: where each stands, as `module:command`."""

    def __init__(self, *, where: Mapping[str, str], **given: Any) -> None:
        super().__init__(**given)
        self.where = where

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted({*self.where, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; None where there is none."""
        if cmd_name not in self.where:
            return super().get_command(ctx, cmd_name)
        module, _, command = self.where[cmd_name].partition(":")
        found: click.Command = getattr(import_module(module), command)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is asked for. Raises UsageError with the name that was perhaps meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            hint = did_you_mean(args[0], self.list_commands(ctx))
            if not hint:
                raise
            raise click.UsageError(f"{error.message.rstrip('.')} ({hint})", ctx) from None
