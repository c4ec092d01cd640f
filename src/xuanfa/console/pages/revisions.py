"""版本: what a post has said, what has changed between two revisions, and going back to one."""

from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from xuanfa.console.once import once
from xuanfa.console.open_to import require_open
from xuanfa.console.render import page
from xuanfa.console.visit import Visit, get, post
from xuanfa.operations.writing.places import may_write, place_of
from xuanfa.operations.writing.revisions import compared, go_back, revisions_of

#: A revision's number has fewer.
_DIGITS: Final = 10


def show(visit: Visit) -> Response:
    """All of them; the newest one is shown."""
    require_open(visit, visit.names["slug"])
    listed = revisions_of(visit.desk, visit.names["slug"], visit.veil())
    return _shown(visit, listed[0].number, listed[1].number if len(listed) > 1 else 0)


def show_one(visit: Visit) -> Response:
    """One, with what was changed from it to another, or to what stands in the file now."""
    require_open(visit, visit.names["slug"])
    against = visit.query("against")
    return _shown(visit, _number(visit), int(against) if against.isascii() and against.isdigit() else 0)


def _shown(visit: Visit, number: int, against: int) -> Response:
    slug = visit.names["slug"]
    place = place_of(visit.desk, slug)
    return page(
        visit,
        "revisions",
        place=place,
        revisions=revisions_of(visit.desk, slug, visit.veil()),
        it=compared(visit.desk, slug, visit.veil(), number, against),
        may_write=may_write(visit.desk, place, visit.person()),
    )


def _number(visit: Visit) -> int:
    """The number in the address; 0, which no revision has, for what is none."""
    number = visit.names["number"]
    return int(number) if number.isascii() and number.isdigit() and len(number) < _DIGITS else 0


def restore(visit: Visit) -> Response:
    """回到这一版."""
    slug = visit.names["slug"]
    return once(visit, "go_back", lambda: _restored(visit, slug))


def _restored(visit: Visit, slug: str) -> str:
    go_back(visit.desk, slug, visit.person(), _number(visit))
    return f"/posts/{quote(slug)}/write"


WAYS = (
    get("/posts/{slug}/revisions", show),
    get("/posts/{slug}/revisions/{number}", show_one),
    post("/posts/{slug}/revisions/{number}/restore", restore),
)
