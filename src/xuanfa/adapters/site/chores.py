"""Doing what a change leaves to be done: each chore writes or removes files, and doing it twice changes nothing."""

import sqlite3
from datetime import datetime

from xuanfa.adapters.site import feeds, pages
from xuanfa.adapters.site.address import article_path, gone_path, is_attachment, picture_path
from xuanfa.adapters.site.catalogue import Catalogue
from xuanfa.adapters.site.folder import Folder
from xuanfa.adapters.site.frame import framed
from xuanfa.adapters.site.pages import Site
from xuanfa.adapters.site.records import Article, Chore, Section, Work


def do(site: Site, chore: Chore) -> None:
    """Do one; what it needs is in the catalogue. Raises OSError where the disk does not let it."""
    match chore.kind:
        case Work.FIXED:
            pages.write_fixed(site)
        case Work.PLACE:
            if site.folder.has_staged(chore.subject):
                site.folder.place(chore.subject, chore.detail)
            if is_attachment(chore.subject):
                site.folder.remove(gone_path(chore.detail))
        case Work.GONE:
            pages.write_gone(site, section_of(site.catalogue, chore.subject), chore.detail)
        case Work.ARCHIVE:
            pages.write_archive(site, section_of(site.catalogue, chore.subject), int(chore.detail))
        case Work.COLUMN:
            pages.write_column(site, section_of(site.catalogue, chore.subject))
        case Work.HOME:
            pages.write_home(site)
        case Work.DISCARD:
            _discard(site, chore.subject)
        case Work.FRAME:
            _reframe_named(site, chore.subject)
        case Work.FEEDS | Work.SITEMAP | Work.SITEMAPS:
            _tell_machines(site, chore)


def reframe(site: Site, article: Article) -> None:
    """Write an article's page anew with its frame of today; a page that is not there stays away."""
    page = page_of(site.folder, article)
    if page is not None:
        path = article_path(article.section, article.slug)
        site.folder.write(path, framed(site, article, page).encode(errors="surrogateescape"))


def page_of(folder: Folder, article: Article) -> str | None:
    """The article's page as it stands on the disk; bytes that are no UTF-8 become surrogates."""
    data = folder.read(article_path(article.section, article.slug))
    return None if data is None else data.decode(errors="surrogateescape")


def section_of(catalogue: Catalogue, section: str) -> Section:
    """The column of that id, which the catalogue has."""
    found = catalogue.section(section)
    if found is None:
        raise sqlite3.IntegrityError(f"the catalogue lacks the column {section!r}")
    return found


def _discard(site: Site, picture: str) -> None:
    if not site.catalogue.is_shown(picture):
        site.folder.remove(picture_path(picture))
        if is_attachment(picture):
            site.folder.write(gone_path(picture_path(picture)), b"")


def _reframe_named(site: Site, slug: str) -> None:
    article = site.catalogue.find(slug)
    if article is not None and not article.retracted:
        reframe(site, article)


def _tell_machines(site: Site, chore: Chore) -> None:
    """Feeds and sitemap."""
    if chore.kind is Work.FEEDS:
        feeds.write_feeds(site, datetime.fromisoformat(site.catalogue.setting("changed_at") or ""))
    elif chore.kind is Work.SITEMAP:
        feeds.write_sitemap(site, int(chore.subject))
    else:
        feeds.write_sitemaps(site)
