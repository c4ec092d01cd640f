"""Tickets: what to ask WeChat with, and how often it was asked, so that the looks grow rarer."""

from dataclasses import dataclass
from datetime import timedelta

#: The first look and the longest wait, by what is asked about. A draft waits for a person, for days.
_WAITS = {
    "publish": (timedelta(seconds=10), timedelta(minutes=30)),
    "mass": (timedelta(seconds=30), timedelta(minutes=30)),
    "draft": (timedelta(minutes=5), timedelta(hours=6)),
}


@dataclass(frozen=True, slots=True)
class Ticket:
    """``kind`` is ``publish`` (a publish_id), ``mass`` (a msg_id) or ``draft`` (a media_id)."""

    kind: str
    number: str
    looks: int = 0

    def __str__(self) -> str:
        return f"{self.kind}:{self.looks}:{self.number}"

    @property
    def look_after(self) -> timedelta:
        """Twice as long after each look, up to the kind's longest wait."""
        first, longest = _WAITS[self.kind]
        return min(first * (1 << min(self.looks, 16)), longest)

    def next(self) -> "Ticket":
        """The same, looked at once more."""
        return Ticket(self.kind, self.number, self.looks + 1)


def read_ticket(text: str | None) -> Ticket | None:
    """The ticket from its text; ``None`` for anything else."""
    kind, _, rest = (text or "").partition(":")
    looks, _, number = rest.partition(":")
    if kind not in _WAITS or not number or not looks.isdigit():
        return None
    return Ticket(kind, number, int(looks))
