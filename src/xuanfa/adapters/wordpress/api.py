"""Requests to one site's REST interface: where it is, who asks, and how parameters travel."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from xuanfa.adapters.http import Answer, send_once
from xuanfa.adapters.protocol import Tools
from xuanfa.adapters.wordpress.answers import Trouble, listed, of_step
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

    @property
    def client(self) -> httpx.Client:
        """What its requests go through."""
        return self._tools.http

    def send(
        self, method: str, path: str, *, params: Mapping[str, Any] | None = None, **request: Any
    ) -> Answer | Unsent | Unknown:
        """One request to ``path`` (``posts/7``); ``request`` is what httpx takes."""
        url, route = self._address(path)
        headers = dict(request.pop("headers", {}))
        if self._config.method_override and method not in {"GET", "POST"}:
            headers["X-HTTP-Method-Override"], method = method, "POST"
        return send_once(
            self._tools.http,
            method,
            url,
            params={**route, **(params or {})},
            auth=self._config.account if self._config.username else None,
            headers=headers,
            secrets=self._config.hidden,
            **request,
        )

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
        """Ask the site where its interface is, unless that is set or remembered. Without an answer to that, the plain form is used."""
        if self._config.rest != "auto" or self._tools.recall(_ROOT) is not None:
            return None
        answer = send_once(self._tools.http, "GET", f"{self._config.root}/", secrets=self._config.hidden)
        if isinstance(answer, Unsent):
            return answer
        link = _API_LINK.search(answer.headers.get("link", "")) if isinstance(answer, Answer) else None
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
