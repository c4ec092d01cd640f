"""Websites that should be grey, or should not be any more, and could not be turned."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.alarm import Cause, where_to_look
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.operations.sending.greying import TROUBLE
from xuanfa.store import channels


def sites_in_alarm(desk: Desk, connection: sa.Connection, now: datetime) -> Iterator[Cause]:
    """One cause for each website, for as long as it could not be turned."""
    for channel in desk.channels.values():
        why = channels.recall(connection, TROUBLE, channel.id, now)
        if why:
            yield Cause(
                name=f"grey:{channel.id}",
                words=say(
                    "渠道 {c}：肃穆期的置灰（或恢复颜色）没有办成，会再试：{why}",
                    "channel {c}: it could not be turned grey for a solemn period, or back, and is tried again: {why}",
                    c=channel.title or channel.id,
                    why=why,
                ),
                look=where_to_look(Remedy("doctor")),
            )
