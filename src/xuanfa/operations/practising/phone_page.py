"""What a phone's template may ask for, whatever the phone shows: a rehearsal's arrivals, or a preview's renditions.

Everything that is HTML comes back sanitised, and every picture is a file on this machine.
"""

import json
import os
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from xuanfa.content.text.received import clean, message_html

#: An address in plain text; it ends before what no address holds, Chinese punctuation too.
_LINK = re.compile(r"(https?://[!#-;=?-~]+)")


class PhonePage(ABC):
    """One phone's page; its file lies in ``folder``."""

    @property
    @abstractmethod
    def folder(self) -> Path:
        """Where the page lies."""

    @abstractmethod
    def file_at(self, address: str) -> Path | None:
        """The file behind a public address, where there is one on this machine."""

    @abstractmethod
    def uploaded(self, name: str) -> str:
        """The picture that a platform knows by this name; empty where there is none."""

    @abstractmethod
    def pictures(self, message: Mapping[str, Any]) -> list[str]:
        """What comes with a message, as addresses."""

    @abstractmethod
    def mail(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """A mail as a reader's program opens it: ``headers``, the ``page`` of its text, names of what is ``attached``."""

    def file(self, path: Path | None) -> str:
        """The address of a file, from this page."""
        if path is None:
            return ""
        return quote(Path(os.path.relpath(path.resolve(), self.folder.resolve())).as_posix())

    def picture(self, address: str) -> str:
        """What stands in for a picture's address: the uploaded file, or the one that lies behind it."""
        return self.uploaded(address) or self.file(self.file_at(address))

    def link(self, address: str) -> str:
        """The page behind an address that is ours; any other address as it is."""
        return self.file(self.file_at(address)) or address

    def html(self, html: str) -> str:
        """HTML sanitised, with the pictures that there are."""
        return clean(html, self.address)

    def markdown(self, text: str) -> str:
        """A group message's Markdown."""
        return message_html(text, self.address)

    def linked(self, text: str, label: str = "") -> str:
        """Plain text as HTML, its addresses as links that lead to our page where there is one."""
        parts = _LINK.split(text)
        return "".join(self._link(part, label) if at % 2 else escape(part) for at, part in enumerate(parts))

    def laid_out(self, value: Any) -> str:
        """JSON for reading."""
        return json.dumps(value, ensure_ascii=False, indent=2)

    def address(self, element: str, address: str) -> str:
        """A link outside stays; a picture from outside would be loaded, and shows its words instead."""
        if element == "img":
            return self.picture(address)
        return self.link(address) if address.startswith(("http://", "https://", "mailto:")) else ""

    def _link(self, address: str, label: str) -> str:
        return f'<a href="{escape(self.link(address))}">{escape(label or address)}</a>'
