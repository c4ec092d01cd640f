"""What a value has to be, for each of pydantic's kinds of error that our models can meet: its own words are English only."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from xuanfa.domain.language import say

Limits = Mapping[str, Any]


def expected(kind: str, limits: Limits) -> str:
    """The sentence for pydantic's ``kind`` (https://docs.pydantic.dev/latest/errors/validation_errors/); ``limits`` is its context."""
    return WORDS.get(kind, _other)(limits)


def _other(_: Limits) -> str:
    return say("值不对。请对照 docs/settings.md 改正。", "has a wrong value. docs/settings.md says what it may be.")


def _whole_number(_: Limits) -> str:
    return say("应为整数，如 30，不加引号。", "must be a whole number such as 30, without quotation marks.")


def _number(_: Limits) -> str:
    return say("应为数字，如 4 或 2.5，不加引号。", "must be a number such as 4 or 2.5, without quotation marks.")


def _yes_or_no(_: Limits) -> str:
    return say("应为 true 或 false，不加引号。", "must be true or false, without quotation marks.")


def _too_small(limits: Limits) -> str:
    return say("不能小于 {ge}。", "must be at least {ge}.", ge=limits.get("ge", 0))


def _too_large(limits: Limits) -> str:
    return say("不能大于 {le}。", "must be at most {le}.", le=limits.get("le", 0))


def _text(_: Limits) -> str:
    return say('应为文字，用英文双引号括起来，如 "示例"。', 'must be text in quotation marks, such as "text".')


def _too_long(limits: Limits) -> str:
    return say("最多 {n} 个字。", "must have {n} characters at most.", n=limits.get("max_length", 0))


def _too_many(limits: Limits) -> str:
    return say("最多 {n} 项。", "must have {n} items at most.", n=limits.get("max_length", 0))


def _too_few(limits: Limits) -> str:
    return say("至少要写 {n} 项。", "must have at least {n} items.", n=limits.get("min_length", 1))


def _other_letters(_: Limits) -> str:
    return say(
        "里有不允许的字符：只能用字母、数字和下划线，请重新复制一次。",
        "holds characters that it cannot have: letters, digits and underscores only; copy it once more.",
    )


def _list(_: Limits) -> str:
    return say('应为列表，如 ["site", "wecom"]。', 'must be a list, such as ["site", "wecom"].')


def _table(_: Limits) -> str:
    return say(
        "应为一节设置（方括号标题下逐行写“名称 = 值”），不是单个值。",
        "must be a table (a heading in square brackets with NAME = value lines), not one value.",
    )


def _missing(_: Limits) -> str:
    return say("没有写，请补上。", "is missing; add it.")


def _empty(_: Limits) -> str:
    return say("不能为空，请填写。", "must not be empty; fill it in.")


def _one_of(limits: Limits) -> str:
    """Pydantic tells the choices as a sentence of its own; the empty one goes without saying."""
    choices = [
        word or number
        for word, number in re.findall(r"'([^']*)'|(\d+)", str(limits.get("expected", "")))
        if word or number
    ]
    return say("只能写 {choices}。", "must be one of {choices}.", choices=say("、", ", ").join(choices))


WORDS: Mapping[str, Callable[[Limits], str]] = {
    "int_parsing": _whole_number,
    "int_type": _whole_number,
    "int_from_float": _whole_number,
    "int_parsing_size": _whole_number,
    "float_parsing": _number,
    "float_type": _number,
    "finite_number": _number,
    "bool_parsing": _yes_or_no,
    "bool_type": _yes_or_no,
    "greater_than_equal": _too_small,
    "less_than_equal": _too_large,
    "string_type": _text,
    "string_sub_type": _text,
    "string_too_short": _empty,
    "string_too_long": _too_long,
    "string_pattern_mismatch": _other_letters,
    "too_long": _too_many,
    "too_short": _too_few,
    "list_type": _list,
    "tuple_type": _list,
    "dict_type": _table,
    "mapping_type": _table,
    "model_type": _table,
    "missing": _missing,
    "literal_error": _one_of,
    "enum": _one_of,
}
