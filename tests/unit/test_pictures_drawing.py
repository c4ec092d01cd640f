"""Covers and cards are set as Chinese is set, keep to their size, and are the same each time."""

import io
import os
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from xuanfa.adapters.protocol import Kit
from xuanfa.content.kit import PostKit
from xuanfa.content.pictures import fonts
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.content.text.blocks import Block, blocks
from xuanfa.content.text.lines import balanced, justified, wrapped
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.errors import ConfigError, ContentError
from xuanfa.domain.post import Picture, PictureRule, Post

TITLE = "把法庭搬到田间地头：永昌县人民法院开展“巡回审判进乡村”活动"
BODY = "## 小标题\n\n法官**下乡**，当庭调解。\n\n> “家门口就把官司了了。”\n\n- 甲\n- 乙\n\n1. 丙\n"


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


def kit(store: MediaStore, body: str = BODY, title: str = TITLE, **fields: object) -> Kit:
    return PostKit(
        post=Post(slug="a", title=title, column="action", body=body, **fields),  # type: ignore[arg-type]
        organisation=Organisation(name="金昌市中级人民法院"),
        column=Column(id="action", title="我们在行动"),
        channel="demo",
        kind="demo",
        zone=ZoneInfo("Asia/Shanghai"),
        templates=Templates([]),
        media=store,
        channels=frozenset({"demo"}),
    )


def opened(store: MediaStore, picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(store.path(picture).read_bytes())).convert("RGB")


def wide(token: str) -> float:
    """Ten pixels for a Chinese character, five for a Latin one."""
    return sum(5 if character.isascii() else 10 for character in token)


@pytest.mark.parametrize("ratio", [2.35, 1.0, 9 / 16, 16 / 9, 0.75])
@pytest.mark.parametrize("title", ["执行", TITLE, "法" * 64, "A" * 60, "🙂“…”"], ids=range(5))
def test_a_cover_is_drawn_from_any_title_in_any_crop(store: MediaStore, ratio: float, title: str) -> None:
    rule = PictureRule(media_types=("image/jpeg",), ratio=ratio, side_max=600, bytes_max=100_000)
    cover = kit(store, title=title).cover(rule)
    assert cover.media_type == "image/jpeg"
    assert cover.size <= 100_000
    assert max(cover.width, cover.height) <= 600
    assert abs(cover.width - cover.height * ratio) <= max(1, ratio)
    assert cover.alt == title


def test_a_cover_is_the_same_each_time_and_differs_by_theme(tmp_path: Path, store: MediaStore) -> None:
    rule = PictureRule(ratio=1.0, side_max=300)
    first = kit(store).cover(rule)
    assert kit(MediaStore(tmp_path / "elsewhere")).cover(rule) == first
    themes = {kit(store).cover(rule, theme=name).sha256 for name in ("法院红", "政务蓝", "素雅")}
    assert len(themes) == 3
    assert kit(store).cover(rule, theme="red") == first
    assert kit(store).cover(rule, theme="blue").sha256 in themes


def test_nothing_of_a_cover_is_written_over_its_edges(store: MediaStore) -> None:
    for ratio in (2.35, 1.0, 9 / 16):
        image = opened(
            store, kit(store, title="法" * 80).cover(PictureRule(media_types=("image/png",), ratio=ratio, side_max=800))
        )
        edge = image.crop((0, 0, image.width * 4 // 100, image.height))
        assert max(green for _, (_, green, _) in edge.getcolors(1 << 20)) < 60  # type: ignore[misc, union-attr]


def test_an_unknown_theme_names_those_there_are(store: MediaStore) -> None:
    with pytest.raises(ConfigError, match=r"绿.*政务蓝.*法院红.*素雅"):
        kit(store).cover(PictureRule(), theme="绿")


def test_a_cover_or_the_first_picture_goes_before_a_drawing(tmp_path: Path, store: MediaStore) -> None:
    for name, colour in (("cover", "green"), ("first", "blue")):
        Image.new("RGB", (300, 200), colour).save(tmp_path / f"{name}.png")
    cover, first = (store.keep(tmp_path / f"{name}.png", f"{name}.png") for name in ("cover", "first"))
    rule = PictureRule(media_types=("image/png",), ratio=1.0)
    own = kit(store, cover=cover, pictures=(first,)).cover(rule)
    assert (own.source, own.width, own.height) == ("cover.png", 200, 200)
    assert kit(store, pictures=(first,)).cover(rule).source == "first.png"


def test_cards_are_upright_png_with_title_first_and_are_the_same_each_time(tmp_path: Path, store: MediaStore) -> None:
    cards = kit(store).cards()
    assert {(card.media_type, card.width, card.height) for card in cards} == {("image/png", 1080, 1920)}
    assert [card.alt for card in cards] == [f"{TITLE}（1/2）", f"{TITLE}（2/2）"]
    assert kit(MediaStore(tmp_path / "elsewhere")).cards() == cards
    assert len({card.sha256 for theme in ("red", "blue", "plain") for card in kit(store).cards(theme=theme)}) == 6


def test_a_long_text_flows_over_cards_and_a_longer_one_is_refused(store: MediaStore) -> None:
    paragraph = "法官下乡，当庭调解一起土地承包纠纷，群众拍手称快。" * 6 + "\n\n"
    cards = kit(store, body=paragraph * 9).cards()
    assert len(cards) == 7
    for card in cards[1:]:
        image = opened(store, card)
        margin = image.crop((1000, 100, 1080, 1900)).getcolors()
        assert margin == [(80 * 1800, image.getpixel((1079, 1000)))]  # the right edge stays free
    with pytest.raises(ContentError, match=r"文字卡片要 \d+ 张，最多 30 张"):
        kit(store, body=paragraph * 60).cards()


def test_no_word_is_left_alone_on_the_last_line_of_a_headline() -> None:
    from xuanfa.content.pictures.drawing import headline  # noqa: PLC0415 - only this test composes by hand

    lines, size = headline(TITLE, (856, 640), "serif", (104, 60), 6)
    assert [line.text for line in lines] == ["把法庭搬到田间地头：", "永昌县人民法院开展", "“巡回审判进乡村”活动"]
    assert 60 < size < 104


def test_a_heading_never_ends_a_card(store: MediaStore) -> None:
    from xuanfa.content.pictures import cards  # noqa: PLC0415 - its inner pages are looked at here only

    for count in range(10, 20):
        body = [Block("paragraph", "甲。")] * count + [Block("heading", "题"), Block("paragraph", "乙" * 60)]
        pages = list(cards._pages([row for block in body for row in cards._rows(block)]))
        assert not any(page[-1].heading for page in pages)
        assert sum(len(page) for page in pages) == count + 1 + 4


def test_blocks_know_headings_lists_quotes_and_pictures() -> None:
    html = (
        "<h2>题</h2><p>一<br>二</p><blockquote><p>引</p></blockquote><ul><li>甲<ul><li>子</li></ul></li></ul>"
        '<ol start="3"><li><p>丙</p></li></ol><figure><img src="a.png" alt="图"><figcaption>注</figcaption></figure>'
        '<table><tr><td>年</td><td>件</td></tr></table><p>尾<sup class="footnote-ref"><a>[1]</a></sup></p>'
    )
    assert blocks(html) == [
        Block("heading", "题"), Block("paragraph", "一"), Block("paragraph", "二"), Block("quote", "引"),
        Block("item", "甲", "•", 1), Block("item", "子", "•", 2), Block("item", "丙", "3.", 1),
        Block("picture", "图", source="a.png"), Block("caption", "注"), Block("paragraph", "年\u3000件"),
        Block("paragraph", "尾"),
    ]  # fmt: skip


CHINESE = st.text(alphabet="法院审判，。：“”（）《》、！2026ab ", min_size=1, max_size=80)


@given(CHINESE, st.integers(40, 300))
def test_lines_hold_all_the_text_within_the_width_and_break_where_chinese_may(text: str, width: int) -> None:
    for lines in (wrapped(text, width, wide), balanced(text, width, wide)):
        assert "".join(line.text for line in lines).replace(" ", "") == "".join(text.split())
        assert all(line.width <= width for line in lines)


@pytest.mark.parametrize("width", range(60, 300, 10))
def test_no_line_begins_with_a_closing_mark_nor_ends_with_an_opening_one(width: int) -> None:
    text = "“三抓三促”行动（第一期）：法官说，《民法典》第1043条“家庭应当树立优良家风”，弘扬家庭美德。"
    for lines in (wrapped(text, width, wide), balanced(text, width, wide)):
        assert not any(line.text[0] in "，。：”）》" for line in lines)
        assert not any(line.text[-1] in "“（《" for line in lines)
        assert any("1043" in line.text for line in lines)


def test_a_title_breaks_between_its_phrases() -> None:
    assert [line.text for line in balanced("永昌法院：一纸调解书，两家笑开颜", 110, wide)] == [
        "永昌法院：一纸调解书，",
        "两家笑开颜",
    ]
    assert [line.text for line in balanced("深入开展“三抓三促”行动推进会", 95, wide)] == [
        "深入开展“三抓三促”",
        "行动推进会",
    ]


def test_a_full_line_reaches_the_edge_and_the_last_one_does_not() -> None:
    first, last = wrapped("法官下乡，当庭调解一起土地承包纠纷", 105, wide)
    assert (justified(first, 105).width, justified(last, 105).width) == (105, last.width)
    assert justified(first, 105).offsets[-1] == pytest.approx(95)


def test_what_the_typeface_lacks_is_left_out_instead_of_drawn_as_a_box() -> None:
    assert fonts.drawable("法🙂院 A\u200b①", "sans") == "法院 A①"


def test_a_machine_without_chinese_typefaces_says_which_package_to_install(tmp_path: Path) -> None:
    code = (
        "from xuanfa.content.pictures import fonts; fonts._FOLDERS = ()\n"
        "try: fonts.font('sans', 20)\n"
        "except fonts.ConfigError as error: print(error)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "fonts-noto-cjk" in said
    assert "XUANFA_FONT" in said


def test_the_variable_names_a_file_or_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    regular = Path(fonts._file("sans", "")[0])
    other = tmp_path / "own.ttc"
    other.symlink_to(regular)
    assert fonts._file("serif", str(other))[0] == str(other)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "NotoSansCJK-Regular.ttc").symlink_to(regular)
    assert fonts._file("sans", str(tmp_path / "folder"))[0] == str(tmp_path / "folder/NotoSansCJK-Regular.ttc")


def test_the_simplified_shapes_are_taken_from_a_collection() -> None:
    assert fonts.font("sans", 20).getname()[0] == "Noto Sans CJK SC"
    assert fonts.font("serif", 20).getname() == ("Noto Serif CJK SC", "Bold")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("nothing.ttf", "没有这个文件"),
        ("text.ttf", "不是能用的字体文件"),
        ("pipe.ttf", "不是能用的字体文件"),
        ("empty", "没有认得的中文字体"),
    ],
)
def test_a_variable_that_names_no_typeface_is_told_and_not_gone_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, why: str
) -> None:
    (tmp_path / "text.ttf").write_text("no font", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe.ttf")
    monkeypatch.setenv("XUANFA_FONT", str(tmp_path / name))
    assert why in fonts.wish_trouble()
    assert str(tmp_path / name) in fonts.wish_trouble()
    assert fonts.font_trouble() == ""
    assert fonts._file("sans", str(tmp_path / name)) == fonts._file("sans", "")


def test_a_variable_that_names_a_typeface_is_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    regular = Path(fonts._file("sans", "")[0])
    monkeypatch.delenv("XUANFA_FONT", raising=False)
    assert fonts.wish_trouble() == ""
    for path in (regular, regular.parent):
        monkeypatch.setenv("XUANFA_FONT", str(path))
        assert fonts.wish_trouble() == ""
