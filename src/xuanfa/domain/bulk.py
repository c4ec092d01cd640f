"""A bulk schedule (批量排期): a list of moves and of posts to be made, carried out as a whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from xuanfa.domain.delivery import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class PostMove:
    """What waits of a post goes at another time; ``channel``: there alone. ``where`` is its row in words, ``headings`` what the list calls its
    fields, for whoever has to mend it."""

    where: str
    post: str
    at: datetime
    channel: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostMade:
    """A post that is to be written, for a time. ``channels``: only these; none are all of its column. ``name``: what its file is called by."""

    where: str
    title: str
    at: datetime
    column: str
    channels: tuple[str, ...] = ()
    name: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a move has made of a delivery."""

    where: str
    post: str
    before: Delivery
    after: Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A post whose file was made, or would be."""

    where: str
    title: str
    at: datetime
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """What came of a bulk schedule."""

    moved: tuple[Moved, ...]
    made: tuple[Made, ...]
