"""What programs only read: channels, reviews, figures; and what the rules say of a text."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field

from xuanfa.api.callers import Reads
from xuanfa.api.moments import Moments
from xuanfa.api.problems import Problem, nothing_there
from xuanfa.api.shapes import Count, Items, Line, Shape, Text
from xuanfa.domain.counting import By, definition, sentence
from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say
from xuanfa.operations.restricting.own import own_among
from xuanfa.reports.counts import Period, count
from xuanfa.reports.listing import everything_paused, paused_channels
from xuanfa.reports.reviews import waiting_reviews

router = APIRouter(route_class=Moments)


@router.get("/channels", response_model=Items, tags=["channels"])
def channels(caller: Reads) -> Any:
    """The channels, whether they are for practice, and whether they are paused."""
    desk = caller.desk
    whole, paused = everything_paused(desk.store), paused_channels(desk.store)
    return {
        "items": [
            {
                "id": channel.id,
                "title": channel.title,
                "kind": channel.kind,
                "rehearsal": channel.rehearsal,
                "paused": whole is not None or channel.id in paused,
                "reason": whole if whole is not None else paused.get(channel.id, ""),
                "columns": [column.id for column in desk.columns.values() if channel.id in column.channels],
            }
            for channel in desk.channels.values()
        ],
        "next": None,
    }


@router.get("/columns", response_model=Items, tags=["channels"])
def columns(caller: Reads) -> Any:
    """The columns."""
    return {
        "items": [
            {"id": column.id, "title": column.title, "channels": list(column.channels)}
            for column in caller.desk.columns.values()
        ],
        "next": None,
    }


@router.get("/reviews", response_model=Items, tags=["reviews"])
def reviews(caller: Reads, mine: bool = False) -> Any:
    """What waits for whose review. Nothing is approved over this interface."""
    desk = caller.desk
    name = caller.person.name if mine else None
    rows = waiting_reviews(desk.store, desk.reviews, desk.zone, desk.clock(), name, veil=caller.veil)
    open_ = own_among(desk, caller.own, [row.post for row in rows])
    shown = [row for row in rows if not row.restricted and (row.post in open_ or caller.person.name in row.who)]
    return {"items": [row.as_json() for row in shown], "next": None}


@router.get("/counts", response_model=Count, tags=["counts"])
def counts(
    caller: Reads, since: date | None = None, until: date | None = None, column: str = "", by: By = "channel"
) -> Any:
    """What was really published, and the sentence for a report."""
    desk = caller.desk
    if since is not None and until is not None and since > until:
        words = say("开始的日子在结束之后。", "It begins after it ends.")
        raise Problem(422, "invalid", words, fields=[{"field": "since", "detail": str(words)}])
    if column and column not in desk.columns:
        raise nothing_there()
    found = count(
        desk.store, Period(zone=desk.zone, since=since, until=until, column=column or None, own=caller.own), by
    )
    title = desk.columns[column].title if column else ""
    return {
        "posts": found.posts,
        "items": found.items,
        "retracted": found.retracted,
        "rehearsed": found.rehearsed,
        "emergency": found.emergency,
        "twice": found.twice,
        "by": dict(found.by),
        "sentence": str(sentence(found, title)),
        "definition": str(definition()),
        **({"imported": asdict(found.imported)} if found.imported else {}),
    }


class Passage(Shape):
    """A text to be read by the rules."""

    text: Text
    part: Literal["title", "summary", "author", "caption", "body"] = "body"
    title: Annotated[Line, Field(description="Read as the title of the same post")] = ""


@router.post("/checks", response_model=Items, tags=["checks"])
def checks(caller: Reads, body: Passage) -> Any:
    """The findings of a text. Nothing is kept, so that it needs no key."""
    rules, today = caller.desk.rules, caller.desk.clock().astimezone(caller.desk.zone).date()
    if rules is None:
        raise Problem(503, "no_rules", say("这里没有装检查规则。", "There are no rules here."))
    try:
        found = [
            one
            for part, text in (("title", body.title), (body.part, body.text))
            for one in (rules.found(text, today, part=part) if text else ())
        ]
    except ContentError as error:
        raise Problem(422, "too_long", str(error)) from error
    return {"items": [one.data() for one in found], "next": None}
