"""Messages: two languages that say the same, and Chinese set as Chinese is set."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "xuanfa"
FILES = sorted(SOURCE.rglob("*.py"))
#: A half-width mark that touches a Chinese character.
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]")
#: Code that a message shows to be typed: a Markdown picture, a line of front matter.
CODE = re.compile(r"!?\[[^\]]*\]\([^)]*\)|“\w+: \w+”")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def is_call_of(node: ast.AST, *names: str) -> bool:
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return f"{function.value.id}.{function.attr}" in names or function.attr in names
    return isinstance(function, ast.Name) and function.id in names


def messages(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls of ``say`` with both texts written out."""
    for node in ast.walk(tree):
        if is_call_of(node, "say"):
            assert isinstance(node, ast.Call)
            if len(node.args) == 2 and all(isinstance(arg, ast.Constant) for arg in node.args):
                yield node


def not_messages(tree: ast.Module) -> set[int]:
    """Literals that follow other rules: docstrings (English about Chinese terms), the English side, and patterns."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            first = node.body[0]
            assert isinstance(first, ast.Expr)
            found.add(id(first.value))
        if is_call_of(node, "say"):
            assert isinstance(node, ast.Call)
            found.update(id(inner) for arg in node.args[1:2] for inner in ast.walk(arg))
        if is_call_of(node, "re.compile", "re.sub", "re.fullmatch", "re.match", "re.search", "re.split", "re.findall"):
            assert isinstance(node, ast.Call)
            found.update(id(inner) for arg in node.args[:1] for inner in ast.walk(arg))
    return found


def half_width(tree: ast.Module) -> Iterator[str]:
    left_out = not_messages(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in left_out:
            continue
        text = CODE.sub("", node.value)
        for match in HALF_WIDTH.finditer(text):
            yield f"line {node.lineno}: …{text[max(0, match.start() - 8) : match.end() + 8]}…"


def fields(text: str) -> set[str]:
    """The names that a text is filled with: ``{d.year}`` asks for ``d``."""
    names = (name for _, name, _, _ in Formatter().parse(text) if name is not None)
    return {re.split(r"[.\[]", name)[0] for name in names}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_chinese_is_written_with_full_width_punctuation(path: Path) -> None:
    assert not list(half_width(tree_of(path)))


def test_the_check_finds_what_it_is_for() -> None:
    bad = ast.parse('say("错误,请重试(先备份)", "no (无), fine")')
    assert len(list(half_width(bad))) == 3
    good = ast.parse('"""A post (稿件)."""\nre.compile("(上午|下午)")\nsay("请写成 9:00，或 “Mon,Wed”。", "(无)")')
    assert not list(half_width(good))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_both_languages_are_filled_with_the_same_values(path: Path) -> None:
    for call in messages(tree_of(path)):
        zh, en = (arg.value for arg in call.args if isinstance(arg, ast.Constant))
        given = {keyword.arg for keyword in call.keywords}
        assert isinstance(zh, str)
        assert isinstance(en, str)
        if not given:  # nothing is filled in, so that braces are braces
            continue
        where = f"{name_of(path)}:{call.lineno}"
        remedies = {keyword.arg for keyword in call.keywords if is_call_of(keyword.value, "Remedy")}
        # A remedy is the sentence's, whether its words name it or not.
        assert fields(zh) - remedies == fields(en) - remedies, where
        assert None in given or fields(zh) | fields(en) | remedies == given, where


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_message_is_empty_or_in_the_wrong_language(path: Path) -> None:
    for call in messages(tree_of(path)):
        zh, en = (str(arg.value) for arg in call.args if isinstance(arg, ast.Constant))
        where = f"{name_of(path)}:{call.lineno}"
        assert zh.strip(), where
        assert en.strip(), where
        # An English sentence may name a value that is Chinese (the number of a document, a theme), but it is English.
        assert len(re.findall("[A-Za-z]", en)) >= 2 * len(CHINESE.findall(en)), where
        assert not CHINESE.search(zh) or zh != en, where


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_call_of_say_gives_two_texts(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if is_call_of(node, "say"):
            assert isinstance(node, ast.Call)
            starred = any(isinstance(arg, ast.Starred) for arg in node.args)
            assert starred or len(node.args) == 2, f"{name_of(path)}:{node.lineno}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_lists_are_joined_in_the_readers_language(path: Path) -> None:
    for call in messages(tree_of(path)):
        for node in (inner for keyword in call.keywords for inner in ast.walk(keyword.value)):
            if isinstance(node, ast.Attribute) and node.attr == "join" and isinstance(node.value, ast.Constant):
                assert not re.search("[，、；：]", str(node.value.value)), f"{name_of(path)}:{node.lineno}"
