"""What is said of a value that an option cannot take: in Chinese, whatever kind of value it is and whichever command has the option."""

import re
from collections.abc import Iterator
from typing import Any

import click
import pytest

from tests.cli.test_every_command import every
from xuanfa.cli.wording import in_words

CHINESE = re.compile("[\u4e00-\u9fff]")
#: What click says of wrong values (click/types.py).
OF_CLICK = re.compile(r"is not|not in the range|does not|are required|Choose from|valid|Recognized")


def said(kind: click.ParamType[Any], value: Any) -> str:
    option = click.Option(["--it"], type=kind)
    context = click.Context(click.Command("c", params=[option]))
    with pytest.raises(click.UsageError) as caught:
        option.type_cast_value(context, value)
    return in_words(caught.value)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (click.INT, "x", "--it 不对：应为整数，如 12。"),
        (click.FLOAT, "x", "--it 不对：应为数字，如 12 或 0.5。"),
        (click.BOOL, "x", "--it 不对：应为 true（是）或 false（否）。"),
        (click.UUID, "x", "--it 不对：应为 UUID，如 00000000-0000-4000-8000-000000000000。"),
        (click.IntRange(1, 5), "9", "--it 不对：应为 1 到 5 之间的整数。"),
        (click.IntRange(min=1), "x", "--it 不对：应为不小于 1 的整数。"),
        (click.IntRange(max=5), "9", "--it 不对：应为不大于 5 的整数。"),
        (click.FloatRange(0, 1, min_open=True), "0", "--it 不对：应为大于 0、不大于 1 的数字。"),
        (click.Choice(["a", "b"]), "c", "--it 不对：只能是 a、b 之一。"),
        (click.DateTime(["%Y-%m-%d"]), "x", "--it 不对：应为时间，写成 %Y-%m-%d 这样。"),
        (click.Tuple([int, int]), ("1",), "--it 不对：应为 2 个值，用空格隔开。"),
        (click.Path(exists=True), "/no/such", "--it 不对：/no/such 不存在。"),
        (click.File(), "/no/such", "--it 不对：打不开 /no/such，请检查文件在不在、权限对不对。"),
    ],
)
def test_each_kind_of_value_has_words(kind: click.ParamType[Any], value: Any, words: str) -> None:
    assert said(kind, value) == words


def refusing() -> Iterator[Any]:
    """Every option and argument that refuses some value by itself."""
    for name, command in every():
        for parameter in command.params:
            own = type(parameter.type).__module__.startswith("xuanfa")
            if own or isinstance(parameter.type, click.Choice | click.types._NumberParamTypeBase | click.DateTime):
                yield pytest.param(command, parameter, id=f"{name} {parameter.name}")


@pytest.mark.parametrize(("command", "parameter"), list(refusing()))
def test_every_command_says_it_in_chinese(command: click.Command, parameter: click.Parameter) -> None:
    context = click.Context(command)
    bad: Any = "\ufffd 不是 ?"
    value = (bad,) if parameter.multiple or parameter.nargs == -1 else bad
    try:
        parameter.type_cast_value(context, value)
    except click.UsageError as error:
        words = in_words(error)
        assert CHINESE.search(words.replace(bad, ""))
        assert not OF_CLICK.search(words)
    else:
        assert type(parameter.type).__module__.startswith("xuanfa"), "click's own kinds refuse it"


def test_a_day_that_is_none_says_how_a_day_is_written(xuanfa: Any) -> None:
    ran = xuanfa("count", "--since", "x")
    assert (ran.code, bool(CHINESE.search(ran.err)), OF_CLICK.search(ran.err)) == (2, True, None)


@pytest.mark.parametrize("value", ["x", "1.5", "", "12人"])
def test_readers_figures_that_are_no_numbers(xuanfa: Any, value: str) -> None:
    ran = xuanfa("readers", "set", "1", "--reads", value, "--at", "2026-03-01 09:00")
    assert (ran.code, "--reads 不对：应为整数，如 12。" in ran.err) == (2, True)
