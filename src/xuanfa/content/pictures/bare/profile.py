"""Colour profiles (ICC.1:2022): the numbers, under names of ours.

A profile of a screen or a camera holds far more than colours: who made it for which machine, when, with which serial number, and texts of
any length. Only profiles that are three primaries (or grey) with their curves are rewritten; others are tables of thousands of numbers,
and their pictures are converted to sRGB instead.
"""

import struct
from typing import Final

_HEADER: Final = 128
#: The illuminant of every profile (7.2.16), as fixed numbers of 16 and 16 bits.
_D50: Final = bytes.fromhex("0000f6d6000100000000d32d")
_PRIMARIES: Final = (b"rXYZ", b"gXYZ", b"bXYZ")
_CURVES: Final = {b"RGB ": (b"rTRC", b"gTRC", b"bTRC"), b"GRAY": (b"kTRC",)}
#: What a profile connects to (7.2.9); primaries are always in XYZ.
_CONNECTED: Final = {b"RGB ": (b"XYZ ",), b"GRAY": (b"XYZ ", b"Lab ")}
_NAMES: Final = {b"RGB ": "RGB", b"GRAY": "Gray"}
#: Tables, which go before primaries and curves where a profile has both.
_TABLES: Final = frozenset({b"A2B0", b"A2B1", b"A2B2", b"D2B0", b"D2B1", b"D2B2", b"D2B3"})
#: The number of parameters of each kind of curve (10.18).
_PARAMETERS: Final = {0: 1, 1: 3, 2: 4, 3: 5, 4: 7}
#: No number of a colour or a curve comes near this; any four letters are far above it. A fixed number of 16 and 16 bits.
_NUMBER_MAX: Final = 64 << 16
_POINTS_MAX: Final = 4096


def rewritten(profile: bytes) -> bytes:
    """The profile with nothing but its numbers; empty where it is none that can be rewritten."""
    try:
        space, found = profile[16:20], _tags(profile)
        known = profile[36:40] == b"acsp" and profile[8] in {2, 4} and profile[20:24] in _CONNECTED.get(space, ())
        if not known or _TABLES & found.keys():
            return b""
        wanted = [b"wtpt", *(_PRIMARIES if space == b"RGB " else ()), *_CURVES[space]]
        kept = {
            name: _curve(found[name]) if name.endswith(b"TRC") else _numbers(found[name], b"XYZ ", 3) for name in wanted
        }
        if b"chad" in found:
            kept[b"chad"] = _numbers(found[b"chad"], b"sf32", 9)
    except (KeyError, ValueError, struct.error, IndexError):
        return b""
    return _built(profile, space, kept)


def _tags(profile: bytes) -> dict[bytes, bytes]:
    [count] = struct.unpack_from(">I", profile, _HEADER)
    if count > 100:  # noqa: PLR2004 - real ones have about twenty
        raise ValueError(count)
    entries = [struct.unpack_from(">4sII", profile, _HEADER + 4 + 12 * index) for index in range(count)]
    return {name: profile[at : at + size] for name, at, size in entries}


def _numbers(tag: bytes, kind: bytes, count: int) -> bytes:
    values = struct.unpack_from(f">{count}i", tag, 8)
    if tag[:4] != kind or any(abs(value) >= _NUMBER_MAX for value in values):
        raise ValueError(kind)
    return kind + struct.pack(f">4x{count}i", *values)


def _curve(tag: bytes) -> bytes:
    if tag[:4] == b"para":
        [function] = struct.unpack_from(">H", tag, 8)
        count = _PARAMETERS[function]
        values = struct.unpack_from(f">{count}i", tag, 12)
        if any(abs(value) >= _NUMBER_MAX for value in values):
            raise ValueError(function)
        return struct.pack(f">4s4xH2x{count}i", b"para", function, *values)
    [count] = struct.unpack_from(">I", tag, 8)
    if tag[:4] != b"curv" or count > _POINTS_MAX:
        raise ValueError(count)
    points = struct.unpack_from(f">{count}H", tag, 12)
    if list(points) != sorted(points):  # what does not rise is no curve of brightness, and may be a text
        raise ValueError(count)
    return struct.pack(f">4s4xI{count}H", b"curv", count, *points)


def _built(profile: bytes, space: bytes, kept: dict[bytes, bytes]) -> bytes:
    major = profile[8]
    tags = {b"desc": _text(_NAMES[space], major), b"cprt": _text("-", major, plain=True)} | kept
    start = _HEADER + 4 + 12 * len(tags)
    places: dict[bytes, int] = {}
    table, body = b"", b""
    for name, tag in tags.items():
        if tag not in places:  # the three curves are often one
            places[tag] = start + len(body)
            body += tag + bytes(-len(tag) % 4)
        table += struct.pack(">4sII", name, places[tag], len(tag))
    header = struct.pack(
        ">I4xI4s4s4s6H4s4x4x4x4x8xI12s48x",
        *(start + len(body), (major << 24) | 0x400000, b"mntr", space, profile[20:24]),
        *(2000, 1, 1, 0, 0, 0),
        *(b"acsp", profile[67] & 3, _D50),
    )
    return header + struct.pack(">I", len(tags)) + table + body


def _text(words: str, major: int, *, plain: bool = False) -> bytes:
    if major == 4:  # noqa: PLR2004 - the version
        data = words.encode("utf-16-be")
        return struct.pack(">4s4xII2s2sII", b"mluc", 1, 12, b"en", b"US", len(data), 28) + data
    data = words.encode() + b"\0"
    return b"text" + bytes(4) + data if plain else struct.pack(">4s4xI", b"desc", len(data)) + data + bytes(78)
