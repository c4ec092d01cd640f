"""What Douyin takes: captions, pictures, how long a video may be (platforms.md, Douyin uploads)."""

from collections.abc import Sequence

from xuanfa.adapters.douyin.slideshow import LONGEST
from xuanfa.adapters.shared.public import SCROLLED
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.language import say
from xuanfa.domain.post import PictureRule
from xuanfa.domain.rendition import Rendition

#: 55 characters in older documents, longer today; both are not confirmed, so the first warns and only the second refuses.
CAPTION_GOOD, CAPTION_MAX = 55, 1000
#: 20 MB each and 30 a post: the lower of two figures that the platform names.
PICTURES_MAX, PICTURE_BYTES = 30, 20_000_000
IMAGE = PictureRule(media_types=("image/jpeg", "image/png"), bytes_max=PICTURE_BYTES, width_min=SCROLLED)


def check(rendition: Rendition, seconds: float, caption_max: int = CAPTION_MAX) -> Sequence[Finding]:
    """What is wrong with a rendition; ``seconds`` is how long a video shows each picture."""
    if not rendition.title.strip() or not rendition.body.strip():
        text = say("抖音作品没有标题或文案。请给稿件写上。", "The post has no title or no text. Write them.")
        return [Finding(code="douyin.empty", message=text, place="body")]
    findings = _check_caption(len(rendition.body), caption_max)
    count, mode = len(rendition.pictures), rendition.extra.get("mode", "")
    if mode != "video" and count > PICTURES_MAX:
        message = say(
            "抖音图文最多 {most} 张图，这篇的文字卡片和图片共 {count} 张。请缩短正文或减少图片，可在稿件 channels 下为本渠道另写。",
            "A Douyin post takes {most} pictures; cards and pictures of this one are {count}. Shorten the text or use fewer pictures, or write "
            "a text for this channel under channels.",
            most=PICTURES_MAX,
            count=count,
        )
        findings.append(Finding(code="douyin.too_many_pictures", message=message, place="body"))
    if mode == "video" and count * seconds > LONGEST:
        message = say(
            "视频会超过 15 分钟（{count} 张图）。请缩短正文或减小 seconds。",
            "The video would exceed 15 minutes ({count} pictures). Shorten the text, or lower seconds.",
            count=count,
        )
        findings.append(Finding(code="douyin.video_too_long", message=message, place="body"))
    for picture in rendition.pictures:
        if picture.size > PICTURE_BYTES:
            message = say("图片超过 20 MB，请换一张。", "A picture exceeds 20 MB; take another.")
            findings.append(Finding(code="douyin.picture", message=message, place=picture.source))
    return findings


def _check_caption(length: int, caption_max: int) -> list[Finding]:
    if length <= CAPTION_GOOD:
        return []
    most = caption_max if length > caption_max else CAPTION_GOOD
    message = say(
        "抖音文案有 {length} 字，{most} 字以内为宜（最多 {limit} 字），请删去 {over} 字；可在稿件 channels 下为本渠道另写。",
        "The caption for Douyin has {length} characters; {most} are good ({limit} are the most): cut {over}, or write one for this channel "
        "under channels.",
        length=length,
        most=most,
        limit=caption_max,
        over=length - most,
    )
    severity = Severity.BLOCK if length > caption_max else Severity.WARN
    return [Finding(code="douyin.body_too_long", message=message, place="body", severity=severity)]
