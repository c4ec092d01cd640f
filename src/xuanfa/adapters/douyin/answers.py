"""What an answer of Douyin proves: its ``error_code`` as an outcome.

Douyin answers HTTP 200 to refusals too; the code stands in ``data.error_code`` or ``extra.error_code``.
Codes and classes: platforms.md, Douyin looking,
repeated in ``docs/adapters/douyin.md``.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xuanfa.adapters.shared.codes import Code, Meaning, unrefused
from xuanfa.adapters.shared.http import Answer, judge_status
from xuanfa.adapters.shared.oauth import Service
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Blame, Deferred, Rejected, Unknown, Unsent

Refusal = Deferred | Unsent | Rejected | Unknown


_BUSY = ("抖音系统繁忙或网络故障", "Douyin is busy or has network trouble")
_PARAMETER = ("参数不合要求。请检查文案和图片", "a parameter is wrong; check caption and pictures")
_EXPIRED = ("access_token 已过期，自动换新后再试", "the access token has ended; a new one is fetched")
_ABILITY = (
    '应用或账号没有代发内容的权限（video.create.bind）。请在 developer.open-douyin.com 申请；批下来之前请把本渠道改为 mode = "manual"',
    'the application or account may not post (video.create.bind); apply on developer.open-douyin.com, and use mode = "manual" until then',
)
_OFFLINE = (
    "应用或接口已被封禁或下线。请登录 developer.open-douyin.com 查看通知",
    "the application or interface is banned or offline; see the notices on developer.open-douyin.com",
)
_BANNED = ("账号没有权限或被限制操作。请登录抖音查看通知", "the account may not do this; see its notices in Douyin")
_ACCOUNT = (
    "账号已注销、被封禁或是私密账号。请登录抖音处理",
    "the account is closed, banned or private; see to it in Douyin",
)
_QUOTA = ("当天的发布次数已用完，明天继续", "the day's quota is used up")

CODES: Mapping[int, Code] = {
    **{code: Code(Meaning.BUSY, *_BUSY) for code in (28001005, 2100004, 28001006)},
    **{code: Code(Meaning.CONTENT, *_PARAMETER) for code in (28001007, 2100005)},
    **{code: Code(Meaning.EXPIRED, *_EXPIRED) for code in (28001008, 2190008, 10008)},
    **{code: Code(Meaning.CHANNEL, *_ABILITY) for code in (28001012, 28001014, 28001018, 10004)},
    28001015: Code(Meaning.SIGN_IN, "授权与账号（open_id）不符", "token and account (open_id) do not match"),
    **{code: Code(Meaning.CHANNEL, *_OFFLINE) for code in (28001016, 28001019, 28001056)},
    **{code: Code(Meaning.CHANNEL, *_BANNED) for code in (2100007, 2100009)},
    **{code: Code(Meaning.CHANNEL, *_ACCOUNT) for code in (28001045, 28001046, 28001047)},
    28001052: Code(Meaning.SLOW, "触发风控，放慢后继续", "risk control wants it slower"),
    **{code: Code(Meaning.DAY, *_QUOTA) for code in (28003017, 2190001)},
    28003018: Code(Meaning.SLOW, "操作太频繁，稍后继续", "too frequent; going on later"),
    28004020: Code(
        Meaning.CHANNEL,
        "这种授权方式不允许所申请的权限。请核对 scope 设置与应用类型",
        "the scope is not allowed for this sort of authorisation; check the setting scope and the application's kind",
    ),
    10005: Code(Meaning.CHANNEL, "缺少参数。请核对 client_key 与 client_secret", "a parameter is missing; check client_key and client_secret"),
    10010: Code(Meaning.SIGN_IN, "授权（refresh_token）已到期", "the authorisation (refresh_token) has ended"),
    10020: Code(Meaning.SIGN_IN, "授权的续期次数（5 次）已用完", "the authorisation was renewed five times and cannot be renewed again"),
}  # fmt: skip


def data_of(answer: Answer) -> dict[str, Any]:
    """The ``data`` of an answer; empty where there is none."""
    data = answer.fields.get("data")
    return data if isinstance(data, dict) else {}


def error_code(answer: Answer) -> int | None:
    """The code, the one that is not zero first; ``None`` where the answer has none."""
    extra = answer.fields.get("extra")
    found = [part.get("error_code") for part in (data_of(answer), extra if isinstance(extra, dict) else {})]
    codes = [int(str(code)) for code in found if not isinstance(code, bool) and str(code).isdecimal()]
    return next((code for code in codes if code), codes[0] if codes else None)


DOUYIN = Service("douyin", ("抖音", "Douyin"), CODES)


def meaning_of(answer: Answer) -> Meaning | None:
    """What the code means; ``None`` for none, for zero, and for one that is not known."""
    return DOUYIN.meaning(error_code(answer))


def refusal(answer: Answer, *, channel: str, now: datetime, writes: bool) -> Refusal | None:
    """What a refusal proves; ``None`` for an answer with the code 0. ``now`` is aware, in the workspace's zone."""
    code = error_code(answer)
    if code is None or (code == 0 and not answer.ok):
        unread = say("看不懂的回答：{said}", "unreadable answer: {said}", said=answer.excerpt)
        verdict = judge_status(answer) or Unknown(evidence=unread)
        return Unsent(evidence=verdict.evidence) if isinstance(verdict, Unknown) and not writes else verdict
    if code == 0:
        return None
    known = CODES.get(code)
    if known is None:
        return _unfamiliar(code, answer, writes=writes)
    said = DOUYIN.refusal(code, known.words, answer)
    proved = unrefused(known.meaning, said, now=now, writes=writes)
    if proved is not None:
        return proved
    if known.meaning is Meaning.SIGN_IN:
        return DOUYIN.sign_in_needed(channel, known.words)
    return DOUYIN.rejected(code, said, Blame.CHANNEL if known.meaning is Meaning.CHANNEL else Blame.CONTENT)


def _unfamiliar(code: int, answer: Answer, *, writes: bool) -> Refusal:
    """A code that is not in the table: a write is in doubt, since busy and refused cannot be told apart."""
    said = DOUYIN.refusal(code, say("未说明的原因", "no reason that is known"), answer)
    return Unknown(evidence=said) if writes else Unsent(evidence=said)
