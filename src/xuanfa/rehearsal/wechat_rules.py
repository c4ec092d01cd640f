"""The rules of the practice account: what may be switched, and the words of its refusals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

Said = Mapping[str, Any]

_WORDS = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40005: "invalid file type",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid image size",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40065: "invalid state to delete",
    40114: "invalid index value",
    40152: "invalid tag id",
    40164: "invalid ip 203.0.113.7, not in whitelist",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41005: "media data missing",
    41039: "invalid content_source_url",
    42001: "access_token expired",
    43001: "require GET method",
    44003: "empty news data",
    45003: "title size out of limit",
    45004: "description size out of limit",
    45009: "reach max api daily quota limit",
    45028: "has no masssend quota",
    45065: "clientmsgid exist",
    45066: "same clientmsgid retry too fast",
    45067: "clientmsgid size out of limit",
    45166: "invalid content",
    47001: "data format error",
    48001: "api unauthorized",
    53503: "draft check failed",
    53504: "please use it in mp website",
    53600: "invalid article id",
    61501: "date range error",
    76021: "cgi_path not found",
    88000: "without comment privilege",
    89504: "waiting for administrator",
}


@dataclass(slots=True)
class Rules:
    """How the practice account is set up. The defaults are those of a verified account (公众号) of an office."""

    #: The secret that is taken; empty takes any.
    secret: str = ""
    on_allow_list: bool = True
    verified: bool = True
    has_comments: bool = True
    #: Calls a day by path, and for all others.
    calls_a_day: dict[str, int] = field(default_factory=dict)
    calls_otherwise: int = 100_000
    #: Successful mass sends a day (platforms.md, WeChat mass sending).
    mass_a_day: int = 1
    #: Whether a mass send waits for an administrator.
    is_protected: bool = False
    title_max: int = 64
    digest_max: int = 120
    #: How long publishing and mass sends take, and how publishing ends (``publish_status``).
    takes: timedelta = timedelta(seconds=20)
    verdict: int = 0
    #: Readers of an article, each day.
    readers: int = 10
    #: Codes that a path answers with, whatever is asked.
    codes: dict[str, int] = field(default_factory=dict)
    #: In practice a person may press “发表” so long after a draft was made; ``None`` is never.
    person_publishes_after: timedelta | None = None


def day(now: datetime) -> str:
    """The day by which quotas are counted: Beijing's."""
    return now.astimezone(timezone(timedelta(hours=8))).date().isoformat()


def refused(code: int, **more: Any) -> Said:
    """A refusal as the platform words it, with its ``rid``."""
    return {"errcode": code, "errmsg": f"{_WORDS.get(code, 'refused')} rid: 6a1f0c2e-rehearsal", **more}
