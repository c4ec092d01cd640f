"""A post (稿件): one source with its front matter, identified by its slug."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from xuanfa.domain.attachment import Attachment
from xuanfa.domain.recurring import Repeat


class Due(Enum):
    """A due time that is not a date: as soon as the post is queued."""

    NOW = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a reposted text comes from: the name is shown, the address linked."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What one channel gets instead of the post's own; ``None`` means the post's own."""

    title: str | None = None
    summary: str | None = None
    text: str | None = None
    publish_at: datetime | Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of a post, kept by the hash of its bytes, so that what was approved is what leaves.

    ``source`` is the reference as the post writes it (``images/court.png``); ``width`` and ``height`` are pixels, ``size`` is bytes.
    """

    source: str
    sha256: str
    media_type: str
    size: int
    width: int
    height: int
    alt: str = ""
    caption: str = ""

    @property
    def suffix(self) -> str:
        """The file ending that goes with the media type: ``.jpg``, ``.png``, ``.gif``, ``.webp``."""
        return {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp"}[self.media_type]

    @property
    def filename(self) -> str:
        """A name that says what is in the file: the first sixteen digits of its hash, and the ending."""
        return self.sha256[:16] + self.suffix


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRule:
    """What a channel takes: media types in order of preference, bytes, pixels of the longest side, width ÷ height, and whether
    animation is kept. ``None`` is no limit; a ``ratio`` is reached by cropping around the middle.

    A picture that people scroll through stays ``width_min`` wide, however long it is (pixels; where it was so wide): it becomes
    coarser before it becomes narrower, and where bytes leave no choice that is told. ``width_first``: bytes are only a wish, and the
    width goes before them.
    """

    media_types: tuple[str, ...] = ("image/jpeg", "image/png")
    bytes_max: int | None = None
    side_max: int | None = None
    ratio: float | None = None
    animated: bool = False
    width_min: int | None = None
    width_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post as its author wrote it, validated. Times are aware; ``body`` is Markdown without the front matter."""

    slug: str
    title: str
    column: str
    body: str
    summary: str = ""
    author: str = ""
    department: str = ""
    #: Who answers for the text in public (责任编辑); empty where nobody is named.
    editor: str = ""
    source: Source | None = None
    keywords: tuple[str, ...] = ()
    cover: Picture | None = None
    pictures: tuple[Picture, ...] = ()
    #: Files that readers get beside the text.
    attachments: tuple[Attachment, ...] = ()
    publish_at: datetime | Due | None = None
    expires_at: datetime | None = None
    #: When it is taken down again where it is out, and on which day its department is asked whether it still holds.
    retract_at: datetime | None = None
    review_on: date | None = None
    #: Whether it lies on the shelf (保底稿): it has no time, and goes out when a person releases it.
    shelf: bool = False
    #: By which rule it goes out again and again; then it is the source of its occurrences, and nothing itself goes out. ``None`` for most.
    repeat: Repeat | None = None
    #: The slug of an earlier post that this one corrects (更正); empty for most.
    corrects: str = ""
    #: The id of the review template that its author has chosen; empty: what its column says.
    kind: str = ""
    #: To whom it is open before it is out, as the list is kept; empty: to everybody who may use the workspace.
    access: tuple[str, ...] = ()
    #: How much of it an AI has made: ``none``, ``assisted`` or ``generated``; empty where nothing is said.
    ai: str = ""
    #: The pictures that an AI has made, by their ``source``.
    ai_pictures: tuple[str, ...] = ()
    #: Channel ids with what they get instead; ``None`` is every channel of the column.
    channels: Mapping[str, Override] | None = None
    path: str = field(default="", compare=False)

    def override(self, channel: str) -> Override:
        """What ``channel`` gets instead of the post's own; empty where the post says nothing."""
        return (self.channels or {}).get(channel) or Override()
