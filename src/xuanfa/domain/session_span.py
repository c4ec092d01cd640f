"""How long somebody who has signed in is known: an office's choice."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSpan:
    """A session ends when nobody has used it for ``idle``, and in any case ``whole`` after it began."""

    idle: timedelta = timedelta(minutes=30)
    whole: timedelta = timedelta(hours=12)
