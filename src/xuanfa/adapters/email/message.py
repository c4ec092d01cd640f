"""A rendition as a message: HTML and plain text side by side, pictures inside, the same bytes for the same order.

Everything is ASCII on the wire (RFC 2047 and base64 for Chinese), so that no server has to offer 8BITMIME or SMTPUTF8.
"""

from collections.abc import Mapping, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from xuanfa.adapters.email.config import EmailConfig
from xuanfa.adapters.shared.inline import located
from xuanfa.domain.attachment import Attachment
from xuanfa.domain.attempt import Order
from xuanfa.domain.post import Picture


def message_id(order: Order, config: EmailConfig) -> str:
    """The same in every attempt, so that mailboxes and servers that look for doubles can find them."""
    return f"<{order.key}@{config.mailbox.rpartition('@')[2]}>"


def written(
    order: Order,
    config: EmailConfig,
    files: Mapping[Picture, Path],
    enclosed: Sequence[tuple[Attachment, bytes]] = (),
) -> bytes:
    """The message with CRLF at each line's end. ``files`` hold the pictures of the rendition."""
    rendition = order.rendition
    message = EmailMessage(policy=SMTP)
    _write_headers(message, order, config)
    message.set_content(rendition.extra["text"], cte="base64")
    names = {picture: f"{picture.sha256[:32]}@pictures.invalid" for picture in files}
    html = located(rendition.body, {picture.filename: f"cid:{name}" for picture, name in names.items()})
    message.add_alternative(html, subtype="html", cte="base64")
    page = message.get_body(("html",))
    if page is None:
        raise RuntimeError("the HTML that was just added is not there")
    for picture, file in files.items():
        maintype, _, subtype = picture.media_type.partition("/")
        page.add_related(
            file.read_bytes(),
            maintype=maintype,
            subtype=subtype,
            cid=f"<{names[picture]}>",
            filename=picture.filename,
            disposition="inline",
        )
    for attachment, data in enclosed:
        maintype, _, subtype = attachment.media_type.partition("/")
        message.add_attachment(data, maintype=maintype, subtype=subtype, filename=attachment.readable)
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        # Python would take a random one, and the same order would not be the same bytes.
        part.set_boundary(f"=_{order.key}_{number}")
    return message.as_bytes()


def _write_headers(message: EmailMessage, order: Order, config: EmailConfig) -> None:
    sender = config.sender_named(order.rendition.extra["office"])
    domain = config.mailbox.rpartition("@")[2]
    message["Date"] = order.started_at
    message["From"] = sender
    message["To"] = _to(sender, config)
    if config.reply_to:
        message["Reply-To"] = config.reply_to
    message["Subject"] = order.rendition.extra["subject"]
    message["Message-ID"] = message_id(order, config)
    message["List-Id"] = f"<{order.column}.{domain}>"
    if config.unsubscribe:
        message["List-Unsubscribe"] = f"<{config.unsubscribe}>"
    # RFC 3834: holiday replies are not wanted.
    message["Auto-Submitted"] = "auto-generated"


def _to(sender: Address, config: EmailConfig) -> list[Address]:
    """One recipient, or several that may see each other, are named; otherwise the office writes to itself and they are in the envelope only."""
    if config.recipients and (config.show_recipients or len(config.recipients) == 1):
        return [Address(addr_spec=address) for address in config.recipients]
    return [sender]
