"""What the language server answers: hovers, definitions and actions, and what starts a look."""

from __future__ import annotations

from lsprotocol import types

from grading.commands import editor_pages
from grading.commands.editor_server import At, Server, range_of
from grading.policy.editor.accepting import accepting
from grading.policy.editor.checked import LINT
from grading.policy.editor.names import Named, name_at
from grading.policy.editor.positions import column_at, lines_of, span
from grading.problems import CODES


def changed(
    server: Server,
    params: types.DidOpenTextDocumentParams
    | types.DidChangeTextDocumentParams
    | types.DidSaveTextDocumentParams
    | types.DidCloseTextDocumentParams,
) -> None:
    """A file was opened, changed, saved or closed."""
    server.look_soon(params.text_document.uri)


def hover(server: Server, params: types.HoverParams) -> types.Hover | None:
    """The page of each code that is marked here, and what the pack says of the name that stands here."""
    at = server.at(params.text_document.uri)
    if at is None:
        return None
    line, units = params.position.line, params.position.character
    codes = [
        mark.code
        for mark in at.marks
        if mark.span.line == line and mark.span.start <= units <= mark.span.end
    ]
    told = [editor_pages.page(code) for code in dict.fromkeys(codes) if code in CODES]
    told += [editor_pages.said(names)] if (names := _names(server, at, params.position)) else []
    if not told:
        return None
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(told)))


def definition(server: Server, params: types.DefinitionParams) -> list[types.Location]:
    """Where the pack defines the name that stands here."""
    at = server.at(params.text_document.uri)
    if at is None or at.standing.loaded is None:
        return []
    texts = at.standing.loaded.texts
    return [
        types.Location(
            server.uri(at.home, place.file),
            range_of(span(texts[place.file], place, server.encoding)),
        )
        for place in (named.place for named in _names(server, at, params.position))
    ]


def _names(server: Server, at: At, position: types.Position) -> tuple[Named, ...]:
    lines = lines_of(at.text)
    if at.standing.loaded is None or position.line >= len(lines):
        return ()
    column = column_at(lines[position.line], position.character, server.encoding)
    return at.standing.loaded.names.get(name_at(at.text, position.line, column), ())


def accept(server: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    """For each result of lint that is marked here: the comment that accepts it, less its reason."""
    at = server.at(params.text_document.uri)
    if at is None:
        return []
    first, last = params.range.start.line, params.range.end.line
    marks = [mark for mark in at.marks if mark.source == LINT and mark.level != "hint"]
    wanted = {(m.span.line, m.code): m for m in marks if first <= m.span.line <= last}
    actions = []
    for (line, code), mark in wanted.items():
        insertion = accepting(at.text, line, code)
        if insertion is None:
            continue
        here = types.Position(insertion.line, 0)
        edit = types.TextEdit(types.Range(here, here), insertion.text)
        actions.append(
            types.CodeAction(
                f"Accept {code} with a reason",
                types.CodeActionKind.QuickFix,
                diagnostics=[server.diagnostic(at.home, mark)],
                edit=types.WorkspaceEdit({params.text_document.uri: [edit]}),
            )
        )
    return actions


def ending(server: Server, params: None) -> None:
    """The editor asked the server to end."""
    server.ended = True


def serve() -> bool:
    """Serve an editor until it is gone. Whether it had asked the server to end, as it should."""
    server = Server()
    for method in (
        types.TEXT_DOCUMENT_DID_OPEN,
        types.TEXT_DOCUMENT_DID_CHANGE,
        types.TEXT_DOCUMENT_DID_SAVE,
        types.TEXT_DOCUMENT_DID_CLOSE,
    ):
        server.feature(method)(changed)
    server.feature(types.TEXT_DOCUMENT_HOVER)(hover)
    server.feature(types.TEXT_DOCUMENT_DEFINITION)(definition)
    quick = types.CodeActionOptions([types.CodeActionKind.QuickFix])
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, quick)(accept)
    server.feature(types.SHUTDOWN)(ending)
    server.start_io()
    return server.ended
