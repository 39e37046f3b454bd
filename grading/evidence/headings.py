"""The headings of a document: as they stand in it, and as records name them."""

from __future__ import annotations

import re
from collections.abc import Iterator

MARK = re.compile(r"[⁰¹²³⁴-⁹]+|\^\{[0-9, ]+\}")
FOOTNOTE = re.compile(r"\s{0,20}([⁰¹²³⁴-⁹]{1,4})")
_LONGEST_HEADING = 300
_CONTENTS = re.compile(r"(?i)(?:table of )?contents")
_CONTENTS_LINE = re.compile(r"(.+?)[ .]*(?:\t|\.{3,}|\s{3,})[ .]*[0-9]{1,4}")
_CUT = re.compile(r"\s*(?:…|\.\.\.)$")
_PREFIX = re.compile(r"[A-Z][\w ]{0,20}, ")


def normal(heading: str) -> str:
    """A heading without what copies differ in: marks, typographic quotes, case, spaces, last stop."""
    plain = MARK.sub("", heading).translate(str.maketrans("‘’“”–—\u00a0", "''\"\"-- "))
    return " ".join(plain.casefold().split()).rstrip(" .:")


def is_heading(title: str, heading: str) -> bool:
    """The title of a section is this heading, cut or prefixed as records have it."""
    title = normal(title)
    prefix = _PREFIX.match(heading)
    for form in (heading, heading[prefix.end() :] if prefix else heading):
        short = _CUT.sub("", form)
        if title == normal(form) or (
            short != form and (title + " ").startswith(normal(short) + " ")
        ):
            return True
    return False


def contents_of(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Line and title of each entry of the table of contents."""
    starts = [i for i, line in enumerate(lines) if _CONTENTS.fullmatch(line.strip())]
    for i in range(starts[0] + 1, len(lines)) if starts else ():
        if not lines[i].strip():
            continue
        entry = _CONTENTS_LINE.fullmatch(lines[i].strip()[:_LONGEST_HEADING])
        if not entry:
            return
        yield i, entry[1].strip()


def headings_of(
    lines: list[str], contents: dict[int, str], wanted: list[str]
) -> Iterator[tuple[int, str]]:
    """Line, from 1, and text of each heading; a heading may run on to a second line."""
    forms = {*wanted, *(form[m.end() :] for form in wanted if (m := _PREFIX.match(form)))}
    known = {normal(form) for form in forms if not _CUT.search(form)}
    cuts = tuple(sorted(normal(_CUT.sub("", f)) + " " for f in forms if _CUT.search(f)))
    taken = -1
    for i, line in enumerate(lines):
        if i in contents or i <= taken or not line.strip() or len(line) > _LONGEST_HEADING:
            continue
        if FOOTNOTE.match(line):
            continue
        for extra in (0, 1):
            title = normal(" ".join(lines[i : i + 1 + extra]))
            if title in known or (cuts and (title + " ").startswith(cuts)):
                yield i + 1, " ".join(part.strip() for part in lines[i : i + 1 + extra])
                taken = i + extra
                break
