"""The marks of generated content (AIGC) in a picture's metadata: all that is kept when a picture is written anew.

GB 45438-2025 asks for a metadata field "AIGC" with JSON, and nobody may remove it (人工智能生成合成内容标识办法, in force 2025-09-01). It is found
as XMP property ``TC260:AIGC``, as a PNG text of that name, in a comment, or in EXIF's UserComment. Everything else goes: EXIF, XMP
and IPTC hold places, serial numbers and names.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from PIL.Image import Image

#: EXIF: the tag of the inner directory, and in it the comment (Exif 2.32, 4.6.3 and 4.6.5).
_EXIF_IFD, _USER_COMMENT = 0x8769, 0x9286
_NAME = b"AIGC"
_PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/">'
    "<TC260:AIGC>{value}</TC260:AIGC></rdf:Description></rdf:RDF></x:xmpmeta>"
)
_PROPERTY = re.compile(
    r"<(?P<tag>[\w.-]+:AIGC)\b[^>]*>(?P<element>.*?)</(?P=tag)\s*>|[\w.-]+:AIGC\s*=\s*(?P<quote>[\"'])(?P<attribute>.*?)(?P=quote)",
    re.DOTALL,
)
#: A GIF's packet: an application extension whose text stands unparted up to a trailer of 257 bytes (XMP specification, part 3).
_GIF_XMP = re.compile(rb"\x21\xff\x0bXMP DataXMP(?P<packet>.*?)\x01\xff\xfe\xfd", re.DOTALL)
#: What a camera or an editor writes beside the picture, by the name under which Pillow shows it.
_TRACES = frozenset({"exif", "xmp", "XML:com.adobe.xmp", "photoshop", "mp", "mpoffset"})


@dataclass(frozen=True, slots=True)
class Marks:
    """``text`` as a PNG text or a comment has it, ``comment`` with the eight bytes of its character code, ``xmp`` a whole packet."""

    text: str = ""
    comment: bytes = b""
    xmp: str = ""

    @property
    def user_comment(self) -> bytes:
        """For formats that know no text: the mark as an EXIF comment."""
        if self.comment or not self.text or self.xmp:
            return self.comment
        return b"UNICODE\0" + self.text.encode("utf-16-be")


NO_MARKS: Final = Marks()


def read_marks(image: "Image") -> Marks:
    """The marks of a loaded image."""
    info = image.info
    comment = image.getexif().get_ifd(_EXIF_IFD).get(_USER_COMMENT, b"")
    comment = comment.encode() if isinstance(comment, str) else bytes(comment)
    return Marks(text=_text(info), comment=comment if _speaks(comment) else b"", xmp=_xmp(_packets(image)))


def write_options(kind: str, marks: Marks) -> dict[str, Any]:
    """What Pillow's ``save`` is to be told for ``kind`` ("JPEG", "PNG", "WEBP", "GIF")."""
    match kind:
        case "PNG":
            return {"pnginfo": _png(marks)} | _exif(marks.comment)
        case "GIF":
            text = marks.text or marks.xmp or marks.comment.decode("latin-1")
            return {"comment": text.encode()} if text else {}
        case _:
            packet = {"xmp": marks.xmp.encode()} if marks.xmp else {}
            return packet | _exif(marks.user_comment)


def has_traces(image: "Image", marks: Marks) -> bool:
    """Whether metadata would be left out if the image were written anew."""
    info = image.info
    if any(packet != marks.xmp for packet in _packets(image)):
        return True
    exif = image.getexif()
    inner = set(exif.get_ifd(_EXIF_IFD))
    if set(exif) - {_EXIF_IFD} or inner - ({_USER_COMMENT} if marks.comment else set()):
        return True
    return any(name in info for name in _TRACES - {"exif", "xmp", "XML:com.adobe.xmp"}) or any(
        str(name).startswith("Raw profile type") for name in info
    )


def _text(info: dict[Any, Any]) -> str:
    text = info.get("AIGC")
    if isinstance(text, str) and text:
        return text
    comment = _decoded(info.get("comment", b""))
    return comment if "AIGC" in comment else ""


def _packets(image: "Image") -> list[str]:
    """The XMP packets. Pillow tells none of a GIF's, so that it is looked for in the file."""
    found = [image.info.get("xmp"), image.info.get("XML:com.adobe.xmp")]
    file = getattr(image, "_fp", None)
    if image.format == "GIF" and file is not None:
        at = file.tell()
        file.seek(0)
        found += [match["packet"] for match in _GIF_XMP.finditer(file.read())]
        file.seek(at)
    return [_decoded(packet) for packet in found if packet]


def _xmp(packets: list[str]) -> str:
    """A packet with nothing but the property, because the rest of the given one may tell the place."""
    found = next((found for packet in packets if (found := _PROPERTY.search(packet))), None)
    return _PACKET.format(value=found["element"] or found["attribute"] or "") if found else ""


def _decoded(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _speaks(comment: bytes) -> bool:
    return _NAME in comment.replace(b"\0", b"")  # UTF-16 has a NUL beside each letter


def _png(marks: Marks) -> Any:
    from PIL.PngImagePlugin import PngInfo  # noqa: PLC0415 - heavy, and needed only where a picture is written

    chunks = PngInfo()
    if marks.text:
        chunks.add_itxt("AIGC", marks.text)
    if marks.xmp:
        chunks.add_itxt("XML:com.adobe.xmp", marks.xmp)
    return chunks


def _exif(comment: bytes) -> dict[str, Any]:
    from PIL.Image import Exif  # noqa: PLC0415 - as above

    if not comment:
        return {}
    exif = Exif()
    exif.get_ifd(_EXIF_IFD)[_USER_COMMENT] = comment
    return {"exif": exif.tobytes()}
