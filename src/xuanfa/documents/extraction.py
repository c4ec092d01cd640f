"""The text of an attachment, for whoever checks it: of .docx, .xlsx, .pptx and .pdf, with headers, footers, comments and hidden sheets."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from xuanfa.documents.office.package import Package
from xuanfa.domain.errors import ConfigError, ContentError, machine_words
from xuanfa.domain.language import say

#: So much text of one file is told. Characters.
TEXT_MAX: Final = 1_000_000
#: How long reading a PDF may take in its process. Seconds.
_TIME_MAX: Final = 60.0
#: Parts of an office file that hold text, by the beginning of their names, and how deep their pieces lie.
_PARTS: Final = {
    "word/document": 2,
    "word/header": 1,
    "word/footer": 1,
    "word/footnotes": 1,
    "word/endnotes": 1,
    "word/comments": 1,
    "xl/sharedStrings": 1,
    "xl/worksheets/sheet": 3,
    "xl/comments": 2,
    "ppt/slides/slide": 2,
    "ppt/notesSlides/notesSlide": 2,
}


def text_of(data: bytes, suffix: str) -> str:
    """The text of a file of this ending, at most ``TEXT_MAX`` characters; empty for kinds that cannot be looked into. Raises ContentError
    for a file that is damaged, and ConfigError where the machine refuses."""
    if suffix in {".docx", ".xlsx", ".pptx"}:
        return _bounded(_of_office(Package(data)))
    if suffix == ".pdf":
        return _of_pdf(data)
    if suffix in {".txt", ".csv"}:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return data.decode(encoding)[:TEXT_MAX]
            except UnicodeDecodeError:
                continue
    return ""


def _bounded(lines: Iterator[str]) -> str:
    kept: list[str] = []
    size = 0
    for line in lines:
        kept.append(line)
        size += len(line) + 1
        if size > TEXT_MAX:
            break
    return "\n".join(kept)[:TEXT_MAX]


def _of_office(package: Package) -> Iterator[str]:
    for name in sorted(package.names):
        depth = next(
            (depth for begin, depth in _PARTS.items() if name.startswith(begin) and name.endswith(".xml")), None
        )
        if depth is not None:
            for piece in package.pieces(name, depth):
                yield from _lines(piece)
    root = package.tree("xl/workbook.xml")
    yield from (each.get("name", "") for each in (root.iter("sheet") if root is not None else ()))


def _lines(piece: Element) -> Iterator[str]:
    """A paragraph, a cell or a shared string is a line."""
    line = ""
    for each in piece.iter():
        if each.tag in {"p", "si", "c", "comment"} and line:
            yield line
            line = ""
        if each.tag in {"t", "delText"}:
            line += each.text or ""
        elif each.tag == "c" and each.get("t") != "s":  # a number, or what a formula gave
            line += "".join(value.text or "" for value in each.iter("v"))
    if line:
        yield line


def _of_pdf(data: bytes) -> str:
    command = [sys.executable, "-I", "-m", "xuanfa.documents.pdf_text", str(TEXT_MAX)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_TIME_MAX, check=False)  # noqa: S603 - ourselves
    except subprocess.TimeoutExpired as error:
        raise _unreadable() from error
    except OSError as error:
        raise ConfigError(
            say("启动不了读 PDF 的进程：{why}。", "Cannot start the reader of PDF: {why}.", why=machine_words(error))
        ) from error
    if done.returncode != 0:
        raise _unreadable()
    return done.stdout.decode("utf-8", "replace")


def _unreadable() -> ContentError:
    return ContentError(
        say(
            "PDF 读不出来（已损坏、加了密码或太大）。请检查文件能不能打开，重新导出一次。",
            "The PDF cannot be read: it is damaged, encrypted or too large. See whether it opens, and export it again.",
        )
    )
