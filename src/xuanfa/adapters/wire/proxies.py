"""Through which proxy a request goes: the channel's own, or the one that the environment names for its address."""

import urllib.request
from collections.abc import Callable

import httpx

from xuanfa.adapters.wire.exchange import WireError
from xuanfa.domain.language import say


def proxy_for(own: str) -> Callable[[httpx.URL], str | None]:
    """A chooser; ``own`` is the channel's proxy, or empty. ``NO_PROXY`` is an exception from the environment's proxies only."""
    if own:
        return lambda _url: own
    named = urllib.request.getproxies()  # asked once: for each request it would take longer than the rest of the choice
    if not named.keys() - {"no"}:
        return lambda _url: None
    return lambda url: _of_environment(named, url)


def _of_environment(named: dict[str, str], url: httpx.URL) -> str | None:
    found = named.get(url.scheme) or named.get("all")
    if not found or urllib.request.proxy_bypass(url.host):
        return None
    if "://" not in found:
        return f"http://{found}"
    if not found.startswith(("http://", "https://")):
        raise WireError(
            say(
                '环境变量里的代理是 {scheme} 类型，程序只会用 http 代理。请在该渠道的设置里写 proxy = "http://…"，或改环境变量。',
                'the proxy in the environment is of the kind {scheme}, and only http is known. Write proxy = "http://…" into the channel\'s '
                "settings, or change the variable",
                scheme=found.partition("://")[0],
            )
        )
    return found
