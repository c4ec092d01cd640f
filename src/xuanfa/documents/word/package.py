"""The zip: which parts a document has, and how they refer to each other."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from xuanfa.documents.word import xml
from xuanfa.documents.word.pictures import IMAGES

_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
#: A fixed time in the zip, so that the same article gives the same bytes.
_TIME: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Properties:
    """What Word and file managers tell of the document; empty is left out. ``at`` is aware."""

    creator: str = ""
    subject: str = ""
    keywords: str = ""
    description: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part besides those that every document has: its file below ``word/``, what it is, and how the main part refers to it."""

    file: str
    data: str
    content_type: str
    relation: str
    name: str


def packed(
    main: str,
    styles: str,
    *,
    title: str,
    properties: Properties,
    media: Mapping[str, tuple[str, bytes]],
    links: Mapping[str, str] | None = None,
    parts: Sequence[Part] = (),
) -> bytes:
    """The .docx of a main part (``word/document.xml``) and its styles. ``media`` are pictures by the name under which the main part refers to
    them, with the ending of their files; ``links`` are names of relationships by address; ``parts`` are charts, footers and the like."""
    files: dict[str, bytes] = {
        "[Content_Types].xml": _types(parts).encode(),
        "_rels/.rels": _relations(
            {
                "rId1": (f"{_R}/officeDocument", "word/document.xml"),
                "rId2": (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
                "rId3": (f"{_R}/extended-properties", "docProps/app.xml"),
            }
        ),
        "docProps/core.xml": _core(title, properties).encode(),
        "docProps/app.xml": _APP.encode(),
        "word/document.xml": main.encode(),
        "word/styles.xml": styles.encode(),
        "word/_rels/document.xml.rels": _relations(
            {"rId0": (f"{_R}/styles", "styles.xml")}
            | {name: (f"{_R}/image", f"media/{name}{end}") for name, (end, _) in media.items()}
            | {part.name: (part.relation, part.file) for part in parts},
            {name: address for address, name in (links or {}).items()},
        ),
        **{f"word/media/{name}{end}": data for name, (end, data) in media.items()},
        **{f"word/{part.file}": part.data.encode() for part in parts},
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in files.items():
            pack.writestr(zipfile.ZipInfo(name, _TIME), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _relations(targets: Mapping[str, tuple[str, str]], outside: Mapping[str, str] | None = None) -> bytes:
    rows = [f'<Relationship Id="{name}" Type="{kind}" Target="{to}"/>' for name, (kind, to) in targets.items()]
    rows += [
        f'<Relationship Id="{name}" Type="{_R}/hyperlink" Target={xml.attribute(address)} TargetMode="External"/>'
        for name, address in (outside or {}).items()
    ]
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(rows)}</Relationships>'.encode()


def _core(title: str, properties: Properties) -> str:
    """docProps/core.xml (ECMA-376 part 2, section 11)."""
    texts = {
        "dc:title": title,
        "dc:subject": properties.subject,
        "dc:creator": properties.creator,
        "cp:keywords": properties.keywords,
        "dc:description": properties.description,
        "cp:lastModifiedBy": properties.creator,
    }
    rows = "".join(f"<{name}>{xml.text(value)}</{name}>" for name, value in texts.items() if value)
    if properties.at is not None:
        moment = f"{properties.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        rows += "".join(
            f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{name}>' for name in ("created", "modified")
        )
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{rows}<dc:language>zh-CN</dc:language></cp:coreProperties>"
    )


_APP: Final = (
    f'{_HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>xuanfa</Application></Properties>"
)
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPES: Final = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + "".join(f'<Default Extension="{end[1:]}" ContentType="{kind}"/>' for end, kind in IMAGES.items())
    + f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    '<Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>'
)


def _types(parts: Sequence[Part]) -> str:
    more = (f'<Override PartName="/word/{part.file}" ContentType="{part.content_type}"/>' for part in parts)
    return f"{_TYPES}{''.join(more)}</Types>"
