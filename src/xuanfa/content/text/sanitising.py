"""The fixed list of what HTML may hold when it leaves this house."""

import re
from typing import Final

import nh3

from xuanfa.content.text.bounds import CONTROLS

#: Classes that authors and the Markdown rules may set; stylesheets know them.
CLASSES: Final = frozenset({"align-left", "align-center", "align-right", "wide", "note"})

#: Elements that stay.
TAGS: Final = frozenset(
    {
        *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "div", "section", "figure", "figcaption"),
        *("strong", "em", "b", "i", "u", "s", "del", "sub", "sup", "code", "span", "a", "img", "ul", "ol", "li"),
        *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
    }
)
_ATTRIBUTES = {
    "a": {"href", "title", "id"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "li": {"id"},
    "th": {"colspan", "rowspan", "scope", "width"},
    "td": {"colspan", "rowspan", "width"},
}
_FOOTNOTE_CLASSES = {
    "hr": {"footnotes-sep"},
    "section": {"footnotes"},
    "ol": {"footnotes-list"},
    "li": {"footnote-item"},
    "sup": {"footnote-ref"},
    "a": {"footnote-backref"},
}
#: The language of a code block, as Markdown writes it, so that a channel may colour it.
_LANGUAGES = (
    *("bash", "c", "cpp", "css", "diff", "go", "html", "ini", "java", "javascript", "js", "json", "kotlin", "markdown"),
    *("php", "python", "py", "ruby", "rust", "sh", "shell", "sql", "text", "toml", "ts", "typescript", "xml", "yaml"),
)
_OWN_CLASSES = _FOOTNOTE_CLASSES | {"code": {f"language-{name}" for name in _LANGUAGES}}
#: What values of these attributes look like; anything else is dropped. Ids are those of footnotes, so that a post cannot take a page's own.
_VALUES = {
    "id": re.compile(r"fn(ref)?\d+(:\d+)?"),
    "width": re.compile(r"\d{1,4}%?"),
    "height": re.compile(r"\d{1,4}%?"),
    "start": re.compile(r"\d{1,9}"),
    "colspan": re.compile(r"\d{1,3}"),
    "rowspan": re.compile(r"\d{1,3}"),
    "scope": re.compile(r"row|col|rowgroup|colgroup"),
}


def sanitise(html: str) -> str:
    """``html`` with only what the lists above allow; text is kept, scripts and styles go with their content. Control characters, which
    references (``&#27;``) may stand for, go as they do when a file is read."""
    return _without_empty(_CLEANER.clean(html).translate(CONTROLS))


def _without_empty(html: str) -> str:
    """Without the paragraphs and boxes of which nothing is left once what was in them has gone: a reader would see a gap."""
    for _ in range(_NESTED):
        found, count = _EMPTY.subn("", html)
        if not count:
            break
        html = found
    return html


#: What nothing stands in, and how deeply such may stand in each other.
_EMPTY = re.compile(r"<(p|div|figure|section|blockquote)>\s*</\1>\n?")
_NESTED: Final = 5


def _value(tag: str, attribute: str, value: str) -> str | None:
    pattern = _VALUES.get(attribute)
    return value if pattern is None or pattern.fullmatch(value) else None


_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_value,
    allowed_classes={tag: CLASSES | _OWN_CLASSES.get(tag, set()) for tag in TAGS},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener noreferrer",
)
