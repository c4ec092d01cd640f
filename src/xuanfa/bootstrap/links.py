"""Whether links can be opened: asked of the network only where somebody asks for it by ``check --links``."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

import httpx

from xuanfa.checks.rules.table import shipped
from xuanfa.domain.checking import Found
from xuanfa.domain.language import say

#: So many addresses are asked of one text, each for so long. Seconds.
MOST: Final = 100
_PATIENCE: Final = 10.0
_ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'*+,;=%]{1,2000}", re.IGNORECASE)
#: What a server says that does not know HEAD, or wants somebody to sign in: the page is there.
_THERE: Final = frozenset({401, 403, 405, 429, 501})
_RULE: Final = "channel.dead"


class Links:
    """Asks each address once, whichever texts it stands in."""

    def __init__(self, *, verify: bool | str = True) -> None:
        self._client = httpx.Client(timeout=_PATIENCE, follow_redirects=False, verify=verify)
        self._known: dict[str, str] = {}

    def close(self) -> None:
        """No more questions."""
        self._client.close()

    def dead(self, text: str, *, file: str) -> Iterator[Found]:
        """A finding for each address of a text that cannot be opened; the first ``MOST`` are asked."""
        for match in _first(_ADDRESS.finditer(text)):
            address = match[0].rstrip(".,;:!?'*)]")
            reason = self._reason(address)
            if reason:
                yield replace(_found(text, match.start(), address, reason), file=file)

    def _reason(self, address: str) -> str:
        if address not in self._known:
            self._known[address] = self._asked(address)
        return self._known[address]

    def _asked(self, address: str) -> str:
        """Why it cannot be opened; empty where it can. Redirects count as there: where they lead is not ours to follow."""
        try:
            status = self._client.head(address).status_code
            if status in (404, 405, 501):  # some servers know pages only by GET
                with self._client.stream("GET", address) as answer:
                    status = answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return say("连接不上（{error}）", "no connection ({error})", error=type(error).__name__)
        if status < 400 or status in _THERE:  # noqa: PLR2004 - the first status of refusals (RFC 9110)
            return ""
        return say("网站回答 {status}", "the site answers {status}", status=status)


def _first(matches: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
    seen: set[str] = set()
    for match in matches:
        if match[0] not in seen and len(seen) < MOST:
            seen.add(match[0])
            yield match


def _found(text: str, start: int, address: str, reason: str) -> Found:
    rule = shipped()[_RULE]
    return Found(
        rule=_RULE,
        kind=rule.kind,
        level=rule.level,
        start=start,
        end=start + len(address),
        line=text.count("\n", 0, start) + 1,
        column=start - (text.rfind("\n", 0, start) + 1) + 1,
        text=address,
        message=say(rule.zh, rule.en, text=address, reason=reason),
        suggestion="",
        basis=rule.basis,
    )
