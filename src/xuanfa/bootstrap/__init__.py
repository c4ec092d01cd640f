"""Bootstrap: from a workspace's settings to a desk on which operations work."""

import hashlib
import logging
import os
import platform
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from xuanfa import __version__
from xuanfa.bootstrap.aside import AsideReaders
from xuanfa.bootstrap.binding import BoundAdapters, Workshop
from xuanfa.bootstrap.checking import WorkspaceRules
from xuanfa.bootstrap.going_by import settings_digest, written_at
from xuanfa.bootstrap.memory import Memory
from xuanfa.bootstrap.opening import opening
from xuanfa.bootstrap.picturing import picturing
from xuanfa.bootstrap.public_pages import public_pages
from xuanfa.bootstrap.renewal import WorkspaceRenewal
from xuanfa.bootstrap.samples import sample_digests
from xuanfa.bootstrap.settings_file import SettingsFile
from xuanfa.bootstrap.telling import AppriseTeller
from xuanfa.bootstrap.visiting import visitor
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.act import Adopt
from xuanfa.domain.alarm import Alarms
from xuanfa.domain.channel import Channels
from xuanfa.domain.lease import exchange_limit
from xuanfa.domain.life import Policy
from xuanfa.domain.person import Person
from xuanfa.domain.webhook import Webhooks
from xuanfa.events import SECRETS, announce, configure_logging, log_change
from xuanfa.operations.deciding.bound import name_accounts
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.operations.keeping.access import tighten
from xuanfa.operations.keeping.memory import belong, identity_trouble, note_end, see_marks
from xuanfa.operations.keeping.names import note_names
from xuanfa.operations.keeping.seal import seal_if_due
from xuanfa.operations.people.rule import rule_of
from xuanfa.operations.press import Press
from xuanfa.operations.processes import own_process
from xuanfa.operations.working_days.known import KnownDays, of_settings
from xuanfa.reports.sealed import counted_in
from xuanfa.settings import Settings, find_workspace, load, secrets_are_kept
from xuanfa.settings.freshness import clock_of
from xuanfa.store import access, identity, posts
from xuanfa.store.database import Store
from xuanfa.store.marks import Marks, state_folder

__all__ = [
    "announce",
    "desk_for_looking",
    "find_workspace",
    "keep_out_of_logs",
    "looking_desk",
    "make_desk",
    "make_press",
    "open_desk",
    "shipped_templates",
    "upgrade_database",
    "utc_now",
]

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The system clock, aware."""
    return datetime.now(UTC)


@contextmanager
def open_desk(
    folder: Path,
    clock: Callable[[], datetime] = utc_now,
    *,
    verbose: bool = False,
    adopting: Callable[[Desk], Person] | None = None,
    aside: bool = False,
) -> Iterator[Desk]:
    """The desk of a workspace: settings read, channels checked, the database at the right schema and this workspace's; closed at the end.
    ``aside`` reads files in a process of its own.

    A database that has forgotten something is noticed, and everything is held then. Logging is set up so that no secret gets out. Raises
    ConfigError for settings and StoreError for the database. With ``adopting``, which tells who says so, a database that belongs to another
    workspace becomes this one's.
    """
    configure_logging((), verbose=verbose)
    settings = load(folder)
    store = Store(settings.database_url)
    try:
        desk, secret_values = make_desk(settings, store, clock, marks=marks_of(folder))
        configure_logging(secret_values, verbose=verbose)
        if adopting is not None:
            carry_out(desk, Adopt(), adopting(desk))
        for words in tighten(folder, store.file):
            log.warning("%s", words)
        belong(desk)
        see_marks(desk)
        if not identity_trouble(desk):
            name_accounts(desk)
            note_names(desk)
        yield replace(desk, reader=AsideReaders(settings, verbose)) if aside else desk
        seal_if_due(desk, calm=True)
        note_end(desk)
    finally:
        store.close()


@contextmanager
def looking_desk(folder: Path, clock: Callable[[], datetime] = utc_now) -> Iterator[Desk]:
    """The desk of a workspace for whoever only looks: where there is no database none is made, and nothing is held or noted.

    Of an account that may write neither the database nor its folder, nothing in the workspace is written; what has to be written lies in a
    folder of its own for as long as it looks. Secrets that it may not read are not needed.
    """
    configure_logging((), verbose=False)
    settings = load(folder, looking=True)
    with TemporaryDirectory(prefix="xuanfa-") as scratch, ExitStack() as stack:
        store = stack.enter_context(closing(Store(settings.database_url)))
        read_only = may_only_look(store)
        if read_only:
            store = stack.enter_context(closing(Store(settings.database_url, read_only=True)))
        elif store.is_missing():
            store = stack.enter_context(closing(Store(f"sqlite:///{Path(scratch) / 'empty.db'}")))
        more: dict[str, Any] = {"without_secrets": secrets_are_kept(folder)}
        if read_only:
            more["media"] = Path(scratch) / "media"
        desk, secret_values = make_desk(settings, store, clock, marks=marks_of(folder), **more)
        configure_logging(secret_values, verbose=False)
        belong(desk, taking=False)
        yield replace(desk, lacks_secrets=more["without_secrets"])


def may_only_look(store: Store) -> bool:
    """Whether there is an SQLite database, and this account may not write it, or not beside it."""
    if store.file is None or not store.file.exists():
        return False
    return not (os.access(store.file, os.W_OK) and os.access(store.file.parent, os.W_OK | os.X_OK))


@contextmanager
def desk_for_looking(folder: Path, *, aside: bool = False) -> Iterator[Desk]:
    """The desk for a command that only looks: ``open_desk``, for an account that may write the database, else ``looking_desk``."""
    store = Store(load(folder, looking=True).database_url)
    with looking_desk(folder) if may_only_look(store) else open_desk(folder, aside=aside) as desk:
        yield desk


def keep_out_of_logs(secret: str) -> None:
    """What a person has typed to be known is written into no line of the log, whatever repeats it."""
    SECRETS.learn([secret])


def marks_of(folder: Path) -> Marks:
    """The marks of a workspace, as the account that runs this process keeps them."""
    return Marks(folder, state_folder(os.environ))


def upgrade_database(folder: Path) -> tuple[str | None, str | None]:
    """Bring a workspace's database to this program's schema: the version before and after."""
    store = Store(load(folder).database_url)
    try:
        before = store.version() if store.file is None or store.file.exists() else None
        store.upgrade()
        return before, store.version()
    finally:
        store.close()


def make_desk(
    settings: Settings,
    store: Store,
    clock: Callable[[], datetime] = utc_now,
    *,
    scratch: Path | None = None,
    marks: Marks | None = None,
    **more: Any,
) -> tuple[Desk, list[str]]:
    """A desk from settings, and every secret in them, for masking.

    Each channel is built once, here, so that a wrong setting is an error at start and not at nine o'clock. With ``scratch``, everything
    that is written lands there, in place of the workspace. Without ``marks`` none are kept. ``more`` is for the adapters' ``Workshop``.
    Then the database is opened, or made: it has the key by which accounts are named. With a ``scratch``, settings are as they were read.
    """
    desk, secret_values = _desk_of(settings, store, clock, scratch=scratch, marks=marks, **more)
    if scratch is None:
        desk = replace(
            desk, configured=_configured(settings, store, clock), renewal=_renewal(settings, store, clock, more)
        )
    return desk, secret_values


def _configured(settings: Settings, store: Store, clock: Callable[[], datetime]) -> SettingsFile:
    """The files of the settings; what they would make is tried as it is made at the start."""

    def whole(wanted: Settings) -> None:
        make_press(wanted, store, clock)[1].channels()

    return SettingsFile(settings.folder, whole, clock)


def _renewal(settings: Settings, store: Store, clock: Callable[[], datetime], more: dict[str, Any]) -> WorkspaceRenewal:
    folder = settings.folder

    def make(wanted: Settings, before: Desk) -> Desk:
        made, secret_values = _desk_of(wanted, store, clock, **more)
        SECRETS.learn(secret_values)
        if not store.read_only and not identity_trouble(made):
            name_accounts(made)
        aside = before.reader
        return replace(made, reader=replace(aside, settings=wanted) if isinstance(aside, AsideReaders) else aside)

    return WorkspaceRenewal(folder, settings, lambda: load(folder, looking=bool(more.get("without_secrets"))), make)


def _desk_of(
    settings: Settings,
    store: Store,
    clock: Callable[[], datetime],
    *,
    scratch: Path | None = None,
    marks: Marks | None = None,
    **more: Any,
) -> tuple[Desk, list[str]]:
    of = written_at(settings.folder)
    press, adapters = make_press(settings, store, clock, scratch=scratch, **more)
    channels = adapters.channels()
    store.ready()
    with store.read() as connection:
        salt = identity.get(connection).salt
    hours = settings.reviews.hours
    days = KnownDays(store, of_settings(hours.days_off, hours.days_worked))
    reviews = replace(settings.reviews, hours=replace(hours, calendar=days))
    desk = Desk(
        **(vars(press) | {"reviews": reviews}),
        folder=settings.folder,
        store=store,
        channels=Channels(adapters.with_accounts(channels, salt), lambda name: adapters.twin(name, salt)),
        samples=sample_digests(),
        clock=clock,
        node=f"{platform.node()}:{os.getpid()}:{secrets.token_hex(3)}",
        process=own_process(),
        policy=Policy(max_tries=settings.publish.max_tries, late_after=timedelta(minutes=settings.late_after_minutes)),
        lease=timedelta(seconds=settings.publish.lease_seconds),
        emit=partial(log_change, slug_of=_slugs(store), is_restricted=_restricted(store)),
        in_flight=settings.publish.in_flight,
        scan_every=timedelta(seconds=settings.publish.scan_seconds),
        still=timedelta(seconds=settings.publish.still_seconds),
        repeat_ahead=timedelta(days=settings.publish.repeat_days),
        silences=settings.silences,
        days=days,
        days_changed=days.renew,
        pages=public_pages(adapters),
        open_page=opening(adapters),
        visitor=lambda: visitor(settings.folder),
        picture_page=picturing(adapters, settings.proof.browser),
        session_span=settings.sign_in.span,
        looking=settings.proof.looking,
        correction_note=settings.publish.correction_note,
        watched=settings.watched,
        webhooks=_webhooks(settings, adapters) if scratch is None else Webhooks(),
        counted=lambda connection, since, until: counted_in(connection, settings.zone, since, until),
        levels=settings.levels,
        alarms=_alarms(settings),
        settings=settings_digest(settings, salt),
        settings_of=of,
        marks=marks or Marks(),
        may=rule_of(store),
    )
    store.announce_to(desk.webhooks.endpoints)
    secret_values = [*adapters.secrets(), *(target.get_secret_value() for target in settings.alarms.targets)]
    return desk, [*secret_values, *(secret for each in settings.endpoints.values() for secret in each.secrets)]


def make_press(
    settings: Settings,
    store: Store,
    clock: Callable[[], datetime] = utc_now,
    *,
    scratch: Path | None = None,
    media: Path | None = None,
    instead: Mapping[str, str] | None = None,
    **more: Any,
) -> tuple[Press, BoundAdapters]:
    """What reads and renders, and its adapters, as ``make_desk`` has them; ``instead`` are templates by their text, to be tried. The database is
    not opened: nothing is remembered for rendering."""
    templates = Templates([settings.template_folder, shipped_templates()], instead)
    var_folder = scratch or settings.var_folder
    pictures = MediaStore(media or var_folder / "media")
    workshop = Workshop(
        folder=scratch or settings.folder,
        var_folder=var_folder,
        templates=templates,
        media=pictures,
        memory=Memory(store, clock),
        clock=clock,
        ca_file=settings.ca_file,
        limit=exchange_limit(settings.publish.request_seconds, settings.publish.lease_seconds),
        **more,
    )
    adapters = BoundAdapters(settings.channels, workshop, settings.budgets)
    press = Press(
        organisation=settings.office,
        columns=settings.all_columns,
        adapters=adapters,
        templates=templates,
        media=pictures,
        zone=settings.zone,
        making=_making(settings, adapters),
        reviews=settings.reviews,
        rules=WorkspaceRules(settings, lambda: clock().astimezone(settings.zone).date(), pictures),
    )
    return press, adapters


def _slugs(store: Store) -> Callable[[int], str]:
    """Names posts by their numbers; a slug stays."""
    known: dict[int, str] = {}

    def slug_of(number: int) -> str:
        if number not in known:
            with store.read() as connection:
                known[number] = posts.name_of(connection, number)[0]
        return known[number]

    return slug_of


def _restricted(store: Store) -> Callable[[int], bool]:
    """Tells whether a post is restricted now."""

    def is_restricted(number: int) -> bool:
        with store.read() as connection:
            return access.of_post(connection, number) is not None

    return is_restricted


def _making(settings: Settings, adapters: BoundAdapters) -> str:
    """A digest of what makes renditions besides posts and templates: settings without secrets, and the program."""
    digest = hashlib.sha256(f"{__version__}\n{settings.office!r}\n{settings.all_columns!r}\n{settings.zone}".encode())
    digest.update(repr((adapters.shown(), settings.review.default, sorted(settings.reviews.templates))).encode())
    return digest.hexdigest()


def _webhooks(settings: Settings, adapters: BoundAdapters) -> Webhooks:
    """Nothing of sending is imported where nobody is told."""
    if not settings.endpoints:
        return Webhooks()
    from xuanfa.bootstrap.posting import posting  # noqa: PLC0415 - see above

    return Webhooks(endpoints=settings.endpoints, post=posting(adapters))


def _alarms(settings: Settings) -> Alarms:
    table = settings.alarms
    targets = [target.get_secret_value() for target in table.targets]
    return Alarms(
        teller=AppriseTeller(targets) if targets else None,
        quiet=timedelta(minutes=table.quiet_minutes),
        nothing_published=timedelta(days=table.nothing_published_days),
        warns_of_silence=table.nothing_published_days > 0,
        digest_at=clock_of(table.digest_at),
    )


def shipped_templates() -> Path:
    """The templates that come with the program: inside an installed package, at the top of a source tree."""
    inside = Path(__file__).parents[1] / "templates"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "templates"
