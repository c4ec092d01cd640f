"""What group robots share: messages of JSON with a late-bound address, codes in the body of an HTTP 200, and words for both.

A robot writes one message into one group. It returns no message id and can neither be asked nor called back, so a lost answer stays unknown
until somebody looks into the group.
"""

import hashlib
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Generic, TypeVar

import httpx

from xuanfa.adapters.protocol import AdapterConfig, Kit, Tools, Traits
from xuanfa.adapters.shared.accounts import AccountName, place_of
from xuanfa.adapters.shared.addresses import reach
from xuanfa.adapters.shared.clock import clock_off
from xuanfa.adapters.shared.fields import WebAddress
from xuanfa.adapters.shared.http import Answer, judge_status, send_once
from xuanfa.adapters.shared.sendable import unready
from xuanfa.domain.attempt import Order
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.language import say
from xuanfa.domain.length import Length
from xuanfa.domain.outcome import Blame, Deferred, Evidence, Outcome, Published, Rejected, Unknown, Unsent
from xuanfa.domain.post import Post
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.rendition import Rendition, bind, needed_channels

#: An address that is not known yet is counted with this many bytes.
ADDRESS_BYTES = 100
#: A Markdown address that is a path of the author's own machine; readers in a group cannot follow it.
_LOCAL = re.compile(r"\]\((?!https?://|mailto:)(?P<target>[^)\s]+)")

#: A sentence in Chinese and in English: what a code means, and what to do.
Words = tuple[str, str]


class RobotConfig(AdapterConfig):
    """The settings that all robots have."""

    #: The channel whose address of the same post is put in, where the post goes there.
    link: str = "site"
    base_url: WebAddress = ""


C = TypeVar("C", bound=RobotConfig)


class GroupRobot(ABC, Generic[C]):
    """A robot bound to its group. A kind adds its messages, its request and its codes."""

    kind: ClassVar[str]
    traits: Traits
    #: What a robot without a secret may lack: the platform's own word for checking signatures; ``None`` where it knows none.
    signing: ClassVar[tuple[str, str] | None] = None

    def __init__(self, config: C, tools: Tools, *, key: str, secret: str = "") -> None:
        self._config = config
        self._tools = tools
        self._robot = key
        self._key = key or "rehearsal"
        self._secret = secret

    @property
    def budget(self) -> str:
        """A hash of the key: two channels with one robot share its pace."""
        return hashlib.sha256(self._key.encode()).hexdigest()[:16]

    @property
    def account(self) -> AccountName:
        """The platform, and the robot: whoever has its key is it."""
        return AccountName(place=place_of(self._config.base_url), key=self._robot)

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

    def check(self, rendition: Rendition) -> Sequence[Finding]:
        """Whether the message is complete and within the platform's limits."""
        message = as_bound(rendition)
        if not rendition.title.strip() or not (message.get("msgtype") or message.get("msg_type")):
            text = say("消息没有标题。请给稿件写上 title。", "The message has no title. Give the post a title.")
            return [Finding(code=f"{self.kind}.empty", message=text, place="title")]
        return self._check(message)

    def lengths(self, rendition: Rendition) -> Sequence[Length]:
        """As the platform counts the message, an address of a usual length in it where one is still to come."""
        message = as_bound(rendition)
        return self._lengths(message) if message.get("msgtype") or message.get("msg_type") else ()

    def publish(self, order: Order) -> Outcome:
        """Send the message. What is answered with another code than 0 has not been sent, so the platforms document."""
        refused = unready(order, self.check)
        if refused is not None:
            return refused
        answer = self._send(order)
        return self._judge(answer) if isinstance(answer, Answer) else answer

    def _post(
        self, path: str, message: str, secrets: Sequence[str], params: Mapping[str, str]
    ) -> Answer | Unsent | Unknown:
        return send_once(
            self._tools.http,
            "POST",
            self._config.base_url + path,
            params=dict(params),
            content=message.encode(),
            headers={"Content-Type": "application/json; charset=utf-8"},
            secrets=(self._key, self._secret, *secrets),
        )

    def confirm(self, order: Order, ticket: str | None) -> Evidence:
        """The robot cannot be asked: only somebody in the group can tell."""
        return Unknown(
            evidence=say(
                "{name}机器人不能查询已发消息，请到群里看一眼，再登记结果（{resolve}）",
                "a robot of a {name} cannot be asked what it sent; look into the group, then settle it with {resolve}",
                name=self.traits.name,
                resolve=Remedy("resolve"),
            )
        )

    def steps_of_takedown(self) -> Sequence[str]:
        """What a person does: there is no interface for it."""
        return [
            say(
                "请群主或管理员在群里删除这条消息；删不掉就在群里说明作废",
                "ask whoever runs the group to delete the message; where that cannot be done, say in the group that it is void",
            )
        ]

    def diagnose(self) -> Sequence[Finding]:
        """Whether the platform can be reached and its clock is ours. A key can only be tried by sending a message, which this does not."""
        if self._config.rehearsal:
            return ()
        return (*self._reached(), *self._unsigned())

    def _reached(self) -> tuple[Finding, ...]:
        unreached = reach(self._tools.http, httpx.URL(self._config.base_url), allow_private=True)
        if unreached:
            return unreached
        answer = send_once(self._tools.http, "GET", f"{self._config.base_url}/")
        return clock_off(answer.headers, self.kind) if isinstance(answer, Answer) else ()

    def _unsigned(self) -> tuple[Finding, ...]:
        if self._secret or self.signing is None:
            return ()
        text = say(
            "没有设置 secret：机器人若选了“{signing}”会拒收；若用关键词或 IP 白名单则不必理会。",
            "There is no secret: a robot that checks signatures ({signing}) will refuse; ignore this where it checks keywords or addresses.",
            signing=say(*self.signing),
        )
        return (Finding(code=f"{self.kind}.unsigned", message=text, severity=Severity.WARN),)

    @abstractmethod
    def _message(self, post: Post, kit: Kit, address: str) -> Mapping[str, Any]:
        """The message, with ``address`` late-bound or empty."""

    @abstractmethod
    def _check(self, message: Mapping[str, Any]) -> Sequence[Finding]:
        """What is wrong with a whole message."""

    @abstractmethod
    def _lengths(self, message: Mapping[str, Any]) -> Sequence[Length]:
        """What of it is bounded, and how long it is."""

    @abstractmethod
    def _send(self, order: Order) -> Answer | Unsent | Unknown:
        """The one request."""

    @abstractmethod
    def _judge(self, answer: Answer) -> Outcome:
        """What the answer proves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """One platform's codes, as documented: which of them ask for patience, which concern every message, which only this one.

    A code in none of the tables is a refusal of the message, since the platform documents every code but 0 as "not done"; those in
    ``unclear`` are doubt, those in ``busy`` were not done and may be tried again.
    """

    name: Words
    later: Mapping[int, tuple[timedelta, Words]] = field(default_factory=dict)
    channel: Mapping[int, Words] = field(default_factory=dict)
    content: Mapping[int, Words] = field(default_factory=dict)
    unclear: frozenset[int] = frozenset()
    busy: frozenset[int] = frozenset()


def judge_code(answer: Answer, code: int | None, codes: Codes, prefix: str) -> Outcome:
    """What an answer proves: by the code in its body where it has one, else by its status. 5xx and an unreadable 200 are doubt."""
    if code is None or not (answer.ok or 400 <= answer.status < 500):  # noqa: PLR2004 - RFC 9110
        return judge_status(answer) or _unreadable(answer)
    if code == 0:
        return Published(receipt=Receipt(evidence=answer.excerpt)) if answer.ok else _unreadable(answer)
    if code in codes.unclear:
        return _unreadable(answer)
    if code in codes.busy:
        return Unsent(
            evidence=say(
                "{name}系统繁忙（{code}），未发出",
                "{name} is busy ({code}), nothing was sent",
                name=say(*codes.name),
                code=code,
            )
        )
    if code in codes.later:
        wait, words = codes.later[code]
        reason = say(
            "{name}（{code}）：{why}", "{name} ({code}): {why}", name=say(*codes.name), code=code, why=say(*words)
        )
        return Deferred(after=wait, reason=reason)
    return _refused(answer, code, codes, prefix)


def _unreadable(answer: Answer) -> Unknown:
    return Unknown(evidence=say("看不懂的回答：{said}", "unreadable answer: {said}", said=answer.excerpt))


def _refused(answer: Answer, code: int, codes: Codes, prefix: str) -> Rejected:
    unknown = ("原因不明，请对照平台文档", "no reason that is known; see the platform's documentation")
    message = say(
        "{name}拒收（{code}）：{meaning}。原话：{said}",
        "{name} refused it ({code}): {meaning}. It said: {said}",
        name=say(*codes.name),
        code=code,
        meaning=say(*{**codes.content, **codes.channel}.get(code, unknown)),
        said=answer.excerpt,
    )
    blame = Blame.CHANNEL if code in codes.channel else Blame.CONTENT
    return Rejected(findings=(Finding(code=f"{prefix}.{code}", message=message),), blame=blame)


def as_code(value: Any) -> int | None:
    """A code as platforms write it, as a number or as a text of digits; ``None`` for anything else, ``false`` among it."""
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value, re.ASCII):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def filled(kit: Kit, template: str, address: str, **context: str) -> str:
    """A template filled in, without the empty lines that its conditions leave."""
    return re.sub(r"\n{3,}", "\n\n", kit.template(template, address=address, **context)).strip()


def compact(message: Mapping[str, Any]) -> str:
    """The message as the JSON that leaves: Chinese as it is, no spaces."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def as_bound(rendition: Rendition) -> dict[str, Any]:
    """The message with an address of a usual length wherever one is still to come; empty where it is no message."""
    addresses = dict.fromkeys(needed_channels([rendition.body]), "https://".ljust(ADDRESS_BYTES, "x"))
    try:
        message = json.loads(bind(rendition, addresses, datetime(2000, 1, 1, tzinfo=UTC)).body)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def local_addresses(texts: Iterable[str], code: str) -> list[Finding]:
    """A finding for the first Markdown link or picture that is a path of the author's own machine."""
    for found in map(_LOCAL.search, texts):
        if found is not None:
            text = say(
                "群消息里的图片或链接“{target}”不是网络地址，群里打不开。请在本渠道的 text 里去掉它，或换成 https:// 地址。",
                "The picture or link {target!r} is no web address, and nobody in the group can open it. "
                "Remove it from this channel's text, or use an https:// address.",
                target=found["target"],
            )
            return [Finding(code=code, message=text, place="body")]
    return []
