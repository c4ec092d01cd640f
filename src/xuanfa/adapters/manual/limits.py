"""How long a title, a summary and a text may be where people usually paste them: told as counters, never enforced."""

from dataclasses import dataclass
from typing import Final

from xuanfa.domain.language import say


@dataclass(frozen=True, slots=True)
class Limit:
    """One place's limits in characters; ``None`` where there is none or nothing is known."""

    place: tuple[str, str]
    title: int | None = None
    summary: int | None = None
    body: int | None = None


#: WeChat: documentation of 草稿箱; Weibo: statuses/share and proxy/article/publish; Douyin: the caption of older documents, longer today
#: (not confirmed); 百家号: its publishing interface.
LIMITS: Final = (
    Limit(("微信公众号", "WeChat"), title=32, summary=120, body=20_000),
    Limit(("微博正文", "Weibo post"), summary=140),
    Limit(("微博头条文章", "Weibo article"), title=32, body=90_000),
    Limit(("抖音（作品描述）", "Douyin (caption)"), summary=55),
    Limit(("百家号", "Baijiahao"), title=40, body=20_000),
)


@dataclass(frozen=True, slots=True)
class Counter:
    """A place with what is too long there: (part, length, most) for each part that it limits."""

    place: str
    parts: tuple[tuple[str, int, int], ...]

    @property
    def fits(self) -> bool:
        """Whether nothing is too long."""
        return all(length <= most for _, length, most in self.parts)


def counters(title: str, summary: str, text: str) -> list[Counter]:
    """The counters of all places. White space in the text does not count."""
    lengths = {"title": len(title), "summary": len(summary), "body": len("".join(text.split()))}
    names = {"title": say("标题", "title"), "summary": say("摘要", "summary"), "body": say("正文", "text")}
    return [
        Counter(
            say(*limit.place),
            tuple(
                (names[part], lengths[part], most)
                for part in ("title", "summary", "body")
                if (most := getattr(limit, part)) is not None
            ),
        )
        for limit in LIMITS
    ]
