"""A mark (记号): what is noted outside the database of what it has done, so that a database that has forgotten it is noticed.

Marks are lines that are added and never changed. What one says had been committed before it was written, so that after any crash of the
program or the machine a database knows at least as much as its marks. One that knows less is not the one that wrote them.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Self

from xuanfa.domain.moments import BEGIN, END, from_iso
from xuanfa.domain.strict_json import read_json

#: Made once: making an encoder costs as much as using it, and every turn does.
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Sent(NamedTuple):
    """One try to publish: the number of the delivery and of its attempt, the post's slug, and the channel."""

    delivery: int
    attempt: int
    post: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One line. ``database`` and ``workspace`` are names given by chance, ``folder`` is where the workspace was.

    ``far`` is the number of the newest line of history, ``sent`` what was about to leave, ``out`` what had been proved to be public.
    """

    workspace: str
    database: str
    folder: str
    at: datetime
    far: int = 0
    sent: tuple[Sent, ...] = ()
    out: tuple[Sent, ...] = ()
    #: Of what an earlier line says was about to leave: what is proved not to have left.
    kept: tuple[Sent, ...] = ()
    #: Written while everything was held because the database had forgotten something, or was restored: it speaks for no other memory.
    held: bool = False
    #: Whether nothing up to ``far`` was more than reading posts and failing to reach a channel: no publication, no decision, no pause.
    blank: bool = False
    #: Whether a new workspace was made in the folder: what was said before is none of its business.
    ends: bool = False
    #: Names the line, so that it can be said which ones have been accounted for.
    digest: str = ""

    @property
    def counts(self) -> bool:
        """Whether it says that something was done."""
        return not self.held and bool(self.far or self.sent or self.out)

    def as_line(self) -> bytes:
        """As it is kept: one line of JSON. What is empty is left out."""
        values: dict[str, Any] = {
            "at": self.at.isoformat(),
            "workspace": self.workspace,
            "database": self.database,
            "folder": self.folder,
            "far": self.far,
            "sent": self.sent,
            "out": self.out,
            "kept": self.kept,
            "held": self.held,
            "blank": self.blank,
            "ends": self.ends,
        }
        kept = {name: value for name, value in values.items() if value}
        return _ENCODE(kept).encode()

    @classmethod
    def from_line(cls, line: bytes) -> Self | None:
        """The mark of a line; ``None`` for one that was torn, or is none."""
        try:
            values = read_json(line)
            return cls(
                workspace=str(values.get("workspace", "")),
                database=str(values["database"]),
                folder=str(values.get("folder", "")),
                at=_moment(values["at"]),
                far=int(values.get("far", 0)),
                sent=tuple(_sent(one) for one in values.get("sent", ())),
                out=tuple(_sent(one) for one in values.get("out", ())),
                kept=tuple(_sent(one) for one in values.get("kept", ())),
                held=bool(values.get("held", False)),
                blank=bool(values.get("blank", False)),
                ends=bool(values.get("ends", False)),
                digest=hashlib.sha256(line).hexdigest()[:16],
            )
        except (ValueError, TypeError, KeyError, AttributeError):
            return None


def _moment(text: str) -> datetime:
    """When a mark was made. A line is not worth less because its time is none that people could be shown: it says what was sent."""
    at = datetime.fromisoformat(text)
    return from_iso(text, UTC) or (BEGIN if at.year < BEGIN.year else END - timedelta(days=1))


def _sent(values: Any) -> Sent:
    delivery, attempt, post, channel = values
    return Sent(int(delivery), int(attempt), str(post), str(channel))


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What a database says of itself: its name, the number of its newest line of history, and the newest attempt of some deliveries."""

    database: str
    far: int
    attempts: Mapping[int, int]

    def covers(self, mark: Mark) -> bool:
        """Whether it knows what this mark of its own says."""
        return mark.far <= self.far and all(
            self.attempts.get(sent.delivery, 0) >= sent.attempt for sent in (*mark.sent, *mark.out)
        )


def unaccounted(marks: Sequence[Mark], accounted: Collection[str]) -> list[Mark]:
    """Those marks, the newest first, that count and that are newer than any that has been accounted for, or that ends what was before."""
    found: list[Mark] = []
    for mark in marks:
        if mark.digest in accounted or mark.ends:
            break
        found.extend([mark] if mark.counts else [])
    return found


def forgotten(marks: Sequence[Mark], known: Knowledge) -> Mark | None:
    """The newest of these marks that the database does not know: its own that is ahead of it, or another database's."""
    missing = (mark for mark in marks if mark.database != known.database or not known.covers(mark))
    return max(missing, key=lambda mark: mark.at, default=None)


def never_did_anything(marks: Sequence[Mark]) -> bool:
    """Whether marks, all that a database has left in any place, say that nothing of it has left and nobody has decided anything in it: then
    there is nothing that another one could have forgotten."""
    kept = {sent for mark in marks for sent in mark.kept}
    left = {sent for mark in marks for sent in (*mark.sent, *mark.out)} - kept
    return not left and not any(mark.out or mark.held or (mark.far and not mark.blank) for mark in marks)
