"""From a post to the finished article page, and from a delivery to its entry in the catalogue."""

from collections.abc import Sequence
from typing import Any

from xuanfa.adapters.protocol import Kit
from xuanfa.adapters.shared.public import WEB
from xuanfa.adapters.site.address import Addresses, article_path, column_path, encoded, feed_id, picture_path, root_of
from xuanfa.adapters.site.config import SiteConfig
from xuanfa.adapters.site.markup import LONG, absolute, fit
from xuanfa.adapters.site.places import digest
from xuanfa.adapters.site.records import Article, Section
from xuanfa.adapters.site.titles import headline
from xuanfa.domain.attempt import Order
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.post import Picture, PictureRule, Post
from xuanfa.domain.rendition import Rendition, needed_channels, time_mark

#: Small files for lists, twice as wide as they are shown: a row of a list, the first article of the home page.
SMALL = {
    "thumbnail": PictureRule(media_types=("image/jpeg",), bytes_max=40_000, side_max=400, ratio=1.5),
    "lead": PictureRule(media_types=("image/jpeg",), bytes_max=120_000, side_max=960, ratio=1.5),
}


def render(post: Post, kit: Kit, config: SiteConfig) -> Rendition:
    """The page as readers will see it, and what lists and feeds will say of it."""
    own = post.override(kit.channel)
    path = article_path(post.column, post.slug)
    addresses, root = Addresses(config.base_url), root_of(path)
    by_source = {picture.source: kit.fitted(picture, WEB) for picture in post.pictures}
    content, shown = fit(kit.html, by_source, root)
    cover = kit.fitted(post.cover, WEB) if post.cover else _first(shown)
    small = {name: kit.fitted(cover, rule) for name, rule in SMALL.items()} if cover else {}
    title = own.title or post.title
    summary = own.summary or kit.summary
    body = kit.template(
        "article.html",
        address=addresses.of(path),
        title=title,
        headline=headline(title),
        summary=summary,
        editor=post.editor or config.editor,
        content=content,
        content_source=_source(post, kit.organisation),
        column_type=config.column_type,
        column_keywords=column_keywords(kit.column),
        first_line_indent=config.first_line_indent,
        image=addresses.of(picture_path(cover.filename)) if cover else "",
        attachments=[
            {
                "link": root + encoded(picture_path(one.filename)),
                "title": one.title,
                "kind": one.kind,
                "weight": one.weight,
            }
            for one in post.attachments
        ],
        published_minute=time_mark("minute"),
        published_iso=time_mark("iso"),
        **surroundings(config, root, post.column, ()),
    )
    extra = _for_lists(post, kit, cover) | {name: picture.filename for name, picture in small.items()}
    extra["html"] = absolute(content, addresses.of(path))
    return Rendition(
        title=title,
        body=body,
        media_type="text/html",
        summary=summary,
        pictures=_distinct((*shown, *((cover,) if cover else ()), *small.values())),
        needs=needed_channels((body, *extra.values())),
        extra=extra,
    )


def surroundings(config: SiteConfig, root: str, here: str, columns: tuple[Section, ...]) -> dict[str, Any]:
    """What masthead and colophon are made from, but for the office: the way to the site's folder, the menu, the column that is shown."""
    menu = [{"title": column.title, "link": encoded(column_path(column.id)), "id": column.id} for column in columns]
    return {"root": root, "menu": menu, "here": here, "colophon": config.colophon}


def entry(order: Order, page: str, base: str) -> Article:
    """The catalogue's entry for a delivery whose page is this, on a site under ``base``."""
    extra = order.rendition.extra
    return Article(
        section=order.column,
        slug=order.post,
        key=order.key,
        page_digest=digest(page),
        title=order.rendition.title,
        summary=order.rendition.summary,
        html=extra["html"],
        author=extra["author"],
        department=extra["department"],
        source=extra["source"],
        keywords=extra["keywords"],
        cover=extra["cover"],
        cover_alt=extra["cover_alt"],
        published_at=order.started_at,
        updated_at=order.started_at,
        feed_id=feed_id(base, order.started_at.date(), f"{order.column}/{order.post}"),
        # Renditions that were frozen by an earlier version have none of these.
        thumbnail=extra.get("thumbnail", ""),
        lead=extra.get("lead", ""),
        corrects=extra.get("corrects", ""),
    )


def section(order: Order) -> Section:
    """The column as this delivery knows it."""
    extra = order.rendition.extra
    return Section(
        id=order.column,
        title=extra["column_title"],
        description=extra["column_description"],
        campaign=extra["campaign"],
        form=extra.get("form", ""),
    )


def organisation(order: Order) -> Organisation:
    """The office as this delivery knows it."""
    extra = order.rendition.extra
    return Organisation(
        name=extra["organisation"],
        site_name=extra["site_name"],
        site_domain=extra["site_domain"],
        site_id_code=extra["site_id_code"],
    )


def column_keywords(column: Column | Section) -> str:
    """ColumnKeywords of 国办发〔2017〕47号: a column has no keywords of its own, so its name and its campaign."""
    return ",".join(dict.fromkeys(filter(None, (column.title, column.campaign))))


def _for_lists(post: Post, kit: Kit, cover: Picture | None) -> dict[str, str]:
    return {
        "column": post.column,
        "slug": post.slug,
        "author": post.author,
        "department": post.department,
        "source": _source(post, kit.organisation),
        "keywords": ",".join(post.keywords),
        "cover": cover.filename if cover else "",
        "cover_alt": cover.alt if cover else "",
        "column_title": kit.column.title,
        "column_description": kit.column.description,
        "campaign": kit.column.campaign,
        "form": kit.column.form,
        "corrects": post.corrects,
        "organisation": kit.organisation.name,
        "site_name": kit.organisation.site_name,
        "site_domain": kit.organisation.site_domain,
        "site_id_code": kit.organisation.site_id_code,
    }


def _source(post: Post, office: Organisation) -> str:
    """ContentSource: the source of a reposted text, else the office; the department is who contributed it (供稿)."""
    return post.source.name if post.source else (office.name or office.site_name)


def _first(shown: Sequence[Picture]) -> Picture | None:
    """The picture that stands in lists where there is no cover; of a long one they would show only the middle."""
    short = (picture for picture in shown if picture.height <= picture.width * LONG)
    return next(short, None) or next(iter(shown), None)


def _distinct(pictures: tuple[Picture, ...]) -> tuple[Picture, ...]:
    return tuple({picture.sha256: picture for picture in pictures}.values())
