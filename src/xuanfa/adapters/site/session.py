"""One writer's time at the site: from taking the lock to giving it back.

The order in publishing is what makes it atomic. Pictures and page are staged where nobody sees them; one transaction in the catalogue says
that the article is published and lists the chores; then the chores put everything in place. Before that transaction nothing is public
and any trouble is provably harmless; after it a crash is finished by whoever opens the site next.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from xuanfa.adapters.protocol import Tools
from xuanfa.adapters.site import article as articles
from xuanfa.adapters.site import feeds, pages, paging
from xuanfa.adapters.site.address import article_path, picture_path
from xuanfa.adapters.site.catalogue import Catalogue, opened
from xuanfa.adapters.site.config import SiteConfig
from xuanfa.adapters.site.dating import redate
from xuanfa.adapters.site.folder import Folder
from xuanfa.adapters.site.records import CHUNK, Article, Chore, Section, Work
from xuanfa.domain.attempt import Order
from xuanfa.domain.column import Organisation
from xuanfa.domain.post import Picture

_LISTS = (Chore(Work.FIXED), Chore(Work.HOME), Chore(Work.FEEDS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The site under lock."""

    config: SiteConfig
    tools: Tools
    folder: Folder
    catalogue: Catalogue

    def is_public(self, article: Article) -> bool:
        """Whether the page is on the disk as it was published."""
        data = self.folder.read(article_path(article.section, article.slug))
        return data is not None and hashlib.sha256(data).hexdigest() == article.page_digest

    def publish(self, order: Order) -> Article:
        """Stage everything and make it published in one transaction; ``settle`` then shows it. Returns the article as it is kept."""
        known = self.catalogue.find(order.post)
        entry, page = self._dated(order, known)
        self.folder.make_folder_of(article_path(entry.section, entry.slug))
        pictures = order.rendition.pictures
        placed = [*self._stage_pictures(pictures), self._stage_page(entry, page)]
        with self.catalogue.change():
            self._describe(order)
            self._note_change(entry.updated_at)
            article = self._enter(entry, known, [picture.filename for picture in pictures])
            self.catalogue.mark([*placed, *_LISTS, *self._lists_of(article)])
        return article

    def retract(self, article: Article) -> None:
        """Take an article out of the catalogue in one transaction; ``settle`` then takes it from the readers."""
        with self.catalogue.change():
            discarded = self.catalogue.pictures(article)
            self.catalogue.retract(article)
            self.catalogue.mark(self._removal(article, discarded))

    def settle(self) -> None:
        """Do what there is to do, in order, and forget it once it is safe on the disk."""
        chores = self.catalogue.chores()
        if not chores:
            return
        site = self._site()
        for chore in chores:
            self._do(site, chore)
        self.folder.flush()
        with self.catalogue.change():
            self.catalogue.clear(chores)

    def heal(self) -> None:
        """Finish what a crash has left, follow changed settings, and sweep."""
        with self.catalogue.change():
            self._follow_settings()
        self.settle()
        self.folder.sweep()

    def _dated(self, order: Order, known: Article | None) -> tuple[Article, bytes]:
        """The entry and its page; a page that is public already keeps its first date."""
        page = order.rendition.body
        fresh = articles.entry(order, page.encode())
        if known is None or known.retracted:
            return fresh, page.encode()
        is_same = known.key == order.key
        updated = known.updated_at if is_same else order.published_at
        corrected = updated if updated != known.published_at else None
        data = redate(page, known.published_at, corrected).encode()
        return replace(articles.entry(order, data), published_at=known.published_at, updated_at=updated), data

    def _stage_pictures(self, pictures: tuple[Picture, ...]) -> Iterator[Chore]:
        for picture in pictures:
            target = picture_path(picture.filename)
            if not self.folder.has(target, picture.sha256):
                self.folder.stage(picture.filename, self.tools.picture(picture).read_bytes())
                # The digit puts pictures before the page, so that no reader sees it without them.
                yield Chore(Work.PLACE, picture.filename, target)

    def _stage_page(self, entry: Article, page: bytes) -> Chore:
        name = f"~{entry.key}.html"  # "~" sorts behind every picture's name
        self.folder.stage(name, page)
        return Chore(Work.PLACE, name, article_path(entry.section, entry.slug))

    def _enter(self, entry: Article, known: Article | None, pictures: list[str]) -> Article:
        if known is None:
            return self.catalogue.add(entry, pictures)
        before = self.catalogue.pictures(known)
        if known.section == entry.section and not known.retracted:
            article = self.catalogue.correct(entry, pictures)
            self.catalogue.mark(Chore(Work.DISCARD, name) for name in before)
            return article
        # It comes anew or in another column: it leaves a hole where it was and is listed as the newest.
        self.catalogue.mark(self._removal(known, before, stays=known.section == entry.section))
        self.catalogue.drop(known)
        return self.catalogue.add(entry, pictures)

    def _removal(self, article: Article, pictures: frozenset[str], *, stays: bool = False) -> Iterator[Chore]:
        """What shows an article, to be written without it; its page becomes the plain one unless a new page ``stays`` there."""
        if not stays:
            yield Chore(Work.GONE, article.section, article.slug)
        yield from _LISTS
        yield from self._lists_of(article)
        yield from (Chore(Work.DISCARD, name) for name in pictures)

    def _lists_of(self, article: Article) -> Iterator[Chore]:
        section = self._section(article.section)
        yield from paging.touched_by(section.id, article.seq, section.last_seq, self.config.page_size)
        yield Chore(Work.SITEMAP, str(article.chunk))
        if section.last_seq == 1 or (article.id - 1) % CHUNK == 0:
            yield Chore(Work.SITEMAPS)

    def _describe(self, order: Order) -> None:
        """Keep the names of office and column; where they have changed, every list that shows them is written anew."""
        after = articles.section(order)
        before = self.catalogue.section(after.id)
        self.catalogue.describe(after)
        if before is not None and replace(before, last_seq=0) != after:
            self.catalogue.mark(paging.all_pages(before, self.config.page_size))
        office = articles.organisation(order)
        if self._organisation() != office:
            for name, value in _office_settings(office).items():
                self.catalogue.set(name, value)
            self._mark_all(self.config.page_size)

    def _note_change(self, moment: datetime) -> None:
        """Remember when the site last changed, for the feeds; an order sent again does not move it."""
        known = self.catalogue.setting("changed_at")
        if known is None or datetime.fromisoformat(known) < moment:
            self.catalogue.set("changed_at", moment.isoformat())

    def _follow_settings(self) -> None:
        """Write everything anew but the articles where the address or the page size is another than before: once, however large."""
        base, size = self.catalogue.setting("base_url"), self.catalogue.setting("page_size")
        if (base, size) == (self.config.base_url, str(self.config.page_size)):
            return
        self.catalogue.set("base_url", self.config.base_url)
        self.catalogue.set("page_size", str(self.config.page_size))
        if base is not None and size is not None:
            self.catalogue.rebase(base, self.config.base_url)
            self._mark_all(self.config.page_size, int(size))

    def _mark_all(self, *sizes: int) -> None:
        sections = self.catalogue.sections()
        if not any(section.last_seq for section in sections):
            return
        self.catalogue.mark([*_LISTS, Chore(Work.SITEMAPS)])
        self.catalogue.mark(Chore(Work.SITEMAP, str(chunk)) for chunk in range(1, self.catalogue.chunks() + 1))
        for section in sections:
            self.catalogue.mark(paging.all_pages(section, *sizes))

    def _do(self, site: pages.Site, chore: Chore) -> None:
        match chore.kind:
            case Work.FIXED:
                pages.write_fixed(site)
            case Work.PLACE:
                if self.folder.has_staged(chore.subject):
                    self.folder.place(chore.subject, chore.detail)
            case Work.GONE:
                pages.write_gone(site, self._section(chore.subject), chore.detail)
            case Work.ARCHIVE:
                pages.write_archive(site, self._section(chore.subject), int(chore.detail))
            case Work.COLUMN:
                pages.write_column(site, self._section(chore.subject))
            case Work.HOME:
                pages.write_home(site)
            case Work.FEEDS:
                feeds.write_feeds(site, datetime.fromisoformat(self.catalogue.setting("changed_at") or ""))
            case Work.SITEMAP:
                feeds.write_sitemap(site, int(chore.subject))
            case Work.SITEMAPS:
                feeds.write_sitemaps(site)
            case Work.DISCARD:
                if not self.catalogue.is_shown(chore.subject):
                    self.folder.remove(picture_path(chore.subject))

    def _site(self) -> pages.Site:
        return pages.Site(
            config=self.config,
            tools=self.tools,
            catalogue=self.catalogue,
            folder=self.folder,
            organisation=self._organisation(),
        )

    def _organisation(self) -> Organisation:
        return Organisation(**{name: self.catalogue.setting(name) or "" for name in _office_settings(Organisation())})

    def _section(self, section: str) -> Section:
        found = self.catalogue.section(section)
        if found is None:
            raise sqlite3.IntegrityError(f"the catalogue lacks the column {section!r}")
        return found


def _office_settings(office: Organisation) -> dict[str, str]:
    return {
        "name": office.name,
        "site_name": office.site_name,
        "site_domain": office.site_domain,
        "site_id_code": office.site_id_code,
    }


@contextmanager
def session(config: SiteConfig, tools: Tools, folder: Folder) -> Iterator[Session]:
    """The site under lock and healed. Raises what ``trouble.TROUBLES`` names where that is impossible."""
    with folder.locked(), opened(folder.catalogue) as catalogue:
        current = Session(config=config, tools=tools, folder=folder, catalogue=catalogue)
        current.heal()
        yield current
