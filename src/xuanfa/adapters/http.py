"""Send a request once, and say what is proved about it. No retries, no redirects."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any

import httpx

from xuanfa.adapters.wire.exchange import Exchange, WireError, proved
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Blame, Deferred, Rejected, Unknown, Unsent
from xuanfa.domain.shown import masked

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
    def data(self) -> Any:
        """The body as JSON; ``None`` where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):  # nested deeper than anybody means it
            return None

    @property
    def fields(self) -> dict[str, Any]:
        """The body as a JSON object; empty where it is none."""
        return self.data if isinstance(self.data, dict) else {}

    @property
    def excerpt(self) -> str:
        """The beginning of the body on one line, printable and without secrets, for evidence."""
        text = masked(self.body[:4000].decode("utf-8", "replace"), self.secrets)
        if not text.isprintable():
            text = "".join(letter if letter.isprintable() else " " for letter in text)
        return " ".join(text.split())[:300]

    @property
    def retry_after(self) -> timedelta | None:
        """The wait that the channel asks for, in either form of RFC 9110; ``None`` where it names none."""
        value = self.headers.get("retry-after", "").strip()
        if value.isascii() and value.isdigit():
            return timedelta(seconds=min(int(value[:9]), BREATH_MAX.total_seconds()))
        try:
            moment = parsedate_to_datetime(value)
            now = parsedate_to_datetime(self.headers["date"]) if "date" in self.headers else datetime.now(UTC)
            return min(max(timedelta(0), moment - now), BREATH_MAX)
        except (ValueError, TypeError):  # no date, or one of the two without a zone
            return None


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
    words = say("；", "; ").join(filter(None, (_in_words(error), proved(exchange))))
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


def judge_status(answer: Answer) -> Deferred | Rejected | Unknown | None:
    """What a status outside 2xx proves by itself; ``None`` for 2xx, whose body the adapter reads.

    429 waits; 401 and 403 are the channel's trouble; other 4xx but 408 refuse the content; 3xx is not followed; all else is doubt.
    """
    status = answer.status
    if answer.ok:
        return None
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
    if 400 <= status < 500 and status != httpx.codes.REQUEST_TIMEOUT:  # noqa: PLR2004 - RFC 9110
        return Rejected(findings=(Finding(code=f"http.{status}", message=said),), blame=Blame.CONTENT)
    return Unknown(evidence=said)


def _in_words(error: Exception) -> str:
    """The kind of trouble and what the library says of it, without the address: addresses may hold secrets."""
    return str(error) if isinstance(error, WireError) else f"{type(error).__name__}: {error}"
