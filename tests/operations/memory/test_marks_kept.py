"""Marks outside the database: when and where they are written, that one place makes good another, and places that take none."""

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.operations.memory.conftest import Office, marks_of
from tests.support.databases import sqlite_only
from xuanfa.bootstrap import open_desk
from xuanfa.domain.delivery import State
from xuanfa.domain.mark import Mark
from xuanfa.domain.outcome import Unknown, Unsent
from xuanfa.operations.keeping.lost import said_by_marks
from xuanfa.operations.keeping.memory import note_turn
from xuanfa.operations.sending.perform import Done
from xuanfa.operations.watching.alarms import standing
from xuanfa.operations.watching.examine import examine
from xuanfa.store.marks import Marks


def test_a_mark_that_is_lost_is_made_good_by_the_other(office: Office, state_home: Path, sink: Any) -> None:
    office.publish("one")
    (office.folder / "xuanfa.marks").unlink()
    assert office.publish("two")["two"] is State.PUBLISHED
    assert (office.folder / "xuanfa.marks").exists()
    shutil.rmtree(state_home)
    office.use(office.fresh())
    assert office.publish()["two"] is State.HELD
    assert len(sink.seen) == 2


def test_the_state_folder_alone_remembers_a_folder_whose_mark_is_gone(office: Office, sink: Any) -> None:
    office.publish("one")
    (office.folder / "xuanfa.marks").unlink()
    office.use(office.fresh())
    assert office.publish() == {"one": State.HELD}
    assert len(sink.seen) == 1


def test_it_is_noted_before_anything_leaves_and_in_both_places(
    office: Office, state_home: Path, sink: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[set[str]] = []
    take = type(sink).take

    def look(self: Any, seen: Any) -> Any:
        files = [office.folder / "xuanfa.marks", *(state_home / "xuanfa").iterdir()]
        marks = [Mark.from_line(line) for file in files for line in file.read_bytes().splitlines()]
        known.append({sent.post for mark in marks if mark for sent in mark.sent})
        assert [file.read_bytes().count(b'"sent"') for file in files] in ([1, 1], [2, 2])
        return take(self, seen)

    monkeypatch.setattr(type(sink), "take", look)
    office.publish("one")
    assert known == [{"one"}]
    assert [[sent.post for sent in mark.out] for mark in marks_of(office) if mark.out] == [["one"]]
    assert marks_of(office)[-1].far > 0


def test_rehearsals_leave_no_trace_of_what_was_sent(office: Office) -> None:
    office.settle_in(hook="rehearsal = true")
    assert office.publish("one") == {"one": State.PUBLISHED}
    assert not any(mark.sent or mark.out for mark in marks_of(office))


def test_hundreds_are_noted_together_and_seldom_synced(
    office: Office, sink: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        office.workspace.post(f"post-{number}")
    synced: list[int] = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda number: synced.append(number) or fsync(number))
    office.publish()
    assert len(sink.seen) == 60
    assert sum(len(mark.sent) for mark in marks_of(office)) == 60
    assert len(synced) < 30, "a sync of each place at the end, and each second before"


@sqlite_only
def test_places_that_take_no_marks_are_told_and_stop_nothing(
    office: Office, state_home: Path, sink: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    (office.folder / "xuanfa.marks").mkdir()
    assert office.publish("one") == {"one": State.PUBLISHED}
    with open_desk(office.folder, office.clock) as desk:
        told = [item for item in examine(desk) if "程序外的记号" in item.what]
        assert [(bool(item.trouble), item.fatal) for item in told] == [(True, False), (False, False)]
        assert not [each for each in standing(desk) if each.cause.name == "marks"]
    assert "记号一处也写不下" not in capsys.readouterr().err
    shutil.rmtree(state_home)
    state_home.touch()
    assert office.publish("two")["two"] is State.PUBLISHED
    assert capsys.readouterr().err.count("程序外的记号一处也写不下") == 1
    with open_desk(office.folder, office.clock) as desk:
        told = [item for item in examine(desk) if "程序外的记号" in item.what]
        assert [item.fatal for item in told] == [True, True]
        assert [each.cause.look for each in standing(desk) if each.cause.name == "marks"] == ["xuanfa doctor"]
    assert len(sink.seen) == 2


@sqlite_only
def test_an_account_without_a_home_keeps_the_mark_beside_the_settings(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.delenv("HOME")
    office.publish("one")
    with open_desk(office.folder, office.clock) as desk:
        told = [item for item in examine(desk) if "程序外的记号" in item.what]
    assert [(item.trouble, item.fatal) for item in told] == [
        ("", False),
        ("这个账户没有主目录：请设置 HOME 或 XDG_STATE_HOME", False),
    ]
    office.use(office.fresh())
    assert office.publish() == {"one": State.HELD}


def test_what_another_process_does_while_the_marks_are_looked_at_is_no_loss(
    office: Office, sink: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.publish("one")
    read, done = Marks.recent, list[str]()

    def recent(self: Marks) -> list[list[Mark]]:
        if not done:
            done.append("two")
            office.publish("two")
        return read(self)

    monkeypatch.setattr(Marks, "recent", recent)
    assert office.publish()["two"] is State.PUBLISHED
    assert office.paused() is None
    assert len(sink.seen) == 2


@sqlite_only
def test_a_pass_that_changes_nothing_adds_no_mark(office: Office) -> None:
    office.publish("one")
    before = (office.folder / "xuanfa.marks").read_bytes()
    office.publish()
    office.publish()
    assert (office.folder / "xuanfa.marks").read_bytes() == before


@sqlite_only
@pytest.mark.parametrize(
    ("ending", "sent", "is_remembered"),
    [
        (Unsent(evidence="refused"), 0, False),
        (Unsent(evidence="no client"), None, False),
        (Unsent(evidence="cut"), 12, True),
        (Unknown(evidence="silence"), 12, True),
    ],
)
def test_what_is_proved_not_to_have_left_is_not_remembered_as_sent(
    bench: Any, tmp_path: Path, ending: Any, sent: int | None, is_remembered: bool
) -> None:
    bench.channel()
    bench.queue("one")
    marks = Marks(tmp_path)
    marks.use("w", "d", named=True)
    desk = replace(bench.desk, marks=marks)
    (job,) = bench.claim()
    note_turn(desk, bench.clock.now, [job], [], [])
    assert [each.post for each in said_by_marks(marks)] == [
        "one"
    ]  # a process that dies here is remembered to have sent
    note_turn(desk, bench.clock.now, [], [Done(job=job, ending=ending, sent=sent, total=40)], [])
    assert [each.post for each in said_by_marks(marks)] == (["one"] if is_remembered else [])


@sqlite_only
def test_an_attempt_that_has_not_left_says_nothing_of_the_one_that_follows(bench: Any, tmp_path: Path) -> None:
    bench.channel()
    bench.queue("one")
    marks = Marks(tmp_path)
    marks.use("w", "d", named=True)
    desk = replace(bench.desk, marks=marks)
    (job,) = bench.claim()
    done = Done(job=job, ending=Unsent(evidence="refused"), sent=0, total=40)
    again = replace(job, order=replace(job.order, attempt=job.order.attempt + 1))
    note_turn(desk, bench.clock.now, [job], [], [])
    note_turn(desk, bench.clock.now, [again], [done], [])
    assert [each.post for each in said_by_marks(marks)] == ["one"]
    assert {(sent.delivery, sent.attempt) for _, mark in marks.all() for sent in mark.kept} == {(1, 1)}
