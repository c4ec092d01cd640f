"""The paragraphs of a Word document: its runs as spans, with what is asked about on the way."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final
from xml.etree.ElementTree import Element

from xuanfa.content.reading.word.objects import called
from xuanfa.content.reading.word.questions import Questions, Where
from xuanfa.content.reading.word.spans import BREAK, Span, merged, plain
from xuanfa.content.reading.word.styles import Label, Look, Numbering, Style, Styles, is_on, is_shaded, left_of, value
from xuanfa.documents.office.package import Relation

#: What Word says of a picture that nobody has described, and names that cameras and programs give.
_NO_WORDS: Final = re.compile(
    r"(?i).*\.(?:jpe?g|png|gif|bmp|webp|tiff?|heic)|.*[\\/].*|(?:img|dsc|mmexport|wx_camera)[-_]?\d+|微信图片_?\d+.*|图片\s*\d*|picture\s*\d*|image\s*\d*"
)
_MADE_UP: Final = re.compile(
    r"[\s。]*(?:描述已自动生成|已自动生成说明|Description automatically generated).*$", re.DOTALL
)
_LINK: Final = re.compile(r'HYPERLINK\s+"([^"]+)"', re.IGNORECASE)
_TAKEN: Final = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
#: Properties whose presence tells of a change that nobody has accepted.
_CHANGED: Final = frozenset(
    {"rPrChange", "pPrChange", "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange", "numberingChange"}
)
#: Elements that only hold others.
_HOLDERS: Final = frozenset({"sdt", "smartTag", "customXml", "dir", "bdo", "sdtContent"})
_EMBEDDED: Final = frozenset(
    {"object", "OLEObject", "control", "altChunk", "subDoc", "contentPart", "oMath", "oMathPara"}
)
_CHARTS: Final = frozenset({"chart", "relIds", "contentPart"})
#: Private signs of Symbol fonts that stand for a tick, a box and a dot.
_SYMBOLS: Final = {
    "F0FC": "✓",
    "F0FE": "☑",
    "F0A8": "□",
    "F06F": "□",
    "F052": "☑",
    "F0B7": "•",
    "F0D8": "▶",
    "F06C": "●",
    "F06E": "■",
}
_LARGE: Final = 36
#: The names of the styles of lists, with their depth.
_LISTED: Final = re.compile(r"(?:list (?:bullet|number)|列表项目符号|列表编号)\s*([2-9])?")
_HEADINGS: Final = re.compile(r"(?:heading|标题)\s*([1-9])")
_LEVELS_MAX: Final = 9


@dataclass(slots=True)
class Paragraph:
    """A paragraph as it is read: what it says, and what it looks like."""

    spans: list[Span]
    number: int
    #: From 1; 0 where it is no heading.
    heading: int = 0
    is_title: bool = False
    is_caption: bool = False
    align: str = ""
    #: Half points, of the largest text; and its typefaces.
    size: int = 0
    fonts: frozenset[str] = frozenset()
    is_bold: bool = False
    is_red: bool = False
    label: Label | None = None

    @property
    def words(self) -> str:
        """What it says."""
        return plain(self.spans)

    @property
    def pictures(self) -> list[Span]:
        """Its pictures, where it holds nothing else."""
        found = [span for span in self.spans if span.picture]
        return found if found and not self.words and not any(span.note for span in self.spans) else []

    @property
    def is_large(self) -> bool:
        """Whether it looks as titles do."""
        return self.align == "center" and (self.size >= _LARGE or any("小标宋" in font for font in self.fonts))


@dataclass(slots=True)
class _Field:
    code: str = ""
    shows: bool = False


@dataclass(slots=True)
class Walk:
    """What reading paragraphs needs and notes."""

    styles: Styles
    numbering: Numbering
    relations: Mapping[str, Relation]
    comments: Mapping[str, str]
    #: Takes a part that holds a picture, or an address, and gives the name by which the text refers to it.
    picture: Callable[[Relation], str]
    #: Counts a note of the document (kind, id) and gives its name in the text.
    note: Callable[[str, str], str]
    questions: Questions
    where: Where
    #: What was left out and stops nothing.
    left_out: dict[str, int] = field(default_factory=dict)
    #: Whether a cell with a colour of its own lies behind what is read.
    is_shaded: bool = False
    #: What the style of the table says of paragraphs of the cell that is read, the nearest first; their own styles go before it.
    by_table: Sequence[Element | None] = ()
    _fields: list[_Field] = field(default_factory=list)

    def paragraph(self, element: Element) -> Paragraph:
        """Read one."""
        self.where.paragraph += 1
        self.where.text = partial(_text, element)
        properties = element.find("pPr")
        styles = self.styles.of_paragraph(properties)
        self._ask_about(properties)
        chain = [properties, *(style.paragraph for style in styles)]
        look = _Looks(
            is_shaded=self.is_shaded or any(is_shaded(each.find("shd")) for each in chain if each is not None)
        )
        spans = merged(self._inline(element, [style.run for style in styles], "", look))
        names = [style.name for style in styles[:1]]
        return Paragraph(
            spans=spans,
            number=self.where.paragraph,
            heading=_heading(chain, [style.name for style in styles]),
            is_title=any(name in {"title", "标题", "文章标题"} for name in names),
            is_caption=any(name in {"caption", "题注", "figure", "illustration"} for name in names),
            align=side_of([*chain, *self.by_table]),
            size=look.size,
            fonts=frozenset(look.fonts),
            is_bold=bool(look.bold) and all(look.bold),
            is_red=bool(look.red) and all(look.red),
            label=self._label(chain, styles),
        )

    def _label(self, chain: list[Element | None], styles: list[Style]) -> Label | None:
        number, level = "", ""
        for each in chain:
            held = None if each is None else each.find("numPr")
            number = number or value(held, "numId")
            level = level or value(held, "ilvl")
        if number in {"", "0"}:
            return None
        label = self.numbering.label(
            number, int(level[:2]) if level.isdecimal() else None, [style.id for style in styles]
        )
        if label is None:
            return None
        depth = next((int(match[1] or 1) - 1 for style in styles if (match := _LISTED.fullmatch(style.name))), None)
        return replace(label, left=_left(chain, label.left), depth=depth)

    def _ask_about(self, properties: Element | None) -> None:
        """Changes of the paragraph itself: its form, its mark, the section that ends with it."""
        for each in properties.iter() if properties is not None else ():
            if each.tag in _CHANGED or each.tag in {"ins", "del", "moveFrom", "moveTo"}:
                self.questions.ask("change")

    def _inline(self, parent: Element, styles: list[Element | None], link: str, look: "_Looks") -> Iterator[Span]:
        for each in parent:
            match each.tag:
                case "r":
                    yield from self._run(each, styles, link, look)
                case "hyperlink":
                    yield from self._inline(each, styles, self._address(each) or link, look)
                case "ins" | "moveTo":
                    self.questions.ask("change", _text(each))
                    yield from self._inline(each, styles, link, look)
                case "del" | "moveFrom":
                    self.questions.ask("change", _text(each))
                case "fldSimple":
                    code = _LINK.search(each.get("instr", ""))
                    yield from self._inline(each, styles, self._known(code[1]) if code else link, look)
                case "AlternateContent":
                    yield from self._inline(_choice(each), styles, link, look)
                case name if name in _HOLDERS:
                    yield from self._inline(each, styles, link, look)
                case name if name in _EMBEDDED:
                    self.questions.ask("object", _text(each), called(each, self.relations))
                case _:
                    pass

    def _address(self, element: Element) -> str:
        relation = self.relations.get(element.get("r:id", ""))
        return self._known(relation.target) if relation is not None and relation.is_outside else ""

    def _known(self, address: str) -> str:
        """An address that may be published; any other leads to somebody's own machine, and only its words stay."""
        if _TAKEN.match(address):
            return address
        if not address.startswith("#"):
            self._leave("link")
        return ""

    def _leave(self, what: str) -> None:
        self.left_out[what] = self.left_out.get(what, 0) + 1

    def _run(self, run: Element, styles: list[Element | None], link: str, looks: "_Looks") -> Iterator[Span]:
        properties = run.find("rPr")
        if properties is not None and properties.find("rPrChange") is not None:
            self.questions.ask("change", _text(run))
        named = [style.run for style in self.styles.chain(value(properties, "rStyle"))]
        look = self.styles.look([properties, *named, *styles])
        for each in run:
            yield from self._part(each, look, self._field_link() or link, looks)

    def _part(self, part: Element, look: Look, link: str, looks: "_Looks") -> Iterator[Span]:
        match part.tag:
            case "t" | "tab" | "ptab" | "cr" | "br" | "noBreakHyphen" | "sym" | "ruby":
                yield from self._said(_written(part), look, link, looks)
            case "fldChar":
                self._turn(part.get("fldCharType", ""))
            case "instrText":
                if self._fields and not self._fields[-1].shows:
                    self._fields[-1].code += part.text or ""
            case "footnoteReference" | "endnoteReference":
                if not self._is_code() and part.get("customMarkFollows", "0") in {"0", "false"}:
                    yield Span(note=self.note(part.tag[:-9], part.get("id", "")))
            case "commentReference":
                self.questions.ask("comment", self.comments.get(part.get("id", ""), ""))
            case "lastRenderedPageBreak":
                self.where.page += 1
                self.where.knows_pages = True
            case "AlternateContent":
                for each in _choice(part):
                    yield from self._part(each, look, link, looks)
            case _:
                yield from self._drawn(part, look)

    def _drawn(self, part: Element, look: Look) -> Iterator[Span]:
        if part.tag == "drawing":
            yield from self._drawing(part, look)
        elif part.tag == "pict":
            yield from self._old_drawing(part, look)
        elif part.tag in _EMBEDDED:
            self.questions.ask("object", _text(part), called(part, self.relations))

    def _said(self, text: str, look: Look, link: str, looks: "_Looks") -> Iterator[Span]:
        if not text or self._is_code():
            return
        if look.hidden:
            if text.strip():
                self.questions.ask("hidden", text)
            return
        if text.strip() and replace(look, is_shaded=look.is_shaded or looks.is_shaded).is_unseen:
            self.questions.ask("unseen", text)
            return
        if text.strip():
            looks.note(look)
        if look.underline and not text.strip() and BREAK not in text:
            text, underline = "_" * len(text), False  # a line to be written on
        else:
            underline = bool(look.underline)
        yield Span(
            text=text,
            bold=bool(look.bold),
            italic=bool(look.italic),
            strike=bool(look.strike),
            underline=underline,
            script=look.script or "",
            link=link,
        )

    def _turn(self, kind: str) -> None:
        """A field begins, shows what follows, or ends."""
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].shows = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _is_code(self) -> bool:
        return any(not each.shows for each in self._fields)

    def _field_link(self) -> str:
        codes = (_LINK.search(each.code) for each in reversed(self._fields) if each.shows)
        found = next((code[1] for code in codes if code), "")
        return self._known(found) if found else ""

    def _drawing(self, drawing: Element, look: Look) -> Iterator[Span]:
        if boxed := _boxed(drawing):
            self.questions.ask("box", boxed)
        if any(each.tag in _CHARTS for each in drawing.iter()):
            self.questions.ask("object", _described(drawing), called(drawing, self.relations))
        found = False
        for blip in drawing.iter("blip"):
            found = True
            yield from self._shown(
                blip.get("r:embed", "") or blip.get("r:link", ""), _described(drawing), look, drawing
            )
        if any(_is_cropped(each) for each in drawing.iter("srcRect")):
            self.questions.ask("crop", _described(drawing))
        if not found and not boxed:
            self._leave("shape")

    def _old_drawing(self, drawing: Element, look: Look) -> Iterator[Span]:
        """VML, as Word 2003 and WPS write it."""
        boxed = _boxed(drawing) or "".join(each.get("string", "") for each in drawing.iter("textpath"))
        if boxed:
            self.questions.ask("box", boxed)
        if any(each.tag == "OLEObject" for each in drawing.iter()):
            self.questions.ask("object", "", called(drawing, self.relations))
            return
        images = list(drawing.iter("imagedata"))
        for image in images:
            words = next(
                (each.get("alt", "") for each in drawing.iter("shape") if each.get("alt")), image.get("title", "")
            )
            if any(image.get(side, "0").strip("0f.") for side in ("cropleft", "cropright", "croptop", "cropbottom")):
                self.questions.ask("crop", words)
            yield from self._shown(image.get("r:id", "") or image.get("r:href", ""), words, look, drawing)
        if not images and not boxed:
            self._leave("shape")

    def _shown(self, reference: str, words: str, look: Look, drawing: Element) -> Iterator[Span]:
        relation = self.relations.get(reference)
        if relation is None:
            self._leave("picture")
            return
        if relation.is_outside:
            self.questions.ask("linked", relation.target)
            return
        is_hidden = any(is_on(each) for each in drawing.iter("docPr") if (each.get("hidden") or "0") in {"1", "true"})
        if look.hidden or is_hidden:
            self.questions.ask("hidden", words)
            return
        yield Span(picture=self.picture(relation), alt=_words_of(words))


@dataclass(slots=True)
class _Looks:
    """What all the text of a paragraph looks like, and whether it has a colour behind it."""

    is_shaded: bool = False
    size: int = 0
    fonts: set[str] = field(default_factory=set)
    bold: list[bool] = field(default_factory=list)
    red: list[bool] = field(default_factory=list)

    def note(self, look: Look) -> None:
        self.size = max(self.size, look.size or 0)
        self.bold.append(bool(look.bold))
        self.red.append(look.colour == "FF0000")
        if look.font:
            self.fonts.add(look.font)


def _heading(chain: list[Element | None], names: list[str]) -> int:
    for each in chain:
        level = value(each, "outlineLvl")
        if level:
            return int(level) + 1 if level.isdecimal() and int(level) < _LEVELS_MAX else 0
    return next((int(match[1]) for name in names if (match := _HEADINGS.fullmatch(name))), 0)


def _left(chain: list[Element | None], of_list: int | None) -> int | None:
    """Where the text begins: what is nearest counts, and the list's own indent stands behind what names the list (ECMA-376, 17.9.22)."""
    for each in chain:
        if (left := left_of(each)) is not None:
            return left
        if each is not None and each.find("numPr") is not None and of_list is not None:
            return of_list
    return of_list


def side_of(chain: Iterable[Element | None]) -> str:
    """On which side text stands, where properties say so, the nearest first; empty where it fills the line."""
    side = next((found for each in chain if (found := value(each, "jc"))), "")
    return {"left": "left", "start": "left", "center": "center", "right": "right", "end": "right"}.get(side, "")


def _written(part: Element) -> str:
    match part.tag:
        case "t":
            return part.text or ""
        case "br":
            return BREAK if part.get("type", "textWrapping") == "textWrapping" else ""
        case "cr":
            return BREAK
        case "noBreakHyphen":
            return "-"
        case "sym":
            code = part.get("char", "").upper()
            letter = int(code, 16) if re.fullmatch(r"[0-9A-F]{4}", code) else 0
            return _SYMBOLS.get(code, chr(letter) if 0 < letter < 0xD800 else "□")  # noqa: PLR2004 - surrogates and private signs
        case "ruby":
            base = part.find("rubyBase")
            return _text(base) if base is not None else ""
        case _:
            return " "


def _text(element: Element) -> str:
    """The words in an element, deleted ones too."""
    return "".join(each.text or "" for each in element.iter() if each.tag in {"t", "delText"})


def _boxed(drawing: Element) -> str:
    return "".join(_text(each) for each in drawing.iter("txbxContent")).strip()


def _described(drawing: Element) -> str:
    for each in drawing.iter("docPr"):
        return each.get("descr", "") or each.get("title", "")
    return ""


def _is_cropped(element: Element) -> bool:
    """More than a hundredth of it, in thousandths of a percent: programs round."""
    sides = (element.get(side, "0").rstrip("%") for side in "ltrb")
    return any(side.lstrip("-").isdecimal() and int(side) > 1_000 for side in sides)  # noqa: PLR2004


def _words_of(description: str) -> str:
    words = " ".join(_MADE_UP.sub("", description).split())
    return "" if _NO_WORDS.fullmatch(words) else words


def _choice(element: Element) -> Element:
    """What a program of today shows of alternatives."""
    found = element.find("Choice")
    if found is not None and len(found):
        return found
    other = element.find("Fallback")
    return other if other is not None else element
