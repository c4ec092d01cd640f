"""Which files the renditions name. Inside the caller's transaction."""

import sqlalchemy as sa

from xuanfa.domain.attachment import EXTRA, attached
from xuanfa.domain.post import Picture
from xuanfa.store import records
from xuanfa.store.schema import renditions


def pictures(connection: sa.Connection) -> set[str]:
    """The hashes of all pictures and attachments that renditions name."""
    named = connection.scalars(sa.select(renditions.c.pictures).distinct())
    shown = {picture["sha256"] for each in named if records.are_pictures(each) for picture in each}
    extra = connection.scalars(
        sa.select(renditions.c.extra).where(sa.cast(renditions.c.extra, sa.Text).contains(f'"{EXTRA}"'))
    )
    return shown | {each.sha256 for texts in extra if isinstance(texts, dict) for each in attached(texts)}


def pictures_of(connection: sa.Connection, post_id: int) -> list[Picture]:
    """The pictures of all renditions of a post, those of the newest last."""
    query = sa.select(renditions.c.pictures).where(renditions.c.post_id == post_id).order_by(renditions.c.id)
    return [Picture(**each) for found in connection.scalars(query) if records.are_pictures(found) for each in found]
