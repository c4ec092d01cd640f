"""Publish: one request that readers see the result of, or a draft handed to a person."""

from datetime import timedelta
from typing import Any

from xuanfa.adapters.protocol import Tools
from xuanfa.adapters.shared.codes import Meaning
from xuanfa.adapters.wechat.account import MINUTE, MODE, Account, Said, refusal, until_tomorrow
from xuanfa.adapters.wechat.codes import meaning_of, sentence
from xuanfa.adapters.wechat.config import Mode, WechatConfig
from xuanfa.adapters.wechat.tickets import Ticket
from xuanfa.domain.attempt import Order
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Accepted, Blame, Deferred, Outcome, Rejected, Unknown, Unsent
from xuanfa.domain.remedy import Remedy


class Publishing:
    """Publishing in one account's mode."""

    def __init__(self, config: WechatConfig, tools: Tools, account: Account) -> None:
        self._config = config
        self._tools = tools
        self._account = account

    @property
    def mode(self) -> Mode:
        """The mode in force: that of the settings, or ``draft`` since the platform said that the account may do no more (48001)."""
        return "draft" if self._tools.recall(MODE) == "draft" else self._config.mode

    def publish(self, order: Order) -> Outcome:
        """Exactly one irreversible request; none in ``draft`` mode."""
        if not order.rendition.is_bound:
            return Unsent(evidence=say("成稿里的地址还没有填上", "an address in the rendition is not filled in yet"))
        media_id = order.staged.get("media_id")
        if not media_id:
            return Unsent(evidence=say("还没有草稿，没有发出", "there is no draft yet, nothing was sent"))
        mode = self._config.mode if order.first_sent_at and self._config.mode == "mass" else self.mode
        if mode == "draft":
            return handed_over(media_id, say("草稿已存入公众平台草稿箱", "the draft is in the account's draft box"))
        if mode == "publish":
            said = self._account.call_once("/cgi-bin/freepublish/submit", {"media_id": media_id})
        else:
            said = self._account.call_once("/cgi-bin/message/mass/sendall", self._mass(order, media_id))
        return self._judged(said, order, mode) if isinstance(said, Said) else said

    def _mass(self, order: Order, media_id: str) -> dict[str, Any]:
        tag = self._config.tag_id
        return {
            "filter": {"is_to_all": True} if tag is None else {"is_to_all": False, "tag_id": tag},
            "mpnews": {"media_id": media_id},
            "msgtype": "mpnews",
            "send_ignore_reprint": int(self._config.send_reprints),
            "clientmsgid": order.key,
        }

    def _judged(self, said: Said, order: Order, mode: Mode) -> Outcome:
        if said.ok or meaning_of(said.code) is Meaning.DONE:
            return _taken(said, mode)
        words = sentence(said.code, said.excerpt)
        match meaning_of(said.code):
            case Meaning.EXPIRED:
                return Unsent(evidence=words)
            case Meaning.MINUTE:
                return Deferred(after=MINUTE, reason=words)
            case Meaning.DAY:
                return Deferred(after=until_tomorrow(order.started_at), reason=words)
            case Meaning.DRAFT_ONLY:
                self._tools.keep(MODE, "draft", None)
                return handed_over(order.staged["media_id"], words)
            case Meaning.CONSOLE:
                return handed_over(order.staged["media_id"], words)
            case Meaning.CONTENT:
                return refusal(said, Blame.CONTENT)
            case Meaning.CHANNEL:
                return refusal(said, Blame.CHANNEL)
            case _:
                # Busy, waiting for an administrator, a draft that is gone, a code nobody has read: it may have been done.
                return Unknown(evidence=words)


def _taken(said: Said, mode: Mode) -> Outcome:
    """Taken by the platform, which is not yet published. Without an id nobody could ask later: that is doubt."""
    name = "publish_id" if mode == "publish" else "msg_id"
    number = said.text(name)
    if not number:
        return Unknown(
            evidence=say("回答里没有 {name}：{said}", "the answer has no {name}: {said}", name=name, said=said.excerpt)
        )
    ticket = Ticket("publish" if mode == "publish" else "mass", number)
    words = say("微信已受理，等待审核和发布", "WeChat took it; review and publishing are under way")
    return Accepted(ticket=str(ticket), look_after=ticket.look_after, evidence=words)


def handed_over(media_id: str, why: str) -> Accepted:
    """The last step is a person's, in WeChat's console; the listing shows when it is done, or the person gives the address."""
    ticket = Ticket("draft", media_id)
    words = say(
        "{why}。请到公众平台“草稿箱”发表；发表后系统会自己找到，也可以登记文章网址（{resolve}）",
        "{why}. Publish it in the draft box of WeChat's console; it will be found by itself, or give its address with {resolve_it}",
        why=why,
        resolve=Remedy("resolve", published=None),
        resolve_it=Remedy("resolve"),
    )
    return Accepted(ticket=str(ticket), look_after=ticket.look_after, evidence=words)


def rejected(code: str, words: str) -> Rejected:
    """The platform's final no to this article."""
    return Rejected(findings=(Finding(code=f"wechat.{code}", message=words),), blame=Blame.CONTENT)


#: A mass send may be repeated under its ``clientmsgid`` for 24 hours (platforms.md, WeChat mass sending); an hour is kept in hand.
REPLAY = timedelta(hours=23)
