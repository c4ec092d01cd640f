"""What an answer of the WeCom robot proves: its ``errcode`` as an outcome.

The platform answers HTTP 200 to refusals too. Codes and meanings: ``docs/adapters/wecom.md`` with their sources.
"""

from datetime import timedelta

from xuanfa.adapters.http import Answer, judge_status
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Blame, Deferred, Outcome, Published, Rejected, Unknown, Unsent
from xuanfa.domain.receipt import Receipt

#: Refusals for now, with the wait: 45009 is over 20 a minute, 45033 too many at once.
_LATER = {45009: timedelta(minutes=1), 45033: timedelta(seconds=10)}
#: The robot cannot write into its group whatever the message is.
_CHANNEL = {
    93000: (
        "webhook 地址无效，或机器人已被移出群。请在群里重新添加“消息推送”，更新 key",
        "the key is wrong or the robot was removed; add it again and update key",
    ),
    93004: (
        "机器人已被停用。请群主或管理员在企业微信里启用它",
        "the robot is disabled; ask the group's owner to enable it",
    ),
    93008: ("机器人不在群里。请重新添加，更新 key", "the robot is not in the group; add it again and update key"),
}
#: What the author can do about the usual refusals of a message.
_CONTENT = {
    40033: ("消息里有不允许的字符", "the message has characters that are not allowed"),
    40058: ("参数不合要求，多为内容过长或为空", "a field is wrong, most often too long or empty"),
    44004: ("内容为空", "the text is empty"),
    45002: ("内容过长", "the text is too long"),
    47001: ("不是有效的 JSON", "the message is not valid JSON"),
}


def judge(answer: Answer) -> Outcome:
    """What an answer proves: the ``errcode`` in the body, HTTP 200 also carries refusals."""
    if (verdict := judge_status(answer)) is not None:
        return verdict
    code = answer.fields.get("errcode")
    if not isinstance(code, int) or isinstance(code, bool):
        return Unknown(evidence=say("看不懂的回答：{said}", "unreadable answer: {said}", said=answer.excerpt))
    if code == 0:
        return Published(receipt=Receipt(evidence=answer.excerpt))
    if code == -1:
        return Unsent(evidence=say("企业微信系统繁忙（-1），未发出", "WeCom is busy (-1), nothing was sent"))
    if code in _LATER:
        reason = say("企业微信限制发送频率（{code}）", "WeCom limits the pace ({code})", code=code)
        return Deferred(after=_LATER[code], reason=reason)
    return _refused(code, answer)


def _refused(code: int, answer: Answer) -> Rejected:
    blame = Blame.CHANNEL if code in _CHANNEL else Blame.CONTENT
    meaning = say(*(_CHANNEL | _CONTENT).get(code, ("未说明的原因", "no reason that is known")))
    message = say(
        "企业微信拒收（{code}）：{meaning}。原话：{said}",
        "WeCom refused it ({code}): {meaning}. It said: {said}",
        code=code,
        meaning=meaning,
        said=answer.excerpt,
    )
    return Rejected(findings=(Finding(code=f"wecom.{code}", message=message),), blame=blame)
