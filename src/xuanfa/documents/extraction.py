"""The text of an attachment, for whoever checks it: of .docx, .xlsx, .pptx and .pdf, with headers, footers, comments and hidden sheets."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from xuanfa.documents.office.package import Package
from xuanfa.domain.errors import ConfigError, ContentError, machine_words
from xuanfa.domain.language import say

#: So much text of one file is told. Characters.
TEXT_MAX: Final = 1_000_000
#: How long reading a PDF may take in its process. Seconds.
_TIME_MAX: Final = 60.0
#: Parts of an office file that hold text, by the beginning of their names: how deep their pieces lie, and what they are for people.
_PARTS: Final = {
    "word/document": (2, ("正文", "text")),
    "word/header": (1, ("页眉", "header")),
    "word/footer": (1, ("页脚", "footer")),
    "word/footnotes": (1, ("脚注", "footnotes")),
    "word/endnotes": (1, ("尾注", "endnotes")),
    "word/comments": (1, ("批注", "comments")),
    "xl/sharedStrings": (1, ("单元格", "cells")),
    "xl/worksheets/sheet": (3, ("单元格", "cells")),
    "xl/comments": (2, ("批注", "comments")),
    "ppt/slides/slide": (2, ("幻灯片", "slides")),
    "ppt/notesSlides/notesSlide": (2, ("备注", "notes")),
    "docProps/": (1, ("文件属性", "properties")),
}
#: Properties that only count something or name a program.
_COUNTED: Final = frozenset(
    {
        *("Application", "AppVersion", "DocSecurity", "ScaleCrop", "LinksUpToDate", "SharedDoc", "HyperlinksChanged"),
        *("Pages", "Words", "Characters", "CharactersWithSpaces", "Lines", "Paragraphs", "TotalTime", "revision"),
        *("created", "modified", "lastPrinted", "HeadingPairs", "TitlesOfParts", "Slides", "Notes", "HiddenSlides"),
    }
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of a file, and where in it (正文, 页眉, 批注, 文件属性): in English for programs, and in words for people."""

    kind: str
    where: str
    text: str


def text_of(data: bytes, suffix: str) -> str:
    """The text of a file of this ending, at most ``TEXT_MAX`` characters; empty for kinds that cannot be looked into. Raises ContentError
    for a file that is damaged, and ConfigError where the machine refuses."""
    return "\n".join(each.text for each in passages_of(data, suffix))[:TEXT_MAX]


def passages_of(data: bytes, suffix: str, *, properties: bool = False) -> Sequence[Passage]:
    """The same by where each text stands; with what the file's ``properties`` say, where these are asked for."""
    if suffix in {".docx", ".xlsx", ".pptx"}:
        return list(_bounded(_of_office(Package(data), properties=properties)))
    if suffix == ".pdf":
        return [Passage("text", say("正文", "text"), _of_pdf(data))]
    if suffix in {".txt", ".csv"}:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return [Passage("text", say("正文", "text"), data.decode(encoding)[:TEXT_MAX])]
            except UnicodeDecodeError:
                continue
    return []


def _bounded(passages: Iterator[tuple[tuple[str, str], Iterator[str]]]) -> Iterator[Passage]:
    left = TEXT_MAX
    for (chinese, english), lines in passages:
        kept: list[str] = []
        for line in lines:
            kept.append(line[:left])
            left -= len(line) + 1
            if left <= 0:
                break
        if kept:
            yield Passage(english, say(chinese, english), "\n".join(kept))
        if left <= 0:
            return


def _of_office(package: Package, *, properties: bool) -> Iterator[tuple[tuple[str, str], Iterator[str]]]:
    for name in sorted(package.names):
        begin = next((begin for begin in _PARTS if name.startswith(begin) and name.endswith(".xml")), "")
        if not begin or (begin == "docProps/" and not properties):
            continue
        depth, words = _PARTS[begin]
        of = _said if begin == "docProps/" else _lines
        yield words, (line for piece in package.pieces(name, depth) for line in of(piece))
    root = package.tree("xl/workbook.xml")
    names = [each.get("name", "") for each in (root.iter("sheet") if root is not None else ())]
    yield ("工作表的名字", "names of sheets"), iter(names)


def _said(piece: Element) -> Iterator[str]:
    """What a property says in words."""
    words = "" if piece.tag in _COUNTED else "".join(piece.itertext()).strip()
    if words:
        yield words


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
