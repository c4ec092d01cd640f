"""What goes over the wire: the shapes that the OpenAPI document tells, and what every list and change has in common."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Header, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from xuanfa.api.problems import Problem
from xuanfa.domain.language import say


def _whole(text: str) -> str:
    if "\x00" in text:
        raise ValueError("NUL")
    return text


Line = Annotated[str, AfterValidator(_whole), Field(max_length=1000)]
Text = Annotated[str, AfterValidator(_whole), Field(max_length=200_000)]
Limit = Annotated[int, Query(ge=1, le=200, description="So many at most")]
After = Annotated[str | None, Query(max_length=100, description="`next` of the page before")]
Key = Annotated[
    str, Header(alias="Idempotency-Key", description="Required. The same one when the same thing is sent again")
]
Mark = Annotated[str, Header(alias="If-Match", description="Required. The ETag that was read")]


class Shape(BaseModel):
    """An object; a key that nobody knows is refused."""

    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """An object that is answered."""

    model_config = ConfigDict(extra="allow")


class Fault(Told):
    """A problem, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    fields: list[dict[str, str]]


class Post(Told):
    """A post. ``text`` is its Markdown; ``state`` is ``draft`` while no file of it lies in ``posts/``."""

    slug: str
    title: str
    column: str
    revision: int
    state: str
    queued_at: datetime | None
    deliveries: dict[str, int]


class WholePost(Post):
    """The same with what is written in it."""

    text: str
    fields: dict[str, str]


class PostList(Told):
    """A page of posts."""

    items: list[Post]
    next: str | None


class Delivery(Told):
    """A post on one channel."""

    id: int
    post: str
    channel: str
    state: str
    #: ``null`` for what lies on the shelf.
    due_at: datetime | None
    title: str
    reason: str


class DeliveryList(Told):
    """A page of deliveries."""

    items: list[Delivery]
    next: str | None


class Items(Told):
    """A list that is whole."""

    items: list[dict[str, Any]]
    next: None = None


class Count(Told):
    """The figures of a period."""

    posts: int
    items: int
    retracted: int
    rehearsed: int
    by: dict[str, int]
    sentence: str
    definition: str


def cursor(after: str | None) -> int | None:
    """Where a page begins. Raises Problem 422 for what no page has given."""
    if after is None or after == "":
        return None
    if not (after.isascii() and after.isdigit() and len(after) <= 10):  # noqa: PLR2004 - as large as a number gets
        words = say("after 要用上一页的 next。", "`after` is the `next` of the page before.")
        raise Problem(422, "bad_cursor", words, fields=[{"field": "after", "detail": str(words)}])
    return min(int(after), 2**31 - 1)
