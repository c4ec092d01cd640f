"""Opening the database: transactions that mean what they say, and a schema that is the one this program knows."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from xuanfa.domain.errors import StoreError, machine_words
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.webhook import Endpoint
from xuanfa.store import identity, locks
from xuanfa.store.complaints import missing_driver, store_error, wrong_encoding
from xuanfa.store.moment import FOUND, Moment
from xuanfa.store.outbox import OUTBOX

#: The newest migration in ``store/migrations``. A test keeps it equal to Alembic's head, so that opening need not import Alembic.
SCHEMA = "0040"
#: How long a writer waits for another one, unless told otherwise. Seconds.
BUSY = 20
#: How often a writer asks whether it is its turn. Seconds.
_ASK = 0.001


class Store:
    """One database. ``write`` and ``read`` give a connection inside one transaction; nothing else opens any.

    ``busy`` is how long a writer waits for another one, in seconds. With ``read_only``, the file of an SQLite database is opened without a
    right to write it or anything beside it.
    """

    def __init__(self, url: str, busy: float = BUSY, *, read_only: bool = False) -> None:
        self.url = _with_driver(sa.make_url(url))
        self.read_only = read_only and self.file is not None
        self.engine = _engine(self.url, busy, read_only=self.read_only)
        self._reading: dict[str, Any] = {locks.READS: True}
        self._receivers: dict[str, Endpoint] = {}
        self.engine.update_execution_options(**{OUTBOX: self._receivers})
        self._moments = threading.local()
        #: Which file is open, by the numbers of its device and its node.
        self._opened: tuple[int, int] | None = None
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", self._note_file)
            if self.read_only:
                self._reading[locks.READS] = True
            else:
                event.listen(self.engine, "connect", lambda connection, _record: _prepare_sqlite(connection, busy))
            event.listen(self.engine, "begin", lambda connection: _begin_sqlite(connection, busy))
        else:
            event.listen(self.engine, "connect", _prepare_postgresql)
            # A reader sees one moment in all its statements, as it does on SQLite.
            self._reading["isolation_level"] = "REPEATABLE READ"

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database."""
        return Path(self.url.database) if self.url.get_backend_name() == "sqlite" and self.url.database else None

    def conninfo(self, **session: str) -> str:
        """The address of a PostgreSQL database as libpq reads it, with our settings for a session and these besides. Holds the password."""
        from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - optional, and not needed for SQLite

        address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return make_conninfo(address, **(_CONNECTION | {"options": _options(self.url, _SESSION | session)}))

    def announce_to(self, endpoints: Mapping[str, Endpoint]) -> None:
        """From now on these receivers of webhooks are told of what is written here."""
        self._receivers.update(endpoints)
        for gone in self._receivers.keys() - endpoints.keys():
            self._receivers.pop(gone, None)

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that will write. On SQLite it takes the write lock at once, so that what it reads stays true until it commits; on
        PostgreSQL (READ COMMITTED) that holds for the rows that the query locks, and the functions of this package say which."""
        with self._in_words(), self.engine.begin() as connection:
            yield connection
        if (moment := self._moment()) is not None:
            moment.pass_by()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that only reads, and waits for nobody."""
        moment = self._moment()
        with self._in_words():
            if moment is not None:
                with moment.read() as connection:
                    yield connection
                return
            with self._begin_reading() as connection:
                yield connection

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """All that this thread reads within is read by one transaction, and ``once`` asks once; what it writes is seen by what it reads then."""
        if self._moment() is not None:
            yield
            return
        moment = Moment(lambda: self._begin_reading(**{FOUND: {}}))
        self._moments.here = moment
        try:
            yield
        finally:
            self._moments.here = None
            with self._in_words():
                moment.end()

    def _moment(self) -> Moment | None:
        moment: Moment | None = getattr(self._moments, "here", None)
        return moment

    def _begin_reading(self, **more: Any) -> sa.Connection:
        """A connection in a transaction that only reads, which ends when it is closed."""
        connection = self.engine.connect()
        try:
            connection.execution_options(**self._reading, **more).begin()
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()
        self._opened = None

    def is_replaced(self) -> bool:
        """Whether the file of an SQLite database has been taken away, or another one put in its place, since it was opened.

        Connections that are open go on with the old one, which nobody else sees; ``close`` lets go of it.
        """
        if self.file is None or self._opened is None:
            return False
        return _node_of(self.file) != self._opened

    def _note_file(self, _connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
        if self._opened is None and self.file is not None:
            self._opened = _node_of(self.file)

    def ready(self, salt: str = "") -> None:
        """Make a new database, or refuse one with another schema; the message has the command to run. It has an identity then, a new one
        with this ``salt`` if any is given."""
        if self.read_only:
            self._require_whole()
            return
        self._be_at_our_schema()
        with self.read() as connection:
            known = identity.find(connection) is not None
        if not known:
            with self.write() as connection:
                identity.ensure(connection, salt)

    def _require_whole(self) -> None:
        """Refuse a database that whoever may write it has to see to first."""
        found = self.version() if self.file is not None and self.file.exists() else None
        if found != SCHEMA:
            if found is not None:
                self.require_known(found)
            raise StoreError(
                say(
                    "数据库还没有建立，或比程序旧，而这个账号只能看：请以运行服务的账户执行一次 {doctor}。",
                    "The database is not there yet, or older than this program, and this account may only look: run {doctor} once as the account of "
                    "the service.",
                    doctor=Remedy("doctor"),
                )
            )

    def _be_at_our_schema(self) -> None:
        if self.file is not None and not self.file.exists():
            self.upgrade()
            return
        found = self.version()
        if found == SCHEMA:
            return
        if found is None:
            self.upgrade()
        elif found > SCHEMA:
            self.require_known(found)
        else:
            raise StoreError(
                say(
                    "数据库的版本（{found}）比程序（{ours}）旧：请先备份，再运行 {upgrade}。",
                    "The database (version {found}) is older than this program ({ours}): back it up, then run {upgrade}.",
                    found=found,
                    ours=SCHEMA,
                    upgrade=Remedy("upgrade"),
                )
            )

    def require_known(self, found: str) -> None:
        """Refuse a database of a later program."""
        if found > SCHEMA:
            raise StoreError(
                say(
                    "数据库的版本（{found}）比程序（{ours}）新：请升级 xuanfa，不要用旧程序打开。",
                    "The database (version {found}) is newer than this program ({ours}): upgrade xuanfa.",
                    found=found,
                    ours=SCHEMA,
                )
            )

    def is_missing(self) -> bool:
        """Whether there is no database yet, or an empty one; none is made by asking."""
        return (self.file is not None and not self.file.exists()) or self.version() is None

    def version(self) -> str | None:
        """The migration that the database stands at; ``None`` for an empty one."""
        with self.read() as connection:
            return version_of(connection)

    def upgrade(self) -> None:
        """Bring the database to this program's schema; harmless when it is there already, and when two do it at once."""
        from xuanfa.store.migrate import upgrade  # noqa: PLC0415 - Alembic is heavy, and needed once

        if self.file is not None:
            _make_folder(self.file.parent)
            _make_file(self.file)
        else:
            self._require_utf8()
        with self._in_words():
            upgrade(self)

    def make_queue_tables(self, schema: str, statements: str) -> None:
        """Make another program's job queue in a schema of its own, unless it is there. Of two that begin at once, one does it.

        Nothing of ours is in there that could not be made again: the deliveries are the schedule.
        """
        with self.write() as connection:
            locks.hold(connection, schema)
            if sa.inspect(connection).has_table("procrastinate_jobs", schema=schema):
                return
            quoted = connection.dialect.identifier_preparer.quote(schema)
            connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {quoted}"))
            connection.execute(sa.text(f"SET LOCAL search_path TO {quoted}"))
            connection.exec_driver_sql(statements, execution_options={"no_parameters": True})

    def _require_utf8(self) -> None:
        with self.read() as connection:
            encoding = connection.scalar(sa.text("SHOW server_encoding"))
        if encoding != "UTF8":
            raise wrong_encoding(self.url, str(encoding))

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, PoolTimeoutError, sqlite3.Error) as error:
            raise store_error(error, self.url) from error


def _node_of(file: Path) -> tuple[int, int] | None:
    try:
        stat = file.stat()
    except OSError:  # its folder or its disk is gone
        return None
    return stat.st_dev, stat.st_ino


def version_of(connection: sa.Connection) -> str | None:
    """The migration that the database stands at; ``None`` for an empty one."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found


def _with_driver(url: sa.URL) -> sa.URL:
    """The address with the driver that we use, whichever it names: ``postgresql://`` alone is what everybody writes."""
    return url.set(drivername="postgresql+psycopg") if url.get_backend_name() == "postgresql" else url


def _engine(url: sa.URL, busy: float, *, read_only: bool = False) -> sa.Engine:
    if read_only:
        file = Path(str(url.database))
        return sa.create_engine(url, creator=lambda: _looking(file, busy), poolclass=NullPool)
    if url.get_backend_name() == "sqlite":
        return sa.create_engine(url, connect_args={"timeout": busy, "check_same_thread": False})
    arguments = {**_CONNECTION, "options": _options(url, _SESSION | {"lock_timeout": int(busy * 1000)})}
    try:
        engine = sa.create_engine(url, pool_pre_ping=True, use_native_hstore=False, connect_args=arguments)
    except ModuleNotFoundError as error:
        raise missing_driver(url) from error
    # Several rows in one statement, as SQLAlchemy does for psycopg2: each statement is a way to the server and back.
    engine.dialect.use_insertmanyvalues_wo_returning = True
    return engine


def _looking(file: Path, busy: float) -> sqlite3.Connection:
    """A connection that only reads, for an account that may write neither the file nor its folder.

    SQLite keeps its log and the map of it beside the file, and the last one to close the database removes both. While they are there, they
    can be read with. While they are not, nobody can make them here; the file is whole by itself then, and is read as one that nobody
    changes: a writer that comes meanwhile writes into its log first, and not into the file.
    """
    log = file.with_name(f"{file.name}-wal")
    modes = ["mode=ro", "mode=ro&immutable=1"] if log.exists() else ["mode=ro&immutable=1", "mode=ro"]
    for mode in modes:
        connection = sqlite3.connect(
            f"{file.absolute().as_uri()}?{mode}", uri=True, timeout=busy, check_same_thread=False, isolation_level=None
        )
        try:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.OperationalError:
            connection.close()
            if mode == modes[-1]:
                raise
        else:
            return connection
    raise AssertionError("the last mode returns or raises")


def _options(url: sa.URL, session: Mapping[str, object]) -> str:
    """The settings of a session as libpq's ``options``, the address's own behind ours."""
    ours = " ".join(f"-c {name}={value}" for name, value in session.items())
    own = url.query.get("options", "")
    return f"{ours} {own if isinstance(own, str) else ' '.join(own)}".strip()


#: Both ends notice within half a minute that the other one is gone, and the server gives back what a lost client had locked. Without
#: these a cut cable leaves a writer waiting for a quarter of an hour, and its locks held for two. Milliseconds, where no unit is written.
_SESSION = {
    "tcp_keepalives_idle": 10,  # seconds
    "tcp_keepalives_interval": 5,  # seconds
    "tcp_keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "idle_in_transaction_session_timeout": 60_000,
    # A claim that the server forgets in a crash would be sent twice.
    "synchronous_commit": "on",
}
_CONNECTION: dict[str, str | int | None] = {
    "connect_timeout": 10,  # seconds
    "keepalives_idle": 10,  # seconds
    "keepalives_interval": 5,  # seconds
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "application_name": "xuanfa",
    "client_encoding": "utf8",
}


def _prepare_postgresql(connection: Any, _record: ConnectionPoolEntry) -> None:
    """PostgreSQL stores no NUL in a text, and a channel's answer may hold one: what it said must be written all the same."""
    from psycopg.types.string import StrDumperUnknown  # noqa: PLC0415 - installed with xuanfa[postgres] only

    class TextDumper(StrDumperUnknown):
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", "\u2400") if "\0" in obj else obj)

    connection.adapters.register_dumper(str, TextDumper)


def _prepare_sqlite(connection: sqlite3.Connection, busy: float) -> None:
    """The driver's own transactions off (they would begin too late), the journal on, and every commit on the disk."""
    connection.isolation_level = None
    _use_journal(connection, busy)
    for pragma in ("synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _use_journal(connection: sqlite3.Connection, busy: float) -> None:
    """Write ahead. SQLite itself does not wait for the lock that this change needs, and two that make a database at once meet there."""
    until = time.monotonic() + busy
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() >= until:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: sa.Connection, busy: float) -> None:
    """Readers wait for nobody. A writer asks for the lock every millisecond: SQLite's own waiting sleeps up to a tenth of a second at a
    time, in which a writer that is done has long begun anew, so that of two processes one would hardly get its turn."""
    if locks.only_reads(connection):
        connection.exec_driver_sql("BEGIN")
        return
    raw: Any = connection.connection.dbapi_connection
    until = time.monotonic() + busy
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                    raise
                time.sleep(_ASK)
            else:
                return
    finally:
        raw.execute(f"PRAGMA busy_timeout = {int(busy * 1000)}")


def _make_file(file: Path) -> None:
    """An empty file that others cannot read, whatever the umask; SQLite gives its log and the map of it the same mode."""
    with suppress(OSError):  # it is there, or cannot be made: SQLite says it in its words
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
        try:
            os.fchmod(handle, 0o640)
        finally:
            os.close(handle)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            say(
                "不能建立文件夹 {folder}：{error}。请检查权限和磁盘空间。",
                "Cannot make the folder {folder}: {error}. Check permissions and disk space.",
                folder=folder,
                error=machine_words(error),
            )
        ) from error
