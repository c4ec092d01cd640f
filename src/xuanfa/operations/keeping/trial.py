"""Trial: put a backup's rows into a database of no account, and see whether they are those that the history vouches for.

So a backup is whole when it can be restored, and what was altered in it is refused before anything is touched.
"""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import in_lines, say
from xuanfa.domain.times import in_words
from xuanfa.operations.keeping.archive import Reader, damaged
from xuanfa.operations.keeping.manifest import SEALED
from xuanfa.operations.keeping.members import compare, known, listed
from xuanfa.operations.keeping.verify import Claim, verify_rows
from xuanfa.store import chain, history, rows
from xuanfa.store.database import Store, version_of

#: How many troubles are named.
_NAMED = 5
#: How far clocks of machines may be apart: one that takes its zone's time for UTC is no forger.
_CLOCKS = timedelta(days=1)


def try_out(
    reader: Reader, now: datetime, claim: Claim | str | None = None, *, even_if_altered: bool = False
) -> list[str]:
    """See that a backup's rows can be put into a database, are consistent, and agree with its seal, with its files, and with ``claim``, which
    a person has kept: a seal of the history, or the fingerprint of the whole archive. ``now`` is the time here.

    Returned is what whoever restores it should know of its files, in sentences. Raises ConfigError. With ``even_if_altered`` only what cannot
    be restored at all, and what does not agree with ``claim``, is refused.
    """
    if isinstance(claim, str) and claim != reader.fingerprint:
        raise _another(reader, say("指纹", "fingerprint"))
    with _scratch() as connection:
        written_at = fill(connection, reader)
        newest = chain.latest(connection)
        troubles: list[str] = [
            item.what + say("：", ": ") + item.trouble for item in verify_rows(connection) if item.trouble
        ]
        files = compare(known(connection), reader.manifest)
        if isinstance(claim, Claim) and not chain.has(connection, claim.number, claim.hash):
            raise _another(reader, say("封印", "seal"))
    said = None if newest is None else {"number": newest.number, "hash": newest.hash}
    if reader.manifest.schema >= SEALED and said != reader.manifest.seal:
        raise damaged(reader.path, "seal")
    exchanged = [path for path in files.altered if path not in reader.manifest.unread]
    troubles += [_exchanged(exchanged)] if exchanged else []
    read = sorted(set(reader.manifest.unread) - set(files.not_as_read))
    troubles += [_read_after_all(read)] if read else []
    troubles += _wrong_time(datetime.fromisoformat(reader.manifest.taken_at), written_at, now)
    if troubles and not even_if_altered:
        raise _altered(reader, troubles)
    return [*troubles, *files.notices()]


def _exchanged(paths: list[str]) -> str:
    return say(
        "文件 {names} 与数据库最后读到的不同，时间却不比那时新：被换过",
        "the files {names} are not what the database has last read, and no newer: they were exchanged",
        names=listed(paths),
    )


def _read_after_all(paths: list[str]) -> str:
    return say(
        "文件 {names} 说是备份时还没有读入，数据库里却就是这个内容",
        "the files {names} are said not to have been read yet, and the database has read just these",
        names=listed(paths),
    )


def _wrong_time(taken_at: datetime, written_at: datetime | None, now: datetime) -> Iterator[str]:
    """A backup is taken after the last line of its own history and before now, as far as clocks agree."""
    if taken_at > now + _CLOCKS:
        yield say(
            "备份时刻 {at} 在将来，而本机现在是 {now}：时刻被改过，或本机时钟不准（先校准：timedatectl set-ntp true）",
            "it says that it was taken {at}, which is still to come: it is {now} here. Either that was altered, or the clock of this machine is "
            "wrong (set it: timedatectl set-ntp true)",
            at=in_words(taken_at, UTC),
            now=in_words(now, UTC),
        )
    if written_at is not None and taken_at < written_at - _CLOCKS:
        yield say(
            "备份时刻 {at} 早于它自己历史的最后一行（{line}）：时刻被改过，或当时的时钟拨过",
            "it says that it was taken {at}, before the last line of its own history ({line}): that was altered, or a clock was set meanwhile",
            at=in_words(taken_at, UTC),
            line=in_words(written_at, UTC),
        )


@contextmanager
def _scratch() -> Iterator[sa.Connection]:
    """An empty database that is gone afterwards, in one transaction."""
    with (
        tempfile.TemporaryDirectory(prefix="xuanfa-") as folder,
        closing(Store(f"sqlite:///{Path(folder) / 'trial.db'}")) as store,
        store.write() as connection,
    ):
        yield connection


def fill(connection: sa.Connection, reader: Reader) -> datetime | None:
    """Make the tables as they were in the backup, put the rows in, and bring them to this program's version. Raises ConfigError for rows that
    are none of theirs. Returned is when the newest line of the backup's history was written: upgrading adds lines of today."""
    from xuanfa.store.migrate import upgrade_on  # noqa: PLC0415 - Alembic is heavy, and needed once

    manifest = reader.manifest
    if version_of(connection) is not None:
        rows.clear(connection)
    upgrade_on(connection, manifest.schema)
    for table in rows.TABLES:
        name = f"database/{table}.jsonl"
        if name not in manifest.members:
            continue
        try:
            count = rows.load(connection, table, reader.rows(name))
        except rows.MisfitError as error:
            raise damaged(reader.path, name) from error
        if count != manifest.counts.get(table):
            raise damaged(reader.path, name)
    written_at = history.newest_at(connection)
    try:
        upgrade_on(connection)
    except (TypeError, ValueError, LookupError, AttributeError, RecursionError) as error:
        # Rows of an older schema are read to be upgraded, and hold something else than that schema's program wrote.
        raise damaged(reader.path, "schema") from error
    return written_at


def _another(reader: Reader, what: str) -> ConfigError:
    return ConfigError(
        say(
            "{path} 与您保存的{what}不符：不是那份备份，或被改动过。什么也没有改动。",
            "{path} does not agree with the {what} that you kept: it is another backup, or was altered. Nothing was changed.",
            path=reader.path,
            what=what,
        )
    )


def _altered(reader: Reader, troubles: list[str]) -> ConfigError:
    more = len(troubles) - _NAMED
    return ConfigError(
        say(
            "{path} 里的记录与它自己的历史对不上，没有恢复，什么也没有改动：\n{troubles}{more}\n"
            "请换另一份备份。只有这一份时，可加 --even-if-altered 照样恢复，再逐条核对。",
            "The records in {path} do not agree with their own history; nothing was restored or changed:\n{troubles}{more}\n"
            "Take another backup. If this is the only one, --even-if-altered restores it all the same; then look at every item.",
            path=reader.path,
            troubles=in_lines(troubles[:_NAMED]),
            more=say("\n……另有 {n} 处", "\n… and {n} more", n=more) if more > 0 else "",
        )
    )
