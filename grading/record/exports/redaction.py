"""Texts that are kept out of an export, and how it is checked all the same against the record.

What is redacted. Whoever exports names texts of the run's document by JSON pointers (`hidden_by`);
a pointer to an object means all prose in it, and one to an evidence record also the steps of
rationales that tell it. Whoever writes evidence marks a text by `[[…]]` around it; what is marked is
never exported unless that is asked for. A text goes out nowhere: each string of the document that
holds it, whatever its case, spacing and width of characters, is replaced as a whole, ids and names
of members too, and in the same way everywhere, so that references still meet. What the program itself
concluded from a record stays (an outcome, the value of an indicator); it can be named as well.

What stands in its place is a commitment, `redacted-` and SHA-256(salt ‖ text), where the salt is
HMAC-SHA256(key, text). The key is 32 random bytes that are kept beside the store and never exported;
without it a text cannot be guessed and tried, however short it is. The id of the run and the digests
of the evidence files are unsalted digests of the same texts, and could be tried against by somebody
who has all of the rest: a redacted export has a commitment for the run id, and no digests of files.
Two equal texts can be seen to be equal.

How it is checked. The key and the record say which texts the commitments of an export stand for
(`opened`), so that the export can be made again and compared byte by byte; no list of what was
redacted has to be kept. One text can be shown to somebody without the key by its salt and itself.

Nothing is exported that still holds a redacted text (`left`), as a word of the form itself would.
"""

from __future__ import annotations

import hashlib
import hmac
import html
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from grading.problems import BadInput, Place, Problem, quoted
from grading.record.exports.exported import Exported, in_order
from grading.source.folder import sha256

COMMITMENT = re.compile("redacted-[0-9a-f]{64}")
SHORTEST = 4
_MARKED = re.compile(r"\[\[(.+?)\]\]", re.DOTALL)
_DIGEST = re.compile(r"[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_EDGES = " .,;:!?'\"“”‘’()[]"
_PROSE = frozenset(
    {
        *("says", "text", "asks", "reason", "shown", "notes", "cautions", "because"),
        *("recommendation", "title", "body_name", "source"),
        *("by", "role", "answer_says"),
    }
)


@dataclass(frozen=True)
class Hidden:
    """What is redacted: texts to be found wherever they are, and strings that are replaced as such."""

    texts: frozenset[str] = frozenset()
    strings: frozenset[str] = frozenset()

    def __or__(self, other: Hidden) -> Hidden:
        return Hidden(self.texts | other.texts, self.strings | other.strings)

    def __bool__(self) -> bool:
        return bool(self.texts or self.strings)

    def hides(self, string: str) -> bool:
        """Whether the string is replaced."""
        if string in self.strings:
            return True
        plain = _plain(string)
        return any(text in plain for text in self.texts)


def commitment(key: bytes, text: str) -> str:
    """What stands in the place of a text."""
    return f"redacted-{sha256(salt(key, text) + text.encode('utf-8'))}"


def salt(key: bytes, text: str) -> bytes:
    """The salt of a text. With it and the text anybody can compute the commitment."""
    return hmac.digest(key, text.encode("utf-8"), hashlib.sha256)


def hidden_by(document: dict[str, Any], pointers: Iterable[str]) -> Hidden:
    """What the pointers name. Raises BadInput for each that names no text, or too short a one."""
    problems, texts = [], set()
    for pointer in pointers:
        found = list(_named(document, pointer))
        short = [text for text in found if len(_plain(text)) < SHORTEST]
        if not found:
            message, hint = "names no text", "see the run's document: `grading run --format json`"
            problems.append(_problem(pointer, "E808", message, hint))
        elif short:
            message = f"names a text of fewer than {SHORTEST} characters, to be found anywhere"
            problems.append(_problem(pointer, "E809", message, "name what holds it"))
        texts |= {_plain(text) for text in found}
    if problems:
        raise BadInput(problems)
    return Hidden(texts=frozenset(texts))


def marked(document: dict[str, Any]) -> Hidden:
    """What is marked by `[[…]]`; short texts are only hidden in the strings that mark them."""
    strings = {s for s in _strings(document) if _MARKED.search(s)}
    texts = {_plain(text) for string in strings for text in (string, *_MARKED.findall(string))}
    return Hidden(frozenset(t for t in texts if len(t) >= SHORTEST), frozenset(strings))


def opened(run: Exported, document: dict[str, Any], key: bytes, content: bytes) -> Hidden:
    """The strings of the run whose commitments the content of an export holds."""
    found = {c for _, part in unpacked(content) for c in COMMITMENT.findall(part)}
    strings = {*_strings(document), *run.files}
    return Hidden(strings=frozenset(s for s in strings if commitment(key, s) in found))


def redacted(run: Exported, document: dict[str, Any], hidden: Hidden, key: bytes) -> Exported:
    """The run without what is hidden. `document` is its own, as the record has it.

    Raises BadInput where a word of the program would be hidden, by which a document is read.
    """
    made = _replaced(document, hidden, key)
    try:
        checked = in_order(made)
    except ValidationError as error:
        pointer = "".join(f"/{part}" for part in error.errors(include_url=False)[0]["loc"])
        message = "would be redacted, and is a word that the program uses"
        raise BadInput([_problem(pointer, "E810", message, "name a longer text")]) from None
    return Exported(
        run=commitment(key, run.run),
        software=run.software,
        document=checked,
        files=dict.fromkeys(_replaced(list(run.files), hidden, key)),
    )


def left(content: bytes, hidden: Hidden) -> bool:
    """Whether the content of an export holds a hidden text; digests are not looked into."""
    return any(
        hidden.hides(_DIGEST.sub(" ", form))
        for name, part in unpacked(content)
        for form in (name, part, _unescaped(part))
    )


def unpacked(content: bytes) -> Iterator[tuple[str, str]]:
    """The text of an export, without a name; of an archive that of each part, by its name.

    What is no text is read as far as it is.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name, archive.read(name).decode("utf-8", "replace")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        yield "", content.decode("utf-8", "replace")


def _named(document: dict[str, Any], pointer: str) -> Iterator[str]:
    """The texts that a pointer names."""
    value: Any = document
    steps = [s.replace("~1", "/").replace("~0", "~") for s in pointer.split("/")[1:]]
    if not pointer.startswith("/"):
        return
    for step in steps:
        if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return
    if isinstance(value, str):
        yield value
    else:
        yield from _prose(value)
    if steps[0] == "evidence" and len(steps) > 1 and steps[2:] in ([], ["says"]):
        for judgment in document["judgments"].values():
            yield from _told(judgment["rationale"], steps[1])


def _prose(value: Any, name: str = "") -> Iterator[str]:
    match value:
        case str() if name in _PROSE and value:
            yield value
        case dict():
            for key, inner in value.items():
                yield from _prose(inner, key)
        case list():
            for inner in value:
                yield from _prose(inner, name)


def _told(step: dict[str, Any], record: str) -> Iterator[str]:
    """The texts of the steps of a rationale that tell a record, and of those below them."""
    if step["record"] == record:
        yield from _prose(step)
        return
    for inner in step["because"]:
        yield from _told(inner, record)


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for key, inner in value.items():
                yield key
                yield from _strings(inner)
        case list():
            for inner in value:
                yield from _strings(inner)


def _replaced(value: Any, hidden: Hidden, key: bytes) -> Any:
    """The value with commitments in place of what is hidden, names of members included."""
    match value:
        case str():
            return commitment(key, value) if hidden.hides(value) else value
        case list():
            return [_replaced(inner, hidden, key) for inner in value]
        case dict():
            return {
                _replaced(name, hidden, key): _replaced(inner, hidden, key)
                for name, inner in value.items()
            }
        case _:
            return value


def _plain(text: str) -> str:
    """The text as it is looked for: case, width, spacing and what stands at its ends do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).strip(_EDGES)


def _unescaped(part: str) -> str:
    """The text without the escapes of XML, JSON and CSV."""
    plain = html.unescape(part).replace('""', '"').replace("\\n", " ").replace("\\t", " ")
    return re.sub(r"\\(.)", r"\1", plain)


def _problem(pointer: str, code: str, message: str, hint: str) -> Problem:
    return Problem(Place("--redact", 1), code, f"{quoted(pointer)} {message}", hint)
