"""Page proofs, and how the pages of what is out stand. Inside the caller's transaction."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.delivery import State
from xuanfa.domain.page_proof import PageProof, PageState
from xuanfa.domain.public import Public
from xuanfa.store import locks
from xuanfa.store.ledger import title_as_sent
from xuanfa.store.proofs_schema import is_wrong, page_proofs, page_watch
from xuanfa.store.schema import deliveries, posts, receipts, revisions

_D, _P, _R, _V = deliveries.c, posts.c, receipts.c, revisions.c
_O, _W = page_proofs.c, page_watch.c
_IS_OUT = sa.and_(_D.state == sa.literal_column(f"'{State.PUBLISHED.value}'"), _R.rehearsal == sa.false())


_PUBLIC = (
    sa.select(
        _D.id,
        _D.post_id,
        _P.slug.label("post"),
        title_as_sent.label("title"),
        _D.channel,
        _D.kind,
        _D.state.label("stands"),
        _D.digest,
        _R.address,
        _R.published_at,
        _W.digest.label("compared"),
        _W.next_at,
        _W.looked_at,
        _W.state,
        _W.words,
        _W.mark,
        _W.since,
        _W.times,
        _W.seen,
        _W.accepted,
    )
    .join(posts, _P.id == _D.post_id)
    .join(receipts, _R.delivery_id == _D.id)
    .outerjoin(revisions, sa.and_(_V.post_id == _D.post_id, _V.number == _D.revision))
    .outerjoin(page_watch, _W.delivery_id == _D.id)
)


def _public(row: Any) -> Public:
    facts = row._asdict()
    is_out = facts.pop("stands") == State.PUBLISHED.value
    known = {name: value for name, value in facts.items() if value is not None}
    known["address"] = facts["address"] or ""
    known["state"] = PageState(facts["state"]) if facts["state"] else None
    return Public(**known, is_out=is_out)


def of_posts(connection: sa.Connection, post: str) -> list[Public]:
    """What is out of a post for real, in order."""
    rows = connection.execute(_PUBLIC.where(_P.slug == post, _IS_OUT).order_by(_D.id))
    return [_public(row) for row in rows]


def get(connection: sa.Connection, ids: Collection[int]) -> dict[int, Public]:
    """Deliveries that are or were out for real, by number."""
    query = _PUBLIC.where(_D.id.in_(list(ids)), _R.rehearsal == sa.false())
    return {row.id: _public(row) for row in connection.execute(query)} if ids else {}


def all_out(connection: sa.Connection) -> list[Public]:
    """Everything that is out for real, in order."""
    return [_public(row) for row in connection.execute(_PUBLIC.where(_IS_OUT).order_by(_D.id))]


def take_due(connection: sa.Connection, now: datetime, until: datetime, *, of_host: int, most: int) -> list[Public]:
    """What is to be looked at now, so many of one host, the longest due first: nobody else gets it before ``until``. What is out no longer is
    not looked at any more."""
    locks.hold(connection, "proof")
    is_due = sa.and_(
        _W.next_at.is_not(None), _W.next_at <= now, sa.or_(_W.taken_until.is_(None), _W.taken_until <= now)
    )
    rows = connection.execute(
        sa.select(_W.delivery_id, _W.host, _D.state, _R.retracted_at)
        .join(deliveries, _D.id == _W.delivery_id)
        .join(receipts, _R.delivery_id == _W.delivery_id)
        .where(is_due)
        .order_by(_W.next_at, _W.delivery_id)
        .limit(most * 20)
    ).all()
    over = [row.delivery_id for row in rows if row.state != State.PUBLISHED.value]
    if over:
        connection.execute(page_watch.update().where(_W.delivery_id.in_(over)).values(next_at=None, taken_until=None))
    counts: dict[str, int] = {}
    chosen: list[int] = []
    for row in rows:
        if row.state == State.PUBLISHED.value and len(chosen) < most and counts.get(row.host, 0) < of_host:
            counts[row.host] = counts.get(row.host, 0) + 1
            chosen.append(row.delivery_id)
    if not chosen:
        return []
    connection.execute(page_watch.update().where(_W.delivery_id.in_(chosen)).values(taken_until=until))
    found = get(connection, chosen)
    return [found[number] for number in chosen if number in found]


def give_back(connection: sa.Connection, ids: Collection[int], at: datetime) -> None:
    """They were not looked at after all: not before then."""
    if ids:
        change = page_watch.update().where(_W.delivery_id.in_(list(ids)))
        connection.execute(change.values(taken_until=None, next_at=at))


def unwatched_since(connection: sa.Connection, since: datetime, most: int) -> list[Public]:
    """What has come out since then and has no row yet."""
    query = _PUBLIC.where(_IS_OUT, _R.published_at >= since, _W.delivery_id.is_(None))
    return [_public(row) for row in connection.execute(query.order_by(_R.published_at).limit(most))]


def unwatched_between(connection: sa.Connection, first: int, last: int) -> list[Public]:
    """The same of deliveries by their numbers, the first not among them."""
    query = _PUBLIC.where(_IS_OUT, _D.id > first, _D.id <= last, _W.delivery_id.is_(None))
    return [_public(row) for row in connection.execute(query.order_by(_D.id))]


def last_delivery(connection: sa.Connection) -> int:
    """The highest number of a delivery."""
    return connection.scalar(sa.select(sa.func.max(_D.id))) or 0


def watch(connection: sa.Connection, found: Iterable[tuple[int, str, datetime | None]]) -> None:
    """Look at these, each with its host, from then on; ``None``: only where somebody asks. One that has its row stays."""
    locks.hold(connection, "proof")
    wanted = {number: (host, at) for number, host, at in found}
    there = set(connection.scalars(sa.select(_W.delivery_id).where(_W.delivery_id.in_(list(wanted)))))
    rows = [
        {"delivery_id": number, "digest": "", "host": host[:200], "next_at": at}
        for number, (host, at) in wanted.items()
        if number not in there
    ]
    if rows:
        connection.execute(page_watch.insert(), rows)


def look_soon(connection: sa.Connection, delivery_id: int, at: datetime) -> None:
    """What is out has been changed: its page is to be looked at."""
    connection.execute(
        page_watch.update().where(_W.delivery_id == delivery_id, _W.next_at.is_not(None)).values(next_at=at)
    )


def note_look(
    connection: sa.Connection,
    it: Public,
    *,
    state: PageState,
    words: str,
    mark: str,
    now: datetime,
    next_at: datetime | None,
    sure: bool,
) -> None:
    """What a look has shown. ``sure``: a person has looked, so that one look is enough for an alarm."""
    same = it.state is state and it.compared == it.digest
    times = (it.times if same else 0) + 1
    values = {
        "digest": it.digest,
        "state": state.value,
        "words": words,
        "mark": mark,
        "looked_at": now,
        "next_at": next_at,
        "taken_until": None,
        "since": it.since if same and it.since is not None else now,
        "times": max(times, 2) if sure else times,
        "seen": it.seen or state is PageState.SAME,
    }
    connection.execute(page_watch.update().where(_W.delivery_id == it.id).values(**values))


def accept(connection: sa.Connection, delivery_id: int, mark: str) -> None:
    """A person takes this difference for all right."""
    connection.execute(page_watch.update().where(_W.delivery_id == delivery_id).values(accepted=mark))


def wrong(connection: sa.Connection, *, most: int) -> list[Public]:
    """Pages that may be worth an alarm, in order."""
    rows = connection.execute(_PUBLIC.where(is_wrong, _IS_OUT).order_by(_W.since, _D.id).limit(most))
    return [_public(row) for row in rows]


def next_due_at(connection: sa.Connection) -> datetime | None:
    """When the next page is to be looked at."""
    found: datetime | None = connection.scalar(sa.select(sa.func.min(_W.next_at)).where(_W.next_at.is_not(None)))
    return found


_PROOF = tuple(_O[name] for name in (
    "id", "at", "origin", "address", "state", "status", "digest", "sha256", "difference", "mark", "screenshot", "screenshot_type", "note", "actor",
))  # fmt: skip


def add(connection: sa.Connection, proof: PageProof) -> int:
    """One proof more; its number."""
    values = {column.name: getattr(proof, column.name) for column in _PROOF if column.name != "id"}
    values |= {"delivery_id": proof.delivery, "state": proof.state.value if proof.state is not None else None}
    result = connection.execute(page_proofs.insert().values(**values))
    assert result.inserted_primary_key is not None  # noqa: S101 - one row was inserted
    return int(result.inserted_primary_key[0])


def of_delivery(connection: sa.Connection, delivery_id: int) -> list[PageProof]:
    """The proofs of a delivery, the newest first."""
    query = sa.select(_O.delivery_id.label("delivery"), *_PROOF).where(_O.delivery_id == delivery_id)
    return [_proof(row) for row in connection.execute(query.order_by(_O.id.desc()))]


def newest_fetched(connection: sa.Connection, delivery_id: int) -> PageProof | None:
    """The newest that the program has fetched."""
    query = sa.select(_O.delivery_id.label("delivery"), *_PROOF).where(
        _O.delivery_id == delivery_id, _O.origin == "fetched"
    )
    row = connection.execute(query.order_by(_O.id.desc()).limit(1)).first()
    return None if row is None else _proof(row)


def _proof(row: Any) -> PageProof:
    facts = row._asdict()
    return PageProof(**facts | {"state": PageState(row.state) if row.state else None})


def files(connection: sa.Connection) -> set[str]:
    """The hashes of everything that proofs keep as files."""
    texts = connection.scalars(sa.select(_O.sha256).where(_O.sha256 != "").distinct())
    return {*texts, *connection.scalars(sa.select(_O.screenshot).where(_O.screenshot != "").distinct())}


def pictures_by_hand(connection: sa.Connection, ids: Sequence[int]) -> set[int]:
    """Those of these deliveries of which somebody has handed in a picture."""
    query = sa.select(_O.delivery_id).where(_O.delivery_id.in_(list(ids)), _O.origin == "picture").distinct()
    return set(connection.scalars(query)) if ids else set()
