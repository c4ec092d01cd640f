"""One message handed to an SMTP server (RFC 5321), and what each reply proves.

Up to the line with the single dot the server has nothing that it may deliver: whatever goes wrong before it has left is Unsent or a refusal.
From there on only the server's own reply tells; without it nobody knows. The dot goes through the fence: see ``adapters.wire``.
"""

import base64
import contextlib
import re
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import httpcore

from xuanfa.adapters.email.config import EmailConfig
from xuanfa.adapters.email.line import Line
from xuanfa.adapters.shared.wire.exchange import Exchange, WireError, proved
from xuanfa.domain.broken import broken_words, certificate_words
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say, together
from xuanfa.domain.lease import PERMIT
from xuanfa.domain.outcome import Blame, Deferred, Outcome, Published, Rejected, Unknown, Unsent
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.shown import masked, printable

#: How long a server that says "not now" is left alone: greylisting wants some minutes.
LATER = timedelta(minutes=10)
#: Attempts in which a recipient who is refused for the moment stops the message for all; after them the others get it.
PATIENCE = 3

_OK, _WILL_FORWARD, _GO_ON, _SHUTTING_DOWN = 250, 251, 354, 421
_TOO_LARGE = {552, 523}
#: What ends a dialogue without a reply.
_BROKEN = (OSError, smtplib.SMTPException, httpcore.NetworkError, httpcore.TimeoutException, WireError)
_DOT = b".\r\n"


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply's code and text; the text is masked."""

    code: int
    text: str

    @property
    def passing(self) -> bool:
        """Whether it is a refusal for the moment only."""
        return 400 <= self.code < 500  # noqa: PLR2004 - RFC 5321, 4.2.1

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()


class Trouble(Exception):  # noqa: N818 - not an error of ours: how the dialogue ended
    """The dialogue came to an end before the message could leave."""

    def __init__(self, outcome: Deferred | Unsent | Rejected) -> None:
        super().__init__()
        self.outcome = outcome


class Dialogue:
    """A connection to the channel's server, greeted, encrypted and signed in, for one message or none; use with ``with``.

    Entering raises Trouble. Leaving says goodbye, if anyone still listens. All of it takes ``limit`` seconds at most.
    """

    def __init__(self, config: EmailConfig, tls: ssl.SSLContext, limit: float, message: bytes = b"") -> None:
        self._config = config
        self._tls = tls
        self._message = re.sub(rb"(?m)^\.", b"..", message)
        permit = PERMIT.get()
        self._exchange = Exchange(limit, permit, length=len(self._message) + len(_DOT))
        if permit is not None:
            permit.note(self._exchange)
        password = config.password.get_secret_value()
        pair = f"\0{config.username}\0{password}".encode()
        self._secrets = (password, base64.b64encode(pair).decode(), base64.b64encode(password.encode()).decode())
        self._server: Line
        #: Whether the server takes whatever comes for a part of the message: it is left without a word then.
        self._in_message = False

    def __enter__(self) -> "Dialogue":
        try:
            self._exchange.fence()
            self._server = Line(self._config, self._tls, self._exchange)
        except smtplib.SMTPResponseException as error:
            raise Trouble(self._refused(self._reply(error.smtp_code, error.smtp_error), _GREETING)) from None
        except _BROKEN as error:
            raise Trouble(self._unreached(error)) from None
        try:
            self._open()
        except BaseException:
            self._hang_up()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up()

    def _open(self) -> None:
        try:
            if self._config.security == "starttls":
                self._server.encrypt()
            self._server.ehlo_or_helo_if_needed()
            if self._config.username:
                self._server.login(self._config.username, self._config.password.get_secret_value())
        except smtplib.SMTPNotSupportedError:
            raise Trouble(_unsupported(self._config)) from None
        except smtplib.SMTPResponseException as error:
            stage = _SIGN_IN if isinstance(error, smtplib.SMTPAuthenticationError) else _GREETING
            raise Trouble(self._refused(self._reply(error.smtp_code, error.smtp_error), stage)) from None
        except _BROKEN as error:
            raise Trouble(self._unreached(error)) from None

    def hand_over(self, sender: str, recipients: Sequence[str], attempt: int) -> Outcome:
        """The message, once. ``attempt`` counts from one: see ``PATIENCE``."""
        try:
            refused = self._address(sender, recipients, len(self._message), attempt)
            self._expect(_GO_ON, self._command("DATA"), _MESSAGE)
            self._in_message = True
            self._exchange.begin(0)
            self._server.send(self._message)
            self._exchange.fence()
            self._server.send(_DOT)
            self._exchange.counts = False
        except Trouble as trouble:
            return trouble.outcome
        except _BROKEN as error:
            return self._unreached(error)
        return self._taken(refused, len(recipients))

    def _address(self, sender: str, recipients: Sequence[str], size: int, attempt: int) -> dict[str, Reply]:
        """Sender and recipients; those who were refused. At least one was not."""
        options = f" SIZE={size}" if self._server.has_extn("size") else ""
        self._expect(_OK, self._command(f"MAIL FROM:<{sender}>{options}"), _SENDER)
        refused: dict[str, Reply] = {}
        for recipient in recipients:
            reply = self._command(f"RCPT TO:<{recipient}>")
            if reply.code not in {_OK, _WILL_FORWARD}:
                refused[recipient] = reply
            if reply.code == _SHUTTING_DOWN:
                raise Trouble(_later(reply))
        passing = [reply for reply in refused.values() if reply.passing]
        if len(refused) == len(recipients):
            first = (passing or list(refused.values()))[0]
            raise Trouble(self._refused(first, _RECIPIENTS))
        if passing and attempt <= PATIENCE:
            raise Trouble(_later(passing[0]))
        return refused

    def _taken(self, refused: dict[str, Reply], count: int) -> Outcome:
        """The message is the server's now; its reply is the only evidence."""
        try:
            self._server.wait_for_the_last()
            reply = self._reply(*self._server.getreply())
        except _BROKEN as error:
            return Unknown(
                evidence=say(
                    "邮件已交出，服务器没有答复（{error}；{proved}）；请到收件箱查看，或向邮件管理员按 Message-ID 查询",
                    "the message was handed over and the server did not reply ({error}; {proved}); look into a recipient's mailbox, "
                    "or ask the mail administrator for its Message-ID",
                    error=_in_words(error),
                    proved=proved(self._exchange),
                )
            )
        self._in_message = False
        if reply.code != _OK:
            return self._refused(reply, _MESSAGE)
        return Published(receipt=Receipt(evidence=_evidence(reply, refused, count)))

    def _command(self, line: str) -> Reply:
        return self._reply(*self._server.docmd(line))

    def _reply(self, code: int, text: bytes | str) -> Reply:
        shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        return Reply(code, " ".join(printable(masked(shown, self._secrets)).split())[:200])

    def _expect(self, code: int, reply: Reply, stage: tuple[str, str, str]) -> None:
        if reply.code != code:
            raise Trouble(self._refused(reply, stage))

    def _refused(self, reply: Reply, stage: tuple[str, str, str]) -> Deferred | Rejected:
        """A refusal by stage: for the moment, or for good and then to be mended by the author (the message) or the operator (all else)."""
        if reply.passing:
            return _later(reply)
        name, zh, en = _TOO_LARGE_WORDS if reply.code in _TOO_LARGE else stage
        message = say(
            "邮件服务器拒绝（{reply}）：{why}。",
            "the mail server refused ({reply}): {why}.",
            reply=reply,
            why=say(zh, en),
        )
        blame = Blame.CONTENT if name in {"message", "too_large"} else Blame.CHANNEL
        return Rejected(findings=(Finding(code=f"email.{name}", message=message),), blame=blame)

    def _unreached(self, error: Exception) -> Unsent | Rejected:
        """Nothing that could be delivered has left. A certificate that does not hold will not hold next time either."""
        cause = error.__cause__
        if isinstance(cause, ssl.SSLCertVerificationError):
            message = say(
                "邮件服务器的证书不可信（{why}）。请核对 host，或请邮件管理员更新证书。",
                "the mail server's certificate cannot be trusted ({why}). Check host, or ask the mail administrator for a new certificate.",
                why=certificate_words(cause),
            )
            return Rejected(findings=(Finding(code="email.certificate", message=message),), blame=Blame.CHANNEL)
        host, port = self._config.endpoint
        text: str = say(
            "邮件没有发出：与 {host}:{port} 的连接出错（{error}）",
            "nothing was sent: trouble with the connection to {host}:{port} ({error})",
            host=host,
            port=port,
            error=masked(_in_words(error), self._secrets),
        )
        if self._in_message:
            text = together((text, proved(self._exchange)))
        return Unsent(evidence=text, left=self._exchange.sent)

    def _hang_up(self) -> None:
        # The outcome is known by now; a goodbye that nobody answers changes nothing.
        with contextlib.suppress(*_BROKEN):
            if not self._in_message:
                self._server.quit()
        self._server.close()


#: A stage's name in finding codes, and what to do about a refusal in it.
_GREETING = (
    "greeting",
    "服务器不接受本机连接，请邮件管理员放行本机地址",
    "it does not take connections from this machine; ask the mail administrator to allow its address",
)
_SIGN_IN = (
    "sign_in",
    "用户名或密码不对。很多邮箱要用“授权码”代替登录密码，请在邮箱设置里生成后写入 password",
    "the user name or the password is wrong. Many services want an app password in place of the login password: make one, put it into password",
)
_SENDER = (
    "sender",
    "不允许用这个发件人。请让 sender 与登录账号一致，或请邮件管理员授权",
    "the sender is not allowed. Let sender be the account that signs in, or ask the mail administrator",
)
_RECIPIENTS = (
    "recipients",
    "收件人全部被拒。请核对 recipients，或请邮件管理员放行",
    "all recipients were refused. Check recipients, or ask the mail administrator",
)
_MESSAGE = (
    "message",
    "内容没有通过服务器的检查。请按原话修改正文、图片或链接",
    "the message did not pass the server's checks. Change text, pictures or links as it says",
)
_TOO_LARGE_WORDS = (
    "too_large",
    "邮件太大。请减少图片，或只发摘要和链接",
    "the message is too large. Use fewer pictures, or send summary and link only",
)


def _later(reply: Reply) -> Deferred:
    reason = say(
        "邮件服务器暂不接收（{reply}）", "the mail server does not take it for the moment ({reply})", reply=reply
    )
    return Deferred(after=LATER, reason=reason)


def _unsupported(config: EmailConfig) -> Rejected:
    if config.security == "starttls":
        zh, en = (
            "服务器不支持 STARTTLS，或不支持所需的登录方式",
            "the server offers no STARTTLS, or no way to sign in that is known",
        )
    else:
        zh, en = "服务器没有可用的登录方式", "the server offers no way to sign in that is known"
    message = say(
        "{what}。请向邮件管理员问清加密方式和端口，修改 security 和 port。",
        "{what}. Ask the mail administrator which encryption and port to use, and set security and port.",
        what=say(zh, en),
    )
    return Rejected(findings=(Finding(code="email.unsupported", message=message),), blame=Blame.CHANNEL)


def _evidence(reply: Reply, refused: dict[str, Reply], count: int) -> str:
    """The server's words, and who does not get the message: part of the receipt, so that nobody counts them as reached."""
    if not refused:
        return str(reply)
    return say(
        "{reply}；{n} 个收件人中有 {m} 个被拒，没有收到：{who}。请核对 recipients",
        "{reply}; of {n} recipients {m} were refused and did not get it: {who}. Check recipients",
        reply=reply,
        n=count,
        m=len(refused),
        who=", ".join(f"{address} ({said})" for address, said in refused.items())[:600],
    )


def _in_words(error: Exception) -> str:
    return str(error) if isinstance(error, WireError) else broken_words(error)
