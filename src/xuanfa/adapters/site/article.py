"""From a post to the finished article page, and from a delivery to its entry in the catalogue."""

import hashlib

from xuanfa.adapters.protocol import Kit, PictureRule
from xuanfa.adapters.site.address import Addresses, article_path, picture_path, root_of
from xuanfa.adapters.site.config import SiteConfig
from xuanfa.adapters.site.markup import absolute, fit
from xuanfa.adapters.site.records import Article, Section
from xuanfa.domain.attempt import Order
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.post import Picture, Post
from xuanfa.domain.rendition import Rendition, needed_channels, time_mark

#: Pictures as a browser takes them: wide enough for twice the text's measure, and without what a camera notes (where it was taken).
WEB = PictureRule(media_types=("image/jpeg", "image/png", "image/gif", "image/webp"), side_max=1600, animated=True)


def render(post: Post, kit: Kit, config: SiteConfig) -> Rendition:
    """The page as readers will see it, and what lists and feeds will say of it."""
    own = post.override(kit.channel)
    path = article_path(post.column, post.slug)
    addresses, root = Addresses(config.base_url), root_of(path)
    by_source = {picture.source: kit.fitted(picture, WEB) for picture in post.pictures}
    content, shown = fit(kit.html, by_source, root)
    cover = kit.fitted(post.cover, WEB) if post.cover else None
    title = own.title or post.title
    summary = own.summary or kit.summary
    image = cover or next(iter(shown), None)
    body = kit.template(
        "article.html",
        root=root,
        address=addresses.of(path),
        title=title,
        summary=summary,
        content=content,
        content_source=_source(post, kit.organisation),
        column_type=config.column_type,
        column_keywords=column_keywords(kit.column),
        first_line_indent=config.first_line_indent,
        image=addresses.of(picture_path(image.filename)) if image else "",
        published_minute=time_mark("minute"),
        published_iso=time_mark("iso"),
    )
    extra = _for_lists(post, kit, cover) | {"html": absolute(content, addresses.of(path))}
    return Rendition(
        title=title,
        body=body,
        media_type="text/html",
        summary=summary,
        pictures=_distinct((*shown, *((cover,) if cover else ()))),
        needs=needed_channels((body, *extra.values())),
        extra=extra,
    )


def entry(order: Order, page: bytes) -> Article:
    """The catalogue's entry for a delivery whose page has these bytes."""
    extra = order.rendition.extra
    return Article(
        section=order.column,
        slug=order.post,
        key=order.key,
        page_digest=hashlib.sha256(page).hexdigest(),
        title=order.rendition.title,
        summary=order.rendition.summary,
        html=extra["html"],
        author=extra["author"],
        department=extra["department"],
        source=extra["source"],
        keywords=extra["keywords"],
        cover=extra["cover"],
        cover_alt=extra["cover_alt"],
        published_at=order.published_at,
        updated_at=order.published_at,
    )


def section(order: Order) -> Section:
    """The column as this delivery knows it."""
    extra = order.rendition.extra
    return Section(
        id=order.column,
        title=extra["column_title"],
        description=extra["column_description"],
        campaign=extra["campaign"],
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
        "organisation": kit.organisation.name,
        "site_name": kit.organisation.site_name,
        "site_domain": kit.organisation.site_domain,
        "site_id_code": kit.organisation.site_id_code,
    }


def _source(post: Post, office: Organisation) -> str:
    """ContentSource: the source of a reposted text, else who issued it."""
    return post.source.name if post.source else (post.department or office.name or office.site_name)


def _distinct(pictures: tuple[Picture, ...]) -> tuple[Picture, ...]:
    return tuple({picture.sha256: picture for picture in pictures}.values())
