"""Text that a platform received, made safe to be shown on a page of ours: the same lists as for posts, with inline styles kept."""

import re
from collections.abc import Callable
from typing import Final

import nh3

from xuanfa.content.text.markdown import to_html

_TAGS: Final = {
    *(
        "p",
        "br",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "div",
        "section",
        "figure",
        "figcaption",
    ),
    *("strong", "em", "b", "i", "u", "s", "del", "sub", "sup", "code", "span", "font", "a", "img", "ul", "ol", "li"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
}
_ATTRIBUTES: Final = {
    "*": {"style"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "font": {"color"},
    "ol": {"start"},
    "table": {"align", "border", "cellpadding", "cellspacing", "role", "width"},
    "th": {"align", "colspan", "rowspan", "valign", "width"},
    "td": {"align", "colspan", "rowspan", "valign", "width"},
}
#: Properties that colour, space and align; none that loads anything or leaves its place.
_PROPERTIES: Final = {
    *(
        "color",
        "background",
        "background-color",
        "opacity",
        "font-size",
        "font-weight",
        "font-style",
        "font-family",
        "line-height",
    ),
    *("letter-spacing", "text-align", "text-indent", "text-decoration", "vertical-align", "white-space", "word-break"),
    *("overflow-wrap", "word-wrap", "display", "width", "max-width", "min-width", "height", "max-height", "box-sizing"),
    *(f"{kind}{side}" for kind in ("margin", "padding") for side in ("", "-top", "-right", "-bottom", "-left")),
    *(
        f"border{side}{part}"
        for side in ("", "-top", "-right", "-bottom", "-left")
        for part in ("", "-color", "-style", "-width")
    ),
    *("border-radius", "border-collapse", "border-spacing", "list-style-type", "table-layout", "overflow-x"),
}
#: The three colours that WeCom names (``<font color="info">``), and the characters that stand for such a mark while Markdown is read.
_NAMED: Final = {"info": "#2e9d5b", "comment": "#7d8087", "warning": "#d9822b"}
_FONT = re.compile(r"<font color=\"(info|comment|warning)\">(.*?)</font>", re.DOTALL)
_MARKED = re.compile("\ue000(\\w+)\ue001(.*?)\ue002", re.DOTALL)
_HEAD: Final = (
    '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'\">"
)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
_IMPORT = re.compile(r"@import[^;]*;?", re.IGNORECASE)
_LOADING = re.compile(r"url\s*\([^)]*\)?", re.IGNORECASE)


#: What stands in for an address, given the element (``img``, ``a``) and the address; empty where it is to be dropped.
Address = Callable[[str, str], str]


def clean(html: str, address: Address) -> str:
    """The HTML without anything that runs or loads from elsewhere, as far as ``address`` keeps to that."""

    def attribute(tag: str, name: str, value: str) -> str | None:
        if (tag, name) in {("img", "src"), ("a", "href")}:
            return address(tag, value) or None
        return _LOADING.sub("none", value) if name == "style" else value

    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags={"script", "style", "title"},
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        filter_style_properties=_PROPERTIES,
        url_schemes={"cid", "http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def document(html: str, address: Address) -> str:
    """A whole page of its own, cleaned likewise, with the style that it brings: for a frame, where that style can touch nothing else."""
    rules = "\n".join(_STYLE.findall(html)).replace("<", "")
    style = _LOADING.sub("none", _IMPORT.sub("", rules))
    return f"{_HEAD}<style>{style}</style>{clean(html, address)}"


def message_html(markdown: str, address: Address) -> str:
    """A group message's Markdown as HTML, with the colours that WeCom's ``font`` names."""
    html = to_html(_FONT.sub("\ue000\\1\ue001\\2\ue002", markdown))
    coloured = _MARKED.sub(lambda match: f'<span style="color:{_NAMED[match[1]]}">{match[2]}</span>', html)
    return clean(coloured, address)
