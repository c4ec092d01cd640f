"""Raw HTML in a post: what all channels can show is carried, and what none can is told."""

import re

import pytest

from xuanfa.content.text.leftovers import in_words
from xuanfa.content.text.markdown import leftovers, to_html

ROW = "<tr><td>1</td><td>2</td></tr>"


def shown(markdown: str) -> str:
    return re.sub(r' rel="[^"]*"', "", to_html(markdown)).strip()


@pytest.mark.parametrize(
    ("html", "cells"),
    [
        ('<tr><td align="right">1</td><td>2</td></tr>', ["right", ""]),
        ('<tr><td align=CENTER>1</td><td style="color:red; TEXT-ALIGN: Right">2</td></tr>', ["center", "right"]),
        ('<tr align="right"><td>1</td><td align="left">2</td></tr>', ["right", "left"]),
        ('<tbody style="text-align:center"><tr><td>1</td><td style="text-align:end">2</td></tr></tbody>', ["center", "right"]),
        ('<tr><td align="justify">1</td><td style="text-align:justify">2</td></tr>', ["", ""]),
    ],
)  # fmt: skip
def test_the_side_of_a_cell_is_kept_wherever_it_is_written(html: str, cells: list[str]) -> None:
    found = re.findall(r"<td(?: class=\"align-(\w+)\")?>", shown(f"<table>{html}</table>"))
    assert found == cells


def test_a_table_in_the_middle_of_the_page_does_not_centre_its_cells() -> None:
    assert "align" not in shown(f'<table align="center">{ROW}</table>')
    assert shown(f'<table style="text-align:center">{ROW}</table>').count('<td class="align-center">') == 2


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ('<p align="right">某法院</p>', '<p class="align-right">某法院</p>'),
        ('<div align="center"><p>甲</p><p align="left">乙</p></div>', '<p class="align-center">甲</p><p class="align-left">乙</p>'),
        ('<h3 style="text-align: center">甲</h3>', '<h3 class="align-center">甲</h3>'),
        ("{.align-center}\n| 甲 | 乙 |\n|---|--:|\n| 1 | 2 |", '<td class="align-center">1</td>\n<td class="align-right">2</td>'),
    ],
)  # fmt: skip
def test_paragraphs_headings_and_what_holds_them_keep_their_side(html: str, wanted: str) -> None:
    assert wanted in shown(html)


@pytest.mark.parametrize(
    ("rows", "heads"),
    [
        (["<th>甲</th><th>乙</th>", "<td>1</td><td>2</td>"], 1),
        (['<th rowspan="2">甲</th><th>乙</th>', "<th>丙</th>", "<td>1</td><td>2</td>"], 2),
        (['<th rowspan="2">甲</th><th>乙</th>', "<td>1</td>", "<td>1</td><td>2</td>"], 0),
        (['<th rowspan="0">甲</th><th>乙</th>', "<td>1</td>"], 0),
        (["<th>甲</th><td>1</td>", "<th>乙</th><td>2</td>"], 0),
        (["<th>甲</th><th>乙</th>"], 0),
        (["<th>甲</th>", "<th>乙</th>", "<th>丙</th>"], 1),
    ],
)
def test_rows_of_heads_are_the_head_of_their_table(rows: list[str], heads: int) -> None:
    html = shown(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
    head = re.search(r"<thead>(.*?)</thead>", html)
    assert (head[1].count("<tr>") if head else 0) == heads
    assert html.count("<tr>") == len(rows)


def test_a_head_that_is_written_stays_as_it_is() -> None:
    html = f"<table><thead><tr><th>甲</th><th>乙</th></tr></thead><tbody><tr><th>丙</th><th>丁</th></tr>{ROW}</tbody></table>"
    assert shown(html) == html


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ('<span style="color: red">红</span>', ["color: red"]),
        ('<p style="margin:0;line-height:2">甲</p>', []),
        ('<p style="font-weight:bold">甲</p>', ["font-weight: bold"]),
        ('<p style="text-decoration: line-through">甲</p>', ["text-decoration: line-through"]),
        ('<p style="display:none">甲</p>', ["display: none"]),
        ("<p hidden>甲</p>", ["hidden"]),
        ('<ul><li align="right">甲</li></ul>', ['<li align="right">']),
        ('<p align="right">甲</p>', []),
        ('<ol type="a"><li value="3">甲</li></ol>', ['type="a"', "value"]),
        ('<ol type="1"><li>甲</li></ol><ul type="disc"><li>乙</li></ul>', []),
        ('<table><tr><td bgcolor="red">1</td><td bgcolor="red">2</td></tr></table>', ["bgcolor"]),
        ("<!-- <p hidden> -->", []),
    ],
)
def test_styles_that_say_something_are_told_once(html: str, told: list[str]) -> None:
    found = leftovers(f"开头。\n\n{html}\n\n再次。\n\n{html}")
    assert [(each.kind, each.what, each.line) for each in found] == [("style", what, 3) for what in told]
    assert all("**" in in_words(each) for each in found)


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ("<p>\n**甲**</p>", [("mark", "**", 4)]),
        ("<table><tr><td>张**</td><td>138****1234</td></tr></table>", []),
        ("<p>[文字](https://a.example)</p>", [("mark", "](", 3)]),
        ('<p><a href="b.md">甲</a></p>', [("dead", "b.md", 3)]),
        ("句中<a href='#甲'>甲</a>。", [("dead", "#甲", 3)]),
        ('<p><a href="https://a.example/?b=1&amp;c=2">甲</a></p>', []),
    ],
)
def test_marks_and_dead_links_in_raw_html_are_told(html: str, told: list[tuple[str, str, int]]) -> None:
    assert [(each.kind, each.what, each.line) for each in leftovers(f"开头。\n\n{html}")] == told


@pytest.mark.parametrize("address", ["b.md", "/b", "#b", "javascript:b()", "tel:", "file:///b"])
def test_a_link_without_an_address_is_no_link(address: str) -> None:
    assert shown(f'见<a href="{address}">甲</a>。') == "<p>见甲。</p>"


@pytest.mark.parametrize("target", ["#三、做法", "#三做法", "#%E4%B8%89%E3%80%81%E5%81%9A%E6%B3%95", "#总述#三、做法"])
def test_a_link_to_a_heading_leads_there_and_its_reach_is_told(target: str) -> None:
    markdown = f"开头。\n\n[见下]({target})\n\n## 三、**做法**\n\n文字"
    html = shown(markdown)
    assert '<a href="#sec1">见下</a>' in html
    assert '<h2 id="sec1">三、<strong>做法</strong></h2>' in html
    assert [(each.kind, each.line) for each in leftovers(markdown)] == [("anchor", 3)]


@pytest.mark.parametrize("target", ["#四、没有", "#", "#top", "#sec1", "#fn1", "#^abc"])
def test_a_link_to_no_heading_is_told_and_is_none(target: str) -> None:
    markdown = f"开头。\n\n[见下]({target})\n\n## 三、做法\n\n文字"
    assert "<p>见下</p>" in shown(markdown)
    assert "id=" not in shown(markdown)
    assert [(each.kind, each.what, each.line) for each in leftovers(markdown)] == [("dead", target, 3)]


def test_links_of_footnotes_still_lead_there_and_back() -> None:
    html = shown("甲[^1]\n\n[^1]: 注")
    assert 'href="#fn1"' in html
    assert 'href="#fnref1"' in html
    assert leftovers("甲[^1]\n\n[^1]: 注") == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("#普法 #法治", ["#普法", "#法治"]),
        ("正文 #普法 结束 #tag", ["#普法", "#tag"]),
        ("##二、做法", ["##二、做法"]),
        ("#1、做法", ["#1、做法"]),
        ("#法治进校园#活动开始", []),
        ("#甲##乙#", []),
        ("请关注 #法治 进校园# 话题", []),
        ("案例 #1 宣判，C# 语言，第#3号", []),
        ("\\#普法", []),
        ("`#普法`", []),
        ("一段文字 ^abc12", ["^abc12"]),
        ("^def-3", ["^def-3"]),
        ("10 ^ 5", []),
        ("m^2^", ["^2^"]),
        ("$$x$$", ["$$"]),
        ("H~2~O", ["~2~"]),
        ("9~10~11", []),
        ("状态:: 完成", ["状态::"]),
    ],
)
def test_marks_of_other_programs_are_told_with_their_line(text: str, told: list[str]) -> None:
    found = leftovers(f"开头。\n\n{text}\n\n结尾。")
    assert [(each.what, each.line) for each in found if each.kind == "mark"] == [(what, 3) for what in told]


def test_words_of_pictures_are_looked_at_like_text() -> None:
    assert leftovers('![张**签字](a.jpg "电话138****1234，李某*")') == []
    assert [each.what for each in leftovers('![甲 **乙 ](a.jpg "见 [[乙]]")')] == ["**", "[["]
