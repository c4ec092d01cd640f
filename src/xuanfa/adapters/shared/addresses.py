"""Where a request may go: public addresses only, unless the operator allows the office's own network; and whether a server answers.

A name is resolved here and the request goes to the address that was checked, so that a second look-up cannot lead elsewhere
(DNS rebinding). The name stays in the Host header and in TLS, where the certificate is still checked against it.
"""

import ipaddress
import socket
import ssl
from dataclasses import dataclass, field
from typing import Any

import httpx

from xuanfa.adapters.shared.wire.backend import look_up
from xuanfa.adapters.shared.wire.exchange import Reached
from xuanfa.adapters.shared.wire.proxies import ProxyAwayError
from xuanfa.domain.broken import reason_words
from xuanfa.domain.errors import ConfigError, MachineError
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.language import say

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: An IPv6 address of this net stands for the IPv4 address in its last four bytes (RFC 6052).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
#: What is not of the open internet by the registries of special-purpose addresses of IANA (RFC 6890), whatever this Python knows of
#: them; protocol assignments whole, since no server of a channel is there.
_SPECIAL = tuple(
    ipaddress.ip_network(net)
    for net in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
        *("192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        *("224.0.0.0/4", "240.0.0.0/4"),
        *(
            "::/96",
            "64:ff9b:1::/48",
            "100::/64",
            "100:0:0:1::/64",
            "2001::/23",
            "2001:db8::/32",
            "3fff::/20",
            "5f00::/16",
        ),
        *("fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
)
#: More than a few addresses of one name are not tried: each silent one costs a connect timeout.
_TRIED = 3


def is_public(address: Address) -> bool:
    """Whether the address is one of the open internet.

    Private, loopback, link-local (where clouds keep their metadata), carrier-grade NAT, documentation, multicast and reserved ones are
    not; neither is an IPv6 address that carries such an IPv4 address inside.
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(address.packed[-4:])
        if inner is not None:
            return is_public(inner)
    if any(address in net for net in _SPECIAL):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


class PrivateAddressError(ConfigError):
    """A name leads into a network that may not be reached. The message holds the host and the remedy, never the whole address."""


@dataclass(frozen=True, slots=True)
class Route:
    """One way to a server: the address to send to, and what httpx must be told so that the name is still the one that counts."""

    url: httpx.URL
    headers: dict[str, str] = field(default_factory=dict)
    extensions: dict[str, Any] = field(default_factory=dict)


def routes(url: httpx.URL, *, allow_private: bool, proxied: bool = False) -> tuple[Route, ...]:
    """The ways to ``url``, the best first. Raises PrivateAddressError, or OSError where the name has no address.

    A client that follows a route must serve this one host only: httpx shares connections by address, not by name. Through a proxy
    (``proxied``) the name itself is sent: it is the proxy that looks it up, and it may be the only one that can. What goes without one
    stays so, though ``NO_PROXY`` may not have the address that stands for the name.
    """
    if allow_private:
        return (Route(url),)
    try:
        addresses = resolve(url)
    except OSError:
        if proxied:
            return (Route(url),)
        raise
    hidden = [address for address in addresses if not is_public(address)]
    if hidden:
        raise PrivateAddressError(
            say(
                "{host} 指向内部地址 {address}，已拒绝访问。若确为本单位内网系统，请在该渠道的设置中写 allow_private = true。",
                "{host} leads to the private address {address}, which is refused. If it is a system of your own network, "
                "put allow_private = true into the channel's settings.",
                host=url.host,
                address=hidden[0],
            )
        )
    if proxied:
        return (Route(url),)
    headers = {"host": url.netloc.decode("ascii")}
    extensions: dict[str, Any] = {"direct": True}
    if url.scheme == "https":
        extensions["sni_hostname"] = url.raw_host.decode("ascii")
    return tuple(Route(url.copy_with(host=str(address)), headers, extensions) for address in addresses[:_TRIED])


def resolve(url: httpx.URL) -> tuple[Address, ...]:
    """The addresses of the host, in the order in which the system prefers them. Raises OSError where there is none."""
    found = look_up(url.raw_host.decode("ascii").strip("[]"), _port(url))
    return tuple(dict.fromkeys(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))


def reach(client: httpx.Client, url: httpx.URL, *, allow_private: bool, proxied: bool = False) -> tuple[Finding, ...]:
    """Look the name up, connect, through the proxy that requests take if there is one, and greet with TLS; then hang up. No request is
    made, so nothing can happen at the other end."""
    try:
        route = routes(url, allow_private=allow_private, proxied=proxied)[0]
        asked = client.build_request(
            "HEAD", route.url, headers=route.headers, extensions={**route.extensions, "reach": True}
        )
        client.send(asked).close()
    except Reached:
        return ()
    except PrivateAddressError as error:
        return (Finding(code="http.private_address", message=str(error)),)
    except ProxyAwayError as error:
        return (Finding(code="http.proxy", message=say("{words}。", "{words}.", words=str(error))),)
    except httpx.ProxyError as error:
        return (
            _unreached(
                "http.proxy",
                say("代理服务器不放行", "the proxy refuses"),
                url,
                reason_words(error) or say("", str(error)),
            ),
        )
    except MachineError as error:
        return (Finding(code="http.machine", message=str(error)),)
    except (httpx.HTTPError, OSError) as error:
        return (_why(error, url),)
    return ()


def _why(error: Exception, url: httpx.URL) -> Finding:
    """What kept a server from being reached, by what lies at the bottom of it."""
    cause: BaseException = error
    while (below := cause.__cause__ or cause.__context__) is not None:  # httpcore leaves only the second
        cause = below
    if isinstance(cause, ssl.SSLError):
        return _unreached("http.tls", say("证书或加密有问题", "TLS trouble"), url, reason_words(cause))
    if isinstance(cause, socket.gaierror):
        return _unreached("http.name", say("域名解析失败", "the name cannot be resolved"), url, say("", str(cause)))
    return _unreached(
        "http.connect", say("无法连接", "cannot connect"), url, reason_words(error) or say("", str(error))
    )


def _unreached(code: str, what: str, url: httpx.URL, detail: str) -> Finding:
    message = say(
        "连不上 {host}：{what}。请检查地址、网络和防火墙。",
        "Cannot reach {host}: {what}. Check the address, the network and the firewall.",
        host=url.host,
        what=what + (say("（{d}）", " ({d})", d=detail) if detail else ""),
    )
    return Finding(code=code, message=message)


def unencrypted(url: httpx.URL) -> tuple[Finding, ...]:
    """A warning where secrets would travel in the open."""
    if url.scheme == "https":
        return ()
    message = say(
        "{host} 使用未加密的 http，密钥和内容可能被截获；请尽量改用 https。",
        "{host} is plain http: keys and content can be read on the way. Use https where possible.",
        host=url.host,
    )
    return (Finding(code="http.plain", message=message, severity=Severity.WARN),)


def shown(url: httpx.URL) -> str:
    """The address for a reader: path and query may hold secrets and are left out."""
    return f"{url.scheme}://{url.netloc.decode('ascii')}/…"


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)
