"""A small editor: it speaks to a language server over pipes, as editors do."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import IO, Any

ROOT = Path(__file__).parent.parent
SERVE = (sys.executable, "-m", "grading", "rules", "serve")
_PATIENCE = 20  # seconds for a message that never comes; a test that passes waits for none of it


class Editor:
    """An editor with a running server."""

    def __init__(
        self, process: subprocess.Popen[bytes], encodings: Sequence[str] | None = None
    ) -> None:
        self.process = process
        self.number = 0
        self.messages: Queue[dict[str, Any] | None] = Queue()
        self.told: list[dict[str, Any]] = []
        assert process.stdout is not None
        threading.Thread(target=_read, args=(process.stdout, self.messages), daemon=True).start()
        general = {} if encodings is None else {"general": {"positionEncodings": encodings}}
        asked = {"processId": None, "rootUri": None, "capabilities": general}
        self.capabilities = self.ask("initialize", asked)["capabilities"]
        self.tell("initialized", {})

    def open(self, path: Path, text: str) -> None:
        """A file is opened, with a text that need not be that of the file."""
        item = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": item})

    def change(self, path: Path, text: str) -> None:
        """The text of an open file is another."""
        self.number += 1
        item = {"uri": path.as_uri(), "version": self.number}
        self.tell(
            "textDocument/didChange", {"textDocument": item, "contentChanges": [{"text": text}]}
        )

    def save(self, path: Path) -> None:
        """An open file was saved."""
        self.tell("textDocument/didSave", {"textDocument": {"uri": path.as_uri()}})

    def close(self, path: Path) -> None:
        """An open file is closed."""
        self.tell("textDocument/didClose", {"textDocument": {"uri": path.as_uri()}})

    def shown(self, *paths: Path) -> dict[str, list[dict[str, Any]]]:
        """What is shown next of each of these files, by file name."""
        wanted = {path.as_uri(): path.name for path in paths}
        found: dict[str, list[dict[str, Any]]] = {}
        while wanted:
            message = self.next()
            uri = message.get("params", {}).get("uri")
            if message.get("method") == "textDocument/publishDiagnostics" and uri in wanted:
                found[wanted.pop(uri)] = message["params"]["diagnostics"]
            else:
                self.told.append(message)
        return found

    def at(self, method: str, path: Path, line: int, character: int) -> Any:
        """The answer to a question about a position."""
        position = {"line": line, "character": character}
        return self.ask(method, {"textDocument": {"uri": path.as_uri()}, "position": position})

    def ask(self, method: str, params: object) -> Any:
        """The answer to a question."""
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        while (message := self.next()).get("id") != self.number or "method" in message:
            self.told.append(message)
        assert "error" not in message, message
        return message["result"]

    def tell(self, method: str, params: object) -> None:
        """A notice, which has no answer."""
        self.send({"method": method, "params": params})

    def send(self, message: Mapping[str, object]) -> None:
        """A message in the frame of the protocol."""
        content = json.dumps({"jsonrpc": "2.0", **message}).encode("utf-8")
        self.send_bytes(content)

    def send_bytes(self, content: bytes) -> None:
        """Whatever it is, in the frame of the protocol."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)
        self.process.stdin.flush()

    def next(self) -> dict[str, Any]:
        """The next message of the server."""
        message = self.messages.get(timeout=_PATIENCE)
        assert message is not None, "the server ended"
        return message

    def end(self) -> tuple[int, str]:
        """The exit code of the server that was asked to end, and all that it logged."""
        assert self.ask("shutdown", None) is None
        return self.exit()

    def exit(self) -> tuple[int, str]:
        """The exit code of the server that is told to exit, and all that it logged."""
        self.tell("exit", None)
        code = self.process.wait(_PATIENCE)
        assert self.process.stderr is not None
        return code, self.process.stderr.read().decode("utf-8")


@contextmanager
def editing(
    encodings: Sequence[str] | None = None, command: Sequence[str] = SERVE
) -> Iterator[Editor]:
    """An editor whose server ends with it."""
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=ROOT) as process:
        try:
            yield Editor(process, encodings)
        finally:
            process.kill()


def _read(stdout: IO[bytes], messages: Queue[dict[str, Any] | None]) -> None:
    while line := stdout.readline():
        length = 0
        while line.strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
            line = stdout.readline()
        messages.put(json.loads(stdout.read(length)))
    messages.put(None)
