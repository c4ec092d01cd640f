"""What a platform's code means: one small vocabulary for all kinds, and what the common meanings make of a delivery.

Each kind's table is data: code → meaning and words, with the remedy. Where a code came from stands beside the table.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from xuanfa.domain.language import say
from xuanfa.domain.outcome import Deferred, Unknown, Unsent


class Meaning(Enum):
    """What a code says of a request."""

    #: Done before, says the platform.
    DONE = "done"
    #: The platform says that the same text is there already, whoever posted it.
    SAME = "same"
    #: Done, and shown in a minute or two.
    DELAYED = "delayed"
    #: What was asked about is not there.
    GONE = "gone"
    #: It may have been done, or may still be.
    DOUBT = "doubt"
    #: Not done where it is a read, an upload or a draft; doubt where it is irreversible.
    BUSY = "busy"
    #: The access token is no longer good: nothing was done, and a new one is to be had.
    EXPIRED = "expired"
    #: A person must sign in again.
    SIGN_IN = "sign_in"
    #: Not now: again in a minute, a quarter of an hour, an hour; after the platform's midnight.
    MINUTE = "minute"
    SLOW = "slow"
    HOUR = "hour"
    DAY = "day"
    #: The author must change the post.
    CONTENT = "content"
    #: The operator must act: every other post would fare the same.
    CHANNEL = "channel"
    #: This account may not use this interface: the draft is handed to a person.
    DRAFT_ONLY = "draft_only"
    #: A person must go on with this draft in the platform's own console.
    CONSOLE = "console"


class Code(NamedTuple):
    """A code's meaning, and one sentence with the remedy."""

    meaning: Meaning
    zh: str
    en: str

    @property
    def words(self) -> str:
        """The sentence."""
        return say(self.zh, self.en)


#: How long a channel is left alone: a minute, and a little because a platform counts it by its own clock.
WAITS: Mapping[Meaning, timedelta] = {
    Meaning.MINUTE: timedelta(seconds=65),
    Meaning.SLOW: timedelta(minutes=15),
    Meaning.HOUR: timedelta(hours=1),
}


def _waiting(meaning: Meaning, said: str, now: datetime) -> Deferred | None:
    """The wait that a code asks for; ``None`` where it asks for none. ``now`` is aware, in the workspace's zone."""
    if meaning is Meaning.DAY:
        return Deferred(after=until_tomorrow(now), reason=said)
    return Deferred(after=WAITS[meaning], reason=said) if meaning in WAITS else None


def unrefused(meaning: Meaning, said: str, *, now: datetime, writes: bool) -> Deferred | Unsent | Unknown | None:
    """What a code proves that refuses nothing for good; ``None`` for a refusal, which is for the author or the operator.

    ``writes`` says that the request would have changed what readers see.
    """
    if meaning in {Meaning.BUSY, Meaning.DOUBT, Meaning.DELAYED}:
        return Unknown(evidence=said) if writes else Unsent(evidence=said)
    if meaning is Meaning.EXPIRED:
        return Unsent(evidence=said)
    return _waiting(meaning, said, now)


def until_tomorrow(now: datetime) -> timedelta:
    """Until five past midnight, at least an hour and at most twelve: whether a day's quota begins anew at midnight or slides along is not
    confirmed for any of these platforms, so it is asked for again before long."""
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=5, second=0, microsecond=0)
    return min(max(midnight - now, timedelta(hours=1)), timedelta(hours=12))
