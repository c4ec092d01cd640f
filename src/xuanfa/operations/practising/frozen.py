"""Frozen: what is to leave of a post, or has left, as its reader will see it: a page that needs nothing from outside of this site.

What is stored is shown and never rendered anew; only what is known when it leaves is filled in for the look.
"""

import base64
import mimetypes
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

import sqlalchemy as sa

from xuanfa.domain.channel import base_of
from xuanfa.domain.column import Column
from xuanfa.domain.delivery import State
from xuanfa.domain.post import Picture, Post
from xuanfa.domain.rendition import Rendition
from xuanfa.operations.desk import Desk
from xuanfa.operations.practising.preview import sketch
from xuanfa.operations.practising.sketches import write_phone
from xuanfa.store import corrections, papers
from xuanfa.store.papers import Leaving


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenPicture:
    """A picture of a rendition, on this machine."""

    path: Path
    media_type: str


def frozen_page(
    desk: Desk, slug: str, channel: str, pictures: str, *, large: bool = False, as_corrected: bool = True
) -> str | None:
    """The page of what this channel is to get; its pictures come from under the address ``pictures``. ``large``: letters for whoever reads
    without glasses; ``as_corrected``: as it is to be where it is to be changed. ``None`` where the channel gets nothing of the post."""
    with desk.store.read() as connection:
        post = papers.post(connection, slug)
        found = (
            []
            if post is None
            else [
                each
                for each in _leaving(connection, post.id, as_corrected=as_corrected)
                if base_of(each.channel) == channel
            ]
        )
    if post is None or not found or found[-1].rendition is None:
        return None
    leaving, rendition = found[-1], found[-1].rendition
    known = Post(slug=post.slug, title=post.title, column=post.column, body="")
    desk = replace(desk, columns={post.column: Column(id=post.column, title=post.title), **desk.columns})
    at = leaving.due_at.astimezone(desk.zone)
    return rendition_page(
        desk, known, (channel, rendition), at, lambda picture: pictures + quote(picture.filename), large=large
    )


def rendition_page(
    desk: Desk,
    post: Post,
    shown: tuple[str, Rendition],
    at: datetime,
    address: Callable[[Picture], str],
    *,
    large: bool = False,
) -> str:
    """The page of what a channel is to get at that time; ``address`` says where each of its pictures is."""
    channel, rendition = shown
    with tempfile.TemporaryDirectory(prefix="xuanfa-frozen-") as made:
        folder = Path(made) / channel
        folder.mkdir()
        sketched = sketch(desk, post, channel, rendition, target=folder, at=at)
        page = sketched.file if sketched.is_page else write_phone(desk, post, Path(made), sketched, {})
        assert page is not None  # noqa: S101 - there is a rendition
        names = {each.filename: address(each) for each in rendition.pictures}
        return _whole(page, Path(made), names, large=large)


def frozen_picture(desk: Desk, slug: str, name: str) -> FrozenPicture | None:
    """A picture of what is to leave of the post, by the name that its pages give it."""
    with desk.store.read() as connection:
        post = papers.post(connection, slug)
        leaving = [] if post is None else _leaving(connection, post.id)
    every = (picture for each in leaving if each.rendition for picture in each.rendition.pictures)
    found: Picture | None = next((picture for picture in every if picture.filename == name), None)
    return None if found is None else FrozenPicture(path=desk.media.path(found), media_type=found.media_type)


def _leaving(connection: sa.Connection, post_id: int, *, as_corrected: bool = True) -> Sequence[Leaving]:
    """What is to leave or has left, as it is to be where it is to be changed; nothing of what was called off."""
    changed = {each.delivery_id: each.rendition_id for each in corrections.live(connection, post_id) if as_corrected}
    return [
        replace(each, rendition=corrections.rendition(connection, number)) if (number := changed.get(each.id)) else each
        for each in papers.leaving(connection, post_id)
        if each.state is not State.CANCELLED and each.rendition is not None
    ]


_SCRIPT: Final = re.compile(r"<script\b.*?</script\s*>", re.DOTALL | re.IGNORECASE)
_POLICY: Final = re.compile(r"<meta\b[^>]*http-equiv\s*=\s*[\"']?content-security-policy\b[^>]*>", re.IGNORECASE)
_LINK: Final = re.compile(r"<link\b[^>]*>", re.IGNORECASE)
_SRCSET: Final = re.compile(r"\s(?:srcset|sizes)\s*=\s*(\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_SOURCE: Final = re.compile(r"(?P<before>\s(?:src|poster)\s*=\s*)(?P<mark>[\"'])(?P<to>.*?)(?P=mark)", re.IGNORECASE)
_ANCHOR: Final = re.compile(r"(?P<before><a\b[^>]*?\s)href(?=\s*=)", re.IGNORECASE)
_HREF: Final = re.compile(r"\shref\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_HEAD_ENDS: Final = re.compile(r"</head\s*>", re.IGNORECASE)
_LARGE: Final = "<style>html{zoom:1.3}</style>"


def _whole(page: Path, root: Path, names: Mapping[str, str], *, large: bool) -> str:
    """The page with its styles in it and no script; what it may do, our answer says. Nobody is led away from what they read: where links lead is
    said instead."""
    text = _POLICY.sub("", _SCRIPT.sub("", page.read_text(encoding="utf-8")))
    text = _LINK.sub(lambda match: _style(page, root, match[0]), text)
    text = _SOURCE.sub(lambda match: _source(page, root, names, match), _SRCSET.sub("", text))
    text = _ANCHOR.sub(r"\g<before>title", text)
    return _HEAD_ENDS.sub(lambda match: _LARGE + match[0], text, count=1) if large else text


def _style(page: Path, root: Path, link: str) -> str:
    """A style sheet as it stands in its file; nothing of any other link."""
    named = _HREF.search(link)
    file = _beside(page, root, named[1]) if named and "stylesheet" in link.lower() else None
    return "" if file is None else f"<style>{file.read_text(encoding='utf-8')}</style>"


def _source(page: Path, root: Path, names: Mapping[str, str], match: re.Match[str]) -> str:
    address = match["to"]
    to = names.get(unquote(address).rpartition("/")[2])
    if to is None and (file := _beside(page, root, address)) is not None:
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        to = f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"
    return f"{match['before']}{match['mark']}{escape(to) if to else address}{match['mark']}"


def _beside(page: Path, root: Path, address: str) -> Path | None:
    """The file of the preview behind an address in it."""
    if ":" in address.partition("/")[0] or address.startswith("//"):
        return None
    path = unquote(address.partition("?")[0].partition("#")[0])
    places = [root / page.relative_to(root).parts[0] / path.lstrip("/"), page.parent / path]
    file = next((place.resolve() for place in places if place.is_file()), None)
    return file if file is not None and file.is_relative_to(root.resolve()) else None
