"""Readers' figures of short posts (``2/statuses/count``): forwards, comments and likes of up to a hundred posts in one request.

How often a post was read is told to accounts of media by a commercial interface only (open.weibo.com, C/2/media_statuses/count_sp/biz), so that it
is not known here. Posts that are not there are left out of the answer (Statuses/counts, the page of the first version). Each question is one of the
account's 100 requests a day (platforms.md, Weibo limits and Weibo figures).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import httpx

from xuanfa.adapters.shared.http import Answer, send_once
from xuanfa.adapters.weibo.answers import Refusal, refusal
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Unknown, Unsent
from xuanfa.domain.reader_marks import ReadersAsked, ReadersTold
from xuanfa.domain.readers import Figures

AT_ONCE: Final = 100
_NAMES: Final = {"likes": ("attitudes", "likes"), "forwards": ("reposts",), "comments": ("comments",)}


def ask(
    client: httpx.Client,
    base_url: str,
    *,
    token: str,
    secrets: Sequence[str],
    asked: Sequence[ReadersAsked],
    channel: str,
    now: datetime,
) -> ReadersTold | Refusal:
    """The figures as they stand at this moment."""
    known = {each.remote_id: each for each in asked if each.remote_id.isdecimal()}
    missing = {
        each.delivery: say("没有登记微博的编号，查不了", "its number at Weibo is not on record")
        for each in asked
        if each.remote_id not in known
    }
    if not known:
        return ReadersTold(missing=missing)
    answer = send_once(
        client,
        "GET",
        f"{base_url}/2/statuses/count.json",
        params={"access_token": token, "ids": ",".join(known)},
        secrets=secrets,
    )
    if isinstance(answer, Unsent | Unknown):
        return Unsent(evidence=answer.evidence)  # a read that may be repeated
    refused = refusal(answer, channel=channel, now=now, writes=False)
    if refused is not None:
        return refused
    rows = answer.data
    if not isinstance(rows, list):
        return _unreadable(answer)
    told = {str(row.get("id") or row.get("idstr")): row for row in rows if isinstance(row, dict)}
    found = []
    for number, it in known.items():
        values = {name: _whole(told.get(number, {}), keys) for name, keys in _NAMES.items()}
        if any(value is not None for value in values.values()):
            found.append(Figures(delivery=it.delivery, at=now, **values))
        else:
            missing[it.delivery] = say(
                "微博没有给出它的数，可能已被删除", "Weibo tells nothing of it; it may be deleted"
            )
    return ReadersTold(figures=tuple(found), missing=missing)


def _whole(row: Mapping[str, Any], keys: Sequence[str]) -> int | None:
    """A number, or one written as text; ``None`` for anything else."""
    for key in keys:
        value = row.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and value.isascii() and value.isdigit():
            return int(value)
    return None


def _unreadable(answer: Answer) -> Unsent:
    return Unsent(evidence=say("看不懂微博的数：{said}", "the figures cannot be read: {said}", said=answer.excerpt))
