"""Public pages: what anybody sees who opens an address, asked for through the channel's own way out, bounded in bytes and in time."""

import logging
from collections.abc import Callable
from typing import Final

import httpx

from xuanfa.adapters.shared.pages import decoded
from xuanfa.bootstrap.binding import BoundAdapters
from xuanfa.domain.errors import MachineError, machine_words
from xuanfa.domain.page import Page

log = logging.getLogger(__name__)

#: So much of a page is read. Bytes.
_MOST: Final = 2_000_000
#: Seconds.
_TIMEOUT: Final = httpx.Timeout(10.0, connect=5.0)


def public_pages(adapters: BoundAdapters) -> Callable[[str, str], Page | None]:
    """Asks for the page of a channel at an address; ``None`` where it cannot be told: a rehearsal's is nowhere, and a redirect leads to who
    knows what."""

    def page(channel: str, address: str) -> Page | None:
        try:
            client = adapters.client(channel)
            if client is None:
                return None
            request = client.build_request("GET", address, timeout=_TIMEOUT)
            return _read(client.send(request, stream=True))
        except (httpx.HTTPError, httpx.InvalidURL, MachineError, OSError) as error:
            log.info("%s: %s", address, machine_words(error) if isinstance(error, OSError) else type(error).__name__)
            return None

    return page


def _read(response: httpx.Response) -> Page | None:
    try:
        if response.is_redirect:
            return None
        data = bytearray()
        for piece in response.iter_bytes():
            data += piece
            if len(data) >= _MOST:
                break
        return Page(response.status_code, decoded(bytes(data[:_MOST]), response.headers))
    finally:
        response.close()
