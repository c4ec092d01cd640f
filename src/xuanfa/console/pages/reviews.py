"""审校: what waits for this person's decision, by deadline; what they have sent back, and what they have decided."""

from typing import Any, Final

from starlette.responses import Response

from xuanfa.console.render import page
from xuanfa.console.visit import Visit, get
from xuanfa.domain.review import Deed
from xuanfa.domain.user import Role
from xuanfa.reports.review_queue import consents_of, decided_by
from xuanfa.reports.reviews import waiting_reviews

#: Whoever may be asked to decide: an author too, whom somebody has asked to stand in.
REVIEWERS: Final = frozenset(Role) - {Role.ADMIN}
#: Rows of a page.
_MOST: Final = 50
_DEEDS: Final = {
    "returned": (Deed.RETURNED,),
    "decided": (Deed.APPROVED, Deed.CONFIRMED),
}


def show(visit: Visit) -> Response:
    """The queue."""
    me, desk = visit.me.user.name, visit.desk
    every = waiting_reviews(desk.store, desk.reviews, desk.zone, visit.now, veil=visit.veil())
    mine = [row for row in every if me in row.who and not row.restricted]
    tab = visit.query("tab")
    values: dict[str, Any] = {
        "tab": tab if tab in {*_DEEDS, "all"} else "mine",
        "mine": sorted(mine, key=lambda row: (row.due_at or row.waiting_since or visit.now, row.post)),
        "every": every,
        "consents": consents_of(desk.store, me),
    }
    return page(visit, "reviews", **values, **_decided(visit, values["tab"]))


def _decided(visit: Visit, tab: str) -> dict[str, Any]:
    """Rows of the other two lists, and where the next page begins."""
    if tab not in _DEEDS:
        newest = decided_by(visit.desk.store, visit.me.user.name, _DEEDS["decided"], visit.veil(), most=1)
        return {"rows": newest, "after": None}
    before = visit.query("before")
    rows = decided_by(
        visit.desk.store,
        visit.me.user.name,
        _DEEDS[tab],
        visit.veil(),
        before=int(before) if before.isascii() and before.isdigit() and len(before) < _DIGITS else None,
        most=_MOST + 1,
    )
    return {"rows": rows[:_MOST], "after": rows[_MOST - 1].number if len(rows) > _MOST else None}


#: No row has a number of so many digits.
_DIGITS: Final = 18

WAYS = (get("/reviews", show, REVIEWERS),)
