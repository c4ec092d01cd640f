"""The folder and the queue over several looks: what happened before decides what a look may do."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.operations.over_time.conftest import BODY, LATER, made_otherwise, states, to_fifo
from tests.support.decisions import ANNA, cancel, release
from xuanfa.domain.delivery import State
from xuanfa.engine.once import one_pass
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.intake.reading import HereReader

# No change of a template, a setting or a picture answers a question.


def test_a_held_copy_stays_held_when_its_template_changes(office: Any) -> None:
    office.write("one", BODY, title="同一件事")
    office.write("two", BODY, title="同一件事")
    one_pass(office.desk)
    before = office.get(2)
    assert states(office) == [State.PUBLISHED, State.HELD]
    made_otherwise(office)
    one_pass(office.desk)
    after = office.get(2)
    assert (after.state, after.reason, after.twin) == (State.HELD, before.reason, 1)
    assert after.digest != before.digest
    release(office.desk, 2, ANNA)
    one_pass(office.desk)
    assert office.scripts["web"].sent[-1].rendition.body.endswith("改")


def test_a_time_that_is_past_stays_a_question_when_the_template_changes(office: Any) -> None:
    office.write("one", publish_at="2025-03-02 18:00")
    one_pass(office.desk)
    made_otherwise(office)
    one_pass(office.desk)
    assert states(office) == [State.HELD]
    assert "已经过去" in office.get().reason
    assert office.scripts["web"].sent == []


def refuse(bench: Any) -> None:
    """Have the template make something that may not go out."""
    from xuanfa.domain.finding import Finding  # noqa: PLC0415

    bench.scripts["web"].findings = [Finding(code="no", message="模板写坏了")]


@pytest.mark.parametrize("matter", [{"publish_at": "2025-03-02 18:00"}, {"title": "“first”"}])
def test_a_question_outlives_a_template_that_was_broken_for_a_while(office: Any, matter: dict[str, str]) -> None:
    office.write("first", BODY)
    one_pass(office.desk)
    refuse(office)
    office.write("second", BODY, **matter)
    queue(office.another(making="broken"))
    assert office.get(2).state is State.REJECTED
    office.scripts["web"].findings = []
    queue(office.another(making="mended"))
    one_pass(office.another(making="mended"))
    assert states(office) == [State.PUBLISHED, State.HELD]


def test_what_is_held_is_not_let_go_by_a_template_that_is_broken_for_a_while(office: Any) -> None:
    office.write("one", BODY, title="同一件事")
    office.write("two", BODY, title="同一件事")
    one_pass(office.desk)
    refuse(office)
    queue(office.another(making="broken"))
    assert (office.get(2).state, office.get(2).rendition_id) == (State.HELD, None)
    office.scripts["web"].findings = []
    queue(office.another(making="mended"))
    one_pass(office.another(making="mended"))
    assert states(office) == [State.PUBLISHED, State.HELD]
    assert office.get(2).rendition_id is not None


def test_an_original_that_comes_back_after_its_copy_went_out_is_held(office: Any) -> None:
    path = office.write("one", BODY, title="同一件事", publish_at=LATER)
    queue(office.desk)
    text = path.read_text(encoding="utf-8")
    path.unlink()
    office.write("other", "另一篇。", publish_at="2026-03-09 18:00")
    queue(office.desk)
    office.write("copy", BODY, title="同一件事", slug="copied")
    path.write_text(text, encoding="utf-8")
    one_pass(office.desk)
    office.clock.advance(hours=10)
    one_pass(office.desk)
    assert len(office.scripts["web"].sent) == 1


def test_underscores_take_everything_back(office: Any) -> None:
    for name in ("one", "two", "three"):
        office.write(name, publish_at=LATER)
    queue(office.desk)
    for path in sorted((office.folder / "posts").iterdir()):
        path.rename(path.with_name(f"_{path.name}"))
    office.clock.advance(hours=10)
    report = one_pass(office.desk).queued
    assert states(office) == [State.HELD] * 3
    assert report.problems == []


def test_a_folder_that_was_emptied_when_all_was_out_is_no_trouble(office: Any) -> None:
    office.write("one")
    office.write("two")
    one_pass(office.desk)
    for path in (office.folder / "posts").iterdir():
        path.unlink()
    assert queue(office.desk).problems == []


# Channels that the file or the settings name, and templates.


def test_what_a_file_has_called_off_it_calls_back_and_what_a_person_has_it_does_not(office: Any) -> None:
    office.channel("second")
    path = office.write("one", BODY, publish_at=LATER)
    queue(office.desk)
    both = path.read_text(encoding="utf-8")
    path.write_text(both.replace("column: action", "column: action\nchannels: [web]"), encoding="utf-8")
    assert any("不再发往 second" in notice for notice in queue(office.desk).notices)
    assert states(office) == [State.SCHEDULED, State.CANCELLED]
    path.write_text(both, encoding="utf-8")
    queue(office.desk)
    assert states(office) == [State.SCHEDULED] * 2
    cancel(office.desk, 2, ANNA)
    path.write_text(both + "改。\n", encoding="utf-8")
    queue(office.desk)
    assert states(office) == [State.SCHEDULED, State.CANCELLED]


def test_a_template_that_changes_under_a_process_that_stays_makes_new_renditions(workspace: Any, clock: Any) -> None:
    workspace.post("one", publish_at=LATER)
    desk = workspace.desk(clock)
    queue(desk)
    template = workspace.folder / "templates" / "webhook" / "plain.json"
    template.write_text(template.read_text("utf-8").replace('"title"', '"heading"'), encoding="utf-8")
    assert queue(desk).revised == ["one"]
    assert queue(desk).revised == []


# Told once; and several processes.


@pytest.mark.parametrize("undo", [Path.unlink, to_fifo])
def test_who_might_release_what_is_held_is_told_that_its_file_is_gone(
    office: Any, undo: Callable[[Path], None]
) -> None:
    office.write("first", BODY, title="同一件事")
    path = office.write("second", BODY, title="同一件事")
    one_pass(office.desk)
    undo(path)
    assert [notice for notice in queue(office.desk).notices if "投递 2 因别的原因还暂缓着" in notice]
    assert queue(office.desk).notices == []
    assert office.get(2).twin == 1


def test_what_is_said_of_a_bad_file_besides_is_said_once(office: Any) -> None:
    office.write("one", BODY, slug="same")
    office.write("two", f"短\n\n==标记==\n\n{BODY}", slug="same", title="另一篇")
    assert any("==" in notice for notice in queue(office.desk).notices)
    again = queue(office.desk)
    assert (len(again.problems), again.notices) == (1, [])


def test_what_was_read_before_somebody_else_read_something_newer_is_not_taken(office: Any) -> None:
    path = office.write("one", "第一版。", publish_at=LATER)
    other = office.another()

    class Slow(HereReader):
        def read(self, file: Any, source: bytes, only: Any) -> Any:
            found = super().read(file, source, only)
            path.write_text(path.read_text(encoding="utf-8").replace("第一版", "第二版"), encoding="utf-8")
            queue(other)
            os.utime(path, ns=(file.changed_ns, file.changed_ns))  # so that only the database knows
            return found

    queue(office.another(reader=Slow))
    assert office.get().revision == 1
    office.clock.advance(hours=10)
    one_pass(office.desk)
    assert "第二版" in office.scripts["web"].sent[0].rendition.body
