"""A place without an interface: a person gets everything ready, once, and brings back an address of the right domain."""

import json
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.sync_api import Browser
from pydantic import ValidationError

from xuanfa.adapters.manual import ManualAdapter, ManualConfig, pack
from xuanfa.adapters.manual.contents import pasteable
from xuanfa.adapters.manual.limits import counters
from xuanfa.adapters.protocol import KnowsAddresses, Previews
from xuanfa.content.kit import PostKit
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.attempt import Order
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.errors import PictureGoneError
from xuanfa.domain.finding import blocking
from xuanfa.domain.outcome import Absent, Accepted, Unsent
from xuanfa.domain.post import Post
from xuanfa.domain.rendition import Rendition

ZONE = ZoneInfo("Asia/Shanghai")
TEMPLATES = Templates([Path(__file__).parents[2] / "templates"])
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY = (
    "## 小标题\n\n法官**下乡** <b>&</b> 调解。\n\n![开庭](images/a.png)\n\n> 家门口就把官司了了。\n\n"
    "- 甲\n- 乙\n\n| 月 | 件 |\n|---|---|\n| 一 | 2 |\n"
)

Make = Callable[..., ManualAdapter]


class Workplace:
    """A workspace with one picture."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.media = MediaStore(folder / "media")
        Image.new("RGB", (3000, 1500), "navy").save(folder / "a.png")
        picture = self.media.keep(folder / "a.png", "images/a.png", alt="开庭 现场/1", caption="图注")
        self.post = Post(
            slug="xunhui",
            title="巡回“审判”<进>乡村",
            column="action",
            body=BODY,
            summary="家门口开庭。",
            author="李某",
            keywords=("普法",),
            pictures=(picture,),
        )

    def adapter(self, **settings: Any) -> ManualAdapter:
        tools = SimpleNamespace(
            folder=self.folder,
            picture=self.media.path,
            template=lambda name, /, **context: TEMPLATES.render(f"manual/{name}", context),
        )
        return ManualAdapter(ManualConfig(adapter="manual", **settings), tools)  # type: ignore[arg-type]

    def order(self, adapter: ManualAdapter, post: Post | None = None, key: str = "0123456789abcdef" * 2) -> Order:
        kit = PostKit(
            post=post or self.post,
            organisation=Organisation(name="某院"),
            column=Column(id="action", title="我们在行动"),
            channel="court",
            kind="manual",
            zone=ZONE,
            templates=TEMPLATES,
            media=self.media,
            channels=frozenset({"court", "site"}),
        )
        return Order(
            delivery=7,
            attempt=1,
            key=key,
            post="xunhui",
            revision=1,
            channel="court",
            column="action",
            rendition=adapter.render(kit.post, kit),
            started_at=datetime(2026, 3, 2, 9, tzinfo=ZONE),
        )


@pytest.fixture
def work(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path)


def packs(work: Workplace, folder: str = "var/handover") -> list[str]:
    return sorted(path.name for path in (work.folder / folder).iterdir())


NAME = "2026-03-02-court-xunhui-01234567"


def test_a_pack_holds_everything_as_a_folder_and_as_a_zip(work: Workplace) -> None:
    adapter = work.adapter(cards=True)
    outcome = adapter.publish(work.order(adapter))
    assert isinstance(outcome, Accepted)
    assert outcome.look_after is None
    assert "index.html" in outcome.evidence
    assert packs(work) == [NAME, f"{NAME}.zip"]
    folder = work.folder / "var/handover" / NAME
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert files == sorted(
        [
            *("index.html", "正文.docx", "正文.html", "正文.txt", "清单.json", "附件/pack.css", "附件/pack.js"),
            "图片/01-开庭现场1.png",
            *(f"封面/封面-{crop}.jpg" for crop in ("2.35比1", "1比1", "9比16", "16比9")),
            *(f"卡片/卡片-0{number}.png" for number in (1, 2)),
        ]
    )
    with zipfile.ZipFile(folder.with_name(f"{NAME}.zip")) as archive:
        assert sorted(archive.namelist()) == sorted(f"{NAME}/{file}" for file in files)
        assert archive.testzip() is None
    with Image.open(folder / "图片/01-开庭现场1.png") as picture:
        assert max(picture.size) <= 1920
    for crop, ratio in (("2.35比1", 2.35), ("1比1", 1.0), ("9比16", 9 / 16), ("16比9", 16 / 9)):
        with Image.open(folder / f"封面/封面-{crop}.jpg") as cover:
            assert abs(cover.width - cover.height * ratio) <= max(1, ratio)


def test_the_same_key_makes_one_pack_however_often_and_another_revision_another(work: Workplace) -> None:
    adapter = work.adapter()
    order = work.order(adapter)
    first = adapter.publish(order)
    inode = (work.folder / "var/handover" / NAME / "index.html").stat().st_ino
    assert adapter.publish(replace(order, started_at=datetime(2026, 3, 3, tzinfo=ZONE))) == first
    assert (work.folder / "var/handover" / NAME / "index.html").stat().st_ino == inode
    adapter.publish(work.order(adapter, key="f" * 32))
    assert len(packs(work)) == 4


def test_processes_that_make_the_same_pack_at_once_end_with_one(work: Workplace) -> None:
    adapter = work.adapter()
    order = work.order(adapter)
    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(adapter.publish, [order] * 4))
    assert [type(outcome) for outcome in outcomes] == [Accepted] * 4
    assert packs(work) == [NAME, f"{NAME}.zip"]


def test_half_a_pack_is_never_seen(work: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    adapter = work.adapter()
    order = work.order(adapter)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(pack, "_zip", full)
        outcome = adapter.publish(order)
    assert isinstance(outcome, Unsent)
    assert "磁盘已满" in outcome.evidence
    assert packs(work) == []
    assert isinstance(adapter.confirm(order, None), Absent)
    assert isinstance(adapter.publish(order), Accepted)
    assert isinstance(adapter.confirm(order, None), Accepted)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ('<p class="note">提示</p>', "{.note}"),
        ('<p class="align-center note">提示</p><table class="wide"></table>', "{.note}、{.wide}"),
        ('<p class="notes">提示</p>', ""),
        ("<p>class=note</p>", ""),
    ],
)
def test_a_style_that_the_word_file_lacks_is_told(work: Workplace, body: str, named: str) -> None:
    findings = work.adapter().check(Rendition(title="题", body=body, media_type="text/html"))
    assert [f"样式 {named} 在" in found.message for found in findings] == ([True] if named else [])
    assert not blocking(findings)


def test_a_missing_picture_is_nobodys_fault_who_wrote_the_post(work: Workplace) -> None:
    """It passes through to the core, which holds the delivery."""
    adapter = work.adapter()
    order = work.order(adapter)
    work.media.path(order.rendition.pictures[0]).unlink()
    with pytest.raises(PictureGoneError):
        adapter.publish(order)
    assert packs(work) == []


def test_a_rehearsal_packs_beside_the_real_folder(work: Workplace) -> None:
    adapter = work.adapter(rehearsal=True)
    adapter.publish(work.order(adapter))
    assert packs(work, "var/handover.rehearsal") == [NAME, f"{NAME}.zip"]
    assert not (work.folder / "var/handover").exists()


def test_a_preview_is_the_pack(work: Workplace, tmp_path: Path) -> None:
    adapter = work.adapter()
    assert isinstance(adapter, Previews)
    page = adapter.preview(work.order(adapter), tmp_path / "preview")
    assert page == tmp_path / "preview/index.html"
    assert "巡回“审判”&lt;进&gt;乡村" in page.read_text("utf-8")


def test_the_word_document_lies_in_the_pack(work: Workplace) -> None:
    adapter = work.adapter()
    adapter.publish(work.order(adapter))
    with zipfile.ZipFile(work.folder / "var/handover" / NAME / "正文.docx") as file:
        tree = ElementTree.fromstring(file.read("word/document.xml"))  # noqa: S314 - made here
        core = file.read("docProps/core.xml").decode()
    rows = [
        (paragraph.find(f"{W}pPr/{W}pStyle").get(f"{W}val"), "".join(t.text or "" for t in paragraph.iter(f"{W}t")))  # type: ignore[union-attr]
        for paragraph in tree.iter(f"{W}p")
        if paragraph.find(f"{W}pPr/{W}pStyle") is not None
    ]
    assert rows == [
        ("Title", "巡回“审判”<进>乡村"), ("Byline", "来源：某院\u3000作者：李某"), ("Heading1", "小标题"), ("Normal", "法官下乡 & 调解。"),
        ("Picture", ""), ("Caption", "开庭"), ("Quote", "家门口就把官司了了。"), ("Item", "•甲"), ("Item", "•乙"),
        ("Cell", "月"), ("Cell", "件"), ("Cell", "一"), ("Cell", "2"),
    ]  # fmt: skip
    assert (
        "<dc:title>巡回“审判”&lt;进&gt;乡村</dc:title><dc:subject>我们在行动</dc:subject><dc:creator>李某</dc:creator>"
        in core
    )


def test_the_plain_text_opens_in_old_windows_editors(work: Workplace) -> None:
    adapter = work.adapter()
    adapter.publish(work.order(adapter))
    data = (work.folder / "var/handover" / NAME / "正文.txt").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n") > 3


def test_the_pasted_text_says_where_each_picture_goes_and_is_indented() -> None:
    pasted = pasteable(
        '<p>甲</p><figure><img src="图片/01-a.png" alt="a"><figcaption>注</figcaption></figure><ul><li><p>乙</p></li></ul>'
    )
    assert pasted == (
        '<p style="text-indent:2em">甲</p><p style="text-align:center">【此处插入图片：01-a.png】</p>'
        '<p style="text-align:center">注</p><ul><li><p>乙</p></li></ul>'
    )


def test_lengths_are_held_against_the_limits_of_common_places() -> None:
    found = {counter.place: counter for counter in counters("法" * 33, "法" * 120, "法 " * 20_000)}
    assert not found["微信公众号"].fits
    assert found["微信公众号"].parts == (("标题", 33, 32), ("摘要", 120, 120), ("正文", 20_000, 20_000))
    assert found["百家号"].fits


@pytest.mark.parametrize(
    ("address", "is_fine"),
    [
        ("https://www.example.gov.cn/a/1.html", True),
        ("http://WWW.Example.gov.cn:8080/a", True),
        ("https://m.www.example.gov.cn/a", True),
        ("https://example.gov.cn/a", False),
        ("https://evil.cn/www.example.gov.cn", False),
        ("https://www.example.gov.cn.evil.cn/", False),
        ("https://wwwXexample.gov.cn/", False),
        ("https://www.example.gov.cn@evil.cn/", False),
    ],
)
def test_an_address_must_lie_on_the_domain(work: Workplace, address: str, is_fine: bool) -> None:
    adapter = work.adapter(address_domain="https://www.example.gov.cn/")
    assert isinstance(adapter, KnowsAddresses)
    problem = adapter.address_problem(address)
    assert (problem == "") is is_fine
    assert is_fine or "www.example.gov.cn" in problem


def test_without_a_domain_any_address_will_do(work: Workplace) -> None:
    assert work.adapter().address_problem("https://anywhere.cn/") == ""


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"address_domain": "www.example.gov.cn/news"}, "域名"),
        ({"theme": "绿"}, "法院红"),
        ({"base_url": "javascript:alert(1)"}, "https://"),
    ],
)
def test_wrong_settings_say_what_they_should_be(work: Workplace, settings: dict[str, str], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        work.adapter(**settings)


def test_doctor_tells_of_a_folder_that_cannot_be_written(work: Workplace) -> None:
    assert work.adapter().diagnose() == ()
    (work.folder / "var").write_text("a file")
    [finding] = work.adapter().diagnose()
    assert str(work.folder / "var") in finding.message


def test_a_pack_that_was_emptied_is_made_again(work: Workplace) -> None:
    adapter = work.adapter()
    order = work.order(adapter)
    adapter.publish(order)
    folder = work.folder / "var/handover" / NAME
    manifest = json.loads((folder / "清单.json").read_text("utf-8"))
    assert manifest == {"key": order.key, "digest": order.rendition.digest, "delivery": 7, "post": "xunhui"}
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert isinstance(adapter.publish(order), Accepted)
    assert (folder / "index.html").is_file()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_copies_its_parts_offline_and_fits_the_screen(work: Workplace, browser: Browser, width: int) -> None:
    adapter = work.adapter()
    adapter.publish(work.order(adapter))
    page_file = work.folder / "var/handover" / NAME / "index.html"
    context = browser.new_context(viewport={"width": width, "height": 800}, offline=True)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("requestfailed", lambda request: wrong.append(request.url))
    page.goto(page_file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    page.click("text=复制正文（带格式）")
    assert page.inner_text("#said") == "已复制，请到后台粘贴"
    editor = page.context.new_page()
    editor.set_content("<div contenteditable id=editor style='min-height:50px'></div>")
    editor.click("#editor")
    editor.keyboard.press("Control+V")
    pasted = editor.inner_html("#editor")
    assert "<strong>下乡</strong>" in pasted
    assert "【此处插入图片：01-开庭现场1.png】" in pasted
    page.click("text=复制标题")
    editor.click("#editor")
    editor.keyboard.press("Control+A")
    editor.keyboard.press("Control+V")
    assert editor.inner_text("#editor").strip() == "巡回“审判”<进>乡村"
    assert wrong == []
    context.close()
