"""Paragraphs and tables as blocks of Markdown: headings, items of lists, pictures with what stands below them, text."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from xuanfa.content.reading.word import spans as written
from xuanfa.content.reading.word.paragraphs import Paragraph
from xuanfa.content.reading.word.spans import Span
from xuanfa.content.reading.word.styles import Label
from xuanfa.content.reading.word.tables import Table

#: A paragraph that is longer than this is text, whatever it looks like. Characters.
HEADING_MAX: Final = 60
#: Numbers that are typed before headings of official documents (GB/T 9704, 7.3.3), and the level of each.
_TYPED: Final = (
    (re.compile(r"[一二三四五六七八九十]{1,3}、"), 2),
    (re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]"), 3),
)
_OF_HEADINGS: Final = ("黑体", "楷体", "小标宋", "SimHei", "KaiTi", "STKaiti", "STHeiti")
_LATIN: Final = re.compile(r"[0-9A-Za-z]")
_ENDS_SENTENCE: Final = ("。", "；", "，", "：", "！", "？")
_CAPTION: Final = re.compile(r"图\s*[\d一二三四五六七八九十]|图[:：]|△|▲|（图|摄影?[:：]")
_SECTION, _LOWEST = 2, 6


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the text: its Markdown, and the number of the paragraph in which it begins. Items of a list stand close together."""

    text: str
    number: int
    is_item: bool = False


@dataclass(frozen=True, slots=True)
class _Open:
    """The last item of a list that is open: ``inside`` is the column in which what belongs to it begins."""

    label: Label
    kind: str
    sign: str
    inside: int
    number: int


#: What a text is made of, in order; a string is Markdown already.
Top = Paragraph | Table | str


class Blocks:
    """Writes them. ``found`` is what was written."""

    def __init__(self) -> None:
        self.found: list[Block] = []
        #: The highest heading: it becomes that of a section, whatever its style is called.
        self._highest = 1
        self._level: list[_Open] = []

    def write(self, tops: Sequence[Top], table: Callable[[Table], str]) -> None:
        """All of a text. ``table`` makes Markdown of a table; what is a string is Markdown already."""
        self._highest = min((each.heading for each in tops if isinstance(each, Paragraph) and each.heading), default=1)
        for at, each in enumerate(tops):
            if not isinstance(each, Paragraph):
                self._level = []
                self.found.append(Block(each, 0) if isinstance(each, str) else Block(table(each), each.number + 1))
            else:
                before = tops[at - 1] if at else None
                after = tops[at + 1] if at + 1 < len(tops) else None
                self._paragraph(each, before, after)

    def _paragraph(self, each: Paragraph, before: Top | None, after: Top | None) -> None:
        if not each.spans:
            self._level = self._level if each.label else []
            return
        if isinstance(before, Paragraph) and before.pictures and is_caption(each):
            return  # it stands below its picture
        if each.pictures:
            self._level = []
            caption = after.words if isinstance(after, Paragraph) and is_caption(after) else ""
            shown = [replace(span, caption=caption if span is each.pictures[-1] else "") for span in each.pictures]
            self.found.append(Block("\n".join(map(written.picture, shown)), each.number))
            return
        level = each.heading - self._highest + _SECTION if each.heading else typed_heading(each)
        if each.label is not None and not level and self._is_item(each.label):
            self._item(each, each.label)
            return
        self._level = []
        label = [Span(text=_parted(each.label.text))] if each.label and each.label.text else []
        spans = written.merged([*label, *each.spans])
        if level:
            text = written.as_markdown(spans, is_bold=True).replace("\\\n", " ")
            self.found.append(Block(f"{'#' * min(level, _LOWEST)} {text}", each.number))
        elif text := written.as_markdown(spans):
            place = f"{{.align-{each.align}}}\n" if each.align in {"center", "right"} else ""
            self.found.append(Block(place + text, each.number))

    def _is_item(self, label: Label) -> bool:
        """Whether it is an item of a list: Markdown numbers it as Word does, or it has a number of its own (``1.1``) and is indented, or
        stands below another item. Numbers of official documents (一、（一）) stand before paragraphs."""
        if label.is_bullet or label.number is not None or (label.left and _LATIN.search(label.text)):
            return True
        return any(label.is_deeper_than(above.label) for above in self._level)

    def _item(self, each: Paragraph, label: Label) -> None:
        """An item of a list. Its level is kept; a number that Markdown would write otherwise stands in the text."""
        closed = None
        while self._level and self._level[-1].label.is_deeper_than(label):
            closed = self._level.pop()
        last = self._level[-1] if self._level and not label.is_deeper_than(self._level[-1].label) else None
        above = self._level[:-1] if last else self._level
        kind = "bullet" if label.is_bullet else "literal" if label.number is None else "number"
        goes_on = last is not None and last.kind == kind and (kind != "number" or last.number + 1 == label.number)
        # What begins with another sign is another list, and its numbers begin anew, whatever list ended just before.
        sign = last.sign if last is not None and goes_on else _other_sign(last or closed, kind)
        indent = above[-1].inside if above else 0
        mark = f"{label.number}{sign} " if kind == "number" else f"{sign} "
        literal = [Span(text=_parted(label.text))] if kind == "literal" else []
        text = written.as_markdown(written.merged([*literal, *each.spans])).replace("\\\n", " ")
        style = f"{' ' * indent}{{.numbered}}\n" if kind == "literal" and not goes_on else ""
        self._level = [*above, _Open(label, kind, sign, indent + len(mark), label.number or 0)]
        # A list within an item that begins with another number than 1 has to stand behind an empty line.
        is_close = goes_on or bool(above and (kind != "number" or label.number == 1))
        self.found.append(Block(f"{style}{' ' * indent}{mark}{text}", each.number, is_item=is_close))


def is_caption(each: Paragraph) -> bool:
    """Whether a paragraph behind a picture says what it shows."""
    words = each.words
    is_one = each.is_caption or (each.align == "center" and bool(_CAPTION.match(words)))
    return is_one and 0 < len(words) <= 2 * HEADING_MAX and not each.pictures


def _parted(label: str) -> str:
    """A number with the gap behind it that Word leaves; marks of Chinese bring their own."""
    return (
        f"{label} "
        if _LATIN.search(label[-1]) or label[-1] in ".)]"
        else f"{label}\u3000"
        if label[-1].isalpha()
        else label
    )


def _other_sign(last: _Open | None, kind: str) -> str:
    """The sign of a list that is none of the one before it."""
    first, second = (".", ")") if kind == "number" else ("-", "+")
    return second if last is not None and last.sign == first else first


def typed_heading(each: Paragraph) -> int:
    """The level of a heading that was typed, number and all: it has the typeface of headings, or is bold, and is no sentence."""
    words = (each.label.text if each.label else "") + each.words
    looks = each.is_bold or any(name in font for font in each.fonts for name in _OF_HEADINGS)
    if not looks or len(words) > HEADING_MAX or words.endswith(_ENDS_SENTENCE):
        return 0
    return next((level for form, level in _TYPED if form.match(words)), 0)
