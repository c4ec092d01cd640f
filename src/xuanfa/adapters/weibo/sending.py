"""What leaves for Weibo, and what an answer to it proves."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from xuanfa.adapters.protocol import Tools
from xuanfa.adapters.shared.http import Answer, judge_status
from xuanfa.adapters.weibo.answers import refusal
from xuanfa.adapters.weibo.timeline import Status, parse
from xuanfa.domain.attempt import Order
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Blame, Deferred, Outcome, Published, Rejected, Unknown
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.rendition import Rendition

_BASE62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

#: Of the headline article interface, beside the common ``error_code`` (platforms.md, Weibo headline articles).
_ARTICLE_OK = 100000
_ARTICLE_ORPHANS = frozenset({11002, 11003})


def is_article(rendition: Rendition) -> bool:
    """Whether an article is to leave; what was approved decides, not what the settings say by now."""
    return rendition.media_type == "text/html"


def share_request(rendition: Rendition, tools: Tools, token: str, rip: str) -> dict[str, Any]:
    """What ``statuses/share`` takes: a form, or a multipart form with one picture. Raises ContentError where the picture is missing."""
    fields = {"access_token": token, "status": rendition.body, "rip": rip}
    if not rendition.pictures:
        return _form(fields)
    picture = rendition.pictures[0]
    return {
        "data": fields,
        "files": {"pic": (picture.filename, tools.picture(picture).read_bytes(), picture.media_type)},
    }


def article_request(rendition: Rendition, token: str, rip: str) -> dict[str, Any]:
    """What ``proxy/article/publish`` takes: a form."""
    return _form(
        {
            "access_token": token,
            "title": rendition.title,
            "content": rendition.body,
            "cover": rendition.extra.get("cover", ""),
            "summary": rendition.summary,
            "text": rendition.extra.get("text", ""),
            "rip": rip,
        }
    )


def _form(fields: Mapping[str, str]) -> dict[str, Any]:
    """A form with %20 for a blank, which the article interface demands and every other one understands."""
    return {
        "content": urlencode(fields, quote_via=quote).encode("ascii"),
        "headers": {"Content-Type": "application/x-www-form-urlencoded"},
    }


def judge_share(answer: Answer, order: Order, *, uid: str) -> Outcome:
    """The status object is the only proof."""
    has_link = bool(order.rendition.extra.get("link"))
    refused = refusal(answer, channel=order.channel, now=order.started_at, writes=True, has_link=has_link)
    if refused is not None:
        return refused
    status = parse(answer.fields)
    if status is None:
        return Unknown(evidence=say("看不懂的回答：{said}", "unreadable answer: {said}", said=answer.excerpt))
    return Published(receipt=receipt(status, uid, answer.excerpt))


def judge_article(answer: Answer, order: Order) -> Outcome:
    """``code`` 100000 is done; 11002 and 11003 may leave an article without its short post behind."""
    code = str(answer.fields.get("code", ""))
    if "error_code" in answer.fields or not answer.ok or not code.isdecimal():
        refused = refusal(answer, channel=order.channel, now=order.started_at, writes=True)
        unread = say("看不懂的回答：{said}", "unreadable answer: {said}", said=answer.excerpt)
        return refused or judge_status(answer) or Unknown(evidence=unread)
    if int(code) == _ARTICLE_OK:
        return _published_article(answer)
    return _article_refused(int(code), answer)


def _published_article(answer: Answer) -> Outcome:
    data = answer.fields.get("data")
    data = data if isinstance(data, dict) else {}
    number = data.get("mid") or data.get("object_id")
    address = data.get("url")
    return Published(
        receipt=Receipt(
            remote_id=str(number) if number else None,
            address=address if isinstance(address, str) and address.startswith("http") else None,
            evidence=answer.excerpt,
        )
    )


def _article_refused(code: int, answer: Answer) -> Outcome:
    said = answer.excerpt
    if code in _ARTICLE_ORPHANS:
        return Unknown(
            evidence=say(
                "微博报 {code}：文章可能已经生成，但没有配上短微博。请到账号的文章列表查看，删去多余的，再登记结果（{resolve}）。原话：{said}",
                "Weibo says {code}: the article may be there without its short post. Look at the account's articles, delete what is too much, "
                "then settle it with {resolve}. It said: {said}",
                code=code,
                said=said,
                resolve=Remedy("resolve"),
            )
        )
    if code == 11001:  # noqa: PLR2004 - the platform's code
        reason = say("微博说发文章太频繁（11001）", "Weibo says too many articles (11001)")
        return Deferred(after=timedelta(hours=1), reason=reason)
    if code == 10008:  # noqa: PLR2004 - the platform's code
        message = say(
            "头条文章的参数不合要求（10008），请检查标题、正文和封面。原话：{said}",
            "a field of the article is wrong (10008); check title, text and cover. It said: {said}",
            said=said,
        )
        return Rejected(findings=(Finding(code="weibo.10008", message=message),), blame=Blame.CONTENT)
    return Unknown(evidence=say("微博报 {code}：{said}", "Weibo says {code}: {said}", code=code, said=said))


def receipt(status: Status, uid: str, evidence: str) -> Receipt:
    """The receipt of a post; ``uid`` is the account's, where the status does not tell it, and empty for no address."""
    owner = (status.uid or uid) if uid else ""
    address = f"https://weibo.com/{owner}/{base62(status.mid)}" if owner and status.mid.isdecimal() else None
    return Receipt(remote_id=status.id, address=address, published_at=status.created_at, evidence=evidence)


def base62(mid: str) -> str:
    """The number as it stands in the page's address: groups of seven digits from the end, each as four letters. Not confirmed by the
    platform."""
    groups = [mid[max(0, end - 7) : end] for end in range(len(mid), 0, -7)]
    letters = [_letters(int(group)) for group in groups]
    padded = [text.rjust(4, "0") for text in letters[:-1]] + letters[-1:]
    return "".join(reversed(padded))


def _letters(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number, 62)
        text = _BASE62[rest] + text
    return text or "0"
