"""A post as WeChat gets it: an article, or a picture message where the post is mainly pictures."""

import re

from xuanfa.adapters.protocol import Kit
from xuanfa.adapters.shared.public import SCROLLED
from xuanfa.adapters.wechat.article import article_html, placeholder
from xuanfa.adapters.wechat.config import WechatConfig
from xuanfa.adapters.wechat.themes import THEMES
from xuanfa.domain.post import Picture, PictureRule, Post
from xuanfa.domain.rendition import Rendition, needed_channels

#: What ``media/uploadimg`` takes: JPG or PNG below 1 MB; 1080 pixels fill every phone, and long drawings stay long.
BODY_PICTURE = PictureRule(bytes_max=999_999, width_min=SCROLLED)
#: The cover in the list; ``material/add_material`` takes 10 MB, but a cover is looked at on a phone.
COVER = PictureRule(bytes_max=2_000_000, side_max=1200, ratio=2.35)
#: A picture of a picture message.
SHOWN_PICTURE = PictureRule(bytes_max=5_000_000, width_min=SCROLLED)
#: Mainly pictures: at least so many, and fewer characters of text than this.
NEWSPIC_PICTURES, NEWSPIC_TEXT = 3, 300
#: What a picture message, which is plain text, would lose.
_RICH = re.compile(r"<(?:table|pre|h[2-6]|blockquote)\b|<a [^>]*href=\"https?:")


def rendered(post: Post, kit: Kit, config: WechatConfig) -> Rendition:
    """The rendition. Pictures stand in the body as placeholders; our mark is put on ``source`` when the draft is made."""
    source = _source(kit, config)
    extra = {"author": config.author or post.author, "source": source}
    if config.newspic == "auto" and _is_mainly_pictures(post, kit):
        pictures = tuple(kit.fitted(picture, SHOWN_PICTURE) for picture in post.pictures)
        return Rendition(
            title=post.title,
            body=kit.text,
            media_type="text/plain",
            pictures=pictures,
            needs=needed_channels([source]),
            extra={**extra, "type": "newspic"},
        )
    body, pictures = _article(post, kit, config)
    cover = kit.cover(COVER, theme=THEMES[config.theme].name)
    return Rendition(
        title=post.title,
        summary=kit.summary,
        body=body,
        media_type="text/html",
        pictures=(cover, *(picture for picture in pictures if picture.sha256 != cover.sha256)),
        needs=needed_channels([source]),
        extra={**extra, "type": "news", "cover": cover.filename},
    )


def _source(kit: Kit, config: WechatConfig) -> str:
    """The address behind 阅读原文: the same post on the site, or an address of the office that only carries our mark."""
    if kit.linked(config.link):
        return kit.link(config.link)
    domain = kit.organisation.site_domain
    return config.mark_address or (f"https://{domain}/" if domain else "")


def _is_mainly_pictures(post: Post, kit: Kit) -> bool:
    return (
        len(post.pictures) >= NEWSPIC_PICTURES
        and kit.html.count("<img ") >= NEWSPIC_PICTURES
        and 0 < len(kit.text) < NEWSPIC_TEXT
        and not _RICH.search(kit.html)
    )


def _article(post: Post, kit: Kit, config: WechatConfig) -> tuple[str, tuple[Picture, ...]]:
    """The finished HTML, empty where the post has neither text nor pictures, and the pictures that stand in it."""
    if not re.sub(r"<(?!img)[^>]*>", "", kit.html).strip():
        return "", ()
    known = {picture.source: picture for picture in post.pictures}
    used: dict[str, Picture] = {}

    def address(source: str) -> str:
        if source not in known:
            return source
        if source not in used:
            used[source] = kit.fitted(known[source], BODY_PICTURE)
        return placeholder(used[source])

    html = article_html(kit, THEMES[config.theme], address)
    return html, tuple(used.values())
