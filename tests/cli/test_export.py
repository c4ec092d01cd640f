"""``export``: a post back as a Word document, with what reviewers have changed."""

import io
import zipfile

from tests.cli.conftest import Run
from tests.support.word_files import paragraph, picture, png, title, word


def test_a_document_comes_back_with_the_changes_tracked(xuanfa: Run) -> None:
    posts = xuanfa.folder / "posts"
    posts.mkdir(exist_ok=True)
    head = "column: action\npublish_at: 2099-01-05 09:00\n"

    def write(text: str) -> None:
        source = word(
            *(title("开会通知"), paragraph(text), paragraph(picture(words="会场"))),
            parts={"word/media/a.png": png()},
            relate=(("rIdP", "image", "media/a.png"),),
        )
        (posts / "kaihui.docx").write_bytes(source)

    write("定于12月1日开会，请准时参加。")
    (posts / "kaihui.yaml").write_text(head, encoding="utf-8")
    xuanfa("queue")
    write("定于12月2日上午开会，请准时参加。")
    assert xuanfa("queue", "--json").json["revised"] == ["kaihui"]
    ran = xuanfa("export", "kaihui", "-o", xuanfa.folder / "out.docx")
    assert (ran.code, ran.err) == (0, "")
    assert "第 2 版" in ran.out
    with zipfile.ZipFile(io.BytesIO((xuanfa.folder / "out.docx").read_bytes())) as pack:
        xml = pack.read("word/document.xml").decode()
        assert [name for name in pack.namelist() if name.startswith("word/media/")]
    assert "<w:delText" in xml
    assert "<w:ins " in xml
    assert xuanfa("export", "kaihui", "-o", xuanfa.folder / "out.docx").code == 1  # nothing is written over
    assert xuanfa("export", "none", "-o", xuanfa.folder / "b.docx").code == 1
    assert "第 9 版" in xuanfa("export", "kaihui", "-o", xuanfa.folder / "b.docx", "--since", "9").err
    found = xuanfa("export", "kaihui", "-o", xuanfa.folder / "c.docx", "--since", "2", "--json").json
    assert (found["since"], found["revision"]) == (2, 2)
