"""The pages of a rehearsal in a real Chromium: no complaint, nothing from elsewhere, every phone shows its post, on a desk and on a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from xuanfa.bootstrap.rehearsal import rehearsal_desk
from xuanfa.operations.practising.rehearse import rehearse

pytestmark = pytest.mark.browser

CHANNELS = {
    "site": 'adapter = "site"\ndirectory = "public"\nbase_url = "https://court.example"',
    "wechat": 'adapter = "wechat"\nrehearsal = true\nmode = "publish"',
    "weibo": 'adapter = "weibo"\nrehearsal = true',
    "douyin": 'adapter = "douyin"\nrehearsal = true\nmode = "image_text"',
    "wecom": 'adapter = "wecom"\nrehearsal = true',
    "dingtalk": 'adapter = "dingtalk"\nrehearsal = true',
    "feishu": 'adapter = "feishu"\nrehearsal = true',
    "cms": 'adapter = "webhook"\nrehearsal = true',
    "mail": 'adapter = "email"\nrehearsal = true',
    "wp": 'adapter = "wordpress"\nrehearsal = true',
    "back": 'adapter = "manual"',
}
PICTURE = Path(__file__).parents[2] / "posts" / "2026" / "images" / "susong-fuwu.jpg"


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a rehearsal on every kind that has a phone of its own."""
    folder = tmp_path_factory.mktemp("office")
    lines = [
        "[organisation]",
        'name = "金昌市中级人民法院"',
        "[columns.action]",
        'title = "我们在行动"',
        f"channels = {list(CHANNELS)!r}",
    ]
    lines += [f"[channels.{id_}]\n{text}" for id_, text in CHANNELS.items()]
    (folder / "xuanfa.toml").write_text("\n".join(lines), encoding="utf-8")
    (folder / "posts").mkdir()
    (folder / "posts" / "court.jpg").write_bytes(PICTURE.read_bytes())
    text = "---\ntitle: 少跑一趟是一趟\ncolumn: action\nsummary: 一张表说清楚。\npublish_at: now\n---\n\n立案前先看这张表。\n\n![大厅](court.jpg)\n"
    (folder / "posts" / "a.md").write_text(text, encoding="utf-8")
    with rehearsal_desk(folder, folder / "var" / "rehearse" / "a") as practice:
        assert all(one.is_well for one in rehearse(practice, "a").shown)
    return folder / "var" / "rehearse" / "a"


def watched(browser: Browser, width: int) -> tuple[Page, list[str]]:
    """A page, and what it complained of or asked of others."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.on("request", lambda request: None if request.url.startswith("file:") else complaints.append(request.url))
    return page, complaints


@pytest.mark.parametrize("width", [1440, 390])
def test_all_phones_side_by_side_fit_and_load_nothing_from_elsewhere(
    browser: Browser, rehearsed: Path, width: int
) -> None:
    page, complaints = watched(browser, width)
    page.goto((rehearsed / "index.html").as_uri())
    assert page.locator("section").count() == len(CHANNELS)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []
    page.close()


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_phone_shows_the_post_within_its_width(browser: Browser, rehearsed: Path, channel: str) -> None:
    page, complaints = watched(browser, 390)
    page.goto((rehearsed / f"{channel}.html").as_uri(), wait_until="load")
    shown = "\n".join(frame.locator("body").inner_text() for frame in page.frames)
    assert "少跑一趟是一趟" in shown or channel == "douyin"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert complaints == []
    page.close()


@pytest.mark.parametrize(
    ("channel", "pictures"), [("wechat", 1), ("weibo", 1), ("douyin", 3), ("mail", 1), ("wp", 1), ("site", 1)]
)
def test_the_pictures_that_arrived_are_seen(browser: Browser, rehearsed: Path, channel: str, pictures: int) -> None:
    page, _ = watched(browser, 390)
    page.goto((rehearsed / f"{channel}.html").as_uri(), wait_until="load")
    count = "[...document.images].filter(image => { image.loading = 'eager'; return image.naturalWidth > 0 || !image.complete }).length"
    assert sum(frame.evaluate(count) for frame in page.frames) >= pictures
    broken = (
        "[...document.images].filter(image => image.complete && !image.naturalWidth && image.loading != 'lazy').length"
    )
    assert sum(frame.evaluate(broken) for frame in page.frames) == 0
    page.close()


def test_the_link_in_a_group_leads_to_the_rehearsed_page(browser: Browser, rehearsed: Path) -> None:
    page, _ = watched(browser, 390)
    page.goto((rehearsed / "wecom.html").as_uri())
    page.get_by_text("阅读全文").click()
    page.wait_for_url("**/site.rehearsal/action/a.html")
    assert page.locator("h1").first.inner_text().replace("\n", "") == "少跑一趟是一趟"
    page.close()
