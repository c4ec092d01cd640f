"""The sides on which a table's own style puts its cells in Word."""

import re

import pytest

from support.word_files import paragraph, part, word
from xuanfa.content.reading.word import read
from xuanfa.content.text.markdown import to_html

ROWS = (("项", "数", "比"), ("甲", "1", "2"), ("乙", "3", "4"), ("计", "5", "6"))


def side(name: str) -> str:
    return f'<w:pPr><w:jc w:val="{name}"/></w:pPr>'


def styled(style: str, *, look: str = "", cell: str = "", normal: str = "") -> list[list[str]]:
    """The sides of the cells, row by row, of a table whose style is made of ``style``."""
    styles = part(
        "styles",
        f'<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>{normal}</w:style>'
        f'<w:style w:type="table" w:styleId="Base"><w:name w:val="base"/>{style}</w:style>'
        '<w:style w:type="table" w:styleId="Own"><w:name w:val="own"/><w:basedOn w:val="Base"/></w:style>',
    )
    rows = "".join(f"<w:tr>{''.join(f'<w:tc>{paragraph(text, cell)}</w:tc>' for text in row)}</w:tr>" for row in ROWS)
    table = f'<w:tbl><w:tblPr><w:tblStyle w:val="Own"/>{look}</w:tblPr>{rows}</w:tbl>'
    source = word(
        paragraph("首段。"), table, parts={"word/styles.xml": styles}, relate=(("rIdS", "styles", "styles.xml"),)
    )
    html = to_html(read(source, "posts/a.docx").text.split("---\n", 2)[2])
    return [
        re.findall(r"<t[dh](?: class=\"align-(\w+)\")?>", row) for row in re.findall(r"<tr>.*?</tr>", html, re.DOTALL)
    ]


def conditional(name: str, where: str) -> str:
    return f'<w:tblStylePr w:type="{name}">{side(where)}</w:tblStylePr>'


def test_the_whole_table() -> None:
    assert styled(side("center")) == [["center"] * 3] * 4


@pytest.mark.parametrize(
    "look", ['<w:tblLook w:val="0620"/>', '<w:tblLook w:firstRow="1" w:noHBand="1" w:noVBand="1"/>']
)
def test_its_head_where_the_table_takes_that(look: str) -> None:
    assert styled(side("right") + conditional("firstRow", "center"), look=look) == [
        ["center"] * 3,
        *[["right"] * 3] * 3,
    ]


@pytest.mark.parametrize("look", ["", '<w:tblLook w:val="0600"/>', '<w:tblLook w:val="0620" w:firstRow="0"/>'])
def test_its_head_where_the_table_does_not(look: str) -> None:
    assert styled(conditional("firstRow", "center"), look=look) == [[""] * 3] * 4


def test_a_column_goes_before_a_row_and_a_corner_before_both() -> None:
    style = conditional("firstRow", "center") + conditional("firstCol", "left") + conditional("nwCell", "right")
    found = styled(style, look='<w:tblLook w:val="06A0"/>')
    assert found == [["right", "center", "center"], *[["left", "", ""]] * 3]


def test_the_last_row_and_column_and_bands() -> None:
    style = conditional("lastRow", "right") + conditional("lastCol", "center") + conditional("band1Horz", "left")
    found = styled(style, look='<w:tblLook w:val="0560"/>')
    assert found == [["", "", "center"], ["left", "left", "center"], ["", "", "center"], ["right", "right", "center"]]


def test_what_a_paragraph_or_its_style_says_goes_before() -> None:
    assert styled(side("center"), cell='<w:jc w:val="right"/>') == [["right"] * 3] * 4
    assert styled(side("center"), normal=side("both")) == [[""] * 3] * 4
