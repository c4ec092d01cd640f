"""The same content: what counts as a difference, where the limit lies, and how long it takes to see."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xuanfa.domain.likeness import Sketch, body_of, comparable, is_same, lengths_like, title_key

CHANCE = random.Random(5)  # noqa: S311 - texts for tests
ARTICLE = "".join(chr(0x4E00 + CHANCE.randrange(2000)) for _ in range(1000))


def changed(text: str, count: int) -> str:
    """The text with so many characters changed, all over it."""
    letters = list(text)
    for at in range(0, count * (len(text) // (count or 1)), len(text) // (count or 1)):
        letters[at] = "x"
    return "".join(letters)


def test_what_no_reader_sees_makes_no_other_text() -> None:
    plain = comparable(ARTICLE)
    assert (
        comparable("&emsp;&emsp;" + ARTICLE[:500] + "&nbsp;\n<!-- 内部：" + "注" * 500 + " -->" + ARTICLE[500:])
        == plain
    )
    assert comparable("5 &lt; 6") == comparable("5 < 6")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (ARTICLE, ARTICLE, True),
        (ARTICLE, changed(ARTICLE, 20), True),
        (ARTICLE, changed(ARTICLE, 21), False),
        (ARTICLE, ARTICLE[20:], True),
        (ARTICLE, ARTICLE[21:], False),
        (ARTICLE, ARTICLE[:500] + "补" * 20 + ARTICLE[500:], True),
        (ARTICLE, ARTICLE[:500] + "补" * 21 + ARTICLE[500:], False),
        (ARTICLE[:50], changed(ARTICLE[:50], 1), True),
        (ARTICLE[:49], changed(ARTICLE[:49], 1), False),
        (ARTICLE, ARTICLE[500:] + ARTICLE[:500], False),
        (ARTICLE, "".join(reversed(ARTICLE)), False),
        ("", "", True),
        ("", "字", False),
    ],
)
def test_a_difference_in_fifty_is_still_the_same(one: str, other: str, same: bool) -> None:
    assert is_same(one, other) is same
    assert is_same(other, one) is same


def distance(one: str, other: str) -> int:
    """The textbook's way, cell by cell."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        new = [at]
        for to, its in enumerate(other, 1):
            new.append(min(row[to] + 1, new[-1] + 1, row[to - 1] + (letter != its)))
        row = new
    return row[-1]


@settings(max_examples=300, deadline=None)
@given(
    base=st.text("甲乙丙", min_size=40, max_size=130),
    edits=st.lists(st.tuples(st.integers(0, 200), st.sampled_from("+-x")), max_size=5),
)
def test_it_counts_as_the_textbook_does(base: str, edits: list[tuple[int, str]]) -> None:
    other = base
    for at, edit in edits:
        place = at % (len(other) + 1)
        other = other[:place] + {"+": "丁", "-": "", "x": "戊"}[edit] + other[place + (edit != "+") :]
    assert is_same(base, other) is (distance(base, other) <= max(len(base), len(other)) // 50)


def test_white_space_punctuation_width_and_case_are_no_difference() -> None:
    assert comparable("## 开庭 公告！\n\n- “Ａbc”，１２３\u3000。") == "开庭公告abc123"
    assert title_key("开庭公告") == title_key(" 开庭公告！") != title_key("开庭通知")
    assert title_key("？") != title_key("！")


def test_the_body_is_what_stands_below_the_front_matter() -> None:
    assert body_of("\n---\ntitle: 一\n---\n\n正文。\n---\n尾") == "\n正文。\n---\n尾"
    assert body_of("正文。") == "正文。"
    assert body_of("") == ""


@given(st.text(max_size=200))
def test_a_sketch_is_read_as_it_was_written(text: str) -> None:
    assert Sketch.read(Sketch.of(text).written) == Sketch.of(text)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_lengths_that_may_be_the_same_are_all_within_reach(one: int, other: int) -> None:
    shortest, longest = lengths_like(one)
    may_be = abs(one - other) <= max(one, other) // 50
    assert not may_be or shortest <= other <= longest


def letters(count: int, alphabet: str) -> str:
    return "".join(CHANCE.choices(alphabet, k=count))


LONG = letters(100_000, "abcdefghij")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LONG, LONG[50_000:] + LONG[:50_000]),
        (LONG, "".join(sorted(LONG))),
        (LONG, changed(LONG, 1990)),
        ("a" * 50_000 + "b" * 50_000, "b" * 50_000 + "a" * 50_000),
        (("a" * 40 + "b") * 2400, ("a" * 41 + "b") * 2343),
        ("ab" * 50_000, "ba" * 50_000),
        ("字" * 100_000, "字" * 98_001),
    ],
)
def test_no_text_of_100_kb_takes_long(one: str, other: str) -> None:
    """What cannot be told within the patience counts as the same: somebody is asked."""
    before = time.process_time()
    assert is_same(one, other)
    assert time.process_time() - before < 4  # on a busy machine; measured 1.3 s at most


def test_what_could_not_be_told_apart_by_a_sketch_is_told_apart_by_counting() -> None:
    shuffled = "".join(CHANCE.sample(ARTICLE, len(ARTICLE)))
    assert Sketch.of(ARTICLE).may_be(Sketch.of(shuffled))
    assert not is_same(ARTICLE, shuffled)
