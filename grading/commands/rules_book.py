"""`grading rules book PACK`: everything that a rule pack says, for people to read."""

from __future__ import annotations

from pathlib import Path

import click

from grading.commands.book_pages import book_html, book_markdown
from grading.commands.common import Exit
from grading.commands.rules_pack import find_pack, pack_argument, rules_option
from grading.commands.writing import write_out
from grading.policy.book.book import book as book_of
from grading.policy.book.passages import headings
from grading.policy.cases import load_cases
from grading.problems import raise_if
from grading.rules.load import files_and_pack
from grading.source.plain import read_plain


@click.command()
@pack_argument
@rules_option
@click.option("--format", "form", type=click.Choice(["html", "md"]), default="html")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option(
    "--passages",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The headings of the methodology, one a line: told are those that no rule cites.",
)
def book(
    reference: str, rules: Path | None, form: str, out: Path | None, passages: Path | None
) -> int:
    """Write the rule book of PACK:

    every question, criterion, ladder, limiter and finding with what it asks in English and where it
    comes from; every threshold, the pack's own marked; indicators, series, caveats, the coding guide,
    what evidence may do, the cases with their reasons, and the history.
    """
    found = find_pack(reference, rules)
    files, pack = files_and_pack(found.files)
    cases = load_cases(found.path, pack, found.files.label)
    listed = None if passages is None else headings(_text(passages))
    whole = book_of(files, pack, cases, listed)
    write_out(book_html(whole) if form == "html" else book_markdown(whole), out)
    return Exit.DONE


def _text(path: Path) -> str:
    """The text of a list of passages. Raises BadInput with every problem."""
    text, problems = read_plain(path, path.as_posix())
    raise_if(problems)
    return text or ""
