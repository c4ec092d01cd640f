"""Public pages: what anybody sees who opens an address, asked for once through the channel's own way out, bounded in bytes and in time."""

import logging
from collections.abc import Callable
from typing import Final

from xuanfa.bootstrap.binding import BoundAdapters
from xuanfa.bootstrap.opening import one_step
from xuanfa.domain.errors import MachineError
from xuanfa.domain.page import Page
from xuanfa.domain.receipt import is_address

log = logging.getLogger(__name__)

#: From looking the name up to the last byte. Seconds.
_WITHIN: Final = 10.0


def public_pages(adapters: BoundAdapters) -> Callable[[str, str], Page | None]:
    """Asks for the page of a channel at an address; one that leads elsewhere is a page without text. ``None`` where it cannot be told: a
    rehearsal's is nowhere, and no address of a closed network is asked for but the office's own website."""

    def page(channel: str, address: str) -> Page | None:
        try:
            way = adapters.way_out(channel)
        except MachineError as error:
            log.warning("%s: %s", address, error)
            return None
        if way is None or not is_address(address):
            return None
        step = one_step(way, address, _WITHIN)
        if step.to:
            return Page(step.status, "")
        if step.opened.page is None:
            log.warning("%s: %s", address, step.opened.words)
        return step.opened.page

    return page
