"""The YAML language server of editors, spoken to as an editor does."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAM = "yaml-language-server"


class Server:
    """A running server. Lines and columns count from 1, as they do in rule files."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.number = 0
        capabilities: dict[str, Any] = {"textDocument": {"publishDiagnostics": {}}}
        self._ask("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities})
        self._tell("initialized", {})
        settings: dict[str, Any] = {"yaml": {"validate": True, "hover": True, "completion": True}}
        settings["yaml"]["schemaStore"] = {"enable": False}
        self._tell("workspace/didChangeConfiguration", {"settings": settings})

    def open(self, path: Path) -> list[tuple[int, str]]:
        """What the server finds wrong with a file: the line and the message of each."""
        item = {"uri": path.as_uri(), "languageId": "yaml", "version": 1}
        self._tell(
            "textDocument/didOpen", {"textDocument": item | {"text": path.read_text("utf-8")}}
        )
        while True:
            message = self._next()
            about = message.get("params", {})
            published = message.get("method") == "textDocument/publishDiagnostics"
            if published and about["uri"] == path.as_uri():
                return sorted(
                    (d["range"]["start"]["line"] + 1, d["message"]) for d in about["diagnostics"]
                )

    def hover(self, path: Path, line: int, column: int) -> str:
        """What the server explains at a place."""
        found = self._ask("textDocument/hover", self._at(path, line, column))
        return str(found["contents"]["value"]) if found else ""

    def completions(self, path: Path, line: int, column: int) -> set[str]:
        """What the server offers to write at a place."""
        found = self._ask("textDocument/completion", self._at(path, line, column))
        return {item["label"] for item in found["items"]}

    def _at(self, path: Path, line: int, column: int) -> dict[str, Any]:
        position = {"line": line - 1, "character": column - 1}
        return {"textDocument": {"uri": path.as_uri()}, "position": position}

    def _ask(self, method: str, params: object) -> Any:
        self.number += 1
        self._send({"id": self.number, "method": method, "params": params})
        while True:
            message = self._next()
            if message.get("id") == self.number and "method" not in message:
                return message.get("result")

    def _tell(self, method: str, params: object) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode("utf-8")
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _next(self) -> dict[str, Any]:
        """The next message of the server; what it asks is answered with nothing."""
        assert self.process.stdout is not None
        length = 0
        while line := self.process.stdout.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        assert length, "the language server ended"
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        if "id" in message and "method" in message:
            asked = message.get("params", {}).get("items")
            self._send({"id": message["id"], "result": [None] * len(asked) if asked else None})
        return message


@contextmanager
def running() -> Iterator[Server]:
    """A server that ends afterwards."""
    program = shutil.which(PROGRAM)
    assert program, f"`{PROGRAM}` is not installed: `npm install --global {PROGRAM}`"
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    command = [program, "--stdio"]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere) as process:
        try:
            yield Server(process)
        finally:
            process.kill()
