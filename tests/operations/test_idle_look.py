"""A pass over a folder in which nothing is new reads nothing: what is wrong with a file is told again from memory, until anything that it came
from has changed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from xuanfa.operations.intake.queue import queue
from xuanfa.operations.intake.queued import QueueReport
from xuanfa.operations.intake.reading import HereReader


class Counted(HereReader):
    """Notes what it is asked to read."""

    def __init__(self, read: list[str], *arguments: Any) -> None:
        super().__init__(*arguments)
        self._read = read

    def read(self, file: Any, source: bytes, only: Any) -> Any:
        self._read.append(file.shown_as)
        return super().read(file, source, only)


def passes(bench: Any, making: str = "as before") -> tuple[QueueReport, list[str]]:
    """One look into the inbox, and what was read for it."""
    read: list[str] = []
    desk = replace(bench.desk, reader=lambda *arguments: Counted(read, *arguments), making=making)
    return queue(desk), read


@pytest.fixture
def bad(bench: Any) -> Any:
    bench.channel("web")
    bench.write("good", "好的正文。")
    bench.write("misses", "看图：\n\n![图](images/a.png)\n")
    bench.write("nowhere", "另一篇。", column="nowhere")
    bench.write("open", "没有标题的一篇。", title="")
    passes(bench)
    return bench


def test_what_is_wrong_is_told_again_without_reading(bad: Any) -> None:
    first, read = passes(bad)
    assert read == []
    again, read = passes(bad)
    assert read == []
    assert again.problems == first.problems
    assert again.trouble == 3
    assert again.unchanged == 1


def draw(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", (8, 8)).save(path)


CHANGES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "its picture comes": (lambda posts: draw(posts / "images" / "a.png"), ["posts/misses.md"]),
    "a damaged picture comes": (
        lambda posts: ((posts / "images").mkdir(), (posts / "images" / "a.png").write_bytes(b"x")),
        ["posts/misses.md"],
    ),
    "it is mended": (
        lambda posts: (posts / "open.md").write_text("---\ntitle: 开\ncolumn: action\n---\n写完了。", encoding="utf-8"),
        ["posts/open.md"],
    ),
    "a picture that nobody asks for comes": (lambda posts: draw(posts / "b.png"), []),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_it_came_from_changes(bad: Any, change: str) -> None:
    make, expected = CHANGES[change]
    make(bad.folder / "posts")
    assert passes(bad)[1] == expected
    assert passes(bad)[1] == []


def test_settings_change(bad: Any) -> None:
    assert len(passes(bad, making="a column more")[1]) >= 3
    assert passes(bad, making="a column more")[1] == []


def test_a_picture_that_was_damaged_is_replaced(bad: Any) -> None:
    picture = bad.folder / "posts" / "images" / "a.png"
    picture.parent.mkdir()
    picture.write_bytes(b"not a picture")
    report, _ = passes(bad)
    assert any("不是图片" in problem for problem in report.problems)
    draw(picture)
    report, read = passes(bad)
    assert read == ["posts/misses.md"]
    assert report.new == ["misses"]


def test_a_slug_that_another_file_holds_is_tried_again_each_time(bench: Any) -> None:
    """What frees it is no change of the file."""
    bench.channel("web")
    bench.write("one", "第一篇的正文。", slug="same", title="甲")
    passes(bench)
    bench.write("two", "第二篇的正文。", slug="same", title="乙")
    for _ in range(2):
        report, read = passes(bench)
        assert read == ["posts/two.md"]
        assert "已被" in report.problems[0]
