"""The word about a missing summary: for whoever can use it, and not beside what keeps the post back."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.reading.posts import read_post
from xuanfa.domain.column import Column


@pytest.mark.parametrize(
    ("head", "body", "hinted"),
    [
        ("title: a\n", "只有半句", True),
        ("title: a\nsummary: 写好的摘要。\n", "只有半句", False),
        ("title: a\n", "整句一条。", False),
        ("title: a\ncolumn: nowhere\n", "只有半句", False),
        ("title: a\npublish_at: 明天什么时候\n", "只有半句", False),
        ("title: a\nslug: a/b\n", "只有半句", False),
        ("title: a\n", "![图](没有.jpg)\n\n只有半句", False),
        ("", "只有半句", False),
    ],
)
def test_it_is_given_only_where_nothing_is_wrong(tmp_path: Path, head: str, body: str, hinted: bool) -> None:
    read = read_post(
        f"---\n{head}---\n\n{body}\n".encode(),
        path=tmp_path / "a.md",
        shown_as="posts/a.md",
        zone=ZoneInfo("Asia/Shanghai"),
        columns={"action": Column(id="action", title="行动", channels=("web",))},
        media=MediaStore(tmp_path / "media"),
    )
    assert any("写 summary" in each.message for each in read.notices) is hinted
    assert (read.post is None) is (not hinted and "整句" not in body and "写好" not in head)
