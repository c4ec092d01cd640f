"""What a site has published, as its own interface lists it, whoever has written it (GET posts, WP-API/docs)."""

from datetime import UTC
from html import unescape
from typing import Any, Final

from xuanfa.adapters.wordpress.answers import Trouble
from xuanfa.adapters.wordpress.api import Api, is_id
from xuanfa.domain.moments import BEGIN, from_iso
from xuanfa.domain.past import PastItem, PastPage

PAGE: Final = 50


def page(api: Api, number: int) -> PastPage | Trouble:
    """A page of the posts that readers see, what was published last first."""
    trouble = api.find_root()
    if trouble is not None:
        return trouble
    found = api.listing(
        "posts",
        status="publish",
        orderby="date",
        order="desc",
        per_page=str(PAGE),
        page=str(number + 1),
        _fields="id,link,title,date_gmt",
    )
    if not isinstance(found, list):
        return found
    return PastPage(items=tuple(map(_item, found)), is_last=len(found) < PAGE)


def _item(row: dict[str, Any]) -> PastItem:
    title, link = row.get("title"), row.get("link")
    words = (title.get("rendered") or title.get("raw") or "") if isinstance(title, dict) else title
    return PastItem(
        title=unescape(str(words or "")).strip(),
        address=link if isinstance(link, str) and link.startswith(("http://", "https://")) else "",
        at=from_iso(row.get("date_gmt"), UTC) or BEGIN,
        remote_id=str(row["id"]) if is_id(row.get("id")) else "",
    )
