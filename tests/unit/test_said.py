"""Sentences that remember what they are made of: kept by one process, read by another one in its own language."""

import ast
import copy
import json
import pickle
from collections import Counter
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xuanfa.domain.errors import ContentError, Place, StateError
from xuanfa.domain.finding import Finding, in_words
from xuanfa.domain.language import in_lines, say, together
from xuanfa.domain.reader import Language, Reader, read_by
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.said import (
    KEPT_MAX,
    MARK,
    Said,
    begins_kept,
    code_of,
    heard,
    kept,
    remedies_of,
    says_the_same,
    tells,
)
from xuanfa.domain.shown import clipped, masked, printable
from xuanfa.wording.command_line import worded

DOMAIN = Path(__file__).parents[2] / "src" / "xuanfa" / "domain"
#: What sets a delivery's reason, or refuses a decision.
DECIDES = ("accounts", "deciding", "evidence", "life", "planning", "restoring")
#: Parts of sentences, which are nobody's reason by themselves.
PARTS = {"named", "told_apart", "elsewhere", "_refuse", "_account_in_words", "_former_in_words"}


def english(text: str) -> str:
    """A kept text as an English process reads it."""
    with read_by(Reader("en", worded)):
        return heard(text)


class Colour(StrEnum):
    RED = "red"


def test_what_was_said_in_one_language_is_read_in_the_other() -> None:
    why = say("连不上 {host}", "cannot reach {host}", host="example.cn")
    said = say("已试 {n} 次：{why}。请看 {do}", "tried {n} times: {why}. See {do}", n=1, why=why, do=Remedy("show", 7))
    assert said == "已试 1 次：连不上 example.cn。请看 xuanfa show 7"
    assert heard(said.kept()) == said
    assert english(said.kept()) == "tried 1 time: cannot reach example.cn. See xuanfa show 7"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_kept_is_the_same_whoever_says_it(language: Language) -> None:
    with read_by(Reader(language)):
        said = together([say("甲。", "one."), say("乙", "two")]) + say("（{n}）", " ({n})", n=3)
        assert kept(said) == (
            '{"said":"","row":[{"said":"","all":[{"said":"","zh":"甲。","en":"one."},{"said":"","zh":"乙","en":"two"}]},'
            '{"said":"","zh":"（{n}）","en":" ({n})","of":{"n":3}}]}'
        )
        assert heard(kept(said)) == said
    assert english(kept(said)) == "one; two (3)"


def test_sentences_that_are_put_together_stay_data() -> None:
    one, other = say("甲", "one").coded("a.b"), say("乙", "two")
    assert english(kept(one + "：" + other)) == "one：two"
    assert english(kept("x " + one)) == "x one"
    assert english(kept(say("、", ", ").join([one, other, "c"]))) == "one, two, c"
    assert code_of(one + other) == code_of("x " + one) == code_of(together([one, other])) == "a.b"
    assert code_of(one.rstrip("。")) == "a.b"


def test_lines_stay_data() -> None:
    lines = in_lines([say("甲。", "One."), "two"])
    assert lines == "甲。\ntwo"
    with read_by(Reader("en", worded)):
        assert heard(kept(lines)) == "One.\ntwo"


def test_values_of_other_forms_are_kept_as_they_read() -> None:
    said = say(
        "{at:%m-%d} {n:,} {colour} {colour.name} {path!r} {{}}",
        "{n:,} {at:%H} {colour} {colour.name} {path!r} {{}}",
        at=datetime(2026, 3, 2, 1, tzinfo=UTC),
        n=1903,
        colour=Colour.RED,
        path=Path("a"),
    )
    assert heard(kept(said)) == said == "03-02 1,903 red RED PosixPath('a') {}"
    assert english(kept(said)) == "1,903 01 red RED PosixPath('a') {}"


def test_an_error_keeps_what_its_message_is_made_of() -> None:
    assert english(kept(str(StateError(say("不行", "no"))))) == "no"
    assert english(kept(str(ContentError(say("不行", "no"), Place("a.md", 3))))) == "a.md:3: no"


def test_findings_go_by_the_code_of_the_first() -> None:
    found = in_words([Finding(code="x.one", message=say("甲。", "one.")), Finding(code="x.two", message="other")])
    assert code_of(found) == "x.one"
    assert english(kept(found)) == "one; other"
    assert in_words([]) == ""


def test_it_is_the_same_for_another_process_and_as_a_copy() -> None:
    said = say("甲 {do}", "one {do}", do=Remedy("retry", 3, why=None)).coded("a.b")
    there_and_back = pickle.loads(pickle.dumps(said))  # noqa: S301 - our own
    for other in (there_and_back, copy.deepcopy(said), copy.copy(said)):
        assert (other, other.kept(), other.code, other.remedies) == (said, said.kept(), "a.b", said.remedies)
    assert json.dumps(said, ensure_ascii=False) == '"甲 xuanfa retry 3 --why 原因"'


def test_a_remedy_is_the_sentences_whether_its_words_name_it_or_not() -> None:
    said = say("登记（{do}）", "resolve it", do=Remedy("resolve", published=None))
    assert english(kept(said)) == "resolve it"
    with read_by(Reader("en", worded)):
        assert remedies_of(heard(kept(said))) == (Remedy("resolve", published=None),)
    nowhere = heard(kept(say("甲 {n}", "one {n}", n=1, do=Remedy("doctor"))))
    assert remedies_of(nowhere) == (Remedy("doctor"),)


def test_old_texts_and_texts_of_others_stay_what_they_are() -> None:
    for text in ("", "期间可能已经发出", "tried 3 times", '{"code": 401}', "{n}"):
        assert kept(text) == heard(text) == text


@pytest.mark.parametrize(
    "text",
    [
        MARK,
        MARK + '"}',
        '{"said":"accounts.elsewhere","row":["x"]}',
        '{"said":"","zh":"{a.__class__}","en":"{a.__class__}","of":{"a":1}}',
        '{"said":"","zh":"{a!r:>9}","en":"","of":{"a":1}}',
        '{"said":"","zh":"{b}","en":"{b}","of":{"a":1}}',
        '{"said":"","zh":"{","en":"{","of":{"a":1}}',
        '{"said":"","zh":1,"en":2}',
        '{"said":"","row":[1]}',
        '{"said":"","row":[{"do":"x"}]}',
        '{"said":"","zh":"","en":"","of":{"a":null}}',
        '{"said":"' + "[" * 10_000,
        '{"said":"","all":[' * 400,
    ],
)
def test_what_others_wrote_is_never_taken_for_ours_and_breaks_nothing(text: str) -> None:
    assert heard(kept(text)) == text
    assert code_of(heard(kept(text))) == ""
    heard(text)


@given(st.text(max_size=200))
def test_any_text_comes_back(text: str) -> None:
    assert heard(kept(text)) == text
    said = say("甲{x}。", "one {x}.", x=text)
    assert heard(kept(said)) == said
    assert kept(heard(kept(said))) == kept(said)


def test_what_is_kept_has_a_bound_and_never_loses_its_code() -> None:
    long = say("{a}", "{a}", a="字" * 3 * KEPT_MAX).coded("a.b")
    assert len(kept(long)) < KEPT_MAX
    assert kept(long).startswith(begins_kept("a.b"))
    many = together([say("第 {n} 处", "the {n}th", n=n) for n in range(5000)])
    assert len(kept(many)) < KEPT_MAX
    deep: str = say("甲", "one").coded("a.b")
    for _ in range(200):
        deep = say("{it}（又）", "{it} (again)", it=deep).coded("a.b")
    assert code_of(heard(kept(deep))) == "a.b"
    assert english(kept(deep)).startswith("甲")


def test_it_is_made_safe_without_losing_what_it_is_made_of() -> None:
    said = say("对方说：{said}", "it said: {said}", said="\x1b[31m secret-token " + "长" * 900)
    safe = clipped(printable(masked(said, ["secret-token"])), 600)
    assert isinstance(safe, Said)
    assert len(safe) <= 600
    assert "\x1b" not in safe
    assert english(kept(safe)).startswith("it said: \\x1b[31m *** 长")
    across = say("密{x}", "p{x}", x="码abc")
    assert masked(across, ["密码abc"]) == "***"
    assert "密码abc" not in kept(masked(across, ["密码abc"]))


def test_a_secret_that_only_the_other_language_shows_is_masked_too() -> None:
    said = say("连不上", "cannot reach https://u:hunter22@x")
    assert "hunter22" not in kept(masked(said, ["hunter22"]))


def test_a_sentence_tells_another_one_whoever_reads_them() -> None:
    def then(name: str) -> Said:
        return say("当时发往 {name}", "sent to {name}", name=name)

    with read_by(Reader("zh", worded)):
        whole = say("{both}：请看", "{both}: look", both=then("甲"))
        aside = say("{why}（{before}）", "{why} ({before})", why=whole, before="…")
    with read_by(Reader("en", worded)):
        assert tells(whole, then("甲"))
        assert tells(aside, then("甲"))
        assert not tells(aside, then("乙"))
        assert tells("sent to 甲: look", then("甲"))
        assert not tells(then("甲"), whole)


def test_the_words_of_an_older_program_say_the_same() -> None:
    said = say("甲 {n}", "one {n}", n=2)
    assert says_the_same("甲 2", said)
    assert says_the_same("one 2", said)
    assert says_the_same(said, say("甲 {n}", "one {n}", n=2))
    assert not says_the_same("one 3", said)
    assert not says_the_same(said, say("甲 {n}", "one {n}", n=3))


def codes(path: Path) -> list[str]:
    return [
        node.args[0].value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "coded"
        and isinstance(node.args[0], ast.Constant)
    ]


@pytest.mark.parametrize("module", DECIDES)
def test_every_reason_and_refusal_has_a_code(module: str) -> None:
    tree = ast.parse((DOMAIN / f"{module}.py").read_text(encoding="utf-8"))
    named = {id(node.func.value) for node in ast.walk(tree) if isinstance(node, ast.Call) and _is(node, "coded")}
    named |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "join"}
    bare = [
        f"{function.name}:{node.lineno}"
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name not in PARTS
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "say"
        and id(node) not in named
    ]
    assert not bare


def _is(node: ast.Call, name: str) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr == name


def test_a_code_is_given_once_and_begins_with_its_module() -> None:
    found = Counter(code for path in sorted(DOMAIN.parent.rglob("*.py")) for code in codes(path))
    assert found
    assert [code for code, count in found.items() if count > 1] == []
    for module in DECIDES:
        assert [code for code in codes(DOMAIN / f"{module}.py") if not code.startswith(f"{module}.")] == []
