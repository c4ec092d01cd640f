"""A book for tests: rows of posts, deliveries and receipts as the operations would write them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.delivery import ON_SHELF, State
from xuanfa.store import schema
from xuanfa.store.database import Store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class Book:
    """Writes rows as the operations would."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.departments: dict[int, str] = {}

    def _insert(self, table: sa.Table, **row: Any) -> None:
        with self.store.write() as connection:
            connection.execute(sa.insert(table), row)

    def post(self, number: int, *, column: str = "action", department: str = "", queued_at: datetime = NOW) -> None:
        self.departments[number] = department
        self._insert(
            schema.posts,
            id=number,
            slug=f"post-{number}",
            path=f"posts/{number}.md",
            revision=1,
            title=f"第 {number} 篇",
            column_id=column,
            department=department,
            queued_at=queued_at,
        )

    def delivery(
        self,
        number: int,
        post: int,
        channel: str = "site",
        state: State = State.PUBLISHED,
        *,
        at: datetime | None = None,
        column: str = "action",
        rehearsal: bool = False,
        reason: str = "",
    ) -> None:
        values: dict[str, Any] = {
            "id": number,
            "post_id": post,
            "shelf": ON_SHELF if state is State.SHELVED else "",
            "revision": 1,
            "column_id": column,
            "channel": channel,
            "kind": channel,
        }
        values |= {"state": state.value, "reason": reason, "rehearsal": rehearsal, "digest": "", "key": ""}
        values |= {
            "due_at": NOW + timedelta(seconds=number),
            "ready_at": NOW,
            "fresh_at": NOW,
            "tries": 0,
            "attempt": 0,
        }
        values |= {"shelf": ON_SHELF if state is State.SHELVED else ""}
        values |= {"waiting": False, "ticket": "", "staged": {}, "looks": 0}
        self._insert(schema.deliveries, **values)
        if at is not None:
            receipt = {
                "delivery_id": number,
                "post_id": post,
                "channel": channel,
                "address": f"https://x.example/{number}",
                "published_at": at,
                "evidence": "",
                "retracted_at": at if state is State.RETRACTED else None,
                "rehearsal": rehearsal,
                "column_id": column,
                "department": self.departments[post],
            }
            self._insert(schema.receipts, **receipt)
