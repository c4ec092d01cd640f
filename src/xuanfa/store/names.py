"""What columns, their campaigns and channels were called when. Inside the caller's transaction."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from xuanfa.store.moment import once
from xuanfa.store.schema import names

#: A campaign is found by the id of its column, and the kind of a channel by the channel's.
What = Literal["column", "campaign", "channel", "kind"]
_N = names.c


@dataclass(frozen=True, slots=True)
class Names:
    """All names, each with since when; of before it was first noted, the first is taken."""

    known: Mapping[tuple[str, str], tuple[list[datetime], list[str]]]

    def at(self, what: What, named: str, when: datetime) -> str | None:
        """What it was called then; ``None`` where no name was ever noted."""
        found = self.known.get((what, named))
        if found is None:
            return None
        times, titles = found
        return titles[max(0, bisect_right(times, when) - 1)]

    def newest(self, what: What, named: str) -> str | None:
        """What it is called now, or was last."""
        found = self.known.get((what, named))
        return None if found is None else found[1][-1]

    def all_of(self, what: What) -> dict[str, list[str]]:
        """Every name that each had, the oldest first, by id."""
        return {named: titles for (kind, named), (_, titles) in self.known.items() if kind == what}

    def changes(self, what: What) -> list[datetime]:
        """When any of them got another name than its first, in order."""
        times = {at for (kind, _), (since, _) in self.known.items() if kind == what for at in since[1:]}
        return sorted(times)


def all_names(connection: sa.Connection) -> Names:
    """Everything that is noted: some lines for each column and channel there ever was."""
    return once(connection, "names", lambda: _read(connection))


_ALL = sa.select(_N.what, _N.named, _N.title, _N.since).order_by(_N.since, _N.id)


def _read(connection: sa.Connection) -> Names:
    known: dict[tuple[str, str], tuple[list[datetime], list[str]]] = {}
    for what, named, title, since in connection.execute(_ALL):
        times, titles = known.setdefault((what, named), ([], []))
        times.append(since)
        titles.append(title)
    return Names(known)


def note(connection: sa.Connection, called: Mapping[tuple[What, str], str], now: datetime) -> None:
    """What things are called from now on, as far as that is new."""
    known = all_names(connection)
    new = [
        {"what": what, "named": named, "title": title, "since": now}
        for (what, named), title in called.items()
        if known.newest(what, named) != title
    ]
    if new:
        connection.execute(names.insert(), new)


def are_noted(connection: sa.Connection, called: Mapping[tuple[What, str], str]) -> bool:
    """Whether all of these are what is noted last."""
    known = all_names(connection)
    return all(known.newest(what, named) == title for (what, named), title in called.items())
