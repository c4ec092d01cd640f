"""Changing a settings file and nothing else of it: comments, order, spaces and every other line stay as somebody has written them.

TOML Kit changes what stands there (https://github.com/python-poetry/tomlkit). What is new goes where a person would put it: a key below the keys of
its table, a table at the end of the file. Then the text is read once more: it has to say what it was to say and nothing else.
"""

import tomllib
from collections.abc import Iterable, Mapping, MutableMapping
from copy import deepcopy
from difflib import SequenceMatcher
from typing import Any

import tomlkit
from tomlkit.container import Container, OutOfOrderTableProxy
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, InlineTable, Table

from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.domain.setting import Edit, Key
from xuanfa.settings.layers import MARK

Tree = MutableMapping[str, Any]


def rewritten(text: str, edits: Iterable[Edit]) -> str:
    """The text of a settings file with these changes. Raises ConfigError where that cannot be done without touching something else."""
    edits = list(edits)
    mark, body = (MARK, text[1:]) if text.startswith(MARK) else ("", text)
    ends = "\r\n" if "\r\n" in body and "\n" not in body.replace("\r\n", "") else "\n"
    body = body.replace("\r\n", "\n") if ends == "\r\n" else body
    wanted = deepcopy(tomllib.loads(body))
    for edit in edits:
        _put_plain(wanted, edit.key, edit.value)
    try:
        changed = _changed(body, edits)
        is_right = tomllib.loads(changed) == wanted and _keeps_remarks(body, changed, edits)
    except (TOMLKitError, tomllib.TOMLDecodeError, AttributeError, LookupError, TypeError, ValueError):
        is_right = False
    if not is_right:
        raise ConfigError(
            say(
                "xuanfa.toml 里 {keys} 的写法特别，不能在这里改而不动别处。请在文件里直接改。",
                "{keys} is written in a way that cannot be changed here without touching something else. Change it in the file itself.",
                keys=say("、", ", ").join(edit.name for edit in edits),
            )
        )
    return mark + (changed.replace("\n", "\r\n") if ends == "\r\n" else changed)


def _keeps_remarks(before: str, after: str, edits: list[Edit]) -> bool:
    """Whether every line that is a comment is still there, in its order; where something was to go, its comments may go with it."""
    if any(edit.value is None for edit in edits):
        return True
    left = iter([line.strip() for line in after.splitlines()])
    return all(line.strip() in left for line in before.splitlines() if line.lstrip().startswith("#"))


def _put_plain(values: Any, key: Key, value: Any) -> None:
    """What the file is to mean."""
    for part in key[:-1]:
        values = values[int(part)] if isinstance(values, list) else values.setdefault(part, {})
    if isinstance(values, list):
        if value is None:
            del values[int(key[-1])]
        elif int(key[-1]) == len(values):
            values.append(_plain(value))
        else:
            values[int(key[-1])] = _plain(value)
    elif value is None:
        values.pop(key[-1], None)
    else:
        values[key[-1]] = _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _changed(body: str, edits: list[Edit]) -> str:
    document = tomlkit.parse(body)
    appended: dict[Key, dict[str, Any]] = {}
    for edit in edits:
        _place(document, edit, appended)
    text = tomlkit.dumps(document)
    for key, values in appended.items():
        text = _with_table(text, key, values)
    return text


def _place(document: tomlkit.TOMLDocument, edit: Edit, appended: dict[Key, dict[str, Any]]) -> None:
    """Change one thing in the document; what needs a table that is not there yet is noted in ``appended``."""
    *way, last = edit.key
    here: Any = document
    for depth, part in enumerate(way):
        there = _child(here, part)
        if there is None:
            if edit.value is not None:
                _note(appended, edit.key[: depth + 1], edit.key[depth + 1 :], edit.value, way)
            return
        here = there
    if isinstance(here, AoT | list):
        _place_entry(here, tuple(way), int(last), edit.value, appended)
    elif edit.value is None:
        if last in here:
            del here[last]
    elif last in here:
        _set(here, last, edit.value)
    elif isinstance(edit.value, Mapping):
        appended.setdefault(edit.key, {}).update(edit.value)
    elif _are_tables(edit.value):
        appended.setdefault(tuple(way), {})[last] = edit.value
    else:
        _add(here, last, edit.value)


def _note(appended: dict[Key, dict[str, Any]], table: Key, rest: Key, value: Any, way: list[str]) -> None:
    """A value for a table that there is not: it is made with all tables between."""
    key = tuple(way) if len(rest) else table
    appended.setdefault(key, {})[rest[-1]] = value


def _child(here: Any, part: str) -> Any:
    if isinstance(here, AoT | list):
        return here[int(part)] if int(part) < len(here) else None
    return here.get(part) if isinstance(here, Mapping) else None


def _place_entry(entries: Any, key: Key, number: int, value: Any, appended: dict[Key, dict[str, Any]]) -> None:
    """One table of a list of tables."""
    if value is None:
        del entries[number]
    elif number < len(entries):
        for name, each in value.items():
            if name in entries[number]:
                _set(entries[number], name, each)
            else:
                _add(entries[number], name, each)
        for name in [name for name in entries[number] if name not in value]:
            del entries[number][name]
    else:
        made = tomlkit.table()
        for name, each in value.items():
            made.add(name, each)
        _end_with_blank(entries)
        entries.append(made)


def _end_with_blank(entries: Any) -> None:
    """What comes after the last of them begins after an empty line."""
    if len(entries):
        entries[-1].add(tomlkit.nl())


def _set(table: Any, name: str, value: Any) -> None:
    """Another value in the place of the one before. A list whose items have comments keeps those of the items that stay."""
    before = table[name]
    if isinstance(before, Array) and "#" in before.as_string() and isinstance(value, list | tuple):
        _mend_list(before, list(value))
    elif _is_table(before) and isinstance(value, Mapping):
        for key, each in value.items():
            _set(before, key, each) if key in before else _add(before, key, each)
        for key in [key for key in before if key not in value]:
            del before[key]
    elif before != value or isinstance(before, bool) is not isinstance(value, bool):
        table[name] = list(value) if isinstance(value, tuple) else value


def _mend_list(items: Array, wanted: list[Any]) -> None:
    matcher = SequenceMatcher(None, [str(each) for each in items], [str(each) for each in wanted], autojunk=False)
    for what, first, last, begin, end in reversed(matcher.get_opcodes()):
        if what == "equal":
            continue
        for _ in range(first, last):
            del items[first]
        for offset, value in enumerate(wanted[begin:end]):
            items.insert(first + offset, value)


def _is_table(found: Any) -> bool:
    return isinstance(found, Table | InlineTable | Container | OutOfOrderTableProxy)


def _add(table: Any, name: str, value: Any) -> None:
    """A new key, below the last key of its table and above whatever comments stand there for what comes next."""
    value = list(value) if isinstance(value, tuple) else value
    body = table if isinstance(table, Container) else getattr(table, "value", table)
    plain = [key for key, item in body.body if key is not None and not isinstance(item, Table | AoT)]
    if isinstance(table, InlineTable) or not isinstance(body, Container):
        table[name] = value
    elif plain:
        body._insert_after(plain[-1], name, value)  # noqa: SLF001 - the library has no other way to say where
    else:
        body._insert_at(0, name, value)  # noqa: SLF001 - as above


def _with_table(text: str, key: Key, values: Mapping[str, Any]) -> str:
    """The text with a new table at its end; for no key, with lists of tables."""
    made = tomlkit.document()
    ended = text if not text or text.endswith("\n") else text + "\n"
    ended += "" if not ended.strip() or ended.endswith("\n\n") else "\n"
    if not key:
        for name, value in values.items():
            made.add(name, _item(value))
        return ended + tomlkit.dumps(made)
    table: Any = made
    for part in key[:-1]:
        if part.isdecimal():
            raise ValueError(key)
        table = table.setdefault(part, tomlkit.table(is_super_table=True))
    own = tomlkit.table()
    for name, value in values.items():
        own.add(name, _item(value))
    table[key[-1]] = own
    return ended + tomlkit.dumps(made)


def _are_tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _item(value: Any) -> Any:
    """A list of tables is written as one (``[[…]]``), every other list in one line."""
    if _are_tables(value):
        entries = tomlkit.aot()
        for each in value:
            entry = tomlkit.table()
            for name, inner in each.items():
                entry.add(name, _item(inner))
            entries.append(entry)
        return entries
    return list(value) if isinstance(value, tuple) else value
