"""A mail server to practise on: it takes a whole message and reads it as a mailbox would. Nothing is delivered to anyone."""

import email
import json
from datetime import datetime
from email.header import decode_header, make_header
from email.message import Message
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
        if request.method != "POST" or lacks or _part(message, "text/html") is None:
            return Reply(body=json.dumps({"code": 554, "text": f"not a message: {', '.join(lacks)}"}))
        number = _text(message["Message-ID"])
        answer = json.dumps({"code": 250, "text": f"queued as {fingerprint(number)}"})
        return Reply(body=answer, accepted=True, account=fingerprint(_text(message["From"])), message=number)

    def shown_path(self, url: httpx.URL) -> str:
        """There is nothing to hide."""
        return url.path

    def shown_body(self, request: httpx.Request, body: bytes) -> str:
        """Headers and plain text; pictures by name."""
        message = _read(body)
        lines = [f"{name}: {_text(value)}" for name, value in message.items()]
        plain = _part(message, "text/plain")
        files = [
            part.get_filename() or part.get_content_type()
            for part in message.walk()
            if part.get_content_maintype() == "image"
        ]
        text = "" if plain is None else bytes(plain.get_payload(decode=True)).decode("utf-8", "replace")
        return "\n".join([*lines, "", text.replace("\r\n", "\n"), *(f"[{file}]" for file in files)])


@lru_cache(maxsize=1)
def _read(body: bytes) -> Message:
    """The message: read once for the answer and for the journal, and without a model of every header, because a message is long."""
    return email.message_from_bytes(body)


def _part(message: Message, kind: str) -> Message | None:
    """The first part of this kind."""
    return next((part for part in message.walk() if part.get_content_type() == kind), None)


def _text(value: str) -> str:
    """A header's value as people read it: unfolded (RFC 5322, 2.2.3) and decoded (RFC 2047)."""
    return str(make_header(decode_header("".join(value.splitlines()))))
