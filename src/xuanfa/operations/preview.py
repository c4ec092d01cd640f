"""Preview: what each channel would get, as files to look at. Nothing leaves, and the database is not touched."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xuanfa.adapters.protocol import Previews
from xuanfa.content.reading import read_post
from xuanfa.domain.attempt import Order
from xuanfa.domain.errors import ConfigError, ContentError
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.post import Post
from xuanfa.domain.rendition import Rendition, bind
from xuanfa.operations.desk import Desk
from xuanfa.operations.inbox import InboxFile, list_inbox
from xuanfa.operations.render import post_channels, render_post

_SUFFIXES = {
    "text/html": ".html",
    "application/json": ".json",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/xml": ".xml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What one channel would get: the file to open, or none where a finding says why."""

    channel: str
    path: Path | None
    findings: tuple[Finding, ...]


def preview(desk: Desk, which: str, channels: Sequence[str] = ()) -> list[Preview]:
    """Write previews of the post ``which`` (a path or a slug) to ``var/preview/<slug>/``. Raises ContentError for a bad post."""
    post = find_post(desk, which)[1]
    goes_to = post_channels(desk, post)
    for channel in channels:
        if channel not in goes_to:
            raise ConfigError(
                say(
                    "这篇稿件不发往渠道 {channel}：它发往 {all}。",
                    "This post does not go to the channel {channel}: it goes to {all}.",
                    channel=channel,
                    all=say("、", ", ").join(goes_to),
                )
            )
    folder = desk.folder / "var" / "preview" / post.slug
    found = []
    for channel, made in render_post(desk, post, channels or None).items():
        target = folder / channel
        shutil.rmtree(target, ignore_errors=True)
        path = None if made.rendition is None else _write(desk, post, channel, made.rendition, target)
        found.append(Preview(channel=channel, path=path, findings=made.findings))
    return found


def find_post(desk: Desk, which: str) -> tuple[InboxFile, Post]:
    """A post of the inbox with its file: by path first, then by slug. Raises ContentError where there is none, or a bad one.

    A path may be written from where one stands, from the workspace or from ``posts/``; a file that has no slug yet, because something is
    wrong with it, is known by its name.
    """
    inbox = list_inbox(desk.posts_folder)
    places = [folder / which for folder in (Path(), desk.folder, desk.posts_folder)]
    files = [file for file in inbox if any(_is(file.path, place) for place in places)]
    problems: list[str] = []
    for file in files or inbox:
        reading = read_post(
            file.path.read_bytes(),
            path=file.path,
            shown_as=file.shown_as,
            zone=desk.zone,
            columns=desk.columns,
            media=desk.media,
        )
        if reading.post is not None and (files or reading.post.slug == which):
            return file, reading.post
        if files or (reading.post is None and file.path.stem == which):
            problems += [str(problem) for problem in reading.problems]
    if problems:
        raise ContentError("\n".join(problems))
    raise ContentError(
        say(
            "posts/ 里没有“{which}”：请写文件路径或 slug（用 xuanfa posts 查看）。",
            "There is no {which!r} in posts/: give a path or a slug (see xuanfa posts).",
            which=which,
        )
    )


def _is(path: Path, named: Path) -> bool:
    return named.exists() and path.samefile(named)


def _write(desk: Desk, post: Post, channel: str, rendition: Rendition, folder: Path) -> Path:
    adapter = desk.adapters.bound(channel)
    now = desk.clock().astimezone(desk.zone)
    # An address that is not known yet is shown as what it will be about.
    addresses = {need: f"https://{need}.invalid/{post.slug}" for need in rendition.needs}
    bound = bind(rendition, addresses, now)
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(adapter, Previews):
        order = Order(
            delivery=0,
            attempt=0,
            key="preview",
            post=post.slug,
            revision=0,
            channel=channel,
            column=post.column,
            rendition=bound,
            published_at=now,
        )
        return adapter.preview(order, folder)
    for picture in bound.pictures:
        shutil.copyfile(desk.media.path(picture), folder / picture.filename)
    path = folder / f"{channel}{_SUFFIXES.get(bound.media_type, '.txt')}"
    path.write_text(_readable(bound), encoding="utf-8")
    return path


def _readable(rendition: Rendition) -> str:
    """JSON laid out for reading; anything else as it is."""
    if rendition.media_type != "application/json":
        return rendition.body
    return json.dumps(json.loads(rendition.body), ensure_ascii=False, indent=2)
