"""``proof``: what is really on the public pages, on a website of the loopback that behaves badly in all the ways that websites do."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.cli.conftest import Run
from tests.support.odd_server import odd_server
from tests.support.public_site import HANG_UP, PublicSite, Said, html, public_site

SETTINGS = """
[columns.action]
title = "我们在行动"
channels = ["site", "weibo"]
[channels.site]
adapter = "site"
directory = "www/zl"
base_url = "{url}/zl"
[channels.weibo]
adapter = "manual"
title = "微博"
"""
POST = """---
title: 抓执行促落实
column: action
publish_at: now
---

三月三日，金昌市中级人民法院召开推进会。

会议指出，全年共办结案件 1,036 件，结案率 98.5%。

院长要求全院干警抓学习促提升。
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PublicSite]:
    with public_site(tmp_path / "office" / "www") as served:
        yield served


@pytest.fixture
def office(
    tmp_path: Path, site: PublicSite, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Run:
    """One post, public on the website as delivery 1, handed over for Weibo as delivery 2."""
    folder = tmp_path / "office"
    (folder / "posts").mkdir(parents=True)
    (folder / "xuanfa.toml").write_text(SETTINGS.format(url=site.url), encoding="utf-8")
    (folder / "posts" / "first.md").write_text(POST, encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XUANFA_PROOF__SCREENSHOTS", "false")  # a browser takes seconds: ``test_proof_pictures``
    run = Run(folder, capsys)
    assert run("publish").code in {0, 1}
    return run


def altered(old: str, new: str) -> Callable[[str, Said], Said]:
    """Serves what is there with other words in it."""
    return lambda _path, said: (said[0], said[1], said[2].replace(old.encode(), new.encode()))


def test_a_page_as_it_was_sent_is_kept_with_text_hash_and_time(office: Run) -> None:
    ran = office("proof", "check")
    assert ran.code == 0
    assert "✓ #1 first《抓执行促落实》 site 与发出的一致" in ran.out
    assert "共 1 条：1 条与发出的一致，0 条不一致或打不开，0 条没有去看，0 条程序取不到。" in ran.out
    shown = office("proof", "show", 1, "--json").json
    assert {"at", "status", "sha256", "text", "screenshot", "difference"} <= shown.keys()
    assert (shown["status"], shown["state"], shown["difference"]) == (200, "same", "")
    assert shown["sha256"] == hashlib.sha256(shown["text"].encode()).hexdigest()
    assert "结案率 98.5%" in shown["text"]
    assert (shown["screenshot"], shown["screenshot_note"]) == (None, "设置里关掉了截图")
    kept = office.folder / "var" / "media" / shown["sha256"][:2] / f"{shown['sha256']}.txt"
    assert kept.read_text(encoding="utf-8") == shown["text"]


BAD: dict[str, tuple[Callable[[str, Said], Said], str, str]] = {
    "altered": (altered("98.5%", "89.5%"), "changed", "第 2 段不一样"),
    "cut": (
        lambda _path, said: (said[0], said[1], said[2].split("会议指出".encode())[0]),
        "changed",
        "从第 2 段起的 2 段没有了",
    ),
    "put in": (altered("<p>院长", "<p>加微信领红包</p><p>院长"), "changed", "第 2 段后面多出：“加微信领红包”"),
    "gone": (lambda _path, _said: html("", 404), "gone", "404"),
    "soft 404": (lambda _path, _said: html("<title>提示</title>您访问的页面不存在"), "gone", "标题和正文都没有了"),
    "sign-in": (
        lambda _path, _said: html("<title>登录</title><form>密码<input type=password></form>"),
        "sign_in",
        "登录页",
    ),
    "down": (lambda _path, _said: html("Bad Gateway", 502), "unreached", "502"),
    "round": (lambda path, _said: (302, {"Location": path}, b""), "unreached", "转来转去"),
}


@pytest.mark.parametrize("way", BAD)
def test_each_bad_way_is_told_by_post_and_address_and_exits_with_1(office: Run, site: PublicSite, way: str) -> None:
    site.does, state, said = BAD[way]
    ran = office("proof", "check", "first")
    assert ran.code == 1
    assert "first《抓执行促落实》" in ran.out
    assert f"{site.url}/zl/action/first.html" in ran.out
    assert said in ran.out
    (row,) = office("proof", "check", "1", "--json").json
    assert (row["state"], row["post"], row["new"]) == (state, "first", False)
    assert said in office("proof", "show", 1, "--json").json["difference"]


def test_one_page_that_does_not_answer_hides_no_other_and_what_is_not_looked_at_is_named(
    office: Run, site: PublicSite
) -> None:
    for name in ("second", "third", "fourth"):
        text = POST.replace("抓执行促落实", f"抓执行促落实（{name}）")
        (office.folder / "posts" / f"{name}.md").write_text(text, encoding="utf-8")
    office("publish")
    site.does = lambda path, said: HANG_UP if "first" in path else altered("1,036", "1,136")(path, said)
    ran = office("proof", "check")
    assert ran.code == 1
    assert all(f"{name}《" in ran.out for name in ("first", "second", "third", "fourth"))
    site.does = lambda _path, _said: HANG_UP
    ran = office("proof", "check")
    assert ran.code == 1
    assert ran.out.count("没有去看：") == 2
    assert "2 条不一致或打不开，2 条没有去看" in ran.out


def test_a_page_that_is_never_the_same_twice_is_the_same_article(office: Run, site: PublicSite) -> None:
    def restless(_path: str, said: Said) -> Said:
        noise = f"<p>阅读 {len(site.asked) * 37} 次 2026-03-0{len(site.asked)} 10:0{len(site.asked)}</p>".encode()
        body = said[2].replace("<p>会议".encode(), noise + "<p>会议".encode()).replace(b"<article", noise + b"<article")
        return said[0], said[1], body + noise

    site.does = restless
    assert [office("proof", "check").code for _ in range(3)] == [0, 0, 0]
    assert len(office("proof", "show", 1, "--json").json["earlier"]) == 0


def test_a_change_and_its_end_are_proofs_of_their_own_and_what_stays_is_not_kept_twice(
    office: Run, site: PublicSite
) -> None:
    office("proof", "check")
    site.does = BAD["altered"][0]
    office("proof", "check"), office("proof", "check")
    site.does = lambda _path, said: said
    office("proof", "check")
    shown = office("proof", "show", 1, "--json").json
    assert [shown["state"], *(each["state"] for each in shown["earlier"])] == ["same", "changed", "same"]


def test_a_redirect_into_a_closed_network_is_not_followed(office: Run, site: PublicSite) -> None:
    with odd_server(lambda connection: connection.say(b"HTTP/1.1 200 OK\r\n\r\nsecret")) as inside:
        site.does = lambda _path, _said: (302, {"Location": f"{inside.address}/admin"}, b"")
        ran = office("proof", "check", "--json")
        assert inside.connections == 0
    (row,) = ran.json
    assert row["state"] == "unseen"
    assert "内部网络" in row["difference"]


def test_an_address_that_a_person_gave_is_not_opened_in_a_closed_network(office: Run) -> None:
    with odd_server(lambda connection: connection.say(b"HTTP/1.1 200 OK\r\n\r\nsecret")) as inside:
        assert office("resolve", 2, "--published", f"{inside.address}/detail/7").code == 0
        ran = office("proof", "check", 2)
        assert inside.connections == 0
    assert ran.code == 0
    assert "取不到" in ran.out
    assert "xuanfa proof add 2 图片" in ran.out


def test_a_picture_by_hand_is_kept_where_nothing_can_be_fetched(office: Run, tmp_path: Path) -> None:
    assert office("resolve", 2, "--published", "https://weibo.com/1/abc").code == 0
    picture = tmp_path / "shot.png"
    Image.new("RGB", (60, 90), "red").save(picture)
    assert office("proof", "add", 2, picture).code == 0
    shown = office("proof", "show", 2, "--json").json
    assert Path(shown["screenshot"]).read_bytes() == picture.read_bytes()
    assert (shown["origin"], shown["status"], shown["sha256"]) == ("picture", None, None)
    assert "人工截图" in office("proof", "show", 2).out
    assert office("verify").code == 0
    Path(shown["screenshot"]).write_bytes(b"other")
    assert "存证" in (spoilt := office("verify")).out
    assert spoilt.code == 1


def test_what_is_no_picture_or_not_out_is_refused_in_words(office: Run, tmp_path: Path) -> None:
    text = tmp_path / "note.png"
    text.write_text("不是图片", encoding="utf-8")
    picture = tmp_path / "shot.png"
    Image.new("RGB", (60, 90), "red").save(picture)
    for arguments, said in (
        (("proof", "add", 1, text), "不是图片"),
        (("proof", "add", 1, tmp_path / "none.png"), "读不了图片"),
        (("proof", "add", 2, picture), "没有正式发布过"),
        (("proof", "add", 1, picture, "--at", "2020-01-01 09:00"), "早于发布时间"),
        (("proof", "add", 1, picture, "--at", "2999-01-01 09:00"), "还没有到"),
        (("proof", "check", "nosuch"), "没有名为“nosuch”的稿件"),
        (("proof", "check", 2), "没有正式发布"),
        (("proof", "check", 99), "没有正式发布"),
        (("proof", "show", 99), "没有正式发布过"),
        (("proof", "accept", 1, "--why", "好"), "没有要认可的差异"),
    ):
        ran = office(*arguments)
        assert ran.code == 1
        assert said in ran.err
    assert office("proof", "show", "abc").code == 2


def test_what_was_never_looked_at_says_why(office: Run) -> None:
    assert "还没有去看过公开页" in office("proof", "show", 1).out
    assert json.loads(office("proof", "show", 1, "--json").out)["difference"] == "还没有去看过公开页"


def test_a_difference_that_is_all_right_is_told_again_only_when_it_is_another_one(
    office: Run, site: PublicSite
) -> None:
    def causes() -> list[str]:
        return [each["cause"] for each in office("alarms", "--json").json if each["cause"].startswith("proof:")]

    site.does = BAD["altered"][0]
    office("proof", "check")
    assert causes() == ["proof:1:changed"]
    assert office("proof", "accept", 1).code == 2
    accepted = office("proof", "accept", 1, "--why", "平台按新数据改的，已核对")
    assert accepted.code == 0
    assert causes() == []
    office("proof", "check")
    assert causes() == []
    site.does = altered("98.5%", "8.5%")
    office("proof", "check")
    assert causes() == ["proof:1:changed"]
    assert "认可公开页差异" in office("audit", "show").out


def test_the_alarm_has_the_next_step_and_goes_with_its_cause(office: Run, site: PublicSite) -> None:
    site.does = BAD["gone"][0]
    office("proof", "check")
    said = office("alarms").out
    assert "公开页已不在：网站回答 404" in said
    for step in (
        "xuanfa correct first",
        "xuanfa withdraw first --why 原因",
        "xuanfa proof accept 1 --why 原因",
        "xuanfa proof show 1",
    ):
        assert step in said
    site.does = lambda _path, said: said
    office("proof", "check")
    assert "proof:" not in office("alarms", "--json").out


def test_a_backup_has_the_proofs_and_brings_them_back(
    office: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office("proof", "check")
    before = office("proof", "show", 1, "--json").json
    assert office("backup", tmp_path / "b.zip").code == 0
    target = tmp_path / "new"
    assert office("restore", tmp_path / "b.zip", "-w", target, "--with-settings").code == 0
    monkeypatch.chdir(target)
    after = office("proof", "show", 1, "--json", "-w", target).json
    assert after["text"] == before["text"]
    assert after["sha256"] == before["sha256"]


def test_a_wrong_time_of_day_is_a_mistake_with_its_line(office: Run) -> None:
    settings = (office.folder / "xuanfa.toml").read_text(encoding="utf-8")
    for written, said in (
        ('nightly = "25:00"', "应为一天里的时刻"),
        ("nightly = 2", "应为一天里的时刻"),
        ("first_after_minutes = -1", "不能小于 0"),
    ):
        (office.folder / "xuanfa.toml").write_text(f"[proof]\n{written}\n{settings}", encoding="utf-8")
        ran: Any = office("proof", "check")
        assert ran.code == 1
        assert said in ran.err
        assert "proof." in ran.err
