"""What is on the site, and what is still to be written: an SQLite file beside the pages.

A publication is one transaction here: the article and the chores that make it visible. From then on it is published, and whoever comes
next finishes the chores that a crash has left. The website's files can be read without it; the next publication cannot do without it.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from xuanfa.adapters.site.records import CHUNK, Article, Chore, Section, Work

_FIELDS = (
    "section, slug, key, page_digest, title, summary, html, author, department, source, keywords, cover, cover_alt, "
    "published_at, updated_at, feed_id, thumbnail, lead, corrects"
)


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
            "keywords = '', cover = '', cover_alt = '', thumbnail = '', lead = '', corrects = '' WHERE id = ?",
            (article.id,),
        )
        self._db.execute("DELETE FROM picture WHERE article = ?", (article.id,))
        self.reframed([article])

    def given(self) -> list[tuple[str, datetime]]:
        """Every post that has ever been published here, withdrawn or not, with when."""
        rows = self._db.execute("SELECT slug, published_at FROM article ORDER BY id")
        return [(slug, datetime.fromisoformat(at)) for slug, at in rows]

    def places(self) -> Iterator[tuple[str, str]]:
        """Column and slug of every post that has ever been published here, withdrawn or not."""
        yield from self._db.execute("SELECT section, slug FROM article")

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
        rows = self._db.execute("SELECT id, title, description, campaign, form, last_seq FROM section ORDER BY rowid")
        return tuple(Section(**dict(row)) for row in rows)

    def describe(self, section: Section) -> None:
        """Keep what a column is called now."""
        self._db.execute(
            "INSERT INTO section (id, title, description, campaign, form) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE "
            "SET title = excluded.title, description = excluded.description, campaign = excluded.campaign, form = excluded.form",
            (section.id, section.title, section.description, section.campaign, section.form),
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

    def neighbours(self, article: Article) -> tuple[Article | None, Article | None]:
        """The public articles before and after it in its section."""
        older = self._articles(
            "section = ? AND seq < ? AND retracted = 0 ORDER BY seq DESC LIMIT 1", (article.section, article.seq)
        )
        newer = self._articles(
            "section = ? AND seq > ? AND retracted = 0 ORDER BY seq LIMIT 1", (article.section, article.seq)
        )
        return next(iter(older), None), next(iter(newer), None)

    def correction_of(self, slug: str) -> Article | None:
        """The newest public article that corrects the one of this slug."""
        found = self._articles("corrects = ? AND corrects != '' AND retracted = 0 ORDER BY id DESC LIMIT 1", (slug,))
        return next(iter(found), None)

    def outdate(self) -> None:
        """Note that every article has an earlier frame."""
        self._db.execute("INSERT OR IGNORE INTO outdated SELECT id FROM article WHERE retracted = 0")

    def outdated(self, count: int) -> tuple[Article, ...]:
        """The newest articles that have an earlier frame."""
        return self._articles("id IN (SELECT article FROM outdated ORDER BY article DESC LIMIT ?)", (count,))

    def is_outdated(self, article: Article) -> bool:
        return self._db.execute("SELECT 1 FROM outdated WHERE article = ?", (article.id,)).fetchone() is not None

    def reframed(self, articles: Iterable[Article]) -> None:
        """Note that these have today's frame."""
        self._db.executemany("DELETE FROM outdated WHERE article = ?", [(article.id,) for article in articles])

    def gone(self) -> tuple[Article, ...]:
        """All that is retracted."""
        return self._articles("retracted = 1", ())

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


def _values(article: Article) -> list[str]:
    values = (getattr(article, name) for name in _FIELDS.split(", "))
    return [value.isoformat() if isinstance(value, datetime) else value for value in values]


def _article(row: dict[str, Any]) -> Article:
    times = {name: datetime.fromisoformat(row[name]) for name in ("published_at", "updated_at")}
    return Article(**(row | times | {"retracted": bool(row["retracted"])}))
