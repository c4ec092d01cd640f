"""What is made of a Word document: the text of official documents as their authors see it in Word, and nothing lost in silence."""

from pathlib import Path

import pytest

from support.word_files import cell, core, paragraph, part, picture, png, relations, run, table, title, word
from xuanfa.content.reading import beside
from xuanfa.content.reading.word import read
from xuanfa.content.reading.word.numbers import counted
from xuanfa.domain.errors import ContentError

PICTURE = {"word/media/image1.png": png()}
TO_PICTURE = (("rIdP", "image", "media/image1.png"),)


def text(source: bytes) -> str:
    return read(source, "posts/甲.docx").text


def body(source: bytes) -> str:
    return text(source).split("---\n", 2)[2].strip()


def test_an_official_document_that_has_no_styles() -> None:
    made = text(
        word(
            title("关于开展活动的"),
            title("通　知"),
            paragraph("　　各人民法院："),
            paragraph(run("一、总体要求", '<w:rFonts w:eastAsia="黑体"/>')),
            paragraph(run("（一）提高认识", '<w:rFonts w:eastAsia="楷体_GB2312"/>')),
            paragraph(run("一是", "<w:b/>") + run("加强领导。"), '<w:ind w:firstLineChars="200"/>'),
            paragraph("1. 第一项。"),
            paragraph("某某法院", '<w:jc w:val="right"/>'),
        )
    )
    assert made == (
        '---\ntitle: "关于开展活动的通知"\n---\n\n各人民法院：\n\n## 一、总体要求\n\n### （一）提高认识\n\n**一是**加强领导。\n\n1\\. 第一项。\n\n'
        "{.align-right}\n某某法院\n"
    )


def test_numbers_that_word_counts_stand_in_the_text() -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{shown}"/></w:lvl>'
        for at, (form, shown) in enumerate(
            (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
        )
    )
    numbering = part(
        "numbering",
        f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
    )

    def item(words: str, level: int) -> str:
        return paragraph(words, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>')

    source = word(
        *(
            item("总则。", 0),
            item("目的。", 1),
            item("甲。", 2),
            item("乙。", 2),
            item("依据。", 1),
            item("附则。", 0),
            item("时间。", 1),
        ),
        parts={"word/numbering.xml": numbering},
        relate=(("rIdN", "numbering", "numbering.xml"),),
    )
    assert body(source).split("\n\n") == [
        "一、总则。",
        "（一）目的。",
        "1. 甲。\n2. 乙。",
        "（二）依据。",
        "二、附则。",
        "（一）时间。",
    ]


@pytest.mark.parametrize(
    ("number", "form", "shown"),
    [
        (10, "chineseCounting", "十"),
        (21, "chineseCountingThousand", "二十一"),
        (105, "chineseCounting", "一百零五"),
        (110, "chineseCounting", "一百一十"),
        (2, "chineseLegalSimplified", "贰"),
        (3, "decimalEnclosedCircle", "③"),
        (28, "upperLetter", "BB"),
        (14, "lowerRoman", "xiv"),
        (3, "ideographTraditional", "丙"),
        (7, "nobody knows it", "7"),
    ],
)
def test_how_numbers_are_written(number: int, form: str, shown: str) -> None:
    assert counted(number, form) == shown


def test_what_is_typed_means_itself() -> None:
    typed = "# 138****1234 [甲](乙) &lt;b&gt; a_b_ `x` {.c} &amp;lt; 1|2"
    assert body(word(paragraph(typed))) == r"\# 138\*\*\*\*1234 \[甲\](乙) &lt;b> a\_b\_ \`x\` \{.c} &amp;lt; 1|2"


def test_a_picture_has_its_words_and_what_stands_below_it() -> None:
    source = word(
        paragraph(picture(words="法官在台上讲课")),
        paragraph("图1 宣讲现场", '<w:jc w:val="center"/>'),
        paragraph(picture(words=r"C:\Users\zhang\IMG_2031.jpg", kind="anchor")),
        parts=PICTURE,
        relate=TO_PICTURE,
    )
    assert body(source) == '![法官在台上讲课](<media/image1.png> "图1 宣讲现场")\n\n![](<media/image1.png>)'
    assert read(source, "posts/甲.docx").inner["media/image1.png"] == PICTURE["word/media/image1.png"]


def test_merged_cells_notes_and_links() -> None:
    notes = part("footnotes", f'<w:footnote w:id="2">{paragraph("据统计年报。")}</w:footnote>')
    source = word(
        paragraph(run("收案百件") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run("。")),
        table(
            (cell("合计", '<w:gridSpan w:val="2"/>'), "三"),
            ("甲", cell("乙", '<w:vMerge w:val="restart"/>'), "丙"),
            ("丁", cell("", "<w:vMerge/>"), "戊"),
        ),
        paragraph(
            '<w:hyperlink r:id="rIdL">'
            + run("网站")
            + '</w:hyperlink><w:hyperlink r:id="rIdF">'
            + run("文件")
            + "</w:hyperlink>"
        ),
        parts={"word/footnotes.xml": notes},
        relate=(
            ("rIdF1", "footnotes", "footnotes.xml"),
            ("rIdL", "hyperlink", "https://www.court.gov.cn/a"),
            ("rIdF", "hyperlink", "file:///C:/a.doc"),
        ),
    )
    made = read(source, "posts/甲.docx")
    assert made.text.split("---\n", 2)[2].strip() == (
        '收案百件[^1]。\n\n<table>\n<tr><th colspan="2">合计</th><th>三</th></tr>\n<tr><td>甲</td><td rowspan="2">乙</td><td>丙</td></tr>\n'
        "<tr><td>丁</td><td>戊</td></tr>\n</table>\n\n[网站](<https://www.court.gov.cn/a>)文件\n\n[^1]: 据统计年报。"
    )
    assert "链接" in str(made.notices[0])


def test_front_matter_stands_in_the_first_table_then_in_the_properties() -> None:
    source = word(
        table(("标题", "开庭公告"), ("栏目：", "公告"), ("审核人", "张三")),
        paragraph("明天开庭。"),
        parts={
            "docProps/core.xml": core(
                "<dc:title>别的</dc:title><cp:category>别的栏目</cp:category><cp:keywords>开庭、公告</cp:keywords>"
            )
        },
    )
    made = read(source, "posts/甲.docx")
    assert made.text == '---\ntitle: "开庭公告"\ncolumn: "公告"\nkeywords: "开庭、公告"\n---\n\n明天开庭。\n'
    assert "审核人" in str(made.notices[0])


def test_the_file_beside_it_goes_before_all() -> None:
    source = word(title("开庭公告"), paragraph("明天开庭。"))
    made = text(beside.joined(source, "column: action\ntitle: 别的题目\n".encode()))
    assert made == "---\ncolumn: action\ntitle: 别的题目\n---\n\n{.align-center}\n开庭公告\n\n明天开庭。\n"
    with pytest.raises(ContentError, match=r"甲\.yaml:2"):
        text(beside.joined(source, "column: action\ntitle：别的\n".encode()))


def test_what_wps_writes_is_read_alike() -> None:
    old = '<w:r><w:pict><v:shape alt="合影"><v:imagedata r:id="rIdP"/></v:shape></w:pict></w:r>'
    choice = f"<w:r><mc:AlternateContent><mc:Choice>{picture(words='主席台')[5:-6]}</mc:Choice><mc:Fallback/></mc:AlternateContent></w:r>"
    styles = part(
        "styles",
        '<w:style w:type="paragraph" w:default="1" w:styleId="1"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 1"/><w:basedOn w:val="1"/></w:style>',
    )
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "https://a.cn/"</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("网址")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    source = word(
        *(
            title("题目"),
            paragraph("总则", '<w:pStyle w:val="2"/>'),
            paragraph(old),
            paragraph(choice),
            paragraph(field),
        ),
        parts={
            **PICTURE,
            "word/styles.xml": styles,
            "docProps/custom.xml": '<p:Properties xmlns:p="x"><p:property name="栏目"><p:t>通知</p:t></p:property></p:Properties>',
        },
        relate=(*TO_PICTURE, ("rIdS", "styles", "styles.xml")),
    )
    assert text(source) == (
        '---\ncolumn: "通知"\ntitle: "题目"\n---\n\n## 总则\n\n![合影](<media/image1.png>)\n\n![主席台](<media/image1.png>)\n\n[网址](<https://a.cn/>)\n'
    )


def test_lines_lead_back_to_paragraphs() -> None:
    made = read(word(title("题目"), paragraph("甲"), paragraph(""), paragraph("乙")), "posts/甲.docx")
    lines = made.text.split("\n")
    assert [(line, made.places[at]) for at, line in enumerate(lines) if line in {"甲", "乙"}] == [("甲", 2), ("乙", 4)]
    assert len(made.places) == len(lines)


def test_documents_of_other_programs(tmp_path: Path) -> None:
    from docx import Document  # noqa: PLC0415 - as Word's own documents are

    document = Document()
    document.add_heading("开庭公告", 0)
    document.add_paragraph("甲", style="List Bullet")
    document.add_paragraph("乙", style="List Number")
    document.save(str(tmp_path / "a.docx"))
    made = text((tmp_path / "a.docx").read_bytes())
    assert made.endswith('title: "开庭公告"\n---\n\n- 甲\n\n1. 乙\n')


def test_relations_without_a_document_are_none() -> None:
    from support.word_files import zipped  # noqa: PLC0415

    with pytest.raises(ContentError, match=r"另存为 \.docx"):
        text(zipped({"_rels/.rels": relations(("a", "officeDocument", "xl/workbook.bin")), "xl/workbook.bin": "x"}))
