"""The tables of memory: which database this is, what was put back into it, and what others remember that it does not."""

from sqlalchemy import CheckConstraint, Column, Integer, String, Table

from xuanfa.store import base
from xuanfa.store.columns import Json, Moment

restores = Table(
    "restores",
    base.metadata,
    Column("id", Integer, primary_key=True),
    # Which backup, and of what moment: what was published after it is not known here.
    Column("backup", String(32), nullable=False),
    Column("taken_at", Moment, nullable=False),
    Column("restored_at", Moment, nullable=False),
    # Who put it back.
    Column("actor", String(100), nullable=False),
    # Set when the files are in place too; until then the restore may be taken up again.
    Column("finished_at", Moment),
    # Set when a person resumes sending; until then a post that is not known here is held when it is first read.
    Column("ended_at", Moment),
    # Set when a person says that all newer posts are in; until then one whose file is dated before that resumption is held too.
    Column("complete_at", Moment),
)

identity = Table(
    "identity",
    base.metadata,
    # One row: which database this is, whichever address leads to it. Marks outside of it name it by ``database``.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("database", String(32), nullable=False),
    # The workspace that it belongs to; empty until one has taken it.
    Column("workspace", String(32), nullable=False),
    # A key for hashes that must be the same after a restore, a move or an upgrade, and mean nothing to anybody else.
    Column("salt", String(64), nullable=False),
    # Marks that are ahead of it, and for which everything has been held already: they are no news.
    Column("accounted", Json, nullable=False, server_default=""),
    # There is one.
    CheckConstraint("id = 1", name="one"),
)

recollections = Table(
    "recollections",
    base.metadata,
    # What a database that has forgotten it, or was restored, was told by marks and channels: so a post that it first reads later is held.
    Column("slug", String(200), primary_key=True),
    Column("channel", String(100), primary_key=True),
    Column("at", Moment, nullable=False),
    # Who remembers it: files of marks, channels.
    Column("source", Json, nullable=False),
)
