"""Confirm: what became of a post, on the platform's own evidence. Read-only.

Absence is never claimed: whether a draft leaves the draft box when it is submitted or when it is published is not documented, and what was
sent to followers is in no listing (platforms.md, WeChat publishing and WeChat mass sending). What the listing does not show is a person's to tell.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from xuanfa.adapters.shared.codes import Meaning
from xuanfa.adapters.wechat.account import Account, Said
from xuanfa.adapters.wechat.codes import meaning_of, sentence
from xuanfa.adapters.wechat.drafts import GONE
from xuanfa.adapters.wechat.marks import article_with, marker
from xuanfa.adapters.wechat.publishing import rejected
from xuanfa.adapters.wechat.tickets import Ticket, read_ticket
from xuanfa.domain.attempt import Order
from xuanfa.domain.language import say
from xuanfa.domain.moments import BEGIN, from_epoch
from xuanfa.domain.outcome import Accepted, Evidence, Published, Rejected, Unknown
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.remedy import Remedy

#: A page of the listing, and how many pages are read: it begins with the latest.
PAGE, PAGES = 20, 3
#: Clocks differ: an article this much older than our request may still be ours.
SLACK = timedelta(seconds=120)

_ENDED = {
    2: ("没有通过原创校验", "it failed the originality check"),
    3: ("发布失败，微信没有说明原因", "publishing failed, WeChat gives no reason"),
    4: ("没有通过平台审核", "the platform's review refused it"),
    5: ("发布后已在公众平台被删除", "it was published and then deleted in the console"),
    6: ("发布后被平台封禁", "it was published and then blocked by the platform"),
}
_PUBLISHING = 1


class Looking:
    """Looks for one account's posts."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def confirm(self, order: Order, ticket: str | None) -> Evidence:
        """By the ticket where there is one; else by our mark in the listing of what is published."""
        known = read_ticket(ticket)
        if known is None:
            return self._by_mark(order)
        if known.kind == "publish":
            return self._publish_status(known)
        if known.kind == "mass":
            return self._mass_status(known, order)
        return self._handed_over(known, order)

    def _publish_status(self, ticket: Ticket) -> Evidence:
        said = self._account.call("/cgi-bin/freepublish/get", {"publish_id": ticket.number})
        if not isinstance(said, Said) or not said.ok:
            return _unseen(said)
        status = said.fields.get("publish_status")
        if status == 0:
            return _published(said)
        if status == _PUBLISHING:
            return _still(ticket, say("微信正在审核和发布", "WeChat is reviewing and publishing it"))
        if isinstance(status, int) and status in _ENDED:
            return _ended(status, said)
        return Unknown(evidence=say("看不懂的发布状态：{said}", "an unknown status: {said}", said=said.excerpt))

    def _mass_status(self, ticket: Ticket, order: Order) -> Evidence:
        said = self._account.call("/cgi-bin/message/mass/get", {"msg_id": _number(ticket.number)})
        if not isinstance(said, Said) or not said.ok:
            return _unseen(said)
        match said.text("msg_status").upper():
            case "SEND_SUCCESS":
                found = self._listed(order)
                address = found.receipt.address if isinstance(found, Published) else None
                return Published(
                    receipt=Receipt(remote_id=f"mass:{ticket.number}", address=address, evidence=said.excerpt)
                )
            case "SENDING":
                return _still(ticket, say("微信正在群发", "WeChat is sending it"))
            case "SEND_FAIL":
                return rejected(
                    "mass_failed",
                    say(
                        "群发失败，请到公众平台“群发记录”查看原因。",
                        "The mass send failed; see the records in WeChat's console.",
                    ),
                )
            case "DELETE":
                return rejected("mass_deleted", say("群发后已被删除。", "It was sent and then deleted."))
            case _:
                return Unknown(evidence=say("看不懂的群发状态：{said}", "an unknown status: {said}", said=said.excerpt))

    def _handed_over(self, ticket: Ticket, order: Order) -> Evidence:
        found = self._listed(order)
        if isinstance(found, Published):
            return found
        if isinstance(found, Said) and meaning_of(found.code) is Meaning.DRAFT_ONLY:
            # It may not read the listing either: only the person who publishes can tell.
            words = say(
                "草稿在公众平台草稿箱，发表后请登记文章网址（{resolve}）",
                "the draft is in the draft box; once published, give its address with {resolve_it}",
                resolve=Remedy("resolve", published=None),
                resolve_it=Remedy("resolve"),
            )
            return Accepted(ticket=str(ticket.next()), look_after=None, evidence=words)
        draft = self._account.call("/cgi-bin/draft/get", {"media_id": ticket.number})
        if isinstance(draft, Said) and draft.ok:
            return _still(
                ticket,
                say("草稿还在公众平台草稿箱，等待有人发表", "the draft is in the draft box and waits to be published"),
            )
        if isinstance(draft, Said) and draft.code == GONE:
            return Unknown(
                evidence=say(
                    "草稿已不在草稿箱，发布列表里也没有：可能已群发或被删除，请到公众平台核对，再登记结果（{resolve}）",
                    "the draft has left the draft box and the listing does not show it: sent to followers or deleted. Look into the console and "
                    "settle it with {resolve}",
                    resolve=Remedy("resolve"),
                )
            )
        return _unseen(draft)

    def _by_mark(self, order: Order) -> Evidence:
        """After a lost answer: the listing shows it, or the draft tells what to think."""
        found = self._listed(order)
        if isinstance(found, Published):
            return found
        if not isinstance(found, Said) or not found.ok:
            return _unseen(found)
        media_id = order.staged.get("media_id", "")
        draft = self._account.call("/cgi-bin/draft/get", {"media_id": media_id}) if media_id else None
        if isinstance(draft, Said) and draft.code == GONE:
            return Unknown(
                evidence=say(
                    "草稿已离开草稿箱，发布列表里还没有：可能正在发布，继续查询",
                    "the draft has left the draft box and is not listed yet: it may be under way, looking again",
                )
            )
        return Unknown(
            evidence=say(
                "发布列表里没有找到，草稿仍在草稿箱：请到公众平台核对，再登记结果（{resolve}）",
                "the listing does not show it and the draft is still there: look into WeChat's console, then settle it with {resolve}",
                resolve=Remedy("resolve"),
            )
        )

    def _listed(self, order: Order) -> Published | Said | Unknown:
        """The published article with our mark; else the last page that was read, or why it could not be."""
        mark, since = marker(order.key), (order.first_sent_at or order.started_at) - SLACK
        said: Said | Unknown = Unknown(evidence="")
        for page in range(PAGES):
            read = self._account.call(
                "/cgi-bin/freepublish/batchget", {"offset": page * PAGE, "count": PAGE, "no_content": 1}
            )
            if not isinstance(read, Said):
                return _unseen(read)
            said, items = read, read.rows("item")
            for item in items:
                article = article_with(item, mark)
                if article is not None and not article.get("is_deleted"):
                    return _listed_receipt(item, article)
            if not read.ok or len(items) < PAGE or _time(items[-1]) < since:
                break
        return said


def _published(said: Said) -> Evidence:
    details = said.fields.get("article_detail")
    rows = details.get("item") if isinstance(details, dict) else None
    address = next((_https(row.get("article_url")) for row in rows or [] if isinstance(row, dict)), None)
    article_id = said.text("article_id")
    if not article_id:
        return Unknown(
            evidence=say(
                "发布成功的回答里没有 article_id：{said}", "published without an article_id: {said}", said=said.excerpt
            )
        )
    return Published(receipt=Receipt(remote_id=f"article:{article_id}", address=address, evidence=said.excerpt))


def _listed_receipt(item: Mapping[str, Any], article: Mapping[str, Any]) -> Published:
    return Published(
        receipt=Receipt(
            remote_id=f"article:{item.get('article_id', '')}",
            address=_https(article.get("url")),
            published_at=_time(item),
            evidence=say(
                "发布列表里有本稿的标记 {mark}",
                "the listing shows our mark {mark}",
                mark=str(article.get("content_source_url", ""))[-40:],
            ),
        )
    )


def _https(address: object) -> str | None:
    """The article's address as readers open it: the platform still writes ``http``."""
    return re.sub(r"^http://", "https://", address) if isinstance(address, str) and address else None


def _ended(status: int, said: Said) -> Rejected:
    failed = said.fields.get("fail_idx")
    which = (
        say("（第 {n} 篇）", " (article {n})", n=", ".join(map(str, failed)))
        if isinstance(failed, list) and failed
        else ""
    )
    message = say(
        "微信：{why}{which}。请到公众平台查看原因，修改后重新提交。",
        "WeChat: {why}{which}. See the reason in the console, mend the post and submit it again.",
        why=say(*_ENDED[status]),
        which=which,
    )
    return rejected(f"publish_status_{status}", message)


def _still(ticket: Ticket, words: str) -> Accepted:
    following = ticket.next()
    return Accepted(ticket=str(following), look_after=following.look_after, evidence=words)


def _unseen(said: object) -> Unknown:
    """The look itself failed: it says nothing of the post."""
    if isinstance(said, Said):
        return Unknown(evidence=sentence(said.code, said.excerpt))
    if isinstance(said, Unknown):
        return said
    if isinstance(said, Rejected):
        return Unknown(evidence=said.findings[0].message)
    return Unknown(evidence=str(getattr(said, "evidence", "") or getattr(said, "reason", "")))


def _time(item: Mapping[str, Any]) -> datetime:
    return from_epoch(item.get("update_time")) or BEGIN


def _number(text: str) -> int | str:
    return int(text) if text.isdigit() else text
