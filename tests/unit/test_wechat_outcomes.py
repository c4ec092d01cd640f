"""What WeChat's answers prove: a table of wire answer and outcome for every call, over a loopback of the practice platform or a script."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from xuanfa.adapters.wechat import WechatAdapter, WechatConfig
from xuanfa.adapters.wechat.codes import CODES, Kind, kind_of, sentence
from xuanfa.adapters.wechat.tickets import Ticket, read_ticket
from xuanfa.content.templates import Templates
from xuanfa.domain.attempt import Order
from xuanfa.domain.outcome import (
    Accepted,
    Blame,
    Deferred,
    Published,
    Rejected,
    Retracted,
    Staged,
    Unknown,
    Unsent,
)
from xuanfa.domain.post import Picture
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.rendition import Rendition

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
KEY = "0123456789abcdef0123456789abcdef"
SECRET = "c1f0a9e7b3d5c4e6f8a0b2d4e6f8a0b2"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
COVER = Picture(source="c.png", sha256="c" * 64, media_type="image/png", size=48, width=940, height=400)
SHOWN = Picture(source="a.png", sha256="a" * 64, media_type="image/png", size=48, width=800, height=500)
RENDITION = Rendition(
    title="巡回审判到田间",
    summary="摘要",
    body=f'<section><p>文字</p><img src="https://picture.invalid/{SHOWN.filename}"></section>',
    media_type="text/html",
    pictures=(COVER, SHOWN),
    extra={"type": "news", "cover": COVER.filename, "author": "张某", "source": "https://www.example.gov.cn/a/"},
)
ORDER = Order(
    delivery=1,
    attempt=1,
    key=KEY,
    post="a",
    revision=1,
    channel="wechat",
    column="action",
    rendition=RENDITION,
    published_at=NOW,
    first_sent_at=NOW,
    staged={"media_id": "draft-1"},
)
FRESH = replace(ORDER, staged={}, first_sent_at=None)
MARKED = "https://www.example.gov.cn/a/?r=0123456789ab"


@dataclass
class Tools:
    """An account's memory and files, in a folder of the test."""

    folder: Path
    http: httpx.Client
    memory: dict[str, str] = field(default_factory=dict)
    lives: dict[str, timedelta | None] = field(default_factory=dict)

    def picture(self, picture: Picture) -> Path:
        path = self.folder / picture.filename
        path.write_bytes(PNG)
        return path

    def remember(self, name: str, make: Callable[[], tuple[str, timedelta | None]]) -> str:
        if name not in self.memory:
            self.memory[name], self.lives[name] = make()
        return self.memory[name]

    def recall(self, name: str) -> str | None:
        return self.memory.get(name)

    def keep(self, name: str, value: str, life: timedelta | None) -> None:
        self.memory[name], self.lives[name] = value, life

    def forget(self, name: str, value: str) -> None:
        if self.memory.get(name) == value:
            del self.memory[name]


Answer = Mapping[str, Any] | Exception | httpx.Response


class Wire:
    """Answers by path, in order; the last one stays. ``asked`` is every request."""

    def __init__(self, folder: Path) -> None:
        self.answers: dict[str, list[Answer]] = {
            "/cgi-bin/stable_token": [{"access_token": "TOKEN-1", "expires_in": 7200}],
            "/cgi-bin/media/uploadimg": [{"url": "http://mmbiz.qpic.cn/a/0?wx_fmt=png&x=1"}],
            "/cgi-bin/material/add_material": [{"media_id": "material-1", "url": "x"}],
            "/cgi-bin/draft/add": [{"media_id": "draft-1"}],
        }
        self.asked: list[tuple[str, Any]] = []
        self.tools = Tools(folder, httpx.Client(transport=httpx.MockTransport(self._answer)))

    def says(self, path: str, *answers: Answer) -> "Wire":
        self.answers[path] = list(answers)
        return self

    def adapter(self, mode: str = "publish", **settings: Any) -> WechatAdapter:
        config = WechatConfig.model_validate(
            {"adapter": "wechat", "app_id": "wx1", "app_secret": SECRET, "mode": mode, **settings}
        )
        return WechatAdapter(config, self.tools)  # type: ignore[arg-type]

    def paths(self, part: str = "") -> list[str]:
        return [path.removeprefix("/cgi-bin/") for path, _ in self.asked if part in path]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        is_json = "json" in request.headers.get("content-type", "")
        self.asked.append((request.url.path, json.loads(request.content) if is_json else request.content))
        answers = self.answers.get(request.url.path, [{"errcode": 40007, "errmsg": "nothing here"}])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)


@pytest.fixture
def wire(tmp_path: Path) -> Wire:
    return Wire(tmp_path)


SUBMIT, SENDALL = "/cgi-bin/freepublish/submit", "/cgi-bin/message/mass/sendall"
GET, LIST = "/cgi-bin/freepublish/get", "/cgi-bin/freepublish/batchget"
ADD, UPDATE, DRAFT = "/cgi-bin/draft/add", "/cgi-bin/draft/update", "/cgi-bin/draft/get"


def code(number: int, words: str = "said", **more: Any) -> dict[str, Any]:
    return {"errcode": number, "errmsg": f"{words} rid: 1-2-3", **more}


#: What each class of code makes of an irreversible request: the outcome and whose fault it is.
IRREVERSIBLE = {
    Kind.AUTH: (Unsent, None),
    Kind.BUSY: (Unknown, None),
    Kind.MINUTE: (Deferred, None),
    Kind.DAY: (Deferred, None),
    Kind.CONTENT: (Rejected, Blame.CONTENT),
    Kind.CHANNEL: (Rejected, Blame.CHANNEL),
    Kind.DRAFT_ONLY: (Accepted, None),
    Kind.CONSOLE: (Accepted, None),
    Kind.DOUBT: (Unknown, None),
    Kind.DONE: (Accepted, None),
}
REPEATABLE = {
    Kind.AUTH: (Rejected, Blame.CHANNEL),
    Kind.BUSY: (Unsent, None),
    Kind.MINUTE: (Deferred, None),
    Kind.DAY: (Deferred, None),
    Kind.CONTENT: (Rejected, Blame.CONTENT),
    Kind.CHANNEL: (Rejected, Blame.CHANNEL),
    Kind.DRAFT_ONLY: (Rejected, Blame.CHANNEL),
    Kind.CONSOLE: (Rejected, Blame.CONTENT),
    Kind.DOUBT: (Rejected, Blame.CONTENT),
    Kind.DONE: (Rejected, Blame.CONTENT),
}
#: Every code of channels.md 1.7 that has a meaning.
DOCUMENTED = """-1 40001 40002 40004 40005 40006 40007 40008 40009 40013 40014 40033 40059 40060 40065 40114 40137 40152 40164 40204
40243 41001 41002 41004 41005 41006 41039 42001 42010 43001 43002 43003 44001 44002 44003 44004 45001 45002 45003 45004 45005 45006 45007
45008 45009 45011 45028 45035 45062 45064 45065 45066 45067 45113 45166 47001 48001 48004 48005 48021 48022 50002 53404 53405 53406 53503
53504 53505 53600 61004 76003 76021 76022 88000 89504 89505"""


def test_every_documented_code_has_its_class_and_a_sentence_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {int(number) for number in DOCUMENTED.split()} <= CODES.keys()
    for number, (_, zh, en) in CODES.items():
        assert zh, number
        assert en, number
        monkeypatch.setenv("XUANFA_LANG", "zh")
        assert str(number) in sentence(number, "said")
        monkeypatch.setenv("XUANFA_LANG", "en")
        assert en in sentence(number, "said")


@pytest.mark.parametrize("path", [SUBMIT, SENDALL])
@pytest.mark.parametrize("number", sorted(CODES))
def test_a_code_after_publishing(wire: Wire, path: str, number: int) -> None:
    wire.says(path, code(number, msg_id=77, publish_id="88"))
    outcome = wire.adapter("publish" if path == SUBMIT else "mass").publish(ORDER)
    kind = kind_of(number)
    assert kind is not None
    expected, blame = IRREVERSIBLE[kind]
    assert type(outcome) is expected
    assert getattr(outcome, "blame", None) == blame
    assert len(wire.paths("freepublish/submit") + wire.paths("sendall")) == 1


@pytest.mark.parametrize("number", sorted(set(CODES) - {40007, 88000}))
def test_a_code_while_the_draft_is_made(wire: Wire, number: int) -> None:
    wire.says(ADD, code(number))
    outcome = wire.adapter().stage(FRESH)
    kind = kind_of(number)
    assert kind is not None
    expected, blame = REPEATABLE[kind]
    assert type(outcome) is expected
    assert getattr(outcome, "blame", None) == blame


@pytest.mark.parametrize("number", [268488001, 9500001, 12345])
def test_a_code_that_nobody_has_read_proves_nothing(wire: Wire, number: int) -> None:
    wire.says(SUBMIT, code(number))
    assert isinstance(wire.adapter().publish(ORDER), Unknown)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (httpx.ConnectError("x"), Unsent),
        (httpx.ConnectTimeout("x"), Unsent),
        (httpx.PoolTimeout("x"), Unsent),
        (httpx.ReadTimeout("x"), Unknown),
        (httpx.WriteTimeout("x"), Unknown),
        (httpx.ReadError("x"), Unknown),
        (httpx.RemoteProtocolError("x"), Unknown),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_trouble_on_the_way(wire: Wire, error: Exception, expected: type) -> None:
    wire.says(SUBMIT, error)
    assert type(wire.adapter().publish(ORDER)) is expected
    wire.says(ADD, error)
    assert isinstance(wire.adapter().stage(FRESH), Unsent)  # a draft that may exist harms nobody


def test_taken_is_not_published(wire: Wire) -> None:
    wire.says(SUBMIT, {"errcode": 0, "errmsg": "ok", "publish_id": 100000001, "msg_data_id": 1})
    outcome = wire.adapter().publish(ORDER)
    assert isinstance(outcome, Accepted)
    assert read_ticket(outcome.ticket) == Ticket("publish", "100000001")


def test_taken_without_an_id_is_doubt(wire: Wire) -> None:
    wire.says(SUBMIT, {"errcode": 0, "errmsg": "ok"})
    assert isinstance(wire.adapter().publish(ORDER), Unknown)


def test_publishing_without_a_draft_sends_nothing(wire: Wire) -> None:
    assert isinstance(wire.adapter().publish(FRESH), Unsent)
    assert wire.asked == []


def test_a_mass_send_carries_the_key_and_its_repetition_is_recognised(wire: Wire) -> None:
    wire.says(SENDALL, code(45065, msg_id=1000001))
    outcome = wire.adapter("mass", tag_id=7).publish(ORDER)
    assert isinstance(outcome, Accepted)
    assert read_ticket(outcome.ticket) == Ticket("mass", "1000001")
    sent = next(body for path, body in wire.asked if path == SENDALL)
    assert sent["clientmsgid"] == KEY
    assert sent["filter"] == {"is_to_all": False, "tag_id": 7}


def test_a_repeated_mass_send_changes_nothing_before_it(wire: Wire) -> None:
    again = replace(ORDER, first_sent_at=NOW - timedelta(minutes=1))
    assert wire.adapter("mass").stage(again) == Staged(memory={"media_id": "draft-1"})
    assert wire.asked == []


def test_only_mass_sends_may_be_repeated_by_the_core(wire: Wire) -> None:
    assert wire.adapter("mass").traits.replay == timedelta(hours=23)
    assert wire.adapter("publish").traits.replay is None
    assert wire.adapter("draft").traits.replay is None


def test_without_permission_the_account_keeps_drafts_and_says_so(wire: Wire) -> None:
    wire.says(SUBMIT, code(48001))
    adapter = wire.adapter()
    first = adapter.publish(ORDER)
    second = adapter.publish(replace(ORDER, key="f" * 32))
    assert isinstance(first, Accepted)
    assert "草稿" in first.evidence
    assert "48001" in first.evidence
    assert isinstance(second, Accepted)
    assert wire.paths("submit") == ["freepublish/submit"]


def test_a_mass_account_without_permission_keeps_drafts_too_but_a_repetition_is_still_a_repetition(wire: Wire) -> None:
    wire.says(SENDALL, code(48001))
    adapter = wire.adapter("mass")
    fresh = replace(ORDER, first_sent_at=None)
    assert isinstance(adapter.publish(fresh), Accepted)
    assert isinstance(adapter.publish(replace(fresh, key="f" * 32)), Accepted)
    assert wire.paths("sendall") == ["message/mass/sendall"]
    wire.says(SENDALL, code(45065, msg_id=9))
    repeated = adapter.publish(replace(ORDER, key="e" * 32))
    assert isinstance(repeated, Accepted)
    assert read_ticket(repeated.ticket) == Ticket("mass", "9")


def test_draft_mode_sends_nothing_and_waits_for_a_person(wire: Wire) -> None:
    outcome = wire.adapter("draft").publish(ORDER)
    assert isinstance(outcome, Accepted)
    assert outcome.look_after == timedelta(minutes=5)
    assert wire.asked == []


def test_a_refused_token_is_renewed_once_for_a_draft(wire: Wire) -> None:
    wire.says(
        "/cgi-bin/stable_token",
        {"access_token": "OLD", "expires_in": 7200},
        {"access_token": "NEW", "expires_in": 7200},
    )
    wire.says(UPDATE, code(42001), {"errcode": 0, "errmsg": "ok"})
    outcome = wire.adapter().stage(replace(ORDER, first_sent_at=None))
    assert isinstance(outcome, Staged)
    assert wire.tools.memory["token"] == "NEW"
    assert wire.paths("stable_token") == ["stable_token"] * 2


def test_a_refused_token_while_publishing_proves_that_nothing_was_sent(wire: Wire) -> None:
    wire.says(SUBMIT, code(40001))
    assert isinstance(wire.adapter().publish(ORDER), Unsent)
    assert "token" not in wire.tools.memory
    assert wire.paths("submit") == ["freepublish/submit"]


def test_a_token_lives_five_minutes_less_than_it_says(wire: Wire) -> None:
    wire.adapter().stage(FRESH)
    assert wire.tools.lives["token"] == timedelta(seconds=6900)


@pytest.mark.parametrize(
    ("number", "expected", "words"),
    [
        (40001, Rejected, "AppSecret"),
        (40125, Rejected, "AppSecret"),
        (40013, Rejected, "AppID"),
        (40164, Rejected, "203.0.113.7"),
        (40243, Rejected, "冻结"),
        (45009, Deferred, "45009"),
        (45011, Deferred, "45011"),
        (-1, Unsent, "-1"),
    ],
)
def test_no_token(wire: Wire, number: int, expected: type, words: str) -> None:
    wire.says("/cgi-bin/stable_token", code(number, f"invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, {SECRET}"))
    outcome = wire.adapter().stage(FRESH)
    assert type(outcome) is expected
    assert getattr(outcome, "blame", Blame.CHANNEL) is Blame.CHANNEL
    assert words in repr(outcome)
    assert SECRET not in repr(outcome)


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6a1f-00", "203.0.113.7"),
        ("invalid ip ::ffff:203.0.113.7, not in whitelist", "203.0.113.7"),
        ("invalid ip 2408:8207:1850:2a60::4c8, not in whitelist rid: 6a1f:00", "2408:8207:1850:2a60::4c8"),
    ],
)
def test_the_address_for_the_allow_list_is_told_whole(wire: Wire, said: str, address: str) -> None:
    wire.says("/cgi-bin/stable_token", code(40164, said))
    outcome = wire.adapter().stage(FRESH)
    assert isinstance(outcome, Rejected)
    assert f"请把 {address} 加入" in outcome.findings[0].message
    assert f"（微信 40164：{said}" in outcome.findings[0].message


def test_a_draft_carries_our_mark_the_uploaded_pictures_and_a_square_for_sharing(wire: Wire) -> None:
    outcome = wire.adapter(open_comments=True).stage(FRESH)
    assert isinstance(outcome, Staged)
    assert outcome.memory["media_id"] == "draft-1"
    (article,) = next(body for path, body in wire.asked if path == ADD)["articles"]
    assert article["content_source_url"] == MARKED
    assert 'src="http://mmbiz.qpic.cn/a/0?wx_fmt=png&amp;x=1"' in article["content"]
    assert article["thumb_media_id"] == "material-1"
    assert article["need_open_comment"] == 1
    assert article["pic_crop_1_1"].count("_") == 3


def test_a_picture_is_uploaded_once_for_an_account(wire: Wire) -> None:
    wire.adapter().stage(FRESH)
    wire.adapter().stage(replace(FRESH, key="e" * 32))
    assert wire.paths("uploadimg") == ["media/uploadimg"]
    assert wire.paths("add_material") == ["material/add_material"]


def test_a_draft_whose_answer_was_lost_is_found_and_not_added_again(wire: Wire) -> None:
    adapter = wire.says(ADD, httpx.ReadTimeout("silence")).adapter()
    assert isinstance(adapter.stage(FRESH), Unsent)
    listed = {"media_id": "draft-9", "content": {"news_item": [{"content_source_url": MARKED}]}, "update_time": 1}
    wire.says("/cgi-bin/draft/batchget", {"item": [listed]}).says(UPDATE, {"errcode": 0})
    outcome = adapter.stage(FRESH)
    assert isinstance(outcome, Staged)
    assert outcome.memory["media_id"] == "draft-9"
    assert wire.paths("draft/add") == ["draft/add"]


def test_a_draft_of_which_only_the_record_was_lost_is_updated(wire: Wire) -> None:
    adapter = wire.says(UPDATE, {"errcode": 0}).adapter()
    adapter.stage(FRESH)
    adapter.stage(FRESH)
    assert wire.paths("draft/") == ["draft/add", "draft/update"]


def test_a_changed_post_updates_its_draft(wire: Wire) -> None:
    changed = replace(FRESH, key="d" * 32, staged={"media_id": "draft-1"})
    assert isinstance(wire.says(UPDATE, {"errcode": 0}).adapter().stage(changed), Staged)
    (path, body), *_ = [asked for asked in wire.asked if "draft" in asked[0]]
    assert path == UPDATE
    assert (body["media_id"], body["index"]) == ("draft-1", 0)
    assert isinstance(body["articles"], dict)


def test_a_draft_that_has_vanished_is_made_again_only_when_a_person_asks(wire: Wire) -> None:
    adapter = wire.says(UPDATE, code(40007)).adapter()
    known = replace(FRESH, staged={"media_id": "draft-0"})
    refused = adapter.stage(known)
    assert isinstance(refused, Rejected)
    assert refused.blame is Blame.CONTENT
    assert wire.paths("draft/add") == []
    assert isinstance(adapter.stage(known), Staged)
    assert wire.paths("draft/add") == ["draft/add"]


def test_an_account_without_comments_gets_the_draft_without_them(wire: Wire) -> None:
    wire.says(ADD, code(88000), {"media_id": "draft-1"})
    assert isinstance(wire.adapter(open_comments=True).stage(FRESH), Staged)
    assert "need_open_comment" not in wire.asked[-1][1]["articles"][0]


def test_a_cover_that_was_removed_from_the_library_is_uploaded_again(wire: Wire) -> None:
    wire.says(ADD, code(40007), {"media_id": "draft-1"})
    assert isinstance(wire.adapter().stage(FRESH), Staged)
    assert wire.paths("add_material") == ["material/add_material"] * 2


def test_a_picture_message_names_its_pictures(wire: Wire) -> None:
    extra = {**RENDITION.extra, "type": "newspic"}
    order = replace(FRESH, rendition=replace(RENDITION, body="文字", media_type="text/plain", extra=extra))
    assert isinstance(wire.adapter().stage(order), Staged)
    article = wire.asked[-1][1]["articles"][0]
    assert article["article_type"] == "newspic"
    assert len(article["image_info"]["image_list"]) == 2
    assert "thumb_media_id" not in article


DONE = {
    "publish_id": 1,
    "publish_status": 0,
    "article_id": "A1",
    "article_detail": {"count": 1, "item": [{"idx": 1, "article_url": "http://mp.weixin.qq.com/s/x"}]},
}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (DONE, Published),
        ({"publish_id": 1, "publish_status": 1}, Accepted),
        ({"publish_id": 1, "publish_status": 2, "fail_idx": [1]}, Rejected),
        ({"publish_id": 1, "publish_status": 3}, Rejected),
        ({"publish_id": 1, "publish_status": 4, "fail_idx": [1]}, Rejected),
        ({"publish_id": 1, "publish_status": 5}, Rejected),
        ({"publish_id": 1, "publish_status": 6}, Rejected),
        ({"publish_id": 1, "publish_status": 9}, Unknown),
        ({"errcode": 0, "errmsg": "ok"}, Unknown),
        ({**DONE, "article_id": ""}, Unknown),
        (code(40002), Unknown),
        (code(48001), Unknown),
        (code(40164), Unknown),
        (code(45009), Unknown),
        (httpx.ReadTimeout("x"), Unknown),
        (httpx.Response(502), Unknown),
        (httpx.Response(401), Unknown),
    ],
)
def test_what_asking_by_publish_id_proves(wire: Wire, answer: Answer, expected: type) -> None:
    wire.says(GET, answer)
    evidence = wire.adapter().confirm(ORDER, str(Ticket("publish", "1")))
    assert type(evidence) is expected


def test_a_published_article_has_its_id_and_address(wire: Wire) -> None:
    evidence = wire.says(GET, DONE).adapter().confirm(ORDER, str(Ticket("publish", "1")))
    assert isinstance(evidence, Published)
    assert evidence.receipt.remote_id == "article:A1"
    assert evidence.receipt.address == "https://mp.weixin.qq.com/s/x"


@pytest.mark.parametrize("kind", ["publish", "mass", "draft"])
def test_looks_grow_rarer(kind: str) -> None:
    ticket = Ticket(kind, "1:2")
    waits = []
    for _ in range(30):
        waits.append(ticket.look_after)
        following = read_ticket(str(ticket.next()))
        assert following is not None
        ticket = following
    assert waits == sorted(waits)
    assert waits[-1] <= timedelta(hours=6)
    assert ticket.number == "1:2"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("SEND_SUCCESS", Published),
        ("send_success", Published),
        ("SENDING", Accepted),
        ("SEND_FAIL", Rejected),
        ("DELETE", Rejected),
        ("?", Unknown),
    ],
)
def test_what_asking_by_msg_id_proves(wire: Wire, status: str, expected: type) -> None:
    wire.says("/cgi-bin/message/mass/get", {"msg_id": 5, "msg_status": status})
    assert type(wire.adapter("mass").confirm(ORDER, str(Ticket("mass", "5")))) is expected


def listing(source: str, moment: datetime = NOW, **article: Any) -> dict[str, Any]:
    shown = {"title": "t", "content_source_url": source, "url": "http://mp.weixin.qq.com/s/y", **article}
    return {"article_id": "A2", "content": {"news_item": [shown]}, "update_time": int(moment.timestamp())}


def test_after_a_lost_answer_the_mark_in_the_listing_is_proof(wire: Wire) -> None:
    wire.says(LIST, {"item": [listing("https://x.cn/?r=ffffffffffff"), listing(MARKED)]})
    evidence = wire.adapter().confirm(ORDER, None)
    assert isinstance(evidence, Published)
    assert evidence.receipt.remote_id == "article:A2"
    assert evidence.receipt.published_at == NOW


@pytest.mark.parametrize("item", [listing(MARKED + "0"), listing(MARKED, is_deleted=True), listing("")])
def test_what_is_not_our_mark_is_no_proof(wire: Wire, item: dict[str, Any]) -> None:
    wire.says(LIST, {"item": [item]}).says(DRAFT, {"news_item": []})
    assert isinstance(wire.adapter().confirm(ORDER, None), Unknown)


@pytest.mark.parametrize("draft", [{"news_item": []}, code(40007), httpx.ReadTimeout("x")])
def test_absence_is_never_claimed(wire: Wire, draft: Answer) -> None:
    wire.says(LIST, {"item": []}).says(DRAFT, draft)
    assert isinstance(wire.adapter().confirm(ORDER, None), Unknown)


def test_the_listing_is_read_on_while_it_is_younger_than_the_request(wire: Wire) -> None:
    young, old = NOW + timedelta(hours=1), NOW - timedelta(hours=1)
    pages = [{"item": [listing("", young)] * 20}, {"item": [listing("", young)] * 19 + [listing(MARKED, old)]}]
    wire.says(LIST, *pages)
    assert isinstance(wire.adapter().confirm(ORDER, None), Published)
    assert [body["offset"] for path, body in wire.asked if path == LIST] == [0, 20]


@pytest.mark.parametrize(
    ("listed", "draft", "expected", "looks_again"),
    [
        ({"item": [listing(MARKED)]}, {"news_item": []}, Published, None),
        ({"item": []}, {"news_item": []}, Accepted, True),
        ({"item": []}, code(40007), Unknown, None),
        (code(48001), {"news_item": []}, Accepted, False),
        (code(-1), httpx.ReadTimeout("x"), Unknown, None),
    ],
)
def test_a_draft_that_waits_for_a_person(
    wire: Wire, listed: Answer, draft: Answer, expected: type, looks_again: bool | None
) -> None:
    wire.says(LIST, listed).says(DRAFT, draft)
    evidence = wire.adapter("draft").confirm(ORDER, str(Ticket("draft", "draft-1")))
    assert type(evidence) is expected
    if isinstance(evidence, Accepted):
        assert (evidence.look_after is not None) is looks_again


OK = {"errcode": 0, "errmsg": "ok"}
DELETE, ARTICLE = "/cgi-bin/freepublish/delete", "/cgi-bin/freepublish/getarticle"


@pytest.mark.parametrize(
    ("deleted", "seen", "expected"),
    [
        (OK, OK, Retracted),
        (code(53600), code(53600), Retracted),
        (httpx.ReadTimeout("x"), {"news_item": [{"is_deleted": True}]}, Retracted),
        (httpx.ReadTimeout("x"), {"news_item": [{"is_deleted": False}]}, Unknown),
        (httpx.ConnectError("x"), OK, Unsent),
        (code(-1), {"news_item": [{"is_deleted": False}]}, Unsent),
        (code(48001), OK, Rejected),
        (code(48004), OK, Rejected),
        (code(45009), OK, Deferred),
    ],
)
def test_taking_an_article_back(wire: Wire, deleted: Answer, seen: Answer, expected: type) -> None:
    wire.says(DELETE, deleted).says(ARTICLE, seen)
    outcome = wire.adapter().retract(ORDER, Receipt(remote_id="article:A1"))
    assert type(outcome) is expected
    if deleted == code(48001):
        assert outcome.blame is Blame.CONTENT  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("deleted", "status", "expected"),
    [
        (OK, "x", Retracted),
        (httpx.ReadTimeout("x"), "DELETE", Retracted),
        (httpx.ReadTimeout("x"), "SEND_SUCCESS", Unknown),
        (code(40204), "SEND_SUCCESS", Rejected),
    ],
)
def test_taking_a_mass_send_back(wire: Wire, deleted: Answer, status: str, expected: type) -> None:
    wire.says("/cgi-bin/message/mass/delete", deleted).says("/cgi-bin/message/mass/get", {"msg_status": status})
    assert type(wire.adapter("mass").retract(ORDER, Receipt(remote_id="mass:5"))) is expected


def test_what_a_person_published_is_found_by_its_mark_and_taken_back(wire: Wire) -> None:
    wire.says(LIST, {"item": [listing(MARKED)]}).says(DELETE, OK)
    given = Receipt(address="https://mp.weixin.qq.com/s/y")
    assert isinstance(wire.adapter().retract(ORDER, given), Retracted)
    assert wire.asked[-1] == (DELETE, {"article_id": "A2", "index": 0})


DROP = "/cgi-bin/draft/delete"
HANDED, REVIEWED, SENT = (Receipt(remote_id=f"{kind}:2:7") for kind in ("draft", "publish", "mass"))
WITH_MARK: Answer = {"item": [listing(MARKED)]}


@pytest.mark.parametrize(
    ("listed", "draft", "dropped", "expected"),
    [
        ({"item": []}, {"news_item": []}, OK, Retracted),
        # An account that may not even list what is published keeps drafts all the same.
        (code(48001), {"news_item": []}, OK, Retracted),
        ({"item": []}, {"news_item": []}, httpx.ReadTimeout("x"), Unknown),
        ({"item": []}, {"news_item": []}, code(45009), Deferred),
        ({"item": []}, code(40007), OK, Rejected),
        ({"item": []}, httpx.ConnectError("x"), OK, Unsent),
        (WITH_MARK, code(40007), OK, Retracted),
    ],
)
def test_a_draft_that_was_handed_over_is_deleted_when_it_is_taken_back(
    wire: Wire, listed: Answer, draft: Answer, dropped: Answer, expected: type
) -> None:
    wire.says(LIST, listed).says(DRAFT, draft).says(DROP, dropped).says(DELETE, OK)
    assert type(wire.adapter("draft").retract(ORDER, HANDED)) is expected
    assert [body for path, body in wire.asked if path == DROP] in ([{"media_id": "7"}], [])
    assert any(path == DELETE for path, _ in wire.asked) is (listed is WITH_MARK)


@pytest.mark.parametrize(
    ("status", "expected", "deletes"),
    [
        (DONE, Retracted, True),
        ({**DONE, "publish_status": 1}, Unsent, False),
        ({**DONE, "publish_status": 4}, Rejected, False),
    ],
)
def test_what_is_under_review_is_taken_back_when_it_is_out_and_its_draft_is_left_alone(
    wire: Wire, *, status: Answer, expected: type, deletes: bool
) -> None:
    wire.says(GET, status).says(DELETE, OK)
    assert type(wire.adapter().retract(ORDER, REVIEWED)) is expected
    assert any(path == DELETE for path, _ in wire.asked) is deletes
    assert all(path != DROP for path, _ in wire.asked)


def test_a_mass_send_under_way_is_taken_back_by_its_number(wire: Wire) -> None:
    wire.says("/cgi-bin/message/mass/delete", OK)
    assert isinstance(wire.adapter("mass").retract(ORDER, SENT), Retracted)
    assert wire.asked[-1][1]["msg_id"] == 7


@pytest.mark.parametrize("draft", [{"news_item": []}, code(40007)])
def test_what_the_interface_does_not_show_is_a_persons_to_delete(wire: Wire, draft: Answer) -> None:
    """A person said that it is public at this address: a draft that is still there proves nothing about that page."""
    wire.says(LIST, {"item": []}).says(DRAFT, draft).says(DROP, OK)
    outcome = wire.adapter().retract(ORDER, Receipt(address="https://mp.weixin.qq.com/s/y"))
    assert isinstance(outcome, Rejected)
    assert "--done" in outcome.findings[0].message
    assert all(path != DROP for path, _ in wire.asked)


@pytest.mark.parametrize("kind", ["news", "newspic"])
def test_a_preview_shows_title_account_and_pictures_without_a_request(tmp_path: Path, kind: str) -> None:
    def forbidden(request: httpx.Request) -> httpx.Response:
        raise AssertionError("a preview is local")

    tools = _Previewing(tmp_path, httpx.Client(transport=httpx.MockTransport(forbidden)))
    adapter = WechatAdapter(WechatConfig(adapter="wechat", rehearsal=True, title="金昌中院"), tools)  # type: ignore[arg-type]
    body = RENDITION.body if kind == "news" else "第一段。\n\n第二段 <b>。"
    rendition = replace(RENDITION, body=body, extra={**RENDITION.extra, "type": kind})
    (tmp_path / "out").mkdir()
    page = adapter.preview(replace(ORDER, rendition=rendition), tmp_path / "out").read_text(encoding="utf-8")
    for shown in ("巡回审判到田间", "金昌中院", "2026-03-02 01:00", f'src="{SHOWN.filename}"', "阅读原文"):
        assert shown in page
    assert (tmp_path / "out" / SHOWN.filename).read_bytes() == PNG
    assert "<b>" not in page.split("<main>")[1].replace("<b>金昌中院</b>", "")


class _Previewing(Tools):
    def template(self, name: str, /, **context: Any) -> str:
        return Templates([Path(__file__).parents[2] / "templates"]).render(f"wechat/{name}", context)


def test_chinese_leaves_as_utf8_because_wechat_refuses_escapes(tmp_path: Path) -> None:
    bodies: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return httpx.Response(200, json={"access_token": "T", "expires_in": 7200, "media_id": "m", "url": "u"})

    tools = Tools(tmp_path, httpx.Client(transport=httpx.MockTransport(answer)))
    config = WechatConfig(adapter="wechat", rehearsal=True)
    WechatAdapter(config, tools).stage(FRESH)  # type: ignore[arg-type]
    assert "巡回审判到田间".encode() in bodies[-1]
    assert b"\\u" not in bodies[-1]
