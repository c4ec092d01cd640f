"""Remedies: what a person does next is data, and only a wording makes a command of it; every command is one that there is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.support.source import FILES as EVERY
from tests.support.source import SOURCE, places, tree_of
from xuanfa.cli import COMMANDS, cli
from xuanfa.console.words import worded as worded_on_pages
from xuanfa.domain.reader import Reader, read_by
from xuanfa.domain.remedy import Remedy, option
from xuanfa.wording.command_line import worded

#: Where commands may be named: there they are, and there they are worded.
AT_THE_DOOR = {"api", "cli", "mcp", "wording", "starter"}
FILES = [path for path in EVERY if path.relative_to(SOURCE).parts[0] not in AT_THE_DOOR]
COMMAND = re.compile(rf"\bxuanfa ({'|'.join(COMMANDS)})\b")


@pytest.mark.parametrize(
    ("remedy", "zh", "en"),
    [
        (Remedy("resolve", 12), "xuanfa resolve 12", "xuanfa resolve 12"),
        (Remedy("resolve"), "xuanfa resolve 编号", "xuanfa resolve"),
        (Remedy("resolve", once=True), "xuanfa resolve 编号 --once", "xuanfa resolve ID --once"),
        (Remedy("resolve", 3, absent=True, why=None), "xuanfa resolve 3 --absent --why 依据", "xuanfa resolve 3 --absent --why REASON"),
        (Remedy("reschedule", 3, at=None), "xuanfa reschedule 3 --at 时间", "xuanfa reschedule 3 --at TIME"),
        (Remedy("resume", "mp"), "xuanfa channels resume mp", "xuanfa channels resume mp"),
        (Remedy("resume", channel="mp"), "xuanfa resume --channel mp", "xuanfa resume --channel mp"),
        (Remedy("resume", all_posts_are_here=True), "xuanfa resume --all-posts-are-here", "xuanfa resume --all-posts-are-here"),
        (Remedy("sign_in", "weibo"), "xuanfa channels login weibo", "xuanfa channels login weibo"),
        (Remedy("adopt"), "xuanfa db adopt", "xuanfa db adopt"),
        (Remedy("init"), "xuanfa init 目录", "xuanfa init DIR"),
        (
            Remedy("deliveries", state=("unknown", "held")),
            "xuanfa deliveries --state unknown --state held",
            "xuanfa deliveries --state unknown --state held",
        ),
    ],
)  # fmt: skip
def test_a_remedy_reads_as_the_command_that_is_typed(remedy: Remedy, zh: str, en: str) -> None:
    assert str(remedy) == zh
    with read_by(Reader("en", worded)):
        assert str(remedy) == en


def test_without_a_wording_it_is_its_verb() -> None:
    with read_by(Reader()):
        assert [str(Remedy("resolve", 12)), str(Remedy("doctor"))] == ["resolve 12", "doctor"]


def texts(tree: ast.Module) -> Iterator[ast.Constant]:
    """Texts of the program, without docstrings."""
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node


def named(path: Path) -> Iterator[str]:
    return (f"{node.lineno}: {node.value}" for node in texts(tree_of(path)) if COMMAND.search(str(node.value)))


def test_no_command_is_named_below_the_door() -> None:
    assert places(named, FILES) == []


def test_the_check_finds_what_it_is_for() -> None:
    tree = ast.parse(
        '"""See xuanfa show."""\nlook = f"xuanfa show {row.id}"\nsay("用 xuanfa doctor 看", "give xuanfa a folder")'
    )
    assert len([node for node in texts(tree) if COMMAND.search(str(node.value))]) == 2


def remedies() -> Iterator[tuple[str, Remedy]]:
    """Every one in the program, with something in place of what is computed."""
    for path in FILES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Remedy":
                verbs = [
                    each.value
                    for each in ast.walk(node.args[0])
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                ]
                options = {
                    str(each.arg): ast.literal_eval(each.value) if _is_fixed(each.value) else "x"
                    for each in node.keywords
                }
                subject = "x" if len(node.args) > 1 else None
                for verb in verbs:
                    yield f"{path.relative_to(SOURCE)}:{node.lineno}", Remedy(str(verb), subject, **options)


def _is_fixed(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant | ast.Tuple)


def test_every_remedy_is_a_command_that_there_is() -> None:
    found = list(remedies())
    assert len(found) > 100
    for where, remedy in found:
        command: click.Command = cli
        words = worded(remedy).split()[1:]
        while isinstance(command, click.Group) and words:
            inner = command.get_command(click.Context(command), words[0])
            if inner is None and command.invoke_without_command:
                break  # a group that is a command by itself
            assert inner is not None, where
            command = inner
            words.pop(0)
        options = {name for param in command.params for name in param.opts}
        assert {word for word in words if word.startswith("--")} <= options, where
        takes_one = any(isinstance(param, click.Argument) for param in command.params)
        assert remedy.subject is None or takes_one, where


#: What only a command line, or the log of a server, ever says: it may name options and commands as they are typed.
AT_A_COMMAND_LINE = {
    *(
        "bootstrap/proofreading.py",
        "bootstrap/telling.py",
        "console/server.py",
        "engine/figures.py",
        "engine/listen.py",
    ),
    *("engine/cluster/node.py", "operations/deciding/sign_in.py", "operations/importing/found.py"),
    *("operations/keeping/backup.py", "operations/keeping/trial.py", "operations/people/accounts.py"),
    *("operations/people/known.py", "operations/people/rule.py", "operations/restricting/acts.py"),
    *("operations/restricting/rule.py", "operations/reviewing/docket.py", "operations/watching/accounts.py"),
    *("operations/watching/reach.py", "settings/workspace.py", "store/complaints.py"),
}


def typed_words(path: Path) -> list[str]:
    """Options of commands within Chinese sentences."""
    texts = [node.value for node in ast.walk(tree_of(path)) if isinstance(node, ast.Constant)]
    said = [text for text in texts if isinstance(text, str) and any("\u4e00" <= each <= "\u9fff" for each in text)]
    return [text for text in said if re.search(r"(?<![\w-])--[a-z]|\bxuanfa [a-z]+ ", text)]


def test_what_pages_say_too_names_no_option_of_a_command() -> None:
    """``option`` is for that: pages leave it out."""
    assert option("--why").data() == {"do": "option", "to": "--why"}
    assert (worded(option("--why")), worded_on_pages(option("--why"))) == ("（--why）", "")
    layers = ("domain", "operations", "content", "adapters", "reports", "checks", "documents", "store", "console")
    files = [path for layer in layers for path in (SOURCE / layer).rglob("*.py")]
    found = {str(path.relative_to(SOURCE)) for path in files if typed_words(path)}
    assert found <= AT_A_COMMAND_LINE, sorted(found - AT_A_COMMAND_LINE)


def test_whatever_is_the_servers_reads_as_such_on_pages() -> None:
    verbs = {remedy.verb for _, remedy in remedies()}
    assert worded_on_pages(Remedy("verify")) == "服务器上的核验（请管服务器的人做）"
    assert all(not re.search("xuanfa|请用|运行", worded_on_pages(Remedy(verb))) for verb in verbs)
