"""What doctor tells of a channel that is well: facts, and what is left of its rates."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.decisions import pause
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.pacing import Limit
from xuanfa.domain.person import Person
from xuanfa.operations.watching.examine import examine
from xuanfa.operations.watching.examined import Examined

LIMITS = (Limit(20, timedelta(minutes=1)), Limit(30, timedelta(hours=1)), Limit(90, timedelta(days=1)))
NOTE = Finding(code="x.authorised", message="授权还有 8 天", severity=Severity.NOTE)
FATAL = Finding(code="x.connect", message="连不上")
WARNING = Finding(code="x.ends_soon", message="授权快到期", severity=Severity.WARN)


def told(bench: Any, *findings: Finding, monkeypatch: pytest.MonkeyPatch) -> list[Examined]:
    monkeypatch.setattr(type(bench.bound("a")), "diagnose", lambda _: findings)
    return [item for item in examine(bench.desk) if item.what.startswith("渠道 a")]


def test_what_is_left_of_hours_and_days_is_told_where_all_is_well(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.channel("a", limits=LIMITS)
    bench.queue("one", "two")
    bench.run()
    bench.clock.advance(hours=2)
    bench.queue("three")
    bench.run()
    (item,) = told(bench, NOTE, monkeypatch=monkeypatch)
    assert not item.trouble
    assert item.note == "授权还有 8 天；1 小时内还可发 29 条（上限 30）；24 小时内还可发 87 条（上限 90）"


def test_troubles_come_before_facts_and_a_fatal_one_instead_of_them(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.channel("a", limits=LIMITS[:1])
    warned, well = told(bench, NOTE, WARNING, monkeypatch=monkeypatch)
    assert (warned.trouble, warned.fatal, warned.note) == ("授权快到期", False, "")
    assert (well.trouble, well.note) == ("", "授权还有 8 天")
    (item,) = told(bench, NOTE, FATAL, monkeypatch=monkeypatch)
    assert (item.trouble, item.fatal, item.note) == ("连不上", True, "")


def test_a_paused_channel_says_why_in_one_sentence(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.channel("a")
    pause(bench.desk, "a", Person(name="安娜", why="密钥失效。"))
    assert "已暂停：密钥失效。恢复：xuanfa channels resume a" in told(bench, monkeypatch=monkeypatch)[0].trouble


def test_a_channel_without_facts_has_nothing_to_say(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.channel("a", limits=LIMITS[:1])
    (item,) = told(bench, monkeypatch=monkeypatch)
    assert (item.trouble, item.note) == ("", "")
