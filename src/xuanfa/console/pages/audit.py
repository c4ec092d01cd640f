"""设置 · 审计: what people have decided and were refused; and who opened which page."""

from datetime import date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from xuanfa.console.render import page
from xuanfa.console.visit import ADMINISTRATORS, Visit, get
from xuanfa.domain.user import login_name
from xuanfa.operations.watching.visits import list_visits
from xuanfa.reports.audit import audit_page
from xuanfa.reports.history_words import in_words
from xuanfa.reports.people import list_users

_MOST: Final = 50
#: No row has a number of so many digits.
_DIGITS: Final = 18


def show(visit: Visit) -> Response:
    """The history of people, the newest first."""
    asked = {name: visit.query(name) for name in ("who", "post", "since", "until")}
    since, until = _day(visit, asked["since"]), _day(visit, asked["until"])
    rows = audit_page(
        visit.desk.store,
        _MOST + 1,
        visit.veil(),
        since=since,
        until=until + timedelta(days=1) if until else None,
        who=login_name(asked["who"]),
        post=asked["post"],
        before=_number(visit.query("before")),
    )
    more = {**asked, "before": rows[_MOST - 1].number} if len(rows) > _MOST else {}
    return page(
        visit,
        "audit",
        rows=rows[:_MOST],
        asked=asked,
        people=list_users(visit.desk.store),
        in_words=in_words,
        after=urlencode({name: value for name, value in more.items() if value}),
    )


def show_visits(visit: Visit) -> Response:
    """The access log: who asked for what, from where, and how it was answered; never what was written."""
    who = login_name(visit.query("who"))
    rows = list_visits(visit.desk, _MOST + 1, user=who, before=_number(visit.query("before")))
    more = {"who": who, "before": rows[_MOST - 1][0]} if len(rows) > _MOST else {}
    return page(
        visit,
        "visits",
        rows=[row for _, row in rows[:_MOST]],
        who=who,
        people=list_users(visit.desk.store),
        after=urlencode({name: value for name, value in more.items() if value}),
    )


def _day(visit: Visit, text: str) -> datetime | None:
    """The beginning of a day, as a browser's date field sends it; what is none asks for nothing."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), visit.desk.zone) if text else None
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS else None


WAYS = (
    get("/settings/audit", show, ADMINISTRATORS),
    get("/settings/audit/visits", show_visits, ADMINISTRATORS),
)
