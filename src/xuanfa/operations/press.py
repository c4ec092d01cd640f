"""What reading and rendering take: no database, no clock and no network, so that another process can do both."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Protocol

from xuanfa.adapters.protocol import Adapter
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.review_policy import ReviewPolicy


class Adapters(Protocol):
    """Where adapters come from."""

    def bound(self, channel: str) -> Adapter:
        """The adapter of a channel, bound for the calling thread and kept for its next order."""


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

    #: Whether whoever reads here may know everything: a rehearsal whose person may read the post.
    tells_all: bool = False

    def made_by(self) -> str:
        """A digest of settings and templates as they are now: what was rendered under another one is rendered anew before it is due."""
        return hashlib.sha256(f"{self.making} {self.templates.stamp()}".encode()).hexdigest()
