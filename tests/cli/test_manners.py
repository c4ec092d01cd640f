"""Small manners of the command line: JSON from every command that acts and for every mistake, quotation marks, completion, next steps."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from xuanfa.cli import COMMANDS, cli

Write = Callable[..., Path]


def every_command() -> dict[str, click.Command]:
    """All commands, those of groups too, by the words with which they are called."""
    context = click.Context(cli)
    found: dict[str, click.Command] = {}
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        found[name] = command
        if isinstance(command, click.Group):
            found |= {f"{name} {inner}": made for inner, made in command.commands.items()}
    return found


#: Commands that stay, or only hold others; and those that say a token or a secret, which is never a part of anything else.
WITHOUT_JSON = {
    *("run", "serve", "mcp", "worker", "db", "users", "review", "audit", "users token"),
    *("webhooks", "webhooks secret", "solemn"),
    *("report", "readers", "schedule", "shelf", "proof", "workdays"),
}


def test_every_command_speaks_to_programs() -> None:
    lacking = {name for name, made in every_command().items() if not any("--json" in p.opts for p in made.params)}
    assert lacking == WITHOUT_JSON


@pytest.mark.parametrize(
    ("args", "code", "exit_code"),
    [
        (("cancel", "99"), "state", 1),
        (("retract", "99", "--why", "x"), "state", 1),
        (("resolve", "99", "--absent", "--why", "x"), "state", 1),
        (("pause", "--channel", "nope", "--why", "x"), "config", 1),
        (("channels", "pause", "nope", "--why", "x"), "config", 1),
        (("deliveries", "--channel", "nope"), "config", 1),
        (("preview", "nope"), "content", 1),
        (("backup", "no-folder"), "config", 1),
        (("cancel", "一"), "usage", 2),
        (("cancel",), "usage", 2),
        (("reschedule", "1", "--at", "昨天"), "usage", 2),
        (("nope",), "usage", 2),
        (("count", "--sincee", "2026-01-01"), "usage", 2),
    ],
)
def test_a_mistake_is_one_json_object_with_the_exit_code_of_the_sentence(
    xuanfa: Any, args: tuple[str, ...], code: str, exit_code: int
) -> None:
    said = xuanfa(*args, "--json")
    found = json.loads(said.out)
    assert (found["code"], found["exit_code"], said.code) == (code, exit_code, exit_code)
    assert re.search("[\u4e00-\u9fff]", found["message"])
    assert said.err == ""
    in_words = xuanfa(*args)
    assert (in_words.code, in_words.out) == (exit_code, "")
    assert found["message"] in in_words.err


def test_decisions_print_the_deliveries_as_they_are_then(xuanfa: Any, write_post: Write) -> None:
    write_post("one", at="2099-01-05 09:00")
    xuanfa("queue")
    moved = xuanfa("reschedule", 1, 2, "--at", "2099-01-06 10:00", "--json").json
    assert [(row["id"], row["state"], row["due_at"]) for row in moved] == [
        (1, "scheduled", "2099-01-06T02:00:00+00:00"),
        (2, "scheduled", "2099-01-06T02:00:00+00:00"),
    ]
    assert [row["state"] for row in xuanfa("cancel", 1, "--json").json] == ["cancelled"]
    ended = xuanfa("cancel", 2, 1, "--json")
    assert ended.code == 1
    assert ended.json["code"] == "state"
    assert [(row["id"], row["state"]) for row in ended.json["done"]] == [(2, "cancelled")]


def test_a_new_time_is_said_back(xuanfa: Any, write_post: Write) -> None:
    write_post("one", at="2099-01-05 09:00")
    xuanfa("queue")
    assert "2099-01-06 15:30 +08:00 发" in xuanfa("reschedule", 1, "--at", "2099年1月6日 下午3:30").out


def test_a_second_pause_keeps_the_reason_of_the_first(xuanfa: Any) -> None:
    xuanfa("pause", "--why", "舆情")
    again = xuanfa("pause", "--why", "另一件事")
    assert "此前已经暂停，原因不变：舆情" in again.out
    assert "已全部暂停：舆情" in xuanfa("channels").out
    assert xuanfa("pause", "--why", "第三件", "--json").json == {
        "channel": None,
        "paused": True,
        "reason": "舆情",
        "was_paused": True,
    }
    assert not [line for line in xuanfa("verify").out.splitlines() if line.startswith("✗")]
    assert xuanfa("resume", "--json").json["everything_paused"] is False


def test_curly_quotes_round_a_value_are_named(xuanfa: Any, write_post: Write) -> None:
    write_post("one", at="2099-01-05 09:00")
    xuanfa("queue")
    taken = xuanfa("cancel", 1, "--why", "“内容有误”")
    assert (taken.code, "--why 两边是中文引号" in taken.err) == (0, True)
    assert any(line["why"] == "内容有误" for line in xuanfa("show", 1, "--json").json[0]["history"])
    torn = xuanfa("cancel", 2, "--why", "“内容", "有误”")
    assert (torn.code, torn.out) == (2, "")
    assert '写成 "内容 有误"' in torn.err
    assert xuanfa("show", 2, "--json").json[0]["state"] == "scheduled"
    dashed = xuanfa("cancel", 2, "——why", "x")
    assert "选项要用两个半角减号：--why" in dashed.err


def test_an_option_is_suggested_only_for_a_slip(xuanfa: Any) -> None:
    assert "是不是" not in xuanfa("publish", "--since", "2026-01-01").err
    assert "是不是“--since”" in xuanfa("count", "--sinc", "2026-01-01").err


def test_what_is_withdrawn_or_was_never_out_says_what_to_do(xuanfa: Any, write_post: Write) -> None:
    write_post("one", more="channels: [site]\n")
    write_post("two", at="2099-01-05 09:00", more="channels: [site]\n")
    xuanfa("publish")
    ids = {row["post"]: row["id"] for row in xuanfa("deliveries", "--json").json}
    assert xuanfa("retract", ids["one"], "--why", "有误").code == 0
    for more in ((), ("--done",)):
        assert "不用再撤" in xuanfa("retract", ids["one"], "--why", "有误", *more).err
        assert f"xuanfa cancel {ids['two']}" in xuanfa("retract", ids["two"], "--why", "有误", *more).err


def test_rehearsed_and_real_are_counted_apart(xuanfa: Any, write_post: Write, workspace: Path) -> None:
    settings = workspace / "xuanfa.toml"
    text = settings.read_text(encoding="utf-8").replace('["site", "cms"]', '["site", "cms", "drill"]')
    settings.write_text(text, encoding="utf-8")
    write_post("one", more="channels: [site, drill]\n")
    said = xuanfa("publish")
    assert said.out.startswith("本次投递：已发布 1；演练：已发布 1。")


def test_a_folder_that_is_not_there_does_not_become_a_file(xuanfa: Any, tmp_path: Path) -> None:
    for more in ((), ("--keep", "3")):
        said = xuanfa("backup", tmp_path / "backup", *more)
        assert (said.code, f"mkdir -p {tmp_path / 'backup'}" in said.err) == (1, True)
    assert not (tmp_path / "backup").exists()


def completed(workspace: Path, words: str, shell: str = "bash") -> list[str]:
    typed = words.split(" ")
    environment = os.environ | {
        "_XUANFA_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(typed) - 1),
    }
    program = [sys.executable, "-m", "xuanfa.cli"]
    ran = subprocess.run(program, cwd=workspace, env=environment, capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    return [line.partition(",")[2] for line in ran.stdout.splitlines() if "," in line]


def test_channels_columns_posts_and_states_are_completed(xuanfa: Any, write_post: Write, workspace: Path) -> None:
    write_post("2026-巡回审判", at="2099-01-05 09:00")
    xuanfa("queue")
    write_post("2027-未读")
    assert completed(workspace, "xuanfa pause --channel ") == ["site", "cms", "drill"]
    assert completed(workspace, "xuanfa channels resume c") == ["cms"]
    assert completed(workspace, "xuanfa count --column ") == ["action", "quiet"]
    assert completed(workspace, "xuanfa preview 202") == ["2026-巡回审判", "2027-未读"]
    assert completed(workspace, "xuanfa deliveries --state 待") == ["待审核", "待发布", "待核实"]
    assert "retract" in completed(workspace, "xuanfa ret")


def test_completion_says_nothing_where_there_is_nothing(tmp_path: Path) -> None:
    assert completed(tmp_path, "xuanfa preview ") == []
    (tmp_path / "xuanfa.toml").write_text("[", encoding="utf-8")
    assert completed(tmp_path, "xuanfa pause --channel ") == []


def test_a_new_file_offers_a_short_name(xuanfa: Any, workspace: Path) -> None:
    long = xuanfa("new", "巡回审判进乡村", "--column", "action")
    assert "--name" in long.out
    assert long.out.startswith("已建立 posts/")
    short = xuanfa("new", "巡回审判进乡村", "--column", "action", "--name", "xunhui-shenpan")
    assert "-xunhui-shenpan.md" in short.out
    assert "%" not in short.out
    dated = [xuanfa("new", "题", "--column", "action", "--name", "date", "--json").json["post"] for _ in range(2)]
    assert [name.partition("-")[2] for name in dated] == ["1", "2"]
    for bad in ("巡回", "a b", "../x", "A"):
        assert xuanfa("new", "题", "--column", "action", "--name", bad).code == 1
    assert len(list((workspace / "posts").rglob("*.md"))) == 4


def test_another_language_tells_nothing_a_second_time(
    xuanfa: Any, write_post: Write, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = workspace / "templates" / "webhook" / "default.json"
    template.parent.mkdir(parents=True)
    template.write_text("{{ nobody }}", encoding="utf-8")
    write_post("one", more="channels: [cms]\n")
    assert "暂缓：" in xuanfa("publish").err
    reason = xuanfa("show", 1, "--json").json[0]["reason"]
    for language in ("en", "zh", "en"):
        monkeypatch.setenv("XUANFA_LANG", language)
        said = xuanfa("publish").err
        assert "WARNING" not in said
    monkeypatch.setenv("XUANFA_LANG", "zh")
    assert xuanfa("show", 1, "--json").json[0]["reason"] == reason
    template.write_text("\n{% nothing %}", encoding="utf-8")
    assert "WARNING" in xuanfa("publish").err
