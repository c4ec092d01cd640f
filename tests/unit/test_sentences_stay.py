"""A sentence stays a sentence on its way to whoever reads it: an f-string, and a joint that is a plain text, make words of one language of it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support.source import FILES as EVERY
from tests.support.source import SOURCE, name_of, places, tree_of

#: Where sentences become words: nothing is kept of what is shown there.
SHOWN = ("cli", "console", "wording")
FILES = [path for path in EVERY if path.relative_to(SOURCE).parts[0] not in SHOWN]
#: What gives a sentence.
GIVING = {"say", "in_each", "in_lines", "together", "heard", "again", "coded", "under_code"}
#: Fields that hold sentences, whatever they belong to.
HOLDING = {"reason", "message", "words", "trouble", "look", "label", "remedy"}
#: Words that leave the program in the language of whoever they go to, and are kept nowhere: file, and what is written.
LEAVING = {
    ("operations/watching/alarms.py", "f'{cause.words}\\n→ {cause.look}'"),
}


#: Whoever steers by one of these asks for no words of ours: file, what is compared, and why.
STEERING = {
    ("checks/rendition.py", "each.about in one.message"): "an address, which reads the same in every language",
    (
        "domain/accounts.py",
        "delivery.reason.startswith(ELSEWHERE_IN_WORDS)",
    ): "rows of before sentences were kept as data",
    ("rehearsal/weibo.py", "row.message == fingerprint(token)"): "a message to a platform, which is no sentence",
    ("rehearsal/wordpress.py", "past.message == kind"): "a message to a platform, which is no sentence",
    ("store/alarms.py", "_D.reason != ''"): "whether there is any",
    (
        "operations/configuring/templates.py",
        "name in each.message",
    ): "a template's name, which reads the same in every language",
    ("store/records.py", "before.reason is not after.reason"): "whether it was set at all",
    ("domain/access.py", "role.value in self.words"): "words of a list of people",
    ("domain/access.py", "said.words <= self.access.words"): "words of a list of people",
    ("content/reading/word/questions.py", "words in last.words"): "the author's words",
    ("content/reading/word/document.py", "each.words.endswith('文件')"): "the author's words",
    ("content/reading/word/blocks.py", "words.endswith(_ENDS_SENTENCE)"): "the author's words",
}
#: Settings of this name are no sentences.
CHOSEN = {"self.message", "config.message", "self._config.message"}


def is_sentence(node: ast.AST, names: set[str]) -> bool:
    """Whether an expression is a sentence, as far as its own function tells."""
    match node:
        case ast.Call(func=ast.Name(id="clipped" | "printable"), args=[text, *_]):
            return is_sentence(text, names)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in GIVING or (name == "join" and is_sentence(node.func, names))
        case ast.Attribute(value=value, attr="join"):
            return is_sentence(value, names)
        case ast.Attribute(attr=name):
            return name in HOLDING
        case ast.Name(id=name):
            return name in names
        case ast.BinOp(op=ast.Add()):
            return is_sentence(node.left, names) or is_sentence(node.right, names)
        case ast.IfExp():
            return is_sentence(node.body, names) or is_sentence(node.orelse, names)
        case ast.BoolOp():
            return any(is_sentence(value, names) for value in node.values)
    return False


def sentences_of(nodes: list[ast.AST]) -> set[str]:
    """Names that a function of these nodes gives to sentences."""
    given = [node for node in nodes if isinstance(node, ast.Assign)]
    names: set[str] = set()
    for _ in range(3):  # a name may be given to what another one names
        for node in given:
            if is_sentence(node.value, names):
                names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


@cache
def scopes(tree: ast.AST) -> list[tuple[set[str], list[ast.AST]]]:
    """The tree and each function in it: the names of sentences there, and the nodes where sentences are given, used or compared."""
    found: list[tuple[set[str], list[ast.AST]]] = []
    for scope in [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))]:
        kinds = (ast.Assign, ast.JoinedStr, ast.Call, ast.Compare)
        nodes = [node for node in ast.walk(scope) if isinstance(node, kinds)]
        found.append((set() if scope is tree else sentences_of(nodes), nodes))
    return found


def losses(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Where a sentence becomes words: its line, and what stands there."""
    for names, nodes in scopes(tree):
        for node in nodes:
            match node:
                case ast.JoinedStr(values=values):
                    parts = [part.value for part in values if isinstance(part, ast.FormattedValue)]
                case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr="join"), args=[each]):
                    parts = list(each.elts) if isinstance(each, ast.List | ast.Tuple) else [getattr(each, "elt", each)]
                case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr="format"), args=args):
                    parts = [*args, *(each.value for each in node.keywords)]
                case _:
                    continue
            if any(is_sentence(part, names) for part in parts):
                yield node.lineno, ast.unparse(node)


def steering(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Where something goes by the words of a sentence, in place of its code: its line, and what is compared."""
    for names, nodes in scopes(tree):
        for node in nodes:
            match node:
                case ast.Compare(left=left, ops=ops, comparators=others):
                    sides = [left, *others]
                    bare = all(isinstance(op, ast.Is | ast.IsNot) for op in ops) and isinstance(others[0], ast.Constant)
                case ast.Call(func=ast.Attribute(value=value, attr="startswith" | "endswith" | "find" | "index")):
                    sides, bare = [value], False
                case _:
                    continue
            if not bare and any(is_sentence(side, names) and ast.unparse(side) not in CHOSEN for side in sides):
                yield node.lineno, ast.unparse(node)


def goes_by_words(path: Path) -> list[str]:
    found = sorted(set(steering(tree_of(path))))
    return [f"line {line}: {text}" for line, text in found if (name_of(path), text) not in STEERING]


def test_nothing_goes_by_the_words_of_a_sentence() -> None:
    assert places(goes_by_words, FILES) == []


@pytest.mark.parametrize(
    "code", ["error.reason == '忙'", "'忙' in error.message", "finding.words.startswith('忙')", "say(1, 2) != told"]
)
def test_going_by_words_is_found(code: str) -> None:
    assert list(steering(ast.parse(code)))


def loses(path: Path) -> list[str]:
    found = sorted(set(losses(tree_of(path))))
    return [f"line {line}: {text}" for line, text in found if (name_of(path), text) not in LEAVING]


def test_no_sentence_becomes_words_below_the_command_line() -> None:
    assert places(loses, FILES) == []


def test_what_may_be_compared_still_stands_where_it_is_said_to() -> None:
    for name, text in STEERING:
        assert text in {found for _, found in steering(ast.parse((SOURCE / name).read_text(encoding="utf-8")))}


def test_what_leaves_the_program_still_stands_where_it_is_said_to() -> None:
    for name, text in LEAVING:
        assert text in {found for _, found in losses(ast.parse((SOURCE / name).read_text(encoding="utf-8")))}


@pytest.mark.parametrize(
    "code",
    [
        "f'{say(1, 2)}!'",
        "f'{error.reason}!'",
        "', '.join([say(1, 2)])",
        "', '.join(item.words for item in items)",
        "'{}'.format(say(1, 2))",
        "def f():\n    end = say(1, 2)\n    both = end + '!' if end else ''\n    return f'{both}'",
    ],
)
def test_a_loss_is_found(code: str) -> None:
    assert list(losses(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    ["say(1, 2) + reason", "say('、', ', ').join(item.words for item in items)", "say('{a}', '{a}', a=error.reason)"],
)
def test_what_stays_a_sentence_is_none(code: str) -> None:
    assert not list(losses(ast.parse(code)))
