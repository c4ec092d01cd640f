"""What a server compressed, unpacked piece by piece and never beyond a cap: 5 kB can stand for gigabytes."""

import zlib
from collections.abc import Iterable, Iterator

import httpx

from xuanfa.adapters.shared.wire.exchange import DECODED_MAX, TooMuch
from xuanfa.domain.language import say

#: Packed twice is nonsense already; more would only cost time.
_LAYERS_MAX = 2
_PIECE = 65_536
#: So much of an encoding's name is shown. Characters.
_SHOWN = 60
#: zlib's window bits: a gzip header; a zlib header.
_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}


def decoded(pieces: Iterable[bytes], packing: str, most: int = DECODED_MAX) -> Iterator[bytes]:
    """The body as it was before the server encoded it; in place of one that cannot be read, or not sensibly, words that say so.

    Raises TooMuch, or httpx.DecodingError for what is not encoded as ``packing`` (a ``Content-Encoding``) says.
    """
    layers = _layers_of(packing)
    if len(layers) > _LAYERS_MAX or not all(name in _WINDOWS for name in layers):
        for _ in pieces:
            pass  # to its end, so that what is read of it is bounded like any other
        words = say(
            "（回答的压缩方式 {how} 解不开）", "(packed as {how}, which is not undone)", how=", ".join(layers)[:_SHOWN]
        )
        return iter([words.encode()])
    for layer in reversed(layers):
        pieces = _unpacked(pieces, layer, most)
    return iter(pieces)


def _layers_of(packing: str) -> list[str]:
    named = [name.strip().lower() for name in packing.split(",")]
    return [name for name in named if name not in {"", "identity"}]


def _unpacked(pieces: Iterable[bytes], layer: str, most: int) -> Iterator[bytes]:
    unpacker, made, first = zlib.decompressobj(_WINDOWS[layer]), 0, True
    for piece in pieces:
        rest = piece
        while rest and not unpacker.eof:  # what lies behind the end is nobody's, and would never be taken
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
            if made > most:
                raise TooMuch(most, "decoded")
            yield made_now
    yield unpacker.flush()
