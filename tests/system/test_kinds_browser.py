"""Each kind's phone page and the pack for a person in a real Chromium, from the golden sample post; and the pictures of them in the documents.

``XUANFA_GOLDEN=write pytest tests/system/test_kinds_browser.py`` takes the pictures in docs/images anew: look at each before committing.
"""

import io
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from xuanfa.bootstrap.rehearsal import HandClock, rehearsal_desk
from xuanfa.operations.practising.rehearse import rehearse

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "golden" / "renditions" / "sample.md"
PICTURE = ROOT / "posts" / "2026" / "images" / "xunhui-shenpan.jpg"
IMAGES, PAGES = ROOT / "docs" / "images", ROOT / "docs" / "adapters"
CHANNELS = {
    "site": 'adapter = "site"\ndirectory = "public"\nbase_url = "https://court.example"',
    "wechat": 'adapter = "wechat"\ntitle = "金昌法院"\nmode = "publish"',
    "weibo": 'adapter = "weibo"\ntitle = "金昌法院"',
    "weibo_article": 'adapter = "weibo"\ntitle = "金昌法院"\nmode = "article"\ncover = "https://static.example.cn/cover.jpg"',
    "douyin": 'adapter = "douyin"\ntitle = "金昌法院"\nmode = "image_text"',
    "wordpress": 'adapter = "wordpress"\ntitle = "法院内网"',
    "wecom": 'adapter = "wecom"\ntitle = "宣传工作群"',
    "dingtalk": 'adapter = "dingtalk"\ntitle = "宣传工作群"',
    "feishu": 'adapter = "feishu"\ntitle = "宣传工作群"',
    "webhook": 'adapter = "webhook"\ntitle = "内容平台"',
    "email": 'adapter = "email"\ntitle = "各庭室邮箱"',
    "manual": 'adapter = "manual"\ntitle = "市政府网站"\naddress_domain = "gov.example.cn"',
}
TITLE = "巡回审判进乡村"
#: The largest picture of a document. Bytes.
PICTURE_MAX = 150_000
#: What does not fit its box, scrolls and cannot be scrolled to: text cut off, an element beyond the edge.
BEYOND = """[...document.querySelectorAll('body *')].filter(element => {
  const box = element.getBoundingClientRect();
  let parent = element.parentElement;
  while (parent && getComputedStyle(parent).overflowX === 'visible') parent = parent.parentElement;
  return box.width > 0 && box.right > innerWidth + 1 && (!parent || parent === document.body || parent === document.documentElement);
}).map(element => element.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sample's rehearsal."""
    folder = tmp_path_factory.mktemp("office")
    lines = ["[organisation]", 'name = "金昌市中级人民法院"', "[columns.action]", 'title = "我们在行动"']
    lines += [f"channels = {list(CHANNELS)!r}"]
    lines += [f"[channels.{id_}]\n{text}\nrehearsal = true" for id_, text in CHANNELS.items()]
    (folder / "xuanfa.toml").write_text("\n".join(lines), encoding="utf-8")
    (folder / "posts").mkdir()
    shutil.copy(SAMPLE, folder / "posts" / "sample.md")
    shutil.copy(PICTURE, folder / "posts" / "court.jpg")
    scratch = folder / "var" / "rehearse"
    with rehearsal_desk(folder, scratch, HandClock(datetime(2026, 3, 2, 0, 30, tzinfo=UTC))) as practice:
        shown = rehearse(practice, "sample").shown
    assert [(one.channel, one.reason) for one in shown if not one.is_well] == []
    return scratch


def opened(browser: Browser, file: Path, width: int, height: int = 844) -> tuple[Page, list[str]]:
    """A page at rest, and what it complained of or asked of others."""
    page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=1.5)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith("file:") else complaints.append(request.url))
    page.goto(file.as_uri(), wait_until="load")
    return page, complaints


def keep(page: Page, name: str, height: int) -> None:
    """The picture for the documents, in writing mode only."""
    if os.environ.get("XUANFA_GOLDEN") != "write":
        return
    width = page.viewport_size["width"] if page.viewport_size else 390
    whole = int(page.evaluate("document.documentElement.scrollHeight"))
    clip = {"x": 0, "y": 0, "width": width, "height": min(height, whole)}
    with Image.open(io.BytesIO(page.screenshot(full_page=True, clip=clip))) as image:  # type: ignore[arg-type]
        image.convert("RGB").save(IMAGES / f"{name}.webp", quality=82, method=6)


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_phone_of_a_kind_is_whole_at_390_pixels(browser: Browser, rehearsed: Path, channel: str) -> None:
    page, complaints = opened(browser, rehearsed / f"{channel}.html", 390)
    text = "\n".join(frame.locator("body").inner_text() for frame in page.frames)
    assert TITLE in text or page.locator(f"img[alt*={TITLE}]").count()
    for frame in page.frames:
        assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth"), frame.url
        assert frame.evaluate(BEYOND) == []
    assert complaints == []
    keep(page, f"phone-{channel.replace('_', '-')}", 1000)
    page.close()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_pack_for_a_person_is_whole_on_a_phone_and_on_a_desk(browser: Browser, rehearsed: Path, width: int) -> None:
    (index,) = rehearsed.glob("manual.rehearsal/*/index.html")
    page, complaints = opened(browser, index, width, 900)
    assert TITLE in page.locator("h1").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(BEYOND) == []
    assert complaints == []
    if width > 600:  # the phone of the kind shows the narrow one
        keep(page, f"manual-pack-{width}", 1400)
    page.close()


@pytest.mark.parametrize("document", sorted(path.stem for path in PAGES.glob("*.md") if path.stem != "README"))
def test_the_document_of_a_kind_shows_what_it_makes(document: str) -> None:
    shown = sorted(IMAGES.glob(f"phone-{document}*.webp"))
    assert shown
    text = (PAGES / f"{document}.md").read_text(encoding="utf-8")
    for picture in shown:
        assert f"](../images/{picture.name})" in text
        assert picture.stat().st_size < PICTURE_MAX
