"""Bootstrap: from a workspace's settings to a desk on which operations work."""

import hashlib
import os
import platform
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from xuanfa import __version__
from xuanfa.bootstrap.aside import AsideReaders
from xuanfa.bootstrap.binding import BoundAdapters, Workshop
from xuanfa.bootstrap.memory import Memory
from xuanfa.bootstrap.telling import AppriseTeller
from xuanfa.content.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.alarm import Alarms
from xuanfa.domain.lease import exchange_limit
from xuanfa.domain.life import Policy
from xuanfa.events import configure_logging, log_change
from xuanfa.operations.bound import name_accounts
from xuanfa.operations.desk import Desk
from xuanfa.operations.memory import adopt, belong, note_end, see
from xuanfa.operations.press import Press
from xuanfa.operations.processes import own_process
from xuanfa.settings import Settings, find_workspace, load
from xuanfa.store import identity
from xuanfa.store.database import Store
from xuanfa.store.marks import Marks, state_folder

__all__ = [
    "find_workspace",
    "looking_desk",
    "make_desk",
    "make_press",
    "open_desk",
    "shipped_templates",
    "upgrade_database",
    "utc_now",
]


def utc_now() -> datetime:
    """The system clock, aware."""
    return datetime.now(UTC)


@contextmanager
def open_desk(
    folder: Path,
    clock: Callable[[], datetime] = utc_now,
    *,
    verbose: bool = False,
    adopting: str = "",
    aside: bool = False,
) -> Iterator[Desk]:
    """The desk of a workspace: settings read, channels checked, the database at the right schema and this workspace's; closed at the end.
    ``aside`` reads files in a process of its own.

    A database that has forgotten something is noticed, and everything is held then. Logging is set up so that no secret gets out. Raises
    ConfigError for settings and StoreError for the database. With ``adopting``, the name of a person, a database that belongs to another
    workspace becomes this one's.
    """
    configure_logging((), verbose=verbose)
    settings = load(folder)
    store = Store(settings.database_url)
    try:
        desk, secret_values = make_desk(settings, store, clock, marks=marks_of(folder))
        configure_logging(secret_values, verbose=verbose)
        if adopting:
            adopt(desk, adopting)
        belong(desk)
        see(desk)
        name_accounts(desk)
        yield replace(desk, reader=AsideReaders(settings, verbose)) if aside else desk
        note_end(desk)
    finally:
        store.close()


@contextmanager
def looking_desk(folder: Path, clock: Callable[[], datetime] = utc_now) -> Iterator[Desk]:
    """The desk of a workspace for whoever only looks: where there is no database none is made, and nothing is held or noted."""
    configure_logging((), verbose=False)
    settings = load(folder)
    with TemporaryDirectory() as scratch, ExitStack() as stack:
        store = stack.enter_context(closing(Store(settings.database_url)))
        if store.is_missing():
            store = stack.enter_context(closing(Store(f"sqlite:///{Path(scratch) / 'empty.db'}")))
        desk, secret_values = make_desk(settings, store, clock, marks=marks_of(folder))
        configure_logging(secret_values, verbose=False)
        belong(desk, taking=False)
        yield desk


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
    Then the database is opened, or made: it has the key by which accounts are named.
    """
    press, adapters = make_press(settings, store, clock, scratch=scratch, **more)
    channels = adapters.channels()
    store.ready()
    with store.read() as connection:
        salt = identity.get(connection).salt
    desk = Desk(
        **vars(press),
        folder=settings.folder,
        store=store,
        channels=adapters.with_accounts(channels, salt),
        clock=clock,
        node=f"{platform.node()}:{os.getpid()}:{secrets.token_hex(3)}",
        process=own_process(),
        policy=Policy(max_tries=settings.publish.max_tries, late_after=timedelta(minutes=settings.late_after_minutes)),
        lease=timedelta(seconds=settings.publish.lease_seconds),
        emit=log_change,
        in_flight=settings.publish.in_flight,
        scan_every=timedelta(seconds=settings.publish.scan_seconds),
        still=timedelta(seconds=settings.publish.still_seconds),
        silences=settings.silences,
        alarms=_alarms(settings),
        marks=marks or Marks(),
    )
    return desk, [*adapters.secrets(), *(target.get_secret_value() for target in settings.alarms.targets)]


def make_press(
    settings: Settings,
    store: Store,
    clock: Callable[[], datetime] = utc_now,
    *,
    scratch: Path | None = None,
    **more: Any,
) -> tuple[Press, BoundAdapters]:
    """What reads and renders, and its adapters, as ``make_desk`` has them. The database is not opened: nothing is remembered for rendering."""
    templates = Templates([settings.template_folder, shipped_templates()])
    var_folder = scratch or settings.var_folder
    media = MediaStore(var_folder / "media")
    workshop = Workshop(
        folder=scratch or settings.folder,
        var_folder=var_folder,
        templates=templates,
        media=media,
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
        media=media,
        zone=settings.zone,
        making=_making(settings, adapters, [settings.template_folder, shipped_templates()]),
    )
    return press, adapters


def _making(settings: Settings, adapters: BoundAdapters, folders: Sequence[Path]) -> str:
    """A digest of what makes renditions besides the posts: templates by name, size and time of change, and settings without secrets."""
    digest = hashlib.sha256(f"{__version__}\n{settings.office!r}\n{settings.all_columns!r}\n{settings.zone}".encode())
    digest.update(repr(adapters.shown()).encode())
    for folder in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            with suppress(OSError):
                facts = path.stat()
                digest.update(f"\n{path.relative_to(folder)} {facts.st_size} {facts.st_mtime_ns}".encode())
    return digest.hexdigest()


def _alarms(settings: Settings) -> Alarms:
    table = settings.alarms
    targets = [target.get_secret_value() for target in table.targets]
    return Alarms(
        teller=AppriseTeller(targets) if targets else None,
        quiet=timedelta(minutes=table.quiet_minutes),
        nothing_published=timedelta(days=table.nothing_published_days),
    )


def shipped_templates() -> Path:
    """The templates that come with the program: inside an installed package, at the top of a source tree."""
    inside = Path(__file__).parents[1] / "templates"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "templates"
