"""Somebody at a real browser: signed in, with an eye on everything that goes wrong in its pages."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page

from tests.support.browsing import PASSWORD

#: What a browser writes into its console where the network is taken away or an answer is no, on purpose; and that a frame of a rendition runs
#: nothing, not even a test's clock.
_MEANT = r"frame is sandboxed|net::ERR_|status of (40[139]|413|422|50[237])"


@contextmanager
def seated(browser: Browser, address: str, name: str, *, width: int = 1440, height: int = 900) -> Iterator[Page]:
    """Somebody signed in, in a browser of their own."""
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    page = context.new_page()
    with watched(page):
        sign_in(page, address, name)
        yield page
    context.close()


def sign_in(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("button:has-text('登录')")
    page.wait_for_url(re.compile("^(?!.*sign-in)"))


@contextmanager
def watched(page: Page, meant: str | None = None) -> Iterator[Page]:
    """Nothing is thrown in the page, and its console has no error but those that are meant, or that ``meant`` (a pattern) says."""
    errors: list[str] = []
    known = _MEANT if meant is None else f"{_MEANT}|{meant}"
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda told: (
            errors.append(f"{told.text} {told.location['url']}")
            if told.type == "error" and not re.search(known, told.text)
            else None
        ),
    )
    yield page
    assert not errors, errors


def begun(page: Page, address: str) -> str:
    """A new post's page; its slug."""
    page.goto(f"{address}/posts")
    page.click("button:has-text('写一篇')")
    page.wait_for_url("**/write")
    return page.url.split("/")[-2]


def compose(page: Page, *steps: str, word: str) -> None:
    """An input method composes ``steps`` and puts ``word`` (empty: it is given up)."""
    with session(page.context, page) as session_:
        for step in steps:
            session_.send(
                "Input.imeSetComposition", {"text": step, "selectionStart": len(step), "selectionEnd": len(step)}
            )
        if word:
            session_.send("Input.insertText", {"text": word})
        else:
            session_.send("Input.imeSetComposition", {"text": "", "selectionStart": 0, "selectionEnd": 0})


@contextmanager
def session(context: BrowserContext, page: Page) -> Iterator["_Session"]:
    """The browser's own protocol, for what Playwright has no word for."""
    made = context.new_cdp_session(page)
    yield _Session(made)
    made.detach()


class _Session:
    def __init__(self, made: object) -> None:
        self._made = made

    def send(self, method: str, params: dict[str, object]) -> None:
        self._made.send(method, params)  # type: ignore[attr-defined]
