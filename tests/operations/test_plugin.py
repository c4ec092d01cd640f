"""A package that brings a kind of channel and its practice platform is practised on like those that are shipped."""

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from xuanfa.adapters import registry
from xuanfa.adapters.registry import adapter_class, kinds, rehearsed
from xuanfa.bootstrap import open_desk, upgrade_database
from xuanfa.bootstrap.practice import platform_for
from xuanfa.domain.errors import ConfigError
from xuanfa.engine.once import one_pass
from xuanfa.rehearsal import journal_of
from xuanfa.store.schema import deliveries

SETTINGS = """
[columns.action]
title = "我们在行动"
channels = ["line"]

[channels.line]
adapter = "fax"
number = "010-67550114"
rehearsal = true
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Installs a package as far as Python asks for it: its entry points, in a folder of the path."""

    def install(**groups: str) -> None:
        facts = tmp_path / "packages" / "fax_for_xuanfa-1.0.dist-info"
        facts.mkdir(parents=True)
        (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: fax-for-xuanfa\nVersion: 1.0\n")
        named = "".join(f"[xuanfa.{group}]\n{line}\n" for group, line in groups.items())
        (facts / "entry_points.txt").write_text(named)
        monkeypatch.syspath_prepend(str(facts.parent))
        importlib.invalidate_caches()
        forget()

    yield install
    monkeypatch.undo()
    forget()


def forget() -> None:
    registry._table.cache_clear()
    registry.adapter_class.cache_clear()


ADAPTER = "fax = support.fax_for_xuanfa:FaxAdapter"
PLATFORM = "fax = support.fax_for_xuanfa:FaxPlatform"


@pytest.mark.usefixtures("installed")
def test_what_is_not_installed_is_no_kind() -> None:
    assert "fax" not in kinds()


def test_a_kind_and_its_platform_come_in_one_package(installed: Any, tmp_path: Path) -> None:
    installed(adapters=ADAPTER, practice=PLATFORM)
    office = tmp_path / "office"
    (office / "posts").mkdir(parents=True)
    (office / "xuanfa.toml").write_text(SETTINGS, encoding="utf-8")
    (office / "posts" / "a.md").write_text(
        "---\ntitle: 开庭\ncolumn: action\npublish_at: now\n---\n\n明天开庭。\n", encoding="utf-8"
    )
    upgrade_database(office)
    with open_desk(office) as desk:
        one_pass(desk)
        with desk.store.read() as connection:
            assert connection.execute(deliveries.select()).one().state == "published"
    (received,) = journal_of(office / "var" / "rehearsal", "line").received()
    assert (received.accepted, received.account) == (True, "010-67550114")
    assert "明天开庭。" in received.body


def test_a_kind_may_come_without_a_platform_and_then_cannot_be_rehearsed(installed: Any, tmp_path: Path) -> None:
    installed(adapters=ADAPTER)
    assert adapter_class("fax").kind == "fax"
    assert "fax" not in rehearsed()
    with pytest.raises(ConfigError, match=r"没有练习平台.*wecom"):
        platform_for("fax", tmp_path, "line", lambda: None)  # type: ignore[arg-type, return-value]


def test_a_platform_of_no_kind_is_told_with_its_package(installed: Any) -> None:
    installed(practice=PLATFORM)
    with pytest.raises(ConfigError, match=r"fax-for-xuanfa.*fax.*FaxPlatform"):
        kinds()


def test_two_platforms_for_one_kind_stop_the_start(installed: Any) -> None:
    installed(adapters=ADAPTER, practice="wecom = support.fax_for_xuanfa:FaxPlatform")
    with pytest.raises(ConfigError, match=r"wecom.*WecomPlatform.*FaxPlatform"):
        kinds()


def test_what_is_no_platform_is_told(installed: Any, tmp_path: Path) -> None:
    installed(adapters=ADAPTER, practice="fax = support.fax_for_xuanfa:FaxConfig")
    with pytest.raises(ConfigError, match=r"fax.*FaxConfig.*Platform"):
        platform_for("fax", tmp_path, "line", lambda: None)  # type: ignore[arg-type, return-value]
