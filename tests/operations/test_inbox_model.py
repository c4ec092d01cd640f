"""The inbox against a model of what the staff want: a real folder, real settings and templates, a real receiver on the loopback.

Hypothesis plays staff who write, save by halves, edit, rename, copy, delete and break files, replace pictures, take posts back with ``_``,
move them to another column or folder, lose the folder and get it back; an operator who changes templates and settings; a person who
decides about deliveries; and one or two passes at a time, between which the clock goes on. The model (``support/staffed_folder``) knows
what each file says, and nothing of the program. After each pass: what arrived is what a file said, or a person, and each post once; what is
scheduled is what its file says. At the end whatever a file says is out, or somebody is told why not. ``XUANFA_INBOX=500`` plays so many
longer stories at random.
"""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from tests.operations.models.inbox_staff import Staff
from tests.support import decisions as decide
from tests.support.decisions import ANNA
from xuanfa.domain.delivery import WAITS_FOR_PERSON, State
from xuanfa.domain.errors import StateError
from xuanfa.engine.once import one_pass
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.inbox import InboxFile
from xuanfa.operations.intake.queued import QueueReport
from xuanfa.operations.intake.reading import HereReader
from xuanfa.operations.watching.alarms import standing
from xuanfa.store.database import Store

STORIES = int(os.environ.get("XUANFA_INBOX", "0"))


class Story(Staff):
    """One story: passes, and a person who decides."""

    @rule(later=st.sampled_from([0, 1, 6, 6, 6, 70, 2000, 8000]), twice=st.booleans())
    def one(self, later: int, twice: bool) -> None:
        self.clock.now += timedelta(seconds=later)
        before = self.count()
        self.report(self.passed())
        self.judge(before)
        if twice:
            self.nothing_new()

    @rule(later=st.sampled_from([0, 6, 6, 70, 2000]))
    def two_at_once(self, later: int) -> None:
        self.clock.now += timedelta(seconds=later)
        before = self.count()
        for report in self.both_passed():
            self.report(report)
        self.judge(before)

    def both_passed(self) -> list[QueueReport]:
        """What two passes say that begin at the same moment, each with connections of its own."""
        barrier, reports = threading.Barrier(2), list[QueueReport]()
        failed: list[BaseException] = []

        def one() -> None:
            try:
                with self.desk() as desk:
                    barrier.wait(60)
                    reports.append(one_pass(desk).queued)
            except BaseException as error:  # noqa: BLE001 - told below
                failed.append(error)

        threads = [threading.Thread(target=one) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert failed == []
        return reports

    @rule(
        later=st.sampled_from([6, 70]),
        number=st.integers(0, 9),
        what=st.sampled_from(["edit", "delete", "take_back_or_put_back", "rename", "spoil", "paint"]),
    )
    @precondition(lambda self: self.has_files() and not self.aside)
    def one_while_a_file_changes(self, later: int, number: int, what: str) -> None:
        """Somebody changes a file while files are read."""
        self.clock.now += timedelta(seconds=later)
        more = {"edit": ["little", False], "rename": [number], "spoil": ["broken"]}.get(what, [])
        before, said = self.count(), self.said()

        def change() -> None:
            with suppress(FileNotFoundError):
                self.paint("a.png", "orange", fresh=True) if what == "paint" else getattr(self, what)(number, *more)

        with self.desk() as desk:
            report = one_pass(replace(desk, reader=lambda *given: _Interrupted(*given, change)))
        self.report(report.queued)
        self.judge(before, said, scheduled=False)

    @rule(number=st.integers(0, 30), verb=st.sampled_from(["release", "release", "cancel", "reschedule", "retry"]))
    def decide(self, number: int, verb: str) -> None:
        rows = self.rows()
        waiting = [row for row in rows if row.state in {State.HELD, State.CANCELLED, State.SCHEDULED}]
        held = [row for row in waiting if row.state is State.HELD]
        among = held if held and verb == "release" else waiting
        if not among:
            return
        row = among[number % len(among)]
        with self.desk() as desk:
            try:
                match verb:
                    case "release":
                        decide.release(desk, row.id, ANNA)
                        self.twice |= {row.id} if row.twin else set()
                    case "cancel":
                        decide.cancel(desk, row.id, ANNA)
                        self.called_off.add(row.id)
                        return
                    case "reschedule":
                        decide.reschedule(desk, row.id, self.clock() + timedelta(minutes=45), ANNA)
                        self.moved.add(row.id)
                        if row.state is State.SCHEDULED:
                            return
                    case _:
                        decide.retry(desk, row.id, ANNA)
                        self.called_off.discard(row.id)
            except StateError:
                return
        self.words[row.key] = self.folder.versions.get(row.name, 0)

    def teardown(self) -> None:
        """All copies come to their end, the folder is there, and time goes on: whatever a file says is out, or somebody is told why not."""
        if not hasattr(self, "home"):
            return
        if self.folder.is_away:
            self.folder.bring_back()
        self.finish()
        for _ in range(self.ends):
            self.one(later=2400, twice=False)
        self.nothing_new()
        with self.desk() as desk:
            causes = [each.cause.words for each in standing(desk)]
        rows = self.rows()
        left = [row for row in rows if row.state in {State.SCHEDULED, State.PUBLISHING} and row.due_at <= self.clock()]
        assert left == []
        for name, sheet in self.folder.sheets.items():
            if self.folder.is_listed(name):
                self.is_out_or_told(name, sheet, rows, causes)
        for row in rows:
            if row.state in WAITS_FOR_PERSON:
                assert any(row.title in cause or f"投递 {row.id} " in cause for cause in causes), f"no alarm: {row}"


class RealOffice(Story):
    """One whose passes are processes of ``xuanfa publish``, by the clock of the machine: nobody plans for later, and copies do not take long."""

    ends = 1

    @initialize(seed=st.integers(0, 2**32))
    def open(self, seed: int) -> None:
        super().open(seed)
        self.folder.still = timedelta(0)

    def due(self, minutes: int | None) -> datetime | None:
        return super().due(minutes) if minutes is not None and minutes < 0 else None

    def passed(self) -> QueueReport:
        return _said_by(self.started())

    def both_passed(self) -> list[QueueReport]:
        return [_said_by(each) for each in (self.started(), self.started())]

    def started(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-P", "-m", "xuanfa.cli", "publish", "--workspace", str(self.home)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _said_by(process: subprocess.Popen[str]) -> QueueReport:
    """What a process has printed, once it has ended as it should."""
    printed, _ = process.communicate(timeout=120)
    assert process.returncode in {0, 1}, printed
    assert "Traceback" not in printed, printed
    return QueueReport(problems=printed.splitlines())


class _Now:
    """The clock of the machine, which nobody sets."""

    now = property(lambda _: datetime.now(UTC), lambda *_: None)

    def __call__(self) -> datetime:
        return datetime.now(UTC)


class _Interrupted(HereReader):
    """A reader during whose first reading somebody changes something."""

    def __init__(self, desk: Desk, is_stopping: Callable[[], bool], change: Callable[[], None]) -> None:
        super().__init__(desk, is_stopping)
        self._change: Callable[[], None] | None = change

    def read(self, file: InboxFile, source: bytes, only: Any) -> Any:
        found = super().read(file, source, only)
        if self._change is not None:
            self._change()
            self._change = None
        return found


def played(stories: int, steps: int, *, one_in: int = 1) -> settings:
    """So many stories, or one in so many of those that were asked for: the first one is always the simplest."""
    return settings(
        max_examples=STORIES // one_in or stories,
        stateful_step_count=60 if STORIES else steps,
        derandomize=not STORIES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture
def offices(tmp_path: Path, clock: Any, sink: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """Makes offices that know nothing of each other, each with an SQLite file of its own."""
    monkeypatch.setenv("XUANFA_PUBLISH__STILL_SECONDS", "5")
    empty = tmp_path / "empty.db"
    with closing(Store(f"sqlite:///{empty}")) as store:
        store.upgrade()

    def make() -> Any:
        home = tmp_path / uuid4().hex
        (home / "var").mkdir(parents=True)
        shutil.copy(empty, home / "var" / "xuanfa.db")
        sink.seen.clear()
        return home, f"sqlite:///{home / 'var' / 'xuanfa.db'}", type(clock)(), sink

    return make


def test_what_is_sent_is_what_the_folder_and_the_decisions_said(offices: Callable[[], Any]) -> None:
    machine = type("Story", (Story,), {"make": staticmethod(offices)})
    run_state_machine_as_test(machine, settings=played(8, 20))


def test_the_same_where_files_are_read_by_a_process_of_its_own(offices: Callable[[], Any]) -> None:
    machine = type("Story", (Story,), {"make": staticmethod(offices), "aside": True})
    run_state_machine_as_test(machine, settings=played(2, 8, one_in=20))


@pytest.mark.postgres
def test_the_same_on_postgresql(offices: Callable[[], Any], postgres: Any) -> None:
    lent: list[str] = []

    def make() -> Any:
        while lent:
            postgres.give_back(lent.pop())
        home, _, clock, sink = offices()
        lent.append(postgres.database())
        return home, lent[0], clock, sink

    machine = type("Story", (Story,), {"make": staticmethod(make)})
    run_state_machine_as_test(machine, settings=played(3, 12, one_in=10))
    while lent:
        postgres.give_back(lent.pop())


def test_the_same_with_real_processes(offices: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUANFA_PUBLISH__STILL_SECONDS", "0")

    def make() -> Any:
        home, database, _, sink = offices()
        return home, database, _Now(), sink

    machine = type("Story", (RealOffice,), {"make": staticmethod(make)})
    run_state_machine_as_test(machine, settings=played(2, 8, one_in=20))
