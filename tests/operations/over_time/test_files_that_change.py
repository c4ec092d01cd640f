"""Files that are renamed, moved, copied or still being written: the same post, waited for, or no post any more."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.operations.over_time.conftest import BODY, LATER, saved, states, still, to_fifo
from xuanfa.domain.delivery import State
from xuanfa.engine.once import one_pass
from xuanfa.operations.intake.inbox import list_inbox
from xuanfa.operations.intake.queue import queue


def test_a_file_that_gets_another_slug_takes_back_the_post_that_it_was(office: Any) -> None:
    path = office.write("one", BODY, slug="old", publish_at=LATER)
    queue(office.desk)
    old = path.read_text(encoding="utf-8")
    path.write_text(old.replace("slug: old", "slug: new"), encoding="utf-8")
    queue(office.desk)
    assert states(office) == [State.HELD, State.SCHEDULED]
    assert "slug new" in office.get(1).reason
    path.write_text(old, encoding="utf-8")
    queue(office.desk)
    assert states(office) == [State.SCHEDULED, State.HELD]


def test_two_files_may_exchange_their_names(office: Any) -> None:
    one = office.write("one", "第一篇。" * 20, slug="first", publish_at=LATER)
    two = office.write("two", "第二篇的正文长一些。" * 20, slug="second", publish_at=LATER)
    queue(office.desk)
    one.rename(one.with_name("x"))
    two.rename(one)
    one.with_name("x").rename(two)
    assert queue(office.desk).problems == []
    assert states(office) == [State.SCHEDULED] * 2
    assert queue(office.desk).notices == []
    office.clock.advance(hours=10)
    one_pass(office.desk)
    assert sorted(order.rendition.body.strip()[:3] for order in office.scripts["web"].sent) == ["第一篇", "第二篇"]


def to_broken_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere.md")


def to_ring(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def to_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def to_something_large(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "长" * 1_500_000, encoding="utf-8")


@pytest.mark.parametrize("turn", [to_fifo, to_broken_link, to_ring, to_folder, to_something_large])
def test_what_is_no_post_any_more_is_not_sent(office: Any, turn: Callable[[Path], None]) -> None:
    path = office.write("one", publish_at=LATER)
    office.write("other", publish_at="2026-03-09 18:00")
    queue(office.desk)
    turn(path)
    office.clock.advance(hours=10)
    one_pass(office.desk)
    assert states(office) == [State.HELD, State.SCHEDULED]
    assert office.scripts["web"].sent == []


def test_a_link_that_leads_back_is_told_and_nothing_above_is_read(office: Any) -> None:
    office.write("one")
    (office.folder / "README.md").write_text("不是稿件", encoding="utf-8")
    for name, target in (("up", ".."), ("self", ".")):
        (office.folder / "posts" / name).symlink_to(target)
    found = {file.shown_as: file.trouble for file in list_inbox(office.folder / "posts")}
    assert set(found) == {"posts/one.md", "posts/up", "posts/self"}
    assert "指回" in found["posts/up"]
    assert found["posts/self"] == found["posts/up"]


def test_what_word_keeps_beside_an_open_document_is_no_post(office: Any) -> None:
    (office.folder / "posts").mkdir()
    (office.folder / "posts" / "~$通知.docx").write_bytes(b"")
    assert list_inbox(office.folder / "posts") == []


@pytest.mark.parametrize("name", ["one (1)", "one - 副本", "one (冲突副本 2026-03-02)"])
def test_a_copy_under_a_name_that_is_no_slug_says_whose_copy_it_is(office: Any, name: str) -> None:
    path = office.write("one", BODY)
    one_pass(office.desk)
    path.with_name(f"{name}.md").write_bytes(path.read_bytes())
    problems = one_pass(office.desk).queued.problems
    assert any("posts/one.md（稿件 one）一模一样" in problem for problem in problems)
    assert len(office.scripts["web"].sent) == 1


def test_a_file_that_is_renamed_while_its_picture_is_replaced_shows_the_new_picture(office: Any) -> None:
    shown = office.folder / "posts" / "images" / "a.png"
    shown.parent.mkdir(parents=True)
    Image.new("RGB", (40, 30), "red").save(shown)
    path = office.write("one", "正文。\n\n![庭审](images/a.png)", publish_at=LATER)
    queue(office.desk)
    before = office.get().digest
    Image.new("RGB", (40, 30), "blue").save(shown)
    os.utime(shown, (9, 9))
    path.rename(path.with_name("two.md"))
    office.clock.advance(hours=9)
    one_pass(office.desk)
    assert office.get().state is State.PUBLISHED
    assert office.get().digest != before


def test_a_file_that_is_moved_away_from_its_picture_is_held(office: Any) -> None:
    shown = office.folder / "posts" / "images" / "a.png"
    shown.parent.mkdir(parents=True)
    Image.new("RGB", (40, 30), "red").save(shown)
    path = office.write("one", "正文。\n\n![庭审](images/a.png)", publish_at=LATER)
    queue(office.desk)
    (path.parent / "2026").mkdir()
    path.rename(path.parent / "2026" / "one.md")
    office.clock.advance(hours=9)
    one_pass(office.desk)
    assert office.get().state is State.HELD
    assert "images/a.png" in office.get().reason


@pytest.mark.parametrize("published", [False, True])
def test_a_file_that_is_saved_under_another_name_is_followed_when_it_is_whole(now: Any, published: bool) -> None:
    due = "now" if published else (now.clock() + timedelta(hours=1)).isoformat()
    path = now.write("one", BODY, publish_at=due)
    saved(path, now, 60)
    one_pass(still(now))
    text = path.read_text(encoding="utf-8")
    path.unlink()
    other = path.with_name("another-name.md")
    other.write_text(text, encoding="utf-8")
    saved(other, now)
    one_pass(still(now))
    assert states(now) == [State.PUBLISHED if published else State.HELD]
    now.clock.advance(seconds=6)
    one_pass(still(now))
    now.clock.advance(hours=1)
    one_pass(still(now))
    assert states(now) == [State.PUBLISHED]
    assert len(now.scripts["web"].sent) == 1


def test_a_file_that_comes_back_later_under_another_name_is_the_same_post(office: Any) -> None:
    path = office.write("one", BODY, publish_at=LATER)
    office.write("other", publish_at="2026-03-09 18:00")
    queue(office.desk)
    text = path.read_text(encoding="utf-8")
    path.unlink()
    queue(office.desk)
    assert states(office) == [State.HELD, State.SCHEDULED]
    office.clock.advance(hours=2)
    (path.parent / "2026").mkdir()
    (path.parent / "2026" / "新名.md").write_text(text.replace("点赞", "点讚", 1), encoding="utf-8")
    queue(office.desk)
    assert states(office) == [State.SCHEDULED, State.SCHEDULED]


def test_a_picture_that_is_still_being_copied_is_waited_for(now: Any) -> None:
    shown = now.folder / "posts" / "images" / "a.png"
    shown.parent.mkdir(parents=True)
    Image.new("RGB", (40, 30), "red").save(shown)
    whole = shown.read_bytes()
    shown.write_bytes(whole[:40])
    saved(shown, now)
    path = now.write("one", "正文。\n\n![庭审](images/a.png)")
    saved(path, now, 60)
    report = one_pass(still(now)).queued
    assert report.problems == []
    assert report.notices == ["posts/one.md：刚刚还在变化，可能没有拷完，下一遍再读。"]
    shown.write_bytes(whole)
    now.clock.advance(seconds=6)
    saved(shown, now, 5)
    one_pass(still(now))
    assert states(now) == [State.PUBLISHED]
    Image.new("RGB", (40, 30), "blue").save(shown)
    saved(shown, now)
    assert queue(still(now)).notices == ["posts/one.md：刚刚还在变化，可能没有拷完，下一遍再读。"]


def test_a_file_that_never_rests_delays_its_post_for_ten_seconds_and_that_is_told(now: Any) -> None:
    due = now.clock() + timedelta(minutes=5)
    path = now.write("one", "第一版。", publish_at=due.isoformat())
    saved(path, now, 60)
    queue(still(now))
    now.clock.now = due
    notices: list[str] = []
    for second in range(0, 20, 4):
        path.write_text(path.read_text(encoding="utf-8") + "字", encoding="utf-8")
        saved(path, now)
        notices += one_pass(still(now)).queued.notices
        assert bool(now.scripts["web"].sent) == (second >= 12)
        now.clock.advance(seconds=4)
    assert now.scripts["web"].sent[0].rendition.body.strip() == "第一版。"
    assert sum("等了 10 秒还没有读到" in notice for notice in notices) == 1
