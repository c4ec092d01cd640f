"""Every sentence of the program, read with a proof-reader's eyes for what a machine can see: marks, quotation marks, English in Chinese."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "xuanfa"
CHINESE = re.compile("[\u4e00-\u9fff]")

#: Sentences that end twice, or hang on one another.
DOUBLED = re.compile(r"[。；：，、！？][。；：，、]|\.\.(?!\.)|,,|;;")
#: Quotation marks within quotation marks, and straight ones round Chinese words.
NESTED = re.compile(r"“[^”]*“|‘[^’]*‘")
STRAIGHT = re.compile(r"(?<![A-Za-z0-9=(\[])\"[\u4e00-\u9fff]+\"|'[\u4e00-\u9fff]+'")
#: Latin words that may stand in a Chinese sentence: what is typed or read as it is (commands, settings, files), names of products and techniques.
KNOWN = frozenset((Path(__file__).parent / "known_words.txt").read_text(encoding="utf-8").split())


@cache
def chinese_sentences() -> tuple[tuple[str, str], ...]:
    """Where each stands, and the sentence."""
    return tuple(found for path in sorted(SOURCE.rglob("*.py")) for found in _sentences(path))


def _sentences(path: Path) -> Iterator[tuple[str, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say" and node.args):
            continue
        first = node.args[0]
        if isinstance(first, ast.Constant) and CHINESE.search(str(first.value)):
            yield f"{path.relative_to(SOURCE)}:{node.lineno}", str(first.value)


def read(found: re.Pattern[str], sentences: tuple[tuple[str, str], ...]) -> list[str]:
    return [f"{where}: {text}" for where, text in sentences if found.search(text)]


def test_there_are_sentences_to_read() -> None:
    assert len(chinese_sentences()) > 700


def test_no_sentence_ends_twice() -> None:
    assert not read(DOUBLED, chinese_sentences())


def test_quotation_marks_within_quotation_marks_are_single() -> None:
    assert not read(NESTED, chinese_sentences())


def test_chinese_words_stand_in_chinese_quotation_marks() -> None:
    typed = ("xuanfa new", "{new}", '"示例"')  # what is to be typed has the marks of a shell and of TOML
    found = [(where, text) for where, text in chinese_sentences() if not any(mark in text for mark in typed)]
    assert not read(STRAIGHT, tuple(found))


def test_a_command_to_run_is_named_whole() -> None:
    """``release`` alone is a word of the program's; what a person types is ``xuanfa release``."""
    verbs = "release|resolve|cancel|retry|retract|reschedule|resume|restore|recover"
    bare = re.compile(rf"(?<!xuanfa )(?<!channels )(?<!--)(?<![\w./-])({verbs})(?![\w/.])")
    named = tuple((where, re.sub(r"\{[^{}]*\}", "", text)) for where, text in chinese_sentences())
    assert not read(bare, named)


def test_no_sentence_offers_nothing() -> None:
    assert not [
        where
        for where, text in chinese_sentences()
        if "可以变为：无" in text or text.strip() in {"无", "错误", "失败了"}
    ]


def english_words(text: str) -> set[str]:
    """Latin words that are neither filled in, nor an option, an address, a setting, a variable or a file."""
    left = re.sub(r"\{[^{}]*\}", " ", text)
    left = re.sub(
        r"https?://\S+|--[\w-]+|[\w./-]+\.(?:md|toml|txt|html?|json|xml|db|conf|com|cn|py)\b|\$?[A-Z][A-Z0-9]*_[A-Z0-9_…]+",
        " ",
        left,
    )
    left = re.sub(r"[a-z]+_[a-z_]+|[\w-]*/[\w./{}-]*|`[^`]*`", " ", left)
    return {word.lower() for word in re.findall(r"[A-Za-z]{2,}", left)}


def test_latin_words_in_chinese_sentences_are_names_of_things() -> None:
    strange = {word: where for where, text in chinese_sentences() for word in english_words(text) - KNOWN}
    assert not strange, (
        "say it in Chinese; or, if it is a name that a person has to type or look for, add it to known_words.txt"
    )


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (DOUBLED, "没有发出。；请检查"),
        (DOUBLED, "渠道答复 401：。"),
        (NESTED, "“三抓“三促”行动”"),
        (STRAIGHT, '没有专栏"公告"'),
    ],
)
def test_what_is_looked_for_would_be_found(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)
    assert english_words("答复 ReadTimeout: timed out，见 xuanfa.toml") - KNOWN == {"readtimeout", "timed", "out"}
