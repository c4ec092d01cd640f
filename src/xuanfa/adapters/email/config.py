"""The settings of an email channel."""

import re
from email.headerregistry import Address
from email.utils import parseaddr
from typing import ClassVar, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from xuanfa.adapters.protocol import AdapterConfig
from xuanfa.domain.language import say

Security = Literal["starttls", "tls", "none"]

#: RFC 6409 (submission), RFC 8314 (implicit TLS), RFC 5321.
PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class EmailConfig(AdapterConfig):
    """Through which server, from whom, and to whom."""

    wired: ClassVar[frozenset[str]] = frozenset({"ca_file"})

    host: str = ""
    #: ``None`` is the usual one for ``security``: 587, 465 or 25.
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Security = "starttls"
    username: str = ""
    password: SecretStr = SecretStr("")
    #: ``name@example.gov.cn`` or ``某某法院 <name@example.gov.cn>``; without a name the office's is shown.
    sender: str = ""
    #: Addresses, 100 at most (RFC 5321, 4.5.3.1.8); a mailing list is one.
    recipients: tuple[str, ...] = Field(default=(), max_length=100)
    #: Whether recipients see each other's addresses.
    show_recipients: bool = False
    reply_to: str = ""
    #: Where readers take themselves off: ``https://…`` or ``mailto:…``.
    unsubscribe: str = ""
    #: The channel whose address of the same post is put in, where the post goes there.
    link: str = "site"
    #: What most servers take. Megabytes, with pictures, as they travel.
    size_max_mb: int = Field(default=10, ge=1, le=100)
    #: 0 is no limit of our own.
    limit_per_minute: int = Field(default=0, ge=0)

    @field_validator("recipients")
    @classmethod
    def _are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for number, text in enumerate(value, 1):
            if not _mailbox(text):
                raise ValueError(
                    say(
                        "第 {n} 个不是邮件地址，应像 name@example.gov.cn",
                        "number {n} is no mail address such as name@example.gov.cn",
                        n=number,
                    )
                )
        return tuple(dict.fromkeys(_mailbox(text) for text in value))

    @field_validator("sender", "reply_to")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not _mailbox(value):
            raise ValueError(
                say(
                    "不是邮件地址，应像 name@example.gov.cn",
                    "is no mail address such as name@example.gov.cn",
                )
            )
        return value

    @field_validator("username", "password")
    @classmethod
    def _is_ascii(cls, value: str | SecretStr) -> str | SecretStr:
        if not (value.get_secret_value() if isinstance(value, SecretStr) else value).isascii():
            raise ValueError(
                say(
                    "只能有英文字母、数字和符号，请检查是否混入全角字符",
                    "has ASCII characters only; look for full-width ones",
                )
            )
        return value

    @field_validator("unsubscribe")
    @classmethod
    def _is_link(cls, value: str) -> str:
        if value and not re.fullmatch(r"(https://|mailto:)[!-;=?-~]+", value):
            raise ValueError(
                say(
                    "退订地址应以 https:// 或 mailto: 开头",
                    "the address to unsubscribe begins with https:// or mailto:",
                )
            )
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.rehearsal:
            return self
        missing = [name for name in ("host", "sender", "recipients") if not getattr(self, name)]
        if missing:
            raise ValueError(
                say(
                    "缺少 {keys}：请向邮件管理员索取发信服务器，写明发件人和收件人；暂时没有就先写 rehearsal = true",
                    "{keys} missing: ask the mail administrator for the server, name sender and recipients; without them, write rehearsal = true",
                    keys=say("、", ", ").join(missing),
                )
            )
        if self.username and self.security == "none":
            raise ValueError(
                say(
                    'security = "none" 时不能带用户名和密码，否则密码会明文传输；请改为 starttls 或 tls',
                    'with security = "none" the password would travel in the open; set starttls or tls, or remove username',
                )
            )
        return self

    @property
    def endpoint(self) -> tuple[str, int]:
        """Host and port."""
        return self.host, self.port or PORTS[self.security]

    @property
    def mailbox(self) -> str:
        """The sender's bare address; one of a reserved domain in a rehearsal without settings (RFC 2606)."""
        return _mailbox(self.sender) or "xuanfa@rehearsal.invalid"

    def sender_named(self, office: str) -> Address:
        """The sender with a name to show: its own, or the office's."""
        return Address(display_name=parseaddr(self.sender)[0] or office, addr_spec=self.mailbox)


def _mailbox(text: str) -> str:
    """The bare address in ``text``; empty where it is none that every server can take."""
    address = parseaddr(text)[1]
    return address if text.isprintable() and _MAILBOX.fullmatch(address) else ""
