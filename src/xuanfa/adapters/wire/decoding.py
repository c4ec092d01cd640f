"""What a server compressed, unpacked piece by piece and never beyond a cap: 5 kB can stand for gigabytes."""

import zlib
from collections.abc import Iterable, Iterator

import httpx

from xuanfa.adapters.wire.exchange import DECODED_MAX, TooMuch

#: Packed twice is nonsense already; more would only cost time.
_LAYERS_MAX = 2
_PIECE = 65_536
#: zlib's window bits: a gzip header; a zlib header.
_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}


def layers_of(packing: str) -> list[str]:
    """The encodings of a ``Content-Encoding`` that have to be undone, the last one first; none where that is not known how, or not sensible."""
    if not packing:
        return []
    named = [name.strip().lower() for name in packing.split(",")]
    layers = [name for name in named if name not in {"", "identity"}]
    if len(layers) > _LAYERS_MAX or not all(name in _WINDOWS for name in layers):
        return []
    return layers[::-1]


def decoded(pieces: Iterable[bytes], layers: list[str]) -> Iterator[bytes]:
    """The body as it was before the server encoded it. Raises TooMuch, or httpx.DecodingError for what is not so encoded."""
    for layer in layers:
        pieces = _unpacked(pieces, layer)
    return iter(pieces)


def _unpacked(pieces: Iterable[bytes], layer: str) -> Iterator[bytes]:
    unpacker, made, first = zlib.decompressobj(_WINDOWS[layer]), 0, True
    for piece in pieces:
        rest = piece
        while rest:
            try:
                made_now = unpacker.decompress(rest, _PIECE)
            except zlib.error as error:
                if not (first and layer == "deflate"):
                    raise httpx.DecodingError(str(error)) from error
                # Half of all servers mean the bare form by it.
                unpacker, first = zlib.decompressobj(-15), False
                continue
            first = False
            rest = unpacker.unconsumed_tail
            made += len(made_now)
            if made > DECODED_MAX:
                raise TooMuch(DECODED_MAX, decoded=True)
            yield made_now
    yield unpacker.flush()
