"""What every command has in common."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from xuanfa.cli import cli

#: Commands that are about no workspace, or make one.
WITHOUT = {"init", "version", "webhooks secret"}


def every(group: click.Group = cli, before: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield f"{before}{name}", found
        if isinstance(found, click.Group):
            yield from every(found, f"{before}{name} ")


@pytest.mark.parametrize("name", [name for name, _ in every() if name not in WITHOUT])
def test_every_command_takes_the_workspace(name: str) -> None:
    command = dict(every())[name]
    assert any({"-w", "--workspace"} <= set(parameter.opts) for parameter in command.params)


def test_the_list_of_those_without_a_workspace_is_true() -> None:
    assert {name for name, _ in every()} > WITHOUT


@pytest.mark.parametrize("place", ["inner", "outer", "both", "variable", "inner over variable"])
def test_a_command_of_a_group_goes_to_the_workspace_that_was_named_last(
    xuanfa: Any, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    elsewhere, here = tmp_path_factory.mktemp("elsewhere"), str(xuanfa.folder)
    other = tmp_path_factory.mktemp("other")
    assert xuanfa("init", str(other / "office")).code == 0
    monkeypatch.chdir(elsewhere)
    pause = ("pause", "cms", "--why", "维护")
    wrong = str(other / "office")
    match place:
        case "inner":
            ran = xuanfa("channels", *pause, "-w", here)
        case "outer":
            ran = xuanfa("channels", "-w", here, *pause)
        case "both":
            ran = xuanfa("channels", "-w", wrong, *pause, "--workspace", here)
        case "variable":
            monkeypatch.setenv("XUANFA_WORKSPACE", here)
            ran = xuanfa("channels", *pause)
        case _:
            monkeypatch.setenv("XUANFA_WORKSPACE", wrong)
            ran = xuanfa("channels", *pause, "-w", here)
    assert (ran.code, "渠道 cms 已暂停" in ran.out) == (0, True)
    assert xuanfa("channels", "resume", "cms", "-w", here).code == 0
    assert "这个文件夹。请检查 -w" in xuanfa("channels", "resume", "cms", "-w", str(elsewhere / "nowhere")).err


def test_signing_in_takes_the_workspace_too(xuanfa: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    ran = xuanfa("channels", "login", "cms", "-w", str(xuanfa.folder))
    assert ran.code == 1
    assert "cms" in ran.err
