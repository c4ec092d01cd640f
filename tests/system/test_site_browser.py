"""The website in a real Chromium: no complaint, no request to anyone else, readable on a phone, usable without a mouse."""

import importlib.util
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from xuanfa.content.text.markdown import to_html
from xuanfa.domain.column import Column
from xuanfa.domain.receipt import Receipt

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site-browser")]

WIDE = "".join(
    f"| {name} | 2026年{month}月3日 | {month} | {month * 2} | {month}.5% | {month * 113} | 0935-820000{month} | 9:00—11:30 "
    "| 巡回审判与普法宣传同步开展 |\n"
    for month, name in enumerate(("金川区", "永昌县", "双湾镇", "河西堡镇", "焦家庄镇", "东寨镇"), 1)
)
BODY = f"""开头一段。[^1]

![示意](a.png "图为现场")

> 一句引文。

1. 一
2. 二

| 县区 | 首场日期 | 巡回审判（场） | 当庭宣判（件） | 调解率 | 旁听（人次） | 电话 | 时间 | 备注 |
|:--|--:|--:|--:|--:|--:|:--|:--|:--|
{WIDE * 5}
| 项目 | 数量 |
|:--|--:|
| 巡回审判 | 12 场 |

```
一行很长的字符 {"0123456789" * 20}
```

![竖图](b.png "竖幅")

很长的地址 https://www.example.gov.cn/a/very/long/address/that/does/not/break/by/itself/anywhere/at/all.html 一处。

[^1]: 注。
"""
PAGES = (
    "index.html",
    "zaixingdong/index.html",
    "zaixingdong/page/1.html",
    "zaixingdong/长文.html",
    "zaixingdong/gone.html",
    "gonggao/index.html",
    "gonggao/n1.html",
    "map.html",
    "404.html",
)
ARTICLE = "zaixingdong/长文.html"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Tests print nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A site served under a path of a loopback server: its address and its folder."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "www").mkdir()
    (folder / "www/zl").symlink_to(folder / "public")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder / "www")))
    thread = Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_address[1]}/zl"
    fill(folder, address)
    yield address, folder / "public"
    server.shutdown()
    thread.join()
    server.server_close()


def fill(folder: Path, address: str) -> None:
    website = parts().Website(folder, base_url=address, page_size=2)
    website.configure(
        icp="陇ICP备05000001号-1",
        police="甘公网安备62030202000001号",
        address="甘肃省金昌市某路1号",
        phone="0935-8210000",
        email="office@court.example",
        report_errors="https://court.example/jiucuo",
        editor="王某",
    )
    pictures = (website.draw("a.png", size=(1200, 700)), website.draw("b.png", (1, 2, 3), (900, 1500)))
    website.fill(6)
    title = "巡回审判走进乡镇 把法庭搬到田间地头——全市法院巡回审判工作半年观察"
    website.publish("长文", title=title, html=to_html(BODY), pictures=pictures, department="审管办", keywords=("巡回",))
    website.publish("right", title="更正启事", corrects="长文")
    order = website.order("gone")
    website.adapter.publish(order)
    website.adapter.retract(order, Receipt())
    website.column = Column(id="gonggao", title="通知公告")
    for number in range(1, 12):
        website.publish(f"n{number}", title=f"关于诉讼服务中心周末值班安排的第{number}号通知")


def parts() -> Any:
    """The website of the unit tests, from their own file."""
    path = Path(__file__).parents[1] / "unit/site/conftest.py"
    spec = importlib.util.spec_from_file_location("site_parts", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=[1440, 390])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_whole_without_a_complaint_or_a_foreign_request(
    page: Page, site: tuple[str, Path], path: str
) -> None:
    address, _ = site
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/{path}")
    for picture in page.query_selector_all("img"):
        picture.scroll_into_view_if_needed()
    page.evaluate("Promise.all([...document.images].map(image => image.decode()))")
    assert said == []
    assert asked
    assert all(url.startswith(f"{address}/") for url in asked)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", ["normal", "largest"])
@pytest.mark.parametrize("width", [1440, 390, 320])
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(
    browser: Browser, site: tuple[str, Path], width: int, size: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_init_script(f"localStorage.setItem('xuanfa-size', '{size}')")
    page = context.new_page()
    for path in PAGES:
        page.goto(f"{site[0]}/{path}")
        assert page.evaluate("document.documentElement.dataset.size") == size
        found = Axe().run(page, options={"rules": {"landmark-unique": {"enabled": True}}}).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    context.close()


def test_the_policy_stops_what_a_template_or_a_text_might_smuggle_in(page: Page, site: tuple[str, Path]) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{site[0]}/index.html")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    )
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in text for text in said)


def test_the_size_of_letters_is_chosen_with_the_keyboard_and_remembered(page: Page, site: tuple[str, Path]) -> None:
    page.goto(f"{site[0]}/{ARTICLE}")
    before = letters(page)
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.size") == "largest":
            break
    page.keyboard.press("Enter")
    assert letters(page) == pytest.approx(before * 1.5)
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    page.goto(f"{site[0]}/index.html")
    assert page.evaluate("document.documentElement.dataset.size") == "largest"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def letters(page: Page) -> float:
    return float(page.evaluate("parseFloat(getComputedStyle(document.querySelector('.prose p')).fontSize)"))


def test_the_first_key_leads_to_the_text_and_focus_can_be_seen(page: Page, site: tuple[str, Path]) -> None:
    page.goto(f"{site[0]}/{ARTICLE}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_a_wide_table_scrolls_in_its_own_box_by_keyboard(page: Page, site: tuple[str, Path]) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"{site[0]}/{ARTICLE}")
    page.locator(".scroll").first.scroll_into_view_if_needed()
    page.focus(".scroll")
    page.keyboard.press("ArrowRight")
    page.evaluate(WHEN_SCROLLED)


#: Waits by itself: the page's policy forbids the evaluation of texts by which the driver would wait.
WHEN_SCROLLED = """() => new Promise(done => {
  const look = () => document.querySelector('.scroll').scrollLeft > 0 ? done() : requestAnimationFrame(look);
  look();
})"""


def test_a_wide_table_takes_the_pages_width_and_says_that_it_scrolls(browser: Browser, site: tuple[str, Path]) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{site[0]}/{ARTICLE}")
    assert page.evaluate("[...document.querySelectorAll('.scroll')].map(box => box.clientWidth)") == [976, 684]
    assert hints(page) == [True, False]
    assert page.evaluate("[...document.querySelectorAll('.scroll')].map(box => box.tabIndex)") == [0, -1]
    page.set_viewport_size({"width": 390, "height": 900})
    page.evaluate("new Promise(requestAnimationFrame)")
    assert hints(page) == [True, False]
    lines = "[...document.querySelectorAll('td.whole')].map(cell => cell.getBoundingClientRect().height)"
    assert len(set(page.evaluate(lines)[:8])) == 1, (
        "the cells of a row are as high as its highest: no number has two lines"
    )
    page.close()


def hints(page: Page) -> list[bool]:
    """Of each table, whether it says that it scrolls."""
    return list(
        page.evaluate(
            "[...document.querySelectorAll('.scroll')].map(box => getComputedStyle(box, '::before').display === 'block')"
        )
    )


def test_without_the_script_a_table_scrolls_and_says_so_too(browser: Browser, site: tuple[str, Path]) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site[0]}/{ARTICLE}")
    assert hints(page) == [True, False]
    assert page.locator(".scroll[tabindex='0']").count() == 2
    context.close()


def test_the_head_of_a_long_table_stays(page: Page, site: tuple[str, Path]) -> None:
    page.goto(f"{site[0]}/{ARTICLE}")
    page.evaluate("document.querySelector('.scroll').scrollTop = 400")
    gap = "document.querySelector('thead th').getBoundingClientRect().top - document.querySelector('.scroll').getBoundingClientRect().top"
    assert page.evaluate(gap) == pytest.approx(0, abs=1)


def test_an_upright_picture_is_seen_whole_and_keeps_its_place(page: Page, site: tuple[str, Path]) -> None:
    page.route("**/*.png", lambda _: None)  # on its way for ever
    page.goto(f"{site[0]}/{ARTICLE}", wait_until="domcontentloaded")
    height = "document.querySelector('.upright').getBoundingClientRect().height"
    before = page.evaluate(height)
    page.unroute("**/*.png")
    page.goto(f"{site[0]}/{ARTICLE}")
    page.locator(".upright").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('.upright').decode()")
    assert page.evaluate(height) == before
    assert before <= 0.8 * 900 + 1


def test_texts_contrast_with_their_ground_as_wcag_aa_asks(page: Page, site: tuple[str, Path]) -> None:
    for path in (*PAGES, ARTICLE):
        page.goto(f"{site[0]}/{path}")
        assert page.evaluate(CONTRAST) == [], path


#: Every element with text of its own: relative luminances after WCAG 2.1, ground taken from the nearest painted ancestor; 4.5 is AA.
CONTRAST = """() => {
  const rgba = text => text.match(/[\\d.]+/g).map(Number);
  const light = colour => colour.slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = node => {
    for (; node; node = node.parentElement) {
      const colour = rgba(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] > 0.99) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.body.querySelectorAll('*')]
    .filter(node => [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim()))
    .map(node => {
      const [a, b] = [light(rgba(getComputedStyle(node).color)), light(ground(node))];
      return [node.textContent.trim().slice(0, 20), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
    })
    .filter(([, ratio]) => ratio < 4.5);
}"""


def test_the_folder_can_be_read_from_a_disk_without_a_server(page: Page, site: tuple[str, Path]) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto((site[1] / "index.html").as_uri())
    page.click("text=我们在行动")
    page.click("text=较早的文章")
    page.click("text=第5篇")
    assert page.inner_text("h1") == "第5篇"
    assert page.evaluate("getComputedStyle(document.querySelector('.masthead')).backgroundColor") == "rgb(163, 32, 29)"
    assert said == []


def test_paper_shows_the_article_without_buttons_and_menus(page: Page, site: tuple[str, Path]) -> None:
    page.goto(f"{site[0]}/{ARTICLE}")
    page.emulate_media(media="print")
    assert page.is_visible("h1")
    for hidden in (".sizes", ".menu", ".trail", ".actions", ".feeds", ".neighbours"):
        assert not page.is_visible(hidden), hidden


def test_paper_cuts_nothing(browser: Browser, site: tuple[str, Path]) -> None:
    """A4 less two margins of 18 mm, at 96 pixels to the inch."""
    page = browser.new_page(viewport={"width": 657, "height": 900})
    page.emulate_media(media="print")
    right = "[...document.querySelectorAll('body *')].map(one => one.getBoundingClientRect().right)"
    for path in PAGES:
        page.goto(f"{site[0]}/{path}")
        assert max(page.evaluate(right)) <= 657.5, path
    page.goto(f"{site[0]}/{ARTICLE}")
    assert page.evaluate("getComputedStyle(document.querySelector('.scroll')).overflowY") == "visible"
    assert page.evaluate("getComputedStyle(document.querySelector('thead th')).position") == "static"
    border = "getComputedStyle(document.querySelector('td:last-child')).borderRightWidth"
    assert page.evaluate(border) == "1px"
    page.close()
