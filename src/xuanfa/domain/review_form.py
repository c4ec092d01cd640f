"""What stands on the review form (发布审核表) of a post: one A4 page that people sign by hand, and that leads back to exactly what they read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from xuanfa.domain.review_record import ReviewRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelLine:
    """One channel of the form: where the post is to go and when (``None``: from the shelf, when somebody releases it); ``published_at`` and
    ``address`` once it is out, ``retracted_at`` once it was taken back. All times are aware."""

    channel: str
    title: str
    due_at: datetime | None
    rehearsal: bool = False
    published_at: datetime | None = None
    address: str = ""
    retracted_at: datetime | None = None
    #: Of a correction, what becomes of what is out there (``domain.review_record.CorrectionRecord``).
    becomes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What the post corrects: the title of what is out, where and since when, and why by whom it is asked for. ``slug`` is empty where it is
    the post itself that is changed in its place."""

    title: str
    slug: str = ""
    published_at: datetime | None = None
    why: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the author says of the content: ``None`` is left to be ticked by hand."""

    case: bool | None = None
    secret: bool | None = None
    personal: bool | None = None
    minors: bool | None = None
    #: ``none``, ``assisted`` or ``generated``.
    ai: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewForm:
    """Everything on the form. What is empty is left free for the pen.

    ``pictures`` are the names of the pictures with their words, in order; ``findings`` counts what checks found, by severity (``block``,
    ``warn``).
    """

    review: ReviewRecord
    office: str
    number: str
    title: str
    column: str
    subtitle: str = ""
    department: str = ""
    author: str = ""
    phone: str = ""
    editor: str = ""
    source: str = ""
    source_address: str = ""
    channels: tuple[ChannelLine, ...] = ()
    expires_at: datetime | None = None
    retract_at: datetime | None = None
    #: The beginning of the day on which the department is asked whether it still holds.
    review_on: datetime | None = None
    answers: Answers = field(default_factory=Answers)
    pictures: tuple[str, ...] = ()
    findings: Mapping[str, int] = field(default_factory=dict)
    #: What it corrects (更正稿); ``None`` of every other post.
    corrects: Corrected | None = None
    notes: tuple[str, ...] = ()
    printed_at: datetime
