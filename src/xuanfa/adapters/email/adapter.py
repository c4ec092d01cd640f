"""Email: a post as one message to fixed recipients.

A message cannot be called back and a server cannot be asked what became of it, so a lost reply stays unknown until somebody looks into a
mailbox. The Message-ID is the delivery's key, the same in every attempt. Facts and settings: ``docs/adapters/email.md``.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from html import escape
from typing import ClassVar

from xuanfa.adapters.email.config import PORTS, EmailConfig
from xuanfa.adapters.email.dialogue import Dialogue, Trouble
from xuanfa.adapters.email.message import written
from xuanfa.adapters.protocol import Carrying, Kit, Tools, Traits
from xuanfa.adapters.shared.accounts import AccountName
from xuanfa.adapters.shared.http import Answer, judge_status, send_once
from xuanfa.adapters.shared.inline import SafeHtml, scrolled, sized, unlocated, with_pictures, without_anchors
from xuanfa.adapters.shared.sendable import unready
from xuanfa.domain.attachment import Attachment, attached
from xuanfa.domain.attempt import Order
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Deferred, Evidence, Outcome, Published, Rejected, Unknown, Unsent
from xuanfa.domain.pacing import Limit
from xuanfa.domain.post import Picture, PictureRule, Post
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.rendition import Rendition, needed_channels

#: Wide enough for a mail window on a sharp screen, small enough for a phone's data; older mail programs know no WebP.
PICTURES = PictureRule(
    media_types=("image/jpeg", "image/png", "image/gif"),
    bytes_max=600_000,
    side_max=1280,
    width_min=600,
    width_first=True,
)
#: The width of the column of text in ``article.html``. Pixels.
WIDTH = 624
#: Base64 writes three bytes as four, and a line end after 76.
_TRAVELS = 4 / 3 * 78 / 76
#: What is left for the texts of a message when it is asked whether attachments go with it. Bytes.
_TEXTS = 500_000
#: Set where attachments are too large for the message, and readers get them from the website's page.
LINKED = "attachments_linked"
#: Where a rehearsed message goes: to the practice platform, wherever this points.
_PRACTICE = "https://rehearsal.invalid/smtp"


class EmailAdapter:
    """A mail server, a sender and their recipients."""

    kind = "email"
    Config = EmailConfig
    carries_attachments: ClassVar[Carrying] = "message"
    traits = Traits(label=("电子邮件", "email"), public_page="none")

    def __init__(self, config: EmailConfig, tools: Tools) -> None:
        self._config = config
        self._tools = tools
        if config.limit_per_minute:
            limit = Limit(config.limit_per_minute, timedelta(minutes=1))
            self.traits = replace(type(self).traits, limits=(limit,))

    @property
    def budget(self) -> str:
        """A hash of server and account: what a provider counts."""
        account = f"{self._config.endpoint}\n{self._config.username or self._config.mailbox}"
        return hashlib.sha256(account.encode()).hexdigest()[:16]

    @property
    def account(self) -> AccountName:
        """Server, sender and recipients: the same mailbox writes to the press and to the staff."""
        host, port = self._config.endpoint
        recipients = sorted(address.lower() for address in self._config.recipients)
        if not host or not recipients:
            return AccountName()
        more = f" +{len(recipients) - 1}" if len(recipients) > 1 else ""
        return AccountName(
            place=host.lower() if port in PORTS.values() else f"{host.lower()}:{port}",
            name=f"{self._config.mailbox.lower()} → {recipients[0]}{more}",
            key="\n".join(recipients) if more else "",
        )

    def render(self, post: Post, kit: Kit) -> Rendition:
        """The message's two texts, its subject, and the pictures inside."""
        address = kit.link(self._config.link) if kit.linked(self._config.link) else ""
        article, pictures = with_pictures(without_anchors(kit.html), post.pictures, kit, PICTURES)
        is_linked = bool(address) and not self._fits(post, pictures)
        where = _named(post, is_linked=is_linked)
        article += "".join(f"<p>{escape(line)}</p>" for line in where) if article.strip() else ""
        body = kit.template(
            "article.html", article=SafeHtml(scrolled(sized(article, pictures, WIDTH))), address=address
        )
        text = "\n\n".join([kit.template("article.txt", address=address).strip(), *where]) + "\n"
        return Rendition(
            title=post.title,
            summary=post.summary,
            body=body,
            media_type="text/html",
            pictures=pictures,
            needs=needed_channels([body, text]),
            extra={
                "text": text,
                "subject": " ".join(kit.template("subject.txt").split()),
                "office": kit.organisation.name or kit.column.title,
                "article": "1" if article.strip() else "",
            }
            | ({LINKED: "1"} if where and is_linked else {}),
        )

    def _fits(self, post: Post, pictures: Sequence[Picture]) -> bool:
        """Whether the attachments go with the message."""
        size = sum(each.size for each in post.attachments) + sum(picture.size for picture in pictures)
        return size * _TRAVELS <= self._config.size_max_mb * 1_000_000 - _TEXTS

    def check(self, rendition: Rendition) -> Sequence[Finding]:
        """Whether there is something to read, everything can be seen, and the message is not too large."""
        findings = []
        if not rendition.title.strip() or not rendition.body.strip() or not rendition.extra.get("article"):
            text = say("邮件没有标题或正文。请补写 title 和正文。", "The message lacks a title or a text. Write them.")
            findings.append(Finding(code="email.empty", message=text, place="title"))
        findings += unlocated(rendition.body, rendition.pictures, "email.local_picture")
        return [*findings, *self._too_long(rendition)]

    def _too_long(self, rendition: Rendition) -> list[Finding]:
        most = self._config.size_max_mb * 1_000_000
        texts = len(rendition.body.encode()) + len(rendition.extra.get("text", "").encode())
        files = sum(each.size for each in _enclosed(rendition)) + sum(picture.size for picture in rendition.pictures)
        size = int((texts + files) * _TRAVELS)
        if size <= most:
            return []
        message = say(
            "邮件约有 {size:.1f} MB，超过 {most} MB。请减少图片或缩短正文，或按邮件服务器的规定调高 size_max_mb。",
            "The message has about {size:.1f} MB, more than {most} MB. Use fewer pictures or a shorter text, "
            "or raise size_max_mb if the server takes more.",
            size=size / 1_000_000,
            most=self._config.size_max_mb,
        )
        return [Finding(code="email.too_long", message=message, place="body")]

    def publish(self, order: Order) -> Outcome:
        """Hand the message over, once."""
        rendition = order.rendition
        refused = unready(order, self.check)
        if refused is not None:
            return refused
        files = {picture: self._tools.picture(picture) for picture in rendition.pictures}
        enclosed = [(each, self._tools.attachment(each).read_bytes()) for each in _enclosed(rendition)]
        message = written(order, self._config, files, enclosed)
        if self._config.rehearsal:
            return self._practise(message)
        try:
            with Dialogue(self._config, self._tools.tls, self._tools.limit, message) as dialogue:
                return dialogue.hand_over(self._config.mailbox, self._config.recipients, order.attempt)
        except Trouble as trouble:
            return trouble.outcome

    def _practise(self, message: bytes) -> Outcome:
        """The same bytes to the practice server. A rehearsal never talks to a real one."""
        answer = send_once(
            self._tools.http, "POST", _PRACTICE, content=message, headers={"Content-Type": "message/rfc822"}
        )
        if not isinstance(answer, Answer):
            return answer
        verdict = judge_status(answer)
        if verdict is not None:
            return verdict
        if answer.fields.get("code") != 250:  # noqa: PLR2004 - RFC 5321
            return Unknown(evidence=say("看不懂的回答：{said}", "unreadable answer: {said}", said=answer.excerpt))
        return Published(receipt=Receipt(evidence=answer.excerpt))

    def confirm(self, order: Order, ticket: str | None) -> Evidence:
        """A mail server cannot be asked: only a recipient can tell."""
        return Unknown(
            evidence=say(
                "邮件服务器不能查询已发邮件，请到收件箱看一眼，再登记结果（{resolve}）",
                "a mail server cannot be asked what it delivered; look into a recipient's mailbox, then settle it with {resolve}",
                resolve=Remedy("resolve"),
            )
        )

    def steps_of_takedown(self) -> Sequence[str]:
        """What a person does: there is no interface for it."""
        return [
            say(
                "邮件发出就收不回：另发一封，请收件人删除并说明原因",
                "mail cannot be taken back: write once more, ask those who got it to delete it, and say why",
            )
        ]

    def diagnose(self) -> Sequence[Finding]:
        """Whether the server answers, encrypts and lets us sign in. No message is begun."""
        if self._config.rehearsal:
            return ()
        findings: list[Finding] = []
        if self._config.security == "none":
            text = say(
                "与邮件服务器的连接没有加密，内容可能被截获；请尽量改用 starttls。",
                "The connection to the mail server is not encrypted and can be read on the way. Use starttls where possible.",
            )
            findings.append(Finding(code="email.plain", message=text, severity=Severity.WARN))
        try:
            with Dialogue(self._config, self._tools.tls, self._tools.limit):
                return findings
        except Trouble as trouble:
            return [*findings, *_as_findings(trouble.outcome)]


def _as_findings(outcome: Deferred | Unsent | Rejected) -> Sequence[Finding]:
    match outcome:
        case Rejected(findings=findings):
            return findings
        case Deferred(reason=text) | Unsent(evidence=text):
            return (Finding(code="email.connect", message=text),)


def _enclosed(rendition: Rendition) -> tuple[Attachment, ...]:
    """The attachments that go with the message."""
    return () if rendition.extra.get(LINKED) else attached(rendition.extra)


def _named(post: Post, *, is_linked: bool) -> list[str]:
    """A line on the attachments, for readers of the message; none where there are none."""
    if not post.attachments:
        return []
    each = "、".join(f"《{one.title}》（{one.kind}，{one.weight}）" for one in post.attachments)
    return [f"附件：{each}。" + ("附件较大，请在网站本文页面下载。" if is_linked else "")]
