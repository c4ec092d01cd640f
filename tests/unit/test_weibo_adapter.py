"""Weibo: how text is counted and composed, what each wire answer proves, and how a person signs in."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import httpx
import pytest
from PIL import Image
from pydantic import ValidationError

from xuanfa.adapters.weibo import WeiboAdapter, WeiboConfig
from xuanfa.adapters.weibo.sending import base62
from xuanfa.adapters.weibo.text import counted, without_topics
from xuanfa.content.kit import PostKit
from xuanfa.content.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.attempt import Order
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.finding import blocking
from xuanfa.domain.outcome import Accepted, Blame, Deferred, Published, Rejected, Retracted, Unknown, Unsent
from xuanfa.domain.post import Override, Picture, Post
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.rendition import Rendition, bind

TEMPLATES = Templates([Path(__file__).parents[2] / "templates"])
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SITE = "https://www.court.example/a/"
POST = Post(slug="a", title="法治进校园", column="action", body="正文第一句。", summary="第一句。第二句。")
SECRET, TOKEN = "5b1f0c3d8e7a49b2a6c4d1e0f9b8a7c6", "2.00AbcdefToken"
REAL = {"adapter": "weibo", "app_key": "12", "app_secret": SECRET, "rip": "211.156.0.1", "access_token": TOKEN}


class Tools:
    """A memory without a clock, and a platform that answers as it is told."""

    def __init__(self, folder: Path, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self.folder = folder
        self.asked: list[httpx.Request] = []
        self.memory: dict[str, tuple[str, timedelta | None]] = {}

        def handle(request: httpx.Request) -> httpx.Response:
            request.read()
            self.asked.append(request)
            return answer(request)

        self.http = httpx.Client(transport=httpx.MockTransport(handle))

    def recall(self, name: str) -> str | None:
        return self.memory[name][0] if name in self.memory else None

    def keep(self, name: str, value: str, life: timedelta | None) -> None:
        self.memory[name] = (value, life)

    def forget(self, name: str, value: str) -> None:
        if self.recall(name) == value:
            del self.memory[name]

    def picture(self, picture: Picture) -> Path:
        return MediaStore(self.folder / "media").path(picture)


Make = Callable[..., WeiboAdapter]


@pytest.fixture
def weibo(tmp_path: Path) -> Iterator[Make]:
    clients: list[httpx.Client] = []

    def make(status: int = 200, body: str | dict[str, Any] = "{}", **settings: Any) -> WeiboAdapter:
        text = body if isinstance(body, str) else json.dumps(body)
        tools = Tools(tmp_path, lambda _request: httpx.Response(status, text=text))
        clients.append(tools.http)
        return WeiboAdapter(WeiboConfig.model_validate(REAL | settings), tools)  # type: ignore[arg-type]

    yield make
    for client in clients:
        client.close()


def kit(tmp_path: Path, post: Post, *channels: str) -> PostKit:
    return PostKit(
        post=post,
        organisation=Organisation(name="某院"),
        column=Column(id="action", title="我们在行动"),
        channel="weibo",
        kind="weibo",
        zone=UTC,
        templates=TEMPLATES,
        media=MediaStore(tmp_path / "media"),
        channels=frozenset({"weibo", *(channels or ("site",))}),
    )


def render(adapter: WeiboAdapter, tmp_path: Path, post: Post = POST, *channels: str) -> Rendition:
    made = kit(tmp_path, post, *channels)
    return adapter.render(made.post, made)


def order(rendition: Rendition, **more: Any) -> Order:
    return Order(
        delivery=1, attempt=2, key="k", post="a", revision=1, channel="wb", column="action",
        rendition=bind(rendition, {"site": SITE}, NOW), published_at=NOW, **more,
    )  # fmt: skip


def codes(adapter: WeiboAdapter, rendition: Rendition) -> list[str]:
    return [finding.code for finding in adapter.check(rendition)]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("法" * 140, 140),
        ("ab", 2),
        ("看 https://www.court.example/a/very/long/address/indeed.html?x=1#top", 13),
        ("https://x.cn，https://y.cn", 23),
        ("😀", 1),
        ("", 0),
    ],
)
def test_characters_are_code_points_and_an_address_is_eleven(text: str, length: int) -> None:
    assert counted(text) == length


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("#三抓三促#在行动", "【三抓三促】在行动"),
        ("#一##二#", "【一】【二】"),
        ("第#1案", "第#1案"),
        ("#一\n#二", "＃一\n＃二"),
        ("https://x.cn/#a 与 https://x.cn/#b", "https://x.cn/#a 与 https://x.cn/#b"),
        ("#头 https://x.cn/#a 尾#", "＃头 https://x.cn/#a 尾＃"),
    ],
)
def test_topics_become_brackets_and_addresses_keep_their_fragments(text: str, cleaned: str) -> None:
    assert without_topics(text) == cleaned


def test_a_text_that_the_platform_may_not_get_leaves_out_whole_sentences_from_the_end(
    weibo: Make, tmp_path: Path
) -> None:
    long = replace(POST, summary="第一句很要紧。" + "这一句太长" * 30 + "。")
    body = render(weibo(), tmp_path, long).body
    assert body == "【我们在行动】法治进校园 第一句很要紧。 https://late.invalid/link/site/"


def test_what_an_author_wrote_for_this_channel_is_never_cut(weibo: Make, tmp_path: Path) -> None:
    fits = 140 - len("【我们在行动】法治进校园  ") - 11
    for length, found in ((fits, []), (fits + 1, ["weibo.body_too_long"])):
        post = replace(POST, channels={"weibo": Override(text="法" * length), "site": Override()})
        assert codes(weibo(), render(weibo(), tmp_path, post)) == found


def test_a_text_without_an_address_of_the_bound_domain_is_the_authors_to_mend(weibo: Make, tmp_path: Path) -> None:
    adapter = weibo(safe_domain="court.example")
    assert codes(adapter, render(adapter, tmp_path, POST, "other")) == ["weibo.no_address"]
    for text, found in (
        ("见 https://www.court.example/x", []),
        ("见 https://evilcourt.example/x", ["weibo.no_address"]),
    ):
        post = replace(POST, channels={"weibo": Override(text=text)})
        assert codes(adapter, render(adapter, tmp_path, post, "other")) == found


def test_the_mark_of_a_later_address_is_enough_before_it_is_known(weibo: Make, tmp_path: Path) -> None:
    adapter = weibo(safe_domain="court.example")
    rendition = render(adapter, tmp_path)
    assert (rendition.needs, codes(adapter, rendition)) == (("site",), [])
    bound = bind(rendition, {"site": "https://other.cn/a"}, NOW)
    outside = adapter.stage(replace(order(rendition), rendition=bound))
    assert isinstance(outside, Rejected)
    assert outside.blame is Blame.CHANNEL


def _picture(tmp_path: Path) -> Picture:
    file = tmp_path / "a.png"
    Image.new("RGB", (60, 40), "#345").save(file)
    return MediaStore(tmp_path / "media").keep(file, "a.png")


def test_one_picture_travels_as_a_part_of_its_own(weibo: Make, tmp_path: Path) -> None:
    picture = _picture(tmp_path)
    adapter = weibo(200, {"idstr": "7", "mid": "7"})
    rendition = render(adapter, tmp_path, replace(POST, pictures=(picture, picture)))
    assert len(rendition.pictures) == 1
    assert isinstance(adapter.publish(order(rendition)), Published)
    sent = adapter._tools.asked[0]  # type: ignore[attr-defined]
    assert sent.headers["content-type"].startswith("multipart/form-data")
    assert adapter._tools.picture(rendition.pictures[0]).read_bytes() in sent.content
    assert b'name="rip"' in sent.content


def test_a_form_writes_a_blank_as_percent_twenty(weibo: Make, tmp_path: Path) -> None:
    adapter = weibo(200, {"idstr": "7"})
    adapter.publish(order(render(adapter, tmp_path)))
    body = adapter._tools.asked[0].content  # type: ignore[attr-defined]
    assert b"+" not in body
    assert b"%20" in body


def test_an_article_needs_a_public_cover_and_shows_public_pictures_only(weibo: Make, tmp_path: Path) -> None:
    post = replace(POST, body="看图\n\n![庭审](a.png)\n", pictures=(_picture(tmp_path),))
    bare = weibo(mode="article")
    assert codes(bare, render(bare, tmp_path, post)) == ["weibo.no_cover", "weibo.no_pictures"]
    shown = weibo(mode="article", pictures="https://www.court.example/assets/pictures/")
    rendition = render(shown, tmp_path, post)
    address = f"https://www.court.example/assets/pictures/{post.pictures[0].filename}"
    assert codes(shown, rendition) == []
    assert rendition.extra["cover"] == address
    assert f'<img src="{address}" alt="庭审">' in rendition.body


ERRORS: list[tuple[int, type, object]] = [
    *[(code, Unknown, None) for code in (10001, 10002, 10003, 10009, 10010, 10011)],
    *[(code, Rejected, Blame.CHANNEL) for code in (10004, 10005, 10014, 10012, 10013, 10020, 10021, 20031, 21321)],
    *[(code, Rejected, Blame.CONTENT) for code in (10006, 10008, 10016, 10017, 10018)],
    (10022, Deferred, timedelta(hours=1)),
    (10023, Deferred, timedelta(hours=12)),
    (10024, Deferred, timedelta(hours=1)),
    *[(code, Rejected, Blame.CONTENT) for code in (20005, 20006, 20007, 20008, 20012, 20013, 20018, 20020, 20021)],
    (20016, Deferred, timedelta(hours=1)),
    (20032, Accepted, None),
    (20033, Rejected, Blame.CHANNEL),
    *[(code, Rejected, Blame.CHANNEL) for code in (21314, 21315, 21316, 21317, 21319, 21327, 21332)],
    *[(code, Rejected, Blame.CHANNEL) for code in (21324, 21325)],
    # The list of this platform shows nothing readable, so that "the same text" stays a doubt.
    *[(code, Unknown, None) for code in (20017, 20019, 20111)],
    (99999, Rejected, Blame.CONTENT),
]


@pytest.mark.parametrize(("code", "expected", "detail"), ERRORS)
def test_what_each_code_proves(weibo: Make, tmp_path: Path, code: int, expected: type, detail: object) -> None:
    # The platform writes codes as text in its documents and as numbers in its answers.
    written: object = str(code) if code % 2 else code
    body = {"request": "/2/statuses/share.json", "error_code": written, "error": f"no {TOKEN}"}
    adapter = weibo(400, body)
    outcome = adapter.publish(order(render(adapter, tmp_path)))
    assert type(outcome) is expected
    assert getattr(outcome, "blame", getattr(outcome, "after", None)) in (detail, timedelta(minutes=2))
    assert TOKEN not in repr(outcome)
    posted = [one for one in adapter._tools.asked if one.method == "POST"]  # type: ignore[attr-defined]
    assert len(posted) == 1


@pytest.mark.parametrize(
    ("said", "links", "blame", "remedy"),
    [
        ("appkey not bind domain", True, Blame.CHANNEL, "safe_domain"),
        ("appkey not bind domain", False, Blame.CHANNEL, "safe_domain"),
        # Every post carries the site's address, so the next one would be refused too.
        ("text not find domain!", True, Blame.CHANNEL, "safe_domain"),
        ("text not find domain!", False, Blame.CONTENT, "text 里写上网址"),
        ("text can not contain topic!", True, Blame.CONTENT, "请检查稿件"),
    ],
)
def test_a_domain_that_is_not_bound_is_the_operators_and_a_text_without_one_the_authors(
    weibo: Make, tmp_path: Path, *, said: str, links: bool, blame: Blame, remedy: str
) -> None:
    adapter = weibo(400, {"error_code": 10017, "error": said})
    rendition = render(adapter, tmp_path)
    assert rendition.extra["link"] in rendition.body
    if not links:
        rendition = replace(rendition, extra={})
    outcome = adapter.publish(order(rendition))
    assert isinstance(outcome, Rejected)
    assert outcome.blame is blame
    assert remedy in outcome.findings[0].message
    assert said in outcome.findings[0].message


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, '{"idstr":"7","mid":"7"}', Published),
        (200, '{"id":7}', Published),
        (200, '{"id":true}', Unknown),
        (200, '{"error_code":10006}', Rejected),
        (200, '{"error_code":99999}', Unknown),
        (200, '{"error_code":"x"}', Unknown),
        (500, '{"error_code":10001}', Unknown),
        (503, '{"error_code":20019}', Unknown),
        (403, "forbidden", Rejected),
        (200, "[]", Unknown),
    ],
)
def test_only_a_status_object_is_success(weibo: Make, tmp_path: Path, status: int, body: str, expected: type) -> None:
    adapter = weibo(status, body)
    assert type(adapter.publish(order(render(adapter, tmp_path)))) is expected


@pytest.mark.parametrize(
    ("body", "expected", "detail"),
    [
        ({"code": 100000, "data": {"mid": "1", "url": "https://weibo.com/ttarticle/p/show?id=1"}}, Published, None),
        ({"code": "100000", "data": None}, Published, None),
        ({"code": "10001", "msg": "system"}, Unknown, None),
        ({"code": "10008", "msg": "param"}, Rejected, Blame.CONTENT),
        ({"code": "11001", "msg": "often"}, Deferred, timedelta(hours=1)),
        ({"code": "11002", "msg": "short"}, Unknown, None),
        ({"code": "11003", "msg": "bind"}, Unknown, None),
        ({"code": "1", "msg": "new"}, Unknown, None),
        ({"error_code": "10014", "error": "no"}, Rejected, Blame.CHANNEL),
        ({"error_code": "21327", "error": "no"}, Rejected, Blame.CHANNEL),
        ({"msg": "?"}, Unknown, None),
    ],
)
def test_what_each_answer_to_an_article_proves(
    weibo: Make, tmp_path: Path, body: dict[str, Any], expected: type, detail: object
) -> None:
    adapter = weibo(200, body, mode="article", cover="https://www.court.example/c.jpg")
    outcome = adapter.publish(order(render(adapter, tmp_path)))
    assert type(outcome) is expected
    assert getattr(outcome, "blame", getattr(outcome, "after", None)) == detail
    if body.get("code") in {"11002", "11003"}:
        assert "删去多余" in outcome.evidence


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, '{"idstr":"7"}', Retracted),
        (400, '{"error_code":20101}', Retracted),
        (400, '{"error_code":20102}', Rejected),
        (403, '{"error_code":10014}', Rejected),
        (400, '{"error_code":21327}', Rejected),
        (400, '{"error_code":10023}', Deferred),
        (200, '{"idstr":"8"}', Unknown),
        (500, "", Unknown),
    ],
)
def test_a_refused_withdrawal_tells_a_person_and_never_blames_the_channel(
    weibo: Make, tmp_path: Path, status: int, body: str, expected: type
) -> None:
    adapter = weibo(status, body)
    ended = adapter.retract(order(render(adapter, tmp_path)), Receipt(remote_id="7"))
    assert type(ended) is expected
    if isinstance(ended, Rejected):
        assert ended.blame is Blame.CONTENT
        assert "手工删除" in ended.findings[0].message


def test_a_long_list_that_does_not_begin_at_the_post_proves_nothing(weibo: Make, tmp_path: Path) -> None:
    rows = [
        {"idstr": str(100 + n), "text": f"别的{n}", "created_at": "Mon Mar 02 09:00:00 +0800 2026"} for n in range(50)
    ]
    adapter = weibo(200, {"statuses": rows})
    evidence = adapter.confirm(order(render(adapter, tmp_path), staged={"since_id": "50"}), None)
    assert isinstance(evidence, Unknown)


def test_signing_in_asks_with_a_state_and_keeps_the_token_for_its_life(weibo: Make) -> None:
    adapter = weibo(200, {"access_token": "2.00New", "expires_in": 2592000, "uid": "1404376560"}, access_token="")
    address = httpx.URL(adapter.authorise_address("st4te"))
    assert address.path == "/oauth2/authorize"
    assert dict(address.params)["state"] == "st4te"
    assert SECRET not in str(address)
    (finding,) = adapter.sign_in("c0de")
    assert finding.code == "weibo.signed_in"
    assert "1404376560" in finding.message
    assert "30 天" in finding.message
    assert "2.00New" not in finding.message
    tools: Any = adapter._tools
    sent = parse_qs(tools.asked[0].content.decode())
    assert sent["grant_type"] == ["authorization_code"]
    assert sent["redirect_uri"] == ["http://127.0.0.1:8765/weibo"]
    assert tools.memory["token"][1] == timedelta(days=30)
    assert tools.memory["fresh"][1] == timedelta(days=23)


@pytest.mark.parametrize(
    ("status", "body", "more"),
    [
        (400, {"error_code": 21325, "error": f"grant c0de {SECRET}"}, {}),
        (400, {"error_code": 99, "error": f"grant c0de {SECRET}"}, {}),
        (200, {"access_token": "2.00New", "uid": "1"}, {}),
        (200, {"access_token": "", "expires_in": 5, "uid": "1"}, {}),
        (200, "<html>", {}),
        (200, {"access_token": "2.00New", "expires_in": 5, "uid": "2"}, {"account": "1"}),
    ],
)
def test_a_sign_in_that_fails_keeps_nothing_and_shows_no_secret(
    weibo: Make, status: int, body: Any, more: dict[str, str]
) -> None:
    adapter = weibo(status, body, access_token="", **more)
    findings = adapter.sign_in("c0de")
    assert blocking(findings)
    assert adapter._tools.memory == {}  # type: ignore[attr-defined]
    assert not any(secret in repr(findings) for secret in (SECRET, "c0de", "2.00New"))


def test_a_channel_stays_with_the_user_who_signed_in_first(weibo: Make) -> None:
    """What was sent is theirs: another user's list says nothing of it. The settings may name another one."""
    first = {"access_token": "2.00New", "expires_in": 2592000, "uid": "1"}
    adapter = weibo(200, first, access_token="")
    assert not blocking(adapter.sign_in("c0de"))
    assert not blocking(adapter.sign_in("c0de"))
    tools: Any = adapter._tools
    before = dict(tools.memory)
    for settings, refused in (({}, True), ({"account": "2"}, False)):
        other = weibo(200, first | {"uid": "2"}, access_token="", **settings)
        other._tools.memory = tools.memory  # type: ignore[attr-defined]
        assert bool(blocking(other.sign_in("c0de"))) is refused
        assert (tools.memory == before) is refused


def test_without_a_sign_in_publishing_asks_for_one_and_sends_nothing(weibo: Make, tmp_path: Path) -> None:
    adapter = weibo(access_token="")
    for outcome in (adapter.stage(order(render(adapter, tmp_path))), adapter.publish(order(render(adapter, tmp_path)))):
        assert isinstance(outcome, Rejected)
        assert outcome.blame is Blame.CHANNEL
        assert "xuanfa channels login wb" in outcome.findings[0].message
    assert adapter._tools.asked == []  # type: ignore[attr-defined]


def test_a_look_that_cannot_be_read_before_sending_means_that_nothing_was_sent(weibo: Make, tmp_path: Path) -> None:
    adapter = weibo(200, "<html>")
    assert isinstance(adapter.stage(order(render(adapter, tmp_path))), Unsent)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"app_key": ""}, "app_key"),
        ({"app_secret": ""}, "app_secret"),
        ({"rip": ""}, "rip"),
        ({"rip": "192.168.1.8"}, "公网"),
        ({"rip": "x"}, "公网"),
        ({"base_url": "api.weibo.com"}, "https://"),
        ({"safe_domain": "https://court.example"}, "域名"),
        ({"mode": "story"}, "article"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_with_the_remedy(settings: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told) as caught:
        WeiboConfig.model_validate(REAL | settings)
    assert SECRET not in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_one_application_with_two_accounts_has_two_budgets(weibo: Make) -> None:
    assert weibo().budget == weibo(mode="article").budget
    assert weibo().budget != weibo(account="1").budget


def test_the_page_of_a_post_is_its_number_in_groups_of_seven_digits() -> None:
    assert base62("3501756485200075") == "z0JH2lOMb"  # a pair that is quoted in public descriptions of the scheme
    assert base62("5000000000000001").endswith("0001")


def test_only_addresses_of_weibo_are_taken_for_posts(weibo: Make) -> None:
    assert weibo().address_problem("https://weibo.com/1/Abc") == ""
    assert "weibo.com" in weibo().address_problem("https://weibo.com.evil.example/1/Abc")
    assert urlsplit("https://m.weibo.cn/1").hostname == "m.weibo.cn"
    assert weibo().address_problem("https://m.weibo.cn/status/1") == ""
