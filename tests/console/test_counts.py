"""统计 and 台账: the sentence, every figure with its rows, files to take away, and what is asked for wrongly."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape

import docx
import openpyxl
import pytest

from tests.conftest import Workspace
from tests.support.browsing import Somebody, served
from tests.support.ledger_book import Book
from tests.support.stocked import put
from xuanfa.domain.delivery import State
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.store.schema import receipts

Sit = Callable[[str], Somebody]


@pytest.fixture
def book(desk: Desk) -> Book:
    """Two posts of the year on three channels, one of them withdrawn, one a rehearsal."""
    book, now = Book(desk.store), desk.clock()
    book.post(101, department="立案庭")
    book.post(102, department="执行局")
    book.delivery(201, 101, "site", at=now - timedelta(days=3))
    book.delivery(202, 101, "wechat", at=now - timedelta(days=40))
    book.delivery(203, 102, "site", at=now - timedelta(days=2))
    book.delivery(204, 102, "wechat", State.RETRACTED, at=now - timedelta(days=2))
    book.delivery(205, 102, "weibo", at=now - timedelta(days=1), rehearsal=True)
    return book


@pytest.mark.usefixtures("book")
def test_the_sentence_and_its_figures_lead_to_exactly_those_rows(somebody: Sit) -> None:
    zhou = somebody("zhou")
    text = unescape(zhou.go("/counts?span=all"))
    assert "共发布信息 3 条（去重稿件 2 篇）" in re.sub(r"<[^>]+>", "", text)
    assert "已撤回 1 条" in text
    assert "演练 1 条" in text
    assert "口径" in text
    rows = zhou.go("/ledger?span=all&department=%E7%AB%8B%E6%A1%88%E5%BA%AD")
    assert rows.count('href="/deliveries/') == 2
    assert "/ledger?span=all&department=" in text or "department=%E7%AB%8B" in text
    apart = zhou.go("/ledger?span=all&which=apart")
    assert apart.count('href="/deliveries/') == 2
    assert "已撤回" in apart


@pytest.mark.usefixtures("book")
def test_a_file_has_what_counts_and_apart_what_does_not(somebody: Sit) -> None:
    zhou = somebody("zhou")
    zhou.go("/ledger/file/csv?span=all")
    answer = zhou.page
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 1 + 3 + 1, "a rehearsal is in no file"
    zhou.go("/ledger/file/xlsx?span=all")
    book = openpyxl.load_workbook(io.BytesIO(zhou.page.content))
    assert book["已发布"].max_row == 1 + 3


@pytest.mark.usefixtures("book")
@pytest.mark.parametrize(
    "query", ["span=last-month", "span=quarter", "span=year", "span=own&since=2026-01-01&until=2026-03-02"]
)
def test_a_report_of_what_is_asked_for_can_be_taken_away(somebody: Sit, query: str) -> None:
    zhou = somebody("zhou")
    assert "通报 .docx" in zhou.go(f"/counts?{query}")
    zhou.go(f"/counts/report/docx?{query}")
    text = "".join(paragraph.text for paragraph in docx.Document(io.BytesIO(zhou.page.content)).paragraphs)
    assert "总体情况" in text
    zhou.go(f"/counts/report/xlsx?{query}")
    assert "已发布" in openpyxl.load_workbook(io.BytesIO(zhou.page.content)).sheetnames


@pytest.mark.parametrize(
    "query", ["span=all", "span=own&since=2026-01-01", "span=year&channel=site", "span=own&since=x"]
)
def test_there_is_no_report_of_what_has_no_ends_or_is_narrowed(somebody: Sit, query: str) -> None:
    zhou = somebody("zhou")
    zhou.go(f"/counts/report/docx?{query}")
    assert (zhou.page.status_code, "没有报表可下载" in zhou.page.text) == (422, True)


@pytest.mark.usefixtures("book")
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("span=own&since=2026-05-01&until=2026-01-01", "请对调"),
        ("span=own&since=gestern", "看不懂"),
        ("since=2026-13-01", "看不懂"),
    ],
)
@pytest.mark.parametrize("path", ["/counts", "/ledger"])
def test_dates_that_are_none_are_told_and_nothing_is_counted(somebody: Sit, path: str, query: str, words: str) -> None:
    text = unescape(somebody("zhou").go(f"{path}?{query}"))
    assert words in text
    assert "共发布信息" not in text
    assert 'href="/deliveries/' not in text


@pytest.mark.parametrize(
    "query", ["behind=x", "behind=1.", "behind=" + "9" * 400, "which=nosuch", "span=nosuch", "channel=%00", "column='"]
)
@pytest.mark.usefixtures("book")
def test_an_address_that_asks_for_nonsense_is_answered(somebody: Sit, query: str) -> None:
    zhou = somebody("zhou")
    zhou.go(f"/ledger?{query}")
    assert zhou.page.status_code == 200


def test_a_time_without_publications_says_so(somebody: Sit) -> None:
    assert "这段时间没有发布" in somebody("zhou").go("/counts")
    assert "这段时间没有" in somebody("zhou").go("/ledger")


def test_what_is_restricted_shows_no_title(workspace: Workspace, desk: Desk, somebody: Sit) -> None:
    """Once it is out it is open to all; a rehearsal of it is not out."""
    workspace.post(
        "hidden", "癸卯密语的正文。", title="癸卯密语", author="王芳", publish_at="2026-03-05 09:00", access="[wang]"
    )
    queue(desk)
    found = put(desk, 1, State.PUBLISHED)
    receipt = {
        "delivery_id": 1,
        "post_id": found.post_id,
        "channel": found.channel,
        "title": "癸卯密语",
        "evidence": "",
    }
    with desk.store.write() as connection:
        connection.execute(receipts.insert().values(**receipt, published_at=desk.clock(), rehearsal=True))
    path = "/ledger?span=all&which=apart"
    assert "癸卯密语" not in somebody("zhou").go(path)
    assert "限阅" in somebody("zhou").go(path)
    assert "癸卯密语" in somebody("wang").go(path)


@pytest.mark.usefixtures("book")
def test_authors_and_departments_of_the_lists_without_anything_are_named(desk: Desk) -> None:
    office = replace(desk.organisation, departments=("立案庭", "研究室"), authors=("李文", "王敏"))
    with served(replace(desk, organisation=office)) as address, Somebody(address) as one:
        text = re.sub(r"<[^>]+>", "\n", unescape(one.sign_in("zhou").go("/counts?span=all")))
        narrowed = one.go("/counts?span=all&department=%E7%AB%8B%E6%A1%88%E5%BA%AD")
    assert "零报送：研究室\n" in text
    assert "按所发版本稿头写的作者，一字不差才算同一人。" in text
    assert "零报送：李文、王敏\n" in text
    assert re.search(r"（未写作者）\n+\s*2\n+\s*3\n", text)
    assert "零报送" not in narrowed
