"""Pictures of the document: as large as they are, as the author wrote, or as the page allows."""

from pathlib import Path
from typing import Final

from xuanfa.documents.word import xml

#: What Word shows, by the ending of the file.
IMAGES: Final = {".jpg": "image/jpeg", ".png": "image/png", ".gif": "image/gif"}
#: English Metric Units: 360 000 in a centimetre, 9525 in a pixel of 96 to the inch.
_WIDTH_MAX, _HEIGHT_MAX, _PIXEL = 5_400_000, 6_480_000, 9525
_IN_CELL: Final = 1_600_000
_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006"
_INLINE: Final = (
    '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/><wp:docPr id="{number}" name="{name}" '
    'descr={alt}/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
    '<pic:cNvPr id="{number}" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{name}"/><a:stretch>'
    '<a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm><a:prstGeom prst="rect">'
    "<a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
)
#: The names that a document with pictures declares, besides its own.
NAMESPACES: Final = (
    f'xmlns:wp="{_DRAWING}/wordprocessingDrawing" xmlns:a="{_DRAWING}/main" xmlns:pic="{_DRAWING}/picture"'
)


def readable(path: Path) -> tuple[bytes, tuple[int, int]] | None:
    """The bytes of a picture and its size in pixels; ``None`` where Word would not show it."""
    if path.suffix.lower() not in IMAGES or not path.is_file():
        return None
    data = path.read_bytes()
    size = _size(data)
    return None if size is None else (data, size)


def drawn(size: tuple[int, int], width: str, *, number: int, name: str, alt: str, in_cell: bool) -> str:
    """The run that shows a picture; ``width`` is what the author wrote, in pixels or percent of the line, or empty."""
    most = _IN_CELL if in_cell else _WIDTH_MAX
    wanted = size[0] * _PIXEL
    if width.endswith("%"):
        wanted = most * min(100, int(width[:-1])) // 100
    elif width.isdecimal():
        wanted = int(width) * _PIXEL
    scale = min(max(wanted, _PIXEL), most, _HEIGHT_MAX * size[0] / size[1]) / size[0]
    extent = f'cx="{max(1, round(size[0] * scale))}" cy="{max(1, round(size[1] * scale))}"'
    return _INLINE.format(extent=extent, number=number, name=name, alt=xml.attribute(alt))


def _size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, GIF or JPEG, from its header."""
    if data.startswith(b"\x89PNG"):
        return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    if data.startswith(b"GIF8"):
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    at = 2
    while data.startswith(b"\xff\xd8") and at + 9 < len(data) and data[at] == 0xFF:  # noqa: PLR2004 - a marker, ITU-T T.81
        if data[at + 1] in _FRAMES:
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return None


#: JPEG markers of a frame's header (SOF0 … SOF15 without DHT, JPG and DAC; ITU-T T.81, table B.1).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
