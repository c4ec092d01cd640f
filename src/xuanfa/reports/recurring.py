"""Recurring posts as people look at them: each source with its rule and what is to come of it, and which occurrence a post is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

import sqlalchemy as sa

from xuanfa.domain.access import Veil, restricted_mark
from xuanfa.domain.delivery import PLANNED, State
from xuanfa.domain.language import say
from xuanfa.domain.own import Own
from xuanfa.store import series
from xuanfa.store.database import Store
from xuanfa.store.own import written_by
from xuanfa.store.schema import deliveries, posts
from xuanfa.store.series import Series
from xuanfa.store.series_schema import occurrences

_D, _P, _O = deliveries.c, posts.c, occurrences.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """An occurrence that is to come, where it stands on its first channel that waits, and when that gets it; ``own``: changed by itself."""

    slug: str
    day: date
    due_at: datetime
    state: State
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A source of occurrences, with those to come. ``standing`` is ``live``, ``gone`` or ``broken``."""

    slug: str
    title: str
    path: str
    rule: str
    standing: str
    coming: tuple[Coming, ...]
    restricted: bool = False

    @property
    def trouble(self) -> str:
        """Why no more are made; empty where they are."""
        if self.standing == "gone":
            return say("底稿不见了，不再排入：请放回原处。", "Its file is gone, and no more are made: put it back.")
        if self.standing == "broken":
            return say("底稿读不成稿件，不再排入：请改好。", "Its file is no post, and no more are made: mend it.")
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceOf:
    """Of which source a post is an occurrence, and of which day."""

    source: str
    title: str
    day: date


def source_lines(store: Store, zone: tzinfo, veil: Veil, own: Own | None = None) -> list[SourceLine]:
    """Every source that has not ended, in the order of their names. Of whoever sees only their own posts, those of which an occurrence is theirs;
    of one whose occurrences are hidden, no more than its name."""
    with store.read() as connection:
        every = [each for each in series.all_series(connection) if each.standing != "ended"]
        theirs = None if own is None else set(connection.scalars(written_by(own)))
        return [line for each in every if (line := _line(connection, each, zone, veil, theirs)) is not None]


def _line(
    connection: sa.Connection, source: Series, zone: tzinfo, veil: Veil, theirs: Collection[int] | None
) -> SourceLine | None:
    rows = series.occurrences_of(connection, source.id)
    if theirs is not None and not any(row.post_id in theirs for row in rows):
        return None
    is_hidden = veil.hides(source.slug) or any(veil.hides(row.slug) for row in rows)
    return SourceLine(
        slug=source.slug,
        title=restricted_mark() if is_hidden else source.title if any(row.post_id for row in rows) else source.slug,
        path=source.path,
        rule=source.repeat.in_words(source.first_at, zone),
        standing=source.standing,
        coming=() if is_hidden else tuple(_coming(connection, source.id)),
        restricted=is_hidden,
    )


def _coming(connection: sa.Connection, series_id: int) -> list[Coming]:
    query = (
        sa.select(_O.slug, _O.day, _O.standing, _D.due_at, _D.state)
        .join(posts, _P.slug == _O.slug)
        .join(deliveries, _D.post_id == _P.id)
        .where(_O.series_id == series_id, _D.state.in_([each.value for each in PLANNED]))
        .order_by(_D.due_at, _D.id)
    )
    found: dict[str, Coming] = {}
    for row in connection.execute(query):
        coming = Coming(
            slug=row.slug,
            day=date.fromisoformat(row.day),
            due_at=row.due_at,
            state=State(row.state),
            own=row.standing in {"own", "asked"},
        )
        found.setdefault(row.slug, coming)
    return list(found.values())


def occurrences_among(store: Store, slugs: Collection[str]) -> Mapping[str, OccurrenceOf]:
    """Those of these posts that are occurrences."""
    if not slugs:
        return {}
    query = sa.select(_O.slug, _O.day, _O.series_id).where(_O.slug.in_(list(slugs)))
    with store.read() as connection:
        if not series.is_any(connection):
            return {}
        rows = list(connection.execute(query))
        known = {number: series.by_id(connection, number) for number in {row.series_id for row in rows}}
    return {
        row.slug: OccurrenceOf(
            source=known[row.series_id].slug,
            title=known[row.series_id].title,
            day=date.fromisoformat(row.day),
        )
        for row in rows
    }


def source_of(store: Store, slug: str, zone: tzinfo, veil: Veil) -> SourceLine | None:
    """The source of this name; ``None`` where the name is none of one that recurs."""
    with store.read() as connection:
        known = series.by_slug(connection, slug)
        if known is None or known.standing == "ended":
            return None
        return _line(connection, known, zone, veil, None)
