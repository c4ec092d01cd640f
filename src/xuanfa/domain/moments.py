"""Moments that come from outside: answers, archives, marks, files. Each is bounded where it is read, so that whatever is done with it afterwards
(shown in a zone, compared, stored) cannot fail."""

from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime

#: From the first that databases keep up to, not including, the first that some zone could not show any more (UTC+14, year 9999).
BEGIN, END = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 10, tzinfo=UTC)
#: The longest life of a token that is believed; asking for one anew harms nobody.
_LIFE_MAX = timedelta(days=3660)


def is_sound(moment: datetime) -> bool:
    """Whether it says of itself where its clock stands, and can be kept and shown in every zone."""
    return moment.tzinfo is not None and BEGIN <= moment < END


def from_iso(text: object, zone: tzinfo | None = None) -> datetime | None:
    """An ISO 8601 moment; without an offset it is the clock of ``zone``. ``None`` for what is none, or lies outside of the bounds."""
    try:
        moment = datetime.fromisoformat(str(text))
        return _bounded(moment.replace(tzinfo=zone) if moment.tzinfo is None else moment)
    except (ValueError, OverflowError):
        return None


def from_mail(text: str) -> datetime | None:
    """A date as mail and HTTP write it, with its zone; ``None`` as above."""
    try:
        return _bounded(parsedate_to_datetime(text))
    except (ValueError, TypeError, OverflowError):  # an OverflowError for a year, or a zone, of many digits
        return None


def from_epoch(seconds: object) -> datetime | None:
    """Whole seconds since 1970, more than 0; ``None`` as above."""
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 < seconds < END.timestamp():
        return None
    return datetime.fromtimestamp(seconds, UTC)


def life_of(seconds: int) -> timedelta:
    """How long something lasts of which its giver says so many seconds."""
    return timedelta(seconds=max(0, min(seconds, int(_LIFE_MAX.total_seconds()))))


def _bounded(moment: datetime) -> datetime | None:
    return moment if is_sound(moment) else None
