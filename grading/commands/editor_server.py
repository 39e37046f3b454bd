"""The language server: rule packs looked at as they are typed, over stdin and stdout.

Everything but the look at a pack happens in one thread, so that nothing here needs a lock. An
exception of a look is logged and shown, and the server goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from lsprotocol import types
from pygls import uris
from pygls.exceptions import JsonRpcException, JsonRpcInternalError, PyglsError
from pygls.lsp.server import LanguageServer

from grading.policy.editor.checked import Checked, Level, Mark, check, home_of
from grading.policy.editor.names import Named, names_of
from grading.policy.editor.positions import Span

_QUIET = 0.25  # seconds without a change after which a pack is looked at
_LOG = logging.getLogger(__name__)
_SEVERITY: Mapping[Level, types.DiagnosticSeverity] = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}


ServerErrors = type[PyglsError] | type[JsonRpcException]


@dataclass(frozen=True)
class Loaded:
    """A pack that was looked at and loads: what it names, and its texts as they were."""

    texts: Mapping[str, str]
    names: Mapping[str, tuple[Named, ...]]


class Standing:
    """How far the look at a pack is: what is shown of it, and how often it was changed."""

    def __init__(self) -> None:
        self.changes = 0
        self.task: asyncio.Task[None] | None = None
        self.checked: Checked | None = None
        self.loaded: Loaded | None = None
        self.shown: frozenset[str] = frozenset()


@dataclass(frozen=True)
class At:
    """A file that is open in the editor, as part of a pack."""

    home: Path
    name: str
    text: str
    standing: Standing

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What is shown in the file; nothing where it was changed since it was looked at."""
        checked = self.standing.checked
        current = checked is not None and checked.texts.get(self.name) == self.text
        return checked.marks_of(self.name) if checked is not None and current else ()


class Server(LanguageServer):
    """The server, with the packs of which files are open."""

    def __init__(self) -> None:
        # Whole texts: lines are then counted here alone, by what ends a line in YAML.
        super().__init__("grading", version("inspection-grading"), types.TextDocumentSyncKind.Full)
        self.standing: dict[Path, Standing] = {}
        self.looking = ThreadPoolExecutor(1)
        self.ended = False

    def report_server_error(self, error: Exception, source: ServerErrors) -> None:
        """The error is logged; and shown, where no answer says it."""
        _LOG.error("%s: %s", source.__name__, error, exc_info=error)
        super().report_server_error(error, source)

    @property
    def encoding(self) -> str:
        """How the editor counts columns."""
        return str(types.PositionEncodingKind(self.workspace.position_encoding).value)

    @property
    def texts(self) -> dict[str, str]:
        """The texts of the open files, by URI as the editor writes it."""
        return {each.uri: each.source for each in self.workspace.text_documents.values()}

    def at(self, uri: str) -> At | None:
        """The open file of a URI; nothing where it is no part of a pack."""
        found = _home_and_name(uri)
        text = self.texts.get(uri)
        if found is None or text is None:
            return None
        home, name = found
        return At(home, name, text, self.standing.setdefault(home, Standing()))

    def open_in(self, home: Path) -> dict[str, str]:
        """The URIs of the open files of a pack, by their names there."""
        every = ((uri, _home_and_name(uri)) for uri in self.texts)
        return {found[1]: uri for uri, found in every if found is not None and found[0] == home}

    def look_soon(self, uri: str) -> None:
        """The pack of a file is looked at once nothing was changed for a moment."""
        found = _home_and_name(uri)
        if found is None:
            return
        standing = self.standing.setdefault(found[0], Standing())
        standing.changes += 1
        if standing.task is None or standing.task.done():
            standing.task = asyncio.ensure_future(self._look(found[0], standing))
            standing.task.add_done_callback(self._looked)

    def _looked(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._tell(error)

    def _tell(self, error: BaseException) -> None:
        told = error if isinstance(error, Exception) else RuntimeError(repr(error))
        self.report_server_error(told, JsonRpcInternalError)

    async def _look(self, home: Path, standing: Standing) -> None:
        seen = -1
        while seen != standing.changes:
            seen = standing.changes
            await asyncio.sleep(_QUIET)
            if seen != standing.changes:
                continue
            written = self.texts
            texts = {name: written[uri] for name, uri in self.open_in(home).items()}
            future = asyncio.get_running_loop().run_in_executor(
                self.looking, _looked, home, texts, self.encoding
            )
            await asyncio.wait([future])
            error = future.exception()
            if error is not None:
                self._tell(error)
            elif seen == standing.changes:
                self._show(home, standing, *future.result())

    def _show(
        self, home: Path, standing: Standing, checked: Checked, loaded: Loaded | None
    ) -> None:
        standing.checked = checked
        standing.loaded = loaded or standing.loaded
        for file in sorted(standing.shown | checked.files):
            marks = [self.diagnostic(home, mark) for mark in checked.marks_of(file)]
            params = types.PublishDiagnosticsParams(self.uri(home, file), marks)
            self.text_document_publish_diagnostics(params)
        standing.shown = checked.files

    def uri(self, home: Path, file: str) -> str:
        """How the editor names a file of a pack."""
        return self.open_in(home).get(file) or str(uris.from_fs_path(str(home / file)))

    def diagnostic(self, home: Path, mark: Mark) -> types.Diagnostic:
        """A mark as the protocol has it."""
        related = [
            types.DiagnosticRelatedInformation(
                types.Location(self.uri(home, each.file), range_of(each.span)), each.says
            )
            for each in mark.related
        ]
        return types.Diagnostic(
            range_of(mark.span),
            mark.message,
            severity=_SEVERITY[mark.level],
            code=mark.code,
            source=mark.source,
            related_information=related or None,
        )


def _looked(home: Path, texts: Mapping[str, str], encoding: str) -> tuple[Checked, Loaded | None]:
    """A pack as it was looked at; nothing is found where none of its files is open."""
    if not texts:
        return Checked({}, (), None), None
    checked = check(home, texts, encoding)
    if checked.subject is None:
        return checked, None
    return checked, Loaded(checked.texts, names_of(checked.subject))


def _home_and_name(uri: str) -> tuple[Path, str] | None:
    path = uris.to_fs_path(uri)
    home = None if path is None or "\0" in path else home_of(Path(path))
    return None if path is None or home is None else (home, Path(path).relative_to(home).as_posix())


def range_of(span: Span) -> types.Range:
    """A span as the protocol has it."""
    return types.Range(types.Position(span.line, span.start), types.Position(span.line, span.end))
