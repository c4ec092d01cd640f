"""The places on an article's page for what stands around it, and the page's digest, which is taken without them.

Each place lies between two comments, which no body can bring along: the sanitiser takes comments out.
"""

import hashlib
import re
from collections.abc import Mapping

_PLACE = re.compile(r"<!--(masthead|correction|neighbours|colophon)-->.*?<!--/\1-->", re.DOTALL)


def filled(page: str, parts: Mapping[str, str]) -> str:
    """The page with ``parts`` in their places; a place without a part becomes empty."""
    return _PLACE.sub(lambda match: f"<!--{match[1]}-->{parts.get(match[1], '')}<!--/{match[1]}-->", page)


def digest(page: str) -> str:
    """SHA-256 of a page without its frame, in hexadecimal. Bytes that are no UTF-8 have been read as surrogates."""
    return hashlib.sha256(filled(page, {}).encode(errors="surrogateescape")).hexdigest()
