"""存证 and 阅读数据 as pictures, for the documents: ``python -m tests.console.evidence_pictures FOLDER``.

The example office of ``make console`` only rehearses, and of what is rehearsed there is no evidence. So this one has a post that is out for real,
on a loopback port, whose public page was changed afterwards.
"""

import argparse
import io
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from argon2 import PasswordHasher
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.conftest import Clock, Sink, Workspace
from tests.console.conftest import settle_people
from tests.support.browsing import served
from tests.support.chromium import chromium
from tests.support.desk_browsing import sign_in
from xuanfa.domain import page as pages
from xuanfa.domain.reader import Reader, process_read_by
from xuanfa.engine.once import one_pass
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.people import passwords
from xuanfa.wording.command_line import worded

TITLE = "法官进校园 法治课开到操场上"
SENT = "12月1日上午，永昌县人民法院的法官走进第三小学，为孩子们讲了一堂法治课。\n\n孩子们听得认真，还演了一场模拟法庭。"
SHOWN = SENT.replace("模拟法庭", "大型模拟法庭")
_LOOK = "body{margin:40px;font:20px/1.8 sans-serif}h1{font-size:34px;color:#a3201d}"


def main() -> int:
    """Take both."""
    parser = argparse.ArgumentParser(prog="python -m tests.console.evidence_pictures", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    passwords._hasher = lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with tempfile.TemporaryDirectory() as home, process_read_by(Reader("zh", worded)), chromium() as browser:
        os.environ |= {"XDG_STATE_HOME": home, "XUANFA_PUBLISH__STILL_SECONDS": "0"}
        sink, text = Sink(), {"shown": SENT}
        workspace = Workspace(Path(home) / "office", sink.url).settle_in("hook", hook='title = "法院网站"')
        with workspace.stack:
            desk = _out_for_real(workspace, browser, text)
            with served(desk) as address:
                _take(browser, address, folder, text)
        sink.shutdown()
    return 0


def _out_for_real(workspace: Workspace, browser: Browser, text: dict[str, str]) -> Desk:
    """A desk on which one post is out, and whose public page shows ``text``."""
    clock = Clock()
    shot = _picture_of(browser, SHOWN)
    opened = replace(
        workspace.desk(clock),
        open_page=lambda _, address: pages.Opened(
            address=address, page=pages.Page(200, _html(text["shown"])), media_type="text/html"
        ),
        picture_page=lambda *_: (shot, ""),
    )
    settle_people(opened)
    workspace.post("one", SENT, title=TITLE, author="王芳")
    queue(opened)
    one_pass(opened, in_flight=2)
    clock.advance(days=1, minutes=5)
    return opened


def _html(text: str) -> str:
    paragraphs = "".join(f"<p>{each}</p>" for each in text.split("\n\n"))
    return f"<title>{TITLE}</title><style>{_LOOK}</style><h1>{TITLE}</h1>{paragraphs}"


def _picture_of(browser: Browser, text: str) -> bytes:
    page = browser.new_page(viewport={"width": 1000, "height": 420})
    page.set_content(_html(text))
    data = page.screenshot(type="jpeg", quality=80)
    page.close()
    return data


def _take(browser: Browser, address: str, folder: Path, text: dict[str, str]) -> None:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
    sign_in(page, address, "zhou")
    for each in (SENT, SHOWN):
        text["shown"] = each
        page.goto(f"{address}/deliveries/1")
        page.click("button:has-text('现在去看')")
        page.wait_for_load_state()
    _keep(page, folder, "proof")
    for day, reads, likes in (("2026-03-02", "860", "41"), ("2026-03-03", "2,315", "96")):
        page.goto(f"{address}/deliveries/1")
        page.click("summary:has-text('登记阅读数据')")
        page.fill("[name=reads]", reads)
        page.fill("[name=likes]", likes)
        page.fill("#n-day", day)
        page.fill("#n-time", "09:01")
        page.click("form[action$='/readers'] button")
        page.wait_for_load_state()
    _keep(page, folder, "readers")


def _keep(page: Page, folder: Path, section: str) -> None:
    """A picture of the page from this section on."""
    page.evaluate(f"document.getElementById('{section}').scrollIntoView()")
    page.evaluate("scrollBy(0, -72)")
    page.wait_for_timeout(600)
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").save(folder / f"{section}.webp", quality=82, method=6)
    sys.stdout.write(f"{section}: {page.url}\n")


if __name__ == "__main__":
    sys.exit(main())
