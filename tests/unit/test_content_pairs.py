"""Bold and struck-through text finds the partner that its author meant, whatever Chinese stands beside and within it, or somebody is told."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xuanfa.content.text.markdown import leftovers, to_html


def shown(markdown: str) -> str:
    return re.sub(r' rel="[^"]*"', "", to_html(markdown)).strip()


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**：**", "<strong>：</strong>"),
        ("甲**，**乙**，**丙", "甲<strong>，</strong>乙<strong>，</strong>丙"),
        ("**？**和**！**", "<strong>？</strong>和<strong>！</strong>"),
        ("**重点**：**提醒**", "<strong>重点</strong>：<strong>提醒</strong>"),
        ("一**，**二**。**三", "一<strong>，</strong>二<strong>。</strong>三"),
        ("**甲。****乙**", "<strong>甲。</strong><strong>乙</strong>"),
        ("**甲****乙****丙**", "<strong>甲</strong><strong>乙</strong><strong>丙</strong>"),
        ("**见[通知：](https://a.example)**乙", '<strong>见<a href="https://a.example">通知：</a></strong>乙'),
        ("[**甲：**乙**，**丙](https://a.example)", '<a href="https://a.example"><strong>甲：</strong>乙<strong>，</strong>丙</a>'),
        ("**《[法](https://a.example)》**第**1**条", '<strong>《<a href="https://a.example">法</a>》</strong>第<strong>1</strong>条'),
        ("~~。~~改~~！~~", "<s>。</s>改<s>！</s>"),
    ],
)  # fmt: skip
def test_marks_are_paired_as_they_were_typed(markdown: str, html: str) -> None:
    assert shown(markdown) == f"<p>{html}</p>"
    assert [each for each in leftovers(markdown) if each.kind != "struck"] == []


_SIGNS = "，。；：！？、「」《》“”‘’（）【】—…"
_WORDS = st.text(alphabet="甲乙丙民" + _SIGNS, min_size=1, max_size=6)


def _fits(text: str) -> bool:
    """What an author may mean: bold text of marks alone, or such as neither begins with an end nor ends with a beginning."""
    return not re.search(r"\w", text) or (text[0] not in "、，。；：！？）》」】”’" and text[-1] not in "（《「【“‘")


@settings(deadline=None)
@given(st.lists(st.tuples(_WORDS.filter(_fits), _WORDS), min_size=1, max_size=5))
def test_any_row_of_bold_and_plain_pieces_is_shown_as_it_was_put_together(pieces: list[tuple[str, str]]) -> None:
    markdown = "".join(f"**{bold}**{plain}" for bold, plain in pieces)
    html = "".join(f"<strong>{bold}</strong>{plain}" for bold, plain in pieces)
    assert shown(markdown) == f"<p>{html}</p>"


@settings(deadline=None)
@given(st.text(alphabet="甲3 *：「」，", max_size=24))
def test_no_mark_reaches_readers_untold(text: str) -> None:
    left = re.search(r"(?<![3*])\*\*(?![3*])", to_html(text))
    is_told = any(each.kind in {"mark", "nested"} for each in leftovers(text))
    assert is_told or not left or "****" in text


@pytest.mark.parametrize("text", ["**甲 **乙** 丙**", "****重要****"])
def test_bold_within_bold_is_told(text: str) -> None:
    assert [(each.kind, each.line) for each in leftovers(text)] == [("nested", 1)]


@pytest.mark.parametrize(
    "text", ["尾号****1234、****5678", "**电话138****1234**", "李某**到庭", "王某*、张某*缺席", "# 周某**诉李某**案"]
)
def test_masks_beside_bold_text_and_behind_part_of_a_name_stay(text: str) -> None:
    hidden = re.sub(r"^# |^\*\*|\*\*$", "", text)
    assert hidden in to_html(text)
    assert leftovers(text) == []


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("见**重点**\n下文", "见<strong>重点</strong>下文"),
        ("上文\n[链接](https://a.example)", '上文<a href="https://a.example">链接</a>'),
        ("[链\n接](https://a.example)。", '<a href="https://a.example">链接</a>。'),
        ("word **bold**\nword", "word <strong>bold</strong>\nword"),
    ],
)
def test_a_line_broken_beside_a_mark_leaves_no_gap(markdown: str, html: str) -> None:
    assert shown(f"{markdown}\n\n末段。") == f"<p>{html}</p>\n<p>末段。</p>"


@pytest.mark.parametrize(
    ("markdown", "told"),
    [
        ("**一、标题**\n正文继续。", ["一、标题"]),
        ("前面**一、标题**\n正文继续", []),
        ("**甲**和**乙**\n正文继续", []),
        ("**一、标题**  \n正文继续。", []),
    ],
)
def test_a_bold_line_that_joins_the_next_one_is_told(markdown: str, told: list[str]) -> None:
    found = leftovers(f"首段。\n\n{markdown}\n\n末段。")
    assert [each.what for each in found if each.kind == "joined"] == told
