"""From a post to the finished HTML of an article: WeChat's elements, the template around them, every style inline."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from xuanfa.adapters.protocol import Kit
from xuanfa.adapters.wechat.markup import converted
from xuanfa.adapters.wechat.themes import Theme
from xuanfa.domain.post import Picture

#: Stands for a picture until it is uploaded; ``.invalid`` never resolves (RFC 2606).
PICTURE = "https://picture.invalid/"
#: An address at WeChat's picture host has about this many characters; a placeholder is counted as so many.
PICTURE_ADDRESS = 140

_BLOCK = "section|p|h[1-6]|ul|ol|li|blockquote|hr|table|thead|tbody|tfoot|tr|t[dh]|img"
#: White space before a block, which WeChat's editor turns into empty lines where it holds a line break. Each run is looked at once.
_BETWEEN = re.compile(rf"(?<!\s)\s++(?=</?(?:{_BLOCK})\b)")
#: A ``class`` inside a tag. Text cannot match: there ``<`` is written ``&lt;``.
_CLASS = re.compile(r'(<[a-z][a-z0-9]*(?: (?!class=)[a-z-]+="[^"]*")*) class="[^"]*"')
_PLACEHOLDER = re.compile(re.escape(PICTURE) + r"(?P<name>[0-9a-f]{16}\.\w+)")


def article_html(kit: Kit, theme: Theme, source: Callable[[str], str]) -> str:
    """The finished HTML; ``source`` gives the address that stands for a picture of the post."""
    content, notes = converted(kit.html, source)
    page = kit.template("article.html", content=content, notes=notes, theme=theme.theme)
    return styled(page, kit.template("article.css", **theme.colours()))


def placeholder(picture: Picture) -> str:
    """What stands for the picture's address until it is uploaded."""
    return PICTURE + picture.filename


def styled(page: str, css: str) -> str:
    """The page with the stylesheet's rules written into its elements, without classes and without white space between blocks."""
    closed_up = _BETWEEN.sub(lambda run: "" if "\n" in run[0] else run[0], page.strip())
    inlined: str = _inliner().inline_fragment(closed_up, css)
    return _CLASS.sub(r"\1", inlined)


@cache
def _inliner() -> Any:
    """Made once; it fetches nothing."""
    import css_inline  # noqa: PLC0415 - only where articles are rendered

    return css_inline.CSSInliner(load_remote_stylesheets=False, inline_style_tags=False, minify_css=True)


def with_addresses(html: str, addresses: Mapping[str, str]) -> str:
    """The HTML with the uploaded pictures' addresses, by filename, in place of the placeholders."""
    return _PLACEHOLDER.sub(lambda match: addresses[match["name"]].replace("&", "&amp;"), html)


def counted(html: str) -> str:
    """The HTML as long as it will be: with an address of the usual length for every picture."""
    return _PLACEHOLDER.sub("x" * PICTURE_ADDRESS, html)
