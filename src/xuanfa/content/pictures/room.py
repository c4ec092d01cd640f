"""Room: how much memory it takes to make something of a picture, told from its head before a pixel is decoded.

A pass may hold 300 MB in all, whatever a file holds, and the program that reads has ``ROOM`` of it for one picture. What is large is
decoded at a part of its size, or converted strip by strip; what takes more all the same is refused, in words that say how it becomes
smaller. Figures were measured with Pillow 13, libjpeg-turbo 3.2 and libwebp 1.6.
"""

import ctypes
import gc
import math
import mmap
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import _lru_cache_wrapper, lru_cache
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

#: For all that one picture takes at a time, its file left out. Bytes.
ROOM: Final = 72_000_000
#: A picture of fewer pixels fits whatever is done with it, beside what is remembered for drawing.
SMALL: Final = 2_000_000
#: What Pillow keeps of a pixel, by mode; all others take four bytes.
_KEPT: Final = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}
#: While a WebP is decoded: two sheets of the decoder, one on its way and Pillow's; afterwards all but the one on its way.
_WEBP_DECODED, _WEBP_HELD = 16, 12
#: An animation's sheet, what is under it, and a frame on its way to another size.
_FRAME: Final = {"GIF": 14, "PNG": 16, "WEBP": 20}
#: What a writer keeps of each pixel of an animation until it has all.
_FILMED: Final = {"GIF": 1, "PNG": 4, "WEBP": 0}
#: All frames of an animation together, decoded: seconds of the processor. Pixels.
FRAMES_MAX: Final = 150_000_000
#: The divisors by which libjpeg can make a picture smaller while it decodes it.
_PARTS: Final = (1, 2, 4, 8)

_P = ParamSpec("_P")
_T = TypeVar("_T")
_remembered: list["_lru_cache_wrapper[Any]"] = []


def remembered(most: int | None) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """``lru_cache`` for what is drawn with, which goes where a large picture needs the room."""

    def wrap(function: Callable[_P, _T]) -> Callable[_P, _T]:
        cached = lru_cache(maxsize=most)(function)
        _remembered.append(cached)
        return cached  # type: ignore[return-value]  # it takes what the function takes

    return wrap


def let_go(pixels: int) -> None:
    """Forget what is remembered for drawing where a picture of so many pixels is not small, and give the room back."""
    if pixels < SMALL:
        return
    for cached in _remembered:
        cached.cache_clear()
    gc.collect()
    with suppress(OSError, AttributeError):  # other libraries than glibc give back by themselves, or not at all
        ctypes.CDLL(None).malloc_trim(0)


def is_short(size: int) -> bool:
    """Whether the system gives no such block of memory now: what then failed was not the file's fault."""
    try:
        mmap.mmap(-1, max(size, 1)).close()
    except (OSError, ValueError, MemoryError):
        return True
    return False


def decoded(image: "ImageFile") -> int:
    """What decoding it takes, at the size at which it is going to be decoded. Bytes."""
    pixels = image.width * image.height
    if image.format == "WEBP":
        return _WEBP_DECODED * pixels
    return _KEPT.get(image.mode, 4) * pixels + coefficients(image)


def require_room(image: "ImageFile", source: str) -> None:
    """Raise ContentError for a picture that cannot be decoded within ``ROOM``, however small it is to become."""
    frames = getattr(image, "n_frames", 1) if image.format != "MPO" else 1
    pixels = image.width * image.height
    if frames > 1 and image.format in _FRAME:
        if _FRAME[image.format] * pixels > ROOM or frames * pixels > FRAMES_MAX:
            raise too_many_frames(source)
    elif image.format in {"JPEG", "MPO"}:
        spread = coefficients(image)
        if spread + 5 * pixels // _PARTS[-1] ** 2 > ROOM:
            raise _too_spread(source, pixels * (ROOM * 9 // 10) // max(spread, 1))
    elif decoded(image) > ROOM:
        raise too_large(source, pixels * ROOM // decoded(image))


def part_of_jpeg(image: "ImageFile", made: float) -> int:
    """How much a JPEG is made smaller as it is decoded, so that there is room for it and for what is ``made`` of it (pixels)."""
    pixels, spread = image.width * image.height, coefficients(image)
    for part in _PARTS:
        whole = pixels / part**2
        converted = whole if image.mode not in {"RGB", "L"} else 0.0
        if spread + 4 * (whole + max(converted, min(made, whole))) <= ROOM:
            return part
    return _PARTS[-1]


def part_of_others(image: "Image", kind: str, made: float) -> int:
    """How much what is decoded is made smaller as it is converted, so that there is room for both, and then for what is ``made`` of
    it (pixels)."""
    pixels = image.width * image.height
    held = pixels * (_KEPT.get(image.mode, 4) + (_WEBP_HELD if kind == "WEBP" else 0))
    shows_through = image.mode not in {"RGB", "L", "I;16", "1"}  # it may be put on white, which takes a copy
    if image.mode == "RGB" and held + 4 * min(made, pixels) <= ROOM:
        return 1
    part = 1
    while True:
        whole = pixels / part**2
        if held + 4 * whole <= ROOM and 4 * (whole + min(made, whole) * (2 if shows_through else 1)) <= ROOM:
            return part
        part += 1


def frames_at_most(image: "Image", kind: str, size: tuple[int, int]) -> float:
    """How much an animation of ``size`` has to be made smaller, as a part of its sides, for a writer to have room for all its frames."""
    made = size[0] * size[1]
    left = ROOM - _FRAME[kind] * image.width * image.height
    most = left / (_FILMED[kind] * getattr(image, "n_frames", 1) + 12)
    return min(1.0, math.sqrt(most / made))


def coefficients(image: "ImageFile") -> int:
    """What a JPEG of several scans takes besides its pixels: all its frequencies at once (libjpeg's ``jdcoefct.c``). Bytes."""
    if image.format not in {"JPEG", "MPO"} or not _has_several_scans(image):
        return 0
    return spread_of(image.size, [(across, down) for _, across, down, _ in image.layer])  # type: ignore[attr-defined]


def spread_of(size: tuple[int, int], samplings: Iterable[tuple[int, int]]) -> int:
    """The frequencies of a JPEG, two bytes each, by how its components are sampled."""
    found = list(samplings)
    widest, highest = (max((each[side] for each in found), default=1) or 1 for side in (0, 1))
    return sum(2 * size[0] * across // widest * size[1] * down // highest for across, down in found)


def _has_several_scans(image: "ImageFile") -> bool:
    if image.info.get("progressive") or image.info.get("progression"):
        return True
    file = image.fp
    if file is None:
        return False
    at = file.tell()
    try:
        return _first_scan_is_part(file, len(image.layer))  # type: ignore[attr-defined]
    finally:
        file.seek(at)


def _first_scan_is_part(file: Any, components: int) -> bool:
    """Whether the first scan has not all components. What is no marker is left to the decoder."""
    file.seek(2)
    while (head := file.read(4)) and len(head) == 4 and head[0] == 0xFF:  # noqa: PLR2004 - a marker and a length
        if head[1] == 0xDA:  # noqa: PLR2004 - a scan
            return bool(file.read(1) < bytes((components,)))
        file.seek(int.from_bytes(head[2:]) - 2, 1)
    return False


def too_large(source: str, most: int) -> ContentError:
    """The refusal of a picture that takes more memory than there is; of ``most`` pixels it would be taken."""
    return ContentError(
        say(
            "图片“{source}”太大，处理它要用的内存超过上限。请另存为 JPG，或缩小到 {most} 万像素以内（如 {side}×{side}）。",
            "The picture {source!r} is too large for the memory that it may take. Save it as JPG, or make it smaller than {most}0,000 pixels "
            "(such as {side}×{side}).",
            source=source,
            most=max(most // 10_000, 1),
            side=math.isqrt(most) // 100 * 100 or 100,
        )
    )


def _too_spread(source: str, most: int) -> ContentError:
    return ContentError(
        say(
            "图片“{source}”是“渐进式”（progressive）JPG，又太大，处理它要用的内存超过上限。请另存为普通（基线）JPG，或缩小到 {most} 万像素以内。",
            "The picture {source!r} is a progressive JPG and too large for the memory that it may take. Save it as a plain (baseline) JPG, or "
            "make it smaller than {most}0,000 pixels.",
            source=source,
            most=max(most // 10_000, 1),
        )
    )


def too_many_frames(source: str) -> ContentError:
    """The refusal of an animation that is too much to be decoded."""
    return ContentError(
        say(
            "动图“{source}”太大：画面太大或帧数太多，处理不了。请缩小画面、减少帧数，或改用视频。",
            "The animation {source!r} is too much: its frames are too large or too many. Make them smaller or fewer, or use a video.",
            source=source,
        )
    )
