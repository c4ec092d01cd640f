"""Accounts at the command line: who decides, by which password or token, and what is never shown."""

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ran, Run

WORD, OTHER = "correct horse", "battery staple"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lines of standard input, which is no terminal."""

    def give(*lines: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))

    return give


@pytest.fixture
def password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A file with a password."""

    def write(text: str) -> None:
        path = tmp_path / "password"
        path.write_text(f"{text}\n", encoding="utf-8")
        path.chmod(0o600)
        monkeypatch.setenv("XUANFA_PASSWORD_FILE", str(path))

    return write


@pytest.fixture
def chief(xuanfa: Run, typed: Any, password: Any) -> None:
    """The first account, and its password in a file."""
    typed(WORD)
    assert xuanfa("users", "add", "chief", "--display", "李娜", "--role", "admin").code == 0
    password(WORD)


def audit(xuanfa: Run, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = xuanfa("audit", "show", "--json", *options).json
    return found


@pytest.mark.usefixtures("chief")
def test_users_keep_the_contract(xuanfa: Run, typed: Any) -> None:
    typed(OTHER, OTHER)
    made = xuanfa(
        "users", "add", "wang", "--display", "王芳", "--role", "approver", "--role", "author", "--staff", "contract",
        "--department", "宣传科", "--as", "chief", "--json",
    )  # fmt: skip
    expected = {
        "name": "wang",
        "display": "王芳",
        "roles": ["author", "approver"],
        "staff": "contract",
        "disabled": False,
    }
    assert made.json == expected
    assert xuanfa("users", "list", "--json").json[1] == expected
    shown = xuanfa("users", "show", "WANG", "--json").json
    assert shown == expected | {"department": "宣传科", "locked": False, "tokens": []}
    assert xuanfa("users", "disable", "wang", "--as", "chief", "--json").json["disabled"] is True
    assert "停用" in xuanfa("users", "list").out
    assert xuanfa("users", "enable", "wang", "--as", "chief").code == 0
    assert xuanfa("users", "change", "wang", "--as", "chief").code == 2
    refused = xuanfa("users", "change", "wang", "--name", "wf", "--as", "chief", "--json")
    assert (refused.code, refused.json["code"]) == (1, "state")


@pytest.mark.usefixtures("chief")
def test_decisions_are_made_in_somebodys_name(xuanfa: Run, password: Any) -> None:
    nameless = xuanfa("pause", "--why", "演练")
    assert (nameless.code, "--as" in nameless.err) == (1, True)
    assert xuanfa("pause", "--why", "演练", "--as", "chief").code == 0
    password(OTHER)
    wrong = xuanfa("resume", "--as", "chief")
    assert (wrong.code, "密码不对" in wrong.err) == (1, True)
    nobody = xuanfa("resume", "--as", "nobody", "--json")
    assert (nobody.code, nobody.json["exit_code"]) == (1, 1)
    told = [(row["who"], row["how"], row["act"], row["result"]) for row in audit(xuanfa)][-5:]
    machine = told[0][0]
    assert told == [
        (machine, "machine", "pause", "refused"),
        ("chief", "password", "log_in", "done"),
        ("chief", "password", "pause", "done"),
        ("chief", "password", "log_in", "refused"),
        ("nobody", "password", "log_in", "refused"),
    ]
    assert audit(xuanfa, "--who", "nobody")[0]["number"] == audit(xuanfa)[-1]["number"]
    for command in (("publish",), ("queue",), ("deliveries",), ("doctor",)):
        assert "--as" not in xuanfa(*command).err


@pytest.mark.usefixtures("chief")
def test_a_token_is_alone_on_standard_output_and_takes_the_place_of_the_password(
    xuanfa: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = xuanfa("users", "token", "chief", "--days", "3", "--scope", "publish", "--as", "chief")
    [token] = made.out.split()
    assert token not in made.err
    monkeypatch.delenv("XUANFA_PASSWORD_FILE")
    monkeypatch.setenv("XUANFA_TOKEN", token)
    assert xuanfa("pause", "--why", "演练").code == 0
    [paused] = [line for line in audit(xuanfa) if line["act"] == "pause"]
    assert (paused["who"], paused["how"], paused["result"]) == ("chief", "token", "done")
    everything = [xuanfa(*command) for command in (("users", "show", "chief"), ("users", "list"), ("audit", "show"))]
    everything += [xuanfa("users", "disable", "chief"), xuanfa("users", "show", "chief", "--json")]
    assert not any(token in ran.out + ran.err for ran in everything)
    database = b"".join(path.read_bytes() for path in (xuanfa.folder / "var").glob("xuanfa.db*"))
    assert token.encode() not in database
    assert WORD.encode() not in database


@pytest.mark.usefixtures("chief")
def test_a_token_of_which_nobody_says_how_long_it_lasts_lasts_ninety_days(xuanfa: Run) -> None:
    made = xuanfa(
        "users", "token", "chief", "--scope", "read", "--scope", "write", "--scope", "submit", "--as", "chief"
    )
    assert (made.code, made.out[:3]) == (0, "xf_")
    token = xuanfa("users", "show", "chief", "--json").json["tokens"][0]
    assert token["scopes"] == ["read", "submit", "write"]
    lasts = datetime.fromisoformat(token["expires_at"]) - datetime.fromisoformat(token["made_at"])
    assert lasts.days == 90


@pytest.mark.usefixtures("chief")
def test_five_wrong_passwords_and_the_way_back(xuanfa: Run, typed: Any, password: Any) -> None:
    typed(OTHER)
    assert xuanfa("users", "add", "wang", "--display", "王芳", "--role", "approver", "--as", "chief").code == 0
    assert [xuanfa("pause", "--why", "x", "--as", "wang").code for _ in range(5)] == [1] * 5
    password(OTHER)
    locked = xuanfa("pause", "--why", "x", "--as", "wang")
    assert (locked.code, "已锁定" in locked.err) == (1, True)
    assert "locked:wang" in [row["cause"] for row in xuanfa("alarms", "--json").json]
    password(WORD)
    assert xuanfa("users", "unlock", "wang", "--as", "chief").code == 0
    password(OTHER)
    assert xuanfa("pause", "--why", "x", "--as", "wang").code == 0


def _without(xuanfa: Run, typed: Any, *lines: str) -> Ran:
    typed(*lines)
    return xuanfa("users", "add", "chief", "--display", "李娜", "--role", "admin")


def test_a_password_is_never_taken_from_nowhere(xuanfa: Run, typed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "标准输入" in _without(xuanfa, typed).err
    assert "密码要 8 到 200" in _without(xuanfa, typed, "short").err
    assert xuanfa("users", "list", "--json").json == []
    assert _without(xuanfa, typed, WORD).code == 0
    typed()
    assert "XUANFA_PASSWORD_FILE" in xuanfa("pause", "--why", "x", "--as", "chief").err
    monkeypatch.setenv("XUANFA_PASSWORD_FILE", str(xuanfa.folder / "nowhere"))
    assert "读不了" in xuanfa("pause", "--why", "x", "--as", "chief").err
    open_to_all = xuanfa.folder / "open"
    open_to_all.write_text(f"{WORD}\n", encoding="utf-8")
    open_to_all.chmod(0o644)
    monkeypatch.setenv("XUANFA_PASSWORD_FILE", str(open_to_all))
    ran = xuanfa("pause", "--why", "x", "--as", "chief")
    assert (ran.code, "chmod 600" in ran.err) == (0, True)


def test_without_users_a_name_or_a_token_is_refused(xuanfa: Run, typed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(WORD)
    assert "没有登录名为" in xuanfa("pause", "--why", "x", "--as", "chief").err
    monkeypatch.setenv("XUANFA_TOKEN", "xuanfa_x")
    assert "令牌不对" in xuanfa("pause", "--why", "x").err
    monkeypatch.delenv("XUANFA_TOKEN")
    assert xuanfa("pause", "--why", "x").code == 0


@pytest.mark.usefixtures("chief")
def test_the_audit_is_exported_checked_and_sealed_at_once(xuanfa: Run) -> None:
    assert xuanfa("pause", "--why", "演练", "--as", "chief").code == 0
    last = audit(xuanfa)[-1]["number"]
    assert xuanfa("audit", "verify", "--json").json["ok"] is True
    done = xuanfa("audit", "export", "-o", "audit.jsonl", "--json").json
    assert done["lines"] == last
    assert xuanfa("audit", "verify", "audit.jsonl").code == 0
    assert xuanfa("audit", "export", "-o", "audit.jsonl").code == 1
    import sqlite3  # noqa: PLC0415 - what somebody else does with the file

    with sqlite3.connect(xuanfa.folder / "var" / "xuanfa.db") as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE events SET why = '' WHERE rowid = ?", (last,))
    connection.close()
    found = xuanfa("audit", "verify", "--json")
    assert (found.code, [row["number"] for row in found.json["wrong"]]) == (1, [last])
    assert f"第 {last} 行被改动" in xuanfa("audit", "verify").out
    assert f"第 {last} 行被改动" in xuanfa("audit", "verify", "audit.jsonl").out
