"""The rules that a workspace writes for itself: ``rules/*.toml``, each ``[[rule]]`` with what it seeks and what it says."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from xuanfa.checks.rules.model import Hit, Rule
from xuanfa.checks.rules.patterns import too_costly
from xuanfa.checks.rules.scan import Leader, Scan
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.domain.checking import CLASSES, Level
from xuanfa.domain.errors import ContentError, Place
from xuanfa.domain.language import say

_KEYS: Final = (
    "id", "class", "level", "find", "pattern", "message", "suggestion", "basis", "valid_from", "valid_until",
)  # fmt: skip
_LEADER_KEYS: Final = ("name", "office", "from", "until")
#: A pattern sees so much text at a time, so that whatever it is costs no more than the text is long. Characters.
_PIECE, _OVERLAP = 400, 100
_LINE = re.compile(r"\(at line (\d+)|line (\d+)")


@dataclass(frozen=True, kw_only=True)
class OwnRule:
    """One of them: a word or a pattern."""

    rule: Rule
    find: str = ""
    pattern: re.Pattern[str] | None = None
    suggestion: str = ""

    def detect(self, scan: Scan) -> Iterator[Hit]:
        """Where it is found."""
        if not self.rule.holds(scan.when):
            return
        for start, end in self._spans(scan.text):
            if end > start and not scan.shield.touches(start, end, NO_TEXT):
                yield Hit(rule=self.rule.id, start=start, end=end, suggestion=self.suggestion)

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        if self.pattern is None:
            at = text.find(self.find)
            while at >= 0:
                yield at, at + len(self.find)
                at = text.find(self.find, at + len(self.find))
            return
        done = 0
        for begin in range(0, max(1, len(text)), _PIECE - _OVERLAP):
            for match in self.pattern.finditer(text, begin, min(len(text), begin + _PIECE)):
                if match.start() >= done:
                    yield match.span()
                    done = max(match.end(), match.start() + 1)


def read_rules(source: str, shown_as: str) -> list[OwnRule]:
    """The rules of a file. Raises ContentError with file and line for the first thing that is wrong with it."""
    return [_read(raw, source, line, shown_as) for raw, line in _tables(source, shown_as, "rule")]


def read_leaders(source: str, shown_as: str) -> tuple[Leader, ...]:
    """The leaders of a file, each ``[[leader]]`` with ``name``, ``office``, ``from`` and ``until``. Raises ContentError as above."""
    return tuple(_leader(raw, source, line, shown_as) for raw, line in _tables(source, shown_as, "leader"))


def _tables(source: str, shown_as: str, name: str) -> list[tuple[Mapping[str, Any], int]]:
    """The tables of that name with the line in which each begins; there is nothing else in the file."""
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        where = _LINE.search(str(error))
        line = int(where[1] or where[2]) if where else source.count("\n") + 1
        raise ContentError(
            say("不是有效的 TOML：请检查引号和等号。", "This is not TOML: look at quotes and equals signs."),
            Place(shown_as, line),
        ) from error
    head = f"[[{name}]]"
    lines = [number for number, line in enumerate(source.splitlines(), 1) if line.strip() == head]
    for key in data:
        if key != name:
            raise ContentError(
                say(
                    "没有“{key}”这一项：每一条以 {head} 开始。",
                    "There is no {key!r}: each one begins with {head}.",
                    key=key,
                    head=head,
                ),
                Place(shown_as, _line_of(source, 1, key)),
            )
    found = data.get(name, [])
    if not isinstance(found, list) or len(lines) != len(found):
        raise ContentError(
            say("每一条以单独一行 {head} 开始。", "Each one begins with a line {head}.", head=head), Place(shown_as, 1)
        )
    return list(zip(found, lines, strict=True))


def _leader(raw: Mapping[str, Any], source: str, line: int, shown_as: str) -> Leader:
    def wrong(key: str, text: str) -> ContentError:
        return ContentError(text, Place(shown_as, _line_of(source, line, key)))

    for key in raw:
        if key not in _LEADER_KEYS:
            raise wrong(
                key,
                say(
                    "没有“{key}”这一项：有 {all}。",
                    "There is no key {key!r}: there are {all}.",
                    key=key,
                    all=", ".join(_LEADER_KEYS),
                ),
            )
    for key in ("name", "office"):
        if not isinstance(raw.get(key), str) or not str(raw.get(key)).strip():
            raise wrong(key, say("“{key}”应是引号里的文字。", "{key!r} should be a text in quotes.", key=key))
    return Leader(
        name=raw["name"].strip(),
        office=raw["office"].strip(),
        since=_day(raw, "from", wrong),
        until=_day(raw, "until", wrong),
    )


def _read(raw: Mapping[str, Any], source: str, line: int, shown_as: str) -> OwnRule:
    def wrong(key: str, text: str) -> ContentError:
        return ContentError(text, Place(shown_as, _line_of(source, line, key)))

    for key in raw:
        if key not in _KEYS:
            raise wrong(
                key,
                say(
                    "没有“{key}”这一项：有 {all}。",
                    "There is no key {key!r}: there are {all}.",
                    key=key,
                    all=", ".join(_KEYS),
                ),
            )
    for key in ("id", "class", "level", "find", "pattern", "message", "suggestion", "basis"):
        if key in raw and not isinstance(raw[key], str):
            raise wrong(key, say("“{key}”应是引号里的文字。", "{key!r} should be a text in quotes.", key=key))
    kind = raw.get("class") or str(raw.get("id", "")).partition(".")[0]
    if kind not in CLASSES:
        key = "class" if "class" in raw else "id"
        raise wrong(
            key,
            say(
                "没有“{kind}”这个 class：有 {all}。",
                "There is no class {kind!r}: there are {all}.",
                kind=kind,
                all=", ".join(CLASSES),
            ),
        )
    name = _name(raw, kind, wrong)
    levels = [level.value for level in Level]
    if raw.get("level") not in levels:
        raise wrong("level", say("level 应是 {all} 之一。", "level should be one of {all}.", all=", ".join(levels)))
    if bool(raw.get("find")) == bool(raw.get("pattern")):
        raise wrong("find", say("find 和 pattern 写一个，且只写一个。", "Write either find or pattern, and only one."))
    message = raw.get("message") or say(
        "“{text}”不合本单位的规则。", "“{text}” is against a rule of this office.", text=raw.get("find") or name
    )
    escaped = str(message).replace("{", "｛").replace("}", "｝")  # braces would be filled in
    return OwnRule(
        rule=Rule(
            id=name,
            level=Level(raw["level"]),
            zh=escaped,
            en=escaped,
            basis=raw.get("basis") or shown_as,
            title=name,
            valid_from=_day(raw, "valid_from", wrong),
            valid_until=_day(raw, "valid_until", wrong),
        ),
        find=raw.get("find", ""),
        pattern=_pattern(raw, wrong),
        suggestion=raw.get("suggestion", ""),
    )


def _name(raw: Mapping[str, Any], kind: str, wrong: Any) -> str:
    """The whole id, which begins with the class. Raises what ``wrong`` makes."""
    name = str(raw.get("id", ""))
    if "." in name and not name.startswith(f"{kind}."):
        raise wrong(
            "id",
            say(
                "id 以 {first} 开头，class 却是 {kind}：两处写成一样，或去掉 id 里的“{first}.”。",
                "The id begins with {first} and the class is {kind}: write the same in both, or leave {first!r} out of the id.",
                first=name.partition(".")[0],
                kind=kind,
            ),
        )
    name = name if name.startswith(f"{kind}.") else f"{kind}.{name}"
    if not re.fullmatch(r"[a-z]+\.[\w-]{1,60}", name):
        raise wrong(
            "id", say("id 应是字母、数字、减号和下划线。", "An id has letters, digits, hyphens and underscores.")
        )
    return name


def _day(raw: Mapping[str, Any], key: str, wrong: Any) -> date | None:
    value = raw.get(key)
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            value = ""
    if value is not None and type(value) is not date:
        raise wrong(key, say("“{key}”应是日期，写成 2026-11-23。", "{key!r} should be a date: 2026-11-23.", key=key))
    return value


def _pattern(raw: Mapping[str, Any], wrong: Any) -> re.Pattern[str] | None:
    source = raw.get("pattern")
    if not source:
        return None
    try:
        found = re.compile(source)
    except (re.error, RecursionError, OverflowError) as error:
        raise wrong(
            "pattern",
            say(
                "pattern 不是有效的正则表达式：{error}。",
                "pattern is no regular expression: {error}.",
                error=str(error),
            ),
        ) from error
    if too_costly(source):
        raise wrong(
            "pattern",
            say(
                "pattern 太费时：请不要在重复里再套重复，.* 改成 .{0,20}。",
                "This pattern may take very long: nest no repetitions, and write .{0,20} for .*.",
            ),
        )
    return found


def _line_of(source: str, start: int, key: str) -> int:
    """The line of a key at or after a line; that line where it does not stand there."""
    lines = source.splitlines()
    for number in range(start, len(lines) + 1):
        if number > start and lines[number - 1].strip() == "[[rule]]":
            break
        if re.match(rf"\s*\[*\"?{re.escape(key)}\"?\s*[=\].]", lines[number - 1]):
            return number
    return start
