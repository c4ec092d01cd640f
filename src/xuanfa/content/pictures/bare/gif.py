"""GIF (89a): pictures, their times and how often they are repeated."""

import struct
from typing import Final

from xuanfa.content.pictures.bare.parts import Bare, require
from xuanfa.content.pictures.marks import Marks

_HEADERS: Final = frozenset({b"GIF87a", b"GIF89a"})
_PICTURE, _EXTENSION, _END = 0x2C, 0x21, 0x3B
_CONTROL, _COMMENT, _APPLICATION = 0xF9, 0xFE, 0xFF
_REPEATS: Final = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0"})
#: The longest code of GIF's compression, and how many there are. Bits.
_WIDTH_MAX: Final = 12


def bare(data: bytes, to_the_end: bool) -> Bare:
    """The bare picture. Raises Unproved."""
    require(data[:6] in _HEADERS)
    width, height, flags = struct.unpack("<HHB", data[6:11])
    require(width and height)
    at = 13 + _palette_size(flags)
    require(len(data) > at)
    walker = _Walker(data, at, to_the_end=to_the_end)
    walker.walk()
    return Bare(
        media_type="image/gif",
        head=data[:at] + walker.repeats,
        rest=b"".join(walker.out) + b"\x3b",
        told=tuple(walker.told),
    )


def dressed(bare: Bare, marks: Marks) -> bytes:
    """The file with its mark, which GIF has only one place for: a comment."""
    words = marks.words.encode()
    comment = b"\x21\xfe" + _blocked(words) if words else b""
    return bare.head + comment + bare.rest


def _palette_size(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _blocked(data: bytes) -> bytes:
    """The bytes in blocks of at most 255, each after its length."""
    blocks = [data[at : at + 255] for at in range(0, len(data), 255)]
    return b"".join(bytes((len(block),)) + block for block in blocks) + b"\0"


class _Walker:
    """Goes through the blocks once."""

    def __init__(self, data: bytes, at: int, *, to_the_end: bool) -> None:
        self.repeats = b""
        self.out: list[bytes] = []
        self.told: list[bytes] = []
        self._data, self._at = data, at
        self._to_the_end = to_the_end
        self._control = b""

    def walk(self) -> None:
        while (kind := self._data[self._at]) != _END:
            self._at += 1
            if kind == _PICTURE:
                self._picture()
            elif kind:  # some writers leave an end of blocks too many
                require(kind == _EXTENSION)
                self._extension()
        require(self.out)

    def _blocks(self) -> list[bytes]:
        blocks = []
        while size := self._data[self._at]:
            block = self._data[self._at + 1 : self._at + 1 + size]
            require(len(block) == size)
            blocks.append(block)
            self._at += 1 + size
        self._at += 1
        return blocks

    def _extension(self) -> None:
        kind, start = self._data[self._at], self._at + 1
        self._at += 1
        blocks = self._blocks()
        if kind == _CONTROL:
            require(len(blocks) == 1 and len(blocks[0]) == 4)  # noqa: PLR2004 - flags, time, colour
            flags = blocks[0][0] & 0x1F
            self._control = b"\x21\xf9\x04" + bytes((flags,)) + blocks[0][1:] + b"\0"
        elif kind == _APPLICATION and blocks and blocks[0] in _REPEATS:
            if not self.repeats and len(blocks) > 1 and len(blocks[1]) == 3 and blocks[1][0] & 7 == 1:  # noqa: PLR2004 - one number
                self.repeats = b"\x21\xff\x0bNETSCAPE2.0\x03\x01" + blocks[1][1:] + b"\0"
        elif kind == _COMMENT:
            self.told.append(b"".join(blocks))
        else:
            # As it stands: an XMP packet is not parted into blocks, whatever its bytes look like.
            self.told.append(self._data[start : self._at])
            self._control = b""

    def _picture(self) -> None:
        head = self._data[self._at : self._at + 9]
        require(len(head) == 9)  # noqa: PLR2004 - place, size, flags
        width, height, flags = struct.unpack("<HHB", head[4:])
        require(width and height)
        size = _palette_size(flags)
        palette = self._data[self._at + 9 : self._at + 9 + size]
        self._at += 9 + size
        code_size = self._data[self._at]
        self._at += 1
        codes = b"".join(self._blocks())
        require(1 <= code_size <= 8)  # noqa: PLR2004 - bits of a colour
        used = _used(codes, code_size, width * height) if self._to_the_end else len(codes)
        picture = b"\x2c" + head[:8] + bytes((flags & 0xE7,)) + palette + bytes((code_size,)) + _blocked(codes[:used])
        self.out.append(self._control + picture)
        self._control = b""


def _used(codes: bytes, code_size: int, pixels: int) -> int:
    """How many bytes of ``codes`` a picture of so many pixels takes. Only lengths are followed, no colours. Raises Unproved."""
    clear = 1 << code_size
    lengths = [1] * clear + [0, 0]
    width, limit, previous = code_size + 1, clear * 2, 0
    bits, held, at = 0, 0, 0
    while True:
        while held < width:
            bits |= codes[at] << held
            at += 1
            held += 8
        code = bits & limit - 1
        bits >>= width
        held -= width
        if code == clear:
            del lengths[clear + 2 :]
            width, limit, previous = code_size + 1, clear * 2, 0
            continue
        if code == clear + 1:
            require(not pixels)
            return at
        known = len(lengths)
        require(code < known or (code == known and previous))
        length = lengths[code] if code < known else previous + 1
        if previous and known < 1 << _WIDTH_MAX:
            lengths.append(previous + 1)
            if known + 1 == limit and width < _WIDTH_MAX:
                width += 1
                limit *= 2
        previous = length
        pixels -= length
        require(pixels >= 0)
        if not pixels and held + 8 * (len(codes) - at) < width:
            return at  # some writers leave out the code for the end
