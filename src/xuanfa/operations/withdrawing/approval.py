"""Approval: whether another person has to approve afterwards what was done at once."""

from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.withdrawal_order import APPROVAL
from xuanfa.store import withdrawals


def approval_due(connection: sa.Connection, now: datetime) -> datetime | None:
    """Until when; ``None`` in a workspace without users, where one account of the machine does everything."""
    return now + APPROVAL if withdrawals.has_users(connection) else None
