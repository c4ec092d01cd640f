"""Recurring posts: each turn is a post of its own, made once, that follows its source until it is out."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.operations.test_races import at_once
from tests.support import decisions as decide
from tests.support.reviewed_office import POLICY, approve_all, staff, submit
from tests.support.verified import troubles
from tests.support.word_files import paragraph, run, word
from xuanfa.domain.access import Veil
from xuanfa.domain.delivery import State
from xuanfa.domain.person import Person
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.importing.schedules import read_schedule
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.watching.recurrent import examine_recurring
from xuanfa.store import posts, series

BODY = "本周开庭安排见法院公告栏，旁听的群众请带身份证，提前十分钟到场。" * 4
#: The clock stands at Monday 2 March 2026, nine o'clock.
HEAD = {"title": "每周开庭公告", "publish_at": "2026-03-03 09:30", "repeat": "weekly"}


@pytest.fixture
def office(bench: Any) -> Any:
    bench.channel("a", account="robot 1")
    return bench


def source(office: Any, body: str = BODY, /, name: str = "weekly", **head: str) -> Path:
    office.clock.advance(minutes=1)
    path: Path = office.write(name, body, **(HEAD | head))
    return path


def slugs(office: Any, state: State | None = None) -> list[str]:
    with office.desk.store.read() as connection:
        return [posts.name_of(connection, each.post_id)[0] for each in office.all() if state in {None, each.state}]


def files(office: Any) -> list[str]:
    return sorted(path.name for path in (office.folder / "posts").iterdir())


def test_turns_are_posts_of_their_own_and_no_copies_of_each_other(office: Any) -> None:
    source(office, publish_at="2026-03-03 08:30")
    report = office.queue()
    assert (report.problems, report.new) == ([], ["weekly-20260303", "weekly-20260310"])
    assert [each.state for each in office.all()] == [State.SCHEDULED, State.SCHEDULED]
    assert report.recurring[0].sentence == (
        "重复稿件《每周开庭公告》（posts/weekly.md）：每周二 08:30；已排入 2 期（2026-03-03、2026-03-10）；下一期 2026-03-17，2026-03-03 自动排入。"
    )
    assert (office.queue().new, office.queue().revised) == ([], [])
    for _ in range(30):
        office.clock.advance(days=1)
        office.queue()
        office.run()
    assert slugs(office, State.PUBLISHED) == [
        f"weekly-{day}" for day in ("20260303", "20260310", "20260317", "20260324", "20260331")
    ]
    assert len(office.scripts["a"].sent) == 5
    assert troubles(office) == []


def test_another_file_with_the_same_words_is_still_asked_about(office: Any) -> None:
    source(office)
    office.queue()
    office.write("copy", BODY, title="每周开庭公告", publish_at="2026-03-04 09:00")
    office.queue()
    assert office.all()[-1].state is State.HELD
    assert "内容相同的稿件 weekly-20260303" in office.all()[-1].reason


def test_the_next_turn_is_made_however_far_it_is(office: Any) -> None:
    source(office, publish_at="2026-06-30 09:00", repeat="monthly")
    assert office.queue().new == ["weekly-20260630"]


def test_what_is_out_stays_and_the_rest_follows_the_source(office: Any) -> None:
    source(office)
    office.queue()
    office.clock.advance(days=1, hours=1)
    office.run()
    source(office, BODY + "另有一句。")
    report = office.queue()
    assert report.revised == ["weekly-20260310"]
    assert report.notices == ["posts/weekly.md：排入 1 期：2026-03-17 09:30 +08:00。"]
    assert [each.state for each in office.all()] == [State.PUBLISHED, State.SCHEDULED, State.SCHEDULED]
    source(office, BODY, publish_at="2026-03-03 15:00")
    office.queue()
    assert [f"{each.due_at.astimezone(office.desk.zone):%d %H:%M}" for each in office.all()] == [
        "03 09:30",
        "10 15:00",
        "17 15:00",
    ]


def test_a_change_goes_to_review_again_and_each_turn_has_its_own(bench: Any) -> None:
    bench.channel("a")
    bench._desk = bench.another(reviews=POLICY)
    staff(bench.desk)
    source(bench)
    bench.queue()
    assert [each.state for each in bench.all()] == [State.AWAITING_REVIEW] * 2
    submit(bench.desk, "weekly-20260303")
    approve_all(bench.desk, "weekly-20260303")
    assert [each.state for each in bench.all()] == [State.SCHEDULED, State.AWAITING_REVIEW]
    source(bench, BODY + "改了一句。")
    bench.queue()
    assert [each.state for each in bench.all()] == [State.AWAITING_REVIEW] * 2
    bench.clock.advance(days=2)
    bench.run()
    assert bench.scripts["a"].sent == []


def test_a_turn_that_was_called_off_is_never_made_again(office: Any) -> None:
    path = source(office)
    office.queue()
    decide.cancel(office.desk, 2, Person(name="zhou", why="这周不发"))
    for text in (BODY + "改一句。", BODY):
        source(office, text)
        office.queue()
    (office.folder / "posts" / "weekly-20260310.md").unlink()
    path.write_text(path.read_text(encoding="utf-8").replace("每周开庭", "本周开庭"), encoding="utf-8")
    office.clock.advance(minutes=1)
    office.queue()
    office.queue()
    assert [each.state for each in office.all()] == [State.SCHEDULED, State.CANCELLED]
    assert "weekly-20260310.md" not in files(office)


def test_shortened_lengthened_and_ended(office: Any) -> None:
    source(office)
    office.queue()
    source(office, repeat_until="2026-03-05")
    report = office.queue()
    assert [each.state for each in office.all()] == [State.SCHEDULED, State.CANCELLED]
    assert "weekly-20260310：posts/weekly.md 不再重复到 2026-03-10" in report.notices[0]
    assert "weekly-20260310.md" not in files(office)
    source(office)
    office.queue()
    assert [each.state for each in office.all()] == [State.SCHEDULED, State.SCHEDULED]
    source(office, repeat="")
    report = office.queue()
    assert [each.state for each in office.all()] == [State.CANCELLED, State.CANCELLED, State.HELD]
    assert "去掉 repeat 之后成了单独的一篇" in office.all()[2].reason
    assert files(office) == ["weekly.md"]
    assert office.queue().recurring == []
    office.clock.advance(days=20)
    office.run()
    assert office.scripts["a"].sent == []


def test_another_day_of_the_week_gives_no_week_two(office: Any) -> None:
    source(office)
    office.queue()
    office.clock.advance(days=1, hours=1)
    office.run()
    source(office, publish_at="2026-03-05 09:30")
    office.queue()
    assert [(slug, each.state) for slug, each in zip(slugs(office), office.all(), strict=True)] == [
        ("weekly-20260303", State.PUBLISHED),
        ("weekly-20260310", State.CANCELLED),
        ("weekly-20260312", State.SCHEDULED),
    ]


@pytest.mark.parametrize("how", ["gone", "broken"])
def test_without_its_source_nothing_goes_and_it_comes_back_with_it(office: Any, how: str) -> None:
    path = source(office)
    office.queue()
    whole = path.read_text(encoding="utf-8")
    if how == "gone":
        path.unlink()
    else:
        path.write_text(whole.replace("column: action", "column: nowhere"), encoding="utf-8")
    office.clock.advance(minutes=1)
    report = office.queue()
    assert [each.state for each in office.all()] == [State.HELD, State.HELD]
    assert "重复稿件的底稿 posts/weekly.md" in office.get().reason
    assert office.queue().recurring[0].standing == how
    assert any("已暂缓" in notice for notice in report.notices)
    path.write_text(whole, encoding="utf-8")
    office.clock.advance(minutes=1)
    office.queue()
    assert [each.state for each in office.all()] == [State.SCHEDULED, State.SCHEDULED]


def test_a_source_with_another_name_is_the_same(office: Any) -> None:
    path = source(office)
    office.queue()
    path.rename(path.with_name("公告.md"))
    report = office.queue()
    assert report.notices == ["posts/公告.md：由 posts/weekly.md 改名而来，还是同一篇重复稿件，各期的编号不变。"]
    assert (report.new, [each.state for each in office.all()]) == ([], [State.SCHEDULED] * 2)
    office.clock.advance(days=2)
    assert office.queue().new == ["weekly-20260317"]


def test_one_turn_changed_by_itself_is_its_own_and_asked_about_when_the_rule_leaves_it(office: Any) -> None:
    source(office)
    office.queue()
    own = office.folder / "posts" / "weekly-20260310.md"
    own.write_text(own.read_text(encoding="utf-8") + "\n3月10日加开一庭。\n", encoding="utf-8")
    office.clock.advance(minutes=1)
    source(office, BODY + "各期都加的一句。")
    report = office.queue()
    assert "posts/weekly-20260310.md：这一期单独改过，以后不再跟着 posts/weekly.md 变" in "".join(report.notices)
    assert "加开一庭" in own.read_text(encoding="utf-8")
    assert "各期都加" not in own.read_text(encoding="utf-8")
    source(office, repeat_until="2026-03-03")
    office.queue()
    assert [each.state for each in office.all()] == [State.SCHEDULED, State.HELD]
    decide.release(office.desk, 2, Person(name="zhou"))
    office.queue()
    assert office.get(2).state is State.SCHEDULED


def test_who_takes_the_file_of_one_turn_away_is_not_given_it_again(office: Any) -> None:
    source(office)
    office.queue()
    (office.folder / "posts" / "weekly-20260310.md").unlink()
    reports = [office.queue(), office.queue()]
    assert any("这一期的文件已删去或移走，不会再排入" in notice for report in reports for notice in report.notices)
    assert office.get(2).state is State.HELD
    assert "weekly-20260310.md" not in files(office)


def test_a_foreign_file_of_that_name_is_not_overwritten(office: Any) -> None:
    office.write("weekly-20260310", "别的内容，与公告无关。", publish_at="2026-03-20 09:00")
    office.queue()
    source(office)
    report = office.queue()
    assert report.new == ["weekly-20260303"]
    assert "posts/weekly-20260310.md：已有这个文件，不是自动排入的" in report.problems[0]
    assert "与公告无关" in (office.folder / "posts" / "weekly-20260310.md").read_text(encoding="utf-8")


def test_other_times_move_along_with_each_turn(office: Any) -> None:
    source(
        office,
        expires_at="2026-03-03 18:00",
        channels="\n  a:\n    publish_at: 2026-03-03 10:00",
    )
    office.queue()
    second = (office.folder / "posts" / "weekly-20260310.md").read_text(encoding="utf-8")
    assert "publish_at: 2026-03-10 09:30" in second
    assert "    publish_at: 2026-03-10 10:00" in second
    assert "expires_at: 2026-03-10 18:00" in second
    assert [f"{each.due_at.astimezone(office.desk.zone):%d %H:%M}" for each in office.all()] == ["03 10:00", "10 10:00"]


def test_a_first_turn_that_is_past_is_not_made_up_for(office: Any) -> None:
    source(office, publish_at="2026-02-24 09:30")
    report = office.queue()
    assert report.new == ["weekly-20260303", "weekly-20260310"]
    assert "第一期 2026-02-24 09:30 +08:00 已经过去，不补发" in report.notices[0]


def test_a_post_that_begins_to_recur_is_not_sent_besides(office: Any) -> None:
    source(office, repeat="", publish_at="2026-03-03 09:30")
    office.queue()
    source(office)
    office.queue()
    assert [(slug, each.state) for slug, each in zip(slugs(office), office.all(), strict=True)] == [
        ("weekly", State.HELD),
        ("weekly-20260303", State.SCHEDULED),
        ("weekly-20260310", State.SCHEDULED),
    ]


def test_many_processes_at_once_make_each_turn_once(office: Any) -> None:
    source(office, repeat="daily")
    office.desk.store.close()

    def read(_number: int, barrier: Any) -> list[str]:
        desk = office.another()
        barrier.wait(60)
        report = queue(desk)
        assert report.problems == []
        return [*report.new, *queue(desk).new]

    made = [slug for answer in at_once(3, read) for slug in answer]
    days = [f"weekly-202603{day:02}" for day in range(3, 17)]
    assert sorted(made) == days
    assert sorted(slugs(office)) == days
    assert {each.state for each in office.all()} == {State.SCHEDULED}


def test_a_file_that_a_crash_left_behind_is_taken_as_it_is(office: Any) -> None:
    source(office)
    office.queue()
    with office.desk.store.write() as connection:
        row = series.occurrence(connection, "weekly-20260310")
        assert row is not None
        series.put_occurrence(connection, replace(row, making=""))
    office.queue()
    assert [each.state for each in office.all()] == [State.SCHEDULED, State.SCHEDULED]
    assert office.get(2).revision == 1


def test_in_another_zone_it_keeps_the_time_of_day(office: Any) -> None:
    office._desk = office.another(zone=ZoneInfo("Europe/Berlin"))
    source(office, publish_at="2026-03-27 09:30", repeat="daily", repeat_until="2026-03-30")
    office.queue()
    assert [f"{each.due_at:%d %H:%M}" for each in office.all()] == ["27 08:30"]
    office.clock.advance(days=15)
    office.queue()
    assert [f"{each.due_at:%d %H:%M}" for each in office.all()] == ["27 08:30", "28 08:30", "29 07:30", "30 07:30"]


def test_a_window_of_its_own(office: Any) -> None:
    office._desk = office.another(repeat_ahead=timedelta(days=30))
    source(office)
    assert len(office.queue().new) == 5


def test_a_document_recurs_by_the_file_beside_it(office: Any) -> None:
    folder = office.folder / "posts"
    folder.mkdir(exist_ok=True)
    (folder / "通知.docx").write_bytes(word(paragraph(run(BODY))))
    (folder / "通知.yaml").write_text(
        "title: 旁听须知\ncolumn: action\npublish_at: 2026-03-03 09:30\nrepeat: 每周\n", encoding="utf-8"
    )
    assert office.queue().new == ["通知-20260303", "通知-20260310"]
    assert files(office)[:4] == ["通知-20260303.docx", "通知-20260303.yaml", "通知-20260310.docx", "通知-20260310.yaml"]
    beside = folder / "通知.yaml"
    beside.write_text(beside.read_text(encoding="utf-8").replace("09:30", "10:30"), encoding="utf-8")
    office.clock.advance(minutes=1)
    assert office.queue().revised == ["通知-20260303", "通知-20260310"]
    assert {f"{each.due_at.astimezone(office.desk.zone):%H:%M}" for each in office.all()} == {"10:30"}
    beside.write_text(beside.read_text(encoding="utf-8").replace("repeat: 每周", "repeat: 否"), encoding="utf-8")
    office.queue()
    assert [each.state for each in office.all()] == [State.CANCELLED, State.CANCELLED, State.HELD]
    assert files(office) == ["通知.docx", "通知.yaml"]


def troubles_told(bench: Any) -> list[str]:
    return [str(each.trouble) for each in examine_recurring(bench.desk)]


def test_the_doctor_tells_of_an_end_and_of_a_turn_that_nobody_has_approved(bench: Any) -> None:
    bench.channel("a")
    bench._desk = bench.another(reviews=POLICY)
    staff(bench.desk)
    source(bench, repeat_until="2026-03-03", publish_at="2026-03-03 15:00")
    bench.queue()
    assert troubles_told(bench) == [""]
    bench.clock.advance(hours=8)
    assert "2026-03-03 15:00 +08:00 要发的一期（weekly-20260303）还没审完" in troubles_told(bench)[0]
    decide.cancel(bench.desk, 1, Person(name="boss", why="不发"))
    bench.clock.advance(days=2)
    assert troubles_told(bench) == [
        "已到 2026-03-03，没有下一期：要继续就改 repeat_until，不再发就删去 repeat 或移走底稿"
    ]
    (bench.folder / "posts" / "weekly.md").unlink()
    assert "底稿不见了" in troubles_told(bench)[0]


def test_a_list_moves_one_turn_and_the_source_does_not_move_it_back(office: Any) -> None:
    source(office)
    office.queue()
    office.clock.advance(minutes=1)
    rows = b"\xef\xbb\xbf" + "稿件,发布时间\nweekly-20260310,2026-03-11 16:00\n".encode()
    (office.folder / "plan.csv").write_bytes(rows)
    read = read_schedule(office.desk, office.folder / "plan.csv", (), Veil())
    read.bad.require_none()
    carry_out(office.desk, read.act, Person(name="zhou"))
    assert f"{office.get(2).due_at.astimezone(office.desk.zone):%m-%d %H:%M}" == "03-11 16:00"
    source(office, BODY + "改一句。")
    report = office.queue()
    assert f"{office.get(2).due_at.astimezone(office.desk.zone):%m-%d %H:%M}" == "03-11 16:00"
    assert any("weekly-20260310" in notice for notice in report.notices)
    assert slugs(office) == ["weekly-20260303", "weekly-20260310"]


def test_a_workspace_without_its_database_makes_nothing_that_may_be_out(office: Any) -> None:
    """What was made stays in the folder, and is taken as it is by a database that knows nothing of it."""
    source(office)
    office.queue()
    there = files(office)
    office.desk.store.close()
    office.database = f"sqlite:///{office.folder / 'other.db'}"
    office._desk = None
    office.clock.advance(days=3)
    office.queue()
    office.queue()
    assert files(office) == sorted({*there, "weekly-20260317.md"})
    assert slugs(office).count("weekly-20260310") == 1
