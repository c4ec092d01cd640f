"""A mark: where a page of a list ends, as its address says."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_BEGIN: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page ends: behind (or before) this row."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.at - _BEGIN) // timedelta(microseconds=1)}.{self.id}"

    @classmethod
    def of(cls, text: str) -> "Mark | None":
        """What a page's address says; ``None`` for what is no mark."""
        micros, _, number = text.partition(".")
        if not (micros.lstrip("-").isdecimal() and micros.isascii() and number.isdecimal() and number.isascii()):
            return None
        try:
            return cls(_BEGIN + timedelta(microseconds=int(micros)), int(number))
        except OverflowError:
            return None
