"""``xuanfa ledger import`` from sites: WordPress, feeds and maps, each on a real server of the loopback."""

import gzip
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.past_site import Answered, PastSite, past_site
from xuanfa.bootstrap import open_desk
from xuanfa.reports.ledger import publications
from xuanfa.reports.period import Period

RSS = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>旧网站</title><link>{{url}}/</link>
<item><title>开展&lt;b&gt;巡回&lt;/b&gt;审判 &amp;amp; 送法</title><link>{{url}}/a/1.html</link><pubDate>Mon, 06 May 2019 09:30:00 +0800</pubDate>
<category>我们在行动</category><dc:creator>张三</dc:creator></item>
<item><title>第二篇</title><link>/a/2.html</link><pubDate>2019-05-07</pubDate><category>别的</category><category>静</category></item>
<item><title>第三篇</title><guid isPermaLink="true">{{url}}/a/3.html</guid><pubDate>2019-05-08T10:00:00+08:00</pubDate></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>旧</title><link rel="self" href="{url}/atom"/>{next}
<entry><title type="html">第{n}篇</title><link rel="edit" href="{url}/edit"/><link href="{url}/b/{n}"/>
<published>2019-06-0{n}T01:00:00Z</published><updated>2020-01-01T00:00:00Z</updated><author><name>李四</name></author></entry></feed>"""
ARTICLE = """<html><head><title>ignored - 旧网站</title><meta name="ArticleTitle" content="{title}">
<META NAME="PubDate" CONTENT="{date}"><meta name="ColumnName" content="我们在行动"><meta name="Author" content="王五"></head><body>x</body></html>"""
MAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[PastSite]:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with past_site() as made:
        made.waits = waits  # type: ignore[attr-defined]
        yield made


def rows(workspace: Path) -> list[dict[str, Any]]:
    with open_desk(workspace) as desk, closing(publications(desk.store, Period(zone=desk.zone))) as found:
        return [each.as_json() for each in found]


def bring(xuanfa: Any, *words: Any) -> Any:
    return xuanfa("ledger", "import", *words, "--channel", "网站", "--allow-private")


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_rss_in_any_encoding(xuanfa: Any, workspace: Path, site: PastSite, encoding: str) -> None:
    text = RSS.format(encoding=encoding).replace("{url}", site.url)
    site.raw("/rss.xml", text.encode(encoding), kind="application/xml")
    ran = bring(xuanfa, "--feed", f"{site.url}/rss.xml")
    assert ran.code == 0, ran.err
    first, second, third = rows(workspace)
    assert first | {
        "title": "开展巡回审判 & 送法", "address": f"{site.url}/a/1.html", "column": "action", "author": "张三", "channel": "site",
        "origin": "feed:127.0.0.1",
    } == first  # fmt: skip
    assert first["published_at"].isoformat() == "2019-05-06T01:30:00+00:00"
    assert (second["column"], second["address"]) == ("quiet", f"{site.url}/a/2.html")
    assert second["published_at"].isoformat() == "2019-05-06T16:00:00+00:00"
    assert (third["column"], third["address"]) == ("", f"{site.url}/a/3.html")
    again = bring(xuanfa, "--feed", f"{site.url}/rss.xml", "--json").json
    assert (again["new"], again["repeated"], len(rows(workspace))) == (0, 3, 3)


def test_a_feed_that_is_larger_than_any_answer_of_an_interface(xuanfa: Any, workspace: Path, site: PastSite) -> None:
    item = "<item><title>第{n}篇</title><link>{url}/{n}</link><pubDate>2019-05-07</pubDate><description>{long}</description></item>"
    items = "".join(item.replace("{n}", str(n)).replace("{long}", "长" * 400) for n in range(2_000))
    site.text("/large", f"<rss><channel>{items}</channel></rss>", kind="application/xml")
    assert bring(xuanfa, "--feed", f"{site.url}/large", "--json").json["new"] == 2_000
    assert "超过 1999 条，没有导入" in bring(xuanfa, "--feed", f"{site.url}/large", "--most", "1999").err


def test_atom_over_several_pages_within_days(xuanfa: Any, workspace: Path, site: PastSite) -> None:
    for number in (1, 2, 3):
        following = f'<link rel="next" href="/atom{number + 1}"/>' if number < 3 else ""
        text = ATOM.replace("{next}", following).replace("{n}", str(number))
        site.text(f"/atom{number}", text, kind="application/atom+xml")
    ran = bring(
        xuanfa, "--feed", f"{site.url}/atom1", "--since", "2019-06-02", "--until", "2019-06-02", "--column", "静"
    )
    assert "2 条不在这段日子里，没有算。" in ran.err
    (found,) = rows(workspace)
    assert (found["title"], found["column"], found["author"]) == ("第2篇", "quiet", "李四")
    assert found["published_at"].isoformat() == "2019-06-02T01:00:00+00:00"


def test_maps_of_maps_are_followed_and_pages_say_by_their_tags_what_they_are(
    xuanfa: Any, workspace: Path, site: PastSite
) -> None:
    index = "".join(f"<sitemap><loc>{{url}}/map{n}.xml</loc></sitemap>" for n in (1, 2))
    site.text("/sitemap.xml", f"<sitemapindex>{index}<sitemap><loc>{{url}}/sitemap.xml</loc></sitemap></sitemapindex>")
    urls = "".join(f"<url><loc>{site.url}/{name}</loc></url>" for name in ("1.html", "", "gone.html", "2.html"))
    site.raw("/map1.xml", gzip.compress(MAP.replace("{urls}", urls).encode()), kind="application/gzip")
    news = (
        '<url><loc>{url}/3.html</loc><n:news xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">'
        "<n:publication_date>2020-01-03</n:publication_date><n:title>第三篇</n:title></n:news></url>"
    )
    site.text("/map2.xml", MAP.replace("{urls}", news))
    site.text("/1.html", ARTICLE.format(title="第一篇", date="2020-01-01 08:30"))
    site.raw("/2.html", ARTICLE.format(title="第二篇", date="2020年1月2日").encode("gbk"))
    site.text("/", "<title>首页</title>")
    ran = bring(xuanfa, "--feed", f"{site.url}/sitemap.xml")
    assert ran.code == 0, ran.err
    assert "2 个网址已打不开、不像文章（没有发布日期的标记），或不在这段日子里，没有算。" in ran.err
    assert [(each["title"], each["column"], each["author"]) for each in rows(workspace)] == [
        ("第一篇", "action", "王五"),
        ("第二篇", "action", "王五"),
        ("第三篇", "", ""),
    ]
    assert "超过 1 页" in bring(xuanfa, "--feed", f"{site.url}/sitemap.xml", "--most", "1").err


def wordpress(site: PastSite, count: int, *, plain: bool = False) -> None:
    """A WordPress of so many posts, with or without rewrite rules, whose authors are not shown."""
    posts = [
        {
            "id": number,
            "date": f"2021-0{number % 9 + 1}-05T09:30:00",
            "date_gmt": f"2021-0{number % 9 + 1}-05T01:30:00",
            "link": f"{site.url}/?p={number}",
            "title": {"rendered": f"第{number}篇 &#8220;在行动&#8221;"},
            "categories": [3] if number % 2 else [4],
            "author": 1,
        }
        for number in range(1, count + 1)
    ]

    def listed(every: list[Any], query: dict[str, str]) -> Answered:
        each, page = int(query["per_page"]), int(query.get("page", "1"))
        pages = max((len(every) + each - 1) // each, 1)
        if page > pages:
            return 400, {"Content-Type": "application/json"}, b'{"code":"rest_post_invalid_page_number"}'
        body = json.dumps(every[(page - 1) * each : page * each]).encode()
        return 200, {"Content-Type": "application/json", "X-WP-TotalPages": str(pages)}, body

    sorts = [{"id": 3, "name": "我们在行动"}, {"id": 4, "name": "Uncategorized"}]
    closed = (401, {"Content-Type": "application/json"}, b'{"code":"rest_user_cannot_view"}')
    ways = {"posts": lambda query: listed(posts, query), "categories": lambda query: listed(sorts, query)}
    if plain:
        site.pages["/blog/"] = lambda query: ways.get(
            query.get("rest_route", "").removeprefix("/wp/v2/"), lambda _q: closed
        )(query)
        return
    for name, way in ways.items():
        site.pages[f"/wp-json/wp/v2/{name}"] = way
    site.pages["/wp-json/wp/v2/users"] = lambda _query: closed


def test_wordpress_page_by_page_with_its_categories_as_columns(xuanfa: Any, workspace: Path, site: PastSite) -> None:
    wordpress(site, 120)
    refused = bring(xuanfa, "--wordpress", site.url)
    assert refused.code == 1
    assert "第 2 条“第2篇 ‘在行动’”“栏目”：没有专栏“Uncategorized”" in refused.err
    assert "另有 10 处没有列出。" in refused.err
    ran = bring(xuanfa, "--wordpress", f"{site.url}/", "--old-column", "old=Uncategorized")
    assert ran.code == 0, ran.err
    assert "不给看作者" in ran.err
    found = rows(workspace)
    assert len(found) == 120
    assert {each["origin"] for each in found} == {"wordpress:127.0.0.1"}
    assert {each["column"] for each in found} == {"action", "old"}
    assert min(each["title"] for each in found) == "第100篇 “在行动”"
    assert sum("/posts?" in path for path in site.asked) == 8  # a question whether it answers, and three pages, twice


def test_wordpress_without_rewrite_rules(xuanfa: Any, workspace: Path, site: PastSite) -> None:
    wordpress(site, 3, plain=True)
    assert bring(xuanfa, "--wordpress", f"{site.url}/blog", "--old-column", "old=Uncategorized").code == 0
    assert len(rows(workspace)) == 3


def test_what_is_busy_is_asked_again_and_the_waits_are_told(xuanfa: Any, workspace: Path, site: PastSite) -> None:
    site.text("/rss", RSS.format(encoding="utf-8"), kind="application/xml")
    site.failing["/rss"] = 2
    ran = bring(xuanfa, "--feed", f"{site.url}/rss", "--column", "静")
    assert ran.code == 0, ran.err
    assert ran.err.count("对方答复 503，7 秒后再试") == 1
    assert site.waits == [7.0, 10.0]  # type: ignore[attr-defined]
    site.failing["/rss"] = 9
    ran = bring(xuanfa, "--feed", f"{site.url}/rss")
    assert (ran.code, "对方答复 503。没有导入" in ran.err) == (1, True)
    assert len(rows(workspace)) == 3


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--feed", "{url}/nothing"), "对方答复 404"),
        (("--feed", "{url}/page"), "不是 RSS、Atom 或站点地图"),
        (("--feed", "{url}/bad"), "内容坏了"),
        (("--feed", "{url}/laughs"), "内容坏了"),
        (("--feed", "{url}/round"), "转来转去"),
        (("--feed", "www.court.example/feed"), "不是网址"),
        (("--feed", "http://nowhere.invalid/feed"), "读不到"),
        (("--wordpress", "{url}"), "没有 WordPress 接口的回答（404）"),
        (("--wordpress", "{url}/closed"), "接口不对外开放（401）"),
    ],
)
def test_what_cannot_be_read(
    xuanfa: Any, workspace: Path, site: PastSite, options: tuple[str, ...], words: str
) -> None:
    site.text("/page", "<html><title>首页</title></html>")
    site.text("/bad", "<rss><channel><item><title>x</channel></rss>")
    site.text("/laughs", '<!DOCTYPE x [<!ENTITY a "ha">]><rss><channel><item><title>&a;</title></item></channel></rss>')
    site.pages["/round"] = lambda _query: (302, {"Location": "/round"}, b"")
    site.pages["/closed/wp-json/wp/v2/posts"] = lambda _query: (401, {}, b'{"code":"rest_cannot_access"}')
    ran = bring(xuanfa, *(option.replace("{url}", site.url) for option in options))
    assert (ran.code, words in ran.err) == (1, True), ran.err
    assert rows(workspace) == []


def test_a_private_address_is_refused_also_where_a_redirect_leads(xuanfa: Any, site: PastSite) -> None:
    ran = xuanfa("ledger", "import", "--feed", f"{site.url}/rss.xml", "--channel", "网站")
    assert (ran.code, "是内部网络的地址，不去打开" in ran.err, site.asked) == (1, True, [])


def test_one_source_at_a_time_and_its_channel(xuanfa: Any, site: PastSite) -> None:
    assert xuanfa("ledger", "import", "--feed", "https://a.cn/feed", "--wordpress", "https://a.cn").code == 2
    assert xuanfa("ledger", "import", "a.csv", "--feed", "https://a.cn/feed").code == 2
    site.text("/rss.xml", RSS.format(encoding="utf-8"), kind="application/xml")
    ran = xuanfa("ledger", "import", "--feed", f"{site.url}/rss.xml", "--allow-private")
    assert "请用 --channel 说明这是哪个渠道的" in ran.err
    assert xuanfa("ledger", "import", "--feed", site.url, "--since", "2020-02-01", "--until", "2020-01-01").code == 2
    dry = bring(xuanfa, "--feed", f"{site.url}/rss.xml", "--dry-run", "--column", "静")
    assert (dry.code, "会新增 3 条" in dry.out) == (0, True)


WECHAT = """
[channels.wx]
adapter = "wechat"
title = "公众号"
app_id = "wx0123456789abcdef"
app_secret = "c1f0a9e7b3d5c4e6f8a0b2d4e6f8a0b2"
base_url = "{url}"
"""


@pytest.fixture
def account(workspace: Path, site: PastSite) -> PastSite:
    """An official account of 23 messages, each of two articles, the second of the latest deleted; and what it sent to followers on two days."""
    settings = workspace / "xuanfa.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + WECHAT.replace("{url}", site.url), encoding="utf-8")

    def answer(value: Any) -> Answered:
        return 200, {"Content-Type": "application/json"}, json.dumps(value, ensure_ascii=False).encode()

    def message(number: int) -> dict[str, Any]:
        articles = [
            {
                "title": f"第{number}次第{idx}篇",
                "author": "张三",
                "url": f"http://mp.weixin.qq.com/s?__biz=M&mid={number}&idx={idx}&chksm=x#rd",
                "is_deleted": number == 23 and idx == 2,
            }
            for idx in (1, 2)
        ]
        return {
            "article_id": f"a{number}",
            "content": {"news_item": articles},
            "update_time": 1_700_000_000 + number * 86_400,
        }

    def listed(query: dict[str, str]) -> Answered:
        offset = int(query["offset"])
        some = [message(number) for number in range(23 - offset, max(23 - offset - 20, 0), -1)]
        return answer({"total_count": 23, "item_count": len(some), "item": some})

    def sent(query: dict[str, str]) -> Answered:
        assert query["begin_date"] == query["end_date"]
        found = {"2023-11-20": ["只群发的"], "2023-11-21": ["第6次第1篇", "第六次 以外"]}.get(query["begin_date"], [])
        return answer({"list": [{"ref_date": query["begin_date"], "msgid": "1_1", "title": title} for title in found]})

    site.pages["/cgi-bin/stable_token"] = lambda _query: answer({"access_token": "T", "expires_in": 7200})
    site.pages["/cgi-bin/freepublish/batchget"] = listed
    site.pages["/datacube/getarticletotal"] = sent
    return site


def test_an_account_s_own_list(xuanfa: Any, workspace: Path, account: PastSite) -> None:
    dry = xuanfa("ledger", "import", "--wechat", "公众号", "--dry-run", "--json").json
    assert (dry["new"], dry["origin"], dry["wrong"]) == (45, "feed:mp.weixin.qq.com", [])
    assert "写明起始日期（从哪天起）才逐天去读" in dry["notes"][0]
    ran = xuanfa("ledger", "import", "--wechat", "wx", "--column", "静")
    assert ran.code == 0, ran.err
    found = rows(workspace)
    assert (len(found), {each["channel"] for each in found}, {each["column"] for each in found}) == (
        45,
        {"wx"},
        {"quiet"},
    )
    assert found[0]["address"] == "https://mp.weixin.qq.com/s?__biz=M&mid=1&idx=1&chksm=x#rd"
    assert found[0]["published_at"].timestamp() == 1_700_000_000 + 86_400
    assert "access_token" not in xuanfa("audit", "show").out
    again = xuanfa("ledger", "import", "--wechat", "wx", "--json").json
    assert (again["new"], again["repeated"]) == (0, 45)


def test_what_was_sent_to_followers_is_read_day_by_day(xuanfa: Any, workspace: Path, account: PastSite) -> None:
    ran = xuanfa("ledger", "import", "--wechat", "wx", "--since", "2023-11-20", "--until", "2023-11-22")
    assert ran.code == 0, ran.err
    found = rows(workspace)
    alone = [(each["title"], each["address"], f"{each['published_at']:%F %R}") for each in found if not each["address"]]
    assert alone == [("只群发的", None, "2023-11-19 16:00"), ("第六次 以外", None, "2023-11-20 16:00")]
    assert len(found) == 2 + 6
    assert sum("getarticletotal" in path for path in account.asked) == 3


def test_an_account_that_may_not_list(xuanfa: Any, workspace: Path, account: PastSite) -> None:
    refused = (200, {"Content-Type": "application/json"}, b'{"errcode":48001,"errmsg":"api unauthorized"}')
    account.pages["/cgi-bin/freepublish/batchget"] = lambda _query: refused
    ran = xuanfa("ledger", "import", "--wechat", "wx")
    assert (ran.code, "渠道 wx 的发布列表读不到" in ran.err, "48001" in ran.err) == (1, True, True)
    busy = (200, {"Content-Type": "application/json"}, b'{"errcode":-1,"errmsg":"system error"}')
    account.pages["/cgi-bin/freepublish/batchget"] = lambda _query: busy
    ran = xuanfa("ledger", "import", "--wechat", "wx")
    assert ran.code == 1
    assert account.waits == [5.0, 10.0, 15.0]  # type: ignore[attr-defined]
    assert "没有导入，请稍后再试" in ran.err


def test_an_account_without_a_list(xuanfa: Any) -> None:
    assert "没有可读的发布列表" in xuanfa("ledger", "import", "--wechat", "门户").err
    assert "是演练" in xuanfa("ledger", "import", "--wechat", "练习").err
    assert "没有渠道" in xuanfa("ledger", "import", "--wechat", "微信").err
