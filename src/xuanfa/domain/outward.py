"""Outward links (外部链接) of what is out: what an address showed when it was first looked at, and whether it still leads to the same people. Pure.

Nobody tells a reader that a domain has expired and was bought by somebody else. What can be seen of it from outside: the address leads to another
registered name than at first; its page has a title of a gambling house or of a dealer in names; nothing of its title and text is as it was.
"""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from html import unescape
from typing import Any, Final
from urllib.parse import urlsplit

from xuanfa.domain.language import say
from xuanfa.domain.page import Miss, Opened, bare
from xuanfa.domain.page_proof import Reading
from xuanfa.domain.receipt import is_address
from xuanfa.domain.registrable import registrable
from xuanfa.domain.shown import clipped, printable

_HREF: Final = re.compile(r"""<a\s[^<>]*?href\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')""", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]*>")
_PLAIN: Final = re.compile(r"https?://[A-Za-z0-9\-._~:/?#@!$&'*+,;=%\[\]]{1,2000}", re.IGNORECASE)
#: So many of one text are followed.
MOST: Final = 200
_GONE: Final = frozenset({404, 410, 451})
#: What a server answers that wants somebody to sign in, or fewer questions: something is there.
_CLOSED: Final = frozenset({401, 403, 405, 407, 429})
_FAILING: Final = 500
_SIGNS: Final = 64
#: Pieces of a text of which fewer are shared are not of one page; and how many there must be to tell. Letters of a piece.
_ALIKE, _ENOUGH, _PIECE = 0.02, 40, 3
#: What stands on pages of gambling houses and of obscene sites and in no court's own words: 赌场 and 赌博 are words of verdicts.
_FOUL: Final = re.compile(
    r"真人娱乐|线上娱乐城|娱乐城(?:官网|注册|平台)|棋牌(?:游戏)?(?:下载|平台|官网)|博彩(?:平台|公司|网)|(?:足球|体育)投注|"
    r"澳门(?:新葡京|威尼斯人|永利)|百家乐(?:在线|官网|技巧)|彩票(?:投注平台|计划软件)|六合彩(?:开奖|资料)|成人(?:电影|视频|影院)|"
    r"色情(?:网站|视频)|在线观看(?:免费)?(?:av|AV)|国产(?:自拍|偷拍)|裸聊",
)
#: What stands where a name is for sale, or has run out.
_PARKED: Final = re.compile(
    r"domain (?:name )?(?:is )?(?:for sale|may be for sale|has expired|parking)|buy this domain|this domain is parked|parked (?:free|domain)|"
    r"(?:该|此|本)域名(?:正在)?(?:出售|转让|拍卖|已过期|已到期)|(?:sedo|godaddy|afternic|dan\.com).{0,40}(?:domain|域名)",
    re.IGNORECASE,
)


#: The same as a title: a whole one, since 域名转让合同 is a matter for courts.
_PARKED_TITLE: Final = re.compile(r".{0,40}域名(?:出售|转让|拍卖|已过期|已到期)")


class LinkState(StrEnum):
    """How an address stood when it was last looked at."""

    OK = "ok"
    DEAD = "dead"
    SEVERE = "severe"
    UNREACHED = "unreached"

    @property
    def label(self) -> str:
        """For people."""
        return say(*_LABELS[self])


_LABELS: Final = {
    LinkState.OK: ("打得开", "opens"),
    LinkState.DEAD: ("打不开了", "dead"),
    LinkState.SEVERE: ("可能已经易主", "may be in other hands"),
    LinkState.UNREACHED: ("暂时打不开", "not reached"),
}
#: So many looks in a row are worth an alarm: one may have met a server that was just being restarted.
TIMES: Final[dict[LinkState | None, int]] = {LinkState.DEAD: 3, LinkState.SEVERE: 2, LinkState.UNREACHED: 6}


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """What an address showed at its first look: under whose name it ended, its title, and the smallest hashes of the pieces of its text."""

    domain: str
    title: str
    signs: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkJudged:
    """What a look has shown; ``mark`` tells one trouble from another, ``first`` is what later looks are compared with."""

    state: LinkState
    words: str = ""
    mark: str = ""
    first: First | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutLink:
    """An address with what it showed at first and how it stands. ``posts`` are those that show it now."""

    id: int
    address: str
    host: str
    channel: str
    state: LinkState | None
    words: str
    mark: str
    since: datetime | None
    looked_at: datetime | None
    times: int
    first: First | None
    accepted: str
    posts: tuple[str, ...] = ()

    @property
    def is_wrong(self) -> bool:
        """Whether its trouble was seen often enough to be told, and nobody has taken it for all right."""
        return self.state in TIMES and self.times >= TIMES[self.state] and self.accepted != self.mark

    def as_json(self) -> dict[str, Any]:
        """The contract for programs."""
        return {
            "id": self.id,
            "address": self.address,
            "state": self.state.value if self.state is not None else None,
            "words": self.words,
            "since": self.since,
            "looked_at": self.looked_at,
            "times": self.times,
            "accepted": bool(self.mark) and self.accepted == self.mark,
            "posts": list(self.posts),
        }


def addresses_in(text: str, *, markup: bool) -> list[str]:
    """The addresses that readers can follow, each once, in order."""
    found = [unescape(match[1] or match[2] or "").strip() for match in _HREF.finditer(text)] if markup else []
    plain = unescape(_TAG.sub(" ", text)) if markup else text
    found += [match[0].rstrip(".,;:!?'*)]") for match in _PLAIN.finditer(plain)]
    return list(dict.fromkeys(each for each in found if is_address(each)))[:MOST]


def signs_of(lines: Sequence[str]) -> tuple[int, ...]:
    """The smallest hashes of a text's pieces: what two texts share of them, they share of all."""
    text = bare("".join(lines))
    pieces = {text[at : at + _PIECE] for at in range(max(0, len(text) - _PIECE + 1))}
    return tuple(sorted(zlib.crc32(piece.encode()) for piece in pieces)[:_SIGNS])


def judged(address: str, opened: Opened, reading: Reading, first: First | None) -> LinkJudged:
    """What a look says of the address."""
    if opened.page is None:
        return _missed(opened)
    status, title = opened.page.status, " ".join(reading.titles[:1]).strip()
    if status in _GONE:
        return LinkJudged(
            state=LinkState.DEAD, words=say("网站回答 {n}", "the site answers {n}", n=status), mark=str(status)
        )
    if status >= _FAILING:
        words = say("网站回答 {n}", "the site answers {n}", n=status)
        return LinkJudged(state=LinkState.UNREACHED, words=words, mark=str(status))
    now = First(domain=_domain(opened.address), title=title, signs=signs_of(reading.lines))
    if status not in _CLOSED and (foul := _foul(title, reading.lines)):
        return LinkJudged(state=LinkState.SEVERE, words=foul, mark="foul", first=first)
    if first is None:
        return LinkJudged(state=LinkState.OK, first=now)
    if now.domain not in {first.domain, _domain(address)}:
        words = say(
            "现在转到 {now}，第一次看时在 {before}",
            "it leads to {now} now, and led to {before}",
            now=now.domain,
            before=first.domain,
        )
        return LinkJudged(state=LinkState.SEVERE, words=words, mark=f"domain {now.domain}"[:80], first=first)
    if status not in _CLOSED and _is_another(first, now):
        words = say(
            "标题和内容与第一次看到的完全不同：原为“{before}”，现为“{now}”",
            "title and text have nothing of what they were: “{before}” before, “{now}” now",
            before=_short(first.title),
            now=_short(now.title),
        )
        return LinkJudged(
            state=LinkState.SEVERE, words=words, mark=f"other {zlib.crc32(now.title.encode())}", first=first
        )
    return LinkJudged(state=LinkState.OK, first=first)


def _missed(opened: Opened) -> LinkJudged:
    dead = opened.miss in {Miss.NAME, Miss.PRIVATE, Miss.ROUND}
    state = LinkState.DEAD if dead else LinkState.UNREACHED
    return LinkJudged(state=state, words=opened.words, mark=opened.miss.value if opened.miss is not None else "")


def _domain(address: str) -> str:
    return registrable(urlsplit(address).hostname or "")


def _foul(title: str, lines: Sequence[str]) -> str:
    """What a page says of itself that no page of an office says."""
    head = f"{title} {' '.join(lines[:40])}"
    for pattern, zh, en in (
        (
            _FOUL,
            "页面像是赌博或色情网站（“{what}”）",
            "the page reads like one of gambling or obscene things (“{what}”)",
        ),
        (
            _PARKED,
            "页面说域名已过期或在出售（“{what}”）",
            "the page says that the name has run out or is for sale (“{what}”)",
        ),
    ):
        found = pattern.search(head)
        if found is not None:
            return say(zh, en, what=_short(found[0]))
    if _PARKED_TITLE.fullmatch(title):
        return say(
            "页面说域名已过期或在出售（“{what}”）",
            "the page says that the name has run out or is for sale (“{what}”)",
            what=_short(title),
        )
    return ""


def _is_another(first: First, now: First) -> bool:
    """Whether nothing of the title and next to nothing of the text is as it was. Both must be long enough to tell."""
    if len(first.signs) < _ENOUGH or len(now.signs) < _ENOUGH or not bare(first.title) or not bare(now.title):
        return False
    shared = {bare(first.title)[at : at + 2] for at in range(len(bare(first.title)) - 1)}
    if any(bare(now.title)[at : at + 2] in shared for at in range(len(bare(now.title)) - 1)):
        return False
    smallest = set(sorted({*first.signs, *now.signs})[:_SIGNS])
    return len(smallest & set(first.signs) & set(now.signs)) / len(smallest) < _ALIKE


def _short(text: str) -> str:
    return clipped(printable(text), 40)
