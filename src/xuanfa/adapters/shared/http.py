"""Send a request once, and say what is proved about it. No retries, no redirects."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

import httpx

from xuanfa import __version__
from xuanfa.adapters.shared.pages import as_read, asks_to_sign_in, decoded, is_page
from xuanfa.adapters.shared.wire.exchange import Exchange, WireError, proved
from xuanfa.domain.broken import broken_words
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say, together
from xuanfa.domain.moments import from_mail
from xuanfa.domain.outcome import Blame, Deferred, Rejected, Unknown, Unsent
from xuanfa.domain.shown import masked
from xuanfa.domain.strict_json import read_json

#: All four, or a silence would be endless: connecting is quick or hopeless, an upload or a slow CMS takes its time. Seconds.
TIMEOUT = httpx.Timeout(30.0, connect=10.0, pool=10.0)
#: A channel that says 429 without Retry-After is left alone for this long.
BREATH = timedelta(seconds=60)
#: The least wait, for a channel that says 429 and "0 seconds": waiting is not a try, so without it that would be a tight loop.
BREATH_MIN = timedelta(seconds=1)
#: The longest Retry-After that is believed: a mistyped one must not silence a channel for years. Asking again after a day harms nobody.
BREATH_MAX = timedelta(days=1)

# httpx logs every address at INFO and httpcore every header at DEBUG; addresses and headers hold keys.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)

#: What httpx raises before a single byte of the request has left (tried against misbehaving servers with httpx 0.28.1).
_NOTHING_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


#: What a status says of every request alike, whatever the post; in words for the operator.
_ADDRESS_WRONG = (
    "这个地址上没有接口：请核对渠道设置里的地址，或请对方检查服务器的转发规则",
    "there is no interface at this address: check it in the channel's settings, or have the server's rewrite rules checked",
)
_TOO_LARGE = (
    "服务器或其前面的代理不收这么大的请求：请对方调大上限（nginx 的 client_max_body_size），或少放图片",
    "the server, or a proxy in front of it, takes no request of this size: have the limit raised (client_max_body_size of nginx)",
)
_FORM_WRONG = (
    "服务器不接受这种形式的请求：请与对方核对接口地址和格式",
    "the server does not take requests of this form: check address and format with whoever runs it",
)
_IN_BETWEEN = (
    "回答是网页，不是接口的回答，多半来自中间的防火墙、网关或代理：请网络管理员放行",
    "the answer is a page and no interface's: most likely of a firewall, gateway or proxy in between; have it let this through",
)
_NETWORK_SIGN_IN = (
    "网络要求先登录认证：请在本机完成上网认证",
    "the network wants a sign-in first: sign in to it on this machine",
)
_MACHINES: Mapping[int, tuple[str, str]] = {
    **dict.fromkeys((404, 405, 410, 421), _ADDRESS_WRONG),
    **dict.fromkeys((413, 414, 431, 494), _TOO_LARGE),
    **dict.fromkeys((406, 411, 415, 417, 426, 495, 496, 497), _FORM_WRONG),
    511: _NETWORK_SIGN_IN,
}
#: Errors of RFC 9209 and names of Squid's pages that mean that no connection to the server was made.
_UNREACHED = re.compile(
    r"\berror\s*=\s*\"?(dns_timeout|dns_error|destination_not_found|destination_unavailable|destination_ip_prohibited"
    r"|destination_ip_unroutable|connection_refused|connection_timeout|connection_limit_reached|tls_certificate_error)\b"
)
_SQUID = frozenset(
    {"ERR_CONNECT_FAIL", "ERR_DNS_FAIL", "ERR_CANNOT_FORWARD", "ERR_ACCESS_DENIED", "ERR_SECURE_CONNECT_FAIL"}
)


def user_agent() -> str:
    """How the program names itself: name, version and, where the package names one, the project's address."""
    try:
        named = metadata("xuanfa").get_all("Project-URL") or []
    except PackageNotFoundError:
        named = []
    addresses = [
        address.strip()
        for label, _, address in (each.partition(",") for each in named)
        if label in {"Homepage", "Repository"}
    ]
    return f"xuanfa/{__version__}" + (f" (+{addresses[0]})" if addresses else "")


@dataclass(frozen=True)
class Answer:
    """An answer that arrived whole. ``secrets`` are texts that an excerpt of it must not show: servers echo what they were sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    secrets: Sequence[str] = field(default=(), repr=False)

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx, which alone does not mean that the channel did it."""
        return 200 <= self.status < 300  # noqa: PLR2004 - RFC 9110

    @cached_property
    def text(self) -> str:
        """The body as text."""
        return decoded(self.body, self.headers)

    @cached_property
    def data(self) -> Any:
        """The body as JSON; ``None`` where it is none (``domain.strict_json``)."""
        for body in (self.body, self.text):  # the first may be in any form of Unicode, as RFC 8259 had it
            try:
                return read_json(body)
            except ValueError:
                continue
        return None

    @property
    def fields(self) -> dict[str, Any]:
        """The body as a JSON object; empty where it is none."""
        return self.data if isinstance(self.data, dict) else {}

    @property
    def excerpt(self) -> str:
        """The beginning of what a person would read of the body, on one line, printable and without secrets, for evidence."""
        text = masked(as_read(self.text[:4000]), self.secrets)
        if not text.isprintable():
            text = "".join(letter if letter.isprintable() else " " for letter in text)
        return " ".join(text.split())[:300]

    @property
    def retry_after(self) -> timedelta | None:
        """The wait that the channel asks for, in either form of RFC 9110; ``None`` where it names none."""
        value = self.headers.get("retry-after", "").strip()
        if value.isascii() and value.isdigit():
            return timedelta(seconds=min(int(value[:9]), BREATH_MAX.total_seconds()))
        moment = from_mail(value)
        now = from_mail(self.headers["date"]) if "date" in self.headers else datetime.now(UTC)
        return None if moment is None or now is None else min(max(timedelta(0), moment - now), BREATH_MAX)


def send_once(
    client: httpx.Client,
    method: str,
    url: str | httpx.URL,
    *,
    secrets: Sequence[str] = (),
    auth: Any = None,
    **request: Any,
) -> Answer | Unsent | Unknown:
    """One request. Unsent is proved (it did not leave this machine whole); a request whose answer did not arrive whole is Unknown.

    ``request`` is what ``httpx.Client.build_request`` takes; ``secrets`` are kept out of every text that comes back. Time, caps and what
    is proved of a broken request are the wire's (``adapters.wire``); over another transport only the kind of error proves anything.
    """
    built = None
    try:
        built = client.build_request(method, url, **request)
        response = client.send(built, auth=auth, stream=True, follow_redirects=False)
        try:
            body = b"".join(response.iter_bytes())
        finally:
            response.close()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return _judge_error(error, built, secrets)
    return Answer(response.status_code, response.headers, body, _all_secrets(built, secrets))


def _judge_error(
    error: httpx.HTTPError | httpx.InvalidURL, built: httpx.Request | None, secrets: Sequence[str]
) -> Unsent | Unknown:
    """What a request proves that ended without a whole answer."""
    exchange: Exchange | None = built.extensions.get("exchange") if built is not None else None
    if exchange is None:
        nothing_left = isinstance(error, (*_NOTHING_LEFT, httpx.InvalidURL))
        words = masked(_in_words(error), secrets)
        return Unsent(evidence=words) if nothing_left else Unknown(evidence=words)
    words = together((_in_words(error), proved(exchange)))
    words = masked(words, _all_secrets(built, secrets))
    if exchange.is_whole or exchange.heard:
        return Unknown(evidence=words)
    return Unsent(evidence=words, left=exchange.sent)


def _all_secrets(built: httpx.Request | None, secrets: Sequence[str]) -> Sequence[str]:
    """What no text of an exchange may show; kept with it, for whoever reads its answer later."""
    exchange: Exchange | None = built.extensions.get("exchange") if built is not None else None
    if exchange is None:
        return secrets
    exchange.secrets = (*exchange.secrets, *secrets)
    return exchange.secrets


def judge_status(answer: Answer) -> Deferred | Rejected | Unknown | Unsent | None:
    """What a status outside 2xx proves by itself; ``None`` for 2xx, whose body the adapter reads.

    429 waits. The channel's trouble are 401, 403, 3xx (not followed), what says that the address, the size or the form of requests is
    wrong, and pages in place of answers: machines in between make them. Other 4xx but 408 refuse the content; all else is doubt.
    """
    status = answer.status
    if answer.ok:
        return _sign_in_page(answer) if asks_to_sign_in(answer.text) else None
    if status == httpx.codes.TOO_MANY_REQUESTS:
        wait = BREATH if answer.retry_after is None else max(answer.retry_after, BREATH_MIN)
        return Deferred(after=wait, reason=say("渠道限流（429）", "throttled (429)"))
    said = say(
        "渠道答复 {status}：{excerpt}",
        "the channel answered {status}: {excerpt}",
        status=status,
        excerpt=answer.excerpt,
    )
    if status == httpx.codes.PROXY_AUTHENTICATION_REQUIRED:
        message = say(
            "{said}。代理服务器要求登录：请检查该渠道的 proxy 或环境变量里的代理地址、用户名和密码。",
            "{said}. The proxy wants a sign-in: check the channel's proxy, or the one in the environment, with its name and password.",
            said=said,
        )
        return Rejected(findings=(Finding(code="http.proxy", message=message),), blame=Blame.CHANNEL)
    if status in {401, 403}:
        message = say(
            "{said}。请检查该渠道的密钥与权限。", "{said}. Check the channel's credentials and permissions.", said=said
        )
        return Rejected(findings=(Finding(code=f"http.{status}", message=message),), blame=Blame.CHANNEL)
    if 300 <= status < 400:  # noqa: PLR2004 - RFC 9110
        message = say(
            "渠道要求跳转到别处（{status}），为安全起见不跟随。请把设置里的地址改成最终地址。",
            "the channel redirects ({status}), which is not followed. Put the final address into the settings.",
            status=status,
        )
        return Rejected(findings=(Finding(code="http.redirect", message=message),), blame=Blame.CHANNEL)
    if status in _MACHINES or (_refuses(status) and is_page(answer.text)):
        words = say(*_MACHINES.get(status, _IN_BETWEEN))
        message = say("{said}。{words}。", "{said}. {words}.", said=said, words=words)
        return Rejected(findings=(Finding(code=f"http.{status}", message=message),), blame=Blame.CHANNEL)
    if _refuses(status):
        return Rejected(findings=(Finding(code=f"http.{status}", message=said),), blame=Blame.CONTENT)
    if (untaken := _not_passed_on(answer)) is not None:
        return untaken
    return Unknown(evidence=said)


def _refuses(status: int) -> bool:
    return 400 <= status < 500 and status != httpx.codes.REQUEST_TIMEOUT  # noqa: PLR2004 - RFC 9110


def _sign_in_page(answer: Answer) -> Rejected:
    """Instead of an answer: like 401, or like a redirect that is not followed."""
    message = say(
        "回答是一张要求登录的网页（{said}），不是接口的回答：可能是上网认证、堡垒机或登录已失效。请在本机先完成认证，或核对地址与密钥。",
        "the answer is a page that asks to sign in ({said}): of the network, of a gateway, or because a sign-in has ended. Sign in to the "
        "network on this machine, or check address and credentials.",
        said=answer.excerpt[:120],
    )
    return Rejected(findings=(Finding(code="http.sign_in_page", message=message),), blame=Blame.CHANNEL)


def _not_passed_on(answer: Answer) -> Unsent | None:
    """A proxy's own word that it never reached the server: RFC 9209, and Squid's header. 5xx alone leaves that open."""
    said = answer.headers.get("proxy-status", "")
    squid = answer.headers.get("x-squid-error", "").partition(" ")[0]
    if not (_UNREACHED.search(said) or squid in _SQUID):
        return None
    return Unsent(
        evidence=say(
            "代理没有连上对方（{status}，{why}），请求没有送到",
            "the proxy did not reach the server ({status}, {why}): the request was not passed on",
            status=answer.status,
            why=squid or said[:100],
        )
    )


def _in_words(error: Exception) -> str:
    """The kind of trouble and what the library says of it, without the address: addresses may hold secrets."""
    return str(error) if isinstance(error, WireError) else broken_words(error)
