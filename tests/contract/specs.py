"""The kinds that the contract suite runs over: one ``Spec`` for each, how it is set up and what its server says when all is well.

A new kind adds one entry to ``SPECS``.
"""

import atexit
import base64
import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from tests.support.mail_server import Mailbox, mail_server
from xuanfa.domain.attempt import Order
from xuanfa.domain.outcome import Accepted, Published
from xuanfa.domain.post import Override, Post

SITE_ADDRESS = "https://www.example.gov.cn/action/tianjian/"
POST = Post(
    slug="tianjian",
    title="巡回审判到田间",
    column="action",
    body="把法庭搬到**田间地头**，当庭调解一起土地承包纠纷。\n\n群众说：\n\n> 家门口就把官司了了。",
    summary="把法庭搬到田间地头，当庭调解一起土地承包纠纷。",
    department="永昌县人民法院",
)


@dataclass(frozen=True, kw_only=True)
class Spec:
    """One kind: how to set it up against a server, what that server says when all is well, and what must never be shown."""

    kind: str
    #: Settings from the server's address.
    settings: Callable[[str], dict[str, Any]]
    #: Whether it speaks HTTP. The parts about answers do not apply to others.
    http: bool = True
    #: From the body of the publishing request, the part that was frozen in the rendition: what a protocol adds as framing is left out.
    frozen: Callable[[bytes], bytes] = bytes
    #: The body of an answer that means "published", or "taken" where the platform publishes afterwards.
    good: str = ""
    #: How publishing ends with that answer.
    ends: type = Published
    #: What the publishing request holds instead of the rendition, for kinds that stage it beforehand.
    sends: Callable[[Order], bytes] = lambda order: order.rendition.body.encode()
    #: What staging remembered, and what is kept for the account (a token).
    staged: Mapping[str, str] = field(default_factory=dict)
    memory: Mapping[str, str] = field(default_factory=dict)
    #: Paths that are reads although they are posted to.
    reads: frozenset[str] = frozenset()
    secrets: tuple[str, ...] = ()
    #: A post that is too long for it; ``None`` where the kind has no limit.
    too_long: Post | None = None


WECOM_KEY = "6f1c0d5e-7a53-4d0a-9a7b-0c55a1e5c0de"
HOOK_TOKEN = "3f9a7c1be82d4460a1c9"
HOOK_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
DINGTALK_TOKEN, DINGTALK_SECRET = "9d2c1b7fa0e44c5e8f31", "SEC1f0a9e7b3c5d4e6f8a0b"
FEISHU_HOOK, FEISHU_SECRET = "0c9a6e5d-4b3f-4a21-9e8d-7c6b5a493827", "gB7kQ2mV9xT4wL1z"
WEIBO_SECRET = "5b1f0c3d8e7a49b2a6c4d1e0f9b8a7c6"
WEIBO_TOKEN = "2.00Abcdefgh0000123456789abcdef"
DOUYIN_SECRET = "d0123456789abcdef0123456789abcde"
DOUYIN_TOKEN = "act.3.0123456789abcdefghijklmnop"
WORDPRESS_PASSWORD = "ZrjdtKtf tUwh2oSf NhpFRz9a Q1w2"
HEADER_SECRET = "Bearer cms-0123456789abcdef"


def _wecom(message: str, too_long: Post) -> Spec:
    return Spec(
        kind="wecom",
        settings=lambda base: {"base_url": base, "key": WECOM_KEY, "message": message},
        good='{"errcode":0,"errmsg":"ok"}',
        secrets=(WECOM_KEY,),
        too_long=too_long,
    )


WECHAT_SECRET, WECHAT_TOKEN = "c1f0a9e7b3d5c4e6f8a0b2d4e6f8a0b2", "87_Zq3nWkYb-token-0123456789abcdefghijklmnop"


def _wechat(mode: str, good: str, sends: Callable[[Order], bytes]) -> Spec:
    return Spec(
        kind="wechat",
        settings=lambda base: {
            "base_url": base,
            "app_id": "wx0123456789abcdef",
            "app_secret": WECHAT_SECRET,
            "mode": mode,
        },
        good=good,
        ends=Accepted,
        sends=sends,
        staged={"media_id": "draft-1", "source": SITE_ADDRESS, "title": POST.title},
        memory={"token": WECHAT_TOKEN},
        reads=frozenset(
            {
                "/cgi-bin/freepublish/batchget",
                "/cgi-bin/draft/get",
                "/cgi-bin/openapi/quota/get",
                "/cgi-bin/stable_token",
            }
        ),
        secrets=(WECHAT_SECRET, WECHAT_TOKEN),
        too_long=replace(POST, body="法" * 20_000),
    )


def _mass_of(order: Order) -> bytes:
    message = {
        "filter": {"is_to_all": True},
        "mpnews": {"media_id": "draft-1"},
        "msgtype": "mpnews",
        "send_ignore_reprint": 0,
        "clientmsgid": order.key,
    }
    return json.dumps(message, separators=(",", ":")).encode()


def _without(*names: str) -> Callable[[bytes], bytes]:
    """A JSON object as it was before ``names`` were added."""

    def frozen(body: bytes) -> bytes:
        fields = {name: value for name, value in json.loads(body).items() if name not in names}
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()

    return frozen


@cache
def _mail_server() -> int:
    """The port of a real SMTP server, started when first asked for; it ends with the tests."""

    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(mail_server(Mailbox()))


def _dingtalk(message: str) -> Spec:
    return Spec(
        kind="dingtalk",
        settings=lambda base: {
            "base_url": base,
            "access_token": DINGTALK_TOKEN,
            "secret": DINGTALK_SECRET,
            "message": message,
        },
        frozen=_without("msgUuid"),
        good='{"errcode":0,"errmsg":"ok"}',
        secrets=(DINGTALK_TOKEN, DINGTALK_SECRET),
        too_long=replace(POST, channels={"main": Override(text="法" * 5001), "site": Override()}),
    )


def _feishu(message: str) -> Spec:
    return Spec(
        kind="feishu",
        settings=lambda base: {
            "base_url": base,
            "hook_id": FEISHU_HOOK,
            "secret": FEISHU_SECRET,
            "message": message,
        },
        frozen=_without("timestamp", "sign"),
        good='{"code":0,"data":{},"msg":"success"}',
        secrets=(FEISHU_HOOK, FEISHU_SECRET),
        too_long=replace(POST, channels={"main": Override(text="法" * 7000), "site": Override()}),
    )


def _weibo(mode: str, good: str, frozen: str, too_long: Post) -> Spec:
    return Spec(
        kind="weibo",
        settings=lambda base: {
            "base_url": base,
            "app_key": "1234567890",
            "app_secret": WEIBO_SECRET,
            "rip": "211.156.0.1",
            "access_token": WEIBO_TOKEN,
            "mode": mode,
            "cover": "https://www.example.gov.cn/cover.jpg",
        },
        frozen=lambda body: parse_qs(body.decode())[frozen][0].encode(),
        good=good,
        reads=frozenset({"/oauth2/get_token_info"}),
        secrets=(WEIBO_SECRET, WEIBO_TOKEN),
        too_long=too_long,
    )


def _douyin(mode: str, staged: Mapping[str, str], sent: Mapping[str, Any]) -> Spec:
    return Spec(
        kind="douyin",
        settings=lambda base: {
            "base_url": base,
            "client_key": "aw0123456789",
            "client_secret": DOUYIN_SECRET,
            "mode": mode,
        },
        http=mode != "manual",
        frozen=lambda body: json.dumps(json.loads(body), ensure_ascii=False).encode(),
        good='{"data":{"error_code":0,"item_id":"@1"},"extra":{"error_code":0}}',
        ends=Accepted,
        sends=lambda order: json.dumps({**sent, "text": order.rendition.body}, ensure_ascii=False).encode(),
        staged=staged,
        memory={
            "signed in once": "1",
            "fresh": "1",
            "grant": json.dumps({"refresh_token": DOUYIN_TOKEN[::-1], "open_id": "_000"}),
            "access": json.dumps({"access_token": DOUYIN_TOKEN, "open_id": "_000"}),
        },
        secrets=(DOUYIN_SECRET, DOUYIN_TOKEN, DOUYIN_TOKEN[::-1]),
        too_long=replace(POST, channels={"main": Override(text="法" * 1001), "site": Override()}),
    )


_LONG_TEXT = replace(POST, channels={"main": Override(text="法" * 1400), "site": Override()})

SPECS: Mapping[str, Spec] = {
    "site": Spec(
        kind="site",
        settings=lambda base: {"directory": "public", "base_url": "https://www.example.gov.cn"},
        http=False,
    ),
    "manual": Spec(
        kind="manual", settings=lambda base: {"address_domain": "example.gov.cn"}, http=False, ends=Accepted
    ),
    "wecom-text": _wecom("text", replace(POST, summary="法" * 700)),
    "wecom-markdown": _wecom("markdown", _LONG_TEXT),
    "wecom-markdown_v2": _wecom("markdown_v2", _LONG_TEXT),
    "wecom-news": _wecom("news", replace(POST, title="法" * 43)),
    **{f"dingtalk-{message}": _dingtalk(message) for message in ("markdown", "text", "link")},
    **{f"feishu-{message}": _feishu(message) for message in ("post", "text", "interactive")},
    "email": Spec(
        kind="email",
        settings=lambda base: {
            "host": "127.0.0.1",
            "port": _mail_server(),
            "security": "none",
            "sender": "column@court.example.gov.cn",
            "recipients": ["reader@example.gov.cn"],
            "size_max_mb": 1,
        },
        http=False,
        too_long=replace(POST, body="法" * 200_000),
    ),
    "wechat-publish": _wechat(
        "publish", '{"errcode":0,"errmsg":"ok","publish_id":"100000001"}', lambda order: b'{"media_id":"draft-1"}'
    ),
    "wechat-mass": _wechat("mass", '{"errcode":0,"errmsg":"ok","msg_id":1000001}', _mass_of),
    "weibo-share": _weibo(
        "share",
        '{"idstr":"5000000000000001","mid":"5000000000000001","created_at":"Mon Mar 02 09:00:00 +0800 2026"}',
        "status",
        replace(POST, channels={"main": Override(text="法" * 120), "site": Override()}),
    ),
    "weibo-article": _weibo(
        "article",
        '{"code":"100000","msg":"","data":{"object_id":"1022:1","url":"https://weibo.com/ttarticle/p/show?id=1","mid":"1"}}',
        "content",
        replace(POST, title="法" * 33),
    ),
    "douyin-manual": _douyin("manual", {}, {}),
    "douyin-image_text": _douyin("image_text", {"images": '["a", "b"]'}, {"image_list": ["a", "b"]}),
    "wordpress": Spec(
        kind="wordpress",
        settings=lambda base: {
            "base_url": base,
            "username": "column",
            "application_password": WORDPRESS_PASSWORD,
            "rest": "plain",
            "link": "site",
        },
        # The marker's block stands around what was frozen.
        frozen=lambda body: json.loads(body)["content"].split("\n", 1)[1].rsplit("\n", 1)[0].encode(),
        good=json.dumps(
            {
                "id": 7,
                "slug": "tianjian",
                "status": "publish",
                "link": "https://blog.example.gov.cn/tianjian/",
                "capabilities": dict.fromkeys(
                    ("publish_posts", "edit_published_posts", "delete_published_posts", "upload_files"), True
                ),
            }
        ),
        staged={"post": "", "pictures": "{}", "tags": "[]"},
        secrets=(
            WORDPRESS_PASSWORD,
            WORDPRESS_PASSWORD.replace(" ", ""),
            base64.b64encode(f"column:{WORDPRESS_PASSWORD}".encode()).decode(),
        ),
    ),
    "webhook": Spec(
        kind="webhook",
        settings=lambda base: {
            "url": f"{base}/hooks/{HOOK_TOKEN}?token={HOOK_TOKEN}",
            "secret": HOOK_SECRET,
            "headers": {"Authorization": HEADER_SECRET},
            "allow_private": True,
            "success": "ok",
            "remote_id": "id",
            "address": "url",
        },
        good='{"ok": true, "id": 7, "url": "https://cms.example.gov.cn/7.html"}',
        secrets=(HOOK_TOKEN, HOOK_SECRET, HOOK_SECRET.removeprefix("whsec_"), HEADER_SECRET),
        too_long=replace(POST, body="法" * 200_000),
    ),
}
