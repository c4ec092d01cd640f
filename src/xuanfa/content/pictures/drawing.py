"""Drawn covers: the column's and the post's title, set in the theme's colours, where a post has no picture."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from xuanfa.content.pictures.fitting import encoded, rule_text
from xuanfa.content.pictures.fonts import Face, drawable, font, measure
from xuanfa.content.pictures.label import Label
from xuanfa.content.pictures.media import MediaStore, blank
from xuanfa.content.pictures.room import remembered
from xuanfa.content.pictures.themes import Theme
from xuanfa.content.text.lines import Line, balanced, rough_breaks
from xuanfa.domain.post import Picture, PictureRule

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

_RECIPE: Final = 2
#: The longest side of a drawn cover where the rule says nothing. Pixels.
_SIDE: Final = 1800
#: Taller than this (width ÷ height) a cover is composed as a poster.
_UPRIGHT: Final = 0.8
#: From here on a cover is a banner, and its title has fewer lines.
_BANNER: Final = 2.0
#: A title of so few characters is set larger.
_SHORT: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What stands on covers and cards."""

    title: str
    column: str
    organisation: str
    summary: str = ""


def drawn_cover(
    media: MediaStore, words: Words, colours: Theme, rule: PictureRule, label: Label | None = None
) -> Picture:
    """A cover within ``rule``; 16:9 where the rule leaves the ratio open. Raises ConfigError where there is no Chinese typeface."""
    recipe = f"cover {_RECIPE} {words!r} {colours!r} {rule_text(rule)}{label.recipe if label else ''}"
    like = blank("cover", alt=words.title)
    return media.derived(
        recipe, like, lambda: encoded(_cover(words, colours, _size(rule)), rule, name=words.title, label=label)
    )


@remembered(8)
def ornamented(size: tuple[int, int], colours: Theme, centre: tuple[float, float], radius: float) -> "Image":
    """A sheet whose colour runs from top to bottom, with fine rings around a point. Few serve all posts of a theme; draw on a copy."""
    from PIL import Image  # noqa: PLC0415 - heavy, and needed only where something is drawn

    shade = Image.linear_gradient("L").resize((1, size[1])).resize(size)
    high, low = (Image.new("RGB", size, colour) for colour in colours.ground)
    image = Image.composite(low, high, shade)
    image.paste(colours.line, (0, 0, *size), _rings(size, centre, radius))
    return image


def pen(image: "Image") -> "ImageDraw":
    """What draws on ``image``."""
    from PIL import ImageDraw  # noqa: PLC0415 - as above

    return ImageDraw.Draw(image)


def write(draw: "ImageDraw", line: Line, at: tuple[float, float], style: tuple[Face, int], fill: str | int) -> None:
    """Draw a line whose square of characters has its top left corner at ``at``."""
    face, size = style
    # A typeface's shapes stand on whole pixels: between two they would only be blurred.
    base = math.ceil(at[1] + size * _BASE - 0.5)
    for token, offset in zip(line.tokens, line.offsets, strict=True):
        stamp, left, top = _stamp(token, face, size)
        draw.bitmap((math.floor(at[0] + offset + 0.5) + left, base + top), stamp, fill=fill)


@remembered(4096)
def _stamp(token: str, face: Face, size: int) -> tuple["Image", int, int]:
    """A token's shape, and where its top left corner is from the beginning of the baseline.

    Posts use the same characters again and again, and shaping one costs far more than setting it down.
    """
    from PIL import Image  # noqa: PLC0415 - as above

    drawn = font(face, size)
    left, top, right, bottom = (math.floor(edge) for edge in drawn.getbbox(token, anchor="ls"))
    shape = Image.new("L", (max(right - left, 1), max(bottom - top, 1)), 0)
    pen(shape).text((-left, -top), token, font=drawn, fill=255, anchor="ls")
    return shape, left, top


#: Where the baseline lies in a character's square, from its top, as a part of its height.
_BASE: Final = 0.88


def set_lines(text: str, width: float, face: Face, size: int) -> list[Line]:
    """``text`` in balanced lines."""
    return balanced(drawable(text, face), width, measure(face, size))


def headline(
    text: str, box: tuple[float, float], face: Face, sizes: tuple[int, int], most: int
) -> tuple[list[Line], int]:
    """The text in a size between ``sizes`` (largest, smallest) in which it fits ``box`` with ``most`` lines, and that size.

    It is the largest, or one a little smaller in which fewer lines break within a phrase; the smallest where nothing fits.
    """
    fitting: list[tuple[float, int, list[Line]]] = []
    for size in _steps(*sizes):
        if fitting and size < fitting[0][1] * 0.7:
            break
        lines = set_lines(text, box[0], face, size)
        if len(lines) <= most and len(lines) * size * LEADING <= box[1]:
            loss = 1 - size / (fitting[0][1] if fitting else size)
            fitting.append((loss + 0.25 * rough_breaks(lines) + 0.2 * _is_lonely(lines), size, lines))
    if not fitting:
        return set_lines(text, box[0], face, sizes[1]), sizes[1]
    _, size, lines = min(fitting, key=lambda found: found[0])
    return lines, size


def _is_lonely(lines: Sequence[Line]) -> bool:
    """Whether a word or two are left over for the last line."""
    return len(lines) > 1 and lines[-1].width < 0.35 * max(line.width for line in lines)


def _steps(largest: int, smallest: int) -> Iterator[int]:
    size = largest
    while size > smallest:
        yield size
        size -= max(2, size // 24)
    yield smallest


#: The distance of a headline's lines, as a multiple of their size.
LEADING: Final = 1.38


def _size(rule: PictureRule) -> tuple[int, int]:
    ratio = rule.ratio or 16 / 9
    side = min(_SIDE, rule.side_max or _SIDE)
    width, height = (side, side / ratio) if ratio >= 1 else (side * ratio, side)
    # A square or a poster of full length would only be heavier, not better to look at.
    scale = min(1.0, math.sqrt(1_500_000 / (width * height)))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _cover(words: Words, colours: Theme, size: tuple[int, int]) -> "Image":
    """Everything is measured in ``unit``, a hundredth of the shorter side."""
    width, height = size
    unit = min(size) / 100
    ratio = width / height
    radius = min(width, height) * (0.9 if ratio > _UPRIGHT else 0.7)
    image = ornamented(size, colours, (width, height), radius).copy()
    draw = pen(image)
    margin = unit * (11 if ratio > _UPRIGHT else 10)
    reach = width - 2 * margin
    top = _head(draw, words, colours, (margin, margin if ratio > _UPRIGHT else height * 0.14), (unit, reach))
    foot = height - margin
    small = round(unit * 4.6)
    if words.organisation:
        foot -= small
        for line in set_lines(words.organisation, reach, "sans", small)[:1]:
            write(draw, line, (margin, foot), ("sans", small), colours.soft)
        foot -= unit * 5
    most = 3 if ratio >= _BANNER else 4 if ratio > _UPRIGHT else 6
    largest = round(unit * (17.5 if ratio >= _BANNER else 14 if ratio > 1 else 12.5))
    if len(words.title) <= _SHORT:
        largest = round(largest * 1.4)
    lines, large = headline(words.title, (reach, foot - top), "serif", (largest, round(unit * 6)), most)
    step = large * LEADING
    free = foot - top - len(lines) * step
    at = top + (free * 0.5 if ratio > _UPRIGHT else min(free * 0.25, unit * 20))
    for index, line in enumerate(lines):
        write(draw, line, (margin, at + index * step + (step - large) / 2), ("serif", large), colours.ink)
    return image


def _head(
    draw: "ImageDraw", words: Words, colours: Theme, at: tuple[float, float], scale: tuple[float, float]
) -> float:
    """The column's title behind a short upright rule; the height at which it ends. ``scale`` is the unit and the room."""
    unit, reach = scale
    size = round(unit * 5.6)
    lines = set_lines(words.column, reach - unit * 4, "strong", size)[:1]
    if not lines:
        return at[1]
    draw.rectangle((at[0], at[1], at[0] + unit * 0.9, at[1] + size), fill=colours.accent)
    write(draw, lines[0], (at[0] + unit * 3, at[1]), ("strong", size), colours.accent)
    return at[1] + size + unit * 5


def _rings(size: tuple[int, int], centre: tuple[float, float], radius: float) -> "Image":
    """Drawn four times as large and made smaller, because plain arcs are jagged."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - as above

    fine = 2
    mask = Image.new("L", (size[0] * fine, size[1] * fine), 0)
    draw: Any = ImageDraw.Draw(mask)
    x, y = centre[0] * fine, centre[1] * fine
    for ring in range(7):
        reach = radius * fine * (1 - ring * 0.125)
        draw.ellipse(
            (x - reach, y - reach, x + reach, y + reach),
            outline=150 - ring * 12,
            width=max(2, round(radius * fine / 260)),
        )
    return mask.resize(size, Image.Resampling.LANCZOS)
