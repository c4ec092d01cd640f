"""Which characters look alike: drawn in two typefaces, blurred and compared, whole and by halves (徐 and 除 share one, and a hand takes one
for the other). ``python -m tests.corpus.shapes`` writes the second reader's table.

Needs numpy, which nothing else here does, and Noto's Chinese typefaces (Debian: fonts-noto-cjk).
"""

from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFilter, ImageFont

_FACES: Final = ("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc")
_FOLDER: Final = Path("/usr/share/fonts/opentype/noto")
_TARGET: Final = Path(__file__).parents[2] / "src" / "xuanfa" / "checks" / "reader" / "shapes.txt"
_SIZE, _SHEET, _COMPARED, _BLUR = 44, 48, 24, 1.6
#: So alike two have to be (correlation), as a whole or in one half, and so many of a common and of a rare character are kept of each.
_ALIKE, _HALF_ALIKE = 0.74, 0.88
_OF_COMMON, _OF_RARE = 10, 4
#: The halves: left, right, upper and lower, a little over the middle.
_MIDDLE: Final = 12
_HALVES: Final = (
    (slice(None), slice(_MIDDLE - 1)),
    (slice(None), slice(_MIDDLE - 1, None)),
    (slice(_MIDDLE - 1), slice(None)),
    (slice(_MIDDLE, None), slice(None)),
)
_HEAD: Final = (
    "# Characters that look alike: the first one, and the common ones (GB 2312, level 1) that it may be taken for."
    " Made by tests/corpus/shapes.py.\n"
)


def letters(first: int, last: int) -> list[str]:
    """The characters of these rows of GB 2312."""
    codes = (bytes((row, cell)) for row in range(first, last) for cell in range(0xA1, 0xFF))
    return [letter for code in codes if (letter := code.decode("gb2312", "ignore"))]


def drawn(face: str, chosen: list[str]) -> Any:
    """Each character as a small picture."""
    import numpy  # noqa: PLC0415 - only where the table is made anew

    font = ImageFont.truetype(str(_FOLDER / face), _SIZE, index=2)
    rows = []
    for letter in chosen:
        sheet = Image.new("L", (_SHEET, _SHEET), 0)
        ImageDraw.Draw(sheet).text((_SHEET // 2, _SHEET // 2), letter, fill=255, font=font, anchor="mm")
        small = sheet.filter(ImageFilter.GaussianBlur(_BLUR)).resize((_COMPARED, _COMPARED), Image.Resampling.BILINEAR)
        rows.append(numpy.asarray(small, dtype=numpy.float32))
    return numpy.stack(rows)


def likeness(sheets: list[Any], part: tuple[slice, slice] = (slice(None), slice(None))) -> Any:
    """How alike the characters are in a part of their sheets: correlations, each with each."""
    import numpy  # noqa: PLC0415 - only where the table is made anew

    total = 0
    for sheet in sheets:
        rows = sheet[:, part[0], part[1]].reshape(len(sheet), -1)
        rows = rows - rows.mean(axis=1, keepdims=True)
        rows = rows / numpy.maximum(numpy.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
        total = total + rows @ rows.T / len(sheets)
    numpy.fill_diagonal(total, 0)
    return total


def main() -> None:
    """Write the table."""
    import numpy  # noqa: PLC0415 - only where the table is made anew

    common = letters(0xB0, 0xD8)
    chosen = [*common, *letters(0xD8, 0xF8)]
    sheets = [drawn(face, chosen) for face in _FACES]
    tables = (
        (likeness(sheets), _ALIKE),
        (numpy.maximum.reduce([likeness(sheets, half) for half in _HALVES]), _HALF_ALIKE),
    )
    lines = []
    for at, letter in enumerate(chosen):
        most = _OF_COMMON if at < len(common) else _OF_RARE
        found = [
            chosen[each]
            for table, alike in tables
            for each in numpy.argsort(-table[at][: len(common)])[:most]
            if table[at][each] > alike
        ]
        if found:
            lines.append(f"{letter}{''.join(dict.fromkeys(found))}\n")
    _TARGET.write_text(_HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
