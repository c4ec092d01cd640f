"""Acts by lists: what somebody has in a spreadsheet, or finds elsewhere, comes in as a whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from xuanfa.domain.bulk import PostMade, PostMove
from xuanfa.domain.imported import Past
from xuanfa.domain.working_days import Marked


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLedger:
    """Publications of before this program, or beside it, are entered in the ledger, marked with where they come from."""

    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None
    verb: ClassVar = "import_ledger"
    origin: str
    #: The hash of the file; empty where they come from elsewhere.
    digest: str = ""
    rows: Sequence[Past] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoImport:
    """What was imported at once is taken back at once; ``number`` is the import's."""

    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None
    verb: ClassVar = "undo_import"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSchedule:
    """Moves, and posts to be written, from a list: all of them or none."""

    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None
    verb: ClassVar = "import_schedule"
    origin: str
    moves: Sequence[PostMove] = ()
    posts: Sequence[PostMade] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportWorkdays:
    """Which days are off or worked, as the file ``origin`` says; of ``cleared`` ones nothing is said any more."""

    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None
    verb: ClassVar = "import_workdays"
    origin: str
    days: tuple[Marked, ...]
    cleared: tuple[date, ...] = ()


OfLists = ImportLedger | UndoImport | ImportSchedule | ImportWorkdays
