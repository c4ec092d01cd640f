"""Asking a server for an address that a person has typed, a channel has answered, or a page has led to.

Whoever does so comes through here: where a name leads is looked up once, only public machines are asked (``adapters/shared/addresses``), and the
very place that was looked up is the one that is asked.
"""

import socket

import httpx

from xuanfa.adapters.shared.addresses import routes


def sent(
    client: httpx.Client, url: httpx.URL, *, method: str = "GET", allow_private: bool, proxied: bool
) -> httpx.Response:
    """The answer, not yet read; close it. Of several places of one name the next is tried where one is silent.

    Raises PrivateAddressError for what leads into a closed network, socket.gaierror for a name that leads nowhere, and what the wire raises, of
    the last place that was tried.
    """
    ways = routes(url, allow_private=allow_private, proxied=proxied)
    for number, route in enumerate(ways, start=1):
        request = client.build_request(method, route.url, headers=route.headers, extensions=route.extensions)
        try:
            return client.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            if number == len(ways):
                raise
    raise socket.gaierror(url.host)
