"""``pace``: an account's own limits, and what several channels share; mistakes with their line."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from xuanfa.bootstrap import open_desk
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.pacing import Limit

ROBOT = 'adapter = "wecom"\nkey = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"\n'
COLUMN = '[columns.action]\ntitle = "甲"\nchannels = ["one", "two"]\n'


def desk_of(folder: Path, one: str = "", two: str = "", pace: str = "") -> Any:
    (folder / "posts").mkdir()
    text = f"{COLUMN}[channels.one]\n{ROBOT}{one}\n[channels.two]\n{ROBOT}{two}\n{pace}"
    (folder / "xuanfa.toml").write_text(text, encoding="utf-8")
    return open_desk(folder)


def test_an_account_may_have_other_limits_than_its_kind(tmp_path: Path) -> None:
    with desk_of(tmp_path, one='pace = ["5/分钟", "100/day"]\nin_flight = 1', two='pace = "2/second"') as desk:
        one, two = desk.channels["one"], desk.channels["two"]
    assert one.limits == (Limit(5, timedelta(minutes=1)), Limit(100, timedelta(days=1)))
    assert one.in_flight == 1
    assert two.limits == (Limit(2, timedelta(seconds=1)),)


def test_two_channels_of_one_account_share_what_may_be_under_way(tmp_path: Path) -> None:
    with desk_of(tmp_path, one="in_flight = 2", two="in_flight = 2") as desk:
        budgets = {budget for channel in desk.channels.values() for budget in channel.budgets}
    (one,) = budgets
    assert (one.in_flight, one.channels) == (2, ("one", "two"))


def test_channels_share_what_they_are_named_in_and_a_rehearsal_spends_nothing_of_it(tmp_path: Path) -> None:
    pace = '[pace.app]\nlimits = "1000/hour"\nin_flight = 4\nchannels = ["one", "two"]\n'
    with desk_of(tmp_path, two="rehearsal = true", pace=pace) as desk:
        one, two = desk.channels["one"], desk.channels["two"]
    (own, shared) = one.budgets
    assert (shared.name, shared.limits, shared.in_flight) == ("shared:app", (Limit(1000, timedelta(hours=1)),), 4)
    assert own.name == one.budget
    assert [budget.name for budget in two.budgets] == ["rehearsal:two"]


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        ({"one": 'pace = "20 per minute"'}, r"\[channels.one\] pace.*20/分钟"),
        ({"one": "in_flight = 0"}, r"\[channels.one\] in_flight"),
        ({"pace": '[pace.app]\nlimits = ["many"]\n'}, r"xuanfa.toml:13：pace.app.limits 有误.*20/分钟"),
        ({"pace": '[pace.app]\nchannels = ["on"]\n'}, r"没有 \[channels.on\] 这一节。是否想写 one？"),
        ({"pace": "[pace.app]\nin_flight = 0\n"}, "不能小于 1"),
    ],
)
def test_mistakes_are_told_with_the_way_out(tmp_path: Path, mistake: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError, match=words), desk_of(tmp_path, **mistake):
        pass


def test_a_mistake_in_a_channel_names_its_line(tmp_path: Path) -> None:
    with (
        pytest.raises(ConfigError, match=r"xuanfa\.toml:7：\[channels.one\] pace"),
        desk_of(tmp_path, one='pace = "many"'),
    ):
        pass


def test_a_mistake_in_a_variable_names_it_and_not_its_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUANFA_CHANNELS__ONE__PACE", "s3cret")
    with pytest.raises(ConfigError) as caught, desk_of(tmp_path):
        pass
    assert "XUANFA_CHANNELS__ONE__PACE" in str(caught.value).split("：")[0]
    assert "s3cret" not in str(caught.value)
