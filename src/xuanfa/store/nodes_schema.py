"""The table of nodes: the processes that are running."""

from sqlalchemy import Column, String, Table

from xuanfa.store import base
from xuanfa.store.columns import Json, Moment, Words

nodes = Table(
    "nodes",
    base.metadata,
    # One row for a process, as long as it runs; one that was killed stays for a day, for whoever looks for it.
    Column("name", String(100), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("version", String(40), nullable=False),
    Column("process", String(200), nullable=False, server_default=""),
    # The channels that it sees to; none named means all.
    Column("channels", Json, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    # A digest of the settings that it goes by, when their files had last been written, and why it does not go by newer ones.
    Column("settings", String(64), nullable=False, server_default=""),
    Column("settings_of", Moment),
    Column("trouble", Words, nullable=False, server_default=""),
    Column("trouble_at", Moment),
)
