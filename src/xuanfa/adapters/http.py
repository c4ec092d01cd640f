"""Send a request once, and say what is proved about it. No retries, no redirects."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any

import httpx

from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Blame, Deferred, Rejected, Unknown, Unsent

#: All four, or a silence would be endless: connecting is quick or hopeless, an upload or a slow CMS takes its time. Seconds.
TIMEOUT = httpx.Timeout(30.0, connect=10.0, pool=10.0)
#: An answer is a few kilobytes of JSON; more than this is not read. Bytes.
ANSWER_MAX = 1_000_000
#: A channel that says 429 without Retry-After is left alone for this long.
BREATH = timedelta(seconds=60)

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
    """An answer that arrived whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx, which alone does not mean that the channel did it."""
        return 200 <= self.status < 300  # noqa: PLR2004 - RFC 9110

    @cached_property
    def data(self) -> Any:
        """The body as JSON; ``None`` where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def fields(self) -> dict[str, Any]:
        """The body as a JSON object; empty where it is none."""
        return self.data if isinstance(self.data, dict) else {}

    @property
    def excerpt(self) -> str:
        """The beginning of the body on one line, for evidence."""
        return " ".join(self.body[:600].decode("utf-8", "replace").split())[:300]

    @property
    def retry_after(self) -> timedelta | None:
        """The wait that the channel asks for, in either form of RFC 9110; ``None`` where it names none."""
        value = self.headers.get("retry-after", "").strip()
        if value.isdigit():
            return timedelta(seconds=int(value))
        try:
            moment = parsedate_to_datetime(value)
            now = parsedate_to_datetime(self.headers["date"]) if "date" in self.headers else datetime.now(UTC)
        except (ValueError, TypeError):
            return None
        return max(timedelta(0), moment - now)


def send_once(client: httpx.Client, method: str, url: str | httpx.URL, **request: Any) -> Answer | Unsent | Unknown:
    """One request. Unsent is proved (nothing left this machine); a request whose answer did not arrive whole is Unknown.

    ``request`` is what ``httpx.Client.stream`` takes. Reads never more than ``ANSWER_MAX`` bytes.
    """
    try:
        with client.stream(method, url, follow_redirects=False, **request) as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > ANSWER_MAX:
                    return Unknown(
                        evidence=say("回答超过 1 MB，没有读完", "the answer exceeds 1 MB and was not read to its end")
                    )
            return Answer(response.status_code, response.headers, bytes(body))
    except _NOTHING_LEFT as error:
        return Unsent(evidence=_in_words(error))
    except (httpx.InvalidURL, httpx.LocalProtocolError) as error:
        return Unsent(evidence=_in_words(error))
    except httpx.RequestError as error:
        return Unknown(evidence=_in_words(error))


def judge_status(answer: Answer) -> Deferred | Rejected | Unknown | None:
    """What a status outside 2xx proves by itself; ``None`` for 2xx, whose body the adapter reads.

    429 waits; 401 and 403 are the channel's trouble; other 4xx but 408 refuse the content; 3xx is not followed; all else is doubt.
    """
    status = answer.status
    if answer.ok:
        return None
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return Deferred(after=answer.retry_after or BREATH, reason=say("渠道限流（429）", "throttled (429)"))
    said = say(
        "渠道答复 {status}：{excerpt}",
        "the channel answered {status}: {excerpt}",
        status=status,
        excerpt=answer.excerpt,
    )
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
    return f"{type(error).__name__}: {error}"
