"""The lines of the history as an auditor reads them. Inside the caller's transaction."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.act import REFUSED
from xuanfa.store.schema import deliveries, events, is_signed, posts

_E, _D, _P = events.c, deliveries.c, posts.c
_TOGETHER = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One line of the history; ``number`` is its row's. ``act``, ``how`` and ``place`` are ``None`` where no person has caused it."""

    number: int
    at: datetime
    who: str
    how: str | None
    place: str | None
    act: str | None
    subject: str | None
    post: str | None
    delivery: int | None
    channel: str | None
    before: str | None
    after: str
    attempt: int | None
    why: str

    @property
    def is_refused(self) -> bool:
        """Whether somebody wanted it and was refused."""
        return self.after == REFUSED

    def as_json(self) -> dict[str, Any]:
        """The contract for programs. Of what no person has caused, ``act`` is what happened."""
        return {
            "number": self.number,
            "at": self.at,
            "who": self.who,
            "how": self.how,
            "where": self.place,
            "act": self.act or self.after,
            "post": self.post,
            "result": "refused" if self.is_refused else "done",
            "why": self.why,
            "subject": self.subject,
            "delivery": self.delivery,
            "channel": self.channel,
        }


def lines(
    connection: sa.Connection,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    who: str | None = None,
    post: str | None = None,
    everything: bool = False,
) -> Iterator[AuditLine]:
    """Lines in their order: those of people and accounts, or with ``everything`` those of the program too; from ``since`` on, before
    ``until``."""
    query = _query().order_by(_E.id)
    if not everything:
        query = query.where(sa.or_(is_signed, _E.subject.is_not(None)))
    if since is not None:
        query = query.where(_E.at >= since)
    if until is not None:
        query = query.where(_E.at < until)
    if who is not None:
        query = query.where(_E.actor == who)
    if post is not None:
        query = query.where(_P.slug == post)
    rows: Any = connection.execute(query.execution_options(yield_per=_TOGETHER))
    return (AuditLine(**row) for row in rows.mappings())


def newest(
    connection: sa.Connection,
    most: int,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    who: str = "",
    post: str = "",
    before: int | None = None,
) -> list[AuditLine]:
    """The newest lines of people and accounts, for a page; ``before`` a number, for the next one."""
    query = _query().where(sa.or_(is_signed, _E.subject.is_not(None))).order_by(_E.id.desc()).limit(most)
    conditions = (
        _E.at >= since if since else None,
        _E.at < until if until else None,
        _E.actor == who if who else None,
        _P.slug == post if post else None,
        _E.id < before if before else None,
    )
    query = query.where(*(each for each in conditions if each is not None))
    return [AuditLine(**row) for row in connection.execute(query).mappings()]


def _query() -> sa.Select[Any]:
    of_post = sa.func.coalesce(_D.post_id, _E.post_id)
    return (
        sa.select(
            _E.id.label("number"), _E.at, _E.actor.label("who"), _E.how, _E.place, _E.act, _E.subject,
            _P.slug.label("post"), _E.delivery_id.label("delivery"), _E.channel, _E.before, _E.after, _E.attempt, _E.why,
        )
        .outerjoin(deliveries, _D.id == _E.delivery_id)
        .outerjoin(posts, _P.id == of_post)
    )  # fmt: skip
