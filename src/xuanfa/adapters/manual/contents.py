"""What a pack holds, frozen in a rendition: the article with its pictures named in order, covers in every crop, plain text."""

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from xuanfa.adapters.manual.config import ManualConfig
from xuanfa.adapters.protocol import Kit
from xuanfa.adapters.shared.inline import aligned
from xuanfa.adapters.shared.public import SCROLLED
from xuanfa.domain.ai_label import GENERATED
from xuanfa.domain.post import Picture, PictureRule, Post
from xuanfa.domain.rendition import Rendition

#: Small enough for the upload forms of old back offices, large enough for a page.
BODY_RULE: Final = PictureRule(
    media_types=("image/jpeg", "image/png", "image/gif"),
    bytes_max=2_000_000,
    side_max=1920,
    animated=True,
    width_min=SCROLLED,
    width_first=True,
)
#: The crops that the common places ask for: WeChat's first article and its share card, Douyin, websites and video sites.
CROPS: Final[Mapping[str, float]] = {"2.35比1": 2.35, "1比1": 1.0, "9比16": 9 / 16, "16比9": 16 / 9}

_IMG = re.compile(r"<img\b[^>]*>")
_SRC = re.compile(r'\bsrc="([^"]*)"')
_FIGURE = re.compile(r"<figure\b[^>]*>(?P<inside>.*?)</figure>", re.DOTALL)
_CAPTION = re.compile(r"<figcaption>(.*?)</figcaption>", re.DOTALL)
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-z][a-z0-9]*)\b[^>]*>")
_UNSAFE = re.compile(r"[\\/:*?\"<>|\s.%#&]+")


@dataclass(frozen=True, slots=True)
class Named:
    """A picture of the pack and its file, relative to the pack's folder."""

    picture: Picture
    file: str

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.file.rsplit("/", 1)[-1]


def render(post: Post, kit: Kit, config: ManualConfig) -> Rendition:
    """Everything that a person will copy, so that what was approved is what is pasted."""
    named = [*_pictures(post, kit), *_covers(kit, config), *(_cards(kit, config) if config.cards else ())]
    sources = {one.picture.source: one.file for one in named if one.file.startswith("图片/")}
    facts = {
        "text": kit.text,
        "files": json.dumps([one.file for one in named], ensure_ascii=False),
        "column": kit.column.title,
        "organisation": kit.organisation.name,
        "author": post.author,
        "department": post.department,
        "editor": post.editor,
        "source": post.source.name if post.source else "",
        "keywords": "，".join(post.keywords),
        "ai": "declared" if post.ai == GENERATED or post.ai_pictures else "",
        "link": kit.link(config.link) if config.link and kit.linked(config.link) else "",
    }
    return Rendition(
        title=post.title,
        summary=kit.summary,
        body=_IMG.sub(lambda match: _renamed(match[0], sources), kit.html),
        media_type="text/html",
        pictures=tuple(one.picture for one in named),
        extra={name: value for name, value in facts.items() if value},
    )


def named_pictures(rendition: Rendition) -> list[Named]:
    """The pictures with their files, as they were frozen."""
    files = json.loads(rendition.extra["files"])
    return [Named(picture, file) for picture, file in zip(rendition.pictures, files, strict=True)]


def pasteable(body: str) -> str:
    """The article for a back office's editor: indented as Chinese paragraphs are, aligned by itself, and a line of text where a picture goes.

    Pictures do not come along when a local page is pasted elsewhere; the line says which file to put there.
    """
    return aligned(_indented(_IMG.sub(_placeholder, _FIGURE.sub(_figure, body))))


def _pictures(post: Post, kit: Kit) -> list[Named]:
    return [
        Named(fitted, f"图片/{number:02}{_words(picture)}{fitted.suffix}")
        for number, picture in enumerate(post.pictures, 1)
        for fitted in (kit.fitted(picture, BODY_RULE),)
    ]


def _covers(kit: Kit, config: ManualConfig) -> list[Named]:
    rules = {
        name: PictureRule(media_types=("image/jpeg",), bytes_max=1_000_000, side_max=1920, ratio=ratio)
        for name, ratio in CROPS.items()
    }
    return [Named(kit.cover(rule, theme=config.theme), f"封面/封面-{name}.jpg") for name, rule in rules.items()]


def _cards(kit: Kit, config: ManualConfig) -> Sequence[Named]:
    return [Named(card, f"卡片/卡片-{number:02}.png") for number, card in enumerate(kit.cards(theme=config.theme), 1)]


def _words(picture: Picture) -> str:
    """The beginning of its description, as part of a file name that every system takes."""
    words = _UNSAFE.sub("", picture.alt or picture.caption)[:16]
    return f"-{words}" if words else ""


def _renamed(tag: str, sources: Mapping[str, str]) -> str:
    def put(match: re.Match[str]) -> str:
        return f'src="{html.escape(sources.get(html.unescape(match[1]), match[1]))}"'

    return _SRC.sub(put, tag)


def _figure(match: re.Match[str]) -> str:
    caption = _CAPTION.search(match["inside"])
    below = f'<p style="text-align:center">{caption[1]}</p>' if caption else ""
    return "".join(_IMG.findall(match["inside"])) + below


def _placeholder(match: re.Match[str]) -> str:
    source = _SRC.search(match[0])
    name = html.unescape(source[1]).rsplit("/", 1)[-1] if source else ""
    return f'<p style="text-align:center">【此处插入图片：{html.escape(name)}】</p>'


def _indented(body: str) -> str:
    """Two characters before each paragraph of the running text; those in lists, quotations and cells stay as they are."""
    depth = 0

    def put(match: re.Match[str]) -> str:
        nonlocal depth
        if match["name"] in {"li", "blockquote", "td", "th", "section"}:
            depth += -1 if match["end"] else 1
        return '<p style="text-indent:2em">' if match[0] == "<p>" and depth == 0 else match[0]

    return _TAG.sub(put, body)
