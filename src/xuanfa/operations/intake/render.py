"""Render: a post into what each of its channels will get, with every check's findings."""

import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from xuanfa.adapters.protocol import Adapter, carries
from xuanfa.checks.limits import empty_body, reserved_address
from xuanfa.checks.rendition import checked
from xuanfa.content.attachments import with_address, with_note
from xuanfa.content.kit import PostKit
from xuanfa.content.labels import is_labelled, with_label, with_label_before
from xuanfa.content.pictures.fitting import is_bare
from xuanfa.content.pictures.media import MediaStore
from xuanfa.domain.ai_label import GENERATED
from xuanfa.domain.attachment import EXTRA, as_text
from xuanfa.domain.errors import ConfigError, ContentError, where_it_broke
from xuanfa.domain.finding import Finding, Severity, blocking
from xuanfa.domain.language import say
from xuanfa.domain.post import Post
from xuanfa.domain.rendition import Rendition, link_mark, needed_channels, storable
from xuanfa.domain.verdict import Verdict
from xuanfa.operations.press import Press

log = logging.getLogger(__name__)

#: The finding of a rendition that the machine or a setting stands in the way of: the operator mends it, the author cannot.
OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What came of rendering for one channel: no rendition where a finding says why."""

    rendition: Rendition | None
    findings: tuple[Finding, ...] = ()
    #: What the rules say of it; ``None`` where they were not asked, or could not be read.
    verdict: Verdict | None = None

    @property
    def is_sendable(self) -> bool:
        """Whether nothing blocks it."""
        return self.rendition is not None and not blocking(self.findings)


def post_channels(press: Press, post: Post) -> tuple[str, ...]:
    """The channels that a post goes to, in the column's order."""
    of_column = press.columns[post.column].channels
    return tuple(channel for channel in of_column if post.channels is None or channel in post.channels)


def render_post(press: Press, post: Post, only: Collection[str] | None = None) -> dict[str, Rendered]:
    """What each channel (or ``only`` these) will get. Pure but for reading templates; raises nothing for a bad post."""
    channels = post_channels(press, post)
    return {channel: _render(press, post, channel, channels) for channel in channels if only is None or channel in only}


def _render(press: Press, post: Post, channel: str, channels: tuple[str, ...]) -> Rendered:
    adapter = press.adapters.bound(channel)
    carried = carries(adapter)
    page = _page_of(press, channel, channels) if post.attachments and not carried else ""
    if page:
        post = with_note(post, channel)
    post = with_label(post, channel)
    try:
        kit, made = _made(press, adapter, post, channel, channels)
        if post.attachments and carried:
            made = replace(made, extra={**made.extra, EXTRA: as_text(post.attachments)})
        elif page:
            made = with_address(made, link_mark(page))
        made = storable(made)
        rendition = replace(made, needs=needed_channels((made.body, made.summary, *made.extra.values())))
        refused = (
            empty_body(kit.html)
            or reserved_address(kit.html)
            or _unknown_links(rendition, kit)
            or _raw_picture(rendition, kit, press.media)
        )
        if refused is not None:
            # What reading refuses where it is plain: a script, or tags without a word, have a body until they are cleaned.
            return Rendered(rendition=rendition, findings=(refused,))
        lost = [_not_carried(channel)] if post.attachments and not carried and not page else []
        lost += _of_ai(post, adapter, channel, made)
        return Rendered(rendition=rendition, findings=(*checked(adapter, rendition), *kit.losses.values(), *lost))
    except ContentError as error:
        return Rendered(rendition=None, findings=(Finding(code="content", message=str(error), place=channel),))
    except ConfigError as error:
        return Rendered(rendition=None, findings=(Finding(code=OPERATOR, message=str(error), place=channel),))
    except MemoryError:
        raise  # not the adapter's mistake: the post is too large for what it may use
    except Exception as error:
        # An adapter's own mistake must stop this rendition, not the queue (design 5, rule 2).
        if post.access:
            log.error("rendering %s for %s failed: %s", post.slug, channel, where_it_broke(error))  # noqa: TRY400 - a trace may quote it
        else:
            log.exception("rendering %s for %s failed", post.slug, channel)
        message = say(
            "渠道 {channel} 的程序出错，没有生成成稿（{kind}）。请把日志交给管理员。",
            "the adapter of {channel} failed ({kind}); nothing was rendered. Show the log to the operator.",
            channel=channel,
            kind=type(error).__name__,
        )
        return Rendered(rendition=None, findings=(Finding(code="adapter.error", message=message, place=channel),))


def _kit(press: Press, adapter: Adapter, post: Post, channel: str, channels: tuple[str, ...]) -> PostKit:
    return PostKit(
        post=post,
        organisation=press.organisation,
        column=press.columns[post.column],
        channel=channel,
        kind=adapter.kind,
        zone=press.zone,
        templates=press.templates,
        media=press.media,
        channels=frozenset(channels),
    )


def _made(
    press: Press, adapter: Adapter, post: Post, channel: str, channels: tuple[str, ...]
) -> tuple[PostKit, Rendition]:
    """The rendition and the kit that it was made with. Where an AI has made the post and the channel shows no more of it than the summary,
    the summary has the label; where there is no room for both, the label stands for it."""
    kit = _kit(press, adapter, post, channel, channels)
    made = adapter.render(kit.post, kit)
    if post.ai != GENERATED or _says_so(made):
        return kit, made
    for summary in (kit.summary, ""):
        other = _kit(press, adapter, with_label_before(post, channel, summary), channel, channels)
        labelled = adapter.render(other.post, other)
        if _says_so(labelled):
            return other, labelled
    return kit, made


def _of_ai(post: Post, adapter: Adapter, channel: str, made: Rendition) -> Iterator[Finding]:
    """What is left for people to do about what an AI has made."""
    if post.ai == GENERATED and not _says_so(made):
        yield _not_labelled(channel)
    if (post.ai == GENERATED or post.ai_pictures) and adapter.traits.asks_for_ai:
        yield _to_declare(channel)


def _says_so(made: Rendition) -> bool:
    """Whether readers of it see that an AI has made it."""
    return is_labelled(made.body, *made.extra.values())


def _page_of(press: Press, channel: str, channels: tuple[str, ...]) -> str:
    """The channel on whose public page the attachments of the same post lie; empty where there is none."""
    others = (other for other in channels if other != channel)
    return next((other for other in others if carries(press.adapters.bound(other)) == "page"), "")


def _not_carried(channel: str) -> Finding:
    message = say(
        "渠道 {channel} 带不了附件，这篇稿件也不发往有附件页面的网站，那里的读者拿不到附件。请加上网站渠道，或在正文里说明怎样索取。",
        "The channel {channel} carries no attachments, and the post goes to no website that has them: its readers do not get them. Add the "
        "website, or write where they are to be had.",
        channel=channel,
    )
    return Finding(code="attachments.not_carried", message=message, place="attachments", severity=Severity.WARN)


def _not_labelled(channel: str) -> Finding:
    message = say(
        "这篇稿件由人工智能生成，渠道 {channel} 的成稿里却没有标识：字数放不下，或模板不显示正文和摘要。请在这个渠道的 text 里写明“由AI生成”。",
        "An AI has made this post, and what the channel {channel} shows has no label: there is no room for it, or its template shows neither "
        "text nor summary. Say “由AI生成” in the title or in the text for this channel.",
        channel=channel,
    )
    return Finding(code="ai.not_labelled", message=message, place=channel, severity=Severity.WARN)


def _to_declare(channel: str) -> Finding:
    message = say(
        "有人工智能生成的内容：渠道 {channel} 的接口没有声明字段，程序声明不了。文字和图片上的标识已加；请在平台后台给这条内容勾选“内容由AI生成”。",
        "An AI has made something of it, and the interface of the channel {channel} has no field to declare that. Text and pictures are "
        "labelled; tick “内容由AI生成” for it on the platform.",
        channel=channel,
    )
    return Finding(code="ai.to_declare", message=message, place=channel, severity=Severity.WARN)


def _raw_picture(rendition: Rendition, kit: PostKit, media: MediaStore) -> Finding | None:
    """A finding where an adapter takes a picture of the post as it was given: where it was taken and what else is in it would go out."""
    raw = [picture for picture in rendition.pictures if picture.sha256 not in kit.made and not is_bare(media, picture)]
    if not raw:
        return None
    message = say(
        "图片“{source}”没有处理就放进了成稿，里面的拍摄地点等信息会带出去。请联系渠道“{kind}”的作者：图片要经过 kit.fitted。",
        "The picture {source!r} is in the rendition as it was given, with the place where it was taken and whatever else is in it. Tell the "
        "author of the kind {kind!r}: pictures must pass kit.fitted.",
        source=raw[0].source,
        kind=kit.kind,
    )
    return Finding(code="adapter.raw_picture", message=message, place="body")


def _unknown_links(rendition: Rendition, kit: PostKit) -> Finding | None:
    """A finding where the rendition would wait for an address that never comes: no template asks for one that ``link`` does not give."""
    unknown = [channel for channel in rendition.needs if not kit.linked(channel)]
    if not unknown:
        return None
    message = say(
        "成稿在等渠道“{channel}”的地址，可这篇稿件不发往那里，永远等不到。请检查模板里的 late.invalid 地址。",
        "The rendition waits for the address on {channel!r}, where the post does not go. See to addresses of late.invalid in the templates.",
        channel=unknown[0],
    )
    return Finding(code="body.reserved", message=message, place="body")
