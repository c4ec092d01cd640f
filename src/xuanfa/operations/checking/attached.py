"""Files checked as readers could see them: attachments of a post, and what a Word document holds besides its text."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from xuanfa.checks.rules.engine import Engine
from xuanfa.checks.rules.model import Rule
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.reading import beside
from xuanfa.documents.extraction import Passage, passages_of
from xuanfa.documents.office import cleaning
from xuanfa.domain.attachment import Attachment
from xuanfa.domain.checking import Found, Level
from xuanfa.domain.errors import AlteredError, ContentError, PictureGoneError, Place
from xuanfa.domain.language import say

#: What is said of what a file holds besides its text: it is seen in the file and not in a text, so that no engine has it.
REMAINS: Final = Rule(
    id="secrecy.remains",
    level=Level.MINOR,
    zh="{file}：{what}。",
    en="{file}: {what}.",
    basis="政府信息公开条例第十七条（公开前审查）",
    title="文件里看不见的内容",
)
#: Files that are looked into.
FILES: Final = frozenset({".docx", ".xlsx", ".pptx", ".pdf", ".csv"})
#: Files whose names of authors, comments and hidden parts are looked for.
_OFFICE: Final = (".docx", ".xlsx", ".pptx")
#: Whoever writes these does not write them for readers: only marks and persons are sought in them.
_NO_READERS: Final = frozenset({"comments", "properties"})
_SOUGHT: Final = ("secrecy", "privacy")


def check_attachments(
    engine: Engine, attachments: Sequence[Attachment], media: MediaStore, *, when: date
) -> Iterator[Found]:
    """The findings of what a post carries, each with its file's name: the text of .docx, .xlsx, .pptx, .pdf, .txt and .csv as it goes out, and
    what else is in it. A file that cannot be read any more is one finding. Raises ConfigError where the machine refuses."""
    for each in attachments:
        try:
            data = media.attachment(each).read_bytes()
        except (AlteredError, PictureGoneError, OSError):
            words = say("存档不见了或被改过，没有检查", "its kept copy is gone or was changed, and was not checked")
            yield _remains(words, each.source)
        else:
            yield from check_file_of(engine, data, each.suffix, shown_as=each.source, when=when)


def check_file_of(engine: Engine, data: bytes, suffix: str, *, shown_as: str, when: date) -> Iterator[Found]:
    """The findings of one such file."""
    try:
        passages = passages_of(data, suffix, properties=True)
        told = _told(data, suffix)
    except ContentError as error:
        yield _remains(str(error.message), shown_as)
        return
    for passage in passages:
        yield from _of(engine, passage, shown_as, when)
    for words in told:
        yield _remains(words, shown_as)


def check_besides(engine: Engine, source: bytes, *, shown_as: str, when: date) -> Iterator[Found]:
    """The findings of what a Word document holds besides the text that becomes a post: headers, footers, comments, tracked changes,
    properties. Raises ContentError for what is no document."""
    data, _ = beside.parted(source)
    try:
        passages = passages_of(data, ".docx", properties=True)
    except ContentError as error:
        raise error if error.place else ContentError(error.message, Place(shown_as)) from error
    for passage in passages:
        found = _of(engine, passage, shown_as, when)
        yield from (one for one in found if passage.kind != "text" or one.kind == "secrecy")


def _of(engine: Engine, passage: Passage, shown_as: str, when: date) -> Iterator[Found]:
    is_text = passage.kind not in _NO_READERS
    for one in engine.check(passage.text, when=when):
        if is_text or one.kind in _SOUGHT:
            where = say("{where}：{words}", "{where}: {words}", where=passage.where, words=one.message)
            yield replace(one, file=shown_as, message=where, fix=None)


def _told(data: bytes, suffix: str) -> Sequence[str]:
    if suffix in _OFFICE:
        return cleaning.office(data).told
    return cleaning.pdf(data).told if suffix == ".pdf" else ()


def _remains(words: str, shown_as: str) -> Found:
    return Found(
        rule=REMAINS.id,
        kind=REMAINS.kind,
        level=REMAINS.level,
        start=0,
        end=0,
        line=1,
        column=1,
        text="",
        message=say(REMAINS.zh, REMAINS.en, file=shown_as, what=words),
        suggestion="",
        basis=REMAINS.basis,
        file=shown_as,
    )
