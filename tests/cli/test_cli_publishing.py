"""What `publish`, `queue`, `deliveries`, `posts`, `count` and `show` print, for people and for programs."""

import json
import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.cli.conftest import Run, WritePost, states
from xuanfa.cli.tables import width

DELIVERY = ["id", "post", "revision", "column", "channel", "kind", "state", "due_at", "shelf", "attempts", "remote_id"]
DELIVERY += [
    "address",
    "published_at",
    "reason",
    "reason_code",
    "remedies",
    "rehearsal",
    "account",
    "title",
    "approved_at",
    "approved_by",
    "emergency",
    "restricted",
]
STATES = [
    "awaiting_review",
    "shelved",
    "scheduled",
    "accepted",
    "published",
    "unknown",
    "rejected",
    "failed",
    "held",
    "cancelled",
]
STATES += ["retracting", "retracted"]


def test_publish_sends_what_is_due_and_says_how_many(xuanfa: Run, write_post: WritePost, sink: Any) -> None:
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


def test_publish_in_json_has_a_number_for_every_state_and_the_count(xuanfa: Run, write_post: WritePost) -> None:
    write_post()
    found = xuanfa("publish", "--json").json
    assert found == dict.fromkeys(STATES, 0) | {"published": 2, "count": 2}
    assert xuanfa("publish", "--json").json == dict.fromkeys(STATES, 0) | {"count": 2}


def test_nothing_due_is_said_and_fine(xuanfa: Run) -> None:
    ran = xuanfa("publish")
    assert (ran.code, ran.out, ran.err) == (0, "没有到期的投递。\n", "")


def test_deliveries_in_json_keep_the_contract(xuanfa: Run, write_post: WritePost, sink: Any) -> None:
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


def test_deliveries_are_filtered(xuanfa: Run, write_post: WritePost) -> None:
    write_post("one")
    write_post("two", at="2099-01-05 09:00")
    xuanfa("publish")
    assert states(xuanfa, state="scheduled") == {"two/site": "scheduled", "two/cms": "scheduled"}
    assert states(xuanfa, post="one", channel="cms") == {"one/cms": "published"}
    wrong = xuanfa("deliveries", "--post", "three")
    assert (wrong.code, wrong.out) == (1, "")
    assert "没有名为“three”的稿件" in wrong.err


def test_what_was_published_in_a_month_is_listed_with_whole_addresses(xuanfa: Run, write_post: WritePost) -> None:
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
    xuanfa: Run, write_post: WritePost, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_post("one", title="一篇标题写得很长很长的稿件，长到表格在窄窗口里一定放不下")
    xuanfa("publish")
    monkeypatch.setattr("xuanfa.cli.tables._is_watched", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    lines = xuanfa("deliveries").out.splitlines()
    (row,) = xuanfa("deliveries", "--json", "--channel", "site").json
    assert f"    {row['address']}" in lines
    assert all(width(line) <= 80 or "https://" in line for line in lines[1:])


def test_the_table_of_deliveries_lines_up_for_people(xuanfa: Run, write_post: WritePost) -> None:
    write_post()
    xuanfa("publish")
    head, site, _ = xuanfa("deliveries").out.splitlines()
    assert head.split() == ["编号", "稿件", "标题", "渠道", "状态", "应发时间", "发布时间", "地址或原因"]
    assert re.fullmatch(
        r"1 +a +\S+ +site +已发布( +\d{4}-\d\d-\d\d \d\d:\d\d){2}  https://court.example/action/a.html", site
    )


def test_the_count_is_the_sentence_for_a_report(xuanfa: Run, write_post: WritePost) -> None:
    write_post("one")
    write_post("two", title="巡回审判")
    write_post("drill", column="quiet")
    xuanfa("publish")
    sentence, definition, split = xuanfa("count", "--column", "action").out.splitlines()
    assert sentence == "“我们在行动”专栏共发布信息 4 条（去重稿件 2 篇）：网站 2 条，门户 2 条。"
    assert definition.startswith("口径：“条”为已确认发布的渠道条次")
    assert split.startswith("细分：按发布的渠道")


KEYS = [
    "posts",
    "items",
    "rounded",
    "retracted",
    "rehearsed",
    "emergency",
    "by",
    "definition",
    "definition_of_split",
    "sentence",
]


def test_the_count_in_json_keeps_the_contract_and_tells_rehearsals_apart(xuanfa: Run, write_post: WritePost) -> None:
    write_post("one")
    write_post("drill", column="quiet")
    xuanfa("publish")
    found = xuanfa("count", "--json").json
    assert list(found) == KEYS
    assert (found["posts"], found["items"], found["retracted"], found["rehearsed"]) == (1, 2, 0, 1)
    assert found["by"] == {"cms": 1, "site": 1}
    assert xuanfa("count", "--json", "--by", "column").json["by"] == {"action": 2}
    assert xuanfa("count", "--json", "--by", "department").json["by"] == {"宣传科": 2}
    (month,) = xuanfa("count", "--json", "--by", "month").json["by"]
    assert re.fullmatch(r"\d{4}-\d\d", month)


def test_the_count_of_a_period_has_only_that(xuanfa: Run, write_post: WritePost) -> None:
    write_post()
    xuanfa("publish")
    assert xuanfa("count", "--json", "--until", "2020-12-31").json["items"] == 0
    assert xuanfa("count", "--json", "--since", "2020年1月1日").json["items"] == 2
    assert xuanfa("count", "--since", "2020/1/1", "--until", "2020.12.31").out.startswith(
        "2020年1月1日 至 2020年12月31日，各专栏共发布信息 0 条（去重稿件 0 篇）。"
    )


def test_posts_lists_what_is_queued(xuanfa: Run, write_post: WritePost) -> None:
    assert "还没有稿件" in xuanfa("posts").out
    write_post()
    assert xuanfa("queue").out == "稿件：新增 1 篇，修改 0 篇，未变 0 篇，有问题 0 处。\n"
    (row,) = xuanfa("posts", "--json").json
    assert list(row) == [
        "post",
        "title",
        "path",
        "column",
        "revision",
        "queued_at",
        "emergency",
        "states",
        "restricted",
    ]
    assert (row["post"], row["path"], row["states"]) == ("a", "posts/a.md", {"scheduled": 2})
    assert "待发布 2" in xuanfa("posts").out


def test_queue_in_json_lists_what_it_did(xuanfa: Run, write_post: WritePost) -> None:
    write_post("good")
    write_post("bad", title="")
    ran = xuanfa("queue", "--json")
    assert ran.code == 1
    found = ran.json
    assert list(found) == ["new", "revised", "unchanged", "problems", "notices", "recurring"]
    assert found["new"] == ["good"]
    assert found["problems"][0].startswith("posts/bad.md:2: ")


def test_a_bad_file_is_named_in_json_too_and_the_others_go_out(xuanfa: Run, write_post: WritePost, sink: Any) -> None:
    write_post("bad", title="")
    write_post("good")
    ran = xuanfa("publish", "--json")
    assert ran.code == 1
    assert ran.json["published"] == 2
    assert "有问题 posts/bad.md:2: " in ran.err
    assert len(sink.received) == 1


def test_show_tells_the_history_in_words(xuanfa: Run, write_post: WritePost) -> None:
    write_post()
    xuanfa("publish")
    text = xuanfa("show", "a").out
    assert text.startswith("《法治进校园》 a · 第 1 版\n\n#1 site：已发布  https://court.example/action/a.html\n")
    assert "发布 #1：已发布" in text
    assert "→" not in text or "发布中 → 已发布" in text
    (row,) = xuanfa("show", "2", "--json").json
    assert list(row) == [*DELIVERY, "readers", "reader_marks", "history"]
    assert list(row["history"][0]) == ["at", "what", "who", "why"]
    assert any(line["what"] == "publish #1: published" for line in row["history"])
