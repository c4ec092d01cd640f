"""A month of reviews: what went out before its review, consents by telephone, and who decided too late."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from xuanfa.domain.access import Veil, restricted_mark
from xuanfa.domain.review_duties import Emergency, PhoneConsent, Timed, timed
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.store import access, review_duties, users
from xuanfa.store.database import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Emergencies and consents of a month, with the names of people as they are printed."""

    emergencies: Sequence[Emergency]
    consents: Sequence[PhoneConsent]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """What was decided too late in a month, by whom, out of how many decisions of theirs."""

    late: Sequence[Timed]
    decided_by: Mapping[str, int]
    late_by: Mapping[str, int]
    names: Mapping[str, str]


def month_of(first: datetime) -> tuple[datetime, datetime]:
    """The month that begins at ``first``: from when to before when."""
    return first, (first.replace(day=1) + timedelta(days=32)).replace(day=1)


def duties_of_month(store: Store, policy: ReviewPolicy, first: datetime, veil: Veil | None = None) -> Month:
    """What reviews have left behind in the month that begins at ``first``. Without a ``veil``, as the machine's account sees it."""
    with store.read() as connection:
        hidden = (veil or access.veil(connection)).slugs
        early, by_phone = review_duties.of_month(connection, policy, *month_of(first))
        names = {user.name: user.display for user in users.all(connection)}
    early = [replace(each, title=restricted_mark(), why="") if each.post in hidden else each for each in early]
    return Month(emergencies=early, consents=by_phone, names=names)


def lateness_of_month(store: Store, policy: ReviewPolicy, first: datetime, zone: tzinfo) -> Lateness:
    """Who has decided too late in the month that begins at ``first``."""
    since, until = month_of(first)
    with store.read() as connection:
        found = review_duties.decided_between(connection, since, until)
        names = {user.name: user.display for user in users.all(connection)}
    rows = [one for each in found for one in timed(each, policy, zone) if since <= one.at < until]
    return Lateness(
        late=sorted((row for row in rows if row.is_late), key=lambda row: (row.at, row.post)),
        decided_by=Counter(row.by for row in rows),
        late_by=Counter(row.by for row in rows if row.is_late),
        names=names,
    )
