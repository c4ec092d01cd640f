"""Pixels as every screen shows them: upright, with 8 bits a channel, in sRGB."""

import io
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image


def plain(image: "Image") -> "Image":
    """The image as sRGB with 8 bits a channel: RGB, or RGBA where something shows through."""
    profile = image.info.get("icc_profile") or b""
    if image.mode.startswith("I"):
        # Pillow's own conversion clips; these modes hold 16 bits a pixel when they come from a PNG.
        wide = image.convert("I").point(lambda value: value / 256)
        image = wide.convert("L")
    if image.mode in {"CMYK", "L"}:
        return _in_srgb(image, profile).convert("RGB") if "transparency" not in image.info else clear(image, profile)
    if image.mode in _CLEAR or "transparency" in image.info:
        return clear(image, profile)
    return _in_srgb(_three_colours(image), profile)


def _three_colours(image: "Image") -> "Image":
    image.load()
    return image if image.mode == "RGB" else image.convert("RGB")


def plain_in_strips(image: "Image", part: int) -> "Image":
    """The same, ``part`` times smaller, strip by strip, so that of no other form of it more than a strip is ever there. ``image`` may be
    taken apart for that."""
    from PIL import Image as Images  # noqa: PLC0415 - heavy, and needed only where a picture is new

    size = -(-image.width // part), -(-image.height // part)
    strips = [(top, min(top + _STRIP * part, image.height)) for top in range(0, image.height, _STRIP * part)]
    is_clear = _may_be_clear(image) and any("A" in _strip(image, *strip).mode for strip in strips)
    if part == 1 and image.mode == "RGB" and not is_clear and "transparency" not in image.info:
        return plain(image)
    sheet = Images.new("RGBA" if is_clear else "RGB", size)
    for top, bottom in strips:
        made = _strip(image, top, bottom)
        sheet.paste(made.reduce(part) if part > 1 else made, (0, top // part))
    return sheet


#: Rows that are converted together.
_STRIP = 32


def _may_be_clear(image: "Image") -> bool:
    return image.mode in _CLEAR or "transparency" in image.info


def _strip(image: "Image", top: int, bottom: int) -> "Image":
    part = image.crop((0, top, image.width, bottom))
    part.info = image.info
    return plain(part)


_CLEAR = frozenset({"RGBA", "LA", "PA", "RGBa", "La"})


def clear(image: "Image", profile: bytes) -> "Image":
    """An image through which something shows, or may."""
    whole = image if image.mode == "RGBA" else image.convert("RGBA")
    alpha = whole.getchannel("A")
    solid = _in_srgb(whole.convert("RGB"), profile)
    if alpha.getextrema() != (255, 255):
        solid.putalpha(alpha)
    return solid


def _in_srgb(image: "Image", profile: bytes) -> "Image":
    """The image itself where it has three colours already: it is changed."""
    from PIL import ImageCms  # noqa: PLC0415 - heavy, and needed only where a picture is new

    if not profile:
        return image
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        ours = ImageCms.createProfile("sRGB")
        if image.mode == "RGB":
            ImageCms.profileToProfile(image, given, ours, inPlace=True)
            return image
        return ImageCms.profileToProfile(image, given, ours, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a damaged profile, or one for other colours: the numbers as they are


def on_white(image: "Image") -> "Image":
    """The image without transparency."""
    from PIL import Image as Images  # noqa: PLC0415 - heavy, and needed only where a picture is new

    if image.mode != "RGBA":
        return image
    ground = Images.new("RGB", image.size, "white")
    ground.paste(image, mask=image)
    return ground


def upright(image: "Image", held: int) -> "Image":
    """The image as its camera saw it (Exif 2.32, 4.6.4)."""
    from PIL.Image import Transpose  # noqa: PLC0415 - heavy, and needed only where a picture is new

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return image.transpose(turns[held]) if held in turns else image


def lying(
    size: tuple[int, int], box: tuple[float, float, float, float], whole: tuple[int, int], held: int
) -> tuple[tuple[int, int], tuple[float, float, float, float]]:
    """What is ``size`` and ``box`` of the upright image, in one of ``whole`` size that still lies as the camera wrote it."""
    left, top, right, bottom = box
    across, down = ((top, bottom), (left, right)) if held >= _ON_ITS_SIDE else ((left, right), (top, bottom))
    if held in {2, 3, 7, 8}:
        across = whole[0] - across[1], whole[0] - across[0]
    if held in {3, 4, 6, 7}:
        down = whole[1] - down[1], whole[1] - down[0]
    return size[::-1] if held >= _ON_ITS_SIDE else size, (across[0], down[0], across[1], down[1])


#: From here on the camera lay on its side.
_ON_ITS_SIDE = 5


def in_strips(image: "Image", size: tuple[int, int], box: tuple[float, float, float, float], held: int) -> "Image":
    """What is in ``box``, scaled to ``size`` and turned upright, strip by strip: the same pixels as all at once."""
    from PIL import Image as Images  # noqa: PLC0415 - heavy, and needed only where a picture is new

    lies = held >= _ON_ITS_SIDE
    sheet = Images.new(image.mode, size[::-1] if lies else size)
    step = (box[3] - box[1]) / size[1]
    for top in range(0, size[1], _STRIP):
        bottom = min(top + _STRIP, size[1])
        strip = upright(
            _between(image, (box[0], box[1] + top * step, box[2], box[1] + bottom * step), (size[0], bottom - top)),
            held,
        )
        at = size[1] - bottom if held in {3, 4, 6, 7} else top
        sheet.paste(strip, (at, 0) if lies else (0, at))
    return sheet


def _between(image: "Image", box: tuple[float, float, float, float], size: tuple[int, int]) -> "Image":
    """The part in ``box``, scaled, with what lies around it as far as a filter looks (three pixels of the result)."""
    from PIL.Image import Resampling  # noqa: PLC0415 - as above

    around = 3 * max(1.0, (box[3] - box[1]) / size[1]) + 1
    first, last = max(0, math.floor(box[1] - around)), min(image.height, math.ceil(box[3] + around))
    part = image.crop((0, first, image.width, last))
    return part.resize(size, Resampling.LANCZOS, box=(box[0], box[1] - first, box[2], box[3] - first))
