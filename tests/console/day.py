"""A day at the console as pictures, for the documents: ``python -m tests.console.day ADDRESS PEOPLE FOLDER``.

``make console`` prints the address, and ``var/console/people.txt`` has the four people. Everything happens in a browser, as people do it.
"""

import argparse
import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support.day_in_a_browser import decided, sign, submit

TITLE = "巡回审判进乡村 法官田间解纠纷"
TEXT = """3月2日一早，永昌县人民法院的法官带着国徽和案卷，来到红山窑镇的田埂上。

## 一亩水浇地的边界

两家人为一条水渠争了三年。法官先看现场，再看合同，**一上午就把边界量清楚了**。

- 查明水渠修建的时间
- 核对承包合同的四至
- 请村里的老人说明来历

双方当场签了调解协议，约定农闲时一起修渠。
"""


def main() -> int:
    """Take them all."""
    parser = argparse.ArgumentParser(prog="python -m tests.console.day", description=__doc__)
    parser.add_argument("address")
    parser.add_argument("people", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    passwords = dict(line.split()[:2] for line in options.people.read_text(encoding="utf-8").splitlines())
    options.folder.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=30_000)  # the machine may be at other work as well
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        day = Day(browser, options.address.rstrip("/"), passwords, options.folder)
        slug = day.write()
        day.review(slug)
        day.look(slug)
        browser.close()
    return 0


class Day:
    """Who does what."""

    def __init__(self, browser: Browser, address: str, passwords: dict[str, str], folder: Path) -> None:
        self._browser, self._address, self._passwords, self._folder = browser, address, passwords, folder

    def sit_down(self, name: str, width: int = 1440, height: int = 900) -> Page:
        """A browser of one's own, signed in."""
        page = self._browser.new_context(viewport={"width": width, "height": height}).new_page()
        page.goto(f"{self._address}/sign-in")
        page.fill("[name=name]", name)
        page.fill("[name=password]", self._passwords[name])
        page.click("button[type=submit]")
        page.wait_for_load_state()
        return page

    def take(self, page: Page, name: str) -> None:
        """A picture of what is on the screen."""
        page.wait_for_timeout(600)  # frames draw themselves
        with Image.open(io.BytesIO(page.screenshot())) as picture:
            picture.convert("RGB").save(self._folder / f"{name}.webp", quality=82, method=6)
        sys.stdout.write(f"{name}: {page.url}\n")

    def write(self) -> str:
        """周敏 writes a post and submits it; its slug."""
        page = self.sit_down("zhoumin")
        self.take(page, "desk")
        page.goto(f"{self._address}/posts")
        self.take(page, "posts")
        page.click("button:has-text('写一篇')")
        page.wait_for_load_state()
        slug = page.url.split("/")[4]
        page.fill("[name=title]", TITLE)
        page.fill("[name=text]", TEXT)
        page.click("#minds a[href='#head']")
        page.fill("[name=department]", "永昌县人民法院")
        page.click("#minds a[href='#findings']")
        page.wait_for_timeout(2500)
        self.take(page, "write")
        page.click("button:has-text('存为一版')")
        page.wait_for_load_state()
        submit(page)
        self.take(page, "submit")
        page.click("button:has-text('提交审校')")
        page.wait_for_load_state()
        return slug

    def review(self, slug: str) -> None:
        """吴桐 proofreads, 陈淑华 looks for secrets, 王永平 signs on the phone."""
        page = self.sit_down("wutong")
        page.goto(f"{self._address}/reviews")
        self.take(page, "reviews")
        page.goto(f"{self._address}/reviews/{slug}")
        self.take(page, "review")
        decided(page)
        page = self.sit_down("chenshuhua")
        page.goto(f"{self._address}/reviews/{slug}")
        decided(page)
        page = self.sit_down("wangyongping", 390, 844)
        page.goto(f"{self._address}/reviews/{slug}")
        self.take(page, "review-phone")
        decided(page)
        self.take(page, "sign-phone")
        sign(page, self._passwords["wangyongping"])
        self.take(page, "signed-phone")

    def look(self, slug: str) -> None:
        """What is planned, what went out, what is settled by hand, and the emergency stop."""
        page = self.sit_down("zhoumin")
        for name, path in {
            "calendar": "/calendar",
            "deliveries": "/deliveries?state=all",
            "revisions": f"/posts/{slug}/revisions",
            "channels": "/channels",
            "stop": "/stop",
            "shelf": "/shelf",
            "counts": "/counts?span=all",
            "reports": "/counts/reports",
            "freshness": "/counts/freshness",
            "ledger": "/ledger?span=all",
            "ledger-import": "/ledger/import",
            "readers-import": "/readers/import",
        }.items():
            page.goto(self._address + path)
            self.take(page, name)
        page.goto(f"{self._address}/deliveries?state=published")
        page.locator("main a[href^='/deliveries/']").first.click()
        page.wait_for_load_state()
        self.take(page, "delivery")
        self.together(page)
        self.keep()

    def together(self, page: Page) -> None:
        """Several posts at once: what is out stays as it is."""
        page.goto(f"{self._address}/posts")
        for box in page.locator("input[name=post]").all()[:4]:
            box.check()
        page.click("button[value=cancel]")
        page.wait_for_load_state()
        self.take(page, "together")

    def keep(self) -> None:
        """陈淑华 keeps the settings: another system is told, a limit is changed, and what else there is for administrators."""
        page = self.sit_down("chenshuhua")
        page.goto(f"{self._address}/settings/receivers/new")
        page.fill("[name=id]", "oa")
        page.fill("input[name$='webhooks.+.url']", "https://oa.example.gov.cn/hooks/xuanfa")
        for event in ("delivery.published", "delivery.retracted", "post.approved"):
            page.check(f"input[value='{event}']")
        self.take(page, "receiver")
        page.click("button:has-text('加上')")
        page.wait_for_load_state()
        page.goto(f"{self._address}/settings/publishing")
        page.fill("[name='publish.max_tries']", "6")
        page.click("button:has-text('写进设置')")
        page.wait_for_load_state()
        self.take(page, "setting")
        for name, path in {
            "workdays": "/settings/workdays",
            "webhooks": "/settings/webhooks",
            "solemn": "/solemn",
        }.items():
            page.goto(self._address + path)
            self.take(page, name)


if __name__ == "__main__":
    sys.exit(main())
