"""New: a post file in the inbox, ready to be written in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from pathlib import Path

from xuanfa.content.reading.drafts import is_short_name, new_post
from xuanfa.domain.column import Column
from xuanfa.domain.errors import ConfigError, machine_words
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.operations.keeping.access import share_with_group

#: What stands in place of a name: the number that is free on that day.
BY_DATE = ("date", "日期")


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is ready to be written."""

    path: Path
    text: str

    def write(self) -> None:
        """Write it. Raises ConfigError where it exists by now, or cannot be written."""
        path = self.path
        try:
            is_new = not path.parent.exists()
            path.parent.mkdir(parents=True, exist_ok=True)
            if is_new:
                share_with_group(path.parent)
            with path.open("x", encoding="utf-8") as opened:
                opened.write(self.text)
            share_with_group(path)
        except FileExistsError as error:
            raise _exists(path) from error
        except OSError as error:
            raise ConfigError(
                say(
                    "写不了 {path}：{why}。请检查权限。",
                    "Cannot write {path}: {why}.",
                    path=path,
                    why=machine_words(error),
                )
            ) from error


def new_post_file(desk: Desk, title: str, *, column: Column, today: date, name: str = "") -> Path:
    """Write it into the year's folder and return its path. ``name`` (Latin letters, digits, hyphens; or ``BY_DATE``) is what its file and
    its address are called by, after the date; without one it is the title. Raises ConfigError where it exists or cannot be written."""
    file = new_file(desk, title, column=column, today=today, name=name)
    file.write()
    return file.path


def new_file(
    desk: Desk,
    title: str,
    *,
    column: Column,
    today: date,
    name: str = "",
    publish_at: datetime | None = None,
    channels: Sequence[str] = (),
) -> NewFile:
    """The file of a new post, not written yet; ``publish_at`` and ``channels`` are filled in where they are given. Raises ConfigError where it
    exists, or its name cannot be."""
    if not any(letter.isalnum() for letter in title):
        raise ConfigError(
            say(
                "标题是空的，没有新建稿件。请在后面写上标题，如 {new} 巡回审判进乡村。",
                "There is no title, and nothing was made. Give one, as in {new} followed by a title in quotation marks.",
                new=Remedy("new"),
            )
        )
    folder = desk.posts_folder / str(today.year)
    if name in BY_DATE:
        name = next(str(n) for n in count(1) if not (folder / f"{today:%Y%m%d}-{n}.md").exists())
    elif name and not is_short_name(name):
        raise ConfigError(
            say(
                "文件名“{name}”不能用：只能有小写字母、数字和减号，最多 40 个，如拼音 xunhui-shenpan；或写 date，只用日期和序号。",
                "The name {name!r} cannot be used: small letters, digits and hyphens, 40 at most, such as court-on-tour; or date, for the date with "
                "a number.",
                name=name,
            )
        )
    at = f"{publish_at.astimezone(desk.zone):%Y-%m-%d %H:%M}" if publish_at else ""
    file, text = new_post(title, column=column, today=today, name=name, publish_at=at, channels=channels)
    path = folder / file
    if path.exists():
        raise _exists(path)
    return NewFile(path, text)


def _exists(path: Path) -> ConfigError:
    return ConfigError(
        say(
            "{path} 已经存在，请换个标题或直接修改它。",
            "{path} exists; choose another title or edit it.",
            path=path,
        )
    )
