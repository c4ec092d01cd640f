"""报表和封存, 多久没更新, the sentence whose figures lead to their rows; and the settings that were not in the browser before."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from html.parser import HTMLParser

import docx
import openpyxl
import pytest

from tests.conftest import Workspace
from tests.support.browsing import Somebody
from tests.support.ledger_book import Book
from xuanfa.domain.delivery import State
from xuanfa.operations.desk import Desk
from xuanfa.reports.sealed import sealed_within

Sit = Callable[[str], Somebody]


@pytest.fixture
def book(desk: Desk) -> Book:
    """Publications of last month and this one."""
    book, now = Book(desk.store), desk.clock()
    last = now.replace(day=1) - timedelta(days=5)
    book.post(101, department="立案庭")
    book.post(102, department="执行局")
    book.delivery(201, 101, "site", at=last)
    book.delivery(202, 102, "site", at=last)
    book.delivery(203, 102, "wechat", at=now - timedelta(hours=3))
    book.delivery(204, 102, "weibo", State.RETRACTED, at=now - timedelta(hours=4))
    return book


class Links(HTMLParser):
    """The links within the sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.inside, self.href = False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or tag == "blockquote"
        if tag == "a" and self.inside:
            self.href = dict(attrs).get("href") or ""

    def handle_data(self, data: str) -> None:
        if self.href:
            self.found[data] = self.href

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "blockquote"
        self.href = "" if tag == "a" else self.href


@pytest.mark.usefixtures("book")
def test_each_figure_of_the_sentence_leads_to_exactly_its_rows(somebody: Sit) -> None:
    one = somebody("zhou")
    links = Links()
    links.feed(one.go("/counts?span=all"))
    assert {"3 条", "去重稿件 2 篇", "site 2 条", "wechat 1 条", "已撤回 1 条"} <= set(links.found), links.found
    for words, rows in (("3 条", 3), ("site 2 条", 2), ("wechat 1 条", 1), ("已撤回 1 条", 1)):
        assert one.go(links.found[words]).count('class="name" href="/deliveries/') == rows, words


@pytest.mark.usefixtures("book")
def test_reports_of_any_time_by_column_and_as_any_file(somebody: Sit, desk: Desk) -> None:
    one = somebody("zhou")
    one.go("/counts/reports")
    last = (desk.clock().replace(day=1) - timedelta(days=5)).astimezone(desk.zone)
    month, year = f"{last:%Y-%m}", f"{last:%Y}"
    for asked in (
        {"kind": "month", "month": month},
        {"kind": "quarter", "quarter": f"{year}-Q{(last.month + 2) // 3}"},
        {"kind": "year", "year": year},
        {"kind": "range", "since": f"{month}-01", "until": f"{month}-28"},
        {"kind": "month", "month": month, "column": "action"},
    ):
        answer = one.client.get("/counts/reports/file", params=asked | {"as": "xlsx"})
        assert answer.status_code == 200, (asked, answer.text[:500])
        assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames
    got = {
        kind: one.client.get("/counts/reports/file", params={"kind": "month", "month": month, "as": kind})
        for kind in ("docx", "csv", "html")
    }
    assert docx.Document(io.BytesIO(got["docx"].content)).paragraphs
    assert got["csv"].content.startswith(b"\xef\xbb\xbf")
    assert "<html" in got["html"].text
    assert all("attachment" in each.headers["content-disposition"] for each in got.values())
    answer = one.client.get("/counts/reports/selfcheck", params={"quarter": f"{year}-Q{(last.month + 2) // 3}"})
    assert docx.Document(io.BytesIO(answer.content)).tables


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"kind": "month", "month": "2026-13"}, "月份是 01 到 12"),
        ({"kind": "month", "month": "x"}, "不是月份"),
        ({"kind": "quarter", "quarter": "2026-Q9"}, "季度是 Q1 到 Q4"),
        ({"kind": "range", "since": "2026-03-09", "until": "2026-03-01"}, "请对调"),
        ({"kind": "range", "since": "2026-03-09"}, "起止日期要都填"),
        ({"kind": "year", "year": "2099"}, "还没有开始"),
        ({"kind": "month", "month": "2026-02", "as": "exe"}, "请选专栏和文件的样子"),
        ({"kind": "month", "month": "2026-02", "column": "nowhere"}, "请选专栏和文件的样子"),
    ],
)
def test_what_cannot_be_reported_is_told_on_the_page(somebody: Sit, asked: dict[str, str], told: str) -> None:
    one = somebody("zhou")
    one.page = one.client.get("/counts/reports/file", params={"as": "xlsx"} | asked)
    assert (one.page.status_code, told in unescape(one.page.text)) == (422, True), unescape(one.page.text)


def test_a_month_is_sealed_once_and_later_corrections_show(somebody: Sit, desk: Desk, book: Book) -> None:
    one = somebody("zhou")
    text = unescape(one.go("/counts/reports"))
    last = (desk.clock().replace(day=1) - timedelta(days=5)).astimezone(desk.zone)
    month = f"{last:%Y-%m}"
    assert f"{month}（2 条）" in text
    form = one.form("封存这个月")
    book.delivery(209, 101, "wechat", at=last)
    assert "条数变成了 3 条，没有封存" in unescape(one.send(form, month=f"{month} 2"))
    assert one.page.status_code == 409
    text = unescape(one.press("封存这个月", month=f"{month} 3"))
    assert f"{month} 封存好了" in text
    assert "封存 3 条，2 篇" in text
    assert "此后没有更正" in text
    book.delivery(210, 102, "douyin", at=last)
    text = unescape(one.go("/counts/reports"))
    assert "封存后变了 1 条" in text
    assert "封存后补登" in text
    assert len(sealed_within(desk.store, desk.zone, None, None)) == 1
    assert somebody("jiao").client.post("/counts/reports/seal").status_code == 403
    assert somebody("wang").client.get("/counts/reports").status_code == 403


@pytest.mark.usefixtures("book")
def test_how_long_nothing_came_and_what_lies_on_the_shelf(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    from xuanfa.operations.intake.queue import queue  # noqa: PLC0415

    one = somebody("zhou")
    text = unescape(one.go("/counts/freshness"))
    assert "专栏“我们在行动”" in text
    assert "架上没有可以放行的保底稿" in text
    assert "账号 7 天临近、11 天快断更、14 天断更" in text
    workspace.post("ready", publish_at="", shelf="true")
    queue(desk)
    assert "1 篇保底稿" in unescape(one.go("/counts/freshness"))


def test_thresholds_departments_and_shared_paces_are_written_from_the_browser(
    somebody: Sit, workspace: Workspace
) -> None:
    one, file = somebody("lina"), workspace.folder / "xuanfa.toml"
    one.go("/settings/publishing")
    text = unescape(
        one.press("写进设置", **{"freshness.amber_days": "5", "freshness.red_days": "9", "proof.nightly": "03:30"})
    )
    assert one.page.status_code == 200, text.partition("<main")[2][:700]
    written = file.read_text(encoding="utf-8")
    assert ("amber_days = 5" in written, "red_days = 9" in written, 'nightly = "03:30"' in written) == (
        True,
        True,
        True,
    )
    one.go("/settings/publishing")
    one.press("写进设置", **{"freshness.amber_days": "50"})
    assert one.page.status_code == 422
    one.go("/settings/organisation")
    one.press("写进设置", **{"organisation.departments": "立案庭\n执行局"})
    assert "执行局" in file.read_text(encoding="utf-8")
    one.go("/settings/pace/new")
    one.press("加上", id="app", **{"pace.+.limits": "100/小时\n1000/天", "pace.+.channels": "hook"})
    assert one.page.status_code == 200, unescape(one.page.text)
    assert "[pace.app]" in file.read_text(encoding="utf-8")
    text = unescape(one.go("/settings/channels"))
    assert "100/小时、1000/天" in text
    one.go("/settings/pace/app")
    one.press("写进设置", **{"pace.app.limits": "很多"})
    assert one.page.status_code == 422
    one.go("/settings/pace/app")
    text = unescape(one.press("从设置里删去"))
    assert one.page.status_code == 200, text.partition("<main")[2][:700]
    assert "[pace.app]" not in file.read_text(encoding="utf-8")


def test_a_plan_of_days_off_is_looked_at_and_brought_in(somebody: Sit, desk: Desk) -> None:
    one = somebody("lina")
    one.go("/settings/workdays?year=2031")
    assert "没有这一年的安排" in unescape(one.page.text)
    text = unescape(one.press("先试一遍", pasted="日期\t类型\t名称\n2031-01-01\t休\t元旦\n2031-01-04\t班\t调休\n"))
    assert "还没有写入" in text
    assert not desk.days().is_worked(date(2031, 1, 4))
    text = unescape(one.press("导入这个安排", why="国办通知"))
    assert "导入好了" in text
    assert "元旦" in text
    one.go("/settings/workdays")
    assert "第 2 行" in unescape(one.press("先试一遍", pasted="日期\t类型\n哪天\t休\n"))
    assert one.page.status_code == 422
