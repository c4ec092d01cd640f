"""To whom a post is open, as its front matter says, and whether a text says so at all, however badly: what cannot be read must not be told of to
everybody."""

import re
from collections.abc import Sequence
from typing import Final

from xuanfa.content.reading.fields import ALIASES, Fields, nearest
from xuanfa.content.reading.report import Report
from xuanfa.domain.access import LIST_MAX, as_kept
from xuanfa.domain.language import say

#: How far a front matter may reach. Lines.
_LINES: Final = 300
_KEY: Final = re.compile(r"(?:^|[{,])\s*[\"'“”]?([\w\u4e00-\u9fff]{2,20})[\"'“”]?\s*[:：]")
_FENCE: Final = "---"


def access_of(report: Report, written: Sequence[str]) -> tuple[str, ...]:
    """The list as it is kept. One of nobody is a mistake: the post would be open, or closed for ever."""
    words = tuple(dict.fromkeys(map(as_kept, written)))
    if "access" in report.matter.data and (not words or "" in words or len(words) > LIST_MAX):
        report.add(
            say(
                "access（限阅）要写登录名或角色，至少一个、最多 {most} 个；不限阅就删去这一行。",
                "`access` names login names or roles, one at least and {most} at most; remove the line to restrict nothing.",
                most=LIST_MAX,
            ),
            "access",
        )
    return tuple(word for word in words if word)


def names_access(text: str) -> bool:
    """Whether a key of the front matter is, or was probably meant to be, the one of the list of readers."""
    begun = False
    for line in text.split("\n")[:_LINES]:
        if line.strip() == _FENCE:
            if begun:
                return False
            begun = True
        elif any(_is_access(key) for key in _KEY.findall(line)):
            return True
    return False


def _is_access(key: str) -> bool:
    return (
        key in ALIASES
        or (key not in Fields.model_fields and nearest(key, Fields.model_fields) == "access")
        or key == "access"
    )
