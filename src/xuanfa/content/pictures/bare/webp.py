"""WebP (RFC 9649): the picture's chunks, its transparency and its animation."""

import struct
from collections.abc import Iterator, Sequence
from typing import Final

from xuanfa.content.pictures.bare.parts import Bare, Unproved, require, shows
from xuanfa.content.pictures.bare.profile import rewritten
from xuanfa.content.pictures.marks import Marks

#: Flags of the extended header.
_PROFILE, _ALPHA, _EXIF, _XMP, _ANIMATED = 0x20, 0x10, 0x08, 0x04, 0x02
#: More bytes than a decoder may leave unread at the end of compressed data (tried; it fails where it needs one more).
_SPARE: Final = 8
#: Where the first part of a lossy picture begins, after its header (RFC 6386, 9.1).
_PARTS_AT: Final = 10

_PICTURE: Final = frozenset({b"VP8 ", b"VP8L", b"ALPH"})
#: A name, and a payload that is not copied where it is the picture's: it is nearly the whole file.
_Chunk = tuple[bytes, "bytes | memoryview"]


def bare(data: bytes, to_the_end: bool) -> Bare:
    """The bare picture. Raises Unproved."""
    require(data[:4] == b"RIFF" and data[8:12] == b"WEBP")
    end = 8 + int.from_bytes(data[4:8], "little")
    require(12 < end <= len(data))  # noqa: PLR2004 - the header
    walker = _Walker(to_the_end=to_the_end)
    for name, payload in _chunks(memoryview(data)[12:end]):
        walker.take(name, payload)
    head, rest = walker.picture()
    return Bare(media_type="image/webp", head=head, rest=rest, profile=walker.profile, told=tuple(walker.told))


def dressed(bare: Bare, marks: Marks) -> bytes:
    """The file with profile and marks. ``head`` is the extended header's content, and left out where nothing needs it."""
    flags, canvas = bare.head[0], bare.head[1:]
    profile = _chunk(b"ICCP", bare.profile) if bare.profile else b""
    exif = _chunk(b"EXIF", marks.exif) if marks.user_comment else b""
    xmp = _chunk(b"XMP ", marks.packet) if marks.xmp else b""
    flags |= (_PROFILE if profile else 0) | (_EXIF if exif else 0) | (_XMP if xmp else 0)
    is_simple = not flags & ~_ALPHA and bare.rest[:4] != b"ALPH"
    extended = b"" if is_simple else _chunk(b"VP8X", bytes((flags, 0, 0, 0)) + canvas)
    return _riff(extended + profile + bare.rest + exif + xmp)


def _riff(content: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(content) + 4) + b"WEBP" + content


def _chunk(name: bytes, payload: "bytes | memoryview") -> bytes:
    return b"".join((name, struct.pack("<I", len(payload)), payload, bytes(len(payload) % 2)))


def _chunks(data: "bytes | memoryview") -> Iterator[_Chunk]:
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        payload = data[at + 8 : at + 8 + length]
        require(len(data) >= at + 8 and len(payload) == length)
        yield bytes(data[at : at + 4]), payload
        at += 8 + length + length % 2


class _Walker:
    def __init__(self, *, to_the_end: bool) -> None:
        self.profile = b""
        self.told: list[bytes] = []
        self._to_the_end = to_the_end
        self._extended = b""
        self._animation = b""
        self._still: list[_Chunk] = []
        self._frames: list[bytes] = []

    def take(self, name: bytes, payload: "bytes | memoryview") -> None:
        if name in _PICTURE:
            self._still.append((name, payload))
        else:
            self._take(name, bytes(payload))

    def _take(self, name: bytes, payload: bytes) -> None:
        match name:
            case b"VP8X":
                require(len(payload) == 10 and not self._extended and not self._still)  # noqa: PLR2004 - flags and canvas
                self._extended = payload
            case b"ANIM":
                require(len(payload) == 6 and not self._animation)  # noqa: PLR2004 - ground and repeats
                self._animation = payload
            case b"ANMF":
                require(self._animation)
                self._frames.append(self._frame(payload))
            case b"ICCP":
                self.profile = rewritten(payload)
                if not self.profile:
                    raise Unproved
            case _:
                self.told.append(payload)

    def _frame(self, payload: bytes) -> bytes:
        """A picture of the animation: place, size and time in 15 bytes, how it is put on, and its chunks."""
        require(len(payload) > 16)  # noqa: PLR2004 - its head
        found = list(_chunks(payload[16:]))
        chunks = [chunk for chunk in found if chunk[0] in _PICTURE]
        self.told += [bytes(data) for name, data in found if name not in _PICTURE]
        size = payload[6:12]
        self._require_whole(chunks, size)
        return _chunk(b"ANMF", payload[:15] + bytes((payload[15] & 3,)) + b"".join(_chunk(*chunk) for chunk in chunks))

    def picture(self) -> tuple[bytes, bytes]:
        """The extended header's flags and canvas, and the picture's chunks."""
        flags = self._extended[0] if self._extended else 0
        canvas = self._extended[4:] or _size(self._still)
        if self._animation:
            require(self._frames and not self._still and self._extended)
            return bytes((_ANIMATED | flags & _ALPHA,)) + canvas, _chunk(b"ANIM", self._animation) + b"".join(
                self._frames
            )
        require(not self._frames)
        self._require_whole(self._still, canvas)
        alpha = _ALPHA if self._still[0][0] == b"ALPH" or _shows_through(self._still) else 0
        return bytes((alpha,)) + canvas, b"".join(_chunk(*chunk) for chunk in self._still)

    def _require_whole(self, chunks: Sequence[_Chunk], size: bytes) -> None:
        """Each of the compressed data ends where its chunk does: eight bytes less, and it cannot be decoded."""
        names = [name for name, _ in chunks]
        require(names in ([b"VP8 "], [b"VP8L"], [b"ALPH", b"VP8 "]) and _size(chunks) == size)
        if not self._to_the_end:
            return
        for index, (name, payload) in enumerate(chunks):
            for less in _shortened(name, payload):
                tried = [*chunks[:index], (name, less), *chunks[index + 1 :]]
                flags = bytes((_ALPHA if b"ALPH" in names else 0, 0, 0, 0))
                header = _chunk(b"VP8X", flags + size)
                require(not shows(_riff(header + b"".join(_chunk(*chunk) for chunk in tried))))


def _shortened(name: bytes, payload: "bytes | memoryview") -> Iterator["bytes | memoryview"]:
    """The data with eight bytes less, at the end and, of a lossy picture, at the end of its first part."""
    if len(payload) > _SPARE:
        yield payload[:-_SPARE]
    if name == b"VP8 ":
        tag = int.from_bytes(payload[:3], "little")
        size = tag >> 5
        if size > _SPARE:
            end = _PARTS_AT + size
            shorter = (tag - (_SPARE << 5)).to_bytes(3, "little")
            yield b"".join((shorter, payload[3 : end - _SPARE], payload[end:]))


def _size(chunks: Sequence[_Chunk]) -> bytes:
    """Width and height as the extended header has them: less one, in three bytes each."""
    require(chunks)
    name, payload = chunks[-1]
    if name == b"VP8L":
        bits = int.from_bytes(payload[1:5], "little")
        width, height = bits & 0x3FFF, bits >> 14 & 0x3FFF
    else:
        width, height = (int.from_bytes(payload[at : at + 2], "little") - 1 & 0x3FFF for at in (6, 8))
    return width.to_bytes(3, "little") + height.to_bytes(3, "little")


def _shows_through(chunks: Sequence[_Chunk]) -> bool:
    """Whether a lossless picture says that it is not opaque."""
    name, payload = chunks[-1]
    return name == b"VP8L" and bool(payload[4] & 0x10)
