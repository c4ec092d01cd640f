"""What was imported into the ledger. Inside the caller's transaction."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.imported import Import, Past, host_of, page_key
from xuanfa.store.chain import canonical
from xuanfa.store.columns import microseconds
from xuanfa.store.imported_schema import imported, imports
from xuanfa.store.ledger_schema import receipts
from xuanfa.store.schema import events

_I, _M, _R, _E = imported.c, imports.c, receipts.c, events.c
#: Lines of the history: something was imported, and taken back as a whole. ``revision`` is the number of the import.
IMPORTED, UNDONE = "ledger_imported", "import_undone"
#: What the line of an import vouches for, of each row in the order of their numbers.
_VOUCHED: Final = (
    "place", "title", "title_key", "address", "published_at", "column_id", "column_title", "channel", "channel_title", "department",
    "author", "key",
)  # fmt: skip
_TOGETHER = 500


def known_keys(connection: sa.Connection, keys: Collection[str]) -> dict[str, str]:
    """Those of ``keys`` that stand in the ledger as imported, each with the origin of its row."""
    found: dict[str, str] = {}
    left = iter(keys)
    while some := list(islice(left, _TOGETHER)):
        query = sa.select(_I.key, _M.origin).join(imports, _M.id == _I.import_id)
        rows = connection.execute(query.where(_I.key.in_(some), _I.stands == sa.true()))
        found |= {row.key: row.origin for row in rows}
    return found


def own_pages(connection: sa.Connection, hosts: Collection[str], *, since: int = 0) -> dict[str, int]:
    """The keys of pages on these hosts that this program has proved itself, withdrawn ones among them, each with its delivery; ``since``: only
    what the history tells of behind this line. Reads every receipt, which an import is worth."""
    query = sa.select(_R.delivery_id, _R.address).where(_R.address.is_not(None), _R.rehearsal == sa.false())
    if since:
        told = sa.exists().where(_E.delivery_id == _R.delivery_id, _E.id > since)
        query = query.where(told)
    found: dict[str, int] = {}
    for number, address in connection.execute(query.execution_options(yield_per=_TOGETHER)):
        if host_of(address) in hosts:
            found[page_key(address)] = number
    return found


def newest_line(connection: sa.Connection) -> int:
    """The number of the newest line of the history."""
    return connection.scalar(sa.select(sa.func.max(_E.id))) or 0


def add(
    connection: sa.Connection, rows: Sequence[Past], *, origin: str, digest: str, actor: str, now: datetime
) -> tuple[Import, str]:
    """Enter what was brought in; the import and the proof for its line of history. Its keys must be new: the database refuses others."""
    values: dict[str, Any] = {
        "origin": origin,
        "digest": digest,
        "entries": len(rows),
        "imported_at": now,
        "actor": actor,
    }
    number = connection.execute(imports.insert().values(**values).returning(_M.id)).scalar_one()
    proof, left = hashlib.sha256(), iter(rows)
    while some := list(islice(left, _TOGETHER)):
        entered = [_values(past) for past in some]
        for row in entered:
            proof.update(_line(row))
        connection.execute(imported.insert(), [{**row, "import_id": number} for row in entered])
    return Import(id=number, **values), proof.hexdigest()


def undo(connection: sa.Connection, number: int, *, actor: str, now: datetime) -> None:
    """Take an import back as a whole: its rows stay, and count no more."""
    connection.execute(imports.update().where(_M.id == number).values(undone_at=now, undone_by=actor))
    connection.execute(imported.update().where(_I.import_id == number).values(stands=False))


def find(connection: sa.Connection, number: int) -> Import | None:
    """The import of this number."""
    row = connection.execute(sa.select(imports).where(_M.id == number)).mappings().first()
    return None if row is None else Import(**row)


def all_imports(connection: sa.Connection) -> list[Import]:
    """All of them, the newest first, those that were taken back among them."""
    return [Import(**row) for row in connection.execute(sa.select(imports).order_by(_M.id.desc())).mappings()]


def names_in(connection: sa.Connection) -> tuple[dict[str, str], dict[str, str]]:
    """Columns and channels that imported rows name, by id: what they were called last."""
    columns, channels = (
        {
            row[0]: row[1]
            for row in connection.execute(
                sa.select(id_, title, sa.func.max(_I.id).label("last"))
                .where(_I.stands == sa.true())
                .group_by(id_, title)
                .order_by("last")
            )
        }
        for id_, title in ((_I.column_id, _I.column_title), (_I.channel, _I.channel_title))
    )
    columns.pop("", None)
    return columns, channels


def note_own(connection: sa.Connection, proved: Mapping[int, str]) -> None:
    """This program has proved publications itself, by delivery with their addresses: where such a page was imported, the own one counts."""
    by_key = {page_key(address): number for number, address in proved.items()}
    if not by_key:
        return
    rows = connection.execute(_STANDING, {"keys": list(by_key)}).all()
    if rows:
        connection.execute(_NOTE, [{"b_id": row.id, "b_delivery": by_key[row.key]} for row in rows])


_STANDING = sa.select(_I.id, _I.key).where(
    _I.key.in_(sa.bindparam("keys", expanding=True)), _I.stands == sa.true(), _I.delivery_id.is_(None)
)
_NOTE = imported.update().where(_I.id == sa.bindparam("b_id")).values(delivery_id=sa.bindparam("b_delivery"))


def altered(connection: sa.Connection) -> Iterator[int]:
    """Imports that are not as the history tells of them: in their rows, in whether they stand, or because no line tells of them."""
    told: dict[int, str | None] = {}
    undone: set[int] = set()
    query = sa.select(_E.after, _E.revision, _E.proof).where(_E.after.in_([IMPORTED, UNDONE]), _E.revision.is_not(None))
    for after, number, proof in connection.execute(query.order_by(_E.id)):
        if after == IMPORTED:
            told[number] = proof
        else:
            undone.add(number)
    kept = {each.id: each for each in all_imports(connection)}
    for number in sorted(told.keys() | kept.keys()):
        it = kept.get(number)
        whole = it is not None and (it.undone_at is not None) == (number in undone)
        if it is None or not whole or not _is_as_told(connection, it, told.get(number)):
            yield number


def _is_as_told(connection: sa.Connection, it: Import, proof: str | None) -> bool:
    query = sa.select(imported).where(_I.import_id == it.id).order_by(_I.id)
    found, count, stray = hashlib.sha256(), 0, 0
    # To the end, also where something is wrong: half read, a cursor of PostgreSQL would stay open.
    for row in connection.execute(query.execution_options(yield_per=_TOGETHER)).mappings():
        found.update(_line(row))
        count += 1
        stray += row["stands"] != (it.undone_at is None)
    return not stray and count == it.entries and found.hexdigest() == proof


def _values(past: Past) -> dict[str, Any]:
    return {
        "place": past.place[:200],
        "title": past.title,
        "title_key": past.title_key,
        "address": past.address,
        "published_at": past.published_at,
        "column_id": past.column,
        "column_title": past.column_title,
        "channel": past.channel,
        "channel_title": past.channel_title,
        "department": past.department,
        "author": past.author,
        "key": past.key,
    }


def _line(row: Mapping[Any, Any]) -> bytes:
    return canonical(_plain(row[name] for name in _VOUCHED))


def _plain(values: Iterable[Any]) -> list[Any]:
    return [microseconds(value) if isinstance(value, datetime) else value for value in values]
