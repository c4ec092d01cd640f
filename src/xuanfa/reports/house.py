"""What a report is made with: the store, and what the settings say of the office, at one moment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Protocol

from xuanfa.domain.access import Veil
from xuanfa.domain.channel import Channel
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.freshness import Watched
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.reports.ledger_files import Wording
from xuanfa.reports.people import names_of
from xuanfa.store.database import Store


class Desk(Protocol):
    """As much of a desk as a report needs."""

    @property
    def store(self) -> Store:
        """The database."""

    @property
    def zone(self) -> tzinfo:
        """The workspace's zone."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """The time."""

    @property
    def organisation(self) -> Organisation:
        """The office."""

    @property
    def columns(self) -> Mapping[str, Column]:
        """By id."""

    @property
    def channels(self) -> Mapping[str, Channel]:
        """By id."""

    @property
    def watched(self) -> Watched:
        """How long accounts and columns may be still."""

    @property
    def reviews(self) -> ReviewPolicy:
        """What the kinds of posts are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A desk at one moment, and as whom it is looked at; ``None``: as the machine's account."""

    desk: Desk
    now: datetime
    veil: Veil | None = None

    @property
    def today(self) -> date:
        """By the workspace's clock."""
        return self.now.astimezone(self.desk.zone).date()

    @property
    def wording(self) -> Wording:
        """How ids are printed in lists."""
        desk = self.desk
        return Wording(zone=desk.zone, kinds=desk.reviews.names, people=names_of(desk.store))
