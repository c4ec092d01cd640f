"""What lies on the clipboard, made safe to walk through: by a parser that reads it as browsers do, with what nobody is to run or see gone."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import nh3

from xuanfa.content.text.bounds import CONTROLS
from xuanfa.content.text.links import SCHEMES
from xuanfa.content.text.unseen import without_unseen

#: Elements that part text into paragraphs.
BLOCKS: Final = frozenset(
    {
        *("p", "div", "section", "article", "aside", "header", "footer", "main", "nav", "center", "address", "figure"),
        *("figcaption", "dl", "dt", "dd", "fieldset", "legend", "details", "summary", "form", "caption"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "li"),
    }
)
_INLINE: Final = frozenset(
    {
        *("a", "b", "strong", "span", "font", "s", "strike", "del", "ins", "sub", "sup", "br", "img", "hr", "pre"),
        *("ul", "ol", "blockquote", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "col", "colgroup"),
    }
)
#: What goes with all that it holds: what runs, what is filled in, what is read beside a sign (ruby).
_GONE: Final = frozenset(
    {
        *("script", "style", "title", "head", "template", "noscript", "iframe", "object", "svg", "math", "xml"),
        *("select", "button", "textarea", "audio", "video", "canvas", "rt", "rp", "mp-style-type", "mp-common-profile"),
    }
)
_ATTRIBUTES: Final = {
    **{name: {"style", "class", "id"} for name in BLOCKS | _INLINE},
    "a": {"style", "class", "id", "href"},
    "font": {"style", "face"},
    "del": {"style", "cite", "datetime"},
    "ol": {"style", "start"},
    "col": {"style", "span"},
    "td": {"style", "class", "colspan", "rowspan"},
    "th": {"style", "class", "colspan", "rowspan"},
}
_CLEANER: Final = nh3.Cleaner(
    tags=set(BLOCKS | _INLINE),
    clean_content_tags=set(_GONE),
    attributes=_ATTRIBUTES,
    url_schemes=set(SCHEMES),
    link_rel=None,
)
_CLASS: Final = re.compile(r"\.([\w-]{1,80})")
_LEVEL: Final = re.compile(r"mso-outline-level\s*:\s*([1-9])", re.IGNORECASE)


def cleaned(html: str) -> str:
    """The HTML with what ``BLOCKS`` and the like name, their styles and classes, and all the text that can be seen."""
    return without_unseen(_CLEANER.clean(html.translate(CONTROLS)).translate(CONTROLS))


def outlines_of(html: str) -> Mapping[str, int]:
    """The classes of paragraphs that stand in the outline, by the style sheets of Word and WPS: their level, from 1."""
    found: dict[str, int] = {}
    for sheet in _sheets(html):
        for rule in sheet.split("}"):
            selectors, _, values = rule.partition("{")
            match = _LEVEL.search(values)
            if match:
                found |= dict.fromkeys(_CLASS.findall(selectors[-400:]), int(match[1]))
    return found


def _sheets(html: str) -> Iterator[str]:
    small, at = html.lower(), 0
    while (begin := small.find("<style", at)) >= 0:
        at = small.find("</style", begin)
        if at < 0:
            return
        yield html[begin:at]


def program_of(html: str) -> str:
    """``word``, ``wps``, ``excel``, ``wechat``, or nothing: who has put it on the clipboard, by what only they write."""
    small = html[:200_000].lower()
    if "mso-spacerun:'yes'" in small or "kingsoft" in small:
        return "wps"
    if "microsoft excel" in small or "office:excel" in small:
        return "excel"
    if "microsoft word" in small or "office:word" in small:
        return "word"
    marks = ('powered-by="xiumi', 'data-tools="135', "data-mpa-", "mp.weixin.qq.com", "mmbiz", 'leaf=""')
    return "wechat" if any(each in small for each in marks) else ""
