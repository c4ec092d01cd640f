"""Which files hold posts is one table: whoever lists, reads or talks of them asks it."""

from datetime import UTC
from pathlib import Path

import pytest

from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.reading import kinds
from xuanfa.content.reading.posts import read_post
from xuanfa.content.reading.sources import SourceText
from xuanfa.domain.column import Column
from xuanfa.domain.errors import ContentError
from xuanfa.operations.intake.inbox import list_inbox
from xuanfa.operations.keeping.members import _is_post


@pytest.mark.parametrize(
    ("name", "suffix", "meant"),
    [
        ("甲.md", ".md", False),
        ("甲.MD", ".md", False),
        ("甲.docx", ".docx", False),
        ("甲.doc", "", True),
        ("甲.WPS", "", True),
        ("甲.TXT", "", True),
        ("~$甲.docx", "", False),
        ("甲.jpg", "", False),
        ("md", "", False),
    ],
)
def test_a_name_tells_whether_a_file_holds_a_post_or_may_be_taken_for_one(name: str, suffix: str, meant: bool) -> None:
    assert (kinds.suffix_of(name), kinds.is_meant(name)) == (suffix, meant)


def test_another_row_is_listed_read_backed_up_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    posts = tmp_path / "posts"
    posts.mkdir()
    (posts / "a.post").write_bytes("---\ntitle: 开庭\ncolumn: action\n---\n\n明天开庭。\n".encode("utf-16"))
    (posts / "b.txt").write_text("乙")
    assert [(file.shown_as, ".post" in file.trouble) for file in list_inbox(posts)] == [("posts/b.txt", False)]
    table = {**kinds.READERS, ".post": lambda source, _: SourceText(source.decode("utf-16"), "utf-16", "")}
    monkeypatch.setattr(kinds, "READERS", table)
    post, other = list_inbox(posts)
    assert (post.shown_as, post.trouble) == ("posts/a.post", "")
    assert ".md、.docx、.post" in other.trouble
    assert _is_post("posts/a.post")
    read = read_post(
        post.path.read_bytes(),
        path=post.path,
        shown_as=post.shown_as,
        zone=UTC,
        columns={"action": Column(id="action", title="我们在行动", channels=("site",))},
        media=MediaStore(tmp_path / "media"),
    )
    assert read.post is not None
    assert (read.post.title, read.post.slug) == ("开庭", "a")


def test_a_file_of_no_kind_is_not_read_as_one(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"\.md"):
        kinds.text_of(b"", "a.txt", "posts/a.txt")
