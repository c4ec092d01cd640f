"""Bringing messages to receivers of webhooks: one POST, no redirect followed, and never into a closed network but where the settings say so.

Nothing of an answer but its status is kept or shown: it may hold anything.
"""

import logging
import socket
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from xuanfa.adapters.shared.addresses import PrivateAddressError, routes
from xuanfa.adapters.shared.http import user_agent
from xuanfa.adapters.shared.wire.exchange import TooMuch
from xuanfa.bootstrap.binding import BoundAdapters, Way
from xuanfa.domain.broken import broken_words
from xuanfa.domain.errors import MachineError
from xuanfa.domain.language import say
from xuanfa.domain.webhook import Answer, Endpoint, Poster

log = logging.getLogger(__name__)

#: So much of an answer is taken: its status is all that counts. Bytes.
_MOST: Final = 64_000
_CONNECT: Final = 5.0
#: Waiting asked for in an answer is believed with these.
_REST: Final = frozenset({429, 502, 503, 504})


def posting(adapters: BoundAdapters) -> Poster:
    """Brings a message to its receiver, by the way out that the environment and the workspace's authorities say."""

    def post(endpoint: Endpoint, body: bytes, headers: Mapping[str, str], within: float) -> Answer:
        try:
            way = adapters.way_out("")
            if way is None:
                return Answer(why=say("没有通往网络的路", "there is no way out"))
            return _asked(way, endpoint, body, headers, within)
        except PrivateAddressError:
            return Answer(
                why=say(
                    "{host} 在内部网络，没有发：确为本单位的系统，请在设置里写 allow_private = true",
                    "{host} lies in a closed network, and nothing was sent: if it is a system of your own, set allow_private = true",
                    host=httpx.URL(endpoint.url).host,
                )
            )
        except socket.gaierror:
            return Answer(
                why=say("{host} 这个域名解析不到", "the name {host} leads nowhere", host=httpx.URL(endpoint.url).host)
            )
        except (httpx.HTTPError, httpx.InvalidURL, MachineError, OSError, ValueError) as error:
            log.debug("%s: %s", endpoint.id, type(error).__name__)
            return Answer(
                why=say("没有回音（{why}）", "no answer ({why})", why=broken_words(error) or type(error).__name__)
            )

    return post


def _asked(way: Way, endpoint: Endpoint, body: bytes, headers: Mapping[str, str], within: float) -> Answer:
    """Raises what the wire raises, of the last place that was tried."""
    url = httpx.URL(endpoint.url)
    ours = {
        "User-Agent": user_agent(),
        "Content-Type": "application/json; charset=utf-8",
        "Accept-Encoding": "identity",
    }
    with httpx.Client(
        transport=way.transport(within, _MOST),
        timeout=httpx.Timeout(within, connect=min(_CONNECT, within)),
        trust_env=False,
        follow_redirects=False,
    ) as client:
        proxied = not endpoint.allow_private and way.proxied(url)
        ways = routes(url, allow_private=endpoint.allow_private, proxied=proxied)
        for number, route in enumerate(ways, start=1):
            request = client.build_request(
                "POST",
                route.url,
                headers={**ours, **headers, **route.headers},
                content=body,
                extensions=route.extensions,
            )
            try:
                response = client.send(request, stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if number == len(ways):
                    raise
                continue
            try:
                return _told(response)
            finally:
                response.close()
    raise socket.gaierror(url.host)


def _told(response: httpx.Response) -> Answer:
    try:
        for _ in response.iter_raw():
            pass
    except TooMuch:
        pass  # a long answer is one all the same
    status = response.status_code
    why = ""
    if response.has_redirect_location:
        why = say(
            "转到了别的网址（{status}），不跟过去",
            "it leads elsewhere ({status}), which is not followed",
            status=status,
        )
    elif not response.is_success:
        why = say("对方回 {status}", "it answers {status}", status=status)
    return Answer(status=status, why=why, rest=_rest(response) if status in _REST else None)


def _rest(response: httpx.Response) -> timedelta | None:
    """How long the receiver wants to be left alone, in seconds or as a date (RFC 9110, 10.2.3); nothing where it does not say."""
    said = response.headers.get("retry-after", "").strip()
    if said.isdecimal() and len(said) < len("1000000"):
        return timedelta(seconds=int(said))
    try:
        until = parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return None
    until = until if until.tzinfo is not None else until.replace(tzinfo=UTC)
    return max(until - datetime.now(UTC), timedelta(0))
