"""What is wrong with one field of what a program has sent, in the words of whoever reads it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from xuanfa.domain.language import say

#: By the kinds of trouble of pydantic; ``limits`` are what it was to be.
_WORDS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "missing": lambda _: say("没有写，这一项要有", "is missing, and has to be there"),
    "extra_forbidden": lambda _: say("没有这一项", "there is no such field"),
    "json_invalid": lambda _: say("读不出 JSON", "is no JSON"),
    "string_type": lambda _: say("应是文字", "has to be a text"),
    "string_too_short": lambda limits: say(
        "至少 {n} 个字符", "needs {n} characters at least", n=limits.get("min_length")
    ),
    "string_too_long": lambda limits: say("最多 {n} 个字符", "may have {n} characters", n=limits.get("max_length")),
    "string_pattern_mismatch": lambda limits: say("应符合 {p}", "has to match {p}", p=limits.get("pattern")),
    "too_short": lambda limits: say("至少 {n} 项", "needs {n} items at least", n=limits.get("min_length")),
    "too_long": lambda limits: say("最多 {n} 项", "may have {n} items", n=limits.get("max_length")),
    "greater_than_equal": lambda limits: say("不能小于 {n}", "may not be less than {n}", n=limits.get("ge")),
    "greater_than": lambda limits: say("应大于 {n}", "has to be more than {n}", n=limits.get("gt")),
    "less_than_equal": lambda limits: say("不能大于 {n}", "may not be more than {n}", n=limits.get("le")),
    "less_than": lambda limits: say("应小于 {n}", "has to be less than {n}", n=limits.get("lt")),
    "literal_error": lambda limits: say("只能是 {all}", "has to be {all}", all=limits.get("expected")),
    "enum": lambda limits: say("只能是 {all}", "has to be {all}", all=limits.get("expected")),
}
#: By how a kind begins.
_BEGINNINGS: Final[Mapping[str, Callable[[], str]]] = {
    "int_": lambda: say("应是整数", "has to be a whole number"),
    "float_": lambda: say("应是数字", "has to be a number"),
    "bool_": lambda: say("应是 true 或 false", "has to be true or false"),
    "list_": lambda: say("应是列表", "has to be a list"),
    "dict_": lambda: say("应是对象", "has to be an object"),
    "model_": lambda: say("应是对象", "has to be an object"),
    "datetime_": lambda: say(
        "应是时间，如 2026-12-07T09:00:00+08:00", "has to be a time such as 2026-12-07T09:00:00+08:00"
    ),
    "timezone_": lambda: say(
        "应是带时区的时间，如 2026-12-07T09:00:00+08:00",
        "has to be a time with its offset such as 2026-12-07T09:00:00+08:00",
    ),
    "date_": lambda: say("应是日期，如 2026-12-07", "has to be a day such as 2026-12-07"),
}


def field_words(trouble: Mapping[str, Any]) -> str:
    """The words of one trouble, as pydantic tells it."""
    kind = str(trouble["type"])
    if kind in _WORDS:
        return _WORDS[kind](trouble.get("ctx") or {})
    known = next((words for begins, words in _BEGINNINGS.items() if kind.startswith(begins)), None)
    return known() if known is not None else say("这个值不能用", "this value cannot be used")
