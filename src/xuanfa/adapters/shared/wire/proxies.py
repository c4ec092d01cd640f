"""Through which proxy a request goes: the channel's own, or the one that the environment names for its address.

The variables are those that curl reads: ``http_proxy``, ``https_proxy``, ``all_proxy`` and ``no_proxy``, in small letters or large
ones (the small ones win). What is wrong with one is said with its name, before anything leaves.
"""

import ipaddress
import os
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import httpx

from xuanfa.adapters.shared.wire.exchange import WireError
from xuanfa.domain.errors import MachineError
from xuanfa.domain.language import say

#: The kinds that are known; the names of hosts are always looked up by the proxy.
SCHEMES = ("http", "https", "socks5", "socks5h")
#: Those that a channel may have of its own: through one of https no other https goes.
OWN = ("http", "socks5", "socks5h")
#: One proxy's address; user and password are optional, and have no character that parts the rest.
_PROXY = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?:[^\s/@:]+(?::[^\s/@:]*)?@)?(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::(?P<port>[0-9]{1,5}))?/?",
    re.IGNORECASE,
)
_PORT_MAX = 65_535
_PORTS = {"http": 80, "https": 443}
_ADDRESS = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_proxy(address: str, schemes: Collection[str] = SCHEMES) -> bool:
    """Whether it is a proxy's address of one of these kinds."""
    match = _PROXY.fullmatch(address)
    return match is not None and match["scheme"].lower() in schemes and int(match["port"] or 0) <= _PORT_MAX


def proxy_for(own: str, environ: Mapping[str, str] = os.environ) -> Callable[[httpx.URL], str | None]:
    """A chooser; ``own`` is the channel's proxy, or empty. ``NO_PROXY`` is an exception from the environment's proxies only.

    The chooser raises MachineError. The environment is read once: asking it for each request would take longer than the choice.
    """
    if own:
        return lambda _url: own
    named = {scheme: found for scheme in ("http", "https", "all") if (found := _variable(f"{scheme}_proxy", environ))}
    if not named:
        return lambda _url: None
    exceptions = _exceptions(environ)

    def choose(url: httpx.URL) -> str | None:
        found = named.get(url.scheme) or named.get("all")
        return None if found is None or any(each.meets(url) for each in exceptions) else _usable(*found)

    return choose


class ProxyAwayError(WireError):
    """No connection to the proxy itself: nothing has left, and what was to be reached is not to blame."""

    def __init__(self, proxy: str, why: str, environ: Mapping[str, str] = os.environ) -> None:
        url = httpx.URL(proxy)
        super().__init__(
            say(
                "连不上代理 {place}（{source}）{why}。请检查代理是否开着，或改这项设置",
                "the proxy {place} ({source}) cannot be reached{why}. See whether it is running, or change that setting",
                place=f"{url.host}:{url.port}" if url.port else url.host,
                source=_source(proxy, environ),
                why=say("：{w}", ": {w}", w=why) if why else "",
            )
        )


def _source(proxy: str, environ: Mapping[str, str]) -> str:
    """Where the proxy is named; its address may hold a password and is not repeated."""
    for scheme in ("http", "https", "all"):
        found = _variable(f"{scheme}_proxy", environ)
        if found is not None and proxy in {found[1], f"http://{found[1]}"}:
            return say("环境变量 {name}", "the variable {name}", name=found[0])
    return say("渠道设置 proxy", "the channel's setting proxy")


def no_proxy_trouble(environ: Mapping[str, str] = os.environ) -> str:
    """Which entries of ``NO_PROXY`` say nothing that is understood, and are left out; empty where all do."""
    found = _variable("no_proxy", environ)
    strange = [entry for entry in _entries(found[1]) if _exception(entry) is None] if found else []
    if found is None or not strange:
        return ""
    return say(
        "环境变量 {name} 里的 {entries} 看不懂，已忽略。可写主机名、.域名、IP、网段（10.0.0.0/8）或 *，以逗号分隔。",
        "the variable {name} has {entries}, which is not understood and left out. It takes hosts, .domains, addresses, nets (10.0.0.0/8) "
        "or *, parted by commas.",
        name=found[0],
        entries=say("、", ", ").join(strange),
    )


def _variable(name: str, environ: Mapping[str, str]) -> tuple[str, str] | None:
    """The variable's name as it is spelled and its value; ``None`` where it is empty.

    Whatever a client of a web server calls ``Proxy`` arrives there as ``HTTP_PROXY`` (CGI), where it names no proxy of ours.
    """
    cgi = {"HTTP_PROXY"} if "REQUEST_METHOD" in environ else set()
    for spelled in (name, name.upper()):
        if spelled not in cgi and (value := environ.get(spelled, "").strip()):
            return spelled, value
    return None


def _usable(name: str, address: str) -> str:
    """The proxy's address with its scheme. Raises MachineError, which names the variable; a value may hold a password."""
    whole = address if "://" in address else f"http://{address}"
    if is_proxy(whole):
        return whole
    scheme = whole.partition("://")[0]
    if scheme.lower() not in SCHEMES:
        raise MachineError(
            say(
                "环境变量 {name} 里的代理是 {scheme} 类型，程序只会用 {known}。请改这个变量，或在该渠道的设置里写 proxy",
                "the proxy in the variable {name} is of the kind {scheme}, and only {known} are known. Change it, or write proxy into the "
                "channel's settings",
                name=name,
                scheme=scheme,
                known=say("、", ", ").join(SCHEMES),
            )
        )
    raise MachineError(
        say(
            "环境变量 {name} 的值不是代理地址，应像 http://user:password@host:port（用户名、密码里的特殊字符写成 %XX）。请改这个变量，"
            "或在该渠道的设置里写 proxy",
            "the value of the variable {name} is no proxy's address, which is written like http://user:password@host:port (special characters "
            "of the password as %XX). Change it, or write proxy into the channel's settings",
            name=name,
        )
    )


@dataclass(frozen=True, slots=True)
class _Exception:
    """One entry of ``NO_PROXY``: a name with all that is below it, an address, or a net; for one port or for all."""

    name: str = ""
    net: ipaddress.IPv4Network | ipaddress.IPv6Network | None = None
    port: int | None = None
    everything: bool = False

    def meets(self, url: httpx.URL) -> bool:
        if self.everything:
            return True
        if self.port is not None and self.port != (url.port or _PORTS.get(url.scheme)):
            return False
        host = url.raw_host.decode("ascii").strip("[]").rstrip(".").lower()
        if self.net is not None:
            address = _as_address(host)
            return address is not None and address in self.net
        return host == self.name or host.endswith(f".{self.name}")


def _exceptions(environ: Mapping[str, str]) -> tuple[_Exception, ...]:
    found = _variable("no_proxy", environ)
    known = [_exception(entry) for entry in _entries(found[1])] if found else []
    return tuple(each for each in known if each is not None)


def _entries(value: str) -> list[str]:
    return [entry for entry in re.split(r"[\s,;]+", value) if entry]


def _exception(entry: str) -> _Exception | None:
    """An entry as people write it: ``*``, ``.cn``, ``*.example.cn``, ``10.0.0.0/8``, ``[::1]:8080``, ``host:8080``, even with a scheme."""
    if entry == "*":
        return _Exception(everything=True)
    bare = entry.partition("://")[2] or entry
    net = _as_net(bare)
    if net is not None:
        return _Exception(net=net)
    host, port = _parted(bare.rstrip("/"))
    net = _as_net(host)
    if net is not None or bare.startswith("["):
        return None if net is None else _Exception(net=net, port=port)
    name = host.removeprefix("*").strip(".").lower()
    try:
        name = httpx.URL(scheme="http", host=name).raw_host.decode("ascii") if name else ""
    except (httpx.InvalidURL, ValueError):
        return None
    if not re.fullmatch(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?", name) or (port or 0) > _PORT_MAX:
        return None
    return _Exception(name=name, port=port)


def _parted(text: str) -> tuple[str, int | None]:
    """Host and port; the port is beyond all where it is none."""
    match = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::(\d*))?", text)
    if match is None:
        return text, _PORT_MAX + 1
    return match[1].strip("[]") if match[1].startswith("[") else match[1], int(match[2]) if match[2] else None


def _as_net(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text.strip("[]").partition("%")[0], strict=False)
    except ValueError:
        return None


def _as_address(host: str) -> _ADDRESS | None:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, ipaddress.IPv6Address) else address
