"""Bare pictures: a file taken apart, and put together again from nothing but what shows the picture.

Each format has a walker that goes through the whole file and copies what it knows and has checked: everything else (what a camera, an
editor or a person noted, previews, further pictures, unknown parts, whatever lies behind the end) is not removed but never copied. What
a walker cannot account for to the last byte is ``Unproved``, and has to be written anew from its pixels.

What is not looked into is the compressed picture itself: colours can hide anything. Up to seven bytes at the end of a JPEG's or WebP's
compressed data may be nobody's, because their decoders do not tell where they stopped.
"""

import struct
from collections.abc import Callable
from typing import Final

from xuanfa.content.pictures.bare import gif, jpeg, png, webp
from xuanfa.content.pictures.bare.parts import Bare, Unproved
from xuanfa.content.pictures.marks import Marks

__all__ = ["Bare", "Unproved", "dressed", "taken"]

_TAKE: Final[dict[str, Callable[[bytes, bool], Bare]]] = {
    "image/jpeg": jpeg.bare,
    "image/png": png.bare,
    "image/gif": gif.bare,
    "image/webp": webp.bare,
}
_DRESS: Final[dict[str, Callable[[Bare, Marks], bytes]]] = {
    "image/jpeg": jpeg.dressed,
    "image/png": png.dressed,
    "image/gif": gif.dressed,
    "image/webp": webp.dressed,
}


def taken(data: bytes, media_type: str, *, to_the_end: bool = True) -> Bare:
    """The bare picture in ``data``. Raises Unproved.

    ``to_the_end`` compressed data are decoded to see that nothing hangs on behind them. What Pillow wrote just now from pixels, and what
    will be written anew in any case, need not pay for that.
    """
    try:
        return _TAKE[media_type](data, to_the_end)
    except (IndexError, struct.error) as error:  # a length that leads behind the end
        raise Unproved from error


def dressed(bare: Bare, marks: Marks) -> bytes:
    """The file, with the profile and with marks of generated content. Taking it and dressing it again gives the same bytes."""
    return _DRESS[bare.media_type](bare, marks)
