"""A package of somebody else's, as small as it can be: a kind of channel and the platform to practise it on."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import httpx

from xuanfa.adapters.protocol import AdapterConfig, Kit, Tools, Traits
from xuanfa.adapters.shared.http import Answer, judge_status, send_once
from xuanfa.adapters.shared.sendable import unready
from xuanfa.domain.attempt import Order
from xuanfa.domain.finding import Finding
from xuanfa.domain.outcome import Evidence, Outcome, Published, Unknown
from xuanfa.domain.post import Post
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.rendition import Rendition
from xuanfa.rehearsal import Platform
from xuanfa.rehearsal.journal import Turn
from xuanfa.rehearsal.platform import Reply


class FaxConfig(AdapterConfig):
    number: str


class FaxAdapter:
    kind = "fax"
    Config = FaxConfig
    traits = Traits(label=("传真", "fax"), body_max=3000)

    def __init__(self, config: FaxConfig, tools: Tools) -> None:
        self._config, self._tools = config, tools

    @property
    def budget(self) -> str:
        return self._config.number

    def render(self, post: Post, kit: Kit) -> Rendition:
        return Rendition(title=post.title, body=kit.text, media_type="text/plain")

    def check(self, rendition: Rendition) -> Sequence[Finding]:
        return ()

    def publish(self, order: Order) -> Outcome:
        if (refused := unready(order, self.check)) is not None:
            return refused
        pages = {"to": self._config.number, "text": order.rendition.body}
        answer = send_once(self._tools.http, "POST", "https://fax.example/send", json=pages)
        if not isinstance(answer, Answer):
            return answer
        return judge_status(answer) or Published(receipt=Receipt(remote_id=answer.fields["page"], evidence=answer.text))

    def confirm(self, order: Order, ticket: str | None) -> Evidence:
        return Unknown(evidence="a fax cannot be asked")

    def diagnose(self) -> Sequence[Finding]:
        return ()


class FaxPlatform(Platform):
    """The other end of the line."""

    def decide(self, request: httpx.Request, body: bytes, now: datetime, turn: Turn) -> Reply:
        pages: Any = json.loads(body)
        return Reply(body=json.dumps({"page": "1"}), accepted=bool(pages["text"]), account=pages["to"])

    def shown_path(self, url: httpx.URL) -> str:
        return url.path
