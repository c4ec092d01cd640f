"""What a destination itself lists of what its account has published."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PastItem:
    """Something that a destination has published, whoever has sent it. ``at`` is a day where it tells no more."""

    title: str
    address: str
    at: date | datetime
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPage:
    """A part of a destination's own list; ``is_last``: nothing comes behind it."""

    items: tuple[PastItem, ...]
    is_last: bool = True
