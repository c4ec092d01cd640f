"""Days: whether it is known which are worked; told from November on of the next year, because its plan is published about then."""

from collections.abc import Iterator
from datetime import datetime

from xuanfa.domain.alarm import Cause, where_to_look
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.working_days import bring_in, missing_in_words
from xuanfa.operations.desk import Desk
from xuanfa.operations.watching.examined import Examined


def examine_days(desk: Desk) -> Iterator[Examined]:
    """Whether the plan of days off is known, of this year, and from November on of the next."""
    yield Examined(what=say("放假调休安排", "days off"), trouble=_missing(desk, desk.clock())[1], fatal=False)


def days_in_alarm(desk: Desk, now: datetime) -> Iterator[Cause]:
    """A year of which nobody has said which days are worked."""
    year, words = _missing(desk, now)
    if year is not None:
        look = where_to_look(Remedy("show_workdays", str(year)))
        yield Cause(name=f"workdays:{year}", words=words, look=look)


def _missing(desk: Desk, now: datetime) -> tuple[int | None, str]:
    year = desk.days().missing(now.astimezone(desk.zone).date())
    if year is None:
        return None, ""
    return year, say("{words}：{step}", "{words}: {step}", words=missing_in_words(year), step=bring_in())
