"""Retract: delete what is published. Irreversible for the article, but repeatable: deleting what is gone is done."""

from collections.abc import Mapping
from typing import Any

from xuanfa.adapters.shared.codes import Meaning
from xuanfa.adapters.wechat.account import Account, Said, Trouble, trouble_of
from xuanfa.adapters.wechat.codes import meaning_of, sentence
from xuanfa.adapters.wechat.drafts import GONE
from xuanfa.adapters.wechat.looking import Looking
from xuanfa.adapters.wechat.tickets import Ticket, read_ticket
from xuanfa.domain.attempt import Order
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Accepted, Blame, Published, Rejected, Retracted, Unknown, Unsent, Withdrawal
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.remedy import Remedy

NO_SUCH_ARTICLE = 53600


class Retracting:
    """Takes one account's posts back."""

    def __init__(self, account: Account, looking: Looking) -> None:
        self._account = account
        self._looking = looking

    def retract(self, order: Order, receipt: Receipt) -> Withdrawal:
        """By what the receipt names: an article, a mass send, or the ticket of what is not public yet. A receipt that a person gave holds
        an address only, and the listing is asked for the rest."""
        ticket = read_ticket(receipt.remote_id)
        if ticket is not None:
            return self._by_ticket(order, ticket)
        what, _, number = (receipt.remote_id or "").partition(":")
        if what not in {"article", "mass"}:
            what, number = self._listed(order)
        if what == "article":
            return self._article(order, number)
        if what == "mass":
            return self._mass(order, number)
        return _by_hand()

    def _by_ticket(self, order: Order, ticket: Ticket) -> Withdrawal:
        """What was handed over: a draft is deleted; what is under review is published first, since nothing stops that."""
        if ticket.kind == "mass":
            return self._mass(order, ticket.number)
        if ticket.kind == "publish":
            found = self._looking.confirm(order, str(ticket))
            if isinstance(found, Published):
                return self._article(order, (found.receipt.remote_id or "").removeprefix("article:"))
            if isinstance(found, Accepted):
                return Unsent(evidence=say("微信还在审核和发布，过一会儿再撤", "WeChat is still at it; try again soon"))
            return _by_hand()
        what, number = self._listed(order)
        return self._article(order, number) if what == "article" else self._draft(order, ticket.number)

    def _listed(self, order: Order) -> tuple[str, str]:
        """What the listing shows with our mark: ``article`` and its id; two empty texts where it shows nothing."""
        found = self._looking.confirm(order, None)
        if not isinstance(found, Published):
            return "", ""
        what, _, number = (found.receipt.remote_id or "").partition(":")
        return what, number

    def _article(self, order: Order, article_id: str) -> Withdrawal:
        said = self._account.call("/cgi-bin/freepublish/delete", {"article_id": article_id, "index": 0})
        if isinstance(said, Said) and said.ok:
            return _gone(said)
        if isinstance(said, Said) and meaning_of(said.code) is Meaning.DRAFT_ONLY:
            return _by_hand()  # the account may still keep drafts: the channel is well
        if isinstance(said, Said) and said.code != NO_SUCH_ARTICLE and meaning_of(said.code) is not Meaning.BUSY:
            return _as_withdrawal(trouble_of(said, order.started_at))
        if isinstance(said, Said | Unknown):
            seen = self._account.call("/cgi-bin/freepublish/getarticle", {"article_id": article_id})
            if isinstance(seen, Said) and (seen.code == NO_SUCH_ARTICLE or _all_deleted(seen.rows("news_item"))):
                return _gone(seen)
        return _as_withdrawal(said)

    def _mass(self, order: Order, number: str) -> Withdrawal:
        msg_id = int(number) if number.isdigit() else number
        said = self._account.call("/cgi-bin/message/mass/delete", {"msg_id": msg_id, "article_idx": 0})
        if isinstance(said, Said) and said.ok:
            return _gone(said)
        seen = self._account.call("/cgi-bin/message/mass/get", {"msg_id": msg_id})
        if isinstance(seen, Said) and seen.text("msg_status").upper() == "DELETE":
            return _gone(seen)
        return _as_withdrawal(trouble_of(said, order.started_at) if isinstance(said, Said) else said)

    def _draft(self, order: Order, media_id: str) -> Withdrawal:
        """A draft that still lies in the draft box was not published from there. One that is gone may have been: only a person can tell."""
        draft = self._account.call("/cgi-bin/draft/get", {"media_id": media_id})
        if isinstance(draft, Said) and draft.ok:
            said = self._account.call("/cgi-bin/draft/delete", {"media_id": media_id})
            if isinstance(said, Said) and said.ok:
                return _gone(said)
            return _as_withdrawal(trouble_of(said, order.started_at) if isinstance(said, Said) else said)
        if isinstance(draft, Said) and draft.code == GONE:
            return _by_hand()
        return _as_withdrawal(trouble_of(draft, order.started_at) if isinstance(draft, Said) else draft)


def _by_hand() -> Rejected:
    message = say(
        "接口里查不到这篇文章，不能自动撤回。请登录公众平台删除，再用 {retract}。",
        "The interface does not show the article, so it cannot be withdrawn by itself. Delete it in WeChat's console, then run "
        "{retract_done}.",
        retract=Remedy("retract", done=True, why=None),
        retract_done=Remedy("retract", done=True),
    )
    return Rejected(findings=(Finding(code="wechat.not_listed", message=message),), blame=Blame.CONTENT)


def _all_deleted(articles: list[Mapping[str, Any]] | list[dict[str, Any]]) -> bool:
    return bool(articles) and all(article.get("is_deleted") is True for article in articles)


def _gone(said: Said) -> Retracted:
    return Retracted(evidence=say("微信已删除：{said}", "deleted by WeChat: {said}", said=said.excerpt or "ok"))


def _as_withdrawal(trouble: Trouble | Said) -> Withdrawal:
    if isinstance(trouble, Said):
        words = sentence(trouble.code, trouble.excerpt)
        return Unsent(evidence=words) if meaning_of(trouble.code) is Meaning.BUSY else Unknown(evidence=words)
    return trouble
