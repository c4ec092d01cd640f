"""Home, columns, archive, the plain page of a retracted article, and the files that are always the same."""

from dataclasses import dataclass
from typing import Any, Final

from xuanfa.adapters.protocol import Tools
from xuanfa.adapters.site import paging
from xuanfa.adapters.site.address import (
    ASSETS,
    FIXED_ASSETS,
    HOME,
    MAP,
    NOT_FOUND,
    ROBOTS,
    SITEMAP,
    STYLE,
    Addresses,
    archive_path,
    article_path,
    column_path,
    encoded,
    gone_path,
    picture_path,
    root_of,
)
from xuanfa.adapters.site.article import column_keywords, surroundings
from xuanfa.adapters.site.catalogue import Catalogue
from xuanfa.adapters.site.config import SiteConfig
from xuanfa.adapters.site.folder import Folder
from xuanfa.adapters.site.records import Article, Section
from xuanfa.adapters.site.titles import headline
from xuanfa.domain.column import Organisation, holds_notices

#: Whether the site is grey, among what the catalogue keeps of it.
GREY: Final = "grey"
#: Behind the office's own style or ours. On the root element, where a filter leaves what is fixed in its place.
_GREYED: Final = (
    "\n/* 肃穆期：全站灰色，期满自动恢复 */\nhtml { -webkit-filter: grayscale(1); filter: grayscale(1); }\n"
)


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

    @property
    def sections(self) -> tuple[Section, ...]:
        """All columns in the order in which readers find them."""
        places = {name: place for place, name in enumerate(self.config.columns)}
        return tuple(sorted(self.catalogue.sections(), key=lambda one: places.get(one.id, len(places))))

    def surroundings(self, root: str, here: str) -> dict[str, Any]:
        """What masthead and colophon are made from, on a page from which ``root`` leads to the site's folder."""
        return surroundings(self.config, root, here, self.sections)

    def html(self, template: str, **context: Any) -> str:
        """A template filled in."""
        return self.tools.template(template, organisation=self.organisation, **context)

    def write(self, path: str, template: str, **context: Any) -> None:
        """A file from a template, written if its bytes change."""
        self.folder.write(path, self.html(template, **context).encode())

    def write_page(self, path: str, template: str, *, here: str = "", root: str = "", **context: Any) -> None:
        """An HTML page that knows where it stands; ``here`` is its column, if it has one."""
        around = self.surroundings(root or root_of(path), here)
        self.write(path, template, address=self.addresses.of(path), **around, **context)


def write_fixed(site: Site) -> None:
    """Stylesheet, script, icon, robots.txt, the map for readers and the page for addresses that do not exist."""
    for name in FIXED_ASSETS:
        text = site.html(name)
        is_grey = name == STYLE and site.catalogue.setting(GREY) == "1"
        site.folder.write(f"{ASSETS}/{name}", (text + _GREYED if is_grey else text).encode())
    site.write(ROBOTS, ROBOTS, sitemap=site.addresses.of(SITEMAP))
    site.write_page(NOT_FOUND, NOT_FOUND, root=site.addresses.root)
    site.write_page(MAP, MAP, columns=[_heading(section) for section in site.sections])


def write_home(site: Site) -> None:
    """The newest articles of every column."""
    columns = [
        _heading(section)
        | {"items": [_item(site, one) for one in site.catalogue.newest_in(section.id, site.config.home_size)]}
        for section in site.sections
    ]
    site.write_page(HOME, "home.html", here=HOME, columns=columns)


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
    """The plain page in place of an article that is no longer here, and the marker for servers; no marker where there is an article.

    The page says nothing of what stood there. It leads to where the article is now, or to what corrects it.
    """
    path = article_path(section.id, slug)
    article = site.catalogue.find(slug)
    is_public = article is not None and not article.retracted
    if article is not None and is_public and article.section == section.id:
        site.folder.remove(gone_path(path))
        return
    correction = site.catalogue.correction_of(slug)
    site.write_page(
        path,
        "retracted.html",
        here=section.id,
        column=section,
        column_link=encoded(column_path(section.id)),
        moved=link_to(article) if is_public else None,
        correction=link_to(correction),
    )
    site.folder.write(gone_path(path), b"")


def _write_list(site: Site, section: Section, path: str, *, articles: tuple[Article, ...], **context: Any) -> None:
    site.write_page(
        path,
        "column.html",
        here=section.id,
        column=section,
        notices=is_notices(section),
        column_link=encoded(column_path(section.id)),
        column_type=site.config.column_type,
        column_keywords=column_keywords(section),
        items=[_item(site, article) for article in articles],
        **context,
    )


def is_notices(section: Section) -> bool:
    """Whether a column's lists are dense rows with the date at the right: as it is set, else as its title says."""
    return holds_notices(section.form, section.title)


def link_to(article: Article | None) -> dict[str, str] | None:
    """What a link says of an article; its address is from the site's folder."""
    if article is None:
        return None
    return {"title": article.title, "link": encoded(article_path(article.section, article.slug))}


def _heading(section: Section) -> dict[str, Any]:
    """What stands above a column's list."""
    return {
        "title": section.title,
        "description": section.description,
        "campaign": section.campaign,
        "link": encoded(column_path(section.id)),
        "notices": is_notices(section),
    }


def _item(site: Site, article: Article) -> dict[str, Any]:
    """What a list says of an article; links are from the site's folder. Of the office's own texts it names the department."""
    own = article.source in {site.organisation.name, site.organisation.site_name, ""}
    return {
        "title": article.title,
        "headline": headline(article.title),
        "summary": article.summary,
        "link": encoded(article_path(article.section, article.slug)),
        "date": f"{article.published_at:%Y-%m-%d}",
        "iso": article.published_at.isoformat(timespec="seconds"),
        "source": article.department if own else article.source,
        "cover": _picture(article.cover),
        "cover_alt": article.cover_alt,
        "thumbnail": _picture(article.thumbnail or article.cover),
        "lead": _picture(article.lead or article.cover),
    }


def _picture(filename: str) -> str:
    return encoded(picture_path(filename)) if filename else ""


def _archive(section: Section, page: int) -> str:
    return encoded(archive_path(section.id, page))
