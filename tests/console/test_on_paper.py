"""What the office prints: so many pages of A4, with what is read on paper, and without what is done with a mouse."""

from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import Clock, Workspace
from tests.support.browsing import served
from tests.support.touring import COOKIE, Office, furnished

#: The page, how many sheets it takes, what stands on them, and what does not.
SHEETS = [
    ("/reviews/three/form", 1, "三审", "交签字件"),
    ("/counts?since=2026-03-01&until=2026-03-31", 1, "供稿部门", "复制这句话"),
    ("/calendar/2026-03", 1, "静默期", "全部渠道"),
    ("/calendar/2026-W10", 1, "22 点后", "全部渠道"),
    ("/calendar/list", 2, "专栏", "改时间"),
    ("/posts/one/preview", 1, "hook", "搜稿件"),
]


@pytest.fixture
def office(workspace: Workspace, clock: Clock) -> Office:
    return furnished(workspace, clock)


@pytest.fixture
def page(browser: Browser, office: Office) -> Iterator[tuple[Page, str]]:
    with served(office.desk) as address:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        cookie: Any = {"name": COOKIE, "value": office.token("zhou"), "url": address}
        context.add_cookies([cookie])
        yield context.new_page(), address
        context.close()


def sheets(data: bytes) -> list[str]:
    """The words of each sheet, which is of A4."""
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            assert (page.get_width(), page.get_height()) == pytest.approx((595.3, 841.9), abs=1.5)
        return [page.get_textpage().get_text_range() for page in document]


def test_pages_are_printed_on_so_many_sheets(page: tuple[Page, str]) -> None:
    one, address = page
    wrong = []
    for path, count, there, gone in SHEETS:
        one.goto(address + path, wait_until="networkidle")
        printed = sheets(one.pdf(format="A4", prefer_css_page_size=True))
        words = "".join("".join(printed).split())
        if (len(printed), there.replace(" ", "") in words, gone in words) != (count, True, False):
            wrong.append((path, len(printed), words[:400]))
    assert not wrong, wrong


def test_the_review_form_is_one_sheet(page: tuple[Page, str]) -> None:
    one, address = page
    answer = one.request.get(f"{address}/reviews/three/form/pdf")
    assert answer.ok
    assert len(sheets(answer.body())) == 1
