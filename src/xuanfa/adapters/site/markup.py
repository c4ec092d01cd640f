"""The article's HTML, fitted to this site: pictures at their own address, tables that scroll, no style attributes.

It comes in sanitised and well-formed; nothing here makes unsafe HTML safe.
"""

from collections.abc import Callable, Mapping
from html import escape
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin

from xuanfa.adapters.site.address import picture_path
from xuanfa.domain.post import Picture

Attributes = dict[str, str | None]
Edit = Callable[[str, Attributes], Attributes]

_LOADED = {"img", "source", "video", "audio", "iframe", "embed", "track", "script", "input"}
_ALIGNMENTS = {"left", "center", "right"}


def fit(html: str, pictures: Mapping[str, Picture], root: str) -> tuple[str, tuple[Picture, ...]]:
    """The HTML for an article page from which ``root`` leads to the site's folder, and the pictures that it shows.

    ``pictures`` are by the reference that the post writes.
    """
    used: dict[str, Picture] = {}

    def edit(tag: str, attributes: Attributes) -> Attributes:
        attributes = _without_style(attributes)
        if tag == "img":
            source = attributes.get("src") or ""
            picture = pictures.get(source) or pictures.get(unquote(source))
            if picture is not None:
                used[picture.sha256] = picture
                attributes |= _shown(picture, root) | {"alt": attributes.get("alt") or picture.alt}
        return attributes

    return _Rewriter(edit, wrap_tables=True).rewritten(html), tuple(used.values())


def absolute(html: str, address: str) -> str:
    """The HTML for a feed: every link and picture with its full address, seen from the page at ``address``."""

    def edit(_tag: str, attributes: Attributes) -> Attributes:
        for name in ("src", "href"):
            value = attributes.get(name)
            if value:
                attributes[name] = joined(address, value)
        return attributes

    return _Rewriter(edit).rewritten(html)


def foreign_sources(html: str, address: str, base: str) -> tuple[str, ...]:
    """What the page at ``address`` would load from outside the site under ``base``, as it is written, in order of appearance."""
    found: dict[str, None] = {}

    def look(tag: str, attributes: Attributes) -> Attributes:
        source = attributes.get("src")
        if tag in _LOADED and source and not joined(address, source).startswith(f"{base}/"):
            found[source] = None
        return attributes

    _Rewriter(look).rewritten(html)
    return tuple(found)


def joined(base: str, address: str) -> str:
    """The full address of what a page at ``base`` names; what is no address (``http://[::1``) stays as it is written."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _without_style(attributes: Attributes) -> Attributes:
    """Attributes without inline styles, which the page's security policy forbids; the alignment of a cell becomes a class."""
    style = attributes.pop("style", None) or ""
    wanted = attributes.pop("align", None) or dict(_declarations(style)).get("text-align", "")
    if wanted in _ALIGNMENTS:
        attributes["class"] = f"{attributes.get('class') or ''} align-{wanted}".strip()
    return attributes


def _declarations(style: str) -> list[tuple[str, str]]:
    pairs = (part.partition(":") for part in style.lower().split(";"))
    return [(name.strip(), value.strip()) for name, _, value in pairs]


def _shown(picture: Picture, root: str) -> Attributes:
    return {
        "src": root + picture_path(picture.filename),
        "width": str(picture.width),
        "height": str(picture.height),
        "loading": "lazy",
        "decoding": "async",
    }


class _Rewriter(HTMLParser):
    """Copies HTML with edited attributes."""

    def __init__(self, edit: Edit, *, wrap_tables: bool = False) -> None:
        super().__init__(convert_charrefs=False)
        self._edit = edit
        self._wrap = wrap_tables
        self._out: list[str] = []

    def rewritten(self, html: str) -> str:
        self.feed(html)
        self.close()
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table" and self._wrap:
            # A wide table scrolls in its own box; the box can be reached with the keyboard.
            self._out.append('<div class="scroll" role="region" aria-label="表格" tabindex="0">')
        edited = self._edit(tag, dict(attrs))
        written = "".join(
            f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in edited.items()
        )
        self._out.append(f"<{tag}{written}>")

    def handle_endtag(self, tag: str) -> None:
        self._out.append(f"</{tag}>")
        if tag == "table" and self._wrap:
            self._out.append("</div>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        self._out.append(data)

    def handle_entityref(self, name: str) -> None:
        self._out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._out.append(f"&#{name};")
