"""What stands around articles: menu, colophon, neighbours, corrections; it follows the site while the words stay as they were approved."""

import re
import sqlite3
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from xuanfa.adapters.site import session
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.finding import Severity
from xuanfa.domain.outcome import Absent, Published
from xuanfa.domain.receipt import Receipt

NOTICES = Column(id="gonggao", title="通知公告")
SHOWN = {
    "icp": "陇ICP备05000001号-1",
    "police": "甘公网安备62030202000001号",
    "address": "金昌市某路1号",
    "phone": "0935-8210000",
    "email": "office@court.example",
    "report_errors": "https://court.example/jiucuo",
}


def test_every_page_has_the_menu_of_all_columns_also_those_that_were_there_before(website: Any) -> None:
    website.publish("first")
    website.column = NOTICES
    website.publish("second")
    for path in ("index.html", "map.html", "zaixingdong/index.html", "zaixingdong/first.html", "gonggao/second.html"):
        menu = website.read(path).partition('<nav class="menu"')[2].partition("</nav>")[0]
        for link, title in (("zaixingdong/index.html", "我们在行动"), ("gonggao/index.html", "通知公告")):
            assert f'{"../" * path.count("/")}{link}"' in menu, path
            assert f">{title}</a>" in menu, path
        assert menu.count("aria-current") == (0 if path == "map.html" else 1), path


def test_menu_and_home_follow_the_order_that_is_set_and_doctor_misses_what_is_not_there(website: Any) -> None:
    website.publish("first")
    website.column = NOTICES
    website.publish("second")
    titles = ["我们在行动", "通知公告"]
    for order, shown in (((), titles), (("gonggao", "nosuch"), titles[::-1])):
        website.configure(columns=order)
        website.publish("third", html=f"<p>{order}</p>", at=website.begin + timedelta(hours=1))
        page = website.read("index.html")
        assert re.findall(r'<li><a href="\w+/index.html">([^<]*)</a></li>', page) == shown
        assert re.findall(r'<h2 id="column-\d"><a [^>]*>([^<]*)</a>', page) == shown
    (found,) = website.adapter.diagnose()
    assert "nosuch" in found.message
    assert found.severity is Severity.WARN


def test_older_pages_are_brought_up_to_date_a_few_at_a_time(website: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "FRAMES_AT_ONCE", 3)
    website.fill(8)
    website.column = NOTICES
    seen = []
    for number in range(3):
        website.publish(f"n{number}", at=website.begin + timedelta(days=1, minutes=number))
        seen.append(sum("通知公告" in website.read(f"zaixingdong/a{n}.html") for n in range(1, 9)))
    assert seen == [3, 6, 8]


def test_the_office_and_the_colophon_of_old_articles_follow_the_settings(website: Any) -> None:
    website.publish("first", title="旧文", html="<p>旧文的字。</p>")
    before = website.adapter.confirm(website.order("first", title="旧文", html="<p>旧文的字。</p>"), None)
    website.configure(icp="陇ICP备05000001号")
    website.publish("second")
    assert "陇ICP备05000001号" in website.read("zaixingdong/first.html")
    assert website.adapter.confirm(website.order("first", title="旧文", html="<p>旧文的字。</p>"), None) == before


def test_the_colophon_shows_what_is_set_and_nothing_else(website: Any) -> None:
    website.office = Organisation(name="某法院")
    website.publish("first")
    colophon = website.read("zaixingdong/first.html").partition('<footer class="colophon"')[2]
    assert "网站地图" in colophon
    for word in ("地址", "电话", "邮箱", "找错", "ICP", "公网安备", "标识码", "域名"):
        assert word not in colophon, word
    website.configure(**SHOWN)
    website.publish("second")
    colophon = website.read("index.html").partition('<footer class="colophon"')[2]
    for link in (
        'href="https://beian.miit.gov.cn/"',
        'href="https://beian.mps.gov.cn/#/query/webSearch?code=62030202000001"',
        'href="tel:09358210000"',
        'href="mailto:office@court.example"',
        'href="https://court.example/jiucuo"',
        'href="map.html"',
    ):
        assert link in colophon, link
    assert "金昌市某路1号" in colophon


@pytest.mark.parametrize(
    ("key", "value"),
    [("icp", "05000001"), ("icp", "陇ICP备号"), ("police", "甘公网安备123号"), ("report_errors", "court.example/x")],
)
def test_a_registration_that_cannot_be_one_is_refused(website: Any, key: str, value: str) -> None:
    with pytest.raises(ValidationError, match=key):
        website.configure(**{key: value})


def test_the_map_leads_to_every_column(website: Any) -> None:
    website.publish("first")
    page = website.read("map.html")
    assert '<a href="zaixingdong/index.html">我们在行动</a><span>记录干警' in page
    assert 'href="feed.xml"' in page


def neighbours(website: Any, slug: str) -> tuple[str, str]:
    """The titles of the article before and of the one after."""
    part = website.read(f"zaixingdong/{slug}.html").partition("<!--neighbours-->")[2].partition("<!--/neighbours-->")[0]
    older, newer = (
        part.partition(f'rel="{rel}"')[2].partition(">")[2].partition("</a>")[0] for rel in ("prev", "next")
    )
    return older, newer


def test_an_article_leads_to_the_one_before_and_the_one_after_through_every_change(website: Any) -> None:
    website.fill(4)
    assert [neighbours(website, f"a{n}") for n in range(1, 5)] == [
        ("", "第2篇"), ("第1篇", "第3篇"), ("第2篇", "第4篇"), ("第3篇", ""),
    ]  # fmt: skip
    website.publish("a2", title="第2篇（改）", at=website.begin + timedelta(hours=1))
    assert (neighbours(website, "a1"), neighbours(website, "a3")) == (("", "第2篇（改）"), ("第2篇（改）", "第4篇"))
    order = website.order("a2", title="第2篇（改）")
    website.adapter.retract(order, Receipt())
    assert (neighbours(website, "a1"), neighbours(website, "a3")) == (("", "第3篇"), ("第1篇", "第4篇"))
    website.column = NOTICES
    website.publish("a4", title="第4篇", at=website.begin + timedelta(hours=2))
    assert neighbours(website, "a3") == ("第1篇", "")


def test_a_correction_is_told_at_the_article_and_at_what_was_retracted(website: Any) -> None:
    website.publish("wrong", title="原文")
    website.publish("right", title="更正启事", corrects="wrong", at=website.begin + timedelta(hours=1))
    assert '本文有更正，请看<a href="../zaixingdong/right.html">更正启事</a>' in website.read("zaixingdong/wrong.html")
    website.adapter.retract(website.order("wrong", title="原文"), Receipt())
    assert '更正后的内容：<a href="../zaixingdong/right.html">更正启事</a>' in website.read("zaixingdong/wrong.html")
    right = website.order("right", title="更正启事", corrects="wrong", at=website.begin + timedelta(hours=1))
    website.adapter.retract(right, Receipt())
    page = website.read("zaixingdong/wrong.html")
    assert "更正启事" not in page
    assert '如有更正，将在“<a href="../zaixingdong/index.html">我们在行动</a>”栏目发布' in page


def test_what_is_retracted_is_marked_and_what_comes_back_is_not(website: Any) -> None:
    order = website.order("first", title="初稿")
    website.adapter.publish(order)
    assert website.gone() == set()
    website.adapter.retract(order, Receipt())
    assert website.gone() == {"zaixingdong/first.html"}
    website.publish("first", title="改过", at=website.begin + timedelta(hours=1))
    assert website.gone() == set()
    website.column = NOTICES
    website.publish("first", title="移走", at=website.begin + timedelta(hours=2))
    assert website.gone() == {"zaixingdong/first.html"}
    website.column = Column(id="zaixingdong", title="我们在行动")
    website.publish("first", title="移回", at=website.begin + timedelta(hours=3))
    assert website.gone() == {"gonggao/first.html"}
    assert "移回" in website.read("zaixingdong/first.html")


def test_somebody_elses_link_in_the_frame_is_noticed_and_mended(website: Any) -> None:
    order = website.order("first")
    website.adapter.publish(order)
    path = website.public / "zaixingdong/first.html"
    whole = path.read_text()
    path.write_text(whole.replace("<!--/colophon-->", '<a href="https://casino.example">x</a><!--/colophon-->'))
    assert isinstance(website.adapter.confirm(order, None), Absent)
    assert isinstance(website.adapter.publish(order), Published)
    assert path.read_text() == whole


def test_a_body_cannot_bring_a_place_of_its_own(website: Any) -> None:
    website.publish("first", title="<!--neighbours-->x<!--/neighbours-->", summary="<!--colophon--><!--/colophon-->")
    page = website.read("zaixingdong/first.html")
    assert page.count("<!--neighbours-->") == page.count("<!--colophon-->") == 1


def test_a_template_of_before_without_places_is_published_as_it_is(new_website: Any, tmp_path: Any) -> None:
    own = tmp_path / "templates"
    (own / "site").mkdir(parents=True)
    (own / "site/article.html").write_text("<!DOCTYPE html><html><h1>{{ title }}</h1>{{ content|safe }}</html>")
    website = new_website(tmp_path, templates=(own, *new_website(tmp_path).shipped))
    order = website.order("first", title="旧模板")
    website.adapter.publish(order)
    website.publish("second")
    assert website.read("zaixingdong/first.html") == order.rendition.body
    assert isinstance(website.adapter.confirm(order, None), Published)


def test_a_rendition_that_an_earlier_version_froze_is_published(website: Any) -> None:
    order = website.order("first", title="早先冻结")
    kept = {k: v for k, v in order.rendition.extra.items() if k not in {"form", "corrects", "thumbnail", "lead"}}
    assert isinstance(
        website.adapter.publish(replace(order, rendition=replace(order.rendition, extra=kept))), Published
    )
    assert "早先冻结" in website.read("index.html")


def downgraded(website: Any) -> None:
    """Make the catalogue one of version 1, whose feeds named articles by their addresses."""
    with sqlite3.connect(website.public / ".xuanfa/catalogue.db") as connection:
        connection.executescript(
            """DROP INDEX corrected; DROP TABLE outdated; DELETE FROM setting WHERE name IN ('feed_id', 'frame');
            ALTER TABLE section DROP COLUMN form; ALTER TABLE article DROP COLUMN feed_id;
            ALTER TABLE article DROP COLUMN thumbnail; ALTER TABLE article DROP COLUMN lead;
            ALTER TABLE article DROP COLUMN corrects; PRAGMA user_version = 1;"""
        )
    connection.close()


def test_a_site_of_version_one_goes_on_with_its_feeds_and_marks_what_it_had_retracted(website: Any) -> None:
    website.publish("旧文", title="旧文")
    order = website.order("bad", title="误发")
    website.adapter.publish(order)
    website.adapter.retract(order, Receipt())
    (website.public / ".gone/zaixingdong/bad.html").unlink()
    downgraded(website)
    website.configure(base_url="https://new.example.gov.cn")
    website.publish("new", title="新文", at=website.begin + timedelta(days=1))
    old = "https://www.example.gov.cn/zl/zaixingdong/%E6%97%A7%E6%96%87.html"
    atom = website.read("atom.xml")
    assert f"<id>{old}</id>" in atom
    assert "<id>https://www.example.gov.cn/zl/</id>" in atom
    assert "<id>tag:new.example.gov.cn,2026-03-03:zaixingdong/new</id>" in atom
    assert f'<guid isPermaLink="false">{old}</guid>' in website.read("feed.xml")
    assert website.gone() == {"zaixingdong/bad.html"}


@pytest.mark.parametrize(
    ("base", "authority"),
    [
        ("https://www.example.gov.cn/zl", "www.example.gov.cn"),
        ("http://127.0.0.1:8000", "127.0.0.1"),
        ("https://法院.example", "xn--nww899f.example"),
        ("http://[fd00::1]:80", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa"),
    ],
)
def test_names_in_feeds_stay_when_the_address_of_the_site_changes(website: Any, base: str, authority: str) -> None:
    website.configure(base_url=base)
    website.publish("first")
    names = {name for name in website.read("atom.xml").split() if name.startswith("<id>")}
    assert names == {
        f"<id>tag:{authority},2026-03-02:feed</id>",
        f"<id>tag:{authority},2026-03-02:zaixingdong/first</id>",
    }
    website.configure(base_url="https://elsewhere.example")
    website.publish("first", html="<p>改。</p>", at=website.begin + timedelta(days=9))
    assert {name for name in website.read("atom.xml").split() if name.startswith("<id>")} == names
