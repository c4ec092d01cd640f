"""What each kind that carries attachments really hands over: WordPress, mail, a pack for a person, and the archive's package."""

import json
import sqlite3
import zipfile
from contextlib import closing
from email import message_from_string
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.support.word_files import core, paragraph, title, word
from xuanfa.rehearsal.mail import MailPlatform

SETTINGS = """
[organisation]
name = "金昌市中级人民法院"
[columns.action]
title = "我们在行动"
channels = ["blog", "mail", "hand"]
[channels.blog]
adapter = "wordpress"
rehearsal = true
[channels.mail]
adapter = "email"
rehearsal = true
[channels.hand]
adapter = "manual"
"""
HEAD = (
    "---\ntitle: 报名通知\ncolumn: action\npublish_at: now\nattachments: [{file: 附件/表.docx, title: 报名表}]\n---\n\n"
)


def received(folder: Path, channel: str, message: str) -> list[tuple[str, str]]:
    """What a platform to practise on was sent of this sort: bodies and answers."""
    with closing(sqlite3.connect(folder / "var" / "rehearsal" / f"{channel}.db")) as database:
        rows = database.execute("SELECT body, answer FROM received WHERE path LIKE ? AND method = 'POST'", (message,))
        return list(rows)


def words_of(data: bytes) -> str:
    with zipfile.ZipFile(BytesIO(data)) as pack:
        return "".join(pack.read(name).decode() for name in pack.namelist())


def test_each_kind_hands_over_the_file_without_its_author(xuanfa: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    # The journal of practised mail leaves out what is enclosed; here it keeps the message as it was sent.
    monkeypatch.setattr(MailPlatform, "shown_body", lambda _, __, body: body.decode("ascii"))
    folder: Any = xuanfa.folder
    (folder / "xuanfa.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "posts" / "附件").mkdir(parents=True, exist_ok=True)
    named = {"docProps/core.xml": core("<dc:creator>张三丰</dc:creator>")}
    (folder / "posts" / "附件" / "表.docx").write_bytes(word(title("报名表"), paragraph("填表说明"), parts=named))
    (folder / "posts" / "a.md").write_text(f"{HEAD}请填写报名表。\n", encoding="utf-8")
    xuanfa("queue")
    xuanfa("publish")

    ((upload, answer),) = received(folder, "blog", "%/media")
    ((article, _),) = received(folder, "blog", "%/posts")
    assert ".docx" in upload
    assert f'<a href="{json.loads(answer)["source_url"]}">报名表</a>（Word，' in json.loads(article)["content"]

    ((mailed, _),) = received(folder, "mail", "/smtp")
    enclosed = [each for each in message_from_string(mailed).walk() if each.get_content_disposition() == "attachment"]
    (packed,) = folder.glob("var/handover/*/随文附件/*.docx")
    assert packed.name == "01-报名表.docx"
    assert [each.get_payload(decode=True) for each in enclosed] == [packed.read_bytes()]
    assert "填表说明" in words_of(packed.read_bytes())
    assert "张三丰" not in words_of(packed.read_bytes())

    assert xuanfa("archive", "a", "-o", "a.zip").code == 0
    with zipfile.ZipFile(folder / "a.zip") as package:
        (kept,) = {name for name in package.namelist() if name.startswith("attachments/") or "/attachments/" in name}
        assert package.read(kept) == packed.read_bytes()
    assert xuanfa("archive", "--check", "a.zip").code == 0
