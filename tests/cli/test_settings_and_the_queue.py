"""The settings change while posts wait: whoever looks is told what becomes of them, and nothing goes where nobody has sent it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from xuanfa.bootstrap import utc_now

Write = Callable[..., Path]


def settings(folder: Path, before: str, after: str) -> None:
    path = folder / "xuanfa.toml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def state_of(xuanfa: Any) -> dict[tuple[str, str], str]:
    return {(row["post"], row["channel"]): row["state"] for row in xuanfa("deliveries", "--json").json}


def due_of(xuanfa: Any) -> dict[tuple[str, str], str]:
    return {(row["post"], row["channel"]): row["due_at"] for row in xuanfa("deliveries", "--json").json}


def troubles(xuanfa: Any) -> dict[str, str]:
    return {item["what"]: item["trouble"] for item in xuanfa("doctor", "--json").json if item["trouble"]}


def test_a_timetable_that_changed_names_what_keeps_its_old_slot(
    xuanfa: Any, write_post: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("tian", "di"):
        write_post(name, at="")
    assert "排期改过" not in xuanfa("queue").err
    before = due_of(xuanfa)
    settings(xuanfa.folder, "Mon,Wed,Fri 09:00", "Tue 15:30")
    told = xuanfa("queue").err
    assert "“我们在行动”的排期改过" in told
    assert "tian（" in told
    assert "di（" in told
    assert "排期改过" not in xuanfa("queue").err
    with monkeypatch.context() as patch:
        patch.setenv("XUANFA_LANG", "en")
        assert "timetable" not in xuanfa("queue").err  # told is told, in whichever language
    assert due_of(xuanfa) == before
    assert "仍按原来的时段" in troubles(xuanfa)["专栏“我们在行动”的排期改过"]
    assert "仍按原来的时段" in troubles(xuanfa)["专栏“我们在行动”的排期改过"]  # as long as it is so
    write_post("ren", at="")
    xuanfa("queue")
    assert due_of(xuanfa)["ren", "site"][11:16] == "07:30"  # in UTC
    settings(xuanfa.folder, "Tue 15:30", "Mon,Wed,Fri 09:00")
    assert "专栏“我们在行动”的排期改过" in troubles(xuanfa)
    assert "ren" in troubles(xuanfa)["专栏“我们在行动”的排期改过"]


def test_a_renamed_channel_gets_a_post_only_once_a_person_has_released_it_there(
    xuanfa: Any, write_post: Write, sink: Any
) -> None:
    write_post("later", at="2099-03-02 09:00")
    write_post("out", at="now")
    xuanfa("publish")
    assert len(sink.received) == 1
    settings(xuanfa.folder, '"cms"', '"portal"')
    settings(xuanfa.folder, "[channels.cms]", "[channels.portal]")
    told = xuanfa("queue").err
    assert "portal" in told
    states = state_of(xuanfa)
    assert states["later", "cms"] == "held"
    assert states["later", "portal"] == "held"
    assert states["later", "site"] == "scheduled"
    assert ("out", "portal") not in states
    assert "已不在设置里" in troubles(xuanfa)["渠道 cms"]
    # An edited file changes nothing of that.
    write_post("later", at="2099-03-02 09:00", more="keywords: [普法]\n")
    xuanfa("publish")
    states = state_of(xuanfa)
    assert (states["later", "cms"], states["later", "portal"]) == ("held", "held")
    [number] = [
        r["id"] for r in xuanfa("deliveries", "--json").json if (r["post"], r["channel"]) == ("later", "portal")
    ]
    assert xuanfa("release", number).code == 0
    assert state_of(xuanfa)["later", "portal"] == "scheduled"
    assert len(sink.received) == 1


def test_a_post_that_is_out_is_not_sent_to_the_new_name_when_its_file_is_edited(
    xuanfa: Any, write_post: Write, sink: Any
) -> None:
    path = write_post("out", at="now")
    xuanfa("publish")
    settings(xuanfa.folder, '"cms"', '"portal"')
    settings(xuanfa.folder, "[channels.cms]", "[channels.portal]")
    path.write_text(path.read_text(encoding="utf-8") + "\n当天还发放了普法手册二百册。\n", encoding="utf-8")
    xuanfa("publish")
    assert state_of(xuanfa)["out", "portal"] == "held"
    assert len(sink.received) == 1


def test_a_channel_that_leaves_or_joins_a_column_is_seen_in_what_waits(xuanfa: Any, write_post: Write) -> None:
    write_post("later", at="2099-03-02 09:00")
    xuanfa("queue")
    settings(xuanfa.folder, 'channels = ["site", "cms"]', 'channels = ["site", "drill"]')
    told = xuanfa("queue").err
    states = state_of(xuanfa)
    assert states["later", "cms"] == "cancelled"
    assert states["later", "drill"] == "held"
    assert "drill" in told


def test_a_column_that_left_the_settings_is_named_and_counted_rightly(xuanfa: Any, write_post: Write) -> None:
    write_post("out", at="now")
    write_post("later", at="2099-03-02 09:00")
    xuanfa("publish")
    settings(xuanfa.folder, "[columns.action]", "[columns.news]")
    settings(xuanfa.folder, 'title = "我们在行动"', 'title = "法院要闻"')
    settings(xuanfa.folder, '[columns.quiet]\ntitle = "静"\nchannels = ["drill"]\n', "")
    xuanfa("queue")
    assert "已不在设置里" in troubles(xuanfa)["专栏 action"]
    told = xuanfa("count").out
    assert "法院要闻" not in told
    assert "各专栏共发布信息 2 条" in told
    assert "“action”专栏共发布信息 2 条" in xuanfa("count", "--column", "action").out


def test_a_channel_time_before_the_one_whose_address_it_shows_is_told(xuanfa: Any, write_post: Write) -> None:
    settings(
        xuanfa.folder, "[channels.drill]", '[channels.group]\nadapter = "wecom"\nrehearsal = true\n[channels.drill]'
    )
    settings(xuanfa.folder, 'channels = ["site", "cms"]', 'channels = ["site", "group"]')
    times = "channels:\n  site:\n    publish_at: 2027-03-02 10:00\n  group:\n    publish_at: 2027-03-02 09:00\n"
    write_post("early", at="", more=times)
    told = xuanfa("queue").err
    assert "group 写的是 2027-03-02 09:00 +08:00，早于 site 的 2027-03-02 10:00 +08:00" in told
    write_post("well", at="", more=times.replace("09:00", "10:30"))
    assert "早于" not in xuanfa("queue").err
    [number] = [r["id"] for r in xuanfa("deliveries", "--json").json if (r["post"], r["channel"]) == ("well", "group")]
    assert "早于 site" in xuanfa("reschedule", number, "--at", "2027-03-02 08:00").err


def test_a_time_that_a_person_names_takes_its_slot(xuanfa: Any, write_post: Write) -> None:
    write_post("one", at="")
    xuanfa("queue")
    first = due_of(xuanfa)["one", "site"]
    write_post("two", at="")
    xuanfa("queue")
    second = due_of(xuanfa)["two", "site"]
    third = max(first, second)
    write_post("named", at=_local(_next_slot(second)))
    write_post("after", at="")
    xuanfa("queue")
    due = due_of(xuanfa)
    assert len({due[name, "site"] for name in ("one", "two", "named", "after")}) == 4
    assert due["after", "site"] > due["named", "site"] > third
    # And one that names a slot which has a post already is told.
    write_post("same", at=_local(first))
    assert "这个时段已经排了“one”" in xuanfa("queue").err


def test_a_slot_that_is_left_is_free_again(xuanfa: Any, write_post: Write) -> None:
    write_post("one", at="")
    xuanfa("queue")
    first = due_of(xuanfa)["one", "site"]
    for row in xuanfa("deliveries", "--json").json:
        assert xuanfa("reschedule", row["id"], "--at", "2027-05-05 05:05").code == 0
    write_post("two", at="")
    xuanfa("queue")
    assert due_of(xuanfa)["two", "site"] == first


def _local(moment: str) -> str:
    """A moment in UTC as people write it in Beijing."""
    return f"{datetime.fromisoformat(moment) + timedelta(hours=8):%Y-%m-%d %H:%M}"


def _next_slot(after: str) -> str:
    """The slot after one of Mon, Wed, Fri 09:00."""
    moment = datetime.fromisoformat(after)
    return (moment + timedelta(days=3 if moment.weekday() == 4 else 2)).isoformat()


@pytest.mark.parametrize("days", [200, 365, 366, 800])
def test_a_year_far_ahead_is_told_wherever_it_is_named(xuanfa: Any, write_post: Write, days: int) -> None:
    at = f"{utc_now() + timedelta(days=days, hours=9):%Y-%m-%d %H:%M}"
    is_told = days >= 366
    write_post("far", at=at)
    assert ("在一年以后" in xuanfa("queue").err) is is_told
    assert ("far：发布时间" in xuanfa("posts").err) is is_told
    write_post("near", at=f"{utc_now() + timedelta(days=3):%Y-%m-%d %H:%M}")
    assert "在一年以后" not in xuanfa("queue").err
    [number] = [r["id"] for r in xuanfa("deliveries", "--json").json if (r["post"], r["channel"]) == ("near", "site")]
    assert ("在一年以后" in xuanfa("reschedule", number, "--at", at).err) is is_told


def test_a_correction_of_no_post_is_told_with_the_nearest_one(xuanfa: Any, write_post: Write) -> None:
    write_post("20260301-xunhui")
    xuanfa("queue")
    write_post("well", more="corrects: 20260301-xunhui\n")
    assert "corrects" not in xuanfa("queue").err
    write_post("wrong", more="corrects: 20260301-xunhuai\n")
    assert "“20260301-xunhuai”没有这篇稿件（是不是“20260301-xunhui”？）" in xuanfa("queue").err
