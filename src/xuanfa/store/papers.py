"""Papers: what stands on the form and in the package of a post, scans, and the chain of packages. Inside the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.delivery import ON_SHELF, State
from xuanfa.domain.rendition import Rendition
from xuanfa.store import locks, records
from xuanfa.store.chain import NOTHING
from xuanfa.store.columns import as_stored
from xuanfa.store.papers_schema import packages, scans
from xuanfa.store.reviews_schema import approvals
from xuanfa.store.schema import deliveries, events, posts, receipts, renditions, revisions

_D, _P, _R, _V, _E = deliveries.c, posts.c, receipts.c, revisions.c, events.c


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFacts:
    """A post with the source of its newest revision."""

    id: int
    slug: str
    title: str
    column: str
    department: str
    revision: int
    source: str
    author: str
    queued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A delivery of a post with what it carries and what became of it. ``digest`` is empty and ``rendition`` ``None`` where there is none."""

    id: int
    channel: str
    state: State
    rehearsal: bool
    digest: str
    due_at: datetime
    #: Whether it lies on the shelf or was released from it.
    shelf: str
    expires_at: datetime | None
    revision: int
    account: str
    remote_id: str | None
    address: str | None
    published_at: datetime | None
    retracted_at: datetime | None
    evidence: str
    rendition: Rendition | None

    @property
    def goes_at(self) -> datetime | None:
        """When it is to go out; nothing of what lies on the shelf."""
        return None if self.shelf == ON_SHELF else self.due_at


def post(connection: sa.Connection, slug: str) -> PostFacts | None:
    """The post of this name."""
    query = (
        sa.select(
            _P.id, _P.slug, _P.title, _P.column_id, _P.department, _P.revision, _V.source, _V.author, _P.queued_at
        )
        .join(revisions, sa.and_(_V.post_id == _P.id, _V.number == _P.revision))
        .where(_P.slug == slug)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    facts = row._asdict()
    facts["column"] = facts.pop("column_id")
    return PostFacts(**facts)


def leaving(connection: sa.Connection, post_id: int) -> list[Leaving]:
    """The deliveries of a post, in order."""
    query = (
        sa.select(
            _D.id, _D.channel, _D.state, _D.rehearsal, _D.digest, _D.due_at, _D.shelf, _D.expires_at, _D.revision, _D.account,
            _R.remote_id, _R.address, _R.published_at, _R.retracted_at, _R.evidence, _D.rendition_id, *records.RENDITION,
        )
        .outerjoin(receipts, _R.delivery_id == _D.id)
        .outerjoin(renditions, renditions.c.id == _D.rendition_id)
        .where(_D.post_id == post_id)
        .order_by(_D.id)
    )  # fmt: skip
    return [_leaving(row) for row in connection.execute(query)]


def _leaving(row: Sequence[Any]) -> Leaving:
    (number, channel, state, rehearsal, digest, due_at, shelf, expires_at, revision, account, remote_id, address, published_at,
     retracted_at, evidence, rendition_id, *rendition) = row  # fmt: skip
    return Leaving(
        id=number,
        channel=channel,
        state=State(state),
        rehearsal=rehearsal,
        digest=digest,
        due_at=due_at,
        shelf=shelf,
        expires_at=expires_at,
        revision=revision,
        account=account,
        remote_id=remote_id,
        address=address,
        published_at=published_at,
        retracted_at=retracted_at,
        evidence=evidence or "",
        rendition=None if rendition_id is None else records.rendition(rendition),
    )


def frozen_of(connection: sa.Connection, post_id: int) -> list[tuple[str, Rendition]]:
    """Everything that was ever frozen of a post, in order, each with its channel."""
    query = sa.select(renditions.c.channel, *records.RENDITION).where(renditions.c.post_id == post_id)
    rows = connection.execute(query.order_by(renditions.c.id)).all()
    return [(str(row[0]), records.rendition(tuple(row)[1:])) for row in rows]


def all_revisions(connection: sa.Connection, post_id: int) -> list[dict[str, Any]]:
    """Every revision of a post, as it is stored."""
    columns = (_V.number, _V.digest, _V.source, as_stored(_V.created_at), _V.title, _V.department, _V.author)
    query = sa.select(*columns).where(_V.post_id == post_id).order_by(_V.number)
    return [dict(row) for row in connection.execute(query).mappings()]


def history_of(connection: sa.Connection, post_id: int) -> list[dict[str, Any]]:
    """The lines of history about a post and its deliveries, as they are stored, by number."""
    its = sa.select(_D.id).where(_D.post_id == post_id)
    columns = [as_stored(column) for column in events.columns]
    query = sa.select(*columns).where(sa.or_(_E.post_id == post_id, _E.delivery_id.in_(its))).order_by(_E.id)
    names = [column.name for column in events.columns]
    return [dict(zip(names, row, strict=True)) for row in connection.execute(query)]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptScan:
    """A scan that was attached: which pages were kept, for which digest, by whom."""

    digest: str
    sha256: str
    original: str
    pages: int
    at: datetime
    actor: str


def scans_of(connection: sa.Connection, post_id: int) -> list[KeptScan]:
    """The scans of a post, in order."""
    c = scans.c
    query = sa.select(c.digest, c.sha256, c.original, c.pages, c.at, c.actor).where(c.post_id == post_id)
    return [KeptScan(**row) for row in connection.execute(query.order_by(c.id)).mappings()]


def scan_files(connection: sa.Connection) -> set[str]:
    """The hashes of all scans that are kept."""
    return set(connection.scalars(sa.select(scans.c.sha256)))


def add_scan(connection: sa.Connection, post_id: int, scan: KeptScan) -> None:
    """One scan more."""
    connection.execute(
        scans.insert().values(
            post_id=post_id,
            digest=scan.digest,
            sha256=scan.sha256,
            original=scan.original,
            pages=scan.pages,
            at=scan.at,
            actor=scan.actor,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One link of the chain of packages. ``sha256`` is over the whole file, ``previous`` that of the package before."""

    number: int
    post_id: int
    revision: int
    digest: str
    sha256: str
    previous: str
    name: str
    size: int
    at: datetime
    actor: str


def end_of_chain(connection: sa.Connection) -> tuple[int, str]:
    """Number and hash of the newest package; 0 and zeros before the first."""
    c = packages.c
    row = connection.execute(sa.select(c.number, c.sha256).order_by(c.number.desc()).limit(1)).first()
    return (0, NOTHING) if row is None else (row.number, row.sha256)


def add_package(connection: sa.Connection, package: Package) -> bool:
    """Put a package at the end of the chain, unless another one has come there meanwhile; whether it was put."""
    locks.hold(connection, "packages")
    if end_of_chain(connection) != (package.number - 1, package.previous):
        return False
    names = ("number", "post_id", "revision", "digest", "sha256", "previous", "name", "size", "at", "actor")
    connection.execute(packages.insert().values({name: getattr(package, name) for name in names}))
    return True


def chain_of_packages(connection: sa.Connection) -> list[Package]:
    """All of them, in order."""
    return [Package(**row) for row in connection.execute(sa.select(packages).order_by(packages.c.number)).mappings()]


def published_between(connection: sa.Connection, since: datetime, until: datetime) -> Sequence[Any]:
    """What was published for real from ``since`` to before ``until``, as the ledger has it, by time; its author as he was printed."""
    as_printed = sa.func.coalesce(sa.func.nullif(_V.byline, ""), _R.author).label("author")
    query = (
        sa.select(
            _P.id, _P.slug, _R.title, _R.column_id, _R.department, as_printed, _D.channel, _R.published_at, _R.retracted_at, _R.address,
            approvals.c.emergency,
        )
        .join(deliveries, _D.id == _R.delivery_id)
        .join(posts, _P.id == _D.post_id)
        .join(revisions, sa.and_(_V.post_id == _D.post_id, _V.number == _D.revision))
        .outerjoin(approvals, approvals.c.id == _D.approval)
        .where(_R.rehearsal == sa.false(), _R.published_at >= since, _R.published_at < until)
        .order_by(_R.published_at, _D.id)
    )  # fmt: skip
    return list(connection.execute(query))
