"""The article's HTML, fitted to this site: pictures at their own address, tables that scroll, no style attributes.

It comes in sanitised and well-formed; nothing here makes unsafe HTML safe.
"""

import re
from collections.abc import Callable, Mapping
from html import escape
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin

from xuanfa.adapters.site.address import picture_path
from xuanfa.adapters.site.tables import Shapes, shapes, unbroken
from xuanfa.domain.post import Picture

Attributes = dict[str, str | None]
Edit = Callable[[str, Attributes], Attributes]

_LOADED = {"img", "source", "video", "audio", "iframe", "embed", "track", "script", "input"}
_ALIGNMENTS = {"left", "center", "right"}
#: An upright picture is shown whole in the window; one that is higher than this by its width is read by scrolling (长图).
LONG = 2.5
#: A run of Latin letters and signs that no line may be long enough for, mostly an address; entities are not within a run of text.
_ADDRESS = re.compile(r"[!-;=?-~]{24,}")


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
                attributes |= _shown(picture, root, attributes) | {"alt": attributes.get("alt") or picture.alt}
                if used:
                    attributes["loading"] = "lazy"  # the first one is what readers wait for
                used[picture.sha256] = picture
        return attributes

    return _Fitter(edit, shapes(html)).rewritten(html), tuple(used.values())


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


def _shown(picture: Picture, root: str, written: Attributes) -> Attributes:
    """Where the picture is and how large it stands: as the author wrote (pixels, or a share of the line), else as it is."""
    width, share = _wanted(picture, written)
    upright = picture.width < picture.height <= picture.width * LONG
    classes = [written.get("class") or "", "upright" if upright else "", f"share-{share}" if share else ""]
    return {
        **({"class": " ".join(filter(None, classes))} if any(classes) else {}),
        "src": root + picture_path(picture.filename),
        "width": str(width),
        "height": str(max(1, round(picture.height * width / picture.width))),
        "decoding": "async",
    }


def _wanted(picture: Picture, written: Attributes) -> tuple[int, int]:
    """The width in pixels, never more than the picture has, and the share of the line in steps of five percent; 0 is none."""
    width, height = written.get("width") or "", written.get("height") or ""
    if width.endswith("%"):
        return picture.width, min(100, max(5, 5 * round(int(width[:-1]) / 5)))
    if width.isdecimal() and int(width):
        return min(int(width), picture.width), 0
    if height.isdecimal() and int(height):
        return min(picture.width, max(1, round(picture.width * int(height) / picture.height))), 0
    return picture.width, 0


class _Rewriter(HTMLParser):
    """Copies HTML with edited attributes."""

    def __init__(self, edit: Edit) -> None:
        super().__init__(convert_charrefs=False)
        self._edit = edit
        self._out: list[str] = []

    def rewritten(self, html: str) -> str:
        self.feed(html)
        self.close()
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        edited = self._edit(tag, dict(attrs))
        written = "".join(
            f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in edited.items()
        )
        self._out.append(f"<{tag}{written}>")

    def handle_endtag(self, tag: str) -> None:
        self._out.append(f"</{tag}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        self._out.append(data)

    def handle_entityref(self, name: str) -> None:
        self._out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._out.append(f"&#{name};")


class _Fitter(_Rewriter):
    """Puts each table into a box that scrolls and can be reached with the keyboard, under a name of its own; gives cells their classes."""

    def __init__(self, edit: Edit, found: Shapes) -> None:
        super().__init__(edit)
        self._found = found
        self._tables = iter(enumerate(found.tables, 1))
        self._classes = iter(zip(found.cells, found.scopes, strict=True))
        self._cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._open_box()
        elif tag in {"td", "th"}:
            name, scope = next(self._classes)
            self._cells.append(name)
            attrs = self._cell(scope, dict(attrs))
        super().handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        if tag == "table":
            self._out.append("</section>")
        elif tag in {"td", "th"} and self._cells:
            self._cells.pop()

    def handle_data(self, data: str) -> None:
        data = _ADDRESS.sub(r'<span class="address">\g<0></span>', data)
        super().handle_data(unbroken(data) if self._cells and self._cells[-1] not in {"whole", "short"} else data)

    def _open_box(self) -> None:
        number, shape = next(self._tables)
        name = "表格" if len(self._found.tables) == 1 else f"表格 {number}"
        label = f"{name}：{shape.caption}" if shape.caption else name
        classes = " ".join(("scroll", *shape.classes))
        self._out.append(f'<section class="{classes}" aria-label="{escape(label)}" tabindex="0">')

    def _cell(self, scope: str, attributes: Attributes) -> list[tuple[str, str | None]]:
        attributes.pop("width", None)  # columns are measured here; HTML has given the attribute up
        if scope and not attributes.get("scope"):
            attributes["scope"] = scope
        classes = " ".join(filter(None, (attributes.get("class"), self._cells[-1])))
        return list((attributes | ({"class": classes} if classes else {})).items())
