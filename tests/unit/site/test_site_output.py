"""What stands in the files: well-formed, escaped, complete; and what one more article costs."""

import json
import os
import re
from collections import Counter
from datetime import timedelta
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urljoin
from xml.etree import ElementTree

import pytest
from pydantic import ValidationError

from xuanfa.adapters.protocol import Adapter, Retracts
from xuanfa.adapters.site import SiteConfig
from xuanfa.adapters.site.places import redate
from xuanfa.domain.column import Column
from xuanfa.domain.finding import Finding

HOSTILE = "<script>alert(\"1\")</script> & '甲' ]]> {{ 7*7 }}\x0b"
ATOM = "{http://www.w3.org/2005/Atom}"


class Links(HTMLParser):
    """Every address that a page mentions, and its meta tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.meta: dict[str, str] = {}
        self.tags: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.tags[tag] += 1
        self.attributes |= set(known)
        self.addresses += [value for name in ("href", "src") if (value := known.get(name)) is not None]
        if tag == "meta" and known.get("name"):
            self.meta[str(known["name"])] = known.get("content") or ""


def parsed(document: str | bytes) -> ElementTree.Element:
    """A document of our own; raises ParseError where it is not well-formed."""
    return ElementTree.fromstring(document)  # noqa: S314


def findings(website: Any, **post: Any) -> list[str]:
    found: list[Finding] = website.adapter.check(website.order(post.pop("slug", "first"), **post).rendition)
    return [finding.code for finding in found]


def test_an_article_has_the_meta_tags_of_the_guideline(website: Any) -> None:
    picture = website.draw("a.png")
    website.publish(
        "first",
        title="送法下乡",
        summary="摘要",
        author="张某",
        department="立案庭",
        keywords=("普法", "乡镇"),
        cover=picture,
    )
    assert (
        Links(website.read("zaixingdong/first.html")).meta.items()
        >= {
            "SiteName": "金昌法院专栏",
            "SiteDomain": "www.example.gov.cn",
            "SiteIDCode": "6203000001",
            "ColumnName": "我们在行动",
            "ColumnDescription": "记录干警抓学习、抓执行、抓效能的工作。",
            "ColumnKeywords": "我们在行动,三抓三促",
            "ColumnType": "工作动态",
            "ArticleTitle": "送法下乡",
            "PubDate": "2026-03-02 09:00",
            "ContentSource": "金昌市中级人民法院",
            "Keywords": "普法,乡镇",
            "Author": "张某",
            "Description": "摘要",
            "Image": f"https://www.example.gov.cn/zl/assets/pictures/{picture.filename}",
            "Url": "https://www.example.gov.cn/zl/zaixingdong/first.html",
        }.items()
    )


@pytest.mark.parametrize("path", ["index.html", "zaixingdong/index.html", "404.html"])
def test_every_page_has_the_site_tags(website: Any, path: str) -> None:
    website.publish("first")
    assert {"SiteName", "SiteDomain", "SiteIDCode"} <= set(Links(website.read(path)).meta)


def test_hostile_texts_are_shown_and_never_run(website: Any) -> None:
    website.column = Column(id="lan", title=f"栏{HOSTILE}", campaign=HOSTILE, description=HOSTILE)
    website.publish("first", title=HOSTILE, summary=HOSTILE, author=HOSTILE, keywords=(HOSTILE,), department=HOSTILE)
    for name, data in website.files().items():
        if name.endswith(".html"):
            assert Links(data.decode()).tags["script"] == 1, name
        elif name.endswith(".xml"):
            parsed(data)
    atom = parsed(website.read("atom.xml"))
    assert atom.findtext(f"{ATOM}entry/{ATOM}title") == HOSTILE.removesuffix("\x0b")
    assert json.loads(website.read("feed.json"))["items"][0]["title"] == HOSTILE.removesuffix("\x0b")


def test_pages_hold_no_inline_style_or_script_whatever_the_body_brings(website: Any) -> None:
    table = '<table><tr><td style="text-align: right; color: red">1</td><td align="center">二</td></tr></table>'
    website.publish("first", html=f'<p style="color:red">文</p>{table}')
    page = website.read("zaixingdong/first.html")
    assert not {name for name in Links(page).attributes if name == "style" or name.startswith("on")}
    assert '<td class="whole align-right">1' in page
    assert '<td class="short align-center">二' in page
    assert '<section class="scroll pair" aria-label="表格" tabindex="0"><table>' in page


def test_the_three_feeds_agree_and_carry_the_whole_text_with_full_addresses(website: Any) -> None:
    picture = website.draw("a.png")
    body = '<p>正文 &amp; 图<a href="#fn1">1</a></p><img src="a.png">'
    website.publish("一号文", title="标题", html=body, pictures=(picture,), keywords=("普法",))
    address = f"https://www.example.gov.cn/zl/zaixingdong/{quote('一号文')}.html"
    rss = parsed(website.read("feed.xml")).find("channel/item")
    atom = parsed(website.read("atom.xml")).find(f"{ATOM}entry")
    item = json.loads(website.read("feed.json"))["items"][0]
    assert rss is not None
    assert atom is not None
    texts = {
        rss.findtext("{http://purl.org/rss/1.0/modules/content/}encoded"),
        atom.findtext(f"{ATOM}content"),
        item["content_html"],
    }
    assert len(texts) == 1
    assert f'href="{address}#fn1"' in (text := str(texts.pop()))
    assert f'src="https://www.example.gov.cn/zl/assets/pictures/{picture.filename}"' in text
    name = f"tag:www.example.gov.cn,2026-03-02:zaixingdong/{quote('一号文')}"
    assert rss.findtext("guid") == atom.findtext(f"{ATOM}id") == item["id"] == name
    assert rss.findtext("link") == item["url"] == address
    assert parsedate_to_datetime(str(rss.findtext("pubDate"))) == website.begin
    assert item["date_published"] == atom.findtext(f"{ATOM}published") == "2026-03-02T09:00:00+08:00"


def test_feeds_hold_the_newest_first_and_no_more_than_asked(website: Any) -> None:
    website.configure(feed_size=3)
    website.fill(5)
    assert [item["title"] for item in json.loads(website.read("feed.json"))["items"]] == ["第5篇", "第4篇", "第3篇"]


def test_chinese_slugs_are_files_in_chinese_and_addresses_in_percent(website: Any) -> None:
    outcome = website.publish("我们在行动之一")
    assert "zaixingdong/我们在行动之一.html" in website.files()
    assert outcome.receipt.address == f"https://www.example.gov.cn/zl/zaixingdong/{quote('我们在行动之一')}.html"


def test_every_link_inside_the_site_leads_to_a_file_under_any_path_and_from_a_disk(website: Any) -> None:
    website.configure(page_size=2)
    picture = website.draw("a.png")
    website.publish("首篇", html='<img src="a.png">', pictures=(picture,), cover=picture)
    website.fill(9)
    files = set(website.files())
    for name in (name for name in files if name.endswith(".html")):
        for address in Links(website.read(name)).addresses:
            target = unquote(urljoin(f"https://h/zl/{name}", address)).partition("#")[0]
            if target.startswith("https://h/zl/"):
                assert target.removeprefix("https://h/zl/") in files, (name, address)
            else:
                assert target.startswith("https://www.example.gov.cn/zl/"), (name, address)


def test_the_sitemap_is_an_index_of_parts_that_list_every_article_once(website: Any, monkeypatch: Any) -> None:
    for module in ("records", "catalogue", "session"):
        monkeypatch.setattr(f"xuanfa.adapters.site.{module}.CHUNK", 4)
    website.fill(10)
    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    index = parsed(website.read("sitemap.xml"))
    parts = [str(loc.text).rpartition("/")[2] for loc in index.findall("s:sitemap/s:loc", spaces)]
    assert parts == ["sitemap-columns.xml", "sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml"]
    listed = Counter(loc.text for part in parts for loc in parsed(website.read(part)).findall("s:url/s:loc", spaces))
    base = "https://www.example.gov.cn/zl"
    assert listed == Counter(
        [f"{base}/", f"{base}/zaixingdong/", *(f"{base}/zaixingdong/a{n}.html" for n in range(1, 11))]
    )
    assert f"Sitemap: {base}/sitemap.xml" in website.read("robots.txt")


def test_one_more_article_costs_the_same_at_ten_and_at_three_hundred(website: Any, monkeypatch: Any) -> None:
    counts = []
    written: list[str] = []
    real = Path.replace

    def counted(path: Path, target: Path) -> Path:
        written.append(str(target))
        return real(path, target)

    monkeypatch.setattr(Path, "replace", counted)
    for size, before in ((10, 0), (301, 10)):
        website.fill(size - before, start=before + 1)
        written.clear()
        website.fill(1, start=size + 1)
        counts.append(sorted(written))
    relative = [
        [re.sub(r"a\d+\.html|sitemap-\d", "x", os.path.relpath(path, website.public)) for path in one] for one in counts
    ]
    assert relative[0] == relative[1]
    assert len(relative[0]) == 8


def test_names_that_no_web_server_could_serve_are_found_before_publishing(website: Any) -> None:
    assert findings(website, slug="好名字") == []
    for slug in ("index", ".hidden", "a/b", "长" * 81, "a?b"):
        assert findings(website, slug=slug) == ["site.slug"], slug
    website.column = Column(id="assets", title="栏")
    assert findings(website) == ["site.column"]


def test_empty_posts_and_foreign_pictures_are_found_before_publishing(website: Any) -> None:
    picture = website.draw("a.png")
    assert findings(website, title=" ") == ["site.title_empty"]
    assert findings(website, html="<p> </p>") == ["site.body_empty"]
    assert findings(website, html='<img src="a.png">', pictures=(picture,)) == []
    assert findings(website, html='<img src="https://elsewhere.example/a.png">') == ["site.foreign_source"]
    assert findings(website, html='<img src="//elsewhere.example/a.png">') == ["site.foreign_source"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "www.example.gov.cn",
        "ftp://a.cn",
        "https://",
        "https://a.cn/?x=1",
        "https://a.cn/#x",
        "https://u:p@a.cn",
        "https://a..cn",
    ],
)
def test_an_address_that_cannot_be_a_sites_is_refused(address: str) -> None:
    with pytest.raises(ValidationError, match="base_url"):
        SiteConfig(adapter="site", directory=Path("public"), base_url=address)


def test_a_site_at_the_top_of_its_host_and_a_slash_too_many_are_fine(website: Any) -> None:
    website.configure(base_url="http://127.0.0.1:8000/")
    assert website.publish("a").receipt.address == "http://127.0.0.1:8000/zaixingdong/a.html"
    assert 'href="/assets/site.css"' in website.read("404.html")


def test_the_late_bound_minute_stands_where_it_was_marked(website: Any) -> None:
    first, later = website.begin, website.begin + timedelta(hours=1)
    page = '<meta name="PubDate" content="x"><time datetime="y" data-published>z</time><p>2026-03-02 10:00</p>'
    assert redate(page, first, None) == (
        '<meta name="PubDate" content="2026-03-02 09:00">'
        '<time datetime="2026-03-02T09:00:00+08:00" data-published>2026-03-02 09:00</time><p>2026-03-02 10:00</p>'
    )
    assert "2026-03-02 10:00</time> 更新" in redate(page, first, later)


def test_a_summary_nobody_wrote_is_the_beginning_of_the_text(website: Any) -> None:
    order = website.order("a", html=f"<p>{'第一句话。' * 10}</p><p>{'后文' * 100}</p>")
    assert order.rendition.summary == "第一句话。" * 10


def test_the_stylesheet_keeps_to_what_chromium_86_understands(website: Any) -> None:
    website.publish("a")
    css = website.read("assets/site.css")
    newer = r":has\(|:is\(|:where\(|@layer|@container|aspect-ratio|\binset\b|@import|url\(|color-mix|\bdvh\b|&"
    assert re.findall(newer, css) == []


def test_the_adapter_is_an_adapter_that_retracts(website: Any) -> None:
    assert isinstance(website.adapter, Adapter)
    assert isinstance(website.adapter, Retracts)
    assert website.adapter.traits.confirms
    assert website.adapter.diagnose() == []
    website.publish("a")
    assert website.adapter.diagnose() == []


def test_only_the_owner_can_read_the_catalogue_and_everybody_the_pages(website: Any) -> None:
    old = os.umask(0o077)
    try:
        website.publish("a")
    finally:
        os.umask(old)
    assert (website.public / ".xuanfa").stat().st_mode & 0o777 == 0o700
    assert (website.public / "zaixingdong").stat().st_mode & 0o777 == 0o755
    assert (website.public / "zaixingdong/a.html").stat().st_mode & 0o777 == 0o644


def test_what_is_no_address_stays_as_it_is_written(website: Any) -> None:
    website.publish("first", html='<p><a href="http://[::1">甲</a></p><img src="https://[x/a.png">')
    assert 'href="http://[::1"' in website.read("feed.xml").replace("&quot;", '"').replace("&#34;", '"')
    assert 'href="http://[::1"' in website.read("zaixingdong/first.html")


def test_in_a_solemn_period_every_page_is_grey_by_the_style_and_no_page_changes(website: Any) -> None:
    assert website.adapter.turn_grey(on=True) == ""  # nothing was published yet
    website.publish("a")
    plain = website.files()
    assert website.adapter.turn_grey(on=True) == ""
    grey = website.files()
    assert [name for name in grey if grey[name] != plain.get(name)] == ["assets/site.css"]
    assert b"html { -webkit-filter: grayscale(1); filter: grayscale(1); }" in grey["assets/site.css"]
    # It stays grey whatever is published meanwhile, and the same article is the same page.
    website.publish("b")
    assert b"grayscale" in website.files()["assets/site.css"]
    assert website.adapter.turn_grey(on=False) == ""
    assert website.files()["assets/site.css"] == plain["assets/site.css"]
    website.require_whole()


def test_a_site_that_cannot_be_turned_grey_says_why(website: Any) -> None:
    website.publish("a")
    catalogue = next(website.public.rglob("catalogue.db"))
    catalogue.rename(website.public / "elsewhere")
    catalogue.mkdir()
    assert str(website.public) in website.adapter.turn_grey(on=True)
