"""What the database has forgotten is remembered outside of it, and goes out no second time."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.operations.memory.conftest import Office
from tests.support.databases import sqlite_only
from tests.support.decisions import cancel, release, resolve_published, resume
from xuanfa.bootstrap import looking_desk, open_desk
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import State
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.sending.perform import perform
from xuanfa.operations.watching.alarms import standing
from xuanfa.operations.watching.examine import examine
from xuanfa.reports.listing import list_deliveries
from xuanfa.store.schema import attempts


def test_another_database_sends_nothing_again_and_says_how_to_go_on(office: Office, sink: Any) -> None:
    office.publish("one", "two")
    office.use(office.fresh())
    assert office.publish("three") == dict.fromkeys(("one", "two", "three"), State.HELD)
    assert len(sink.seen) == 2
    why = office.paused() or ""
    assert "数据库不记得已经做过的事" in why
    assert "是空的" in why
    assert "xuanfa restore" in why
    assert "xuanfa recover" in why
    office.publish()
    found = office.ask()
    assert found.is_open
    assert [(item.remembered.post, item.remembered.channel, item.open) for item in found.items] == [
        ("one", "hook", True),
        ("two", "hook", True),
    ]
    assert len(sink.seen) == 2


def test_what_a_person_has_settled_is_closed_and_only_what_was_released_goes_out(office: Office, sink: Any) -> None:
    office.publish("one", "two")
    office.use(office.fresh())
    office.publish()
    office.decide(resolve_published, office.number("one"), "https://www.example.gov.cn/one")
    office.decide(release, office.number("two"))
    assert len(sink.seen) == 2
    assert [item.open for item in office.ask().items] == [False, False]
    assert office.ask().is_open, "nobody has resumed"
    office.decide(resume, EVERYTHING)
    assert not office.ask().is_open
    assert office.publish("new") == dict.fromkeys(("one", "two", "new"), State.PUBLISHED)
    assert sorted(json.loads(seen.body)["title"] for seen in sink.seen) == ["“new”", "“one”", "“two”", "“two”"]
    assert office.publish() == dict.fromkeys(("one", "two", "new"), State.PUBLISHED)
    assert office.paused() is None


def test_an_older_copy_that_is_put_back_sends_nothing_again(office: Office, sink: Any) -> None:
    office.publish("one")
    older = office.copied(office.url)
    office.publish("two", "three")
    office.use(older)
    assert office.publish() == {"one": State.PUBLISHED, "two": State.HELD, "three": State.HELD}
    assert "只记到" in (office.paused() or "")
    assert len(sink.seen) == 3
    assert [(item.remembered.post, item.open) for item in office.ask().items] == [("three", True), ("two", True)]


def test_a_copy_from_before_something_was_sent_puts_it_in_doubt(office: Office, sink: Any) -> None:
    office.workspace.post("one")
    with open_desk(office.folder, office.clock) as desk:
        queue(desk)
    older = office.copied(office.url)
    office.publish()
    office.use(older)
    assert office.publish() == {"one": State.UNKNOWN}
    assert len(sink.seen) == 1


def test_a_decision_that_is_forgotten_holds_everything_too(office: Office, sink: Any) -> None:
    office.workspace.post("later", publish_at="2026-03-03 09:00")
    office.publish()
    older = office.copied(office.url)
    office.decide(cancel, office.number("later"))
    office.use(older)
    office.clock.advance(hours=24)
    assert office.publish() == {"later": State.UNKNOWN}
    assert not sink.seen


def test_the_right_database_that_comes_back_goes_on_by_itself(office: Office, sink: Any) -> None:
    """The disk was not mounted at first."""
    office.publish("one")
    right, wrong = office.url, office.fresh()
    office.use(wrong)
    office.publish()
    office.use(right)
    assert office.publish("two") == {"one": State.PUBLISHED, "two": State.PUBLISHED}
    assert office.paused() is None
    office.use(wrong)
    assert office.publish()["two"] is State.HELD
    assert len(sink.seen) == 2


def test_a_database_that_was_resumed_keeps_the_former_one_from_sending(office: Office, sink: Any) -> None:
    office.publish("one")
    former, other = office.url, office.fresh()
    office.use(other)
    office.publish()
    office.decide(resume, EVERYTHING)
    office.publish("two")
    office.use(former)
    assert office.publish("three") == {"one": State.PUBLISHED, "two": State.HELD, "three": State.HELD}
    assert len(sink.seen) == 2


def test_a_post_whose_file_comes_back_after_all_was_resumed_is_held(office: Office, sink: Any) -> None:
    post = office.workspace.post("one")
    office.publish()
    away = post.rename(office.folder / "one.away")
    office.use(office.fresh())
    office.publish()
    office.decide(resume, EVERYTHING)
    away.rename(post)
    assert office.publish("two") == {"one": State.HELD, "two": State.PUBLISHED}
    with looking_desk(office.folder, office.clock) as desk:
        (row,) = list_deliveries(desk.store, post="one")
    assert row.reason.startswith("数据库里没有，但程序外的记号记得它在 2026-03-02 09:00 +08:00 已经发过")
    assert office.ask().is_open


def test_recover_changes_nothing_and_makes_no_database(office: Office, tmp_path: Path) -> None:
    office.publish("one")
    office.use(f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}")
    before = {path: path.read_bytes() for path in office.folder.rglob("*.marks")}
    found = office.ask()
    assert [(item.remembered.post, item.here, item.open) for item in found.items] == [("one", None, True)]
    assert {path: path.read_bytes() for path in office.folder.rglob("*.marks")} == before
    assert not (tmp_path / "nowhere").exists()


def test_where_all_is_well_recover_has_nothing_and_lists_all_when_asked(office: Office) -> None:
    office.publish("one", "two")
    found = office.ask()
    assert not found.is_open
    assert not found.items
    everything = office.ask(everything=True)
    assert [(item.remembered.post, item.here.state, item.open) for item in everything.items] == [
        ("one", State.PUBLISHED, False),
        ("two", State.PUBLISHED, False),
    ]
    assert len(everything.items[0].remembered.source) == 2


@sqlite_only
def test_an_alarm_leads_to_what_is_remembered(office: Office) -> None:
    office.publish("one")
    office.use(office.fresh())
    with open_desk(office.folder, office.clock) as desk:
        causes = {each.cause.name: each.cause for each in standing(desk)}
        told = [item for item in examine(desk) if "丢失" in item.what]
    assert causes["paused:*"].look == "xuanfa recover"
    assert "数据库不记得已经做过的事" in causes["paused:*"].words
    assert [item.fatal for item in told] == [True]


@pytest.mark.parametrize("kind", ["site", "manual"])
def test_a_channel_that_can_tell_is_asked_where_no_mark_is_left(
    workspace: Any, clock: Any, state_home: Path, kind: str
) -> None:
    office = Office(workspace, "sqlite:///var/xuanfa.db", clock, str, str)
    place = 'base_url = "https://www.example.gov.cn"\n' if kind == "site" else ""
    (office.folder / "xuanfa.toml").write_text(
        f'[columns.action]\ntitle = "栏目"\nchannels = ["there"]\n[channels.there]\nadapter = "{kind}"\ndirectory = "there"\n{place}'
    )
    before = office.publish("one")
    assert before in ({"one": State.PUBLISHED}, {"one": State.ACCEPTED})
    made = sorted(path.relative_to(office.folder) for path in (office.folder / "there").rglob("*"))
    for path in (office.folder / "var", state_home):
        shutil.rmtree(path)
    (office.folder / "xuanfa.marks").unlink()
    assert office.publish() == {"one": State.HELD}
    found = office.ask()
    assert [(item.remembered.post, item.remembered.source, item.open) for item in found.items] == [
        ("one", ("there",), True)
    ]
    assert sorted(path.relative_to(office.folder) for path in (office.folder / "there").rglob("*")) == made


def test_a_site_whose_database_knows_everything_is_no_news_without_marks(
    workspace: Any, clock: Any, state_home: Path
) -> None:
    """As after an upgrade from a program that kept none."""
    office = Office(workspace, "sqlite:///var/xuanfa.db", clock, str, str)
    (office.folder / "xuanfa.toml").write_text(
        '[columns.action]\ntitle = "栏目"\nchannels = ["there"]\n[channels.there]\nadapter = "site"\n'
        'directory = "there"\nbase_url = "https://www.example.gov.cn"\n'
    )
    office.publish("one")
    shutil.rmtree(state_home)
    (office.folder / "xuanfa.marks").unlink()
    assert office.publish("two") == {"one": State.PUBLISHED, "two": State.PUBLISHED}
    assert office.paused() is None


@sqlite_only
def test_what_comes_back_to_a_database_that_does_not_have_it_is_said_and_ends_nothing(
    bench: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """The file was replaced while a request was under way."""
    bench.channel()
    bench.queue("one", "two")
    done = [perform(bench, job) for job in bench.claim()]
    with bench.desk.store.write() as connection:
        connection.execute(sa.text("DELETE FROM attempts WHERE delivery_id = 2"))
        connection.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
        connection.execute(sa.text("UPDATE deliveries SET id = 7 WHERE id = 2"))
        connection.execute(sa.text("PRAGMA defer_foreign_keys = OFF"))
    bench.settle(*done)
    assert [bench.get(number).state for number in (1, 7)] == [State.PUBLISHED, State.PUBLISHING]
    assert "投递 2（two，a）的结果无处登记" in caplog.text
    assert "xuanfa recover" in caplog.text


def test_a_late_answer_about_another_post_of_the_same_number_settles_nothing(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    (job,) = bench.claim()
    bench.put(State.UNKNOWN, attempt=1, key="another post's")
    with bench.desk.store.write() as connection:
        connection.execute(attempts.update().values(key="another post's"))
    bench.settle(perform(bench, job))
    assert bench.get().state is State.UNKNOWN
    assert "late_answer" in bench.history()
