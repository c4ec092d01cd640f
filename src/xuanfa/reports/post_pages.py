"""Posts a page at a time: filtered, searched, and turned by the key of the last row, so that a page costs what it shows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.access import Veil, restricted_mark
from xuanfa.domain.channel import base_of
from xuanfa.domain.delivery import ON_SHELF, WAITS_FOR_PERSON, State
from xuanfa.domain.language import say
from xuanfa.domain.own import Own
from xuanfa.store.by_state import in_states
from xuanfa.store.database import Store
from xuanfa.store.own import written_by
from xuanfa.store.schema import deliveries, drafts, posts, revisions

_P, _D, _V, _W = posts.c, deliveries.c, revisions.c, drafts.c
#: Rows of a page.
PAGE: Final = 50
#: So many of the newest posts say which departments there are.
_NEWEST: Final = 2000
#: So many are counted; more are "more than".
COUNTED: Final = 999


class Tab(StrEnum):
    """Which posts."""

    TODO = "todo"
    DRAFTS = "drafts"
    REVIEW = "review"
    PLANNED = "planned"
    OUT = "out"
    RECURRING = "recurring"
    ALL = "all"

    @property
    def label(self) -> str:
        """For people."""
        return say(*_SHELVES[self])


_SHELVES: Final = {
    Tab.TODO: ("要办的", "To do"),
    Tab.DRAFTS: ("草稿", "Drafts"),
    Tab.REVIEW: ("审校中", "Under review"),
    Tab.PLANNED: ("待发布", "Planned"),
    Tab.OUT: ("已发布", "Published"),
    Tab.RECURRING: ("重复", "Recurring"),
    Tab.ALL: ("全部", "All"),
}
_STATES: Final[Mapping[Tab, Collection[State]]] = {
    Tab.TODO: WAITS_FOR_PERSON,
    Tab.REVIEW: (State.AWAITING_REVIEW,),
    Tab.PLANNED: (State.SCHEDULED,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostLine:
    """A post in the list. ``states`` is what has become of it on each channel; ``due_at`` the next time, or the last one."""

    id: int
    slug: str
    title: str
    department: str
    author: str
    column: str
    revision: int
    states: Mapping[str, State] = field(default_factory=dict)
    due_at: datetime | None = None
    #: Login names of those who have written in it and not saved it, newest first, and when.
    writing: tuple[tuple[str, datetime], ...] = ()
    restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPage:
    """A page: ``newer`` and ``older`` are the keys behind which others stand."""

    lines: tuple[PostLine, ...]
    newer: int | None = None
    older: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for."""

    tab: Tab = Tab.ALL
    words: str = ""
    column: str = ""
    department: str = ""
    since: datetime | None = None
    before: int | None = None
    after: int | None = None
    #: Only the posts of this contributor.
    own: Own | None = None


def post_page(store: Store, wanted: Wanted, veil: Veil, now: datetime) -> PostPage:
    """One page. A search finds no restricted post that the reader may not see: neither its title nor its name."""
    query = sa.select(posts).where(*_conditions(wanted, veil))
    backwards = wanted.after is not None
    if backwards:
        query = query.where(_P.id > wanted.after).order_by(_P.id)
    else:
        query = query.where(*([_P.id < wanted.before] if wanted.before is not None else [])).order_by(_P.id.desc())
    with store.read() as connection:
        rows = list(connection.execute(query.limit(PAGE + 1)))
        has_more, rows = len(rows) > PAGE, rows[:PAGE]
        rows = rows[::-1] if backwards else rows
        lines = tuple(lines_of(connection, rows, veil, now))
    is_first = not backwards and wanted.before is None
    newer = rows[0].id if rows and not is_first and (has_more or not backwards) else None
    older = rows[-1].id if rows and (has_more or backwards) else None
    return PostPage(lines=lines, newer=newer, older=older)


def tab_counts(store: Store, own: Own | None = None) -> dict[Tab, int]:
    """How many posts wait on each tab that people work through, of this contributor or of all; no further than ``COUNTED``."""
    with store.read() as connection:
        found = {}
        for tab, states in _STATES.items():
            query = sa.select(_D.post_id).where(in_states(states))
            query = query if own is None else query.where(_D.post_id.in_(written_by(own)))
            some = query.distinct().limit(COUNTED + 1).subquery()
            found[tab] = int(connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0)
        return found


def times_of(store: Store, slug: str) -> dict[str, datetime]:
    """When the post of this name is to be out, by channel."""
    has_time = sa.and_(_P.slug == slug, _D.shelf != ON_SHELF)
    query = sa.select(_D.channel, _D.due_at).join(posts, _P.id == _D.post_id).where(has_time).order_by(_D.id)
    with store.read() as connection:
        return {base_of(row.channel): row.due_at for row in connection.execute(query)}


def titles_of(store: Store, slugs: Collection[str]) -> dict[str, str]:
    """What the posts of these names are called; those that there are."""
    with store.read() as connection:
        return {
            row.slug: row.title for row in connection.execute(sa.select(_P.slug, _P.title).where(_P.slug.in_(slugs)))
        }


def departments(store: Store, own: Own | None = None) -> list[str]:
    """Departments that the newest posts are of, of this contributor or of all."""
    query = sa.select(_P.department) if own is None else sa.select(_P.department).where(_P.id.in_(written_by(own)))
    newest = query.order_by(_P.id.desc()).limit(_NEWEST).subquery()
    with store.read() as connection:
        return sorted(each for each in connection.scalars(sa.select(newest.c.department).distinct()) if each)


def _conditions(wanted: Wanted, veil: Veil) -> list[sa.ColumnElement[bool]]:
    found = besides_words(wanted)
    if wanted.words:
        found += [has_words(wanted.words), *([_P.id.not_in(list(veil.hidden))] if veil.hidden else [])]
    return found


def has_words(words: str) -> sa.ColumnElement[bool]:
    """Whether they stand in a post's title or name."""
    return sa.or_(_P.title.icontains(words, autoescape=True), _P.slug.icontains(words, autoescape=True))


def besides_words(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """All that is asked for but the words."""
    found: list[sa.ColumnElement[bool]] = []
    if wanted.own is not None:
        found.append(_P.id.in_(written_by(wanted.own)))
    if wanted.tab in _STATES:
        found.append(_P.id.in_(sa.select(_D.post_id).where(in_states(_STATES[wanted.tab]))))
    elif wanted.tab is Tab.OUT:
        # Asked post by post: an index of states would read all that was ever published for each of them.
        found.append(sa.exists().where(_D.post_id == _P.id, sa.func.coalesce(_D.state, "") == State.PUBLISHED.value))
    if wanted.column:
        found.append(_P.column_id == wanted.column)
    if wanted.department:
        found.append(_P.department == wanted.department)
    if wanted.since is not None:
        found.append(_P.queued_at >= wanted.since)
    return found


def lines_of(connection: sa.Connection, rows: list[Any], veil: Veil, now: datetime) -> list[PostLine]:
    """What a list shows of these rows of ``posts``."""
    ids = [row.id for row in rows]
    authors = {
        row.post_id: row.author
        for row in connection.execute(
            sa.select(_V.post_id, _V.author)
            .join(posts, sa.and_(_P.id == _V.post_id, _P.revision == _V.number))
            .where(_V.post_id.in_(ids))
        )
    }
    states: dict[int, dict[str, State]] = {}
    times: dict[int, list[tuple[bool, datetime]]] = {}
    for row in connection.execute(
        sa.select(_D.post_id, _D.channel, _D.state, _D.due_at, _D.shelf).where(_D.post_id.in_(ids)).order_by(_D.id)
    ):
        states.setdefault(row.post_id, {})[base_of(row.channel)] = State(row.state)
        if row.shelf != ON_SHELF:
            times.setdefault(row.post_id, []).append((row.due_at < now, row.due_at))
    writing: dict[str, list[tuple[str, datetime]]] = {}
    slugs = [row.slug for row in rows]
    for each in connection.execute(
        sa.select(_W.slug, _W.user_name, _W.saved_at).where(_W.slug.in_(slugs)).order_by(_W.saved_at.desc())
    ):
        writing.setdefault(each.slug, []).append((each.user_name, each.saved_at))
    return [
        PostLine(
            id=row.id,
            slug=row.slug,
            title=restricted_mark(),
            department="",
            author="",
            column="",
            revision=0,
            restricted=True,
        )
        if row.id in veil.hidden
        else PostLine(
            id=row.id,
            slug=row.slug,
            title=row.title,
            department=row.department,
            author=authors.get(row.id, ""),
            column=row.column_id,
            revision=row.revision,
            states=states.get(row.id, {}),
            due_at=min(times[row.id])[1] if row.id in times else None,
            writing=tuple(writing.get(row.slug, ())),
        )
        for row in rows
    ]
