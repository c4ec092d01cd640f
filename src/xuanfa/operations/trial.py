"""Trial: put a backup's rows into a database of no account, and see whether they are those that the history vouches for.

So a backup is whole when it can be restored, and what was altered in it is refused before anything is touched.
"""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.operations.archive import Reader, damaged
from xuanfa.operations.manifest import SEALED
from xuanfa.operations.verify import Claim, verify_rows
from xuanfa.store import chain, rows
from xuanfa.store.database import Store, version_of

#: How many troubles are named.
_NAMED = 5


def try_out(reader: Reader, claim: Claim | str | None = None, *, even_if_altered: bool = False) -> None:
    """See that a backup's rows can be put into a database, are consistent, and agree with its seal; and with ``claim``, which a person has
    kept: a seal of the history, or the fingerprint of the whole archive.

    Raises ConfigError. With ``even_if_altered`` only what cannot be restored at all, and what does not agree with ``claim``, is refused.
    """
    if isinstance(claim, str) and claim != reader.fingerprint:
        raise _another(reader, say("指纹", "fingerprint"))
    with _scratch() as connection:
        fill(connection, reader)
        newest = chain.latest(connection)
        troubles = [f"{item.what}{say('：', ': ')}{item.trouble}" for item in verify_rows(connection) if item.trouble]
        if isinstance(claim, Claim) and not chain.has(connection, claim.number, claim.hash):
            raise _another(reader, say("封印", "seal"))
    said = None if newest is None else {"number": newest.number, "hash": newest.hash}
    if reader.manifest.schema >= SEALED and said != reader.manifest.seal:
        raise damaged(reader.path, "seal")
    if troubles and not even_if_altered:
        raise _altered(reader, troubles)


@contextmanager
def _scratch() -> Iterator[sa.Connection]:
    """An empty database that is gone afterwards, in one transaction."""
    with (
        tempfile.TemporaryDirectory(prefix="xuanfa-") as folder,
        closing(Store(f"sqlite:///{Path(folder) / 'trial.db'}")) as store,
        store.write() as connection,
    ):
        yield connection


def fill(connection: sa.Connection, reader: Reader) -> None:
    """Make the tables as they were in the backup, put the rows in, and bring them to this program's version. Raises ConfigError for rows that
    are none of theirs."""
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
    try:
        upgrade_on(connection)
    except (TypeError, ValueError, LookupError, AttributeError, RecursionError) as error:
        # Rows of an older schema are read to be upgraded, and hold something else than that schema's program wrote.
        raise damaged(reader.path, "schema") from error


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
            troubles="\n".join(troubles[:_NAMED]),
            more=say("\n……另有 {n} 处", "\n… and {n} more", n=more) if more > 0 else "",
        )
    )
