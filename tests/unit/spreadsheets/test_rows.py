"""Rows of lists: found by their headings wherever these stand, whatever program has written the file."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from xuanfa.documents.spreadsheets.headings import Heading, mapped
from xuanfa.documents.spreadsheets.reading import Row, opened
from xuanfa.documents.spreadsheets.troubles import BadRows
from xuanfa.documents.spreadsheets.values import CellProblem
from xuanfa.domain.errors import ContentError

ZONE = ZoneInfo("Asia/Shanghai")
HEADINGS = (
    Heading("title", ("标题", "题目"), required=True),
    Heading("column", ("栏目",)),
    Heading("date", ("发布日期", "发布时间"), required=True),
    Heading("url", ("网址", "链接")),
)
HEAD = ["标题", "栏目", "发布日期", "网址"]
Dress = Callable[[Workbook], None]


def read(path: Path) -> tuple[list[Row], list[str]]:
    with opened(path, HEADINGS) as table:
        return list(table.rows()), [str(note) for note in table.notes]


def test_headings_stand_below_a_title_in_any_order_and_with_marks(book_of: Callable[..., Path]) -> None:
    path = book_of(
        [
            ["2024年信息发布台账"],
            [],
            ["序号", "＊ 网 址", "发布日期（必填）", None, "题目:", "栏目"],
            [1, " https://a.cn/1 ", date(2024, 5, 6), "x", "甲\n乙", "jilu"],
            [],
            [None, None, None, "只有没有要的列"],
            [2, None, "2024年5月7日", None, 20240507, None],
        ],
        lambda book: book.active.merge_cells("A1:F1"),
    )
    rows, notes = read(path)
    assert [(row.number, row.where, row.text("title"), row.text("column"), row.text("url")) for row in rows] == [
        (4, "第 4 行", "甲 乙", "jilu", "https://a.cn/1"),
        (7, "第 7 行", "20240507", "", ""),
    ]
    assert [row.when("date", ZONE) for row in rows] == [date(2024, 5, 6), date(2024, 5, 7)]
    assert rows[0].heading("title") == "题目:"
    assert notes == []


def test_what_is_merged_over_rows_is_said_in_each_of_them(book_of: Callable[..., Path]) -> None:
    def dress(book: Workbook) -> None:
        for cells in ("A1:A2", "B1:D1", "A3:A5", "B4:B5"):
            book.active.merge_cells(cells)

    path = book_of(
        [
            ["标题", "发布情况"],
            [None, "栏目", "发布日期", "网址"],
            ["甲", "a", "2024-1-1", "https://a.cn/1"],
            [None, "b", "2024-1-2", "https://a.cn/2"],
            [None, None, "2024-1-3", "https://a.cn/3"],
            ["乙", None, "2024-1-4", "https://a.cn/4"],
        ],
        dress,
    )
    rows, _ = read(path)
    assert [(row.number, row.text("title"), row.text("column")) for row in rows] == [
        (3, "甲", "a"),
        (4, "甲", "b"),
        (5, "甲", "b"),
        (6, "乙", ""),
    ]


def test_hidden_rows_and_columns_are_read_and_told_and_hidden_sheets_are_told(book_of: Callable[..., Path]) -> None:
    def dress(book: Workbook) -> None:
        book.active.title = "1月"
        book.active.column_dimensions["B"].hidden = True
        book.active.row_dimensions[3].hidden = True
        for name, rows in (
            ("2月", [["网址", "发布日期", "标题"], ["https://a.cn/3", "2024-2-1", "丙"]]),
            ("说明", [["本表由办公室填写"]]),
            ("草稿", [HEAD, ["丁", "", "2024-3-1", ""]]),
        ):
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        book["草稿"].sheet_state = "hidden"

    rows, notes = read(book_of([HEAD, ["甲", "a", "2024-1-1", ""], ["乙", "b", "2024-1-2", ""]], dress))
    assert [(row.where, row.text("title")) for row in rows] == [
        ("“1月”第 2 行", "甲"),
        ("“1月”第 3 行", "乙"),
        ("“2月”第 2 行", "丙"),
    ]
    assert notes == [
        "隐藏的列也读了：“栏目”（B）。",
        "1 行在表格里是隐藏的，也读了。",
        "工作表“说明”没有这些表头，没有读。",
        "工作表“草稿”是隐藏的，没有读。",
    ]


def test_a_formula_is_never_carried_out_what_is_stored_of_it_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "formulas.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write_formula(1, 0, '=HYPERLINK("https://a.cn/1","甲")', value="甲")
        sheet.write_formula(1, 2, "=DATE(2024,5,6)", book.add_format({"num_format": "yyyy/m/d"}), value=45418)
        sheet.write_formula(1, 3, '=WEBSERVICE("http://127.0.0.1/?"&A2)', value="")
        sheet.write_formula(2, 0, "=1/0", value="#DIV/0!")
    (first, second), notes = read(path)
    assert (first.text("title"), first.when("date", ZONE)) == ("甲", date(2024, 5, 6))
    with pytest.raises(CellProblem, match="没有存下结果"):
        first.text("url")
    with pytest.raises(CellProblem, match="错误值 #DIV/0!"):
        second.text("title")
    assert notes == ["4 格是公式：没有计算，用的是表格程序存下的结果。"]


def test_a_text_that_begins_with_an_equals_sign_is_a_text(book_of: Callable[..., Path], tmp_path: Path) -> None:
    titles = ["=1+1是多少", "+加分", "-10℃的坚守", "@所有人", "'引号"]

    def dress(book: Workbook) -> None:
        for at, title in enumerate(titles, 2):
            cell = book.active.cell(at, 1, title)
            cell.data_type = "s"
        book.active["A8"] = ArrayFormula("A8:A8", "=SUM(1)")

    rows, notes = read(book_of([HEAD, *(["", "", "2024-1-1", ""] for _ in titles)], dress))
    assert [row.text("title") for row in rows[:-1]] == titles
    assert "1 格是公式" in notes[0]
    path = tmp_path / "guarded.csv"
    path.write_text("标题,发布日期\n" + "".join(f"'{each},2024-1-1\n" for each in titles[:4]), encoding="utf-8-sig")
    rows, notes = read(path)
    assert [row.text("title") for row in rows] == titles[:4]
    assert notes == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_texts_in_any_encoding_and_with_any_delimiter(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    path = tmp_path / "list.csv"
    lines = [
        ["2024年台账，全部"],
        ["标题", "发布日期", "网址"],
        [f'"“三抓三促”{delimiter}在行动\n二"', "2024.5.6", "https://a.cn/1"],
        [],
        ['"他说""好"""', "2024/05/07 09:30", ""],
    ]
    path.write_bytes(end.join(delimiter.join(line) for line in lines).encode(encoding))
    rows, _ = read(path)
    assert [(row.number, row.text("title")) for row in rows] == [
        (3, " ".join(f"“三抓三促”{delimiter}在行动 二".split())),
        (5, "他说“好”".replace("“", '"').replace("”", '"')),
    ]
    assert rows[1].when("date", ZONE) == datetime(2024, 5, 7, 9, 30, tzinfo=ZONE)


def test_the_office_s_own_names_of_columns(book_of: Callable[..., Path]) -> None:
    headings = mapped(HEADINGS, ["文章=title，日子＝发布日期"])
    path = book_of([["文章", "标题", "日子"], ["甲", "乙", date(2024, 1, 1)]])
    with opened(path, headings) as table:
        (row,) = table.rows()
    assert (row.text("title"), row.when("date", ZONE)) == ("甲", date(2024, 1, 1))
    for pair, words in (("文章", "看不懂"), ("文章=文", "看不懂"), ("甲=title,乙=标题", "对应了两个表头")):
        with pytest.raises(ContentError, match=words):
            mapped(HEADINGS, [pair])


def test_what_is_wrong_is_gathered_and_told_at_once(book_of: Callable[..., Path]) -> None:
    bad = BadRows("a.xlsx")
    bad.require_none()
    path = book_of([HEAD, *(["甲", "", f"{number}月", ""] for number in range(60))])
    with opened(path, HEADINGS) as table:
        for row in table.rows():
            try:
                row.when("date", ZONE)
            except CellProblem as problem:
                bad.add(row.where, row.heading("date"), problem.args[0])
    with pytest.raises(ContentError) as told:
        bad.require_none()
    lines = str(told.value).splitlines()
    assert lines[0] == "a.xlsx: 60 处不对，没有导入任何一行。请改好后重新导入。"
    assert lines[1].startswith("第 2 行“发布日期”：看不懂日期“0月”。")
    assert len(lines) == 52
    assert lines[-1] == "另有 10 处没有列出。"


def test_a_sheet_s_own_word_about_its_size_is_not_believed(
    book_of: Callable[..., Path], rewritten: Callable[..., Path]
) -> None:
    path = book_of([HEAD, ["甲", "a", "2024-1-1", ""], ["乙", "b", "2024-1-2", ""]])

    def smaller(part: bytes) -> bytes:
        return part.replace(b'<dimension ref="A1:D3"', b'<dimension ref="A1:B2"')

    rows, _ = read(rewritten(path, {"xl/worksheets/sheet1.xml": smaller}))
    assert [row.when("date", ZONE) for row in rows] == [date(2024, 1, 1), date(2024, 1, 2)]


def test_names_with_a_prefix_and_cells_without_their_place(
    book_of: Callable[..., Path], rewritten: Callable[..., Path]
) -> None:
    sheet = (
        '<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData>'
        "<x:row><x:c t='inlineStr'><x:is><x:t>标题</x:t></x:is></x:c><x:c t='str'><x:v>发布日期</x:v></x:c></x:row>"
        "<x:row><x:c t='inlineStr'><x:is><x:r><x:t>宣</x:t></x:r><x:r><x:t>发</x:t></x:r>"
        "<x:rPh sb='0' eb='1'><x:t>xuan</x:t></x:rPh></x:is></x:c><x:c t='d'><x:v>2024-05-06T09:30:00</x:v></x:c></x:row>"
        "<x:row><x:c t='inlineStr'><x:is><x:t>续</x:t></x:is></x:c></x:row>"
        "</x:sheetData><x:mergeCells><x:mergeCell ref='B2:B3'/></x:mergeCells></x:worksheet>"
    )
    path = rewritten(book_of([["x"]]), {"xl/worksheets/sheet1.xml": lambda _: sheet.encode()})
    rows, _ = read(path)
    moment: Any = datetime(2024, 5, 6, 9, 30, tzinfo=ZONE)
    assert [(row.text("title"), row.when("date", ZONE)) for row in rows] == [("宣发", moment), ("续", moment)]
