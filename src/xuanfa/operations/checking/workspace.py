"""The engine of a workspace: its own rules from ``rules/*.toml``, its lists, and what it says of itself."""

import re
from pathlib import Path
from typing import Final

from xuanfa.checks.rules.engine import Engine
from xuanfa.checks.rules.own import OwnRule, read_leaders, read_rules
from xuanfa.checks.rules.scan import Leader, Office
from xuanfa.checks.rules.table import shipped
from xuanfa.domain.errors import ContentError, Place
from xuanfa.domain.language import say
from xuanfa.operations.checking.lists import ListStore

__all__ = ["Engine", "engine_of", "own_rules"]

#: Who holds which office; every other file of the folder has rules.
LEADERS_FILE: Final = "leaders.toml"
#: A file of rules is no longer. Bytes.
_LONGEST: Final = 1_000_000


def engine_of(
    folder: Path | None,
    *,
    lists: ListStore | None,
    own_lines: tuple[str, ...] = (),
    foreign_hosts: tuple[str, ...] = (),
    name: str = "",
) -> Engine:
    """The engine for a workspace, or what comes with the program where there is none. Raises ContentError for a file of rules."""
    return Engine(
        own=tuple(own_rules(folder / "rules")) if folder else (),
        lists=tuple(lists.read()) if lists else (),
        office=Office(
            lines=frozenset(_digits(own_lines)),
            hosts=frozenset(host.strip().lower().removeprefix("www.") for host in foreign_hosts),
            leaders=leaders_of(folder) if folder else (),
            name=name,
        ),
    )


def own_rules(folder: Path) -> list[OwnRule]:
    """The rules of a folder; no two of one id."""
    found: dict[str, str] = {}
    rules: list[OwnRule] = []
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        if path.name == LEADERS_FILE:
            continue
        shown_as = f"rules/{path.name}"
        text = _text(path, shown_as)
        for rule in read_rules(text, shown_as):
            if rule.rule.id in found or rule.rule.id in shipped():
                where = found.get(rule.rule.id, say("程序自带的规则", "the rules of the program"))
                raise ContentError(
                    say(
                        "规则 {id} 在{where}里已经有了，请换一个 id。",
                        "The rule {id} is in {where} already: give it another id.",
                        id=rule.rule.id,
                        where=where,
                    ),
                    Place(shown_as, _line(text, rule.rule.id)),
                )
            found[rule.rule.id] = shown_as
            rules.append(rule)
    return rules


def leaders_of(folder: Path) -> tuple[Leader, ...]:
    """The office's list of leaders, in its order; nobody where it keeps none. Raises ContentError with file and line."""
    path = folder / "rules" / LEADERS_FILE
    shown_as = f"rules/{LEADERS_FILE}"
    return read_leaders(_text(path, shown_as), shown_as) if path.is_file() else ()


def _text(path: Path, shown_as: str) -> str:
    source = path.read_bytes()
    if len(source) > _LONGEST:
        raise ContentError(say("规则文件太大。", "This file of rules is too large."), Place(shown_as))
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        raise ContentError(
            say("不是 UTF-8 文字，请另存为 UTF-8。", "This is no UTF-8: save it as UTF-8."), Place(shown_as, line)
        ) from error


def _line(text: str, rule: str) -> int:
    name = rule.partition(".")[2]
    match = re.search(rf"^\s*id\s*=.*{re.escape(name)}", text, re.MULTILINE)
    return text[: match.start()].count("\n") + 1 if match else 1


def _digits(lines: tuple[str, ...]) -> set[str]:
    found = {re.sub(r"\D", "", line) for line in lines}
    return {digits for digits in found if digits}
