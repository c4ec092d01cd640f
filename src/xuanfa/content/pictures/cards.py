"""Text cards: a post as upright pictures (1080 × 1920) for Douyin and the like, title and summary first, then the body.

What matters keeps away from the edges: the application lays its own buttons over the top, the right side and the bottom.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from xuanfa.content.pictures.drawing import LEADING, Words, headline, ornamented, set_lines, write
from xuanfa.content.pictures.fitting import finished
from xuanfa.content.pictures.fonts import Face, drawable, measure
from xuanfa.content.pictures.label import WORDS, Label
from xuanfa.content.pictures.layers import FULL, Layers, few_colours
from xuanfa.content.pictures.media import MediaStore, blank
from xuanfa.content.pictures.room import remembered
from xuanfa.content.pictures.themes import Theme
from xuanfa.content.text.blocks import Block
from xuanfa.content.text.lines import Line, justified, wrapped
from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say
from xuanfa.domain.post import Picture

if TYPE_CHECKING:
    from PIL.Image import Image

#: More are not read, and Douyin takes no more than 35 pictures.
CARDS_MAX: Final = 30

_RECIPE: Final = 3
_SIZE: Final = (1080, 1920)
_LEFT, _RIGHT = 112, 968
_TOP, _BOTTOM = 330, 1590
_HEAD, _FOOT = 210, 1664
_TEXT, _HEADING, _SMALL = 46, 52, 34
_STEP: Final = 80
#: The label of what an AI has made: a twentieth of the shorter side (GB 45438-2025).
_LABEL: Final = 54
#: Between paragraphs, and between the items of a list.
_GAP, _ITEM_GAP = 44, 20


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a card: what to draw, how high it is, and the room before it where it does not begin a card."""

    line: Line
    face: Face
    size: int
    indent: int
    before: int
    mark: str = ""
    quoted: bool = False
    heading: bool = False
    #: Rows that stay with the next one: a heading never ends a card.
    holds: bool = False


def drawn_cards(
    media: MediaStore, words: Words, body: Sequence[Block], colours: Theme, label: Label | None = None
) -> tuple[Picture, ...]:
    """The cards, each with ``label`` where an AI has made the text.

    Raises ContentError where more than ``CARDS_MAX`` would be needed, and ConfigError without a Chinese typeface."""
    least = _least(body)
    if least > CARDS_MAX:  # nobody lays out a book to be told that it is one
        raise _too_many(say("至少 {n} 张", "at least {n} cards", n=least))
    pages = list(_pages([row for block in body for row in _rows(block)]))
    count = len(pages) + 1
    if count > CARDS_MAX:
        raise _too_many(say(" {n} 张", "{n} cards", n=count))
    cards = []
    for number, page in enumerate(([], *pages), 1):
        recipe = f"card {_RECIPE} {words!r} {colours!r} {number}/{count} {page!r}{label.recipe if label else ''}"
        like = blank(
            f"card-{number:02}",
            alt=say("{title}（{n}/{all}）", "{title} ({n}/{all})", title=words.title, n=number, all=count),
        )
        make = partial(_png, words, colours, (number, count), page, label)
        cards.append(media.derived(recipe, like, make))
    return tuple(cards)


def _least(body: Sequence[Block]) -> int:
    """So many cards it takes at the very least, however narrow the letters are; found without measuring one."""
    lines = (_BOTTOM - _TOP) // _STEP + 1
    width = sum(_narrowest(letter) for block in body for letter in block.text)
    return width // (lines * (_RIGHT - _LEFT)) + 1


def _narrowest(letter: str) -> int:
    """No more than the width of a letter of the text. Full-width marks side by side share their empty halves."""
    if letter < "\u2e80" or "\ue000" <= letter < "\U00020000":
        return 0 if letter >= "\U00010000" else _TEXT // 5
    return _TEXT if "\u3400" <= letter <= "\u9fff" or letter >= "\U00020000" else _TEXT // 2


def _too_many(count: str) -> ContentError:
    return ContentError(
        say(
            "正文太长，文字卡片要{count}，最多 {most} 张。请在本渠道的 text 里另写短一些的正文。",
            "The text is too long: it takes {count}, {most} at most. Write a shorter text for this channel.",
            count=count,
            most=CARDS_MAX,
        )
    )


def _rows(block: Block) -> Iterator[_Row]:
    if block.kind in {"picture", "caption"}:
        return  # a caption without its picture would puzzle readers
    face: Face = "strong" if block.kind == "heading" else "sans"
    size = _HEADING if block.kind == "heading" else _TEXT
    indent = {"item": 62 * max(block.depth, 1), "quote": 44}.get(block.kind, 0)
    width = _RIGHT - _LEFT - indent
    text = drawable(block.text, face)
    lines = set_lines(text, width, face, size) if block.kind == "heading" else wrapped(text, width, measure(face, size))
    for index, line in enumerate(lines):
        first = index == 0
        yield _Row(
            line=line if block.kind == "heading" else justified(line, width),
            face=face,
            size=size,
            indent=indent,
            before=0 if not first else _ITEM_GAP if block.kind == "item" else _GAP,
            mark=block.mark if first else "",
            quoted=block.kind == "quote",
            heading=block.kind == "heading",
            # A heading goes with its text, and a paragraph's first line never stands alone.
            holds=block.kind == "heading" or (first and len(lines) > 2),  # noqa: PLR2004
        )


def _pages(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    page: list[_Row] = []
    used = 0
    for row in rows:
        height = _STEP + (row.before if page else 0)
        if page and used + height > _BOTTOM - _TOP:
            moved: list[_Row] = []
            while len(page) > 1 and page[-1].holds and len(moved) < 4:  # noqa: PLR2004 - headings of several lines
                moved.insert(0, page.pop())
            yield page
            page = moved
            used = sum(_STEP + (each.before if index else 0) for index, each in enumerate(moved))
            height = _STEP + (row.before if page else 0)
        page.append(row)
        used += height
    if page:
        yield page


def _card(words: Words, colours: Theme, place: tuple[int, int], page: Sequence[_Row], *, is_labelled: bool) -> "Image":
    if place[0] == 1:
        sheet = Layers(_cover_ground(colours))
        _title(sheet, words, colours)
        _edges(sheet, words, place, (colours.accent, colours.soft, colours.line), is_labelled=is_labelled)
        return sheet.flat()
    sheet = Layers(_paper(colours.paper))
    sheet.pen(colours.mark).rectangle((0, 0, _SIZE[0], 18), fill=FULL)
    _edges(sheet, words, place, (colours.mark, _FAINT, _RULE), is_labelled=is_labelled)
    at = _TOP
    for index, row in enumerate(page):
        at += row.before if index else 0
        _row(sheet, row, at, colours, joins=bool(index) and page[index - 1].quoted)
        at += _STEP
    return sheet.flat()


@remembered(4)
def _cover_ground(colours: Theme) -> "Image":
    """The ground of all first cards of a theme."""
    return few_colours(ornamented(_SIZE, colours, (_SIZE[0], _SIZE[1] * 0.8), 620))


@remembered(4)
def _paper(colour: str) -> "Image":
    """The ground of all other cards."""
    from PIL import Image  # noqa: PLC0415 - heavy, and needed only where something is drawn

    sheet = Image.new("P", _SIZE, 0)
    sheet.putpalette(Image.new("RGB", (1, 1), colour).tobytes())
    return sheet


#: Words at the edges of a page, and the rule above them.
_FAINT, _RULE = "#77716b", "#ddd7cd"


def _title(sheet: Layers, words: Words, colours: Theme) -> None:
    width = _RIGHT - _LEFT
    lines, size = headline(words.title, (width, 640), "serif", (104, 60), 6)
    at: float = 420
    for line in lines:
        write(sheet.pen(colours.ink), line, (_LEFT, at), ("serif", size), FULL)
        at += size * LEADING
    at += 46
    sheet.pen(colours.accent).rectangle((_LEFT, at, _LEFT + 96, at + 6), fill=FULL)
    at += 70
    summary = drawable(words.summary, "sans")
    for line in wrapped(summary, width, measure("sans", 44))[: int((_BOTTOM - at) // 76)]:
        write(sheet.pen(colours.soft), justified(line, width), (_LEFT, at), ("sans", 44), FULL)
        at += 76


def _edges(
    sheet: Layers, words: Words, place: tuple[int, int], inks: tuple[str, str, str], *, is_labelled: bool
) -> None:
    """The column above, the organisation and the page's number below; in strong, soft and for the rule. The label stands beside the column."""
    strong, soft, rule = inks
    taken = 0.0
    if is_labelled:
        length = measure("sans", _LABEL)(WORDS[0])
        stands = Line((WORDS[0],), (0.0,), length)
        write(sheet.pen(soft), stands, (_RIGHT - length, _HEAD - (_LABEL - 40) / 2), ("sans", _LABEL), FULL)
        taken = length + _ITEM_GAP
    for line in set_lines(words.column, _RIGHT - _LEFT - 30 - taken, "strong", 40)[:1]:
        sheet.pen(strong).rectangle((_LEFT, _HEAD, _LEFT + 8, _HEAD + 40), fill=FULL)
        write(sheet.pen(strong), line, (_LEFT + 28, _HEAD), ("strong", 40), FULL)
    sheet.pen(rule).rectangle((_LEFT, _FOOT, _RIGHT, _FOOT + 1), fill=FULL)
    for line in set_lines(words.organisation, _RIGHT - _LEFT - 160, "sans", _SMALL)[:1]:
        write(sheet.pen(soft), line, (_LEFT, _FOOT + 30), ("sans", _SMALL), FULL)
    number = f"{place[0]}/{place[1]}"
    shown = Line((number,), (0.0,), 0.0)
    write(sheet.pen(soft), shown, (_RIGHT - measure("sans", _SMALL)(number), _FOOT + 30), ("sans", _SMALL), FULL)


def _row(sheet: Layers, row: _Row, at: float, colours: Theme, *, joins: bool) -> None:
    inner = at + (_STEP - row.size) / 2
    left = _LEFT + row.indent
    if row.quoted:
        begins = at - row.before - 8 if joins else at + 8
        sheet.pen(colours.mark).rectangle((_LEFT, begins, _LEFT + 6, at + _STEP - 8), fill=FULL)
    if row.mark == "•":
        middle = at + _STEP / 2
        sheet.pen(colours.mark).ellipse((left - 40, middle - 7, left - 26, middle + 7), fill=FULL)
    elif row.mark:
        smaller = row.size - 4
        length = measure("strong", smaller)(row.mark)
        number = Line((row.mark,), (0.0,), length)
        write(sheet.pen(colours.mark), number, (left - length - 12, inner + 2), ("strong", smaller), FULL)
    fill = colours.mark if row.heading else _quoted(colours) if row.quoted else colours.text
    write(sheet.pen(fill), row.line, (left, inner), (row.face, row.size), FULL)


def _quoted(colours: Theme) -> str:
    return "#4d4641" if colours.name != "政务蓝" else "#3c4a5c"


def _png(words: Words, colours: Theme, place: tuple[int, int], page: Sequence[_Row], label: Label | None) -> bytes:
    file = io.BytesIO()
    # A third of the usual level's time, for a quarter more bytes of few.
    _card(words, colours, place, page, is_labelled=label is not None).save(file, "PNG", compress_level=1)
    data = file.getvalue()
    return data if label is None else finished(data, "PNG", label.marks)
