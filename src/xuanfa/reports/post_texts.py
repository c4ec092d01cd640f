"""Posts by what their text says, the newest first. However many there are, only so many texts are read for one answer, which says how far it
looked and goes on from there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.access import Veil
from xuanfa.reports.post_pages import PostLine, Wanted, besides_words, has_words, lines_of
from xuanfa.store.database import Store
from xuanfa.store.schema import posts, revisions

_P, _V = posts.c, revisions.c
#: So many texts are read for one answer, and so many hits are shown.
READ: Final = 1000
_SHOWN: Final = 20
#: So much is shown around the words. Characters.
_AROUND: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A post in whose text the words stand, with what stands around them."""

    line: PostLine
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """What was found; ``since`` is when the oldest post was read in that was looked at, and ``older`` where to go on; none where all were."""

    found: tuple[Hit, ...]
    older: int | None = None
    since: datetime | None = None


def hits_in_texts(store: Store, wanted: Wanted, veil: Veil, now: datetime, before: int | None = None) -> Hits:
    """Posts whose newest text holds the words, and whose title and name do not; nothing that is hidden is found by its words."""
    asked = [*besides_words(wanted), _P.id.not_in(list(veil.hidden))]
    if before is not None:
        asked.append(_P.id < before)
    newest = sa.select(_P.id, _P.queued_at).where(*asked).order_by(_P.id.desc()).limit(READ + 1)
    holds = (_V.post_id == _P.id, _V.number == _P.revision, _V.source.icontains(wanted.words, autoescape=True))
    with store.read() as connection:
        looked = connection.execute(newest).all()
        ids = [row.id for row in looked[:READ]]
        query = (
            sa.select(posts, _V.source)
            .join(revisions, sa.and_(*holds))
            .where(_P.id >= (ids[-1] if ids else 0), _P.id <= (ids[0] if ids else 0), *asked, ~has_words(wanted.words))
        )
        rows = connection.execute(query.order_by(_P.id.desc()).limit(_SHOWN + 1)).all()
        lines = lines_of(connection, list(rows[:_SHOWN]), veil, now)
    found = tuple(_hit(line, row.source, wanted.words) for line, row in zip(lines, rows, strict=False))
    if len(rows) > _SHOWN:
        last = rows[_SHOWN - 1]
        return Hits(found=found, older=last.id, since=last.queued_at)
    if len(looked) > READ:
        return Hits(found=found, older=ids[-1], since=looked[READ - 1].queued_at)
    return Hits(found=found)


def _hit(line: PostLine, source: str, words: str) -> Hit:
    at = max(source.lower().find(words.lower()), 0)
    return Hit(
        line=line,
        before=" ".join(source[max(0, at - _AROUND) : at].split()),
        words=source[at : at + len(words)],
        after=" ".join(source[at + len(words) : at + len(words) + _AROUND].split()),
    )
