"""The four places that settings come from, each read into one layer that remembers where every value stood."""

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Any

from xuanfa.domain.errors import ConfigError, Place, machine_words
from xuanfa.domain.language import language, say
from xuanfa.domain.strict_json import read_json
from xuanfa.settings.lines import punctuation_hint
from xuanfa.settings.workspace import SETTINGS_FILE

PREFIX = "xuanfa_"
DELIMITER = "__"
ENV_FILE = ".env"
#: What some editors put at the beginning of a file.
MARK = "\ufeff"
#: How alike a variable's name must be to be taken for a slip; the environment also holds names of others, such as ``XUANFA_LANG``.
_ALIKE = 0.8

Key = tuple[str, ...]


@dataclass(frozen=True)
class Layer:
    """Values as a tree, and where each leaf stood, in words: never the value, which may be a secret."""

    values: dict[str, Any] = field(default_factory=dict, repr=False)
    origins: dict[Key, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Texts:
    """What the two files of a workspace would hold; the second one's is secret."""

    settings: str
    secrets: str = field(repr=False)


def read_text(path: Path) -> str:
    """The text of a settings file. Raises ConfigError where it cannot be read or is not UTF-8.

    Another encoding is refused, not guessed: one damaged byte would turn a whole UTF-8 file into wrong characters that would be published.
    """
    return read_whole(path).removeprefix(MARK)


def read_whole(path: Path) -> str:
    """The same with its byte order mark and its line endings, as they are written back. Raises ConfigError."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(
            say(
                "{place}：文件不是 UTF-8 编码。请在编辑器里“另存为”UTF-8，或运行 "
                "`iconv -f GB18030 -t UTF-8 {name} > 新文件`，核对后替换。",
                "{place}: the file is not UTF-8. Save it as UTF-8 in your editor, or run "
                "`iconv -f GB18030 -t UTF-8 {name} > NEW`, look at it and put it in place.",
                place=Place(str(path), line),
                name=path.name,
            )
        ) from None
    except OSError as error:
        raise _unreadable(path, error) from error


def toml_layer(path: Path, text: str | None = None) -> Layer:
    """``xuanfa.toml``, or ``text`` in its place. Raises ConfigError with line and column for what is not TOML."""
    text = read_text(path) if text is None else text.removeprefix(MARK)
    try:
        return Layer(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(path, text, str(error)) from None


def _not_toml(path: Path, text: str, words: str) -> ConfigError:
    match = re.search(r" \((?:at line (\d+), column (\d+)|at end of document)\)$", words)
    lines = text.splitlines() or [""]
    line = int(match[1]) if match and match[1] else len(lines)
    column = int(match[2]) if match and match[2] else len(lines[-1]) + 1
    return ConfigError(
        say(
            "{place}，第 {column} 列：不是正确的 TOML 写法{words}。{hint}请改正这一行；写法可对照 docs/settings.md。",
            "{place}, column {column}: not valid TOML{words}. {hint}Mend this line; docs/settings.md shows how it is written.",
            place=Place(str(path), line),
            column=column,
            words=_toml_words(words[: match.start()] if match else words),
            hint=punctuation_hint(lines[min(line, len(lines)) - 1]),
        )
    )


def _toml_words(said: str) -> str:
    """What tomllib says (CPython's Lib/tomllib/_parser.py), where it says more than that the line is wrong."""
    if language() == "en":
        return f" ({said})"
    known = next((zh for en, zh in _TOML if said.startswith(en)), "")
    return f"（{known}）" if known else ""


_TOML = (
    ("Cannot overwrite a value", "这个名称前面已经写过"),
    ("Cannot declare", "这一节前面已经写过"),
    ("Cannot mutate", "这里已经写成了一个值，不能再加内容"),
    ("Unclosed", "括号没有成对"),
    ("Unterminated string", "引号没有成对"),
    ("Illegal character", "有不允许的字符，如换行"),
    ("Unescaped '\\\\'", "反斜线要写成两个"),
    ("Expected '=' after a key", "名称后面缺少等号"),
    ("Expected newline or end of document", "一行只能写一项"),
    ("Invalid value", "值的写法不对，文字要用英文双引号括起来"),
    ("Invalid statement", "这一行不是“名称 = 值”，也不是 [一节]"),
    ("Invalid initial character for a key part", "名称只能用字母、数字、- 和 _，其他的要加引号"),
    ("Duplicate inline table key", "同一个名称写了两次"),
)


def env_file_layer(path: Path, known: Mapping[str, Any], fields: Iterable[str], text: str | None = None) -> Layer:
    """``.env``, if there is one, or ``text`` in its place. Its names that begin with ``XUANFA_`` must be settings; others are somebody else's."""
    if text is None and not path.exists():
        return Layer()
    from dotenv.parser import parse_stream  # noqa: PLC0415 - only where there is such a file

    named: list[tuple[str, str, str]] = []
    line = 1
    for binding in parse_stream(StringIO(read_text(path) if text is None else text)):
        start = line + len(binding.original.string) - len(binding.original.string.lstrip("\r\n"))
        place = str(Place(str(path), start))
        line += binding.original.string.count("\n")
        if binding.error:
            raise ConfigError(
                say(
                    "{place}：看不懂这一行。请写成“名称=值”，含空格或 # 的值用单引号括起来。",
                    "{place}: cannot read this line. Write NAME=value, and quote a value with spaces or # in single quotes.",
                    place=place,
                )
            )
        if binding.key and binding.value:
            named.append((binding.key, binding.value, f"{place} {binding.key}"))
    return _layer(named, known, fields, strict=True)


def environment_layer(environ: Mapping[str, str], known: Mapping[str, Any], fields: Iterable[str]) -> Layer:
    """Variables such as ``XUANFA_CHANNELS__WECOM__KEY``, in any case. An empty one counts as not set."""
    named = [
        (name, value, say("环境变量 {name}", "environment variable {name}", name=name))
        for name, value in environ.items()
        if value
    ]
    return _layer(named, known, fields, strict=False)


def credentials_layer(environ: Mapping[str, str], known: Mapping[str, Any], fields: Iterable[str]) -> Layer:
    """The files of systemd's ``$CREDENTIALS_DIRECTORY`` (systemd.exec(5)), named as the variables are; the last newline is not part of it."""
    folder = environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        return Layer()
    named = []
    try:
        for path in sorted(Path(folder).iterdir()):
            if path.name.lower().startswith(PREFIX) and path.is_file():
                value = read_text(path).removesuffix("\n").removesuffix("\r")
                named.append((path.name, value, say("凭据文件 {path}", "credential {path}", path=path)))
    except OSError as error:
        raise _unreadable(Path(folder), error) from error
    return _layer(named, known, fields, strict=True)


def _layer(
    named: Iterable[tuple[str, str, str]], known: Mapping[str, Any], fields: Iterable[str], *, strict: bool
) -> Layer:
    layer, tables = Layer(), tuple(fields)
    for name, value, origin in named:
        folded = name.lower()
        if not folded.startswith(PREFIX):
            continue
        key = tuple(folded.removeprefix(PREFIX).split(DELIMITER))
        if key[0] not in tables:
            near = get_close_matches(key[0], tables, 1, _ALIKE)
            if strict or near or len(key) > 1:
                raise _no_such_variable(origin, key, near or get_close_matches(key[0], tables, 1))
            continue
        key = _as_spelt(key, known)
        layer.origins[key] = origin
        _put(layer.values, key, _parsed(value), origin)
    return layer


def _as_spelt(key: Key, known: Mapping[str, Any]) -> Key:
    """The key with the letters that the settings file uses, so that ``…__HEADERS__X_TOKEN`` meets its ``X_Token`` there."""
    spelt: list[str] = []
    level: Any = known
    for part in key:
        names = level if isinstance(level, Mapping) else {}
        found = next((name for name in names if name.lower() == part), part)
        spelt.append(found)
        level = names.get(found)
    return tuple(spelt)


def _parsed(value: str) -> Any:
    """A JSON list or object as what it stands for, all else as text."""
    if value[:1] not in {"[", "{"}:
        return value
    try:
        return read_json(value)
    except ValueError:
        return value


def _put(values: dict[str, Any], key: Key, value: Any, origin: str) -> None:
    level = values
    for part in key[:-1]:
        level = level.setdefault(part, {})
        if not isinstance(level, dict):
            raise _clash(origin, key)
    last = key[-1]
    if isinstance(level.get(last), dict) and not isinstance(value, dict):
        raise _clash(origin, key)
    level[last] = value | level[last] if isinstance(level.get(last), dict) else value


def _clash(origin: str, key: Key) -> ConfigError:
    return ConfigError(
        say(
            "{origin}：{key} 同时被当作一个值和一组设置。请只保留一种写法。",
            "{origin}: {key} is given both as one value and as a table. Keep one of the two.",
            origin=origin,
            key=".".join(key),
        )
    )


def _no_such_variable(origin: str, key: Key, near: list[str]) -> ConfigError:
    name = (PREFIX + DELIMITER.join((*near, *key[1:]))).upper()
    meant = say("是否想写 {name}？", "Did you mean {name}? ", name=name) if near else ""
    return ConfigError(
        say(
            "{origin}：没有这个设置。{meant}请改名或删去；全部设置见 docs/settings.md。",
            "{origin}: there is no such setting. {meant}Rename or remove it; docs/settings.md lists all.",
            origin=origin,
            meant=meant,
        )
    )


def _unreadable(path: Path, error: OSError) -> ConfigError:
    return ConfigError(
        say(
            "读不了 {path}：{words}。请检查它是否存在、当前用户是否有权读取。",
            "Cannot read {path}: {words}. See that it exists and that this user may read it.",
            path=path,
            words=machine_words(error),
        )
    )


def layers(
    folder: Path,
    environ: Mapping[str, str],
    fields: Iterable[str],
    settings_file: Path | None = None,
    *,
    looking: bool = False,
    texts: Texts | None = None,
) -> tuple[Layer, ...]:
    """All layers, the weakest first. For whoever is only ``looking``, a ``.env`` that may not be read is empty. ``texts`` are taken in place of
    what the files hold."""
    file = toml_layer(settings_file or folder / SETTINGS_FILE, texts.settings if texts else None)
    secrets = texts.secrets if texts else None
    return (file, *outside_layers(folder, environ, fields, file.values, looking=looking, secrets=secrets))


def outside_layers(
    folder: Path,
    environ: Mapping[str, str],
    fields: Iterable[str],
    known: Mapping[str, Any] | None = None,
    *,
    looking: bool = False,
    secrets: str | None = None,
) -> tuple[Layer, ...]:
    """All layers but the settings file, the weakest first; ``known`` is what that one holds, ``secrets`` what ``.env`` would hold."""
    fields, known = tuple(fields), known or {}
    return (
        Layer()
        if looking and not os.access(folder / ENV_FILE, os.R_OK)
        else env_file_layer(folder / ENV_FILE, known, fields, secrets),
        environment_layer(environ, known, fields),
        credentials_layer(environ, known, fields),
    )
