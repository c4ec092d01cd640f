"""写稿 as its script makes it: the name above, wavy lines and F8, counters, panes at each width, a revision after a rest, the strip before the
sign-in ends, files that go on after a lost line."""

import io
import json
import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from tests.conftest import Clock, Workspace
from tests.support.desk_browsing import begun, seated, sign_in, watched
from tests.support.reviewed_console import open_office
from xuanfa.operations.desk import Desk
from xuanfa.operations.people.sessions import sign_out_everywhere
from xuanfa.store import drafts, posts

FOUND = "被告张某于11月31日被判处有期徒刑。\n\n法官讲了规矩。\n\n被告李某被判处拘役。"

#: The server's word that it has what was typed.
KEPT = re.compile(r"已存好 \d\d:\d\d:\d\d$")


@pytest.fixture
def desk(workspace: Workspace, clock: Clock) -> Desk:
    """An office whose posts need a review."""
    return open_office(workspace, clock)


@pytest.fixture
def page(browser: Browser, address: str, desk: Desk) -> Iterator[Page]:
    with seated(browser, address, "wang") as found:
        yield found


#: What is selected in the text, and where it begins.
SELECTED = (
    "(a => a.value.slice(a.selectionStart, a.selectionEnd) + a.selectionStart)(document.getElementById('f-text'))"
)
#: The modules of the page, as one text.
MODULES = """Promise.all(['write', 'keep', 'upload'].map(name =>
    fetch(document.querySelector('script[src*=write]').src.replace('page/write.js', name + '.js')).then(answer => answer.text())))"""


def text_of(page: Page) -> str:
    return page.get_by_label("正文", exact=True).input_value()


def test_the_name_above_follows_the_title(page: Page, address: str) -> None:
    begun(page, address)
    expect(page.locator("#name")).to_have_text("还没有标题")
    page.get_by_label("标题", exact=True).press_sequentially("巡回法庭")
    expect(page.locator("#name")).to_have_text("巡回法庭")
    expect(page).to_have_title("巡回法庭 · 宣发")
    page.get_by_label("标题", exact=True).fill("")
    expect(page.locator("#name")).to_have_text("还没有标题")


def test_what_is_found_has_wavy_lines_and_f8_goes_through_them(page: Page, address: str) -> None:
    begun(page, address)
    page.get_by_label("标题", exact=True).fill("题目")
    text = page.get_by_label("正文", exact=True)
    text.fill(FOUND)
    lines = page.locator("#box .waves .wave")
    expect(lines).to_have_text(["被告", "11月31日", "被告"])
    expect(page.locator("#box .waves .gut:not([hidden])")).to_have_text(["严", "严"])
    page.evaluate("document.getElementById('f-text').setSelectionRange(0, 0)")
    text.focus()
    seen = []
    for key in ("F8", "F8", "F8", "F8", "Shift+F8", "Shift+F8"):
        page.keyboard.press(key)
        seen.append(page.evaluate(SELECTED))
    last = FOUND.rindex("被告")
    assert seen == ["被告0", "11月31日5", f"被告{last}", "被告0", f"被告{last}", "11月31日5"]
    expect(page.locator("#remarks li.now")).to_contain_text("11月31日")
    expect(page.locator("#finding-said")).to_contain_text("第 2 处，共 3 处")
    page.keyboard.press("Home")
    page.keyboard.type("昨天，")
    assert (
        page.locator("#box .waves")
        .evaluate("layer => Array.from(layer.querySelectorAll('.wave'), each => each.textContent).join()")
        .startswith("被告,")
    ), "moved along before the next answer"
    page.locator("#remarks button:has-text('改成这样')").first.click()
    assert text_of(page).startswith("昨天，被告人张某")
    expect(lines).to_have_text(["11月31日", "被告"])


def test_the_layers_stand_letter_by_letter_on_the_field(page: Page, address: str) -> None:
    begun(page, address)
    page.get_by_label("标题", exact=True).fill("题目")
    page.get_by_label("正文", exact=True).fill("## 小标题\n\n" + FOUND * 6 + "\n\n- 一\n- 𠮷二\n")
    expect(page.locator("#box .waves .wave").first).to_be_visible()
    heights = page.evaluate("Array.from(document.querySelectorAll('#box .layer'), each => each.offsetHeight)")
    assert len(set(heights)) == 1
    assert page.locator("#box .letters").inner_text().rstrip("\u200b\n") == text_of(page).rstrip("\n")


@pytest.mark.parametrize(("width", "shown"), [(1440, "tabs"), (1100, "drawer"), (390, "bar")])
def test_findings_head_and_channels_are_reached_at_every_width(
    page: Page, address: str, width: int, shown: str
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    begun(page, address)
    ways = {"tabs": "#minds", "drawer": ".drawer-keys", "bar": "#bar"}[shown]
    for name, field in (("head", "供稿部门"), ("findings", None)):
        page.click(f"{ways} a[href='#{name}']")
        if field:
            expect(page.get_by_label(field, exact=True)).to_be_visible()
        else:
            expect(page.locator("#findings")).to_be_visible()
        if shown == "drawer":
            page.click("#shut")
            expect(page.locator("#mind")).not_to_be_visible()
    if shown == "bar":
        expect(page.locator("#f-text")).not_to_be_visible()
        page.click("#bar a[href='#head']")
        expect(page.locator("[name='to:wall']")).to_be_visible()
        page.click("#bar a[href='#see']")
        expect(page.locator("#frame")).to_be_visible()
        page.click("#bar a[href='#go']")
        expect(page.get_by_role("button", name="存为一版")).to_be_visible()
        page.click("#bar a[href='#write']")
        expect(page.locator("#f-text")).to_be_visible()
    else:
        expect(page.get_by_role("button", name="存为一版")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_channel_gets_its_own_words_while_one_types_them(page: Page, address: str, desk: Desk) -> None:
    slug = begun(page, address)
    page.get_by_label("标题", exact=True).fill("题目")
    page.get_by_label("正文", exact=True).fill("法官到了村里。")
    page.click("#minds a[href='#own']")
    page.locator("fieldset[data-channel=wall] summary").click()
    page.locator("[name='own:wall:title']").fill("墙上的题")
    page.click(".see [data-channel=wall]")
    expect(page.frame_locator("#frame").locator("body")).to_contain_text("墙上的题")
    expect(page.locator("#saved")).to_have_text(KEPT)
    page.locator("[name='to:wall']").uncheck()
    expect(page.locator("fieldset[data-channel=wall] .off")).to_be_visible()
    page.locator("[name='to:wall']").check()
    page.click("text=存为一版")
    page.wait_for_url("**/write?saved=1")
    saved = (desk.posts_folder / slug[:4] / f"{slug}.md").read_text(encoding="utf-8")
    assert "channels:\n  hook:\n  wall:\n    title: 墙上的题\n" in saved


def test_ten_minutes_without_a_key_make_a_revision(page: Page, address: str, desk: Desk) -> None:
    page.clock.install()
    slug = begun(page, address)
    page.get_by_label("标题", exact=True).fill("题目")
    page.get_by_label("正文", exact=True).fill("法官到了村里。")
    page.clock.run_for(2000)
    expect(page.locator("#saved")).to_have_text(KEPT)
    page.clock.run_for(590_000)
    assert not (desk.posts_folder / slug[:4] / f"{slug}.md").exists()
    page.clock.run_for(20_000)
    expect(page.locator("#saved")).to_have_text("已存好 · 版本 1")
    page.get_by_label("正文", exact=True).press_sequentially("又写了一句。")
    page.clock.run_for(2000)
    expect(page.locator("#saved")).to_have_text(re.compile(r"已存好 \d\d:\d\d:\d\d · 版本 1$"))
    page.clock.run_for(610_000)
    expect(page.locator("#saved")).to_have_text("已存好 · 版本 2")
    with desk.store.read() as connection:
        known = posts.by_slug(connection, slug)
    assert known is not None
    assert known.revision == 2


def test_two_minutes_before_the_sign_in_ends_a_strip_says_so(
    page: Page, address: str, clock: Clock, desk: Desk
) -> None:
    page.clock.install()
    page.goto(f"{address}/me")
    strip = page.locator("#ending")
    page.clock.run_for(27 * 60_000)
    expect(strip).to_be_hidden()
    clock.advance(minutes=28, seconds=30)
    page.clock.run_for(90_000)
    expect(strip).to_contain_text("登录 09:30 就要过期，写的和填的都在。")
    page.click("text=接着用")
    expect(strip).to_be_hidden()
    clock.advance(minutes=28, seconds=30)
    page.clock.run_for(29 * 60_000)
    expect(strip).to_contain_text("就要过期")
    sign_out_everywhere(desk, "wang")
    page.clock.run_for(40_000)
    expect(strip).to_contain_text("登录过期了")
    expect(strip.get_by_role("link", name="登录")).to_be_visible()


def test_a_page_that_was_used_elsewhere_says_nothing(page: Page, address: str, clock: Clock) -> None:
    page.clock.install()
    page.goto(f"{address}/me")
    clock.advance(minutes=20)
    other = page.context.new_page()
    other.goto(f"{address}/me")
    clock.advance(minutes=9)
    page.clock.run_for(29 * 60_000)
    page.wait_for_function("fetch('/session', {headers: {'X-Part': 'x'}}).then(a => a.ok)")
    expect(page.locator("#ending")).to_be_hidden()


def test_what_did_not_arrive_is_compared_before_it_is_used(page: Page, address: str, desk: Desk) -> None:
    page.clock.install()
    slug = begun(page, address)
    text = page.get_by_label("正文", exact=True)
    text.fill("服务器上的一段话。")
    page.clock.run_for(2000)
    expect(page.locator("#saved")).to_have_text(KEPT)
    page.context.set_offline(True)
    text.fill("这台电脑上的一段话。")
    page.clock.run_for(2000)
    expect(page.locator("#saved")).to_contain_text("先存在这台电脑上")
    for _ in range(2):
        page.clock.run_for(4000)
        page.wait_for_function("fetch('/session').catch(() => true)")
    expect(page.locator("#lost")).to_contain_text("连不上服务器，正在重试（第 3 次）")
    page.close()
    page.context.set_offline(False)
    again = page.context.new_page()
    with watched(again):
        again.goto(f"{address}/posts/{slug}/write")
        again.click("text=看看差在哪")
        expect(again.locator("#differs del")).to_have_text("服务器")
        expect(again.locator("#differs ins")).to_have_text("这台电脑")
        again.click("text=用它")
        expect(again.get_by_label("正文", exact=True)).to_have_value("这台电脑上的一段话。")
        expect(again.locator("#returning")).to_be_hidden()
        expect(again.locator("#saved")).to_have_text(KEPT)
        again.reload()
        expect(again.locator("#returning")).to_be_hidden()


def test_signed_in_again_elsewhere_the_words_go_on_by_themselves(page: Page, address: str, desk: Desk) -> None:
    slug = begun(page, address)
    sign_out_everywhere(desk, "wang")
    page.get_by_label("正文", exact=True).fill("过期以后还在写")
    expect(page.locator("#d-ended")).to_be_visible()
    other = page.context.new_page()
    sign_in(other, address, "wang")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#d-ended")).not_to_be_visible()
    expect(page.locator("#saved")).to_have_text(KEPT)
    with desk.store.read() as connection:
        draft = drafts.draft_of(connection, slug, "wang")
    assert draft is not None
    assert "过期以后还在写" in draft.text


def noise() -> bytes:
    data = io.BytesIO()
    Image.effect_noise((960, 960), 90).convert("RGB").save(data, "PNG")
    return data.getvalue()


def test_a_picture_goes_on_after_a_lost_line(page: Page, address: str, desk: Desk) -> None:
    begun(page, address)
    data, offsets = noise(), list[int]()

    def cut(route: Route) -> None:
        body = route.request.post_data_buffer or b""
        offsets.append(int(re.search(rb'name="offset"\r\n\r\n(\d+)', body)[1]))  # type: ignore[index]
        if len(offsets) in {2, 4}:
            if len(offsets) == 4:
                route.fetch()  # it arrives, and its answer does not
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(
        re.compile(r"/uploads/\w+$"), lambda route: cut(route) if route.request.method == "POST" else route.continue_()
    )
    page.click(".tools >> text=图片")
    page.set_input_files("#p-file", {"name": "a.png", "mimeType": "image/png", "buffer": data})
    page.fill("#p-alt", "法官在村里")
    page.click("text=放上这张图")
    expect(page.locator("[data-sent]")).to_contain_text("传到的 1 MB 不用重来")
    expect(page.locator("#d-picture")).not_to_be_visible(timeout=20_000)
    assert re.search(r"!\[法官在村里\]\(images/[0-9a-f]{16}\.(png|jpg)\)", text_of(page))
    assert offsets == [0, 1_000_000, 1_000_000, 2_000_000]


def test_a_picture_of_200_mb_is_refused_before_it_is_sent(page: Page, address: str) -> None:
    begun(page, address)
    page.click(".tools >> text=图片")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "uploads" in request.url else None)
    page.evaluate(
        "() => { const file = new File(['x'], 'a.jpg', {type: 'image/jpeg'}); Object.defineProperty(file, 'size', {value: 200e6});"
        " document.getElementById('p-file').dropped = file; document.getElementById('p-alt').value = '图'; }"
    )
    page.click("text=放上这张图")
    expect(page.locator("#d-picture .fault")).to_have_text("这张图 200 MB，最多 20 MB，没有收。请缩小后再传。")
    assert sent == []


def test_the_script_has_a_word_for_all_that_it_says(page: Page, address: str) -> None:
    begun(page, address)
    words = json.loads(page.locator("#studio").get_attribute("data-words") or "{}")
    source = "".join(page.evaluate(MODULES))
    used = set(re.findall(r"\bwords\.(\w+)", source)) - {"dataset", "textContent"}
    assert used <= set(words), used - set(words)
    assert set(words) <= used, set(words) - used
