"""What people decide at the command line: several at once, times that are past, doubts, pauses, and what it says of each."""

import re
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.cli.conftest import Run, WritePost, number, states


def test_a_person_says_when_it_was_published(xuanfa: Run, write_post: WritePost, sink: Any) -> None:
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


def test_a_retracted_item_is_counted_apart(xuanfa: Run, write_post: WritePost) -> None:
    write_post()
    xuanfa("publish")
    ran = xuanfa("retract", number(xuanfa, "a", "site"), "--why", "错别字")
    assert (ran.code, ran.out) == (0, "投递 1（site）：已撤回\n")
    found = xuanfa("count", "--json").json
    assert (found["items"], found["retracted"], found["by"]) == (1, 1, {"cms": 1})
    assert "（另有已撤回 1 条、演练 1 条，不计入）。" not in xuanfa("count").out
    assert xuanfa("count", "--column", "action").out.splitlines()[0].endswith("门户 1 条（另有已撤回 1 条，不计入）。")


def test_a_channel_without_withdrawal_says_how_to_record_it(xuanfa: Run, write_post: WritePost) -> None:
    write_post()
    xuanfa("publish")
    cms = number(xuanfa, "a", "cms")
    ran = xuanfa("retract", cms, "--why", "错别字")
    assert ran.code == 1
    assert f"xuanfa retract {cms} --done --why" in ran.err
    assert xuanfa("retract", cms, "--done", "--why", "错别字").code == 0
    assert states(xuanfa)["a/cms"] == "retracted"


def test_a_decision_is_kept_with_who_and_why(xuanfa: Run, write_post: WritePost) -> None:
    write_post(at="2099-01-05 09:00")
    xuanfa("queue")
    assert xuanfa("cancel", 1, "--why", "活动取消").out == "投递 1（site）：已取消\n"
    last = xuanfa("show", "1", "--json").json[0]["history"][-1]
    assert (last["what"], last["who"], last["why"]) == ("scheduled → cancelled", "王敏", "活动取消")


def test_several_are_decided_at_once_and_the_first_refusal_stops(xuanfa: Run, write_post: WritePost) -> None:
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


@pytest.mark.parametrize("now", ["立即", "now"])
def test_reschedule_takes_the_words_for_now_and_says_the_time_back(
    xuanfa: Run, write_post: WritePost, now: str
) -> None:
    write_post(at="2099-01-01 09:00")
    xuanfa("queue")
    ran = xuanfa("reschedule", "1", "--at", now)
    assert ran.code == 0
    assert re.search(r"待发布，\d{4}-\d{2}-\d{2} \d{2}:\d{2} \+\d{2}:\d{2} 发", ran.out)
    assert xuanfa("publish").code in {0, 1}
    assert xuanfa("show", "1", "--json").json[0]["state"] == "published"


def test_reschedule_moves_the_time(xuanfa: Run, write_post: WritePost) -> None:
    write_post(at="2099-01-05 09:00")
    xuanfa("queue")
    assert xuanfa("reschedule", 1, "--at", "2099年2月1日 下午3:30").code == 0
    assert xuanfa("deliveries", "--json", "--channel", "site").json[0]["due_at"] == "2099-02-01T07:30:00+00:00"


def test_nobody_moves_a_post_into_the_past(xuanfa: Run, write_post: WritePost, sink: Any) -> None:
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


def test_a_past_time_in_a_file_is_asked_about_and_mended_by_the_file(
    xuanfa: Run, write_post: WritePost, sink: Any
) -> None:
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
    xuanfa: Run, write_post: WritePost, sink: Any, settings: str
) -> None:
    write_post(at="2099-01-05 09:00")
    xuanfa("queue")
    renamed = settings.replace('"cms"', '"portal"').replace("[channels.cms]", "[channels.portal]")
    (xuanfa.folder / "xuanfa.toml").write_text(renamed, encoding="utf-8")
    assert xuanfa("publish").code == 1
    assert states(xuanfa) == {"a/site": "scheduled", "a/cms": "held", "a/portal": "held"}
    (row,) = xuanfa("deliveries", "--json", "--channel", "cms").json
    assert "渠道 cms 已不在设置里" in row["reason"]
    assert sink.received == []


def test_what_comes_too_late_is_held_until_it_is_released(xuanfa: Run, write_post: WritePost, sink: Any) -> None:
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


def test_a_doubt_needs_a_person_and_is_settled_by_one(xuanfa: Run, write_post: WritePost, sink: Any) -> None:
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


def test_an_absence_is_sent_again_under_the_same_key(xuanfa: Run, write_post: WritePost, sink: Any) -> None:
    sink.answers = [500]
    write_post(more="channels: [cms]\n")
    xuanfa("publish")
    assert xuanfa("resolve", 1, "--absent", "--why", "后台没有").out.startswith("投递 1（cms）：待发布，")
    assert xuanfa("publish").code == 0
    assert len(sink.received) == 1


def test_a_channel_that_refuses_us_is_paused_until_it_is_resumed(xuanfa: Run, write_post: WritePost, sink: Any) -> None:
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


def test_a_paused_channel_gets_nothing(xuanfa: Run, write_post: WritePost, sink: Any) -> None:
    write_post(more="channels: [cms]\n")
    assert xuanfa("channels", "pause", "cms", "--why", "对方维护").out.startswith("渠道 cms 已暂停：")
    assert xuanfa("publish").code == 1
    assert not sink.received
    assert "正式，已暂停：对方维护" in xuanfa("channels").out


def test_what_was_taken_down_by_hand_needs_no_second_reason(xuanfa: Run, write_post: WritePost) -> None:
    write_post()
    xuanfa("publish")
    cms = number(xuanfa, "a", "cms")
    bare = xuanfa("retract", cms)
    assert (bare.code, bare.out) == (2, "")
    assert "缺少 --why" in bare.err
    assert xuanfa("withdraw", "a", "--why", "事实有误").code == 1
    assert xuanfa("retract", cms, "--done").code == 0
    assert "已在平台上人工撤下" in xuanfa("show", cms).out
    assert xuanfa("withdraw", "a", "--show", "--json").json["minutes"] is not None
