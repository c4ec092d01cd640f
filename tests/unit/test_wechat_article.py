"""What becomes of a post's HTML for WeChat: only what survives there, styles inline, links as notes, sizes counted at the end."""

import os
import re
import time
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from pydantic import ValidationError

from xuanfa.adapters.wechat import WechatAdapter, WechatConfig
from xuanfa.adapters.wechat.article import PICTURE, styled, with_addresses
from xuanfa.adapters.wechat.checks import ATTRIBUTES, TAGS
from xuanfa.adapters.wechat.code import coloured
from xuanfa.adapters.wechat.markup import converted
from xuanfa.adapters.wechat.themes import THEMES
from xuanfa.content.kit import PostKit
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.content.text.markdown import to_html
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.finding import Severity, blocking
from xuanfa.domain.post import Picture, Post, Source
from xuanfa.domain.rendition import Rendition

TESTS = Path(__file__).parents[1]
TEMPLATES = TESTS.parent / "templates"
GOLDEN = TESTS / "golden" / "wechat"
SAMPLE = (GOLDEN / "sample.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> MediaStore:
    return MediaStore(tmp_path_factory.mktemp("media"))


def picture(media: MediaStore, folder: Path, name: str, colour: str = "#3367a6") -> Any:
    Image.new("RGB", (800, 500), colour).save(folder / name)
    return media.keep(folder / name, name, alt="巡回法庭", caption="图为开庭现场")


@cache
def _cover(media: MediaStore) -> Picture:
    """A cover that fits, so that none is drawn."""
    data = BytesIO()
    Image.new("RGB", (940, 400), "#9f1d22").save(data, "PNG")
    with NamedTemporaryFile(suffix=".png") as file:
        file.write(data.getvalue())
        file.flush()
        return media.keep(Path(file.name), "cover.png")


def made(
    media: MediaStore, body: str, *, post: dict[str, Any] | None = None, linked: bool = True, **settings: Any
) -> Rendition:
    """The rendition of a body under these settings."""
    adapter = WechatAdapter(WechatConfig(adapter="wechat", rehearsal=True, **settings), None)  # type: ignore[arg-type]
    text = Post(
        slug="a",
        cover=_cover(media),
        title="巡回审判到田间",
        column="action",
        body=body,
        summary="把法庭搬到田间地头。",
        author="张某",
        department="永昌县人民法院",
        source=Source(name="金昌法院网"),
    )
    kit = PostKit(
        post=replace(text, **(post or {})),
        organisation=Organisation(name="金昌市中级人民法院", site_domain="jinchang.example.gov.cn"),
        column=Column(id="action", title="我们在行动", campaign="三抓三促"),
        channel="wechat",
        kind="wechat",
        zone=ZoneInfo("Asia/Shanghai"),
        templates=Templates([TEMPLATES]),
        media=media,
        channels=frozenset({"wechat", "site"} if linked else {"wechat"}),
    )
    return adapter.render(kit.post, kit)


def findings(rendition: Rendition) -> list[str]:
    adapter = WechatAdapter(WechatConfig(adapter="wechat", rehearsal=True), None)  # type: ignore[arg-type]
    return [finding.code for finding in adapter.check(rendition)]


def html_of(markdown: str) -> str:
    return converted(to_html(markdown), lambda source: source)[0]


class Parts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.styles: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.styles += [value or "" for name, value in attrs if name == "style"]


def parts(html: str) -> Parts:
    read = Parts()
    read.feed(html)
    return read


@pytest.mark.parametrize("theme", THEMES)
def test_an_article_is_the_golden_one(media: MediaStore, tmp_path: Path, theme: str) -> None:
    kept = picture(media, tmp_path, "court.png")
    html = made(media, SAMPLE, post={"pictures": (kept,)}, theme=theme).body
    shown = re.sub(re.escape(PICTURE) + r"\w+\.\w+", "court.png", html)
    golden = GOLDEN / f"{theme}.html"
    if os.environ.get("XUANFA_GOLDEN") == "write":
        golden.write_text(shown + "\n", encoding="utf-8")
    assert shown + "\n" == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("theme", THEMES)
def test_only_what_wechat_keeps_is_left(media: MediaStore, tmp_path: Path, theme: str) -> None:
    kept = picture(media, tmp_path, "court.png")
    rendition = made(media, SAMPLE, post={"pictures": (kept,)}, theme=theme)
    found = parts(rendition.body)
    assert found.tags <= TAGS
    assert found.attributes <= ATTRIBUTES
    assert not re.search(r"rgb|hsl|url\(|position|flex|grid|var\(", " ".join(found.styles))
    assert {colour.lower() for colour in re.findall(r"#\w+", " ".join(found.styles))} <= {
        colour.lower() for colour in re.findall(r"#[0-9a-fA-F]{6}\b", " ".join(found.styles))
    }
    assert findings(rendition) == []


def luminance(colour: str) -> float:
    parts_ = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts_)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.theme)
def test_every_text_colour_can_be_read_on_white_and_on_the_tint(theme: Any) -> None:
    for ground in ("#ffffff", theme.tint):
        for colour in (theme.accent, theme.strong, theme.ink, theme.quiet):
            lighter, darker = sorted((luminance(ground), luminance(colour)), reverse=True)
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_outside_links_become_numbered_notes_and_own_articles_stay_links() -> None:
    html, notes = converted(
        to_html(
            "[甲](https://a.cn/x?y=1&z=2)、[乙](https://b.cn)、[又是甲](https://a.cn/x?y=1&z=2)、[往期](https://mp.weixin.qq.com/s/abc)"
        ),
        str,
    )
    assert [(note.number, note.text, note.address) for note in notes] == [
        (1, "甲", "https://a.cn/x?y=1&z=2"),
        (2, "乙", "https://b.cn"),
    ]
    assert html.count("[1]") == 2
    assert html.count("<a ") == 1
    assert '<a href="https://mp.weixin.qq.com/s/abc">往期</a>' in html


def test_an_address_that_is_its_own_text_and_a_mail_address_need_no_note() -> None:
    html, notes = converted(to_html("<https://a.cn/x?y=1&z=2> 或[写信](mailto:a@example.gov.cn)"), str)
    assert notes == ()
    assert "https://a.cn/x?y=1&amp;z=2" in html
    assert "写信（" in html
    assert "a@example.gov.cn" in html


def test_a_list_within_a_list_is_lines_with_their_marks() -> None:
    html = html_of("- 一\n  - 上午\n  - 下午\n    1. 丙\n    2. 丁\n- 二\n")
    assert html.count("<ul>") == 1
    assert html.count("<li>") == 2
    assert re.findall(r'<section class="item">(\S+)', html) == ["◦", "◦", "1.", "2."]


def test_between_list_items_there_is_nothing_that_becomes_an_empty_bullet() -> None:
    assert re.search(r"</li>\s+<li>|<ul>\s", html_of("- 一\n- 二\n\n- 三\n")) is None


def test_code_keeps_its_lines_and_its_indent_where_newlines_are_folded() -> None:
    html = html_of('```python\ndef f(x):\n    return "a  b"  # 注\n```')
    assert "\n" not in html
    assert "<br>" in html
    assert "\u00a0" * 4 in html
    assert '<span class="k">def</span>' in html


def test_code_in_an_unknown_language_is_left_uncoloured_and_whole() -> None:
    assert coloured("a <b>\n\tc", "no-such-language") == "a &lt;b&gt;<br>" + "\u00a0" * 4 + "c"


def test_code_that_talks_of_classes_is_not_cut(media: MediaStore) -> None:
    body = made(media, '文字 `<a class="x">` 说明。').body
    assert '&lt;a class="x"&gt;' in body


def test_footnotes_are_told_from_link_notes() -> None:
    html = html_of("甲[^1]乙。\n\n[^1]: 注释的话。\n\n    第二段。")
    assert "[注1]" in html
    assert '<p class="entry">[注1] 注释的话。<br>第二段。</p>' in html
    assert "↩" not in html


def test_a_tables_caption_stands_before_it_and_short_cells_do_not_break() -> None:
    html = html_of("<table><caption>附表</caption><tr><th>县区</th><td>很长很长很长的说明</td></tr></table>")
    assert html.index("附表") < html.index("<table>")
    assert '<th class="short">县区' in html
    assert "<td>很长" in html


def test_a_picture_from_elsewhere_is_refused_because_wechat_would_drop_it(media: MediaStore) -> None:
    assert "wechat.outside_picture" in findings(made(media, "文字\n\n![x](https://other.cn/a.png)"))


def test_what_a_workspaces_own_template_adds_is_checked(media: MediaStore) -> None:
    rendition = made(media, "文字")
    bad = rendition.body.replace("<p", '<iframe src="x"></iframe><p style="position:fixed" onclick="y"', 1)
    message = next(f for f in _check(replace(rendition, body=bad)) if f.code == "wechat.not_kept").message
    for what in ("<iframe>", "position", "onclick"):
        assert what in message


def _check(rendition: Rendition) -> Any:
    return WechatAdapter(WechatConfig(adapter="wechat", rehearsal=True), None).check(rendition)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("count", "code", "severity"),
    [
        (15_999, None, None),
        (16_000, "wechat.body_long", Severity.WARN),
        (20_000, "wechat.body_too_long", Severity.BLOCK),
    ],
)
def test_the_size_is_counted_on_the_finished_html(
    media: MediaStore, count: int, code: str | None, severity: Severity | None
) -> None:
    rendition = made(media, "文字")
    longer = replace(rendition, body=rendition.body + "法" * (count - len(rendition.body)))
    found = [(f.code, f.severity) for f in _check(longer)]
    assert found == ([(code, severity)] if code else [])


def test_a_picture_counts_as_long_as_its_address_will_be(media: MediaStore, tmp_path: Path) -> None:
    kept = picture(media, tmp_path, "court.png")
    rendition = made(media, "文字\n\n![x](court.png)", post={"pictures": (kept,)})
    longer = replace(rendition, body=rendition.body + "法" * (19_950 - len(rendition.body)))
    assert [f.code for f in blocking(_check(longer))] == ["wechat.body_too_long"]


def test_author_and_summary_have_their_limits(media: MediaStore) -> None:
    rendition = made(media, "文字", post={"author": "张" * 17, "summary": "摘" * 121})
    assert set(findings(rendition)) == {"wechat.author_too_long", "wechat.summary_too_long"}


def test_without_an_address_to_carry_the_mark_staff_are_told(media: MediaStore) -> None:
    rendition = made(media, "文字", linked=False)
    assert rendition.extra["source"] == "https://jinchang.example.gov.cn/"
    assert findings(replace(rendition, extra={**rendition.extra, "source": ""})) == ["wechat.no_mark"]


def test_a_linked_post_waits_for_the_site(media: MediaStore) -> None:
    assert made(media, "文字").needs == ("site",)
    assert made(media, "文字", linked=False).needs == ()


def test_many_pictures_and_few_words_become_a_picture_message(media: MediaStore, tmp_path: Path) -> None:
    kept = tuple(
        picture(media, tmp_path, f"{n}.png", colour) for n, colour in enumerate(("#111111", "#222222", "#333333"))
    )
    body = "巡回审判掠影。\n\n" + "\n\n".join(f"![x]({n}.png)" for n in range(3))
    rendition = made(media, body, post={"pictures": kept})
    assert rendition.extra["type"] == "newspic"
    assert rendition.body == "巡回审判掠影。"
    assert [one.source for one in rendition.pictures] == ["0.png", "1.png", "2.png"]
    assert findings(rendition) == []
    assert made(media, body, post={"pictures": kept}, newspic="never").extra["type"] == "news"
    assert made(media, body + "\n\n" + "字" * 300, post={"pictures": kept}).extra["type"] == "news"
    assert made(media, body + "\n\n|a|b|\n|-|-|\n|1|2|", post={"pictures": kept}).extra["type"] == "news"
    assert made(media, body + "\n\n![x](0.png)", post={"pictures": kept[:2]}).extra["type"] == "news"


def test_pictures_are_fitted_and_the_cover_is_wide(media: MediaStore, tmp_path: Path) -> None:
    Image.effect_noise((1200, 900), 90).convert("RGB").save(tmp_path / "big.png")
    kept = media.keep(tmp_path / "big.png", "big.png")
    rendition = made(media, "文字\n\n![x](big.png)", post={"pictures": (kept,), "cover": None})
    cover, shown = rendition.pictures
    assert cover.filename == rendition.extra["cover"]
    assert abs(cover.width / cover.height - 2.35) < 0.02
    assert shown.size < 1_000_000
    assert f"{PICTURE}{shown.filename}" in rendition.body
    assert "http://mmbiz/x?a=1&amp;b=2" in with_addresses(rendition.body, {shown.filename: "http://mmbiz/x?a=1&b=2"})


@pytest.mark.parametrize(
    ("given", "id_"), [("法院红", "court"), ("政务蓝", "government"), ("素雅", "plain"), ("court", "court")]
)
def test_themes_have_two_names(given: str, id_: str) -> None:
    assert WechatConfig(adapter="wechat", rehearsal=True, theme=given).theme == id_


@pytest.mark.parametrize(
    "wrong",
    [
        {"theme": "neon"},
        {"title_max": 65},
        {"mode": "broadcast"},
        {"tag_id": 3},
        {"base_url": "api.weixin.qq.com"},
        {"rehearsal": False},
        {"rehearsal": False, "app_id": "wx1"},
        {"author": "张" * 17},
    ],
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        WechatConfig.model_validate({"adapter": "wechat", "rehearsal": True} | wrong)


def test_drafts_are_the_default_because_they_can_be_taken_back() -> None:
    assert WechatConfig(adapter="wechat", rehearsal=True).mode == "draft"


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [
        ("https://mp.weixin.qq.com/s/AbC-1_2", True),
        ("http://mp.weixin.qq.com/s?__biz=x&mid=1", True),
        ("https://weixin.qq.com/s/abc", False),
        ("https://mp.weixin.qq.com.evil.cn/s/abc", False),
        ("https://mp.weixin.qq.com/", False),
    ],
)
def test_an_address_that_a_person_pastes_must_be_an_articles(address: str, is_ours: bool) -> None:
    adapter = WechatAdapter(WechatConfig(adapter="wechat", rehearsal=True), None)  # type: ignore[arg-type]
    assert (adapter.address_problem(address) == "") is is_ours


def test_a_backlink_that_begins_a_text_is_left_out_like_any_other() -> None:
    assert converted('<a href="#fnref1" class="footnote-backref">↩</a>正文', str)[0] == "正文"


def test_each_address_has_one_note_however_many_there_are() -> None:
    links = "".join(f'<a href="https://a.example/{number % 5000}">甲</a>' for number in range(10_000))
    assert len(converted(links, str)[1]) == 5000


def test_long_code_is_plain_and_all_of_it_is_there() -> None:
    """Some readers of code take the square of a text's length."""
    html = converted(f'<pre><code class="language-c">{"int a;" * 20_000}</code></pre>', str)[0]
    assert html.count("int a;") == 20_000
    several = converted('<pre><code class="language-python">' + "x = 1\n" * 400 + "</code></pre>", str)[0]
    assert 'class="n"' in several
    many = converted(('<pre><code class="language-python">' + "x = 1\n" * 400 + "</code></pre>") * 9, str)[0]
    assert many.count('<section class="listing">') == 9
    assert many.count('class="n"') == 2 * several.count('class="n"')


def test_white_space_before_blocks_goes_where_it_breaks_the_line_and_costs_no_time() -> None:
    assert styled("<p>甲</p>\n\n<p>乙</p> <p>丙</p>", "").count("\n") == 0
    begun = time.process_time()
    styled(f"<p>甲{'　' * 30_000}\n{'　' * 30_000}乙</p>", "")
    assert time.process_time() - begun < 1
