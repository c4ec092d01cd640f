"""Strangers (账号上的陌生稿件): what an account shows and this program has not sent. Pure."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from xuanfa.domain.page import bare
from xuanfa.domain.past import PastItem
from xuanfa.domain.receipt import page_of

#: So many letters of a post's words tell it from others; a platform may cut or end them in its own way. Characters.
_TELLING: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """Something that an account shows, as it was when it was found. ``settled_at`` is when it was explained, by whom and how; ``None`` where that is
    still to be done."""

    id: int
    channel: str
    account: str
    key: str
    title: str
    address: str
    author: str
    at: datetime
    found_at: datetime
    settled_at: datetime | None = None
    settled_by: str = ""
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """The contract for programs."""
        names = ("id", "channel", "title", "address", "author", "at", "found_at", "settled_at", "settled_by", "why")
        return {name: getattr(self, name) or (None if name == "settled_at" else "") for name in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """A delivery to the account, as far as something there can be told to be it: by its number, by its page, or, where neither is known, by its
    words."""

    delivery: int
    remote_id: str
    page: str
    text: str


def key_of(item: PastItem) -> str:
    """What tells it from everything else on the account, however often it is listed."""
    named = item.remote_id or (
        page_of(item.address) if item.address else f"{item.title}\n{moment_of(item).isoformat()}"
    )
    return hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()


def moment_of(item: PastItem) -> datetime:
    """When it appeared; of a day alone, its end."""
    return item.at if isinstance(item.at, datetime) else end_of(item.at)


def end_of(day: date) -> datetime:
    """The end of a day."""
    return datetime.combine(day, time(23, 59, 59), UTC)


def strangers_among(items: Sequence[PastItem], ours: Collection[Ours], pages: Collection[str]) -> list[PastItem]:
    """Those that none of ours is. ``pages`` are known besides. What has neither a number nor a page of ours is told by its words, each of ours once:
    a second copy is a stranger."""
    numbers = {each.remote_id for each in ours if each.remote_id}
    known = {*pages, *(each.page for each in ours if each.page)}
    left = [
        item
        for item in items
        if not (item.remote_id and item.remote_id in numbers) and not (item.address and page_of(item.address) in known)
    ]
    worded = [each for each in ours if each.text and not (each.remote_id or each.page)]
    found = []
    for item in left:
        same = next((each for each in worded if _says(item, each)), None)
        if same is None:
            found.append(item)
        else:
            worded.remove(same)
    return found


def _says(item: PastItem, ours: Ours) -> bool:
    """Whether it begins with words that ours has."""
    beginning = bare(item.title)[:_TELLING]
    return bool(beginning) and beginning in ours.text
