"""Working hours: how long a step may take is counted in them, so that nothing falls due on a Sunday."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from xuanfa.domain.working_days import Calendar, WorkingDays

#: A moment further away than this is none. Days.
_FARTHEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """The spans of a working day in order, and what is asked which days are worked; days that the settings say are off, or worked, go before."""

    spans: tuple[tuple[time, time], ...] = ((time(8, 30), time(12)), (time(14), time(18)))
    days_off: frozenset[date] = frozenset()
    days_worked: frozenset[date] = frozenset()
    calendar: Calendar = WorkingDays

    def after(self, start: datetime, hours: float, zone: tzinfo) -> datetime:
        """The moment ``hours`` working hours after ``start`` (aware)."""
        left = timedelta(hours=hours)
        for begins, ends in self._spans_from(start.astimezone(zone), zone, self.calendar()):
            if left <= ends - begins:
                return begins + left
            left -= ends - begins
        return start + timedelta(days=_FARTHEST)

    def _spans_from(self, start: datetime, zone: tzinfo, days: WorkingDays) -> Iterator[tuple[datetime, datetime]]:
        for number in range(_FARTHEST):
            day = start.date() + timedelta(days=number)
            for opens, closes in self.spans if self._is_worked(day, days) else ():
                begins = max(datetime.combine(day, opens, zone), start)
                ends = datetime.combine(day, closes, zone)
                if begins < ends:
                    yield begins, ends

    def _is_worked(self, day: date, days: WorkingDays) -> bool:
        return day in self.days_worked or (day not in self.days_off and days.is_worked(day))


def spans_of(text: str) -> tuple[tuple[time, time], ...]:
    """The spans written as ``08:30-12:00 14:00-18:00``. Raises ValueError."""
    spans: list[tuple[time, time]] = []
    for part in text.replace("，", " ").replace(",", " ").replace("：", ":").split():
        begins, ends = (time.fromisoformat(one.strip().zfill(5)) for one in part.replace("–", "-").split("-"))
        if ends <= begins or (spans and begins < spans[-1][1]):
            raise ValueError(text)
        spans.append((begins, ends))
    if not spans:
        raise ValueError(text)
    return tuple(spans)
