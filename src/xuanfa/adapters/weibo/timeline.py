"""The account's own timeline: the evidence that a post is there, or is not.

Every look is one of the account's 100 requests a day (platforms.md, Weibo limits), so callers look rarely.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from xuanfa.adapters.shared.http import Answer, send_once
from xuanfa.adapters.weibo.answers import Refusal, refusal
from xuanfa.adapters.weibo.text import addresses, essence
from xuanfa.domain.language import say
from xuanfa.domain.moments import from_mail
from xuanfa.domain.outcome import Unknown, Unsent

#: How many posts one look asks for; the page's largest is 100.
PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One post as the platform shows it. ``links`` are the addresses behind its short links, as far as they are told."""

    id: str
    mid: str
    uid: str
    text: str
    links: tuple[str, ...]
    created_at: datetime | None

    def shows(self, text: str, address: str) -> bool:
        """Whether it is the post ``text``: its address is there, or its words are and no other address is."""
        told = (*self.links, *(link for link in addresses(self.text) if "//t.cn/" not in link))
        if address and told:
            return address in told
        # Weibo puts the link of an article, and blanks, after the words.
        return bool(essence(text)) and essence(self.text).startswith(essence(text))


@dataclass(frozen=True, slots=True)
class Listing:
    """What a look found, the newest first; ``whole`` says that nothing newer than ``since_id`` was left out."""

    statuses: tuple[Status, ...]
    whole: bool


def look(
    client: httpx.Client,
    base_url: str,
    *,
    token: str,
    secrets: Sequence[str],
    since_id: str,
    channel: str,
    now: datetime,
) -> Listing | Refusal:
    """The account's posts through this application after ``since_id`` (empty or 0: the latest)."""
    asked = {"access_token": token, "base_app": "1", "count": str(PAGE), "trim_user": "1"}
    if since_id.strip("0"):
        asked["since_id"] = since_id
    answer = send_once(client, "GET", f"{base_url}/2/statuses/user_timeline.json", params=asked, secrets=secrets)
    if isinstance(answer, Unsent | Unknown):
        return Unsent(evidence=answer.evidence)  # a read that may be repeated
    return refusal(answer, channel=channel, now=now, writes=False) or _listing(answer)


def newest(
    client: httpx.Client, base_url: str, *, token: str, secrets: Sequence[str], channel: str, now: datetime
) -> Listing | Refusal:
    """The account's latest posts, by whichever application or hand they were made."""
    asked = {"access_token": token, "base_app": "0", "count": str(PAGE), "trim_user": "1"}
    answer = send_once(client, "GET", f"{base_url}/2/statuses/user_timeline.json", params=asked, secrets=secrets)
    if isinstance(answer, Unsent | Unknown):
        return Unsent(evidence=answer.evidence)  # a read that may be repeated
    return refusal(answer, channel=channel, now=now, writes=False) or _listing(answer)


def _listing(answer: Answer) -> Listing | Unsent:
    rows = answer.fields.get("statuses")
    if not isinstance(rows, list):
        text = say("看不懂微博的列表：{said}", "the timeline cannot be read: {said}", said=answer.excerpt)
        return Unsent(evidence=text)
    statuses = tuple(status for row in rows if isinstance(row, dict) and (status := parse(row)) is not None)
    return Listing(statuses, whole=len(rows) < PAGE)


def parse(row: Mapping[str, Any]) -> Status | None:
    """A status object; ``None`` where it has no id."""
    number = row.get("idstr") or row.get("id")
    if isinstance(number, bool) or not isinstance(number, int | str) or not str(number).isdecimal():
        return None
    user = row.get("user")
    return Status(
        id=str(number),
        mid=str(row.get("mid") or number),
        uid=str(user.get("idstr") or user.get("id") or "") if isinstance(user, dict) else str(row.get("uid") or ""),
        text=str(row.get("longText") or row.get("text") or ""),
        links=tuple(_links(row)),
        created_at=_moment(row.get("created_at")),
    )


def _links(row: Mapping[str, Any]) -> Iterator[str]:
    """The long addresses, in whichever of the forms they come; that they come at all is not confirmed."""
    for name in ("url_struct", "url_objects"):
        entries = row.get(name)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                yield from (str(entry[key]) for key in ("url_long", "ori_url", "long_url") if entry.get(key))


def _moment(value: object) -> datetime | None:
    """``Wed Oct 24 23:49:17 +0800 2012``, without asking the locale for the names."""
    parts = str(value).split()
    if len(parts) != 6:  # noqa: PLR2004 - the form above
        return None
    weekday, month, day, clock, offset, year = parts
    return from_mail(f"{weekday}, {day} {month} {year} {clock} {offset}")
