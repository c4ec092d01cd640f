"""Drafts as they are stored: what people are writing, one for each of them and each post. Inside the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from xuanfa.store.schema import drafts

_D = drafts.c
#: So many are listed.
_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """What a person is writing: ``base`` is the text that it was begun from; ``sequence`` is counted by the browser."""

    slug: str
    user_name: str
    base: str
    text: str
    sequence: int
    saved_at: datetime


def draft_of(connection: sa.Connection, slug: str, user: str) -> DraftRow | None:
    """A person's draft of a post."""
    row = connection.execute(sa.select(drafts).where(_D.slug == slug, _D.user_name == user)).first()
    return None if row is None else DraftRow(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


def drafts_of_post(connection: sa.Connection, slug: str) -> list[DraftRow]:
    """Everybody's drafts of a post, the newest first."""
    rows = connection.execute(sa.select(drafts).where(_D.slug == slug).order_by(_D.saved_at.desc()))
    return [DraftRow(**row._mapping) for row in rows]  # noqa: SLF001 - as above


def put_draft(connection: sa.Connection, draft: DraftRow) -> bool:
    """Keep it in place of an older one; ``False`` where a newer one is there already."""
    known = connection.scalar(
        sa.select(_D.sequence).where(_D.slug == draft.slug, _D.user_name == draft.user_name).with_for_update()
    )
    values = {"base": draft.base, "text": draft.text, "sequence": draft.sequence, "saved_at": draft.saved_at}
    if known is None:
        connection.execute(drafts.insert().values(slug=draft.slug, user_name=draft.user_name, **values))
        return True
    newer = sa.and_(_D.slug == draft.slug, _D.user_name == draft.user_name, _D.sequence < draft.sequence)
    return connection.execute(drafts.update().where(newer).values(**values)).rowcount > 0


def drop_draft(connection: sa.Connection, slug: str, user: str) -> None:
    """It has become a revision, or is not wanted any more."""
    connection.execute(drafts.delete().where(_D.slug == slug, _D.user_name == user))


def begun_with(connection: sa.Connection, beginning: str) -> set[str]:
    """The slugs of drafts that begin so."""
    return set(connection.scalars(sa.select(_D.slug).where(_D.slug.startswith(beginning, autoescape=True)).distinct()))


def newest(connection: sa.Connection, user: str | None) -> list[DraftRow]:
    """The newest drafts, everybody's or one person's."""
    query = sa.select(drafts).order_by(_D.saved_at.desc(), _D.slug).limit(_MOST)
    rows = connection.execute(query if user is None else query.where(_D.user_name == user))
    return [DraftRow(**row._mapping) for row in rows]  # noqa: SLF001 - as above
