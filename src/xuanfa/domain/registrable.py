"""Whose name a host is: the part of it that somebody has registered, and may lose.

By rule, without the Public Suffix List (publicsuffix.org), which changes each week: the registries' own second levels are known for ``.cn``
(https://www.cnnic.cn, 中国互联网络域名体系: categories and provinces), and for other countries by the words that they use for them.
"""

import ipaddress
from typing import Final

#: Second levels of ``.cn``: categories, then provinces.
_OF_CN: Final = frozenset(
    {
        *("ac", "com", "edu", "gov", "mil", "net", "org", "xn--55qx5d", "xn--io0a7i", "xn--od0alg"),
        *("bj", "sh", "tj", "cq", "he", "sx", "nm", "ln", "jl", "hl", "js", "zj", "ah", "fj", "jx", "sd", "ha"),
        *("hb", "hn", "gd", "gx", "hi", "sc", "gz", "yn", "xz", "sn", "gs", "qh", "nx", "xj", "tw", "hk", "mo"),
    }
)
#: What other countries call their second levels.
_OF_COUNTRIES: Final = frozenset(
    ["ac", "co", "com", "edu", "gob", "gouv", "gov", "idv", "mil", "ne", "net", "or", "org"]
)
_COUNTRY: Final = 2


def registrable(host: str) -> str:
    """The registered name of a host, in lower case; the host itself where it is an address, or a name of one part."""
    name = host.strip().rstrip(".").lower()
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        pass
    else:
        return name
    labels = [label.encode("idna").decode() if not label.isascii() else label for label in name.split(".") if label]
    if len(labels) <= _COUNTRY:
        return ".".join(labels)
    top, second = labels[-1], labels[-2]
    known = _OF_CN if top == "cn" else _OF_COUNTRIES if len(top) == _COUNTRY else frozenset()
    return ".".join(labels[-3:] if second in known else labels[-2:])
