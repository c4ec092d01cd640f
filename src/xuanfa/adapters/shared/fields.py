"""Sorts of values that the settings of several kinds share. Errors never repeat what was given: it may be a secret."""

import re
from typing import Annotated
from urllib.parse import urlsplit

import httpx
from pydantic import AfterValidator

from xuanfa.domain.language import say

_ADDRESS = re.compile(r"https?://[^\s/?#@\\]+(/[^\s?#]*)?")


def has_sound_host(address: str) -> bool:
    """Whether it is an address of the web whose host and port can be meant: libraries only notice some of the others, and late."""
    try:
        parts = urlsplit(address)
        named = (parts.hostname or "").encode("idna")
        return parts.scheme in {"http", "https"} and bool(named) and parts.port != 0 and httpx.URL(address).host != ""
    except (ValueError, httpx.InvalidURL):
        return False


def exact_address(value: str) -> str:
    """An address as it was written, since a platform compares it letter for letter. Raises ValueError for anything else."""
    if not _ADDRESS.fullmatch(value) or not has_sound_host(value):
        raise ValueError(
            say(
                "应是以 https:// 开头、不带 ? 和 # 的地址",
                "must be an address that begins with https://, without ? and #",
            )
        )
    return value


def web_address(value: str) -> str:
    """An address without a slash at its end, to which paths are added. Raises ValueError for anything else."""
    return exact_address(value.strip()).rstrip("/")


def _or_empty(value: str) -> str:
    return web_address(value) if value.strip() else ""


#: Exactly as it is registered with a platform.
ExactAddress = Annotated[str, AfterValidator(exact_address)]
#: Where a platform or a folder is; paths are added to it.
WebAddress = Annotated[str, AfterValidator(web_address)]
#: The same, or nothing.
OptionalAddress = Annotated[str, AfterValidator(_or_empty)]
