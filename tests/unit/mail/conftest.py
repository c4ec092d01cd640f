"""A channel of mail to three readers, a real server for it with encryption and sign-in, and orders for it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from PIL import Image

from tests.support import adapting
from tests.support.adapting import Tools
from tests.support.certified import serving
from tests.support.mail_server import Mailbox, mail_server
from xuanfa.adapters.email import EmailAdapter
from xuanfa.adapters.email.config import EmailConfig
from xuanfa.adapters.shared.wire.tls import trusting
from xuanfa.content.pictures.media import MediaStore
from xuanfa.domain.attempt import Order
from xuanfa.domain.column import Organisation
from xuanfa.domain.outcome import Blame, Rejected
from xuanfa.domain.post import Post
from xuanfa.domain.rendition import Rendition

USER, PASSWORD = "column", "Sunny-Harbour-42"
KEY = "0123456789abcdef0123456789abcdef"
POST = Post(
    slug="tianjian",
    title="巡回审判到田间",
    column="action",
    body='把法庭搬到**田间地头**。\n\n.一行以点开头\n\n![庭审](images/court.png "庭审现场")',
    summary="把法庭搬到田间地头。",
    department="民一庭",
)


def _sign_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


Start = Callable[..., tuple[Mailbox, int]]


@pytest.fixture
def start(authority: Path) -> Iterator[Start]:
    """Start a real server: its mailbox and its port."""
    with ExitStack() as stack:

        def make(*, encrypted: bool = True, size: int | None = None) -> tuple[Mailbox, int]:
            mailbox = Mailbox()
            tls = {
                "tls_context": serving(authority), "require_starttls": True, "auth_required": True, "authenticator": _sign_in,
            }  # fmt: skip
            size_limit = size or 33_554_432
            port = stack.enter_context(mail_server(mailbox, data_size_limit=size_limit, **(tls if encrypted else {})))
            return mailbox, port

        yield make


Bind = Callable[..., EmailAdapter]


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


@pytest.fixture
def bind_mail(tmp_path: Path, authority: Path) -> Bind:
    """A channel to three readers; ``port`` says where its server is."""

    def make(port: int, *, limit: float = 30.0, **settings: Any) -> EmailAdapter:
        given = {
            "adapter": "email", "host": "127.0.0.1", "port": port, "username": USER, "password": PASSWORD,
            "sender": "column@court.example.gov.cn", "ca_file": str(authority / "cert.pem"),
            "recipients": [f"{name}@example.gov.cn" for name in ("a", "b", "c")],
        } | settings  # fmt: skip
        config = EmailConfig.model_validate(given)
        tls = trusting([Path(config.ca_file)] if config.ca_file else [])
        tools = Tools(folder=tmp_path, kind="email", tls=tls, limit=limit)
        return EmailAdapter(config, tools)

    return make


@pytest.fixture
def post(media: MediaStore, tmp_path: Path) -> Post:
    file = tmp_path / "court.png"
    Image.new("RGB", (800, 450), "#0b57a8").save(file)
    return replace(POST, pictures=(media.keep(file, "images/court.png", alt="庭审", caption="庭审现场"),))


def render(adapter: EmailAdapter, post: Post, media: MediaStore, *others: str) -> Rendition:
    office = Organisation(name="金昌市中级人民法院")
    return adapting.render(adapter, post, *others, channel="mail", media=media, organisation=office)


order = partial(adapting.order, channel="mail", key=KEY, post="tianjian", site="https://www.example.gov.cn/tianjian/")


@pytest.fixture
def plain(bind_mail: Bind, media: MediaStore) -> Callable[..., Order]:
    """An order without pictures."""

    def make(attempt: int = 1) -> Order:
        return order(render(bind_mail(1), replace(POST, body="正文。"), media), attempt=attempt)

    return make


def _rejected(outcome: object, blame: Blame) -> tuple[Any, ...]:
    assert isinstance(outcome, Rejected), outcome
    assert outcome.blame is blame
    return outcome.findings
