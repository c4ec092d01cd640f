"""Opening the database: transactions that mean what they say, and a schema that is the one this program knows."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from xuanfa.domain.errors import StoreError, machine_words
from xuanfa.domain.language import say

#: The newest migration in ``store/migrations``. A test keeps it equal to Alembic's head, so that opening need not import Alembic.
SCHEMA = "0001"
#: How long a writer waits for another one, unless told otherwise. Seconds.
BUSY = 20


class Store:
    """One database. ``write`` and ``read`` give a connection inside one transaction; nothing else opens any.

    ``busy`` is how long a writer waits for another one, in seconds.
    """

    def __init__(self, url: str, busy: float = BUSY) -> None:
        self.url = sa.make_url(url)
        self.engine = sa.create_engine(self.url, **_options(self.url, busy))
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database."""
        return Path(self.url.database) if self.url.get_backend_name() == "sqlite" and self.url.database else None

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that will write: on SQLite it takes the write lock at once, so that what it reads stays true until it commits."""
        with self._in_words(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that only reads, and waits for nobody."""
        with (
            self._in_words(),
            self.engine.connect().execution_options(xuanfa_read=True) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()

    def ready(self) -> None:
        """Make a new database, or refuse one with another schema; the message has the command to run."""
        if self.file is not None and not self.file.exists():
            self.upgrade()
            return
        found = self.version()
        if found == SCHEMA:
            return
        if found is None:
            self.upgrade()
        elif found > SCHEMA:
            raise StoreError(
                say(
                    "数据库的版本（{found}）比程序（{ours}）新：请升级 xuanfa，不要用旧程序打开。",
                    "The database (version {found}) is newer than this program ({ours}): upgrade xuanfa.",
                    found=found,
                    ours=SCHEMA,
                )
            )
        else:
            raise StoreError(
                say(
                    "数据库的版本（{found}）比程序（{ours}）旧：请先备份，再运行 xuanfa db upgrade。",
                    "The database (version {found}) is older than this program ({ours}): back it up, then run xuanfa db upgrade.",
                    found=found,
                    ours=SCHEMA,
                )
            )

    def version(self) -> str | None:
        """The migration that the database stands at; ``None`` for an empty one."""
        with self.read() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
            return found

    def upgrade(self) -> None:
        """Bring the database to this program's schema; harmless when it is there already, and when two do it at once."""
        from xuanfa.store.migrate import upgrade  # noqa: PLC0415 - Alembic is heavy, and needed once

        if self.file is not None:
            _make_folder(self.file.parent)
        with self._in_words():
            upgrade(self)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            raise store_error(error, self.url) from error


def store_error(error: Exception, url: sa.URL) -> Exception:
    """The database's complaint in words for the operator; an error that is our own mistake stays what it is."""
    text, where = str(getattr(error, "orig", error)), url.database or url.render_as_string(hide_password=True)
    for sign, zh, en in _COMPLAINTS:
        if sign in text.lower():
            return StoreError(say(zh, en, where=where))
    if isinstance(error, OperationalError):
        return StoreError(
            say(
                "打不开数据库 {where}：{text}",
                "Cannot use the database {where}: {text}",
                where=where,
                text=text.splitlines()[0],
            )
        )
    return error


_COMPLAINTS = (
    (
        "locked",
        "数据库 {where} 被别的程序长时间占用：请关掉占用它的程序（如数据库查看工具），稍后会自动重试。",
        "The database {where} has been locked by another program for long: close it; the next pass tries again.",
    ),
    (
        "disk is full",
        "磁盘已满，数据库 {where} 写不进去：请清理磁盘空间，之后自动继续，已有记录不受影响。",
        "The disk is full and the database {where} cannot be written: free some space; nothing recorded is lost.",
    ),
    (
        "disk i/o error",
        "读写数据库 {where} 时磁盘出错：请检查磁盘是否已满、已断开或损坏。",
        "The disk failed under the database {where}: check whether it is full, gone or damaged.",
    ),
    (
        "readonly",
        "数据库 {where} 是只读的：请检查文件和所在文件夹的属主与权限。",
        "The database {where} is read-only: check the owner and the permissions of the file and its folder.",
    ),
    (
        "unable to open",
        "打不开数据库 {where}：请检查文件夹是否存在、运行账户有没有读写权限。",
        "Cannot open the database {where}: check that its folder exists and that this account may read and write it.",
    ),
    (
        "not a database",
        "{where} 不是数据库文件，或已损坏：请从备份恢复，或在 database_url 里换一个路径。",
        "{where} is not a database or is damaged: restore a backup or set another database_url.",
    ),
    (
        "malformed",
        "数据库 {where} 已损坏：请停止程序并从备份恢复。",
        "The database {where} is damaged: stop the program and restore a backup.",
    ),
)


def _options(url: sa.URL, busy: float) -> dict[str, Any]:
    if url.get_backend_name() != "sqlite":
        return {"pool_pre_ping": True}
    return {"connect_args": {"timeout": busy, "check_same_thread": False}}


def _prepare_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    """The driver's own transactions off (they would begin too late), the journal on, and every commit on the disk."""
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    reading = connection.get_execution_options().get("xuanfa_read", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            say(
                "不能建立文件夹 {folder}：{error}。请检查权限和磁盘空间。",
                "Cannot make the folder {folder}: {error}. Check permissions and disk space.",
                folder=folder,
                error=machine_words(error),
            )
        ) from error
