"""What is sent is what was checked: one list, when a rendition is made and when it leaves; every address in it, with its line."""

from pathlib import Path
from typing import Any

import pytest

from xuanfa.bootstrap import open_desk
from xuanfa.domain.delivery import State
from xuanfa.domain.finding import Finding
from xuanfa.domain.outcome import Published
from xuanfa.domain.receipt import Receipt
from xuanfa.operations.intake.queue import queue
from xuanfa.reports.listing import list_deliveries

SETTINGS = """
[columns.action]
title = "我们在行动"
channels = ["blog", "mail", "group"]
[channels.blog]
adapter = "wordpress"
rehearsal = true
[channels.mail]
adapter = "email"
rehearsal = true
[channels.group]
adapter = "wecom"
rehearsal = true
"""


def written(folder: Path, body: str, more: str = "") -> None:
    (folder / "posts").mkdir(exist_ok=True)
    (folder / "xuanfa.toml").write_text(SETTINGS, encoding="utf-8")
    head = f"title: 地址都要打得开\ncolumn: action\npublish_at: now\n{more}"
    (folder / "posts" / "a.md").write_text(f"---\n{head}---\n\n{body}\n", encoding="utf-8")


def test_an_address_that_readers_cannot_open_is_told_with_its_line(tmp_path: Path, clock: Any) -> None:
    written(tmp_path, "第一段。\n\n请到 http://192.168.9.9/oa 报名，或看[这里](http://oa/2)。")
    with open_desk(tmp_path, clock) as desk:
        report = queue(desk)
        states = {row.state for row in list_deliveries(desk.store)}
    assert states == {State.SCHEDULED}
    for address in ("http://192.168.9.9/oa", "http://oa/2"):
        (told,) = [notice for notice in report.notices if address in notice]
        assert told.startswith("posts/a.md:9: "), told


@pytest.mark.parametrize("address", ["https://rehearsal.invalid/p/1", "https://wp.invalid/a"])
def test_what_must_not_leave_is_held_with_its_line(tmp_path: Path, clock: Any, address: str) -> None:
    written(tmp_path, f"正文。\n\n请看 {address} 。")
    with open_desk(tmp_path, clock) as desk:
        queue(desk)
        rows = {row.channel: row for row in list_deliveries(desk.store)}
    # The group's message has no word of the text, and goes.
    assert {name: row.state for name, row in rows.items()} == {
        "blog": State.REJECTED,
        "mail": State.REJECTED,
        "group": State.SCHEDULED,
    }
    for name in ("blog", "mail"):
        assert rows[name].reason.startswith("第 9 行：")
        assert address in rows[name].reason


def test_of_one_channels_own_text_only_that_channel_is_concerned(tmp_path: Path, clock: Any) -> None:
    more = 'channels:\n  blog:\n  mail:\n  group:\n    text: "详见 https://rehearsal.invalid/x"\n'
    written(tmp_path, "正文。", more)
    with open_desk(tmp_path, clock) as desk:
        queue(desk)
        states = {row.channel: row.state for row in list_deliveries(desk.store)}
    assert states == {"blog": State.SCHEDULED, "mail": State.SCHEDULED, "group": State.REJECTED}


@pytest.mark.parametrize("rehearsal", [False, True])
def test_an_address_that_is_filled_in_as_it_leaves_is_checked_then(bench: Any, rehearsal: bool) -> None:
    practice = Published(receipt=Receipt(remote_id="1", address="https://rehearsal.invalid/1", evidence="200"))
    bench.channel("a", rehearsal=rehearsal).publish.append(practice)
    second = bench.channel("b", link="a", rehearsal=rehearsal)
    bench.queue("填上去的地址")
    bench.run()
    if rehearsal:
        assert bench.get(2).state is State.PUBLISHED
    else:
        assert bench.get(2).state is State.REJECTED
        assert "rehearsal.invalid" in bench.get(2).reason
        assert second.sent == []


def test_what_is_found_only_as_it_leaves_stops_it(bench: Any) -> None:
    """Nothing late-bound is in it: settings have changed since it was frozen."""
    script = bench.channel("a")
    bench.queue("设置后来变了")
    script.findings.append(Finding(code="x", message="这个账号现在最多 10 个字"))
    bench.run()
    assert bench.get().state is State.REJECTED
    assert "最多 10 个字" in bench.get().reason
    assert script.sent == []
