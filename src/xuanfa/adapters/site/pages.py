"""Home, columns, archive, the plain page of a retracted article, and the files that are always the same."""

from dataclasses import dataclass
from typing import Any

from xuanfa.adapters.protocol import Tools
from xuanfa.adapters.site import paging
from xuanfa.adapters.site.address import (
    ASSETS,
    FIXED_ASSETS,
    HOME,
    NOT_FOUND,
    ROBOTS,
    SITEMAP,
    Addresses,
    archive_path,
    article_path,
    column_path,
    encoded,
    picture_path,
    root_of,
)
from xuanfa.adapters.site.article import column_keywords
from xuanfa.adapters.site.catalogue import Catalogue
from xuanfa.adapters.site.config import SiteConfig
from xuanfa.adapters.site.folder import Folder
from xuanfa.adapters.site.records import Article, Section
from xuanfa.domain.column import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What writing a page takes: settings, templates, the catalogue and the folder."""

    config: SiteConfig
    tools: Tools
    catalogue: Catalogue
    folder: Folder
    organisation: Organisation

    @property
    def addresses(self) -> Addresses:
        return Addresses(self.config.base_url)

    def write(self, path: str, template: str, **context: Any) -> None:
        """A file from a template, written if its bytes change."""
        text = self.tools.template(template, organisation=self.organisation, **context)
        self.folder.write(path, text.encode())

    def write_page(self, path: str, template: str, **context: Any) -> None:
        """An HTML page that knows where it stands."""
        self.write(path, template, root=root_of(path), address=self.addresses.of(path), **context)


def write_fixed(site: Site) -> None:
    """Stylesheet, script, icon, robots.txt and the page for addresses that do not exist."""
    for name in FIXED_ASSETS:
        site.write(f"{ASSETS}/{name}", name)
    site.write(ROBOTS, ROBOTS, sitemap=site.addresses.of(SITEMAP))
    site.write(NOT_FOUND, NOT_FOUND, root=site.addresses.root, address=site.addresses.of(NOT_FOUND))


def write_home(site: Site) -> None:
    """The newest articles of every column."""
    columns = [
        {
            "title": section.title,
            "description": section.description,
            "campaign": section.campaign,
            "link": encoded(column_path(section.id)),
            "items": [_item(article) for article in site.catalogue.newest_in(section.id, site.config.home_size)],
        }
        for section in site.catalogue.sections()
    ]
    site.write_page(HOME, "home.html", columns=columns)


def write_column(site: Site, section: Section) -> None:
    """A column's front: its newest articles."""
    size = site.config.page_size
    pages = paging.archived(section.last_seq, size)
    _write_list(
        site,
        section,
        column_path(section.id),
        articles=site.catalogue.between(section.id, *paging.front(section.last_seq, size)),
        page=None,
        older=_archive(section, pages) if pages else "",
        newer="",
        oldest=_archive(section, 1) if pages else "",
    )


def write_archive(site: Site, section: Section, page: int) -> None:
    """One page of older articles; removed where a change of the page size has left it over."""
    size = site.config.page_size
    pages = paging.archived(section.last_seq, size)
    path = archive_path(section.id, page)
    if page > pages:
        site.folder.remove(path)
        return
    _write_list(
        site,
        section,
        path,
        articles=site.catalogue.between(section.id, *paging.numbers(page, size)),
        page=page,
        older=_archive(section, page - 1) if page > 1 else "",
        newer=_archive(section, page + 1) if page < pages else encoded(column_path(section.id)),
        oldest=_archive(section, 1) if page > 1 else "",
    )


def write_gone(site: Site, section: Section, slug: str) -> None:
    """The plain page in place of a retracted article; it says nothing of what stood there."""
    site.write_page(
        article_path(section.id, slug),
        "retracted.html",
        column=section,
        column_link=encoded(column_path(section.id)),
    )


def _write_list(site: Site, section: Section, path: str, *, articles: tuple[Article, ...], **context: Any) -> None:
    site.write_page(
        path,
        "column.html",
        column=section,
        column_link=encoded(column_path(section.id)),
        column_type=site.config.column_type,
        column_keywords=column_keywords(section),
        items=[_item(article) for article in articles],
        **context,
    )


def _item(article: Article) -> dict[str, str]:
    """What a list says of an article; links are from the site's folder."""
    return {
        "title": article.title,
        "summary": article.summary,
        "link": encoded(article_path(article.section, article.slug)),
        "date": f"{article.published_at:%Y-%m-%d}",
        "iso": article.published_at.isoformat(timespec="seconds"),
        "source": article.source,
        "cover": encoded(picture_path(article.cover)) if article.cover else "",
        "cover_alt": article.cover_alt,
    }


def _archive(section: Section, page: int) -> str:
    return encoded(archive_path(section.id, page))
