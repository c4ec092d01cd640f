"""One writer's time at the site: from taking the lock to giving it back.

The order in publishing is what makes it atomic. Pictures and page are staged where nobody sees them; one transaction in the catalogue says
that the article is published and lists the chores; then the chores put everything in place. Before that transaction nothing is public
and any trouble is provably harmless; after it a crash is finished by whoever opens the site next.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from xuanfa.adapters.protocol import Tools
from xuanfa.adapters.site import article as articles
from xuanfa.adapters.site import chores, frame, pages, paging
from xuanfa.adapters.site.address import article_path, feed_id, picture_path
from xuanfa.adapters.site.catalogue import Catalogue
from xuanfa.adapters.site.config import SiteConfig
from xuanfa.adapters.site.folder import Folder
from xuanfa.adapters.site.opening import opened
from xuanfa.adapters.site.places import digest, redate
from xuanfa.adapters.site.records import CHUNK, Article, Chore, Work
from xuanfa.domain.attachment import Attachment, attached
from xuanfa.domain.attempt import Order
from xuanfa.domain.column import Organisation
from xuanfa.domain.post import Picture

#: Older pages that one publication brings up to date when what stands around all of them has changed: its cost stays bounded.
FRAMES_AT_ONCE = 50

_LISTS = (Chore(Work.FIXED), Chore(Work.HOME), Chore(Work.FEEDS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The site under lock."""

    config: SiteConfig
    tools: Tools
    folder: Folder
    catalogue: Catalogue

    def is_public(self, article: Article) -> bool:
        """Whether the page is on the disk as it was published, and nothing foreign stands around it."""
        page = chores.page_of(self.folder, article)
        if page is None or digest(page) != article.page_digest:
            return False
        return self.catalogue.is_outdated(article) or frame.framed(self._site(), article, page) == page

    def publish(self, order: Order) -> Article:
        """Stage everything and make it published in one transaction; ``settle`` then shows it. Returns the article as it is kept."""
        known = self.catalogue.find(order.post)
        entry, page = self._dated(order, known)
        self.folder.make_folder_of(article_path(entry.section, entry.slug))
        pictures = order.rendition.pictures
        placed = [*self._stage_pictures(pictures), *self._stage_attachments(attached(order.rendition.extra))]
        names = [each.filename for each in pictures]
        names += [each.filename for each in attached(order.rendition.extra)]
        with self.catalogue.change():
            self._describe(order)
            self._note_change(entry.updated_at)
            article = self._enter(entry, known, names)
            self._follow_frame()
            placed.append(self._stage_page(article, page))  # its frame shows what the catalogue says by now
            self.catalogue.reframed([article])
            self.catalogue.mark([*placed, *_LISTS, *self._lists_of(article), *self._around(article)])
        return article

    def retract(self, article: Article) -> None:
        """Take an article out of the catalogue in one transaction; ``settle`` then takes it from the readers."""
        with self.catalogue.change():
            discarded = self.catalogue.pictures(article)
            self.catalogue.retract(article)
            self.catalogue.mark(self._removal(article, discarded))

    def settle(self) -> None:
        """Do what there is to do, in order, and forget it once it is safe on the disk; then bring some older frames up to date."""
        waiting = self.catalogue.chores()
        if not waiting:
            return
        site = self._site()
        for chore in waiting:
            chores.do(site, chore)
        outdated = self.catalogue.outdated(FRAMES_AT_ONCE)
        for article in outdated:
            chores.reframe(site, article)
        self.folder.flush()
        with self.catalogue.change():
            self.catalogue.clear(waiting)
            self.catalogue.reframed(outdated)

    def turn_grey(self, *, on: bool) -> None:
        """Every page at once, by the style that all of them have; the pages themselves stay as they were approved."""
        now = "1" if on else ""
        if (self.catalogue.setting(pages.GREY) or "") != now:
            with self.catalogue.change():
                self.catalogue.set(pages.GREY, now)
                self.catalogue.mark([Chore(Work.FIXED)])
            self.settle()

    def heal(self) -> None:
        """Finish what a crash has left, follow changed settings, and sweep."""
        with self.catalogue.change():
            self._follow_settings()
            self._follow_frame()
        self.settle()
        self.folder.sweep()

    def _dated(self, order: Order, known: Article | None) -> tuple[Article, str]:
        """The entry and its page; a page that is public already keeps its first date, and a feed's entry its name."""
        page = order.rendition.body
        fresh = articles.entry(order, page, self.config.base_url)
        if known is None:
            return fresh, page
        if known.retracted:
            return replace(fresh, feed_id=known.feed_id), page
        is_same = known.key == order.key
        updated = known.updated_at if is_same else order.started_at
        corrected = updated if updated != known.published_at else None
        page = redate(page, known.published_at, corrected)
        fresh = replace(fresh, feed_id=known.feed_id, published_at=known.published_at, updated_at=updated)
        return replace(fresh, page_digest=digest(page)), page

    def _stage_pictures(self, pictures: tuple[Picture, ...]) -> Iterator[Chore]:
        for picture in pictures:
            target = picture_path(picture.filename)
            if not self.folder.has(target, picture.sha256):
                self.folder.stage(picture.filename, self.tools.picture(picture).read_bytes())
                # The digit puts pictures before the page, so that no reader sees it without them.
                yield Chore(Work.PLACE, picture.filename, target)

    def _stage_attachments(self, attachments: tuple[Attachment, ...]) -> Iterator[Chore]:
        for attachment in attachments:
            target = picture_path(attachment.filename)
            if not self.folder.has(target, attachment.sha256):
                self.folder.stage(attachment.filename, self.tools.attachment(attachment).read_bytes())
                yield Chore(Work.PLACE, attachment.filename, target)

    def _stage_page(self, article: Article, page: str) -> Chore:
        name = f"~{article.key}.html"  # "~" sorts behind every picture's name
        self.folder.stage(name, frame.framed(self._site(), article, page).encode())
        return Chore(Work.PLACE, name, article_path(article.section, article.slug))

    def _enter(self, entry: Article, known: Article | None, pictures: list[str]) -> Article:
        # Nobody is told "gone" where an article stands: it may come back to an address that it has left.
        self.catalogue.mark([Chore(Work.GONE, entry.section, entry.slug)])
        if known is None:
            return self.catalogue.add(entry, pictures)
        before = self.catalogue.pictures(known)
        self.catalogue.mark(self._around(known))
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
        yield from self._around(article)
        yield from (Chore(Work.DISCARD, name) for name in pictures)

    def _lists_of(self, article: Article) -> Iterator[Chore]:
        section = chores.section_of(self.catalogue, article.section)
        yield from paging.touched_by(section.id, article.seq, section.last_seq, self.config.page_size)
        yield Chore(Work.SITEMAP, str(article.chunk))
        if section.last_seq == 1 or (article.id - 1) % CHUNK == 0:
            yield Chore(Work.SITEMAPS)

    def _around(self, article: Article) -> Iterator[Chore]:
        """The pages that name an article beside their own text: its neighbours, and what it corrects."""
        for neighbour in filter(None, self.catalogue.neighbours(article)):
            yield Chore(Work.FRAME, neighbour.slug)
        wrong = self.catalogue.find(article.corrects) if article.corrects else None
        if wrong is not None:
            yield Chore(Work.GONE, wrong.section, wrong.slug) if wrong.retracted else Chore(Work.FRAME, wrong.slug)

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
        """Remember when the site last changed, for the feeds; an order sent again does not move it. The first one names the feeds."""
        if self.catalogue.setting("feed_id") is None:
            self.catalogue.set("feed_id", feed_id(self.config.base_url, moment.date(), "feed"))
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

    def _follow_frame(self) -> None:
        """Where menu, colophon or their templates are others than before: every list at once, and the articles a few at a time."""
        now = frame.fingerprint(self._site())
        if self.catalogue.setting("frame") == now:
            return
        self.catalogue.set("frame", now)
        self.catalogue.outdate()
        self._mark_all(self.config.page_size)

    def _mark_all(self, *sizes: int) -> None:
        sections = self.catalogue.sections()
        if not any(section.last_seq for section in sections):
            return
        self.catalogue.mark([*_LISTS, Chore(Work.SITEMAPS)])
        self.catalogue.mark(Chore(Work.SITEMAP, str(chunk)) for chunk in range(1, self.catalogue.chunks() + 1))
        for section in sections:
            self.catalogue.mark(paging.all_pages(section, *sizes))
        self.catalogue.mark(Chore(Work.GONE, article.section, article.slug) for article in self.catalogue.gone())

    def _site(self) -> pages.Site:
        return pages.Site(
            config=self.config,
            tools=self.tools,
            catalogue=self.catalogue,
            folder=self.folder,
            organisation=self._organisation(),
        )

    def _organisation(self) -> Organisation:
        told: dict[str, Any] = {name: self.catalogue.setting(name) or "" for name in _office_settings(Organisation())}
        return Organisation(**told)


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
