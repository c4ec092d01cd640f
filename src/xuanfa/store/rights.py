"""Rights to leave (approvals), measured by the decisions that have given them: a row that somebody has put there past the program gives none.
Inside the caller's transaction."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from xuanfa.domain.review import TAKES_BACK, Deed, Sending
from xuanfa.store.columns import as_stored, microseconds
from xuanfa.store.reviews import proof_of
from xuanfa.store.reviews_schema import approvals, decisions, delegations, reviews
from xuanfa.store.schema import events, posts

_R, _D, _A, _P = reviews.c, decisions.c, approvals.c, posts.c
#: What takes rights back that were given before it.
_ENDS = tuple(sorted(deed.value for deed in TAKES_BACK))
_APPROVED: sa.ColumnElement[str] = sa.literal_column(f"'{Deed.APPROVED.value}'")
_EMERGENCY: sa.ColumnElement[str] = sa.literal_column(f"'{Deed.EMERGENCY.value}'")


class _StepsOf(FunctionElement[int]):
    """How many steps a template has, as it is kept."""

    type = sa.Integer()
    inherit_cache = True
    name = "steps_of"


@compiles(_StepsOf, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"json_array_length({compiler.process(element.clauses, **kw)}, '$.steps')"


@compiles(_StepsOf, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"jsonb_array_length(({compiler.process(element.clauses, **kw)})::jsonb -> 'steps')"


_later, _before = decisions.alias().c, decisions.alias().c
#: A right is given by the last step, after which all are approved, or by an emergency.
_is_given = sa.or_(_D.deed == _EMERGENCY, sa.and_(_D.deed == _APPROVED, _D.step == _StepsOf(as_stored(_R.template))))
#: What was to be sent when it was given, as it is kept: each channel with digest, time and what else was decided.
_decided_about = (
    sa.select(_before.snapshot)
    .where(_before.review_id == _A.review_id, _before.number <= _A.decision, as_stored(_before.snapshot) != "")
    .order_by(_before.number.desc())
    .limit(1)
    .scalar_subquery()
)
_RIGHTS = (
    sa.select(_A.id, _A.channel, _A.digest, _A.due_at, _decided_about.label("decided"))
    .join(reviews, _R.id == _A.review_id)
    .join(decisions, sa.and_(_D.review_id == _A.review_id, _D.number == _A.decision))
    .where(_is_given)
)
_STANDING = _RIGHTS.where(
    _A.id.in_(sa.bindparam("ids", expanding=True)),
    ~sa.exists().where(
        _later.review_id == _A.review_id,
        _later.number > _A.decision,
        _later.deed.in_([sa.literal_column(f"'{deed}'") for deed in _ENDS]),
    ),
)


def still_granted(connection: sa.Connection, ids: Iterable[int]) -> dict[int, tuple[str, Sending]]:
    """What these approvals let leave, by channel: those that the last step or an emergency has given for exactly this, and that nothing has
    taken back since, no change of what is sent, and no return."""
    asked = sorted(set(ids))
    rows = connection.execute(_STANDING, {"ids": asked}) if asked else ()
    return {row.id: (row.channel, Sending(row.digest, row.due_at)) for row in rows if _is_as_decided(row)}


def _is_as_decided(row: Any) -> bool:
    decided = row.decided.get(row.channel) if isinstance(row.decided, dict) else None
    if decided is None:
        return False
    # Of what lies on the shelf no time was decided: whoever releases it says when.
    return decided[0] == row.digest and decided[1] in {None, microseconds(row.due_at)}


def forged(connection: sa.Connection) -> list[str]:
    """Rights that no decision has given, by post and channel, and delegations of which no line of the history tells."""
    sound = {row.id for row in connection.execute(_RIGHTS) if _is_as_decided(row)}
    query = sa.select(_A.id, _A.channel, _P.slug).join(reviews, _R.id == _A.review_id).join(posts, _P.id == _R.post_id)
    found = [f"{row.slug} ({row.channel})" for row in connection.execute(query.order_by(_A.id)) if row.id not in sound]
    known = set(connection.scalars(sa.select(events.c.proof).where(events.c.after == "delegated")))
    rows: Any = connection.execute(sa.select(delegations).order_by(delegations.c.id)).mappings()
    return [*found, *(f"{row['principal']} → {row['deputy']}" for row in rows if proof_of(dict(row)) not in known)]
