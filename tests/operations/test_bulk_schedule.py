"""A bulk schedule: everything or nothing, as ``reschedule`` does it, with slots that may pass from one post to another."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from xuanfa.domain.act import Cancel
from xuanfa.domain.act_lists import ImportSchedule
from xuanfa.domain.bulk import PostMade, PostMove
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import ContentError
from xuanfa.domain.person import Person
from xuanfa.domain.silence import Silence
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.deciding.scheduling import try_schedule
from xuanfa.operations.keeping.verify import verify
from xuanfa.store.schema import events, slots

ANNA = Person(name="安娜", why="会议定的", how="token", place="anna@desk")
ZONE = ZoneInfo("Asia/Shanghai")
HEADINGS = {"post": "稿件", "at": "发布时间", "title": "标题", "column": "栏目", "channel": "渠道"}


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


def move(row: int, post: str, when: datetime, channel: str = "") -> PostMove:
    return PostMove(where=f"第 {row} 行", post=post, at=when, channel=channel, headings=HEADINGS)


def made(row: int, title: str, when: datetime, **more: Any) -> PostMade:
    return PostMade(where=f"第 {row} 行", title=title, at=when, column="action", headings=HEADINGS, **more)


def act(*rows: PostMove | PostMade) -> ImportSchedule:
    moves = tuple(row for row in rows if isinstance(row, PostMove))
    return ImportSchedule(origin="s.xlsx", moves=moves, posts=tuple(row for row in rows if isinstance(row, PostMade)))


@pytest.fixture
def office(bench: Any) -> Any:
    bench.channel("a")
    bench.channel("b")
    bench.timetable = ("Mon,Wed,Fri 09:00",)
    for slug, when in (("one", ""), ("two", ""), ("three", "2026-03-20 15:00")):
        bench.write(slug, f"{slug} 的正文。" * 3, publish_at=when)
    bench.queue()
    return bench


def due(bench: Any) -> dict[str, datetime]:
    with bench.desk.store.read() as connection:
        found = connection.execute(
            sa.text("SELECT p.slug, d.channel, d.id FROM deliveries d JOIN posts p ON p.id = d.post_id")
        ).all()
    return {f"{row.slug}/{row.channel}": bench.get(row.id).due_at for row in found}


def numbers(bench: Any, slug: str) -> list[int]:
    """The deliveries of a post."""
    with bench.desk.store.read() as connection:
        query = sa.text(
            "SELECT d.id FROM deliveries d JOIN posts p ON p.id = d.post_id WHERE p.slug = :slug ORDER BY d.id"
        )
        return list(connection.scalars(query, {"slug": slug}))


def refused(bench: Any, *rows: PostMove | PostMade) -> list[str]:
    before, files = due(bench), sorted(bench.folder.rglob("posts/**/*.md"))
    _, bad = try_schedule(bench.desk, act(*rows), ANNA)
    with pytest.raises(ContentError) as told:
        carry_out(bench.desk, act(*rows), ANNA)
    assert due(bench) == before
    assert sorted(bench.folder.rglob("posts/**/*.md")) == files
    lines = [str(line) for line in str(told.value).splitlines()[1:]]
    assert lines == [str(line) for line in bad.lines]
    return lines


def test_posts_move_on_all_their_channels_and_exchange_their_slots(office: Any) -> None:
    assert due(office) | {"one/a": at(4), "one/b": at(4), "two/a": at(6)} == due(office)
    done = carry_out(office.desk, act(move(2, "one", at(6)), move(3, "two", at(4)), move(4, "three", at(21, 8))), ANNA)
    assert [(each.where, each.post, each.after.channel) for each in done.moved] == [
        ("第 2 行", "one", "a"),
        ("第 2 行", "one", "b"),
        ("第 3 行", "two", "a"),
        ("第 3 行", "two", "b"),
        ("第 4 行", "three", "a"),
        ("第 4 行", "three", "b"),
    ]
    assert due(office) == {
        "one/a": at(6),
        "one/b": at(6),
        "two/a": at(4),
        "two/b": at(4),
        "three/a": at(21, 8),
        "three/b": at(21, 8),
    }
    with office.desk.store.read() as connection:
        taken = {row.at: row.post_id for row in connection.execute(sa.select(slots))}
        lines = connection.execute(sa.select(events).where(events.c.act.is_not(None)).order_by(events.c.id)).all()
    assert set(taken) == {at(4), at(6)}
    assert [line.after for line in lines] == ["rescheduled"] * 6 + ["bulk_scheduled"]
    assert "s.xlsx" in str(lines[-1].why)
    assert "会议定的" in str(lines[-1].why)
    assert all(not check.trouble for check in verify(office.desk))


def test_channels_keep_their_distance_and_one_may_move_alone(office: Any) -> None:
    carry_out(office.desk, act(move(2, "three", at(20, 18), "b")), ANNA)
    assert due(office) | {"three/a": at(20, 15), "three/b": at(20, 18)} == due(office)
    carry_out(office.desk, act(move(2, "three", at(23, 8))), ANNA)
    assert due(office) | {"three/a": at(23, 8), "three/b": at(23, 11)} == due(office)


def test_a_trial_changes_nothing_and_shows_what_would_come(office: Any) -> None:
    before = due(office)
    done, bad = try_schedule(office.desk, act(move(2, "one", at(25)), made(3, "新的", at(25, 10))), ANNA)
    assert [(each.post, each.after.due_at) for each in done.moved] == [("one", at(25))] * 2
    assert [each.path for each in done.made] == ["posts/2026/20260302-新的.md"]
    assert (bad.count, due(office), list(office.folder.rglob("2026"))) == (0, before, [])
    with office.desk.store.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).where(events.c.act.is_not(None))) == 0


def test_a_post_is_made_as_new_makes_it(office: Any) -> None:
    carry_out(office.desk, act(made(2, "送法：进校园", at(25, 10), channels=("b",), name="songfa")), ANNA)
    path: Path = office.folder / "posts/2026/20260302-songfa.md"
    text = path.read_text(encoding="utf-8")
    assert '\ntitle: "送法：进校园"\n' in text or "\ntitle: 送法：进校园\n" in text
    assert "\npublish_at: 2026-03-25 10:00\nchannels" not in text
    assert "\npublish_at: 2026-03-25 10:00\n" in text
    assert "\nchannels: [b]\n" in text
    path.write_text(text.replace("<!--", "写好的正文。\n<!--"), encoding="utf-8")
    office.queue()
    assert due(office) | {"20260302-songfa/b": at(25, 10)} == due(office)
    assert "20260302-songfa/a" not in due(office)


def test_everything_that_stands_in_the_way_is_told_and_nothing_is_done(office: Any) -> None:
    for number in numbers(office, "one"):
        carry_out(office.desk, Cancel(delivery=number), ANNA)
    twin = office.folder / "posts/2026/20260302-twin.md"
    twin.parent.mkdir(parents=True)
    twin.write_text("x", encoding="utf-8")
    lines = refused(
        office,
        move(2, "one", at(25)),
        move(3, "three", at(6)),
        made(4, "甲", at(1)),
        made(5, "乙", at(13)),
        made(6, "丙", at(13)),
        made(7, "丁", at(14, 10), name="twin"),
        made(8, "戊", at(14, 11), name="Not A Name"),
        made(9, "己", at(14, 12)),
        made(10, "己", at(14, 13)),
    )
    assert [line.partition("。")[0].partition("（")[0] for line in lines] == [
        "第 2 行“稿件”：没有在等发布的投递，不能改时间",
        "第 3 行“发布时间”：这个档期已是“two”的，不能两篇同占",
        "第 4 行“发布时间”：2026-03-01 09:00 +08:00 已经过去，没有改",
        "第 6 行“发布时间”：这个档期已是“乙”的，不能两篇同占",
        f"第 7 行“稿件”：{twin} 已经存在，请换个标题或直接修改它",
        "第 8 行“稿件”：文件名“Not A Name”不能用：只能有小写字母、数字和减号，最多 40 个，如拼音 xunhui-shenpan；或写 date，只用日期和序号",
        "第 10 行“标题”：与另一行同名",
    ]


def test_a_silent_period_holds_for_moves_and_for_new_posts(office: Any) -> None:
    quiet = Silence(begins=at(10, 0), ends=at(12, 0), reason="公祭", channels=frozenset({"b"}))
    office._desk = office.another(silences=(quiet,))
    lines = refused(office, move(2, "one", at(11)), made(3, "甲", at(11, 10)))
    assert [line[:11] for line in lines] == ["第 2 行“发布时间”", "第 3 行“发布时间”"]
    assert all("静默期" in line for line in lines)
    carry_out(office.desk, act(made(3, "甲", at(11, 10), channels=("a",)), move(2, "one", at(11), "a")), ANNA)


def test_what_has_left_does_not_move(office: Any) -> None:
    for number in numbers(office, "one"):
        office.put(State.PUBLISHED, number)
    (line,) = refused(office, move(2, "one", at(25)), move(3, "two", at(26)))
    assert "a 已发布、b 已发布" in line


def test_where_a_file_cannot_be_written_nothing_has_moved(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open

    def full(path: Path, mode: str = "r", *args: Any, **more: Any) -> Any:
        if path.name.endswith("乙.md") and mode == "x":
            raise OSError(28, "No space left on device", str(path))
        return real(path, mode, *args, **more)

    monkeypatch.setattr(Path, "open", full)
    before = due(office)
    with pytest.raises(Exception, match="磁盘已满"):
        carry_out(office.desk, act(move(2, "one", at(25)), made(3, "甲", at(25, 10)), made(4, "乙", at(25, 11))), ANNA)
    assert due(office) == before
    assert not (office.folder / "posts/2026").exists()
