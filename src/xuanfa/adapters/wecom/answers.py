"""What an answer of the WeCom robot proves: its ``errcode`` as an outcome. Sources: ``docs/adapters/wecom.md``."""

from datetime import timedelta

from xuanfa.adapters.shared.http import Answer
from xuanfa.adapters.shared.robots import Codes, judge_code
from xuanfa.domain.outcome import Outcome

CODES = Codes(
    name=("企业微信", "WeCom"),
    # The vendor documents -1 as an explicit refusal.
    busy=frozenset({-1}),
    later={
        45009: (timedelta(minutes=1), ("每分钟超过 20 条，稍后自动再发", "more than 20 a minute; it goes on later")),
        45033: (timedelta(seconds=10), ("同时发送太多，稍后自动再发", "too many at once; it goes on later")),
    },
    # The robot cannot write into its group whatever the message is.
    channel={
        93000: (
            "webhook 地址无效，或机器人已被移出群。请在群里重新添加“消息推送”，更新 key",
            "the key is wrong or the robot was removed; add it again and update key",
        ),
        93004: (
            "机器人已被停用。请群主或管理员在企业微信里启用它",
            "the robot is disabled; ask the group's owner to enable it",
        ),
        93008: ("机器人不在群里。请重新添加，更新 key", "the robot is not in the group; add it again and update key"),
    },
    # What the author can do about the usual refusals of a message.
    content={
        40033: ("消息里有不允许的字符", "the message has characters that are not allowed"),
        40058: ("参数不合要求，多为内容过长或为空", "a field is wrong, most often too long or empty"),
        44004: ("内容为空", "the text is empty"),
        45002: ("内容过长", "the text is too long"),
        47001: ("不是有效的 JSON", "the message is not valid JSON"),
    },
)


def judge(answer: Answer) -> Outcome:
    """What an answer proves; HTTP 200 carries refusals too."""
    code = answer.fields.get("errcode")
    return judge_code(answer, code if isinstance(code, int) and not isinstance(code, bool) else None, CODES, "wecom")
