"""Pixels as every screen shows them: upright, with 8 bits a channel, in sRGB."""

import io
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
    if image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info:
        return clear(image, profile)
    return _in_srgb(image.convert("RGB"), profile)


def clear(image: "Image", profile: bytes) -> "Image":
    """An image through which something shows, or may."""
    whole = image.convert("RGBA")
    solid = _in_srgb(whole.convert("RGB"), profile)
    if whole.getchannel("A").getextrema() != (255, 255):
        solid.putalpha(whole.getchannel("A"))
    return solid


def _in_srgb(image: "Image", profile: bytes) -> "Image":
    from PIL import ImageCms  # noqa: PLC0415 - heavy, and needed only where a picture is new

    if not profile:
        return image
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a damaged profile, or one for other colours: the numbers as they are


def on_white(image: "Image") -> "Image":
    """The image without transparency."""
    from PIL import Image as Images  # noqa: PLC0415 - heavy, and needed only where a picture is new

    if image.mode != "RGBA":
        return image
    ground = Images.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
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
