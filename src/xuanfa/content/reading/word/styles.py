"""What the styles and the numbering of a Word document make of a paragraph: how it looks, and which number stands before it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from xuanfa.content.reading.word.numbers import counted

#: What Word says for "off" (ECMA-376, 22.9.2.7).
_OFF: Final = frozenset({"0", "false", "off", "none"})
#: Styles may be based on each other; no more steps than this are followed, so that a ring ends.
_STEPS_MAX: Final = 20
_LEVELS: Final = 9


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


class Styles:
    """The styles of a document, by their ids."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Style] = {}
        self._default = ""
        self._run_default: Element | None = None
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
            )
            self._styles[style.id] = style
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

    def fill(self, properties: Element) -> None:
        """Take what these properties say and nearer ones do not."""
        for each in properties:
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


@dataclass(slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""


@dataclass(slots=True)
class _List:
    abstract: str
    restart: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a paragraph: ``text`` as readers see it (``（一）``), or a bullet. ``number`` is set where Markdown writes the same."""

    level: int
    text: str
    is_bullet: bool = False
    number: int | None = None


class Numbering:
    """The lists of a document, and how far each has been counted."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()
        for each in root if root is not None else ():
            if each.tag == "abstractNum":
                self._levels[each.get("abstractNumId", "")] = dict(map(_level, each.iter("lvl")))
            elif each.tag == "num":
                found = _List(value(each, "abstractNumId"))
                for override in each.iter("lvlOverride"):
                    start = value(override, "startOverride")
                    if start.isdecimal() and override.get("ilvl", "").isdecimal():
                        found.restart[int(override.get("ilvl", "0"))] = int(start[:6])
                self._lists[each.get("numId", "")] = found

    def label(self, number: str, level: int) -> Label | None:
        """Count one paragraph more, and say what stands before it; ``None`` where nothing does."""
        of = self._lists.get(number)
        levels = self._levels.get(of.abstract, {}) if of else {}
        if of is None or level not in levels:
            return None
        counts = self._counts.setdefault(of.abstract, [None] * _LEVELS)
        if number not in self._begun:
            self._begun.add(number)
            for at, start in of.restart.items():
                if at < _LEVELS:
                    counts[at] = start - 1
        before = counts[level]
        counts[level] = levels[level].start if before is None else before + 1
        counts[level + 1 :] = [None] * (_LEVELS - level - 1)
        return self._written(levels, counts, level)

    @staticmethod
    def _written(levels: dict[int, _Level], counts: list[int | None], level: int) -> Label | None:
        own = levels[level]
        if own.form == "bullet":
            return Label(level, "", is_bullet=True)
        if own.form == "none" and "%" in own.text:
            return None
        text = own.text
        for at in range(level + 1):
            above = levels.get(at, _Level())
            shown = counts[at] if counts[at] is not None else above.start
            text = text.replace(f"%{at + 1}", counted(shown or 0, above.form))
        count = counts[level]
        is_plain = own.form == "decimal" and own.text == f"%{level + 1}."
        return Label(level, text, number=count if is_plain else None) if text else None


def _level(element: Element) -> tuple[int, _Level]:
    at, start = element.get("ilvl", "0"), value(element, "start")
    return (
        int(at) if at.isdecimal() and int(at) < _LEVELS else 0,
        _Level(
            int(start[:6]) if start.isdecimal() else 1, value(element, "numFmt") or "decimal", value(element, "lvlText")
        ),
    )
