"""Attachments on their way: nothing before publication, a file beside the page, a link elsewhere, and gone with the post."""

import sqlite3
from contextlib import closing
from typing import Any

from tests.cli.conftest import Run
from tests.support.word_files import paragraph, part, title, word

SIDECAR = "column: action\npublish_at: now\nattachments: [{file: 附件/表.docx, title: 报名表}]\n"


def test_an_attachment_goes_with_its_post_and_with_it_only(xuanfa: Run, sink: Any) -> None:
    posts, public = xuanfa.folder / "posts", xuanfa.folder / "public"
    (posts / "附件").mkdir(parents=True, exist_ok=True)
    (posts / "附件" / "表.docx").write_bytes(word(title("报名表"), paragraph("填表说明")))
    (posts / "tongzhi.docx").write_bytes(word(title("报名通知"), paragraph("请填写报名表，十二月一日前交到立案庭。")))
    (posts / "tongzhi.yaml").write_text(SIDECAR, encoding="utf-8")

    def files() -> list[str]:
        return sorted(each.name for each in public.rglob("*报名表*") if ".gone" not in each.parts)

    assert xuanfa("queue", "--json").json["new"] == ["tongzhi"]  # what is attached is no post
    assert xuanfa("preview", "tongzhi").code == 0
    assert files() == []
    assert xuanfa("publish").code == 0
    (name,) = files()
    assert name.endswith("-报名表.docx")
    page = (public / "action" / "tongzhi.html").read_text(encoding="utf-8")
    assert "报名表</a>" in page
    assert "（Word，" in page
    # A channel that carries none names it, and leads to the page.
    sent = str(sink.received[0])
    assert "《报名表》（Word，" in sent
    assert "/action/tongzhi.html" in sent
    assert xuanfa("verify").code == 0
    xuanfa("withdraw", "tongzhi", "--why", "有误")
    assert files() == []
    assert (public / ".gone" / "assets" / "attachments" / name).is_file()


def test_a_changed_attachment_changes_what_is_going_to_be_sent(xuanfa: Run) -> None:
    posts = xuanfa.folder / "posts"
    (posts / "附件").mkdir(parents=True, exist_ok=True)
    (posts / "附件" / "表.docx").write_bytes(word(paragraph("一")))
    (posts / "a.docx").write_bytes(word(title("报名通知"), paragraph("请填写报名表。")))
    (posts / "a.yaml").write_text(SIDECAR.replace("now", "2099-01-05 09:00"), encoding="utf-8")

    def digests() -> list[str]:
        with closing(sqlite3.connect(xuanfa.folder / "var" / "xuanfa.db")) as database:
            return [
                row[0]
                for row in database.execute("SELECT digest FROM deliveries WHERE state = 'scheduled' ORDER BY channel")
            ]

    xuanfa("queue")
    before = digests()
    (posts / "附件" / "表.docx").write_bytes(word(paragraph("一二三")))
    assert xuanfa("queue", "--json").json["revised"] == ["a"]
    assert len(before) == len(digests()) == 2
    assert before != digests()


def test_an_attachment_with_a_mark_of_secrecy_holds_its_post_and_names_the_file(xuanfa: Run) -> None:
    posts = xuanfa.folder / "posts"
    (posts / "附件").mkdir(parents=True, exist_ok=True)
    marked = {"word/header1.xml": part("hdr", paragraph("机密★三年"))}
    (posts / "附件" / "表.docx").write_bytes(word(title("报名表"), paragraph("填表说明"), parts=marked))
    (posts / "a.docx").write_bytes(word(title("报名通知"), paragraph("请填写报名表。")))
    (posts / "a.yaml").write_text(SIDECAR, encoding="utf-8")
    xuanfa("queue")
    ran = xuanfa("publish")
    assert ran.code == 1
    assert not list((xuanfa.folder / "public").rglob("*报名表*"))
    assert {each["state"] for each in xuanfa("deliveries", "--json").json if each["channel"] == "site"} == {"held"}
    shown = xuanfa("show", "a").out
    assert "posts/a.docx 的附件“附件/表.docx”" in shown
    assert "机密" not in shown  # what must not go out is not repeated
