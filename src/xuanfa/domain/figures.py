"""Figures (数据): what is derived from the ledger for a period, each with what it means."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from xuanfa.domain.language import say

#: A publication is on time that is out at most so long after its time.
ON_TIME: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of a period, by what stands: withdrawn ones, corrected ones and rehearsals are figures of their own."""

    #: Publications (发布条次), and distinct posts among them (去重稿件).
    items: int
    posts: int
    #: On accounts of WeChat: how often something was pushed or published (推送次数), and how many articles that were (篇数).
    pushes: int
    articles: int
    #: Of the publications: the office's own, reposts, and first publications of own posts (首发).
    original: int
    reposted: int
    first: int
    on_time: int
    late: int
    retracted: int
    corrected: int
    rehearsed: int
    #: How long after its time a publication is still on time.
    grace: timedelta = ON_TIME

    def in_words(self) -> list[tuple[str, str, str]]:
        """Each with its name, as it is said, and what it means (口径)."""
        items = say("{n} 条", "{n} items", n=self.items)
        named = [
            (say("发布条次", "Publications"), items, _ITEMS),
            (say("去重稿件", "Distinct posts"), say("{n} 篇", "{n} posts", n=self.posts), _POSTS),
            (
                say("公众号推送", "Pushed on WeChat"),
                say("{n} 次，{m} 篇", "{n} times, {m} articles", n=self.pushes, m=self.articles),
                _PUSHES,
            ),
            (
                say("原创、转载", "Original, reposted"),
                say("{n} 条、{m} 条", "{n}, {m}", n=self.original, m=self.reposted),
                _ORIGINAL,
            ),
            (say("首发", "First publications"), say("{n} 条", "{n} items", n=self.first), _FIRST),
            (
                say("按时、迟发", "On time, late"),
                say("{n} 条、{m} 条", "{n}, {m}", n=self.on_time, m=self.late),
                _LATE,
            ),
            (say("更正", "Corrected"), say("{n} 条", "{n} items", n=self.corrected), _CORRECTED),
            (
                say("撤回（不计入）", "Retracted (not counted)"),
                say("{n} 条", "{n} items", n=self.retracted),
                _RETRACTED,
            ),
            (
                say("演练（不计入）", "Rehearsed (not counted)"),
                say("{n} 条", "{n} items", n=self.rehearsed),
                _REHEARSED,
            ),
        ]
        minutes = int(self.grace.total_seconds() // 60)
        return [(name, figure, say(*means, minutes=minutes)) for name, figure, means in named]


_ITEMS: Final = (
    "已在真实渠道上确认发布、没有撤回的条次：一篇稿件在三个渠道发布计 3 条；更正说明不另计。",
    "Confirmed on a real channel and not withdrawn: a post on three channels is three; a notice of a correction is none.",
)
_POSTS: Final = (
    "上述条次里不同的稿件：撤下重发的与原稿算一篇。",
    "The distinct posts among them: one that took another's place is the same post.",
)
_PUSHES: Final = (
    "微信公众号上：同一次群发或发布里的几篇算一次推送，按平台编号区分；没有编号的，一篇算一次。",
    "On accounts of WeChat: the articles of one push, told by the platform's number, are one; an article without a number is a push by itself.",
)
_ORIGINAL: Final = (
    "稿头写了来源且来源不是本单位的为转载，其余为原创；两项之和为发布条次。",
    "A post that names a source which is not the office itself is a repost, all others are originals; together they are the publications.",
)
_FIRST: Final = (
    "原创稿件最早确认发布、至今没有撤回的那一条；撤下重发的不算首发。",
    "The earliest publication of an original post that stands; what took another's place is none.",
)
_LATE: Final = (
    "比应发时间晚 {minutes} 分钟以上为迟发，其余为按时；两项之和为发布条次。",
    "More than {minutes} minutes after its time is late, all others are on time; together they are the publications.",
)
_CORRECTED: Final = (
    "已计入的条次里，发布后在原处更正过的；更正不改变发布时间。",
    "Of the publications, those changed in their place since; that does not change when they were published.",
)
_RETRACTED: Final = (
    "发布时间在期间内、后来撤回的条次，不在其他各项里。",
    "Published in the period and withdrawn since: in no other figure.",
)
_REHEARSED: Final = (
    "只在练习平台上发过的条次，不在其他各项里。",
    "Published on a practice platform alone: in no other figure.",
)
