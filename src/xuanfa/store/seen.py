"""Seen marks (看过) as they are stored: whose screen showed the end of which rendition. Inside the caller's transaction."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from xuanfa.store.schema import seen

_S = seen.c


def mark(connection: sa.Connection, user: str, digest: str, face: str, now: datetime) -> None:
    """It was seen; the first time counts."""
    try:
        with connection.begin_nested():
            connection.execute(seen.insert().values(user_name=user, digest=digest, face=face, at=now))
    except IntegrityError:
        return


def of(connection: sa.Connection, user: str, digests: Collection[str]) -> set[tuple[str, str]]:
    """Which of these renditions the person has seen, each with its face."""
    query = sa.select(_S.digest, _S.face).where(_S.user_name == user, _S.digest.in_(sorted(digests)))
    return {(row.digest, row.face) for row in connection.execute(query)}
