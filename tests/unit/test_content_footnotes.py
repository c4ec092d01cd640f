"""Footnotes that readers never get are told: without text, referred to by nothing, or under the number of another one."""

import re

import pytest

from xuanfa.content.text.leftovers import in_words
from xuanfa.content.text.markdown import leftovers, to_html


@pytest.mark.parametrize(
    ("written", "what", "line"),
    [
        ("甲[^1]。\n\n[^1]:\n", "[^1]:", 3),
        ("甲[^注]。\n\n[^注]:   \n\n乙。", "[^注]:", 3),
        ("甲。\n\n[^2]: 没有引用。\n", "[^2]:", 3),
        ("甲[^a]。\n\n[^a]: 一。\n\n[^a]: 二。\n", "[^a]:", 3),
        ("甲\n乙^[]。", "^[]", 2),
    ],
)
def test_one_that_is_lost_is_told_with_its_line(written: str, what: str, line: int) -> None:
    assert [(each.kind, each.what, each.line) for each in leftovers(written)] == [("note", what, line)]
    assert what in in_words(leftovers(written)[0])


@pytest.mark.parametrize(
    "written",
    [
        "甲[^1]乙[^1]。\n\n[^1]: 注。\n",
        "甲[^1]。\n\n[^1]:\n\n    隔行的注。\n",
        "甲^[注]。",
        "甲[^1]。\n\n[^1]: ![图](a.jpg)\n",
    ],
)
def test_one_that_readers_get_needs_no_word(written: str) -> None:
    assert [each for each in leftovers(written) if each.kind == "note"] == []


def test_one_that_is_referred_to_twice_has_one_number() -> None:
    html = to_html("甲[^a]乙[^b]丙[^a]。\n\n[^a]: 一。\n\n[^b]: 二。\n")
    assert re.findall(r">(\[[^<]*\])</a>", html) == ["[1]", "[2]", "[1]"]
    assert re.findall(r' id="(fnref[^"]*)"', html) == ["fnref1", "fnref2", "fnref1:1"]
