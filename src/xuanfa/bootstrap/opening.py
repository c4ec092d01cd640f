"""Opening addresses as anybody would, for whoever looks at what is public: redirects are followed, and no step leads into a closed network.

One address may lie in one: what the office itself has set as ``base_url`` of a website channel. Whatever a channel has answered, a person has
typed, or a page has led to, is asked for on public machines alone, at the very place that was looked up.
"""

import logging
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx

from xuanfa.adapters.shared.addresses import PrivateAddressError
from xuanfa.adapters.shared.http import user_agent
from xuanfa.adapters.shared.pages import decoded
from xuanfa.adapters.shared.wire.exchange import TooMuch
from xuanfa.bootstrap.asking import sent
from xuanfa.bootstrap.binding import BoundAdapters, Way
from xuanfa.domain.broken import broken_words
from xuanfa.domain.errors import MachineError
from xuanfa.domain.language import say
from xuanfa.domain.page import Miss, Opened, Page
from xuanfa.domain.receipt import is_address

log = logging.getLogger(__name__)

#: So much of a page is read: an article of WeChat's brings three megabytes of styles and scripts. Bytes.
PAGE_MAX: Final = 6_000_000
#: How long it may take from looking the first name up to the last byte, all steps together: a host that trickles is left. Seconds.
WITHIN: Final = 20.0
_TIMEOUT: Final = httpx.Timeout(10.0, connect=5.0)
_HOPS: Final = 5
_HEADERS: Final = {
    "User-Agent": user_agent(),
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.5",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip, deflate",
}
#: What is not read as text.
_BINARY: Final = (
    "image/",
    "video/",
    "audio/",
    "font/",
    "application/pdf",
    "application/zip",
    "application/octet-stream",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One answer: a page, or where it leads and with which status."""

    opened: Opened
    to: str = ""
    status: int = 0


def opening(adapters: BoundAdapters) -> Callable[[str, str], Opened]:
    """Opens an address, asked for through a channel's own way out. A rehearsal's is nowhere."""

    def opened(channel: str, address: str) -> Opened:
        way = adapters.way_out(channel)
        if way is None or not is_address(address):
            words = say("没有可以打开的公开地址", "there is no public address to open")
            return Opened(address=address, miss=Miss.NOWHERE, words=words)
        until = time.monotonic() + WITHIN
        for _ in range(_HOPS + 1):
            step = one_step(way, address, max(until - time.monotonic(), 0.1))
            if not step.to:
                return step.opened
            address = step.to
        return Opened(
            address=address, miss=Miss.ROUND, words=say("转来转去，到不了头", "it leads on and on, and nowhere")
        )

    return opened


def is_own(way: Way, address: str) -> bool:
    """Whether an address lies at the office's own website, wherever that is."""
    return is_of_site(way.own, address)


def is_of_site(own: str, address: str) -> bool:
    """Whether an address lies at the website of this address."""
    return bool(own) and _origin(address) == _origin(own)


def _origin(address: str) -> tuple[str, str, int]:
    parts = urlsplit(address)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)


def one_step(way: Way, address: str, within: float) -> Step:
    """What comes of asking for an address once, without following where it leads; ``within`` so many seconds."""
    try:
        url = httpx.URL(address)
        own = is_own(way, address)
        with httpx.Client(
            transport=way.transport(within, PAGE_MAX),
            timeout=_TIMEOUT,
            headers=_HEADERS,
            trust_env=False,
            follow_redirects=False,
        ) as client:
            response = sent(client, url, allow_private=own, proxied=not own and way.proxied(url))
            try:
                return _read(str(url), response)
            finally:
                response.close()
    except PrivateAddressError:
        return Step(opened=Opened(address=address, miss=Miss.PRIVATE, words=_private(address)))
    except socket.gaierror:
        words = say("{host} 这个域名解析不到", "the name {host} leads nowhere", host=urlsplit(address).hostname or "")
        return Step(opened=Opened(address=address, miss=Miss.NAME, words=words))
    except (httpx.HTTPError, httpx.InvalidURL, MachineError, OSError, ValueError) as error:
        log.info("%s: %s", address, type(error).__name__)
        return Step(opened=Opened(address=address, miss=Miss.SILENT, words=_silent(error)))


def _read(address: str, response: httpx.Response) -> Step:
    location = response.headers.get("location", "")
    if response.is_redirect and location:
        to = str(httpx.URL(address).join(location))
        return Step(opened=Opened(address=address), to=to, status=response.status_code)
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type.startswith(_BINARY):
        return Step(opened=Opened(address=address, page=Page(response.status_code, ""), media_type=media_type))
    data, is_cut = bytearray(), False
    try:
        for piece in response.iter_bytes():
            data += piece
    except TooMuch:
        is_cut = True
    page = Page(response.status_code, decoded(bytes(data), response.headers))
    return Step(opened=Opened(address=address, page=page, media_type=media_type, is_cut=is_cut))


def _private(address: str) -> str:
    return say(
        "{host} 是内部网络的地址，不去打开：只有网站渠道自己的 base_url 可以在内网",
        "{host} is an address of a closed network and is not opened: only a website channel's own base_url may be in one",
        host=urlsplit(address).hostname or "",
    )


def _silent(error: Exception) -> str:
    return say("打不开（{why}）", "it cannot be opened ({why})", why=broken_words(error) or type(error).__name__)
