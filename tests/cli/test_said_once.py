"""What is said of files and times: each thing once, the one true reason, and the next step."""

import io
import json
import os
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.cli.conftest import Run, WritePost
from tests.support.reviewed_cli import Office
from xuanfa.domain.times import TimeProblem, parse_typed
from xuanfa.operations.intake.queued import OF_A_PASS, QueueReport

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 1, 12, tzinfo=SHANGHAI)


def test_a_file_is_named_once(xuanfa: Run, write_post: WritePost) -> None:
    write_post("one", at="2099-01-05 09:00", more="channels: [cms]\n")
    xuanfa("queue")
    write_post("one", title="", at="2099-01-05 09:00")
    xuanfa("queue")
    for command in ("doctor", "deliveries", "show"):
        said = xuanfa(command, *(["one"] if command == "show" else []))
        lines = [line for line in (said.out + said.err).splitlines() if "没有标题" in line]
        assert lines, command
        for line in lines:
            assert line.count("posts/one.md") == 1, line
            assert "。 " not in line, line
            assert "。。" not in line, line
    assert "✗ 稿件：posts/one.md:2: 没有标题" in xuanfa("doctor").out
    reason = xuanfa("show", "one", "--json").json[0]["reason"]
    assert reason.startswith("稿件文件现在读不成稿件，没有发出：posts/one.md:2: 没有标题。")
    assert "。改好会自动恢复；" in reason


def test_a_file_that_was_taken_back_by_its_name_is_said_so(xuanfa: Run, write_post: WritePost) -> None:
    path = write_post("one", at="2099-01-05 09:00", more="channels: [cms]\n")
    xuanfa("queue")
    path.rename(path.with_name("_one.md"))
    told = xuanfa("queue").err
    assert "posts/one.md：改名成了 posts/_one.md，不再读它，投递 1 已暂缓" in told
    (row,) = xuanfa("deliveries", "--json").json
    assert (row["state"], "改名成了 posts/_one.md，以 _ 开头的文件一概不读" in row["reason"]) == ("held", True)
    path.with_name("_one.md").rename(path)
    xuanfa("queue")
    assert xuanfa("deliveries", "--json").json[0]["state"] == "scheduled"
    path.unlink()
    xuanfa("queue")
    assert "不见了" in xuanfa("deliveries", "--json").json[0]["reason"]


def test_another_time_stands_in_the_history(xuanfa: Run, write_post: WritePost) -> None:
    write_post("one", at="2099-01-05 09:00", more="channels: [cms]\n")
    xuanfa("queue")
    xuanfa("reschedule", 1, "--at", "2099-02-06 10:30", "--why", "会期有变")
    xuanfa("reschedule", 1, "--at", "2099-03-07 11:00")
    lines = [line for line in xuanfa("show", 1).out.splitlines() if " 改期 " in line]
    assert "由 2099-01-05 09:00 +08:00 改到 2099-02-06 10:30 +08:00：会期有变" in lines[0]
    assert lines[1].endswith("由 2099-02-06 10:30 +08:00 改到 2099-03-07 11:00 +08:00")
    assert xuanfa("verify").code == 0


def test_a_pause_says_how_to_go_on_once(xuanfa: Run) -> None:
    xuanfa("pause", "--channel", "cms", "--why", "密钥失效，处理后再发。")
    for command in ("doctor", "alarms"):
        (line,) = [line for line in xuanfa(command).out.splitlines() if "已暂停" in line]
        assert line.count("处理后") == 1
        assert "。。" not in line


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (b"\xb2\xe2.jpg", "不是 UTF-8"),
        (b"a\x07b.jpg", "控制字符"),
        (b"a\\b.jpg", "反斜线"),
    ],
)
def test_a_backup_names_the_one_reason(xuanfa: Run, write_post: WritePost, name: bytes, reason: str) -> None:
    write_post("one")
    folder = xuanfa.folder / "posts" / "images"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(b"x")
    ran = xuanfa("backup", xuanfa.folder.parent / "b.zip")
    (line,) = [line for line in ran.err.splitlines() if "没有备份" in line]
    assert reason in line
    assert [other for other in ("UTF-8", "控制字符", "反斜线", "太长", "var/media") if other in line] == [
        other for other in ("UTF-8", "控制字符", "反斜线") if other in reason
    ]
    assert len(xuanfa("backup", xuanfa.folder.parent / "c.zip", "--json").json["left_out"]) == 1


def test_what_does_not_belong_to_the_program_is_named(xuanfa: Run, write_post: WritePost) -> None:
    write_post("one")
    xuanfa("queue")
    (xuanfa.folder / "var" / "media").mkdir(exist_ok=True)
    (xuanfa.folder / "var" / "media" / "holiday.jpg").write_bytes(b"x")
    ran = xuanfa("backup", xuanfa.folder.parent / "b.zip")
    assert "没有备份 workspace/var/media/holiday.jpg：这个文件夹由本程序使用，它却不是程序存的，请移走。" in ran.err


@pytest.mark.parametrize("title", ["", "   ", "　", "\t", "…", "《》"])
def test_a_post_without_a_title_is_not_made(xuanfa: Run, title: str) -> None:
    said = xuanfa("new", title, "--column", "action")
    assert (said.code, "标题是空的，没有新建稿件" in said.err) == (1, True)
    assert "xuanfa new 巡回审判进乡村" in said.err
    assert not list((xuanfa.folder / "posts").rglob("*.md"))


def test_the_help_is_in_one_language(xuanfa: Run) -> None:
    for words in ((), ("users",), ("review", "approve"), ("check",), ("queue",)):
        first = xuanfa(*words, "--help").out.splitlines()[0]
        assert "[选项]" in first
        assert not any(word in first for word in ("OPTIONS", "COMMAND", "ARGS")), first
    assert xuanfa("users", "addd").err.startswith("用法：xuanfa users [选项] 命令 [参数]...")


def test_hints_beyond_those_that_are_told_are_no_problems() -> None:
    report = QueueReport()
    report.notice(*(f"posts/{number}.md：提示" for number in range(OF_A_PASS + 30)))
    report.end()
    assert report.problems == []
    assert len(report.notices) == OF_A_PASS
    assert report.notices[-1].startswith("另有 31 行没有列出")
    report.refuse([f"posts/{number}.md:1: 坏" for number in range(OF_A_PASS + 5)])
    report.end()
    assert report.problems[-1].startswith("另有 6 行没有列出")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("now", NOON),
        ("现在", NOON),
        ("今天9点", NOON.replace(hour=9)),
        ("今天 下午3:30", NOON.replace(hour=15, minute=30)),
        ("今日１０：００", NOON.replace(hour=10)),
        ("昨天晚上8点半", (NOON - timedelta(days=1)).replace(hour=20, minute=30)),
        ("前天 09:00", (NOON - timedelta(days=2)).replace(hour=9)),
        ("明日上午9点", (NOON + timedelta(days=1)).replace(hour=9)),
        ("后天 9:05", (NOON + timedelta(days=2)).replace(hour=9, minute=5)),
        ("Today 9:00", NOON.replace(hour=9)),
        ("yesterday 15:30", (NOON - timedelta(days=1)).replace(hour=15, minute=30)),
        ("2026-02-28 09:00", datetime(2026, 2, 28, 9, tzinfo=SHANGHAI)),
    ],
)
def test_a_typed_time_may_be_a_day_near_this_one(text: str, moment: datetime) -> None:
    assert parse_typed(text, SHANGHAI, NOON) == moment


@pytest.mark.parametrize("text", ["今天", "昨天", "大后天 9:00", "今天晚上12点", "today", "今年 9:00", ""])
def test_what_is_no_time_is_asked_about(text: str) -> None:
    with pytest.raises(TimeProblem):
        parse_typed(text, SHANGHAI, NOON)


@pytest.fixture
def office(xuanfa: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch, write_post: WritePost) -> Office:
    made = Office(xuanfa, workspace, monkeypatch)
    made.settle_in()
    write_post("a", at="2036-12-05 09:00", more="author: 王芳\n")
    assert xuanfa("queue").code == 0
    made("wang", "review", "submit", "a")
    return made


def test_an_old_digest_is_refused_with_the_post_and_the_next_step(office: Office, write_post: WritePost) -> None:
    old = office.show()["digest"]
    write_post("a", title="改了标题", at="2036-12-05 09:00", more="author: 王芳\n")
    office.xuanfa("queue")
    office("wang", "review", "submit", "a")
    said = office.approve("jiao", "--digest", old)
    assert (said.code, "稿件 a 在您看过之后已经改动" in said.err) == (1, True)
    assert "没有登记：请重新看稿（xuanfa review show a）" in said.err
    assert office.approve("jiao", "--digest", office.show()["digest"]).code == 0


@pytest.mark.parametrize("at", ["now", "今天0点", "昨天 下午3:30"])
def test_a_call_is_entered_by_words_for_its_time(office: Office, at: str) -> None:
    said = office(
        "mi", "review", "phone", "a", "--leader", "jiao", "--at", at, "--number", "0935-1", "--check", "文字关"
    )
    assert (said.code, said.err) == (0, "")


def test_every_time_in_json_is_utc(office: Office) -> None:
    (row,) = office.xuanfa("review", "list", "--json").json
    for name in ("due_at", "waiting_since"):
        assert row[name].endswith("+00:00"), name
    office.approve("jiao")
    for words in (("review", "late"), ("review", "show", "a"), ("users", "show", "jiao"), ("audit", "show")):
        found = json.dumps(office.xuanfa(*words, "--json").json)
        assert "+08:00" not in found, words


@pytest.mark.parametrize("name", ["author", "Admin", "作者", "签发", "保密审查", "ｅditor"])
def test_a_login_name_that_is_also_a_role_is_told(office: Office, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery\n"))
    said: Any = office("lina", "users", "add", name, "--display", "张三", "--role", "author")
    kept = unicodedata.normalize("NFKC", name).casefold()
    assert (said.code, f"要指这个人请写 @{kept}" in said.err) == (0, True)
    assert kept in {user["name"] for user in office.xuanfa("users", "list", "--json").json}
