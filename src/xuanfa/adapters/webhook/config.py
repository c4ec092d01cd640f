"""The settings of a webhook channel, each with what a wrong one is told."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Self

import httpx
from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator

from xuanfa.adapters.protocol import AdapterConfig
from xuanfa.adapters.shared.answers import Reading, parse_condition, parse_path
from xuanfa.adapters.shared.fields import OptionalAddress, has_sound_host
from xuanfa.adapters.shared.signing import secret_bytes
from xuanfa.domain.language import say

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
#: Set by the protocol itself; one written by hand would break framing, routing or the signature.
_RESERVED = frozenset(
    {
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
    }
)
#: Where a rehearsal without a url goes: ``.invalid`` never resolves (RFC 2606).
_PRACTICE = "https://rehearsal.invalid/hook"


def _listed(value: Any) -> Any:
    """One or several, as a list; several secrets in one environment variable are parted by spaces or commas."""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return re.split(r"[\s,]+", value.strip()) if isinstance(value, str) and value.strip() else (value or [])


def _conditions(value: Any) -> Any:
    return [value] if isinstance(value, str) and value.strip() else (value or [])


class WebhookConfig(AdapterConfig):
    """One endpoint."""

    #: Path and query often hold a key, so the whole address is a secret. Not needed in a rehearsal.
    url: SecretStr = SecretStr("")
    #: ``whsec_…``, or two of them while one replaces the other.
    secret: Annotated[tuple[SecretStr, ...], BeforeValidator(_listed)] = ()
    #: A file in ``templates/webhook/``; its ending says what is sent: ``.json``, ``.xml`` or ``.txt``.
    template: str = "default.json"
    headers: Mapping[str, SecretStr] = Field(default_factory=dict)
    #: Whether the server may be in the office's own network.
    allow_private: bool = False
    #: What the JSON answer must say (see ``answers``); all of several. Without it any 2xx will do.
    success: Annotated[tuple[str, ...], BeforeValidator(_conditions)] = ()
    #: Where the answer holds the receiver's id and the public address.
    remote_id: str = ""
    address: str = ""
    #: The channel whose address of the same post is offered to the template as ``address``, where the post goes there.
    link: str = "site"
    #: Where the linked site shows its pictures (``https://…/assets/pictures/``), so that the receiver can fetch them.
    pictures: OptionalAddress = ""
    #: For how long the receiver remembers ``webhook-id`` and answers the same again; 0 is never. Wrong is twice: ask the receiver.
    replay_hours: int = Field(default=0, ge=0, le=24 * 365)
    #: Whether the receiver may act on a request of which only the beginning arrived; a broken one is in doubt then.
    acts_on_half: bool = False
    #: How many requests a minute the receiver bears; 0 is any.
    limit_per_minute: int = Field(default=0, ge=0)

    @field_validator("url")
    @classmethod
    def _is_url(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value().strip()
        if text and not has_sound_host(text):
            raise ValueError(
                say(
                    "url 应是以 https:// 开头的完整地址",
                    "url must be a full address that begins with https://",
                )
            )
        return SecretStr(text)

    @field_validator("secret")
    @classmethod
    def _are_secrets(cls, values: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for value in values:
            secret_bytes(value.get_secret_value())
        return values

    @field_validator("template")
    @classmethod
    def _is_template(cls, value: str) -> str:
        if not re.fullmatch(r"[\w.-]+\.(json|xml|txt)", value) or value.startswith("."):
            raise ValueError(
                say(
                    "template 是 templates/webhook/ 里的文件名，以 .json、.xml 或 .txt 结尾",
                    "template is the name of a file in templates/webhook/ that ends in .json, .xml or .txt",
                )
            )
        return value

    @field_validator("headers")
    @classmethod
    def _are_headers(cls, values: Mapping[str, SecretStr]) -> Mapping[str, SecretStr]:
        for name, value in values.items():
            if not _TOKEN.fullmatch(name) or name.lower() in _RESERVED:
                raise ValueError(
                    say(
                        "不能设置请求头“{name}”：由程序填写，或名称不合规定",
                        "the header {name!r} cannot be set: it is the program's own, or its name is not allowed",
                        name=name,
                    )
                )
            if not (value.get_secret_value().isascii() and value.get_secret_value().isprintable()):
                raise ValueError(
                    say(
                        "请求头“{name}”的值只能用可见的英文字符，不能换行",
                        "the value of the header {name!r} must be printable ASCII on one line",
                        name=name,
                    )
                )
        return values

    @field_validator("success")
    @classmethod
    def _are_conditions(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            parse_condition(value)
        return values

    @field_validator("remote_id", "address")
    @classmethod
    def _is_path(cls, value: str) -> str:
        return parse_path(value) if value else value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.url.get_secret_value() and not self.rehearsal:
            raise ValueError(
                say(
                    "缺少 url：请填接收方给的接口地址；暂时没有就先写 rehearsal = true",
                    "url is missing: put the receiver's address here; without one, write rehearsal = true",
                )
            )
        return self

    def endpoint(self) -> httpx.URL:
        """The address to send to."""
        return httpx.URL(self.url.get_secret_value() or _PRACTICE)

    def reading(self) -> Reading:
        """How the answers are read."""
        return Reading(tuple(parse_condition(text) for text in self.success), self.remote_id, self.address)

    def plain_headers(self) -> dict[str, str]:
        """The headers as they are sent."""
        return {name: value.get_secret_value() for name, value in self.headers.items()}

    def hidden_texts(self) -> tuple[str, ...]:
        """Everything that no text about an answer may show: servers echo paths and headers."""
        url = self.endpoint()
        target = url.raw_path.decode("ascii")
        parts = [target, url.path, url.query.decode("ascii"), url.password, *url.params.values()]
        parts += [part for part in url.path.split("/") if len(part) >= 16]  # noqa: PLR2004 - a word is shorter, a token is not
        secrets = [secret.get_secret_value() for secret in (*self.secret, *self.headers.values())]
        return (str(url), *(part for part in parts if len(part) >= 4), *secrets)  # noqa: PLR2004 - shorter ones hide nothing
