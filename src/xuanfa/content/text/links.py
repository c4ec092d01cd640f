"""Addresses: which of them readers can follow from where they stand."""

import re
from typing import Final
from urllib.parse import urlsplit

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
#: What a reader's device can follow.
SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
_HOST = re.compile(r"https?://[^/?#\s\\]+", re.IGNORECASE)


def is_dead(address: str) -> bool:
    """Whether an address leads nowhere: no host, a file of ours, a place in some page, a scheme that only this machine knows."""
    scheme = _SCHEME.match(address)
    if scheme is None or scheme[1].lower() not in SCHEMES:
        return True
    if scheme[1].lower() in {"http", "https"}:
        return not _HOST.match(address) or not _has_sound_host(address)
    return len(address) == scheme.end()


def _has_sound_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
