"""A correction (更正): what is out on a channel is changed there, as a rendition of its own. The delivery stays published all the while."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from xuanfa.domain.delivery import Delivery
from xuanfa.domain.person import Person

#: So often a channel is asked before a person has to look, and how long each time after the time before.
TRIES: Final = 5
AGAIN: Final = timedelta(minutes=2)


class Others(StrEnum):
    """What becomes of a channel that cannot change what is out."""

    #: It stays as it is, and the record says so.
    LEAVE = "leave"
    #: It is withdrawn there, and a new post brings the corrected text.
    AGAIN = "again"
    #: It stays, and a new post corrects it.
    POST = "post"


class Progress(StrEnum):
    """Where a correction stands."""

    #: Its review has not come to its end: what is out stays as it is.
    REVIEW = "review"
    OPEN = "open"
    DONE = "done"
    FAILED = "failed"
    #: A newer correction, or a withdrawal, has taken its place.
    REPLACED = "replaced"
    LEAVE = "leave"
    AGAIN = "again"
    POST = "post"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One delivery's; ``rendition_id`` is ``None`` where the channel cannot change it."""

    id: int
    post_id: int
    post: str
    delivery_id: int
    channel: str
    revision: int
    rendition_id: int | None
    digest: str
    key: str
    actor: str
    how: str
    place: str
    why: str
    ordered_at: datetime
    state: Progress
    reason: str = ""
    successor: str = ""
    tries: int = 0
    try_at: datetime | None = None
    done_at: datetime | None = None
    #: Whether it needs a review; its right to be made, and the time at which what it changes was due, which that right names too.
    reviewed: bool = False
    approval: int | None = None
    due_at: datetime | None = None
    #: What was chosen for a channel that cannot change it; carried out once the correction is approved.
    wish: str = ""

    @property
    def is_in_place(self) -> bool:
        """Whether its channel changes what is out."""
        return self.rendition_id is not None

    @property
    def person(self) -> Person:
        """In whose name it is carried out, by whichever process."""
        return Person(name=self.actor, why=self.why, how=self.how, place=self.place)

    def made_of(self, delivery: Delivery) -> Delivery:
        """The delivery as it is once the channel has changed it."""
        return replace(
            delivery,
            revision=self.revision,
            rendition_id=self.rendition_id,
            digest=self.digest,
            key=self.key,
            staged={},
            reason="",
            reviewed=delivery.reviewed or self.reviewed,
            approval=self.approval if self.reviewed else delivery.approval,
        )
