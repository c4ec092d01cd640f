"""Visiting: addresses that a person names, and those that these lead to, asked for on public machines alone, at the very place that was looked up."""

import gzip
import io
import zlib
from pathlib import Path
from typing import Final

import httpx

from xuanfa.adapters.shared.addresses import PrivateAddressError
from xuanfa.adapters.shared.http import TIMEOUT, Answer, user_agent
from xuanfa.adapters.shared.pages import decoded
from xuanfa.adapters.shared.wire import Wire
from xuanfa.adapters.shared.wire.proxies import proxy_for
from xuanfa.adapters.shared.wire.tls import trusting
from xuanfa.bootstrap.asking import sent
from xuanfa.domain.broken import broken_words
from xuanfa.domain.errors import MachineError
from xuanfa.domain.language import say
from xuanfa.domain.visited import UnvisitedError, Visit, Visited
from xuanfa.settings import load

#: How long one exchange may take, what is read of an answer, and what a packed map of a site may become. Seconds, bytes.
_WITHIN: Final = 60.0
_ANSWER_MAX, _UNPACKED_MAX = 20_000_000, 60_000_000
_HOPS: Final = 5
_GZIP: Final = b"\x1f\x8b"
_HEADERS: Final = {"User-Agent": user_agent(), "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}


def visitor(folder: Path, *, allow_private: bool = False, way_on: str = "") -> Visit:
    """What asks for addresses, as the workspace's settings say whom to believe and the environment says which way out. ``allow_private``: a person
    says that the server is one of the office's own network; ``way_on`` tells how. Raises ConfigError for a ``ca_file`` that cannot be read."""
    settings = load(folder, looking=True)
    tls = trusting([settings.folder / settings.ca_file] if settings.ca_file else [])
    choose = proxy_for("")

    def visit(address: str) -> Visited:
        for _ in range(_HOPS + 1):
            found = _once(address, allow_private=allow_private)
            location = found.headers.get("location", "")
            if not (300 <= found.status < 400 and location):  # noqa: PLR2004 - RFC 9110
                return found
            address = str(httpx.URL(address).join(location))
        raise UnvisitedError(say("转来转去，到不了头", "it leads on and on, and nowhere"), passes=False)

    def _once(address: str, *, allow_private: bool) -> Visited:
        try:
            url = httpx.URL(address)
            proxied = choose(url) is not None
            wire = Wire(tls, limit=_WITHIN, proxy_for=choose, most=_ANSWER_MAX)
            with httpx.Client(
                transport=wire, timeout=TIMEOUT, headers=_HEADERS, trust_env=False, follow_redirects=False
            ) as client:
                response = sent(client, url, allow_private=allow_private, proxied=proxied)
                try:
                    response.read()
                finally:
                    response.close()
                return _visited(url, response)
        except PrivateAddressError as error:
            words = say(
                "{host} 是内部网络的地址，不去打开{way_on}",
                "{host} is an address of a closed network and is not opened{way_on}",
                host=url.host,
                way_on=way_on,
            )
            raise UnvisitedError(words, passes=False) from error
        except MachineError as error:
            raise UnvisitedError(str(error), passes=error.passes) from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            why = broken_words(error) or type(error).__name__
            raise UnvisitedError(why, passes=isinstance(error, httpx.TransportError)) from error

    return visit


def _visited(url: httpx.URL, response: httpx.Response) -> Visited:
    body = _unpacked(response.content)
    return Visited(
        address=str(url),
        status=response.status_code,
        text=decoded(body, response.headers),
        headers={name.lower(): value for name, value in response.headers.items()},
        retry_after=Answer(response.status_code, response.headers, body).retry_after,
    )


def _unpacked(body: bytes) -> bytes:
    """A file that is packed by itself, as maps of sites are, unpacked. Raises ValueError for one that becomes too much."""
    if not body.startswith(_GZIP):
        return body
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
            found = packed.read(_UNPACKED_MAX + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(say("压缩的内容解不开", "what is packed cannot be unpacked")) from error
    if len(found) > _UNPACKED_MAX:
        raise ValueError(say("解开之后太大", "it unpacks to too much"))
    return found
