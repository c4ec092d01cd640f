"""排期 · 批量: many posts get their times by a spreadsheet: a dry run that says row by row what is wrong and what would move, then all of it or
nothing."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.responses import Response

from xuanfa.console.given_lists import Given, give_up, given_list, without_path
from xuanfa.console.once import is_answered, once
from xuanfa.console.render import page
from xuanfa.console.visit import SENDERS, UPLOAD_MAX, Visit, get, post
from xuanfa.domain.act_lists import ImportSchedule
from xuanfa.domain.bulk import Scheduled
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.language import say
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.deciding.moving import tried
from xuanfa.operations.importing.lists import headings_in
from xuanfa.operations.importing.schedules import HEADINGS, ReadSchedule, read_schedule
from xuanfa.reports.listing import list_deliveries

#: So many rows of a dry run are shown; the rest is counted.
_SHOWN: Final = 200


def show(visit: Visit, *, status: int = 200, fault: str = "", **more: Any) -> Response:
    """The form, and what a list would do where one was looked at."""
    defaults: dict[str, Any] = {"given": None, "read": None, "done": None, "found": (), "titles": {}}
    values = defaults | more
    done: Scheduled | None = values["done"]
    return page(
        visit,
        "schedule_import",
        status=status,
        fault=fault,
        headings=[(each.key, each.name, each.required) for each in HEADINGS],
        picked={each.key: visit.field(f"map.{each.key}") for each in HEADINGS},
        pasted=visit.raw("pasted"),
        channels=visit.desk.channels,
        columns=visit.desk.columns,
        moved=done.moved[:_SHOWN] if done is not None else (),
        made=done.made[:_SHOWN] if done is not None else (),
        shown=_SHOWN,
        did=did_in_words(visit.query("did")),
        **values,
    )


def look(visit: Visit) -> Response:
    """先试一遍: nothing is changed."""
    try:
        with given_list(visit) as given:
            return _looked(visit, given)
    except (ContentError, StateError) as error:
        return show(visit, status=422, fault=str(error))


def _looked(visit: Visit, given: Given, status: int = 200) -> Response:
    found: Sequence[str] = ()
    try:
        found = headings_in(given.path)
        read = _read(visit, given)
    except ContentError as error:
        return show(visit, status=422, fault=without_path(str(error), given), given=given, found=found)
    done, bad = tried(visit.desk, read.act, visit.person())
    read.bad.take(bad)
    titles = _titles(visit, done)
    wrong = 422 if read.bad.count else status
    return show(visit, status=wrong, given=given, found=found, read=read, done=done, titles=titles)


def carry(visit: Visit) -> Response:
    """All of it, by what is true now; where a row stands in the way by then, nothing is done and the dry run is shown anew."""
    if is_answered(visit):
        return once(visit, ImportSchedule.verb, str)
    try:
        with given_list(visit) as given:
            read = _read(visit, given)
            _, bad = tried(visit.desk, read.act, visit.person())
            read.bad.take(bad)
            if read.bad.count:
                return _looked(visit, given, 409)
            return once(visit, ImportSchedule.verb, lambda: _carried(visit, read))
    except (ContentError, StateError) as error:
        return show(visit, status=409, fault=str(error))


def _carried(visit: Visit, read: ReadSchedule) -> str:
    done = carry_out(visit.desk, read.act, visit.person(visit.field("why")))
    give_up(visit)
    posts = len({each.post for each in done.moved})
    return f"/calendar/import?did={posts}.{len(done.moved)}.{len(done.made)}"


def _read(visit: Visit, given: Given) -> ReadSchedule:
    renamed = tuple(f"{typed}={each.key}" for each in HEADINGS if (typed := visit.field(f"map.{each.key}")))
    return read_schedule(visit.desk, given.path, renamed, visit.veil())


def _titles(visit: Visit, done: Scheduled) -> dict[str, str]:
    """What the posts that would move are called, as far as this person may read that."""
    ids = [each.after.id for each in done.moved[:_SHOWN]]
    rows = list_deliveries(visit.desk.store, ids=ids, veil=visit.veil()) if ids else []
    return {row.post: row.title for row in rows}


def did_in_words(text: str) -> str:
    """What was done, as the address tells it; empty where it tells nothing."""
    parts = text.split(".")
    if len(parts) != 3 or not all(each.isascii() and each.isdecimal() for each in parts):  # noqa: PLR2004 - posts, moves, new ones
        return ""
    posts, moved, made = parts
    return say(
        "排好了：改了 {posts} 篇的 {moved} 条投递，新建 {made} 篇。",
        "Done: {moved} deliveries of {posts} posts were moved, {made} posts were made.",
        posts=posts,
        moved=moved,
        made=made,
    )


WAYS = (
    get("/calendar/import", show, SENDERS),
    post("/calendar/import", look, SENDERS, most=UPLOAD_MAX),
    post("/calendar/import/carry", carry, SENDERS),
)
