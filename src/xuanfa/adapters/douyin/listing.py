"""The account's own list of posts: the evidence that one is public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx

from xuanfa.adapters.douyin.answers import Refusal, data_of, refusal
from xuanfa.adapters.douyin.session import Access, Session
from xuanfa.adapters.shared.http import Answer, send_once
from xuanfa.domain.language import say
from xuanfa.domain.moments import from_epoch
from xuanfa.domain.outcome import Unsent

#: Posts a page, and the most pages of one look.
PAGE, PAGES = 20, 3
#: How far the platform's clock and ours may differ.
SKEW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One post of the list."""

    id: str
    title: str
    created_at: datetime | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a look found; ``whole`` says that it reaches back to the moment that was asked for."""

    items: tuple[Item, ...]
    whole: bool

    def find(self, item_id: str, text: str, since: datetime | None) -> Item | None:
        """The post by its id; else by its text, if it was made since then (platforms.md, Douyin looking)."""
        for item in self.items:
            if item_id and item.id == item_id:
                return item
        if item_id or since is None:
            return None
        for item in self.items:
            recent = item.created_at is not None and item.created_at >= since - SKEW
            if recent and _essence(item.title) == _essence(text):
                return item
        return None


def look(
    client: httpx.Client,
    base_url: str,
    *,
    session: Session,
    access: Access,
    since: datetime | None,
    channel: str,
    now: datetime,
) -> Listing | Refusal:
    """The account's posts, the newest first, back to ``since`` or as far as three pages go."""
    items: list[Item] = []
    cursor = "0"
    for _ in range(PAGES):
        answer = send_once(
            client,
            "GET",
            f"{base_url}/api/douyin/v1/video/video_list/",
            params={"open_id": access.open_id, "cursor": cursor, "count": str(PAGE)},
            headers={"access-token": access.token},
            secrets=session.secrets,
        )
        if not isinstance(answer, Answer):
            return Unsent(evidence=answer.evidence)
        session.mind(access, answer)
        refused = refusal(answer, channel=channel, now=now, writes=False)
        if refused is not None:
            return refused
        data = data_of(answer)
        rows = data.get("list")
        if not isinstance(rows, list):
            return Unsent(
                evidence=say("看不懂抖音的列表：{said}", "the list cannot be read: {said}", said=answer.excerpt)
            )
        items += [_item(row) for row in rows if isinstance(row, dict)]
        if not data.get("has_more") or _reaches(items, since):
            return Listing(tuple(items), whole=True)
        cursor = str(data.get("cursor", ""))
    return Listing(tuple(items), whole=False)


def _reaches(items: Sequence[Item], since: datetime | None) -> bool:
    """Whether the last one is older than what is looked for. Pinned posts stand first, so that they do not mislead."""
    last = items[-1].created_at if items else None
    return since is not None and last is not None and last < since - SKEW


def _item(row: dict[str, Any]) -> Item:
    made, address = row.get("create_time"), row.get("share_url")
    return Item(
        id=str(row.get("item_id") or ""),
        title=str(row.get("title") or ""),
        created_at=from_epoch(made),
        address=address if isinstance(address, str) and address.startswith("http") else None,
    )


def _essence(text: str) -> str:
    return "".join(text.split())
