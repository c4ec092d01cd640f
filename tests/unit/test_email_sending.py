"""Email through a real SMTP server with encryption and sign-in, and through servers that break off at every step."""

import email
import email.policy
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from PIL import Image

from tests.support.odd_server import Connection, odd_server
from xuanfa.adapters.mail import EmailAdapter, line
from xuanfa.adapters.mail.config import EmailConfig
from xuanfa.adapters.wire.tls import trusting
from xuanfa.content.kit import PostKit
from xuanfa.content.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.attempt import Order
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.finding import blocking
from xuanfa.domain.lease import PERMIT, Lease, Permit, lasting
from xuanfa.domain.outcome import Blame, Deferred, Published, Rejected, Unknown, Unsent
from xuanfa.domain.post import Post
from xuanfa.domain.rendition import Rendition, bind

TEMPLATES = Templates([Path(__file__).parents[2] / "templates"])
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
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


class Mailbox:
    """What a server took; ``refuse`` maps a recipient, or ``DATA``, to the reply it gets."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.refuse: dict[str, str] = {}

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address not in self.refuse:
            envelope.rcpt_tos.append(address)
        return self.refuse.get(address, "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if "DATA" not in self.refuse:
            self.taken.append(envelope)
        return self.refuse.get("DATA", "250 queued as 1A2B3C")


def _sign_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``key.pem`` and ``cert.pem`` for 127.0.0.1, made here and known to nobody."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return folder


Start = Callable[..., tuple[Mailbox, int]]


@pytest.fixture
def start(certificate: Path) -> Iterator[Start]:
    """Start a real server: its mailbox and its port."""
    with ExitStack() as stack:

        def make(*, encrypted: bool = True, size: int | None = None) -> tuple[Mailbox, int]:
            mailbox = Mailbox()
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
            tls = {
                "tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": _sign_in,
            }  # fmt: skip
            port = _free_port()
            controller = Controller(
                mailbox, "127.0.0.1", port, data_size_limit=size or 33_554_432, **(tls if encrypted else {})
            )
            controller.start()
            stack.callback(controller.stop)
            return mailbox, port

        yield make


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


Bind = Callable[..., EmailAdapter]


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


@pytest.fixture
def bind_mail(media: MediaStore, certificate: Path) -> Bind:
    """A channel to three readers; ``port`` says where its server is."""

    def make(port: int, *, limit: float = 30.0, **settings: Any) -> EmailAdapter:
        given = {
            "adapter": "email", "host": "127.0.0.1", "port": port, "username": USER, "password": PASSWORD,
            "sender": "column@court.example.gov.cn", "ca_file": str(certificate / "cert.pem"),
            "recipients": [f"{name}@example.gov.cn" for name in ("a", "b", "c")],
        } | settings  # fmt: skip
        config = EmailConfig.model_validate(given)
        tls = trusting([Path(config.ca_file)] if config.ca_file else [])
        tools = SimpleNamespace(picture=media.path, folder=Path(), tls=tls, limit=limit)
        return EmailAdapter(config, tools)  # type: ignore[arg-type]

    return make


@pytest.fixture
def post(media: MediaStore, tmp_path: Path) -> Post:
    file = tmp_path / "court.png"
    Image.new("RGB", (800, 450), "#0b57a8").save(file)
    return replace(POST, pictures=(media.keep(file, "images/court.png", alt="庭审", caption="庭审现场"),))


def render(adapter: EmailAdapter, post: Post, media: MediaStore, *channels: str) -> Rendition:
    kit = PostKit(
        post=post,
        organisation=Organisation(name="金昌市中级人民法院"),
        column=Column(id="action", title="我们在行动"),
        channel="mail",
        kind="email",
        zone=ZONE,
        templates=TEMPLATES,
        media=media,
        channels=frozenset({"mail", *channels}),
    )
    return adapter.render(kit.post, kit)


def order(rendition: Rendition, attempt: int = 1) -> Order:
    return Order(
        delivery=1, attempt=attempt, key=KEY, post="tianjian", revision=1, channel="mail", column="action",
        rendition=bind(rendition, {"site": "https://www.example.gov.cn/tianjian/"}, NOW), published_at=NOW,
    )  # fmt: skip


@pytest.fixture
def plain(bind_mail: Bind, media: MediaStore) -> Callable[..., Order]:
    """An order without pictures."""

    def make(attempt: int = 1) -> Order:
        return order(render(bind_mail(1), replace(POST, body="正文。"), media), attempt)

    return make


def test_a_post_arrives_encrypted_signed_in_and_readable_in_every_mail_program(
    start: Start, bind_mail: Bind, media: MediaStore, post: Post
) -> None:
    mailbox, port = start()
    adapter = bind_mail(port)
    outcome = adapter.publish(order(render(adapter, post, media, "site")))
    assert isinstance(outcome, Published), outcome
    assert "1A2B3C" in outcome.receipt.evidence
    [taken] = mailbox.taken
    assert taken.mail_from == "column@court.example.gov.cn"
    assert taken.rcpt_tos == ["a@example.gov.cn", "b@example.gov.cn", "c@example.gov.cn"]
    message = email.message_from_bytes(taken.content, policy=email.policy.SMTP)  # type: ignore[arg-type]
    assert message["Subject"] == "【我们在行动】巡回审判到田间"
    assert message["From"].addresses[0].display_name == "金昌市中级人民法院"
    assert message["Date"].datetime == NOW
    assert message["Message-ID"] == f"<{KEY}@court.example.gov.cn>"
    assert message["List-Id"] == "<action.court.example.gov.cn>"
    text, page = message.get_body(("plain",)), message.get_body(("html",))
    assert isinstance(text, EmailMessage)
    assert isinstance(page, EmailMessage)
    assert "\n.一行以点开头\n" in text.get_content().replace("\r", "")
    assert "网页版：https://www.example.gov.cn/tianjian/" in text.get_content()
    [picture] = [part for part in message.walk() if part.get_content_maintype() == "image"]
    assert f'src="cid:{picture["Content-ID"].strip("<>")}" width="624"' in page.get_content()
    assert picture.get_content() == media.path(post.pictures[0]).read_bytes()


def test_readers_do_not_see_each_other_unless_the_office_says_so(
    start: Start, bind_mail: Bind, plain: Callable[..., Order]
) -> None:
    mailbox, port = start()
    bind_mail(port).publish(plain())
    bind_mail(
        port, show_recipients=True, reply_to="office@example.gov.cn", unsubscribe="mailto:no@example.gov.cn"
    ).publish(plain())
    hidden, shown = (email.message_from_bytes(taken.content, policy=email.policy.SMTP) for taken in mailbox.taken)  # type: ignore[arg-type]
    assert hidden["To"].addresses[0].addr_spec == "column@court.example.gov.cn"
    assert b"a@example.gov.cn" not in mailbox.taken[0].content  # type: ignore[operator]
    assert [address.addr_spec for address in shown["To"].addresses] == [
        "a@example.gov.cn",
        "b@example.gov.cn",
        "c@example.gov.cn",
    ]
    assert shown["Reply-To"] == "office@example.gov.cn"
    assert shown["List-Unsubscribe"] == "<mailto:no@example.gov.cn>"


def test_the_same_order_is_the_same_bytes_in_every_try(
    start: Start, bind_mail: Bind, media: MediaStore, post: Post
) -> None:
    mailbox, port = start()
    rendition = render(bind_mail(port), post, media)
    for attempt in (1, 2):
        bind_mail(port).publish(order(rendition, attempt))
    assert mailbox.taken[0].content == mailbox.taken[1].content
    assert mailbox.taken[0].content.isascii()  # type: ignore[union-attr]


def test_a_wrong_password_is_the_operators_and_is_not_shown(
    start: Start, bind_mail: Bind, plain: Callable[..., Order]
) -> None:
    mailbox, port = start()
    adapter = bind_mail(port, password="Not-The-Password-1")
    for findings in ([*adapter.diagnose()], [*_rejected(adapter.publish(plain()), Blame.CHANNEL)]):
        assert [finding.code for finding in findings] == ["email.sign_in"]
        assert "授权码" in findings[0].message
        assert "Not-The-Password-1" not in findings[0].message
    assert mailbox.taken == []


def _rejected(outcome: object, blame: Blame) -> tuple[Any, ...]:
    assert isinstance(outcome, Rejected), outcome
    assert outcome.blame is blame
    return outcome.findings


def test_a_certificate_that_nobody_vouches_for_is_refused(
    start: Start, bind_mail: Bind, plain: Callable[..., Order]
) -> None:
    _, port = start()
    adapter = bind_mail(port, ca_file="")
    assert _rejected(adapter.publish(plain()), Blame.CHANNEL)[0].code == "email.certificate"


def test_a_server_without_encryption_is_not_told_the_password(
    start: Start, bind_mail: Bind, plain: Callable[..., Order]
) -> None:
    mailbox, port = start(encrypted=False)
    assert _rejected(bind_mail(port).publish(plain()), Blame.CHANNEL)[0].code == "email.unsupported"
    assert isinstance(bind_mail(port, security="none", username="").publish(plain()), Published)
    assert len(mailbox.taken) == 1


def test_a_diagnosis_signs_in_and_sends_nothing(start: Start, bind_mail: Bind) -> None:
    mailbox, port = start()
    assert bind_mail(port).diagnose() == []
    assert [finding.code for finding in bind_mail(_free_port()).diagnose()] == ["email.connect"]
    assert mailbox.taken == []


def test_readers_who_are_refused_for_good_are_named_in_the_receipt(
    start: Start, bind_mail: Bind, plain: Callable[..., Order]
) -> None:
    mailbox, port = start()
    mailbox.refuse = {"b@example.gov.cn": "550 no such user"}
    outcome = bind_mail(port).publish(plain())
    assert isinstance(outcome, Published)
    assert "b@example.gov.cn (550 no such user)" in outcome.receipt.evidence
    assert mailbox.taken[0].rcpt_tos == ["a@example.gov.cn", "c@example.gov.cn"]


def test_a_reader_who_is_refused_for_the_moment_is_waited_for_but_not_for_ever(
    start: Start, bind_mail: Bind, plain: Callable[..., Order]
) -> None:
    mailbox, port = start()
    mailbox.refuse = {"b@example.gov.cn": "450 greylisted"}
    for attempt in (1, 2, 3):
        assert isinstance(bind_mail(port).publish(plain(attempt)), Deferred)
    assert mailbox.taken == []
    assert isinstance(bind_mail(port).publish(plain(4)), Published)


def test_readers_who_are_all_refused_are_the_operators(
    start: Start, bind_mail: Bind, plain: Callable[..., Order]
) -> None:
    mailbox, port = start()
    mailbox.refuse = {f"{name}@example.gov.cn": "550 no such user" for name in "abc"}
    assert _rejected(bind_mail(port).publish(plain()), Blame.CHANNEL)[0].code == "email.recipients"
    mailbox.refuse["c@example.gov.cn"] = "451 try later"
    assert isinstance(bind_mail(port).publish(plain()), Deferred)


def test_a_message_that_is_refused_after_reading_is_the_authors(
    start: Start, bind_mail: Bind, plain: Callable[..., Order]
) -> None:
    mailbox, port = start()
    mailbox.refuse = {"DATA": "554 looks like spam"}
    assert _rejected(bind_mail(port).publish(plain()), Blame.CONTENT)[0].code == "email.message"
    mailbox.refuse = {"DATA": "451 disk full"}
    assert isinstance(bind_mail(port).publish(plain()), Deferred)


def test_a_message_larger_than_the_server_takes_is_refused_before_it_is_sent(
    start: Start, bind_mail: Bind, media: MediaStore, post: Post
) -> None:
    mailbox, port = start(size=2000)
    adapter = bind_mail(port)
    assert _rejected(adapter.publish(order(render(adapter, post, media))), Blame.CONTENT)[0].code == "email.too_large"
    assert mailbox.taken == []


def test_a_closed_port_means_that_nothing_was_sent(bind_mail: Bind, plain: Callable[..., Order]) -> None:
    assert isinstance(bind_mail(_free_port()).publish(plain()), Unsent)


class Breaking:
    """A server on a raw socket that breaks off at ``step``: it hangs up, or falls silent, instead of replying to it."""

    _REPLIES = (
        ("EHLO", b"250 hello\r\n"),
        ("MAIL", b"250 ok\r\n"),
        ("RCPT", b"250 ok\r\n"),
        ("DATA", b"354 go on\r\n"),
    )

    def __init__(self, step: str, *, silent: bool) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.message = b""
        self.over = threading.Event()
        self._step, self._silent = step, silent
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection, connection.makefile("rb") as lines:
            if self._step == "greeting":
                return self._break_off()
            connection.sendall(b"220 welcome\r\n")
            for verb, reply in (*self._REPLIES[:2], *self._REPLIES[2:3] * 3, self._REPLIES[3]):
                assert lines.readline().upper().startswith(verb.encode())
                if self._step == verb:
                    return self._break_off()
                connection.sendall(reply)
            if self._step == "message":
                lines.read(10)
                return self._break_off()
            while not self.message.endswith(b"\r\n.\r\n"):
                self.message += lines.readline()
            return self._break_off()

    def _break_off(self) -> None:
        if self._silent:
            self.over.wait(20)

    def stop(self) -> None:
        self.over.set()
        self._thread.join()
        self._listener.close()


@pytest.mark.parametrize("silent", [False, True], ids=["hangs up", "falls silent"])
@pytest.mark.parametrize("step", ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "dot"])
def test_only_after_the_closing_dot_a_broken_dialogue_is_doubt(
    bind_mail: Bind, plain: Callable[..., Order], step: str, silent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "STEP_WITHIN", 0.2)
    monkeypatch.setattr(line, "TAKEN_WITHIN", 0.2)
    server = Breaking(step, silent=silent)
    adapter = bind_mail(server.port, security="none", username="", password="")
    outcome = adapter.publish(plain())
    server.stop()
    assert type(outcome) is (Unknown if step == "dot" else Unsent)
    assert (server.message != b"") is (step == "dot")
    assert isinstance(adapter.confirm(plain(), None), Unknown)


def test_a_connection_that_breaks_in_the_middle_of_the_message_sent_nothing(
    bind_mail: Bind, plain: Callable[..., Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large enough to fill the buffers between, so that the writer notices before the dot."""
    monkeypatch.setattr(line, "STEP_WITHIN", 5)
    server = Breaking("message", silent=False)
    adapter = bind_mail(server.port, security="none", username="", password="", size_max_mb=100)
    large = plain()
    rendition = replace(large.rendition, body=large.rendition.body + "法" * 6_000_000)
    outcome = adapter.publish(replace(large, rendition=rendition))
    server.stop()
    assert isinstance(outcome, Unsent)
    assert not blocking(adapter.check(large.rendition))


def chatting(step: str) -> Callable[[Connection], None]:
    """A server that at ``step`` goes on replying line by line, for ever."""

    def behave(connection: Connection) -> None:
        lines = connection.socket.makefile("rb")
        connection.say(b"220 welcome\r\n")
        for verb, reply in (
            ("EHLO", b"250 hello\r\n"),
            ("MAIL", b"250 ok\r\n"),
            *[("RCPT", b"250 ok\r\n")] * 3,
            ("DATA", b"354 go\r\n"),
        ):
            assert lines.readline().upper().startswith(verb.encode())
            if step == verb:
                break
            connection.say(reply)
        while step == "dot" and lines.readline() != b".\r\n":
            pass
        endless(connection)

    return behave


def endless(connection: Connection) -> None:
    while not connection.server.over.is_set():
        connection.say(b"250-and another line\r\n")
        connection.wait(0.02)


@pytest.mark.parametrize(("step", "expected"), [("EHLO", Unsent), ("RCPT", Unsent), ("DATA", Unsent), ("dot", Unknown)])
def test_one_deadline_ends_the_whole_dialogue(
    bind_mail: Bind, plain: Callable[..., Order], step: str, expected: type
) -> None:
    with odd_server(chatting(step)) as server:
        adapter = bind_mail(server.port, limit=0.6, security="none", username="", password="")
        begun = lasting()
        outcome = adapter.publish(plain())
        assert lasting() - begun < 2
    assert type(outcome) is expected
    assert "用满 1 秒" in outcome.evidence  # type: ignore[union-attr]


def test_replies_without_end_are_not_read_for_ever(bind_mail: Bind, plain: Callable[..., Order]) -> None:
    def flood(connection: Connection) -> None:
        connection.say(b"220 welcome\r\n")
        connection.socket.recv(100)
        while not connection.server.over.is_set():
            connection.say(b"250-and another line\r\n" * 1000)

    with odd_server(flood) as server:
        outcome = bind_mail(server.port, security="none", username="", password="").publish(plain())
    assert isinstance(outcome, Unsent)
    assert "1,100,000" in outcome.evidence


def test_the_last_dot_is_not_sent_after_the_lease(start: Start, bind_mail: Bind, plain: Callable[..., Order]) -> None:
    """The lease ends while the message is handed over: without its dot it is nobody's, and nothing else is said to the server."""
    mailbox, port = start(encrypted=False)
    now = [NOW]
    permit = Permit(Lease(until=NOW + timedelta(seconds=120), span=timedelta(seconds=120)), lambda: now[0])
    real = line.Line.send

    def send(self: line.Line, data: Any) -> None:
        real(self, data)
        if len(data) > 1000:
            now[0] += timedelta(seconds=121)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line.Line, "send", send)
        token = PERMIT.set(permit)
        outcome = bind_mail(port, security="none", username="", password="").publish(plain())
        PERMIT.reset(token)
    assert isinstance(outcome, Unsent)
    assert "租约" in outcome.evidence
    assert mailbox.taken == []
    assert permit.last is not None
    assert permit.last.total == permit.last.sent + len(b".\r\n")
