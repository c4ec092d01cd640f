"""A value that came from a variable may be a secret put into the wrong place: no message about settings repeats it."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xuanfa.adapters.registry import adapter_class, kinds
from xuanfa.bootstrap.configs import adapter_config
from xuanfa.domain.errors import ConfigError
from xuanfa.settings import load

SECRET = "s3cret-0123456789abcdef"
FILE = """timezone = "Asia/Shanghai"
[organisation]
name = "某院"
[columns.action]
title = "我们在行动"
channels = ["robot"]
[channels.robot]
adapter = "wecom"
rehearsal = true
[pace.app]
channels = ["robot"]
[[silent]]
from = 2026-12-13
until = 2026-12-14
reason = "国家公祭日"
"""
FIELDS = [(kind, name) for kind in kinds() for name in adapter_class(kind).Config.model_fields if name != "adapter"]


@pytest.mark.parametrize(("kind", "name"), FIELDS)
def test_a_wrong_setting_of_a_channel_is_named_and_not_repeated(kind: str, name: str) -> None:
    given: tuple[Any, ...] = (
        SECRET,
        f"{SECRET} 密",
        f"{SECRET}\n",
        [SECRET],
        [f"<{SECRET}>"],
        {SECRET: 1},
        {"a": f"{SECRET}\n"},
        10**9,
    )
    for value in given:
        raw = {"adapter": kind, "rehearsal": True, name: value}
        said = refusal(lambda raw=raw: adapter_config("ch", raw))  # type: ignore[misc]
        assert SECRET not in said or (isinstance(value, dict) and SECRET in value)  # a name is no value
        assert "1000000000" not in said


def refusal(given: Callable[[], object]) -> str:
    """What is said to settings that are refused; empty where they are not."""
    try:
        given()
    except ConfigError as error:
        return str(error)
    return ""


def leaves(tree: dict[str, Any], before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    return [
        leaf
        for name, value in tree.items()
        for leaf in (leaves(value, (*before, name)) if isinstance(value, dict) else [(*before, name)])
    ]


MORE = [
    ("database_url",),
    ("lease_seconds",),
    ("columns", "action", "timetable"),
    ("pace", "app", "limits"),
    ("organisation", "site_domain"),
]


@pytest.mark.parametrize("key", [*(leaf for leaf in leaves(tomllib.loads(FILE)) if leaf[0] != "silent"), *MORE])
@pytest.mark.parametrize("form", ["{}", '["{}"]', "{} 密"])
def test_a_wrong_variable_is_named_and_its_value_is_not_repeated(
    tmp_path: Path, key: tuple[str, ...], form: str
) -> None:
    (tmp_path / "xuanfa.toml").write_text(FILE, encoding="utf-8")
    variable = "XUANFA_" + "__".join(key).upper()

    def given() -> None:
        settings = load(tmp_path, {variable: form.format(SECRET)})
        for id_, raw in settings.channels.items():
            if raw["adapter"] == "wecom":
                adapter_config(id_, raw)

    assert SECRET not in refusal(given)


def test_a_wrong_pace_says_what_a_pace_is(tmp_path: Path) -> None:
    (tmp_path / "xuanfa.toml").write_text(FILE, encoding="utf-8")
    settings = load(tmp_path, {"XUANFA_CHANNELS__ROBOT__PACE": SECRET})
    with pytest.raises(ConfigError, match=r"\[channels.robot\] pace：不是频率：写成 次数/单位，如 20/分钟") as caught:
        adapter_config("robot", settings.channels["robot"])
    assert SECRET not in str(caught.value)
