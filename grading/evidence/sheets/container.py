"""A workbook's bytes → its parts, counted before they are unpacked.

XLSX and ODS are ZIP archives. Nothing is unpacked before the sizes that the archive states are
within bounds, and no reader behind this module sees any byte that was not counted here: it gets
a new archive of the parts alone, so that an archive that lies about its sizes gains nothing.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from grading.problems import Place, Problem

MOST_UNPACKED = 64 * 1024 * 1024
MOST_PARTS = 1_000
LARGEST_RATIO = 200
_ALWAYS_ALLOWED = 1024 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    struct.error,
)
"""What `zipfile` raises when an archive is damaged or odd."""


@dataclass(frozen=True)
class Container:
    """The parts of a workbook that say what its sheets hold, by name."""

    form: Literal["xlsx", "ods"]
    parts: Mapping[str, bytes]

    def archive(self) -> bytes:
        """A new archive of these parts and no others."""
        return packed(self.parts)


def unpack(content: bytes, label: str) -> tuple[Container | None, list[Problem]]:
    """The parts of the workbook, or why it is not read."""
    start = Place(label, 1)
    if content.startswith(_OLE):
        return None, [_old_or_locked(content, start)]
    if not content.startswith(b"PK"):
        message = "this is neither an XLSX nor an ODS workbook"
        return None, [Problem(start, "E701", message, "save it as .xlsx, .ods or .csv")]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            problems = list(_refused(archive.infolist(), len(content), start))
            if problems:
                return None, problems
            parts = {
                info.filename: archive.read(info)
                for info in archive.infolist()
                if info.filename.endswith((".xml", ".rels")) or info.filename == "mimetype"
            }
    except _BROKEN:
        message = "the workbook is damaged: its archive cannot be unpacked"
        return None, [Problem(start, "E705", message, "open it and save it again")]
    return _known(parts, start)


def packed(parts: Mapping[str, bytes]) -> bytes:
    """An archive of these parts whose bytes depend on nothing else."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system = 0
            archive.writestr(info, part)
    return made.getvalue()


def _known(parts: Mapping[str, bytes], start: Place) -> tuple[Container | None, list[Problem]]:
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        return None, [_locked(start)]
    kind = parts.get("mimetype", b"")
    if b"opendocument.spreadsheet" in kind and "content.xml" in parts:
        return Container("ods", parts), []
    if "xl/workbook.xml" in parts:
        return Container("xlsx", parts), []
    message = "the archive holds no XLSX or ODS workbook"
    return None, [Problem(start, "E701", message, "save the workbook as .xlsx or .ods")]


def _refused(infos: list[zipfile.ZipInfo], size: int, start: Place) -> Iterator[Problem]:
    names = [info.filename for info in infos]
    total = sum(info.file_size for info in infos)
    if len(infos) > MOST_PARTS or total > MOST_UNPACKED:
        message = f"the workbook unpacks to more than {MOST_UNPACKED // 1024 // 1024} MiB"
        if len(infos) > MOST_PARTS:
            message = f"the workbook has more than {MOST_PARTS:,} parts"
        yield Problem(start, "E703", message, "divide it into several workbooks")
    elif total > _ALWAYS_ALLOWED + LARGEST_RATIO * size:
        message = f"the workbook unpacks to more than {LARGEST_RATIO} times its size"
        yield Problem(start, "E703", message, "copy its cells into a new workbook")
    if any(info.flag_bits & 1 for info in infos):
        yield _locked(start)
    elif len(set(names)) < len(names) or any(
        info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in infos
    ):
        message = "the workbook is damaged: its archive is not as a spreadsheet program makes it"
        yield Problem(start, "E705", message, "open it and save it again")
    lower = [name.lower() for name in names]
    if any(name.endswith("vbaproject.bin") or name.startswith("basic/") for name in lower):
        message = "the workbook contains macros"
        yield Problem(start, "E704", message, "save it as .xlsx or .ods without macros")
    if any(name.startswith("xl/querytables/") or name == "xl/connections.xml" for name in lower):
        yield linked(start)


def links_in(parts: Mapping[str, bytes]) -> list[str]:
    """The parts of an XLSX workbook that name other files to take values from."""
    return [name for name in parts if name.casefold().startswith("xl/externallinks/")]


def linked(start: Place) -> Problem:
    """The workbook takes values from somewhere else."""
    message = "the workbook takes values from other files"
    return Problem(start, "E704", message, "break its links, so that it holds the values itself")


def _old_or_locked(content: bytes, start: Place) -> Problem:
    if _ENCRYPTED in content:
        return _locked(start)
    message = "this is a workbook of the old binary form"
    return Problem(start, "E701", message, "save it as .xlsx or .ods")


def _locked(start: Place) -> Problem:
    message = "the workbook needs a password"
    return Problem(start, "E702", message, "save it without a password")
