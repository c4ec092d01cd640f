"""Links of what is out: what can be seen of a domain that has changed hands, and what is no sign of it."""

import pytest

from xuanfa.content.text.page_text import page_text
from xuanfa.domain.outward import First, LinkJudged, LinkState, addresses_in, judged, signs_of
from xuanfa.domain.page import Miss, Opened, Page
from xuanfa.domain.page_proof import Reading

ADDRESS = "https://fuwu.court-help.example/guide"
TEXT = "诉讼服务指南。立案需要准备起诉状、身份证明和证据材料，可以到诉讼服务中心窗口办理，也可以在网上提交，工作人员会在七日内答复。"
GUIDE = f"<title>诉讼服务指南 - 金昌法院</title><p>{TEXT}</p>"
CASINO = "<title>澳门新葡京官方网站</title><p>真人娱乐，注册送彩金，足球投注。</p>"
SALE = "<title>court-help.example</title><p>This domain is for sale. Buy this domain today.</p>"
OTHER = (
    "<title>Best cheap running shoes</title><p>"
    + "Trail shoes, road shoes and sandals for every season of the year. " * 4
    + "</p>"
)


def look(html: str, first: First | None = None, *, status: int = 200, at: str = ADDRESS) -> LinkJudged:
    read = page_text(html)
    opened = Opened(address=at, page=Page(status, html), media_type="text/html")
    return judged(ADDRESS, opened, Reading(titles=read.titles, lines=read.lines), first)


@pytest.fixture
def first() -> First:
    found = look(GUIDE).first
    assert found is not None
    return found


def test_the_first_look_is_kept_and_compared_with(first: First) -> None:
    assert (first.domain, first.title) == ("court-help.example", "诉讼服务指南 - 金昌法院")
    assert look(GUIDE, first) == LinkJudged(state=LinkState.OK, first=first)


@pytest.mark.parametrize(
    ("html", "at", "words"),
    [
        (GUIDE, "https://lucky.example/", "现在转到 lucky.example，第一次看时在 court-help.example"),
        (CASINO, ADDRESS, "赌博或色情"),
        (SALE, ADDRESS, "过期或在出售"),
        ("<title>域名出售</title><p>该域名正在出售</p>", ADDRESS, "过期或在出售"),
        (OTHER, ADDRESS, "标题和内容与第一次看到的完全不同"),
    ],
)
def test_a_domain_in_other_hands_is_severe(first: First, html: str, at: str, words: str) -> None:
    found = look(html, first, at=at)
    assert (found.state, words in found.words, bool(found.mark)) == (LinkState.SEVERE, True, True), found.words


@pytest.mark.parametrize("html", [CASINO, SALE])
def test_what_a_page_says_of_itself_is_seen_at_the_first_look_too(html: str) -> None:
    assert look(html).state is LinkState.SEVERE


@pytest.mark.parametrize(
    "html",
    [
        "<title>张某开设赌场案一审宣判</title><p>被告人张某利用百家乐、棋牌室开设赌场，组织他人赌博，被判处有期徒刑。</p>",
        "<title>打击网络赌博典型案例</title><p>法院审理网络博彩犯罪，依法打击电信网络诈骗。</p>",
        "<title>域名争议怎么打官司</title><p>因域名转让合同发生纠纷，双方协商不成。</p>",
        f"<title>诉讼服务指南（新版）- 金昌法院</title><p>{'全新改版的网站，内容完全重写，欢迎浏览使用。' * 5}</p>",
        f"<title>首页</title><p>{TEXT}</p><p>{'今天的新闻。' * 9}</p>",
        "<title>404</title><p>短</p>",
    ],
)
def test_what_is_no_sign_of_it(first: First, html: str) -> None:
    assert look(html, first).state is LinkState.OK


def test_another_host_of_the_same_name_and_where_it_led_at_first_are_the_same_people(first: First) -> None:
    assert look(GUIDE, first, at="https://www.court-help.example/new").state is LinkState.OK
    short = look(GUIDE, at="https://target.example/page").first
    assert look(GUIDE, short, at="https://www.target.example/other").state is LinkState.OK
    assert look(GUIDE, short, at=ADDRESS).state is LinkState.OK
    assert look(GUIDE, short, at="https://third.example/").state is LinkState.SEVERE


@pytest.mark.parametrize(
    ("status", "state"),
    [(404, "dead"), (410, "dead"), (500, "unreached"), (503, "unreached"), (403, "ok"), (429, "ok"), (200, "ok")],
)
def test_what_a_server_answers(first: First, status: int, state: str) -> None:
    assert look(GUIDE, first, status=status).state == state


def test_a_page_that_is_closed_to_programs_is_not_compared(first: First) -> None:
    assert look(OTHER, first, status=403).state is LinkState.OK


@pytest.mark.parametrize(
    ("miss", "state"), [(Miss.NAME, "dead"), (Miss.PRIVATE, "dead"), (Miss.ROUND, "dead"), (Miss.SILENT, "unreached")]
)
def test_what_cannot_be_opened(miss: Miss, state: str) -> None:
    found = judged(ADDRESS, Opened(address=ADDRESS, miss=miss, words="打不开"), Reading(), None)
    assert (found.state, found.words, found.mark, found.first) == (state, "打不开", miss.value, None)


def test_the_addresses_of_a_text_are_those_that_readers_can_follow() -> None:
    html = (
        '<p>见<a class="x" href="https://a.example/x?b=1&amp;c=2">指南</a>，<a href=\'http://b.example/\'>二</a>'
        '<a href="#up">上</a><a href="mailto:x@y">信</a><img src="https://img.example/1.png">'
        "网址 https://c.example/文，再见 https://a.example/x?b=1&amp;c=2。</p>"
    )
    assert addresses_in(html, markup=True) == ["https://a.example/x?b=1&c=2", "http://b.example/", "https://c.example/"]
    assert addresses_in("看 https://a.example/1. 和（https://b.example/2）", markup=False) == [
        "https://a.example/1",
        "https://b.example/2",
    ]
    assert addresses_in("https://u:p@a.example/ http://" + "x" * 3000, markup=False) == []


def test_signs_tell_how_much_two_texts_share() -> None:
    assert signs_of([TEXT]) == signs_of([TEXT])
    assert len(set(signs_of([TEXT])) & set(signs_of([TEXT + "另外一句话。"]))) > 30
    assert signs_of([]) == ()
