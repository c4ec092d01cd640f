"""Reading ``posts/``: what changes, what does not, and what is frozen."""

import os
import pathlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from tests.support.decisions import cancel, reschedule, retry
from xuanfa.domain.delivery import State
from xuanfa.domain.finding import Finding
from xuanfa.domain.outcome import Unsent
from xuanfa.domain.person import Person
from xuanfa.engine.once import one_pass
from xuanfa.operations.intake import inbox
from xuanfa.operations.intake import queue as queueing
from xuanfa.operations.intake.queue import queue
from xuanfa.store.schema import metadata

ANNA = Person(name="安娜", why="看过了")


@contextmanager
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the files that are read meanwhile."""
    names: list[str] = []
    real = inbox.read_source

    def read(path: pathlib.Path, shown_as: str) -> bytes:
        names.append(path.name)
        return real(path, shown_as)

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "read_source", read)
        yield names


def dump(bench: Any) -> list[Any]:
    """Everything in the database, but when files were looked at."""
    with bench.desk.store.read() as connection:
        return [sorted(map(tuple, connection.execute(sa.select(table)))) for table in metadata.sorted_tables]


def test_reading_twice_changes_nothing_and_opens_no_file(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.channel()
    bench.queue("one", "two")
    before = dump(bench)
    bench.clock.advance(minutes=1)
    with opened(monkeypatch) as names:
        report = queue(bench.desk)
    assert names == []
    assert (report.new, report.revised, report.unchanged, report.problems, report.notices) == ([], [], 2, [], [])
    assert dump(bench) == before


def test_a_touched_file_is_read_and_changes_nothing(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.channel()
    bench.queue("one")
    before = bench.all()
    os.utime(bench.folder / "posts" / "one.md", ns=(1, 1))
    with opened(monkeypatch) as names:
        assert queue(bench.desk).unchanged == 1
    assert names == ["one.md"]
    assert bench.all() == before


def test_a_changed_file_is_a_revision_with_another_key(bench: Any) -> None:
    script = bench.channel()
    bench.write("one", "旧正文。", publish_at="2026-03-02 10:00")
    bench.queue()
    before = bench.get()
    bench.write("one", "新的正文。", publish_at="2026-03-02 10:00")
    assert bench.queue().revised == ["one"]
    after = bench.get()
    assert (after.id, after.state, after.revision) == (before.id, State.SCHEDULED, 2)
    assert after.key != before.key
    bench.clock.advance(hours=1)
    bench.run()
    assert [order.rendition.body.strip() for order in script.sent] == ["新的正文。"]


def test_a_change_that_no_reader_sees_keeps_the_key_and_the_tries(bench: Any) -> None:
    bench.channel().publish.append(Unsent(evidence="refused"))
    bench.queue("one")
    bench.run()
    before = bench.get()
    bench.write("one", keywords="[审判]")
    bench.queue()
    assert (bench.get().key, bench.get().tries, bench.get().revision) == (before.key, 1, 2)


def test_what_is_published_is_untouched_and_a_notice_says_so(bench: Any) -> None:
    first, second = bench.channel("a"), bench.channel("b")
    second.publish.append(Unsent(evidence="refused"))
    bench.queue("one")
    bench.run()
    published = bench.get(1)
    bench.write("one", "新的正文。")
    report = bench.queue()
    assert bench.get(1) == published
    assert [notice for notice in report.notices if "没有送到 a" in notice]
    bench.clock.advance(minutes=1)
    bench.run()
    assert len(first.sent) == 1
    assert second.sent[-1].rendition.body.strip() == "新的正文。"


def test_the_exact_bytes_that_were_frozen_are_sent(workspace: Any, sink: Any, clock: Any) -> None:
    template = workspace.folder / "templates" / "webhook" / "plain.json"
    template.write_text('{"text": {{ text | tojson }}, "pictures": {{ pictures | tojson }}}', encoding="utf-8")
    picture = workspace.folder / "posts" / "court.png"
    Image.new("RGB", (40, 30), "navy").save(picture)
    file = workspace.post("one", "巡回审判。\n\n![法庭](court.png)", publish_at="2026-03-02 10:00")
    desk = workspace.desk(clock)
    queue(desk)
    with desk.store.read() as connection:
        frozen = connection.scalar(sa.text("SELECT body FROM renditions"))
    kept = {path.read_bytes() for path in (workspace.folder / "var" / "media").rglob("*.png")}
    original = picture.read_bytes()
    file.write_text("换了内容", encoding="utf-8")
    Image.new("RGB", (50, 50), "red").save(picture)
    template.unlink()
    clock.advance(hours=1)
    one_pass(desk, in_flight=1, scan=False)
    assert sink.seen[0].body == frozen.encode()
    assert kept == {original}


def test_a_slug_belongs_to_one_file_and_the_remedy_is_noticed(bench: Any) -> None:
    bench.channel()
    bench.write("one", slug="same")
    bench.write("two", slug="same")
    report = bench.queue()
    assert report.new == ["same"]
    assert len(report.problems) == 1
    assert "posts/two.md" in report.problems[0]
    assert "posts/one.md" in report.problems[0]
    assert bench.queue().problems == report.problems
    (bench.folder / "posts" / "one.md").unlink()
    report = bench.queue()
    assert (report.problems, report.revised) == ([], ["same"])
    assert len(bench.all()) == 1


def test_a_remedy_outside_the_file_is_noticed(bench: Any) -> None:
    bench.channel()
    bench.write("one", "![法庭](court.png)")
    report = bench.queue()
    assert len(report.problems) == 1
    assert "court.png" in report.problems[0]
    Image.new("RGB", (40, 30)).save(bench.folder / "posts" / "court.png")
    report = bench.queue()
    assert (report.problems, report.new) == ([], ["one"])


def test_a_moved_file_is_the_same_post_and_frees_its_old_name(bench: Any) -> None:
    bench.channel()
    bench.write("one", slug="kept")
    bench.queue()
    before = bench.all()
    (bench.folder / "posts" / "2026").mkdir()
    shutil.move(bench.folder / "posts" / "one.md", bench.folder / "posts" / "2026" / "moved.md")
    report = bench.queue()
    assert (report.new, report.revised, report.problems) == ([], [], [])
    assert bench.all() == before
    bench.write("one", slug="another")
    assert bench.queue().new == ["another"]
    moved = bench.folder / "posts" / "2026" / "moved.md"
    moved.write_text(moved.read_text(encoding="utf-8").replace("正文", "新的正文"), encoding="utf-8")
    report = bench.queue()
    assert (report.problems, report.revised) == ([], ["kept"])


def test_a_deleted_file_leaves_its_post_alone_and_may_come_back(bench: Any) -> None:
    script = bench.channel()
    bench.write("one", publish_at="2026-03-02 10:00")
    bench.queue()
    text = (bench.folder / "posts" / "one.md").read_text(encoding="utf-8")
    (bench.folder / "posts" / "one.md").unlink()
    assert bench.queue().problems == []
    (bench.folder / "posts" / "one.md").write_text(text, encoding="utf-8")
    assert (bench.queue().new, len(bench.all())) == ([], 1)
    bench.clock.advance(hours=1)
    bench.run()
    assert len(script.sent) == 1


def test_a_changed_slug_is_another_post_and_a_notice_names_the_first(bench: Any) -> None:
    bench.channel()
    bench.write("one", slug="first", publish_at="2026-03-02 10:00")
    bench.queue()
    bench.write("one", slug="second", publish_at="2026-03-02 10:00")
    report = bench.queue()
    assert report.new == ["second"]
    assert any("first" in notice and "second" in notice for notice in report.notices)


def test_a_file_that_changes_while_it_is_read_is_not_taken_until_it_rests(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.channel()
    bench.write("one", "只写了一半")
    real = queueing._reading

    def read(*arguments: Any) -> Any:
        made = real(*arguments)
        bench.write("one", "写完了，这才是全文。")
        return made

    with monkeypatch.context() as patch:
        patch.setattr(queueing, "_reading", read)
        assert bench.queue().new == []
    assert bench.queue().new == ["one"]
    with bench.desk.store.read() as connection:
        assert "全文" in connection.scalar(sa.text("SELECT body FROM renditions"))


def test_a_cancelled_delivery_takes_the_change_and_stays_cancelled(bench: Any) -> None:
    script = bench.channel()
    bench.write("one", "旧正文。", publish_at="2026-03-02 10:00")
    bench.queue()
    cancel(bench.desk, 1, ANNA)
    bench.write("one", "新的正文。", publish_at="2026-03-02 10:00")
    report = bench.queue()
    assert bench.get().state is State.CANCELLED
    assert any("已取消" in notice and "retry" in notice for notice in report.notices)
    retry(bench.desk, 1, ANNA)
    bench.clock.now = bench.get().due_at
    bench.run()
    assert [order.rendition.body.strip() for order in script.sent] == ["新的正文。"]


def test_a_time_that_a_person_set_outlives_a_changed_file(bench: Any) -> None:
    script = bench.channel()
    bench.write("one", "旧正文。", publish_at="2026-03-02 10:00")
    bench.queue()
    friday = datetime(2026, 3, 6, 1, 0, tzinfo=UTC)
    reschedule(bench.desk, 1, friday, ANNA)
    bench.write("one", "新的正文。", publish_at="2026-03-02 10:00")
    report = bench.queue()
    assert bench.get().due_at == friday
    assert any("改期" in notice for notice in report.notices)
    bench.clock.advance(hours=2)
    bench.run()
    assert script.sent == []


def test_a_post_that_leaves_a_channel_is_called_off_there(bench: Any) -> None:
    bench.channel("a")
    bench.channel("b")
    bench.write("one", publish_at="2026-03-02 10:00")
    bench.queue()
    bench.write("one", publish_at="2026-03-02 10:00", channels="[a]")
    bench.queue()
    assert [delivery.state for delivery in bench.all()] == [State.SCHEDULED, State.CANCELLED]


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ("<script>alert(1)</script>", State.REJECTED),
        ("<div> <p>&nbsp;</p> </div>", State.REJECTED),
        ("![](cover.png)", State.SCHEDULED),
    ],
)
def test_a_body_of_which_cleaning_leaves_nothing_is_the_authors_on_every_channel(
    bench: Any, body: str, state: State
) -> None:
    bench.channel("a")
    bench.channel("b", link="a")
    (bench.folder / "posts").mkdir(exist_ok=True)
    Image.new("RGB", (9, 9)).save(bench.folder / "posts" / "cover.png")
    bench.write("one", body)
    bench.queue()
    assert [each.state for each in bench.all()] == [state, state]
    assert all(each.state is State.SCHEDULED or each.reason.startswith("正文是空的") for each in bench.all())


def test_what_a_check_blocks_is_rejected_and_no_decision_can_send_it(bench: Any) -> None:
    script = bench.channel()
    script.findings.append(Finding(code="x", message="太长"))
    bench.queue("one")
    assert (bench.get().state, bench.get().reason) == (State.REJECTED, "太长")
    assert bench.history() == ["rejected"]
    cancel(bench.desk, 1, ANNA)
    with pytest.raises(Exception, match="成稿"):
        retry(bench.desk, 1, ANNA)
    script.findings.clear()
    bench.write("one", "短了。")
    bench.queue()
    retry(bench.desk, 1, ANNA)
    bench.run()
    assert bench.get().state is State.PUBLISHED


def test_one_bad_file_does_not_keep_the_others(bench: Any) -> None:
    bench.channel()
    (bench.folder / "posts").mkdir()
    (bench.folder / "posts" / "bad.md").write_bytes(b"---\ntitle: [\n---\n")
    report = bench.queue("good")
    assert report.new == ["good"]
    assert any("posts/bad.md" in problem for problem in report.problems)


def test_slots_are_taken_in_order_and_given_back(bench: Any) -> None:
    bench.channel()
    bench.timetable = ("daily 09:00",)
    for slug in ("one", "two"):
        bench.write(slug, publish_at="")
    bench.queue()
    nine = bench.clock()
    assert [delivery.due_at for delivery in bench.all()] == [nine + timedelta(days=1), nine + timedelta(days=2)]
    bench.write("one", publish_at="2026-03-10 10:00")
    bench.queue()
    bench.write("three", publish_at="")
    bench.queue()
    assert bench.get(3).due_at == nine + timedelta(days=1)


def test_a_revision_keeps_its_slot(bench: Any) -> None:
    bench.channel()
    bench.timetable = ("daily 09:00",)
    for slug in ("one", "two"):
        bench.write(slug, publish_at="")
    bench.queue()
    before = bench.get(1).due_at
    bench.write("one", "新的正文。", publish_at="")
    bench.queue()
    assert bench.get(1).due_at == before
