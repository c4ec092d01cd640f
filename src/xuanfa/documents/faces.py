"""Typefaces (字体) of official documents, and what stands for them on a machine that has none of them."""

import shutil
import subprocess
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Faces:
    """The names that a document asks for. Windows, WPS and Kylin have them."""

    heading: str = "方正小标宋简体"
    office: str = "楷体"
    label: str = "黑体"
    text: str = "宋体"
    body: str = "仿宋"
    latin: str = "Times New Roman"


#: Other names of the same typefaces, and then what Debian and its kin have instead, the best first.
_INSTEAD: Final = {
    "方正小标宋简体": ("FZXiaoBiaoSong-B05S", "宋体", "SimSun", "Noto Serif CJK SC", "Source Han Serif SC"),
    "楷体": ("KaiTi", "楷体_GB2312", "宋体", "SimSun", "Noto Serif CJK SC", "Source Han Serif SC"),
    "仿宋": ("FangSong", "仿宋_GB2312", "宋体", "SimSun", "Noto Serif CJK SC", "Source Han Serif SC"),
    "黑体": ("SimHei", "Noto Sans CJK SC", "Source Han Sans SC"),
    "宋体": ("SimSun", "Noto Serif CJK SC", "Source Han Serif SC"),
    "Times New Roman": ("Liberation Serif", "Noto Serif CJK SC", "Source Han Serif SC"),
}


def faces_here() -> Faces:
    """The typefaces with which this machine prints a form: the named ones where they are installed, else what is nearest to them."""
    there = _installed()
    wanted = Faces()
    return Faces(
        heading=_nearest(wanted.heading, there),
        office=_nearest(wanted.office, there),
        label=_nearest(wanted.label, there),
        text=_nearest(wanted.text, there),
        body=_nearest(wanted.body, there),
        latin=_nearest(wanted.latin, there),
    )


def _nearest(name: str, there: frozenset[str]) -> str:
    return next((each for each in (name, *_INSTEAD[name]) if each in there), name)


def _installed() -> frozenset[str]:
    """The names of the families that fontconfig knows; none where it cannot be asked, and then the named ones are left to the program."""
    program = shutil.which("fc-list")
    if program is None:
        return frozenset()
    try:
        told = subprocess.run([program, "--format", "%{family}\n"], capture_output=True, timeout=60, check=True)  # noqa: S603 - a program of the system's
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    return frozenset(name.strip() for name in told.stdout.decode("utf-8", "replace").replace("\n", ",").split(","))
