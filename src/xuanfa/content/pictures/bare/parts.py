"""What walkers have in common: what they return, what they raise, and the question where compressed data end."""

import hashlib
import zlib
from dataclasses import dataclass
from typing import Final

from xuanfa.content.pictures.media import opened

#: The most that is unpacked of a text or a profile. Bytes.
UNPACKED_MAX: Final = 4_000_000
#: Rows that are looked at together.
_STRIP: Final = 256


class Unproved(Exception):  # noqa: N818 - a finding about a file, not a failure
    """A file that cannot be shown to hold nothing but its picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bare:
    """A file without anything beside its picture: ``head``, then ``rest``; profile and marks go between them.

    ``profile`` is the colour profile, rewritten, or empty. ``told`` is what was left out: marks of generated content are looked for there.
    """

    media_type: str
    head: bytes
    rest: bytes
    profile: bytes = b""
    told: tuple[bytes, ...] = ()


def require(condition: object) -> None:
    """Raises Unproved where something is not as the format's specification says."""
    if not condition:
        raise Unproved


def pixels(data: bytes) -> bytes:
    """A digest of the picture's pixels. Raises Unproved where it cannot be decoded."""
    digest = hashlib.sha256()
    try:
        with opened(data) as image:
            image.load()
            for top in range(0, image.height, _STRIP):  # never all of them once more
                digest.update(image.crop((0, top, image.width, min(top + _STRIP, image.height))).tobytes())
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise Unproved from error
    return digest.digest()


def shows(data: bytes) -> bool:
    """Whether Pillow decodes it to the end: asked of files that have lost their last bytes, which nobody can decode if they were needed."""
    try:
        with opened(data) as image:
            image.draft(image.mode, (1, 1))
            image.load()
    except (OSError, ValueError, SyntaxError, EOFError):
        return False
    return True


def unpacked(data: bytes, most: int = UNPACKED_MAX) -> bytes:
    """What a zlib stream holds that fills ``data`` exactly. Raises Unproved, also where it is more than ``most``."""
    stream = zlib.decompressobj()
    try:
        found = stream.decompress(data, most)
    except zlib.error as error:
        raise Unproved from error
    require(stream.eof and not stream.unused_data)
    return found
