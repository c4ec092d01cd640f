"""Phones: pages that show what came to each platform as a reader of it would see it, and one page with all of them.

The pages load nothing from elsewhere and run nothing. What came is shown, not what was sent: a picture that never arrived is missing here.
"""

import email
import email.policy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from xuanfa.content.text.received import document
from xuanfa.domain.errors import ContentError
from xuanfa.domain.post import Post
from xuanfa.domain.shown import escaped
from xuanfa.operations.practising.phone_page import PhonePage
from xuanfa.operations.practising.practice import Arrival, Practice, Shown

#: Where templates are found: one for each kind, ``plain`` for those without one.
_FOLDER = "rehearsal"


def write_phone(practice: Practice, post: Post, shown: Shown) -> Shown:
    """Write the phone of one channel; the same record, for the index."""
    templates = practice.desk.templates
    own = f"{_FOLDER}/{shown.kind}.html"
    page = _Page(practice, shown)
    context = {
        "post": post,
        "shown": shown,
        "organisation": practice.desk.organisation,
        "column": practice.desk.columns[post.column],
        "at": _local(practice, _shown_at(shown)),
        "messages": [_message(arrival) for arrival in shown.arrivals if arrival.accepted],
        "records": _clean(practice.received.records(shown.channel)),
        "written": page.written,
        "page": page,
    }
    text = templates.render(own if templates.has(own) else f"{_FOLDER}/plain.html", context)
    shown.page.write_text(text, encoding="utf-8")
    return shown


def write_index(practice: Practice, post: Post, shown: Sequence[Shown], notices: Sequence[str]) -> Path:
    """Write the page with all phones side by side, the states, the platforms' answers and the findings."""
    context = {
        "post": post,
        "shown": shown,
        "column": practice.desk.columns[post.column],
        "at": {one.channel: _local(practice, _shown_at(one)) for one in shown},
        "due": {one.channel: _local(practice, one.due_at) for one in shown},
        "notices": notices,
        "name": quote,
    }
    path = practice.folder / "index.html"
    path.write_text(practice.desk.templates.render(f"{_FOLDER}/index.html", context), encoding="utf-8")
    return path


def _shown_at(shown: Shown) -> datetime:
    """When readers got it: with the last thing that the platform took, or when it was due."""
    return next((arrival.at for arrival in reversed(shown.arrivals) if arrival.accepted), shown.due_at)


def _local(practice: Practice, moment: datetime) -> datetime:
    return moment.astimezone(practice.desk.zone)


def _message(arrival: Arrival) -> dict[str, Any]:
    """An accepted request for a template: ``data`` is its JSON or its form, ``said`` the JSON of the answer; else empty."""
    return {
        "at": arrival.at,
        "path": escaped(arrival.path),
        "body": escaped(arrival.body),
        "data": _clean(_fields(arrival.body)),
        "answer": escaped(arrival.answer),
        "said": _clean(_fields(arrival.answer)),
        "files": arrival.files,
    }


def _clean(value: Any) -> Any:
    """The same with every text as a page may show it: a browser shows no controls, and some turn the text around them."""
    match value:
        case str():
            return escaped(value)
        case list():
            return [_clean(each) for each in value]
        case dict():
            return {name: _clean(each) for name, each in value.items()}
        case _:
            return value


def _fields(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return dict(parse_qsl(text))
    return value if isinstance(value, dict) else {"": value}


@dataclass(frozen=True)
class _Page(PhonePage):
    """The phone of one channel of a rehearsal."""

    practice: Practice
    shown: Shown

    @property
    def folder(self) -> Path:
        return self.practice.folder

    def file_at(self, address: str) -> Path | None:
        return self.practice.received.file_at(address)

    @property
    def written(self) -> str:
        """The page to open in the folder that the channel wrote; empty where there is none."""
        folder = self.practice.received.written(self.shown.channel)
        if folder is None:
            return ""
        own = self.practice.received.file_at(self.shown.address) if self.shown.address else None
        return self.file(own or min(folder.rglob("index.html"), key=lambda path: len(path.parts), default=None))

    def pictures(self, message: Mapping[str, Any]) -> list[str]:
        """What was uploaded with a request, as addresses."""
        return [self.file(path) for path in message["files"] if path.suffix != ".eml"]

    def uploaded(self, name: str) -> str:
        """The picture to whose upload the platform answered with this address or id; empty where none was."""
        for arrival in self.shown.arrivals if name else ():
            if arrival.files and name in _values(_fields(arrival.answer)):
                return self.file(arrival.files[0])
        return ""

    def mail(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """A mail as a reader's program opens it: headers, a page with the pictures inside it, names of attachments."""
        found = next((path for path in message["files"] if path.suffix == ".eml"), None)
        if found is None:
            raise ContentError(f"{self.shown.channel}: the mail was not kept")
        parsed = email.message_from_bytes(found.read_bytes(), policy=email.policy.default)
        html = parsed.get_body(("html",))
        inside = self._inside(parsed, found)
        text = html.get_content() if isinstance(html, EmailMessage) else ""
        letter = self.practice.folder / f"{self.shown.channel}.letter.html"
        letter.write_text(
            document(text, lambda tag, name: inside.get(name) or self.address(tag, name)), encoding="utf-8"
        )
        return {
            "headers": {name: str(parsed[name]) for name in ("From", "To", "Subject", "Date", "Message-ID")},
            "page": self.file(letter),
            "attached": [part.get_filename() or part.get_content_type() for part in parsed.iter_attachments()],
        }

    def _inside(self, parsed: EmailMessage, found: Path) -> dict[str, str]:
        """The pictures inside a mail, written beside it, by the address under which its HTML shows them."""
        inside: dict[str, str] = {}
        for part in parsed.walk():
            data = part.get_payload(decode=True)
            if part.get_content_maintype() == "image" and part["Content-ID"] and isinstance(data, bytes):
                path = found.with_name(f"{found.stem}-{len(inside)}.{part.get_content_subtype()}")
                path.write_bytes(data)
                inside[f"cid:{str(part['Content-ID']).strip('<> ')}"] = self.file(path)
        return inside


def texts_of(body: str) -> set[str]:
    """A request, and all texts in it where it is JSON or a form."""
    return {body} | _values(_fields(body))


def _values(value: Any) -> set[str]:
    """All texts of an answer."""
    if isinstance(value, dict):
        return {text for item in value.values() for text in _values(item)}
    if isinstance(value, list):
        return {text for item in value for text in _values(item)}
    return {str(value)}
