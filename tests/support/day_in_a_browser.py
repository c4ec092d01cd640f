"""What people do at the console in a browser, from the first word to the last figure: they click, type and paste, and write no mark.

The test of a whole day and the pictures of the documents share it."""

import io
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Page, expect

#: What it is about, whoever writes it and however.
TITLE: Final = "巡回审判进乡村，法官田间解纠纷"
#: What Word puts on the clipboard for a heading, two paragraphs (one with bold words), a list, and a table.
FROM_WORD: Final = (Path(__file__).parent / "from_word.html").read_text(encoding="utf-8")
_PASTE: Final = """html => { const data = new DataTransfer(), area = document.getElementById('f-text');
    data.setData('text/html', html); data.setData('text/plain', '没有样子的文字'); area.focus();
    area.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, cancelable: true, bubbles: true})); }"""


def go(page: Page, place: str) -> None:
    """Where the navigation leads: beside the page, below it on a phone, or by 更多."""
    there = page.locator("nav.side a:visible, nav.bar a:visible").filter(has_text=place)
    if not there.count():
        page.locator("nav.bar a:has-text('更多'):visible").click()
        page.wait_for_url("**/more")
        there = page.locator("main a").filter(has_text=place)
    there.first.click()
    page.wait_for_load_state()


def pane(page: Page, name: str) -> None:
    """On a phone 写稿 shows one pane at a time."""
    key = page.locator(f"#bar a:has-text('{name}')")
    if key.is_visible():
        key.click()


def paste(page: Page, html: str) -> None:
    """As a browser hands over what lies on the clipboard."""
    page.evaluate(_PASTE, html)


def bold(page: Page, letters: int) -> None:
    """So many letters before the caret, by selecting them and the button."""
    for _ in range(letters):
        page.keyboard.press("Shift+ArrowLeft")
    page.click(".tools >> text=加粗")
    page.keyboard.press("End")


def put_link(page: Page, words: str, address: str) -> None:
    page.click(".tools [aria-label=链接]")
    page.fill("#l-words", words)
    page.fill("#l-address", address)
    page.click("text=加上链接")


def put_table(page: Page, *rows: tuple[str, ...]) -> None:
    page.click(".tools >> text=表格")
    page.fill("#t-rows", str(len(rows)))
    page.fill("#t-columns", str(len(rows[0])))
    for number, row in enumerate(rows, 1):
        for place, words in enumerate(row, 1):
            page.get_by_label(f"第 {number} 行第 {place} 列").fill(words)
    page.click("text=放上这张表")


def put_picture(page: Page, colour: str, alt: str, caption: str) -> None:
    data = io.BytesIO()
    Image.new("RGB", (640, 400), colour).save(data, "JPEG")
    page.click(".tools >> text=图片")
    page.set_input_files("#p-file", {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()})
    page.fill("#p-alt", alt)
    page.fill("#p-caption", caption)
    page.click("text=放上这张图")
    expect(page.locator("#d-picture")).not_to_be_visible()


def submit(page: Page) -> None:
    """提交审校, and then once more what goes where."""
    pane(page, "提交")
    page.click("button:has-text('提交审校…')")
    page.wait_for_url("**/submit")


#: Scrolls the rendition to its end; whether the count of what was seen is another one by now.
_TO_THE_END = """before => {
  const frame = document.querySelector("#leaves iframe.frame");
  const inside = frame && frame.contentDocument && frame.contentDocument.scrollingElement;
  if (inside) { inside.scrollTo(0, 1e6); frame.scrollIntoView({ block: "end" }); }
  const count = document.getElementById("seen-count");
  return !count || count.textContent !== before;
}"""


def look_at_all(page: Page) -> None:
    """Each rendition to its end: the one button leads from channel to channel."""
    agree, count = page.locator("button.agree"), page.locator("#seen-count")
    while not agree.is_visible():
        inside = page.frame_locator("#leaves iframe.frame").locator("body")
        expect(inside).not_to_be_empty()
        before = count.text_content() or ""
        # As a person scrolls on when a picture has come late and made the page longer.
        page.wait_for_function(_TO_THE_END, arg=before, polling=200)
        if not agree.is_visible():
            page.click("a.look-next")


def decided(page: Page, words: str = "") -> None:
    """All of it seen, every gate ticked, and the one button, which says so."""
    look_at_all(page)
    for box in page.locator("#gates input[name=gate]").all():
        box.check()
    button = page.locator("button.agree")
    if words:
        expect(button).to_have_text(words)
    button.click()
    page.wait_for_load_state()


def sign(page: Page, password: str) -> None:
    """签发: the sheet from below, and its own touch."""
    expect(page.locator("#sheet")).to_contain_text("签发这一篇？")
    again = page.locator("#sheet [name=again]")
    if again.count():
        again.fill(password)
    page.evaluate(
        "document.getElementById('sheet').dataset.wait = '1'"
    )  # as if the 600 ms of the second touch were over
    page.click("#sheet button:has-text('同意签发')")
    expect(page.locator("main")).to_contain_text("已签发")
