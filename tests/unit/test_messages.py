"""Messages: two languages that say the same, and Chinese set as Chinese is set."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from tests.support.source import places, tree_of

#: A half-width mark that touches a Chinese character.
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]")
#: Code that a message shows to be typed: a Markdown picture, a line of front matter.
CODE = re.compile(r"!?\[[^\]]*\]\([^)]*\)|“\w+: \w+”")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


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


def test_chinese_is_written_with_full_width_punctuation() -> None:
    assert places(lambda path: half_width(tree_of(path))) == []


def test_the_check_finds_what_it_is_for() -> None:
    bad = ast.parse('say("错误,请重试(先备份)", "no (无), fine")')
    assert len(list(half_width(bad))) == 3
    good = ast.parse('"""A post (稿件)."""\nre.compile("(上午|下午)")\nsay("请写成 9:00，或 “Mon,Wed”。", "(无)")')
    assert not list(half_width(good))


def filled_otherwise(path: Path) -> Iterator[str]:
    for call in messages(tree_of(path)):
        zh, en = (arg.value for arg in call.args if isinstance(arg, ast.Constant))
        given = {keyword.arg for keyword in call.keywords}
        assert isinstance(zh, str)
        assert isinstance(en, str)
        if not given:  # nothing is filled in, so that braces are braces
            continue
        remedies = {keyword.arg for keyword in call.keywords if is_call_of(keyword.value, "Remedy")}
        # A remedy is the sentence's, whether its words name it or not.
        same = fields(zh) - remedies == fields(en) - remedies
        if not (same and (None in given or fields(zh) | fields(en) | remedies == given)):
            yield f"line {call.lineno}"


def test_both_languages_are_filled_with_the_same_values() -> None:
    assert places(filled_otherwise) == []


def empty_or_wrong(path: Path) -> Iterator[str]:
    for call in messages(tree_of(path)):
        zh, en = (str(arg.value) for arg in call.args if isinstance(arg, ast.Constant))
        # An English sentence may name a value that is Chinese (the number of a document, a theme), but it is English.
        is_english = len(re.findall("[A-Za-z]", en)) >= 2 * len(CHINESE.findall(en))
        if not (zh.strip() and en.strip() and is_english and (not CHINESE.search(zh) or zh != en)):
            yield f"line {call.lineno}"


def test_no_message_is_empty_or_in_the_wrong_language() -> None:
    assert places(empty_or_wrong) == []


def not_two(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if is_call_of(node, "say"):
            assert isinstance(node, ast.Call)
            if not (any(isinstance(arg, ast.Starred) for arg in node.args) or len(node.args) == 2):
                yield f"line {node.lineno}"


def test_every_call_of_say_gives_two_texts() -> None:
    assert places(not_two) == []


def joined_in_one(path: Path) -> Iterator[str]:
    for call in messages(tree_of(path)):
        for node in (inner for keyword in call.keywords for inner in ast.walk(keyword.value)):
            is_join = isinstance(node, ast.Attribute) and node.attr == "join" and isinstance(node.value, ast.Constant)
            if is_join and re.search("[，、；：]", str(node.value.value)):  # type: ignore[attr-defined]
                yield f"line {node.lineno}"  # type: ignore[attr-defined]


def test_lists_are_joined_in_the_readers_language() -> None:
    assert places(joined_in_one) == []


def test_each_rule_finds_what_it_is_for(tmp_path: Path) -> None:
    wrong = {
        filled_otherwise: 'say("{a}件", "{b} things", a=1, b=2)',
        empty_or_wrong: 'say("有问题", "有问题")',
        not_two: 'say("有问题")',
        joined_in_one: 'say("有 {a}", "there are {a}", a="、".join(names))',
    }
    for number, (rule, text) in enumerate(wrong.items()):
        path = tmp_path / f"m{number}.py"
        path.write_text(text, encoding="utf-8")
        assert list(rule(path)) == ["line 1"]
