"""A Word document of the article, in the form of official documents: title centred in 2号, text in 三号仿宋, lines of 28 points.

Written by hand: seven small files in a zip (ECMA-376, WordprocessingML), so that no library has to be installed for them.
"""

import io
import zipfile
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote
from xml.sax.saxutils import escape, quoteattr

_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
#: English Metric Units: 360 000 in a centimetre, 9525 in a pixel of 96 to the inch.
_WIDTH_MAX, _HEIGHT_MAX, _PIXEL = 5_400_000, 6_480_000, 9525
#: A fixed time, so that the same article gives the same bytes.
_TIME: Final = (1980, 1, 1, 0, 0, 0)

_BOLD = frozenset({"strong", "b", "th"})
_ITALIC = frozenset({"em", "i"})
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_BLOCKS = (
    frozenset({"p", "li", "blockquote", "figure", "figcaption", "pre", "div", "section", "caption", "hr"}) | _HEADINGS
)
_CELLS = frozenset({"td", "th"})


def document(title: str, byline: str, body: str, folder: Path) -> bytes:
    """The .docx. Pictures that ``body`` names are read from ``folder``; those that Word does not show are left out."""
    writer = _Writer(folder)
    writer.paragraph("Title", escape(title))
    if byline:
        writer.paragraph("Byline", escape(byline))
    writer.feed(body)
    writer.close()
    parts: dict[str, bytes] = {
        "[Content_Types].xml": _TYPES.encode(),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "word/document.xml")}),
        "word/document.xml": writer.document().encode(),
        "word/styles.xml": _STYLES.encode(),
        "word/_rels/document.xml.rels": _relations(
            {"rId0": ("styles", "styles.xml")}
            | {name: ("image", f"media/{name}{end}") for name, (end, _) in writer.media.items()}
        ),
        **{f"word/media/{name}{end}": data for name, (end, data) in writer.media.items()},
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in parts.items():
            pack.writestr(zipfile.ZipInfo(name, _TIME), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


class _Writer(HTMLParser):
    """Sanitised HTML into paragraphs and tables."""

    def __init__(self, folder: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.media: dict[str, tuple[str, bytes]] = {}
        self._folder = folder
        self._out: list[str] = []
        self._runs: list[str] = []
        self._open: list[str] = []
        self._lists: list[int | None] = []
        self._mark = ""
        self._cell: list[str] | None = None

    def document(self) -> str:
        """The whole document."""
        self._flush()
        return (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{_W}" xmlns:r="{_R}" '
            f'xmlns:wp="{_DRAWING}/wordprocessingDrawing" xmlns:a="{_DRAWING}/main" xmlns:pic="{_DRAWING}/picture"><w:body>'
            f'{"".join(self._out)}<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
            '<w:pgMar w:top="2098" w:right="1474" w:bottom="1985" w:left="1588" w:header="851" w:footer="992" w:gutter="0"/>'
            "</w:sectPr></w:body></w:document>"
        )

    def paragraph(self, style: str, text: str = "", runs: str = "") -> None:
        """One paragraph of ``text`` (escaped) or of ready ``runs``."""
        inside = runs or f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'
        xml = f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{inside}</w:p>'
        (self._out if self._cell is None else self._cell).append(xml)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _BLOCKS or tag in {"ul", "ol", "table", "tr"}:
            self._flush()
        match tag:
            case "ul" | "ol":
                self._lists.append(int(given.get("start") or 1) if tag == "ol" else None)
            case "li":
                self._mark = self._next_mark()
            case "br":
                self._runs.append("<w:r><w:br/></w:r>")
            case "img":
                self._picture(unquote(given.get("src") or ""), given.get("alt") or "")
            case "table":
                self._out.append(_TABLE)
            case "tr":
                self._out.append("<w:tr>")
            case "td" | "th":
                self._cell = []
            case _:
                pass
        if tag not in {"br", "img", "hr"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS or tag in {"ul", "ol"}:
            self._flush()
        if tag in _CELLS:
            self._end_cell()
        elif tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        elif tag == "tr":
            self._out.append("</w:tr>")
        elif tag == "table":
            self._out.append("</w:tbl>")
        if tag in self._open:
            del self._open[len(self._open) - 1 - self._open[::-1].index(tag)]

    def handle_data(self, data: str) -> None:
        text = data.replace("\n", " ") if "pre" not in self._open else data
        if not text.strip() and not self._runs:
            return
        form = ("<w:b/>" if _BOLD & set(self._open) else "") + ("<w:i/>" if _ITALIC & set(self._open) else "")
        look = f"<w:rPr>{form}</w:rPr>" if form else ""
        self._runs.append(f'<w:r>{look}<w:t xml:space="preserve">{escape(_clean(text))}</w:t></w:r>')

    def _next_mark(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "• "
        self._lists[-1] = number + 1
        return f"{number}. "

    def _flush(self) -> None:
        if not self._runs:
            return
        runs = "".join(self._runs)
        if self._mark:
            runs = f'<w:r><w:t xml:space="preserve">{self._mark}</w:t></w:r>{runs}'
        self._runs, self._mark = [], ""
        self.paragraph(self._style(), runs=runs)

    def _style(self) -> str:
        inside = set(self._open)
        if self._cell is not None:
            return "Cell"
        if inside & _HEADINGS:
            return "Heading1" if "h2" in inside else "Heading2"
        if inside & {"figcaption", "caption"}:
            return "Caption"
        return "Quote" if "blockquote" in inside else "Item" if "li" in inside else "Normal"

    def _end_cell(self) -> None:
        self._flush()
        inside = "".join(self._cell or ()) or "<w:p/>"
        self._cell = None
        self._out.append(f'<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/></w:tcPr>{inside}</w:tc>')

    def _picture(self, source: str, alt: str) -> None:
        path = self._folder / source
        end = path.suffix.lower()
        if end not in _IMAGES or not path.is_file():
            return
        data = path.read_bytes()
        size = _size(data)
        if size is None:
            return
        self._flush()
        number = len(self.media) + 1
        name = f"rId{number}"
        self.media[name] = (end, data)
        scale = min(1.0, _WIDTH_MAX / (size[0] * _PIXEL), _HEIGHT_MAX / (size[1] * _PIXEL))
        extent = f'cx="{round(size[0] * _PIXEL * scale)}" cy="{round(size[1] * _PIXEL * scale)}"'
        self.paragraph(
            "Picture", runs=_INLINE.format(extent=extent, number=number, name=name, alt=quoteattr(_clean(alt)))
        )


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


def _clean(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(character for character in text if character >= " " or character in "\t\n")


def _relations(targets: Mapping[str, tuple[str, str]]) -> bytes:
    rows = "".join(
        f'<Relationship Id="{name}" Type="{_R}/{kind}" Target="{to}"/>' for name, (kind, to) in targets.items()
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'
    ).encode()


def _style_of(name: str, title: str, paragraph: str, run: str) -> str:
    default = ' w:default="1"' if name == "Normal" else ""
    based = "" if name == "Normal" else '<w:basedOn w:val="Normal"/>'
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"{default}><w:name w:val="{title}"/>{based}'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _font(name: str, half_points: int, *, bold: bool = False) -> str:
    weight = "<w:b/>" if bold else ""
    return (
        f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{name}"/>{weight}'
        f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'
    )


_IMAGES: Final = {".jpg": "image/jpeg", ".png": "image/png", ".gif": "image/gif"}
_LINES: Final = '<w:spacing w:line="560" w:lineRule="exact"/>'
_FREE: Final = '<w:spacing w:before="120" w:after="120" w:line="240" w:lineRule="auto"/>'
_TWO: Final = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_NONE: Final = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
_MIDDLE: Final = '<w:jc w:val="center"/>'
_STYLES: Final = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:styles xmlns:w="{_W}">'
    + _style_of("Normal", "Normal", _LINES + _TWO + '<w:jc w:val="both"/>', _font("仿宋", 32))
    + _style_of(
        "Title",
        "Title",
        '<w:spacing w:before="240" w:after="240" w:line="700" w:lineRule="exact"/>' + _NONE + _MIDDLE,
        _font("方正小标宋简体", 44),
    )
    + _style_of("Byline", "Byline", _LINES + _NONE + _MIDDLE, _font("楷体", 28))
    + _style_of(
        "Heading1", "heading 1", "<w:keepNext/>" + _LINES + _TWO + '<w:outlineLvl w:val="0"/>', _font("黑体", 32)
    )
    + _style_of(
        "Heading2",
        "heading 2",
        "<w:keepNext/>" + _LINES + _TWO + '<w:outlineLvl w:val="1"/>',
        _font("楷体", 32, bold=True),
    )
    + _style_of("Item", "Item", _LINES + _TWO, _font("仿宋", 32))
    + _style_of(
        "Quote", "Quote", _LINES + '<w:ind w:left="640" w:firstLineChars="200" w:firstLine="640"/>', _font("楷体", 32)
    )
    + _style_of("Picture", "Picture", "<w:keepNext/>" + _FREE + _NONE + _MIDDLE, _font("仿宋", 32))
    + _style_of("Caption", "caption", _FREE + _NONE + _MIDDLE, _font("楷体", 24))
    + _style_of("Cell", "Cell", _FREE + _NONE, _font("仿宋", 24))
    + "</w:styles>"
)
_TABLE: Final = (
    '<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:jc w:val="center"/><w:tblBorders>'
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders></w:tblPr><w:tblGrid/>"
)
_INLINE: Final = (
    '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/><wp:docPr id="{number}" name="{name}" '
    'descr={alt}/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
    '<pic:cNvPr id="{number}" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{name}"/><a:stretch>'
    '<a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm><a:prstGeom prst="rect">'
    "<a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
)
_TYPES: Final = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + "".join(f'<Default Extension="{end[1:]}" ContentType="{kind}"/>' for end, kind in _IMAGES.items())
    + '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>'
)
