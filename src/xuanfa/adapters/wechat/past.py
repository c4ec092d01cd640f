"""What an account has published, as WeChat itself lists it: the list of what is published, and the statistics of what was sent to followers.

``freepublish/batchget`` is for verified accounts; its ``update_time`` is the only time it gives (channels.md 1.5, confidence B). It is not confirmed
that mass sends stand in it. ``datacube/getarticletotal`` lists these by their day, with titles and without addresses (the platform's page of
``getarticletotal``: dates and title confirmed, the most days of one request not, so that one is asked for).
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from xuanfa.adapters.wechat.account import Account, Said, Trouble, trouble_of
from xuanfa.domain.moments import from_epoch
from xuanfa.domain.past import PastItem, PastPage

PAGE = 20


class Listing:
    """Reads what one account has published."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def past(self, number: int) -> PastPage | Trouble:
        """A page of what is published."""
        said = self._account.call(
            "/cgi-bin/freepublish/batchget", {"offset": number * PAGE, "count": PAGE, "no_content": 1}
        )
        if not isinstance(said, Said):
            return said
        if not said.ok:
            return trouble_of(said, datetime.now(UTC))
        rows = said.rows("item")
        total = said.fields.get("total_count")
        is_last = (number + 1) * PAGE >= total if isinstance(total, int) else len(rows) < PAGE
        return PastPage(items=tuple(item for row in rows for item in _articles(row)), is_last=is_last or not rows)

    def sent_on(self, day: date) -> PastPage | Trouble:
        """What was sent to the followers on a day."""
        asked = {"begin_date": day.isoformat(), "end_date": day.isoformat()}
        said = self._account.call("/datacube/getarticletotal", asked)
        if not isinstance(said, Said):
            return said
        if not said.ok:
            return trouble_of(said, datetime.now(UTC))
        found = [
            PastItem(title=str(row.get("title", "")).strip(), address="", at=day)
            for row in said.rows("list")
            if str(row.get("ref_date", day.isoformat())) == day.isoformat()
        ]
        return PastPage(items=tuple(found))


def _articles(row: Mapping[str, Any]) -> Iterator[PastItem]:
    """The articles of one message that are still there. A receipt bears the number of the message, which of several articles is the first one's."""
    number = str(row.get("article_id") or "")
    at = from_epoch(row.get("update_time"))
    content = row.get("content")
    listed = content.get("news_item") if isinstance(content, dict) else None
    for place, each in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(each, dict) and at is not None and not (each.get("is_deleted") or each.get("is_delete")):
            address = str(each.get("url") or "")
            yield PastItem(
                title=str(each.get("title") or "").strip(),
                address=f"https://{address.removeprefix('http://')}" if address.startswith("http://") else address,
                at=at,
                author=str(each.get("author") or "").strip(),
                remote_id=f"article:{number}" if number and not place else "",
            )
