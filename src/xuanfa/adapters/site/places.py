"""The places on an article's page that are written after it was rendered: for what stands around it, and its dates.

Each place of the frame lies between two comments, which no body can bring along: the sanitiser takes comments out. The page's digest is taken
without them.

Readers see when a page first appeared, and when it was corrected. The core fills the marks of a page with the minute of this very delivery.
Where an earlier version of the page is public already, that would move its date; so the two places that carry it are set back:
``<meta name="PubDate">`` and ``<time data-published>``. ``<meta itemprop="dateModified">`` says since when the page is as it is.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

_PLACE = re.compile(r"<!--(masthead|correction|neighbours|colophon)-->.*?<!--/\1-->", re.DOTALL)
_META = re.compile(r'(<meta name="PubDate" content=")[^"]*(">)')
_MODIFIED = re.compile(r'(<meta itemprop="dateModified" content=")[^"]*(">)')
_TIME = re.compile(r'<time datetime="[^"]*" data-published>[^<]*</time>')


def filled(page: str, parts: Mapping[str, str]) -> str:
    """The page with ``parts`` in their places; a place without a part becomes empty."""
    return _PLACE.sub(lambda match: f"<!--{match[1]}-->{parts.get(match[1], '')}<!--/{match[1]}-->", page)


def digest(page: str) -> str:
    """SHA-256 of a page without its frame, in hexadecimal. Bytes that are no UTF-8 have been read as surrogates."""
    return hashlib.sha256(filled(page, {}).encode(errors="surrogateescape")).hexdigest()


def redate(page: str, first: datetime, corrected: datetime | None) -> str:
    """The page with the date of its first publication, and the minute of the correction beside it (``None``: not corrected)."""
    shown = f'<time datetime="{_iso(first)}" data-published>{_minute(first)}</time>'
    if corrected is not None:
        shown += f'<span class="updated">（<time datetime="{_iso(corrected)}">{_minute(corrected)}</time> 更新）</span>'
    page = _META.sub(lambda match: f"{match[1]}{_minute(first)}{match[2]}", page)
    page = _MODIFIED.sub(lambda match: f"{match[1]}{_iso(corrected or first)}{match[2]}", page)
    return _TIME.sub(lambda _: shown, page)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
