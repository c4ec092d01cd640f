"""The count: what was really published, and the sentence that staff copy into a report.

口径 (definition): an **item** is one delivery that is published for real, so one post on three channels is three items; **posts** are the
distinct posts among them. Retracted ones and rehearsals are counted apart and never in the other figures. One with a second proof of
publication counts once, and the sentence says so. What custom asks of the sentence (whole hundreds, never rounded up) is in many offices'
own texts: 「共发布信息100余条」.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from xuanfa.domain.imported import origin_in_words
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy

By = Literal[
    "channel", "column", "campaign", "department", "author", "kind", "original", "day", "week", "month", "quarter", "year"
]  # fmt: skip
#: All of them, in the order in which they are told.
ALL_BY: Final[tuple[By, ...]] = get_args(By)
#: Those that part by time.
BY_TIME: Final[frozenset[By]] = frozenset({"day", "week", "month", "quarter", "year"})
#: The two keys of a split by ``original``.
ORIGINAL, REPOST = "original", "repost"
#: From so many items on the sentence rounds, down to whole ones of them.
ROUNDED_FROM: Final = 100
#: So many origins are named in a sentence.
_ORIGINS_TOLD: Final = 3
#: A split of more than these has no place in a sentence.
SPLIT_MAX: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedCount:
    """What was imported of the same time: nobody here has proved it, and it is in none of the other figures.

    ``posts`` are distinct titles; ``by`` splits ``items`` as the count does, ``origins`` by where they come from; both sum to it.
    """

    posts: int
    items: int
    by: Mapping[str, int] = field(default_factory=dict)
    origins: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The figures; ``by`` splits ``items`` and sums to it."""

    posts: int
    items: int
    retracted: int
    rehearsed: int
    #: How many of the items went out before their review (先发后审).
    emergency: int = 0
    #: How many deliveries, retracted ones among them, have a second proof of publication that nobody has explained.
    twice: int = 0
    by: Mapping[str, int] = field(default_factory=dict)
    #: ``None`` where nothing of it was imported.
    imported: ImportedCount | None = None

    @property
    def rounded(self) -> int:
        """The items as the sentence says them: down to whole hundreds from one hundred on."""
        return self.items if self.items < ROUNDED_FROM else self.items // ROUNDED_FROM * ROUNDED_FROM

    def without(self, listed: Collection[str]) -> list[str]:
        """Those of a list that have no item at all (零报送), in its order."""
        return [name for name in listed if not self.by.get(name)]


def definition() -> str:
    """What the figures mean, printed under every one of them."""
    return say(
        "“条”为已确认发布的渠道条次（一篇稿件在三个渠道发布计 3 条），“篇”为去重稿件数；只计真实渠道上已取得回执的发布，"
        "已撤回的、演练的和导入的另列、不计入；一条投递有两份发布证据的仍计 1 条，并另行说明；时间按发布时刻归属。",
        "An item is one confirmed publication on one channel (a post on three channels is 3 items); posts are distinct. "
        "Only real channels with a receipt count; retracted, rehearsed and imported ones are apart; one with two proofs of publication counts once "
        "and is mentioned. Dates are those of publication.",
    )


def definition_of(by: By) -> str:
    """What a split goes by."""
    return say(*_SPLITS[by])


_SPLITS: Final[dict[By, tuple[str, str]]] = {
    "channel": (
        "按发布的渠道；渠道已从设置里删去的，用它最后的名称。",
        "By channel; one that has left the settings keeps its last name.",
    ),
    "column": (
        "按所发版本的专栏；专栏已从设置里删去的，用它最后的名称。",
        "By the column of the revision that was sent; one that has left the settings keeps its last name.",
    ),
    "campaign": (
        "按发布时专栏所属的活动（columns.ID.campaign）；专栏后来改归别的活动，以前发的不变。",
        "By the campaign that the column belonged to at the time of publication (columns.ID.campaign).",
    ),
    "department": (
        "按所发版本稿头写的部门，一字不差才算同一个部门。",
        "By the department in the revision that was sent, as it was typed.",
    ),
    "author": (
        "按所发版本稿头写的作者，一字不差才算同一人。",
        "By the author in the revision that was sent, as typed.",
    ),
    "kind": (
        "按稿件类型：稿头的 kind，没有写的按读入时专栏的审核模板。",
        "By the kind of the post: `kind` in its front matter, else the template by which its column was reviewed then.",
    ),
    "original": (
        "稿头写了来源（source）且来源不是本单位的为转载，其余为原创。",
        "A post that names a source which is not the office itself is a repost; all others are originals.",
    ),
    "day": ("按发布时刻在工作区时区的日期。", "By the day of publication in the workspace's time zone."),
    "week": (
        "按发布时刻所在的周（ISO 8601：周一到周日，年份按该周的周四）。",
        "By the week of publication (ISO 8601: from Monday; the year is that of its Thursday).",
    ),
    "month": ("按发布时刻在工作区时区的月份。", "By the month of publication in the workspace's time zone."),
    "quarter": ("按发布时刻所在的季度。", "By the quarter of publication."),
    "year": ("按发布时刻所在的年份。", "By the year of publication."),
}


def quoted(title: str) -> str:
    """A title in quotation marks; those within it become ‘ ’ (``domain.filling``), straight ones too."""
    return say("“{title}”", "“{title}”", title=_STRAIGHT.sub("“\\1”", title))


_STRAIGHT: Final = re.compile('"([^"]*)"')


def approximately(items: int) -> str:
    """The items as custom has them: 136 are 100余条, never rounded up; whole hundreds stand as they are."""
    whole = items // ROUNDED_FROM * ROUNDED_FROM
    if items < ROUNDED_FROM or whole == items:
        return say("{n} 条", "{n} items", n=items)
    return say("{n}余条", "more than {n} items", n=whole)


def exactly(items: int) -> str:
    """The figure beside a rounded one."""
    return say("准确数 {items} 条", "{items} exactly", items=items)


def distinct(posts: int) -> str:
    """How many posts that were."""
    return say("去重稿件 {posts} 篇", "{posts} distinct posts", posts=posts)


def items_of(name: str, items: int) -> str:
    """How much of it one part has."""
    return say("{name} {items} 条", "{name} {items}", name=name, items=items)


def withdrawn(items: int) -> str:
    """How much is not there any more."""
    return say("已撤回 {n} 条", "{n} retracted", n=items)


def sentence(count: Count, title: str) -> str:
    """The sentence for a report: the whole, rounded with the exact figure beside it from one hundred on, the distinct posts, and the split;
    then what is not in the figures."""
    what = say("{title}专栏", "The column {title}", title=quoted(title)) if title else say("各专栏", "All columns")
    about = approximately(count.items)
    if count.items == count.rounded:
        text = say(
            "{what}共发布信息 {about}（{posts}）",
            "{what} has published {about} ({posts})",
            what=what,
            about=about,
            posts=distinct(count.posts),
        )
    else:
        text = say(
            "{what}共发布信息{about}（{items}，{posts}）",
            "{what} has published {about} ({items}, {posts})",
            what=what,
            about=about,
            items=exactly(count.items),
            posts=distinct(count.posts),
        )
    if 0 < len(count.by) <= SPLIT_MAX:
        text += say("：", ": ") + say("，", ", ").join(items_of(name, items) for name, items in count.by.items())
    return text + _beside(count)


def _beside(count: Count) -> str:
    """What is not in the figures, and what has to be known of them."""
    text, apart = "", []
    if count.retracted:
        apart.append(withdrawn(count.retracted))
    if count.rehearsed:
        apart.append(say("演练 {n} 条", "{n} rehearsed", n=count.rehearsed))
    if apart:
        text += say("（另有{apart}，不计入）", " (besides: {apart}, not counted)", apart=say("、", ", ").join(apart))
    if count.emergency:
        text += say("，其中先发后审 {n} 条", "; {n} of them before their review", n=count.emergency)
    text += say("。", ".")
    if count.twice:
        text += say(
            "有 {n} 条投递有两份发布证据，可能发出了两次，各计 1 条，请核实：{alarms}。",
            " There are two proofs of publication for {n} deliveries: they may be out twice, count once each, and have to be looked at: {alarms}.",
            n=count.twice,
            alarms=Remedy("alarms"),
        )
    return text + _imported(count)


def _imported(count: Count) -> str:
    """What was imported, and what both come to: told apart, and never added in silence."""
    found = count.imported
    if found is None or not found.items:
        return ""
    told = list(found.origins.items())[:_ORIGINS_TOLD]
    origins = say("、", ", ").join(
        say("{origin} {n} 条", "{origin} {n}", origin=origin_in_words(origin), n=items) for origin, items in told
    )
    if len(found.origins) > len(told):
        origins += say("等", " and others")
    return say(
        "另有导入的 {items} 条（去重 {posts} 篇；{origins}），未经本系统证明，不计入；合计 {whole} 条。",
        " Besides, {items} were imported ({posts} distinct; {origins}): not proved by this program, and not counted; {whole} in all.",
        items=found.items,
        posts=found.posts,
        origins=origins,
        whole=count.items + found.items,
    )
