"""``xuanfa init DIR``: a workspace to begin with, explained in Chinese, with one example post."""

from pathlib import Path

import click

from xuanfa.cli.shared import json_option, print_json
from xuanfa.domain.errors import ConfigError, machine_words
from xuanfa.domain.language import say

STARTER = Path(__file__).parents[1] / "starter"
#: The organisation of the packaged settings, which ``--name`` replaces.
_EXAMPLE_NAME = "金昌市中级人民法院"
#: Packaged without the dot, so that no tool that builds or copies packages passes over them.
_DOTTED = {"gitignore": ".gitignore", "env.example": ".env.example"}
#: The group's to write, with all in it.
_POSTS = "posts"
#: Written last: it alone makes the folder a workspace, so that a half-made one is none.
_LAST = "xuanfa.toml"


def _checked_name(_: click.Context, __: click.Parameter, name: str) -> str:
    name = name.strip()
    if not name or not name.isprintable():
        raise click.BadParameter(say("请写单位名称，不含换行等控制字符。", "Give a name without control characters."))
    return name


@click.command(help=say("新建一个工作区", "Make a workspace"))
@click.argument("folder", metavar=say("目录", "DIR"), type=click.Path(path_type=Path))
@click.option(
    "--name",
    default=_EXAMPLE_NAME,
    callback=_checked_name,
    help=say("单位名称", "Name of the organisation"),
)
@json_option
def command(*, folder: Path, name: str, as_json: bool) -> None:
    """Files that are there already stay as they are; a folder that is a workspace already is refused."""
    from xuanfa.bootstrap import marks_of, utc_now  # noqa: PLC0415 - heavy, and not needed for --help

    _require_room(folder)
    kept = _make(folder, name)
    former = marks_of(folder).end_former(utc_now())
    if as_json:
        print_json({"folder": str(folder.absolute()), "kept": kept, "former_marks": list(map(str, former))})
        return
    click.echo(_next_steps(folder, kept, former))


def _require_room(folder: Path) -> None:
    if folder.is_symlink() and not folder.exists():
        message = say("是指向别处的失效链接", "is a broken link")
    elif folder.exists() and not folder.is_dir():
        message = say("是一个文件，不是文件夹", "is a file, not a folder")
    elif (folder / _LAST).exists():
        message = say("已经是工作区（里面有 xuanfa.toml）", "is a workspace already (it holds xuanfa.toml)")
    else:
        return
    raise ConfigError(
        say(
            "{folder} {message}。什么也没有改动；请换一个目录名。",
            "{folder} {message}. Nothing was changed; choose another folder.",
            folder=folder,
            message=message,
        )
    )


def _make(folder: Path, name: str) -> list[str]:
    """Copy the starter; returns what was there already and was kept. What a failure leaves behind is taken away again."""
    made: list[Path] = []
    kept: list[str] = []
    is_new = not folder.exists()
    try:
        for source in sorted(_files(), key=lambda path: path.name == _LAST):
            relative = source.relative_to(STARTER)
            target = folder / relative.with_name(_DOTTED.get(relative.name, relative.name))
            _make_folder(target.parent, made)
            if target.exists():
                kept.append(str(target.relative_to(folder)))
                continue
            with target.open("xb") as file:
                made.append(target)
                file.write(_content(source, name))
            if target.name == ".env.example":
                target.chmod(0o600)  # a copy of it is to hold secrets, and cp keeps the mode of a file it makes
            if relative.parts[0] == _POSTS:
                target.chmod(0o660)
        if is_new:
            folder.chmod(0o751)  # the web server passes through it to the website, whatever the umask
    except OSError as error:
        _undo(made)
        raise ConfigError(
            say(
                "没能写入 {path}：{words}。请检查权限和磁盘空间，或换一个目录；已写的文件都已撤去。",
                "Cannot write {path}: {words}. Check permissions and disk space, or choose another folder; "
                "what had been written is removed again.",
                path=error.filename or folder,
                words=machine_words(error),
            )
        ) from error
    return kept


def _files() -> list[Path]:
    return [path for path in STARTER.rglob("*") if path.is_file()]


def _make_folder(folder: Path, made: list[Path]) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent, made)
        folder.mkdir()
        made.append(folder)
        if _POSTS in folder.parts:
            folder.chmod(0o2770)


def _content(source: Path, name: str) -> bytes:
    data = source.read_bytes()
    if source.name != _LAST:
        return data
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return data.replace(f'"{_EXAMPLE_NAME}"'.encode(), f'"{escaped}"'.encode())


def _undo(made: list[Path]) -> None:
    for path in reversed(made):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()


def _next_steps(folder: Path, kept: list[str], former: list[Path]) -> str:
    parts = [say("已建好工作区：{folder}", "The workspace is ready: {folder}", folder=folder.absolute())]
    if kept:
        parts.append(
            say(
                "原有的文件保持不变：{names}",
                "Files that were there already stay as they are: {names}",
                names=say("、", ", ").join(kept),
            )
        )
    if former:
        parts.append(
            say(
                "这个文件夹里以前有过一个工作区，发过的还记在 {marks}；新工作区与它无关，同样的稿件会再发一遍。"
                "若是要找回它，请先不要发布，用备份恢复：xuanfa restore",
                "There was a workspace in this folder before, and what it sent is still noted in {marks}. The new one has nothing to do with it, "
                "and sends the same posts once more. If it is the former one that you want, publish nothing, and restore a backup: xuanfa "
                "restore",
                marks=say("、", ", ").join(map(str, former)),
            )
        )
    parts.append(
        say(
            "下一步：\n"
            "  1. cd {folder}\n"
            "  2. 打开 xuanfa.toml，按说明改单位、专栏和渠道\n"
            "  3. xuanfa doctor     检查设置\n"
            "  4. xuanfa publish    演练示例稿件（不会真的发出；网站写在 public.rehearsal/）\n"
            "  5. xuanfa count      看发了多少；用浏览器打开 public.rehearsal/index.html 看网站的样子\n"
            '写新稿件：xuanfa new "标题"。密钥写在 .env 里，写法见 .env.example。',
            "Next:\n"
            "  1. cd {folder}\n"
            "  2. open xuanfa.toml and set the organisation, columns and channels\n"
            "  3. xuanfa doctor     checks the settings\n"
            "  4. xuanfa publish    rehearses the example (nothing leaves; the website is written into public.rehearsal/)\n"
            "  5. xuanfa count      says how much was published; open public.rehearsal/index.html in a browser\n"
            'A new post: xuanfa new "Title". Secrets go into .env, see .env.example.',
            folder=folder,
        )
    )
    return "\n\n".join(parts)
