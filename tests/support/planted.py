"""Files of pictures in which something is hidden: one function for each place where a format has room for it.

Each takes a file that Pillow has just written, and what is to be hidden (at least eight bytes), and gives the file with it.
"""

import io
import struct
import zlib
from collections.abc import Callable, Mapping

from PIL import Image, ImageCms

Plant = Callable[[bytes, bytes], bytes]


def profile(words: bytes) -> bytes:
    """An sRGB profile with ``words`` in place of its name, in a text of its own, and between its parts."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    [count] = struct.unpack_from(">I", made, 128)
    end = 132 + 12 * count
    entries = [struct.unpack_from(">4sII", made, 132 + 12 * index) for index in range(count)]
    hidden = b"text" + bytes(4) + words
    name = words.decode("latin-1").encode("utf-16-be")
    named = struct.pack(">4s4xII2s2sII", b"mluc", 1, 12, b"zh", b"CN", len(name), 28) + name
    moved = 12  # one entry more
    table, body = b"", made[end:]
    for tag, at, size in entries:
        if tag == b"desc":
            table += struct.pack(">4sII", tag, end + moved + len(body), len(named))
            body += named + bytes(-len(named) % 4)
        else:
            table += struct.pack(">4sII", tag, at + moved, size)
    table += struct.pack(">4sII", b"priv", end + moved + len(body), len(hidden))
    whole = made[:128] + struct.pack(">I", count + 1) + table + body + hidden
    return struct.pack(">I", len(whole)) + whole[4:48] + words[:4] + whole[52:]


# JPEG


def segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def _in_front(piece: Callable[[bytes], bytes]) -> Plant:
    return lambda data, words: data[:2] + piece(words) + data[2:]


def _at(sign: bytes, piece: Callable[[bytes], bytes]) -> Plant:
    def plant(data: bytes, words: bytes) -> bytes:
        at = data.index(sign)
        return data[:at] + piece(words) + data[at:]

    return plant


def _exif(words: bytes) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = words.decode("latin-1")
    exif.get_ifd(0x8825)[29] = words.decode("latin-1")
    exif.get_ifd(0x8769)[0x927C] = words
    return bytes(exif.tobytes()) + words  # a preview hangs on behind the directories


def _second_picture(data: bytes, words: bytes) -> bytes:
    second = io.BytesIO()
    Image.new("RGB", (8, 8)).save(second, "JPEG", comment=words)
    return data[:2] + segment(0xE2, b"MPF\0" + words) + data[2:] + second.getvalue()


def _jfif(data: bytes, words: bytes) -> bytes:
    size = struct.unpack(">H", data[4:6])[0]
    count = -(-len(words) // 3)
    head = b"JFIF\0\x01\x02\x01\x00\x48\x00\x48" + bytes((count, 1))
    return data[:2] + segment(0xE0, head + words.ljust(3 * count, b"!")) + data[4 + size :]


def _profile_segments(words: bytes) -> bytes:
    whole = profile(words)
    return b"".join(
        segment(0xE2, b"ICC_PROFILE\0" + bytes((number, 2)) + part)
        for number, part in ((1, whole[:100]), (2, whole[100:]))
    )


JPEG: Mapping[str, Plant] = {
    **{f"app{number}": _in_front(lambda words, n=number: segment(0xE0 + n, words)) for number in range(16)},  # type: ignore[misc]
    "comment": _in_front(lambda words: segment(0xFE, words)),
    "comment before the scan": _at(b"\xff\xda", lambda words: segment(0xFE, words)),
    "exif": _in_front(lambda words: segment(0xE1, _exif(words))),
    "xmp": _in_front(lambda words: segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>" + words)),
    "more xmp": _in_front(lambda words: segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + bytes(40) + words)),
    "photoshop": _in_front(lambda words: segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x20" + words)),
    "adobe": _in_front(lambda words: segment(0xEE, b"Adobe\x00\x64\x00\x00\x00\x00\x01" + words)),
    "adobe's flags": _in_front(lambda words: segment(0xEE, b"Adobe" + words[:6] + b"\x01" + words)),
    "thumbnail": _jfif,
    "another thumbnail": _in_front(lambda words: segment(0xE0, b"JFXX\0\x10" + words)),
    "profile": _in_front(_profile_segments),
    "second picture": _second_picture,
    "an unused table": _at(b"\xff\xc0", lambda words: segment(0xDB, b"\3" + words.ljust(64, b"!")[:64])),
    "an unused code": _at(b"\xff\xda", lambda _: segment(0xC4, b"\3\1" + bytes(15) + b"\0")),
    "between segments": _at(b"\xff\xdb", lambda words: words),
    "before the end": lambda data, words: data[:-2] + words + data[-2:],
    "behind the end": lambda data, words: data + words,
}

# PNG


def chunk(name: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", zlib.crc32(name + payload))


def _early(piece: Callable[[bytes], bytes]) -> Plant:
    return lambda data, words: data[:33] + piece(words) + data[33:]


def _late(piece: Callable[[bytes], bytes]) -> Plant:
    return lambda data, words: data[:-12] + piece(words) + data[-12:]


def _behind_the_rows(data: bytes, words: bytes) -> bytes:
    """In the last piece of compressed data, behind their end."""
    at = data.rindex(b"IDAT")
    size = struct.unpack(">I", data[at - 4 : at])[0]
    return data[: at - 4] + chunk(b"IDAT", data[at + 4 : at + 4 + size] + words) + data[at + 8 + size :]


PNG: Mapping[str, Plant] = {
    "text": _early(lambda words: chunk(b"tEXt", b"Comment\0" + words)),
    "name of a text": _late(lambda words: chunk(b"tEXt", words + b"\0x")),
    "packed text": _late(lambda words: chunk(b"zTXt", b"Comment\0\0" + zlib.compress(words))),
    "text of another language": _early(lambda words: chunk(b"iTXt", b"Title\0\0\0zh\0" + words + b"\0" + words)),
    "packed text of another language": _early(lambda words: chunk(b"iTXt", b"T\0\1\0\0\0" + zlib.compress(words))),
    "xmp": _early(lambda words: chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x>" + words)),
    "raw profile": _early(
        lambda words: chunk(b"tEXt", b"Raw profile type exif\0\nexif\n 9\n" + words.hex().encode() + b"\n" + words)
    ),
    "exif": _early(lambda words: chunk(b"eXIf", _exif(words)[6:])),
    "time": _late(lambda words: chunk(b"tIME", words[:7])),
    "private": _early(lambda words: chunk(b"prVt", words)),
    "credentials": _early(lambda words: chunk(b"caBX", words)),
    "private at the end": _late(lambda words: chunk(b"zzZz", words)),
    "palette that nobody follows": _early(lambda words: chunk(b"sPLT", words + b"\0\x08")),
    "profile": _early(lambda words: chunk(b"iCCP", words[:70] + b"\0\0" + zlib.compress(profile(words), 0))),
    "behind the rows": _behind_the_rows,
    "behind the end": lambda data, words: data + words,
}

# GIF


def blocked(data: bytes) -> bytes:
    parts = [data[at : at + 255] for at in range(0, len(data), 255)]
    return b"".join(bytes((len(part),)) + part for part in parts) + b"\0"


def gif_head(data: bytes) -> int:
    """Where the blocks begin."""
    return 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)


def _first(piece: Callable[[bytes], bytes]) -> Plant:
    return lambda data, words: data[: gif_head(data)] + piece(words) + data[gif_head(data) :]


GIF: Mapping[str, Plant] = {
    "comment": _first(lambda words: b"\x21\xfe" + blocked(words)),
    "comment at the end": lambda data, words: data[:-1] + b"\x21\xfe" + blocked(words) + data[-1:],
    "application": _first(lambda words: b"\x21\xff\x0bSECRETS 1.0" + blocked(words)),
    "xmp": _first(lambda words: b"\x21\xff\x0bXMP DataXMP<x>" + words + b"\x01" + bytes(range(255, -1, -1)) + b"\0\0"),
    "more repeats": _first(lambda words: b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x03\0" + blocked(words)),
    "plain text": _first(lambda words: b"\x21\x01\x0c" + bytes(12) + blocked(words)),
    "unknown": _first(lambda words: b"\x21\x77" + blocked(words)),
    "behind the codes": lambda data, words: data[:-2] + blocked(words) + data[-1:],
    "behind the end": lambda data, words: data + words,
}

# WebP


def riff_chunk(name: bytes, payload: bytes) -> bytes:
    return name + struct.pack("<I", len(payload)) + payload + bytes(len(payload) % 2)


def riff_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 12
    while at < len(data):
        size = struct.unpack("<I", data[at + 4 : at + 8])[0]
        found.append((data[at : at + 4], data[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return found


def riff(chunks: list[tuple[bytes, bytes]]) -> bytes:
    content = b"".join(riff_chunk(*each) for each in chunks)
    return b"RIFF" + struct.pack("<I", len(content) + 4) + b"WEBP" + content


def _with(name: bytes, payload: Callable[[bytes], bytes], *, first: bool = False) -> Plant:
    def plant(data: bytes, words: bytes) -> bytes:
        chunks = riff_chunks(data)
        if chunks[0][0] != b"VP8X":
            with Image.open(io.BytesIO(data)) as image:
                width, height = image.size
            canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
            chunks.insert(0, (b"VP8X", b"\x2c\0\0\0" + canvas))
        chunks.insert(1 if first else len(chunks), (name, payload(words)))
        return riff(chunks)

    return plant


def _in_the_last(data: bytes, words: bytes) -> bytes:
    chunks = riff_chunks(data)
    name, payload = chunks[-1]
    if name == b"ANMF":
        [*others, (inner, picture)] = riff_chunks(bytes(12) + payload[16:])
        payload = payload[:16] + b"".join(riff_chunk(*each) for each in (*others, (inner, picture + words)))
    else:
        payload += words
    return riff([*chunks[:-1], (name, payload)])


def _in_a_frame(data: bytes, words: bytes) -> bytes:
    chunks = riff_chunks(data)
    name, payload = chunks[-1]
    if name != b"ANMF":
        return _with(b"junk", bytes)(data, words)
    return riff([*chunks[:-1], (name, payload + riff_chunk(b"junk", words))])


WEBP: Mapping[str, Plant] = {
    "exif": _with(b"EXIF", lambda words: _exif(words)[6:]),
    "xmp": _with(b"XMP ", lambda words: b"<x>" + words),
    "unknown": _with(b"junk", bytes),
    "unknown in front": _with(b"abcd", bytes, first=True),
    "profile": _with(b"ICCP", profile, first=True),
    "in a frame": _in_a_frame,
    "in the compressed data": _in_the_last,
    "behind the end": lambda data, words: data + words,
}


def webp_exif(data: bytes, comment: bytes) -> bytes:
    """With a comment and nothing else in its EXIF."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = comment
    return _with(b"EXIF", lambda _: bytes(exif.tobytes())[6:])(data, b"")


PLACES: Mapping[str, Mapping[str, Plant]] = {"JPEG": JPEG, "PNG": PNG, "GIF": GIF, "WEBP": WEBP}
