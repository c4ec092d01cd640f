"""JPEG (ITU-T T.81): tables, frame and scans; the JFIF and Adobe segments, which say how colours are stored, without anything else in them."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from xuanfa.content.pictures.bare.parts import Bare, Unproved, pixels, require, shows
from xuanfa.content.pictures.bare.profile import rewritten
from xuanfa.content.pictures.marks import Marks
from xuanfa.content.pictures.room import ROOM, spread_of

#: Markers (T.81 table B.1); the frames are baseline, extended sequential and progressive, all with Huffman coding.
_EOI, _SOS, _DQT, _DHT, _DRI, _COM = 0xD9, 0xDA, 0xDB, 0xC4, 0xDD, 0xFE
_FRAMES, _PROGRESSIVE = frozenset({0xC0, 0xC1, 0xC2}), 0xC2
_APP0, _APP1, _APP2, _APP14, _APP15 = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF
#: Version 1.01, square pixels, no thumbnail (JFIF 1.02, appendix A): what most programs write.
_JFIF: Final = b"JFIF\0\x01\x01\x00\x00\x01\x00\x01\x00\x00"
#: ``Adobe``, version, two words of flags, and the transform of colours (Adobe technical note 5116).
_ADOBE: Final = 12
_PROFILE: Final = b"ICC_PROFILE\0"
_PROFILE_PART_MAX: Final = 65_519
_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
#: The next marker within a scan that is neither a stuffed byte nor one of restart.
_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
#: So many bytes of each of several scans are left out to see whether they show. A shorter scan has no room for anything.
_SPARE: Final = 8
#: Each scan is decoded twice for that: pixels of all of them together, beyond which the picture is rather written anew.
_TRIED_MAX: Final = 60_000_000


@dataclass(slots=True)
class _Parts:
    """What a file is put together from. Of tables that are defined twice the later one counts."""

    jfif: bool = False
    adobe: bytes = b""
    profile: dict[int, bytes] = field(default_factory=dict)
    profile_parts: int = 0
    quantising: dict[int, bytes] = field(default_factory=dict)
    huffman: dict[int, bytes] = field(default_factory=dict)
    #: Tables that were defined since the last scan.
    defined: set[int] = field(default_factory=set)
    frame: bytes = b""
    frame_marker: int = 0
    #: The tables of each scan with its head, and its data, which is not copied: it is nearly the whole file.
    scans: list[tuple[bytes, memoryview]] = field(default_factory=list)
    told: list[bytes] = field(default_factory=list)


def bare(data: bytes, to_the_end: bool) -> Bare:
    """The bare picture. Raises Unproved for other frames, and for restarts: nobody sees what lies between their parts."""
    parts = _walked(data)
    head = b"\xff\xd8"
    if parts.jfif:
        head += _segment(_APP0, _JFIF)
    if parts.adobe:
        head += _segment(_APP14, parts.adobe)
    frame = _frame(parts)
    if to_the_end:
        _require_whole(head + frame, parts)
    rest = b"".join((frame, *(piece for scan in parts.scans for piece in scan), b"\xff\xd9"))
    return Bare(media_type="image/jpeg", head=head, rest=rest, profile=_profile(parts), told=tuple(parts.told))


def dressed(bare: Bare, marks: Marks) -> bytes:
    """The file with profile and marks."""
    pieces = [bare.head]
    if marks.user_comment:
        pieces.append(_segment(_APP1, _EXIF + marks.exif))
    if marks.xmp:
        pieces.append(_segment(_APP1, _XMP + marks.packet))
    profile = bare.profile
    count = -(-len(profile) // _PROFILE_PART_MAX)
    for number in range(count):
        part = profile[number * _PROFILE_PART_MAX : (number + 1) * _PROFILE_PART_MAX]
        pieces.append(_segment(_APP2, _PROFILE + bytes((number + 1, count)) + part))
    return b"".join((*pieces, bare.rest))


def _segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def _walked(data: bytes) -> _Parts:
    """Everything from the beginning to the first end mark."""
    require(data.startswith(b"\xff\xd8"))
    parts, at, view = _Parts(), 2, memoryview(data)
    while True:
        require(data[at] == 0xFF)  # noqa: PLR2004 - a marker's first byte
        while data[at] == 0xFF:  # noqa: PLR2004 - any number of them may stand before it
            at += 1
        marker = data[at]
        if marker == _EOI:
            require(parts.scans)
            return parts
        length = int.from_bytes(data[at + 1 : at + 3])
        payload = data[at + 3 : at + 1 + length]
        require(length >= 2 and len(payload) == length - 2)  # noqa: PLR2004 - the length counts itself
        at += 1 + length
        _take(parts, marker, payload)
        if marker == _SOS:
            end = _MARKER.search(data, at)
            require(end)
            assert end is not None  # noqa: S101 - required in the line before
            parts.scans.append((_scan_head(parts, payload), view[at : end.start()]))
            at = end.start()


def _take(parts: _Parts, marker: int, payload: bytes) -> None:
    """Keep what a segment has for the picture."""
    if marker == _DQT:
        require(not parts.scans)
        parts.quantising.update(_quantising(payload))
    elif marker == _DHT:
        found = dict(_huffman(payload))
        parts.huffman.update(found)
        parts.defined.update(found)
    elif marker in _FRAMES:
        require(not parts.frame and payload[0] == 8 and payload[5] in {1, 3} and len(payload) == 6 + 3 * payload[5])  # noqa: PLR2004 - bits
        parts.frame, parts.frame_marker = payload, marker
    elif marker == _SOS:
        require(parts.frame)
    elif marker == _DRI:
        require(payload == b"\0\0")
    else:
        require(marker == _COM or _APP0 <= marker <= _APP15)
        _take_application(parts, marker, payload)


def _take_application(parts: _Parts, marker: int, payload: bytes) -> None:
    if marker == _APP0 and payload.startswith(b"JFIF\0"):
        parts.jfif = True
    elif marker == _APP14 and payload.startswith(b"Adobe") and len(payload) >= _ADOBE:
        parts.adobe = _adobe(payload)
    elif marker == _APP2 and payload.startswith(_PROFILE):
        number, count = payload[len(_PROFILE)], payload[len(_PROFILE) + 1]
        require(number not in parts.profile and parts.profile_parts in {0, count})
        parts.profile[number], parts.profile_parts = payload[len(_PROFILE) + 2 :], count
    else:
        parts.told.append(payload)


def _adobe(payload: bytes) -> bytes:
    """Its twelve bytes. Flags are Photoshop's: two high bits of the first word; anything else there is nobody's."""
    version, first, second, transform = struct.unpack(">HHHB", payload[5:_ADOBE])
    require(transform <= 2)  # noqa: PLR2004 - none, YCbCr, YCCK
    known = version in {100, 101} and not first & 0x3FFF and not second
    return payload[:_ADOBE] if known else struct.pack(">5sHHHB", b"Adobe", 100, 0, 0, transform)


def _quantising(payload: bytes) -> Iterator[tuple[int, bytes]]:
    while payload:
        size = 1 + 64 * (1 + (payload[0] >> 4))
        require(payload[0] >> 4 <= 1 and len(payload) >= size)
        yield payload[0] & 15, payload[:size]
        payload = payload[size:]


def _huffman(payload: bytes) -> Iterator[tuple[int, bytes]]:
    while payload:
        size = 17 + sum(payload[1:17])
        require(len(payload) >= size and _is_code(payload[0] >> 4, payload[17:size]))
        yield payload[0], payload[:size]
        payload = payload[size:]


def _is_code(kind: int, values: bytes) -> bool:
    """Whether they are what a code of 8-bit pictures stands for (T.81 F.1.2.1.1, F.1.2.2.1 and G.1.2.2), each once: a text is not."""
    if kind == 0:
        return len(set(values)) == len(values) and max(values, default=0) <= 11  # noqa: PLR2004 - bits of a difference
    usual = all(value & 15 <= 10 for value in values)  # noqa: PLR2004 - bits of a coefficient
    return kind == 1 and usual and len(set(values)) == len(values)


def _scan_head(parts: _Parts, payload: bytes) -> bytes:
    """The tables of a scan that are new, and its head, if it says nothing that the frame does not allow (T.81 B.2.3 and G.1.1.1)."""
    count = payload[0]
    require(len(payload) == 4 + 2 * count)
    first, last, places = payload[-3:]
    high, low = places >> 4, places & 15
    if parts.frame_marker == _PROGRESSIVE:
        require(first <= last < 64 and high in {0, low + 1} and (last == 0 if first == 0 else count == 1))  # noqa: PLR2004 - frequencies
    else:
        require((first, last, places) == (0, 63, 0))
    components = {parts.frame[6 + 3 * index] for index in range(parts.frame[5])}
    named = [(payload[1 + 2 * index], payload[2 + 2 * index]) for index in range(count)]
    require(0 < count <= len(components) and {component for component, _ in named} <= components)
    wanted: set[int] = set()
    for _, tables in named:
        wanted |= {tables >> 4} if first == 0 and high == 0 else set()
        wanted |= {0x10 | tables & 15} if last > 0 else set()
    require(wanted <= parts.huffman.keys())
    new = [_segment(_DHT, table) for name, table in parts.huffman.items() if name in wanted & parts.defined]
    parts.defined -= wanted
    return b"".join((*new, _segment(_SOS, payload)))


def _frame(parts: _Parts) -> bytes:
    """The tables of frequencies that are used, and the frame."""
    wanted = {parts.frame[8 + 3 * index] for index in range(parts.frame[5])}
    require(wanted <= parts.quantising.keys())
    tables = [_segment(_DQT, table) for name, table in parts.quantising.items() if name in wanted]
    return b"".join((*tables, _segment(parts.frame_marker, parts.frame)))


def _require_whole(before: bytes, parts: _Parts) -> None:
    """Nothing hangs on behind what a scan has for the picture."""
    height, width, count = struct.unpack(">HHB", parts.frame[1:6])
    if len(parts.scans) == 1 and parts.scans[0][0][-2 * count - 4] == count:
        # Without its end mark and its last byte a genuine one cannot be decoded; one with bytes to spare can.
        head, scan = parts.scans[0]
        require(not shows(b"".join((before, head, scan[:-1]))))
        return
    samplings = [(parts.frame[7 + 3 * index] >> 4, parts.frame[7 + 3 * index] & 15) for index in range(count)]
    require(width * height * len(parts.scans) <= _TRIED_MAX)
    require(spread_of((width, height), samplings) + 4 * width * height <= ROOM)
    for head, scan in parts.scans:
        before += head
        if len(scan) > _SPARE:
            # All that came so far, with this scan and with a part of it: what makes no difference is not the picture's.
            with_it, without = (
                b"".join((before, scan[:size], b"\xff\xd9")) for size in (len(scan), len(scan) - _SPARE)
            )
            require(pixels(with_it) != pixels(without))
        before += scan


def _profile(parts: _Parts) -> bytes:
    if not parts.profile:
        return b""
    require(sorted(parts.profile) == list(range(1, parts.profile_parts + 1)))
    profile = rewritten(b"".join(parts.profile[number] for number in sorted(parts.profile)))
    if not profile:
        raise Unproved
    return profile
