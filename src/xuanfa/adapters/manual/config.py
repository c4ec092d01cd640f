"""The settings of a place where a person publishes by hand."""

import re
from typing import ClassVar

from pydantic import field_validator

from xuanfa.adapters.protocol import AdapterConfig
from xuanfa.domain.language import say

_DOMAIN = re.compile(r"(?=.{1,253}$)([\w-]+\.)+[\w-]+")


class ManualConfig(AdapterConfig):
    """One place: a website's back office, or an account without an interface."""

    wired: ClassVar[frozenset[str]] = frozenset()

    #: Where packs are put, below the workspace.
    directory: str = "var/handover"
    #: The domain of the public addresses (``www.example.gov.cn``); those below it count too. Empty takes any.
    address_domain: str = ""
    #: The colours of drawn covers and cards: 法院红, 政务蓝 or 素雅.
    theme: str = ""
    #: Whether the pack holds the text as upright cards too, for picture posts.
    cards: bool = False
    #: The channel whose address of the same post is put in, where the post goes there; the pack then waits for it.
    link: str = ""
    #: Where the person publishes (the back office's address), shown in the steps.
    base_url: str = ""

    @field_validator("address_domain")
    @classmethod
    def _bare_domain(cls, value: str) -> str:
        bare = value.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/")
        if bare and not _DOMAIN.fullmatch(bare):
            raise ValueError(
                say(
                    "应是域名，如 www.example.gov.cn，不带路径和端口",
                    "must be a domain such as www.example.gov.cn, without path and port",
                )
            )
        return bare

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s\"'<>]+", value):
            raise ValueError(say("应是以 https:// 开头的地址", "must be an address that begins with https://"))
        return value

    @field_validator("theme")
    @classmethod
    def _known_theme(cls, value: str) -> str:
        if value.lower() not in {"", "法院红", "政务蓝", "素雅", "red", "blue", "plain"}:
            raise ValueError(
                say(
                    "应是 法院红、政务蓝 或 素雅（red、blue、plain）",
                    "must be 法院红 or 政务蓝 or 素雅 (red, blue, plain)",
                )
            )
        return value
