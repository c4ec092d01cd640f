"""What an answer of Weibo proves: its ``error_code`` as an outcome.

Weibo answers refusals with a real 4xx status and ``{"error_code", "error"}``. Codes, meanings and classes: platforms.md, Weibo limits, repeated in
``docs/adapters/weibo.md``; some texts are not confirmed.
"""

from collections.abc import Mapping
from datetime import datetime

from xuanfa.adapters.shared.codes import Code, Meaning, unrefused
from xuanfa.adapters.shared.http import Answer, judge_status
from xuanfa.adapters.shared.oauth import Service
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Blame, Deferred, Rejected, Unknown, Unsent

Refusal = Deferred | Unsent | Rejected | Unknown


_SYSTEM = ("微博系统故障，稍后自动核实", "Weibo's own trouble; it is looked into later")
_PERMISSION = (
    "应用没有这个接口的权限。请在 open.weibo.com 为应用申请，并完成审核",
    "the application lacks this permission; apply for it on open.weibo.com",
)
_PARAMETER = ("参数缺少、不对或过长。请检查稿件", "a parameter is missing, wrong or too long; check the post")
_CALL = (
    "接口不存在或调用方式不对。请检查 base_url 并升级本程序",
    "no such interface or a wrong way to call it; check base_url and upgrade this program",
)
_SIGN_IN = ("授权已失效", "the authorisation is no longer valid")
_ILLEGAL = (
    "微博认为内容不合规（网址、广告或违规内容）。请修改稿件",
    "Weibo objects to the content (address, advertising or forbidden content); change the post",
)
_CLIENT = (
    "app_key 或 app_secret 不对，或授权码已用过。请核对设置后重新登录",
    "app_key or app_secret is wrong, or the code was used already; check the settings and sign in again",
)
_SAME = ("微博说相同内容已经发过", "Weibo says that the same text was posted already")

CODES: Mapping[int, Code] = {
    **{code: Code(Meaning.BUSY, *_SYSTEM) for code in (10001, 10002, 10003, 10009, 10010, 10011)},
    10004: Code(
        Meaning.CHANNEL,
        "本机 IP 不在应用的白名单。请在 open.weibo.com 的应用设置里加上出口 IP",
        "this machine's IP address is not on the application's list; add it on open.weibo.com",
    ),
    **{code: Code(Meaning.CHANNEL, *_PERMISSION) for code in (10005, 10014)},
    **{code: Code(Meaning.CONTENT, *_PARAMETER) for code in (10006, 10008, 10016, 10017, 10018)},
    10012: Code(
        Meaning.CHANNEL, "微博认为请求不合法。请核对 app_key 与 rip", "an illegal request; check app_key and rip"
    ),
    10013: Code(
        Meaning.CHANNEL, "账号状态异常。请登录微博查看账号", "the account is not in order; sign in to Weibo and look"
    ),
    **{code: Code(Meaning.CHANNEL, *_CALL) for code in (10020, 10021)},
    10022: Code(Meaning.HOUR, "本机 IP 的调用次数已用完，一小时后继续", "this IP address has used up its hour"),
    10023: Code(Meaning.DAY, "账号当天的调用次数已用完，明天继续", "the account has used up its day"),
    10024: Code(
        Meaning.HOUR, "账号对这个接口的调用次数已用完，一小时后继续", "the account has used up its hour for this"
    ),
    20005: Code(Meaning.CONTENT, "图片格式不对，只收 jpeg、gif、png", "the picture must be jpeg, gif or png"),
    20006: Code(Meaning.CONTENT, "图片超过 5 MB，请换一张", "the picture exceeds 5 MB; take another"),
    20007: Code(Meaning.CONTENT, "图片没有正确上传，请换一张", "the picture was not received; take another"),
    20008: Code(Meaning.CONTENT, "内容为空，请给稿件写上摘要", "the text is empty; write a summary"),
    20012: Code(
        Meaning.CONTENT, "内容超过 140 字，请为本渠道另写短文", "more than 140 characters; write a shorter text"
    ),
    20013: Code(
        Meaning.CONTENT, "内容超过 300 字，请为本渠道另写短文", "more than 300 characters; write a shorter text"
    ),
    20016: Code(Meaning.HOUR, "发得太多，微博要求休息一会", "posted too much; Weibo wants a rest"),
    20017: Code(Meaning.SAME, *_SAME),
    **{code: Code(Meaning.CONTENT, *_ILLEGAL) for code in (20018, 20020, 20021)},
    20019: Code(Meaning.SAME, *_SAME),
    20111: Code(Meaning.SAME, *_SAME),
    20031: Code(
        Meaning.CHANNEL,
        "微博要求输入验证码。请用浏览器登录该账号发一条微博，通过验证后再恢复渠道",
        "Weibo demands a captcha: post once in a browser with this account, then resume the channel",
    ),
    20032: Code(Meaning.DELAYED, "已发出，一两分钟后显示", "posted, shown in a minute or two"),
    20033: Code(Meaning.SIGN_IN, "登录状态异常", "the sign-in is not in order"),
    20101: Code(Meaning.GONE, "这条微博不存在", "there is no such post"),
    20102: Code(Meaning.CONTENT, "这条微博不属于本账号", "the post is another account's"),
    21321: Code(
        Meaning.CHANNEL,
        "应用未通过审核，授权用户数已满。请在 open.weibo.com 提交审核或添加测试账号",
        "the application is not audited and has all its users; submit it or add a test user on open.weibo.com",
    ),
    **{code: Code(Meaning.SIGN_IN, *_SIGN_IN) for code in (21314, 21315, 21316, 21317, 21319, 21327, 21332)},
    **{code: Code(Meaning.CHANNEL, *_CLIENT) for code in (21324, 21325)},
}


def error_code(answer: Answer) -> int | None:
    """The ``error_code``, a number or a number as text; ``None`` where the answer has none."""
    code = answer.fields.get("error_code")
    if isinstance(code, bool) or not isinstance(code, int | str) or not str(code).isdecimal():
        return None
    return int(code)


WEIBO = Service("weibo", ("微博", "Weibo"), CODES)


def meaning_of(answer: Answer) -> Meaning | None:
    """What the code means; ``None`` for no code and for one that is not known."""
    return WEIBO.meaning(error_code(answer))


def refusal(answer: Answer, *, channel: str, now: datetime, writes: bool, has_link: bool = False) -> Refusal | None:
    """What a refusal proves; ``None`` for an answer without one. ``now`` is aware, in the workspace's zone.

    ``has_link`` says that the site's own address was in the text: where Weibo finds no bound domain then, no other post would fare better.
    """
    code = error_code(answer)
    if code is None:
        return judge_status(answer)
    known = CODES.get(code)
    if known is None:
        return _unfamiliar(code, answer)
    said = WEIBO.refusal(code, known.words, answer)
    proved = unrefused(known.meaning, said, now=now, writes=writes)
    if proved is not None:
        return proved
    match known.meaning:
        case Meaning.SIGN_IN:
            return WEIBO.sign_in_needed(channel, said)
        case Meaning.CHANNEL:
            return WEIBO.rejected(code, said, Blame.CHANNEL)
        case Meaning.CONTENT if code == 10017 and "domain" in answer.excerpt:  # noqa: PLR2004 - the platform's code
            return _about_domain(answer, has_link=has_link)
        case _:
            return WEIBO.rejected(code, said, Blame.CONTENT)


def _unfamiliar(code: int, answer: Answer) -> Refusal:
    """A code that is not in the table: the status decides; in a 2xx it is doubt."""
    said = WEIBO.refusal(code, say("未说明的原因", "no reason that is known"), answer)
    verdict = judge_status(answer)
    if verdict is None or isinstance(verdict, Unknown):
        return Unknown(evidence=said)
    return WEIBO.rejected(code, said, verdict.blame) if isinstance(verdict, Rejected) else verdict


def _about_domain(answer: Answer, *, has_link: bool) -> Rejected:
    """10017 with one of its two texts about domains: nothing is bound to the application, or the text has no address of what is bound."""
    if has_link or "not bind" in answer.excerpt:
        meaning = say(
            "网站的域名没有绑定为应用的安全域名。请在 open.weibo.com 的应用设置里绑定它，并在本渠道写明 safe_domain，再恢复渠道",
            "the site's domain is not bound to the application; bind it on open.weibo.com, name it in safe_domain, then resume the channel",
        )
        return WEIBO.rejected(10017, WEIBO.refusal(10017, meaning, answer), Blame.CHANNEL)
    meaning = say(
        "正文里没有安全域名下的网址。请让稿件也发往网站渠道，或在本渠道的 text 里写上网址",
        "the text has no address of the bound domain; send the post to the site too, or write the address into this channel's text",
    )
    return WEIBO.rejected(10017, WEIBO.refusal(10017, meaning, answer), Blame.CONTENT)
