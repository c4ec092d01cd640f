"""Lists and tables of Word documents: levels, numbers and sides as their authors see them in Word."""

import io

import docx
import pytest

from support.word_files import cell, paragraph, part, run, table, word
from xuanfa.content.reading.word import read
from xuanfa.content.text.markdown import leftovers, to_html, to_text


def body(source: bytes) -> str:
    return read(source, "posts/甲.docx").text.split("---\n", 2)[2].strip()


def level(at: int, form: str, shown: str, left: int = 0, more: str = "") -> str:
    indent = f'<w:pPr><w:ind w:left="{left}"/></w:pPr>' if left else ""
    return f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{shown}"/>{indent}</w:lvl>'


def abstract(inner: str, number: int = 0) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{inner}</w:abstractNum>'


def num(number: int, of: int = 0, more: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{more}</w:num>'


def item(words: str, at: int, number: int = 1) -> str:
    return paragraph(words, f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{number}"/></w:numPr>')


def listed(numbering: str, *items: str, styles: str = "") -> str:
    parts = {"word/numbering.xml": part("numbering", numbering)}
    relate = [("rIdN", "numbering", "numbering.xml")]
    if styles:
        parts["word/styles.xml"] = part("styles", styles)
        relate.append(("rIdS", "styles", "styles.xml"))
    return body(word(*items, parts=parts, relate=tuple(relate)))


def shown(markdown: str) -> str:
    return to_text(to_html(markdown))


def test_styles_of_lists_keep_their_depth() -> None:
    document = docx.Document()
    for style, words in (
        *(("List Bullet", "甲"), ("List Bullet 2", "甲一"), ("List Bullet 3", "甲一点"), ("List Bullet 2", "甲二")),
        *(("List Bullet", "乙"), ("List Number", "一"), ("List Number 2", "一一"), ("List Number", "二")),
        *(("List Number 2", "二一"), ("List Bullet 3", "二一点"), ("List Number", "三")),
    ):
        document.add_paragraph(words, style=style)
    file = io.BytesIO()
    document.save(file)
    assert shown(body(file.getvalue())).split("\n") == [
        *("· 甲", "  · 甲一", "    · 甲一点", "  · 甲二", "· 乙", "", "1. 一", "  1. 一一", "2. 二"),
        *("  2. 二一", "    · 二一点", "3. 三"),
    ]


def test_numbers_of_their_own_stand_in_the_levels_that_they_have() -> None:
    levels = level(0, "decimal", "%1.", 420) + level(1, "lowerLetter", "%2)", 840) + level(2, "decimal", "（%3）", 1260)
    found = listed(
        abstract(levels) + num(1),
        item("甲", 0),
        item("乙", 1),
        item("丙", 2),
        item("丁", 2),
        item("戊", 1),
        item("己", 0),
    )
    assert shown(found).split("\n") == ["1. 甲", "  a) 乙", "    （1）丙", "    （2）丁", "  b) 戊", "2. 己"]
    assert to_html(found).count('<ul class="numbered">') == 2
    assert leftovers(found) == []


def test_numbers_of_many_levels_that_are_indented_are_a_list() -> None:
    levels = level(0, "decimal", "%1", 425) + level(1, "decimal", "%1.%2", 992) + level(2, "upperRoman", "%1.%3", 1418)
    found = listed(abstract(levels) + num(1), item("甲", 0), item("乙", 1), item("丙", 2), item("丁", 1), item("戊", 0))
    assert shown(found).split("\n") == ["1 甲", "  1.1 乙", "    1.I 丙", "  1.2 丁", "2 戊"]


@pytest.mark.parametrize(
    ("form", "text", "wanted"),
    [("decimal", "%1", "1 甲"), ("chineseCounting", "第%1条", "第一条\u3000甲"), ("chineseCounting", "%1、", "一、甲")],
)
def test_a_number_before_a_paragraph_has_its_gap(form: str, text: str, wanted: str) -> None:
    assert listed(abstract(level(0, form, text)) + num(1), item("甲", 0)) == wanted


def test_a_list_that_is_made_of_a_style_has_its_levels() -> None:
    levels = level(0, "bullet", "•", 420) + level(1, "bullet", "-", 840)
    numbering = (
        abstract('<w:numStyleLink w:val="My"/>')
        + abstract(f'<w:styleLink w:val="My"/>{levels}', 1)
        + num(1)
        + num(2, 1)
    )
    assert listed(numbering, item("甲", 0), item("乙", 1), item("丙", 0)) == "- 甲\n  - 乙\n- 丙"


def test_a_level_may_be_named_by_the_style_of_its_paragraphs() -> None:
    levels = level(0, "decimal", "%1.", 420, '<w:pStyle w:val="L1"/>') + level(
        1, "decimal", "%2.", 840, '<w:pStyle w:val="L2"/>'
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="L{n}"><w:name w:val="own {n}"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        for n in (1, 2)
    )
    items = [paragraph(words, f'<w:pStyle w:val="L{n}"/>') for n, words in ((1, "甲"), (2, "乙"), (2, "丙"), (1, "丁"))]
    assert listed(abstract(levels) + num(1), *items, styles=styles) == "1. 甲\n   1. 乙\n   2. 丙\n2. 丁"


def test_lists_of_different_kinds_that_are_indented_differently_are_nested() -> None:
    numbering = (
        abstract(level(0, "decimal", "%1.", 420)) + abstract(level(0, "bullet", "•", 840), 1) + num(1) + num(2, 1)
    )
    found = listed(numbering, item("甲", 0), item("乙", 0, 2), item("丙", 0))
    assert found == "1. 甲\n   - 乙\n2. 丙"


def test_a_number_that_jumps_begins_a_list_with_that_number() -> None:
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    found = listed(
        abstract(level(0, "decimal", "%1.", 420)) + num(1) + num(2, 0, restart),
        item("甲", 0),
        item("乙", 0, 2),
        item("丙", 0, 2),
    )
    assert shown(found).split("\n\n") == ["1. 甲", "5. 乙\n6. 丙"]


@pytest.mark.parametrize(
    ("levels", "lines"),
    [
        ((1, 0, 1), ["1. 甲", "", "1. 乙", "  1. 丙"]),
        ((0, 2, 1, 0), ["1. 甲", "  1. 乙", "  1. 丙", "2. 丁"]),
    ],
)
def test_a_level_that_is_left_out_makes_no_wrong_number(levels: tuple[int, ...], lines: list[str]) -> None:
    numbering = "".join(level(at, "decimal", f"%{at + 1}.", 420 * (at + 1)) for at in range(3))
    found = listed(
        abstract(numbering) + num(1), *(item(words, at) for words, at in zip("甲乙丙丁", levels, strict=False))
    )
    assert shown(found).split("\n") == lines


def test_a_level_that_never_begins_anew_goes_on() -> None:
    levels = level(0, "decimal", "%1.", 420) + level(1, "decimal", "（%2）", 840, '<w:lvlRestart w:val="0"/>')
    found = listed(abstract(levels) + num(1), item("甲", 0), item("乙", 1), item("丙", 0), item("丁", 1))
    assert shown(found).split("\n") == ["1. 甲", "  （1）乙", "2. 丙", "  （2）丁"]


def aligned(words: str, side: str) -> str:
    return f"<w:tc>{paragraph(words, f'<w:jc w:val={chr(34)}{side}{chr(34)}/>')}</w:tc>"


def test_a_column_of_one_side_has_it() -> None:
    found = body(
        word(
            paragraph("首段。"),
            table(("项", aligned("数", "end"), aligned("中", "center")), ("甲", aligned("1", "right"), "")),
        )
    )
    assert found.split("\n")[2:] == ["| 项 | 数 | 中 |", "| --- | --: | :-: |", "| 甲 | 1 |  |"]


def test_cells_of_several_sides_have_each_its_own() -> None:
    two = f"<w:tc>{paragraph('上')}{paragraph('下', '<w:jc w:val=' + chr(34) + 'right' + chr(34) + '/>')}</w:tc>"
    found = body(word(paragraph("首段。"), table((aligned("项", "center"), "数"), ("甲", two))))
    assert '<th align="center">项</th><th>数</th>' in found
    html = to_html(found)
    assert '<th class="align-center">项</th><th>数</th>' in html
    assert '<td>甲</td><td><p>上</p><p class="align-right">下</p></td>' in html


def test_merged_cells_keep_their_side() -> None:
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + paragraph("合计", '<w:jc w:val="center"/>') + "</w:tc>"
    found = body(word(paragraph("首段。"), table(("甲", "乙"), (wide,), (cell("1", ""), aligned("2", "right")))))
    assert '<td colspan="2" align="center">合计</td>' in found
    assert '<td align="right">2</td>' in found


def test_a_paragraph_that_fills_the_line_needs_no_word() -> None:
    assert (
        body(word(paragraph(run("甲。"), '<w:jc w:val="both"/>'), paragraph("乙。", '<w:jc w:val="left"/>')))
        == "甲。\n\n乙。"
    )
