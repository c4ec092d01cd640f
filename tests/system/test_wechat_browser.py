"""WeChat's articles in a real Chromium: the golden files at phone width, pasted into an editor, and in the dark."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from xuanfa.adapters.wechat.themes import THEMES

pytestmark = pytest.mark.browser

GOLDEN = Path(__file__).parents[1] / "golden" / "wechat"
DRAWN = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='800' height='500'%3E"
    "%3Crect width='800' height='500' fill='%23cccccc'/%3E%3C/svg%3E"
)
PHONE = {"width": 390, "height": 844}
#: What a reader sees of an element; the editor must not change it.
STYLES = "['color','backgroundColor','fontSize','fontWeight','textAlign','lineHeight','borderTopWidth','paddingLeft','display']"
LOOKS = f"""root => [...root.querySelectorAll('*')].filter(
  e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())
).map(e => {{
  const s = getComputedStyle(e);
  return [e.tagName, ...{STYLES}.map(n => s[n])].join(' ').replace(' start ', ' left ');
}})"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    made = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]
    yield made
    made.close()


def article(theme: str) -> str:
    return (GOLDEN / f"{theme}.html").read_text(encoding="utf-8").replace('src="court.png"', f'src="{DRAWN}"')


def show(page: Page, html: str) -> Any:
    """As WeChat shows it: the article's own column, 16 pixels from either side."""
    page.set_content(
        f'<!doctype html><meta charset="utf-8"><body style="margin:0"><div id="js_content" style="padding:16px">{html}</div>'
    )
    return page.locator("#js_content")


@pytest.mark.parametrize("theme", THEMES)
def test_a_phone_shows_it_without_scrolling_sideways(page: Page, theme: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    show(page, article(theme))
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert page.evaluate("document.querySelector('img').getBoundingClientRect().width") == PHONE["width"] - 32
    assert not [address for address in asked if not address.startswith("data:")]


@pytest.mark.parametrize("theme", THEMES)
def test_it_is_large_enough_to_read(page: Page, theme: str) -> None:
    root = show(page, article(theme))
    sizes = root.evaluate(
        "r => [...r.querySelectorAll('p, li, td, th, h2, h3')].map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 13
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('section > section > p')).fontSize)") >= 16


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_pasted_into_an_editor_keeps_its_layout(page: Page, theme: str) -> None:
    """Selected, copied and pasted with the keyboard into an editable element, which is what WeChat's editor is."""
    before = show(page, article(theme)).evaluate(LOOKS)
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#js_content'))")
    page.keyboard.press("Control+c")
    page.set_content(
        '<!doctype html><meta charset="utf-8"><body style="margin:0"><div id="editor" contenteditable style="padding:16px">'
    )
    page.locator("#editor").focus()
    page.keyboard.press("Control+v")
    page.locator("#editor table").wait_for()
    after = page.locator("#editor").evaluate(LOOKS)
    assert after == before


@pytest.mark.parametrize("theme", THEMES)
def test_code_keeps_its_lines_and_indent_when_newlines_are_folded(page: Page, theme: str) -> None:
    folded = re.sub(r"\s*\n\s*", " ", article(theme))
    root = show(page, folded)
    text = root.locator("section", has_text="def count").last.inner_text()
    lines = text.replace("\u00a0", " ").splitlines()
    assert lines[0].startswith("def count(rows):")
    assert lines[1].startswith("    # ")
    assert lines[4].startswith("        total")


@pytest.mark.parametrize("theme", THEMES)
def test_lists_show_a_mark_for_each_item_and_none_that_is_empty(page: Page, theme: str) -> None:
    root = show(page, article(theme))
    items = root.evaluate("r => [...r.querySelectorAll('li')].map(e => e.innerText.trim())")
    assert len(items) == 6
    assert all(items)
    assert "◦ 上午：永昌县某镇" in root.inner_text()


@pytest.mark.parametrize("theme", THEMES)
def test_a_wide_table_scrolls_within_itself(page: Page, theme: str) -> None:
    wide = "".join(f'<th style="white-space:nowrap">第{n}列的标题</th>' for n in range(12))
    html = article(theme).replace("<thead><tr>", f"<thead><tr>{wide}", 1)
    show(page, html)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert page.evaluate(
        "(t => t.parentElement.scrollWidth > t.parentElement.clientWidth)(document.querySelector('table'))"
    )
