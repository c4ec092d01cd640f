"""A form holds how far its page had looked. Where something has happened since, nothing is done: the page comes again, with what was typed, and
says who did what."""

from collections.abc import Collection

from xuanfa.console.trace import Line, lines_of
from xuanfa.console.visit import Visit
from xuanfa.operations.people.intents import known_intent
from xuanfa.reports.moved import moved_after, point_from
from xuanfa.reports.people import names_of

FIELD = "upto"


def news_of(visit: Visit, ids: Collection[int], slug: str, channel: str = "", *, field: str = FIELD) -> list[Line]:
    """What has happened since the page was opened on which this was pressed; nothing where it was pressed before, since that has an answer.
    ``field`` holds how far the page had looked, where it looked at several posts."""
    point = point_from(visit.field(field))
    if point is None:
        return []
    known = known_intent(visit.desk, visit.field("intent"))
    if known is not None and known.user == visit.me.user.name:
        return []
    rows = moved_after(visit.desk.store, point, ids, slug)
    return lines_of(tuple(rows), channel, names_of(visit.desk.store))


def kept_of(visit: Visit, verb: str, name: str) -> str:
    """What was typed in the form of this verb, where it was pressed and nothing was done."""
    path = visit.request.url.path
    return visit.field(name) if visit.request.method == "POST" and path.endswith(f"/{verb}") else ""
