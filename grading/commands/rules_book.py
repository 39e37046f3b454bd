"""`grading rules book PACK`: the rule book, as one HTML file or as Markdown."""

from __future__ import annotations

from pathlib import Path

import click

from grading.commands.common import Exit
from grading.commands.rules_pack import find_pack, pack_argument, rules_option
from grading.commands.writing import write_out
from grading.policy.cases import load_cases
from grading.problems import raise_if
from grading.report.book import Book, CaseTold, book_html, book_markdown
from grading.source import read_alone

_FORMS = {"html": book_html, "md": book_markdown}


@click.command()
@pack_argument
@rules_option
@click.option("--format", "form", type=click.Choice(tuple(_FORMS)), default="html")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@click.option(
    "--passages",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A text with a passage of the methodology a line: tell those that no rule cites.",
)
def book(
    reference: str, rules: Path | None, form: str, out: Path | None, passages: Path | None
) -> int:
    """Write the rule book of PACK: every rule in English with its source, the cases, the history."""
    found = find_pack(reference, rules)
    pack = found.load()
    cases = load_cases(found.path, pack, found.files.label)
    told = tuple(
        CaseTold(
            case.id, case.written.because, f"{case.place.file.rpartition('/')[2]}:{case.place.line}"
        )
        for case in cases
    )
    written = _FORMS[form](Book(pack, found.files, told, _passages(passages)))
    write_out(written, out)
    return Exit.DONE


def _passages(path: Path | None) -> tuple[str, ...]:
    if path is None:
        return ()
    text, problems = read_alone(path, path.parent.as_posix()).text(path.name)
    raise_if(problems)
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())
