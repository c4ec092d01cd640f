"""What is on the site, and what is still to be written: an SQLite file beside the pages.

A publication is one transaction here: the article and the chores that make it visible. From then on it is published, and whoever comes
next finishes the chores that a crash has left. The website's files can be read without it; the next publication cannot do without it.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from xuanfa.adapters.site.address import HOME
from xuanfa.adapters.site.records import CHUNK, Article, Chore, Section, Work
from xuanfa.domain.errors import StoreError
from xuanfa.domain.language import say

_VERSION = 1

_SCHEMA = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
-- last_seq only grows, so that a page of the archive keeps its articles for ever; what is retracted leaves a hole.
CREATE TABLE section (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, description TEXT NOT NULL, campaign TEXT NOT NULL, last_seq INTEGER NOT NULL DEFAULT 0
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
    UNIQUE (section, seq)
);
CREATE INDEX listed ON article (retracted, id);
CREATE TABLE picture (
    article INTEGER NOT NULL REFERENCES article ON DELETE CASCADE, filename TEXT NOT NULL, PRIMARY KEY (article, filename)
) WITHOUT ROWID;
CREATE INDEX shown ON picture (filename);
CREATE TABLE chore (kind INTEGER NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL, PRIMARY KEY (kind, subject, detail)) WITHOUT ROWID;
"""

_FIELDS = "section, slug, key, page_digest, title, summary, html, author, department, source, keywords, cover, cover_alt, published_at, updated_at"


class Catalogue:
    """The open catalogue. Use it only under the folder's lock."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @contextmanager
    def change(self) -> Iterator[None]:
        """All or nothing, and safe on the disk when it ends."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.rollback()
            raise
        self._db.execute("COMMIT")

    def setting(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set(self, name: str, value: str) -> None:
        self._db.execute(
            "INSERT INTO setting VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", (name, value)
        )

    def find(self, slug: str) -> Article | None:
        """The article of a post, retracted or not."""
        return next(iter(self._articles("slug = ?", (slug,))), None)

    def add(self, article: Article, pictures: Iterable[str]) -> Article:
        """A new article at the end of its section, with its number."""
        (seq,) = self._db.execute(
            "UPDATE section SET last_seq = last_seq + 1 WHERE id = ? RETURNING last_seq", (article.section,)
        ).fetchone()
        values = _values(article)
        self._db.execute(
            f"INSERT INTO article ({_FIELDS}, seq) VALUES ({', '.join('?' * len(values))}, ?)",  # noqa: S608 - constants
            (*values, seq),
        )
        return self._with_pictures(article.slug, pictures)

    def correct(self, article: Article, pictures: Iterable[str]) -> Article:
        """The article of the same slug and section replaced in its place in every list."""
        assignments = ", ".join(f"{name} = ?" for name in _FIELDS.split(", "))
        self._db.execute(f"UPDATE article SET {assignments} WHERE slug = ?", (*_values(article), article.slug))  # noqa: S608
        return self._with_pictures(article.slug, pictures)

    def drop(self, article: Article) -> None:
        """Forget an article, so that its slug may be used anew; its number is not given again."""
        self._db.execute("DELETE FROM article WHERE id = ?", (article.id,))

    def retract(self, article: Article) -> None:
        """Mark it, and keep nothing of what it said."""
        self._db.execute(
            "UPDATE article SET retracted = 1, title = '', summary = '', html = '', author = '', department = '', source = '', "
            "keywords = '', cover = '', cover_alt = '' WHERE id = ?",
            (article.id,),
        )
        self._db.execute("DELETE FROM picture WHERE article = ?", (article.id,))

    def pictures(self, article: Article) -> frozenset[str]:
        rows = self._db.execute("SELECT filename FROM picture WHERE article = ?", (article.id,))
        return frozenset(row[0] for row in rows)

    def is_shown(self, filename: str) -> bool:
        """Whether any article shows the picture."""
        return self._db.execute("SELECT 1 FROM picture WHERE filename = ?", (filename,)).fetchone() is not None

    def section(self, section: str) -> Section | None:
        return next((found for found in self.sections() if found.id == section), None)

    def sections(self) -> tuple[Section, ...]:
        """All columns, in the order in which they appeared."""
        rows = self._db.execute("SELECT id, title, description, campaign, last_seq FROM section ORDER BY rowid")
        return tuple(Section(**dict(row)) for row in rows)

    def describe(self, section: Section) -> None:
        """Keep what a column is called now."""
        self._db.execute(
            "INSERT INTO section (id, title, description, campaign) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE "
            "SET title = excluded.title, description = excluded.description, campaign = excluded.campaign",
            (section.id, section.title, section.description, section.campaign),
        )

    def between(self, section: str, first: int, last: int) -> tuple[Article, ...]:
        """The public articles of a section with these numbers, the newest first."""
        return self._articles(
            "section = ? AND seq BETWEEN ? AND ? AND retracted = 0 ORDER BY seq DESC", (section, first, last)
        )

    def newest_in(self, section: str, count: int) -> tuple[Article, ...]:
        return self._articles("section = ? AND retracted = 0 ORDER BY seq DESC LIMIT ?", (section, count))

    def newest(self, count: int) -> tuple[Article, ...]:
        return self._articles("retracted = 0 ORDER BY id DESC LIMIT ?", (count,))

    def in_chunk(self, chunk: int) -> tuple[Article, ...]:
        """The public articles of one part of the sitemap, the oldest first."""
        return self._articles(
            "id BETWEEN ? AND ? AND retracted = 0 ORDER BY id", ((chunk - 1) * CHUNK + 1, chunk * CHUNK)
        )

    def chunks(self) -> int:
        """How many parts the sitemap has."""
        (last,) = self._db.execute("SELECT coalesce(max(id), 0) FROM article").fetchone()
        return int((last + CHUNK - 1) // CHUNK)

    def rebase(self, before: str, after: str) -> None:
        """Follow the site to another address in the stored texts of the feeds."""
        self._db.execute(
            "UPDATE article SET html = replace(html, ?, ?) WHERE retracted = 0",
            (f'="{before}/', f'="{after}/'),
        )

    def mark(self, chores: Iterable[Chore]) -> None:
        """Note what is to be done."""
        self._db.executemany(
            "INSERT INTO chore VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [(int(chore.kind), chore.subject, chore.detail) for chore in chores],
        )

    def chores(self) -> tuple[Chore, ...]:
        """What is to be done, in order."""
        rows = self._db.execute("SELECT kind, subject, detail FROM chore ORDER BY kind, subject, detail")
        return tuple(Chore(Work(row["kind"]), row["subject"], row["detail"]) for row in rows)

    def clear(self, chores: Sequence[Chore]) -> None:
        """Forget what has been done and is safe on the disk."""
        self._db.executemany(
            "DELETE FROM chore WHERE kind = ? AND subject = ? AND detail = ?",
            [(int(chore.kind), chore.subject, chore.detail) for chore in chores],
        )

    def is_sound(self) -> bool:
        """Whether SQLite finds nothing wrong with the file."""
        return bool(self._db.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")

    def _articles(self, condition: str, values: Sequence[Any]) -> tuple[Article, ...]:
        rows = self._db.execute(f"SELECT id, seq, retracted, {_FIELDS} FROM article WHERE {condition}", values)  # noqa: S608
        return tuple(_article(dict(row)) for row in rows)

    def _with_pictures(self, slug: str, pictures: Iterable[str]) -> Article:
        (article,) = self._articles("slug = ?", (slug,))
        self._db.execute("DELETE FROM picture WHERE article = ?", (article.id,))
        self._db.executemany(
            "INSERT INTO picture VALUES (?, ?)", [(article.id, name) for name in sorted(set(pictures))]
        )
        return article


@contextmanager
def opened(path: Path) -> Iterator[Catalogue]:
    """The catalogue in ``path``, made where there is none. Raises StoreError for a newer one, and where
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


def _values(article: Article) -> list[str]:
    values = (getattr(article, name) for name in _FIELDS.split(", "))
    return [value.isoformat() if isinstance(value, datetime) else value for value in values]


def _article(row: dict[str, Any]) -> Article:
    times = {name: datetime.fromisoformat(row[name]) for name in ("published_at", "updated_at")}
    return Article(**(row | times | {"retracted": bool(row["retracted"])}))
