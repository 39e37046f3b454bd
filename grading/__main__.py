"""The command line: `grading`, also `python -m grading`."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from grading.commands.common import Exit, tell
from grading.commands.lazily import Lazily
from grading.engine.reproduction import save
from grading.engine.run import Disagreement
from grading.engine.shapes import EngineFault
from grading.problems import BadInput
from grading.record.integrity import IntegrityBroken

_COLLECT_AT = 200_000  # objects more than before


@click.group(
    cls=Lazily,
    where={
        "run": "grading.commands.run:run",
        "explain": "grading.commands.explain:explain",
        "evidence": "grading.commands.evidence:evidence",
        "what-if": "grading.commands.what_if:what_if",
        "replay": "grading.commands.replay:replay",
        "report": "grading.commands.report:report",
        "audit": "grading.commands.audit:audit",
        "export": "grading.commands.export:export",
        "rules": "grading.commands.rules:rules",
    },
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="inspection-grading", prog_name="grading")
def cli() -> None:
    """Grade inspections from evidence by a declarative rule pack.

    Exit codes: 0 done; 1 done, problems found; 2 wrong usage; 3 input could not be loaded; 4 graded,
    but a judgment is undetermined; 5 integrity broken; 6 engine and definition disagree; 7 a guard
    refused; 70 internal error.
    """


def main() -> None:
    """Run a command and exit with its code. A problem in the input is told, never raised."""
    with _seldom_collecting():
        code = _exit_code()
    sys.exit(code)


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Python looks for cyclic garbage less often while a command runs.

    Records, figures and facts hold no cycles and are kept to the end; looking through them again and
    again takes a fifth of the time of a check of many rows, and a tenth of grading few.
    """
    before = gc.get_threshold()
    gc.set_threshold(_COLLECT_AT, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _exit_code() -> int:
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return Exit.WRONG_USAGE
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.Abort:
        return Exit.INTERNAL
    except BadInput as error:
        # a command on rules grades nothing that there would be a grade of
        tell(error, "nothing was done" if sys.argv[1:2] == ["rules"] else "nothing was graded")
        return Exit.NOT_LOADED
    except IntegrityBroken as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        return Exit.INTEGRITY_BROKEN
    except (Disagreement, EngineFault) as error:
        saved = save(error, Path.cwd())
        click.echo(f"engine and definition disagree, nothing was graded: {error}", err=True)
        click.echo(f"the smallest reproduction found is in {saved}", err=True)
        return Exit.DISAGREEMENT
    except OSError as error:
        click.echo(f"{error.filename or 'output'}: {error.strerror}", err=True)
        return Exit.REFUSED
    return code if isinstance(code, int) else Exit.DONE


if __name__ == "__main__":
    main()
