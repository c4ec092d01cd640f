"""Webhooks (回调): what other programs of the office are told of each transition, by the rules of Standard Webhooks.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md: the headers ``webhook-id``, ``webhook-timestamp``
(seconds since 1970) and ``webhook-signature`` (``v1,`` and the base64 of HMAC-SHA256 over ``id.timestamp.body``), the secret ``whsec_`` and
base64 of 24 to 64 bytes, several signatures parted by blanks while a secret is exchanged. Pure.
"""

import base64
import binascii
import hashlib
import hmac
import random
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any, Final

from xuanfa.domain.delivery import State
from xuanfa.domain.review import Deed

#: What is told of a post: one for each line of its review. ``post.approved`` is the end of it, ``post.step_approved`` any step before.
STEP_APPROVED: Final = "post.step_approved"
EVENTS: Final = (
    *(f"delivery.{state.value}" for state in State),
    *(f"post.{deed.value}" for deed in Deed),
    STEP_APPROVED,
)
#: What a person has sent to see whether it arrives; nobody asks for it, and nothing of it is kept to be sent again.
TEST: Final = "webhook.test"
#: How long after each failed try the next one is made, and how much of it chance may add or take away. It is given up a day after it began.
WAITS: Final = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
)
JITTER: Final = 0.2
GIVEN_UP_AFTER: Final = timedelta(hours=24)
#: The longest that a receiver may ask to be left alone (``Retry-After``).
LONGEST: Final = timedelta(hours=4)
_PREFIX: Final = "whsec_"
_LEAST, _MOST = 24, 64
#: "Gone": the receiver wants nothing any more, and nothing is tried again (Standard Webhooks asks for that).
GONE: Final = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One receiver: ``events`` are names of events, with ``*`` for any part of them. ``secrets`` are the one that counts and, while it is being
    exchanged, the one of before. ``allow_private``: it may lie in a closed network."""

    id: str
    url: str = field(repr=False)
    events: tuple[str, ...]
    secrets: tuple[str, ...] = field(repr=False)
    allow_private: bool = False

    def wants(self, event: str) -> bool:
        """Whether it is told of this event."""
        return any(fnmatchcase(event, pattern) for pattern in self.events)


class Sent(StrEnum):
    """Where a message stands."""

    #: It is to be sent, for the first time or again.
    WAITING = "waiting"
    #: Its receiver has taken it.
    SENT = "sent"
    #: It could not be brought for a day, or may have been sent by a database of before: a person sends it again or lets it be.
    GIVEN_UP = "given_up"
    #: A person has let it be.
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A transition, as it is told: of one delivery, or of a post."""

    event: str
    post_id: int
    delivery_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One happening for one receiver, as it is kept. ``message`` is the ``webhook-id``: the same in every try."""

    id: int
    message: str
    endpoint: str
    event: str
    at: datetime
    post_id: int
    delivery_id: int | None
    facts: Mapping[str, Any]
    state: Sent
    tries: int
    begun_at: datetime
    next_at: datetime | None
    ended_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of one try: the status, or nothing where there was no answer, and then why. ``rest``: how long it wants to be left alone."""

    status: int | None = None
    why: str = ""
    rest: timedelta | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - RFC 9110

    @property
    def is_away(self) -> bool:
        """Whether it would be no use to try another message at once: no answer, or one that is about the receiver and not the message."""
        return self.status is None or self.status >= 500 or self.status == 429  # noqa: PLR2004 - RFC 9110

    @property
    def is_gone(self) -> bool:
        """Whether the receiver will never take anything again."""
        return self.status == GONE


#: Brings a body with these headers to a receiver, within so many seconds.
Poster = Callable[[Endpoint, bytes, Mapping[str, str], float], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhooks:
    """The receivers by their ids, and what brings messages to them; ``None`` where nothing does."""

    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    post: Poster | None = field(default=None, repr=False)


def of_decision(deed: Deed, *, is_approved: bool) -> str:
    """The event of a line of a review; ``is_approved``: it is the one with which the review ends."""
    return STEP_APPROVED if deed is Deed.APPROVED and not is_approved else f"post.{deed.value}"


def unknown_events(patterns: Collection[str]) -> list[str]:
    """Those of these patterns that no event has."""
    return [each for each in patterns if not any(fnmatchcase(event, each) for event in EVENTS)]


def key_of(secret: str) -> bytes | None:
    """The bytes that a secret stands for; ``None`` where it is none."""
    if not secret.startswith(_PREFIX):
        return None
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if _LEAST <= len(key) <= _MOST else None


def new_secret() -> str:
    """A secret that nobody has yet."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed_headers(endpoint: Endpoint, message: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of a message that is sent now."""
    stamp = str(int(at.timestamp()))
    content = f"{message}.{stamp}.".encode() + body
    keys = [key for key in map(key_of, endpoint.secrets) if key is not None]
    signatures = [base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode() for key in keys]
    return {
        "webhook-id": message,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{each}" for each in signatures),
    }


def next_try(
    tries: int, begun_at: datetime, now: datetime, chance: random.Random, rest: timedelta | None
) -> datetime | None:
    """When a message that has failed ``tries`` times is tried again; ``None``: a day is over, and it is given up."""
    if now - begun_at >= GIVEN_UP_AFTER:
        return None
    wait = WAITS[min(tries, len(WAITS)) - 1] * (1 + chance.uniform(-JITTER, JITTER))
    wait = max(wait, min(rest, LONGEST)) if rest is not None else wait
    # The last try is made when the day is over, and not hours before.
    return min(now + wait, max(begun_at + GIVEN_UP_AFTER, now + WAITS[0]))


def body_of(message: Message, data: Mapping[str, Any]) -> dict[str, Any]:
    """What is sent, before it is written as JSON (docs/webhooks.md, docs/webhook.schema.json)."""
    return {"type": message.event, "timestamp": message.at.isoformat(timespec="microseconds"), "data": dict(data)}
