"""What the database has forgotten is remembered outside of it, and goes out no second time."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from xuanfa.bootstrap import looking_desk, open_desk
from xuanfa.bootstrap.restoring import restore_workspace
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StoreError
from xuanfa.domain.mark import Mark
from xuanfa.engine.once import one_pass
from xuanfa.operations.alarms import standing
from xuanfa.operations.backup import backup
from xuanfa.operations.decide import Person, cancel, release, resolve_published, resume
from xuanfa.operations.examine import examine
from xuanfa.operations.perform import perform
from xuanfa.operations.queue import queue
from xuanfa.operations.recover import recover
from xuanfa.reports.listing import everything_paused, list_deliveries
from xuanfa.store import identity
from xuanfa.store.database import Store
from xuanfa.store.marks import Marks
from xuanfa.store.schema import attempts

ANNA = Person(name="安娜", why="核对")
sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@dataclass
class Office:
    """A workspace, and what becomes of its database. ``url`` leads to the one in use."""

    workspace: Any
    url: str
    clock: Any
    fresh: Callable[[], str]
    copied: Callable[[str], str]
    folder: Path = field(init=False)

    def __post_init__(self) -> None:
        self.folder = self.workspace.folder
        self.settle_in()

    def settle_in(self, *channels: str, **extra: str) -> None:
        self.workspace.settle_in(*channels, settings=f'database_url = "{self.url}"\n', **extra)

    def use(self, url: str) -> None:
        """Have the settings lead to another database."""
        file = self.folder / "xuanfa.toml"
        file.write_text(file.read_text(encoding="utf-8").replace(self.url, url), encoding="utf-8")
        self.url = url

    def publish(self, *slugs: str) -> dict[str, State]:
        """A pass as a process of its own makes it, over these posts too; how everything stands then."""
        for slug in slugs:
            self.workspace.post(slug)
        with open_desk(self.folder, self.clock) as desk:
            one_pass(desk)
            return {row.post: row.state for row in list_deliveries(desk.store)}

    def paused(self) -> str | None:
        with looking_desk(self.folder, self.clock) as desk:
            return everything_paused(desk.store)

    def ask(self, **options: Any) -> Any:
        with looking_desk(self.folder, self.clock) as desk:
            return recover(desk, **options)

    def number(self, slug: str) -> int:
        with looking_desk(self.folder, self.clock) as desk:
            return next(row.id for row in list_deliveries(desk.store, post=slug))

    def decide(self, decision: Callable[..., object], *arguments: object) -> None:
        with open_desk(self.folder, self.clock) as desk:
            decision(desk, *arguments, ANNA)


@pytest.fixture
def office(
    workspace: Any, database: str, clock: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Office]:
    """An office on either kind of database, which can be lost, or put back as it was."""
    given: list[str] = []
    server = None if database.startswith("sqlite") else request.getfixturevalue("postgres")

    def fresh() -> str:
        given.append(f"sqlite:///{tmp_path / f'other{len(given)}' / 'x.db'}" if server is None else server.database())
        return given[-1]

    def copied(url: str) -> str:
        """As the database is now, whole; nobody is using it."""
        if server is None:
            given.append(f"sqlite:///{tmp_path / f'copy{len(given)}.db'}")
            shutil.copy(sa.make_url(url).database or "", sa.make_url(given[-1]).database or "")
        else:
            name = f"copy_{len(given)}_{sa.make_url(url).database}"
            server.sql(f"CREATE DATABASE {name} TEMPLATE {sa.make_url(url).database}")
            given.append(server.url(name))
        return given[-1]

    yield Office(workspace, database, clock, fresh, copied)
    for url in given if server is not None else ():
        server.drop(url)


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


def test_a_workspace_that_is_moved_needs_nothing(office: Office, tmp_path: Path, sink: Any) -> None:
    office.publish("one")
    office.folder.rename(tmp_path / "elsewhere")
    office.folder = office.workspace.folder = tmp_path / "elsewhere"
    assert office.publish("two") == {"one": State.PUBLISHED, "two": State.PUBLISHED}
    assert office.paused() is None


def test_of_a_workspace_and_its_copy_the_one_that_falls_behind_is_held(
    workspace: Any, clock: Any, tmp_path: Path, sink: Any
) -> None:
    """Each has its database inside."""
    original = Office(workspace.settle_in(), "sqlite:///var/xuanfa.db", clock, str, str)
    workspace.settle_in()
    original.publish("one")
    shutil.copytree(original.folder, tmp_path / "copy")
    copy = Office(type(workspace)(tmp_path / "copy", sink.url), "sqlite:///var/xuanfa.db", clock, str, str)
    assert copy.publish("two") == {"one": State.PUBLISHED, "two": State.PUBLISHED}
    assert original.publish("three") == {"one": State.PUBLISHED, "three": State.HELD}
    assert copy.publish("four") == dict.fromkeys(("one", "two", "four"), State.PUBLISHED)
    original.decide(release, original.number("three"))
    original.decide(resume, EVERYTHING)
    assert original.publish() == {"one": State.PUBLISHED, "three": State.PUBLISHED}
    assert copy.publish("five") == dict.fromkeys(("one", "two", "four", "five"), State.PUBLISHED)
    assert original.publish("six")["six"] is State.PUBLISHED
    assert len(sink.seen) == 6


def test_two_workspaces_on_one_database_are_refused_until_one_adopts_it(
    office: Office, tmp_path: Path, sink: Any
) -> None:
    office.publish("one")
    other = Office(type(office.workspace)(tmp_path / "second", sink.url), office.url, office.clock, str, str)
    with pytest.raises(StoreError, match=r"属于另一个工作区（.*/office），没有改动.*xuanfa db adopt"):
        other.publish("two")
    with open_desk(other.folder, office.clock, adopting="安娜"):
        pass
    assert other.publish("two")["two"] is State.PUBLISHED
    with pytest.raises(StoreError, match=r"属于另一个工作区（.*/second）"):
        office.publish()
    assert len(sink.seen) == 2


def test_two_new_workspaces_on_one_database_are_refused_at_once(office: Office, tmp_path: Path, sink: Any) -> None:
    office.publish()
    other = Office(type(office.workspace)(tmp_path / "second", sink.url), office.url, office.clock, str, str)
    with pytest.raises(StoreError, match="属于另一个工作区"):
        other.publish()


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


def test_another_machine_notices_what_its_own_marks_say(
    office: Office, state_home: Path, sink: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each has its own marks of one database. The other one has sent nothing, and has seen how far the history had come."""
    office.publish("one")
    older = office.copied(office.url)
    office.publish("two")
    (office.folder / "xuanfa.marks").unlink()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "other machine"))
    office.publish()
    assert not any(mark.sent for mark in marks_of(office))
    office.use(older)
    assert office.publish() == {"one": State.PUBLISHED, "two": State.HELD}
    assert "数据库不记得" in (office.paused() or "")
    assert not office.ask().items, "it does not know what, but that something is missing"
    (office.folder / "xuanfa.marks").unlink()
    monkeypatch.setenv("XDG_STATE_HOME", str(state_home))
    office.publish()
    assert [(item.remembered.post, item.open) for item in office.ask().items] == [("two", True)]
    office.decide(resolve_published, office.number("two"), "https://www.example.gov.cn/two")
    office.decide(resume, EVERYTHING)
    office.publish()
    assert office.paused() is None
    assert len(sink.seen) == 2


def test_a_restore_goes_on_with_its_marks_and_keeps_what_they_say_of_the_time_since(
    office: Office, tmp_path: Path, sink: Any
) -> None:
    """The database is lost; what is new was noticed and held; then the backup is put back in its place."""
    office.publish("one")
    with open_desk(office.folder, office.clock) as desk:
        backup(desk, tmp_path / "backup.zip")
    office.publish("two")
    office.use(office.fresh())
    office.publish()
    restore_workspace(tmp_path / "backup.zip", office.folder, ANNA, office.clock)
    assert "备份恢复" in (office.paused() or "")
    found = office.ask()
    assert [(item.remembered.post, item.here, item.open) for item in found.items] == [("two", None, True)]
    assert office.publish() == {"one": State.PUBLISHED, "two": State.HELD}
    office.decide(resolve_published, office.number("two"), "https://www.example.gov.cn/two")
    office.decide(resume, EVERYTHING)
    assert office.publish("three") == dict.fromkeys(("one", "two", "three"), State.PUBLISHED)
    assert office.paused() is None
    assert not office.ask().is_open
    assert len(sink.seen) == 3


def test_the_key_for_hashes_goes_with_a_backup_and_the_names_do_not(office: Office, tmp_path: Path) -> None:
    with open_desk(office.folder, office.clock) as desk:
        backup(desk, tmp_path / "backup.zip")
        with desk.store.read() as connection:
            before = identity.get(connection)
    office.use(office.fresh())
    restore_workspace(tmp_path / "backup.zip", office.folder, ANNA, office.clock)
    store = Store(office.url)
    with store.read() as connection:
        after = identity.get(connection)
    store.close()
    assert after.salt == before.salt
    assert after.database != before.database
    assert after.workspace == before.workspace


def marks_of(office: Office) -> list[Mark]:
    lines = (office.folder / "xuanfa.marks").read_bytes().splitlines()
    return [mark for mark in map(Mark.from_line, lines) if mark is not None]


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


@sqlite_only
def test_a_pass_that_changes_nothing_adds_no_mark(office: Office) -> None:
    office.publish("one")
    before = (office.folder / "xuanfa.marks").read_bytes()
    office.publish()
    office.publish()
    assert (office.folder / "xuanfa.marks").read_bytes() == before


def test_who_adopts_a_database_that_was_set_back_is_told_by_the_marks_of_its_former_workspace(
    office: Office, tmp_path: Path, sink: Any
) -> None:
    office.publish("one")
    older = office.copied(office.url)
    office.publish("two")
    other = Office(type(office.workspace)(tmp_path / "second", sink.url), older, office.clock, str, str)
    with open_desk(other.folder, office.clock, adopting="安娜"):
        pass
    assert other.publish("two")["two"] is State.HELD
    assert "数据库不记得" in (other.paused() or "")
    assert len(sink.seen) == 2
