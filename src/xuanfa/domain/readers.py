"""Readers' figures (阅读数据): what was read, liked, forwarded and commented on at one time, as somebody has said it. What is not known is
not 0."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final

from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.times import before_the_minute, in_words

#: The figures that are kept, by the names of programs, with those of people.
NAMES: Final = ("reads", "likes", "forwards", "comments", "followers")
LABELS: Final = {
    "reads": ("阅读", "reads"),
    "likes": ("点赞", "likes"),
    "forwards": ("转发", "forwards"),
    "comments": ("评论", "comments"),
    "followers": ("粉丝", "followers"),
}
#: More than there are people: a slip of whoever typed it.
MOST: Final = 10_000_000_000
#: How the origin of figures begins that came from a list, or from the channel's own platform; behind it stands the name of the file, or of the
#: channel's kind.
BY_HAND, LIST, PLATFORM = "hand", "import", "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Figures of one delivery at one time; ``None`` is not known. Followers are those of the account."""

    delivery: int
    at: datetime
    reads: int | None = None
    likes: int | None = None
    forwards: int | None = None
    comments: int | None = None
    followers: int | None = None

    @property
    def known(self) -> dict[str, int]:
        """Those that are known."""
        return {name: value for name in NAMES if (value := getattr(self, name)) is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Figures as they are kept: where they come from, who entered them and when."""

    id: int
    figures: Figures
    origin: str
    entered_at: datetime
    actor: str

    def as_json(self) -> dict[str, Any]:
        """The contract for programs: what is not known is ``null``."""
        values = {name: getattr(self.figures, name) for name in NAMES}
        return {"at": self.figures.at, **values, "origin": self.origin, "entered_at": self.entered_at, "by": self.actor}


def fault_of(figures: Figures, *, published_at: datetime, now: datetime, zone: tzinfo) -> tuple[str, str]:
    """Which of them cannot be (a name of ``NAMES``, or ``at``), of what came out then, and why; two empty texts where all can."""
    for name, value in figures.known.items():
        if not 0 <= value <= MOST:
            return name, say("数字应在 0 到 {most} 之间", "figures are between 0 and {most}", most=MOST)
    if not figures.known:
        return NAMES[0], say("一个数也没有写", "there is no figure")
    if figures.at > now:
        return "at", say("时间 {at} 还没有到", "{at} is yet to come", at=in_words(figures.at, zone))
    if before_the_minute(figures.at, published_at):
        why = say(
            "时间 {at} 早于发布时间 {out}",
            "{at} is before it was out ({out})",
            at=in_words(figures.at, zone),
            out=in_words(published_at, zone),
        )
        return "at", why
    return "", ""


def require_sound(figures: Figures, *, published_at: datetime, now: datetime, zone: tzinfo) -> None:
    """Raise StateError where they cannot be."""
    name, fault = fault_of(figures, published_at=published_at, now=now, zone=zone)
    if fault:
        what = say(*LABELS[name]) if name in figures.known else ""
        raise StateError(
            say("{what}{fault}，没有登记。", "{what} {fault}; nothing was entered.", what=what, fault=fault)
        )


def shown(value: int | None) -> str:
    """A figure for people; of one that is not known, that there is none yet."""
    return say("尚无", "not yet") if value is None else f"{value:,}"


def figures_in_words(figures: Figures, *, whole: bool = True) -> str:
    """The figures in one line; not ``whole``: those alone that are known."""
    return say("，", ", ").join(
        say("{name} {n}", "{name} {n}", name=say(*LABELS[name]), n=shown(getattr(figures, name)))
        for name in NAMES
        if whole or name in figures.known
    )


def origin_in_words(origin: str) -> str:
    """Where figures come from, for people."""
    if origin == BY_HAND:
        return say("人工登记", "by hand")
    if origin.startswith(f"{PLATFORM}:"):
        return say("渠道接口 {kind}", "the channel's interface {kind}", kind=origin.removeprefix(f"{PLATFORM}:"))
    return say("导入 {file}", "imported from {file}", file=origin.removeprefix(f"{LIST}:"))
