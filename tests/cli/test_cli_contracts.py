"""What commands print, and what programs may rely on."""

import json
import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from xuanfa.cli.tables import width

Run = Any
Write = Callable[..., Path]

DELIVERY = ["id", "post", "revision", "column", "channel", "kind", "state", "due_at", "attempts", "remote_id"]
DELIVERY += ["address", "published_at", "reason", "rehearsal", "account"]
STATES = ["scheduled", "accepted", "published", "unknown", "rejected", "failed", "held", "cancelled"]
STATES += ["retracting", "retracted"]


def states(xuanfa: Run, **only: str) -> dict[str, str]:
    """Post and channel with the state."""
    options = [part for name, value in only.items() for part in (f"--{name}", value)]
    return {f"{row['post']}/{row['channel']}": row["state"] for row in xuanfa("deliveries", "--json", *options).json}


def number(xuanfa: Run, post: str, channel: str) -> int:
    (row,) = xuanfa("deliveries", "--json", "--post", post, "--channel", channel).json
    return int(row["id"])


def test_publish_sends_what_is_due_and_says_how_many(xuanfa: Run, write_post: Write, sink: Any) -> None:
    write_post("one")
    write_post("two", at="2099-01-05 09:00")
    ran = xuanfa("publish")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "本次投递：已发布 2。",
        "“我们在行动”专栏共发布信息 2 条（去重稿件 1 篇）：网站 1 条，门户 1 条。",
    ]
    assert [body["data"]["slug"] for body in sink.received] == ["one"]
    assert (xuanfa.folder / "public" / "action" / "one.html").is_file()


def test_publish_in_json_has_a_number_for_every_state_and_the_count(xuanfa: Run, write_post: Write) -> None:
    write_post()
    found = xuanfa("publish", "--json").json
    assert found == dict.fromkeys(STATES, 0) | {"published": 2, "count": 2}
    assert xuanfa("publish", "--json").json == dict.fromkeys(STATES, 0) | {"count": 2}


def test_nothing_due_is_said_and_fine(xuanfa: Run) -> None:
    ran = xuanfa("publish")
    assert (ran.code, ran.out, ran.err) == (0, "没有到期的投递。\n", "")


def test_deliveries_in_json_keep_the_contract(xuanfa: Run, write_post: Write, sink: Any) -> None:
    write_post()
    xuanfa("publish")
    site, cms = xuanfa("deliveries", "--json").json
    assert list(site) == list(cms) == DELIVERY
    assert cms["remote_id"] == "n1"
    assert cms["address"] == sink.url.replace("/posts", "/news/1.html")
    assert (cms["kind"], cms["state"], cms["attempts"], cms["revision"]) == ("webhook", "published", 1, 1)
    assert site["address"] == "https://court.example/action/a.html"
    for name in ("due_at", "published_at"):
        assert datetime.fromisoformat(cms[name]).utcoffset() == timedelta(0)
    assert json.loads(xuanfa("deliveries", "--json", "--state", "held").out) == []


def test_deliveries_are_filtered(xuanfa: Run, write_post: Write) -> None:
    write_post("one")
    write_post("two", at="2099-01-05 09:00")
    xuanfa("publish")
    assert states(xuanfa, state="scheduled") == {"two/site": "scheduled", "two/cms": "scheduled"}
    assert states(xuanfa, post="one", channel="cms") == {"one/cms": "published"}
    assert "没有符合条件的投递" in xuanfa("deliveries", "--post", "three").out


def test_what_was_published_in_a_month_is_listed_with_whole_addresses(xuanfa: Run, write_post: Write) -> None:
    write_post("one", title="一篇标题写得很长很长的稿件，长到表格在窄窗口里一定放不下")
    xuanfa("publish")
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    listed = xuanfa("deliveries", "--state", "已发布", "--since", today, "--until", today, "--column", "我们在行动").out
    (row,) = xuanfa("deliveries", "--json", "--channel", "site").json
    assert row["address"] in listed
    assert "一篇标题写得很长很长的稿件，长到表格在窄窗口里一定放不下" in listed
    assert "没有符合条件的投递" in xuanfa("deliveries", "--since", "2020-01-01", "--until", "2020-01-31").out
    assert xuanfa("deliveries", "--since", "2026-02-01", "--until", "2026-01-01").code == 2
    assert "没有渠道 nope" in xuanfa("deliveries", "--channel", "nope").err
    assert "没有专栏 nope" in xuanfa("deliveries", "--column", "nope").err
    assert "没有状态“发布”" in xuanfa("deliveries", "--state", "发布").err


def test_a_narrow_window_cuts_titles_and_no_address(
    xuanfa: Run, write_post: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_post("one", title="一篇标题写得很长很长的稿件，长到表格在窄窗口里一定放不下")
    xuanfa("publish")
    monkeypatch.setattr("xuanfa.cli.tables._is_watched", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    lines = xuanfa("deliveries").out.splitlines()
    (row,) = xuanfa("deliveries", "--json", "--channel", "site").json
    assert f"    {row['address']}" in lines
    assert all(width(line) <= 80 or "https://" in line for line in lines[1:])


def test_a_person_says_when_it_was_published(xuanfa: Run, write_post: Write, sink: Any) -> None:
    sink.answers = [0]
    write_post("one", more="channels: [cms]\n")
    xuanfa("publish")
    doubt = number(xuanfa, "one", "cms")
    assert "还没有到" in xuanfa("resolve", doubt, "--published", "https://a.gov.cn/1", "--at", "2099-01-01 09:00").err
    assert xuanfa("resolve", doubt, "--absent", "--why", "x", "--at", "2026-01-01 09:00").code == 2
    assert xuanfa("resolve", doubt, "--published", "https://a.gov.cn/1", "--at", "2026-01-02 09:00").code == 0
    (row,) = xuanfa("deliveries", "--json").json
    assert row["published_at"] == "2026-01-02T01:00:00+00:00"
    assert xuanfa("count", "--json", "--until", "2026-01-02").json["items"] == 1


def test_the_table_of_deliveries_lines_up_for_people(xuanfa: Run, write_post: Write) -> None:
    write_post()
    xuanfa("publish")
    head, site, _ = xuanfa("deliveries").out.splitlines()
    assert head.split() == ["编号", "稿件", "标题", "渠道", "状态", "应发时间", "发布时间", "地址或原因"]
    assert re.fullmatch(
        r"1 +a +\S+ +site +已发布( +\d{4}-\d\d-\d\d \d\d:\d\d){2}  https://court.example/action/a.html", site
    )


def test_the_count_is_the_sentence_for_a_report(xuanfa: Run, write_post: Write) -> None:
    write_post("one")
    write_post("two", title="巡回审判")
    write_post("drill", column="quiet")
    xuanfa("publish")
    sentence, definition = xuanfa("count", "--column", "action").out.splitlines()
    assert sentence == "“我们在行动”专栏共发布信息 4 条（去重稿件 2 篇）：网站 2 条，门户 2 条。"
    assert definition.startswith("口径：“条”为已确认发布的渠道条次")


def test_the_count_in_json_keeps_the_contract_and_tells_rehearsals_apart(xuanfa: Run, write_post: Write) -> None:
    write_post("one")
    write_post("drill", column="quiet")
    xuanfa("publish")
    found = xuanfa("count", "--json").json
    assert list(found) == ["posts", "items", "retracted", "rehearsed", "by", "definition"]
    assert (found["posts"], found["items"], found["retracted"], found["rehearsed"]) == (1, 2, 0, 1)
    assert found["by"] == {"cms": 1, "site": 1}
    assert xuanfa("count", "--json", "--by", "column").json["by"] == {"action": 2}
    assert xuanfa("count", "--json", "--by", "department").json["by"] == {"宣传科": 2}
    (month,) = xuanfa("count", "--json", "--by", "month").json["by"]
    assert re.fullmatch(r"\d{4}-\d\d", month)


def test_the_count_of_a_period_has_only_that(xuanfa: Run, write_post: Write) -> None:
    write_post()
    xuanfa("publish")
    assert xuanfa("count", "--json", "--until", "2020-12-31").json["items"] == 0
    assert xuanfa("count", "--json", "--since", "2020年1月1日").json["items"] == 2
    assert xuanfa("count", "--since", "2020/1/1", "--until", "2020.12.31").out.startswith(
        "2020年1月1日 至 2020年12月31日，各专栏共发布信息 0 条（去重稿件 0 篇）。"
    )


def test_a_retracted_item_is_counted_apart(xuanfa: Run, write_post: Write) -> None:
    write_post()
    xuanfa("publish")
    ran = xuanfa("retract", number(xuanfa, "a", "site"), "--why", "错别字")
    assert (ran.code, ran.out) == (0, "投递 1（site）：已撤回\n")
    found = xuanfa("count", "--json").json
    assert (found["items"], found["retracted"], found["by"]) == (1, 1, {"cms": 1})
    assert "（另有已撤回 1 条、演练 1 条，不计入）。" not in xuanfa("count").out
    assert xuanfa("count", "--column", "action").out.splitlines()[0].endswith("门户 1 条（另有已撤回 1 条，不计入）。")


def test_a_channel_without_withdrawal_says_how_to_record_it(xuanfa: Run, write_post: Write) -> None:
    write_post()
    xuanfa("publish")
    cms = number(xuanfa, "a", "cms")
    ran = xuanfa("retract", cms, "--why", "错别字")
    assert ran.code == 1
    assert f"xuanfa retract {cms} --done --why" in ran.err
    assert xuanfa("retract", cms, "--done", "--why", "错别字").code == 0
    assert states(xuanfa)["a/cms"] == "retracted"


def test_posts_lists_what_is_queued(xuanfa: Run, write_post: Write) -> None:
    assert "还没有稿件" in xuanfa("posts").out
    write_post()
    assert xuanfa("queue").out == "稿件：新增 1 篇，修改 0 篇，未变 0 篇，有问题 0 处。\n"
    (row,) = xuanfa("posts", "--json").json
    assert list(row) == ["post", "title", "path", "column", "revision", "queued_at", "states"]
    assert (row["post"], row["path"], row["states"]) == ("a", "posts/a.md", {"scheduled": 2})
    assert "待发布 2" in xuanfa("posts").out


def test_queue_in_json_lists_what_it_did(xuanfa: Run, write_post: Write) -> None:
    write_post("good")
    write_post("bad", title="")
    ran = xuanfa("queue", "--json")
    assert ran.code == 1
    found = ran.json
    assert list(found) == ["new", "revised", "unchanged", "problems", "notices"]
    assert found["new"] == ["good"]
    assert found["problems"][0].startswith("posts/bad.md:2: ")


def test_a_bad_file_is_named_in_json_too_and_the_others_go_out(xuanfa: Run, write_post: Write, sink: Any) -> None:
    write_post("bad", title="")
    write_post("good")
    ran = xuanfa("publish", "--json")
    assert ran.code == 1
    assert ran.json["published"] == 2
    assert "有问题 posts/bad.md:2: " in ran.err
    assert len(sink.received) == 1


def test_show_tells_the_history_in_words(xuanfa: Run, write_post: Write) -> None:
    write_post()
    xuanfa("publish")
    text = xuanfa("show", "a").out
    assert text.startswith("《法治进校园》 a · 第 1 版\n\n#1 site：已发布  https://court.example/action/a.html\n")
    assert "发布 #1：已发布" in text
    assert "→" not in text or "发布中 → 已发布" in text
    (row,) = xuanfa("show", "2", "--json").json
    assert list(row) == [*DELIVERY, "title", "history"]
    assert list(row["history"][0]) == ["at", "what", "who", "why"]
    assert any(line["what"] == "publish #1: published" for line in row["history"])


def test_a_decision_is_kept_with_who_and_why(xuanfa: Run, write_post: Write) -> None:
    write_post(at="2099-01-05 09:00")
    xuanfa("queue")
    assert xuanfa("cancel", 1, "--why", "活动取消").out == "投递 1（site）：已取消\n"
    last = xuanfa("show", "1", "--json").json[0]["history"][-1]
    assert (last["what"], last["who"], last["why"]) == ("scheduled → cancelled", "王敏", "活动取消")


def test_several_are_decided_at_once_and_the_first_refusal_stops(xuanfa: Run, write_post: Write) -> None:
    write_post("one", at="2099-01-05 09:00")
    write_post("two", at="2099-01-06 09:00")
    xuanfa("queue")
    assert xuanfa("cancel", 1, 2).code == 0
    ran = xuanfa("cancel", 3, 1, 4)
    assert (ran.code, ran.out) == (1, "投递 3（site）：已取消\n")
    assert "投递 1 现在是“已取消”" in ran.err
    assert states(xuanfa)["two/cms"] == "scheduled"
    assert xuanfa("retry", 1, 2, 3).code == 0
    assert set(states(xuanfa).values()) == {"scheduled"}


def test_reschedule_moves_the_time(xuanfa: Run, write_post: Write) -> None:
    write_post(at="2099-01-05 09:00")
    xuanfa("queue")
    assert xuanfa("reschedule", 1, "--at", "2099年2月1日 下午3:30").code == 0
    assert xuanfa("deliveries", "--json", "--channel", "site").json[0]["due_at"] == "2099-02-01T07:30:00+00:00"


def test_nobody_moves_a_post_into_the_past(xuanfa: Run, write_post: Write, sink: Any) -> None:
    write_post(at="2099-01-05 09:00", more="channels: [cms]\n")
    xuanfa("queue")
    assert xuanfa("release", 1).code == 1  # not held: nothing to release
    ran = xuanfa("reschedule", 1, "--at", "2020-01-01 09:00")
    assert (ran.code, sink.received) == (1, [])
    assert "已经过去，没有改期" in ran.err
    present = f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M}"
    assert xuanfa("reschedule", 1, "--at", present).code == 0
    assert xuanfa("publish").code == 0
    assert len(sink.received) == 1


def test_a_past_time_in_a_file_is_asked_about_and_mended_by_the_file(xuanfa: Run, write_post: Write, sink: Any) -> None:
    write_post(at="2020-01-05 09:00", more="channels: [cms]\n")
    assert xuanfa("publish").code == 1
    (row,) = xuanfa("deliveries", "--json").json
    assert (row["state"], sink.received) == ("held", [])
    assert "2020-01-05 09:00 +08:00 已经过去" in row["reason"]
    write_post(at="2099-01-05 09:00", more="channels: [cms]\n")
    xuanfa("queue")
    (row,) = xuanfa("deliveries", "--json").json
    assert (row["state"], row["due_at"]) == ("scheduled", "2099-01-05T01:00:00+00:00")


def test_what_goes_to_a_channel_that_is_gone_is_held_and_told(
    xuanfa: Run, write_post: Write, sink: Any, settings: str
) -> None:
    write_post(at="2099-01-05 09:00")
    xuanfa("queue")
    renamed = settings.replace('"cms"', '"portal"').replace("[channels.cms]", "[channels.portal]")
    (xuanfa.folder / "xuanfa.toml").write_text(renamed, encoding="utf-8")
    assert xuanfa("publish").code == 1
    assert states(xuanfa) == {"a/site": "scheduled", "a/cms": "held"}
    (row,) = xuanfa("deliveries", "--json", "--channel", "cms").json
    assert "渠道 cms 已不在设置里" in row["reason"]
    assert sink.received == []


def test_what_comes_too_late_is_held_until_it_is_released(xuanfa: Run, write_post: Write, sink: Any) -> None:
    write_post(more="channels: [cms]\n")
    xuanfa("queue")
    long_ago = int((datetime.now(UTC) - timedelta(hours=3)).timestamp() * 1_000_000)
    with sqlite3.connect(xuanfa.folder / "var" / "xuanfa.db") as database:  # as if nothing had run for three hours
        database.execute("UPDATE deliveries SET due_at = ?, ready_at = ?, fresh_at = ?", (long_ago,) * 3)
    database.close()
    ran = xuanfa("publish")
    assert ran.code == 1
    assert "有 1 条投递“暂缓”，需要人处理：xuanfa deliveries --state held" in ran.err
    assert "错过发布时间超过 120 分钟" in xuanfa("show", "1").out
    assert not sink.received
    assert xuanfa("release", 1, "--why", "仍然有效").code == 0
    assert xuanfa("publish").code == 0
    assert len(sink.received) == 1


def test_a_doubt_needs_a_person_and_is_settled_by_one(xuanfa: Run, write_post: Write, sink: Any) -> None:
    sink.answers = [500]
    write_post(more="channels: [cms]\n")
    ran = xuanfa("publish")
    assert ran.code == 1
    assert "有 1 条投递“待核实”，需要人处理：xuanfa deliveries --state unknown" in ran.err
    assert xuanfa("publish").code == 1  # it stays so until somebody has looked
    assert not sink.received
    told = xuanfa("deliveries", "--state", "unknown").out
    assert "已知：" in told
    assert re.search(r"发送：\d{4}-\d\d-\d\d \d\d:\d\d \+08:00，没有得到明确的回答（.*500.*）", told)
    assert "到渠道上看：已经发出，就登记公开地址：xuanfa resolve 1 --published 网址" in told
    assert "xuanfa resolve 1 --absent --why 依据" in told
    (doubt,) = xuanfa("deliveries", "--state", "unknown", "--json").json
    assert [sent["outcome"] for sent in doubt["sent"]] == ["unknown"]
    assert (doubt["looks"], doubt["look_at"]) == (0, None)
    assert xuanfa("resolve", 1, "--published", "https://court.example/n/1").code == 0
    assert "没有待核实的投递" in xuanfa("deliveries", "--state", "unknown").out
    (row,) = xuanfa("deliveries", "--json").json
    assert (row["state"], row["address"]) == ("published", "https://court.example/n/1")
    assert xuanfa("publish").code == 0


def test_an_absence_is_sent_again_under_the_same_key(xuanfa: Run, write_post: Write, sink: Any) -> None:
    sink.answers = [500]
    write_post(more="channels: [cms]\n")
    xuanfa("publish")
    assert xuanfa("resolve", 1, "--absent", "--why", "后台没有").out == "投递 1（cms）：待发布\n"
    assert xuanfa("publish").code == 0
    assert len(sink.received) == 1


def test_a_channel_that_refuses_us_is_paused_until_it_is_resumed(xuanfa: Run, write_post: Write, sink: Any) -> None:
    sink.answers = [401]
    write_post(more="channels: [cms]\n")
    ran = xuanfa("publish")
    assert ran.code == 1
    assert "渠道 cms 已暂停，需要人处理：xuanfa channels" in ran.err
    assert states(xuanfa) == {"a/cms": "scheduled"}
    assert "cms" in [row["id"] for row in xuanfa("channels", "--json").json if row["paused"]]
    assert xuanfa("doctor").code == 1
    assert xuanfa("channels", "resume", "cms").code == 0
    assert xuanfa("publish").code == 0
    assert len(sink.received) == 1


def test_a_paused_channel_gets_nothing(xuanfa: Run, write_post: Write, sink: Any) -> None:
    write_post(more="channels: [cms]\n")
    assert xuanfa("channels", "pause", "cms", "--why", "对方维护").out == "渠道 cms 已暂停。\n"
    assert xuanfa("publish").code == 1
    assert not sink.received
    assert "正式，已暂停：对方维护" in xuanfa("channels").out


def test_channels_in_json(xuanfa: Run) -> None:
    rows = xuanfa("channels", "--json").json
    assert [list(row) for row in rows] == [["id", "kind", "title", "rehearsal", "paused", "reason", "columns"]] * 3
    assert rows[0]["columns"] == ["action"]


def test_doctor_looks_at_everything_and_publishes_nothing(xuanfa: Run, write_post: Write, sink: Any) -> None:
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


def test_a_post_to_preview_is_named_from_wherever_one_stands(xuanfa: Run, write_post: Write) -> None:
    path = write_post("one")
    for name in ("one", path, f"posts/{path.name}", path.name):
        assert xuanfa("preview", name, "--channel", "site").code == 0
    path.write_text("---\ntitle: 甲\n---\n", encoding="utf-8")
    assert "正文是空的" in xuanfa("preview", "one").err


def test_preview_writes_what_each_channel_would_get(xuanfa: Run, write_post: Write, sink: Any) -> None:
    write_post()
    ran = xuanfa("preview", "a")
    assert ran.code == 0
    paths = [Path(line.partition("：")[2]) for line in ran.out.splitlines()]
    assert [path.is_file() for path in paths] == [True, True, True]
    assert "法治进校园" in paths[0].read_text(encoding="utf-8")
    assert paths[2] == xuanfa.folder / "var/preview/a/index.html"
    assert not sink.received
    (only,) = xuanfa("preview", "posts/a.md", "--channel", "cms", "--json").json
    assert list(only) == ["channel", "path", "findings"]


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


def test_verbose_shows_every_move(xuanfa: Run, write_post: Write) -> None:
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
def test_english_is_english(xuanfa: Run, write_post: Write, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
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
