"""The DingTalk group robot (钉钉自定义机器人): one message into one group.

To get a token: in the group's settings add 机器人 → 自定义, choose 加签, and copy the webhook address and the secret. Whoever has both can
write into the group. Facts: ``docs/adapters/dingtalk.md``. The robot returns no message id and can neither be asked nor called back.
"""

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal, Self

import httpx
from pydantic import Field, SecretStr, field_validator, model_validator

from xuanfa.adapters.dingtalk.answers import judge
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

#: Characters of a text, and bytes of the whole request. Neither is confirmed for robots: see the document.
TEXT_MAX, REQUEST_MAX = 5000, 20_000
#: ``msgUuid`` is added when the message leaves. Bytes.
_FRAME = 60
#: 20 messages a minute for one robot; above that it is silent for ten minutes.
RATE = Limit(20, timedelta(minutes=1))
_MOBILE = re.compile(r"1\d{10}")


class DingtalkConfig(RobotConfig):
    """One robot in one group."""

    #: What follows ``access_token=`` in the webhook address, or the whole address; not needed in a rehearsal.
    access_token: SecretStr = SecretStr("")
    #: The secret of 加签 (``SEC…``); empty where the robot checks keywords or addresses instead.
    secret: SecretStr = SecretStr("")
    message: Literal["markdown", "text", "link"] = "markdown"
    #: Who is called: mobile numbers, user ids, or ``all``.
    at: tuple[str, ...] = Field(default=(), max_length=50)
    #: Characters of a text. The platform names no figure for robots; this is the one of its work notices.
    text_max: int = Field(default=TEXT_MAX, ge=100, le=REQUEST_MAX)
    base_url: WebAddress = "https://oapi.dingtalk.com"
    #: How long the robot is trusted to drop a message with a ``msgUuid`` that it has seen; 0 never sends again after a doubt.
    replay_minutes: int = Field(default=0, ge=0, le=60)

    @field_validator("access_token")
    @classmethod
    def _token_of_address(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value().strip()
        return SecretStr(httpx.URL(text).params.get("access_token", "") if text.startswith("https://") else text)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.access_token.get_secret_value() and not self.rehearsal:
            raise ValueError(
                say(
                    "缺少 access_token：在钉钉群里添加自定义机器人，把得到的地址或其中 access_token= 后面的部分填到这里；"
                    "暂时没有就先写 rehearsal = true",
                    "access_token is missing: add a custom robot to the group and put its webhook address here; "
                    "without one, write rehearsal = true",
                )
            )
        if self.at and self.message == "link":
            raise ValueError(
                say(
                    "link 消息不能 @ 人；请去掉 at，或把 message 改为 markdown 或 text",
                    "a link message cannot mention anyone; remove at, or set message to markdown or text",
                )
            )
        return self


class DingtalkAdapter(GroupRobot[DingtalkConfig]):
    """A robot bound to its group."""

    kind = "dingtalk"
    Config = DingtalkConfig
    traits = Traits(label=("钉钉", "DingTalk group"), body_max=TEXT_MAX, limits=(RATE,), public_page="none")

    signing = ("加签", "加签")

    def __init__(self, config: DingtalkConfig, tools: Tools) -> None:
        token, secret = config.access_token.get_secret_value(), config.secret.get_secret_value()
        super().__init__(config, tools, key=token, secret=secret)
        #: Unix seconds: framing of the protocol, which refuses signatures older than an hour.
        self.now = time.time
        replay = timedelta(minutes=config.replay_minutes) if config.replay_minutes else None
        self.traits = replace(type(self).traits, body_max=config.text_max, replay=replay)

    def _message(self, post: Post, kit: Kit, address: str) -> dict[str, Any]:
        calls = "" if "all" in self._config.at else " ".join(f"@{name}" for name in self._config.at)
        match self._config.message:
            case "markdown":
                text = filled(kit, "markdown.md", address, mentions=calls)
                return {"msgtype": "markdown", "markdown": {"title": post.title, "text": text}} | self._called()
            case "text":
                content = filled(kit, "text.txt", address, mentions=calls)
                return {"msgtype": "text", "text": {"content": content}} | self._called()
            case "link":
                text = filled(kit, "link.txt", address)
                return {"msgtype": "link", "link": {"title": post.title, "text": text, "messageUrl": address}}

    def _called(self) -> dict[str, Any]:
        names = [name for name in self._config.at if name != "all"]
        called: dict[str, Any] = {
            "atMobiles": [name for name in names if _MOBILE.fullmatch(name)],
            "atUserIds": [name for name in names if not _MOBILE.fullmatch(name)],
            "isAtAll": "all" in self._config.at,
        }
        called = {name: value for name, value in called.items() if value}
        return {"at": called} if called else {}

    def _check(self, message: Mapping[str, Any]) -> list[Finding]:
        kind = message["msgtype"]
        part: Mapping[str, str] = message[kind]
        text = part["content"] if kind == "text" else part["text"]
        findings = _too_long(text, compact(message), self._config.text_max)
        if kind == "markdown":
            findings += local_addresses([text], "dingtalk.local_address")
        if kind == "link" and not part["messageUrl"]:
            told = say(
                'link 消息必须有链接，而这篇稿件不发往网站渠道。请让它也发往网站，或把渠道设置改为 message = "markdown"。',
                'A link message needs an address, and this post does not go to the linked site. Send it there too, or set message = "markdown".',
            )
            findings.append(Finding(code="dingtalk.no_address", message=told, place="body"))
        return findings

    def _lengths(self, message: Mapping[str, Any]) -> Sequence[Length]:
        kind = message["msgtype"]
        text = message[kind]["content"] if kind == "text" else message[kind]["text"]
        return [Length(what="", n=len(text), most=self._config.text_max)]

    def _send(self, order: Order) -> Answer | Unsent | Unknown:
        signed = signature(self._secret, int(self.now() * 1000)) if self._secret else {}
        message = compact(json.loads(order.rendition.body) | {"msgUuid": order.key})
        return self._post("/robot/send", message, tuple(signed.values()), {"access_token": self._key, **signed})

    def _judge(self, answer: Answer) -> Outcome:
        return judge(answer)


def signature(secret: str, timestamp: int) -> dict[str, str]:
    """The parameters of 加签; ``timestamp`` is Unix milliseconds. The platform signs the secret into the message too."""
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return {"timestamp": str(timestamp), "sign": base64.b64encode(digest).decode()}


def _too_long(text: str, request: str, text_max: int) -> list[Finding]:
    size = len(request.encode()) + _FRAME
    over = max(len(text) - text_max, -(-(size - REQUEST_MAX) // 3))
    if over <= 0:
        return []
    message = say(
        "钉钉消息的正文有 {length} 个字（整条 {size} 字节），最多 {most} 个字、{bytes} 字节，请删去约 {over} 个字；可在 channels 下为本渠道另写。",
        "The text of the DingTalk message has {length} characters ({size} bytes in all), at most {most} and {bytes} are allowed: "
        "cut about {over} characters, or write a shorter one for this channel under channels.",
        length=len(text),
        size=size,
        most=text_max,
        bytes=REQUEST_MAX,
        over=over,
    )
    return [Finding(code="dingtalk.body_too_long", message=message, place="body")]
