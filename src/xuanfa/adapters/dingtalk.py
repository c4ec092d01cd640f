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

from xuanfa.adapters.addresses import reach
from xuanfa.adapters.dingtalk_answers import judge
from xuanfa.adapters.http import Answer, send_once
from xuanfa.adapters.protocol import AdapterConfig, Kit, Tools, Traits
from xuanfa.adapters.robots import as_bound, compact, filled, local_addresses, web_address
from xuanfa.domain.attempt import Order
from xuanfa.domain.finding import Finding, Severity, blocking
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Blame, Evidence, Outcome, Rejected, Unknown, Unsent
from xuanfa.domain.pacing import Limit
from xuanfa.domain.post import Post
from xuanfa.domain.rendition import Rendition, needed_channels

#: Characters of a text, and bytes of the whole request. Neither is confirmed for robots: see the document.
TEXT_MAX, REQUEST_MAX = 5000, 20_000
#: ``msgUuid`` is added when the message leaves. Bytes.
_FRAME = 60
#: 20 messages a minute for one robot; above that it is silent for ten minutes.
RATE = Limit(20, timedelta(minutes=1))
_MOBILE = re.compile(r"1\d{10}")


class DingtalkConfig(AdapterConfig):
    """One robot in one group."""

    #: What follows ``access_token=`` in the webhook address, or the whole address; not needed in a rehearsal.
    access_token: SecretStr = SecretStr("")
    #: The secret of 加签 (``SEC…``); empty where the robot checks keywords or addresses instead.
    secret: SecretStr = SecretStr("")
    message: Literal["markdown", "text", "link"] = "markdown"
    #: The channel whose address of the same post is put in, where the post goes there.
    link: str = "site"
    #: Who is called: mobile numbers, user ids, or ``all``.
    at: tuple[str, ...] = Field(default=(), max_length=50)
    base_url: str = "https://oapi.dingtalk.com"
    #: How long the robot is trusted to drop a message with a ``msgUuid`` that it has seen; 0 never sends again after a doubt.
    replay_minutes: int = Field(default=0, ge=0, le=60)

    @field_validator("access_token")
    @classmethod
    def _token_of_address(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value().strip()
        return SecretStr(httpx.URL(text).params.get("access_token", "") if text.startswith("https://") else text)

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        return web_address(value)

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


class DingtalkAdapter:
    """A robot bound to its group."""

    kind = "dingtalk"
    Config = DingtalkConfig
    traits = Traits(label=("钉钉", "DingTalk group"), body_max=TEXT_MAX, limits=(RATE,))

    def __init__(self, config: DingtalkConfig, tools: Tools) -> None:
        self._config = config
        self._tools = tools
        self._token = config.access_token.get_secret_value() or "rehearsal"
        self._secret = config.secret.get_secret_value()
        #: Unix seconds: framing of the protocol, which refuses signatures older than an hour.
        self.now = time.time
        if config.replay_minutes:
            self.traits = replace(type(self).traits, replay=timedelta(minutes=config.replay_minutes))

    @property
    def budget(self) -> str:
        """A hash of the token: two channels with one robot share its 20 a minute."""
        return hashlib.sha256(self._token.encode()).hexdigest()[:16]

    def render(self, post: Post, kit: Kit) -> Rendition:
        """The message as the platform's JSON."""
        address = kit.link(self._config.link) if kit.linked(self._config.link) else ""
        body = compact(self._message(post, kit, address))
        return Rendition(
            title=post.title,
            summary=post.summary,
            body=body,
            media_type="application/json",
            needs=needed_channels([body]),
        )

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

    def check(self, rendition: Rendition) -> Sequence[Finding]:
        """Whether the message is complete and within the platform's limits."""
        message = as_bound(rendition)
        kind = message.get("msgtype")
        if not rendition.title.strip() or not kind:
            text = say("消息没有标题。请给稿件写上 title。", "The message has no title. Give the post a title.")
            return [Finding(code="dingtalk.empty", message=text, place="title")]
        part: Mapping[str, str] = message[kind]
        text = part["content"] if kind == "text" else part["text"]
        findings = _too_long(text, compact(message))
        if kind == "markdown":
            findings += local_addresses([text], "dingtalk.local_address")
        if kind == "link" and not part["messageUrl"]:
            told = say(
                'link 消息必须有链接，而这篇稿件不发往网站渠道。请让它也发往网站，或把渠道设置改为 message = "markdown"。',
                'A link message needs an address, and this post does not go to the linked site. Send it there too, or set message = "markdown".',
            )
            findings.append(Finding(code="dingtalk.no_address", message=told, place="body"))
        return findings

    def publish(self, order: Order) -> Outcome:
        """Send the message. What is answered with an ``errcode`` other than 0 has not been sent, so the platform documents."""
        rendition = order.rendition
        if not rendition.is_bound:
            return Unsent(evidence=say("成稿里的地址还没有填上", "an address in the rendition is not filled in yet"))
        if findings := blocking(self.check(rendition)):
            return Rejected(findings=findings, blame=Blame.CONTENT)
        signed = signature(self._secret, int(self.now() * 1000)) if self._secret else {}
        answer = send_once(
            self._tools.http,
            "POST",
            f"{self._config.base_url}/robot/send",
            params={"access_token": self._token, **signed},
            content=compact(json.loads(rendition.body) | {"msgUuid": order.key}).encode(),
            headers={"Content-Type": "application/json; charset=utf-8"},
            secrets=(self._token, self._secret, *signed.values()),
        )
        return judge(answer) if isinstance(answer, Answer) else answer

    def confirm(self, order: Order, ticket: str | None) -> Evidence:
        """The robot cannot be asked: only somebody in the group can tell."""
        return Unknown(
            evidence=say(
                "钉钉机器人不能查询已发消息，请到群里看一眼，再用 xuanfa resolve 说明结果",
                "a DingTalk robot cannot be asked what it sent; look into the group, then settle it with xuanfa resolve",
            )
        )

    def diagnose(self) -> Sequence[Finding]:
        """Whether the platform can be reached. A token can only be tried by sending a message, which this does not."""
        if self._config.rehearsal:
            return ()
        findings = reach(httpx.URL(self._config.base_url), allow_private=True)
        if self._secret:
            return findings
        text = say(
            "没有设置 secret：机器人若选了“加签”会拒收；若用关键词或 IP 白名单则不必理会。",
            "There is no secret: a robot that checks signatures will refuse; ignore this where it checks keywords or addresses.",
        )
        return (*findings, Finding(code="dingtalk.unsigned", message=text, severity=Severity.WARN))


def signature(secret: str, timestamp: int) -> dict[str, str]:
    """The parameters of 加签; ``timestamp`` is Unix milliseconds. The platform signs the secret into the message too."""
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return {"timestamp": str(timestamp), "sign": base64.b64encode(digest).decode()}


def _too_long(text: str, request: str) -> list[Finding]:
    size = len(request.encode()) + _FRAME
    over = max(len(text) - TEXT_MAX, -(-(size - REQUEST_MAX) // 3))
    if over <= 0:
        return []
    message = say(
        "钉钉消息的正文有 {length} 个字（整条 {size} 字节），最多 {most} 个字、{bytes} 字节，请删去约 {over} 个字；可在 channels 下为本渠道另写。",
        "The text of the DingTalk message has {length} characters ({size} bytes in all), at most {most} and {bytes} are allowed: "
        "cut about {over} characters, or write a shorter one for this channel under channels.",
        length=len(text),
        size=size,
        most=TEXT_MAX,
        bytes=REQUEST_MAX,
        over=over,
    )
    return [Finding(code="dingtalk.body_too_long", message=message, place="body")]
