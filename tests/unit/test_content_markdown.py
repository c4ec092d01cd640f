"""Markdown becomes clean HTML and readable plain text; nothing that runs comes through."""

import re
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xuanfa.content.text.markdown import (
    Referred,
    miswritten_pictures,
    pictures,
    to_html,
    to_text,
    unclosed_comment,
)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("一段**重点**话", "<p>一段<strong>重点</strong>话</p>"),
        ("**通知：**各单位", "<p><strong>通知：</strong>各单位</p>"),
        ("强调*“宪法”*二字", "<p>强调<em>“宪法”</em>二字</p>"),
        ("2 * 3 * 4 与 a*b", "<p>2 * 3 * 4 与 a*b</p>"),
        ("第一行\n第二行\n\n三", "<p>第一行第二行</p><p>三</p>"),
        ("one\ntwo\n\nthree", "<p>one\ntwo</p><p>three</p>"),
        ("# 大\n\n## 小", "<h2>大</h2>\n<h3>小</h3>"),
        ("## 小", "<h2>小</h2>"),
        ("~~删去~~", "<p><s>删去</s></p>"),
        ("一句{.wide}", "<p>一句{.wide}</p>"),
        ("前<!-- 内部意见 -->后", "<p>前后</p>"),
        ("<!-- 内部\n\n意见 -->\n\n后", "<p>后</p>"),
        (
            '前\n\n<video src="a.mp4" controls></video>\n\n<p><iframe src="https://a.cn"></iframe></p>\n\n后',
            "<p>前</p><p>后</p>",
        ),
        (
            "[外](https://a.cn/?a=1&b=2)",
            '<p><a href="https://a.cn/?a=1&amp;b=2" rel="noopener noreferrer">外</a></p>',
        ),
        ("[信](mailto:a@b.cn)", '<p><a href="mailto:a@b.cn" rel="noopener noreferrer">信</a></p>'),
        ("![庭审](images/a.png)", '<figure><img src="images/a.png" alt="庭审"><figcaption>庭审</figcaption></figure>'),
        (
            '![庭审](图片/甲.png "图为庭审现场")',
            '<figure><img src="图片/甲.png" alt="庭审"><figcaption>图为庭审现场</figcaption></figure>',
        ),
        (
            "![庭审](a.png){.wide width=300}",
            '<figure class="wide"><img src="a.png" alt="庭审" width="300"><figcaption>庭审</figcaption></figure>',
        ),
        (
            "![甲](a.png)\n![](b.png)",
            '<figure><img src="a.png" alt="甲"><figcaption>甲</figcaption></figure><figure><img src="b.png" alt=""></figure>',
        ),
        ("文中![图](a.png)图", '<p>文中<img src="a.png" alt="图">图</p>'),
    ],
)
def test_markdown_becomes_html(markdown: str, html: str) -> None:
    assert re.sub(r"\n+(?=</?fig)|(?<=>)\n+(?=<(?!h3))", "", to_html(markdown)).strip() == html


def test_the_alignment_of_table_columns_is_a_class_and_never_a_style() -> None:
    html = to_html("| 左 | 中 | 右 |\n|:--|:-:|--:|\n| 1 | 2 | 3 |")
    assert re.findall(r'<th class="([\w-]+)">', html) == ["align-left", "align-center", "align-right"]
    assert "style" not in html


def test_a_footnote_leads_there_and_back() -> None:
    html = to_html("正文[^注]。\n\n[^注]: 说明。")
    assert '<a href="#fn1" id="fnref1"' in html
    assert '<li id="fn1" class="footnote-item">' in html


@pytest.mark.parametrize(
    ("markdown", "gone"),
    [
        ("<script>alert(1)</script>好", "alert"),
        ("[a](javascript:alert(1))", "javascript"),
        ("![a](javascript%3Aalert(1))", "javascript"),
        ("<a href='JaVaScRiPt:alert(1)'>a</a>", "alert"),
        ('<p onclick="alert(1)">a</p>', "onclick"),
        ('<p style="position:fixed">a</p>', "style"),
        ('<p id="main" class="nav wide">a</p>', "nav"),
        ('<iframe src="https://a.cn"></iframe>', "iframe"),
        ("<img src=x onerror=alert(1)>", "onerror"),
        ('![a](a.png){onload="alert(1)" style="x"}', "onload"),
        ("[a](data:text/html;base64,xx)", "data:"),
        ("<svg><style><img src=x onerror=alert(1)></style></svg>", "onerror"),
    ],
)
def test_what_could_run_or_deceive_is_gone(markdown: str, gone: str) -> None:
    assert gone not in to_html(markdown)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style", "iframe", "object", "embed", "svg", "math", "form", "base", "meta", "link"}:
            self.bad.append(tag)
        for name, value in attrs:
            scheme = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or name == "style" or scheme.startswith(("javascript:", "data:", "vbscript:")):
                self.bad.append(f"{tag} {name}={value}")


FRAGMENTS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *(
                    "<script>",
                    "</script>",
                    "<img src=",
                    "onerror=alert(1)",
                    "javascript:",
                    "<!--",
                    "-->",
                    "<a href=",
                    '"',
                    "'",
                ),
                *(
                    "![x](",
                    "[x](",
                    ")",
                    "{.wide onclick=x}",
                    "**",
                    "：",
                    "法院",
                    "\n\n",
                    "> ",
                    "- ",
                    "1. ",
                    "    ",
                    "|",
                    "|--|\n",
                ),
                *(
                    "[^1]",
                    "[^1]: ",
                    "<svg>",
                    "<math>",
                    "<style>",
                    "&#106;",
                    "&lt;",
                    "\\",
                    "`",
                    "```\n",
                    "<",
                    ">",
                    "\x00",
                ),
            ]
        ),
        st.text(max_size=8),
    ),
    max_size=30,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(FRAGMENTS)
def test_no_text_whatever_makes_html_that_runs(markdown: str) -> None:
    html = to_html(markdown)
    tags = _Tags()
    tags.feed(html)
    tags.close()
    assert tags.bad == []
    assert "<!--" not in html
    to_text(html)
    pictures(markdown)


def test_threads_share_one_parser() -> None:
    texts = [f"第{number}段**重点**[^1]\n\n[^1]: 注{number}" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(to_html, texts)) == [to_html(text) for text in texts]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("甲\n\n乙", "甲\n\n乙"),
        ("## 题\n\n文", "题\n\n文"),
        ("前\n\n- 甲\n- 乙\n  1. 子\n\n后", "前\n\n· 甲\n· 乙\n  1. 子\n\n后"),
        ("3. 甲\n4. 乙", "3. 甲\n4. 乙"),
        ("1. 甲\n\n- 乙", "1. 甲\n\n· 乙"),
        ("| 甲 | 乙 |\n|--|--|\n| 1 | **2** |\n\n后", "甲 | 乙\n1 | 2\n\n后"),
        ("见[官网](https://a.cn/x)。", "见官网（https://a.cn/x）。"),
        ("<https://a.cn/x> <a@b.cn>", "https://a.cn/x a@b.cn"),
        ("[法院](mailto:a@b.cn)", "法院（a@b.cn）"),
        ("前\n\n![图](a.png)\n\n后", "前\n\n后"),
        ("甲[^1]。\n\n乙\n\n[^1]: 注。", "甲[1]。\n\n乙\n\n[1] 注。"),
        ("> 引", "引"),
        ("甲  \n乙", "甲\n乙"),
        ("```\na  b\n c\n```", "a  b\n c"),
        ("`a < b` &amp; c", "a < b & c"),
    ],
)
def test_html_becomes_plain_text(markdown: str, text: str) -> None:
    assert to_text(to_html(markdown)) == text


def test_pictures_are_found_in_order_with_their_lines_and_once_each() -> None:
    markdown = (
        '甲![一](a.png)\n乙![二](b.png "题")\n\n![三](图片/c%20d.png)\n\n> ![四][ref]\n\n'
        '<p>\n<img src="e.png" alt="五"></p>\n\n![再](a.png)\n\n`![码](f.png)` <!-- ![注](g.png) -->\n\n[ref]: h.png'
    )
    assert pictures(markdown) == [
        Referred("a.png", "一", "", 1),
        Referred("b.png", "二", "题", 2),
        Referred("图片/c d.png", "三", "三", 4),
        Referred("h.png", "四", "四", 6),
        Referred("e.png", "五", "", 9),
    ]


def test_a_picture_that_would_be_shown_as_raw_text_is_found() -> None:
    assert miswritten_pictures("a\n![图](我 的.png)\n\n！[图]（a.png）\n\n`![码](a b)`") == [
        ("![图](我 的.png)", 2),
        ("！[图]（a.png）", 4),
    ]


@pytest.mark.parametrize(
    ("markdown", "line"),
    [("甲\n\n<!-- 乙\n丙", 3), ("<!-- 甲 -->\n乙", None), ("`<!--` 甲", None), ("<!-- a\n\nb -->", None)],
)
def test_a_comment_that_never_ends_is_found(markdown: str, line: int | None) -> None:
    assert unclosed_comment(markdown) == line
