"""Strangers as they are kept, and what of ours something on an account may be. Inside the caller's transaction."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.delivery import UNDER_WAY, UNSETTLED
from xuanfa.domain.imported import page_key
from xuanfa.domain.page import bare
from xuanfa.domain.past import PastItem
from xuanfa.domain.receipt import page_of
from xuanfa.domain.stranger import Ours, Stranger, key_of, moment_of
from xuanfa.store import locks
from xuanfa.store.schema import deliveries, imported, receipts, renditions, strangers

_D, _R, _S, _N, _I = deliveries.c, receipts.c, strangers.c, renditions.c, imported.c
#: So much of what was sent is compared with the beginning of what an account shows. Characters.
_BODY: Final = 2_000
#: States in which something may be out, though nothing says where.
_MAY_BE_OUT: Final = sorted(state.value for state in UNDER_WAY | UNSETTLED)


def ours_since(connection: sa.Connection, accounts: Collection[str], since: datetime) -> list[Ours]:
    """What has come out on the account since then, withdrawn or not, and what may have."""
    columns = (_D.id, _R.remote_id, _R.address, _N.title, _N.body)
    query = (
        sa.select(*columns)
        .select_from(deliveries)
        .join(receipts, _R.delivery_id == _D.id)
        .outerjoin(renditions, _N.id == _D.rendition_id)
        .where(_D.account.in_(list(accounts)), _R.published_at >= since)
    )
    open_ = (
        sa.select(*columns)
        .select_from(deliveries)
        .outerjoin(receipts, _R.delivery_id == _D.id)
        .outerjoin(renditions, _N.id == _D.rendition_id)
        .where(_D.account.in_(list(accounts)), _D.state.in_(_MAY_BE_OUT))
    )
    rows = {row.id: row for row in (*connection.execute(query), *connection.execute(open_))}
    return [_ours(row) for row in rows.values()]


def ours_named(connection: sa.Connection, accounts: Collection[str], items: Sequence[PastItem]) -> list[Ours]:
    """What was ever sent to the account and bears a number or an address of these. Reads every receipt: asked only where something is left over."""
    numbers = {item.remote_id for item in items if item.remote_id}
    pages = {page_of(item.address) for item in items if item.address}
    query = (
        sa.select(_D.id, _R.remote_id, _R.address, sa.literal("").label("title"), sa.literal("").label("body"))
        .join(receipts, _R.delivery_id == _D.id)
        .where(_D.account.in_(list(accounts)))
    )
    found = (_ours(row) for row in connection.execute(query.execution_options(yield_per=500)))
    return [each for each in found if each.remote_id in numbers or each.page in pages]


def _ours(row: Any) -> Ours:
    words = bare(f"{row.title or ''}{(row.body or '')[:_BODY]}")
    page = page_of(row.address) if row.address else ""
    return Ours(delivery=row.id, remote_id=row.remote_id or "", page=page, text=words)


def imported_pages(connection: sa.Connection, items: Sequence[PastItem]) -> set[str]:
    """The pages of these that somebody has brought into the ledger as the office's own past."""
    keys = {page_key(item.address): page_of(item.address) for item in items if item.address}
    query = sa.select(_I.key).where(_I.key.in_(sorted(keys)), _I.stands == sa.true())
    return {keys[key] for key in connection.scalars(query)} if keys else set()


def add(connection: sa.Connection, channel: str, account: str, items: Sequence[PastItem], now: datetime) -> int:
    """Keep those that are not on record yet; how many."""
    locks.hold(connection, "strangers")
    wanted = {key_of(item): item for item in items}
    there = set(
        connection.scalars(sa.select(_S.key).where(_S.account == account, _S.key.in_(sorted(wanted)))) if wanted else ()
    )
    rows = [
        {
            "channel": channel,
            "account": account,
            "key": key,
            "title": item.title,
            "address": item.address,
            "author": item.author,
            "at": moment_of(item),
            "found_at": now,
        }
        for key, item in wanted.items()
        if key not in there
    ]
    if rows:
        connection.execute(strangers.insert(), rows)
    return len(rows)


def open_of(connection: sa.Connection, account: str) -> list[Stranger]:
    """Those on an account that nobody has explained yet."""
    query = sa.select(strangers).where(_S.account == account, _S.settled_at.is_(None)).order_by(_S.id)
    return [Stranger(**row) for row in connection.execute(query).mappings()]


def all_of(connection: sa.Connection, *, settled: bool, most: int) -> list[Stranger]:
    """Those that are open, or all, the newest first."""
    query = sa.select(strangers).order_by(_S.id.desc()).limit(most)
    if not settled:
        query = query.where(_S.settled_at.is_(None))
    return [Stranger(**row) for row in connection.execute(query).mappings()]


def get(connection: sa.Connection, number: int) -> Stranger | None:
    """The one of this number."""
    row = connection.execute(sa.select(strangers).where(_S.id == number)).mappings().first()
    return None if row is None else Stranger(**row)


def settle(connection: sa.Connection, number: int, *, by: str, why: str, now: datetime) -> bool:
    """It is explained; whether it was still open."""
    change = strangers.update().where(_S.id == number, _S.settled_at.is_(None))
    return connection.execute(change.values(settled_at=now, settled_by=by, why=why)).rowcount > 0
