"""Embedded objects and macros are called by their kind, the program's name and the file, where they stand and beside which words."""

import pytest

from support.word_files import paragraph, run, title, word
from xuanfa.content.reading.word import read

EXCEL = '<w:r><w:object><v:shape/><o:OLEObject Type="Embed" ProgID="{program}" r:id="rIdO"/></w:object></w:r>'
CHART = '<w:r><w:drawing><wp:inline><wp:docPr id="1" descr="{words}"/><c:chart xmlns:c="urn:c" r:id="rIdO"/></wp:inline></w:drawing></w:r>'
ART = '<w:r><w:drawing><wp:inline><d:relIds xmlns:d="urn:d" r:dm="rIdO"/></wp:inline></w:drawing></w:r>'
OLD = '<w:r><w:pict><v:shape/><o:OLEObject ProgID="Word.Document.8" r:id="rIdO"/></w:pict></w:r>'
BREAK = "<w:r><w:lastRenderedPageBreak/></w:r>"


def asked(*blocks: str, target: str = "embeddings/oleObject1.bin", parts: dict[str, str | bytes] | None = None) -> str:
    source = word(title("题目"), *blocks, parts=parts, relate=(("rIdO", "oleObject", target),))
    (line,) = (str(each) for each in read(source, "posts/甲.docx").questions)
    assert "\n" not in line
    return line


@pytest.mark.parametrize(
    ("content", "target", "words"),
    [
        (
            EXCEL.format(program="Excel.Sheet.12"),
            "embeddings/统计表.xlsx",
            ("第 2 段的 Excel 工作表 Excel.Sheet.12，文件 统计表.xlsx", "“见下表”"),
        ),
        (EXCEL.format(program="ET.Sheet.12"), "embeddings/a.bin", ("Excel 工作表 ET.Sheet.12，文件 a.bin",)),
        (EXCEL.format(program="Package"), "embeddings/oleObject1.bin", ("打包的文件 Package，文件 oleObject1.bin",)),
        (EXCEL.format(program="AcroExch.Document.DC"), "embeddings/b.bin", ("PDF 文件 AcroExch.Document.DC",)),
        (EXCEL.format(program="Equation.DSMT4"), "embeddings/c.bin", ("公式 Equation.DSMT4",)),
        (EXCEL.format(program="某程序.1"), "embeddings/d.bin", ("其他程序的对象 某程序.1，文件 d.bin",)),
        (EXCEL.format(program="Excel.Sheet.8"), r"file:///C:\院\台账.xls", ("文件 台账.xls",)),
        ("<w:r><w:object/></w:r>", "embeddings/e.bin", ("第 2 段的 其他程序的对象“见下表”",)),
        (CHART.format(words="收案趋势"), "charts/chart1.xml", ("图表，文件 chart1.xml“收案趋势”",)),
        (ART, "diagrams/data1.xml", ("SmartArt 图形，文件 data1.xml“见下表”",)),
        ("<m:oMath><m:r><m:t>x+y</m:t></m:r></m:oMath>", "embeddings/f.bin", ("公式“x+y”",)),
        ('<w:r><w:object><w:control w:name="按钮1" r:id="rIdO"/></w:object></w:r>', "activeX/g.xml", ("控件 按钮1，文件 g.xml",)),
        (OLD, "embeddings/h.doc", ("Word 文档 Word.Document.8，文件 h.doc",)),
    ],
)  # fmt: skip
def test_an_object_is_called_by_its_kind_its_program_and_its_file(
    content: str, target: str, words: tuple[str, ...]
) -> None:
    line = asked(f"<w:p>{run('见下表')}{content}</w:p>", target=target)
    assert "嵌入对象（共 1 处）" in line
    assert all(each in line for each in words), line


def test_two_in_one_paragraph_are_two_and_a_page_is_named_where_it_is_known() -> None:
    first, second = EXCEL.format(program="Excel.Sheet.12"), CHART.format(words="")
    line = asked(f"<w:p>{BREAK}{run('附表')}{first}{second}</w:p>")
    assert "共 2 处" in line
    assert "第 2 页的 Excel 工作表 Excel.Sheet.12" in line
    assert "第 2 页的 图表" in line


def test_a_whole_file_that_was_put_in_is_told_by_its_name() -> None:
    line = asked(paragraph("正文"), '<w:altChunk r:id="rIdO"/>', target="afchunk.docx")
    assert "插入的整份文件，文件 afchunk.docx" in line


def test_what_is_embedded_and_shown_nowhere_is_told_by_its_files() -> None:
    line = asked(paragraph("正文"), parts={"word/embeddings/底稿.xlsx": b"x", "word/embeddings/a.bin": b"x"})
    assert "共 2 处" in line
    assert "底稿.xlsx" in line


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("", "宏（共 1 处）：vbaProject.bin"),
        (
            '<wne:mcd wne:macroName="P.NEWMACROS.排版"/><wne:mcd wne:macroName="P.A.B"/>',
            "宏（共 2 处）：P.NEWMACROS.排版，P.A.B",
        ),
    ],
)  # fmt: skip
def test_macros_are_called_by_their_names(data: str, words: str) -> None:
    vba = f'<wne:vbaSuppData xmlns:wne="http://schemas.microsoft.com/office/word/2006/wordml"><wne:mcds>{data}</wne:mcds></wne:vbaSuppData>'
    line = asked(paragraph("正文"), parts={"word/vbaProject.bin": b"x", **({"word/vbaData.xml": vba} if data else {})})
    assert words in line


def test_a_change_without_words_stands_beside_those_of_its_paragraph() -> None:
    line = asked(paragraph("全年收案一百件", '<w:pPrChange w:id="1"/>'))
    assert "修订" in line
    assert "第 2 段“全年收案一百件”" in line
