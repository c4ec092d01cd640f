"""What an answer of the Feishu robot proves: its ``code`` as an outcome. Sources: ``docs/adapters/feishu.md``."""

from datetime import timedelta

from xuanfa.adapters.shared.http import Answer
from xuanfa.adapters.shared.robots import Codes, as_code, judge_code
from xuanfa.domain.outcome import Outcome

CODES = Codes(
    name=("飞书", "Feishu"),
    later={
        11232: (
            timedelta(minutes=1),
            (
                "发送太密，稍后自动再发；整点和半点最容易被限，可错开几分钟排期",
                "too many at once; it goes on later. Avoid :00 and :30",
            ),
        ),
    },
    channel={
        19001: (
            "hook_id 无效，或机器人已被移出群。请重新复制 Webhook 地址",
            "the hook_id is wrong or the robot was removed; copy the webhook address again",
        ),
        19021: (
            "签名不对或时间相差超过 1 小时。请核对 secret，并校准本机时间",
            "the signature or the time is wrong; check secret and this machine's clock",
        ),
        19022: (
            "本机的出口地址不在白名单。请在机器人的安全设置里加上",
            "this machine's address is not on the robot's allow-list; add it",
        ),
        19024: (
            "消息里没有机器人要求的关键词。请把关键词写进 templates/feishu 里的模板，或改用签名校验",
            "the robot's keyword is missing; put it into the template, or let the robot check signatures instead",
        ),
    },
    content={
        9499: ("消息格式不对。请检查改过的模板", "the message is malformed; check templates that were changed"),
        19036: ("消息超过 20 KB。请缩短本渠道的正文", "the message exceeds 20 KB; shorten this channel's text"),
    },
)


def judge(answer: Answer) -> Outcome:
    """What an answer proves; older robots write ``StatusCode`` in place of ``code``."""
    fields = answer.fields
    return judge_code(answer, as_code(fields.get("code", fields.get("StatusCode"))), CODES, "feishu")
