"""The folder and the queue are one truth: what is sent is what the files said, each post once, and every disagreement is told."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.support.decisions import release, retract
from xuanfa.domain.delivery import State
from xuanfa.domain.outcome import Retracted
from xuanfa.domain.person import Person
from xuanfa.engine.once import one_pass
from xuanfa.operations.intake.notices import unreached_changes
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.watching.alarms import standing
from xuanfa.operations.watching.examine import examine

ANNA = Person(name="安娜", why="看过了")
LATER = "2026-03-02 18:00"


def states(bench: Any) -> list[str]:
    return [delivery.state.value for delivery in bench.all()]


@pytest.fixture
def planned(bench: Any) -> Any:
    """A workspace with one post for the evening, and another one beside it."""
    bench.channel("web", retracts=True)
    bench.write("one", publish_at=LATER)
    bench.write("other", publish_at="2026-03-03 18:00")
    queue(bench.desk)
    return bench


def take_away(path: Path) -> None:
    path.rename(path.with_name(f"_{path.name}"))


def delete(path: Path) -> None:
    path.unlink()


def break_matter(path: Path) -> None:
    path.write_text("---\ntitle: 甲\n正文没有结束的稿头", encoding="utf-8")


def empty(path: Path) -> None:
    path.write_text("", encoding="utf-8")


def other_column(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("column: action", "column: nowhere"), encoding="utf-8")


@pytest.mark.parametrize("undo", [take_away, delete, break_matter, empty, other_column])
def test_a_scheduled_post_is_taken_back_by_its_file(planned: Any, undo: Any) -> None:
    path = planned.folder / "posts" / "one.md"
    before = path.read_text(encoding="utf-8")
    undo(path)
    planned.clock.advance(hours=10)
    report = one_pass(planned.desk).queued
    assert planned.get(1).state is State.HELD
    assert "posts/one.md" in planned.get(1).reason
    assert any("posts/one.md" in told for told in (*report.notices, *report.problems))
    assert planned.scripts["web"].sent == []
    reason = planned.get(1).reason
    planned.clock.advance(minutes=1)
    assert one_pass(planned.desk).states == {}
    assert planned.get(1).reason == reason
    path.write_text(before, encoding="utf-8")
    one_pass(planned.desk)
    assert planned.get(1).state is State.PUBLISHED


def test_what_its_file_holds_says_what_stands_in_the_way_now(planned: Any) -> None:
    path = planned.folder / "posts" / "one.md"
    whole = path.read_text(encoding="utf-8")
    told = []
    for text in ("---\ntitle: 半", None, whole.replace("column: ", "column: x"), None, "---\ntitle: 半"):
        path.unlink() if text is None else path.write_text(text, encoding="utf-8")
        one_pass(planned.desk)
        assert planned.get(1).state is State.HELD
        told.append("不见了" if "不见了" in planned.get(1).reason else "读不成")
    assert told == ["读不成", "不见了", "读不成", "不见了", "读不成"]
    path.write_text(whole, encoding="utf-8")
    planned.clock.advance(hours=10)
    one_pass(planned.desk)
    assert planned.get(1).state is State.PUBLISHED


def test_a_person_may_let_go_what_its_file_holds(planned: Any) -> None:
    (planned.folder / "posts" / "one.md").unlink()
    queue(planned.desk)
    release(planned.desk, 1, ANNA)
    planned.clock.advance(hours=10)
    one_pass(planned.desk)
    assert planned.get(1).state is State.PUBLISHED


@pytest.mark.parametrize("published", [False, True])
def test_a_renamed_file_is_the_same_post(planned: Any, published: bool) -> None:
    if published:
        planned.clock.advance(hours=10)
        one_pass(planned.desk)
    folder = planned.folder / "posts"
    (folder / "2026").mkdir()
    (folder / "one.md").rename(folder / "2026" / "换个名字.md")
    report = queue(planned.desk)
    assert report.notices == ["posts/2026/换个名字.md：由 posts/one.md 改名而来，还是同一篇稿件，不会重新发布。"]
    planned.clock.advance(hours=10)
    one_pass(planned.desk)
    assert states(planned) == ["published", "scheduled"]
    assert len(planned.scripts["web"].sent) == 1
    text = (folder / "2026" / "换个名字.md").read_text(encoding="utf-8")
    (folder / "2026" / "换个名字.md").write_text(text + "\n加一段。\n", encoding="utf-8")
    queue(planned.desk)
    assert len(planned.all()) == 2


def test_a_file_that_was_renamed_and_edited_a_little_is_the_same_post(planned: Any) -> None:
    path = planned.folder / "posts" / "one.md"
    path.write_text(path.read_text(encoding="utf-8").replace("正文。", "长长的正文。" * 40), encoding="utf-8")
    queue(planned.desk)
    text = path.read_text(encoding="utf-8")
    path.unlink()
    (path.parent / "new-name.md").write_text(text.replace("长长的正文。", "长长的正文！", 1), encoding="utf-8")
    queue(planned.desk)
    assert [each.state for each in planned.all()] == [State.SCHEDULED, State.SCHEDULED]
    assert planned.get(1).revision == 3


def picture(path: Path, colour: str) -> None:
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", (40, 30), colour).save(path)


def test_a_replaced_picture_makes_a_new_rendition(planned: Any) -> None:
    shown = planned.folder / "posts" / "images" / "a.png"
    picture(shown, "red")
    planned.write("one", "正文。\n\n![庭审](images/a.png)", publish_at=LATER)
    queue(planned.desk)
    before = planned.get(1)
    picture(shown, "blue")
    os.utime(shown, ns=(1, 1))
    report = queue(planned.desk)
    assert (report.revised, planned.get(1).state) == (["one"], State.SCHEDULED)
    assert any("成稿已重新生成" in notice for notice in report.notices)
    assert planned.get(1).digest != before.digest
    assert queue(planned.desk).revised == []
    shown.unlink()
    queue(planned.desk)
    assert planned.get(1).state is State.HELD
    picture(shown, "blue")
    queue(planned.desk)
    assert planned.get(1).state is State.SCHEDULED


def test_a_picture_that_is_replaced_too_late_is_told(planned: Any) -> None:
    shown = planned.folder / "posts" / "images" / "a.png"
    picture(shown, "red")
    planned.write("one", "正文。\n\n![庭审](images/a.png)", publish_at=LATER)
    planned.clock.advance(hours=10)
    one_pass(planned.desk)
    picture(shown, "blue")
    os.utime(shown, ns=(1, 1))
    assert any("修改没有送到 web" in notice for notice in queue(planned.desk).notices)
    assert queue(planned.desk).notices == []


def test_what_is_made_by_other_templates_or_settings_is_made_anew(planned: Any) -> None:
    planned.scripts["web"].nasty = "甲"
    queue(planned.another(making="b"))
    first = planned.get(1).digest
    planned.scripts["web"].nasty = "乙"
    assert queue(planned.another(making="b")).revised == []
    report = queue(planned.another(making="c"))
    assert sorted(report.revised) == ["one", "other"]
    assert planned.get(1).digest != first
    assert queue(planned.another(making="c")).revised == []


def test_a_folder_that_is_suddenly_empty_is_no_deletion(planned: Any) -> None:
    for name in ("one", "other"):
        (planned.folder / "posts" / f"{name}.md").rename(planned.folder / f"{name}.away")
    planned.clock.advance(hours=10)
    report = one_pass(planned.desk).queued
    assert "突然空了" in report.problems[0]
    assert states(planned) == ["published", "scheduled"]


def test_a_file_that_still_changes_is_not_read_and_not_sent_as_it_was(planned: Any) -> None:
    path = planned.folder / "posts" / "one.md"
    now = datetime.now(UTC)
    planned.clock.now = now
    desk = planned.another(still=timedelta(seconds=5))
    path.write_text(path.read_text(encoding="utf-8").replace("正文。", "新的"), encoding="utf-8")
    os.utime(path, (now.timestamp() - 1, now.timestamp() - 1))
    report = queue(desk)
    assert report.revised == []
    assert report.notices == ["posts/one.md：刚刚还在变化，可能没有拷完，下一遍再读。"]
    planned.clock.advance(seconds=5)
    assert queue(desk).revised == ["one"]


def test_files_that_nobody_reads_and_drafts_are_told_where_people_look(bench: Any) -> None:
    bench.channel("web")
    folder = bench.folder / "posts"
    folder.mkdir(exist_ok=True)
    for name in ("通知.doc", "a.md.txt", "b.markdown", "c.txt"):
        (folder / name).write_text("x", encoding="utf-8")
    (folder / "photo.jpg").write_bytes(b"x")
    bench.write("draft", "")
    report = queue(bench.desk)
    assert [problem.partition(":")[0] for problem in report.problems] == [
        "posts/a.md.txt",
        "posts/b.markdown",
        "posts/c.txt",
        "posts/通知.doc",
    ]
    assert report.notices == ["posts/draft.md：还没有正文，先不排队；写好保存后会自动读入。"]
    causes = {each.cause.name for each in standing(bench.desk)}
    assert "file:posts/通知.doc" in causes
    assert len([name for name in causes if name.startswith("file:")]) == 4
    bench.write("draft", "正文。")
    assert queue(bench.desk).new == ["draft"]


def out(planned: Any, text: str = "正文一段。") -> None:
    planned.write("one", text, publish_at=LATER)
    planned.clock.advance(hours=10)
    one_pass(planned.desk)
    assert planned.get(1).state is State.PUBLISHED


def told_lastingly(desk: Any) -> list[bool]:
    """Whether the change of a post that is out is told by alarms, by doctor and below the deliveries."""
    causes = [each.cause.words for each in standing(desk)]
    examined = [item.trouble for item in examine(desk)]
    return [any("修改没有送到 web" in text for text in texts) for texts in (causes, examined, unreached_changes(desk))]


def test_an_edit_that_does_not_reach_what_is_out_stays_told_until_it_is_undone(planned: Any) -> None:
    out(planned)
    planned.write("one", "改过的正文。", publish_at=LATER)
    assert any("修改没有送到 web" in notice for notice in queue(planned.desk).notices)
    assert queue(planned.desk).notices == []
    assert told_lastingly(planned.desk) == [True] * 3
    planned.write("one", "正文一段。", publish_at=LATER)
    assert not any("没有送到" in notice for notice in queue(planned.desk).notices)
    assert told_lastingly(planned.desk) == [False] * 3


def test_an_edit_of_what_is_out_is_told_no_more_once_that_is_withdrawn_or_its_file_is_gone(planned: Any) -> None:
    out(planned)
    planned.write("one", "改过的正文。", publish_at=LATER)
    queue(planned.desk)
    file = planned.folder / "posts" / "one.md"
    aside = file.read_bytes()
    file.unlink()
    queue(planned.desk)
    assert told_lastingly(planned.desk) == [False] * 3
    file.write_bytes(aside)
    os.utime(file, ns=(1, 1))
    queue(planned.desk)
    assert told_lastingly(planned.desk) == [True] * 3
    planned.scripts["web"].retract.append(Retracted(evidence="gone"))
    retract(planned.desk, 1, ANNA)
    assert planned.get(1).state is State.RETRACTED
    assert told_lastingly(planned.desk) == [False] * 3


def test_a_time_of_a_post_that_is_out_may_be_edited_in_silence(planned: Any) -> None:
    """Readers see nothing of it."""
    out(planned)
    planned.write("one", "正文一段。", publish_at="2026-03-30 09:00")
    assert not any("没有送到" in notice for notice in queue(planned.desk).notices)
    assert told_lastingly(planned.desk) == [False] * 3


def withdrawn(planned: Any) -> str:
    text = "本院今天在镇上开庭，审理了一起邻里纠纷，双方当庭和解，旁听的村民有三十多人。" * 3
    out(planned, text)
    planned.scripts["web"].retract.append(Retracted(evidence="gone"))
    retract(planned.desk, 1, ANNA)
    assert planned.get(1).state is State.RETRACTED
    return text


def test_a_correction_of_a_withdrawn_post_goes_out_under_another_name_and_is_told(planned: Any) -> None:
    text = withdrawn(planned)
    (planned.folder / "posts" / "one.md").unlink()
    planned.write("two", text.replace("三十", "二十", 1), title="one")
    report = queue(planned.desk)
    assert report.new == ["two"]
    assert any("像是已撤稿件 one 的更正" in notice for notice in report.notices)
    assert planned.get(3).state is State.SCHEDULED


def test_what_is_withdrawn_stays_so_whatever_is_done_to_its_file(planned: Any) -> None:
    text = withdrawn(planned)
    file = planned.folder / "posts" / "one.md"
    file.rename(file.with_name("three.md"))
    queue(planned.desk)
    assert [each.state for each in planned.all() if each.id != 2] == [State.RETRACTED]
    planned.write("three", text.replace("三十", "二十", 1), title="one", publish_at=LATER)
    report = queue(planned.desk)
    assert [each.state for each in planned.all() if each.id != 2] == [State.RETRACTED]
    (notice,) = [notice for notice in report.notices if "已经撤下" in notice]
    assert "另存为新文件" in notice
