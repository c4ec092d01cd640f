"""The tables. Invariants live here, each with a sentence; the code above relies on them.

Times are microseconds since 1970 in UTC, as integers: they compare and index the same on every database, and nothing can store a naive one.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    false,
    literal_column,
    true,
)

from xuanfa.domain.delivery import ON_SHELF, UNSENT, WAITS_FOR_PERSON, State
from xuanfa.store import (
    access_schema,
    base,
    calendar_schema,
    console_schema,
    imported_schema,
    ledger_schema,
    memory_schema,
    month_sums_schema,
    nodes_schema,
    out_links_schema,
    outbox_schema,
    papers_schema,
    people,
    proofs_schema,
    reader_marks_schema,
    readers_schema,
    sealed_schema,
    strangers_schema,
    verdicts_schema,
    withdrawals_schema,
)
from xuanfa.store.append_only import guard
from xuanfa.store.base import is_any, partial_index
from xuanfa.store.columns import Json, ManyWords, Moment, Words
from xuanfa.store.reviews_schema import approvals

#: All tables.
metadata = base.metadata
users, tokens = people.users, people.tokens
withdrawals, takedowns = withdrawals_schema.withdrawals, withdrawals_schema.takedowns
scans, packages = papers_schema.scans, papers_schema.packages
restrictions, openings = access_schema.restrictions, access_schema.openings
restores, identity, recollections = memory_schema.restores, memory_schema.identity, memory_schema.recollections
verdicts, waivers = verdicts_schema.verdicts, verdicts_schema.waivers
workdays = calendar_schema.workdays
outbox = outbox_schema.outbox
nodes = nodes_schema.nodes
imports, imported = imported_schema.imports, imported_schema.imported
sealed_months, month_sums = sealed_schema.sealed_months, month_sums_schema.month_sums
receipts, late_proofs, names = ledger_schema.receipts, ledger_schema.late_proofs, ledger_schema.names
strangers = strangers_schema.strangers
out_links, link_uses = out_links_schema.out_links, out_links_schema.link_uses
reader_figures, reader_marks = readers_schema.reader_figures, reader_marks_schema.reader_marks
page_proofs, page_watch = proofs_schema.page_proofs, proofs_schema.page_watch
sessions, one_time_passwords, factors = (
    console_schema.sessions,
    console_schema.one_time_passwords,
    console_schema.factors,
)
intents, drafts, seen, visits = (
    console_schema.intents,
    console_schema.drafts,
    console_schema.seen,
    console_schema.visits,
)
reminders, absences, leader_links = console_schema.reminders, console_schema.absences, console_schema.leader_links

files = Table(
    "files",
    metadata,
    Column("path", String(500), primary_key=True),
    # Size and time of last change: a file for which both are the same is not read again.
    Column("size", BigInteger, nullable=False),
    Column("changed_ns", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("post_id", ForeignKey("posts.id")),
    # What is wrong with the file, for a person; empty where it was taken.
    Column("problems", ManyWords, nullable=False),
    # How often reading these bytes has ended the process that read them, and the version of the program by which: twice is enough.
    Column("crashes", Integer, nullable=False, server_default="0"),
    Column("program", String(40), nullable=False, server_default=""),
    # The pictures that the post is made of, each as it was then (name from the post's folder, size, time of change), and the digest of the
    # templates and settings that made its renditions: where one differs now, it is read again.
    Column("parts", Json, nullable=False, server_default=""),
    Column("making", String(64), nullable=False, server_default=""),
    Column("read_at", Moment, nullable=False),
)

posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    # A slug names one post for ever: its addresses contain it.
    Column("slug", String(200), nullable=False, unique=True),
    Column("path", String(500), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("column_id", String(100), nullable=False),
    Column("department", String(200), nullable=False),
    Column("queued_at", Moment, nullable=False),
    # The zone in which the times of its newest revision were read; empty where an older program read them.
    Column("zone", String(100), nullable=False, server_default=""),
    # The kind that its author has chosen, and by which template it is to be reviewed; empty where it is not.
    Column("kind", String(60), nullable=False, server_default=""),
    Column("review", String(60), nullable=False, server_default=""),
)

revisions = Table(
    "revisions",
    metadata,
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("digest", String(64), nullable=False),
    # The source as text, whole: what a revision said can be shown years later.
    Column("source", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    # What the ledger will say of it; ``posts`` only knows the newest revision's.
    Column("title", Text, nullable=False, server_default=""),
    Column("department", Text, nullable=False, server_default=""),
    Column("author", Text, nullable=False, server_default=""),
    # Its kind: the one that its author has chosen, or by which template its column is reviewed; and whether the office wrote it itself.
    Column("kind", String(60), nullable=False, server_default=""),
    Column("original", Boolean, nullable=False, server_default=true()),
    # How its author is printed, where that is not as typed: a login name stands for a person. The rendition's digest has it.
    Column("byline", Text, nullable=False, server_default=""),
    # What finds the same content under another slug (``domain.likeness``): a hash of the title, length and sketch of the body.
    Column("title_key", String(32), nullable=False, server_default=""),
    Column("length", Integer, nullable=False, server_default="0"),
    Column("sketch", Text, nullable=False, server_default=""),
    Index("ix_revisions_title_key", "title_key", "length"),
    # Whose they are: a contributor's own are asked for by every list.
    Index("ix_revisions_author", "author", "post_id"),
)

slots = Table(
    "slots",
    metadata,
    # A slot is one row, so it is reserved once, whatever races.
    Column("column_id", String(100), primary_key=True),
    Column("at", Moment, primary_key=True),
    # A post has one slot of its column.
    Column("post_id", ForeignKey("posts.id"), nullable=False, unique=True),
)

renditions = Table(
    "renditions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("post_id", ForeignKey("posts.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("channel", String(100), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("body", Text, nullable=False),
    Column("pictures", Json, nullable=False),
    Column("needs", Json, nullable=False),
    Column("extra", Json, nullable=False),
    # The same revision renders to a channel once; a digest says what it was.
    UniqueConstraint("post_id", "revision", "channel", "digest"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("post_id", ForeignKey("posts.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("column_id", String(100), nullable=False),
    Column("channel", String(100), nullable=False),
    Column("kind", String(100), nullable=False),
    Column("state", String(20), nullable=False),
    Column("reason", Words, nullable=False),
    # With ``account``: to whom and in which mode it goes, or was last sent; all that follows a sending counts only for the same ones.
    Column("rehearsal", Boolean, nullable=False),
    Column("account", Text, nullable=False, server_default=""),
    Column("rendition_id", ForeignKey("renditions.id")),
    Column("digest", String(64), nullable=False),
    Column("key", String(32), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("ready_at", Moment, nullable=False),
    Column("fresh_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("tries", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("first_sent_at", Moment),
    Column("waiting", Boolean, nullable=False),
    Column("ticket", Text, nullable=False),
    Column("staged", Json, nullable=False),
    Column("look_at", Moment),
    Column("looks", Integer, nullable=False),
    Column("absent_at", Moment),
    # A backup brought it back, and it may have been sent since: only a person's decision about it lets it be sent.
    Column("restored", Boolean, nullable=False, server_default=false()),
    # Nothing of it had left up to when the database knows: if it is out, nobody here knows where.
    Column("unplaced", Boolean, nullable=False, server_default=false()),
    # Which other delivery brings the same content to the same account: 0 for none, nothing as long as that has to be found out.
    Column("twin", Integer),
    # What holds it that its own file can put right.
    Column("hold", String(20), nullable=False, server_default=""),
    # It needs a review; which approval lets it leave; and whether it is due as soon as it may leave, because no time was named.
    Column("reviewed", Boolean, nullable=False, server_default=false()),
    Column("approval", Integer),
    Column("at_once", Boolean, nullable=False, server_default=false()),
    # It lies on the shelf, or was released from it.
    Column("shelf", String(10), nullable=False, server_default=""),
    # One post reaches one channel through one delivery: there is no second row that could send it again.
    UniqueConstraint("post_id", "channel"),
    # A receipt names all three, so that what it says of its post and channel cannot be anything else.
    Index("ix_deliveries_place", "id", "post_id", "channel", unique=True),
    CheckConstraint("state IN (" + ", ".join(f"'{state.value}'" for state in State) + ")", name="state"),
    # What is sent was frozen first.
    CheckConstraint(
        f"state NOT IN ('{State.SCHEDULED}', '{State.PUBLISHING}') OR rendition_id IS NOT NULL", name="frozen"
    ),
    # What needs a review is not sent without an approval, and that is one of exactly this: channel, rendition and time.
    CheckConstraint(
        f"NOT reviewed OR state NOT IN ('{State.SCHEDULED}', '{State.PUBLISHING}') OR approval IS NOT NULL",
        name="approved",
    ),
    # What lies on the shelf is not sent: a person takes it off first.
    CheckConstraint(
        f"(state <> '{State.SHELVED}' OR shelf = '{ON_SHELF}') AND "
        f"(shelf <> '{ON_SHELF}' OR state NOT IN ('{State.SCHEDULED}', '{State.PUBLISHING}'))",
        name="shelf",
    ),
    ForeignKeyConstraint(
        ["approval", "channel", "digest", "due_at"],
        [approvals.c.id, approvals.c.channel, approvals.c.digest, approvals.c.due_at],
        name="fk_deliveries_approval",
    ),
)
_d = deliveries.c
_scheduled = _d.state == State.SCHEDULED.value
# A pass costs what is due: these hold only what could be claimed, looked at or woken, never the published past.
partial_index(
    "ix_deliveries_due",
    _d.channel,
    _d.ready_at,
    where=and_(_scheduled, _d.waiting == false()),
)
partial_index("ix_deliveries_look", _d.look_at, where=_d.look_at.is_not(None))
partial_index("ix_deliveries_waiting_on", _d.channel, where=and_(_scheduled, _d.waiting == true()))
partial_index("ix_deliveries_waiting", _d.ready_at, where=and_(_scheduled, _d.waiting == true()))
# Literals, so that the planner can prove that the index holds every row of a question that has these words too.
needs_person = is_any(_d.state, WAITS_FOR_PERSON)
partial_index("ix_deliveries_person", _d.state, where=needs_person)
# What the channel has taken and no look will settle: a person does.
handed_over = and_(_d.state == literal_column(f"'{State.ACCEPTED}'"), _d.look_at.is_(None))
partial_index("ix_deliveries_handed_over", _d.channel, where=handed_over)
# Sent by a program that kept no accounts. None, once they have been named.
unnamed = and_(_d.account == literal_column("''"), _d.attempt > literal_column("0"))
partial_index("ix_deliveries_unnamed", _d.channel, where=unnamed)

# What has been called off or taken down: few, whatever has been published.
called_off = is_any(_d.state, {State.CANCELLED, State.RETRACTED})
partial_index("ix_deliveries_called_off", _d.state, where=called_off)
partial_index("ix_deliveries_review", _d.due_at, where=_d.state == literal_column(f"'{State.AWAITING_REVIEW}'"))
on_shelf = _d.shelf == literal_column(f"'{ON_SHELF}'")
partial_index("ix_deliveries_shelf", _d.post_id, where=on_shelf)
unsent_reviewed = and_(literal_column("reviewed"), is_any(_d.state, UNSENT))
partial_index("ix_deliveries_reviewed", _d.post_id, where=unsent_reviewed)

# Lists page by page, and a month, in the order of the time at which it is due. Every row is in it, and the condition is there so that a question
# has to ask for it: else SQLite would take it for a pass's questions too, in place of the small indexes above.
listed = _d.id > literal_column("0")
partial_index("ix_deliveries_time", _d.state, _d.due_at, _d.id, where=listed)

attempts = Table(
    "attempts",
    metadata,
    # The pair fences: whoever settles an attempt that is no longer the delivery's latest changes nothing.
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("action", String(10), nullable=False),
    Column("key", String(32), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("node", String(100), nullable=False),
    # Which process that is, among all there ever were (``domain.process``): a name and a number are given again.
    Column("process", String(200), nullable=False, server_default=""),
    # To whom and in which mode: an answer, a look or a withdrawal says nothing of another account.
    Column("rehearsal", Boolean, nullable=False, server_default=false()),
    Column("account", Text, nullable=False, server_default=""),
    # How much of the request the operating system took, of how much; nothing where it was not measured.
    Column("bytes_sent", BigInteger),
    Column("bytes_total", BigInteger),
    Column("started_at", Moment, nullable=False),
    Column("lease_until", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("outcome", String(20)),
    Column("evidence", Words, nullable=False),
    # For one that was given up and has no end of its own: since when it is known that nothing of it can leave any more.
    Column("gone_at", Moment),
    # An attempt has an end exactly when it has an outcome.
    CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended"),
)
partial_index("ix_attempts_open", attempts.c.lease_until, where=attempts.c.ended_at.is_(None))
# Written in literal words, as ``needs_person`` is. An answer that comes after all takes the place of "lost".
may_still_run = and_(
    attempts.c.outcome == literal_column("'lost'"),
    attempts.c.action == literal_column("'publish'"),
    attempts.c.gone_at.is_(None),
)
partial_index("ix_attempts_lost", attempts.c.delivery_id, where=may_still_run)

pace = Table(
    "pace",
    metadata,
    Column("id", Integer, primary_key=True),
    # One row for one request that was spent from a budget, kept as long as its longest window.
    Column("budget", String(200), nullable=False),
    Column("spent_at", Moment, nullable=False),
    Index("ix_pace_budget", "budget", "spent_at"),
)

channel_states = Table(
    "channel_states",
    metadata,
    Column("channel", String(100), primary_key=True),
    # Set while nothing may be sent there; a person resumes it.
    Column("paused_at", Moment),
    # Set while the channel itself wants to be left alone (429, quota).
    Column("deferred_until", Moment),
    Column("reason", Words, nullable=False),
)

remembered = Table(
    "remembered",
    metadata,
    # Access tokens and handles of staged media, shared by every process that uses the same account (the scope); values are secrets.
    Column("scope", String(200), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("value", Text, nullable=False),
    Column("expires_at", Moment),
)

alarms = Table(
    "alarms",
    metadata,
    # One row for a cause as long as there is one: so it is told once, and told again when it comes back.
    Column("cause", String(300), primary_key=True),
    Column("words", Words, nullable=False),
    Column("look", Words, nullable=False),
    Column("raised_at", Moment, nullable=False),
    Column("told_at", Moment),
    # A process that is telling it, or has failed to, leaves it alone until then.
    Column("retry_at", Moment),
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("delivery_id", ForeignKey("deliveries.id"), index=True),
    Column("channel", String(100)),
    Column("before", String(20)),
    Column("after", String(20), nullable=False),
    Column("attempt", Integer),
    # Who: a person's name, or the node.
    Column("actor", String(100), nullable=False),
    Column("why", Words, nullable=False),
    # For a publication: the hash of its receipt and of what was sent, so that sealing this line seals them too.
    Column("receipt", String(64)),
    # For a freezing (with ``delivery_id``) and of a post's new revision (with ``post_id``): which one, and the hash of all that it holds. Of what
    # the rules found that stops something (``found``): in which rendition, by its number, and its hash.
    Column("post_id", Integer),
    Column("revision", Integer),
    Column("proof", String(64)),
    # For what a person has done or was refused: the verb of the act, how they were known, and from where.
    Column("act", String(30)),
    Column("how", String(20)),
    Column("place", String(200)),
    # Of a line about an account, also one that was asked for and is none: its login name.
    Column("subject", String(100)),
)
#: Lines that tell of a second proof of publication, or of a person's word that there is one publication all the same.
is_of_proofs = events.c.after.in_([literal_column("'second_proof'"), literal_column("'once'")])
partial_index("ix_events_proofs", events.c.delivery_id, where=is_of_proofs)
#: Lines that tell which database this is: looked up whenever it is opened.
is_of_identity = events.c.after == literal_column("'identity'")
partial_index("ix_events_identity", events.c.id, where=is_of_identity)
#: Lines that vouch for revisions: looked up whenever one is sent.
is_of_revision = events.c.after == literal_column("'revised'")
partial_index("ix_events_revised", events.c.post_id, events.c.revision, where=is_of_revision)
#: Lines of revisions that say who has edited a post.
is_edited = and_(events.c.after == literal_column("'revised'"), events.c.act == literal_column("'edit'"))
partial_index("ix_events_edited", events.c.actor, events.c.post_id, where=is_edited)
#: Lines that vouch for what the rules found that stops something: looked up whenever something is about to leave.
is_of_found = events.c.after == literal_column("'found'")
partial_index("ix_events_found", events.c.revision, events.c.id, where=is_of_found)
#: Lines that vouch for waivers: looked up wherever one counts.
is_of_waiver = events.c.after.in_([literal_column("'finding_ignored'"), literal_column("'finding_accepted'")])
partial_index("ix_events_waived", events.c.proof, where=is_of_waiver)

#: Lines that vouch for accounts: the newest of each is looked up whenever somebody shows who they are.
is_of_user = and_(events.c.subject.is_not(None), events.c.proof.is_not(None))
partial_index("ix_events_user", events.c.subject, events.c.id, where=is_of_user)
#: What people have caused.
is_signed = events.c.act.is_not(None)
partial_index("ix_events_signed", events.c.id, where=is_signed)

seals = Table(
    "seals",
    metadata,
    # A chain over the events: each seal hashes those since the one before it, and that one's own hash.
    Column("number", Integer, primary_key=True, autoincrement=False),
    # The ids of the first and the last event that it covers, and how many there are: numbers may be left out.
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False, unique=True),
    Column("count", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("sealed_at", Moment, nullable=False),
    # A short hash of each of its lines, by which the one that was changed can be named; nothing in seals of before 0009.
    Column("lines", Text),
)

# The history is append-only, whoever asks: not even this program's own mistake can rewrite it.
guard(events, "id")
guard(seals, "number", "last")
