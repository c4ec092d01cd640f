"""New: a post file in the inbox, ready to be written in."""

from datetime import date
from pathlib import Path

from xuanfa.content.drafts import new_post
from xuanfa.domain.column import Column
from xuanfa.domain.errors import ConfigError, machine_words
from xuanfa.domain.language import say
from xuanfa.operations.desk import Desk


def new_post_file(desk: Desk, title: str, *, column: Column, today: date) -> Path:
    """Write it into the year's folder and return its path. Raises ConfigError where it exists or cannot be written."""
    name, text = new_post(title, column=column, today=today)
    path = desk.posts_folder / str(today.year) / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise ConfigError(
            say(
                "{path} 已经存在，请换个标题或直接修改它。",
                "{path} exists; choose another title or edit it.",
                path=path,
            )
        ) from error
    except OSError as error:
        raise ConfigError(
            say(
                "写不了 {path}：{why}。请检查权限。", "Cannot write {path}: {why}.", path=path, why=machine_words(error)
            )
        ) from error
    return path
