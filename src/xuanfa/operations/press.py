"""What reading and rendering take: no database, no clock and no network, so that another process can do both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Protocol

from xuanfa.adapters.protocol import Adapter
from xuanfa.content.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.column import Column, Organisation


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
    #: A digest of templates and settings: what was rendered under another one is rendered anew before it is due.
    making: str = ""
