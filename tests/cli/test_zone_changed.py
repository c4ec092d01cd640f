"""Another time zone in the settings: what is queued keeps its moment, and whoever looks is told so."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def zone(folder: Path, name: str) -> None:
    path = folder / "xuanfa.toml"
    text = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("timezone"))
    path.write_text(f'timezone = "{name}"\n{text}\n', encoding="utf-8")


def due(xuanfa: Any) -> set[str]:
    return {row["due_at"] for row in xuanfa("deliveries", "--json").json}


def test_both_commands_say_what_becomes_of_queued_times(xuanfa: Any, write_post: Callable[..., Path]) -> None:
    zone(xuanfa.folder, "Asia/Shanghai")
    write_post("later", at="2099-03-02 09:00")
    write_post("done")
    assert xuanfa("publish").code == 0
    before = due(xuanfa)
    assert "时区由" not in xuanfa("queue").err + xuanfa("doctor").out
    zone(xuanfa.folder, "Asia/Urumqi")
    told = "时区由 Asia/Shanghai 改为 Asia/Urumqi：已排入的 2 条时间不变"
    assert told in xuanfa("doctor").out
    assert told in xuanfa("queue").err
    assert told in xuanfa("doctor").out  # as long as it is so
    assert any(told in notice for notice in xuanfa("queue", "--json").json["notices"])
    [entry] = [item for item in xuanfa("doctor", "--json").json if item["what"].startswith("时区由")]
    assert not entry["fatal"]
    assert due(xuanfa) == before
    assert "2099-03-02 07:00" in xuanfa("show", "later").out


def test_a_post_that_is_saved_again_is_read_in_the_new_zone(xuanfa: Any, write_post: Callable[..., Path]) -> None:
    zone(xuanfa.folder, "Asia/Shanghai")
    path = write_post("later", at="2099-03-02 09:00")
    write_post("other", at="2099-03-03 09:00")
    xuanfa("queue")
    zone(xuanfa.folder, "Asia/Urumqi")
    path.write_text(path.read_text(encoding="utf-8") + "\n又一段。\n", encoding="utf-8")
    assert "已排入的 2 条时间不变" in xuanfa("queue").err
    assert "2099-03-02T03:00:00+00:00" in due(xuanfa)


@pytest.mark.parametrize("back", ["Asia/Shanghai"])
def test_a_zone_that_is_set_back_is_no_news(xuanfa: Any, write_post: Callable[..., Path], back: str) -> None:
    zone(xuanfa.folder, back)
    write_post("later", at="2099-03-02 09:00")
    xuanfa("queue")
    zone(xuanfa.folder, "Asia/Urumqi")
    xuanfa("queue")
    zone(xuanfa.folder, back)
    assert "时区由" not in xuanfa("queue").err + xuanfa("doctor").out
