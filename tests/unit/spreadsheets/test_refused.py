"""Files that are no lists, or lists that nobody can read: refused in a sentence, and nothing in them is carried out."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from xuanfa.documents.spreadsheets.headings import Heading
from xuanfa.documents.spreadsheets.reading import opened
from xuanfa.domain.errors import ContentError

HEADINGS = (
    Heading("title", ("标题",), required=True),
    Heading("date", ("发布日期",), required=True),
    Heading("url", ("网址",)),
)
SHEET = "xl/worksheets/sheet1.xml"


def refusal(path: Path, most: int = 1000) -> str:
    with pytest.raises(ContentError) as told, opened(path, HEADINGS, most=most) as table:
        list(table.rows())
    return str(told.value)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "加了密码，或是旧版 .xls"),
        ("a.xlsx", b"PK nonsense", "不是可用的 .xlsx 文件"),
        ("a.xlsx", b"", "不是可用的 .xlsx 文件"),
        ("a.xlsx", b"<html><table><tr><td>x</td></tr></table></html>", "不是可用的 .xlsx 文件"),
        ("a.csv", b"PK\x03\x04 whatever", "内容是 .xlsx 之类的文件"),
        ("a.csv", b"\xff\x00\x81\xff" * 400, "不是文字文件"),
        (
            "a.csv",
            "标题,发布日期\n".encode() * 30 + b"\xe6\xa0\n" + "标题,\n".encode() * 30,
            "第 31 行有一处不是 UTF-8",
        ),
        ("a.csv", '标题,发布日期\n"甲,2024-1-1\n'.encode(), "第 2 行读不出来：引号没有配对"),
        ("a.csv", '标题,发布日期\n甲,2024-1-1\n"乙"丙,2024-1-1\n'.encode(), "第 3 行读不出来"),
        ("a.csv", b"", "没有表头“标题”、“发布日期”。找到的是：没有文字。"),
        ("a.ods", b"PK\x03\x04", "只导入 .xlsx 和 .csv"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "只导入 .xlsx 和 .csv"),
    ],
)
def test_what_is_no_list(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert words in refusal(tmp_path / name)


def test_a_file_that_is_not_there_and_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").mkdir()
    assert "没有这个文件" in refusal(tmp_path / "a.xlsx")
    assert "没有这个文件" in refusal(tmp_path / "b.csv")


def test_no_such_heading_is_said_with_what_is_there(book_of: Callable[..., Path]) -> None:
    assert "没有表头“标题”、“发布日期”。找到的是：甲、乙。" in refusal(book_of([["甲", "乙"], [1, 2]]))
    told = refusal(book_of([["说明"], ["标题", "日期", "网址"], ["甲", "2024-1-1", "x"]]))
    assert "工作表“Sheet”的前 50 行里没有表头“发布日期”。找到的是：标题、日期、网址。" in told
    assert "请改表头。" in told


def test_a_month_s_sheet_that_lacks_a_heading_is_not_left_out_in_silence(book_of: Callable[..., Path]) -> None:
    def dress(book: object) -> None:
        sheet = book.create_sheet("2月")  # type: ignore[attr-defined]
        sheet.append(["标题", "日期", "网址"])
        sheet.append(["乙", "2024-2-1", ""])

    told = refusal(book_of([["标题", "发布日期", "网址"], ["甲", "2024-1-1", ""]], dress))
    assert "工作表“2月”" in told


def test_two_columns_of_the_same_heading(book_of: Callable[..., Path]) -> None:
    told = refusal(book_of([["标题", "x", "发布日期", " 标 题 "], ["甲", "", "2024-1-1", "乙"]]))
    assert "第 1 行有两个表头“标题”：A 列和 D 列" in told


def test_a_list_that_is_too_long_and_one_that_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, book_of: Callable[..., Path]
) -> None:
    path = tmp_path / "long.csv"
    path.write_text("标题,发布日期\n" + "甲,2024-1-1\n" * 2001, encoding="utf-8")
    assert "超过 2000 行" in refusal(path, 2000)
    large = book_of([["标题", "发布日期"]])
    with large.open("ab") as file:
        file.truncate(300_000_000)
    assert "文件有 300 MB，上限 100 MB，没有导入" in refusal(large)


def test_bombs_and_files_that_unpack_to_too_much(
    tmp_path: Path, book_of: Callable[..., Path], rewritten: Callable[..., Path]
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * 60_000_000)
    (tmp_path / "bomb.xlsx").write_bytes(packed.getvalue())
    assert "太大" in refusal(tmp_path / "bomb.xlsx")
    laughs = (
        b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(b'<!ENTITY %c "&a;&a;">' % letter for letter in b"bcd") + b"]>"
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
    )
    path = rewritten(book_of([["标题", "发布日期"]]), {SHEET: lambda _: laughs})
    assert "不是可用的" in refusal(path)


@pytest.mark.parametrize(
    "change",
    [
        (SHEET, lambda part: part[: len(part) // 2]),
        (SHEET, lambda part: part.replace(b'r="A2"', b'r="ZZZZ2"')),
        (SHEET, lambda part: part.replace(b'<row r="2"', b'<row r="x"')),
        (SHEET, lambda _: b""),
        ("xl/workbook.xml", lambda _: b""),
        ("xl/workbook.xml", lambda _: b"<a/>" * 2),
        ("xl/_rels/workbook.xml.rels", lambda _: b""),
        ("_rels/.rels", lambda _: b""),
    ],
)
def test_a_damaged_workbook(
    book_of: Callable[..., Path],
    rewritten: Callable[..., Path],
    change: tuple[str, Callable[[bytes], bytes]],
) -> None:
    path = rewritten(book_of([["标题", "发布日期"], ["甲", "2024-1-1"]]), dict([change]))
    assert "不是可用的 .xlsx 文件" in refusal(path)


def test_shared_texts_that_are_damaged_or_not_there(tmp_path: Path, rewritten: Callable[..., Path]) -> None:
    path = tmp_path / "shared.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((["标题", "发布日期"], ["甲", "2024-1-1"], ["乙", "2024-1-2"])):
            sheet.write_row(at, 0, row)
    changed = rewritten(path, {SHEET: lambda part: part.replace(b"<v>4</v>", b"<v>99</v>")})
    with opened(changed, HEADINGS) as table:
        first, second = table.rows()
    assert first.text("title") == "甲"
    with pytest.raises(ValueError, match="“99”读不出来"):
        second.text("title")
    assert "不是可用的 .xlsx 文件" in refusal(rewritten(path, {"xl/sharedStrings.xml": lambda part: part[:-20]}))
