"""The label on a picture that an AI has made: words at its edge that readers see, and the mark in the file.

人工智能生成合成内容标识办法 (in force 2025-09-01) asks for both. How high the words are at least, what they must say and the field of the
mark are those of GB 45438-2025, as secondary articles give it; the text of the standard was not at hand.
"""

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from xuanfa.content.pictures.fonts import font, measure
from xuanfa.content.pictures.marks import NO_MARKS, Marks

if TYPE_CHECKING:
    from PIL.Image import Image

#: Part of every recipe with a label.
_RECIPE: Final = 1
#: What it says; the second where a picture is too narrow for the first.
WORDS: Final = ("人工智能生成", "AI生成")
#: The height of the characters as a part of the shorter side, at least (GB 45438-2025).
_OF_SHORTER_SIDE: Final = 0.05
#: On a telephone a picture is some 360 points wide, and characters are read from 12 points up: so many of them make its width.
_ACROSS_PHONE: Final = 30
#: No character is smaller where a picture has the room. Pixels.
_LEAST: Final = 20
#: What the words may take at most of a picture's width and height: a little one is not to be hidden behind them.
_WIDTH_MOST, _HEIGHT_MOST = 0.9, 1 / 3
#: The first words are taken where they take no more than this of the width.
_WIDTH_GOOD: Final = 0.6
#: The plate around the words, and its distance from the edges, in parts of their height.
_BESIDE, _ABOVE, _AWAY = 0.5, 0.3, 0.4
#: Dark enough for white words on any picture. RGBA.
_PLATE, _INK = (0, 0, 0, 190), (255, 255, 255, 255)
#: So many times as high as wide, and readers see its beginning alone at first.
_LONG: Final = 2


@dataclass(frozen=True)
class Label:
    """Whose picture it is: the office that publishes it, and the post that it stands in."""

    office: str
    post: str

    @property
    def recipe(self) -> str:
        """All that a labelled picture depends on beside the picture."""
        return f" labelled {_RECIPE} {self._mark}"

    @cached_property
    def marks(self) -> Marks:
        """The mark for a file that brings none of its own."""
        return Marks(xmp=self._mark)

    @property
    def _mark(self) -> str:
        """``Label`` 1 says that it was generated. Who made it and under which number only the maker's own mark could tell."""
        fields = {
            "Label": "1",
            "ContentProducer": "",
            "ProduceID": "",
            "ReservedCode1": "",
            "ContentPropagator": self.office,
            "PropagateID": self.post,
            "ReservedCode2": "",
        }
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def marks_of(label: Label | None, given: Marks) -> Marks:
    """The marks of a picture: its own where it has any, which nobody may change, else the label's."""
    return label.marks if label is not None and given == NO_MARKS else given


@contextmanager
def labelled(image: "Image", *, is_cut: bool) -> Iterator[None]:
    """Within it the image (RGB or RGBA) has the label; afterwards it is as before, so that no copy of a large one is needed.

    ``is_cut``: it was cut to a shape, and places that show it smaller cut it again around the middle. Raises ConfigError where there is no
    Chinese typeface.
    """
    from PIL import Image as Images  # noqa: PLC0415 - heavy, and needed only where something is drawn
    from PIL import ImageDraw  # noqa: PLC0415 - as above

    words, size = _fitting(image.size)
    left, top, right, bottom = _box(image.size, words, size, is_cut=is_cut)
    under = image.crop((left, top, right, bottom))
    plate = Images.new("RGBA", under.size, _PLATE)
    middle = (under.width / 2, under.height / 2)
    ImageDraw.Draw(plate).text(middle, words, font=font("sans", size), fill=_INK, anchor="mm")
    image.paste(Images.alpha_composite(under.convert("RGBA"), plate).convert(image.mode), (left, top))
    try:
        yield
    finally:
        image.paste(under, (left, top))


def _fitting(size: tuple[int, int]) -> tuple[str, int]:
    """The words and their height for a picture of this size. Pixels."""
    wanted = max(_OF_SHORTER_SIDE * min(size), size[0] / _ACROSS_PHONE, _LEAST)
    high = max(1, math.ceil(min(wanted, size[1] * _HEIGHT_MOST)))
    for words, most in zip(WORDS, (_WIDTH_GOOD, _WIDTH_MOST), strict=True):
        if _width(words, high) <= size[0] * most:
            return words, high
    while high > 1 and _width(WORDS[-1], high) > size[0] * _WIDTH_MOST:
        high -= 1
    return WORDS[-1], high


def _width(words: str, high: int) -> float:
    return measure("sans", high)(words) + 2 * _BESIDE * high


def _box(size: tuple[int, int], words: str, high: int, *, is_cut: bool) -> tuple[int, int, int, int]:
    """Where the plate lies: at the lower right, in the lower middle of what is cut again, at the upper right of what is scrolled."""
    width, height = min(round(_width(words, high)), size[0]), min(round(high * (1 + 2 * _ABOVE)), size[1])
    away = min(round(high * _AWAY), size[0] - width, size[1] - height)
    left = (size[0] - width) // 2 if is_cut else size[0] - width - away
    top = away if size[1] > _LONG * size[0] and not is_cut else size[1] - height - away
    return left, top, left + width, top + height
