"""RSS 2.0, Atom (RFC 4287), JSON Feed 1.1 and the sitemap (sitemaps.org)."""

import json
import re
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from xuanfa.adapters.site.address import (
    ATOM,
    HOME,
    JSON_FEED,
    RSS,
    SITEMAP,
    SITEMAP_COLUMNS,
    article_path,
    column_path,
    picture_path,
    sitemap_path,
)
from xuanfa.adapters.site.pages import Site
from xuanfa.adapters.site.records import Article

#: What XML 1.0 cannot hold at all (section 2.2): control characters that pasted texts bring along.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_feeds(site: Site, changed_at: datetime) -> None:
    """All three feeds with the newest articles; ``changed_at`` is when the site last changed."""
    articles = site.catalogue.newest(site.config.feed_size)
    feed = _feed(site, changed_at)
    items = [_item(site, article) for article in articles]
    site.write(RSS, "feed.xml", feed=feed, items=items)
    site.write(ATOM, "atom.xml", feed=feed, items=items)
    site.folder.write(JSON_FEED, _json_feed(site, feed, items).encode())


def write_sitemap(site: Site, chunk: int) -> None:
    """One part of the sitemap; empty parts stay, so that nothing else has to change."""
    places = [
        {"address": site.addresses.of(article_path(article.section, article.slug)), "changed": _iso(article.updated_at)}
        for article in site.catalogue.in_chunk(chunk)
    ]
    site.write(sitemap_path(chunk), "sitemap.xml", places=places)


def write_sitemaps(site: Site) -> None:
    """The index of the parts, and the part with home and columns."""
    columns = [site.addresses.of(column_path(section.id)) for section in site.sections]
    places = [{"address": address, "changed": ""} for address in (site.addresses.of(HOME), *columns)]
    site.write(SITEMAP_COLUMNS, "sitemap.xml", places=places)
    parts = [sitemap_path(chunk) for chunk in range(1, site.catalogue.chunks() + 1)]
    site.write(SITEMAP, "sitemapindex.xml", parts=[site.addresses.of(part) for part in (SITEMAP_COLUMNS, *parts)])


def _feed(site: Site, changed_at: datetime) -> dict[str, str]:
    office = site.organisation
    title = office.site_name or office.name
    columns = "、".join(section.title for section in site.sections)
    return {
        "title": _printable(title),
        "description": _printable(columns or title),
        "author": _printable(office.name or title),
        "id": site.catalogue.setting("feed_id") or "",
        "home": site.addresses.of(HOME),
        "rss": site.addresses.of(RSS),
        "atom": site.addresses.of(ATOM),
        "json": site.addresses.of(JSON_FEED),
        "changed_iso": _iso(changed_at),
        "changed_rfc822": format_datetime(changed_at),
    }


def _item(site: Site, article: Article) -> dict[str, Any]:
    return {
        "title": _printable(article.title),
        "id": article.feed_id,
        "address": site.addresses.of(article_path(article.section, article.slug)),
        "summary": _printable(article.summary),
        "html": _printable(article.html),
        "author": _printable(article.author or article.department or article.source),
        "keywords": [word for word in _printable(article.keywords).split(",") if word],
        "image": site.addresses.of(picture_path(article.cover)) if article.cover else "",
        "published_iso": _iso(article.published_at),
        "published_rfc822": format_datetime(article.published_at),
        "updated_iso": _iso(article.updated_at),
    }


def _json_feed(site: Site, feed: dict[str, str], items: list[dict[str, Any]]) -> str:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed["title"],
        "description": feed["description"],
        "home_page_url": feed["home"],
        "feed_url": feed["json"],
        "icon": site.addresses.of("assets/icon.svg"),
        "language": "zh-CN",
        "authors": [{"name": feed["author"]}],
        "items": [_json_item(item) for item in items],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _json_item(item: dict[str, Any]) -> dict[str, Any]:
    fields = {
        "id": item["id"],
        "url": item["address"],
        "title": item["title"],
        "content_html": item["html"],
        "summary": item["summary"],
        "image": item["image"],
        "date_published": item["published_iso"],
        "date_modified": item["updated_iso"],
        "authors": [{"name": item["author"]}] if item["author"] else [],
        "tags": item["keywords"],
    }
    return {name: value for name, value in fields.items() if value}


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("", text)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
