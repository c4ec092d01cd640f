"""What is read of somebody's page: what its readers see, in time that its length bounds."""

import time

import pytest

from xuanfa.content.text.page_text import page_text


def test_blocks_are_lines_and_what_is_not_shown_is_not_read() -> None:
    found = page_text(
        '<!doctype html><head><title>标题 甲</title><meta property="og:title" content="标题&quot;"><style>p{}</style>'
        '<script>var a = "<p>不是</p>"</script></head><body><div style="display: none">藏<div>着</div></div>'
        "<p>正文<b>一</b>段 a &lt; b<p>二<br>三<ul><li>甲<li>乙</ul><!-- 无 --><noscript>无脚本</noscript><p hidden>藏<p>尾"
        "<table><tr><td>格<td>子</table><textarea>填</textarea>"
    )
    assert found.titles == ["标题 甲", '标题"']
    assert found.lines == ["正文一段 a < b", "二", "三", "甲", "乙", "尾", "格", "子"]
    assert (found.asks, found.scripts) == (False, 1)


def test_a_page_that_asks_for_a_password_says_so() -> None:
    assert page_text("<form><input name=u><input type=PASSWORD></form>").asks


def test_plain_text_is_read_as_it_is() -> None:
    assert page_text(" 一 \n\n二\t三").lines == ["一", "二 三"]


@pytest.mark.parametrize(
    "piece",
    [
        "<div>",
        "<script>",
        "<!--",
        "<a ",
        "<ul><li>",
        "<p hidden>",
        "<b>",
        "&",
        "<p title='",
        "<svg>",
        "</p>",
        "<table>",
    ],
)
def test_a_hostile_page_takes_bounded_time(piece: str) -> None:
    begun = time.process_time()
    page_text(piece * 60_000)
    assert time.process_time() - begun < 20


def test_no_more_words_are_kept_than_a_page_may_have() -> None:
    assert sum(map(len, page_text("<p>字" * 400_000).lines)) <= 300_000
