"""What is wrong with a setting, in words: where it stands, which key, what was expected, what to do."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xuanfa.domain.errors import Place
from xuanfa.domain.language import say
from xuanfa.settings.layers import Key, read_text
from xuanfa.settings.lines import key_lines, nearest_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One mistake. ``kind`` is a key of the words below; ``limits`` are the numbers or names that the words need."""

    key: Key
    kind: str
    limits: Mapping[str, Any] = field(default_factory=dict)
    near: str = ""
    known: tuple[str, ...] = ()


def explain(path: Path, origins: Mapping[Key, str], troubles: Sequence[Trouble]) -> list[str]:
    """One line for each trouble: those of the variables first, then those of the file from top to bottom."""
    places = key_lines(read_text(path))
    found = [(_origin(trouble, origins, places), nearest_line(places, trouble.key), trouble) for trouble in troubles]
    found.sort(key=lambda one: (not one[0], one[1] or 0))
    return [
        say(
            "{where}：{key} {words}",
            "{where}: {key} {words}",
            where=origin or Place(str(path), line),
            key=".".join(trouble.key),
            words=_words(trouble, shown=not origin),
        )
        for origin, line, trouble in found
    ]


def _origin(trouble: Trouble, origins: Mapping[Key, str], places: Mapping[Key, int]) -> str:
    """The variable that set the key, or a table that holds it; else empty: the file did.

    A table that no line of the file opens, and what is missing in it, is the doing of the variable that made the table, often by a slip.
    """
    key = trouble.key
    for end in range(len(key), 0, -1):
        if key[:end] in origins:
            return origins[key[:end]]
    made = key[:2] if trouble.kind in {"missing", "no_adapter"} else key
    if any(place[: len(made)] == made for place in places):
        return ""
    return next((origin for set_, origin in origins.items() if set_[: len(made)] == made), "")


def _words(trouble: Trouble, *, shown: bool) -> str:
    """``shown`` says whether the value may be repeated: not where it came from the environment."""
    if trouble.kind in _SHOWN and shown:
        return _SHOWN[trouble.kind](trouble)
    return _EXPECTED.get(trouble.kind, _other)(trouble)


def _other(_: Trouble) -> str:
    return say("的值不对。请对照 docs/settings.md 改正。", "has a wrong value. docs/settings.md says what it may be.")


def _unknown_key(trouble: Trouble) -> str:
    if trouble.near:
        return say(
            "不是已知的设置，是否想写 {near}？请改名或删去。",
            "is no known setting; did you mean {near}? Rename or remove it.",
            near=trouble.near,
        )
    return say(
        "不是已知的设置。这里可以写：{known}。",
        "is no known setting. Possible here: {known}.",
        known=say("、", ", ").join(trouble.known),
    )


def _unknown_channel(trouble: Trouble) -> str:
    channel = trouble.limits["channel"]
    near = say("是否想写 {near}？", "Did you mean {near}? ", near=trouble.near) if trouble.near else ""
    return say(
        "用到渠道 {channel}，但没有 [channels.{channel}] 这一节。{near}请改名，或补上这一节。",
        "names the channel {channel}, but there is no [channels.{channel}]. {near}Rename it, or add that table.",
        channel=channel,
        near=near,
    )


def _unknown_column(trouble: Trouble) -> str:
    column = trouble.limits["column"]
    near = say("是否想写 {near}？", "Did you mean {near}? ", near=trouble.near) if trouble.near else ""
    return say(
        "用到专栏 {column}，但没有 [columns.{column}] 这一节。{near}请改名。",
        "names the column {column}, but there is no [columns.{column}]. {near}Rename it.",
        column=column,
        near=near,
    )


def _channel_without_table(trouble: Trouble) -> str:
    near = say("是否想写 {near}？", "Did you mean {near}? ", near=trouble.near) if trouble.near else ""
    return say(
        "用到一个没有 [channels.…] 一节的渠道。{near}请改名，或补上这一节。",
        "names a channel that has no table [channels.…]. {near}Rename it, or add that table.",
        near=near,
    )


def _column_without_table(trouble: Trouble) -> str:
    near = say("是否想写 {near}？", "Did you mean {near}? ", near=trouble.near) if trouble.near else ""
    return say(
        "用到一个没有 [columns.…] 一节的专栏。{near}请改名。",
        "names a column that has no table [columns.…]. {near}Rename it.",
        near=near,
    )


def _not_a_moment(_: Trouble) -> str:
    return say(
        '应为日期或时间，如 2026-12-13 或 "2026-12-13 10:00"，不写时差时按工作区时区。',
        'must be a date or a time, such as 2026-12-13 or "2026-12-13 10:00"; without an offset it is in the workspace\'s zone.',
    )


def _in_its_own_words(trouble: Trouble) -> str:
    return say("有误：{words}", "is wrong: {words}", **trouble.limits)


def _ends_first(_: Trouble) -> str:
    return say(
        "早于或等于 from，请改成更晚的时间；只写日期时包括那一整天。",
        "is not after from; write a later one. A date without a time includes that whole day.",
    )


def _no_adapter(trouble: Trouble) -> str:
    near = (
        say("渠道名是否应为 {near}？", "Did you mean the channel {near}? ", near=trouble.near) if trouble.near else ""
    )
    return say(
        '没有写。{near}请补上，如 adapter = "site"；可用的种类见 docs/settings.md。',
        'is missing. {near}Add it, such as adapter = "site"; docs/settings.md lists the kinds.',
        near=near,
    )


def _bad_id(_: Trouble) -> str:
    return say(
        "不能作名称：只能用小写英文字母、数字和下划线，以字母开头，最多 60 个，如 action、wecom_2，"
        "因为它会出现在网址和环境变量名里。中文名称请写在 title。",
        "is no valid id: lower-case letters, digits and underscores, 60 at most, a letter first, such as action or wecom_2, "
        "because it appears in addresses and in names of environment variables. The shown name goes into title.",
    )


def _not_a_number(_: Trouble) -> str:
    return say("应为整数，如 30，不加引号。", "must be a whole number such as 30, without quotation marks.")


def _too_small(trouble: Trouble) -> str:
    return say("不能小于 {ge}。", "must be at least {ge}.", ge=trouble.limits.get("ge", 0))


def _too_large(trouble: Trouble) -> str:
    return say("不能大于 {le}。", "must be at most {le}.", le=trouble.limits.get("le", 0))


def _not_text(_: Trouble) -> str:
    return say('应为文字，用英文双引号括起来，如 "示例"。', 'must be text in quotation marks, such as "text".')


def _not_a_list(_: Trouble) -> str:
    return say('应为列表，如 ["site", "wecom"]。', 'must be a list, such as ["site", "wecom"].')


def _not_a_table(_: Trouble) -> str:
    return say(
        "应为一节设置（方括号标题下逐行写“名称 = 值”），不是单个值。",
        "must be a table (a heading in square brackets with NAME = value lines), not one value.",
    )


def _missing(_: Trouble) -> str:
    return say("没有写，请补上。", "is missing; add it.")


def _empty(_: Trouble) -> str:
    return say("不能为空，请填写。", "must not be empty; fill it in.")


def _unknown_zone(trouble: Trouble) -> str:
    return say("“{name}”不是时区名。{rest}", "{name!r} is no time zone. {rest}", rest=_zone(trouble), **trouble.limits)


def _zone(_: Trouble) -> str:
    return say("应为时区名，如 Asia/Shanghai。", "must be the name of a time zone, such as Asia/Shanghai.")


def _unreadable_rule(trouble: Trouble) -> str:
    return say("有误：{words}", "is wrong: {words}", **trouble.limits)


def _rule(_: Trouble) -> str:
    return say(
        "应为排期，如 “Mon,Wed,Fri 09:00” 或五段 cron 表达式 “0 9 * * 1-5”。",
        'must be a timetable such as "Mon,Wed,Fri 09:00" or a cron expression of five fields, "0 9 * * 1-5".',
    )


def _database_url(_: Trouble) -> str:
    return say(
        "应为数据库地址：sqlite:///var/xuanfa.db（相对工作区）或 postgresql://用户@主机/库名。",
        "must be the address of a database: sqlite:///var/xuanfa.db (relative to the workspace) or postgresql://USER@HOST/NAME.",
    )


def _database_file(_: Trouble) -> str:
    return say(
        "须指明数据库文件，如 sqlite:///var/xuanfa.db（三条斜线）：内存数据库一退出就会忘记发过什么。",
        "must name a file, such as sqlite:///var/xuanfa.db (three slashes): a database in memory forgets what was sent.",
    )


def _domain_name(_: Trouble) -> str:
    return say(
        "应为域名，如 www.gov.cn，不带 https:// 和路径。",
        "must be a domain such as www.gov.cn, without https:// or path.",
    )


def _site_id(_: Trouble) -> str:
    return say(
        "应为 10 位政府网站标识码（字母或数字），如 bm01000001；没有就留空。",
        "must be the government site id of ten letters or digits, such as bm01000001; leave it empty if there is none.",
    )


def _one_of(trouble: Trouble) -> str:
    """Pydantic tells the choices as a sentence of its own; the empty one goes without saying."""
    choices = [choice for choice in re.findall(r"'([^']*)'", trouble.limits.get("expected", "")) if choice]
    return say("只能写 {choices}。", "must be one of {choices}.", choices=say("、", ", ").join(choices))


def _duplicates(_: Trouble) -> str:
    return say("里有渠道写了两次，请删去重复的。", "names a channel twice; remove one.")


Words = Callable[[Trouble], str]

#: Words that repeat the value, for values from the file.
_SHOWN: Mapping[str, Words] = {
    "timezone": _unknown_zone,
    "timetable": _unreadable_rule,
    "no_such_time": _in_its_own_words,
    "unknown_channel": _unknown_channel,
    "unknown_column": _unknown_column,
}

#: Pydantic's kinds of error that our fields can meet, and our own.
_EXPECTED: Mapping[str, Words] = {
    "extra_forbidden": _unknown_key,
    "unknown_channel": _channel_without_table,
    "unknown_column": _column_without_table,
    "pace": _in_its_own_words,
    "moment": _not_a_moment,
    "ends_first": _ends_first,
    "no_adapter": _no_adapter,
    "bad_id": _bad_id,
    "int_parsing": _not_a_number,
    "int_type": _not_a_number,
    "int_from_float": _not_a_number,
    "greater_than_equal": _too_small,
    "less_than_equal": _too_large,
    "string_type": _not_text,
    "tuple_type": _not_a_list,
    "dict_type": _not_a_table,
    "model_type": _not_a_table,
    "missing": _missing,
    "string_too_short": _empty,
    "timezone": _zone,
    "no_such_time": _not_a_moment,
    "timetable": _rule,
    "database_url": _database_url,
    "database_file": _database_file,
    "domain_name": _domain_name,
    "site_id": _site_id,
    "literal_error": _one_of,
    "duplicates": _duplicates,
}
