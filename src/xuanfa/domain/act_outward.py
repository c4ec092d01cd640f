"""Acts about what leaves for other programs: a part of ``domain/act``, which says what an act is."""

from dataclasses import dataclass
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
class RecallReview:
    """What was approved is not to leave after all (收回签发), as far as nothing of it has left."""

    verb: ClassVar = "recall_review"
    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None
    post: str
