"""Retract: delete what is published. Irreversible for the article, but repeatable: deleting what is gone is done."""

from collections.abc import Mapping
from typing import Any

from xuanfa.adapters.wechat.account import Account, Said, Trouble, trouble_of
from xuanfa.adapters.wechat.codes import Kind, kind_of, sentence
from xuanfa.adapters.wechat.looking import Looking
from xuanfa.domain.attempt import Order
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Blame, Published, Rejected, Retracted, Unknown, Unsent, Withdrawal
from xuanfa.domain.receipt import Receipt

NO_SUCH_ARTICLE = 53600


class Retracting:
    """Takes one account's posts back."""

    def __init__(self, account: Account, looking: Looking) -> None:
        self._account = account
        self._looking = looking

    def retract(self, order: Order, receipt: Receipt) -> Withdrawal:
        """By what the receipt names; a receipt that a person gave holds an address only, and the listing is asked for the rest."""
        what, _, number = (receipt.remote_id or "").partition(":")
        if what not in {"article", "mass"}:
            found = self._looking.confirm(order, None)
            what, _, number = (
                (found.receipt.remote_id or "").partition(":") if isinstance(found, Published) else ("", "", "")
            )
        if what == "article" and number:
            return self._article(order, number)
        if what == "mass" and number:
            return self._mass(order, int(number) if number.isdigit() else number)
        return self._draft(order)

    def _article(self, order: Order, article_id: str) -> Withdrawal:
        said = self._account.call("/cgi-bin/freepublish/delete", {"article_id": article_id, "index": 0})
        if isinstance(said, Said) and said.ok:
            return _gone(said)
        if isinstance(said, Said) and said.code != NO_SUCH_ARTICLE and kind_of(said.code) is not Kind.BUSY:
            return _as_withdrawal(trouble_of(said, order.published_at))
        if isinstance(said, Said | Unknown):
            seen = self._account.call("/cgi-bin/freepublish/getarticle", {"article_id": article_id})
            if isinstance(seen, Said) and (seen.code == NO_SUCH_ARTICLE or _all_deleted(seen.rows("news_item"))):
                return _gone(seen)
        return _as_withdrawal(said)

    def _mass(self, order: Order, msg_id: int | str) -> Withdrawal:
        said = self._account.call("/cgi-bin/message/mass/delete", {"msg_id": msg_id, "article_idx": 0})
        if isinstance(said, Said) and said.ok:
            return _gone(said)
        seen = self._account.call("/cgi-bin/message/mass/get", {"msg_id": msg_id})
        if isinstance(seen, Said) and seen.text("msg_status").upper() == "DELETE":
            return _gone(seen)
        return _as_withdrawal(trouble_of(said, order.published_at) if isinstance(said, Said) else said)

    def _draft(self, order: Order) -> Withdrawal:
        """Nothing of it is listed. A draft that still lies in the draft box was never public and is deleted; else only a person can."""
        media_id = order.staged.get("media_id", "")
        draft = self._account.call("/cgi-bin/draft/get", {"media_id": media_id}) if media_id else None
        if isinstance(draft, Said) and draft.ok:
            said = self._account.call("/cgi-bin/draft/delete", {"media_id": media_id})
            return _gone(said) if isinstance(said, Said) and said.ok else _as_withdrawal(said)
        message = say(
            "接口里查不到这篇文章，不能自动撤回。请登录公众平台删除，再运行 xuanfa retract --done。",
            "The interface does not show the article, so it cannot be withdrawn by itself. Delete it in WeChat's console, "
            "then run xuanfa retract --done.",
        )
        return Rejected(findings=(Finding(code="wechat.not_listed", message=message),), blame=Blame.CONTENT)


def _all_deleted(articles: list[Mapping[str, Any]] | list[dict[str, Any]]) -> bool:
    return bool(articles) and all(article.get("is_deleted") is True for article in articles)


def _gone(said: Said) -> Retracted:
    return Retracted(evidence=say("微信已删除：{said}", "deleted by WeChat: {said}", said=said.excerpt or "ok"))


def _as_withdrawal(trouble: Trouble | Said) -> Withdrawal:
    if isinstance(trouble, Said):
        words = sentence(trouble.code, trouble.excerpt)
        return Unsent(evidence=words) if kind_of(trouble.code) is Kind.BUSY else Unknown(evidence=words)
    return trouble
