"""An attempt (尝试): one recorded try of one remote action, committed before the request and settled after it."""

import hashlib
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from xuanfa.domain.rendition import Rendition


class Action(StrEnum):
    """The remote actions. Only ``PUBLISH``, ``CORRECT`` and ``RETRACT`` change what readers see."""

    STAGE = "stage"
    PUBLISH = "publish"
    CONFIRM = "confirm"
    RETRACT = "retract"
    CORRECT = "correct"


def delivery_key(post: str, channel: str, digest: str) -> str:
    """The idempotency key of a delivery: 32 hexadecimal digits, the same in every attempt while the digest is the same.

    It stays the same even when a person says "it is not there": where that is a mistake, a channel that knows the key still catches it.
    32 digits also fit WeChat's ``clientmsgid`` (platforms.md, WeChat mass sending).
    """
    return hashlib.sha256(f"xuanfa\n{post}\n{channel}\n{digest}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Everything an adapter is told about one delivery.

    The rendition's links are bound, but for ``confirm``, which gets it as it was frozen. ``started_at`` is when the attempt was
    recorded, by the core's clock (aware, in the workspace's zone): the minute of publication that readers are shown, and for an adapter,
    which has no clock, the present. ``first_sent_at`` is when the first request of this key left, for looking it up. ``staged`` is what
    ``stage`` remembered.
    """

    delivery: int
    attempt: int
    key: str
    post: str
    revision: int
    channel: str
    column: str
    rendition: Rendition
    started_at: datetime
    first_sent_at: datetime | None = None
    staged: dict[str, str] = field(default_factory=dict)


#: The wait before try 2, 3, …; each is spread by a quarter either way, so that a thousand deliveries do not come back at one instant.
_WAITS = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30))


def backoff(tries: int, chance: random.Random) -> timedelta:
    """How long to wait after ``tries`` failed tries: growing, capped at half an hour, jittered."""
    wait = _WAITS[min(max(tries, 1), len(_WAITS)) - 1]
    return wait * chance.uniform(0.75, 1.25)
