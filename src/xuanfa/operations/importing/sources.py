"""Sources of the past that are no files: a WordPress site, a feed or a map of a site, an account's own list."""

from typing import Final

from xuanfa.domain.errors import ContentError
from xuanfa.domain.imported import FEED, WORDPRESS, host_of, origin_of
from xuanfa.domain.language import say
from xuanfa.domain.receipt import is_address
from xuanfa.operations.desk import Desk
from xuanfa.operations.importing.accounts import HOST, in_account
from xuanfa.operations.importing.feeds import in_feed
from xuanfa.operations.importing.found import Span, sift_found
from xuanfa.operations.importing.lists import Choices
from xuanfa.operations.importing.patience import Patient
from xuanfa.operations.importing.sifting import Sifted
from xuanfa.operations.importing.wordpress import in_wordpress

_WECHAT: Final = "wechat"


def sift_source(desk: Desk, kind: str, source: str, *, patient: Patient, choices: Choices, span: Span) -> Sifted:
    """What a source would bring into the ledger: ``wordpress`` or ``feed`` with an address, ``wechat`` with a channel. Reads only. Raises
    ContentError or ConfigError where it cannot be read, or is none."""
    notes: list[str] = []
    if kind == _WECHAT:
        found, origin = in_account(desk, patient, source, span, notes), origin_of(FEED, HOST)
    else:
        _require_address(source)
        listed = in_wordpress if kind == WORDPRESS else in_feed
        found, origin = listed(desk, patient, source, span, notes), origin_of(kind, host_of(source))
    sifted = sift_found(desk, found, origin=origin, source=source, choices=choices, span=span)
    sifted.notes[:0] = notes
    return sifted


def _require_address(text: str) -> None:
    if not is_address(text):
        raise ContentError(
            say(
                "“{address}”不是网址。请写完整，以 http:// 或 https:// 开头。",
                "{address!r} is no address. Write it whole, beginning with http:// or https://.",
                address=text,
            )
        )
