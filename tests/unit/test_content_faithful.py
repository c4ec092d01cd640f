"""What readers get is what was written, or its author is told, with the line."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xuanfa.content.reading.frontmatter import parse
from xuanfa.content.text.leftovers import in_words
from xuanfa.content.text.links import is_dead
from xuanfa.content.text.markdown import excess, leftovers, to_html
from xuanfa.content.text.plain import to_text
from xuanfa.content.text.prose import prose
from xuanfa.content.text.summary import summary_of


def shown(markdown: str) -> str:
    return re.sub(r"\n+(?=<)", "", to_html(markdown)).strip()


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("正文**第一段**。", "正文<strong>第一段</strong>。"),
        ("课文**第二段**和**第三段**，", "课文<strong>第二段</strong>和<strong>第三段</strong>，"),
        ("**开庭：**2026年", "<strong>开庭：</strong>2026年"),
        ("**Tel：**0935", "<strong>Tel：</strong>0935"),
        ("**地址:**3楼", "<strong>地址:</strong>3楼"),
        ("第3**《办法》**起施行", "第3<strong>《办法》</strong>起施行"),
        ("**“开放日”**3月", "<strong>“开放日”</strong>3月"),
        ("**（试行）**2026", "<strong>（试行）</strong>2026"),
        ("合格率**100%**以上", "合格率<strong>100%</strong>以上"),
        ("原定~~周三。~~改期", "原定<s>周三。</s>改期"),
        ("~~“旧”~~3条", "<s>“旧”</s>3条"),
        ("*《通知》*5份", "<em>《通知》</em>5份"),
        ("**甲：**乙**丙：**丁", "<strong>甲：</strong>乙<strong>丙：</strong>丁"),
        ("9:00~~10:00", "9:00~~10:00"),
    ],
)
def test_emphasis_stands_beside_chinese_punctuation(markdown: str, html: str) -> None:
    assert shown(markdown) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    "text",
    [
        "电话139****0000、138****1111",
        "身份证620***********0012",
        "尾号****5678，卡号6222****8888",
        "甘A***12、京B**3*4",
        "王**诉赵**买卖合同纠纷",
        "张**诉杨**离婚纠纷",
        "被执行人张*某、高*某",
        "原告黄**、被告周**",
        "刘*与本院沟通后*撤诉",
        "法官助理何**",
        "w***@court.cn、z***@court.cn",
        "电话0935-***1234、0936-***5678",
        "车牌甘A·**12、甘B·**34、京C*D*5",
        "欧阳**与司马**离婚",
        "何*诉高*、何**与高**",
        "2*3*4米",
        "当事人阿卜**·买**到庭",
        "买买提**・艾**（女）、古丽*·阿*",
    ],
)
def test_masks_stay_as_they_were_typed_and_need_no_word(text: str) -> None:
    assert shown(text) == f"<p>{text}</p>"
    assert leftovers(text) == []


@pytest.mark.parametrize("text", ["古丽**诉阿依**借款", "古丽**，阿依**到庭", "微信号ab***、cd***", "尾号**567、**123"])
def test_asterisks_that_may_be_a_mask_stay_and_their_author_is_told(text: str) -> None:
    assert shown(text) == f"<p>{text}</p>"
    assert {each.what for each in leftovers(text)} == {"**"}


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**诉讼服务**与**诉源治理**", "<strong>诉讼服务</strong>与<strong>诉源治理</strong>"),
        ("**A公司**诉B", "<strong>A公司</strong>诉B"),
        ("共**12件，**其中**3件**", "共<strong>12件，</strong>其中<strong>3件</strong>"),
        ("原告主张**赔偿**损失", "原告主张<strong>赔偿</strong>损失"),
        ("资金**200万元**到账", "资金<strong>200万元</strong>到账"),
        ("每周**三次**、如何**办理**", "每周<strong>三次</strong>、如何<strong>办理</strong>"),
        ("**老王**说", "<strong>老王</strong>说"),
        ("**原告：**张**诉李**", "<strong>原告：</strong>张**诉李**"),
        ("x**y**z", "x<strong>y</strong>z"),
    ],
)
def test_a_surname_that_ends_a_word_is_no_mask(markdown: str, html: str) -> None:
    assert shown(markdown) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    ("markdown", "paragraphs"),
    [
        ("甲段。\n乙段。\n丙段。", ["甲段。", "乙段。", "丙段。"]),
        ("　　甲段。\n　　乙段。\n\n丙段。", ["甲段。", "乙段。", "丙段。"]),
        ("    甲段。\n\n\t乙段。\n\n　　丙段。", ["甲段。", "乙段。", "丙段。"]),
        ("    甲段。\n    乙段。\n\n丙段。", ["甲段。", "乙段。", "丙段。"]),
        ("同一段\n折行。\n\n另一段。", ["同一段折行。", "另一段。"]),
        ("第一行\\\n第二行", ["第一行<br>\n第二行"]),
        ("只有一行", ["只有一行"]),
    ],
)
def test_a_line_of_typed_prose_is_a_paragraph(markdown: str, paragraphs: list[str]) -> None:
    assert shown(markdown) == "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("# 标题\n甲段。\n- 一\n- 二\n乙段。", "<h2>标题</h2><p>甲段。</p><ul><li>一</li><li>二</li></ul><p>乙段。</p>"),
        ("| 甲 |\n|---|\n| 1 |", "<table><thead><tr><th>甲</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>"),
        ("> 引文\n> 二行", "<blockquote><p>引文二行</p></blockquote>"),
        ("```\n　　甲\n\n    乙\n```", "<pre><code>　　甲\n\n    乙</code></pre>"),
        ("- 甲\n\n    续\n- 乙", "<ul><li><p>甲</p><p>续</p></li><li><p>乙</p></li></ul>"),
    ],
)  # fmt: skip
def test_lists_tables_quotations_and_code_stay_what_they_are(markdown: str, html: str) -> None:
    assert shown(markdown) == html


def test_a_box_to_tick_is_a_box() -> None:
    assert shown("- [ ] 带证件\n- [x] 已预约") == "<ul><li>☐ 带证件</li><li>☑ 已预约</li></ul>"
    assert leftovers("- [ ] 带证件\n- [x] 已预约") == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("开头。\n\n第一段。\n第二段。", [3]),
        ("开头。\n\n要求如下：\n守时。\n守纪。", [3]),
        ("开头。\n\n他说：“好。”\n散会。", [3]),
        ("开头。\n\n某市法院\n2026年3月1日", [3]),
        ("开头。\n\n在这里折行的\n同一句话。", []),
        ("第一段。\n第二段。", []),
        ("开头。\n\n　　第一段。\n　　第二段。", []),
        ("开头。\n\n第一行。  \n第二行。", []),
        ("- 甲。\n- 乙。\n\n末段。", []),
        ("> 甲。\n> 乙。\n\n末段。", [1]),
    ],
)
def test_who_ends_a_line_as_a_paragraph_is_told_that_it_is_none(text: str, told: list[int]) -> None:
    assert [each.line for each in leftovers(text) if each.kind == "joined"] == told


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("原定~~9月1日~~9月3日开庭。", "原定9月3日开庭。"),
        ("~~[旧](https://a.cn)~~新。", "新。"),
        ("<del>旧</del>新。", "新。"),
        ("10<sup>5</sup>元、8m<sup>2</sup>、H<sub>2</sub>O、a<sup>甲</sup>。", "10⁵元、8m²、H₂O、a^甲。"),
    ],
)
def test_plain_text_says_what_the_page_says(markdown: str, text: str) -> None:
    """What is struck out does not hold again, and a power is no further digit."""
    assert to_text(to_html(markdown)) == text
    assert summary_of(to_html(markdown)) == text


def test_no_line_between_braces_is_lost() -> None:
    """The library takes any such line for attributes of the block below it."""
    for line in ("{甲} 至 {乙}", "{a} 至 {b}", "{}", "{%注%}", "{#a}", "{.note}"):
        assert line in shown(f"正文。\n\n{line}")
    assert shown("{.align-center}\n\n落款") == '<p class="align-center">落款</p>'
    assert 'class="align-left"' in to_html("![图](a.png){width=50% .align-left}")


@pytest.mark.parametrize("size", ["{width=50%}", '{width="50%"}', "{ width = 50% }", "{width=“50%”}"])
def test_a_picture_takes_its_width_as_people_write_it(size: str) -> None:
    assert 'width="50%"' in to_html(f"![图](a.png){size}")
    assert 'width="300"' in to_html(f"![图](a.png){size.replace('50%', '300px')}")
    assert leftovers(f"![图](a.png){size}") == []


@pytest.mark.parametrize(
    ("line", "kind", "what"),
    [
        ("**未完", "mark", "**"),
        ("删~~去", "mark", "~~"),
        ("[[目录]]", "mark", "[["),
        ("==亮==", "mark", "=="),
        ("%%私注%%", "mark", "%%"),
        ("提示{.note}", "mark", "{.note}"),
        ("~~旧~~新", "struck", "~~"),
        ("<del>旧</del>新", "struck", "~~"),
        ("{.note}\n提示", "class", "{.note}"),
        ("{#top}\n提示", "mark", "{#top}"),
        ("{甲} 与乙", "mark", "{甲}"),
        ("![图](a.png){#f1}", "class", "{#f1}"),
        ("[网](https://a.cn){target=_blank}", "class", "{target=_blank}"),
        ("见[^9]", "mark", "[^9]"),
        ("[TOC]", "mark", "[TOC]"),
        (":::tip", "mark", ":::"),
        ("[文字] (https://a.cn)", "mark", "] ("),
        ("__注意：__请带证件", "mark", "__注意：__"),
        ("事项 [ ] 一", "mark", "[ ]"),
        ("[文字](a b c)", "mark", "]("),
        ("[文字]（https://a.cn）", "mark", "]（"),
        ("［文字］（https://a.cn）", "mark", "］（"),
        ("［文字］(https://a.cn)", "mark", "］("),
        ("［文字］（写稿.md）", "mark", "］（"),
        ("> [!tip] 注意", "mark", "[!tip]"),
        ("<iframe src=x></iframe>", "removed", "<iframe>"),
        ("<details>内容</details>", "untagged", "<details>"),
        ("<ruby>汉</ruby>字", "untagged", "<ruby>"),
        ("<font color=red>红</font>", "untagged", "<font>"),
        ("见[稿](写稿.md)", "dead", "写稿.md"),
        ("段<video src=x></video>落", "removed", "<video>"),
        ("见[稿](b.md)", "dead", "b.md"),
        ("见[网](www.a.cn)", "dead", "www.a.cn"),
        ("见[网](/a/b.html)", "dead", "/a/b.html"),
        ("见[网](https:///a)", "dead", "https:///a"),
        ("见[网](file:///c:/a.doc)", "dead", "file:///c:/a.doc"),
        ("见[网](javascript:void(0))", "dead", "javascript:void(0)"),
    ],
)
def test_what_readers_would_see_or_miss_is_told_with_its_line(line: str, kind: str, what: str) -> None:
    found = leftovers(f"首段。\n\n{line}\n\n末段。")
    assert [(each.kind, each.what, each.line) for each in found] == [(kind, what, 3)]
    assert what in in_words(found[0])


@pytest.mark.parametrize(
    "line",
    [
        "\\*\\*甲",
        "国发［2026］（第 3 号）文",
        "`**`",
        "[网](https://a.cn)",
        "[话](tel:09351234)",
        "[信](mailto:a@b.cn)",
        "注[^1]\n\n[^1]: 脚注",
    ],
)
def test_what_is_meant_and_works_is_not_told(line: str) -> None:
    assert leftovers(line) == []


@pytest.mark.parametrize(
    "address", ["http://[::1", "http://a:99999999/", "mailto:", "tel:", "", "//a.cn/x", "c:\\a.doc"]
)
def test_an_address_that_no_reader_can_follow_is_dead(address: str) -> None:
    assert is_dead(address)
    assert "<a" not in to_html(f"[x](<{address}>)")


@pytest.mark.parametrize(
    ("markdown", "summary"),
    [
        ("3月5日，法院公开宣判。[^1]\n\n[^1]: 见判决书。", "3月5日，法院公开宣判。"),
        ("法院宣判[^1]，双方息诉。\n\n[^1]: 注。", "法院宣判，双方息诉。"),
        ("# 标题\n\n- 项目。\n\n正文在此。", "正文在此。"),
        ("| 甲。 | 乙。 |\n|---|---|\n| 1。 | 2。 |\n\n正文。", "正文。"),
        ("现将有关事项通知如下：\n\n一、时间。", ""),
        ("事项如下。\n\n法院开放。", "法院开放。"),
        ("（三）第三项。\n\n正文。", "正文。"),
        ("要求：（一）守时；（二）守纪。另行通知。", "要求：（一）守时；（二）守纪。另行通知。"),
        ("详见 https://a.cn/x 。欢迎旁听。", "欢迎旁听。"),
        ("他说：“好。都好。”随后离开。" + "长" * 110 + "。", "他说：“好。都好。”随后离开。"),
        ("长" * 121 + "。", ""),
        ("没有句号的一段", ""),
        ("▲庭审现场。\n\n图为庭审。\n\n正文。", "正文。"),
        ("[文字](https://a.cn)见此。", "文字见此。"),
    ],
)
def test_a_summary_is_whole_sentences_or_none(markdown: str, summary: str) -> None:
    assert summary_of(to_html(markdown)) == summary


@given(st.text(alphabet="甲。！“”（）一二、：如下*[]| \n", max_size=300))
def test_a_summary_is_never_long_and_ends_as_a_sentence_does(text: str) -> None:
    summary = summary_of(to_html(text))
    assert len(summary) <= 120
    assert not summary or re.search(r"[。！？!?][”’」』）)》]*$", summary)


@given(st.text(alphabet="甲*~_张李1a，： \n　`-|", max_size=200))
def test_no_line_is_lost_when_prose_is_parted(text: str) -> None:
    typed = prose(text)
    assert len(typed.text.split("\n")) == len(typed.lines)
    assert re.sub(r"[\s　]", "", typed.text) == re.sub(r"[\s　]", "", text)
    assert list(typed.lines) == sorted(typed.lines)


@pytest.mark.parametrize(
    "piece", ["张**", "**甲：", "~~", "*1", "[[", "{", "。", "“", "（一）", "\n　　甲", "甲\n", "王*某"]
)
def test_hostile_text_takes_time_by_its_length(piece: str) -> None:
    begun, text = time.process_time(), piece * (15_000 // len(piece))
    html = to_html(text)
    if excess(text) is None:  # what has too much is refused before it is asked anything else
        leftovers(text)
    summary_of(html)
    assert time.process_time() - begun < 3  # seconds of the processor; a quadratic one takes minutes


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("案例 #1 宣判", "案例 #1 宣判"),
        ("请关注 #法治进校园# 话题", "请关注 #法治进校园# 话题"),
        ('"甲 # 乙"', "甲 # 乙"),
        ("C#与F#", "C#与F#"),
        ("甲 # 注", "甲"),
    ],
)
def test_a_value_is_not_cut_at_a_sign(written: str, value: str) -> None:
    matter = parse(f"---\ntitle: {written}\n# 整行注释\ncolumn: action\n---\n正文", "a.md")
    assert matter.data == {"title": value, "column": "action"}
    assert matter.comments == ({2: "# 注"} if value == "甲" else {})


def test_a_wide_space_within_a_line_stays() -> None:
    """As between an office and a name; before a line it is an indent."""
    assert "审判长　张三" in to_html("　　审判长　张三\n\n甲　乙")
    assert "甲　乙" in to_html("　　审判长　张三\n\n甲　乙")
    assert "<p>　" not in to_html("　　审判长　张三")
