"""The tables of page proofs: what was at the public address of a delivery, each look that was kept, and how it stands now."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    and_,
    false,
    literal_column,
)

from xuanfa.store import base
from xuanfa.store.append_only import guard
from xuanfa.store.base import partial_index
from xuanfa.store.columns import Moment, Words

_STATES = "'same', 'changed', 'gone', 'sign_in', 'unreached', 'unseen'"

page_proofs = Table(
    "page_proofs",
    base.metadata,
    Column("id", Integer, primary_key=True),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    # ``fetched`` by the program, or a ``picture`` that a person has handed in.
    Column("origin", String(10), nullable=False),
    Column("address", Text, nullable=False),
    # How it stood to the rendition of this digest; nothing of a picture, which nobody compares but people.
    Column("state", String(12)),
    Column("status", Integer),
    Column("digest", String(64), nullable=False),
    # Of the page's text and of the picture, as they are kept (``var/media``); empty where there is none.
    Column("sha256", String(64), nullable=False),
    Column("difference", Words, nullable=False),
    # Tells this difference from others.
    Column("mark", String(80), nullable=False),
    Column("screenshot", String(64), nullable=False),
    Column("screenshot_type", String(20), nullable=False),
    # Why there is no picture.
    Column("note", Words, nullable=False),
    Column("actor", String(100), nullable=False),
    CheckConstraint("origin IN ('fetched', 'picture')", name="origin"),
    CheckConstraint(f"state IS NULL OR state IN ({_STATES})", name="state"),
    CheckConstraint("(origin = 'picture') = (state IS NULL)", name="compared"),
    CheckConstraint("origin = 'fetched' OR screenshot <> ''", name="shown"),
    info={base.SINCE: "0026"},
)
guard(page_proofs, "id")

page_watch = Table(
    "page_watch",
    base.metadata,
    # How the page of a delivery that is out stands: one row, looked at again and again.
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    # The rendition that it was compared with: another one, after a correction, is looked for at once.
    Column("digest", String(64), nullable=False),
    # Whose server it is: of one host so much is asked at a time.
    Column("host", String(200), nullable=False),
    # When it is looked at next; nothing where it is not. Who looks has it until then.
    Column("next_at", Moment),
    Column("taken_until", Moment),
    Column("looked_at", Moment),
    # What the newest look has shown, since when and how often in a row; empty before the first.
    Column("state", String(12), nullable=False, server_default=""),
    Column("words", Words, nullable=False, server_default=""),
    Column("mark", String(80), nullable=False, server_default=""),
    Column("since", Moment),
    Column("times", Integer, nullable=False, server_default="0"),
    # Whether any look has shown the article there; and which difference a person has taken for all right.
    Column("seen", Boolean, nullable=False, server_default=false()),
    Column("accepted", String(80), nullable=False, server_default=""),
    CheckConstraint(f"state IN ('', {_STATES})", name="state"),
    info={base.SINCE: "0026"},
)
partial_index("ix_page_watch_next", page_watch.c.next_at, where=page_watch.c.next_at.is_not(None))
#: What may be worth an alarm: few, whatever is out.
is_wrong = and_(
    page_watch.c.state.in_(
        [
            literal_column("'changed'"),
            literal_column("'gone'"),
            literal_column("'sign_in'"),
            literal_column("'unreached'"),
        ]
    )
)
partial_index("ix_page_watch_wrong", page_watch.c.state, where=is_wrong)
