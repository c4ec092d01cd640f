"""A post's file written anew with other values in its front matter: what is not changed, comments and unknown keys too, stays as it was."""

import json
import re
from collections.abc import Mapping
from typing import Final

from xuanfa.content.reading.fields import ALIASES
from xuanfa.content.reading.frontmatter import FrontMatter, parse
from xuanfa.domain.errors import ContentError

_FENCE: Final = "---"
_PLAIN: Final = re.compile(r"[^\W_][\w，。！？；、“”‘’（）《》【】—…·./ +-]*(?::\d\d)?")
#: Keys that hold a yes or a no, which is written as it is typed.
_ANSWERED: Final = frozenset({"shelf", "solemn_ok"})
#: Words that YAML readers take for something else than text.
_TAKEN: Final = frozenset({"yes", "no", "true", "false", "null", "on", "off"})


def parted(text: str) -> tuple[FrontMatter | None, str]:
    """The front matter as it can be read, or ``None`` where it cannot, and the body; of what cannot be read, the whole text."""
    try:
        matter = parse(text, "")
    except ContentError:
        return None, text
    return matter, matter.body.lstrip("\n")


def value_of(matter: FrontMatter, key: str) -> str:
    """A value for a field of a form: a list as one line, the name of a source."""
    found = matter.data.get(key, "")
    if isinstance(found, list):
        return "、".join(each for each in found if isinstance(each, str))
    if isinstance(found, dict):
        name = found.get("name", "")
        return name if isinstance(name, str) else ""
    return str(found)


def rewritten(text: str, values: Mapping[str, str], body: str) -> str:
    """The text with these values of the front matter, and this body; an empty value takes its key away. Values that are as they were are not
    touched. Raises ContentError where the front matter cannot be read."""
    matter = parse(text, "")
    head, start = head_of(text, matter)
    for key, value in values.items():
        if value_of(matter, _written(matter, key)) != value:
            head = _with(head, matter, start, _written(matter, key), value)
            matter = parse("\n".join([*[""] * start, *head, _FENCE, ""]), "")
    return "\n".join([*head, _FENCE, "", body.strip("\n"), ""])


def head_of(text: str, matter: FrontMatter) -> tuple[list[str], int]:
    """The lines of the front matter with its first fence, and how many empty ones stand before it."""
    lines = text.split("\n")
    start = next(index for index, line in enumerate(lines) if line.strip())
    return lines[start : matter.body_line - 2], start


def lines_of(matter: FrontMatter, key: str, start: int, length: int) -> tuple[int, int]:
    """From which to which line of the head (of ``length`` lines) a key stands with its value; comments behind it are the next key's."""
    tops = sorted(line for path, line in matter.lines.items() if len(path) == 1)
    first = matter.lines[key,] - 1 - start
    return first, next((line - 1 - start for line in tops if line - 1 - start > first), length)


def _written(matter: FrontMatter, key: str) -> str:
    """The key as the file writes it."""
    return next((alias for alias, own in ALIASES.items() if own == key and alias in matter.data), key)


def _with(head: list[str], matter: FrontMatter, start: int, key: str, value: str) -> list[str]:
    if key not in matter.data:
        return [*head, f"{key}: {_as_value(key, value)}"] if value else head
    first, last = lines_of(matter, key, start, len(head))
    while last - 1 > first and (not head[last - 1].strip() or head[last - 1].startswith("#")):
        last -= 1
    known = matter.data[key]
    new = [f"{key}: {_as_value(key, value)}"] if value else []
    if value and isinstance(known, dict) and "name" in known:
        line = matter.lines[key, "name"] - 1 - start
        indent = re.match(r"[\s-]*", head[line])
        new = [*head[first:line], f"{indent[0] if indent else '  '}name: {as_yaml(value)}", *head[line + 1 : last]]
    return [*head[:first], *new, *head[last:]]


def _as_value(key: str, value: str) -> str:
    return value if key in _ANSWERED and value in _TAKEN else as_yaml(value)


def as_yaml(value: str) -> str:
    """One line as a value: quoted where a sign in it could mean something."""
    line = " ".join(value.split())
    plain = _PLAIN.fullmatch(line) and line.lower() not in _TAKEN
    return line if plain else json.dumps(line, ensure_ascii=False)
