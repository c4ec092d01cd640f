"""The date on a page that was published before: readers see when it first appeared, and when it was corrected.

The core fills the marks of a page with the minute of this very delivery. Where an earlier version of the page is public already, that
would move its date; so the two places that carry it are set back: ``<meta name="PubDate">`` and ``<time data-published>``.
"""

import re
from datetime import datetime

_META = re.compile(r'(<meta name="PubDate" content=")[^"]*(">)')
_TIME = re.compile(r'<time datetime="[^"]*" data-published>[^<]*</time>')


def redate(page: str, first: datetime, corrected: datetime | None) -> str:
    """The page with the date of its first publication, and the minute of the correction beside it (``None``: not corrected)."""
    shown = f'<time datetime="{_iso(first)}" data-published>{_minute(first)}</time>'
    if corrected is not None:
        shown += f'<span class="updated">（<time datetime="{_iso(corrected)}">{_minute(corrected)}</time> 更新）</span>'
    page = _META.sub(lambda match: f"{match[1]}{_minute(first)}{match[2]}", page)
    return _TIME.sub(lambda _: shown, page)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
