"""Sketches: previews in the phones of a rehearsal, and one page with all of them. What would be handed over is shown, not what came of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from xuanfa.domain.channel import Channel
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.post import Post
from xuanfa.domain.rendition import Rendition
from xuanfa.operations.desk import Desk
from xuanfa.operations.practising.phone_page import PhonePage

_FOLDER = "rehearsal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketched:
    """One channel's preview: its rendition with the file of it, or the page that the kind makes itself (``is_page``)."""

    channel: Channel
    rendition: Rendition | None = None
    file: Path | None = None
    is_page: bool = False
    findings: tuple[Finding, ...] = ()
    #: When the post is to be public, as far as its file says; else the present.
    at: datetime


@dataclass(frozen=True, slots=True)
class _State:
    """Stands where a rehearsal has the state of a delivery."""

    value: str = "preview"

    @property
    def label(self) -> str:
        return say("没有成稿", "no rendition")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What the phones' templates say of a channel."""

    channel: str
    title: str
    kind: str
    reason: str
    state: _State = field(default_factory=_State)
    address: str = ""
    arrivals: tuple[object, ...] = ()


def write_sketches(
    desk: Desk, post: Post, folder: Path, sketched: Sequence[Sketched], notices: Sequence[str]
) -> dict[str, Path]:
    """Write each channel's phone and the page with all of them, ``index.html``, where ``notices`` of the file stand too; the phones by channel."""
    pages = {one.channel.id: one.file for one in sketched if one.is_page and one.file is not None}
    phones = {one.channel.id: write_phone(desk, post, folder, one, pages) for one in sketched}
    context = {
        "post": post,
        "column": desk.columns[post.column],
        "sketched": sketched,
        "notices": notices,
        "name": lambda channel: quote(phones[channel].name),
    }
    text = desk.templates.render(f"{_FOLDER}/preview.html", context)
    (folder / "index.html").write_text(text, encoding="utf-8")
    return phones


def write_phone(desk: Desk, post: Post, folder: Path, one: Sketched, pages: Mapping[str, Path]) -> Path:
    """Write the phone of one channel; ``pages`` are those that kinds have made themselves, by channel."""
    channel = one.channel
    page = _Sketch(folder, one, pages)
    own = "frame" if one.is_page else channel.kind
    template = f"{_FOLDER}/{own if desk.templates.has(f'{_FOLDER}/{own}.html') else 'plain'}.html"
    context = {
        "occasion": say("预览", "preview"),
        "post": post,
        "shown": _Shown(
            channel=channel.id, title=channel.title, kind=channel.kind, reason=say("还没有发出", "not sent yet")
        ),
        "organisation": desk.organisation,
        "column": desk.columns[post.column],
        "at": one.at,
        "messages": [] if one.is_page or one.rendition is None else [_message(one.rendition, one.file)],
        "records": {},
        "written": page.file(one.file) if one.is_page else "",
        "page": page,
    }
    path = folder / f"{channel.id}.html"
    path.write_text(desk.templates.render(template, context), encoding="utf-8")
    return path


def _message(rendition: Rendition, file: Path | None) -> dict[str, Any]:
    """The rendition as if it had come to the platform: JSON as it is, a text or a page under the names that platforms give them."""
    files = [picture.filename for picture in rendition.pictures]
    match rendition.media_type:
        case "application/json":
            data = json.loads(rendition.body)
        case "text/html":
            data = {"title": rendition.title, "content": rendition.body}
        case _:
            data = {"text": rendition.body, "status": rendition.body, "image_list": files}
    subject = rendition.extra.get("subject") or rendition.title
    return {"data": data, "subject": subject, "body": rendition.body, "files": files, "file": file}


@dataclass(frozen=True)
class _Sketch(PhonePage):
    """The page of one channel in the folder of the preview."""

    place: Path
    sketched: Sketched
    pages: Mapping[str, Path]

    @property
    def folder(self) -> Path:
        return self.place

    def file_at(self, address: str) -> Path | None:
        """A page that is made here stands for its address, and a picture of any channel for its own."""
        host = urlsplit(address).hostname or ""
        if host.endswith(".invalid"):
            return self.pages.get(host.removesuffix(".invalid"))
        name = unquote(address).rpartition("/")[2]
        found = sorted(self.place.rglob(name)) if _is_picture(name) else []
        return found[0] if found else None

    def uploaded(self, name: str) -> str:
        path = self.place / self.sketched.channel.id / name
        return self.file(path) if name and _is_picture(name) and path.is_file() else ""

    def pictures(self, message: Mapping[str, Any]) -> list[str]:
        return [picture for name in message["files"] if (picture := self.uploaded(name))]

    def mail(self, message: Mapping[str, Any]) -> dict[str, Any]:
        at = self.sketched.at
        headers = {
            "From": self.sketched.channel.title,
            "To": say("（设置里的收件人）", "(as it is set)"),
            "Subject": message["subject"],
            "Date": f"{at:%Y-%m-%d %H:%M}",
            "Message-ID": say("（发出时才有）", "(made when it is sent)"),
        }
        return {"headers": headers, "page": self.file(message["file"]), "attached": []}


def _is_picture(name: str) -> bool:
    """Whether it is the name of a picture's file, and no pattern or path."""
    stem, _, suffix = name.rpartition(".")
    return stem.isalnum() and suffix in {"jpg", "png", "gif", "webp"}
