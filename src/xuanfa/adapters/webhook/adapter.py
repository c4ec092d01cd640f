"""Any HTTP endpoint, such as a website CMS with a simple interface: no code, only settings and a template.

The request follows Standard Webhooks 1.0.0 (see ``signing``): ``webhook-id`` is the delivery's key, the same in every try, so that a
receiver that remembers it can never publish twice. The body is made and frozen when the post is rendered. Settings:
``docs/adapters/webhook.md``.
"""

import html
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import httpx

from xuanfa.adapters.protocol import Kit, Tools, Traits
from xuanfa.adapters.shared.accounts import AccountName, place_of
from xuanfa.adapters.shared.addresses import PrivateAddressError, Route, reach, routes, shown, unencrypted
from xuanfa.adapters.shared.answers import Condition, Reading, Verdict, judge, pick_text
from xuanfa.adapters.shared.http import Answer, judge_status, send_once
from xuanfa.adapters.shared.public import on_site, public_address
from xuanfa.adapters.shared.signing import signed_headers
from xuanfa.adapters.webhook.config import WebhookConfig
from xuanfa.domain.attempt import Order
from xuanfa.domain.broken import broken_words
from xuanfa.domain.errors import MachineError
from xuanfa.domain.finding import Finding, Severity, in_words
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Blame, Evidence, Outcome, Published, Rejected, Unknown, Unsent
from xuanfa.domain.pacing import Limit
from xuanfa.domain.post import Picture, Post
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.rendition import Rendition, needed_channels, time_mark
from xuanfa.domain.strict_json import read_json

#: More than this many bytes is refused here: web servers commonly take 1 MB (nginx by default) and answer 413 above.
BODY_MAX = 1_000_000
#: A half of a pair of UTF-16, escaped: alone it is no text, and only then is it worth encoding the whole once more to see.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
#: How the type of an event ends.
_PUBLISHED, _CORRECTED = ".published", ".corrected"
_MEDIA_TYPES = {".json": "application/json", ".xml": "application/xml", ".txt": "text/plain"}
#: The practice receiver's answers, which a rehearsal reads whatever the real receiver will say.
PRACTICE = Reading(success=(Condition("ok"),), remote_id="id", address="url")
#: What ``{{ published.… }}`` offers in a template; filled in when the post leaves.
_TIMES = {name: time_mark(name) for name in ("iso", "minute", "date", "chinese")}


class WebhookAdapter:
    """An endpoint bound to its channel."""

    kind = "webhook"
    Config = WebhookConfig
    traits = Traits(label=("网络接口", "webhook"), unit="bytes", body_max=BODY_MAX, public_page="text")

    def __init__(self, config: WebhookConfig, tools: Tools) -> None:
        self._config = config
        self._tools = tools
        self._url = config.endpoint()
        self._reading = PRACTICE if config.rehearsal else config.reading()
        self._secrets = [secret.get_secret_value() for secret in config.secret]
        self._hidden = config.hidden_texts()
        own = {name.lower(): value for name, value in config.plain_headers().items()}
        self._headers = {"content-type": f"{self._media_type}; charset=utf-8", **own}
        self.traits = replace(
            type(self).traits,
            limits=(Limit(config.limit_per_minute, timedelta(minutes=1)),) if config.limit_per_minute else (),
            replay=timedelta(hours=config.replay_hours) if config.replay_hours else None,
            acts_on_half=config.acts_on_half,
        )
        #: Unix seconds. Framing of the protocol, not a date of ours: the signature says when it was made, so that an old one is refused.
        self.now = time.time

    @property
    def budget(self) -> str:
        """The host: channels that lead to one server share its pace."""
        return self._url.netloc.decode("ascii")

    @property
    def account(self) -> AccountName:
        """The host, and the address, which often holds a key."""
        if not self._config.url.get_secret_value():
            return AccountName()
        host = place_of(str(self._url.copy_with(path="/", query=None)))
        return AccountName(place=host, key=f"{place_of(str(self._url))}?{self._url.query.decode('ascii')}")

    def render(self, post: Post, kit: Kit) -> Rendition:
        """The body from the template. JSON is written compactly, in the template's order; broken JSON is left for ``check`` to show."""
        link = self._config.link
        named = dict.fromkeys([*([post.cover] if post.cover else []), *post.pictures])
        fitted = {picture.source: on_site(picture, kit) for picture in named}
        public = {picture.source: public_address(picture, kit, link, self._config.pictures) for picture in named}
        described = {name: _described(picture, public[name]) for name, picture in fitted.items()}
        body = kit.template(
            self._config.template,
            html=_with_public_pictures(kit.html, public),
            address=kit.link(link) if kit.linked(link) else "",
            published=_TIMES,
            cover=described[post.cover.source] if post.cover else None,
            pictures=[described[picture.source] for picture in post.pictures],
        )
        local = sum(not public[picture.source] for picture in post.pictures)
        # Pictures are there for readers once the site has published them: this waits for that, whether or not it names the page.
        waits = {"pictures_on": kit.link(link)} if any(public.values()) else {}
        return Rendition(
            title=post.title,
            summary=post.summary,
            body=_compact(body) if self._media_type == "application/json" else body.strip(),
            media_type=self._media_type,
            pictures=tuple(dict.fromkeys(fitted.values())),
            needs=needed_channels([body, *waits.values()]),
            extra=waits | ({"local_pictures": str(local)} if local or not self._config.pictures else {}),
        )

    @property
    def _media_type(self) -> str:
        return _MEDIA_TYPES["." + self._config.template.rsplit(".", 1)[-1]]

    def check(self, rendition: Rendition) -> Sequence[Finding]:
        """Whether there is a title and a body, the body is what its type says, and it is not too large."""
        findings = []
        if not rendition.title.strip():
            text = say("没有标题。请给稿件写上 title。", "There is no title. Give the post a title.")
            findings.append(Finding(code="webhook.no_title", message=text, place="title"))
        broken = self._broken(rendition)
        findings += [broken] if broken is not None else []
        size = len(rendition.body.encode("utf-8", "surrogatepass"))
        if size > BODY_MAX:
            text = say(
                "要发送的内容有 {size} 字节，超过 {most} 字节，多数服务器不收。请把长文或图片改为链接。",
                "There are {size} bytes to send, more than {most}, which most servers refuse. Link long texts and pictures instead.",
                size=size,
                most=BODY_MAX,
            )
            findings.append(Finding(code="webhook.too_long", message=text, place="body"))
        if broken is None and rendition.extra.get("local_pictures", "0") != "0":
            findings.append(self._local())
        return findings

    def _local(self) -> Finding:
        text = say(
            "正文图片的地址只在本机有效，接收方打不开。请在渠道设置里用 pictures 写明网站图片的公开地址。",
            "The pictures' addresses are valid on this machine only. Name the site's public picture folder with the setting pictures.",
        )
        if self._config.pictures:
            text = say(
                "有图片在渠道 {link} 上没有（稿件不发往那里，或那里的文字不用这张图），接收方打不开。请让稿件也发往 {link}，或去掉这些图片。",
                "Some pictures are not on the channel {link}, because the post does not go there or its text there has none of them: the "
                "receiver cannot open them. Send the post there too, or leave them out.",
                link=self._config.link,
            )
        return Finding(code="webhook.local_pictures", message=text, place="body", severity=Severity.WARN)

    def _broken(self, rendition: Rendition) -> Finding | None:
        if not rendition.body.strip():
            reason = say("内容是空的", "it is empty")
        elif rendition.media_type != "application/json":
            return None
        else:
            try:
                data = read_json(rendition.body)
                rendition.body.encode()
                if _HALF.search(rendition.body):
                    json.dumps(data, ensure_ascii=False).encode()
            except json.JSONDecodeError as error:
                reason = say(
                    "第 {line} 行第 {column} 列不是有效的 JSON（{what}）",
                    "it is not valid JSON at line {line}, column {column} ({what})",
                    line=error.lineno,
                    column=error.colno,
                    what=say(_JSON.get(error.msg, "写法不对"), error.msg),
                )
            except ValueError as error:
                reason = say(
                    "不是有效的 JSON（{what}）",
                    "it is not valid JSON ({what})",
                    what=say("有 NaN、Infinity、过大的数、不成对的字符，嵌套过深，或同一名称有两个值", str(error)),
                )
            else:
                return None
        message = say(
            "模板 templates/webhook/{template} 填好后{reason}。请改模板；值写成“名称 | tojson”就不会出错。",
            "The template templates/webhook/{template} was filled in, and {reason}. Mend it; values written as `name | tojson` are safe.",
            template=self._config.template,
            reason=reason,
        )
        return Finding(code="webhook.bad_body", message=message, place=f"templates/webhook/{self._config.template}")

    def publish(self, order: Order) -> Outcome:
        """Send it. Other addresses of the same name are tried only while it is proved that not a byte has left."""
        rendition = order.rendition
        if not rendition.is_bound:
            return Unsent(evidence=say("成稿里的地址还没有填上", "an address in the rendition is not filled in yet"))
        try:
            ways = self._routes()
        except PrivateAddressError as error:
            finding = Finding(code="http.private_address", message=str(error))
            return Rejected(findings=(finding,), blame=Blame.CHANNEL)
        except OSError as error:
            return Unsent(
                evidence=say(
                    "{host} 解析失败：{error}",
                    "cannot resolve {host}: {error}",
                    host=self._url.host,
                    error=broken_words(error),
                )
            )
        body = rendition.body.encode()
        answer: Answer | Unsent | Unknown = Unsent(evidence=say("没有可用的地址", "there is no address"))
        for way in ways:
            answer = self._send(way, order.key, body)
            if not isinstance(answer, Unsent) or answer.left:
                break
        return self._judge(answer) if isinstance(answer, Answer) else answer

    def _routes(self) -> tuple[Route, ...]:
        """A rehearsal never leaves the process, so there is no name to look up."""
        allow = self._config.allow_private or self._config.rehearsal
        return routes(self._url, allow_private=allow, proxied=not allow and self._tools.proxied(self._url))

    def _send(self, way: Route, key: str, body: bytes) -> Answer | Unsent | Unknown:
        headers = {**self._headers, **way.headers, **signed_headers(self._secrets, key, int(self.now()), body)}
        return send_once(
            self._tools.http,
            "POST",
            way.url,
            content=body,
            headers=headers,
            extensions=way.extensions,
            secrets=self._hidden,
        )

    def _judge(self, answer: Answer) -> Outcome:
        if answer.status == httpx.codes.GONE:
            message = say(
                "接收方说这个接口已停用（410）。请向对方要新的 url。",
                "the receiver says that this endpoint is gone (410). Ask for the new url.",
            )
            return Rejected(findings=(Finding(code="webhook.gone", message=message),), blame=Blame.CHANNEL)
        if (verdict := judge_status(answer)) is not None:
            if answer.ok and isinstance(verdict, Rejected) and not self._reading.success:
                # A receiver that may answer anything may also answer a page with a sign-in on it, and have taken the post.
                return Unknown(evidence=in_words(verdict.findings))
            return verdict
        match judge(self._reading.success, answer.data):
            case Verdict.MET:
                return Published(receipt=self._receipt(answer))
            case Verdict.REFUSED:
                message = say(
                    "接收方没有发布这篇稿件：{said}", "the receiver did not publish it: {said}", said=answer.excerpt
                )
                return Rejected(findings=(Finding(code="webhook.refused", message=message),), blame=Blame.CONTENT)
            case Verdict.UNCLEAR:
                return Unknown(
                    evidence=say(
                        "回答里没有 success 所说的内容：{said}",
                        "the answer lacks what success names: {said}",
                        said=answer.excerpt,
                    )
                )

    def _receipt(self, answer: Answer) -> Receipt:
        address = pick_text(answer.data, self._reading.address)
        if address and address.startswith("/") and not address.startswith("//"):
            address = f"{self._url.scheme}://{self._url.netloc.decode('ascii')}{address}"
        return Receipt(
            remote_id=pick_text(answer.data, self._reading.remote_id),
            address=address if address and address.startswith(("http://", "https://")) else None,
            evidence=answer.excerpt,
        )

    def confirm(self, order: Order, ticket: str | None) -> Evidence:
        """A plain endpoint cannot be asked; where it remembers ``webhook-id``, the core may send again instead (``replay_hours``)."""
        return Unknown(
            evidence=say(
                "无法向 {url} 查询，请到接收方后台查看，再登记结果（{resolve}）",
                "{url} cannot be asked; look at the receiver's side, then settle it with {resolve}",
                url=shown(self._url),
                resolve=Remedy("resolve"),
            )
        )

    def corrected(self, rendition: Rendition) -> Rendition | None:
        """The same body, whose ``type`` says ``corrected`` in place of ``published``; ``None`` for a template of one's own without such a
        type: its receiver could not tell a correction from a new post."""
        if rendition.media_type != "application/json":
            return None
        try:
            data = read_json(rendition.body)
        except ValueError:
            return None
        named = data.get("type") if isinstance(data, dict) else None
        if not isinstance(named, str) or not named.endswith(_PUBLISHED):
            return None
        data["type"] = named.removesuffix(_PUBLISHED) + _CORRECTED
        return replace(rendition, body=json.dumps(data, ensure_ascii=False, separators=(",", ":")))

    def correct(self, order: Order, receipt: Receipt) -> Outcome:
        """Send the event."""
        return self.publish(order)

    def steps_of_takedown(self) -> Sequence[str]:
        """What a person does: there is no interface for it."""
        return [
            say(
                "请接收方撤下这篇，并请对方回复撤下的时间",
                "ask the receiver to take it down, and to tell when",
            )
        ]

    def diagnose(self) -> Sequence[Finding]:
        """Whether the server can be reached, without a request; and what is unwise in the settings."""
        if self._config.rehearsal:
            return ()
        findings = [*self._reached(), *unencrypted(self._url)]
        if not self._config.secret:
            message = say(
                "没有设置 secret，接收方无法辨别请求是否伪造。",
                "There is no secret, so the receiver cannot tell a forged request.",
            )
            findings.append(Finding(code="webhook.unsigned", message=message, severity=Severity.WARN))
        return findings

    def _reached(self) -> Sequence[Finding]:
        try:
            proxied = self._tools.proxied(self._url)
        except MachineError as error:
            return (Finding(code="http.machine", message=str(error)),)
        return reach(self._tools.http, self._url, allow_private=self._config.allow_private, proxied=proxied)


def _with_public_pictures(text: str, public: Mapping[str, str]) -> str:
    """The HTML with the addresses under which readers find its pictures; those without one stay as the post wrote them."""
    for source, address in public.items():
        if address:
            text = text.replace(f'src="{html.escape(source)}"', f'src="{html.escape(address)}"')
    return text


def _described(picture: Picture, address: str) -> dict[str, Any]:
    return {
        "source": picture.source,
        "url": address or None,
        "sha256": picture.sha256,
        "media_type": picture.media_type,
        "size": picture.size,
        "width": picture.width,
        "height": picture.height,
        "alt": picture.alt,
        "caption": picture.caption,
    }


def _compact(text: str) -> str:
    try:
        compact = json.dumps(read_json(text), ensure_ascii=False, separators=(",", ":"))
        compact.encode()
    except ValueError:
        return text
    return compact


#: What the JSON reader of the standard library says (CPython's Lib/json/decoder.py).
_JSON: Final = {
    "Expecting value": "缺少值",
    "Expecting property name enclosed in double quotes": "名称要用双引号括起来",
    "Expecting ',' delimiter": "缺少逗号",
    "Expecting ':' delimiter": "缺少冒号",
    "Unterminated string starting at": "引号没有成对",
    "Invalid control character at": "引号里有换行等控制字符",
    "Invalid \\escape": "反斜线后面的写法不对",
    "Extra data": "结束后面还有内容",
    "Illegal trailing comma before end of object": "结尾多了逗号",
    "Illegal trailing comma before end of array": "结尾多了逗号",
}
