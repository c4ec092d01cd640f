"""Settings (设置) as people change them: what may be written, what is to be written, what is wrong with it, and how the file stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import in_lines, say

#: The way to a setting from the top of the file: tables, and places in a list of tables, counted from nought.
Key = tuple[str, ...]
#: What settings are about, as the history names it: for each page of them. Twenty characters at most.
AREAS: Final = {
    "organisation": ("单位", "organisation"),
    "publishing": ("发布和告警", "publishing and alarms"),
    "columns": ("专栏和时段", "columns"),
    "silences": ("静默期", "silent periods"),
    "channels": ("渠道设置", "channels"),
    "reviews": ("审核流程", "reviews"),
    "rules": ("检查规则", "rules"),
    "webhooks": ("通知别的系统", "telling other systems"),
}
#: Key of ``[channels.ID]`` that says of which kind it is.
KIND: Final = "adapter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A setting is to be this; ``None``: as if nobody had ever written it."""

    key: Key
    value: Any = None

    @property
    def name(self) -> str:
        """As the documents write it."""
        return ".".join(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretEdit:
    """A secret is to be this; empty: there is none any more. It goes to ``.env`` and is never shown again."""

    key: Key
    value: str = field(repr=False)

    @property
    def name(self) -> str:
        """As the documents write it."""
        return ".".join(self.key)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one setting, in words that begin where its name ends."""

    key: Key
    words: str


class FaultySettingsError(ConfigError):
    """Settings cannot be as they were asked for. Nothing was written."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        lines = [say("{key} {words}", "{key} {words}", key=".".join(each.key), words=each.words) for each in faults]
        super().__init__(lines[0] if len(lines) == 1 else in_lines(lines))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting that is not what it was. What is secret has no words."""

    key: Key
    before: str
    after: str

    @property
    def sentence(self) -> str:
        """In words."""
        name = ".".join(self.key)
        if not self.before and not self.after:
            return say("{name} 换过", "{name} is another one", name=name)
        if not self.before:
            return say("{name} 写成 {after}", "{name} is {after}", name=name, after=self.after)
        if not self.after:
            return say("{name} 删去（原是 {before}）", "{name} is gone (was {before})", name=name, before=self.before)
        return say(
            "{name} 从 {before} 改成 {after}",
            "{name} was {before} and is {after}",
            name=name,
            before=self.before,
            after=self.after,
        )


class MovedSettingsError(ConfigError):
    """The file is not the one that whoever asks has seen. Nothing was written; ``differences`` are what was changed in it meanwhile, as far as
    that is known."""

    def __init__(self, message: str, differences: Sequence[Difference]) -> None:
        super().__init__(message)
        self.differences = tuple(differences)


@dataclass(frozen=True, kw_only=True)
class Written:
    """The settings as their file holds them, without what is secret. ``trouble``: why it cannot be used as it is, empty where it can."""

    #: Names the file's content, and that of ``.env``.
    digest: str
    values: Mapping[str, Any]
    #: Settings that something else than the file decides, and what, in words.
    elsewhere: Mapping[Key, str] = field(default_factory=dict)
    #: Secrets that there are, and where they stand, in words.
    secrets: Mapping[Key, str] = field(default_factory=dict, repr=False)
    trouble: str = ""

    def at(self, key: Key, default: Any = None) -> Any:
        """The value at a key, as the file has it."""
        return at(self.values, key, default)


class Counts(StrEnum):
    """From when on another value counts in the processes that run. None of these needs a restart; of what a page can change, nothing does."""

    AT_ONCE = "at_once"
    NEXT_REQUEST = "next_request"
    NEXT_PLAN = "next_plan"
    NEXT_REVIEW = "next_review"

    @property
    def words(self) -> str:
        """For whoever changes it."""
        match self:
            case Counts.AT_ONCE:
                return say("几秒内按新的走，不用重启", "counts within seconds, without a restart")
            case Counts.NEXT_REQUEST:
                return say(
                    "从下一次发送起按新的走，正在发的按原来的做完，不用重启",
                    "counts from the next request on; those under way end by the old; no restart",
                )
            case Counts.NEXT_PLAN:
                return say(
                    "从下一次排入起按新的走，已排好的不动，不用重启",
                    "counts for what is planned from now on; what is planned stays; no restart",
                )
            case Counts.NEXT_REVIEW:
                return say(
                    "从下一次送审起按新的走，在审的按原来的走完，不用重启",
                    "counts for what is submitted from now on; reviews under way go on as they were; no restart",
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingField:
    """A key that a table may have: how it is called, what it is for, whether it is a secret. ``sort`` says what it takes (``text``,
    ``whole``, ``number``, ``yes_no``, ``choice``, ``picks``, ``lines``, ``map``); ``picks`` is a list of choices, in the order in which they
    were picked."""

    name: str
    sort: str = "text"
    label: str = ""
    help: str = ""
    default: Any = ""
    choices: tuple[str, ...] = ()
    #: What choices are called; one that is not here is called as it is written.
    names: Mapping[str, str] = field(default_factory=dict)
    is_secret: bool = False
    is_required: bool = False
    #: Whether choices are shown as they are written, too, small beside their names.
    shows_written: bool = False
    #: From when on another value counts; ``None``: as the group says in which it stands.
    counts: Counts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOfChannel:
    """A kind (渠道种类) with the keys that a channel of it may have."""

    name: str
    title: str
    fields: tuple[SettingField, ...]


def at(values: Any, key: Key, default: Any = None) -> Any:
    """The value at a key of a tree of tables and lists; ``default`` where there is none."""
    for part in key:
        if isinstance(values, Mapping) and part in values:
            values = values[part]
        elif isinstance(values, list | tuple) and part.isdecimal() and int(part) < len(values):
            values = values[int(part)]
        else:
            return default
    return values


def leaves(values: Any, key: Key = ()) -> Iterator[tuple[Key, Any]]:
    """All that is no table, by its key; a list of tables is gone into, another list is one value."""
    if isinstance(values, Mapping):
        for name, value in values.items():
            yield from leaves(value, (*key, str(name)))
    elif isinstance(values, list | tuple) and values and all(isinstance(each, Mapping) for each in values):
        for number, value in enumerate(values):
            yield from leaves(value, (*key, str(number)))
    else:
        yield key, values


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What is not the same in two trees, in the order of the second one."""
    was, now = dict(leaves(before)), dict(leaves(after))
    return [
        Difference(key, _shown(was.get(key)), _shown(now.get(key)))
        for key in (*now, *(key for key in was if key not in now))
        if was.get(key) != now.get(key)
    ]


def _shown(value: Any) -> str:
    """A value as the file writes it, more or less; empty for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_shown, value)) + "]"
    return f"“{value}”" if isinstance(value, str) else str(value)
