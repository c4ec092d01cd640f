"""What is wrong with a setting, in words: where it stands, which key, what was expected, what to do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xuanfa.domain.errors import Place
from xuanfa.domain.language import say
from xuanfa.domain.setting import Fault
from xuanfa.settings.expected import expected
from xuanfa.settings.layers import Key, read_text
from xuanfa.settings.lines import key_lines, nearest_line
from xuanfa.settings.webhook_words import WEBHOOKS


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


def faults(origins: Mapping[Key, str], troubles: Sequence[Trouble]) -> list[Fault]:
    """The same for whoever shows each beside its field."""
    return [Fault(trouble.key, _words(trouble, shown=not _origin(trouble, origins, {}))) for trouble in troubles]


def place_of(path: Path, origins: Mapping[Key, str], key: Key) -> str:
    """Where a setting stands, for people: its variable, or its line in the file ``path``."""
    where = _origin(Trouble(key=key, kind=""), origins, places := key_lines(read_text(path)))
    return where or str(Place(str(path), nearest_line(places, key)))


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
    if trouble.kind in _EXPECTED:
        return _EXPECTED[trouble.kind](trouble)
    return expected(trouble.kind, trouble.limits)


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


def _unknown_template(trouble: Trouble) -> str:
    return say(
        "应为审核模板的名称，不能是“{template}”：可写 {known}，或补上 [review.templates.{template}] 这一节。",
        "must be a review template, which {template} is not: write one of {known}, or add [review.templates.{template}].",
        template=trouble.limits["template"],
        known=say("、", ", ").join(trouble.known),
    )


def _no_template(trouble: Trouble) -> str:
    return say(
        "应为审核模板的名称：{known}。",
        "must be a review template: {known}.",
        known=say("、", ", ").join(trouble.known),
    )


def _working_hours(_: Trouble) -> str:
    return say(
        '应为每天的工作时段，如 "08:30-12:00 14:00-18:00"，先后排列，不重叠。',
        'must be the spans of a working day, such as "08:30-12:00 14:00-18:00", in order.',
    )


def _no_days(_: Trouble) -> str:
    return say(
        "应为日期的列表，如 [2026-10-01, 2026-10-02]。", "must be a list of dates, such as [2026-10-01, 2026-10-02]."
    )


def _no_cycle(_: Trouble) -> str:
    return say(
        '应为更新周期，如 "2周"、"6个月" 或 "10天"，最长 10 年。',
        'must be a cycle such as "2 weeks", "6 months" or "10 days", ten years at most.',
    )


def _clock(_: Trouble) -> str:
    return say('应为一天里的时刻，如 "08:30"；不要就写 ""。', 'must be a time of day such as "08:30"; "" for none.')


def _not_in_order(_: Trouble) -> str:
    return say(
        "和另外两项的次序不对：amber_days 要小于 red_days，red_days 要小于 stale_days（缺省 7、11、14）。",
        "is out of order: amber_days has to be less than red_days, and that less than stale_days (7, 11 and 14 where nothing is set).",
    )


def _steps_twice(_: Trouble) -> str:
    return say("有两步同名，请给每一步不同的名称。", "has two steps of one name; give each its own.")


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


def _departments(_: Trouble) -> str:
    return say("里有空的名称，或有名称写了两次，请改正。", "has an empty name, or names one twice; put that right.")


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
    "unknown_template": _unknown_template,
}

#: Kinds of error of our own, and those of pydantic's that are told with more than what the value has to be.
_EXPECTED: Mapping[str, Words] = {
    "extra_forbidden": _unknown_key,
    "unknown_channel": _channel_without_table,
    "unknown_column": _column_without_table,
    "pace": _in_its_own_words,
    "moment": _not_a_moment,
    "ends_first": _ends_first,
    "no_adapter": _no_adapter,
    "bad_id": _bad_id,
    "timezone": _zone,
    "no_such_time": _not_a_moment,
    "timetable": _rule,
    "database_url": _database_url,
    "database_file": _database_file,
    "domain_name": _domain_name,
    "site_id": _site_id,
    "departments": _departments,
    "duplicates": _duplicates,
    "unknown_template": _no_template,
    "working_hours": _working_hours,
    "days": _no_days,
    "cycle": _no_cycle,
    "clock": _clock,
    "not_in_order": _not_in_order,
    "steps_twice": _steps_twice,
    **WEBHOOKS,
}
