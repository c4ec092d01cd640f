"""``xuanfa review`` as people and programs use it: 0 done, 1 refused with one sentence, 2 wrong use, and JSON as the contract has it."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Ran, Run, WritePost
from tests.support.reviewed_cli import GATES, WORD, Office

STEP = {"number", "name", "kind", "role", "state", "by", "at", "for", "how", "note"}
SHOWN = {"post", "revision", "template", "digest", "state", "author", "steps", "renditions", "voided"}
LISTED = {"post", "revision", "step", "step_name", "role", "waiting_since", "due_at", "channels"}


@pytest.fixture
def office(xuanfa: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch, write_post: WritePost) -> Office:
    made = Office(xuanfa, workspace, monkeypatch)
    made.settle_in()
    write_post("a", at="2036-12-05 09:00", more="author: 王芳\n")
    assert xuanfa("queue").code == 0
    return made


def refused(ran: Ran, words: str) -> None:
    assert (ran.code, ran.out) == (1, "")
    assert words in ran.err
    assert len(ran.err.strip().splitlines()) == 1  # one clear sentence


def test_a_post_goes_its_way(office: Office) -> None:
    done = office("wang", "review", "submit", "a", "--note", "请审", "--json")
    assert (done.code, done.json["state"], done.json["remarks"]) == (0, "open", [])
    for name in ("jiao", "mi"):
        assert office.approve(name).code == 0
    last = office.approve("zhao", "--json")
    assert last.code == 0
    assert last.json.keys() >= SHOWN
    assert (last.json["state"], last.json["template"], last.json["author"]) == ("approved", "small", "wang")
    assert [step.keys() >= STEP for step in last.json["steps"]] == [True] * 3
    assert [(step["number"], step["state"], step["by"], step["how"]) for step in last.json["steps"]] == [
        (1, "approved", "jiao", "password"),
        (2, "approved", "mi", "password"),
        (3, "approved", "zhao", "password"),
    ]
    assert last.json["steps"][0]["by_shown"] == "焦红"
    assert set(last.json["renditions"]) == {"site", "cms"}
    rows = office.xuanfa("deliveries", "--json").json
    assert {(row["state"], row["approved_by"], row["emergency"]) for row in rows} == {("scheduled", "zhao", False)}
    assert all(row["approved_at"] for row in rows)
    words = office.xuanfa("review", "show", "a")
    assert words.code == 0
    assert "终审（签发）（审，签发）已通过  赵局" in words.out
    assert "法官走进校园" in words.out  # the rendition as it leaves
    assert '    "title": "法治进校园",' in words.out  # also where a program is to read it


def test_lists_keep_the_contract(office: Office) -> None:
    assert office.xuanfa("review", "list", "--json").json == []
    office("wang", "review", "submit", "a")
    (row,) = office.xuanfa("review", "list", "--json").json
    assert row.keys() >= LISTED
    assert (row["post"], row["step"], row["step_name"], row["role"]) == ("a", 1, "校对", "proofreader")
    assert (row["who"], sorted(row["channels"]), row["late"]) == (["jiao"], ["cms", "site"], False)
    assert [len(office(name, "review", "list", "--mine", "--json").json) for name in ("jiao", "mi", "wang")] == [
        1,
        0,
        0,
    ]
    assert "焦红" in office.xuanfa("review", "list").out
    assert "没有等人审的稿件" in office.xuanfa("review", "list", "--late").out
    refused(office.xuanfa("review", "list", "--mine"), "--as 登录名")


def test_what_is_refused_says_why_and_is_recorded(office: Office) -> None:
    refused(office.approve("jiao"), "还没有送审")
    office("wang", "review", "submit", "a")
    refused(office("wang", "review", "submit", "a"), "已经送审")
    refused(office("wang", "review", "submit", "nowhere"), "没有名为“nowhere”的稿件")
    refused(office("wang", "review", "approve", "a", "--check", "文字关"), "王芳没有这个角色")
    refused(office("jiao", "review", "approve", "a"), "文字关")
    refused(office("jiao", "review", "approve", "a", "--check", "文字关", "--check", "别的"), "没有把关项“别的”")
    refused(office("jiao", "review", "approve", "a", "--check", "文字关", "--digest", "0" * 12), "已经改动")
    refused(office("jiao", "review", "approve", "a", "--check", "文字关", "--step", "7"), "没有第 7 步")
    refused(office("zhao", "review", "approve", "a", "--step", "3", *GATES["zhao"]), "还没有轮到第 3 步")
    refused(office("bao", "review", "approve", "a", "--check", "文字关"), "外包人员")
    refused(office("gone", "review", "approve", "a", "--check", "文字关"), "已停用")
    refused(office("nobody", "review", "approve", "a"), "没有登录名为“nobody”的用户")
    refused(
        office.xuanfa("review", "approve", "a", "--check", "文字关"), "--as 登录名"
    )  # the machine's account decides nothing
    refused(office("jiao", "review", "return", "a", "--why", "改", "--at", "不在文中", "x"), "没有“不在文中”这段文字")
    refused(office("jiao", "review", "confirm", "a"), "没有等焦红确认的电话同意")
    refused(office("jiao", "review", "emergency", "a", "--why", "急"), "焦红没有这个角色")
    assert office.approve("jiao").code == 0
    refused(office("jiao", "review", "approve", "a", "--step", "1", "--check", "文字关"), "已由焦红通过")
    lines = office.xuanfa("audit", "show", "--json", "--post", "a").json
    assert sum(line["result"] == "refused" for line in lines) >= 12
    assert all(line["why"] for line in lines if line["result"] == "refused")
    assert [step["state"] for step in office.show()["steps"]] == ["approved", "open", "waiting"]


@pytest.mark.parametrize(
    "words",
    [
        ("submit",),
        ("approve",),
        ("approve", "a", "--step", "x"),
        ("approve", "a", "--step", "0"),
        ("return", "a"),
        ("return", "a", "--why", "改", "--at", "一处"),
        ("phone", "a", "--leader", "zhao", "--number", "1"),
        ("phone", "a", "--leader", "zhao", "--at", "去年", "--number", "1"),
        ("confirm",),
        ("emergency", "a"),
        ("delegate", "--to", "mi", "--from", "2026-01-01 09:00"),
        ("delegate", "--to", "mi", "--from", "x", "--until", "y", "--why", "z"),
        ("list", "a"),
        ("show",),
        ("emergencies", "--month", "13月"),
        ("emergencies", "--month", "2026-00"),
        ("late", "--month", "去年"),
        ("form", "a"),
        ("scan", "a"),
        ("nothing",),
    ],
)
def test_wrong_use_is_two_and_says_so(xuanfa: Run, words: tuple[str, ...]) -> None:
    ran = xuanfa("review", *words)
    assert (ran.code, ran.out) == (2, "")
    assert "错误：" in ran.err
    assert "None" not in ran.err


def test_a_digest_of_before_is_refused_and_that_of_now_is_taken(office: Office, write_post: WritePost) -> None:
    office("wang", "review", "submit", "a")
    before = office.show()["digest"]
    write_post("a", at="2036-12-05 09:00", more="author: 王芳\n", title="法治再进校园")
    office.xuanfa("queue")
    now = office.show()
    assert now["digest"] != before
    refused(office("jiao", "review", "approve", "a", "--check", "文字关", "--digest", before), "已经改动")
    rendition = now["renditions"]["site"][:12]
    assert (
        office(
            "jiao", "review", "approve", "a", "--check", "文字关", "--digest", now["digest"], "--digest", rendition
        ).code
        == 0
    )


def test_a_post_that_is_sent_back_says_where(office: Office) -> None:
    office("wang", "review", "submit", "a")
    office.approve("jiao")
    sent = office("mi", "review", "return", "a", "--why", "措辞", "--at", "孩子们", "写明学校", "--json")
    assert (sent.code, sent.json["state"]) == (0, "returned")
    step = sent.json["steps"][1]
    assert (step["state"], step["note"]) == ("returned", "措辞\n“孩子们”：写明学校")
    assert sent.json["steps"][0]["state"] == "void"
    refused(office.approve("jiao"), "已退回作者")
    assert office("wang", "review", "submit", "a").code == 0
    assert [each["state"] for each in office.show()["steps"]] == ["open", "waiting", "waiting"]


def test_consent_by_telephone_is_confirmed_by_the_leader(office: Office) -> None:
    office("wang", "review", "submit", "a")
    office.approve("jiao")
    office.approve("mi")
    call = (
        "review",
        "phone",
        "a",
        "--leader",
        "zhao",
        "--at",
        "2026-01-01 09:00",
        "--number",
        "13912345678",
        *GATES["zhao"],
    )
    refused(office("zhao", *call), "由别人登记")
    refused(office("wang", *call[:3], "--leader", "nobody", *call[5:]), "没有用户“nobody”")
    done = office("jiao", *call, "--json")
    step = done.json["steps"][2]
    assert (done.code, step["how"], step["by"]) == (0, "phone", "zhao")
    assert step["consent"]["entered_by"] == "jiao"
    assert step["consent"]["confirmed_at"] is None
    causes = [each["cause"] for each in office.xuanfa("alarms", "--json").json]
    assert any("phone" in cause and ":a:" in cause for cause in causes)
    assert "待本人确认" in office.xuanfa("review", "show", "a").out
    refused(office("qian", "review", "confirm", "a"), "没有等钱局确认")
    assert office("zhao", "review", "confirm", "a").code == 0
    assert not [each for each in office.xuanfa("alarms", "--json").json if "phone" in each["cause"]]
    (row,) = office.xuanfa("review", "emergencies", "--json").json["phone"]
    assert (row["leader"], row["number"], row["late"]) == ("zhao", "13912345678", False)


def test_an_emergency_is_marked_wherever_it_is_shown(office: Office) -> None:
    done = office("zhao", "review", "emergency", "a", "--why", "突发火情", "--json")
    assert (done.code, done.json["emergency"]["owed"]) == (0, True)
    refused(office("qian", "review", "emergency", "a", "--why", "急"), "已经先发后审")
    assert {(row["state"], row["emergency"]) for row in office.xuanfa("deliveries", "--json").json} == {
        ("scheduled", True)
    }
    assert office.xuanfa("posts", "--json").json[0]["emergency"] is True
    for command in (("deliveries",), ("posts",), ("show", "a"), ("review", "show", "a"), ("review", "emergencies")):
        assert "先发后审" in office.xuanfa(*command).out, command
    assert "emergency:a" in [each["cause"] for each in office.xuanfa("alarms", "--json").json]
    (row,) = office.xuanfa("review", "emergencies", "--json").json["emergencies"]
    assert (row["post"], row["by"], row["why"], row["reviewed_at"]) == ("a", "zhao", "突发火情", None)
    assert office.xuanfa("review", "emergencies", "--month", "2020-01", "--json").json["emergencies"] == []
    assert office.xuanfa("count", "--json").json["emergency"] == 0  # none is out yet


def test_who_stands_in_for_whom_is_told(office: Office) -> None:
    delegate = ("review", "delegate", "--from", "2026-01-01 09:00", "--until", "2036-01-01 09:00", "--why", "出差")
    made = office("zhao", *delegate, "--to", "lina", "--json")
    assert made.code == 0
    assert (made.json["principal"], made.json["deputy"], made.json["why"]) == ("zhao", "lina", "出差")
    assert "代 zhao 审核" in office("zhao", *delegate, "--to", "jiao").out
    refused(office("zhao", *delegate, "--to", "zhao"), "不能委托自己")
    refused(office("zhao", *delegate, "--to", "bao"), "外包人员")
    refused(office("zhao", *delegate, "--to", "nobody"), "没有用户“nobody”")
    assert office("qian", *delegate, "--to", "lina").code == 0
    office("wang", "review", "submit", "a")
    office.approve("jiao")
    office.approve("mi")
    refused(office("lina", "review", "approve", "a", *GATES["zhao"]), "--for")  # stands in for two
    refused(office("jiao", "review", "approve", "a", *GATES["zhao"]), "同一人不能再审")
    done = office("lina", "review", "approve", "a", "--for", "zhao", *GATES["zhao"], "--json")
    assert (done.code, done.json["steps"][2]["by"], done.json["steps"][2]["for"]) == (0, "lina", "zhao")


def test_a_report_says_who_was_late(office: Office) -> None:
    office("wang", "review", "submit", "a")
    office.approve("jiao")
    found = office.xuanfa("review", "late", "--json").json
    assert [(each["name"], each["decided"], each["late"]) for each in found["people"]] == [("jiao", 1, 0)]
    assert found["late"] == []
    assert "焦红" in office.xuanfa("review", "late").out


def test_a_token_stands_for_its_owner(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office("wang", "review", "submit", "a")
    token = office("lina", "users", "token", "jiao", "--days", "1", "--scope", "review").out.strip()
    reading = office("lina", "users", "token", "jiao", "--days", "1", "--scope", "read").out.strip()
    monkeypatch.setenv("XUANFA_TOKEN", reading)
    refused(office.xuanfa("review", "approve", "a", "--check", "文字关"), "这个令牌只能用于 read")
    monkeypatch.setenv("XUANFA_TOKEN", token)
    done = office.xuanfa("review", "approve", "a", "--check", "文字关", "--json")
    assert (done.code, done.json["steps"][0]["how"], done.json["steps"][0]["by"]) == (0, "token", "jiao")
    assert office.xuanfa("review", "list", "--mine", "--json").json == []


def test_no_note_stands_on_a_page(office: Office, write_post: WritePost) -> None:
    """With the real website and a real webhook."""
    secret = "此处涉密请删去"
    write_post("b", at="now", more="author: 王芳\n")
    office.xuanfa("queue")
    office("wang", "review", "submit", "b", "--note", secret)
    office("jiao", "review", "return", "b", "--why", secret, "--note", secret, "--at", "孩子们", secret)
    office("wang", "review", "submit", "b")
    for name in ("jiao", "mi", "zhao"):
        assert office.approve(name, "--note", secret, post="b").code == 0
    assert office.xuanfa("publish").code in {0, 1}
    pages = [path for path in (office.folder / "public").rglob("*") if path.is_file()]
    assert any("法治进校园（b）" in path.read_text("utf-8", "replace") for path in pages)
    assert not [path for path in pages if secret in path.read_text("utf-8", "replace")]


def test_doctor_names_steps_that_nobody_can_hold_and_so_does_submission(office: Office) -> None:
    assert not _trouble(office)
    office("lina", "users", "disable", "mi", "--why", "调走")
    assert ["保密审查" in words for words in _trouble(office)] == [True]
    done = office("wang", "review", "submit", "a", "--json")
    assert (done.code, ["保密审查" in words for words in done.json["remarks"]]) == (0, [True])
    assert (
        sum("保密审查" in words for words in _trouble(office)) == 2
    )  # of the template, and of the post that is under way


def _trouble(office: Office) -> list[str]:
    return [line for line in office.xuanfa("doctor").out.splitlines() if "没有人能审" in line]


def test_doctor_says_plainly_where_nothing_is_reviewed(office: Office, workspace: Path) -> None:
    settings = workspace / "xuanfa.toml"
    settings.write_text(
        settings.read_text("utf-8").replace("[columns.quiet]", '[columns.quiet]\nreview = "none"'), encoding="utf-8"
    )
    assert "专栏 静 不审核（none）" in office.xuanfa("doctor").out


def test_five_wrong_passwords_lock_and_an_administrator_unlocks(office: Office) -> None:
    office("wang", "review", "submit", "a")
    for number in range(1, 5):
        refused(
            office("jiao", "review", "approve", "a", "--check", "文字关", password="wrong words"), f"第 {number} 次"
        )
    refused(office("jiao", "review", "approve", "a", "--check", "文字关", password="wrong words"), "账号锁定")
    refused(office("jiao", "review", "approve", "a", "--check", "文字关"), "已锁定")  # also with the right one
    assert "locked:jiao" in [each["cause"] for each in office.xuanfa("alarms", "--json").json]
    refused(office("zhao", "users", "unlock", "jiao"), "管理员")
    assert office("lina", "users", "unlock", "jiao").code == 0
    assert office.approve("jiao").code == 0
    assert WORD not in json.dumps(office.xuanfa("audit", "show", "--json").json)


def test_at_a_terminal_the_password_is_asked_for_and_not_shown(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of its own, at a pseudo-terminal."""
    office("wang", "review", "submit", "a")
    monkeypatch.delenv("XUANFA_PASSWORD_FILE")
    for password, code, words in (("wrong words", 1, "密码不对"), (WORD, 0, "现在第 2 步")):
        ended, said = at_a_terminal(
            [sys.executable, "-m", "xuanfa", "review", "approve", "a", "--check", "文字关", "--as", "jiao"],
            office.folder,
            password,
        )
        assert "jiao 的密码" in said
        assert password not in said
        assert (ended, words in said) == (code, True), said


def at_a_terminal(command: list[str], folder: Path, typed: str) -> tuple[int, str]:
    """How a command ended whose prompt was answered, and all that stood on the screen."""
    screen, terminal = pty.openpty()
    with subprocess.Popen(
        command, cwd=folder, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True
    ) as process:
        os.close(terminal)
        said, answered = b"", False
        while True:
            try:
                more = os.read(screen, 4096)
            except OSError:  # the program has ended, and nobody holds the other end any more
                break
            if not more:
                break
            said += more
            if not answered and "密码".encode() in said and said.rstrip().endswith(b":"):
                os.write(screen, f"{typed}\n".encode())
                answered = True
        code = process.wait(timeout=60)
    os.close(screen)
    return code, said.decode()
