"""What an answer of the DingTalk robot proves: its ``errcode`` as an outcome. Sources: ``docs/adapters/dingtalk.md``."""

from datetime import timedelta

from xuanfa.adapters.shared.http import Answer
from xuanfa.adapters.shared.robots import Codes, as_code, judge_code
from xuanfa.domain.outcome import Outcome

#: More than 20 messages a minute silence the robot for ten minutes; three codes are reported for it.
_THROTTLED = (
    timedelta(minutes=10),
    (
        "每分钟超过 20 条，平台限流 10 分钟，到时自动再发",
        "more than 20 a minute; silenced for ten minutes, then it goes on",
    ),
)

CODES = Codes(
    name=("钉钉", "DingTalk"),
    later={410100: _THROTTLED, 130101: _THROTTLED, 660026: _THROTTLED},
    channel={
        310000: (
            "安全设置没有通过。原话提到 keywords 就把关键词写进模板；提到 sign 就核对 secret；提到 timestamp 就校准本机时间；提到 ip 就加白名单",
            "the security check failed. Does it say keywords: put one into the template; sign: check secret; timestamp: set the clock; ip: allow it",
        ),
        300005: (
            "access_token 不存在。请在群里重新复制机器人的 Webhook 地址",
            "there is no such access_token; copy the robot's webhook address again",
        ),
        400101: (
            "access_token 不存在。请在群里重新复制机器人的 Webhook 地址",
            "there is no such access_token; copy the robot's webhook address again",
        ),
        400102: ("机器人已被停用。请群主在钉钉里启用它", "the robot is disabled; ask the group's owner to enable it"),
        400106: (
            "机器人已不在群里。请重新添加，更新 access_token 和 secret",
            "the robot is gone; add it again and update access_token and secret",
        ),
    },
    content={
        400105: (
            "消息类型不受支持。请把 message 改为 markdown、text 或 link",
            "the type of message is not supported; change message",
        ),
        430101: ("链接不合规。请检查正文里的网址", "a link is not compliant; check the addresses in the text"),
        430102: ("含有不合适的文字。请修改正文", "the text is not compliant; change it"),
        430103: ("含有不合适的图片。请换掉图片", "a picture is not compliant; replace it"),
        430104: ("含有不合适的内容。请修改正文", "the content is not compliant; change it"),
        43004: (
            "内容类型不对，可能是代理改动了请求。请检查 base_url",
            "the content type is wrong; check base_url for a proxy",
        ),
    },
    # "System busy" is not documented for robots, so it does not prove that nothing was sent.
    unclear=frozenset({-1}),
)


def judge(answer: Answer) -> Outcome:
    """What an answer proves; ``errcode`` may come as a text."""
    return judge_code(answer, as_code(answer.fields.get("errcode")), CODES, "dingtalk")
