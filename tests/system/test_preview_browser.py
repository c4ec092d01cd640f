"""Previews in a real Chromium: every kind in its phone, all on one page, nothing from elsewhere, and nothing that is not true yet."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from xuanfa.bootstrap import open_desk
from xuanfa.operations.practising.preview import preview

pytestmark = pytest.mark.browser

CHANNELS = {
    "site": 'adapter = "site"\ndirectory = "public"\nbase_url = "https://court.example"',
    "wechat": 'adapter = "wechat"\nrehearsal = true\nmode = "publish"',
    "weibo": 'adapter = "weibo"\nrehearsal = true',
    "article": 'adapter = "weibo"\nrehearsal = true\nmode = "article"\ncover = "https://court.example/cover.jpg"',
    "douyin": 'adapter = "douyin"\nrehearsal = true\nmode = "image_text"',
    "wecom": 'adapter = "wecom"\nrehearsal = true\nlink = "site"',
    "card": 'adapter = "wecom"\nrehearsal = true\nmessage = "news"\nlink = "site"\npictures = "https://court.example/assets/pictures"',
    "dingtalk": 'adapter = "dingtalk"\nrehearsal = true',
    "feishu": 'adapter = "feishu"\nrehearsal = true',
    "cms": 'adapter = "webhook"\nrehearsal = true',
    "mail": 'adapter = "email"\nrehearsal = true',
    "wp": 'adapter = "wordpress"\nrehearsal = true',
    "back": 'adapter = "manual"',
}
PICTURE = Path(__file__).parents[2] / "posts" / "2026" / "images" / "susong-fuwu.jpg"
POST = """---
title: 少跑一趟是一趟
column: action
summary: 一张表说清楚。
cover: court.jpg
publish_at: 2027-03-02 08:30
---

立案前先看这张表。

![大厅](court.jpg)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the previews of one post on every kind."""
    office = tmp_path_factory.mktemp("office")
    lines = [
        "[organisation]",
        'name = "某法院"',
        "[columns.action]",
        'title = "我们在行动"',
        f"channels = {list(CHANNELS)!r}",
    ]
    lines += [f"[channels.{id_}]\n{text}" for id_, text in CHANNELS.items()]
    (office / "xuanfa.toml").write_text("\n".join(lines), encoding="utf-8")
    (office / "posts").mkdir()
    shutil.copy(PICTURE, office / "posts/court.jpg")
    (office / "posts/a.md").write_text(POST, encoding="utf-8")
    with open_desk(office) as desk:
        found = preview(desk, "a")
    assert [one.channel for one in found.channels if one.path is None or not one.path.is_file()] == []
    assert found.index == office / "var/preview/a/index.html"
    return found.index.parent


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    yield page
    page.close()


def shown(page: Page, file: Path) -> tuple[str, list[str]]:
    """The text of a page with its frames, and what it complained of or asked of others."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("requestfailed", lambda request: said.append(request.url))
    page.on("request", lambda request: None if request.url.startswith("file:") else said.append(request.url))
    page.goto(file.as_uri(), wait_until="load")
    return "\n".join(frame.locator("body").inner_text() for frame in page.frames), said


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_channel_is_seen_as_its_readers_will_see_it(page: Page, folder: Path, channel: str) -> None:
    text, said = shown(page, folder / f"{channel}.html")
    assert "少跑一趟是一趟" in text or channel == "douyin"
    assert said == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for untrue in ("第 0 号", "resolve 0", "msgtype", "late.invalid"):
        assert untrue not in text, untrue


WIDE = """
![大厅](court.jpg){width=600}

| 序号 | 案号 | 当事人名称 | 立案日期 | 审理法官 | 开庭地点 | 备注说明 |
|---|---|---|---|---|---|---|
| 1 | （2027）甘03民初12345号 | 某某某某某某某某某有限责任公司 | 2027-01-01 | 某某某 | 第一审判庭 | 无 |

```
a_long_line_a_long_line_a_long_line_a_long_line_a_long_line_a_long_line_a_long_line
```
"""


@pytest.mark.parametrize("opened", ["back/正文.html", "wp/wp.html"])
def test_a_page_that_is_taken_out_alone_fits_a_phone(
    browser: Browser, folder: Path, tmp_path: Path, opened: str
) -> None:
    office = folder.parents[2]
    (office / "posts/wide.md").write_text(POST.replace("少跑一趟", "宽表") + WIDE, encoding="utf-8")
    with open_desk(office) as desk:
        preview(desk, "wide", ["back", "wp"])
    alone = Path(shutil.copy(office / "var/preview/wide" / opened, tmp_path / "alone.html"))
    page = browser.new_page(viewport={"width": 390, "height": 844}, is_mobile=True)
    page.goto(alone.as_uri())
    assert "宽表" in page.title()
    assert page.evaluate("[document.documentElement.scrollWidth, innerWidth]") == [390, 390]
    page.close()


@pytest.mark.parametrize("channel", ["wecom", "card", "dingtalk", "feishu"])
def test_a_message_to_a_group_is_a_bubble_that_leads_to_the_page(page: Page, folder: Path, channel: str) -> None:
    shown(page, folder / f"{channel}.html")
    assert page.locator(".bubble").count() == 1
    if channel in {"wecom", "card"}:
        page.locator(".bubble" if channel == "card" else ".bubble a").click()
        page.wait_for_url("**/site/action/a.html")
        assert page.locator("h1").first.inner_text() == "少跑一趟是一趟"


@pytest.mark.parametrize("channel", ["site", "wechat", "weibo", "douyin", "card", "mail", "wp", "back"])
def test_the_pictures_are_those_that_would_leave(page: Page, folder: Path, channel: str) -> None:
    shown(page, folder / f"{channel}.html")
    count = "Promise.all([...document.images].map(image => { image.loading = 'eager'; return image.decode(); })).then(all => all.length)"
    assert sum(frame.evaluate(count) for frame in page.frames) >= 1


def test_the_time_is_the_one_that_the_file_says(page: Page, folder: Path) -> None:
    assert "发布时间：2027-03-02 08:30" in shown(page, folder / "site.html")[0]
    assert "2027-03-02T08:30" in shown(page, folder / "cms.html")[0]


@pytest.mark.parametrize("width", [1440, 390])
def test_all_channels_stand_on_one_page(page: Page, folder: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    text, said = shown(page, folder / "index.html")
    assert page.locator("section").count() == len(CHANNELS)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
    assert "还没有发出" in text


def test_what_keeps_a_channel_back_is_said_in_its_phone_and_below(tmp_path: Path, page: Page) -> None:
    (tmp_path / "posts").mkdir()
    text = '[columns.a]\ntitle = "栏"\nchannels = ["cms"]\n[channels.cms]\nadapter = "webhook"\nrehearsal = true\ntemplate = "no.json"'
    (tmp_path / "xuanfa.toml").write_text(text, encoding="utf-8")
    (tmp_path / "posts/a.md").write_text("---\ntitle: 题\n---\n文\n", encoding="utf-8")
    with open_desk(tmp_path) as desk:
        found = preview(desk, "a")
    (one,) = found.channels
    assert one.path is None
    shown_text, said = shown(page, found.index)
    assert said == []
    assert "1 个没有成稿" in shown_text
    assert "没有成稿" in page.frames[1].locator("body").inner_text()
    assert one.findings[0].message in shown_text
