"""The front matter of a post: YAML between two lines of ``---``, with the line of every key, and every value as text.

Only the parser's events are used: no value is guessed (``title: 2026`` stays text), no tag makes an object, nothing is referred to twice.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from xuanfa.content.reading.keys import MEANT
from xuanfa.content.text.bounds import CONTROLS
from xuanfa.content.text.unseen import unseen_in
from xuanfa.domain.errors import ContentError, Place
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy

#: Where in the data something stands: keys and indexes from the outside in.
Path = tuple[str | int, ...]
Value = str | list[Any] | dict[str, Any]

_FENCE = "---"
#: What input methods make of three hyphens.
_LIKE_FENCE = re.compile(r"[-–—―─－﹣]{1,}\s*")
_DEEPEST = 6
#: A ``#`` that would begin a comment although a word follows it, and what stands for it while YAML is read: no text holds it (U+E000 is private).
_SIGN = re.compile(r"(?<=[ \t])#(?=[^\s#])")
_KEPT_SIGN = "\ue0f3"
#: A plain value with a comment behind it.
_COMMENT = re.compile(r"\s*(?:-\s+)?[\w\u4e00-\u9fff]+:\s+[^\s\"'|>\[{#].*?\s(?P<text>#(?:\s.*|))$")
#: A front matter has some ten keys and perhaps a text for a channel or two; one of more values, or this long, is none. Characters.
_VALUES_MAX, _LONGEST = 300, 400_000
#: How far back a mistake is looked for from where the parser gave up, and how far into a line. Lines, characters.
_LOOKED_BACK, _LOOKED_INTO = 100, 300
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(slots=True)
class FrontMatter:
    """The data, the line of each key (counted from one in the whole file), the body, and the line in which the body begins."""

    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[Path, int] = field(default_factory=dict)
    body: str = ""
    body_line: int = 1
    #: What stands behind a value as a comment and is not published, by line.
    comments: dict[int, str] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of the key at ``path``, or of the nearest one around it; 1 where there is none."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def lines_of(self, is_in: Callable[[str], object]) -> list[int]:
        """The lines of the values in which something ``is_in``, whatever it is: it says so by anything but ``None``."""
        return sorted({self.line(path) for path, text in _scalars(self.data, ()) if is_in(text) is not None})


def _scalars(value: Value, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
        return
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield from _scalars(inner, (*path, key))


def parse(text: str, shown_as: str) -> FrontMatter:
    """Front matter and body of a post's text. Raises ContentError, with the line, where there is none or it is not well-formed."""
    lines = text.split("\n")
    start = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if lines[start].rstrip() != _FENCE:
        raise _no_start(lines[start], Place(shown_as, start + 1))
    end = next((index for index in range(start + 1, len(lines)) if lines[index].rstrip() == _FENCE), None)
    if end is None:
        raise _no_end(lines, start, shown_as)
    matter = FrontMatter(body="\n".join(lines[end + 1 :]), body_line=end + 2)
    source = lines[start + 1 : end]
    length = sum(map(len, source))
    if length > _LONGEST:
        raise _too_long(length, Place(shown_as, start + 1))
    for number, line in enumerate(source, start=start + 2):
        if comment := _COMMENT.match(line[:_LOOKED_INTO]):
            matter.comments[number] = comment["text"].strip()
    _Builder(matter, lines, start + 1, shown_as).build("\n".join(map(_with_signs, source)))
    return matter


def _with_signs(line: str) -> str:
    """The line with each ``#`` that begins a word kept from being a comment: people write 案例 #1 and #普法 and mean it."""
    return line if line.lstrip().startswith("#") else _SIGN.sub(_KEPT_SIGN, line)


class _Builder:
    """Turns the parser's events into data, minding lines, repeated keys and depth."""

    def __init__(self, matter: FrontMatter, lines: list[str], offset: int, shown_as: str) -> None:
        self._matter = matter
        self._lines = lines
        self._offset = offset
        self._shown_as = shown_as

    def build(self, text: str) -> None:
        try:
            events = yaml.parse(text, Loader=_LOADER)
            for event in events:
                if isinstance(event, yaml.NodeEvent):
                    self._root(event, events)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise self._malformed((mark.line if mark else 0) + 1 + self._offset) from error
        except yaml.YAMLError as error:
            raise self._malformed(1 + self._offset) from error

    def _text(self, event: yaml.ScalarEvent) -> str:
        """A scalar. An escape (``"\\e"``) may stand for what a file itself cannot hold."""
        text = str(event.value).replace(_KEPT_SIGN, "#")
        unfit = next(
            (ord(letter) for letter in text if ord(letter) in CONTROLS or "\ud800" <= letter <= "\udfff"), None
        )
        if unfit is None:
            unfit = next((code for _, code in unseen_in(text)), None)
        if unfit is not None:
            message = say(
                "内容里有看不见的控制字符（U+{code:04X}）。请删去这个转义。",
                "The value holds a control character (U+{code:04X}). Remove the escape.",
                code=unfit,
            )
            raise self._error(event, message)
        return text

    def _root(self, event: yaml.NodeEvent, events: Iterator[Any]) -> None:
        if isinstance(event, yaml.MappingStartEvent):
            self._matter.data.update(self._mapping(events, ()))
        elif not (isinstance(event, yaml.ScalarEvent) and event.value == ""):
            raise self._malformed(self._line(event))

    def _value(self, event: Any, events: Iterator[Any], path: Path) -> Value:
        if len(path) > _DEEPEST:
            raise self._error(event, say("嵌套太深。稿头里用不到这么多层。", "Nested too deeply for a front matter."))
        if isinstance(event, yaml.AliasEvent):
            raise self._malformed(self._line(event))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path)
        return self._text(event)

    def _mapping(self, events: Iterator[Any], path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._malformed(self._line(event))
            key, line = self._text(event), self._line(event)
            if key in values:
                raise self._repeated(key, line, self._matter.lines[*path, key])
            self._place((*path, key), event)
            values[key] = self._value(next(events), events, (*path, key))
        return values

    def _sequence(self, events: Iterator[Any], path: Path) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            place = (*path, len(values))
            self._place(place, event)
            values.append(self._value(event, events, place))
        return values

    def _place(self, path: Path, event: Any) -> None:
        if len(self._matter.lines) >= _VALUES_MAX:
            message = say(
                "稿头太长，已有 {most} 项以上。请只写需要的几项，正文写在第二个 --- 之后。",
                "The front matter has more than {most} values. Keep the few that are needed; the text begins after the second ---.",
                most=_VALUES_MAX,
            )
            raise self._error(event, message)
        self._matter.lines[path] = self._line(event)

    def _line(self, event: Any) -> int:
        return int(event.start_mark.line) + 1 + self._offset

    def _error(self, event: Any, message: str) -> ContentError:
        return ContentError(message, Place(self._shown_as, self._line(event)))

    def _repeated(self, key: str, line: int, first: int) -> ContentError:
        return ContentError(
            say(
                "“{key}”写了两次，第一次在第 {first} 行。请只留一个。",
                "The key {key!r} stands twice, first in line {first}. Keep one.",
                key=key,
                first=first,
            ),
            Place(self._shown_as, line),
        )

    def _malformed(self, line: int) -> ContentError:
        """The likeliest mistake at or before ``line``, where the parser gave up: it often does so a line too late."""
        last = min(line, len(self._lines))
        for number in range(last, max(self._offset, last - _LOOKED_BACK), -1):
            if reason := _mistake(self._lines[number - 1][:_LOOKED_INTO]):
                return ContentError(reason, Place(self._shown_as, number))
        return ContentError(
            say(
                "稿头的这一行写法不对。每行应是“名称: 内容”，冒号用半角、后面空一格；内容里有 : # [ ] { } 等符号时，"
                '用半角双引号括起来，如 title: "一：二"。',
                'This line of the front matter is not well-formed. Each line is "name: value"; '
                "put a value with signs such as : # [ ] { } in double quotes.",
            ),
            Place(self._shown_as, last),
        )


def _mistake(line: str) -> str:
    """What is wrong with a line of front matter, where it can be told; else empty."""
    if re.match(r" *\t", line):
        return say("行首用了制表符（Tab）。请改成空格。", "The line begins with a tab. Use spaces instead.")
    if match := re.match(r"\s*(?:-\s*)?([\w\u4e00-\u9fff]{1,20})\s*：", line):
        return say(
            "“{key}”后面是全角冒号“：”。请改成半角冒号加一个空格：{meant}: 内容。",
            "{key!r} is followed by a full-width colon. Write {meant}: and a space instead.",
            key=match[1],
            meant=MEANT.get(match[1], match[1]),
        )
    if match := re.match(r"\s*([a-z_]{1,20}):(?=[^\s:/])", line):
        return say(
            "“{key}:”后面少一个空格。请写成 {key}: 内容。",
            "A space is missing after {key}:. Write {key}: value.",
            key=match[1],
        )
    if match := re.match(r"\s*[\w-]+:\s+([*&!%@`|>])[^\s*&!%@`|>]", line):
        return say(
            "内容以符号 {sign} 开头，会被误读。请用半角双引号把内容括起来。",
            'The value begins with {sign}, which means something. Put the value in double quotes: "…".',
            sign=match[1],
        )
    if re.match(r"\s*[\w-]+:\s+(\"[^\"]*|'[^']*|\[[^\]]*|\{[^}]*)$", line):
        return say(
            "这一行的引号或括号没有成对。请补上后一半。",
            "A quotation mark or bracket of this line is not closed. Close it.",
        )
    if re.match(r"\s*[\w-]+:\s+[^\"'\s\[{|>].*: ", line):
        return say(
            "内容里有半角冒号加空格，会被误读。请把冒号改成全角“：”，或用半角双引号把内容括起来。",
            'The value holds a colon and a space. Put the value in double quotes: "…".',
        )
    return ""


def _no_start(line: str, place: Place) -> ContentError:
    if _LIKE_FENCE.fullmatch(line):
        return ContentError(
            say(
                "稿头应以三个半角减号 --- 开始，这里写的是“{line}”。请改成 ---。",
                "The front matter begins with three hyphens, ---, and not with {line!r}. Write ---.",
                line=line.strip(),
            ),
            place,
        )
    return ContentError(
        say(
            '没有稿头。请在文件最前面写上：\n---\ntitle: 标题\ncolumn: 专栏\n---\n然后空一行写正文；也可用 {new} "标题" 生成。',
            'There is no front matter. Begin the file with:\n---\ntitle: A title\ncolumn: a-column\n---\nthen the text; `{new} "A title"` makes '
            "such a file.",
            new=Remedy("new"),
        ),
        place,
    )


def _too_long(length: int, place: Place) -> ContentError:
    return ContentError(
        say(
            "稿头有 {n} 个字，不像稿头。请检查第二个 --- 是否写在正文之前。",
            "The front matter has {n} characters, which is none. See that the second --- stands before the text.",
            n=length,
        ),
        place,
    )


def _no_end(lines: list[str], start: int, shown_as: str) -> ContentError:
    """The closing line is missing: name the line that was meant to be it, or the last that looks like a key."""
    for index in range(start + 1, len(lines)):
        if lines[index].strip() and _LIKE_FENCE.fullmatch(lines[index].strip()):
            message = say(
                "稿头没有结束：这一行应是三个半角减号 ---，前后不留空格。",
                "The front matter does not end: this line should be three hyphens, ---, and nothing else.",
            )
            return ContentError(message, Place(shown_as, index + 1))
    return ContentError(
        say(
            "稿头没有结束。请在最后一项的下一行单独写 ---，再写正文。",
            "The front matter does not end. Put a line of three hyphens, ---, after its last key.",
        ),
        Place(shown_as, start + 1),
    )
