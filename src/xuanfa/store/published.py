"""What is out, as it was approved."""

from collections.abc import Iterator

import sqlalchemy as sa

from xuanfa.domain.delivery import State
from xuanfa.domain.rendition import Rendition
from xuanfa.store import records
from xuanfa.store.schema import deliveries, posts, renditions

_TOGETHER = 200


def published_renditions(connection: sa.Connection) -> Iterator[tuple[str, str, Rendition]]:
    """Slug, channel and rendition of everything that is published, the newest first."""
    query = (
        sa.select(posts.c.slug, deliveries.c.channel, *records.RENDITION)
        .join(renditions, renditions.c.id == deliveries.c.rendition_id)
        .join(posts, posts.c.id == deliveries.c.post_id)
        .where(deliveries.c.state == State.PUBLISHED.value)
        .order_by(deliveries.c.id.desc())
    )
    for slug, channel, *row in connection.execute(query.execution_options(yield_per=_TOGETHER)):
        yield slug, channel, records.rendition(row)
