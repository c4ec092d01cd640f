"""Where a channel sends, by name: what a delivery is bound to. Names are compared years later, so they never change for the same account."""

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

#: The longest name that is kept; a longer one is cut, and its hash put in place of the rest.
NAME_MAX: Final = 300
#: Digits of a hash that stands for a secret: enough to tell the accounts of one office apart.
_DIGITS: Final = 12
_USUAL_PORTS: Final = frozenset({None, 80, 443})


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountName:
    """One account as its adapter knows it. Tokens, passwords, templates and paces are no part of it: they change, and the account stays.

    ``place`` is the host with its path (``place_of``), or a folder; ``name`` is the account there. Where a key or an address that holds one
    is the account (robots, webhooks), that is ``key``: it is never shown, and its keyed hash stands for it. An account that has neither
    name nor key (packs for a person, a rehearsal without settings) is told from others by its channel.
    """

    place: str = ""
    name: str = ""
    key: str = field(default="", repr=False)

    def named(self, kind: str, channel: str, salt: str) -> str:
        """The account in one line, for people and for comparison; ``salt`` is the secret key of the hashes."""
        parts = [kind, self.place, self.name, self.key and f"#{_mark(self.key, salt)}"]
        if not self.name and not self.key:
            parts.append(f"({channel})")
        text = " ".join(part for part in parts if part)
        return text if len(text) <= NAME_MAX else f"{text[: NAME_MAX - _DIGITS - 2]}…#{_mark(text, salt)}"


def place_of(address: str) -> str:
    """Host and path of an address. Scheme, usual port, user, query, the last ``/`` and how a character is spelled make no other place."""
    parts = urlsplit(address)
    port = "" if parts.port in _USUAL_PORTS else f":{parts.port}"
    return f"{parts.hostname or ''}{port}{unquote(parts.path).rstrip('/')}"


def folder_of(workspace: Path, directory: str | Path) -> str:
    """A folder by name: within the workspace as seen from there, so that the workspace may move."""
    folder = Path(os.path.normpath(workspace / directory))
    root = Path(os.path.normpath(workspace))
    return folder.relative_to(root).as_posix() if folder.is_relative_to(root) else folder.as_posix()


def _mark(text: str, salt: str) -> str:
    return hmac.new(salt.encode(), text.encode(), hashlib.sha256).hexdigest()[:_DIGITS]
