"""What a destination itself lists of what its account has published."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from xuanfa.domain.outcome import Deferred, Rejected, Unknown, Unsent


@dataclass(frozen=True, slots=True, kw_only=True)
class PastItem:
    """Something that a destination has published, whoever has sent it. ``at`` is a day where it tells no more."""

    title: str
    address: str
    at: date | datetime
    author: str = ""
    #: The destination's own number, as a receipt has it; empty where the list tells none.
    remote_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPage:
    """A part of a destination's own list; ``is_last``: nothing comes behind it."""

    items: tuple[PastItem, ...]
    is_last: bool = True


@runtime_checkable
class ListsOut(Protocol):
    """A kind whose destination lists what its account shows, whoever has sent it. Reads only, one request or few for each call; what may be asked
    again is Deferred, Unsent or Unknown."""

    @property
    def lists_out(self) -> bool:
        """Whether this channel, as it is set, has such a list."""

    def past(self, number: int) -> PastPage | Deferred | Rejected | Unknown | Unsent:
        """A page of the list, from 0, the latest first."""


@runtime_checkable
class ListsPast(ListsOut, Protocol):
    """One whose list reaches back to the beginning, for the ledger."""

    def sent_on(self, day: date) -> PastPage | Deferred | Rejected | Unknown | Unsent:
        """What was sent to the followers on that day, in the platform's own list of that; without addresses."""
