"""Acts about what leaves for other programs and people, and about how people are known: a part of ``domain/act``, which says what an act is."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfMessages:
    """About messages of webhooks, by their numbers."""

    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None
    messages: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendMessages(_OfMessages):
    """They are brought to their receivers once more."""

    verb: ClassVar = "resend_messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class DropMessages(_OfMessages):
    """They are not brought any more."""

    verb: ClassVar = "drop_messages"


OfMessages = ResendMessages | DropMessages


@dataclass(frozen=True, slots=True, kw_only=True)
class TryReceiver:
    """A receiver of webhooks is sent a message that means nothing, to see whether it arrives."""

    verb: ClassVar = "try_receiver"
    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None
    receiver: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallReview:
    """What was approved is not to leave after all (收回签发), as far as nothing of it has left."""

    verb: ClassVar = "recall_review"
    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None
    post: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeLink:
    """A leader may look at a post by a link, without an account, for so long (领导链接)."""

    verb: ClassVar = "make_link"
    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None
    post: str
    lasts: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeLink:
    """A link to a post, by its number, shows nothing any more."""

    verb: ClassVar = "revoke_link"
    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None
    post: str
    link: int


OfLinks = MakeLink | RevokeLink


@dataclass(frozen=True, slots=True, kw_only=True)
class DropFactor:
    """The second factor of a person is taken away, because the phone is lost: who has it, is out, and sets up another one."""

    verb: ClassVar = "drop_factor"
    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None
    user: str
