"""Pictures inside HTML: named by what is in them while the rendition is frozen, by where they are when it leaves.

The HTML comes in sanitised, with ``src`` as the post wrote it and every value in double quotes; nothing here makes unsafe HTML safe.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape, unescape

from xuanfa.adapters.protocol import Kit
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.post import Picture, PictureRule

_SOURCE = re.compile(r'(?P<before><img\b[^>]*?\ssrc=")(?P<source>[^"]*)"')
_IMAGE, _WIDTH = re.compile(r"<img\b[^>]*>"), re.compile(r'\swidth="')
_ALIGNED = re.compile(r'class="(?P<before>[^"]*?) ?\balign-(?P<side>left|center|right)(?P<after>[^"]*)"')


_ANCHOR = re.compile(r'<a href="#sec\d+"[^>]*>(.*?)</a>', re.DOTALL)


class SafeHtml(str):
    """HTML that templates need not escape: it was sanitised. (Any object with ``__html__`` is, by the convention of MarkupSafe.)"""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


#: Tables begin and end. Words in them are not broken: whoever reads a figure wants it whole.
_TABLE = re.compile(r"<table\b[^>]*>|</table>")
_BOX = '<div style="overflow-x:auto;max-width:100%;overflow-wrap:normal;word-break:normal;">'


def with_pictures(
    html: str, pictures: Sequence[Picture], kit: Kit, rule: PictureRule
) -> tuple[str, tuple[Picture, ...]]:
    """The HTML with each of ``pictures`` fitted to ``rule`` and named by its file name, and the fitted ones that it shows, each once.

    Alignment becomes a style of the element's own, since a foreign page has no stylesheet of ours. Raises ContentError as ``Kit.fitted``.
    """
    by_source = {picture.source: picture for picture in pictures}
    used: dict[str, Picture] = {}

    def name(source: str) -> str:
        if source not in by_source:
            return source
        picture = kit.fitted(by_source[source], rule)
        used[picture.sha256] = picture
        return picture.filename

    named = _renamed(html, name)
    return aligned(named), tuple(used.values())


def aligned(html: str) -> str:
    """The HTML with the side of its texts as styles of their own, and so that lists whose items bring their numbers get none beside them."""
    return _ALIGNED.sub(_styled, html).replace('<ul class="numbered"', '<ul style="list-style-type:none"')


def _styled(match: re.Match[str]) -> str:
    classes = " ".join(f"{match['before']} {match['after']}".split())
    kept = f'class="{classes}" ' if classes else ""
    return f'{kept}style="text-align:{match["side"]}"'


def without_anchors(html: str) -> str:
    """The HTML without links to its own headings: what shows it has no such places, or not for everybody."""
    return _ANCHOR.sub(r"\1", html)


def sized(html: str, pictures: Sequence[Picture], most: int) -> str:
    """The HTML with each picture's width written down, ``most`` pixels at most: old mail programs scale by this and by nothing else. The width
    that an author has given stays, since of two the first counts."""
    widths = {picture.filename: min(picture.width, most) for picture in pictures}

    def with_width(match: re.Match[str]) -> str:
        tag, source = match[0], _SOURCE.search(match[0])
        width = widths.get(unescape(source["source"])) if source is not None else None
        if source is None or width is None or _WIDTH.search(tag):
            return tag
        return f'{tag[: source.end()]} width="{width}"{tag[source.end() :]}'

    return _IMAGE.sub(with_width, html)


def scrolled(html: str) -> str:
    """The HTML with each table in a box that scrolls sideways by itself, so that a wide one widens nothing else. What a post gives is cleaned, so
    that tags are written in one way."""
    return _TABLE.sub(lambda match: f"{_BOX}{match[0]}" if match[0] != "</table>" else f"{match[0]}</div>", html)


def located(html: str, places: Mapping[str, str]) -> str:
    """The HTML with each file name of ``places`` replaced by its place."""
    return _renamed(html, lambda source: places.get(source, source))


def unlocated(html: str, pictures: Sequence[Picture], code: str) -> list[Finding]:
    """A finding for the first picture that is neither one of ``pictures`` nor on the web: readers would see a hole."""
    names = {picture.filename for picture in pictures}
    for match in _SOURCE.finditer(html):
        source = unescape(match["source"])
        if source not in names and not source.startswith(("https://", "http://")):
            message = say(
                "图片“{source}”不在稿件的图片里，读者看不到。请检查路径，或换成 https:// 地址。",
                "The picture {source!r} is none of the post's, and readers would not see it. Check its path, or use an https:// address.",
                source=source,
            )
            return [Finding(code=code, message=message, place="body")]
    return []


def _renamed(html: str, name: Callable[[str], str]) -> str:
    return _SOURCE.sub(lambda match: f'{match["before"]}{escape(name(unescape(match["source"])))}"', html)
