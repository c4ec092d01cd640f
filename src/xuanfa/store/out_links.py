"""Outward links as they are kept. Inside the caller's transaction."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.delivery import State
from xuanfa.domain.imported import host_of
from xuanfa.domain.outward import First, LinkJudged, LinkState, OutLink
from xuanfa.store import locks
from xuanfa.store.schema import deliveries, link_uses, out_links, posts, receipts

_L, _U, _D, _R = out_links.c, link_uses.c, deliveries.c, receipts.c
_IS_OUT: Final = sa.and_(_D.state == sa.literal_column(f"'{State.PUBLISHED.value}'"), _R.rehearsal == sa.false())
_IS_WRONG: Final = _L.state.in_(
    [sa.literal_column(f"'{state.value}'") for state in (LinkState.DEAD, LinkState.SEVERE, LinkState.UNREACHED)]
)


def note(connection: sa.Connection, delivery: int, channel: str, addresses: Sequence[str], next_at: datetime) -> None:
    """The addresses that a delivery shows: new ones are looked at from then on, and what it shows no longer is none of its own."""
    keys = {_key(address): address for address in addresses}
    known = sa.select(_L.id, _L.key).join(link_uses, _U.link_id == _L.id).where(_U.delivery_id == delivery)
    shown = {row.key: row.id for row in connection.execute(known)}
    if shown.keys() == keys.keys():
        return
    locks.hold(connection, "links")
    there = {row.key: row.id for row in connection.execute(sa.select(_L.id, _L.key).where(_L.key.in_(sorted(keys))))}
    rows = [
        {"key": key, "address": address, "host": host_of(address)[:200], "channel": channel, "next_at": next_at}
        for key, address in keys.items()
        if key not in there
    ]
    if rows:
        connection.execute(out_links.insert(), rows)
        there = {
            row.key: row.id for row in connection.execute(sa.select(_L.id, _L.key).where(_L.key.in_(sorted(keys))))
        }
    if over := [shown[key] for key in shown.keys() - keys.keys()]:
        connection.execute(link_uses.delete().where(_U.delivery_id == delivery, _U.link_id.in_(over)))
    added = [{"link_id": there[key], "delivery_id": delivery} for key in keys.keys() - shown.keys()]
    if added:
        connection.execute(link_uses.insert(), added)
        asleep = out_links.update().where(_L.id.in_([row["link_id"] for row in added]), _L.next_at.is_(None))
        connection.execute(asleep.values(next_at=next_at))


def _key(address: str) -> str:
    return hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()


def is_noted(connection: sa.Connection, delivery: int, addresses: Sequence[str]) -> bool:
    """Whether just these are on record as what the delivery shows."""
    known = sa.select(_L.key).join(link_uses, _U.link_id == _L.id).where(_U.delivery_id == delivery)
    return set(connection.scalars(known)) == set(map(_key, addresses))


def next_due_at(connection: sa.Connection) -> datetime | None:
    """When the next link is to be looked at."""
    found: datetime | None = connection.scalar(sa.select(sa.func.min(_L.next_at)).where(_L.next_at.is_not(None)))
    return found


def take_due(connection: sa.Connection, now: datetime, until: datetime, *, of_host: int, most: int) -> list[OutLink]:
    """What is to be looked at now, so many of one host: nobody else gets it before ``until``. What nothing that is out shows is not looked at any
    more."""
    locks.hold(connection, "links")
    is_due = sa.and_(
        _L.next_at.is_not(None), _L.next_at <= now, sa.or_(_L.taken_until.is_(None), _L.taken_until <= now)
    )
    rows = connection.execute(
        sa.select(_L.id, _L.host).where(is_due).order_by(_L.next_at, _L.id).limit(most * 10)
    ).all()
    shown = _shown(connection, [row.id for row in rows])
    over = [row.id for row in rows if row.id not in shown]
    if over:
        connection.execute(out_links.update().where(_L.id.in_(over)).values(next_at=None, taken_until=None))
    counts: dict[str, int] = {}
    chosen: list[int] = []
    for row in rows:
        if row.id in shown and len(chosen) < most and counts.get(row.host, 0) < of_host:
            counts[row.host] = counts.get(row.host, 0) + 1
            chosen.append(row.id)
    if not chosen:
        return []
    connection.execute(out_links.update().where(_L.id.in_(chosen)).values(taken_until=until))
    return _links(connection, sa.select(out_links).where(_L.id.in_(chosen)).order_by(_L.next_at, _L.id))


def _shown(connection: sa.Connection, ids: Collection[int]) -> set[int]:
    query = (
        sa.select(_U.link_id)
        .join(deliveries, _D.id == _U.delivery_id)
        .join(receipts, _R.delivery_id == _D.id)
        .where(_U.link_id.in_(list(ids)), _IS_OUT)
        .distinct()
    )
    return set(connection.scalars(query)) if ids else set()


def give_back(connection: sa.Connection, ids: Collection[int], at: datetime) -> None:
    """They were not looked at after all: not before then."""
    if ids:
        connection.execute(out_links.update().where(_L.id.in_(list(ids))).values(taken_until=None, next_at=at))


def note_look(
    connection: sa.Connection, it: OutLink, found: LinkJudged, *, now: datetime, next_at: datetime | None, sure: bool
) -> None:
    """What a look has shown. ``sure``: a person has asked for it, so that one look is enough for an alarm."""
    same = it.state is found.state and it.mark == found.mark
    times = (it.times if same else 0) + 1
    values: dict[str, Any] = {
        "state": found.state.value,
        "words": found.words,
        "mark": found.mark,
        "looked_at": now,
        "next_at": next_at,
        "taken_until": None,
        "since": it.since if same and it.since is not None else now,
        "times": max(times, 9) if sure else times,
    }
    if it.first is None and found.first is not None:
        values |= {
            "first_domain": found.first.domain,
            "first_title": found.first.title,
            "first_signs": list(found.first.signs),
        }
    connection.execute(out_links.update().where(_L.id == it.id).values(**values))


def accept(connection: sa.Connection, number: int, mark: str) -> None:
    """A person takes this trouble for none."""
    connection.execute(out_links.update().where(_L.id == number).values(accepted=mark))


def get(connection: sa.Connection, number: int) -> OutLink | None:
    """The one of this number, with the posts that show it."""
    found = with_posts(connection, _links(connection, sa.select(out_links).where(_L.id == number)))
    return found[0] if found else None


def wrong(connection: sa.Connection, most: int) -> list[OutLink]:
    """Those that may be worth an alarm, with the posts that show them, in order; none that nothing shows any more."""
    found = _links(connection, sa.select(out_links).where(_IS_WRONG).order_by(_L.since, _L.id).limit(most))
    return [each for each in with_posts(connection, found) if each.posts]


def every(connection: sa.Connection, most: int) -> list[OutLink]:
    """All that something shows, the newest first."""
    found = with_posts(connection, _links(connection, sa.select(out_links).order_by(_L.id.desc()).limit(most)))
    return [each for each in found if each.posts]


def with_posts(connection: sa.Connection, links: Iterable[OutLink]) -> list[OutLink]:
    """Each with the posts that are out and show it."""

    some = list(links)
    query = (
        sa.select(_U.link_id, posts.c.slug)
        .join(deliveries, _D.id == _U.delivery_id)
        .join(receipts, _R.delivery_id == _D.id)
        .join(posts, posts.c.id == _D.post_id)
        .where(_U.link_id.in_([each.id for each in some]), _IS_OUT)
        .distinct()
        .order_by(_U.link_id, posts.c.slug)
    )
    slugs: dict[int, list[str]] = {}
    for row in connection.execute(query) if some else ():
        slugs.setdefault(row.link_id, []).append(row.slug)
    return [replace(each, posts=tuple(slugs.get(each.id, ()))) for each in some]


def _links(connection: sa.Connection, query: sa.Select[Any]) -> list[OutLink]:
    return [
        OutLink(
            id=row.id,
            address=row.address,
            host=row.host,
            channel=row.channel,
            state=LinkState(row.state) if row.state else None,
            words=row.words,
            mark=row.mark,
            since=row.since,
            looked_at=row.looked_at,
            times=row.times,
            first=First(domain=row.first_domain, title=row.first_title, signs=tuple(row.first_signs))
            if row.first_domain
            else None,
            accepted=row.accepted,
        )
        for row in connection.execute(query)
    ]
