"""From Word to PDF, by LibreOffice where it is installed: in a folder of its own, for a limited time, without looking for anything outside."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from xuanfa.domain.errors import ConfigError, machine_words
from xuanfa.domain.language import say

#: As LibreOffice is called, by distribution.
_NAMES: Final = ("soffice", "libreoffice")
#: A page takes two seconds, a first start on a slow machine twenty. Seconds.
TIME_MAX: Final = 120.0
_COMMON: Final = "/org.openoffice.Office.Common/Security/Scripting"
_UPDATES: Final = "/org.openoffice.Office.Jobs/Jobs/org.openoffice.Office.Jobs:Job['UpdateCheck']/Arguments"
#: Settings of the office program itself: no look for updates, nothing fetched that a document names, and no macro ever runs.
_SETTINGS: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    + "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in (
            (_COMMON, "MacroSecurityLevel", "3"),
            (_COMMON, "DisableMacrosExecution", "true"),
            (_COMMON, "BlockUntrustedRefererLinks", "true"),
            (_UPDATES, "AutoCheckEnabled", "false"),
        )
    )
    + "</oor:items>"
)


def office_program() -> str | None:
    """Where LibreOffice is; ``None`` where it is not installed."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def require_office() -> str:
    """Where LibreOffice is. Raises ConfigError where it is not installed, before anything is made that needs it."""
    program = office_program()
    if program is None:
        raise ConfigError(
            say(
                "这台机器没有装 LibreOffice，做不了 PDF：请把文件名改成 .docx 结尾，用 Word 或 WPS 打印；"
                "要 PDF 请安装软件包 libreoffice-writer-nogui。",
                "LibreOffice is not installed here, so there is no PDF: name a file that ends in .docx and print it with Word or WPS; for PDF, "
                "install the package libreoffice-writer-nogui.",
            )
        )
    return program


def as_pdf(document: bytes, *, seconds: float = TIME_MAX) -> bytes:
    """A .docx as PDF. Raises ConfigError where LibreOffice is not there, takes too long or fails; nothing of it stays behind."""
    program = require_office()
    with tempfile.TemporaryDirectory(prefix="xuanfa-form-") as folder:
        room = Path(folder)
        settings = room / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTINGS, encoding="utf-8")
        (room / "form.docx").write_bytes(document)
        said = _run(program, room, seconds)
        made = room / "form.pdf"
        if not made.is_file():
            raise ConfigError(
                say(
                    "LibreOffice 没有做出 PDF：{why}。可先用 .docx 打印。",
                    "LibreOffice made no PDF: {why}. Print the .docx meanwhile.",
                    why=said or say("没有说明原因", "it gave no reason"),
                )
            )
        return made.read_bytes()


def _run(program: str, room: Path, seconds: float) -> str:
    """Let it work; what it said. It starts programs of its own, which are ended with it when the time is up."""
    command = [
        program,
        f"-env:UserInstallation={(room / 'profile').as_uri()}",
        "--headless",
        "--nologo",
        "--nodefault",
        "--norestore",
        "--nolockcheck",
        "--convert-to",
        "pdf:writer_pdf_Export",
        "--outdir",
        str(room),
        str(room / "form.docx"),
    ]
    # No proxy, no display, no home: what is not there cannot be asked.
    around = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(room),
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
    }
    try:
        process = subprocess.Popen(  # noqa: S603 - the program that was found, and names of our own
            command,
            cwd=room,
            env=around,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise ConfigError(
            say(
                "启动不了 LibreOffice（{program}）：{why}。",
                "LibreOffice ({program}) cannot be started: {why}.",
                program=program,
                why=machine_words(error),
            )
        ) from error
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise ConfigError(
            say(
                "LibreOffice 用了 {seconds:.0f} 秒还没有做完，已停止：请再试一次，或先用 .docx 打印。",
                "LibreOffice was not done after {seconds:.0f} seconds and was stopped: try again, or print the .docx meanwhile.",
                seconds=seconds,
            )
        ) from error
    return said.decode("utf-8", "replace").strip()[:300]
