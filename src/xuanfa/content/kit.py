"""What an adapter's ``render`` may use: one kit for one post on one channel."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import tzinfo
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, assert_never

from xuanfa.content.pictures.fitting import Loss, fitted_with_losses
from xuanfa.content.pictures.label import Label
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.ai_label import GENERATED
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.errors import ContentError
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.language import say
from xuanfa.domain.post import Picture, PictureRule, Post
from xuanfa.domain.rendition import link_mark

if TYPE_CHECKING:
    from xuanfa.content.pictures.drawing import Words


def effective(post: Post, channel: str) -> Post:
    """The post as ``channel`` gets it: its own title, summary and text in place of the post's. Doing it twice changes nothing.

    A channel with a text of its own keeps all pictures of the post; the others lose those that only such a text refers to.
    """
    override = post.override(channel)
    own_texts = any(other.text is not None for other in (post.channels or {}).values())
    pictures = post.pictures
    if own_texts and override.text is None:
        shown = _sources(post.body)
        pictures = tuple(picture for picture in pictures if picture.source in shown)
    return replace(
        post,
        title=post.title if override.title is None else override.title,
        summary=post.summary if override.summary is None else override.summary,
        body=post.body if override.text is None else override.text,
        pictures=pictures,
    )


class PostKit:
    """Implements the adapters' ``Kit``. Kits of one post share the parse of equal bodies."""

    def __init__(
        self,
        *,
        post: Post,
        organisation: Organisation,
        column: Column,
        channel: str,
        kind: str,
        zone: tzinfo,
        templates: Templates,
        media: MediaStore,
        channels: frozenset[str],
    ) -> None:
        """``post`` is the whole one, so that it is known what other channels show; ``channels`` are all those the post goes to."""
        self.post = effective(post, channel)
        self._whole = post
        #: The hashes of the pictures that were fitted or drawn here, and what those of the text have lost by it.
        self.made: set[str] = set()
        self.losses: dict[tuple[str, Loss], Finding] = {}
        #: What was labelled, by the hash of its copy: a copy of the copy is made of the picture itself, so that it has one label.
        self._labelled: dict[str, Picture] = {}
        self.organisation = organisation
        self.column = column
        self.channel = channel
        self.zone = zone
        self.kind = kind
        self._templates = templates
        self._media = media
        self._channels = channels

    @property
    def html(self) -> str:
        """The body as sanitised HTML."""
        return _html(self.post.body)

    @property
    def text(self) -> str:
        """The body as plain text."""
        return _text(self.post.body)

    @cached_property
    def summary(self) -> str:
        """The summary as written; where there is none, whole sentences from the beginning of the text; empty where none fits."""
        from xuanfa.content.text.summary import summary_of  # noqa: PLC0415 - needed only where something is rendered

        return self.post.summary or summary_of(self.html)

    def fitted(self, picture: Picture, rule: PictureRule) -> Picture:
        """The picture as the channel takes it. What is cut to a shape (a cover, a thumbnail) stands for it, and need not have all of it."""
        picture = self._labelled.get(picture.sha256, picture)
        label = self._label if picture.source in self._whole.ai_pictures else None
        made, lost = fitted_with_losses(self._media, picture, rule, label)
        if label is not None:
            self._labelled[made.sha256] = picture
        if rule.ratio is None:
            told = [loss for loss in lost if loss != "marked" or self._whole.ai in ("", "none")]
            self.losses |= {(picture.source, loss): _told(loss, picture, made, self.channel) for loss in told}
        return self._noted(made)

    def cover(self, rule: PictureRule, *, theme: str = "") -> Picture:
        """The post's cover or its first picture; drawn from the title where it has neither."""
        from xuanfa.content.pictures.drawing import drawn_cover  # noqa: PLC0415 - needed only by posts without a picture
        from xuanfa.content.pictures.themes import theme as named  # noqa: PLC0415 - as above

        given = self.post.cover or next(iter(self.post.pictures), None)
        if given is not None:
            return self.fitted(given, rule)
        return self._noted(drawn_cover(self._media, self._words, named(theme), rule, self._of_text))

    def cards(self, *, theme: str = "") -> tuple[Picture, ...]:
        """The post as text cards: title and summary first, then the body."""
        from xuanfa.content.pictures.cards import drawn_cards  # noqa: PLC0415 - as above
        from xuanfa.content.pictures.themes import theme as named  # noqa: PLC0415 - as above
        from xuanfa.content.text.blocks import blocks  # noqa: PLC0415 - needed only by channels that show cards

        cards = drawn_cards(self._media, self._words, blocks(self.html), named(theme), self._of_text)
        return tuple(map(self._noted, cards))

    def template(self, name: str, /, **context: Any) -> str:
        """The template ``<kind>/<name>`` filled in; ``context`` goes before what is there already."""
        return self._templates.render(f"{self.kind}/{name}", {**self._context(name), **context})

    def link(self, channel: str) -> str:
        """The late-bound address of the same post on another channel."""
        if self.linked(channel):
            return link_mark(channel)
        if channel == self.channel:
            raise ContentError(
                say(
                    "渠道“{channel}”的成稿不能等待自己的地址。请去掉这个 link，或换一个渠道。",
                    "A rendition for {channel!r} cannot wait for its own address. Remove the link, or name another channel.",
                    channel=channel,
                )
            )
        raise ContentError(
            say(
                "这篇稿件不发往渠道“{channel}”，没有可引用的地址；它发往：{channels}。",
                "The post does not go to the channel {channel!r}, so there is no address; it goes to: {channels}.",
                channel=channel,
                channels=say("、", ", ").join(sorted(self._channels)),
            )
        )

    def linked(self, channel: str) -> bool:
        """Whether the same post goes to ``channel``, another than this one."""
        return channel in self._channels and channel != self.channel

    def shows(self, channel: str, picture: Picture) -> bool:
        """Whether ``channel`` has the picture in its text or as its cover."""
        if not self.linked(channel):
            return False
        there = effective(self._whole, channel)
        covers = {there.cover.source} if there.cover else set()
        return picture.source in covers | _sources(there.body)

    def _noted(self, picture: Picture) -> Picture:
        self.made.add(picture.sha256)
        return picture

    @property
    def _label(self) -> Label:
        return Label(self.organisation.name, self._whole.slug)

    @property
    def _of_text(self) -> Label | None:
        """The label of what is drawn from the words of the post."""
        return self._label if self._whole.ai == GENERATED else None

    @property
    def _words(self) -> "Words":
        from xuanfa.content.pictures.drawing import Words  # noqa: PLC0415 - as above

        return Words(
            title=self.post.title,
            column=self.column.title,
            organisation=self.organisation.name,
            summary=self.summary,
        )

    def _context(self, name: str) -> Mapping[str, Any]:
        from markupsafe import Markup  # noqa: PLC0415 - comes with Jinja2

        markup = name.endswith((".html", ".xml"))
        path = f"{self.kind}/{name}"
        return {
            "post": self.post,
            "column": self.column,
            "organisation": self.organisation,
            "channel": self.channel,
            "html": Markup(self.html) if markup else self.html,  # noqa: S704 - sanitised
            # Plain text costs a second parse; most templates want HTML only.
            "text": self.text if self._templates.may_use(path, "text") else "",
            "summary": self.summary if self._templates.may_use(path, "summary") else "",
            "link": self.link,
            "linked": self.linked,
        }


def _told(loss: Loss, picture: Picture, made: Picture, channel: str) -> Finding:
    """What was lost, for the author."""
    match loss:
        case "motion":
            message = say(
                "图片“{source}”是动图，渠道 {channel} 不收动图，发出去是静止的第一帧。",
                "The picture {source!r} moves, which the channel {channel} does not take: its first picture goes out and stands still.",
                source=picture.source,
                channel=channel,
            )
        case "transparency":
            message = say(
                "图片“{source}”的透明部分在渠道 {channel} 上变成了白色：那里的文件大小或格式放不下透明。",
                "What shows through in the picture {source!r} is white on the channel {channel}, whose sizes or formats leave no room for it.",
                source=picture.source,
                channel=channel,
            )
        case "width":
            message = say(
                "图片“{source}”太长，放到渠道 {channel} 上只能缩到 {width} 像素宽，里面的字可能看不清。请拆成几张。",
                "The picture {source!r} is too long: for the channel {channel} it became {width} pixels wide, too narrow for text in it. Make "
                "several of it.",
                source=picture.source,
                channel=channel,
                width=made.width,
            )
        case "marked":
            message = say(
                "图片“{source}”的文件里有人工智能生成的标识（AIGC），稿头的 ai 却没有声明。请写 ai: assisted 和 ai_pictures: {name}，图上会加标识。",
                "The file of the picture {source!r} says that an AI has made it (AIGC), and the front matter does not. Write ai: assisted and "
                "ai_pictures: {name}, so that it gets its label.",
                source=picture.source,
                name=picture.source.rpartition("/")[2],
            )
            return Finding(code="ai.undeclared", message=message, place=picture.source, severity=Severity.WARN)
        case _:
            assert_never(loss)
    return Finding(code=f"picture.{loss}", message=message, place=picture.source, severity=Severity.WARN)


def _html(body: str) -> str:
    from xuanfa.content.text.markdown import to_html  # noqa: PLC0415 - heavy, and needed only where something is rendered

    return to_html(body)


@lru_cache(maxsize=4)
def _text(body: str) -> str:
    from xuanfa.content.text.markdown import to_text  # noqa: PLC0415 - as above

    return to_text(_html(body))


@lru_cache(maxsize=4)
def _sources(body: str) -> frozenset[str]:
    from xuanfa.content.text.markdown import pictures  # noqa: PLC0415 - as above

    return frozenset(picture.source for picture in pictures(body))
