"""Preview: what each channel would get, as files to look at. Nothing leaves, and the database is not touched."""

import html
import json
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from xuanfa.adapters.protocol import Previews
from xuanfa.content.reading.posts import read_post
from xuanfa.domain.attempt import Order
from xuanfa.domain.channel import Channel
from xuanfa.domain.errors import ContentError
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.language import say
from xuanfa.domain.noted import as_findings
from xuanfa.domain.post import Post
from xuanfa.domain.refusals import not_sent_there
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.rendition import Rendition, bind
from xuanfa.domain.verdict import is_ignored
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.bylines import signed_file
from xuanfa.operations.intake.inbox import InboxFile, list_inbox, source_of
from xuanfa.operations.intake.queued import bounded
from xuanfa.operations.intake.reading import judged
from xuanfa.operations.intake.render import Rendered, post_channels, render_post
from xuanfa.operations.keeping.access import close_to_others
from xuanfa.operations.practising.sketches import Sketched, write_sketches
from xuanfa.operations.restricting.files import Look, require_open
from xuanfa.operations.restricting.rule import veil_of
from xuanfa.store import verdicts

_SUFFIXES = {
    "text/html": ".html",
    "application/json": ".json",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/xml": ".xml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What one channel would get: the page to open, or none where a finding says why."""

    channel: str
    path: Path | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """What a post would be: each channel's preview, the page with all of them, and what is said of its file, with the line."""

    channels: tuple[Preview, ...]
    index: Path
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPost:
    """A post of the inbox: its file, what it says, whether it is restricted, and what is said of the file, with the line."""

    file: InboxFile
    post: Post
    is_restricted: bool
    notices: tuple[str, ...]
    #: The file as it was written.
    source: str = ""


def preview(desk: Desk, which: str, channels: Sequence[str] = (), look: Look | None = None) -> Previewed:
    """Write previews of the post ``which`` (a path or a slug) to ``var/preview/<slug>/``, and the page with all of them; of a restricted post
    into a folder that is for this account alone.

    Raises ContentError for a bad post, StateError for one that is hidden. Without a ``look``, as the machine's account sees it.
    """
    look = look or Look(veil=veil_of(desk, None))
    found = find_post(desk, which, look)
    post, is_restricted = found.post, found.is_restricted
    goes_to = post_channels(desk, post)
    for channel in channels:
        if channel not in goes_to:
            raise not_sent_there(channel, goes_to)
    folder = _folder(desk, private=is_restricted) / post.slug
    if is_restricted:  # what was written before it was
        shutil.rmtree(desk.folder / "var" / "preview" / post.slug, ignore_errors=True)
    rendered = _by_rules(desk, found, render_post(desk, post, channels or None))
    sketched = [_sketched(desk, post, channel, made, folder) for channel, made in rendered.items()]
    phones = write_sketches(desk, post, folder, sketched, found.notices)
    shown = (
        Preview(channel=one.channel.id, path=_to_open(one, phones[one.channel.id]), findings=one.findings)
        for one in sketched
    )
    return Previewed(channels=tuple(shown), index=folder / "index.html", notices=found.notices)


def _by_rules(desk: Desk, found: FoundPost, rendered: dict[str, Rendered]) -> dict[str, Rendered]:
    """With what the rules say of it; that they cannot be read is told as well."""
    made, trouble = judged(desk, found.post, rendered, found.source)
    if trouble:
        unruled = Finding(code="check.rules", message=trouble, place="rules", severity=Severity.WARN)
        return {name: replace(each, findings=(*each.findings, unruled)) for name, each in made.items()}
    with desk.store.read() as connection:
        waived = verdicts.about(connection, found.post.slug)
    ruled = {}
    for name, each in made.items():
        notes = each.verdict.notes if each.verdict else ()
        left = [note for note in notes if not is_ignored(note, waived, found.post.slug)]
        ruled[name] = replace(each, findings=(*each.findings, *as_findings(left, found.file.shown_as, name)))
    return ruled


def _to_open(one: Sketched, phone: Path) -> Path | None:
    """A page that the kind makes itself is opened as it is; anything else in its phone."""
    if one.rendition is None:
        return None
    return one.file if one.is_page else phone


def find_post(desk: Desk, which: str, look: Look) -> FoundPost:
    """A post of the inbox: by path first, then by slug. Raises ContentError where there is none, or a bad one, and StateError where it is
    hidden: what is wrong with it is hidden too.

    A path may be written from where one stands, from the workspace or from ``posts/``; a file that has no slug yet, because something is
    wrong with it, is known by its name.
    """
    inbox = list_inbox(desk.posts_folder)
    places = [folder / which for folder in (Path(), desk.folder, desk.posts_folder)]
    files = [file for file in inbox if any(_is(file.path, place) for place in places)]
    problems: list[str] = []
    for file in files or inbox:
        try:
            source = source_of(file)
        except ContentError as error:
            problems += [str(error)] if files or file.path.stem == which else []
            continue
        reading = read_post(
            source,
            path=file.path,
            shown_as=file.shown_as,
            zone=desk.zone,
            columns=desk.columns,
            media=desk.media,
            kinds=desk.reviews.names,
        )
        if reading.post is not None and (files or reading.post.slug == which):
            signed = signed_file(desk, file, source)
            return FoundPost(
                file=signed,
                post=signed.signed(reading.post),
                is_restricted=require_open(desk, file.shown_as, file.path.stem, reading, look),
                notices=tuple(bounded([str(notice) for notice in reading.notices], file.shown_as)),
                source=reading.text,
            )
        if files or (reading.post is None and file.path.stem == which):
            require_open(desk, file.shown_as, file.path.stem, reading, look)
            problems += bounded([str(problem) for problem in reading.problems], file.shown_as)
    if problems:
        raise ContentError("\n".join(problems))
    raise ContentError(
        say(
            "posts/ 里没有“{which}”：请写文件路径或 slug（用 {posts} 查看）。",
            "There is no {which!r} in posts/: give a path or a slug (see {posts}).",
            which=which,
            posts=Remedy("posts"),
        )
    )


def _is(path: Path, named: Path) -> bool:
    try:
        return path.samefile(named)
    except (OSError, ValueError):
        return False  # one of them leads nowhere, or is no name


def _folder(desk: Desk, *, private: bool) -> Path:
    """Where previews are written: for an account that may write nothing in the workspace, and for what nobody else is to see, a folder of its
    own that stays."""
    if desk.store.read_only or private:
        return Path(tempfile.mkdtemp(prefix="xuanfa-preview-"))
    return desk.folder / "var" / "preview"


def _sketched(desk: Desk, post: Post, channel: str, rendered: Rendered, folder: Path) -> Sketched:
    """One channel's files, written anew into a folder of its own."""
    target = folder / channel
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    at = _publish_at(desk, post, channel)
    if rendered.rendition is None:
        return Sketched(channel=desk.channels[channel], findings=rendered.findings, at=at)
    return replace(sketch(desk, post, channel, rendered.rendition, target=target, at=at), findings=rendered.findings)


def sketch(desk: Desk, post: Post, channel: str, rendition: Rendition, *, target: Path, at: datetime) -> Sketched:
    """Write one rendition into ``target`` as it would leave at that time. What the settings no longer have is shown as it stands."""
    known = desk.channels.get(channel)
    # An address that is not known yet is shown as what it will be about.
    addresses = {need: f"https://{need}.invalid/{post.slug}" for need in rendition.needs}
    bound = bind(rendition, addresses, at)
    shown = Sketched(channel=known or Channel(id=channel, kind="", title=channel), rendition=bound, at=at)
    if known is not None:
        adapter = desk.adapters.bound(channel)
        if isinstance(adapter, Previews):
            page = adapter.preview(_order(post, channel, bound, at), target)
            close_to_others(target)
            return replace(shown, file=page, is_page=True)
    return replace(shown, file=_write(desk, channel, bound, target))


def _publish_at(desk: Desk, post: Post, channel: str) -> datetime:
    """When the file says that it is to be public; the present where it leaves that to the timetable."""
    wanted = post.override(channel).publish_at or post.publish_at
    return (wanted if isinstance(wanted, datetime) else desk.clock()).astimezone(desk.zone)


def _order(post: Post, channel: str, bound: Rendition, at: datetime) -> Order:
    """An order that no delivery stands behind: its number is 0, and pages leave it out."""
    return Order(
        delivery=0,
        attempt=0,
        key="preview",
        post=post.slug,
        revision=0,
        channel=channel,
        column=post.column,
        rendition=bound,
        started_at=at,
    )


#: What begins as a whole page does.
_WHOLE = re.compile(r"\s*<(?:!doctype|html)\b", re.IGNORECASE)
_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ overflow-wrap: anywhere }}
figure {{ margin: 1em 0 }}
img {{ max-width: 100%; height: auto }}
table {{ display: block; overflow-x: auto }}
pre {{ white-space: pre-wrap }}
</style>
</head>
<body>
{body}
</body>
</html>
"""


def _write(desk: Desk, channel: str, rendition: Rendition, folder: Path) -> Path:
    for picture in rendition.pictures:
        shutil.copyfile(desk.media.path(picture), folder / picture.filename)
    path = folder / f"{channel}{_SUFFIXES.get(rendition.media_type, '.txt')}"
    path.write_text(_readable(rendition), encoding="utf-8")
    return path


def _readable(rendition: Rendition) -> str:
    """JSON laid out for reading, and a piece of HTML within a page that fits a phone; anything else as it is."""
    if rendition.media_type == "text/html" and not _WHOLE.match(rendition.body):
        return _PAGE.format(title=html.escape(rendition.title), body=rendition.body)
    if rendition.media_type != "application/json":
        return rendition.body
    return json.dumps(json.loads(rendition.body), ensure_ascii=False, indent=2)
