"""Layers: a drawing of few colours, each drawn for itself on a common ground, so that the picture is small and quick to write."""

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

#: How many colours a picture with a palette has (PNG, 11.2.2).
_COLOURS: Final = 256
#: So many of them are the ground's at most; the rest are shades between the ground and each ink.
GROUND_COLOURS: Final = 128
#: Full cover, for what is drawn with a pen of a layer.
FULL: Final = 255


class Layers:
    """A sheet for text and plain shapes of a few inks, none of which lies over another."""

    def __init__(self, ground: "Image") -> None:
        """``ground`` has a palette of at most ``GROUND_COLOURS``, and is not drawn on."""
        self._ground = ground
        self._inks: dict[str, Image] = {}

    def pen(self, ink: str) -> "ImageDraw":
        """What draws in ``ink`` (as ``#rrggbb``), with the fill ``FULL``."""
        from PIL import Image, ImageDraw  # noqa: PLC0415 - heavy, and needed only where something is drawn

        if ink not in self._inks:
            self._inks[ink] = Image.new("L", self._ground.size, 0)
        return ImageDraw.Draw(self._inks[ink])

    def flat(self) -> "Image":
        """The picture, with a palette."""
        image = self._ground.copy()
        palette = self._ground.getpalette("RGB") or []
        shades = (_COLOURS - len(palette) // 3) // max(len(self._inks), 1)
        for ink, cover in self._inks.items():
            box = cover.getbbox()
            if box is None:
                continue
            first = len(palette) // 3
            palette += _shades(_under(self._ground, box), bytes.fromhex(ink[1:]), shades)
            colours, shown = _tables(first, shades)
            drawn = cover.crop(box)
            image.paste(drawn.point(colours), box, drawn.point(shown))
        image.putpalette(palette)
        return image


def few_colours(image: "Image") -> "Image":
    """An RGB image as a ground for ``Layers``."""
    from PIL import Image  # noqa: PLC0415 - as above

    return image.quantize(GROUND_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def _under(ground: "Image", box: tuple[int, int, int, int]) -> bytes:
    """The ground's colour beside what is drawn, half-way down."""
    middle = (box[1] + box[3]) // 2
    return ground.crop((box[0], middle, box[0] + 1, middle + 1)).convert("RGB").tobytes()


@lru_cache(maxsize=256)
def _tables(first: int, shades: int) -> tuple[list[int], list[int]]:
    """For each degree of cover its colour's number, counted from ``first``, and whether anything of the ink is seen at all."""
    steps = [round(level * shades / FULL) for level in range(FULL + 1)]
    return [first + max(step, 1) - 1 for step in steps], [FULL if step else 0 for step in steps]


@lru_cache(maxsize=256)
def _shades(under: bytes, ink: bytes, count: int) -> list[int]:
    """``count`` colours from nearly that under the ink to the ink's own, as red, green, blue."""
    return [
        round(low + (high - low) * step / count)
        for step in range(1, count + 1)
        for low, high in zip(under, ink, strict=True)
    ]
