"""The tables of what was imported into the ledger: what was brought in at once, and its publications, beside the receipts and never among them."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Integer, String, Table, Text, and_, true

from xuanfa.store import base
from xuanfa.store.base import partial_index
from xuanfa.store.columns import Moment

imports = Table(
    "imports",
    base.metadata,
    # One row for what a person brought in at once, and can take back at once. The history vouches for it and all its publications.
    Column("id", Integer, primary_key=True),
    Column("origin", String(250), nullable=False),
    # The hash of the file; empty where it came from elsewhere.
    Column("digest", String(64), nullable=False),
    Column("entries", Integer, nullable=False),
    Column("imported_at", Moment, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("undone_at", Moment),
    Column("undone_by", String(100), nullable=False, server_default=""),
    CheckConstraint("origin LIKE '%:%'", name="origin"),
    CheckConstraint("entries > 0", name="entries"),
    info={base.SINCE: "0024"},
)

imported = Table(
    "imported",
    base.metadata,
    # One row for a publication that somebody brought in. What it says was so then; nothing in it was proved by this program.
    Column("id", Integer, primary_key=True),
    Column("import_id", ForeignKey("imports.id"), nullable=False, index=True),
    # Where in its source it stands: the number of a row, with the name of the sheet where there are several.
    Column("place", String(200), nullable=False),
    Column("title", Text, nullable=False),
    Column("title_key", String(32), nullable=False),
    Column("address", Text),
    Column("published_at", Moment, nullable=False),
    Column("column_id", String(100), nullable=False),
    Column("column_title", Text, nullable=False),
    Column("channel", String(100), nullable=False),
    Column("channel_title", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("author", Text, nullable=False),
    # The page, however its address is spelt, or what stands for one.
    Column("key", String(64), nullable=False),
    # Whether its import was not taken back.
    Column("stands", Boolean, nullable=False, server_default=true()),
    # This program has proved the same page since: its own receipt counts, and this row does not.
    Column("delivery_id", ForeignKey("deliveries.id"), index=True),
    info={base.SINCE: "0024"},
)
_I = imported.c
# The same page is one row, whoever imports it how often.
partial_index("ix_imported_once", _I.key, where=_I.stands == true(), unique=True)
#: What counts.
counted = and_(_I.stands == true(), _I.delivery_id.is_(None))
partial_index(
    "ix_imported_counted",
    _I.published_at,
    _I.channel,
    _I.column_id,
    _I.department,
    _I.author,
    _I.title_key,
    where=counted,
)
