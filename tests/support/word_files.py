"""Word documents as the tests make them: raw parts in a zip, so that they hold what no library writes."""

import io
import zipfile
from collections.abc import Mapping
from typing import Final

import openpyxl
from PIL import Image

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NAMES: Final = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def run(text: str, look: str = "") -> str:
    """A run of text with ready properties."""
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(content: str, properties: str = "") -> str:
    """A paragraph of plain text, or of ready runs."""
    inner = content if content.startswith("<") else run(content) if content else ""
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inner}</w:p>"


def title(text: str) -> str:
    """A title as official documents have it: 方正小标宋 of 22 points in the middle, and no style."""
    look = '<w:rFonts w:eastAsia="方正小标宋简体"/><w:sz w:val="44"/>'
    return paragraph(run(text, look), '<w:jc w:val="center"/>')


def table(*rows: tuple[str, ...]) -> str:
    """A table of texts, or of ready cells."""
    made = "".join(
        f"<w:tr>{''.join(cell if cell.startswith('<w:tc>') else f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{made}</w:tbl>"


def cell(text: str, properties: str) -> str:
    """A cell with ready properties."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def picture(reference: str = "rIdP", words: str = "", more: str = "", kind: str = "inline") -> str:
    """A run with a picture."""
    return (
        f'<w:r><w:drawing><wp:{kind}><wp:docPr id="1" name="图片 1" descr="{words}"/><a:graphic><a:graphicData><pic:pic><pic:blipFill>'
        f'<a:blip r:embed="{reference}"/>{more}</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:{kind}></w:drawing></w:r>'
    )


def png(width: int = 640, height: int = 400) -> bytes:
    """A small picture."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), (150, 30, 30)).save(file, "PNG")
    return file.getvalue()


def workbook() -> bytes:
    """A workbook of one empty sheet."""
    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    return file.getvalue()


def relations(*rows: tuple[str, str, str]) -> str:
    """A part of relations: id, kind, target; an address is outside."""
    made = "".join(
        f'<Relationship Id="{name}" Type="{R}/{kind}" Target="{to}"{" TargetMode=" + chr(34) + "External" + chr(34) if "://" in to else ""}/>'
        for name, kind, to in rows
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{made}</Relationships>'


def word(
    *blocks: str,
    parts: Mapping[str, str | bytes] | None = None,
    relate: tuple[tuple[str, str, str], ...] = (),
    main: str = "",
) -> bytes:
    """A document of these blocks. ``parts`` are further files by their names; ``relate`` leads to them."""
    body = main or f"<w:document {_NAMES}><w:body>{''.join(blocks)}<w:sectPr/></w:body></w:document>"
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": relations(
            ("rId1", "officeDocument", "word/document.xml"),
            ("rId2", "core-properties", "docProps/core.xml"),
            ("rId3", "custom-properties", "docProps/custom.xml"),
        ),
        "word/document.xml": body,
        "word/_rels/document.xml.rels": relations(*relate),
        **(parts or {}),
    }
    return zipped(files)


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip of these files, the same bytes whenever it is made."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in files.items():
            pack.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def part(root: str, inner: str) -> str:
    """A further part of WordprocessingML."""
    return f"<w:{root} {_NAMES}>{inner}</w:{root}>"


def core(inner: str) -> str:
    """The document's properties."""
    return (
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"{inner}</cp:coreProperties>"
    )
