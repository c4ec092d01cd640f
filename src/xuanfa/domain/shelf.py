"""The shelf (保底稿): what a release from it did."""

from dataclasses import dataclass
from datetime import datetime

from xuanfa.domain.delivery import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class OffShelf:
    """Which deliveries of a post a release let go at which time, those that it did not, and what is to be known."""

    slug: str
    at: datetime
    gone: tuple[Delivery, ...]
    left: tuple[Delivery, ...]
    remarks: tuple[str, ...] = ()
