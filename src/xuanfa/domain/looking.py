"""When the public page of what is out is looked at: soon after it came out, and every night from then on. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Final

from xuanfa.domain.page_proof import PageState

#: What seems wrong is looked at again so soon, before anybody is told, and then so often that its end is seen on the same day.
AGAIN: Final = timedelta(minutes=10)
HOURLY: Final = timedelta(hours=1)
#: So many looks in a row are made hourly; then it is the night's.
_LOOKS: Final = 24
#: What has been out for so long is looked at every so many nights.
_OLD, _NIGHTS = timedelta(days=90), 30
#: Over so much time the looks of a night are spread.
_SPREAD: Final = timedelta(hours=3)
#: So many looks in a row make an alarm: one may have met a server that was just being restarted, and silence is only a matter after an hour.
TIMES: Final = {PageState.CHANGED: 2, PageState.GONE: 2, PageState.SIGN_IN: 2, PageState.UNREACHED: 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """What is looked at by itself, and when. ``nightly`` is the time of day; ``None``: no page is looked at a second time by itself."""

    on: bool = True
    first_after: timedelta = timedelta(minutes=2)
    nightly: time | None = time(2, 0)
    screenshots: bool = True

    def first(self, now: datetime, published_at: datetime, number: int, zone: tzinfo) -> datetime | None:
        """When to look first; what came out long ago (before an upgrade, or restored) has its turn in a night."""
        soon = published_at + self.first_after
        if now - soon <= timedelta(days=1):
            return max(soon, now)
        return self._night(now, number, zone, timedelta(0))

    def following(
        self, state: PageState, times: int, *, now: datetime, published_at: datetime, number: int, zone: tzinfo
    ) -> datetime | None:
        """When to look again at what a look has shown ``times`` in a row."""
        if (state.is_wrong or state is PageState.UNREACHED) and times < _LOOKS:
            return now + (AGAIN if times < TIMES[state] else HOURLY)
        return self._night(now, number, zone, now - published_at)

    def night(self, now: datetime, number: int, zone: tzinfo, *, nights: int = 0) -> datetime | None:
        """The next night, or so many nights later, at a minute of its own; ``None`` where no night is for looking."""
        at = self._night(now, number, zone, timedelta(0))
        return None if at is None else at + timedelta(days=nights)

    def _night(self, now: datetime, number: int, zone: tzinfo, age: timedelta) -> datetime | None:
        if self.nightly is None:
            return None
        day = now.astimezone(zone).date()
        at = datetime.combine(day, self.nightly, zone)
        if at <= now:
            at = datetime.combine(day + timedelta(days=1), self.nightly, zone)
        nights = number % _NIGHTS if age > _OLD else 0
        return at + timedelta(days=nights) + number * 7919 % int(_SPREAD.total_seconds()) * timedelta(seconds=1)


def is_told(state: PageState, times: int) -> bool:
    """Whether a state that was shown so many times in a row is worth an alarm."""
    return state in TIMES and times >= TIMES[state]
