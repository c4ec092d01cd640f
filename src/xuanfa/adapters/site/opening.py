"""The catalogue's file: made, upgraded, and refused where it is not ours to write."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from xuanfa.adapters.site.address import HOME, Addresses, article_path
from xuanfa.adapters.site.catalogue import Catalogue
from xuanfa.adapters.site.records import Work
from xuanfa.domain.errors import StoreError
from xuanfa.domain.language import say

_VERSION = 2

_SCHEMA = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
-- last_seq only grows, so that a page of the archive keeps its articles for ever; what is retracted leaves a hole.
CREATE TABLE section (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, description TEXT NOT NULL, campaign TEXT NOT NULL, last_seq INTEGER NOT NULL DEFAULT 0,
    form TEXT NOT NULL DEFAULT ''
);
-- id counts all columns together in order of publication and is never given twice: it says in which part of the sitemap an article is.
CREATE TABLE article (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    section TEXT NOT NULL REFERENCES section, seq INTEGER NOT NULL, slug TEXT NOT NULL UNIQUE,
    key TEXT NOT NULL, page_digest TEXT NOT NULL,
    title TEXT NOT NULL, summary TEXT NOT NULL, html TEXT NOT NULL,
    author TEXT NOT NULL, department TEXT NOT NULL, source TEXT NOT NULL, keywords TEXT NOT NULL,
    cover TEXT NOT NULL, cover_alt TEXT NOT NULL,
    published_at TEXT NOT NULL, updated_at TEXT NOT NULL, retracted INTEGER NOT NULL DEFAULT 0 CHECK (retracted IN (0, 1)),
    feed_id TEXT NOT NULL DEFAULT '', thumbnail TEXT NOT NULL DEFAULT '', lead TEXT NOT NULL DEFAULT '',
    corrects TEXT NOT NULL DEFAULT '',
    UNIQUE (section, seq)
);
CREATE INDEX listed ON article (retracted, id);
CREATE INDEX corrected ON article (corrects) WHERE corrects != '';
CREATE TABLE picture (
    article INTEGER NOT NULL REFERENCES article ON DELETE CASCADE, filename TEXT NOT NULL, PRIMARY KEY (article, filename)
) WITHOUT ROWID;
CREATE INDEX shown ON picture (filename);
CREATE TABLE chore (kind INTEGER NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL, PRIMARY KEY (kind, subject, detail)) WITHOUT ROWID;
-- Articles around which the frame of an earlier time still stands: a few of them are brought up to date with each publication.
CREATE TABLE outdated (article INTEGER PRIMARY KEY REFERENCES article ON DELETE CASCADE);
"""

#: Until version 2 feeds named an article by its address, and nothing told a server what was retracted.
_FROM_1 = """
ALTER TABLE section ADD COLUMN form TEXT NOT NULL DEFAULT '';
ALTER TABLE article ADD COLUMN feed_id TEXT NOT NULL DEFAULT '';
ALTER TABLE article ADD COLUMN thumbnail TEXT NOT NULL DEFAULT '';
ALTER TABLE article ADD COLUMN lead TEXT NOT NULL DEFAULT '';
ALTER TABLE article ADD COLUMN corrects TEXT NOT NULL DEFAULT '';
CREATE INDEX corrected ON article (corrects) WHERE corrects != '';
CREATE TABLE outdated (article INTEGER PRIMARY KEY REFERENCES article ON DELETE CASCADE);
"""


@contextmanager
def opened(path: Path) -> Iterator[Catalogue]:
    """The catalogue in ``path``, made where there is none, brought up where it is older. Raises StoreError for a newer one, and where
    pages without a catalogue are in the way; sqlite3.DatabaseError for a file that is damaged."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10.0)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")  # what is retracted is to be gone from the file as well
        _require_version(connection, path)
        yield Catalogue(connection)


def _require_version(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == 0:
        _require_unused(path.parent.parent)
        connection.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}PRAGMA user_version = {_VERSION};COMMIT;")
        path.chmod(0o600)
    elif version == 1:
        _upgrade(connection)
    elif version != _VERSION:
        raise StoreError(
            say(
                "网站目录文件 {path} 是第 {found} 版，本程序只认识第 {known} 版。请升级本程序。",
                "The website's catalogue {path} has version {found}; this program knows version {known}. Upgrade this program.",
                path=path,
                found=version,
                known=_VERSION,
            )
        )


def _upgrade(connection: sqlite3.Connection) -> None:
    """From version 1, in one transaction: readers of feeds see no article anew, and what is retracted gets its marker."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in filter(str.strip, _FROM_1.split(";")):
            connection.execute(statement)
        row = connection.execute("SELECT value FROM setting WHERE name = 'base_url'").fetchone()
        if row is not None:
            _keep_feed_ids(connection, Addresses(row[0]))
        connection.execute(
            "INSERT OR IGNORE INTO chore SELECT ?, section, slug FROM article WHERE retracted = 1", (int(Work.GONE),)
        )
        connection.execute(f"PRAGMA user_version = {_VERSION}")
    except BaseException:
        connection.rollback()
        raise
    connection.execute("COMMIT")


def _keep_feed_ids(connection: sqlite3.Connection, addresses: Addresses) -> None:
    connection.execute("INSERT INTO setting VALUES ('feed_id', ?)", (addresses.of(HOME),))
    rows = connection.execute("SELECT id, section, slug FROM article").fetchall()
    connection.executemany(
        "UPDATE article SET feed_id = ? WHERE id = ?",
        [(addresses.of(article_path(row["section"], row["slug"])), row["id"]) for row in rows],
    )


def _require_unused(root: Path) -> None:
    """A folder with a home page and no catalogue is another website, or this one without its memory: neither may be written over."""
    if (root / HOME).exists():
        raise StoreError(
            say(
                "目录 {root} 里已有网页，却没有本程序的目录文件 .xuanfa/catalogue.db。请从备份恢复该文件，或把 directory 改为空目录。",
                "The folder {root} has pages but not this program's catalogue .xuanfa/catalogue.db. Restore the file from a backup, "
                "or set directory to an empty folder.",
                root=root,
            )
        )
