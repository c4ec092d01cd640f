"""``xuanfa rehearse``: a post on practice platforms, shown as each platform's readers would see it; nothing real is touched."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SETTINGS = """
[organisation]
name = "金昌市中级人民法院"

[columns.action]
title = "我们在行动"
channels = ["site", "wecom", "weibo", "cms", "mail", "back"]

[channels.site]
adapter = "site"
title = "网站"
directory = "{public}"
base_url = "https://court.example"

[channels.wecom]
adapter = "wecom"
title = "企业微信群"
key = "11111111-2222-4333-8444-555555555555"

[channels.weibo]
adapter = "weibo"
title = "微博"
rehearsal = true

[channels.cms]
adapter = "webhook"
title = "门户"
url = "https://cms.court.example/in?token=hunter2"

[channels.mail]
adapter = "email"
title = "邮箱"
rehearsal = true

[channels.back]
adapter = "manual"
title = "省院网站"
"""

Run = Callable[..., Any]
WritePost = Callable[..., Path]


@pytest.fixture
def office(workspace: Path, tmp_path: Path) -> Path:
    """A workspace whose channels are real but for two, and whose website lies elsewhere, at an absolute path."""
    text = SETTINGS.replace("{public}", str(tmp_path / "www"))
    (workspace / "xuanfa.toml").write_text(text, encoding="utf-8")
    return workspace


def page(office: Path, name: str, slug: str = "a") -> str:
    return (office / "var" / "rehearse" / slug / f"{name}.html").read_text(encoding="utf-8")


def test_every_channel_gets_a_phone_made_of_what_its_platform_received(
    office: Path, xuanfa: Run, write_post: WritePost
) -> None:
    write_post(more="summary: 一堂法治课。\n")
    ran = xuanfa("rehearse", "a")
    assert ran.code == 0, ran.out + ran.err
    assert "6 个渠道能发，0 个要人处理。什么都没有真发出去。" in ran.out
    for name in ("wecom", "weibo", "cms", "mail"):
        assert "法治进校园" in page(office, name)
    assert '<a href="site.rehearsal/action/a.html"' in page(office, "wecom"), "the link leads to the rehearsed page"
    assert 'src="site.rehearsal/action/a.html"' in page(office, "site")
    assert "一堂法治课" in page(office, "weibo")
    index = page(office, "index")
    for name in ("site", "wecom", "weibo", "cms", "mail", "back"):
        assert f'src="{name}.html"' in index
    assert "&#34;errcode&#34;:0" in index, "what the platform answered"


def test_nothing_outside_the_scratch_folder_is_written_and_no_secret_is_shown(
    office: Path, tmp_path: Path, xuanfa: Run, write_post: WritePost
) -> None:
    write_post()
    assert xuanfa("rehearse", "a").code == 0
    assert not (tmp_path / "www").exists()
    assert [path.name for path in (office / "var").iterdir()] == ["rehearse"]
    shown = "".join(path.read_text(encoding="utf-8") for path in (office / "var/rehearse/a").glob("*.html"))
    assert "11111111-2222" not in shown
    assert "hunter2" not in shown


def test_a_future_post_is_rehearsed_on_a_clock_that_is_set_forward(
    office: Path, xuanfa: Run, write_post: WritePost
) -> None:
    write_post(at='"2031-05-06 09:00"')
    ran = xuanfa("rehearse", "a", "--json")
    assert ran.code == 0
    assert {one["state"] for one in ran.json["channels"]} == {"published", "accepted"}
    assert "2031-05-06 09:00" in page(office, "index")


def test_what_would_need_a_person_is_said_and_ends_with_one(office: Path, xuanfa: Run, write_post: WritePost) -> None:
    path = write_post(more="expires_at: 2020-01-01 00:00\n", at='"2019-12-01 00:00"')
    ran = xuanfa("rehearse", path)
    assert ran.code == 1
    assert "6 个要人处理" in ran.out
    assert "2019-12-01 00:00 +08:00 已经过去" in page(office, "site")


def test_only_the_chosen_channels_are_shown_though_others_take_part(
    office: Path, xuanfa: Run, write_post: WritePost
) -> None:
    write_post(more="channels: [site, weibo]\n")
    ran = xuanfa("rehearse", "a", "--channel", "weibo", "--json")
    assert [one["channel"] for one in ran.json["channels"]] == ["weibo"]
    assert ran.json["channels"][0]["state"] == "published", "it waited for the website's address, and got it"
    wrong = xuanfa("rehearse", "a", "--channel", "nowhere")
    assert wrong.code == 1
    assert "没有渠道 nowhere" in wrong.err
    elsewhere = xuanfa("rehearse", "a", "--channel", "back")
    assert elsewhere.code == 1
    assert "这篇稿件不发往渠道 back" in elsewhere.err


def test_only_the_named_post_is_queued(office: Path, xuanfa: Run, write_post: WritePost) -> None:
    write_post("a")
    write_post("b", title="另一篇")
    (office / "posts" / "bad.md").write_text("没有抬头", encoding="utf-8")
    assert xuanfa("rehearse", "a").code == 0
    assert "另一篇" not in page(office, "cms")


def test_a_second_rehearsal_begins_anew(office: Path, xuanfa: Run, write_post: WritePost) -> None:
    write_post(title="旧标题")
    assert xuanfa("rehearse", "a").code == 0
    write_post(title="新标题")
    assert xuanfa("rehearse", "a").code == 0
    assert "旧标题" not in page(office, "cms")
    assert "新标题" in page(office, "cms")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nothing", "没有“nothing”"),
        ("../../posts", "没有“../../posts”这个文件"),
        ("posts/none.md", "没有“posts/none.md”"),
    ],
)
def test_a_post_that_is_not_there_is_told_of_and_nothing_is_removed(
    office: Path, xuanfa: Run, name: str, said: str
) -> None:
    (office / "posts" / "kept.md").write_text("x", encoding="utf-8")
    ran = xuanfa("rehearse", name)
    assert ran.code == 1
    assert said in ran.err
    assert (office / "posts" / "kept.md").exists()


def test_scripts_in_a_message_are_text_and_pages_run_nothing(office: Path, xuanfa: Run, write_post: WritePost) -> None:
    write_post(title='"<script>alert(1)</script>一课"', more='summary: "<img src=x onerror=alert(1)>"\n')
    xuanfa("rehearse", "a")
    for path in (office / "var/rehearse/a").glob("*.html"):
        text = path.read_text(encoding="utf-8").lower()
        assert "<script" not in text, path.name
        assert "<img src=x" not in text, path.name
        assert "default-src 'none'" in text, path.name
