"""PNG (ISO/IEC 15948, third edition of 2025 with animation): the chunks of the picture, its colours and its animation."""

import struct
import zlib
from collections.abc import Iterator
from itertools import chain
from typing import Final

from xuanfa.content.pictures.bare.parts import UNPACKED_MAX, Bare, Unproved, require, unpacked
from xuanfa.content.pictures.bare.profile import rewritten
from xuanfa.content.pictures.marks import Marks

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
#: Bits of a pixel's part, by colour type, and how many parts a pixel has (table 12).
_DEPTHS: Final = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_PARTS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
#: Chunks that stand before the picture, and once (table 7).
_ONCE: Final = frozenset({b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"cICP", b"iCCP", b"acTL"})
#: The seven passes of an interlaced picture: first column and row, and the steps (8.2).
_PASSES: Final = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
#: At once, of what is unpacked to find its end. Bytes.
_STEP: Final = 1 << 20
#: The largest value of gamma and of a colour's coordinate, in hundred thousandths; any four letters are far above.
_GAMMA_MAX, _COORDINATE_MAX = 10_000_000, 100_000


def bare(data: bytes, to_the_end: bool) -> Bare:
    """The bare picture. Raises Unproved."""
    require(data.startswith(_SIGNATURE))
    walker = _Walker(to_the_end=to_the_end)
    walker.walk(data)
    header, *others = walker.kept
    return Bare(
        media_type="image/png",
        head=_SIGNATURE + b"".join(_pieces(*header)),
        rest=b"".join(piece for chunk in others for piece in _pieces(*chunk)),
        profile=walker.profile,
        told=tuple(walker.told),
    )


def dressed(bare: Bare, marks: Marks) -> bytes:
    """The file with profile and marks, which stand before everything but the header."""
    pieces = [bare.head]
    if bare.profile:
        pieces.append(_chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(bare.profile, 9)))
    if marks.comment:
        pieces.append(_chunk(b"eXIf", marks.exif))
    if marks.text:
        pieces.append(_chunk(b"iTXt", b"AIGC\0\0\0\0\0" + marks.text.encode()))
    if marks.xmp:
        pieces.append(_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + marks.packet))
    return b"".join((*pieces, bare.rest))


def _chunk(name: bytes, payload: bytes) -> bytes:
    return b"".join(_pieces(name, payload))


def _pieces(name: bytes, payload: "bytes | memoryview") -> tuple["bytes | memoryview", ...]:
    return struct.pack(">I", len(payload)), name, payload, struct.pack(">I", zlib.crc32(payload, zlib.crc32(name)))


class _Walker:
    """Goes through a file once."""

    def __init__(self, *, to_the_end: bool) -> None:
        #: The data of the picture are not copied: they are nearly the whole file.
        self.kept: list[tuple[bytes, bytes | memoryview]] = []
        self.told: list[bytes] = []
        self.profile = b""
        self._to_the_end = to_the_end
        self._header = (0, 0, 0, 0, 0)
        self._palette = 0
        #: Pictures of an animation that are announced, and those that were there.
        self._frames, self._begun = 0, 0
        self._sequence = 0
        self._seen: set[bytes] = set()
        #: The size of the frame whose data come next, and its data so far.
        self._size: tuple[int, int] | None = None
        self._data: list[memoryview] = []
        self._has_picture = False

    def walk(self, data: bytes) -> None:
        at, name, view = len(_SIGNATURE), b"", memoryview(data)
        while name != b"IEND":
            [length] = struct.unpack(">I", data[at : at + 4].rjust(4, b"\xff"))
            name, payload = data[at + 4 : at + 8], view[at + 8 : at + 8 + length]
            require(
                data[at + 8 + length : at + 12 + length] == struct.pack(">I", zlib.crc32(payload, zlib.crc32(name)))
            )
            require(bool(self.kept) != (name == b"IHDR"))
            at += 12 + length
            if name in {b"IDAT", b"fdAT"}:
                self.kept.append((name, self._take_data(name, payload)))
            else:
                self._take(name, bytes(payload))
        require(self._has_picture and self._size is None and self._begun == self._frames)

    def _take(self, name: bytes, payload: bytes) -> None:
        if self._data:
            self._end_of_frame()
        if name in _ONCE:
            require(name not in self._seen and not self._has_picture)
            self._seen.add(name)
        match name:
            case b"IHDR":
                self._header = _header(payload)
                self._size = self._header[0], self._header[1]
            case b"PLTE":
                self._take_palette(payload)
                return
            case b"tRNS":
                require(self._is_transparency(payload))
            case b"acTL":
                require(len(payload) == 8)  # noqa: PLR2004 - two numbers
                [self._frames] = struct.unpack(">I", payload[:4])
                require(self._frames)
            case b"fcTL":
                self._take_frame(payload)
            case b"IEND":
                require(not payload)
            case b"gAMA" | b"cHRM" | b"sRGB" | b"cICP":
                require(_is_colour(name, payload))
            case b"iCCP":
                self.profile = _profile(payload)
                return
            case _:
                # A letter of another case says whether a reader may pass over it; what may not is no picture that is known here.
                require(name[:1].islower())
                self.told.append(_text(name, payload))
                return
        self.kept.append((name, payload))

    def _take_palette(self, payload: bytes) -> None:
        colour = self._header[3]
        require(colour not in {0, 4})
        if colour == 3:  # noqa: PLR2004 - indexed; elsewhere a palette is a suggestion that nobody follows
            self._palette = len(payload) // 3
            require(0 < self._palette <= 1 << self._header[2] and len(payload) % 3 == 0)
            self.kept.append((b"PLTE", payload))

    def _is_transparency(self, payload: bytes) -> bool:
        size = len(payload)
        match self._header[3]:
            case 0:
                return size == 2  # noqa: PLR2004 - one number
            case 2:
                return size == 6  # noqa: PLR2004 - three
            case 3:
                return 0 < size <= self._palette
            case _:
                return False

    def _take_frame(self, payload: bytes) -> None:
        """What comes next is a picture of the animation (``fcTL``)."""
        require(len(payload) == 26)  # noqa: PLR2004 - its length
        number, width, height, left, top, _, _, dispose, blend = struct.unpack(">IIIIIHHBB", payload)
        full_width, full_height = self._header[:2]
        require(self._size is None or not (self._has_picture or self._begun))
        require(number == self._sequence and dispose <= 2 and blend <= 1)  # noqa: PLR2004 - three and two ways
        require(0 < width <= full_width - left and 0 < height <= full_height - top)
        if not self._has_picture:
            require((width, height) == (full_width, full_height))
        self._sequence += 1
        self._begun += 1
        self._size = width, height

    def _take_data(self, name: bytes, payload: memoryview) -> memoryview:
        require(self._size is not None and (self._header[3] != 3 or self._palette))  # noqa: PLR2004 - indexed
        if name == b"IDAT":
            require(not self._has_picture)
            self._data.append(payload)
            return payload
        require(self._has_picture and payload[:4] == struct.pack(">I", self._sequence))
        self._sequence += 1
        self._data.append(payload[4:])
        return payload

    def _end_of_frame(self) -> None:
        assert self._size is not None  # noqa: S101 - required when the data came
        require(not self._to_the_end or _fills(self._data, sum(_lengths(*self._size, self._header))))
        self._data, self._size, self._has_picture = [], None, True


def _header(payload: bytes) -> tuple[int, int, int, int, int]:
    """Width, height, bits, colour type, interlacing."""
    require(len(payload) == 13)  # noqa: PLR2004 - its length
    width, height, depth, colour, compression, filtering, interlacing = struct.unpack(">IIBBBBB", payload)
    require(
        width and height and depth in _DEPTHS.get(colour, ()) and not compression and not filtering and interlacing <= 1
    )
    return width, height, depth, colour, interlacing


def _lengths(width: int, height: int, header: tuple[int, int, int, int, int]) -> Iterator[int]:
    """How many bytes the passes of a picture have: before each row stands its filter."""
    bits = header[2] * _PARTS[header[3]]
    for left, top, across, down in _PASSES if header[4] else ((0, 0, 1, 1),):
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            yield rows * (1 + (columns * bits + 7) // 8)


def _fills(pieces: list[memoryview], size: int) -> bool:
    """Whether the pieces are one zlib stream of exactly ``size`` bytes, with nothing behind it."""
    stream = zlib.decompressobj()
    found = 0
    try:
        for piece in pieces:
            if stream.eof and piece:
                return False
            waiting: bytes | memoryview = piece
            while waiting and not stream.eof:
                found += len(stream.decompress(waiting, _STEP))
                waiting = stream.unconsumed_tail
                if found > size:
                    return False
    except zlib.error:
        return False
    return stream.eof and not stream.unused_data and found == size


def _is_colour(name: bytes, payload: bytes) -> bool:
    match name:
        case b"gAMA":
            return len(payload) == 4 and 0 < int.from_bytes(payload) < _GAMMA_MAX  # noqa: PLR2004 - one number
        case b"cHRM":
            return len(payload) == 32 and max(struct.unpack(">8I", payload)) <= _COORDINATE_MAX  # noqa: PLR2004 - eight
        case b"sRGB":
            return len(payload) == 1 and payload[0] <= 3  # noqa: PLR2004 - four ways of rendering
        case _:
            # Code points of ITU-T H.273; RGB is the only arrangement that a PNG has.
            return len(payload) == 4 and payload[0] <= 22 and payload[1] <= 18 and not payload[2] and payload[3] <= 1  # noqa: PLR2004


def _profile(payload: bytes) -> bytes:
    _, _, packed = payload.partition(b"\0")
    require(packed[:1] == b"\0")
    profile = rewritten(unpacked(packed[1:]))
    if not profile:
        raise Unproved
    return profile


def _text(name: bytes, payload: bytes) -> bytes:
    """What a chunk says, unpacked as far as that can be done."""
    keyword, _, words = payload.partition(b"\0")
    try:
        if name == b"zTXt":
            words = unpacked(words[1:], UNPACKED_MAX)
        elif name == b"iTXt":
            packed = words[:1] == b"\1"
            words = words[2:].split(b"\0", 2)[-1]
            words = unpacked(words, UNPACKED_MAX) if packed else words
        elif name != b"tEXt":
            return payload
        if keyword.startswith(
            b"Raw profile type"
        ):  # as ImageMagick writes EXIF: a name, a length, and hexadecimal digits
            words = bytes.fromhex(b"".join(chain(words.split()[2:])).decode("ascii"))
    except (Unproved, ValueError):
        return payload
    return keyword + b"\0" + words
