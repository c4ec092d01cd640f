"""The code on the form: a QR code that names the post and the digest that were read, and its reading from a picture of the paper."""

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image

#: How the text in the code begins; the number is its shape.
_HEAD: Final = "xuanfa-form 1"
#: A longer name of a post is given by its hash, or the squares would become too small for a copier. Bytes.
_NAME_MAX: Final = 60
#: Pixels of one square.
_SQUARE: Final = 12


@dataclass(frozen=True, slots=True)
class Code:
    """What a code names: a post, by its slug or the hash of a long one, and a digest over what leaves of it."""

    name: str
    digest: str

    @classmethod
    def of(cls, post: str, digest: str) -> "Code":
        """The code of a post at this digest."""
        return cls(_name(post), digest)

    def names(self, post: str) -> bool:
        """Whether it is this post's."""
        return self.name == _name(post)

    @property
    def text(self) -> str:
        """What any reader of codes shows."""
        return f"{_HEAD}\n{self.name}\n{self.digest}"


def picture_of(code: Code) -> tuple[bytes, int]:
    """The code as a PNG in black and white with its quiet margin, and its width in pixels: the same bytes for the same code.

    A seventh of it may be unreadable (level M, ISO/IEC 18004). More would make its squares smaller, and what is copied and faxed fails by
    small squares before it fails by stamps. The page around it is white, so that its own margin may be narrow.
    """
    import segno  # noqa: PLC0415 - needed only where a form is made

    made = segno.make_qr(code.text, error="m", boost_error=False, encoding="utf-8", eci=False)
    file = io.BytesIO()
    made.save(file, kind="png", scale=_SQUARE, border=2)
    return file.getvalue(), int(made.symbol_size(scale=_SQUARE, border=2)[0])


def codes_in(page: "Image") -> list[Code]:
    """The codes of ours in the picture of a page, in any direction. None where there is none that can be read."""
    from PIL import Image, ImageFilter  # noqa: PLC0415 - heavy

    grey = page.convert("L")
    found = _read(grey)
    if found:
        return found
    # What is out of focus is sharpened; what is coarse black and white, as of a fax, is smoothed, and squares are whole again.
    twice = grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)
    for sheet, seen_through in (
        (grey, ImageFilter.UnsharpMask(radius=3, percent=300, threshold=0)),
        (grey, ImageFilter.GaussianBlur(1.5)),
        (grey, ImageFilter.GaussianBlur(2.5)),
        (twice, ImageFilter.UnsharpMask(radius=5, percent=400, threshold=0)),
    ):
        found = _read(sheet.filter(seen_through))
        if found:
            return found
    return []


def _read(picture: "Image") -> list[Code]:
    import zxingcpp  # noqa: PLC0415 - needed only where a scan is read

    found: list[Code] = []
    for each in zxingcpp.read_barcodes(
        picture, formats=zxingcpp.barcode_formats_from_str("QRCode"), text_mode=zxingcpp.TextMode.Plain
    ):
        code = _parsed(each.text)
        if code is not None and code not in found:
            found.append(code)
    return found


def _parsed(text: str) -> Code | None:
    """What a text of ours says; ``None`` for the code of anything else that may stand on the paper."""
    parts = text.split("\n")
    if len(parts) != 3 or parts[0] != _HEAD:  # noqa: PLR2004 - three lines
        return None
    return Code(parts[1], parts[2])


def _name(post: str) -> str:
    return post if len(post.encode()) <= _NAME_MAX else "sha256:" + hashlib.sha256(post.encode()).hexdigest()[:32]
