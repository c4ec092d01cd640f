"""The tables of the console: who is signed in, what they are writing, what they have asked for, and what they have seen."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, and_, false

from xuanfa.store import base
from xuanfa.store.columns import Moment

sessions = Table(
    "sessions",
    base.metadata,
    Column("id", Integer, primary_key=True),
    # Of what the browser holds; that itself is kept nowhere.
    Column("hash", String(64), nullable=False, unique=True),
    Column("user_name", String(50), nullable=False, index=True),
    Column("made_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    # When the person last showed again that it is them: asked for before what is grave.
    Column("confirmed_at", Moment),
    Column("ended_at", Moment),
    # The password was right, and six digits are still asked for.
    Column("half", Boolean, nullable=False, server_default=false()),
    Column("place", String(200), nullable=False),
    Column("agent", String(200), nullable=False),
    info={base.SINCE: "0017"},
)

one_time_passwords = Table(
    "one_time_passwords",
    base.metadata,
    # Whose password was printed once at the first start, and has to be changed before anything else.
    Column("user_name", String(50), primary_key=True),
    Column("made_at", Moment, nullable=False),
    info={base.SINCE: "0017"},
)

factors = Table(
    "factors",
    base.metadata,
    # The second factor of a person: RFC 6238, base32. Not for backups.
    Column("user_name", String(50), primary_key=True),
    Column("secret", String(64), nullable=False),
    Column("made_at", Moment, nullable=False),
    # Set when six digits of it were shown to be right; it is asked for from then on.
    Column("proved_at", Moment),
    # The newest interval of 30 seconds whose digits were used: no digits are taken twice.
    Column("used_step", BigInteger, nullable=False, server_default="0"),
    info={base.SINCE: "0017"},
)

intents = Table(
    "intents",
    base.metadata,
    # What a person pressed once, by the mark that the form was made with. Claimed before anything is done, so that nothing is done twice.
    Column("id", String(64), primary_key=True),
    Column("user_name", String(50), nullable=False),
    Column("verb", String(60), nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("done_at", Moment),
    # Where the answer stands: a path of the console.
    Column("answer", Text, nullable=False, server_default=""),
    info={base.SINCE: "0017"},
)

drafts = Table(
    "drafts",
    base.metadata,
    # What a person is writing: not a revision yet.
    Column("slug", String(200), primary_key=True),
    Column("user_name", String(50), primary_key=True),
    # The text that it was begun from, for merging.
    Column("base", Text, nullable=False),
    Column("text", Text, nullable=False),
    # Counted by the browser; an older one is refused.
    Column("sequence", BigInteger, nullable=False),
    Column("saved_at", Moment, nullable=False),
    info={base.SINCE: "0017"},
)

seen = Table(
    "seen",
    base.metadata,
    # Whose screen showed the end of which rendition, by its digest, in which of its faces.
    Column("user_name", String(50), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("face", String(40), primary_key=True),
    Column("at", Moment, nullable=False),
    info={base.SINCE: "0017"},
)

visits = Table(
    "visits",
    base.metadata,
    # The access log: who asked for what, from where, and how it was answered; without what was written.
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("user_name", String(50), nullable=False),
    Column("method", String(10), nullable=False),
    Column("path", String(500), nullable=False),
    Column("status", Integer, nullable=False),
    Column("place", String(200), nullable=False),
    info={base.SINCE: "0017"},
)

reminders = Table(
    "reminders",
    base.metadata,
    # Who wants to look again at a doubt, and when.
    Column("delivery_id", Integer, primary_key=True),
    Column("user_name", String(50), primary_key=True),
    Column("at", Moment, nullable=False),
    info={base.SINCE: "0017"},
)

absences = Table(
    "absences",
    base.metadata,
    # The first of two people who has looked and found nothing; nothing is sent before the second one says so too.
    Column("delivery_id", Integer, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("user_name", String(50), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Moment, nullable=False),
    info={base.SINCE: "0017"},
)

leader_links = Table(
    "leader_links",
    base.metadata,
    # A post shown to somebody without an account, until then; never a decision.
    Column("id", Integer, primary_key=True),
    Column("slug", String(200), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("maker", String(50), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    # When it was last opened, and how often.
    Column("opened_at", Moment),
    Column("opened", Integer, nullable=False, server_default="0"),
    # When the history was told that its time is over; empty until then, and of one that was taken back.
    Column("over_at", Moment),
    info={base.SINCE: "0017"},
)
_is_open = and_(leader_links.c.over_at.is_(None), leader_links.c.revoked_at.is_(None))
Index("ix_leader_links_open", leader_links.c.ends_at, sqlite_where=_is_open, postgresql_where=_is_open)
