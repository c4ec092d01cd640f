"""What can be wrong with an article for a website, before anyone sees it."""

import re
from collections.abc import Iterator, Sequence

from xuanfa.adapters.site.address import ASSETS, Addresses, article_path, is_usable_name
from xuanfa.adapters.site.config import SiteConfig
from xuanfa.adapters.site.markup import foreign_sources
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.rendition import Rendition

_TAG = re.compile(r"<(?!img\b)[^>]*>")


def check(rendition: Rendition, config: SiteConfig) -> Sequence[Finding]:
    """Whether the page has a name, a title and a text, and loads nothing from elsewhere."""
    return [*_names(rendition), *_texts(rendition), *_sources(rendition, config)]


def _names(rendition: Rendition) -> Iterator[Finding]:
    slug, column = rendition.extra["slug"], rendition.extra["column"]
    if not is_usable_name(slug) or slug == "index":
        yield Finding(
            code="site.slug",
            message=say(
                '稿件编号（slug）“{slug}”不能作网页的文件名：不得为 index、以点开头、含 / \\ : * ? " < > | 或超过 240 字节。请另取一个。',
                'The slug {slug!r} cannot be the name of a page: not index, no dot in front, none of / \\ : * ? " < > |, '
                "at most 240 bytes. Choose another.",
                slug=slug,
            ),
            place="slug",
        )
    if not is_usable_name(column) or column == ASSETS:
        yield Finding(
            code="site.column",
            message=say(
                '专栏代号“{column}”不能作网站的文件夹名：不得为 assets、以点开头或含 / \\ : * ? " < > |。请在设置里另取一个。',
                'The column id {column!r} cannot be the name of a folder: not assets, no dot in front, none of / \\ : * ? " < > |. '
                "Choose another in the settings.",
                column=column,
            ),
            place="column",
        )


def _texts(rendition: Rendition) -> Iterator[Finding]:
    if not rendition.title.strip():
        message = say("标题是空的。请写标题。", "The title is empty. Write one.")
        yield Finding(code="site.title_empty", message=message, place="title")
    if not _TAG.sub("", rendition.extra["html"]).strip():
        message = say("正文是空的。请写正文。", "The text is empty. Write one.")
        yield Finding(code="site.body_empty", message=message, place="body")


def _sources(rendition: Rendition, config: SiteConfig) -> Iterator[Finding]:
    address = Addresses(config.base_url).of(article_path(rendition.extra["column"], rendition.extra["slug"]))
    for source in foreign_sources(rendition.body, address, config.base_url):
        yield Finding(
            code="site.foreign_source",
            message=say(
                "网页引用了别处的文件“{source}”，浏览器不会加载它。请下载后作为本地图片插入。",
                "The page loads {source!r} from elsewhere, which browsers will refuse. Download it and insert it as a local picture.",
                source=source[:120],
            ),
            place="body",
        )
