"""What every operation works with: made once by bootstrap, handed in, never global."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from xuanfa.domain.act import Rule, may
from xuanfa.domain.alarm import Alarms
from xuanfa.domain.channel import Channel
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.freshness import Watched
from xuanfa.domain.language import say
from xuanfa.domain.lease import Lease
from xuanfa.domain.life import Policy, Terms
from xuanfa.domain.looking import Looking
from xuanfa.domain.named import both, id_of
from xuanfa.domain.page import Miss, Opened, Page
from xuanfa.domain.process import Fate, host_of
from xuanfa.domain.refusals import no_such_post
from xuanfa.domain.scoring import Level
from xuanfa.domain.sealed_month import Counted
from xuanfa.domain.session_span import SessionSpan
from xuanfa.domain.silence import Silence
from xuanfa.domain.visited import Visit
from xuanfa.domain.webhook import Webhooks
from xuanfa.domain.working_days import Calendar, WorkingDays
from xuanfa.operations.press import Adapters, Press
from xuanfa.operations.processes import fate_of
from xuanfa.store import likeness, posts, users
from xuanfa.store.database import Store
from xuanfa.store.deliveries import Change
from xuanfa.store.marks import Marks

if TYPE_CHECKING:
    import sqlalchemy as sa

    from xuanfa.operations.configuring.port import Configured, Renewal
    from xuanfa.operations.intake.reading import Readers

__all__ = ["Adapters", "Desk"]


@dataclass(frozen=True, kw_only=True)
class Desk(Press):
    """The store, the configuration as domain records, the clock, and who we are."""

    folder: Path
    store: Store
    channels: Mapping[str, Channel]
    clock: Callable[[], datetime]
    #: Names this running process in leases and in the history.
    node: str
    #: The same for the machine: this process among all there ever were; empty where the machine does not tell.
    process: str = ""
    #: What has become of another process.
    fate: Callable[[str], Fate] = fate_of
    policy: Policy = field(default_factory=Policy)
    #: How long an attempt may be without a sign of life. Longer than any request can take.
    lease: timedelta = timedelta(seconds=120)
    #: How many requests may be under way at once in this process.
    in_flight: int = 20
    #: How often a resident process reads ``posts/``.
    scan_every: timedelta = timedelta(seconds=30)
    #: A file is read when it has been still for so long: it may be half copied.
    still: timedelta = timedelta(0)
    #: So long before its day a turn of a recurring post is made.
    repeat_ahead: timedelta = timedelta(days=35)
    #: Dates in which nothing goes out by itself.
    silences: tuple[Silence, ...] = ()
    #: Which days are worked, and what is told when somebody has brought in others.
    days: Calendar = WorkingDays
    days_changed: Callable[[], None] = lambda: None
    #: How long accounts and columns may be still.
    watched: Watched = field(default_factory=Watched)
    #: Where posts are taken up, and what they get for it; nothing is scored where there is none.
    levels: tuple[Level, ...] = ()
    #: What people are told of, and through whom.
    alarms: Alarms = field(default_factory=Alarms)
    #: What is noted outside the database, so that it is noticed when it has forgotten something.
    marks: Marks = field(default_factory=Marks)
    #: How people are printed, by login name, where that is not asked of the users: a rehearsal's database has none.
    printed: Mapping[str, str] = field(default_factory=dict)
    #: Where files are read; in this process where nothing is given.
    reader: "Readers | None" = None
    #: Whether this account may not read the channels' secrets: it only looks, and asks no channel anything.
    lacks_secrets: bool = False
    #: The digests of the files that ``init`` writes as samples.
    samples: frozenset[str] = frozenset()
    #: Who may do what.
    may: Rule = may
    #: Whether there is a user of this login name; a rehearsal has none of its own and asks the workspace.
    knows_user: Callable[["sa.Connection", str], bool] = lambda connection, name: (
        users.get(connection, name) is not None
    )
    #: What anybody sees who opens a public address of a channel; ``None`` where that cannot be told from here.
    pages: Callable[[str, str], Page | None] = lambda _channel, _address: None
    #: The same for whoever wants to know why nothing is seen, redirects followed, and never into a closed network but the office's own website.
    open_page: Callable[[str, str], Opened] = lambda _channel, address: Opened(address=address, miss=Miss.NOWHERE)
    #: A picture of such a page, as JPEG; or nothing, and why there is none.
    picture_page: Callable[[str, str], tuple[bytes, str]] = lambda _channel, _address: (b"", "")
    #: What asks for addresses that a person names, on public machines alone; ``None`` where nothing does.
    visitor: Callable[[], Visit] | None = None
    #: Who is told of each transition besides people, and what brings it to them.
    webhooks: Webhooks = field(default_factory=Webhooks)
    #: How long somebody who has signed in is known.
    session_span: SessionSpan = field(default_factory=SessionSpan)
    #: When public pages are looked at.
    looking: Looking = field(default_factory=Looking)
    #: The sentence at the end of what was corrected; empty where the office wants none.
    correction_note: str = ""
    #: The settings as their file holds them, to be changed; ``None`` where they cannot be from here.
    configured: "Configured | None" = None
    #: A digest of these settings, by which processes are compared, and when their files were last written; empty where that is not known.
    settings: str = ""
    settings_of: datetime | None = None
    #: What takes up settings that have changed while the process runs; ``None`` where nothing does.
    renewal: "Renewal | None" = None
    #: What days count, from the first to the last, for whoever seals them.
    counted: "Callable[[sa.Connection, date, date], Counted]" = lambda *_: Counted(posts=0, retracted=0, entries=())
    #: Told of every move after it has been committed.
    emit: Callable[[Change], None] = lambda _change: None
    chance: random.Random = field(default_factory=random.Random)

    def newest(self, *, at_once: bool = False) -> "Desk":
        """This desk by the settings as they are now, for whoever begins something; it is this very one where nothing has changed."""
        return self if self.renewal is None else self.renewal(self, at_once=at_once)

    @property
    def host(self) -> str:
        """This machine, as nodes name it."""
        return host_of(self.node)

    @property
    def posts_folder(self) -> Path:
        """Where staff put their files."""
        return self.folder / "posts"

    def withdrawn(self, sha256: str) -> Path:
        """Where it is kept, under its hash, what readers could see of a post that was ordered down."""
        return self.folder / "var" / "withdrawn" / f"{sha256}.json"

    def known_channel(self, channel: str) -> str:
        """The id of a channel, which was typed or whose title was. Raises ConfigError where there is none."""
        titles = {known.id: known.title for known in self.channels.values()}
        found = id_of(channel, titles)
        if found is None:
            raise ConfigError(
                say(
                    "没有渠道 {channel}：有 {all}。",
                    "There is no channel {channel}: there are {all}.",
                    channel=channel,
                    all=both(titles),
                )
            )
        return found

    def known_post(self, slug: str) -> str:
        """The slug of a post that was ever queued, as it was typed. Raises StateError, with those that are like it."""
        with self.store.read() as connection:
            if posts.by_slug(connection, slug) is None:
                raise no_such_post(slug, likeness.slugs(connection))
        return slug

    def lease_from(self, now: datetime, *, extends: bool = False) -> Lease:
        """The right to an attempt that is recorded now; ``extends`` while it only prepares."""
        return Lease(until=now + self.lease, span=self.lease, extends=extends)

    def terms(self, channel: str, now: datetime) -> Terms:
        """What a decision about a delivery of this channel depends on."""
        known = self.channels.get(channel) or Channel(id=channel, kind="", title=channel)  # gone from the settings
        return Terms(channel=known, now=now, policy=self.policy, chance=self.chance)
