"""The Feishu group robot (飞书自定义机器人): one message into one group.

To get a hook id: in the group's settings add 群机器人 → 自定义机器人, switch 签名校验 on, and copy the webhook address and the secret.
Whoever has both can write into the group. Facts: ``docs/adapters/feishu.md``. The robot returns no message id and can neither be asked
nor called back; it cannot show local pictures either, since uploading one needs an application.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal, Self

import httpx
from pydantic import SecretStr, field_validator, model_validator

from xuanfa.adapters.feishu.answers import judge
from xuanfa.adapters.protocol import Kit, Tools, Traits
from xuanfa.adapters.shared.fields import WebAddress
from xuanfa.adapters.shared.http import Answer
from xuanfa.adapters.shared.robots import GroupRobot, RobotConfig, compact, filled, local_addresses
from xuanfa.domain.attempt import Order
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.length import Length
from xuanfa.domain.outcome import Outcome, Unknown, Unsent
from xuanfa.domain.pacing import Limit
from xuanfa.domain.post import Post

#: Bytes of the whole request, less what the signature adds (``timestamp``, ``sign``).
REQUEST_MAX, _FRAME = 20_000, 120
#: Of one robot.
RATES = (Limit(100, timedelta(minutes=1)), Limit(5, timedelta(seconds=1)))


class FeishuConfig(RobotConfig):
    """One robot in one group."""

    #: What follows ``/hook/`` in the webhook address, or the whole address; not needed in a rehearsal.
    hook_id: SecretStr = SecretStr("")
    #: The secret of 签名校验; empty where the robot checks keywords or addresses instead.
    secret: SecretStr = SecretStr("")
    message: Literal["post", "text", "interactive"] = "post"
    base_url: WebAddress = "https://open.feishu.cn"

    @field_validator("hook_id")
    @classmethod
    def _id_of_address(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value().strip()
        return SecretStr(httpx.URL(text).path.rpartition("/")[2] if text.startswith("https://") else text)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        hook = self.hook_id.get_secret_value()
        if not hook and not self.rehearsal:
            raise ValueError(
                say(
                    "缺少 hook_id：在飞书群里添加自定义机器人，把得到的地址或其中 /hook/ 后面的部分填到这里；"
                    "暂时没有就先写 rehearsal = true",
                    "hook_id is missing: add a custom robot to the group and put its webhook address here; "
                    "without one, write rehearsal = true",
                )
            )
        if not hook.replace("-", "").isalnum() and hook:
            raise ValueError(
                say(
                    "hook_id 只能有字母、数字和 -；请重新复制机器人的 Webhook 地址",
                    "hook_id has letters, digits and - only; copy the robot's webhook address again",
                )
            )
        return self


class FeishuAdapter(GroupRobot[FeishuConfig]):
    """A robot bound to its group."""

    kind = "feishu"
    Config = FeishuConfig
    traits = Traits(
        label=("飞书", "Feishu group"), unit="bytes", body_max=REQUEST_MAX, limits=RATES, public_page="none"
    )

    signing = ("签名校验", "签名校验")

    def __init__(self, config: FeishuConfig, tools: Tools) -> None:
        hook, secret = config.hook_id.get_secret_value(), config.secret.get_secret_value()
        super().__init__(config, tools, key=hook, secret=secret)
        #: Unix seconds: framing of the protocol, which refuses signatures older than an hour.
        self.now = time.time

    def _message(self, post: Post, kit: Kit, address: str) -> dict[str, Any]:
        title = f"【{kit.column.title}】{post.title}"
        match self._config.message:
            case "text":
                return {"msg_type": "text", "content": {"text": filled(kit, "text.txt", address)}}
            case "post":
                rows = _rows(filled(kit, "post.txt", address), address)
                return {"msg_type": "post", "content": {"post": {"zh_cn": {"title": title, "content": rows}}}}
            case "interactive":
                return {
                    "msg_type": "interactive",
                    "card": _card(title, filled(kit, "interactive.md", address), address),
                }

    def _check(self, message: Mapping[str, Any]) -> list[Finding]:
        findings = _too_long(compact(message))
        if message["msg_type"] == "interactive":
            shown = (element.get("content", "") for element in message["card"]["elements"])
            findings += local_addresses(shown, "feishu.local_address")
        return findings

    def _lengths(self, message: Mapping[str, Any]) -> Sequence[Length]:
        return [Length(what="", n=len(compact(message).encode()) + _FRAME, most=REQUEST_MAX, unit="bytes")]

    def _send(self, order: Order) -> Answer | Unsent | Unknown:
        signed = signature(self._secret, int(self.now())) if self._secret else {}
        message = compact(signed | json.loads(order.rendition.body))
        return self._post(f"/open-apis/bot/v2/hook/{self._key}", message, (signed.get("sign", ""),), {})

    def _judge(self, answer: Answer) -> Outcome:
        return judge(answer)


def signature(secret: str, timestamp: int) -> dict[str, str]:
    """The fields of 签名校验; ``timestamp`` is Unix seconds. The key is time and secret together, and what is signed is empty."""
    digest = hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": str(timestamp), "sign": base64.b64encode(digest).decode()}


def _rows(text: str, address: str) -> list[list[dict[str, str]]]:
    """A rich text: a row for each line, and the link at its end."""
    rows = [[{"tag": "text", "text": line}] for line in text.splitlines()]
    return [*rows, [{"tag": "a", "text": "阅读全文", "href": address}]] if address else rows


def _card(title: str, text: str, address: str) -> dict[str, Any]:
    elements: list[Mapping[str, Any]] = [{"tag": "markdown", "content": text}]
    if address:
        label = {"tag": "plain_text", "content": "阅读全文"}
        elements.append(
            {"tag": "action", "actions": [{"tag": "button", "text": label, "type": "primary", "url": address}]}
        )
    header = {"title": {"tag": "plain_text", "content": title}, "template": "blue"}
    return {"config": {"wide_screen_mode": True}, "header": header, "elements": elements}


def _too_long(request: str) -> list[Finding]:
    size = len(request.encode()) + _FRAME
    if size <= REQUEST_MAX:
        return []
    message = say(
        "飞书消息有 {size} 字节，最多 {most} 字节（汉字每个 3 字节），请删去约 {over} 个汉字；可在稿件 channels 下为本渠道另写。",
        "The Feishu message has {size} bytes, at most {most} are allowed (3 for a Chinese character): "
        "cut about {over} characters, or write a shorter one for this channel under channels.",
        size=size,
        most=REQUEST_MAX,
        over=-(-(size - REQUEST_MAX) // 3),
    )
    return [Finding(code="feishu.body_too_long", message=message, place="body")]
