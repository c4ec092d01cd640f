"""A receipt (回执): the channel's own evidence that a post is public."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the channel said. ``published_at`` is the channel's time (aware) where it gives one; else the core's clock is taken.

    ``evidence`` is a short, masked extract of the answer, kept so that "published" can be defended later.
    """

    remote_id: str | None = None
    address: str | None = None
    published_at: datetime | None = None
    evidence: str = ""
