"""Characters that nobody sees and that are left out of a post are told, with line and code point."""

import pytest

from xuanfa.content.reading.sources import decode


def told(text: str) -> list[tuple[int | None, str]]:
    found = decode(text.encode(), "posts/a.md").notices
    return [(each.place.line if each.place else None, each.message) for each in found]


@pytest.mark.parametrize(
    ("letter", "code", "done"),
    [
        ("\x07", "U+0007", "去掉"),
        ("\x0b", "U+000B", "换成空格"),
        ("\x7f", "U+007F", "去掉"),
        ("\x9f", "U+009F", "去掉"),
        ("\ufeff", "U+FEFF", "去掉"),
        ("\u2028", "U+2028", "换成空格"),
        ("\x85", "U+0085", "换成空格"),
    ],
)
@pytest.mark.parametrize(
    ("before", "line"), [("---\ntitle: 公", 2), ("---\ntitle: a\nauthor: 张", 3), ("---\n---\n正文", 3)]
)
def test_a_control_character_is_told_where_it_stands(before: str, line: int, letter: str, code: str, done: str) -> None:
    ((at, words),) = told(f"{before}{letter}告\n---\n")
    assert at == line
    assert code in words
    assert done in words


@pytest.mark.parametrize(
    "text", ["---\r\ntitle: a\r\n---\r\n", "\ufeff---\ntitle: a\n---\n\t甲\n", "甲\r乙", "甲　乙😀"]
)
def test_what_editors_write_needs_no_word(text: str) -> None:
    assert told(text) == []


def test_a_line_is_named_once_for_each_character_and_the_rest_is_counted() -> None:
    assert [at for at, _ in told("甲\x01\x01\x02\n乙\x01\n")] == [1, 1, 2]
    found = told("甲\x01\n" * 50_000)
    assert len(found) == 11
    assert found[-1][0] == 11
    assert "49990" in found[-1][1]


def test_the_text_itself_is_without_them() -> None:
    assert decode("甲\x01乙\x0b丙".encode(), "a.md").text == "甲乙 丙"
