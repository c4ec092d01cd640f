"""A mail server to practise on: it takes a whole message and reads it as a mailbox would. Nothing is delivered to anyone."""

import email
import email.policy
import json
from datetime import datetime
from email.message import EmailMessage
from functools import lru_cache

import httpx

from xuanfa.rehearsal.journal import Turn
from xuanfa.rehearsal.platform import Platform, Reply, fingerprint

#: What must be in a message (RFC 5322, 3.6), and what a reader needs.
_NEEDED = ("From", "To", "Date", "Subject", "Message-ID")


class MailPlatform(Platform):
    """The server's side; a message whose Message-ID it has seen counts as a second one, as in real mailboxes."""

    def decide(self, request: httpx.Request, body: bytes, now: datetime, turn: Turn) -> Reply:
        """250, or 554 with what is wrong."""
        message = _read(body)
        lacks = [name for name in _NEEDED if not message[name]]
        if request.method != "POST" or lacks or message.get_body(("html",)) is None:
            return Reply(body=json.dumps({"code": 554, "text": f"not a message: {', '.join(lacks)}"}))
        number = str(message["Message-ID"])
        answer = json.dumps({"code": 250, "text": f"queued as {fingerprint(number)}"})
        return Reply(body=answer, accepted=True, account=fingerprint(str(message["From"])), message=number)

    def shown_path(self, url: httpx.URL) -> str:
        """There is nothing to hide."""
        return url.path

    def shown_body(self, request: httpx.Request, body: bytes) -> str:
        """Headers and plain text; pictures by name."""
        message = _read(body)
        lines = [f"{name}: {value}" for name, value in message.items()]
        plain = message.get_body(("plain",))
        files = [
            part.get_filename() or part.get_content_type()
            for part in message.walk()
            if part.get_content_maintype() == "image"
        ]
        text = plain.get_content() if isinstance(plain, EmailMessage) else ""
        return "\n".join([*lines, "", text, *(f"[{file}]" for file in files)])


@lru_cache(maxsize=1)
def _read(body: bytes) -> EmailMessage:
    """The message: read once for the answer and for the journal, because its pictures make that slow."""
    return email.message_from_bytes(body, policy=email.policy.SMTP)
