"""A database of which nothing has left, and in which nobody has decided anything, can be lost without anything's being held."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.operations.memory.conftest import Office
from tests.support.decisions import cancel, pause
from xuanfa.domain.delivery import State
from xuanfa.domain.mark import Mark, Sent, never_did_anything

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
BARE = Mark(workspace="w", database="d", folder="/w", at=NOW)
TRY = Sent(1, 1, "one", "hook")


def test_a_database_that_only_read_posts_may_be_lost(
    office: Office, sink: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    office.workspace.post("later", publish_at="2026-03-03 09:00")
    office.publish()
    office.use(office.fresh())
    assert office.publish("one") == {"later": State.SCHEDULED, "one": State.PUBLISHED}
    assert "什么也没有发出过" in capsys.readouterr().err
    assert office.publish()["one"] is State.PUBLISHED
    assert "什么也没有发出过" not in capsys.readouterr().err
    assert office.paused() is None
    assert len(sink.seen) == 1
    office.use(office.fresh())
    assert office.publish()["one"] is State.HELD
    assert len(sink.seen) == 1


@pytest.mark.parametrize("what", ["cancel", "pause"])
def test_one_in_which_somebody_has_decided_may_not(office: Office, sink: Any, what: str) -> None:
    office.workspace.post("later", publish_at="2026-03-03 09:00")
    office.publish()
    if what == "cancel":
        office.decide(cancel, office.number("later"))
    else:
        office.decide(pause, "hook")
    office.use(office.fresh())
    assert office.publish() == {"later": State.HELD}
    assert "数据库不记得已经做过的事" in (office.paused() or "")
    assert not sink.seen


@pytest.mark.parametrize(
    ("marks", "blank"),
    [
        ([replace(BARE, far=3, blank=True)], True),
        ([replace(BARE, far=3)], False),
        ([replace(BARE, far=3, blank=True), replace(BARE, sent=(TRY,))], False),
        ([replace(BARE, sent=(TRY,)), replace(BARE, kept=(TRY,)), replace(BARE, far=3, blank=True)], True),
        ([replace(BARE, sent=(TRY,)), replace(BARE, kept=(TRY,)), replace(BARE, out=(TRY,))], False),
        ([replace(BARE, sent=(TRY, TRY._replace(attempt=2))), replace(BARE, kept=(TRY,))], False),
        ([replace(BARE, far=3, blank=True), replace(BARE, far=4)], False),
        ([replace(BARE, far=3, blank=True, held=True)], False),
    ],
)
def test_what_marks_say_of_a_database_that_did_nothing(marks: list[Mark], blank: bool) -> None:
    kept = [Mark.from_line(mark.as_line()) for mark in marks]
    assert never_did_anything([mark for mark in kept if mark is not None]) is blank
