"""A page proof (存证): what was really at the public address of a post, looked at once, and how that compares with what was sent. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from xuanfa.domain.comparing import Compared, compare, signs_of
from xuanfa.domain.language import say
from xuanfa.domain.page import Miss, Opened
from xuanfa.domain.registrable import registrable
from xuanfa.domain.shown import clipped, printable

_OK: Final = 200
_GONE: Final = frozenset({404, 410, 451})
_SIGN_IN: Final = frozenset({401, 407})
_SHOWN: Final = 40
#: Pages that ask for something before they show anything hold few words. Signs.
_SHORT, _EMPTY = 1_500, 60
_ASKS_PERSON: Final = re.compile(
    r"环境异常|验证码|人机验证|安全验证|滑动验证|访问过于频繁|访问频率|captcha|verify (?:that )?you are (?:a )?human|just a moment|access denied",
    re.IGNORECASE,
)
_ASKS_SIGN_IN: Final = re.compile(
    r"请(?:先)?登[录陆]|登[录陆]后|用户登[录陆]|扫码登[录陆]|统一身份认证|上网认证|\bsign[ -]?in\b|\blog[ -]?in\b",
    re.IGNORECASE,
)


class PageState(StrEnum):
    """What a look has shown."""

    #: The article is there as it was sent.
    SAME = "same"
    CHANGED = "changed"
    #: There is nothing any more, or something else.
    GONE = "gone"
    #: A page that asks to sign in is in its place.
    SIGN_IN = "sign_in"
    #: No answer from which anything can be told.
    UNREACHED = "unreached"
    #: It cannot be fetched from here at all: a picture by hand is the proof.
    UNSEEN = "unseen"

    @property
    def label(self) -> str:
        """For people."""
        return say(*_LABELS[self])

    @property
    def is_wrong(self) -> bool:
        """Whether readers do not see what was sent."""
        return self in {PageState.CHANGED, PageState.GONE, PageState.SIGN_IN}


_LABELS: Final = {
    PageState.SAME: ("与发出的一致", "as it was sent"),
    PageState.CHANGED: ("与发出的不一致", "not as it was sent"),
    PageState.GONE: ("已不在", "gone"),
    PageState.SIGN_IN: ("要登录才能看", "behind a sign-in"),
    PageState.UNREACHED: ("打不开", "not reached"),
    PageState.UNSEEN: ("取不到", "cannot be fetched"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a reader was to see: the title, and the paragraphs of the rendition that was sent."""

    title: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a page shows: its titles and blocks, whether it asks for a password, and how many scripts it runs."""

    titles: Sequence[str] = ()
    lines: Sequence[str] = ()
    asks: bool = False
    scripts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How a page stands to what was sent. ``words`` say what differs, or why nothing can be said; ``mark`` tells that from other differences."""

    state: PageState
    words: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageProof:
    """One look that was kept. ``origin`` is ``fetched`` or ``picture``; ``sha256`` is that of the page's text as it is kept, ``screenshot`` that
    of the picture with its media type, and ``note`` says why there is none."""

    id: int
    delivery: int
    at: datetime
    origin: str
    address: str
    state: PageState | None
    status: int | None
    digest: str
    sha256: str
    difference: str
    mark: str
    screenshot: str
    screenshot_type: str
    note: str
    actor: str


def judged(opened: Opened, reading: Reading, article: Article, *, asked: str, was_seen: bool) -> Judged:
    """What to say of a page; ``asked`` is the address that was opened, ``was_seen`` that an earlier look has shown the article there."""
    if opened.page is None:
        return _missed(opened)
    status = opened.page.status
    if status in _GONE:
        words = say("网站回答 {status}，页面已不在", "the site answers {status}: nothing is there", status=status)
        return Judged(state=PageState.GONE, words=words, mark="gone")
    if status in _SIGN_IN:
        words = say("网站要求登录（{status}）", "the site wants a sign-in ({status})", status=status)
        return Judged(state=PageState.SIGN_IN, words=words, mark="sign_in")
    if status != _OK:
        words = say("网站回答 {status}，看不到页面", "the site answers {status} and shows no page", status=status)
        return Judged(state=PageState.UNREACHED, words=words, mark="unreached")
    if not reading.lines and opened.media_type and "html" not in opened.media_type and "text" not in opened.media_type:
        words = say(
            "不是网页（{kind}），比不了文字", "no page ({kind}): its words cannot be compared", kind=opened.media_type
        )
        return Judged(state=PageState.UNSEEN, words=words, mark="unseen")
    found = compare(article.lines, article.title, reading.lines, reading.titles)
    if found.is_there:
        return _there(opened, found, asked=asked)
    return _other(opened, reading, article, found, was_seen=was_seen)


def _missed(opened: Opened) -> Judged:
    unseen = opened.miss in {Miss.PRIVATE, Miss.NOWHERE}
    state = PageState.UNSEEN if unseen else PageState.UNREACHED
    return Judged(state=state, words=opened.words, mark=str(opened.miss))


def _there(opened: Opened, found: Compared, *, asked: str) -> Judged:
    """The article is there: as it was sent, where nothing differs and the address leads where it did."""
    told = [found.words] if found.differences else []
    from_host, to_host = urlsplit(asked).hostname or "", urlsplit(opened.address).hostname or ""
    moved = registrable(from_host) != registrable(to_host)
    if moved:
        told.append(say("网址转到了别的网站 {host}", "the address leads to another site, {host}", host=to_host))
    if not told:
        return Judged(state=PageState.SAME)
    if opened.is_cut and not moved and all(each.kind in {"cut", "missing"} for each in found.differences):
        words = say(
            "页面太大，只读了开头，后面的比不了", "the page is too large: only its beginning was read and compared"
        )
        return Judged(state=PageState.UNSEEN, words=words, mark="unseen")
    mark = f"{found.mark} {registrable(to_host)}" if moved else found.mark
    return Judged(state=PageState.CHANGED, words=say("；", "; ").join(told), mark=mark)


def _other(opened: Opened, reading: Reading, article: Article, found: Compared, *, was_seen: bool) -> Judged:
    """Another page is there than the article: which."""
    text = "\n".join((*reading.titles, *reading.lines))
    signs = signs_of(text)
    is_short = len(signs) < _SHORT
    if reading.asks or (is_short and _ASKS_SIGN_IN.search(text)):
        words = say("打开的是登录页，读者看不到正文", "the page asks to sign in, and readers do not see the text")
        return Judged(state=PageState.SIGN_IN, words=words, mark="sign_in")
    if is_short and _ASKS_PERSON.search(text):
        words = say(
            "网站要验证是不是真人，程序看不到页面", "the site wants to see a person, and shows the program no page"
        )
        return Judged(state=PageState.UNREACHED, words=words, mark="unreached")
    has_title = bool(title := signs_of(article.title)) and title in signs
    if reading.scripts and len(signs_of("\n".join(reading.lines))) < _EMPTY + len(title) * has_title and not was_seen:
        words = say(
            "页面要运行脚本才有正文，程序取不到", "the page shows its text by scripts, and cannot be fetched so"
        )
        return Judged(state=PageState.UNSEEN, words=words, mark="unseen")
    if has_title:
        words = say("标题还在，正文一段也没有了", "the title is there, and nothing of the text")
        return Judged(state=PageState.CHANGED, words=words, mark=found.mark)
    shown = next((each for each in (*reading.titles, *reading.lines) if each.strip()), "")
    words = say(
        "页面打得开（{status}），但标题和正文都没有了，页面上写的是“{shown}”",
        "the page opens ({status}), and neither title nor text is there; it says “{shown}”",
        status=opened.page.status if opened.page is not None else 0,
        shown=clipped(printable(" ".join(shown.split())), _SHOWN),
    )
    return Judged(state=PageState.GONE, words=words, mark="soft")
