"""What people bring from elsewhere: a Word file as a new draft, and what they paste."""

import re
from typing import Final

from xuanfa.content.reading.kinds import not_read, suffix_of
from xuanfa.content.reading.pasted import Pasted, pasted
from xuanfa.content.reading.rewriting import parted, value_of
from xuanfa.content.reading.sources import DOCUMENT_MAX, Inner
from xuanfa.content.reading.word import read
from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.operations.desk import Desk
from xuanfa.operations.writing.drafts import KEYS, TEXT, begin, keep_draft, mark_of
from xuanfa.operations.writing.pictures import kept_beside
from xuanfa.operations.writing.places import place_of

__all__ = ["Pasted", "begin_with_document", "pasted"]

_REFERRED: Final = re.compile(r"\]\(<?([^)>\s]+)")


def begin_with_document(desk: Desk, person: Person, name: str, data: bytes) -> str:
    """A new draft with what the Word file says, its pictures beside it. Raises ContentError for what is none, and where something in it has to be
    decided first: tracked changes, comments, hidden text."""
    if suffix_of(name) != ".docx":
        raise ContentError(not_read())
    if len(data) > DOCUMENT_MAX:
        raise ContentError(
            say(
                "文件有 {size} MB，上限 {most} MB，没有收。请在 Word 里压缩图片后再传。",
                "The file is {size} MB, {most} MB at most, and was not taken. Compress its pictures in Word.",
                size=f"{len(data) / 1e6:.1f}",
                most=DOCUMENT_MAX // 1_000_000,
            )
        )
    source = read(data, name)
    if source.questions:
        raise ContentError("\n".join(str(each) for each in source.questions))
    matter, body = parted(source.text)
    head = {key: value_of(matter, key) for key in KEYS} if matter is not None else {}
    slug = begin(
        desk, person, values={key: value for key, value in head.items() if key != "column" or value in desk.columns}
    )
    place = place_of(desk, slug)
    for inner in _names(source.text, source.inner):
        kept = kept_beside(desk, place, inner, source.inner[inner])
        body = body.replace(f"<{inner}>", kept).replace(inner, kept)
    keep_draft(desk, slug, person, {TEXT: body}, mark=mark_of(""), sequence=1)
    return slug


def _names(text: str, inner: Inner) -> list[str]:
    """The names of the document's pictures that its text has."""
    return [name for name in dict.fromkeys(_REFERRED.findall(text)) if name in inner]
