"""Which characters look alike: drawn in two typefaces, blurred and compared. ``python -m tests.corpus.shapes`` writes the second reader's table.

Needs numpy, which nothing else here does, and Noto's Chinese typefaces (Debian: fonts-noto-cjk).
"""

from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFilter, ImageFont

_FACES: Final = ("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc")
_FOLDER: Final = Path("/usr/share/fonts/opentype/noto")
_TARGET: Final = Path(__file__).parents[2] / "src" / "xuanfa" / "checks" / "reader" / "shapes.txt"
_SIZE, _SHEET, _COMPARED, _BLUR = 44, 48, 24, 1.6
#: So alike two have to be (correlation), and so many of a common and of a rare character are kept.
_ALIKE, _OF_COMMON, _OF_RARE = 0.74, 10, 3
_HEAD: Final = (
    "# Characters that look alike: the first one, and the common ones (GB 2312, level 1) that it may be taken for."
    " Made by tests/corpus/shapes.py.\n"
)


def letters(first: int, last: int) -> list[str]:
    """The characters of these rows of GB 2312."""
    codes = (bytes((row, cell)) for row in range(first, last) for cell in range(0xA1, 0xFF))
    return [letter for code in codes if (letter := code.decode("gb2312", "ignore"))]


def drawn(face: str, chosen: list[str]) -> Any:
    """Each character as a vector of length one."""
    import numpy  # noqa: PLC0415 - only where the table is made anew

    font = ImageFont.truetype(str(_FOLDER / face), _SIZE, index=2)
    rows = []
    for letter in chosen:
        sheet = Image.new("L", (_SHEET, _SHEET), 0)
        ImageDraw.Draw(sheet).text((_SHEET // 2, _SHEET // 2), letter, fill=255, font=font, anchor="mm")
        small = sheet.filter(ImageFilter.GaussianBlur(_BLUR)).resize((_COMPARED, _COMPARED), Image.Resampling.BILINEAR)
        row = numpy.asarray(small, dtype=numpy.float32).ravel()
        row = row - row.mean()
        rows.append(row / numpy.linalg.norm(row))
    return numpy.stack(rows)


def main() -> None:
    """Write the table."""
    import numpy  # noqa: PLC0415 - only where the table is made anew

    common = letters(0xB0, 0xD8)
    chosen = [*common, *letters(0xD8, 0xF8)]
    sheets = [drawn(face, chosen) for face in _FACES]
    likeness = sum(sheet @ sheet.T for sheet in sheets) / len(sheets)
    numpy.fill_diagonal(likeness, 0)
    lines = []
    for at, letter in enumerate(chosen):
        nearest = numpy.argsort(-likeness[at])[: 10 if at < len(common) else 4]
        found = "".join(chosen[each] for each in nearest if each < len(common) and likeness[at][each] > _ALIKE)
        found = found[: _OF_COMMON if at < len(common) else _OF_RARE]
        if found:
            lines.append(f"{letter}{found}\n")
    _TARGET.write_text(_HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
