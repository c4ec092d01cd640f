"""Pictures of public pages, by a Chromium that happens to be on the machine: in a folder of its own, for a limited time, behind the guard.

It is found when it is needed, and is no dependency. Pages are anybody's, so that its sandbox stays on; an account that is root, for whom
Chromium has none, hands it to the account ``nobody``, who can read nothing of ours.
"""

import logging
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, Final

from xuanfa.bootstrap.binding import BoundAdapters
from xuanfa.bootstrap.guarded import guard
from xuanfa.documents.screenshot import as_kept
from xuanfa.domain.errors import ContentError, MachineError, machine_words
from xuanfa.domain.language import say

log = logging.getLogger(__name__)

#: As it is called, by distribution and maker; all of them know the same options.
_NAMES: Final = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge"),
)
#: From starting it to its end. A first start on a slow machine takes ten. Seconds.
TIME_MAX: Final = 40.0
#: The window: a page's own width on a desk, and as long as most articles. Pixels.
_WINDOW: Final = "1200,4000"
_FLAGS: Final = (
    *(
        "--headless",
        "--disable-gpu",
        "--hide-scrollbars",
        "--mute-audio",
        "--no-first-run",
        "--no-default-browser-check",
    ),
    *("--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-sync"),
    *("--disable-domain-reliability", "--disable-client-side-phishing-detection", "--disable-extensions", "--no-pings"),
    *("--disable-dev-shm-usage", "--disable-quic", "--dns-prefetch-disable", "--disable-breakpad", "--lang=zh-CN"),
    # Nothing goes round the proxy: neither the loopback nor what pages connect to without HTTP.
    *("--proxy-bypass-list=<-loopback>", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp"),
    *(f"--window-size={_WINDOW}", "--virtual-time-budget=8000"),
)
_NO_SANDBOX: Final = "--no-sandbox"
#: One at a time: a browser takes a core and some hundred megabytes.
_ALONE: Final = Lock()


def picturing(adapters: BoundAdapters, browser: str = "") -> Callable[[str, str], tuple[bytes, str]]:
    """Takes the picture of an address of a channel: JPEG, or nothing, and why."""

    def picture(channel: str, address: str) -> tuple[bytes, str]:
        program = browser_program(browser)
        if program is None:
            return b"", _absent(browser)
        way = adapters.way_out(channel)
        if way is None:
            return b"", say("演练没有公开页", "a rehearsal has no public page")
        with _ALONE, guard(way, TIME_MAX) as guarded:
            try:
                return as_kept(_taken(program, address, guarded.port)), ""
            except MachineError as error:
                log.info("%s: %s", address, error)
                return b"", str(error)
            except ContentError as error:
                return b"", error.message

    return picture


def browser_program(named: str = "") -> str | None:
    """Where a browser is: the one that the settings name, else the first that is found."""
    if named:
        return shutil.which(named)
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def _absent(named: str) -> str:
    if named:
        return say(
            "设置 proof.browser 指的浏览器 {path} 不在，没有截图：请改正设置，或人工截图",
            "the browser {path} that proof.browser names is not there, and no picture was taken: mend the setting, or take one by hand",
            path=named,
        )
    return say(
        "这台机器没有 Chromium（也没有 Chrome、Edge），没有截图：装上其中一个，或人工截图",
        "this machine has no Chromium (nor Chrome nor Edge), and no picture was taken: install one, or take it by hand",
    )


def _taken(program: str, address: str, port: int) -> bytes:
    """The PNG. Raises MachineError."""
    with tempfile.TemporaryDirectory(prefix="xuanfa-page-", ignore_cleanup_errors=True) as made:
        room = Path(made)
        other = _nobody(room)
        sandbox = () if other is None else (_NO_SANDBOX,)
        shot = room / "page.png"
        command = [
            program,
            *_FLAGS,
            *sandbox,
            f"--proxy-server=http://127.0.0.1:{port}",
            f"--user-data-dir={room / 'profile'}",
            f"--screenshot={shot}",
            address,
        ]
        said = _run(command, room, other or {})
        try:
            data = shot.read_bytes()
        except OSError as error:
            raise MachineError(_unmade(said)) from error
    return data


def _nobody(room: Path) -> dict[str, Any] | None:
    """For root: as whom it runs, to whom the folder is given; ``None`` for everybody else, who runs it in its sandbox."""
    if os.geteuid() != 0:
        return None
    account = pwd.getpwnam("nobody")
    os.chown(room, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _run(command: list[str], room: Path, account: dict[str, Any]) -> str:
    """Let it work; what it said. It starts programs of its own, which are ended with it when the time is up. Raises MachineError."""
    around = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(room), "TMPDIR": str(room), "LANG": "zh_CN.UTF-8"}
    try:
        process = subprocess.Popen(  # noqa: S603 - the program that was found, and options of our own
            command,
            cwd=room,
            env=around,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            **account,
        )
    except OSError as error:
        raise MachineError(
            say("浏览器启动不了：{why}", "the browser cannot be started: {why}", why=machine_words(error))
        ) from error
    try:
        _, said = process.communicate(timeout=TIME_MAX)
    except subprocess.TimeoutExpired as error:
        raise MachineError(
            say(
                "浏览器用了 {n:.0f} 秒还没有截完，已停止",
                "the browser was not done after {n:.0f} seconds and was stopped",
                n=TIME_MAX,
            )
        ) from error
    finally:
        with suppress(OSError):  # it has ended, with all that it started
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return bytes(said).decode("utf-8", "replace")


def _unmade(said: str) -> str:
    if "sandbox" in said.lower():
        return say(
            "浏览器的沙箱在这台机器上用不了，没有截图：请管理员允许非特权用户命名空间，或人工截图",
            "the browser's sandbox does not work on this machine, and no picture was taken: have unprivileged user namespaces allowed, or take it "
            "by hand",
        )
    return say("浏览器没有截成图", "the browser has taken no picture")
