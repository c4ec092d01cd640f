"""Each page of the console in each of its states, in a real browser: nothing sideways at any width and on paper, nothing that axe finds, all of it
reached by keyboard, and no error of its script. One visit of a page tries all of that."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.conftest import Clock, Workspace
from tests.support.browsing import served
from tests.support.touring import COOKIE, Office, Stop, fill_by_hand, furnished, stops
from xuanfa.console.app import WAYS

#: 720 is 1440 at 200 %, 320 a phone at 125 %.
WIDTHS: Final = (320, 390, 720, 768, 1366, 1440, 1920)
#: What answers with a file, with a part of a page for its script, or with a rendition for a frame, and so is no page.
NO_PAGES: Final = {
    "/around",
    "/session",
    "/channels/{id}/packs/{name}",
    "/counts/report/{kind}",
    "/ledger/file/{kind}",
    "/reviews/{slug}/form/{kind}",
    "/uploads/{name}",
    "/settings/template-pages/{mark}/{number}",
    *(f"{place}/leaving/{{channel}}" for place in ("/l/{signed}", "/reviews/{slug}")),
    *(f"{place}/pictures/{{name}}" for place in ("/l/{signed}", "/reviews/{slug}")),
    "/deliveries/{id}/left",
    "/deliveries/{id}/proof/{proof}",
    *("/counts/reports/file", "/counts/reports/selfcheck"),
    "/posts/{slug}/preview/{channel}",
    "/posts/{slug}/preview-pictures/{name}",
}
#: Pages that stand between two others, which tests of their own come by.
ON_THE_WAY: Final = {"/sign-in/digits", "/posts/{slug}/clash"}
_RULES: Final = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']"
_AXE: Final = (
    f"axe.run(document, {{iframes: false, runOnly: {_RULES}, resultTypes: ['violations']}})"
    ".then(r => r.violations.map(v => v.id + ' ' + v.nodes.map(n => n.html.slice(0, 160)).join(' | ')))"
)
#: What a keyboard has to reach: whatever acts and is seen. Of radio buttons one of each name is.
_ACTS: Final = """() => {
    const first = each => document.querySelector(`input[type=radio][name="${each.name}"]:checked`)
        || document.querySelector(`input[type=radio][name="${each.name}"]`);
    return Array.from(document.querySelectorAll('a[href], button, input, select, textarea, summary, iframe')).filter(each =>
        !each.disabled && each.type !== 'hidden' && each.tabIndex >= 0 && each.getClientRects().length
        && each.checkVisibility({visibilityProperty: true}) && (each.type !== 'radio' || each === first(each)));
}"""
_MARK: Final = (
    f"{{ const acts = ({_ACTS})(); acts.forEach((each, n) => {{ each.dataset.tour = n; }});"
    " document.activeElement.blur(); acts.length }"
)
_LEFT: Final = """numbers => numbers.map(n => document.querySelector(`[data-tour="${n}"]`)).filter(each => each)
    .map(each => each.outerHTML.slice(0, 120))"""
_AT: Final = "document.activeElement.dataset.tour || ''"


def test_the_tour_goes_everywhere(workspace: Workspace, clock: Clock) -> None:
    """A way that is listed nowhere fails here."""
    office = furnished(workspace, clock)
    with served(office.desk) as address:
        fill_by_hand(office, address)
    toured = {stop.way for stop in stops(office)}
    pages = {way.path for way in WAYS if way.method == "GET"} - NO_PAGES
    assert toured | ON_THE_WAY == pages


@pytest.mark.browser
@pytest.mark.parametrize("part", [0, 1], ids=["even", "odd"])
def test_every_page_is_for_everybody(browser: Browser, workspace: Workspace, clock: Clock, axe: str, part: int) -> None:
    office, wrong = furnished(workspace, clock), list[str]()
    with served(office.desk) as address, ExitStack() as stack:
        fill_by_hand(office, address)
        contexts: dict[str, BrowserContext] = {}
        for stop in list(stops(office))[part::2]:
            if stop.who not in contexts:
                contexts[stop.who] = stack.enter_context(_seat(browser, office, stop.who, address))
            wrong += [f"{stop}: {each}" for each in _tried(contexts[stop.who], stop, address, axe)]
    assert not wrong, "\n".join(wrong)


@contextmanager
def _seat(browser: Browser, office: Office, who: str, address: str) -> Iterator[BrowserContext]:
    """A browser of somebody who is signed in."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    if who:
        cookie: Any = {"name": COOKIE, "value": office.token(who), "url": address}
        context.add_cookies([cookie])
    yield context
    context.close()


def _tried(context: BrowserContext, stop: Stop, address: str, axe: str) -> Iterator[str]:
    """All that is wrong at a stop."""
    page, errors = context.new_page(), list[str]()
    meant = f"frame is sandboxed|status of ({stop.status}{'|403|409|422' if stop.press else ''})"
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console", lambda told: errors.append(f"{told.text} {told.location['url']}") if told.type == "error" else None
    )
    answer = page.goto(address + stop.path)
    assert answer is not None
    if answer.status != stop.status:
        yield f"answers {answer.status}"
    if stop.does:
        page.evaluate(stop.does)
    if stop.press:
        button = page.locator("main button, form button").filter(has_text=stop.press).first
        with page.expect_navigation():
            button.evaluate("each => { each.form.noValidate = true; each.click(); }")
    yield from _wrong(page, axe)
    yield from (error for error in errors if not re.search(meant, error))
    page.close()


def _wrong(page: Page, axe: str) -> Iterator[str]:
    """All that is wrong with the page that is open."""
    if page.locator("h1:visible").count() != 1:
        yield f"{page.locator('h1:visible').count()} titles"
    if not re.search("宣发", page.title()):
        yield f"it is called {page.title()}"
    twice = page.evaluate(_TWICE)
    if twice:
        yield f"stands twice, so that a label leads to the first: {twice}"
    if not page.locator("dialog[open]").count():
        yield from _by_keyboard(page)
    page.evaluate(axe)
    yield from (f"1440: {each}" for each in page.evaluate(_AXE))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"sideways at {width}: {page.evaluate(_WIDE)}"
        if width == 390:
            yield from (f"390: {each}" for each in page.evaluate(_AXE))
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 with 1 cm on each side
    page.emulate_media(media="print")
    if page.evaluate("document.documentElement.scrollWidth") > 718:
        yield f"sideways on paper: {page.evaluate(_WIDE)}"
    page.emulate_media(media="screen")


#: Names of parts that several parts have.
_TWICE: Final = """(ids => ids.filter((each, n) => ids.indexOf(each) !== n))(Array.from(document.querySelectorAll('[id]'), each => each.id))"""
#: What sticks out of the page.
_WIDE: Final = """Array.from(document.querySelectorAll('body *')).filter(each => each.getBoundingClientRect().right > innerWidth + 1)
    .map(each => each.outerHTML.slice(0, 100)).slice(-2).join(' … ')"""


def _by_keyboard(page: Page) -> Iterator[str]:
    """Tab comes to whatever acts, and each time something on the screen shows where it is."""
    count = page.evaluate(_MARK)
    missed = {str(n) for n in range(count)}
    for _ in range(4 * count + 5):  # a date is three fields and a button to a keyboard
        page.keyboard.press("Tab")
        missed.discard(page.evaluate(_AT))
        if not missed:
            break
    # What a live page has drawn anew meanwhile is not the one that was marked.
    left = page.evaluate(_LEFT, sorted(missed, key=int))
    if left:
        yield f"{len(left)} of {count} are not reached by keyboard: {left[0]}"
