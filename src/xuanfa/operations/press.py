"""What reading and rendering take: no database, no clock and no network, so that another process can do both."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Protocol

from xuanfa.adapters.protocol import Adapter
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.checking import Found
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.rendition import Rendition
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.domain.verdict import Verdict


class Adapters(Protocol):
    """Where adapters come from."""

    def bound(self, channel: str) -> Adapter:
        """The adapter of a channel, bound for the calling thread and kept for its next order."""


class Rules(Protocol):
    """The rules for texts of a workspace: its own, its lists, and what comes with the program. They are read when they are first asked."""

    def stamp(self) -> str:
        """A digest of all that they are made of, without reading them as rules."""

    def judge(self, renditions: Mapping[str, Rendition], source: str, when: date | None) -> Mapping[str, Verdict]:
        """What they say of what channels get, on the day on which it is out; ``None`` is today. What stands in the ``source``, the file as it
        was written, is found in each. Raises ContentError and ConfigError where the rules themselves cannot be read."""

    def found(self, text: str, when: date | None, *, part: str = "body", is_post: bool = False) -> Sequence[Found]:
        """What they find in a text that is nowhere yet. Raises the same, and ContentError where it is too long."""


@dataclass(frozen=True, kw_only=True)
class Press:
    """The settings as far as they make what channels get, the templates, and where pictures are kept."""

    organisation: Organisation
    columns: Mapping[str, Column]
    adapters: Adapters
    templates: Templates
    media: MediaStore
    zone: tzinfo
    #: A digest of the settings as they were read.
    making: str = ""
    #: Which posts need a review, and which.
    reviews: ReviewPolicy = field(default_factory=ReviewPolicy)

    #: What reads texts by the rules; ``None`` where nobody does.
    rules: Rules | None = None

    #: Whether whoever reads here may know everything: a rehearsal whose person may read the post.
    tells_all: bool = False

    def made_by(self) -> str:
        """A digest of settings, templates and rules as they are now: what was rendered under another one is rendered and read anew before it
        is due."""
        rules = f" {self.rules.stamp()}" if self.rules else ""
        return hashlib.sha256(f"{self.making} {self.templates.stamp()}{rules}".encode()).hexdigest()
