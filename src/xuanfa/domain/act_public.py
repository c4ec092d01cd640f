"""Acts about what is out, as the public sees it: pictures of its page, and what is all right there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from xuanfa.domain.readers import Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfDelivery:
    delivery: int
    channel: ClassVar[None] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddProof(_OfDelivery):
    """A picture of its public page, in ``file``, that a person took ``at`` a time, or just now."""

    verb: ClassVar = "add_proof"
    file: Path
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptPage(_OfDelivery):
    """What its public page shows otherwise than it was sent is all right."""

    verb: ClassVar = "accept_page"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptStranger:
    """Something on an account that this program did not send (``number``) is explained."""

    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None
    verb: ClassVar = "accept_stranger"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptLink:
    """What a link of what is out shows otherwise than at first (``number``) is all right."""

    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None
    verb: ClassVar = "accept_link"
    number: int


OfProof = AddProof | AcceptPage
#: What was found beside it, on the office's accounts and behind its links.
OfFound = AcceptStranger | AcceptLink


@dataclass(frozen=True, slots=True, kw_only=True)
class SetReaders(_OfDelivery):
    """How often it was read, liked and forwarded at a time."""

    verb: ClassVar = "set_readers"
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReaders:
    """The same of many, from a list: all of it or nothing."""

    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None
    verb: ClassVar = "import_readers"
    origin: str
    rows: Sequence[Figures] = field(default=(), repr=False)


OfReaders = SetReaders | ImportReaders
