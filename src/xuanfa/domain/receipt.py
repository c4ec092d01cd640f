"""A receipt (回执): the channel's own evidence that a post is public."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import parse_qsl, unquote, urlsplit

from xuanfa.domain.language import say
from xuanfa.domain.moments import is_sound
from xuanfa.domain.shown import masked, printable


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the channel said. ``published_at`` is the channel's time (aware) where it gives one; else the core's clock is taken.

    ``evidence`` is a short, masked extract of the answer, kept so that "published" can be defended later.
    """

    remote_id: str | None = None
    address: str | None = None
    published_at: datetime | None = None
    evidence: str = ""

    def __post_init__(self) -> None:
        """Kept and shown without anything that a terminal or a page would obey."""
        object.__setattr__(self, "evidence", printable(self.evidence))


#: Longer ones are no ids and no addresses of pages. Characters.
_ID_MAX, _ADDRESS_MAX = 500, 2000
#: A secret shorter than this is a part of too many other texts to be looked for in them. Characters.
_SECRET_MIN = 6
#: A part of a path that is as long is a token. Characters.
_TOKEN_MIN = 16
#: What nobody sees, and what no database and no terminal can take: controls, separators of lines, marks of direction, half characters.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def from_outside(receipt: Receipt, secrets: Sequence[str] = ()) -> Receipt:
    """The receipt as it may be kept: id and address without what nobody sees, and without secrets, which careless receivers give back.

    What is no id, no public address or no moment then is left out, and the evidence says so.
    """
    hidden = [secret for secret in secrets if len(secret) >= _SECRET_MIN and not _is_a_mere_place(secret)]
    lost: list[str] = []
    remote_id = None if receipt.remote_id is None else masked(seen(receipt.remote_id), hidden)
    address = None if receipt.address is None else masked(seen(receipt.address), hidden)
    if remote_id is not None and len(remote_id) > _ID_MAX:
        remote_id, lost = None, [*lost, say("编号", "the id")]
    if address is not None and not is_address(address):
        address, lost = None, [*lost, say("地址", "the address")]
    published_at = receipt.published_at
    if published_at is not None and not is_sound(published_at):
        published_at, lost = None, [*lost, say("时间", "the time")]
    evidence = receipt.evidence
    if lost:
        evidence = say(
            "{evidence}（渠道给的{what}不能用，没有登记）",
            "{evidence} (the channel gave {what} in a form that cannot be used; left out)",
            evidence=evidence,
            what=say("、", " and ").join(lost),
        )
    return replace(
        receipt, remote_id=remote_id or None, address=address or None, published_at=published_at, evidence=evidence
    )


def _is_a_mere_place(secret: str) -> bool:
    """Whether it is an address, or the path of one, that is made of words: pages may well lie below what is posted to, and a reader is led
    to them. Tokens in paths and queries are given by themselves, too."""
    path = urlsplit(secret).path if re.match("https?://", secret) else secret
    return path.startswith("/") and "?" not in secret and all(len(part) < _TOKEN_MIN for part in path.split("/"))


def seen(text: str) -> str:
    """The text without what nobody sees, such as the name of something on the other side."""
    return _UNSEEN.sub("", text).strip()


def is_address(text: str) -> bool:
    """Whether it is the address of a page that a reader can open: http or https, a host, nobody's name and password."""
    try:
        parts = urlsplit(text)
        port_is_one = parts.port is None or parts.port > 0
    except ValueError:
        return False
    whole = len(text) <= _ADDRESS_MAX and text.isprintable() and not re.search(r"\s", text)
    return (
        whole and port_is_one and parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    )


def page_of(address: str) -> str:
    """What is the same for every spelling of a page's address: http or https, letters of the host, percent signs, a last ``/``, and a
    ``#place`` on the page make no difference. A fragment that is a path (``#/detail/7``) names a page, as sites made by script have them."""
    parts = urlsplit(address.strip())
    port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    place = f"#{parts.fragment}" if parts.fragment.startswith(("/", "!")) else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.hostname or ''}{port}{unquote(parts.path).rstrip('/')}{query}{place}".rstrip("/")


def is_another(one: Receipt, other: Receipt) -> bool:
    """Whether two receipts of one delivery speak of two things. The channel's own number decides where both have one: one thing may be
    found under several addresses. A number and an address that nobody has compared are two things until a person has, unless the address
    names that number. Where one says nothing at all, they may well speak of one."""
    if one.remote_id and other.remote_id:
        return one.remote_id != other.remote_id
    if one.address and other.address:
        return page_of(one.address) != page_of(other.address)
    numbers, addresses = one.remote_id or other.remote_id, one.address or other.address
    return bool(numbers and addresses) and not _names(addresses or "", numbers or "")


def _names(address: str, number: str) -> bool:
    """Whether an address ends with this number, with or without an ending of its own, or has it for a value of its query."""
    parts = urlsplit(address.strip())
    of_path = [part for part in re.split("[/;]", f"{parts.path}/{parts.fragment}") if part]
    last = {unquote(part) for part in of_path[-1:]}
    values = {value for _, value in parse_qsl(f"{parts.query}&{parts.fragment.partition('?')[2]}")}
    return number in last | {part.rpartition(".")[0] for part in last} | values
