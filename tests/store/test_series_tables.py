"""What the database itself keeps true of recurring posts and of solemn periods, on either database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from xuanfa.store import schema
from xuanfa.store.database import Store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SERIES: dict[str, Any] = {
    "slug": "weekly",
    "path": "posts/weekly.md",
    "digest": "a" * 64,
    "title": "每周",
    "every": "weekly",
    "until": "",
    "on_holiday": "keep",
    "first_at": NOW,
    "times": {},
    "standing": "live",
    "set_at": NOW,
}
TURN: dict[str, Any] = {
    "slug": "weekly-20260302",
    "series_id": 1,
    "period": "2026-W10",
    "day": "2026-03-02",
    "path": "posts/weekly-20260302.md",
    "digest": "a" * 64,
    "making": "b" * 64,
    "standing": "made",
    "made_at": NOW,
}
PERIOD: dict[str, Any] = {
    "begins": NOW,
    "ends": NOW + timedelta(days=1),
    "reason": "国家公祭日",
    "actor": "zhao",
    "set_at": NOW,
    "ended_at": None,
    "ended_by": "",
}


@pytest.mark.parametrize(
    "changes",
    [{}, {"slug": "b", "every": "hourly"}, {"slug": "b", "on_holiday": "perhaps"}, {"slug": "b", "standing": "lost"}],
)
def test_a_source_is_one_and_recurs_by_a_rule_that_there_is(
    filled: Callable[..., Store], changes: dict[str, Any]
) -> None:
    with filled(1).write() as connection:
        connection.execute(sa.insert(schema.metadata.tables["series"]), SERIES)
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(sa.insert(schema.metadata.tables["series"]), SERIES | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"slug": "weekly-20260302b"},
        {"slug": "b", "day": "2026-03-09", "series_id": 9},
        {"slug": "b", "day": "2026-03-09", "standing": "sent"},
    ],
)
def test_a_day_has_one_turn_of_a_source_and_a_dropped_one_makes_room(
    filled: Callable[..., Store], changes: dict[str, Any]
) -> None:
    turns = schema.metadata.tables["occurrences"]
    with filled(1).write() as connection:
        connection.execute(sa.insert(schema.metadata.tables["series"]), SERIES)
        connection.execute(sa.insert(turns), TURN)
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(sa.insert(turns), TURN | changes)
        connection.execute(sa.update(turns).values(standing="dropped"))
        connection.execute(sa.insert(turns), TURN | {"slug": "weekly-20260302c"})


@pytest.mark.parametrize("ends", [NOW, NOW - timedelta(hours=1)])
def test_a_solemn_period_ends_after_it_begins(filled: Callable[..., Store], ends: datetime) -> None:
    periods = schema.metadata.tables["solemn_periods"]
    with filled(1).write() as connection:
        connection.execute(sa.insert(periods), PERIOD)
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(sa.insert(periods), PERIOD | {"ends": ends})
