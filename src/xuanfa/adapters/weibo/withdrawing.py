"""Taking a post back."""

import httpx

from xuanfa.adapters.shared.codes import Meaning
from xuanfa.adapters.shared.http import Answer, send_once
from xuanfa.adapters.weibo.answers import meaning_of, refusal
from xuanfa.adapters.weibo.sending import is_article
from xuanfa.adapters.weibo.session import Session
from xuanfa.domain.attempt import Order
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Blame, Rejected, Retracted, Unknown, Withdrawal
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.remedy import Remedy


def withdraw(client: httpx.Client, base_url: str, session: Session, order: Order, receipt: Receipt) -> Withdrawal:
    """Delete a post. Whether ``statuses/destroy`` is open to an application is not confirmed, so a refusal never blames the channel."""
    grant = session.grant()
    if grant is None:
        return _by_hand(session.lack)
    if is_article(order.rendition):
        return _by_hand(say("微博没有删除头条文章的接口", "Weibo has no interface to delete an article"))
    if not receipt.remote_id:
        return _by_hand(say("不知道这条微博的编号", "the number of the post is not known"))
    answer = send_once(
        client,
        "POST",
        f"{base_url}/2/statuses/destroy.json",
        data={"access_token": grant.token, "id": receipt.remote_id},
        secrets=session.secrets,
    )
    if not isinstance(answer, Answer):
        return answer
    session.mind(grant, answer)
    if meaning_of(answer) is Meaning.GONE:
        return Retracted(evidence=say("微博说已不存在（20101）", "Weibo says that it is gone (20101)"))
    refused = refusal(answer, channel=order.channel, now=order.started_at, writes=True)
    if isinstance(refused, Rejected):
        return _by_hand(refused.findings[0].message)
    if refused is not None:
        return refused
    if str(answer.fields.get("idstr") or answer.fields.get("id") or "") == receipt.remote_id:
        return Retracted(evidence=answer.excerpt)
    return Unknown(evidence=say("看不懂的回答：{said}", "unreadable answer: {said}", said=answer.excerpt))


def _by_hand(why: str) -> Rejected:
    """Withdrawal is a person's; the channel itself is well, and is not paused for it."""
    message = say(
        "{why}。请到微博手工删除，再用 {retract}。",
        "{why}. Delete it on Weibo by hand, then run {retract_it} with the delivery's number and --done.",
        why=why,
        retract=Remedy("retract", done=True, why=None),
        retract_it=Remedy("retract"),
    )
    return Rejected(findings=(Finding(code="weibo.by_hand", message=message),), blame=Blame.CONTENT)
