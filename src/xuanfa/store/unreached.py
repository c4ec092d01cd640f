"""What is out and cannot be reached any more by a change of its post: noted when the post is read, and told as long as it lasts. Inside the
caller's transaction."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from xuanfa.domain.delivery import MAY_BE_OUT, State
from xuanfa.store import channels
from xuanfa.store.schema import deliveries, files, posts, remembered

_D, _P, _M = deliveries.c, posts.c, remembered.c
#: Under what it is remembered; the name is the post's number.
_SCOPE = "unreached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """A post whose file says something else than what readers see on these channels."""

    post_id: int
    slug: str
    path: str
    channels: tuple[str, ...]


def note(connection: sa.Connection, post_id: int, differs: Mapping[int, bool]) -> None:
    """Note of deliveries of a post that are out whether its file makes something else now; of the others nothing is known anew."""
    before = _noted(connection, post_id)
    after = (before - differs.keys()) | {id_ for id_, other in differs.items() if other}
    if after == before:
        return
    if after:
        channels.keep(connection, _SCOPE, str(post_id), json.dumps(sorted(after)), None)
    else:
        channels.forget(connection, _SCOPE, str(post_id))


def standing(connection: sa.Connection) -> list[Unreached]:
    """Every post of which that is so now, by the name of its file. What was withdrawn since is not out, and a file that is gone says nothing."""
    ids = {id_ for value in connection.scalars(_ALL) for id_ in json.loads(value)}
    found: dict[tuple[int, str, str], list[str]] = {}
    for row in connection.execute(_SHOWN, {"ids": sorted(ids)}) if ids else ():
        found.setdefault((row.id, row.slug, row.path), []).append(row.channel)
    return [Unreached(post_id=id_, slug=slug, path=path, channels=tuple(on)) for (id_, slug, path), on in found.items()]


def _noted(connection: sa.Connection, post_id: int) -> Collection[int]:
    value = connection.scalar(sa.select(_M.value).where(_M.scope == _SCOPE, _M.name == str(post_id)))
    return frozenset(json.loads(value)) if value else frozenset()


_ALL = sa.select(_M.value).where(_M.scope == _SCOPE)
_SHOWN = (
    sa.select(_P.id, _P.slug, _P.path, _D.channel)
    .join(deliveries, _D.post_id == _P.id)
    .join(files, files.c.path == _P.path)
    .where(
        _D.id.in_(sa.bindparam("ids", expanding=True)),
        sa.or_(
            _D.state.in_([state.value for state in MAY_BE_OUT]),
            sa.and_(_D.state == State.SCHEDULED.value, _D.first_sent_at.is_not(None)),
        ),
        _D.rehearsal == sa.false(),
    )
    .order_by(_P.path, _D.id)
)
