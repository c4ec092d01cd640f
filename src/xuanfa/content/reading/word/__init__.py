"""Word documents (.docx) as posts: an own walk through the XML, because what is left out must be told, and not only lost.

``read`` makes Markdown with front matter of a document, so that whatever is done with posts is done with it.
"""

from typing import Final

from xuanfa.content.pictures.media import PICTURE_MAX
from xuanfa.content.reading import beside
from xuanfa.content.reading.sources import SourceText, decode
from xuanfa.content.reading.word import head as heads
from xuanfa.content.reading.word.document import Document
from xuanfa.documents.office.package import Package
from xuanfa.domain.errors import ContentError, Place

#: What stands for the encoding of a text that was made of a document.
ENCODING: Final = "docx"


def read(source: bytes, shown_as: str) -> SourceText:
    """A document's text, with what is asked about it. Raises ContentError for what is no document, or none that may be opened."""
    data, sidecar = beside.parted(source)
    own = None if sidecar is None else decode(sidecar, beside.name_of(shown_as))
    try:
        package = Package(data)
        head = heads.Head() if own is None else heads.beside(own.text, beside.name_of(shown_as))
        document = Document(package, head)
        made = document.read()
    except ContentError as error:
        raise error if error.place else ContentError(error.message, Place(shown_as)) from error
    lines: list[str] = []
    places: list[int] = []
    for line, place in made.head.lines():
        lines.append(line)
        places.append(place)
    for block in made.blocks:
        rows = ([] if block.is_item else [""]) + block.text.split("\n")
        lines += rows
        places += [block.number] * len(rows)
    return SourceText(
        "\n".join([*lines, ""]),
        ENCODING,
        "",
        places=(*places, 0),
        questions=made.questions.told(shown_as),
        notices=(*(own.notices if own else ()), *(ContentError(words, Place(shown_as)) for words in made.notices)),
        inner=_Pictures(package, document.pictures),
    )


class _Pictures:
    """The pictures within a document, each unpacked when it is asked for."""

    def __init__(self, package: Package, names: dict[str, str]) -> None:
        self._package = package
        self._names = names

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __getitem__(self, name: str) -> bytes:
        return self._package.read(self._names[name], PICTURE_MAX)
