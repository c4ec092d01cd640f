"""The WeCom group robot (企业微信群机器人, 消息推送): one message into one group.

To get a key: in the group's settings add 消息推送 (formerly 群机器人) and copy the webhook address; the key is what follows ``key=``, and
the whole address is taken too. Whoever has the key can write into the group. Facts: ``docs/adapters/wecom.md`` with their sources. The
robot returns no message id and can neither be asked nor called back, so a lost answer stays unknown until somebody looks into the group.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal, Self

import httpx
from pydantic import SecretStr, field_validator, model_validator

from xuanfa.adapters.protocol import Kit, Tools, Traits
from xuanfa.adapters.shared.fields import OptionalAddress, WebAddress
from xuanfa.adapters.shared.http import Answer
from xuanfa.adapters.shared.public import on_site, public_address
from xuanfa.adapters.shared.robots import GroupRobot, RobotConfig, filled, local_addresses
from xuanfa.adapters.wecom.answers import judge
from xuanfa.domain.attempt import Order
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.length import Length
from xuanfa.domain.outcome import Outcome, Unknown, Unsent
from xuanfa.domain.pacing import Limit
from xuanfa.domain.post import Post
from xuanfa.domain.rendition import Rendition

Message = Literal["text", "markdown", "markdown_v2", "news"]

#: The platform's limits, in bytes of UTF-8. Those of news are not confirmed for robots and are the ones of the application API.
TEXT_MAX, MARKDOWN_MAX, NEWS_TITLE_MAX, NEWS_DESCRIPTION_MAX = 2048, 4096, 128, 512
#: 20 messages a minute for one robot; the 21st is answered with 45009.
RATE = Limit(20, timedelta(minutes=1))
_MOBILE = re.compile(r"1\d{10}")


class WecomConfig(RobotConfig):
    """One robot in one group."""

    #: The robot's key, or the whole webhook address; not needed in a rehearsal.
    key: SecretStr = SecretStr("")
    #: ``markdown`` shows title, summary, link and department, with or without an address; ``news`` is a card and needs one.
    message: Message = "markdown"
    base_url: WebAddress = "https://qyapi.weixin.qq.com"
    #: Who is called: user ids, mobile numbers or ``@all`` with ``text``; user ids with ``markdown``.
    mention: tuple[str, ...] = ()
    #: Where the linked site shows its pictures (``https://…/assets/pictures/``), for the cover of a card; empty is a card without.
    pictures: OptionalAddress = ""

    @field_validator("key")
    @classmethod
    def _key_of_address(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value().strip()
        return SecretStr(httpx.URL(text).params.get("key", "") if text.startswith("https://") else text)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.key.get_secret_value() and not self.rehearsal:
            raise ValueError(
                say(
                    "缺少 key：在企业微信群里添加“消息推送”，把得到的地址或其中 key= 后面的部分填到这里；暂时没有就先写 rehearsal = true",
                    "key is missing: add a robot to the group and put its webhook address, or what follows key= in it, here; "
                    "without one, write rehearsal = true",
                )
            )
        if self.mention and self.message in {"markdown_v2", "news"}:
            raise ValueError(
                say(
                    "{message} 消息不能 @ 人；请去掉 mention，或把 message 改为 text 或 markdown",
                    "a {message} message cannot mention anyone; remove mention, or set message to text or markdown",
                    message=self.message,
                )
            )
        if self.message == "markdown" and any(name == "@all" or _MOBILE.fullmatch(name) for name in self.mention):
            raise ValueError(
                say(
                    'markdown 消息只能 @ 成员账号；@all 和手机号请用 message = "text"',
                    'a markdown message mentions user ids only; for @all and mobile numbers use message = "text"',
                )
            )
        return self


class WecomAdapter(GroupRobot[WecomConfig]):
    """A robot bound to its group."""

    kind = "wecom"
    Config = WecomConfig
    traits = Traits(
        label=("企业微信", "WeCom group"), unit="bytes", body_max=MARKDOWN_MAX, limits=(RATE,), public_page="none"
    )

    def __init__(self, config: WecomConfig, tools: Tools) -> None:
        super().__init__(config, tools, key=config.key.get_secret_value())
        if config.message != "markdown":
            title_max, body_max = _MAXIMA[config.message]
            self.traits = replace(type(self).traits, title_max=title_max, body_max=body_max)

    def render(self, post: Post, kit: Kit) -> Rendition:
        """The message as the platform's JSON; a card shows the post's cover."""
        made = super().render(post, kit)
        if post.cover is None or self._config.message != "news":
            return made
        return replace(made, pictures=(on_site(post.cover, kit),))

    def _message(self, post: Post, kit: Kit, address: str) -> dict[str, Any]:
        match self._config.message:
            case "text":
                return {"msgtype": "text", "text": {"content": filled(kit, "text.txt", address)} | self._mentioned()}
            case "markdown":
                mentions = " ".join(f"<@{name}>" for name in self._config.mention)
                return {
                    "msgtype": "markdown",
                    "markdown": {"content": filled(kit, "markdown.md", address, mentions=mentions)},
                }
            case "markdown_v2":
                return {"msgtype": "markdown_v2", "markdown_v2": {"content": filled(kit, "markdown_v2.md", address)}}
            case "news":
                card = {"title": post.title, "description": filled(kit, "news.txt", address), "url": address}
                if post.cover and (shown := public_address(post.cover, kit, self._config.link, self._config.pictures)):
                    card["picurl"] = shown
                return {"msgtype": "news", "news": {"articles": [card]}}

    def _mentioned(self) -> dict[str, list[str]]:
        mobiles = [name for name in self._config.mention if _MOBILE.fullmatch(name)]
        others = [name for name in self._config.mention if name not in mobiles]
        return {
            name: value for name, value in (("mentioned_list", others), ("mentioned_mobile_list", mobiles)) if value
        }

    def _check(self, message: Mapping[str, Any]) -> list[Finding]:
        kind = message["msgtype"]
        if kind == "news":
            return _check_card(message["news"]["articles"][0])
        content = message[kind]["content"]
        findings = _too_long("body", content, _MAXIMA[kind][1])
        return findings if kind == "text" else [*findings, *local_addresses([content], "wecom.local_address")]

    def _lengths(self, message: Mapping[str, Any]) -> Sequence[Length]:
        kind = message["msgtype"]
        if kind == "news":
            card = message["news"]["articles"][0]
            parts: tuple[tuple[str, str, int], ...] = (
                (say("标题", "title"), card["title"], NEWS_TITLE_MAX),
                (say("摘要", "summary"), card["description"], NEWS_DESCRIPTION_MAX),
            )
        else:
            parts = (("", message[kind]["content"], _MAXIMA[kind][1]),)
        return [Length(what=what, n=len(text.encode()), most=most, unit="bytes") for what, text, most in parts]

    def _send(self, order: Order) -> Answer | Unsent | Unknown:
        return self._post("/cgi-bin/webhook/send", order.rendition.body, (), {"key": self._key})

    def _judge(self, answer: Answer) -> Outcome:
        return judge(answer)


_MAXIMA: Mapping[str, tuple[int | None, int]] = {
    "text": (None, TEXT_MAX),
    "markdown": (None, MARKDOWN_MAX),
    "markdown_v2": (None, MARKDOWN_MAX),
    "news": (NEWS_TITLE_MAX, NEWS_DESCRIPTION_MAX),
}


def _check_card(card: Mapping[str, str]) -> list[Finding]:
    findings = _too_long("title", card["title"], NEWS_TITLE_MAX)
    findings += _too_long("summary", card["description"], NEWS_DESCRIPTION_MAX)
    if not card["url"]:
        text = say(
            '图文卡片必须有链接，而这篇稿件不发往网站渠道。请让它也发往网站，或把渠道设置改为 message = "text"。',
            'A news card needs an address, and this post does not go to the linked site. Send it there too, or set message = "text".',
        )
        findings.append(Finding(code="wecom.no_address", message=text, place="body"))
    return findings


def _too_long(place: str, text: str, most: int) -> list[Finding]:
    size = len(text.encode())
    if size <= most:
        return []
    message = say(
        "企业微信消息的{place}有 {size} 字节，最多 {most} 字节（汉字每个 3 字节），请删去约 {over} 个汉字；可在稿件 channels 下为本渠道另写。",
        "The {place} of the WeCom message has {size} bytes, at most {most} are allowed (3 for a Chinese character): "
        "cut about {over} characters, or write a shorter one for this channel under channels.",
        place={"title": say("标题", "title"), "summary": say("摘要", "summary")}.get(place, say("正文", "text")),
        size=size,
        most=most,
        over=-(-(size - most) // 3),
    )
    return [Finding(code=f"wecom.{place}_too_long", message=message, place=place)]
