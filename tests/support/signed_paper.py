"""The signed form as a scanner gives it, without an office program: a white page with the code on it."""

import io
from pathlib import Path

from PIL import Image

from xuanfa.documents.code import Code, picture_of


def signed_page(folder: Path, post: str, digest: str, name: str = "scan.png") -> Path:
    """A page with the code of this post and digest, as a file."""
    return page_with(folder, [Code.of(post, digest)], name)


def page_with(folder: Path, codes: list[Code], name: str = "scan.png") -> Path:
    """A page with these codes, one below the other."""
    sheet = Image.new("L", (1240, 1754), 255)
    for at, code in enumerate(codes):
        with Image.open(io.BytesIO(picture_of(code)[0])) as picture:
            sheet.paste(picture.convert("L").resize((260, 260)), (900, 80 + 400 * at))
    path = folder / name
    sheet.save(path)
    return path
