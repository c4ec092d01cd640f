"""The fixed list of what HTML may hold when it leaves this house."""

import re
from typing import Final

import nh3

from xuanfa.content.text.anchors import ID
from xuanfa.content.text.bounds import CONTROLS
from xuanfa.content.text.links import SCHEMES, is_dead
from xuanfa.content.text.tables import FOREIGN, in_order, side_in
from xuanfa.content.text.unseen import without_unseen

#: Classes that authors and the Markdown rules may set; stylesheets know them.
CLASSES: Final = frozenset({"align-left", "align-center", "align-right", "wide", "note", "numbered"})

#: Elements that stay.
TAGS: Final = frozenset(
    {
        *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "div", "section", "figure", "figcaption"),
        *("strong", "em", "b", "i", "u", "s", "del", "sub", "sup", "code", "span", "a", "img", "ul", "ol", "li"),
        *("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"),
    }
)
#: ``align`` and the side of the text become classes of these and of cells and headings.
_SIDED: Final = ("p", "div", "section", "blockquote", "figure", "caption", "table", "thead", "tbody", "tfoot", "tr")
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    **{name: {"align", "style"} for name in _SIDED},
    "a": {"href", "title", "id"},
    "img": {"src", "alt", "title", "width", "height"},
    **{name: {"span", "align", "style"} for name in ("colgroup", "col")},
    "ol": {"start"},
    "li": {"id"},
    **{f"h{level}": {"id", "align", "style"} for level in range(2, 7)},
    "th": {"colspan", "rowspan", "scope", "width", "align", "style"},
    "td": {"colspan", "rowspan", "width", "align", "style"},
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
#: Where a footnote stands, or what refers to it.
FOOTNOTE: Final = re.compile(r"#fn(ref)?\d+(:\d+)?")
_PLACE = re.compile(rf"{FOOTNOTE.pattern}|#{ID.pattern}")
#: What values of these attributes look like; anything else is dropped. Ids are those of footnotes and of headings that are linked to, so that a
#: post cannot take a page's own.
_VALUES = {
    "align": re.compile(r"left|center|middle|right|justify", re.IGNORECASE),
    "id": re.compile(rf"{FOOTNOTE.pattern[1:]}|{ID.pattern}"),
    "width": re.compile(r"\d{1,4}%?"),
    "height": re.compile(r"\d{1,4}%?"),
    "start": re.compile(r"\d{1,9}"),
    "span": re.compile(r"\d{1,3}"),
    "colspan": re.compile(r"\d{1,3}"),
    "rowspan": re.compile(r"\d{1,3}"),
    "scope": re.compile(r"row|col|rowgroup|colgroup"),
}


#: Classes that readers get, or that become a side.
CARRIED: Final = CLASSES | FOREIGN.keys() | set[str]().union(*_OWN_CLASSES.values())
#: Elements whose text may stand on a side.
SIDED: Final = frozenset(name for name, allowed in _ATTRIBUTES.items() if "align" in allowed)


def sanitise(html: str) -> str:
    """``html`` with only what the lists above allow; text is kept, scripts and styles go with their content. Control characters and others
    that nobody sees, which references (``&#27;``) may stand for, go as they do when a file is read."""
    clean = without_unseen(_CLEANER.clean(html).translate(CONTROLS))
    return _without_empty(in_order(_UNADDRESSED.sub(r"\1", clean)))


def _without_empty(html: str) -> str:
    """Without the paragraphs and boxes of which nothing is left once what was in them has gone: a reader would see a gap."""
    for _ in range(_NESTED):
        found, count = _EMPTY.subn("", html)
        if not count:
            break
        html = found
    return html


#: What nothing stands in, and how deeply such may stand in each other.
_EMPTY = re.compile(r"<(p|div|figure|section|blockquote|h[2-6])>\s*</\1>\n?")
_NESTED: Final = 5


#: A link whose address has gone: readers would see it as one.
_UNADDRESSED = re.compile(r'<a(?: title="[^"]*")? rel="noopener noreferrer">(.*?)</a>', re.DOTALL)


def _value(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href" and is_dead(value.strip()) and not _PLACE.fullmatch(value.strip()):
        return None
    if attribute == "style":  # nh3 knows properties in small letters only
        side = side_in(value)
        return f"text-align:{side}" if side else None
    pattern = _VALUES.get(attribute)
    return value if pattern is None or pattern.fullmatch(value) else None


_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_value,
    allowed_classes={tag: CLASSES | FOREIGN.keys() | _OWN_CLASSES.get(tag, set()) for tag in TAGS},
    url_schemes=set(SCHEMES),
    link_rel="noopener noreferrer",
)
