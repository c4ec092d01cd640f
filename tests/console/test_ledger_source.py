"""台账 · 导入 · 网站、公众号: read behind the scenes, never in a closed network, looked at before anything is entered, and ended at will."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from html import unescape
from threading import Event

import pytest

from tests.support.browsing import Somebody
from tests.support.past_site import PastSite, past_site
from xuanfa.bootstrap.visiting import visitor
from xuanfa.operations.desk import Desk
from xuanfa.reports.imported import imports_made

Sit = Callable[[str], Somebody]
RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>旧网站</title><link>{url}/</link>
<item><title>开展巡回审判</title><link>{url}/a/1.html</link><pubDate>Mon, 06 May 2019 09:30:00 +0800</pubDate><category>我们在行动</category></item>
<item><title>第二篇</title><link>{url}/a/2.html</link><pubDate>2019-05-07</pubDate></item></channel></rss>"""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[PastSite]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with past_site() as made:
        made.text("/rss.xml", RSS.replace("{url}", made.url), kind="application/xml")
        yield made


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loopback is no closed network, as for an office that reads its own."""
    monkeypatch.setattr("xuanfa.bootstrap.visitor", partial(visitor, allow_private=True))


def begin(one: Somebody, address: str, **typed: str) -> str:
    one.go("/ledger/import")
    return unescape(one.press("开始读", **({"kind": "feed", "address": address, "channel": "hook"} | typed)))


def read_through(one: Somebody) -> str:
    for each in threading.enumerate():
        if each.name == "fetching":
            each.join(30)
    return unescape(one.go("/ledger/import/source"))


@pytest.mark.usefixtures("opened")
def test_it_is_read_shown_and_then_entered_as_a_whole(somebody: Sit, desk: Desk, site: PastSite) -> None:
    one = somebody("zhou")
    begin(one, f"{site.url}/rss.xml", column="action")
    text = read_through(one)
    for words in ("会新增 ", "2 条", "还没有写入", "开展巡回审判", f"{site.url}/a/2.html"):
        assert words in text, words
    assert imports_made(desk.store) == []
    form = one.form("导入这 2 条")
    assert "导入好了（导入 1）" in unescape(one.send(form, why="旧网站"))
    (made,) = imports_made(desk.store)
    assert (made.origin, made.entries, made.actor) == ("feed:127.0.0.1", 2, "zhou")
    # Pressed twice, it is one import; and what was read is gone from here.
    assert "导入好了（导入 1）" in unescape(one.send(form, why="旧网站"))
    assert len(imports_made(desk.store)) == 1
    one.go("/ledger/import/source")
    assert str(one.page.url).endswith("/ledger/import")
    begin(one, f"{site.url}/rss.xml")
    assert "没有新的：每一条都已在台账里" in read_through(one)


def test_an_address_of_a_closed_network_is_not_opened(somebody: Sit, desk: Desk, site: PastSite) -> None:
    one = somebody("zhou")
    begin(one, f"{site.url}/rss.xml")
    text = read_through(one)
    assert "127.0.0.1 是内部网络的地址，不去打开。没有导入" in text
    assert "--allow-private" not in text
    assert site.asked == []
    unescape(one.press("回去重填"))
    assert str(one.page.url).endswith("/ledger/import")
    assert imports_made(desk.store) == []


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"channel": ""}, "请选从哪里读、都算哪个渠道的"),
        ({"address": ""}, "网站还要填网址"),
        ({"since": "2020-02-02", "until": "2020-01-01"}, "早于"),
        ({"since": "去年"}, "去年"),
    ],
)
def test_what_cannot_be_read_is_said_at_once(somebody: Sit, typed: dict[str, str], why: str) -> None:
    one = somebody("zhou")
    address = typed.pop("address", "https://www.example.gov.cn/rss.xml")
    assert why in begin(one, address, **typed)
    assert one.page.status_code == 422


def test_no_page_waits_for_it_and_it_ends_when_it_is_ended(
    somebody: Sit, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, asked = Event(), Event()

    def slow(_address: str) -> None:
        asked.set()
        assert held.wait(20)
        raise AssertionError("nobody wants it any more")

    monkeypatch.setattr("xuanfa.bootstrap.visitor", lambda _folder: slow)
    one = somebody("zhou")
    text = begin(one, "https://www.example.gov.cn/rss.xml")
    assert asked.wait(20)
    assert "正在读" in text
    assert one.page.headers["refresh"] == "15"
    assert "正在读" in unescape(one.go("/ledger/import"))
    again = begin(one, "https://www.example.gov.cn/atom.xml")
    assert "您还有一次没有读完（https://www.example.gov.cn/rss.xml）" in again
    one.go("/ledger/import/source")
    one.press("停下，不要了")
    assert "正在读" not in one.page.text
    held.set()
    assert imports_made(desk.store) == []


def test_what_was_looked_at_is_what_is_entered(somebody: Sit, desk: Desk, opened: None, site: PastSite) -> None:
    one = somebody("zhou")
    begin(one, f"{site.url}/rss.xml")
    read_through(one)
    form = one.form("导入这 2 条")
    one.press("不要了")
    begin(one, f"{site.url}/rss.xml", since="2019-05-07")
    read_through(one)
    assert "读到的已经不在了" in unescape(one.send(form))
    assert imports_made(desk.store) == []
