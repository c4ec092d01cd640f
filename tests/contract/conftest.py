"""What the contract suite runs over: one ``Spec`` per kind, a workbench to bind it, and a server that misbehaves on demand.

A new kind adds one entry to ``SPECS``.
"""

import atexit
import base64
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import httpx
import pytest
from aiosmtpd.controller import Controller

from xuanfa.adapters.protocol import Adapter
from xuanfa.adapters.registry import adapter_class
from xuanfa.adapters.wire import Wire
from xuanfa.adapters.wire.tls import trusting
from xuanfa.content.kit import PostKit
from xuanfa.content.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.attempt import Order, delivery_key
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.outcome import Accepted, Published
from xuanfa.domain.post import Override, Picture, Post
from xuanfa.domain.rendition import Rendition, bind

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
#: Made once: loading the machine's certificates takes longer than most tests.
TLS = trusting()
TEMPLATES = Path(__file__).parents[2] / "templates"
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

    class Mailbox:
        async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
            return "250 queued"

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    controller = Controller(Mailbox(), "127.0.0.1", port)
    controller.start()
    atexit.register(controller.stop)
    return port


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


@dataclass(frozen=True)
class Request:
    """What a server got."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Server:
    """A loopback HTTP server on a thread; ``behave`` says how it treats the next requests."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.over = threading.Event()
        self.reply(200, "{}")
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                server.requests.append(Request(self.command, self.path, dict(self.headers.items()), body))
                self.close_connection = True
                server.behave(self)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any  # noqa: N815 - the names that http.server looks for

            def log_message(self, *args: object) -> None:
                """The tests' output is quiet."""

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *args: object) -> None:
                """A client that hangs up is part of the tests."""

        self._http = Quiet(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def reply(self, status: int, body: str, headers: Mapping[str, str] | None = None) -> None:
        """Answer properly."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            data = body.encode()
            handler.send_response(status)
            # It closes after each answer, and says so: a client that found out by itself might send its next request into the closing.
            handler.send_header("Connection", "close")
            for name, value in (headers or {}).items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(data)))
            handler.end_headers()
            handler.wfile.write(data)

        self.behave: Callable[[BaseHTTPRequestHandler], None] = answer

    def echo(self, status: int) -> None:
        """Answer with everything that was sent, as careless servers do in their error pages."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            got = self.requests[-1]
            data = f"{got.method} {got.path} {got.headers}".encode()
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(data)))
            handler.end_headers()
            handler.wfile.write(data)

        self.behave = answer

    def reset(self) -> None:
        """Cut the connection with RST instead of an answer."""

        def cut(handler: BaseHTTPRequestHandler) -> None:
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.connection.close()

        self.behave = cut

    def stall(self) -> None:
        """Read the request and never answer."""
        self.behave = lambda handler: self.over.wait() and None

    def half(self, body: str) -> None:
        """Promise a whole answer, send half of it, hang up."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            data = body.encode()
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(data)))
            handler.end_headers()
            handler.wfile.write(data[: len(data) // 2])

        self.behave = answer

    def stop(self) -> None:
        """Close the port. Doing it twice is well."""
        if self.over.is_set():
            return
        self.over.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


@dataclass
class Tools:
    """What an adapter works with, bound to a temporary workspace."""

    folder: Path
    kind: str
    http: httpx.Client
    memory: dict[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext = TLS
    limit: float = 5.0

    def picture(self, picture: Picture) -> Path:
        return MediaStore(self.folder / "media").path(picture)

    def template(self, name: str, /, **context: Any) -> str:
        return Templates([TEMPLATES]).render(f"{self.kind}/{name}", context)

    def remember(self, name: str, make: Callable[[], tuple[str, timedelta | None]]) -> str:
        if name not in self.memory:
            self.memory[name] = make()[0]
        return self.memory[name]

    def recall(self, name: str) -> str | None:
        return self.memory.get(name)

    def keep(self, name: str, value: str, life: timedelta | None) -> None:
        self.memory[name] = value

    def forget(self, name: str, value: str) -> None:
        if self.memory.get(name) == value:
            del self.memory[name]


class Workbench:
    """One kind, set up: it renders, orders and binds."""

    def __init__(self, spec: Spec, folder: Path, server: str) -> None:
        self.spec = spec
        self.folder = folder
        self.cls = adapter_class(spec.kind)
        self.settings: dict[str, Any] = {"adapter": spec.kind, **spec.settings(server)}
        self.client = httpx.Client(transport=Wire(TLS, limit=5.0), timeout=httpx.Timeout(5.0), trust_env=False)
        self.adapter = self.bind()

    def bind(self, client: httpx.Client | None = None, **settings: Any) -> Adapter:
        """The adapter over another client or with other settings."""
        config = self.cls.Config.model_validate(self.settings | settings)
        tools = Tools(self.folder, self.spec.kind, client or self.client, dict(self.spec.memory))
        return self.cls(config, tools)

    def kit(self, post: Post, channels: frozenset[str] = frozenset({"main", "site"})) -> PostKit:
        return PostKit(
            post=post,
            organisation=Organisation(
                name="金昌市中级人民法院",
                site_name="金昌法院网",
                site_domain="www.example.gov.cn",
                site_id_code="6203000001",
            ),
            column=Column(id="action", title="我们在行动", campaign="三抓三促", description="成效。"),
            channel="main",
            kind=self.spec.kind,
            zone=ZONE,
            templates=Templates([TEMPLATES]),
            media=MediaStore(self.folder / "media"),
            channels=channels,
        )

    def render(self, post: Post = POST) -> Rendition:
        kit = self.kit(post)
        return self.adapter.render(kit.post, kit)

    def order(self, rendition: Rendition | None = None) -> Order:
        bound = bind(rendition or self.render(), {"site": SITE_ADDRESS}, NOW)
        return Order(
            delivery=1,
            attempt=1,
            key=delivery_key(POST.slug, "main", bound.digest),
            post=POST.slug,
            revision=1,
            channel="main",
            column="action",
            rendition=bound,
            published_at=NOW,
            staged=dict(self.spec.staged),
        )


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


def _workbench(name: str, tmp_path: Path, server: Server) -> Iterator[Workbench]:
    (tmp_path / "media").mkdir()
    bench = Workbench(SPECS[name], tmp_path, server.address)
    yield bench
    bench.client.close()


@pytest.fixture(params=sorted(SPECS))
def bench(request: pytest.FixtureRequest, tmp_path: Path, server: Server) -> Iterator[Workbench]:
    """Every kind."""
    yield from _workbench(request.param, tmp_path, server)


@pytest.fixture(params=sorted(name for name, spec in SPECS.items() if spec.http))
def http_bench(request: pytest.FixtureRequest, tmp_path: Path, server: Server) -> Iterator[Workbench]:
    """Every kind that speaks HTTP."""
    yield from _workbench(request.param, tmp_path, server)


@pytest.fixture
def mail_bench(tmp_path: Path, server: Server) -> Iterator[Workbench]:
    """The kind that speaks SMTP."""
    yield from _workbench("email", tmp_path, server)


@pytest.fixture(params=sorted(name for name, spec in SPECS.items() if spec.too_long))
def limited_bench(request: pytest.FixtureRequest, tmp_path: Path, server: Server) -> Iterator[Workbench]:
    """Every kind with a limit of length."""
    yield from _workbench(request.param, tmp_path, server)


@pytest.fixture
def post() -> Post:
    return POST
