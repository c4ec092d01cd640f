"""The marks of generated content (AIGC) in a picture's metadata: all that is kept of it.

GB 45438-2025 asks for a metadata field "AIGC" with JSON of seven fields, and nobody may remove it (人工智能生成合成内容标识办法, in force
2025-09-01). It is found as XMP property ``TC260:AIGC``, as a PNG text of that name, in a comment, or in EXIF's UserComment. Of these
places nothing but the seven fields is kept. Where something calls itself AIGC and holds none of them, that it does so is kept.
"""

import json
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape, unescape
from itertools import islice
from typing import Any, Final

from xuanfa.domain.strict_json import read_json

#: GB 45438-2025, annex E.
_FIELDS: Final = (
    *("Label", "ContentProducer", "ProduceID", "ReservedCode1"),
    *("ContentPropagator", "PropagateID", "ReservedCode2"),
)
_NAME: Final = "AIGC"
#: No mark is longer. Bytes.
_LONGEST: Final = 32_000
#: So many places that may hold a mark are looked at; a file that is built to be slow gets no more.
_PLACES_MAX: Final = 200
#: A text that only mentions the name is taken for a mark where it is short enough to be one's own. Bytes.
_MENTION_MAX: Final = 64_000
_PACKET: Final = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/">'
    "<TC260:AIGC>{value}</TC260:AIGC></rdf:Description></rdf:RDF></x:xmpmeta>"
)
#: A property of that name, as an attribute or as an element; what declares a namespace is none.
_PROPERTY = re.compile(rb"(?<!xmlns):AIGC(?:\s{0,9}=\s{0,9}(?P<quote>[\"'])|[^<>]{0,200}>)")
_MENTION = re.compile(rb"(?<![\w/])A\0?I\0?G\0?C(?![\w/])")
#: The character codes of EXIF's UserComment (Exif 2.32, 4.6.5), and the encodings that follow them.
_CODES: Final = {b"ASCII\0\0\0": "utf-8", b"\0" * 8: "utf-8", b"UNICODE\0": "utf-16"}
_ENCODINGS: Final = ("utf-8", "utf-16-be", "utf-16-le")


def _object(encoding: str) -> re.Pattern[bytes]:
    """The beginning of a JSON object with one of the names, after the code of a UserComment if there is one."""
    code = "|".join(name.decode() for name, of in _CODES.items() if encoding.startswith(of))
    brace, quote, blank = (re.escape(mark.encode(encoding)) for mark in '{" ')
    names = b"|".join(re.escape(name.encode(encoding)) for name in (_NAME, *_FIELDS))
    return re.compile(
        b"(?P<code>"
        + code.encode()
        + b")?"
        + brace
        + b"(?:"
        + blank
        + b"){0,9}"
        + quote
        + b"(?:"
        + names
        + b")"
        + quote
    )


_OBJECTS: Final = {encoding: _object(encoding) for encoding in _ENCODINGS}


@dataclass(frozen=True, slots=True)
class Marks:
    """``text`` as a PNG text or a comment has it, ``comment`` with the eight bytes of its character code, ``xmp`` the property's value."""

    text: str = ""
    comment: bytes = b""
    xmp: str = ""

    @property
    def user_comment(self) -> bytes:
        """For formats that know no text: the mark as an EXIF comment."""
        if self.comment or not self.text or self.xmp:
            return self.comment
        return b"UNICODE\0" + _named(self.text).encode("utf-16-be")

    @property
    def exif(self) -> bytes:
        """Exif data (TIFF 6.0, section 2) with the comment and nothing else: two directories of one entry each."""
        comment = self.user_comment
        outer = struct.pack(">2sHIHHHIII", b"MM", 42, 8, 1, 0x8769, 4, 1, 26, 0)
        return outer + struct.pack(">HHHIII", 1, 0x9286, 7, len(comment), 44, 0) + comment

    @property
    def packet(self) -> bytes:
        """An XMP packet with the property and nothing else."""
        return _PACKET.format(value=escape(self.xmp)).encode()

    @property
    def words(self) -> str:
        """The mark as one text, for a format that has only comments."""
        if self.text or not (self.xmp or self.comment):
            return self.text
        if self.xmp:
            return self.packet.decode()
        words = self.comment[8:]
        if not self.comment.startswith(b"UNICODE\0"):
            return words.decode()
        return words.decode("utf-16-le" if words.startswith(b"{\0") else "utf-16-be")


NO_MARKS: Final = Marks()


def read_marks(told: Iterable[bytes]) -> Marks:
    """The marks in ``told``: segments and chunks of any kind, or a whole file."""
    text, comment, xmp, mentioned = "", b"", "", False
    for piece in told:
        rest, values = _properties(piece)
        xmp = xmp or next(iter(values), "")
        for code, mark, encoding in _marks(rest, named=piece.startswith(b"AIGC\0")):
            if code:
                comment = comment or code + mark.encode(encoding)
            else:
                text = text or mark
        mentioned = mentioned or (len(piece) <= _MENTION_MAX and _MENTION.search(piece) is not None)
    return Marks(_NAME if mentioned and not (text or comment or xmp) else text, comment, xmp)


def _properties(piece: bytes) -> tuple[bytes, list[str]]:
    """The piece without its properties, and the mark in each of them."""
    rest, values, at = [], [], 0
    for _ in range(_PLACES_MAX):
        found = _PROPERTY.search(piece, at)
        if found is None:
            break
        end = piece.find(found["quote"] or b":AIGC", found.end(), found.end() + _LONGEST)
        if end < 0:
            rest.append(piece[at : found.end()])
            at = found.end()
            continue
        rest.append(piece[at : found.start()])
        words = unescape(piece[found.end() : end].decode("utf-8", "replace"))
        values.append(_mark(words[words.find("{") :])[0] or _NAME)
        at = end + (1 if found["quote"] else len(b":AIGC>"))
    return b" ".join((*rest, piece[at:])), values


def _marks(piece: bytes, *, named: bool) -> Iterator[tuple[bytes, str, str]]:
    """The marks that stand as JSON in a piece: character code, mark and encoding. ``named`` says that all of it is called AIGC."""
    for encoding, pattern in _OBJECTS.items():
        if not any(name.encode(encoding) in piece for name in (_NAME, *_FIELDS)):
            continue  # far quicker, and true of nearly all
        end = 0
        for found in islice(pattern.finditer(piece), _PLACES_MAX):
            if found.start() < end:
                continue  # within the one before
            code = found["code"] or b""
            start = found.start() + len(code)
            words = piece[start : start + _LONGEST].decode(encoding, "replace")
            mark, length = _mark(words, alone=not named)
            if mark:
                end = start + len(words[:length].encode(encoding))
                yield code, mark, encoding


def _mark(words: str, *, alone: bool = False) -> tuple[str, int]:
    """The mark that ``words`` begin with, reduced to what the standard names, and how long it was; empty where there is none.

    ``alone``: nothing but its fields tells that it is one, and other programs have labels too.
    """
    try:
        found, end = json.JSONDecoder().raw_decode(words)
    except (ValueError, RecursionError):
        return "", 0
    is_named = isinstance(found, dict) and _NAME in found
    fields = _known(_read(found[_NAME]) if is_named else found)
    if not fields or (alone and not is_named and fields.keys() <= {_FIELDS[0]}):
        return "", 0
    mark = {_NAME: fields} if is_named else fields
    spaced = json.dumps(mark, ensure_ascii=False)
    return (spaced if words[:end] == spaced else json.dumps(mark, ensure_ascii=False, separators=(",", ":"))), end


def _read(value: Any) -> Any:
    """An object, also where it is written as a text."""
    try:
        return read_json(value) if isinstance(value, str) else value
    except ValueError:
        return None


def _known(found: Any) -> dict[str, str | int]:
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if name in _FIELDS and isinstance(value, str | int)}


def _named(mark: str) -> str:
    """The mark so that it is known for one outside a field of its name."""
    return mark if mark == _NAME or _mark(mark, alone=True)[0] else f'{{"{_NAME}":{mark}}}'
