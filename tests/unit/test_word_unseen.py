"""Text of a Word document that nobody sees, what stands at its edges, and containers that must lose nothing."""

import pytest

from support.word_files import cell, paragraph, part, run, table, title, word
from xuanfa.content.reading.word import read

WHITE = '<w:color w:val="FFFFFF"/>'
STYLES = part(
    "styles",
    '<w:style w:type="table" w:styleId="Dark"><w:name w:val="dark"/><w:tblStylePr w:type="firstRow"><w:tcPr>'
    '<w:shd w:val="clear" w:fill="1F4E79"/></w:tcPr></w:tblStylePr></w:style>'
    '<w:style w:type="table" w:styleId="Plain"><w:name w:val="plain"/></w:style>'
    f'<w:style w:type="character" w:styleId="W"><w:name w:val="w"/><w:rPr>{WHITE}</w:rPr></w:style>',
)
RELATE = (("rIdS", "styles", "styles.xml"),)


def asked(*blocks: str) -> tuple[str, list[str]]:
    made = read(word(title("题目"), *blocks, parts={"word/styles.xml": STYLES}, relate=RELATE), "posts/甲.docx")
    return made.text, [str(each) for each in made.questions]


@pytest.mark.parametrize(
    "look",
    [
        WHITE,
        '<w:color w:val="fefefe"/>',
        '<w:color w:val="FFFFFF" w:themeColor="background1"/>',
        '<w:sz w:val="2"/>',
        '<w:sz w:val="5"/><w:b/>',
        '<w:w w:val="1"/>',
        '<w:rStyle w:val="W"/>',
        f'{WHITE}<w:shd w:val="clear" w:color="auto" w:fill="FFFFFF"/>',
        f'{WHITE}<w:highlight w:val="none"/>',
    ],
)
def test_what_nobody_sees_is_asked_about_and_left_out(look: str) -> None:
    text, told = asked(paragraph(run("明文，") + run("暗藏的话", look)))
    assert len(told) == 1
    assert all(words in told[0] for words in ("posts/甲.docx: ", "隐藏文字", "第 2 段", "暗藏的话"))
    assert "明文" in text
    assert "暗藏" not in text


@pytest.mark.parametrize(
    "block",
    [
        paragraph(run("白字", f'{WHITE}<w:shd w:val="clear" w:fill="C00000"/>')),
        paragraph(run("白字", f'{WHITE}<w:highlight w:val="darkBlue"/>')),
        paragraph(run("白字", WHITE), '<w:shd w:val="clear" w:fill="C00000"/>'),
        table(
            (cell("甲", ""), f'<w:tc><w:tcPr><w:shd w:fill="003366"/></w:tcPr>{paragraph(run("白字", WHITE))}</w:tc>')
        ),
        table((f"<w:tc>{paragraph(run('白字', WHITE))}</w:tc>", "乙")).replace(
            "<w:tbl>", '<w:tbl><w:tblPr><w:tblStyle w:val="Dark"/></w:tblPr>'
        ),
        paragraph(run("白字", '<w:color w:val="BFBFBF"/>')),
        paragraph(run("白字", '<w:sz w:val="9"/>')),
        paragraph(run("白字") + run("　 ", WHITE)),
    ],
)
def test_white_on_a_colour_and_small_print_are_text(block: str) -> None:
    text, told = asked(block)
    assert told == []
    assert "白字" in text


def test_a_plain_table_is_no_colour_and_the_text_behind_a_dark_cell_is_on_paper_again() -> None:
    plain = table((f"<w:tc>{paragraph(run('暗藏', WHITE))}</w:tc>", "乙"))
    plain = plain.replace("<w:tbl>", '<w:tbl><w:tblPr><w:tblStyle w:val="Plain"/></w:tblPr>')
    dark = table((cell("甲", '<w:shd w:fill="003366"/>'), "乙"))
    assert len(asked(plain)[1]) == 1
    assert "尾巴" in asked(dark, paragraph(run("尾巴", WHITE)))[1][0]


def test_headers_and_footers_are_told_unless_they_only_count_pages() -> None:
    def notices(words: str) -> list[str]:
        made = read(
            word(
                title("题目"),
                paragraph("正文"),
                parts={"word/header1.xml": part("hdr", paragraph(words))},
                relate=(("rIdH", "header", "header1.xml"),),
            ),
            "posts/甲.docx",
        )
        return [str(each) for each in made.notices]

    told = notices("秘密★一年")
    assert len(told) == 1
    assert "页眉页脚没有带过来：“秘密★一年”" in told[0]
    assert notices("第 3 页 共 12 页") == notices("— 3 —") == []


def test_containers_lose_nothing_and_keep_the_order() -> None:
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('控件里的段落')}</w:sdtContent></w:sdt>"
    inline = f"<w:p>{run('前')}<w:sdt><w:sdtContent>{run('选项')}</w:sdtContent></w:sdt><w:smartTag>{run('标记')}</w:smartTag>{run('后')}</w:p>"
    code = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    field = (
        f"<w:p>{code.format('begin')}<w:r><w:instrText> DATE </w:instrText></w:r>{code.format('separate')}{run('十二月一日')}"
        f"{code.format('end')}<w:fldSimple w:instr=' PAGE '>{run('七')}</w:fldSimple>{run('止')}</w:p>"
    )
    inner = table(("内甲", "内乙"))
    nested = table((f"<w:tc>{paragraph('外')}{inner}</w:tc>", "丙"), ("丁", "戊"))
    note = f"<w:tc><w:p>{run('表中')}<w:r><w:footnoteReference w:id='1'/></w:r></w:p></w:tc>"
    notes = part("footnotes", f'<w:footnote w:id="1">{paragraph("注在表里")}</w:footnote>')
    made = read(
        word(
            *(title("题目"), control, inline, field, nested, table((note, "己"), ("庚", "辛"))),
            parts={"word/footnotes.xml": notes},
            relate=(("rIdN", "footnotes", "footnotes.xml"),),
        ),
        "posts/甲.docx",
    )
    assert made.questions == ()
    wanted = ("控件里的段落", "前选项标记后", "十二月一日七止", "外", "内甲", "内乙", "丙", "戊", "表中", "注在表里")
    places = [made.text.find(words) for words in wanted]
    assert -1 not in places, made.text
    assert places == sorted(places)
    assert "DATE" not in made.text
    assert any("表格里的表格" in str(each) for each in made.notices)
