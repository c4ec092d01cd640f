"""Whoever types an option calls things as they are shown: by id or by title; and a name that nothing has is an error, with those like it."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run, WritePost


@pytest.mark.parametrize("name", ["cms", "门户", " 门户 ", "ＣＭＳ", "CMS"])
def test_a_channel_is_named_by_its_id_or_its_title(xuanfa: Run, write_post: WritePost, name: str) -> None:
    write_post("one", at="2099-01-05 09:00")
    xuanfa("queue")
    assert [row["channel"] for row in xuanfa("deliveries", "--channel", name, "--json").json] == ["cms"]
    assert xuanfa("pause", "--channel", name, "--why", "x", "--json").json["channel"] == "cms"
    assert xuanfa("resume", "--channel", name, "--json").json == {
        "channel": "cms",
        "everything_paused": False,
        "paused": [],
        "restored_waiting": 0,
        "posts_may_lack": False,
    }
    assert "渠道 cms 已暂停" in xuanfa("channels", "pause", name, "--why", "x").out
    assert xuanfa("channels", "resume", name, "--json").json == {"channel": "cms", "paused": False}
    assert "渠道 cms 不需要登录" in xuanfa("channels", "login", name).err
    for command in ("preview", "rehearse"):
        shown = xuanfa(command, "one", "--channel", name, "--json").json
        rows = shown if command == "preview" else shown["channels"]
        assert [row["channel"] for row in rows] == ["cms"]
    assert xuanfa("check", "posts/one.md", "--channel", name).code in {0, 1}


def test_a_title_that_two_channels_have_is_asked_about(xuanfa: Run, workspace: Path) -> None:
    settings = workspace / "xuanfa.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('"练习"', '"门户"'), encoding="utf-8")
    ran = xuanfa("pause", "--channel", "门户", "--why", "x")
    assert (ran.code, "“门户”是 cms、drill 共同的名称" in ran.err) == (1, True)
    assert xuanfa("pause", "--channel", "drill", "--why", "x").code == 0


def test_what_there_is_stands_with_its_title_where_nothing_has_the_name(xuanfa: Run) -> None:
    said = xuanfa("pause", "--channel", "网页", "--why", "x")
    assert (said.code, "没有渠道 网页：有 site（网站）、cms（门户）、drill（练习）。" in said.err) == (1, True)
    for words in (("new", "题", "--column", "无"), ("count", "--column", "无"), ("deliveries", "--column", "无")):
        assert "action（我们在行动）、quiet（静）" in xuanfa(*words).err


def test_a_column_is_named_by_its_id_or_its_title(xuanfa: Run, write_post: WritePost) -> None:
    write_post("one", at="2099-01-05 09:00")
    xuanfa("queue")
    for name in ("action", "我们在行动", "Action", "我们 在行动"):
        assert len(xuanfa("deliveries", "--column", name, "--json").json) == 2
        assert xuanfa("count", "--column", name).code == 0
        made = Path(xuanfa("new", f"题{name}", "--column", name, "--json").json["path"])
        assert "column: action" in made.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["scheduled", "待发布", " 待发布 ", "Scheduled", "SCHEDULED"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_state_is_named_in_either_language(
    xuanfa: Run, write_post: WritePost, monkeypatch: pytest.MonkeyPatch, name: str, language: str
) -> None:
    write_post("one", at="2099-01-05 09:00")
    xuanfa("queue")
    monkeypatch.setenv("XUANFA_LANG", language)
    assert len(xuanfa("deliveries", "--state", name, "--json").json) == 2


@pytest.mark.parametrize(
    "words",
    [
        ("deliveries", "--post"),
        ("show",),
        ("audit", "show", "--post"),
        ("review", "show"),
        ("withdraw", "--why", "x"),
        ("correct", "--why", "x"),
        ("archive", "-o", "a.zip"),
        ("review", "form", "-o", "a.docx"),
    ],
)
def test_a_post_that_is_not_there_is_an_error_and_names_those_like_it(
    xuanfa: Run, write_post: WritePost, words: tuple[str, ...]
) -> None:
    for slug in ("xunhui-shenpan", "xunhui-shenpan-2", "other"):
        write_post(slug, at="2099-01-05 09:00")
    xuanfa("queue")
    said: Any = xuanfa(*words, "xunhui-shenpn")
    assert (said.code, said.out) == (1, "")
    assert "没有名为“xunhui-shenpn”的稿件，相近的有 " in said.err
    assert {"xunhui-shenpan", "xunhui-shenpan-2"} <= set(said.err.replace("：", "、").split("、")) | {
        part.split()[-1] for part in said.err.replace("：", "、").split("、") if part.split()
    }
    assert "other" not in said.err
    assert "相近" not in xuanfa(*words, "完全不同").err
