"""Solemnity: whether a solemn period keeps a delivery back. Inside the caller's transaction."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa

from xuanfa.content.reading.rewriting import parted
from xuanfa.domain.delivery import Delivery
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.remedy import option
from xuanfa.domain.solemn import DECLARED, Solemn, shows_emoji, why_held
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk
from xuanfa.store import deliveries, history, likeness, posts, solemn

_YES = frozenset({"是", "true", "yes"})


def keeping_back(
    connection: sa.Connection, periods: Sequence[Solemn], delivery: Delivery, now: datetime
) -> tuple[Solemn, str] | None:
    """The period in which a delivery is due or would leave, and why it stays back; ``None`` where it may go, or a person has released it since."""
    for period in periods:
        if not (period.holds(now) or period.holds(delivery.due_at)):
            continue
        why = why_not_fit(likeness.content(connection, delivery.post_id, delivery.revision).source)
        if why and not history.was_released(connection, delivery.id, period.asked_from):
            return period, why
    return None


def require_fit(desk: Desk, connection: sa.Connection, delivery: Delivery, at: datetime) -> None:
    """Raise StateError where a delivery is not to wait for this time: it lies in a solemn period that would keep it back."""
    for period in solemn.standing(connection, desk.clock()):
        why = why_not_fit(likeness.content(connection, delivery.post_id, delivery.revision).source)
        if period.holds(at) and why and not history.was_released(connection, delivery.id, period.asked_from):
            raise StateError(
                say(
                    "{at} 在肃穆期里（{when}），{why}，没有改。请另选时间；内容适合当天的，先在稿头里声明“肃穆期可发”{by}。",
                    "{at} lies in a solemn period ({when}), and {why}; nothing was moved. Name another time, or say in its front matter that it is "
                    "fit for such a day{by}.",
                    by=option(DECLARED),
                    at=in_words(at, desk.zone),
                    when=period.in_words(desk.zone),
                    why=why,
                )
            )


def remarks(desk: Desk, connection: sa.Connection, standing: Collection[Delivery], now: datetime) -> Iterator[str]:
    """What whoever reads a post should know: which of its deliveries are due in a solemn period and stay back then. One sentence for a period."""
    periods = solemn.standing(connection, now)
    due = [each.due_at for each in standing if each.is_queued]
    if not any(period.holds(at) for period in periods for at in due):
        return
    newest = max(standing, key=lambda each: each.revision)
    why = why_not_fit(likeness.content(connection, newest.post_id, newest.revision).source)
    if not why:
        return
    for period in periods:
        if any(period.holds(at) for at in due):
            yield say(
                "发布时间落在肃穆期（{when}），{why}，到期会暂缓，等人决定",
                "it is due in a solemn period ({when}), and {why}: it will be held then, until a person decides",
                when=period.in_words(desk.zone),
                why=why,
            )


def remarks_of(desk: Desk, slug: str) -> list[str]:
    """The same for a post by its name, for whoever looks at it."""
    with desk.store.read() as connection:
        if not solemn.standing(connection, desk.clock()):
            return []
        known = posts.by_slug(connection, slug)
        standing = [] if known is None else deliveries.of_post(connection, known.id)
        return list(remarks(desk, connection, standing, desk.clock()))


def why_not_fit(source: str) -> str:
    """Why a post with this source stays back on such days; empty where its author has declared it fit, and it is."""
    matter, body = parted(source)
    said = "" if matter is None else str(matter.data.get("solemn_ok", ""))
    title = "" if matter is None else str(matter.data.get("title", ""))
    return why_held(declared=said.strip().lower() in _YES, emoji=shows_emoji(title + body))
