"""The care of a newspaper: headlines, tables, pictures, lists and credits."""

import errno
import os
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from xuanfa.adapters.site.folder import Folder
from xuanfa.adapters.site.tables import length, shapes, unbroken
from xuanfa.adapters.site.titles import headline
from xuanfa.domain.column import Column
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.post import Source


@pytest.mark.parametrize(
    ("whole", "title"),
    [
        ("把法庭搬到田间地头——巡回审判半年观察", "把法庭搬到田间地头"),
        ("把法庭搬到田间地头 —— 巡回审判半年观察", "把法庭搬到田间地头 "),
        ("小案不小办⸺一位法官的一天", "小案不小办"),
        ("小案不小办--一位法官的一天", "小案不小办"),
        ("《论持久战》学习会——读书班侧记", "《论持久战》学习会"),
        ("学习《论持久战——节选》有感", None),
        ("他——一名法官——的一天", None),
        ("2024——2025年度工作要点", None),
        ("——写在第一个宪法日", None),
        ("未完待续——", None),
        ("院长—庭长联席会", None),
        ("没有副题", None),
    ],
)
def test_one_dash_parts_a_headline_and_no_word_is_lost(whole: str, title: str | None) -> None:
    parts = headline(whole)
    assert parts.title == (whole if title is None else title)
    assert parts.title + parts.subtitle == whole
    assert parts.subtitle.startswith(parts.opening)
    assert len(parts.opening) in {0, 2, 3}


def test_a_headline_reads_whole_and_its_second_part_is_set_apart(website: Any) -> None:
    website.publish("first", title="把法庭搬到田间地头——半年观察")
    for path, level in (("zaixingdong/first.html", 1), ("zaixingdong/index.html", 2)):
        heading = re.search(rf"<h{level}[^>]*>(.*把法庭.*)</h{level}>", website.read(path))
        assert heading is not None
        assert re.sub(r"<[^>]*>", "", heading[1]) == "把法庭搬到田间地头——半年观察"
        assert '地头<span class="subtitle"><span class="whole">——半</span>年观察</span>' in heading[1]
    assert '<meta name="ArticleTitle" content="把法庭搬到田间地头——半年观察">' in website.read("zaixingdong/first.html")


def table(columns: int, cell: str, rows: int = 2) -> str:
    head = "".join(f"<th>{cell}</th>" for _ in range(columns))
    body = "".join(f"<td>{cell}</td>" for _ in range(columns))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{f'<tr>{body}</tr>' * (rows - 1)}</tbody></table>"


@pytest.mark.parametrize(
    ("columns", "cell", "rows", "classes"),
    [
        (2, "巡回审判", 2, ("pair",)),
        (2, "一段很长的说明文字，要折成几行才放得下，再长一些也不要紧", 2, ("pair",)),
        (4, "巡回审判", 2, ("swipes",)),
        (9, "巡回审判", 2, ("swipes", "broad")),
        (14, "巡回审判", 2, ("swipes", "broad", "beyond")),
        (14, "2026年12月31日", 2, ("swipes", "broad", "beyond", "crowded")),
        (3, "12", 40, ("tall",)),
    ],
)
def test_a_table_takes_the_width_that_it_needs(columns: int, cell: str, rows: int, classes: tuple[str, ...]) -> None:
    assert shapes(table(columns, cell, rows)).tables[0].classes == classes


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("2026年3月2日", "whole"),
        ("9:00—11:30", "whole"),
        ("1,234.56万元", "whole"),
        ("40.0%", "whole"),
        ("0935-8210000", "whole"),
        ("金川区", "short"),
        ("巡回审判与普法宣传同步开展", ""),
        ("说明" * 20, "long"),
    ],
)
def test_a_cell_is_told_by_what_it_holds(cell: str, kind: str) -> None:
    assert shapes(f"<table><tr><td>{cell}</td></tr></table>").cells == [kind]


def test_numbers_and_dates_within_words_are_held_together() -> None:
    held = unbroken("定于2026年3月2日 9:00—11:30在第3法庭审理12件案件")
    assert re.findall(r'<span class="whole">([^<]*)</span>', held) == ["2026年3月2日", "9:00—11:30", "12件"]
    assert re.sub(r"<[^>]*>", "", held) == "定于2026年3月2日 9:00—11:30在第3法庭审理12件案件"


def test_tables_have_names_of_their_own_and_their_heads_say_what_they_head(website: Any) -> None:
    first = '<table><caption>各县 &amp; 区</caption><thead><tr><th>县区</th></tr></thead><tr><th>金川</th><td width="9">1</td></tr></table>'
    website.publish("first", html=first + table(2, "二"))
    page = website.read("zaixingdong/first.html")
    assert re.findall(r'aria-label="(表格[^"]*)"', page) == ["表格 1：各县 &amp; 区", "表格 2"]
    assert 'scope="col" class="short">县区' in page
    assert 'scope="row" class="short">金川' in page
    assert '<td class="whole">1' in page
    assert page.count('<section class="scroll') == page.count("</section>") == 2


def test_nested_and_broken_tables_keep_their_cells_in_order(website: Any) -> None:
    inner = "<table><tr><td>内</td></tr></table>"
    website.publish("first", html=f"<table><tr><td>外一{inner}</td><td>2026年</td></tr></table><p>后</p>")
    page = website.read("zaixingdong/first.html")
    assert '<td class="short">内' in page
    assert '<td class="whole">2026年' in page


def test_lengths_count_chinese_as_one_and_latin_as_a_little_more_than_half() -> None:
    assert length("法院") == 2
    assert length("2026") == pytest.approx(2.24)


def test_a_long_address_may_break_anywhere(website: Any) -> None:
    address = "https://www.example.gov.cn/a/very/long/address?x=1&amp;y=2"
    website.publish("first", html=f'<p>见{address}。</p><p><a href="{address}">{address}</a></p>')
    page = website.read("zaixingdong/first.html")
    assert page.count('<span class="address">https://www.example.gov.cn/a/very/long/address?x=1</span>&amp;y=2') == 2


def test_upright_pictures_are_shown_whole_and_long_ones_by_scrolling(website: Any) -> None:
    pictures = tuple(
        website.draw(f"{name}.png", (number, 0, 0), size)
        for number, (name, size) in enumerate({"wide": (60, 40), "upright": (40, 60), "long": (20, 200)}.items())
    )
    website.publish("first", html="".join(f'<img src="{p.source}">' for p in pictures), pictures=pictures)
    tags = re.findall(r"<img [^>]*>", website.read("zaixingdong/first.html"))
    assert ['class="upright"' in tag for tag in tags] == [False, True, False]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('width="30"', 'width="30" height="20"'),
        ('width="6000"', 'width="60" height="40"'),
        ('height="20"', 'width="30" height="20"'),
        ('width="50%"', 'width="60" height="40" decoding="async" class="share-50"'),
        ('width="33%"', 'width="60" height="40" decoding="async" class="share-35"'),
        ('width="1%" class="wide"', 'class="wide share-5"'),
        ('width="0"', 'width="60" height="40"'),
    ],
)
def test_a_picture_stands_as_wide_as_its_author_wrote(website: Any, written: str, shown: str) -> None:
    picture = website.draw("a.png")
    website.publish("first", html=f'<img src="a.png" {written}>', pictures=(picture,))
    (tag,) = re.findall(r"<img [^>]*>", website.read("zaixingdong/first.html"))
    assert set(re.findall(r'[a-z]+="[^"]*"', shown)) <= set(re.findall(r'[a-z]+="[^"]*"', tag)), tag
    assert "%" not in tag


def test_lists_show_the_cover_else_the_first_picture_that_is_no_long_one(website: Any) -> None:
    long, wide = website.draw("long.png", (1, 0, 0), (20, 200)), website.draw("wide.png", (2, 0, 0))
    body = '<img src="long.png"><img src="wide.png">'
    website.publish("without", html=body, pictures=(long, wide))
    website.publish("cover", html=body, pictures=(long, wide), cover=long, at=website.begin + timedelta(minutes=1))
    website.publish("only-long", html='<img src="long.png">', pictures=(long,), at=website.begin + timedelta(minutes=2))
    shown = re.findall(r"pictures/(\w+\.png)", website.read("zaixingdong/index.html"))
    assert shown == [long.filename, long.filename, wide.filename]


@pytest.mark.parametrize(
    ("column", "is_dense"),
    [
        (Column(id="a", title="通知公告"), True),
        (Column(id="a", title="失信名单"), True),
        (Column(id="a", title="我们在行动"), False),
        (Column(id="a", title="我们在行动", form="notices"), True),
        (Column(id="a", title="通知公告", form="stories"), False),
    ],
)
def test_notices_stand_in_rows_with_the_date_at_the_right(website: Any, column: Column, is_dense: bool) -> None:
    website.column = column
    website.publish("first", title="送达公告", summary="摘要")
    for path in ("index.html", "a/index.html"):
        page = website.read(path)
        row = '送达公告</a><time datetime="2026-03-02T09:00:00+08:00">2026-03-02</time></li>'
        assert (row in page) is is_dense, path
        assert ("摘要" in page) is not is_dense, path


def test_the_first_story_leads_the_home_page_though_notices_came_before(website: Any) -> None:
    website.column = Column(id="gonggao", title="公告")
    website.publish("notice")
    website.column = Column(id="news", title="要闻")
    website.publish("story")
    assert [
        unescape(match) for match in re.findall(r'<ol class="plain (\w+(?: lead)?)">', website.read("index.html"))
    ] == [
        "notices",
        "items lead",
    ]


@pytest.mark.parametrize("summary", ["", "一句摘要。"])
def test_the_first_story_without_a_summary_is_set_so_that_none_is_missed(website: Any, summary: str) -> None:
    picture = website.draw("wide.png")
    for number in (1, 2):
        at = website.begin + timedelta(minutes=number)
        website.publish(f"a{number}", html='<img src="wide.png">', pictures=(picture,), summary=summary, at=at)
    classes = re.findall(r'<li class="([^"]*)">\s*<article>', website.read("index.html"))
    assert classes == (["pictured", "pictured"] if summary else ["pictured brief", "pictured"])


def test_the_catalogue_that_an_account_may_not_read_is_told_as_that(
    website: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    website.publish("a1")
    monkeypatch.setattr(Folder, "locked", _forbidden)
    with pytest.raises(ConfigError, match="这个账户读不了网站的记录") as told:
        website.adapter.remembered("web")
    assert "不能写入" not in str(told.value)


def _forbidden(_: Folder) -> None:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def test_the_source_is_the_court_and_the_department_contributes(website: Any) -> None:
    website.configure(editor="王某")
    website.publish("own", department="执行局", author="张某")
    website.publish("named", department="执行局", editor="李某", at=website.begin + timedelta(minutes=1))
    website.publish("reposted", source=Source(name="人民法院报"), at=website.begin + timedelta(minutes=2))
    own, named, reposted = (website.read(f"zaixingdong/{slug}.html") for slug in ("own", "named", "reposted"))
    assert "来源：金昌市中级人民法院" in own
    assert "<span>供稿：执行局</span><span>责任编辑：王某</span>" in own
    assert "责任编辑：李某" in named
    assert "来源：人民法院报" in reposted
    facts = re.findall(r"</time><span>([^<]*)</span></p>", website.read("zaixingdong/index.html"))
    assert facts == ["人民法院报", "执行局", "执行局"]


def test_nothing_is_said_of_departments_and_editors_that_nobody_named(website: Any) -> None:
    website.publish("first")
    page = website.read("zaixingdong/first.html")
    assert "供稿" not in page
    assert "责任编辑" not in page
