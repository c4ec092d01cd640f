"""Requests to one site's REST interface: where it is, who asks, and how parameters travel."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from xuanfa.adapters.protocol import Tools
from xuanfa.adapters.shared.http import Answer, send_once
from xuanfa.adapters.wordpress.answers import Trouble, code_of, listed, of_step, without_noise
from xuanfa.adapters.wordpress.config import WordpressConfig
from xuanfa.domain.outcome import Unknown, Unsent

#: Under this name the interface's address is remembered, for a day: an administrator may change the form of links.
_ROOT, _ROOT_LIFE = "rest", timedelta(days=1)
_API_LINK = re.compile(r'<([^>]+)>\s*;\s*rel="?https://api\.w\.org/"?')


class Api:
    """The interface below ``wp/v2``, as one account."""

    def __init__(self, config: WordpressConfig, tools: Tools) -> None:
        self._config = config
        self._tools = tools
        #: What the site last put before its JSON; empty where it does not.
        self.noise = ""

    @property
    def client(self) -> httpx.Client:
        """What its requests go through."""
        return self._tools.http

    def send(
        self, method: str, path: str, *, params: Mapping[str, Any] | None = None, **request: Any
    ) -> Answer | Unsent | Unknown:
        """One request to ``path`` (``posts/7``); ``request`` is what httpx takes.

        A question that finds no interface under ``/wp-json`` is asked once more in the plain form, which needs no rewrite rule.
        """
        answer = self._send_once(method, path, params, request)
        if isinstance(answer, Answer) and self._lacks_rewrite(answer):
            self._tools.keep(_ROOT, "plain", _ROOT_LIFE)
            if method == "GET":
                return self._send_once(method, path, params, request)
        return answer

    def _lacks_rewrite(self, answer: Answer) -> bool:
        """Whether the site said that it has pretty links, and yet its server does not know the interface's."""
        pretty = self._config.rest == "auto" and self._tools.recall(_ROOT) == "pretty"
        return pretty and answer.status in {404, 405} and not code_of(answer)

    def _send_once(
        self, method: str, path: str, params: Mapping[str, Any] | None, request: Mapping[str, Any]
    ) -> Answer | Unsent | Unknown:
        url, route = self._address(path)
        given = dict(request)
        headers = dict(given.pop("headers", {}))
        if self._config.method_override and method not in {"GET", "POST"}:
            headers["X-HTTP-Method-Override"], method = method, "POST"
        answer = send_once(
            self._tools.http,
            method,
            url,
            params={**route, **(params or {})},
            auth=self._config.account if self._config.username else None,
            headers=headers,
            secrets=self._config.hidden,
            **given,
        )
        if isinstance(answer, Answer):
            answer, self.noise = without_noise(answer)
        return answer

    def step(
        self, method: str, path: str, *, params: Mapping[str, Any] | None = None, **request: Any
    ) -> Answer | Trouble:
        """The same for what may be repeated: an answer that succeeded, or why it did not."""
        answer = self.send(method, path, params=params, **request)
        trouble = of_step(answer)
        if trouble is not None or not isinstance(answer, Answer):
            return trouble or Unsent(evidence="")
        return answer

    def listing(self, path: str, **params: str) -> list[dict[str, Any]] | Trouble:
        """The objects of a listing."""
        return listed(self.send("GET", path, params=params))

    def find_root(self) -> Trouble | None:
        """Ask the site where its interface is, unless that is set or remembered. Without an answer to that, the plain form is used,
        and it is asked again next time."""
        if self._config.rest != "auto" or self._tools.recall(_ROOT) is not None:
            return None
        answer = send_once(self._tools.http, "GET", f"{self._config.root}/", secrets=self._config.hidden)
        if isinstance(answer, Unsent):
            return answer
        if not (isinstance(answer, Answer) and answer.ok):
            return None
        link = _API_LINK.search(answer.headers.get("link", ""))
        pretty = link is not None and "rest_route=" not in link[1]
        self._tools.keep(_ROOT, "pretty" if pretty else "plain", _ROOT_LIFE)
        return None

    def _address(self, path: str) -> tuple[str, dict[str, str]]:
        """The address, and what goes into its query. The plain form works on every site, with or without pretty links."""
        form = self._config.rest if self._config.rest != "auto" else self._tools.recall(_ROOT)
        if form == "pretty":
            return f"{self._config.root}/wp-json/wp/v2/{path}", {}
        return f"{self._config.root}/", {"rest_route": f"/wp/v2/{path}"}


def is_id(value: object) -> bool:
    """Whether it is a number of a post, a picture or a term."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def text_of(value: Any) -> str:
    """The text of a field that comes as ``{"raw": …, "rendered": …}``."""
    found = value.get("raw", "") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""
