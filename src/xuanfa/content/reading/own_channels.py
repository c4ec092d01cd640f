"""What a post says of its channels, for a form, and its file written anew with something else there: a channel of which nothing is changed keeps
its lines."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from xuanfa.content.reading.fields import per_channel
from xuanfa.content.reading.frontmatter import FrontMatter, parse
from xuanfa.content.reading.rewriting import as_yaml, head_of, lines_of

#: What a channel may have of its own, in the order in which it is written.
OWN: Final = ("title", "summary", "text", "publish_at")
_KEY: Final = "channels"
_PLAIN_ID: Final = re.compile(r"[A-Za-z0-9][\w-]*")

#: Channel ids with what each has of its own; ``None`` is every channel of the column, as it is.
Wanted = Mapping[str, Mapping[str, str]]


def channels_of(matter: FrontMatter) -> dict[str, dict[str, str]] | None:
    """What the front matter says, as far as it can be read; values that are empty are none."""
    found = per_channel(matter.data[_KEY]) if _KEY in matter.data else None
    if not isinstance(found, dict):
        return None if found is None else {}
    return {str(name): _own(value) for name, value in found.items()}


def _own(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return tidied({key: text for key, text in value.items() if isinstance(text, str)})


def tidied(own: Mapping[str, str]) -> dict[str, str]:
    """The values as they are read: a text without empty lines around it, anything else as one line; none that is empty."""
    values = {key: _lines(text) if key == "text" else " ".join(text.split()) for key, text in own.items() if key in OWN}
    return {key: value for key, value in values.items() if value}


def _lines(text: str) -> str:
    """The text, its blank lines empty: no space ends what is indented."""
    return "\n".join(line if line.strip() else "" for line in text.split("\n")).strip("\n")


def with_channels(text: str, wanted: Wanted | None) -> str:
    """The text with these channels, and with what each has of its own. Raises ContentError where the front matter cannot be read."""
    matter = parse(text, "")
    known = channels_of(matter)
    tidy = None if wanted is None else {name: tidied(own) for name, own in wanted.items()}
    if tidy == known:
        return text
    head, start = head_of(text, matter)
    first, last = lines_of(matter, _KEY, start, len(head)) if _KEY in matter.data else (len(head), len(head))
    while last - 1 > first and (not head[last - 1].strip() or head[last - 1].startswith("#")):
        last -= 1
    kept = _blocks(matter, head, start, last)
    block = [] if tidy is None else _written(tidy, known or {}, kept, matter)
    lines = text.split("\n")
    return "\n".join([*lines[:start], *head[:first], *block, *head[last:], *lines[start + len(head) :]])


def _blocks(matter: FrontMatter, head: list[str], start: int, last: int) -> dict[str, list[str]]:
    """The lines of each channel, where each has lines of its own."""
    if not isinstance(matter.data.get(_KEY), dict):
        return {}
    begins = {
        str(path[1]): line - 1 - start
        for path, line in matter.lines.items()
        if path[:1] == (_KEY,) and path[1:] and not path[2:]
    }
    numbers = sorted(begins.values())
    if len(set(numbers)) < len(numbers) or (numbers and numbers[0] <= matter.lines[_KEY,] - 1 - start):
        return {}
    ends = dict(zip(numbers, [*numbers[1:], last], strict=True))
    return {name: head[at : ends[at]] for name, at in begins.items()}


def _written(wanted: Wanted, known: Wanted, kept: Mapping[str, list[str]], matter: FrontMatter) -> list[str]:
    if not any(wanted.values()) and not any(kept.get(name) and known.get(name) for name in wanted):
        return [f"{_KEY}: [{', '.join(map(_name, wanted))}]"]
    lines = [f"{_KEY}:"]
    for name, own in wanted.items():
        if name in kept and dict(own) == dict(known.get(name, {})):
            lines += kept[name]
            continue
        lines.append(f"  {_name(name)}:")
        lines += [each for key in OWN if own.get(key) for each in _value(key, own[key])]
        lines += _unknown(matter, name)
    return lines


def _unknown(matter: FrontMatter, name: str) -> list[str]:
    """What stands there under a key that nobody knows stays, and is told of as before."""
    every = matter.data.get(_KEY)
    value = every.get(name) if isinstance(every, dict) else None
    if not isinstance(value, dict):
        return []
    return [
        f"    {_name(key)}: {as_yaml(text)}" for key, text in value.items() if key not in OWN and isinstance(text, str)
    ]


def _value(key: str, value: str) -> list[str]:
    if key != "text":
        return [f"    {key}: {as_yaml(value)}"]
    lines = value.split("\n")
    mark = "|2" if lines[0][:1].isspace() else "|"
    return [f"    {key}: {mark}", *(f"      {line}" if line else "" for line in lines)]


def _name(name: str) -> str:
    return name if _PLAIN_ID.fullmatch(name) else json.dumps(name, ensure_ascii=False)
