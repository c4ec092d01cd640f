"""Titles, summaries and names are never parsed: masks in them are meant, marks in them are told, and what is left out is told as well."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.reading.posts import read_post
from xuanfa.domain.column import Column

BODY = "---\n法官当庭宣判，双方服判。\n"


def notices(tmp_path: Path, *lines: str) -> list[str]:
    reading = read_post(
        "\n".join(["---", *lines, BODY]).encode(),
        path=tmp_path / "posts/a.md",
        shown_as="posts/a.md",
        zone=ZoneInfo("Asia/Shanghai"),
        columns={"action": Column(id="action", title="我们在行动", channels=("site",))},
        media=MediaStore(tmp_path / "media"),
    )
    assert reading.problems == ()
    return [str(notice) for notice in reading.notices]


@pytest.mark.parametrize(
    "text", ["张**诉李**案宣判", "138****1234中奖", "李某**、王**到庭", "张*某与赵*", "尾号****8888"]
)
@pytest.mark.parametrize("key", ["summary", "author", "department", "editor"])
def test_a_mask_needs_no_word(tmp_path: Path, key: str, text: str) -> None:
    assert notices(tmp_path, f"title: {text}", f"{key}: {text}") == []


def test_a_mask_in_a_channels_own_title_needs_none_either(tmp_path: Path) -> None:
    assert (
        notices(tmp_path, "title: 甲", "channels:", "  site:", "    title: 张**诉李**", "    summary: 138****1234")
        == []
    )


@pytest.mark.parametrize("key", ["summary", "author", "department", "editor"])
def test_a_mark_is_told_with_its_line(tmp_path: Path, key: str) -> None:
    (told,) = notices(tmp_path, "title: 甲", f"{key}: 请看**重点**内容")
    assert told.startswith("posts/a.md:3: “**”")


def test_a_control_character_is_told_with_its_line_and_goes(tmp_path: Path) -> None:
    first, second = notices(tmp_path, "title: 宣\x08判", "column: action", "author: 张\x0b三")
    assert first.startswith("posts/a.md:2: ")
    assert "U+0008" in first
    assert second.startswith("posts/a.md:4: ")
    assert "U+000B" in second
