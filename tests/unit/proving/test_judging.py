"""What is said of a page that was opened, or could not be: each bad way has its own words."""

import pytest

from xuanfa.domain.page import Miss, Opened, Page
from xuanfa.domain.page_proof import Article, Judged, PageState, Reading, judged
from xuanfa.domain.registrable import registrable

ARTICLE = Article(
    title="抓执行促落实", lines=["三月三日，金昌市中级人民法院召开推进会。", "会议指出，办结案件 36 件。"]
)
ASKED = "https://www.example.gov.cn/a.html"
WHOLE = Reading(titles=["抓执行促落实"], lines=["菜单", *ARTICLE.lines, "版权"])


def judge(
    reading: Reading, status: int = 200, *, address: str = ASKED, was_seen: bool = False, kind: str = ""
) -> Judged:
    opened = Opened(address=address, page=Page(status, ""), media_type=kind)
    return judged(opened, reading, ARTICLE, asked=ASKED, was_seen=was_seen)


def test_the_article_as_it_was_sent() -> None:
    assert judge(WHOLE) == Judged(state=PageState.SAME)
    assert judge(WHOLE, address="http://m.example.gov.cn/x").state is PageState.SAME


def test_an_address_that_leads_to_another_site_is_no_longer_ours_even_with_the_same_words() -> None:
    found = judge(WHOLE, address="https://evil.example.com/a.html")
    assert (found.state, found.words) == (PageState.CHANGED, "网址转到了别的网站 evil.example.com")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (404, PageState.GONE),
        (410, PageState.GONE),
        (451, PageState.GONE),
        (401, PageState.SIGN_IN),
        (403, PageState.UNREACHED),
        (429, PageState.UNREACHED),
        (500, PageState.UNREACHED),
        (503, PageState.UNREACHED),
    ],
)
def test_by_the_status(status: int, state: PageState) -> None:
    found = judge(WHOLE, status)
    assert found.state is state
    assert str(status) in found.words


def test_a_sign_in_with_status_200_is_one() -> None:
    assert judge(Reading(lines=["欢迎"], asks=True)).state is PageState.SIGN_IN
    assert judge(Reading(titles=["统一身份认证平台"], lines=["扫码登录"])).state is PageState.SIGN_IN


def test_a_page_that_wants_to_see_a_person_tells_nothing() -> None:
    found = judge(Reading(titles=["验证"], lines=["环境异常", "完成验证后即可继续访问。"]))
    assert found.state is PageState.UNREACHED


def test_a_soft_404_is_gone_and_says_what_stands_there() -> None:
    found = judge(Reading(titles=["提示"], lines=["该内容已被发布者删除"]))
    assert found.state is PageState.GONE
    assert found.words == "页面打得开（200），但标题和正文都没有了，页面上写的是“提示”"


def test_a_title_without_its_text_is_changed() -> None:
    found = judge(Reading(titles=["抓执行促落实"], lines=["菜单 " * 40, "抓执行促落实"]))
    assert (found.state, found.words) == (PageState.CHANGED, "标题还在，正文一段也没有了")


def test_a_page_of_scripts_cannot_be_fetched_unless_it_once_was() -> None:
    shell = Reading(titles=["抓执行促落实"], lines=["加载中"], scripts=3)
    assert judge(shell).state is PageState.UNSEEN
    assert judge(shell, was_seen=True).state is PageState.CHANGED


def test_what_is_no_page_cannot_be_compared() -> None:
    assert judge(Reading(), kind="application/pdf").state is PageState.UNSEEN


@pytest.mark.parametrize(
    ("miss", "state"),
    [
        (Miss.PRIVATE, PageState.UNSEEN),
        (Miss.NOWHERE, PageState.UNSEEN),
        (Miss.NAME, PageState.UNREACHED),
        (Miss.SILENT, PageState.UNREACHED),
        (Miss.ROUND, PageState.UNREACHED),
    ],
)
def test_an_address_that_gave_no_page(miss: Miss, state: PageState) -> None:
    opened = Opened(address=ASKED, miss=miss, words="为什么")
    found = judged(opened, Reading(), ARTICLE, asked=ASKED, was_seen=True)
    assert (found.state, found.words) == (state, "为什么")


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("www.jinchang.gov.cn", "jinchang.gov.cn"),
        ("a.b.gs.cn", "b.gs.cn"),
        ("mp.weixin.qq.com.", "qq.com"),
        ("www.bbc.co.uk", "bbc.co.uk"),
        ("WWW.Example.COM", "example.com"),
        ("example.cn", "example.cn"),
        ("10.0.0.1", "10.0.0.1"),
        ("[::1]", "[::1]"),
        ("localhost", "localhost"),
        ("www.法院.cn", "xn--nww899f.cn"),
        ("", ""),
    ],
)
def test_whose_name_a_host_is(host: str, name: str) -> None:
    assert registrable(host) == name
