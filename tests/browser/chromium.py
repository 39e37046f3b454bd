"""A headless Chromium, spoken to over a pair of pipes; what leaves the page is written down."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)


@dataclass
class Page:
    """One page of the browser. `requests` are the addresses that it asked for, its own first."""

    sent: IO[bytes]
    received: IO[bytes]
    session: str = ""
    requests: list[str] = field(default_factory=list)
    loaded: bool = False
    number: int = 0

    def call(self, name: str, **values: Any) -> dict[str, Any]:
        """What the browser answers. Raises RuntimeError with what it says where it refuses."""
        self.number += 1
        message: dict[str, Any] = {"id": self.number, "method": name, "params": values}
        if self.session:
            message["sessionId"] = self.session
        self.sent.write(json.dumps(message).encode() + b"\0")
        self.sent.flush()
        while True:
            answer = self._next()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{name}: {answer['error']}")
                return dict(answer["result"])

    def _next(self) -> dict[str, Any]:
        said = bytearray()
        while (byte := self.received.read(1)) not in (b"\0", b""):
            said += byte
        if not said:
            raise RuntimeError("the browser has gone")
        answer: dict[str, Any] = json.loads(said)
        if answer.get("method") == "Network.requestWillBeSent":
            self.requests.append(answer["params"]["request"]["url"])
        self.loaded = self.loaded or answer.get("method") == "Page.loadEventFired"
        return answer

    def open(self, path: Path, *, target: str = "", script: bool = True, width: int = 1440) -> None:
        """The file is loaded, at this width, with scripts or without."""
        self.call("Emulation.setScriptExecutionDisabled", value=not script)
        self.resize(width)
        self._go("about:blank")  # from a page to a part of itself nothing would be loaded
        self.requests.clear()
        self._go(path.resolve().as_uri() + target)

    def _go(self, url: str) -> None:
        self.loaded = False
        self.call("Page.navigate", url=url)
        while not self.loaded:
            self._next()

    def resize(self, width: int, height: int = 900) -> None:
        """The page is so wide."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def value(self, expression: str) -> Any:
        """The value of an expression in the page, awaited. Raises RuntimeError where it throws."""
        found = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in found:
            raise RuntimeError(str(found["exceptionDetails"]))
        return found["result"].get("value")

    def press(self, key: str, code: int, text: str = "") -> None:
        """A key was pressed and let go."""
        own = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        down = {**own, "text": text} if text else own
        self.call("Input.dispatchKeyEvent", type="keyDown", **down)
        self.call("Input.dispatchKeyEvent", type="keyUp", **own)

    def click(self, x: float, y: float) -> None:
        """The mouse was clicked there."""
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def picture(self, path: Path, top: int = 0, height: int = 1600, width: int = 1440) -> None:
        """A picture of a part of the page."""
        clip = {"x": 0, "y": top, "width": width, "height": height, "scale": 1}
        shot = self.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))


@contextmanager
def page() -> Iterator[Page]:
    """A new browser with one page and nothing remembered; it is gone afterwards."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise RuntimeError("there is no chromium: install it, as .ci/run does")
    to_browser, sent = os.pipe()
    received, from_browser = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:

        def pipes() -> None:
            held = os.dup(from_browser)
            os.dup2(to_browser, 3)
            os.dup2(held, 4)

        process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(3, 4),
            preexec_fn=pipes,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        try:
            with os.fdopen(sent, "wb") as out, os.fdopen(received, "rb") as back:
                yield _attached(Page(out, back))
        finally:
            process.terminate()
            process.wait(20)


def _attached(found: Page) -> Page:
    """The page, listening."""
    targets = found.call("Target.getTargets")["targetInfos"]
    own = next(t["targetId"] for t in targets if t["type"] == "page")
    found.session = found.call("Target.attachToTarget", targetId=own, flatten=True)["sessionId"]
    for domain in ("Page", "Network", "Runtime"):
        found.call(f"{domain}.enable")
    return found
