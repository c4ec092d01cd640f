"""Posts, their files, revisions, slots and renditions. Inside the caller's transaction."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from xuanfa.domain.delivery import State
from xuanfa.domain.likeness import Sketch, body_of, comparable, title_key
from xuanfa.domain.person import Actor
from xuanfa.domain.rendition import Rendition
from xuanfa.store import locks, records
from xuanfa.store.chain import canonical
from xuanfa.store.columns import microseconds
from xuanfa.store.schema import deliveries, events, files, is_of_revision, posts, renditions, revisions, slots
from xuanfa.store.signed import signed

_F, _P, _V, _R = files.c, posts.c, revisions.c, renditions.c
# Statements are built once, as in ``deliveries``: a province queues three hundred posts a morning.
_SLUG, _PATH, _POST = (
    sa.bindparam("b_slug", type_=_P.slug.type),
    sa.bindparam("b_path", type_=_P.path.type),
    sa.bindparam("b_post", type_=_P.id.type),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFile:
    """A file of ``posts/`` as it was last read. ``problems`` are sentences for a person; empty where it was taken."""

    path: str
    size: int
    changed_ns: int
    digest: str
    post_id: int | None = None
    problems: tuple[str, ...] = ()
    #: How often reading these bytes has ended the process that read them, and the version of the program by which.
    crashes: int = 0
    program: str = ""
    #: The pictures that it is made of, as they were: name from the post's folder, size, time of change.
    parts: tuple[tuple[str, int, int], ...] = ()
    #: The digest of the templates and settings that made its renditions.
    making: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPost:
    """A post as the database knows it; ``digest`` is that of the newest revision's source."""

    id: int
    slug: str
    path: str
    revision: int
    title: str
    digest: str


def seen_files(connection: sa.Connection, paths: Sequence[str] | None = None) -> dict[str, SeenFile]:
    """All files that have been read, or those of ``paths`` (some dozens), by path."""
    query = _SEEN if paths is None else _SEEN.where(_F.path.in_(paths))
    return {row.path: _seen(row) for row in connection.execute(query)}


def crashed_files(connection: sa.Connection, program: str) -> list[SeenFile]:
    """The files whose reading has ended a process of this version of the program, by name."""
    rows = connection.execute(_SEEN.where(_F.crashes > 0, _F.program == program).order_by(_F.path))
    return [_seen(row) for row in rows]


def bad_files(connection: sa.Connection) -> list[SeenFile]:
    """The files with which something is wrong, by name."""
    has_problems = sa.type_coerce(_F.problems, sa.Text) != ""
    return [_seen(row) for row in connection.execute(_SEEN.where(has_problems).order_by(_F.path))]


_SEEN = sa.select(
    _F.path, _F.size, _F.changed_ns, _F.digest, _F.post_id, _F.problems, _F.crashes, _F.program, _F.parts, _F.making
)


def _seen(row: sa.Row[*tuple[Any, ...]]) -> SeenFile:
    return SeenFile(
        path=row.path,
        size=row.size,
        changed_ns=row.changed_ns,
        digest=row.digest,
        post_id=row.post_id,
        problems=tuple(row.problems or ()),
        crashes=row.crashes,
        program=row.program,
        parts=tuple((name, size, changed) for name, size, changed in row.parts or ()),
        making=row.making,
    )


def lock_inbox(connection: sa.Connection) -> None:
    """Take files in turn: another process may have read the same ones, and then finds here what the first has made of them."""
    locks.hold(connection, "inbox")


def try_lock_inbox(connection: sa.Connection) -> bool:
    """The same without waiting: whoever holds rows of deliveries must not wait for whoever reads posts. Whether it is held."""
    return locks.try_hold(connection, "inbox")


def note_file(connection: sa.Connection, seen: SeenFile, now: datetime) -> None:
    """Remember how a file was read."""
    values = {
        "size": seen.size,
        "changed_ns": seen.changed_ns,
        "digest": seen.digest,
        "post_id": seen.post_id,
        "problems": list(seen.problems),
        "crashes": seen.crashes,
        "program": seen.program,
        "parts": [list(part) for part in seen.parts],
        "making": seen.making,
        "read_at": now,
    }
    if not connection.execute(_NOTE_FILE, {"b_path": seen.path, **values}).rowcount:
        connection.execute(_ADD_FILE, {"path": seen.path, **values})


_ADD_FILE, _NOTE_FILE = files.insert(), files.update().where(_F.path == _PATH)


def note_making(connection: sa.Connection, paths: Sequence[str], making: str) -> None:
    """Note that these templates and settings change nothing of these files: nothing of their posts waits to be sent."""
    for start in range(0, len(paths), _TOGETHER):
        some = files.c.path.in_(paths[start : start + _TOGETHER])
        connection.execute(files.update().where(some).values(making=making))


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A post by name, with its newest source."""

    id: int
    slug: str
    path: str
    title: str
    source: str


def named(connection: sa.Connection, ids: Sequence[int]) -> dict[int, Named]:
    """Posts by id."""
    found: dict[int, Named] = {}
    for start in range(0, len(ids), _TOGETHER):
        query = (
            sa.select(_P.id, _P.slug, _P.path, _P.title, _V.source)
            .join(revisions, sa.and_(_V.post_id == _P.id, _V.number == _P.revision))
            .where(_P.id.in_(ids[start : start + _TOGETHER]))
        )
        found |= {row.id: Named(**row._mapping) for row in connection.execute(query)}  # noqa: SLF001 - SQLAlchemy's public name
    return found


def slugs_of(connection: sa.Connection, paths: Sequence[str]) -> dict[str, str]:
    """The slugs of the posts whose files these are, by path."""
    found: dict[str, str] = {}
    for start in range(0, len(paths), _TOGETHER):
        query = sa.select(_P.path, _P.slug).where(_P.path.in_(paths[start : start + _TOGETHER]))
        found |= {row.path: row.slug for row in connection.execute(query)}
    return found


def drop_files(connection: sa.Connection, paths: Sequence[str]) -> None:
    """Forget files that are gone; their posts stay."""
    for start in range(0, len(paths), _TOGETHER):
        connection.execute(files.delete().where(files.c.path.in_(paths[start : start + _TOGETHER])))


def of_paths(connection: sa.Connection, paths: Sequence[str]) -> list[int]:
    """The posts whose files these are."""
    return list(paths_of(connection, paths))


def paths_of(connection: sa.Connection, paths: Sequence[str]) -> dict[int, str]:
    """The same, each with its file. Posts are read through once, whether few or many files are asked for."""
    wanted, query = set(paths), sa.select(_P.id, _P.path)
    if len(wanted) <= _TOGETHER:
        query = query.where(_P.path.in_(wanted))
    rows = connection.execute(query.execution_options(yield_per=_TOGETHER)) if wanted else ()
    return {row.id: row.path for row in rows if row.path in wanted}


#: So many values stand in one statement.
_TOGETHER = 500


def sources(connection: sa.Connection) -> dict[str, str]:
    """The digest of every post's newest source, by the path of its file."""
    query = sa.select(_P.path, _V.digest).join(revisions, sa.and_(_V.post_id == _P.id, _V.number == _P.revision))
    return {row.path: row.digest for row in connection.execute(query)}


def taken_otherwise(connection: sa.Connection) -> list[str]:
    """The slugs of posts whose file was taken, as is noted of it, and whose newest revision is another one."""
    query = (
        sa.select(_P.slug)
        .join(files, sa.and_(_F.post_id == _P.id, _F.path == _P.path))
        .join(revisions, sa.and_(_V.post_id == _P.id, _V.number == _P.revision))
        .where(_F.digest != _V.digest, sa.type_coerce(_F.problems, sa.Text) == "")
    )
    return list(connection.scalars(query.order_by(_P.slug)))


def by_slug(connection: sa.Connection, slug: str) -> KnownPost | None:
    """The post with this slug."""
    row = connection.execute(_BY_SLUG, {"b_slug": slug}).first()
    if row is None:
        return None
    return KnownPost(id=row.id, slug=row.slug, path=row.path, revision=row.revision, title=row.title, digest=row.digest)


_BY_SLUG = (
    sa.select(posts, _V.digest)
    .join(revisions, sa.and_(_V.post_id == _P.id, _V.number == _P.revision))
    .where(_P.slug == _SLUG)
)


def with_digest(connection: sa.Connection, digest: str, *, but: str) -> KnownPost | None:
    """A post whose newest revision has these bytes, in another file than ``but``."""
    query = sa.select(posts.c.slug).join(files, _F.post_id == _P.id).where(_F.digest == digest, _P.path != but)
    slug = connection.scalar(query.order_by(_P.id).limit(1))
    return None if slug is None else by_slug(connection, slug)


def name_of(connection: sa.Connection, post_id: int) -> tuple[str, str]:
    """Slug and path of a post."""
    row = connection.execute(sa.select(_P.slug, _P.path).where(_P.id == post_id)).one()
    return row.slug, row.path


def add_revision(
    connection: sa.Connection,
    known: KnownPost | None,
    values: Mapping[str, Any],
    *,
    source: str,
    digest: str,
    actor: Actor,
    author: str = "",
    byline: str = "",
    kind: str = "",
    original: bool = True,
    why: str | None = None,
) -> KnownPost:
    """The post with one revision more, or a new post with its first; a line of history vouches for it.

    ``values`` are the columns of ``posts`` but id and revision; ``why`` is what the line tells of it, by itself the title.
    """
    if known is None:
        result = connection.execute(_ADD_POST, {"revision": 1, **values})
        assert result.inserted_primary_key is not None  # noqa: S101 - one row was inserted
        post_id, number = int(result.inserted_primary_key[0]), 1
    else:
        post_id, number = known.id, known.revision + 1
        changed = {name: value for name, value in values.items() if name != "queued_at"}
        connection.execute(posts.update().where(posts.c.id == post_id).values(revision=number, **changed))
    revision = {
        "post_id": post_id,
        "number": number,
        "digest": digest,
        "source": source,
        "created_at": values["queued_at"],
        "title": values["title"],
        "department": values["department"],
        "author": author,
        "byline": byline,
        "kind": kind,
        "original": original,
    } | _sketched(values["title"], source)
    connection.execute(_ADD_REVISION, revision)
    line = {
        "at": values["queued_at"],
        "after": REVISED,
        **signed(actor),
        "why": values["title"] if why is None else why,
        "post_id": post_id,
        "revision": number,
        "proof": revision_proof(values["slug"], revision)
        + post_proof(values["title"], values["column_id"], values["department"]),
    }
    connection.execute(_ADD_LINE, line)
    return KnownPost(
        id=post_id, slug=values["slug"], path=values["path"], revision=number, title=values["title"], digest=digest
    )


_ADD_POST, _ADD_REVISION, _ADD_LINE = posts.insert(), revisions.insert(), events.insert()
#: The event of a post's new revision.
REVISED = "revised"


def _sketched(title: str, source: str) -> dict[str, Any]:
    """The key by which a revision's content is found again under another slug."""
    sketch = Sketch.of(comparable(body_of(source)))
    return {"title_key": title_key(title), "length": sketch.length, "sketch": sketch.written}


def is_sketched(revision: Mapping[Any, Any]) -> bool:
    """Whether this is so of a row: made from its title and source, which the history vouches for."""
    made = _sketched(revision["title"], revision["source"])
    return all(revision[name] == value for name, value in made.items())


def revision_proof(slug: str, revision: Mapping[Any, Any]) -> str:
    """The first half of what a line of history vouches for: a hash of the revision, given by the columns of its row."""
    values = [revision[name] for name in ("number", "digest", "source", "title", "department", "author")]
    return _half([slug, microseconds(revision["created_at"]), *values])


@dataclass(frozen=True, slots=True)
class Kept:
    """A revision as it is kept, with the name of its post and what the history vouches for since it was read."""

    slug: str
    row: Mapping[Any, Any]
    proof: str

    def is_as_read(self) -> bool:
        """Whether it is what was read. Hashes the whole source: for whoever has the time."""
        return revision_proof(self.slug, self.row) == self.proof[:32]


def kept(connection: sa.Connection, which: Collection[tuple[int, int]]) -> dict[tuple[int, int], Kept]:
    """Revisions by post and number."""
    if not which:
        return {}
    pairs = {f"b_{name}": [pair[at] for pair in which] for at, name in enumerate(("posts", "numbers"))}
    rows = connection.execute(_KEPT, pairs).mappings()
    found = {(row["post_id"], row["number"]): Kept(row["slug"], row, row["proof"] or "") for row in rows}
    return {pair: found[pair] for pair in which if pair in found}


# One turn nearly always sends one revision of a post, so that the two lists name hardly any pair that nobody wants.
_KEPT = (
    sa.select(
        *(
            _V[name]
            for name in ("post_id", "number", "digest", "source", "created_at", "title", "department", "author")
        ),
        _P.slug,
        sa.select(events.c.proof)
        .where(is_of_revision, events.c.post_id == _V.post_id, events.c.revision == _V.number)
        .order_by(events.c.id.desc())
        .limit(1)
        .scalar_subquery()
        .label("proof"),
    )
    .join(posts, _P.id == _V.post_id)
    .where(
        _V.post_id.in_(sa.bindparam("b_posts", expanding=True)),
        _V.number.in_(sa.bindparam("b_numbers", expanding=True)),
    )
)


def post_proof(title: str, column: str, department: str) -> str:
    """The second half: a hash of what the revision made of its post. Of older revisions that is not known any more."""
    return _half([title, column, department])


def _half(values: Sequence[Any]) -> str:
    return hashlib.sha256(canonical(values)).hexdigest()[:32]


def move(connection: sa.Connection, post_id: int, path: str) -> None:
    """Note that a post's file has another name now."""
    connection.execute(posts.update().where(posts.c.id == post_id, posts.c.path != path).values(path=path))


def other_slug_of(connection: sa.Connection, path: str, slug: str) -> str | None:
    """The slug under which the file ``path`` was known, where that was not ``slug``."""
    found: str | None = connection.scalar(_OTHER_SLUG, {"b_path": path, "b_slug": slug})
    return found


def planned_in_other_zones(connection: sa.Connection, zone: str, now: datetime) -> list[tuple[str, int]]:
    """Zones other than this one, with how many deliveries still to come got their time in each."""
    query = (
        sa.select(_P.zone, sa.func.count())
        .join(deliveries, deliveries.c.post_id == _P.id)
        .where(
            deliveries.c.state.in_((State.AWAITING_REVIEW.value, State.SCHEDULED.value, State.HELD.value)),
            deliveries.c.due_at > now,
            _P.zone.not_in(("", zone)),
        )
        .group_by(_P.zone)
        .order_by(_P.zone)
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


_OTHER_SLUG = (
    sa.select(_P.slug).join(files, _F.post_id == _P.id).where(_F.path == _PATH, _P.path == _PATH, _P.slug != _SLUG)
)


def slot_of(connection: sa.Connection, column: str, post_id: int) -> datetime | None:
    """The slot of this column that a post has reserved."""
    query = sa.select(slots.c.at).where(slots.c.column_id == column, slots.c.post_id == post_id)
    found: datetime | None = connection.scalar(query)
    return found


def reserve_slot(connection: sa.Connection, column: str, at: datetime, post_id: int) -> bool:
    """Reserve a slot; False where another post has it, whoever was first."""
    try:
        with connection.begin_nested():
            connection.execute(slots.insert().values(column_id=column, at=at, post_id=post_id))
    except IntegrityError:
        return False
    return True


def free_slot(connection: sa.Connection, post_id: int) -> None:
    """Give a post's slot back."""
    connection.execute(_FREE_SLOT, {"b_post": post_id})


_FREE_SLOT = slots.delete().where(slots.c.post_id == _POST)


def taken_slots(connection: sa.Connection, column: str, after: datetime) -> frozenset[datetime]:
    """Slots of a column that are reserved."""
    return frozenset(connection.scalars(sa.select(slots.c.at).where(slots.c.column_id == column, slots.c.at > after)))


def freeze(connection: sa.Connection, post_id: int, revision: int, channel: str, rendition: Rendition) -> int:
    """Keep a rendition; the same one again is the same row."""
    values = records.rendition_values(rendition)
    same = {"post_id": post_id, "revision": revision, "channel": channel, "digest": values["digest"]}
    if (found := connection.scalar(_SAME, {f"b_{name}": value for name, value in same.items()})) is not None:
        return int(found)
    result = connection.execute(_FREEZE, values | same)
    assert result.inserted_primary_key is not None  # noqa: S101 - one row was inserted
    return int(result.inserted_primary_key[0])


_FREEZE = renditions.insert()
_SAME = sa.select(_R.id).where(
    *(column == sa.bindparam(f"b_{column.name}") for column in (_R.post_id, _R.revision, _R.channel, _R.digest))
)
