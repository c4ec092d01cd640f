"""From a post to what Weibo gets: the short text, or the article with the text that goes before it."""

import re
from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser

from xuanfa.adapters.protocol import Kit
from xuanfa.adapters.shared.inline import aligned, without_anchors
from xuanfa.adapters.shared.public import SCROLLED, public_address
from xuanfa.adapters.weibo.config import WeiboConfig
from xuanfa.adapters.weibo.text import TEXT_MAX, counted, without_topics
from xuanfa.domain.post import PictureRule, Post
from xuanfa.domain.rendition import Rendition, needed_channels

#: JPEG, GIF or PNG, below 5 MB (platforms.md, Weibo posts).
PICTURE = PictureRule(
    media_types=("image/jpeg", "image/png", "image/gif"), bytes_max=5_000_000, animated=True, width_min=SCROLLED
)

_SENTENCE = re.compile(r"[^。！？!?；\n]*[。！？!?；\n]?")


def short_post(post: Post, kit: Kit, config: WeiboConfig) -> Rendition:
    """A post of at most 140 characters with the site's address and one picture."""
    address = address_of(kit, config)
    text = short_text(post, kit, address)
    picture = post.cover or next(iter(post.pictures), None)
    return Rendition(
        title=post.title,
        body=text,
        media_type="text/plain",
        pictures=(kit.fitted(picture, PICTURE),) if picture else (),
        needs=needed_channels([text]),
        extra={"link": address} if address else {},
    )


def article(post: Post, kit: Kit, config: WeiboConfig) -> Rendition:
    """A headline article: the whole text as HTML, a public cover, and the short text that goes before it."""
    address = address_of(kit, config)
    public = {picture.source: public_address(picture, kit, config.link, config.pictures) for picture in post.pictures}
    body = kit.template("article.html", address=address, html=public_html(aligned(without_anchors(kit.html)), public))
    text = short_text(post, kit, address)
    shown = post.cover or next(iter(post.pictures), None)
    cover = (public_address(shown, kit, config.link, config.pictures) if shown else "") or config.cover
    extra = {"text": text, "cover": cover} | ({"link": address} if address else {})
    return Rendition(
        title=post.title,
        summary=kit.summary,
        body=body.strip() if kit.html.strip() else "",
        media_type="text/html",
        needs=needed_channels([body, *extra.values()]),
        extra=extra,
    )


def address_of(kit: Kit, config: WeiboConfig) -> str:
    """The late-bound address of the same post on the linked channel; empty where it does not go there."""
    return kit.link(config.link) if kit.linked(config.link) else ""


def short_text(post: Post, kit: Kit, address: str) -> str:
    """The template filled in. Whole sentences of a summary that is not for this channel are left out at the end until it fits; a text
    or summary that the author wrote for this channel is never cut."""
    own = post.override(kit.channel)
    if own.text is not None or own.summary is not None:
        return _filled(kit, address, kit.text if own.text is not None else kit.summary)
    sentences = [part for part in _SENTENCE.findall(" ".join(kit.summary.split())) if part.strip()]
    for count in range(len(sentences), 0, -1):
        text = _filled(kit, address, "".join(sentences[:count]).strip())
        if counted(text) <= TEXT_MAX:
            return text
    return _filled(kit, address, "")


def _filled(kit: Kit, address: str, words: str) -> str:
    return without_topics(re.sub(r"\n{3,}", "\n\n", kit.template("share.txt", address=address, words=words)).strip())


def public_html(html: str, public: Mapping[str, str]) -> str:
    """The HTML with the post's pictures at their ``public`` addresses, by source; those without one are left out with their captions."""
    rewritten = _Pictures(public).rewritten(html)
    return _NO_PICTURE.sub("<figure></figure>", rewritten)


#: A figure that has lost its picture: the caption alone would puzzle readers.
_NO_PICTURE = re.compile(r"<figure[^>]*>(?:(?!<img|</figure>).)*</figure>", re.DOTALL)


class _Pictures(HTMLParser):
    """Copies well-formed HTML and rewrites its ``img`` tags."""

    def __init__(self, public: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=False)
        self._public = public
        self._out: list[str] = []

    def rewritten(self, html: str) -> str:
        self.feed(html)
        self.close()
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "img":
            self._out.append(self.get_starttag_text() or "")
            return
        attributes = dict(attrs)
        source = attributes.get("src") or ""
        address = self._public.get(source) or source
        if re.match(r"https?://", address):
            alt = attributes.get("alt") or ""
            self._out.append(f'<img src="{escape(address)}" alt="{escape(alt)}">')

    def handle_endtag(self, tag: str) -> None:
        self._out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._out.append(data)

    def handle_entityref(self, name: str) -> None:
        self._out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._out.append(f"&#{name};")
