"""What the styles and the numbering of a Word document make of a paragraph: how it looks, and which number stands before it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from xml.etree.ElementTree import Element

from xuanfa.content.reading.word.numbers import counted

#: What Word says for "off" (ECMA-376, 22.9.2.7).
_OFF: Final = frozenset({"0", "false", "off", "none"})
#: Styles may be based on each other; no more steps than this are followed, so that a ring ends.
_STEPS_MAX: Final = 20
_LEVELS: Final = 9
#: Indents that differ by less are the same. Twentieths of a point.
_INDENT: Final = 180
#: Nobody reads text that is smaller (half points), narrower (percent), or as white as paper (each of red, green, blue).
_SMALLEST, _NARROWEST, _WHITE = 6, 10, 0xF0
_NO_FILL: Final = frozenset({"", "auto", "FFFFFF", "none", "white"})


def is_on(element: Element | None) -> bool:
    """Whether a switch is set."""
    return element is not None and element.get("val", "1").lower() not in _OFF


def value(parent: Element | None, name: str) -> str:
    """The value of a property; empty where there is none."""
    found = None if parent is None else parent.find(name)
    return "" if found is None else found.get("val", "")


@dataclass(slots=True)
class Style:
    """A style with the properties of its own."""

    id: str
    name: str
    based_on: str
    paragraph: Element | None
    run: Element | None
    #: Of a style of tables, what it says of paragraphs of a part of them (``firstRow``, ``lastCol`` …).
    parts: dict[str, Element | None] = field(default_factory=dict)


class Styles:
    """The styles of a document, by their ids."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Style] = {}
        self._default = ""
        self._run_default: Element | None = None
        self._shading: set[str] = set()
        if root is None:
            return
        self._run_default = root.find("docDefaults/rPrDefault/rPr")
        for each in root.iter("style"):
            style = Style(
                each.get("styleId", ""),
                value(each, "name").lower(),
                value(each, "basedOn"),
                each.find("pPr"),
                each.find("rPr"),
                {part.get("type", ""): part.find("pPr") for part in each.iter("tblStylePr")},
            )
            self._styles[style.id] = style
            if any(is_shaded(shade) for shade in each.iter("shd")):
                self._shading.add(style.id)
            if each.get("type") == "paragraph" and each.get("default", "0") in {"1", "true"}:
                self._default = style.id

    def chain(self, id_: str) -> Iterator[Style]:
        """A style and those that it is based on."""
        for _ in range(_STEPS_MAX):
            style = self._styles.get(id_)
            if style is None:
                return
            yield style
            id_ = style.based_on

    def shades(self, id_: str) -> bool:
        """Whether a style of tables puts a colour behind any of their cells."""
        return any(style.id in self._shading for style in self.chain(id_))

    def of_paragraph(self, properties: Element | None) -> list[Style]:
        """The styles of a paragraph, the nearest first."""
        return list(self.chain(value(properties, "pStyle") or self._default))

    def look(self, sources: Iterable[Element | None]) -> "Look":
        """What runs look like by properties, the nearest first."""
        look = Look()
        for each in [*sources, self._run_default]:
            if each is not None:
                look.fill(each)
        return look

    def runs_of(self, styles: Iterable[Style]) -> list[Element | None]:
        """The properties of runs that these styles set."""
        return [style.run for style in styles]


@dataclass(slots=True)
class Look:
    """How text looks. ``None`` is not said."""

    bold: bool | None = None
    italic: bool | None = None
    strike: bool | None = None
    underline: bool | None = None
    hidden: bool | None = None
    script: str | None = None
    #: Half points.
    size: int | None = None
    font: str | None = None
    colour: str | None = None
    #: Percent of a character's own width.
    width: int | None = None
    #: Whether something other than paper lies behind it.
    is_shaded: bool = False

    @property
    def is_unseen(self) -> bool:
        """Whether nobody sees it although it is not hidden: too small, too narrow, or white on white."""
        return (
            (self.size is not None and self.size < _SMALLEST)
            or (self.width is not None and self.width < _NARROWEST)
            or (_is_white(self.colour or "") and not self.is_shaded)
        )

    def fill(self, properties: Element) -> None:
        """Take what these properties say and nearer ones do not."""
        for each in properties:
            self._fill_ground(each)
            match each.tag:
                case "b" if self.bold is None:
                    self.bold = is_on(each)
                case "i" if self.italic is None:
                    self.italic = is_on(each)
                case "strike" | "dstrike" if self.strike is None:
                    self.strike = is_on(each)
                case "u" if self.underline is None:
                    self.underline = is_on(each)
                case "vanish" if self.hidden is None:
                    self.hidden = is_on(each)
                case "vertAlign" if self.script is None:
                    self.script = {"superscript": "sup", "subscript": "sub"}.get(each.get("val", ""), "")
                case "sz" if self.size is None and each.get("val", "").isdecimal():
                    self.size = int(each.get("val", "0")[:4])
                case "rFonts" if self.font is None and each.get("eastAsia"):
                    self.font = each.get("eastAsia")
                case "color" if self.colour is None:
                    self.colour = each.get("val", "").upper()
                case _:
                    pass

    def _fill_ground(self, property_: Element) -> None:
        """How wide it is, and what lies behind it."""
        if property_.tag == "w" and self.width is None and property_.get("val", "").rstrip("%").isdecimal():
            self.width = int(property_.get("val", "").rstrip("%")[:4])
        elif property_.tag in {"shd", "highlight"}:
            self.is_shaded |= is_shaded(property_)


def is_shaded(element: Element | None) -> bool:
    """Whether a property (``shd``, ``highlight``) puts a colour behind what it is of."""
    if element is None:
        return False
    if element.tag == "highlight":
        return element.get("val", "") not in _NO_FILL
    pattern = element.get("val", "clear") not in {"clear", "nil", ""}
    return pattern or element.get("fill", "") not in _NO_FILL or "themeFill" in element.keys()  # noqa: SIM118 - an element is no mapping


def _is_white(colour: str) -> bool:
    return re.fullmatch("[0-9A-F]{6}", colour) is not None and min(bytes.fromhex(colour)) >= _WHITE


@dataclass(slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    #: Where its text begins, in twentieths of a point; ``None`` where it does not say.
    left: int | None = None
    #: All numbers of it are digits, whatever the levels above ask for.
    in_digits: bool = False
    #: The highest level after which it is counted anew; 0 is none, ``None`` the one above.
    restarts_after: int | None = None


@dataclass(slots=True)
class _List:
    abstract: str
    restart: dict[int, int] = field(default_factory=dict)
    #: Levels that are this list's own.
    levels: dict[int, _Level] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a paragraph: ``text`` as readers see it (``（一）``), or a bullet. ``number`` is set where Markdown writes the same."""

    level: int
    text: str
    is_bullet: bool = False
    number: int | None = None
    #: The list that it belongs to, and where its text begins (twentieths of a point), as the list has it.
    list: str = ""
    left: int | None = None
    #: How deep the style is by its name (List Bullet 2 is 1); ``None`` for other styles.
    depth: int | None = None

    def is_deeper_than(self, other: "Label") -> bool:
        """Whether it stands deeper: in one list by the levels, else by the names of the styles, else by the indent."""
        if self.list == other.list:
            return self.level > other.level
        if self.depth is not None and other.depth is not None:
            return self.depth > other.depth
        if self.left is not None and other.left is not None:
            return self.left - other.left > _INDENT
        return self.level > other.level


class Numbering:
    """The lists of a document, and how far each has been counted."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()
        #: The levels that styles stand for, by abstract list; lists that are made of a style, by its id; and those that borrow of it.
        self._styled: dict[str, dict[str, int]] = {}
        self._made: dict[str, str] = {}
        self._borrowed: dict[str, str] = {}
        for each in root if root is not None else ():
            if each.tag == "abstractNum":
                self._add_abstract(each)
            elif each.tag == "num":
                self._lists[each.get("numId", "")] = _list(each)

    def _add_abstract(self, element: Element) -> None:
        name = element.get("abstractNumId", "")
        self._levels[name] = dict(map(_level, element.iter("lvl")))
        self._styled[name] = {
            value(each, "pStyle"): _level(each)[0] for each in element.iter("lvl") if value(each, "pStyle")
        }
        if style := value(element, "styleLink"):
            self._made[style] = name
        if style := value(element, "numStyleLink"):
            self._borrowed[name] = style

    def label(self, number: str, level: int | None, styles: Sequence[str] = ()) -> Label | None:
        """Count one paragraph more, and say what stands before it; ``None`` where nothing does. Where the paragraph names no level, the first
        of its ``styles`` that stands for one does."""
        of = self._lists.get(number)
        if of is None:
            return None
        abstract = self._made.get(self._borrowed.get(of.abstract, ""), of.abstract)
        if level is None:
            styled = self._styled.get(abstract, {})
            level = next((styled[style] for style in styles if style in styled), 0)
        levels = self._levels.get(abstract, {}) | of.levels
        if level not in levels:
            return None
        counts = self._count(abstract, number, of, levels, level)
        label = _written(levels, counts, level)
        return None if label is None else replace(label, list=number, left=levels[level].left)

    def _count(
        self, abstract: str, number: str, of: _List, levels: dict[int, _Level], level: int
    ) -> Sequence[int | None]:
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        if number not in self._begun:
            self._begun.add(number)
            for at, start in of.restart.items():
                if at < _LEVELS:
                    counts[at] = start - 1
        before = counts[level]
        counts[level] = levels[level].start if before is None else before + 1
        for below in range(level + 1, _LEVELS):
            after = levels[below].restarts_after if below in levels else None
            if after is None or 0 < after > level:
                counts[below] = None
        return counts


def _written(levels: dict[int, _Level], counts: Sequence[int | None], level: int) -> Label | None:
    own = levels[level]
    if own.form == "bullet":
        return Label(level, "", is_bullet=True)
    if own.form == "none" and "%" in own.text:
        return None
    text = own.text
    for at in range(level + 1):
        above = levels.get(at, _Level())
        shown = counts[at] if counts[at] is not None else above.start
        text = text.replace(f"%{at + 1}", counted(shown or 0, "decimal" if own.in_digits else above.form))
    count = counts[level]
    is_plain = own.form == "decimal" and own.text == f"%{level + 1}."
    return Label(level, text, number=count if is_plain else None) if text else None


def _list(element: Element) -> _List:
    found = _List(value(element, "abstractNumId"))
    for override in element.iter("lvlOverride"):
        at = override.get("ilvl", "")
        start = value(override, "startOverride")
        if start.isdecimal() and at.isdecimal():
            found.restart[int(at)] = int(start[:6])
        found.levels |= dict(map(_level, override.iter("lvl")))
    return found


def _level(element: Element) -> tuple[int, _Level]:
    at, start, after = element.get("ilvl", "0"), value(element, "start"), value(element, "lvlRestart")
    return (
        int(at) if at.isdecimal() and int(at) < _LEVELS else 0,
        _Level(
            start=int(start[:6]) if start.isdecimal() else 1,
            form=value(element, "numFmt") or "decimal",
            text=value(element, "lvlText"),
            left=left_of(element.find("pPr")),
            in_digits=is_on(element.find("isLgl")),
            restarts_after=int(after[:2]) if after.isdecimal() else None,
        ),
    )


def left_of(properties: Element | None) -> int | None:
    """Where a paragraph's text begins, in twentieths of a point; ``None`` where these properties do not say."""
    indent = None if properties is None else properties.find("ind")
    given = "" if indent is None else indent.get("left", indent.get("start", ""))
    return int(given[:6]) if given.removeprefix("-").isdecimal() else None
