"""Successor: the file of a post that brings a correction to channels that cannot change what is out. It goes the way of every post."""

import os
from collections.abc import Sequence
from pathlib import Path

from xuanfa.domain.correction import Others
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.post import Post
from xuanfa.operations.desk import Desk
from xuanfa.store.posts import KnownPost

#: What the slug of the new post ends with.
_ENDING = {Others.AGAIN: "again", Others.POST: "correction"}
_MOST = 99


def free_slug(desk: Desk, known: KnownPost, wish: Others) -> str:
    """A slug for the new post, whose file is to lie beside the post's own, so that its pictures are found. Raises StateError."""
    for number in range(1, _MOST):
        slug = f"{known.slug}-{_ENDING[wish]}{'' if number == 1 else f'-{number}'}"
        if not path_of(desk, known, slug).exists():
            return slug
    raise StateError(say("更正稿已经太多。", "There are too many corrections of this post already."))


def path_of(desk: Desk, known: KnownPost, slug: str) -> Path:
    """Where the new post's file lies."""
    return (desk.folder / known.path).parent / f"{slug}.md"


def write_successor(
    desk: Desk, known: KnownPost, post: Post, *, slug: str, wish: Others, channels: Sequence[str]
) -> None:
    """Write the file. Raises StateError where it cannot be written."""
    path = path_of(desk, known, slug)
    try:
        _write_new(path, _text(slug, known, post, channels, wish))
    except OSError as error:
        raise StateError(
            say("写不了 {path}：{why}。", "Cannot write {path}: {why}.", path=path, why=error.strerror or "")
        ) from error


def _write_new(path: Path, text: str) -> None:
    """Whole or not at all: whoever goes on after a crash takes a file of that name for the whole one."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with partial.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(partial, path)
        except FileExistsError:
            raise
        except OSError:
            partial.rename(path)  # a folder that knows no links
    finally:
        partial.unlink(missing_ok=True)


def _text(slug: str, known: KnownPost, post: Post, channels: Sequence[str], wish: Others) -> str:
    is_post = wish is Others.POST
    head = {
        "title": f"更正：{post.title}" if is_post else post.title,
        "slug": slug,
        "column": post.column,
        "author": post.author,
        "department": post.department,
        "editor": post.editor,
        "summary": "" if is_post else post.summary,
        "cover": post.cover.source if post.cover else "",
        "corrects": known.slug if is_post else "",
        "publish_at": "now",
    }
    lines = [f"{name}: {_quoted(value)}" for name, value in head.items() if value]
    if post.source is not None:
        lines += ["source:", f"  name: {_quoted(post.source.name)}"]
        lines += [f"  url: {_quoted(post.source.url)}"] if post.source.url else []
    if post.keywords:
        lines.append(f"keywords: {_quoted('、'.join(post.keywords))}")
    lines += ["channels:", *(f"  - {channel}" for channel in channels)]
    before = f"本号此前发布的《{known.title}》有误，更正后的全文如下：\n\n" if is_post else ""
    return "---\n" + "\n".join(lines) + f"\n---\n\n{before}{post.body.strip()}\n"


def _quoted(value: str) -> str:
    """A value in double quotes, as YAML has them."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
