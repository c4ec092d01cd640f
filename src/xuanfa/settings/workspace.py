"""Which folder is the workspace."""

from pathlib import Path

from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy

#: The file that makes a folder a workspace.
SETTINGS_FILE = "xuanfa.toml"


def find_workspace(start: Path | None) -> Path:
    """The workspace as an absolute path: ``start`` itself where one is given, else the current folder or the nearest one above it.

    A folder that was named is taken at its word: another one above it is never used in its place. Raises ConfigError.
    """
    if start is not None:
        return _named(start)
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / SETTINGS_FILE).is_file():
            return folder
    raise ConfigError(
        say(
            "当前文件夹 {here} 及其上级文件夹里都没有 {file}。请用 -w 指定工作区文件夹，或运行 `{init}` 新建一个。",
            "Neither {here} nor any folder above it holds {file}. Name the workspace with -w, or make one with `{init}`.",
            here=here,
            file=SETTINGS_FILE,
            init=Remedy("init"),
        )
    )


def _named(start: Path) -> Path:
    folder = (start.parent if start.name == SETTINGS_FILE else start).absolute()
    if (folder / SETTINGS_FILE).is_file():
        return folder
    if not folder.is_dir():
        raise ConfigError(
            say(
                "没有 {folder} 这个文件夹。请检查 -w 后面的路径，或运行 `{init}` 新建工作区。",
                "There is no folder {folder}. Check the path after -w, or make a workspace with `{init}`.",
                folder=folder,
                init=Remedy("init", str(folder)),
            )
        )
    raise ConfigError(
        say(
            "文件夹 {folder} 里没有 {file}，不是工作区。请检查 -w 后面的路径，或运行 `{init}` 新建一个。",
            "The folder {folder} holds no {file}, so it is no workspace. Check the path after -w, or make one with `{init}`.",
            folder=folder,
            file=SETTINGS_FILE,
            init=Remedy("init"),
        )
    )
