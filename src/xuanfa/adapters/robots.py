"""What group robots share: messages of JSON with a late-bound address, codes in the body of an HTTP 200, and words for both."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from xuanfa.adapters.http import Answer, judge_status
from xuanfa.adapters.protocol import Kit
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Blame, Deferred, Outcome, Published, Rejected, Unknown
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.rendition import Rendition, bind, needed_channels

#: An address that is not known yet is counted with this many bytes.
ADDRESS_BYTES = 100
#: A Markdown address that is a path of the author's own machine; readers in a group cannot follow it.
_LOCAL = re.compile(r"\]\((?!https?://|mailto:)(?P<target>[^)\s]+)")

#: A sentence in Chinese and in English: what a code means, and what to do.
Words = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """One platform's codes, as documented: which of them ask for patience, which concern every message, which only this one.

    A code in none of the tables is a refusal of the message, since the platform documents every code but 0 as "not done"; those in
    ``unclear`` are doubt.
    """

    name: Words
    later: Mapping[int, tuple[timedelta, Words]] = field(default_factory=dict)
    channel: Mapping[int, Words] = field(default_factory=dict)
    content: Mapping[int, Words] = field(default_factory=dict)
    unclear: frozenset[int] = frozenset()


def judge_code(answer: Answer, code: int | None, codes: Codes, prefix: str) -> Outcome:
    """What an answer proves: by the code in its body where it has one, else by its status. 5xx and an unreadable 200 are doubt."""
    if code is None or not (answer.ok or 400 <= answer.status < 500):  # noqa: PLR2004 - RFC 9110
        return judge_status(answer) or _unreadable(answer)
    if code == 0:
        return Published(receipt=Receipt(evidence=answer.excerpt)) if answer.ok else _unreadable(answer)
    if code in codes.unclear:
        return _unreadable(answer)
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


def web_address(value: str) -> str:
    """The address of a platform, without a slash at its end. Raises ValueError for anything else."""
    if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value):
        raise ValueError(
            say(
                "应是以 https:// 开头、不带 ? 和 # 的地址",
                "must be an address that begins with https://, without ? and #",
            )
        )
    return value.rstrip("/")
