"""The webhook: what is sent and signed, how the answer is read, and what its settings refuse."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support import adapting
from tests.support.adapting import NOW, TEMPLATES, Tools
from xuanfa.adapters.shared.signing import signature
from xuanfa.adapters.webhook.adapter import WebhookAdapter, WebhookConfig
from xuanfa.bootstrap.practice import platform_for
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.attempt import Order
from xuanfa.domain.finding import Severity
from xuanfa.domain.outcome import Blame, Deferred, Outcome, Published, Rejected, Unknown, Unsent
from xuanfa.domain.pacing import Limit
from xuanfa.domain.post import Picture, Post
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.rendition import Rendition

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + base64.b64encode(b"n" * 32).decode()
URL = "https://cms.example.gov.cn/api/articles"
PICTURE = Picture(source="图/a&b.jpg", sha256="ab" * 32, media_type="image/jpeg", size=9, width=4, height=3, alt="庭审")
POST = Post(
    slug="a",
    title='说"好"\n<>&',
    column="action",
    body="第一段。\n\n![庭审](图/a&b.jpg)",
    summary="摘要。",
    pictures=(PICTURE,),
)


class Workshop:
    """Adapters over an answer given by hand; ``seen`` is what was sent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: list[httpx.Request] = []
        self.answer: Callable[[httpx.Request], httpx.Response] = lambda request: httpx.Response(200, text="{}")
        self.client = httpx.Client(transport=httpx.MockTransport(self._handle))

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        return self.answer(request)

    def bind(self, **settings: Any) -> WebhookAdapter:
        given = {"adapter": "webhook", "url": URL, "allow_private": True, **settings}
        adapter = WebhookAdapter(WebhookConfig.model_validate(given), Tools(folder=self.folder, http=self.client))
        adapter.now = NOW.timestamp
        return adapter

    def template(self, name: str, text: str) -> None:
        path = self.folder / "webhook" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def render(self, adapter: WebhookAdapter, post: Post = POST, *channels: str) -> Rendition:
        templates = Templates([self.folder, TEMPLATES])
        media = MediaStore(self.folder / "media")
        return adapting.render(adapter, post, *channels, channel="cms", templates=templates, media=media)

    def publish(self, adapter: WebhookAdapter, status: int = 200, body: str = "{}", **headers: str) -> Outcome:
        self.answer = lambda request: httpx.Response(status, text=body, headers=headers)
        return adapter.publish(self.order(self.render(adapter)))

    def order(self, rendition: Rendition) -> Order:
        return adapting.order(rendition, "cms", key="key-of-delivery")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workshop]:
    shop = Workshop(tmp_path)
    yield shop
    shop.client.close()


def test_the_default_body_holds_the_post_its_address_and_its_time(shop: Workshop) -> None:
    adapter = shop.bind(pictures="https://www.example.gov.cn/assets/pictures/")
    rendition = shop.render(adapter, POST, "site")
    bound = shop.order(rendition).rendition
    sent = json.loads(bound.body)
    assert rendition.needs == ("site",)
    assert sent["type"] == "article.published"
    assert sent["timestamp"] == "2026-03-02T01:00:00+00:00"
    assert sent["data"]["title"] == '说"好"\n<>&'
    assert sent["data"]["link"] == "https://www.example.gov.cn/a/"
    public = f"https://www.example.gov.cn/assets/pictures/{PICTURE.filename}"
    assert sent["data"]["pictures"][0]["url"] == public
    assert f'src="{public}"' in sent["data"]["html"]
    assert "摘要。" in bound.body  # as it is, not escaped
    assert adapter.check(rendition) == []


def test_pictures_without_a_public_address_are_pointed_out(shop: Workshop) -> None:
    adapter = shop.bind()
    (finding,) = adapter.check(shop.render(adapter))
    assert (finding.code, finding.severity) == ("webhook.local_pictures", Severity.WARN)
    assert adapter.check(shop.render(adapter, replace(POST, pictures=(), body="文字。"))) == []


def test_the_request_carries_the_key_the_time_and_a_signature_over_the_bytes(shop: Workshop) -> None:
    adapter = shop.bind(secret=SECRET, headers={"Authorization": "Bearer x", "content-type": "application/json"})
    shop.publish(adapter)
    (request,) = shop.seen
    assert request.headers["webhook-id"] == "key-of-delivery"
    assert request.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    expected = signature(SECRET, "key-of-delivery", int(NOW.timestamp()), request.content)
    assert request.headers["webhook-signature"] == expected
    assert request.headers["authorization"] == "Bearer x"
    assert request.headers.get_list("content-type") == ["application/json"]


def test_the_signature_is_the_one_of_the_specification() -> None:
    # The example that the specification's own libraries test themselves with.
    given = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert given == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_secrets_sign_side_by_side_and_none_signs_not_at_all(shop: Workshop) -> None:
    shop.publish(shop.bind(secret=[SECRET, OTHER]))
    shop.publish(shop.bind(secret=f"{OTHER}, {SECRET}"))
    shop.publish(shop.bind())
    first, second, third = (request.headers.get("webhook-signature", "").split() for request in shop.seen)
    assert len(first) == 2
    assert first == second[::-1]
    assert third == []
    assert "webhook-id" in shop.seen[2].headers


def test_another_try_is_the_same_but_for_its_time(shop: Workshop) -> None:
    adapter = shop.bind(secret=SECRET)
    shop.publish(adapter)
    adapter.now = lambda: NOW.timestamp() + 60
    shop.publish(adapter)
    one, two = shop.seen
    assert one.content == two.content
    assert one.headers["webhook-id"] == two.headers["webhook-id"]
    assert one.headers["webhook-timestamp"] != two.headers["webhook-timestamp"]


@pytest.mark.parametrize(
    ("name", "text", "sent", "media_type"),
    [
        ("x.json", '{"t": {{ post.title | tojson }}, "n": 1}', '{"t":"说\\"好\\"\\n<>&","n":1}', "application/json"),
        ("x.xml", "<t>{{ post.title }}</t>\n", "<t>说&#34;好&#34;\n&lt;&gt;&amp;</t>", "application/xml"),
        ("x.txt", "{{ summary }}\n", "摘要。", "text/plain"),
    ],
)
def test_the_ending_of_a_template_says_what_is_sent(
    shop: Workshop, name: str, text: str, sent: str, media_type: str
) -> None:
    shop.template(name, text)
    shop.publish(shop.bind(template=name))
    content = shop.seen[0].content.decode()
    assert json.loads(content) == json.loads(sent) if name == "x.json" else content == sent
    assert shop.seen[0].headers["content-type"] == f"{media_type}; charset=utf-8"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"t": "{{ post.title }}"}', "1"),
        ('{\n  "a": 1,\n  "b": }', "3"),
        ('{"a": NaN}', "NaN"),
        ('{"a": "\\ud800"}', "不成对的字符"),
        ("", "x.json"),
    ],
)
def test_a_template_that_makes_no_json_is_named_with_the_place(shop: Workshop, text: str, told: str) -> None:
    shop.template("x.json", text)
    adapter = shop.bind(template="x.json", pictures="https://x/")
    (finding,) = adapter.check(shop.render(adapter))
    assert finding.code == "webhook.bad_body"
    assert finding.place == "templates/webhook/x.json"
    assert told in finding.message


@pytest.mark.parametrize(
    ("status", "success", "body", "expected"),
    [
        (200, None, "", Published),
        (204, None, "", Published),
        (202, None, "<p>ok", Published),
        (200, "ok", '{"ok": true}', Published),
        (200, "ok", '{"ok": false}', Blame.CONTENT),
        (200, "ok", '{"ok": null}', Unknown),
        (200, "ok", "{}", Unknown),
        (200, "ok", "ok", Unknown),
        (200, "code == 0", '{"code": 0}', Published),
        (200, "code == 0", '{"code": "0"}', Published),
        (200, "code == 0", '{"code": false}', Blame.CONTENT),
        (200, "code == 0", '{"code": 500, "msg": "x"}', Blame.CONTENT),
        (200, "code == 0", '{"error": 1}', Unknown),
        (200, "code == 0", '{"code":NaN,"data":{"id":3}}', Unknown),
        (200, "code == 0", '{"code":-Infinity}', Unknown),
        (200, "code == 0", '{"code":1e999}', Unknown),
        (200, "code == 0", '{"code":0,"code":1}', Unknown),
        (200, "code == 0", '{"code":0,"code":0}', Published),
        (200, ["code == 0", "data.id"], '{"code": 0, "data": {"id": 3}}', Published),
        (200, ["code == 0", "data.id"], '{"code": 0, "data": {}}', Unknown),
        (200, ["data.id", "code == 0"], '{"code": 1}', Blame.CONTENT),
        (410, None, "", Blame.CHANNEL),
        (401, None, "", Blame.CHANNEL),
        (404, None, "", Blame.CHANNEL),
        (422, None, "", Blame.CONTENT),
        (302, None, "", Blame.CHANNEL),
        (500, "ok", '{"ok": false}', Unknown),
        (504, None, "", Unknown),
        (429, None, "", Deferred),
    ],
)
def test_what_each_answer_proves(
    shop: Workshop, status: int, success: Any, body: str, expected: type[Outcome] | Blame
) -> None:
    outcome = shop.publish(shop.bind(success=success) if success else shop.bind(), status, body)
    assert getattr(outcome, "blame", type(outcome)) == expected


@pytest.mark.parametrize(("success", "expected"), [(None, Unknown), ("ok", Blame.CHANNEL)])
def test_a_page_with_a_sign_in_on_it_may_be_an_answer_only_where_any_answer_will_do(
    shop: Workshop, success: Any, expected: type[Outcome] | Blame
) -> None:
    """A receiver that answers JSON did not answer it; one that may answer anything may have published, so it is not sent again."""
    page = "<html><body>已保存 <a href='/logout'>退出登录</a></body></html>"
    outcome = shop.publish(shop.bind(success=success) if success else shop.bind(), 200, page)
    assert getattr(outcome, "blame", type(outcome)) == expected


@pytest.mark.parametrize(
    ("body", "remote_id", "address"),
    [
        ('{"id": 7, "url": "https://cms/7.html"}', "7", "https://cms/7.html"),
        ('{"id": "x7", "url": "/2026/7.html"}', "x7", "https://cms.example.gov.cn/2026/7.html"),
        ('{"id": "", "url": ""}', None, None),
        ('{"id": [], "url": {}}', None, None),
        ('{"id": true, "url": "javascript:alert(1)"}', None, None),
        ('{"url": "//evil/x"}', None, None),
        ("[]", None, None),
    ],
)
def test_id_and_address_are_read_from_the_answer(
    shop: Workshop, body: str, remote_id: str | None, address: str | None
) -> None:
    outcome = shop.publish(shop.bind(remote_id="id", address="url"), 200, body)
    assert outcome == Published(receipt=Receipt(remote_id=remote_id, address=address, evidence=body))


def test_a_private_server_is_refused_unless_allowed_and_a_missing_name_is_unsent(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = shop.publish(shop.bind(url="http://127.0.0.1:9/secret-path", allow_private=False))
    assert isinstance(outcome, Rejected)
    assert outcome.blame is Blame.CHANNEL
    assert "allow_private" in outcome.findings[0].message
    assert "secret-path" not in outcome.findings[0].message

    def nowhere(*args: object, **kwargs: object) -> None:
        raise OSError("Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", nowhere)
    assert isinstance(shop.publish(shop.bind(allow_private=False)), Unsent)
    assert shop.seen == []


def test_a_second_address_is_tried_only_while_nothing_has_left(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(2, 1, 6, "", (ip, 443)) for ip in ("1.1.1.1", "8.8.8.8")]
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **kwargs: found)
    adapter = shop.bind(allow_private=False)
    order = shop.order(shop.render(adapter))

    def refuse_first(request: httpx.Request) -> httpx.Response:
        if request.url.host == "1.1.1.1":
            raise httpx.ConnectError("refused")
        return httpx.Response(200)

    def silence(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("silence")

    shop.answer = refuse_first
    assert isinstance(adapter.publish(order), Published)
    shop.answer = silence
    assert isinstance(adapter.publish(order), Unknown)
    assert [request.url.host for request in shop.seen] == ["1.1.1.1", "8.8.8.8", "1.1.1.1"]
    assert {request.headers["host"] for request in shop.seen} == {"cms.example.gov.cn"}


def test_a_rehearsal_reads_the_practice_answer_and_is_answered_the_same_again(shop: Workshop, tmp_path: Path) -> None:
    shop.client = httpx.Client(transport=platform_for("webhook", tmp_path, "cms", lambda: NOW))
    adapter = shop.bind(rehearsal=True, success="code == 0", remote_id="data.no", allow_private=False)
    order = shop.order(shop.render(adapter))
    first, again = adapter.publish(order), adapter.publish(order)
    assert isinstance(first, Published)
    assert first == again
    assert first.receipt.address
    shop.client.close()


def test_settings_become_pace_and_replay(shop: Workshop) -> None:
    adapter = shop.bind(limit_per_minute=60, replay_hours=24)
    assert adapter.traits.limits == (Limit(60, timedelta(minutes=1)),)
    assert adapter.traits.replay == timedelta(hours=24)
    assert (shop.bind().traits.limits, shop.bind().traits.replay) == ((), None)
    assert adapter.budget == "cms.example.gov.cn"


def test_an_endpoint_without_secret_or_encryption_is_pointed_out(shop: Workshop) -> None:
    codes = {finding.code for finding in shop.bind(url="http://127.0.0.1:9/x").diagnose()}
    assert {"webhook.unsigned", "http.plain"} <= codes
