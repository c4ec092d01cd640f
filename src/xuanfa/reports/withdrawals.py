"""How far the withdrawal of a post is, and where else the same words are out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from xuanfa.adapters.protocol import TellsSteps
from xuanfa.domain.access import Veil, restricted_mark
from xuanfa.domain.channel import Channel, base_of
from xuanfa.domain.delivery import MAY_BE_OUT, State
from xuanfa.domain.page import bare, shown_text
from xuanfa.domain.withdrawal_order import DOWN, Takedown, WithdrawalOrder, look_and_delete, minutes, steps_by_hand
from xuanfa.store import access, records, withdrawals
from xuanfa.store.database import Store
from xuanfa.store.ledger import title_as_sent
from xuanfa.store.schema import deliveries, posts, receipts, renditions, revisions

_D, _P, _N, _R, _V = deliveries.c, posts.c, renditions.c, receipts.c, revisions.c


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRow:
    """One channel: how it is taken down (``interface``, ``hand``), where that stands, after how many minutes it was down, and what a person
    does, numbered."""

    delivery: int
    channel: str
    how: str
    state: State
    minutes: float | None
    steps: tuple[str, ...]
    address: str
    #: What the last look at the public address has shown: ``gone``, ``there``, ``unknown``, or empty before one.
    seen: str
    #: The steps on the platform alone, where a person has to take it down and nothing is under way.
    there: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The contract for programs."""
        return {
            "channel": self.channel,
            "delivery": self.delivery,
            "how": self.how,
            "state": self.state.value,
            "minutes": self.minutes,
            "steps": list(self.steps),
            "address": self.address or None,
            "seen": self.seen or None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalReport:
    """An order with its channels. ``minutes`` is from the order to the last channel; ``None`` while one is open."""

    order: WithdrawalOrder
    channels: tuple[ChannelRow, ...]

    @property
    def minutes(self) -> float | None:
        """From the order to the last channel."""
        taken = [row.minutes for row in self.channels]
        return None if any(each is None for each in taken) else max((each or 0.0 for each in taken), default=0.0)

    def as_json(self) -> dict[str, Any]:
        """The contract for programs."""
        order = self.order
        return {
            "post": order.post,
            "by": order.actor,
            "why": order.why,
            "ordered_at": order.ordered_at,
            "minutes": self.minutes,
            "snapshot": order.snapshot or None,
            "approve_by": order.approve_by,
            "approved_at": order.approved_at,
            "approved_by": order.approved_by or None,
            "channels": [row.as_json() for row in self.channels],
        }


def withdrawal_of(
    store: Store,
    post: str,
    channels: Mapping[str, Channel],
    steps: Mapping[str, tuple[str, ...]],
    veil: Veil | None = None,
) -> WithdrawalReport | None:
    """The newest withdrawal of a post; ``None`` where there was none. ``steps`` are the kinds' own, by channel. Without a ``veil``, as the
    machine's account sees it: how far it is, and neither title nor reason of what is restricted."""
    with store.read() as connection:
        is_hidden = (veil or access.veil(connection)).hides(post)
        number = connection.scalar(sa.select(_P.id).where(_P.slug == post))
        order = None if number is None else withdrawals.newest(connection, number)
        if order is None:
            return None
        if is_hidden:
            order = replace(order, title=restricted_mark(), why="")
        found = withdrawals.of_order(connection, order.id)
        since = withdrawals.down_since(connection, [it.delivery.id for it in found])
    rows = (_row(order.ordered_at, it, channels.get(it.delivery.channel), since, steps) for it in found)
    return WithdrawalReport(order=order, channels=tuple(rows))


def _row(
    ordered_at: datetime,
    it: Takedown,
    channel: Channel | None,
    since: Mapping[int, datetime],
    steps: Mapping[str, tuple[str, ...]],
) -> ChannelRow:
    is_down = it.delivery.state in DOWN
    own = steps.get(it.delivery.channel, ())
    is_ours = it.delivery.state in MAY_BE_OUT - {State.PUBLISHING}
    return ChannelRow(
        delivery=it.delivery.id,
        channel=base_of(it.delivery.channel),
        how=it.how(channel),
        state=it.delivery.state,
        minutes=minutes(ordered_at, since.get(it.delivery.id)) if is_down else None,
        steps=tuple(steps_by_hand(it, channel, own)),
        there=tuple(look_and_delete(it, channel, own)) if is_ours else (),
        address=it.address,
        seen=it.seen,
    )


def steps_of(adapters: Any, channels: Mapping[str, Channel]) -> dict[str, tuple[str, ...]]:
    """What the kinds say that a person does there, by channel."""
    bound = {name: adapters.bound(name) for name in channels}
    return {name: tuple(it.steps_of_takedown()) for name, it in bound.items() if isinstance(it, TellsSteps)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the same words are out."""

    delivery: int
    post: str
    title: str
    channel: str
    state: State
    address: str

    def as_json(self) -> dict[str, Any]:
        """The contract for programs."""
        return {
            "delivery": self.delivery,
            "post": self.post,
            "title": self.title,
            "channel": self.channel,
            "state": self.state.value,
            "address": self.address or None,
        }


def containing(store: Store, words: str, *, but: str = "", veil: Veil | None = None) -> list[Place]:
    """What is out or may be and shows these words, white space and punctuation aside, but for one post. Looks through all that is out, but
    for what is restricted: that it was found would tell what is in it. Without a ``veil``, as the machine's account may look."""
    wanted = bare(words)
    return list(_places(store, wanted, but, veil)) if wanted else []


def _places(store: Store, wanted: str, but: str, veil: Veil | None) -> Iterator[Place]:
    query = (
        sa.select(_D.id, _D.channel, _D.state, _P.slug, title_as_sent, _R.address, *records.RENDITION)
        .join(posts, _P.id == _D.post_id)
        .join(renditions, _N.id == _D.rendition_id)
        .outerjoin(revisions, sa.and_(_V.post_id == _D.post_id, _V.number == _D.revision))
        .outerjoin(receipts, _R.delivery_id == _D.id)
        .where(_D.state.in_(sorted(MAY_BE_OUT)), _P.slug != but)
        .order_by(_D.id)
    )
    with store.read() as connection:
        hidden = (veil or access.veil(connection)).slugs
        for row in connection.execute(query.execution_options(yield_per=200)):
            if row[3] in hidden:
                continue
            made = records.rendition(row[6:])
            texts = (made.title, made.summary, made.body, *made.extra.values())
            if any(wanted in bare(shown_text(text)) for text in texts):
                yield Place(
                    delivery=row[0],
                    post=row[3],
                    title=row[4],
                    channel=base_of(row[1]),
                    state=State(row[2]),
                    address=row[5] or "",
                )
