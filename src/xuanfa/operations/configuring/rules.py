"""The office's own rules for texts, file by file: tried with all the others before they are written."""

import hashlib
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xuanfa.domain.act_settings import ChangeRules
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.setting import Fault, FaultySettingsError
from xuanfa.operations.checking.workspace import leaders_of, own_rules
from xuanfa.operations.configuring.files import keep_file, record
from xuanfa.operations.desk import Desk

_NAME: Final = re.compile(r"[\w\u4e00-\u9fff-]{1,60}\.toml")
#: The line of history.
CHANGED: Final = "rules_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesFile:
    """A file of rules; ``digest`` names its text, ``rules`` says how many it has, ``trouble`` why it cannot be read."""

    name: str
    text: str
    digest: str
    rules: int = 0
    trouble: str = ""


def rules_files(desk: Desk) -> list[RulesFile]:
    """All files of rules of the workspace."""
    folder = desk.folder / "rules"
    return [rules_file(desk, path.name) for path in sorted(folder.glob("*.toml"))] if folder.is_dir() else []


def rules_file(desk: Desk, name: str) -> RulesFile:
    """One of them; empty where there is none yet. Raises StateError for what can be no name of one."""
    path = _path(desk, name)
    try:
        text = path.read_text("utf-8-sig") if path.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        return RulesFile(name=name, text="", digest=_digest(""), trouble=str(error))
    trouble = _trouble(desk, name, text)
    found = len(re.findall(r"^\s*\[\[", text, re.MULTILINE))
    return RulesFile(name=name, text=text, digest=_digest(text), rules=found, trouble=trouble)


def change_rules(desk: Desk, act: ChangeRules, person: Person) -> RulesFile:
    """Write a file of rules, or take it away. Raises StateError where it was changed meanwhile, FaultySettingsError for what cannot be read."""
    before = rules_file(desk, act.file)
    if before.digest != act.base:
        raise StateError(
            say(
                "您打开这页以后，这个文件被改过，没有写。您改的还在；请和现在的对一遍，再按一次。",
                "This file was changed after you opened the page; nothing was written. What you typed is here: compare, then press once more.",
            )
        )
    if act.text is not None:
        trouble = _trouble(desk, act.file, act.text)
        if trouble:
            raise FaultySettingsError([Fault(("text",), trouble)])
    path = _path(desk, act.file)
    data = None if act.text is None else act.text.encode()
    kept = keep_file(path, desk.folder / "var" / "changed" / "rules" / act.file, data, desk.clock())
    what = (
        say("规则文件 {file} 删去", "the file of rules {file} is gone", file=act.file)
        if act.text is None
        else say("规则文件 {file} 改过", "the file of rules {file} was changed", file=act.file)
    )
    record(desk, person, verb=act.verb, after=CHANGED, what=what, kept=kept)
    return rules_file(desk, act.file)


def _trouble(desk: Desk, name: str, text: str) -> str:
    """What is wrong with a file of rules beside the others; empty where all can be read."""
    with tempfile.TemporaryDirectory(prefix="xuanfa-rules-") as made:
        folder = Path(made) / "rules"
        folder.mkdir()
        own = desk.folder / "rules"
        for path in own.glob("*.toml") if own.is_dir() else ():
            if path.name != name:
                (folder / path.name).write_bytes(path.read_bytes())
        (folder / name).write_text(text, encoding="utf-8")
        try:
            own_rules(folder)
            leaders_of(Path(made))
        except ContentError as error:
            return str(error)
    return ""


def _path(desk: Desk, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise StateError(
            say(
                "规则文件名只用字母、汉字、数字、下划线和减号，以 .toml 结尾。",
                "A file of rules is named by letters, digits, underscores and hyphens, and ends in .toml.",
            )
        )
    return desk.folder / "rules" / name


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
