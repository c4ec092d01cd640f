"""Whether links can be opened: asked of the network only where somebody asks for it by ``check --links``.

Whoever writes a post must not make this machine ask its neighbours: of a closed network nothing is asked for but the office's own websites.
"""

import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import httpx

from xuanfa.adapters.shared.addresses import PrivateAddressError
from xuanfa.adapters.shared.http import user_agent
from xuanfa.adapters.shared.wire import Wire
from xuanfa.adapters.shared.wire.proxies import proxy_for
from xuanfa.adapters.shared.wire.tls import trusting
from xuanfa.bootstrap.asking import sent
from xuanfa.bootstrap.binding import own_site
from xuanfa.bootstrap.opening import is_of_site
from xuanfa.checks.rules.table import shipped
from xuanfa.domain.checking import Found
from xuanfa.domain.errors import MachineError
from xuanfa.domain.language import say
from xuanfa.settings import load

#: So many addresses are asked of one text, each for so long. Seconds.
MOST: Final = 100
_PATIENCE: Final = 10.0
#: In Markdown a sign may stand behind a backslash.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'*+,;=%\\]{1,2000}", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
#: What is read of an answer. Bytes.
_ANSWER_MAX: Final = 100_000
#: What a server says that does not know HEAD, or wants somebody to sign in: the page is there.
_THERE: Final = frozenset({401, 403, 405, 429, 501})
_RULE: Final = "channel.dead"


class Links:
    """Asks each address once, whichever texts it stands in. ``own`` are the office's own websites."""

    def __init__(self, tls: ssl.SSLContext, *, own: Sequence[str] = ()) -> None:
        self._tls = tls
        self._own = own
        self._known: dict[str, str] = {}
        #: How many addresses were not asked, because their texts have more than ``MOST``.
        self.left_out = 0

    def dead(self, text: str, *, file: str) -> Iterator[Found]:
        """A finding for each address of a text that cannot be opened; the first ``MOST`` are asked."""
        seen: set[str] = set()
        for match in _ADDRESS.finditer(text):
            piece = match[0].rstrip(".,;:!?'*)]\\")
            address = _ESCAPED.sub("", piece)
            if address in seen:
                continue
            if len(seen) == MOST:
                self.left_out += 1
                continue
            seen.add(address)
            reason = self._reason(address)
            if reason:
                yield replace(_found(text, match.start(), piece, reason), file=file)

    def _reason(self, address: str) -> str:
        if address not in self._known:
            self._known[address] = self._asked(address)
        return self._known[address]

    def _asked(self, address: str) -> str:
        """Why it cannot be opened; empty where it can. Redirects count as there: where they lead is not ours to follow."""
        try:
            url = httpx.URL(address)
            status = self._status("HEAD", url)
            if status in (404, 405, 501):  # some servers know pages only by GET
                status = self._status("GET", url)
        except PrivateAddressError:
            return say(
                "是内部网络的地址，公众打不开，没有去问", "it is of a closed network, where no reader gets; not asked"
            )
        except socket.gaierror:
            return say("域名解析不到", "the name leads nowhere")
        except (httpx.HTTPError, httpx.InvalidURL, MachineError, OSError, ValueError) as error:
            return say("连接不上（{error}）", "no connection ({error})", error=type(error).__name__)
        if status < 400 or status in _THERE:  # noqa: PLR2004 - the first status of refusals (RFC 9110)
            return ""
        return say("网站回答 {status}", "the site answers {status}", status=status)

    def _status(self, method: str, url: httpx.URL) -> int:
        """Raises what ``sent`` raises."""
        own = any(is_of_site(site, str(url)) for site in self._own)
        choose = proxy_for("")
        wire = Wire(self._tls, limit=_PATIENCE, proxy_for=choose, most=_ANSWER_MAX)
        headers = {"User-Agent": user_agent()}
        with httpx.Client(transport=wire, timeout=_PATIENCE, headers=headers, trust_env=False) as client:
            proxied = not own and choose(url) is not None
            response = sent(client, url, method=method, allow_private=own, proxied=proxied)
            response.close()
            return response.status_code


def links_of(folder: Path | None) -> Links:
    """What asks as a workspace's settings say whom to believe (``ca_file``) and what is the office's own. Raises ConfigError for authorities that
    cannot be read."""
    if folder is None:
        return Links(trusting())
    settings = load(folder, looking=True)
    sites = [own_site(str(raw["adapter"]), str(raw.get("base_url") or "")) for raw in settings.channels.values()]
    authorities = [settings.folder / settings.ca_file] if settings.ca_file else []
    return Links(trusting(authorities), own=[site for site in sites if site])


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
