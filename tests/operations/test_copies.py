"""A copy beside its original is no renamed post, whatever the system or the sync program calls it."""

import shutil
from typing import Any

import pytest

from xuanfa.domain.delivery import State
from xuanfa.operations.intake.copies import is_copy, originals_of
from xuanfa.operations.intake.queue import queue

NAMES = (
    "x (1)", "x(2)", "x（3）", "x-冲突", "x_冲突文件-张三", "x (冲突副本 张三 2026-11-30)", "x (Anna's conflicted copy 2026-11-30)",
    "x (conflicted copy 2026-11-30)", "x - 副本", "x - 副本 (2)", "x 副本", "x的副本", "x - Copy", "x copy 2", "Copy of x",
    "x.sync-conflict-20261130-101010-ABCDEFG", "x-DESKTOP-8F3K2",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_of_copies_lead_to_their_original(name: str) -> None:
    assert "posts/x.md" in originals_of(f"posts/{name}.md")
    assert is_copy(f"posts/{name}.md", {"posts/x.md"})
    assert not is_copy(f"posts/{name}.md", {"x.md", "posts/2026/x.md"})


@pytest.mark.parametrize(
    "name", ["x", "x定稿", "x-2", "2026-11-30", "副本制度解读", "冲突", "x（修改稿）", "巡回审判(上)", "copyright"]
)
def test_other_names_are_no_copies(name: str) -> None:
    assert not is_copy(f"posts/{name}.md", {f"posts/{each}.md" for each in ("x", "2026", "制度解读", "巡回审判", "")})


@pytest.mark.parametrize("copy", ["two (1)", "two - 副本", "two-冲突", "two-DESKTOP-8F3K2"])
@pytest.mark.parametrize("edited", [False, True])
def test_of_two_files_that_may_be_the_renamed_one_it_is_not_the_copy(bench: Any, copy: str, edited: bool) -> None:
    bench.channel(account="robot 1")
    path = bench.write("one", "长长的正文。" * 40)
    queue(bench.desk)
    bench.run()
    text = path.read_text(encoding="utf-8")
    path.unlink()
    if edited:
        text = text.replace("长长的正文。", "长长的正文！", 1)
    new = path.with_name("two.md")
    new.write_text(text, encoding="utf-8")
    shutil.copy(new, new.with_name(f"{copy}.md"))
    report = queue(bench.desk)
    bench.run()
    assert bench.get(1).state is State.PUBLISHED
    if " " in copy:  # no address can have such a name
        assert len(bench.all()) == 1
        assert any(copy in problem for problem in report.problems)
    else:
        assert bench.get(2).state is State.HELD
        assert "内容相同的稿件 one 先由投递 1" in bench.get(2).reason
    assert len(bench.scripts["a"].sent) == 1
    # Now the copy is taken away, and what is left is the post still.
    new.with_name(f"{copy}.md").unlink()
    queue(bench.desk)
    bench.run()
    assert bench.get(1).state is State.PUBLISHED
    assert len(bench.scripts["a"].sent) == 1


def test_a_copy_whose_original_is_gone_is_followed(bench: Any) -> None:
    bench.channel(account="robot 1")
    path = bench.write("one", "长长的正文。" * 40)
    queue(bench.desk)
    bench.run()
    path.rename(path.with_name("one (1).md"))
    assert any("改名而来" in notice for notice in queue(bench.desk).notices)
    bench.run()
    assert [each.state for each in bench.all()] == [State.PUBLISHED]
