"""A scan of the signed form: what its pages are, and which code is on them."""

import hashlib
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from xuanfa.documents.code import Code
from xuanfa.documents.pages import PAGES_MAX
from xuanfa.domain.errors import ConfigError, ContentError, machine_words
from xuanfa.domain.language import say

#: The largest scan that is read. Bytes.
SCAN_MAX: Final = 40_000_000
#: Reading a page takes a second; the process sees to its own limit of work. Seconds.
_TIME_MAX: Final = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What was read: the pages as a PDF of pictures and nothing else, how many, the codes on them, and the hash of the file as it came."""

    pages: bytes
    count: int
    codes: tuple[Code, ...]
    original: str


def read_scan(path: Path) -> Scan:
    """Read a PDF or a picture, in a process of its own. Raises ContentError for a file that is none or is too large, ConfigError where the
    machine refuses."""
    data = _bytes_of(path)
    with tempfile.TemporaryDirectory(prefix="xuanfa-scan-") as folder:
        given, kept = Path(folder) / "scan", Path(folder) / "kept.pdf"
        given.write_bytes(data)
        facts = _read_apart(given, kept, path)
        if "trouble" in facts:
            raise _refused(path, facts["trouble"])
        return Scan(
            pages=kept.read_bytes(),
            count=facts["pages"],
            codes=tuple(dict.fromkeys(Code(name, digest) for _, name, digest in facts["codes"])),
            original=hashlib.sha256(data).hexdigest(),
        )


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(SCAN_MAX + 1)
    except OSError as error:
        raise ContentError(
            say(
                "读不了扫描件 {path}：{why}。",
                "Cannot read the scan {path}: {why}.",
                path=path,
                why=machine_words(error),
            )
        ) from error
    if len(data) > SCAN_MAX:
        raise _refused(path, "large")
    return data


def _read_apart(given: Path, kept: Path, path: Path) -> dict[str, Any]:
    """What the process says; one that fell over or was stopped has met a file that is none."""
    command = [sys.executable, "-I", "-m", "xuanfa.documents.pages", str(given), str(kept)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_TIME_MAX, check=False)  # noqa: S603 - ourselves
    except subprocess.TimeoutExpired as error:
        raise _refused(path, "large") from error
    except OSError as error:
        raise ConfigError(
            say("启动不了读扫描件的进程：{why}。", "Cannot start the reader of scans: {why}.", why=machine_words(error))
        ) from error
    if done.returncode != 0:
        raise _refused(path, "large" if done.returncode < 0 else "broken")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _refused(path: Path, trouble: str) -> ContentError:
    texts = {
        "many": say(
            "扫描件 {path} 超过 {most} 页：请只交签字的那几页。",
            "The scan {path} has more than {most} pages: hand in the signed ones only.",
            path=path,
            most=PAGES_MAX,
        ),
        "large": say(
            "扫描件 {path} 太大：请用 200 到 300 dpi、黑白或灰度重新扫描，文件不超过 {most} MB。",
            "The scan {path} is too large: scan it again at 200 to 300 dpi, in black and white or grey; {most} MB at most.",
            path=path,
            most=SCAN_MAX // 1_000_000,
        ),
        "locked": say(
            "扫描件 {path} 有打开密码：请去掉密码再交。",
            "The scan {path} needs a password: take it off first.",
            path=path,
        ),
        "broken": say(
            "{path} 读不出来：请交 PDF 或 JPG、PNG、TIFF 图片，并检查文件能不能打开。",
            "{path} cannot be read: hand in a PDF or a picture (JPG, PNG, TIFF), and see whether the file opens.",
            path=path,
        ),
    }
    return ContentError(texts[trouble])
