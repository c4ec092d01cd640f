"""Commands that look and prepare, and publish nothing: channels, doctor, preview, new, db, version; and English as a whole."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run, WritePost


def test_channels_in_json(xuanfa: Run) -> None:
    rows = xuanfa("channels", "--json").json
    assert [list(row) for row in rows] == [["id", "kind", "title", "rehearsal", "paused", "reason", "columns"]] * 3
    assert rows[0]["columns"] == ["action"]


def test_doctor_looks_at_everything_and_publishes_nothing(xuanfa: Run, write_post: WritePost, sink: Any) -> None:
    write_post()
    ran = xuanfa("doctor")
    assert ran.code == 0
    assert ran.out.splitlines()[-1] == "一切就绪。"
    assert not sink.received
    assert not (xuanfa.folder / "public").exists()
    found = xuanfa("doctor", "--json").json
    assert all(list(row) == ["what", "ok", "trouble", "fatal", "note"] for row in found)


def test_doctor_names_a_channel_that_cannot_be_reached(xuanfa: Run, sink: Any) -> None:
    toml = xuanfa.folder / "xuanfa.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace(sink.url, "http://127.0.0.1:1/"), encoding="utf-8")
    ran = xuanfa("doctor")
    assert ran.code == 1
    assert "✗ 渠道 cms（webhook）：" in ran.out


def test_a_post_to_preview_is_named_from_wherever_one_stands(xuanfa: Run, write_post: WritePost) -> None:
    path = write_post("one")
    for name in ("one", path, f"posts/{path.name}", path.name):
        assert xuanfa("preview", name, "--channel", "site").code == 0
    path.write_text("---\ntitle: 甲\n---\n", encoding="utf-8")
    assert "正文是空的" in xuanfa("preview", "one").err


def test_preview_writes_what_each_channel_would_get(xuanfa: Run, write_post: WritePost, sink: Any) -> None:
    write_post()
    ran = xuanfa("preview", "a")
    assert ran.code == 0
    paths = [Path(line.partition("：")[2]) for line in ran.out.splitlines()]
    assert [path.is_file() for path in paths] == [True, True, True]
    assert "法治进校园" in paths[0].read_text(encoding="utf-8")
    assert paths[2] == xuanfa.folder / "var/preview/a/index.html"
    assert not sink.received
    (only,) = xuanfa("preview", "posts/a.md", "--channel", "cms", "--json").json
    assert list(only) == ["channel", "path", "findings", "notices"]


def test_preview_says_what_is_wrong_with_the_file_itself_with_its_line(xuanfa: Run, write_post: WritePost) -> None:
    path = write_post()
    path.write_text(path.read_text(encoding="utf-8") + "\n见[附件](附件.md)。\n", encoding="utf-8")
    line = path.read_text(encoding="utf-8").split("\n").index("见[附件](附件.md)。") + 1
    ran = xuanfa("preview", "a")
    (told,) = [row for row in ran.out.splitlines() if row.startswith("! ")]
    assert f"posts/a.md:{line}: 链接“附件.md”" in told
    assert "链接“附件.md”" in (xuanfa.folder / "var/preview/a/index.html").read_text(encoding="utf-8")
    assert [one["notices"] for one in xuanfa("preview", "a", "--json").json] == [[told.removeprefix("! ")]] * 2


def test_new_writes_a_post_that_can_be_queued(xuanfa: Run) -> None:
    ran = xuanfa("new", "开展“法治进校园”活动", "--column", "action")
    assert ran.code == 0
    (path,) = (xuanfa.folder / "posts").rglob("*.md")
    assert path.name in ran.out
    assert "还没有正文" in xuanfa("queue").err
    path.write_text(path.read_text(encoding="utf-8") + "\n法官走进校园。\n", encoding="utf-8")
    assert xuanfa("queue").code == 0
    assert xuanfa("posts", "--json").json[0]["title"] == "开展“法治进校园”活动"
    assert xuanfa("new", "开展“法治进校园”活动", "--column", "action").code == 1


def test_db_upgrade_makes_a_database_and_then_has_nothing_to_do(xuanfa: Run) -> None:
    assert re.fullmatch(r"数据库已从 空 升级到 \d{4}。\n", xuanfa("db", "upgrade").out)
    assert re.fullmatch(r"数据库已是最新版本（\d{4}）。\n", xuanfa("db", "upgrade").out)


def test_version_says_what_an_operator_is_asked_for(xuanfa: Run) -> None:
    assert list(xuanfa("version", "--json").json) == ["xuanfa", "python", "machine"]
    assert xuanfa("version").out.startswith("xuanfa ")
    assert xuanfa("--version").out == f"xuanfa {xuanfa('version', '--json').json['xuanfa']}\n"


def test_verbose_shows_every_move(xuanfa: Run, write_post: WritePost) -> None:
    write_post()
    assert "投递 1（site）：" in xuanfa("publish", "-v").err


ENGLISH = """
[columns.action]
title = "Action"
channels = ["site", "cms"]
[channels.site]
adapter = "site"
directory = "public"
base_url = "https://court.example"
[channels.cms]
adapter = "webhook"
rehearsal = true
"""


@pytest.mark.parametrize(
    "line",
    [
        "queue", "publish", "publish --json", "posts", "deliveries", "show a", "show 1", "count", "count --json",
        "channels", "doctor", "preview a", "cancel 1", "resolve 1 --absent --why x", "retry 7", "retract 2 --why x",
        "reschedule 1 --at x", "show nosuch", "count --since x", "nosuch", "publish --bad", "cancel x", "cancel",
        "count --by x", "count --column x", "channels pause x --why y",
        "new a", "preview nosuch", "version",
    ],
)  # fmt: skip
def test_english_is_english(xuanfa: Run, write_post: WritePost, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setenv("XUANFA_LANG", "en_GB.UTF-8")
    (xuanfa.folder / "xuanfa.toml").write_text(ENGLISH, encoding="utf-8")
    path = write_post(title="A title")
    path.write_text(path.read_text(encoding="utf-8").replace("宣传科", "press"), encoding="utf-8")
    path.write_text(
        re.sub(r"法官.*", "The court went to a school.", path.read_text(encoding="utf-8")), encoding="utf-8"
    )
    if line != "queue":
        xuanfa("publish")
    ran = xuanfa(*line.split())
    text = (ran.out + ran.err).replace("国办发〔2017〕47号", "")
    assert text
    assert not re.findall(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", text), text
