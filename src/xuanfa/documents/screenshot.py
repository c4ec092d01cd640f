"""The picture of a page as it is kept: without the empty end of a window that was longer than the page, and small enough for thousands."""

import io
from typing import Final

from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say

#: Letters stay sharp, and a page takes a few hundred kilobytes.
_QUALITY: Final = 75
#: So much of the page's ground stays at its end. Pixels.
_MARGIN: Final = 24


def as_kept(png: bytes) -> bytes:
    """A browser's PNG as JPEG. Raises ContentError for what is no picture."""
    from PIL import Image, ImageChops  # noqa: PLC0415 - heavy, and needed only where a page was pictured

    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as opened:
            image = opened.convert("RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise ContentError(say("截图不是图片", "the picture of the page is none")) from error
    width, height = image.size
    ground = Image.new("RGB", image.size, image.getpixel((width - 1, height - 1)))
    box = ImageChops.difference(image, ground).getbbox()
    if box is not None:
        image = image.crop((0, 0, width, min(height, box[3] + _MARGIN)))
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=_QUALITY, progressive=True, optimize=True)
    return kept.getvalue()
