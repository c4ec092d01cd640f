"""A report as files: what stands in it adds up to the count, other programs read it back, and nothing in it is carried out."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import docx
import pytest
from bs4 import BeautifulSoup
from docx.shared import Mm

from tests.support.report_office import NOW, Office, fill, house
from xuanfa.documents import pdf
from xuanfa.documents.reports.word import LISTED_MAX
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.domain.reader import Reader, read_by
from xuanfa.domain.report import Grid, Point, Report
from xuanfa.domain.term import month_of, quarter_of, range_of, year_of
from xuanfa.reports.counts import Period, count
from xuanfa.reports.figures import figures
from xuanfa.reports.house import House
from xuanfa.reports.ledger import publications
from xuanfa.reports.paper import Asked, Found, paper
from xuanfa.reports.tally import Tally
from xuanfa.reports.writing import write_report, write_selfcheck
from xuanfa.store.database import Store

MARCH = Asked(term=month_of("2026-03"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'xuanfa.db'}")
    made.ready()
    yield made
    made.close()


@pytest.fixture
def office(store: Store) -> House:
    fill(store)
    return house(store)


def word(data: bytes) -> "docx.document.Document":
    return docx.Document(io.BytesIO(data))


def test_a_word_document_has_the_outline_and_its_tables_add_up(office: House, tmp_path: Path) -> None:
    target = tmp_path / "2026-03.docx"
    written = write_report(office, MARCH, target)
    document = docx.Document(str(target))
    headings = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert headings == ["一、总体情况", "二、存在问题", "三、下一步工作", "附件"]
    assert document.paragraphs[0].text == "金昌市中级人民法院\n2026年3月信息发布情况"
    period = Period(zone=office.desk.zone, since=date(2026, 3, 1), until=date(2026, 3, 31))
    counted = count(office.desk.store, period)
    assert (written.count.items, written.count.posts) == (counted.items, counted.posts)
    tables = {tuple(cell.text for cell in table.rows[0].cells): table for table in document.tables}
    assert len(tables) == 6
    for head, table in tables.items():
        if "条次" in head:
            at = head.index("条次")
            figures = [int(row.cells[at].text) for row in table.rows[1:]]
            assert sum(figures[:-1]) == figures[-1] == counted.items, head
    text = "\n".join(p.text for p in document.paragraphs)
    assert f"{counted.items}条" in text.replace(" ", "")
    assert "（请填写下一步工作打算）" in text
    assert "印章" not in text


def test_the_page_is_that_of_official_documents_and_its_typefaces_are_named(office: House, tmp_path: Path) -> None:
    target = tmp_path / "a.docx"
    write_report(office, MARCH, target)
    (section,) = docx.Document(str(target)).sections
    for found, wanted in (
        (section.page_width, 210),
        (section.page_height, 297),
        (section.top_margin, 37),
        (section.left_margin, 28),
        (section.right_margin, 26),
        (section.bottom_margin, 35),
    ):
        assert found is not None
        assert abs(found - Mm(wanted)) < Mm(0.1)
    assert [section.footer.paragraphs[0].text, section.even_page_footer.paragraphs[0].text] == ["— 1 —", "— 1 —"]
    with zipfile.ZipFile(target) as pack:
        styles = pack.read("word/styles.xml").decode()
        charts = [name for name in pack.namelist() if name.startswith("word/charts/")]
        assert pack.testzip() is None
        drawn = pack.read("word/charts/chart1.xml").decode()
        assert not [name for name in pack.namelist() if name.endswith((".ttf", ".otf", ".odttf", ".png"))]
    assert {"方正小标宋简体", "仿宋", "黑体", "楷体"} <= set(re.findall('w:eastAsia="([^"]+)"', styles))
    assert len(charts) == 2
    assert "政务网站" in drawn


def test_what_went_wrong_is_told_and_what_did_not_is_not(office: House) -> None:
    report = paper_of(office)
    points = [part for part in report.sections[1].parts if isinstance(part, Point)]
    assert [point.lead for point in points] == ["（一）发布时效。", "（二）撤稿。"]
    assert "比应发时间晚10分钟以上的有" in points[0].text
    later = replace(office, now=datetime(2026, 6, 1, tzinfo=UTC))
    report = paper_of(later, Asked(term=quarter_of("2026-Q2")))
    (point,) = [part for part in report.sections[1].parts if isinstance(part, Point)]
    assert "渠道“政务网站”自" in point.text
    assert "期末仍未更新" in point.text


def found_of(office: House, asked: Asked) -> Found:
    """What a report of the office is made of."""
    period = Period(zone=office.desk.zone, since=asked.term.since, until=asked.term.until, column=asked.column)
    tally = Tally(zone=office.desk.zone)
    for row in publications(office.desk.store, period):
        tally.add(row)
    return Found(tally=tally, count=count(office.desk.store, period), figures=figures(office.desk.store, period))


def paper_of(office: House, asked: Asked = MARCH) -> Report:
    return paper(office, asked, found_of(office, asked))


def test_the_paper_is_chinese_for_every_reader(office: House) -> None:
    with read_by(Reader("en")):
        report = paper_of(office)
        assert say("中文", "English") == "English"
    words = " ".join(str(part) for section in report.sections for part in section.parts)
    assert "published" not in words
    assert "共发布信息" in words


@pytest.mark.parametrize(
    ("term", "title", "lines"),
    [
        (month_of("2026-03"), "各周发布情况", 6),
        (quarter_of("2026-Q1"), "各月发布情况", 3),
        (year_of("2026"), "各月发布情况", 12),
        (range_of(date(2026, 3, 1), date(2026, 3, 10)), "各周发布情况", 3),
        (range_of(date(2025, 12, 1), date(2026, 3, 10)), "各月发布情况", 4),
    ],
    ids=lambda value: getattr(value, "key", None),
)
def test_a_term_is_parted_as_its_length_asks_for(office: House, term: object, title: str, lines: int) -> None:
    asked = Asked(term=term)  # type: ignore[arg-type]
    found, report = found_of(office, asked), paper_of(office, asked)
    (grid,) = [grid for grid in report.grids if grid.title == title]
    assert len(grid.rows) == lines
    assert grid.total == ("合计", sum(int(str(row[1])) for row in grid.rows))
    assert grid.chart is not None
    assert sum(grid.chart.values) == found.count.items


def test_a_term_that_is_not_over_says_up_to_when_it_goes(office: House) -> None:
    (line,) = paper_of(office, Asked(term=year_of("2026"))).beside
    assert line == "本期未满，数字截至2026年4月1日。"
    assert paper_of(office).beside == ()


def test_a_page_shows_what_was_typed_and_carries_nothing_out(office: House, tmp_path: Path) -> None:
    target = tmp_path / "a.html"
    written = write_report(office, MARCH, target)
    page = BeautifulSoup(target.read_text(encoding="utf-8"), "html.parser")
    assert page.select("script, link, img, [src], [href]") == []
    rows = page.select("table.rows tbody tr")
    assert len(rows) == written.rows == written.listed
    titles = {row.select("td")[2].text for row in rows}
    assert {"<b>粗</b>&amp;", "=HYPERLINK(1)"} <= titles
    assert page.select("td b")[0].text != "粗"
    assert len(page.select("svg")) == 2


def test_a_document_lists_the_first_rows_and_says_that_there_are_more(store: Store, tmp_path: Path) -> None:
    fill(store, posts=LISTED_MAX // 2 + 30)
    office = house(store, datetime(2027, 4, 1, tzinfo=UTC))
    written = write_report(office, Asked(term=range_of(date(2026, 3, 1), date(2027, 3, 31))), tmp_path / "a.docx")
    assert written.listed == LISTED_MAX < written.rows
    document = docx.Document(str(tmp_path / "a.docx"))
    assert len(document.tables[-1].rows) == LISTED_MAX + 1
    assert any(f"共{written.rows}条，这里列出前{LISTED_MAX}条" in p.text for p in document.paragraphs)


def test_an_empty_month_has_a_report_that_says_so(store: Store, tmp_path: Path) -> None:
    office = house(store)
    written = write_report(office, MARCH, tmp_path / "a.docx")
    document = docx.Document(str(tmp_path / "a.docx"))
    assert (written.rows, len(document.tables)) == (0, 0)
    text = "\n".join(p.text for p in document.paragraphs)
    assert "共发布信息0条" in text.replace(" ", "")
    assert "渠道“微博”还没有发布过" in text


@pytest.mark.parametrize(
    ("name", "words"),
    [("a.doc", "要以"), ("a", "要以"), ("there.docx", "已经存在"), ("no/such/a.docx", "写不了"), ("a.PPT", ".docx")],
)
def test_a_file_that_cannot_be_is_refused(office: House, tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "there.docx").write_bytes(b"mine")
    with pytest.raises(ConfigError, match=words):
        write_report(office, MARCH, tmp_path / name)
    assert (tmp_path / "there.docx").read_bytes() == b"mine"
    assert sorted(each.suffix for each in tmp_path.iterdir() if "db" not in each.name) == [".docx"]


def test_without_libreoffice_a_pdf_is_refused_before_anything_is_read(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "office_program", lambda: None)
    with pytest.raises(ConfigError, match="没有装 LibreOffice"):
        write_report(house(store), MARCH, tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()


def test_a_report_of_one_column_is_of_that_alone(office: House, tmp_path: Path) -> None:
    asked = Asked(term=MARCH.term, column="notices", column_title="公告通知")
    written = write_report(office, asked, tmp_path / "a.docx")
    document = docx.Document(str(tmp_path / "a.docx"))
    assert document.paragraphs[0].text.endswith("“公告通知”专栏2026年3月信息发布情况")
    assert 0 < written.count.items < count(office.desk.store, Period(zone=office.desk.zone)).items
    assert {row.cells[3].text for row in document.tables[-1].rows[1:]} == {"公告通知"}


def test_an_office_without_a_name_has_a_report_too(store: Store, tmp_path: Path) -> None:
    fill(store)
    desk = Office(store)
    desk.organisation = replace(desk.organisation, name="")
    write_report(House(desk=desk, now=NOW), MARCH, tmp_path / "a.docx")
    assert docx.Document(str(tmp_path / "a.docx")).paragraphs[0].text == "2026年3月信息发布情况"


def test_every_grid_is_as_wide_as_its_head(office: House) -> None:
    for grid in paper_of(office).grids:
        assert isinstance(grid, Grid)
        assert {len(row) for row in grid.lines} == {len(grid.heads)}


def test_the_self_check_answers_what_is_known_and_leaves_the_rest(office: House, tmp_path: Path) -> None:
    target = tmp_path / "a.docx"
    rows = write_selfcheck(office, quarter_of("2026-Q1"), target)
    (table,) = docx.Document(str(target)).tables
    head, *lines = [[cell.text for cell in row.cells] for row in table.rows]
    assert head == ["指标", "评分细则", "检查情况", "证据链接"]
    assert len(lines) == rows == 12
    told = {line[0]: line[2] for line in lines}
    assert told["政务新媒体·单项否决：内容不更新"] == "各账号没有超过14天不更新的"
    assert "请填写" in told["网站·单项否决：互动回应差"]
    assert re.fullmatch(r"最近一条在\d\d月\d\d日，距检查日\d+天(，超过两周)?", told["网站·单项否决：首页不更新"])
    assert "撤回" in told["单项否决：安全、泄密等严重问题"]
    with pytest.raises(ConfigError, match=r"\.docx 或 \.pdf"):
        write_selfcheck(office, quarter_of("2026-Q1"), tmp_path / "a.xlsx")


def test_the_report_of_a_year_has_the_annual_table(office: House) -> None:
    (annex,) = paper_of(office, Asked(term=year_of("2026"))).annexes
    rows = {row[1]: row[2] for row in annex.rows}
    assert annex.title == "政府网站工作年度报表"
    assert rows["总数"] == rows["政务动态信息更新量"] + rows["信息公开目录信息更新量"]  # type: ignore[operator]
    assert rows["总数"] == found_of(office, Asked(term=year_of("2026"))).tally.channels["site"].items
    assert {"信息发布", "专栏专题", "解读回应", "办事服务", "互动交流", "安全防护", "移动新媒体", "创新发展"} <= {
        row[0] for row in annex.rows
    }
    assert paper_of(office).annexes == ()
