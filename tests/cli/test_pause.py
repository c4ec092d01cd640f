"""The emergency stop from the command line, and silent periods from the settings to the screen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def standings(xuanfa: Any) -> dict[str, tuple[bool, str]]:
    return {row["id"]: (row["paused"], row["reason"]) for row in xuanfa("channels", "--json").json}


def test_a_pause_stops_everything_and_every_command_says_so(
    xuanfa: Any, write_post: Callable[..., Path], sink: Any
) -> None:
    write_post()
    assert "xuanfa resume" in xuanfa("pause", "--why", "舆情").out
    ran = xuanfa("publish")
    assert ran.code == 1
    assert "已全部暂停，什么也没有发送。原因：舆情。恢复：xuanfa resume" in ran.err
    assert not sink.received
    assert standings(xuanfa) == dict.fromkeys(("site", "cms", "drill"), (True, "舆情"))
    assert "已全部暂停：舆情。恢复：xuanfa resume" in xuanfa("channels").out
    assert xuanfa("doctor").code == 1
    assert xuanfa("resume", "--why", "平息").code == 0
    assert xuanfa("publish").code == 0
    assert len(sink.received) == 1


def test_one_channel_is_paused_and_resumed_by_either_command(xuanfa: Any) -> None:
    assert "渠道 cms 已暂停" in xuanfa("pause", "--channel", "cms", "--why", "维护").out
    assert standings(xuanfa)["cms"] == (True, "维护")
    assert not standings(xuanfa)["site"][0]
    xuanfa("channels", "resume", "cms")
    assert not standings(xuanfa)["cms"][0]
    xuanfa("channels", "pause", "cms", "--why", "维护")
    assert "渠道 cms 已恢复" in xuanfa("resume", "--channel", "cms").out
    assert not standings(xuanfa)["cms"][0]


def test_resuming_says_what_is_still_paused(xuanfa: Any) -> None:
    xuanfa("pause", "--channel", "cms", "--why", "维护")
    xuanfa("pause", "--why", "舆情")
    assert "仍处于全部暂停" in xuanfa("resume", "--channel", "drill").out
    assert "仍单独暂停的渠道：cms" in xuanfa("resume").out


@pytest.mark.parametrize("command", ["pause", "resume"])
def test_a_channel_that_is_not_there_is_named(xuanfa: Any, command: str) -> None:
    ran = xuanfa(command, "--channel", "cns", "--why", "x")
    assert (ran.code, "没有渠道 cns" in ran.err) == (1, True)


def test_a_pause_needs_a_reason(xuanfa: Any) -> None:
    ran = xuanfa("pause")
    assert (ran.code, "--why" in ran.err) == (2, True)


def test_what_is_due_in_a_silent_period_of_the_settings_is_held_and_released(
    xuanfa: Any, write_post: Callable[..., Path], sink: Any, workspace: Path
) -> None:
    path = workspace / "xuanfa.toml"
    silent = '[[silent]]\nfrom = 2020-01-01\nuntil = 2999-12-31\nreason = "国家公祭日"\nchannels = ["cms"]\n'
    path.write_text(path.read_text(encoding="utf-8") + silent, encoding="utf-8")
    write_post()
    ran = xuanfa("publish")
    assert (ran.code, sink.received) == (1, [])
    (held,) = xuanfa("deliveries", "--state", "held", "--json").json
    assert (held["channel"], "国家公祭日" in held["reason"]) == ("cms", True)
    assert "正在静默" in xuanfa("doctor").out
    assert xuanfa("release", held["id"], "--why", "领导同意").code == 0
    assert xuanfa("publish").code == 0
    assert len(sink.received) == 1
