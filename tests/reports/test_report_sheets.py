"""A report as a spreadsheet: typed cells, native charts, nothing carried out, what does not count apart; and the same rows as .csv."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.report_office import NASTY, fill, house
from xuanfa.domain.term import month_of, year_of
from xuanfa.reports.counts import Period, count
from xuanfa.reports.house import House
from xuanfa.reports.paper import Asked
from xuanfa.reports.writing import write_report
from xuanfa.store import schema
from xuanfa.store.database import Store

MARCH = Asked(term=month_of("2026-03"))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('sheets') / 'xuanfa.db'}")
    store.ready()
    fill(store)
    yield house(store)
    store.close()


@pytest.fixture(scope="module")
def file(office: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("made") / "2026-03.xlsx"
    write_report(office, MARCH, target)
    return target


@pytest.fixture(scope="module")
def book(file: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(file)


def rows_of(sheet: Worksheet) -> list[dict[str, object]]:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_the_sheets_part_what_counts_from_what_does_not(office: House, book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ["汇总", "已发布", "导入（不计入）", "另列（不计入）", "图表数据", "说明"]
    counted = count(office.desk.store, Period(zone=office.desk.zone))
    assert len(rows_of(book["已发布"])) == counted.items
    apart = rows_of(book["另列（不计入）"])
    assert {row["状态"] for row in apart} == {"已撤回"}
    assert len(apart) == counted.retracted > 0


def test_the_tables_of_the_first_sheet_add_up_to_the_list(office: House, book: openpyxl.Workbook) -> None:
    items = count(office.desk.store, Period(zone=office.desk.zone)).items
    sheet, found = book["汇总"], 0
    for row in sheet.iter_rows():
        names = [cell.value for cell in row]
        if "条次" in names or "合计" in names[1:]:
            column = names.index("条次" if "条次" in names else "合计")
            below = [line[column] for line in sheet.iter_rows(min_row=row[0].row + 1, values_only=True)]
            figures = [
                value for value in below[: below.index(None) if None in below else None] if isinstance(value, int)
            ]
            assert sum(figures[:-1]) == figures[-1] == items, names
            found += 1
    assert found == 5


def test_times_are_times_and_long_numbers_stay_what_they_are(book: openpyxl.Workbook) -> None:
    sheet = book["已发布"]
    for row in rows_of(sheet):
        assert isinstance(row["发布日期"], datetime)
        assert isinstance(row["平台编号"], str)
        assert len(str(row["平台编号"])) == 17
    head = [cell.value for cell in sheet[1]]
    assert sheet.cell(2, head.index("发布日期") + 1).number_format == "yyyy-mm-dd hh:mm"
    assert sheet.cell(2, head.index("平台编号") + 1).number_format == "@"


def test_a_title_that_begins_like_a_formula_is_text(book: openpyxl.Workbook, file: Path) -> None:
    titles = {row["标题"] for row in rows_of(book["已发布"])}
    assert set(NASTY) & titles >= {"=HYPERLINK(1)", "-2", "<b>粗</b>&amp;"}
    with zipfile.ZipFile(file) as pack:
        sheets = [pack.read(name).decode() for name in pack.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(re.search("<f[ >]", sheet) for sheet in sheets)
        assert not [
            name
            for name in pack.namelist()
            if "rels" in name and b"http" in pack.read(name).replace(b"http://schemas", b"")
        ]


def test_the_head_stays_and_a_page_is_printed_that_can_be_read(book: openpyxl.Workbook) -> None:
    sheet = book["已发布"]
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A2", "$1:$1")
    assert sheet.print_area == f"'已发布'!$A$1:$K${sheet.max_row}"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    front = book["汇总"]
    assert front.sheet_properties.pageSetUpPr is not None
    assert front.sheet_properties.pageSetUpPr.fitToPage
    assert front.page_setup.fitToHeight == 0
    assert front.print_area is not None


def test_its_charts_are_the_programs_own_and_show_the_tables_cells(book: openpyxl.Workbook, file: Path) -> None:
    charts = book["汇总"]._charts  # type: ignore[attr-defined]
    assert [type(chart).__name__ for chart in charts] == ["BarChart", "BarChart"]
    with zipfile.ZipFile(file) as pack:
        first, second = (pack.read(f"xl/charts/chart{n}.xml").decode() for n in (1, 2))
    (names, values) = re.findall("<c:f>([^<]+)</c:f>", first)[-2:]
    (sheet, cells) = names.split("!")
    assert sheet == "汇总"
    top, bottom = (int(each.split("$")[2]) for each in cells.split(":"))
    assert {book["汇总"].cell(row, 1).value for row in range(top, bottom + 1)} == {"政务网站", "微信公众号", "微博"}
    assert values.startswith("汇总!$B$")
    assert "图表数据!" in second
    days = rows_of(book["图表数据"])
    assert len(days) == 31


def test_the_csv_has_its_mark_and_what_a_spreadsheet_would_carry_out_is_guarded(office: House, tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    done = write_report(office, MARCH, target)
    data = target.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(rows) == done.rows == done.listed
    titles = {row["标题"] for row in rows}
    assert {"'=HYPERLINK(1)", "'-2"} <= titles
    assert not [title for title in titles if title[0] in "=+-@"]
    assert sum(row["状态"] in {"已发布", "已更正"} for row in rows) == done.count.items


def test_what_breaks_off_leaves_nothing(office: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("xuanfa.reports.writing.notes_of", breaks)
    with pytest.raises(Exception, match="没有留下半个文件"):
        write_report(office, MARCH, tmp_path / "a.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_year_has_a_line_for_each_month(office: House, tmp_path: Path) -> None:
    write_report(office, Asked(term=year_of("2026")), tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["汇总"]
    first = [row[0] for row in sheet.iter_rows(values_only=True)]
    assert [f"{n}月" for n in range(1, 13)] == [each for each in first if re.fullmatch(r"\d+月", str(each))]


def test_a_control_in_a_title_is_written_out(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'other.db'}")
    store.ready()
    fill(store, posts=2)
    with store.write() as connection:
        connection.execute(sa.update(schema.receipts).values(title="铃\x07声" + "长" * 40_000))
    write_report(house(store), MARCH, tmp_path / "a.xlsx")
    store.close()
    rows = rows_of(openpyxl.load_workbook(tmp_path / "a.xlsx")["已发布"])
    assert rows
    assert all("\x07" not in str(row["标题"]) and len(str(row["标题"])) <= 32_767 for row in rows)
