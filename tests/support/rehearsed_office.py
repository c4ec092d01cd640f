"""A workspace with one rehearsed account through the real core, worked on one thread, on a clock set by hand."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from xuanfa.bootstrap import open_desk
from xuanfa.domain.delivery import Delivery
from xuanfa.operations.deciding.decide import find
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.sending.perform import Done, perform
from xuanfa.operations.sending.publish import begin, refresh, turn
from xuanfa.rehearsal import Received, journal_of
from xuanfa.store import channels, ledger


@dataclass
class RehearsedOffice:
    """``channel`` is the id and the kind of the account, ``number`` that of its first delivery, ``path`` what its posts are posted to."""

    channel: ClassVar[str]
    number: ClassVar[int]
    path: ClassVar[str]
    settings: ClassVar[str]
    folder: Path
    now: datetime = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    stack: ExitStack = field(default_factory=ExitStack)

    def settle_in(self, more: str) -> None:
        (self.folder / "posts").mkdir(parents=True, exist_ok=True)
        (self.folder / "xuanfa.toml").write_text(self.settings.format(more=more), encoding="utf-8")
        self.desk: Desk = self.stack.enter_context(open_desk(self.folder, lambda: self.now))
        adapter: Any = self.desk.adapters.bound(self.channel)
        self.adapter = adapter
        self.platform: Any = adapter._tools.http._transport

    def put(self, slug: str, text: str) -> None:
        (self.folder / "posts" / f"{slug}.md").write_text(text, encoding="utf-8")
        queue(self.desk)

    def work(self, **later: float) -> None:
        """One pass, ``later`` than the last one."""
        self.now += timedelta(**later)
        run = begin(self.desk)
        results: list[Done] = []
        while True:
            jobs = turn(self.desk, run, results, 50)
            results = [perform(self.desk.adapters, job) for job in jobs]
            if not results:
                refresh(self.desk, run)
                if not run.active:
                    return

    def delivery(self, number: int = 0) -> Delivery:
        with self.desk.store.read() as connection:
            return find(connection, number or self.number)

    def receipt(self, number: int = 0) -> Any:
        with self.desk.store.read() as connection:
            return ledger.receipt(connection, number or self.number)

    def paused(self) -> str:
        with self.desk.store.read() as connection:
            standing = channels.standings(connection).get(self.channel)
        return standing.reason if standing is not None and standing.paused_at else ""

    def asked(self, path: str = "") -> list[Received]:
        received = journal_of(self.folder / "var" / "rehearsal", self.channel).received()
        return [one for one in received if urlsplit(one.path).path == (path or self.path)]
