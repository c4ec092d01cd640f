"""Who changed which settings last."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from xuanfa.store.database import Store
from xuanfa.store.schema import events, is_signed

_E: Final = events.c
#: The line of history of a change of settings.
_CHANGED: Final = "settings_changed"
#: So many of the newest changes that name a secret are looked at.
_LOOKED_AT: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChange:
    """The newest change of what one page of the settings shows."""

    who: str
    at: datetime
    what: str


def last_changes(store: Store) -> Mapping[str, LastChange]:
    """The newest change of each area, and of each channel by ``channels.ID``."""
    of_channel = sa.func.coalesce(_E.channel, "")
    newest = (
        sa.select(sa.func.max(_E.id).label("id"))
        .where(is_signed, _E.after == _CHANGED)
        .group_by(_E.before, of_channel)
        .scalar_subquery()
    )
    query = sa.select(_E.at, _E.actor, _E.why, _E.before, _E.channel).where(_E.id.in_(newest)).order_by(_E.id)
    found: dict[str, LastChange] = {}
    with store.read() as connection:
        for row in connection.execute(query):
            change = LastChange(who=row.actor, at=row.at, what=row.why)
            found[row.before or ""] = change
            if row.channel:
                found[f"channels.{row.channel}"] = change
    return found


def secrets_changed(store: Store, names: Collection[str]) -> Mapping[str, LastChange]:
    """Who has set each of these secrets last (by its dotted name, ``channels.ID.KEY``), as far as that was done in the console: of what somebody
    has written into ``.env`` by hand, the history knows nothing."""
    if not names:
        return {}
    mentioned = sa.or_(*(_E.why.contains(name, autoescape=True) for name in names))
    query = (
        sa.select(_E.at, _E.actor, _E.why)
        .where(is_signed, _E.after == _CHANGED, mentioned)
        .order_by(_E.id.desc())
        .limit(_LOOKED_AT)
    )
    found: dict[str, LastChange] = {}
    with store.read() as connection:
        for row in connection.execute(query):
            for name in names:
                if name not in found and _says_changed(name, row.why):
                    found[name] = LastChange(who=row.actor, at=row.at, what=row.why)
    return found


def _says_changed(name: str, why: str) -> bool:
    """Whether the line says that this secret is another one, as ``domain/setting.Difference`` does in either language."""
    return re.search(rf"(?<![\w.]){re.escape(name)} (?:换过|is another one)", why) is not None
