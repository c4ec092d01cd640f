"""What an account shows of late, whoever has posted it: one look at its own timeline, which is one of the day's requests."""

from datetime import UTC, datetime
from typing import Final

from xuanfa.adapters.weibo.sending import receipt
from xuanfa.adapters.weibo.timeline import Listing
from xuanfa.domain.past import PastItem, PastPage

#: So much of a post's words stands for its title. Characters.
_TITLE: Final = 80


def as_past(listing: Listing, uid: str) -> PastPage:
    """The look as an account's list. A post without a time counts as one of now: it is among the latest."""
    items = tuple(
        PastItem(
            title=" ".join(status.text.replace("\u200b", " ").split())[:_TITLE],
            address=receipt(status, uid or status.uid, "").address or "",
            at=status.created_at or datetime.now(UTC),
            remote_id=status.id,
        )
        for status in listing.statuses
    )
    return PastPage(items=items)
