"""What an office file or a PDF says besides its text: who wrote it and where, taken out where that can be done; and what else is hidden in it."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from xuanfa.documents.office.package import Package
from xuanfa.domain.language import say

_CORE: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties '
    b'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"/>'
)
_EXTENDED: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/{}"/>'
#: What stands in place of the properties of an office file.
_BARE: Final = {
    "docProps/core.xml": _CORE,
    "docProps/app.xml": _EXTENDED.format("extended-properties").encode(),
    "docProps/custom.xml": _EXTENDED.format("custom-properties").encode(),
}
_TIME: Final = (1980, 1, 1, 0, 0, 0)
_CHUNK: Final = 1_000_000
#: A picture within a document is looked at for its place up to this size. Bytes.
_PICTURE_MAX: Final = 20_000_000
_GPS: Final = 0x8825
_CALLS: Final = re.compile(r"(?i)\b(?:WEBSERVICE|RTD|DDE|CALL|REGISTER\.ID)\s*\(|\|'")
#: Names in a PDF's list of properties, as text or as hexadecimal.
_PDF_AUTHOR: Final = re.compile(
    rb"(/(?:Author|Company|Manager)\s*)(\((?:\\.|[^\\()]){0,500}\)|<[0-9A-Fa-f\s]{0,2000}>)"
)
_PDF_CREATORS: Final = re.compile(rb"<dc:creator>.{0,2000}?</dc:creator>", re.DOTALL)


@dataclass(slots=True)
class Cleaned:
    """The file as it may go out, and sentences on what is still in it."""

    data: bytes
    told: list[str] = field(default_factory=list)


def office(data: bytes) -> Cleaned:
    """A .docx, .xlsx or .pptx without its properties. Raises ContentError for what is none, or may not be opened."""
    package = Package(data)
    cleaned = Cleaned(_repacked(data))
    cleaned.told += _of_word(package)
    cleaned.told += _of_workbook(package)
    if any(_has_place(package, name) for name in sorted(package.names) if name.lower().endswith((".jpg", ".jpeg"))):
        cleaned.told.append(
            say(
                "里面的照片带有拍摄地点，请在 Word 里压缩图片后再保存",
                "pictures in it say where they were taken; compress them in Word and save it again",
            )
        )
    if any(name.endswith("vbaProject.bin") for name in package.names):
        cleaned.told.append(say("里面有宏", "it holds macros"))
    return cleaned


def _repacked(data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        for each in given.infolist():
            entry = zipfile.ZipInfo(each.filename, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            if each.filename in _BARE:
                pack.writestr(entry, _BARE[each.filename])
                continue
            with given.open(each) as source, pack.open(entry, "w") as target:
                while chunk := source.read(_CHUNK):
                    target.write(chunk)
    return made.getvalue()


def _of_word(package: Package) -> Iterator[str]:
    main = package.main()
    if not main.startswith("word/") or main not in package.names:
        return
    seen: set[str] = set()
    for piece in package.pieces(main, 2):
        seen |= {
            each.tag for each in piece.iter() if each.tag in {"ins", "del", "moveFrom", "commentReference", "vanish"}
        }
    for tags, zh, en in (
        (
            {"ins", "del", "moveFrom"},
            "里面有修订（含修订人姓名）",
            "it holds tracked changes, with the names of who made them",
        ),
        ({"commentReference"}, "里面有批注（含批注人姓名）", "it holds comments, with the names of who made them"),
        ({"vanish"}, "里面有隐藏文字", "it holds hidden text"),
    ):
        if seen & tags:
            yield say(zh, en)


def _of_workbook(package: Package) -> Iterator[str]:
    root = package.tree("xl/workbook.xml")
    hidden = (
        [each.get("name", "") for each in root.iter("sheet") if each.get("state", "visible") != "visible"]
        if root is not None
        else []
    )
    if hidden:
        yield say(
            "里面有隐藏的工作表：{names}", "it has hidden sheets: {names}", names=say("、", ", ").join(hidden[:5])
        )
    if any(name.startswith("xl/externalLinks/") or name == "xl/connections.xml" for name in package.names):
        yield say("里面引用了别的文件或网址", "it refers to other files or addresses")
    if any(_calls_out(package, name) for name in sorted(package.names) if name.startswith("xl/worksheets/sheet")):
        yield say("里面有会联网或运行程序的公式", "it holds formulas that call out")
    if any(name.startswith("xl/comments") for name in package.names):
        yield say("里面有批注（含批注人姓名）", "it holds comments, with the names of who made them")


def _calls_out(package: Package, name: str) -> bool:
    """Whether a formula asks something of the network or of another program."""
    texts = (each.text or "" for piece in package.pieces(name, 2) for each in piece.iter("f"))
    return any(_CALLS.search(text) for text in texts)


def _has_place(package: Package, name: str) -> bool:
    from PIL import Image  # noqa: PLC0415 - heavy, and needed only where a file has pictures

    try:
        with Image.open(io.BytesIO(package.read(name, _PICTURE_MAX))) as image:
            return bool(image.getexif().get_ifd(_GPS))
    except (
        OSError,
        ValueError,
        SyntaxError,
        KeyError,
        TypeError,
        IndexError,
        OverflowError,
        Image.DecompressionBombError,
    ):
        return False  # what cannot be read has no place that could be


def pdf(data: bytes) -> Cleaned:
    """A PDF whose author's name is overwritten where it stands as plain text; what is signed is left as it is, and told."""
    named = bool(_PDF_AUTHOR.search(data)) or bool(_PDF_CREATORS.search(data))
    told = say(
        "PDF 的属性里有作者，请另存时去掉“文档属性”", "the PDF names its author; export it again without properties"
    )
    if b"/Encrypt" in data[-4_000_000:] or b"/ByteRange" in data:
        return Cleaned(data, [told] if named else [])
    cleaned = _PDF_AUTHOR.sub(lambda match: match[1] + _blank(match[2]), data)
    cleaned = _PDF_CREATORS.sub(lambda match: b" " * len(match[0]), cleaned)
    return Cleaned(cleaned)


def _blank(value: bytes) -> bytes:
    """As long, so that everything else stays where it is."""
    if value.startswith(b"("):
        return b"(" + b" " * (len(value) - 2) + b")"
    return b"<" + b"0" * (len(value) - 2) + b">"
