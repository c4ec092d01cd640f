"""Chinese typefaces of this machine for drawn covers and cards."""

import os
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from xuanfa.content.pictures.room import remembered
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

Face = Literal["serif", "sans", "strong"]

#: Looked for first: a font file, or a folder with some.
VARIABLE: Final = "XUANFA_FONT"
#: Where systems keep fonts: Linux (with 麒麟, 统信, openEuler), own ones, macOS, Windows.
_FOLDERS: Final = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
#: File names for each face, the best first; a face without any takes the next list.
_NAMES: Final[dict[Face, tuple[str, ...]]] = {
    "serif": ("NotoSerifCJK-Bold.ttc", "NotoSerifCJKsc-Bold.otf", "NotoSerifSC-Bold.otf", "SourceHanSerifSC-Bold.otf"),
    "strong": (
        "NotoSansCJK-Bold.ttc",
        "NotoSansCJKsc-Bold.otf",
        "SourceHanSansSC-Bold.otf",
        "msyhbd.ttc",
        "simhei.ttf",
    ),
    "sans": (
        "NotoSansCJK-Regular.ttc",
        "NotoSansCJKsc-Regular.otf",
        "SourceHanSansSC-Regular.otf",
        "msyh.ttc",
        "PingFang.ttc",
        "wqy-microhei.ttc",
        "wqy-zenhei.ttc",
        "simhei.ttf",
        "simsun.ttc",
    ),
}
_INSTEAD: Final[dict[Face, tuple[Face, ...]]] = {
    "serif": ("serif", "strong", "sans"),
    "strong": ("strong", "sans", "serif"),
    "sans": ("sans", "strong", "serif"),
}
#: No typeface has this character, so it shows what a missing one looks like.
_NOWHERE: Final = "\uffff"


@remembered(12)
def font(face: Face, size: int) -> "FreeTypeFont":
    """The face at ``size`` pixels. Raises ConfigError where the machine has no Chinese typeface.

    A few are kept: opening one takes a millisecond, and each holds some megabytes.
    """
    from PIL import ImageFont  # noqa: PLC0415 - heavy, and needed only where something is drawn

    path, index = _file(face, os.environ.get(VARIABLE, ""))
    return ImageFont.truetype(path, size, index=index, layout_engine=ImageFont.Layout.BASIC)


@cache
def measure(face: Face, size: int) -> Callable[[str], float]:
    """What tells the length of a text in the face at ``size``, in pixels; texts are short and come again."""
    font(face, size)  # what is missing is told here, and not in the middle of a line
    return lru_cache(maxsize=8192)(lambda text: font(face, size).getlength(text))


def font_trouble() -> str:
    """What keeps this machine from drawing Chinese, in words for the operator; empty where nothing does."""
    try:
        font("sans", 24)
    except ConfigError as error:
        return str(error)
    return ""


def wish_trouble() -> str:
    """What is wrong with the file or folder that the environment variable names, in words for the operator; empty where nothing is, or it
    is not set."""
    wished = os.environ.get(VARIABLE, "")
    if not wished:
        return ""
    path = Path(wished).expanduser()
    if path.is_dir():
        known = {name.lower() for names in _NAMES.values() for name in names}
        has_one = any(file.name.lower() in known and _is_typeface(str(file)) for file in _fonts_below(path))
        why = (
            ""
            if has_one
            else say("文件夹里没有认得的中文字体", "no Chinese font file that is known lies in that folder")
        )
    elif not path.exists():
        why = say("没有这个文件", "there is no such file")
    else:
        why = _file_trouble(path)
    return why and say(
        "环境变量 {variable} 写的是 {wished}：{why}，改用系统里的字体。请改成中文字体文件（.ttf、.otf、.ttc）或放字体的文件夹，或去掉它。",
        "The environment variable {variable} names {wished}: {why}, so the machine's own typefaces are used. Name a Chinese font file (.ttf, "
        ".otf, .ttc) or a folder of them, or unset it.",
        variable=VARIABLE,
        wished=wished,
        why=why,
    )


def _file_trouble(path: Path) -> str:
    if not _is_typeface(str(path)):
        return say("不是能用的字体文件", "that is no font file that can be used")
    from PIL import ImageFont  # noqa: PLC0415 - as above

    drawn = ImageFont.truetype(str(path), 24, layout_engine=ImageFont.Layout.BASIC)
    if bytes(drawn.getmask("法")) == bytes(drawn.getmask(_NOWHERE)):
        return say("字体里没有汉字", "it has no Chinese characters")
    return ""


@cache
def _is_typeface(path: str) -> bool:
    from PIL import ImageFont  # noqa: PLC0415 - as above

    if not Path(path).is_file():
        return False
    try:
        ImageFont.truetype(path, 10)
    except OSError:
        return False
    return True


def drawable(text: str, face: Face) -> str:
    """``text`` without what the typeface lacks (emoji, most of all): a reader would see empty boxes."""
    return "".join(character for character in text if _has(character, face))


@cache
def _has(character: str, face: Face) -> bool:
    if character.isspace():
        return True
    if not character.isprintable() or "\ufe00" <= character <= "\ufe0f":
        return False
    drawn = font(face, 24)
    return bytes(drawn.getmask(character)) != bytes(drawn.getmask(_NOWHERE))


@cache
def _file(face: Face, wished: str) -> tuple[str, int]:
    """File and number within the collection; ``wished`` is the variable's value, so that a change of it is seen."""
    if wished and _is_typeface(str(Path(wished).expanduser())):
        path = str(Path(wished).expanduser())
        return path, _simplified(path)
    found = _found(wished)
    for name in (name for kind in _INSTEAD[face] for name in _NAMES[kind]):
        if name.lower() in found:
            path = found[name.lower()]
            return path, _simplified(path)
    _found.cache_clear()  # so that what is installed next is seen without a restart
    raise ConfigError(
        say(
            "这台机器没有中文字体，画不了封面和文字卡片。请安装软件包 fonts-noto-cjk（麒麟、openEuler 为 google-noto-cjk-fonts），"
            "或用环境变量 {variable} 指明字体文件。",
            "This machine has no Chinese typeface to draw covers and cards with. Install the package fonts-noto-cjk "
            "(google-noto-cjk-fonts on openEuler), or name a font file in the environment variable {variable}.",
            variable=VARIABLE,
        )
    )


@cache
def _found(wished: str) -> dict[str, str]:
    """Font files by lower-case name; those of the folder that was wished for win."""
    folders = [Path(folder).expanduser() for folder in (wished, *_FOLDERS) if folder]
    files: dict[str, str] = {}
    for file in (file for folder in folders for file in _fonts_below(folder)):
        files.setdefault(file.name.lower(), str(file))
    return files


def _fonts_below(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):  # skips what may not be read
        folders.sort()
        yield from (Path(root, name) for name in sorted(names) if name.lower().endswith((".ttc", ".otf", ".ttf")))


def _simplified(path: str) -> int:
    """The number of the simplified Chinese typeface within a collection: one file may hold Japanese shapes first."""
    from PIL import ImageFont  # noqa: PLC0415 - as above

    index = 0
    while path.lower().endswith(".ttc"):
        try:
            name = ImageFont.truetype(path, 10, index=index).getname()[0] or ""
        except OSError:
            return 0  # past the last one
        if name.endswith(" SC") or "YaHei" in name:
            return index
        index += 1
    return 0
