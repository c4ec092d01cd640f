"""The pages of a scan, as a process of its own sees them: with little memory, for a short time, and nothing to lose if a decoder falls over.

``python -m xuanfa.documents.pages SCAN KEPT`` prints what was found as one line of JSON, and writes the pages to KEPT as a PDF of pictures.
What else a scan carries (names, places, scripts, attachments, hidden text) is not copied, because nothing but the pictures is.
"""

import json
import resource
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xuanfa.documents.code import codes_in

if TYPE_CHECKING:
    from PIL.Image import Image

#: A form is one page, and a copier may put a few into one file.
PAGES_MAX: Final = 20
#: The longest side of a page, in pixels: A4 at 222 dots to the inch.
_SIDE: Final = 2600
#: A picture of more pixels is none of a sheet of paper: A4 at 600 dots to the inch has 35 million.
_PIXELS_MAX: Final = 80_000_000
#: Of this process. Bytes and seconds.
_MEMORY, _SECONDS = 1_200_000_000, 120
_FORMATS: Final = ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP")


class TroubleError(Exception):
    """Why a scan cannot be used: ``many``, ``large``, ``locked`` or ``broken``."""


def main(scan: Path, kept: Path) -> dict[str, Any]:
    """Read the scan: how many pages, and the codes on them."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    data = scan.read_bytes()
    try:
        pages = list(_pages(data))
        codes = [[at, code.name, code.digest] for at, page in enumerate(pages, 1) for code in codes_in(page)]
        _keep(pages, kept)
    except TroubleError as trouble:
        return {"trouble": str(trouble)}
    except MemoryError:
        return {"trouble": "large"}
    return {"pages": len(pages), "codes": codes}


def _pages(data: bytes) -> Iterator["Image"]:
    return _of_pdf(data) if data[:1024].lstrip().startswith(b"%PDF-") else _of_picture(data)


def _of_pdf(data: bytes) -> Iterator["Image"]:
    import pypdfium2  # noqa: PLC0415 - a decoder in C, which only this process loads

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise TroubleError("locked" if "password" in str(error).lower() else "broken") from error
    try:
        if len(document) > PAGES_MAX:
            raise TroubleError("many")
        for page in document:
            longest = max(page.get_size())
            if longest <= 0:
                raise TroubleError("broken")
            yield page.render(scale=_SIDE / longest, grayscale=True, may_draw_forms=False).to_pil().convert("L")
    except pypdfium2.PdfiumError as error:
        raise TroubleError("broken") from error
    finally:
        document.close()


def _of_picture(data: bytes) -> Iterator["Image"]:
    import io  # noqa: PLC0415

    from PIL import Image, ImageOps, ImageSequence  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = _PIXELS_MAX
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            for at, frame in enumerate(ImageSequence.Iterator(picture)):
                if at == PAGES_MAX:
                    raise TroubleError("many")
                grey = ImageOps.exif_transpose(frame.convert("L"))
                grey.thumbnail((_SIDE, _SIDE))
                grey.info.clear()  # comments would be written again
                yield grey
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TroubleError("large") from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError) as error:
        raise TroubleError("broken") from error


def _keep(pages: list["Image"], kept: Path) -> None:
    """One PDF of the pictures, without a date or a name in it: the same pages give the same bytes."""
    if not pages:
        raise TroubleError("broken")
    pages[0].save(
        kept,
        format="PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=222.0,
        quality=85,
        title=None,
        creationDate=None,
        modDate=None,
    )


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2])), ensure_ascii=True))  # noqa: T201 - its only output
