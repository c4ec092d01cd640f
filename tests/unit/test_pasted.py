"""What is pasted keeps its structure: as Word, WPS, Excel, WeChat's editors and browsers put it on the clipboard, and whatever else lies there."""

import html
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xuanfa.content.reading.pasted import pasted
from xuanfa.content.text.markdown import to_html

CLIPBOARD = Path(__file__).parents[1] / "support" / "clipboard"
WORD = """\
## 永昌县人民法院执行工作情况

### 一、总体情况

今年以来，全院共受理执行案件1,204件，执结1,100件。其中**涉民生案件全部执结**，见[执行公告](<https://www.example.gov.cn/a?x=1&y=2>)。

### 二、主要做法

1. 摸清底数
   {.numbered}
   - a) 逐案登记
2. 集中行动

（一）清晨出发。干警五点集合。

（二）当场兑付。

他说当天就付清[^n70d1]。隐藏的字。

<table>
<tr><th rowspan="2"><strong>法庭</strong></th><th colspan="2"><strong>案件</strong></th></tr>
<tr><td>受理</td><td>执结</td></tr>
<tr><td>红山窑<br>（含巡回）</td><td>12</td><td>10|2</td></tr>
</table>

手工空出来的一段，写着<中华人民共和国民法典>和5\\*3\\*2。

全角空出来的一段。

换行写的一句。

图：

[^n70d1]: 指3月5日。"""
WPS = """\
## 一、巡回法庭进村

## 二、怎么办的

法官到了**田间地头**，当场调解。

- 查水渠
- 量地界

| 地块 | 亩数 |
| --- | --- |
| 渠东 | 1.2 |"""
EXCEL = """\
3月执行情况

| 法庭 | 受理 | 执结 | 备注 |
| --- | --- | --- | --- |
| 红山窑 | 12 | 10 |  |
| 3 | 3 | 分两行<br>写的 |  |
| 合计 | 15 | 13 | [公告](<https://www.example.gov.cn/>) |"""
WECHAT = """\
**01 清晨出发**

3月5日清晨，**执行干警**兵分三路。

第二段。

第一块没有段落

第二块没有段落

- 到案 12 人
- 拘留 3 人
  - 其中司法拘留 2 人

图为执行现场

> 善意文明执行

[上一期](<http://mp.weixin.qq.com/s?__biz=MzA&mid=1#rd>)"""
WEB = """\
## 最高人民法院发布典型案例

来源：最高人民法院新闻局 发布时间：2026-03-05

第一段写在 div 里，接着写在下一行。

第二段也在 div 里。**重点在这里**。

### 一、案情

张某起诉

李某答辩

3. 第三项
4. 第四项
   1. 分项

| 年份 | 件数 |
| --- | --- |
| 2025 | 120 |

[全文](<https://www.court.gov.cn/zixun/xiangqing/1.html>)　打印

1. 手打的编号

- 手打的横线

\\# 井号开头

a\\_b\\_c 和 \\`反引号\\` 和 \\[1\\] 和 2\\*3

```
原样
  保留
```

---

末段<sup>2</sup>，H<sub>2</sub>O，下划<s>删去</s>

原告

张某"""


@pytest.mark.parametrize(
    ("name", "text", "counts", "left_out"),
    [
        ("word", WORD, (3, 1, 1, 1), {"change", "comment", "hidden"}),
        ("wps", WPS, (2, 1, 1, 0), set()),
        ("excel", EXCEL, (0, 1, 0, 0), {"hidden"}),
        ("wechat", WECHAT, (0, 0, 1, 1), {"hidden"}),
        ("web", WEB, (2, 1, 3, 0), set()),
    ],
)
def test_each_program_keeps_its_structure(name: str, text: str, counts: tuple[int, ...], left_out: set[str]) -> None:
    made = pasted((CLIPBOARD / f"{name}.html").read_text(encoding="utf-8"))
    assert made.text == text
    assert (made.headings, made.tables, made.lists, made.pictures) == counts
    assert made.left_out == left_out
    assert made.program == ("" if name == "web" else name)
    shown = to_html(made.text)
    assert shown.count("<h2") + shown.count("<h3") == counts[0], "and reads as it was written"
    assert shown.count("<table") == counts[1]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        # Word's bold is called normal for scripts that are written from the right.
        ("<p>有<b style='mso-bidi-font-weight:normal'>粗</b>字</p>", "有**粗**字"),
        ('<b style="font-weight:normal" id="docs-internal-guid-1"><p>不粗</p></b>', "不粗"),
        ("<p><strong>“引号”</strong>里</p>", "**“引号”**里"),
        ("<p>先<strong>“引号”</strong>里</p>", "先<strong>“引号”</strong>里"),
        ("<p><b>一、开庭</b></p><p>庭审。</p>", "## 一、开庭\n\n庭审。"),
        ("<p>&nbsp;&nbsp;&nbsp;&nbsp;空四格不是代码</p>", "空四格不是代码"),
        ("<p>a &lt;script&gt; b &amp;amp; c</p>", "a &lt;script> b &amp;amp; c"),
        ("<ol><li><p>一</p><p>二</p></li><li>三<ul><li>四</li></ul></li></ol>", "1. 一 二\n2. 三\n   - 四"),
        ("<ul><ul><li>直接嵌套</li></ul></ul>", "- 直接嵌套"),
        ("<table><tr><td>只有一格</td></tr></table>", "只有一格"),
        ("<table><tr><td>甲|乙</td><td>丙</td></tr><tr><td>丁</td></tr></table>", "| 甲\\|乙 | 丙 |\n| --- | --- |\n| 丁 |  |"),
        ("<table><col><col style='display:none'><tr><td>甲</td><td>密</td><td>乙</td></tr></table>", "| 甲 | 乙 |\n| --- | --- |"),
        ("<p>参见注<a href='#_ftn9'>[9]</a>。</p>", "参见注。"),
        ("<p>1.5亿元</p><p>2026. 3. 5</p>", "1.5亿元\n\n2026\\. 3. 5"),
        ("<p><a href='javascript:alert(1)'>点</a><a href='file:///C:/a.doc'>看</a></p>", "点看"),
        ("<h1>大</h1><h4>小</h4>", "## 大\n\n### 小"),
        ("<ruby>汉<rp>(</rp><rt>hàn</rt><rp>)</rp></ruby>字", "汉字"),
        ("<![foo[ 坏的声明 <p>后文</p>", "后文"),
        ("<p>王<em>五</em><u>六</u><font color=red>七</font></p>", "王五六七"),
    ],
)  # fmt: skip
def test_pieces(source: str, text: str) -> None:
    assert pasted(source).text == text


#: Of what HTML and Markdown are made.
PIECES = (
    *(
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<table>",
        "<tr>",
        "<td colspan=3>",
        "<td rowspan=2>",
        "</table>",
        "<ul>",
        "<li>",
    ),
    *(
        "<ol start=7>",
        "</ul>",
        "<b>",
        "</b>",
        "<h3>",
        "</h3>",
        "<br>",
        "<pre>",
        "<blockquote>",
        "</blockquote>",
        "<sup>",
    ),
    *("<p style='mso-list:l0 level3 lfo1'>", "<span style='mso-list:Ignore'>3.</span>", "<![if !x]>", "<![endif]>"),
    *("<!--", "-->", "<a href='#_ftn1'>", "</a>", "<div style='mso-element:footnote' id=ftn1>"),
    *("<col style='display:none'>", "&nbsp;", "&lt;", "*", "_", "`", "#", "[", "]", "|", "\n", "甲", "乙丙", "a"),
)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_whatever_is_pasted_every_letter_stays(pieces: list[str]) -> None:
    """Of what is seen, and its own Markdown shows the same letters in the same order."""
    source = "".join(pieces)
    text = pasted(source).text
    if re.search(r"display:none|_ftn|footnote|<pre|<!--|<!\[|<a ", source):
        return  # what is not seen, is a note, or stands elsewhere: it has only to end
    seen, shown = (
        [each for each in html.unescape(re.sub(r"<[^<>]*>", "", code)) if each in "甲乙丙a"]
        for code in (source, to_html(text))
    )
    assert sorted(shown) == sorted(seen), (source, text)


@pytest.mark.parametrize(
    "opened", ["<div>", "<ul><li>", "<table><tr><td>", "<blockquote>", "<span style='font-weight:bold'>"]
)
def test_however_deep_it_ends_and_keeps_the_words(opened: str) -> None:
    assert "底下的字" in pasted(opened * 3000 + "底下的字").text
