"""Reading: what each channel is to get of a post, as whoever decides about it has to read it. What is only known when it leaves is told as such."""

import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.checks.rendition import checked
from xuanfa.domain.channel import base_of
from xuanfa.domain.checking import Level
from xuanfa.domain.delivery import State
from xuanfa.domain.finding import Finding
from xuanfa.domain.noted import as_findings
from xuanfa.domain.rendition import Rendition, late_bound, with_marks_told
from xuanfa.domain.verdict import unanswered
from xuanfa.operations.desk import Desk
from xuanfa.store import corrections, papers, posts, verdicts
from xuanfa.store.papers import Leaving


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one channel is to get. ``text`` is the body as a reader sees it, ``late_bound`` what is filled in when it leaves."""

    channel: str
    shown: str
    digest: str
    #: ``None``: it lies on the shelf, and whoever releases it says when.
    due_at: datetime | None
    title: str
    summary: str
    text: str
    late_bound: tuple[str, ...]
    pictures: tuple[str, ...]
    findings: tuple[Finding, ...]
    #: The file of the picture that stands for it in lists; empty where it has none.
    cover: str = ""

    def as_json(self) -> dict[str, Any]:
        """The contract for programs."""
        return {
            "channel": self.channel,
            "digest": self.digest,
            "due_at": self.due_at,
            "title": self.title,
            "summary": self.summary,
            "text": self.text,
            "late_bound": list(self.late_bound),
            "pictures": list(self.pictures),
            "findings": [
                {"code": each.code, "severity": each.severity.value, "message": each.message} for each in self.findings
            ],
        }


def readings(desk: Desk, slug: str) -> Sequence[Reading]:
    """What is to leave of the post, or has left, by channel; nothing of what was called off."""
    with desk.store.read() as connection:
        post = papers.post(connection, slug)
        leaving = papers.leaving(connection, post.id) if post is not None else []
        leaving = [_as_corrected(connection, each, post.id) for each in leaving] if post is not None else []
        ruled = {} if post is None else _by_rules(connection, post.id, leaving)
    return [
        _reading(desk, each, each.rendition, ruled.get(each.digest, ()))
        for each in leaving
        if each.rendition is not None and each.state is not State.CANCELLED
    ]


def _by_rules(connection: sa.Connection, post_id: int, leaving: Sequence[Leaving]) -> dict[str, tuple[Finding, ...]]:
    """What the rules say of what is to leave, by digest; what is ignored or answered for is left out."""
    slug, path = posts.name_of(connection, post_id)
    waived = verdicts.about(connection, slug)
    channels = {each.digest: each.channel for each in leaving if each.digest}
    return {
        digest: as_findings(
            unanswered(kept.verdict.notes, waived, post=slug, digest=digest, least=Level.HINT), path, channels[digest]
        )
        for digest, kept in verdicts.of_digests(connection, post_id, channels.keys())
    }


def _as_corrected(connection: sa.Connection, each: Leaving, post_id: int) -> Leaving:
    """As it is to be, where it is out and is to be changed."""
    for it in corrections.live(connection, post_id):
        if it.delivery_id == each.id and it.rendition_id is not None:
            return replace(each, digest=it.digest, rendition=corrections.rendition(connection, it.rendition_id))
    return each


def _reading(desk: Desk, each: Leaving, rendition: Rendition, ruled: Sequence[Finding]) -> Reading:
    known = desk.channels.get(each.channel)
    findings: tuple[Finding, ...] = ()
    if known is not None:
        findings = tuple(checked(desk.adapters.bound(each.channel), rendition, rehearsal=each.rehearsal))
    return Reading(
        channel=base_of(each.channel),
        shown=known.title if known and known.title else base_of(each.channel),
        digest=each.digest,
        due_at=each.goes_at,
        title=rendition.title,
        summary=with_marks_told(rendition.summary),
        text=_readable(rendition),
        late_bound=late_bound(rendition),
        pictures=tuple(dict.fromkeys(p.caption or p.alt or p.source for p in rendition.pictures)),
        findings=(*findings, *ruled),
        cover=rendition.extra.get("cover", ""),
    )


_HIDDEN: Final = re.compile(r"<(head|style|script)\b.*?</\1>|<!--.*?-->|<!DOCTYPE[^>]*>", re.DOTALL | re.IGNORECASE)
_ENDS: Final = re.compile(r"<br\s*/?>|</(?:p|h[1-6]|li|tr|div|section|blockquote|figcaption|title)>", re.IGNORECASE)
_ADDRESS: Final = re.compile(
    r"""<a\b[^>]*?href=["'](?P<to>[^"']+)["'][^>]*>(?P<words>.*?)</a>""", re.DOTALL | re.IGNORECASE
)
_TAG: Final = re.compile(r"<[^>]*>")


def _readable(rendition: Rendition) -> str:
    """The body without what only a machine reads; addresses of links stay, for whoever decides has to see where they lead."""
    if rendition.media_type == "application/json":
        return with_marks_told(json.dumps(json.loads(rendition.body), ensure_ascii=False, indent=2))
    if rendition.media_type != "text/html":
        return with_marks_told(rendition.body).strip()
    bare = _ADDRESS.sub(r"\g<words>（\g<to>）", _HIDDEN.sub("", rendition.body))
    lines = (line.strip() for line in html.unescape(_TAG.sub("", _ENDS.sub("\n", bare))).splitlines())
    return with_marks_told("\n".join(line for line in lines if line))
