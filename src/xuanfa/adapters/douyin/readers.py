"""Readers' figures of works (``video_data``): how often each was played, liked, forwarded and commented on.

The item's shape and the names of its ``statistics`` are those of the official SDK (channels.md 5.3, confidence B); ``statistics`` is told only to
applications that have been given it, so that it may be missing in an answer that is otherwise good. How many one question may name is not documented.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import httpx

from xuanfa.adapters.douyin.answers import Refusal, data_of, refusal
from xuanfa.adapters.douyin.session import Access, Session
from xuanfa.adapters.shared.http import Answer, send_once
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Unsent
from xuanfa.domain.reader_marks import ReadersAsked, ReadersTold
from xuanfa.domain.readers import Figures

AT_ONCE: Final = 20
_NAMES: Final = {
    "reads": ("play_count",),
    "likes": ("digg_count",),
    "forwards": ("share_count", "forward_count"),
    "comments": ("comment_count",),
}


def ask(
    client: httpx.Client,
    base_url: str,
    *,
    session: Session,
    access: Access,
    asked: Sequence[ReadersAsked],
    channel: str,
    now: datetime,
) -> ReadersTold | Refusal:
    """The figures as they stand at this moment."""
    known = {each.remote_id: each for each in asked if each.remote_id}
    missing: dict[int, str] = {
        each.delivery: say("没有登记抖音的编号，查不了", "its number at Douyin is not on record")
        for each in asked
        if not each.remote_id
    }
    if not known:
        return ReadersTold(missing=missing)
    answer = send_once(
        client,
        "POST",
        f"{base_url}/api/douyin/v1/video/video_data/",
        params={"open_id": access.open_id},
        headers={"access-token": access.token},
        json={"item_ids": list(known)},
        secrets=session.secrets,
    )
    if not isinstance(answer, Answer):
        return Unsent(evidence=answer.evidence)
    session.mind(access, answer)
    refused = refusal(answer, channel=channel, now=now, writes=False)
    if refused is not None:
        return refused
    rows = data_of(answer).get("list")
    if not isinstance(rows, list):
        return Unsent(evidence=say("看不懂抖音的数：{said}", "the figures cannot be read: {said}", said=answer.excerpt))
    told = {str(row.get("item_id") or ""): row for row in rows if isinstance(row, dict)}
    found = []
    for number, it in known.items():
        figures = _figures(it, told.get(number), now)
        if isinstance(figures, Figures):
            found.append(figures)
        else:
            missing[it.delivery] = figures
    return ReadersTold(figures=tuple(found), missing=missing)


def _figures(it: ReadersAsked, row: Mapping[str, Any] | None, now: datetime) -> Figures | str:
    if row is None:
        return say("抖音没有给出它的数，可能已被删除", "Douyin tells nothing of it; it may be deleted")
    given = row.get("statistics")
    statistics = given if isinstance(given, dict) else {}
    values = {name: _sum(statistics, keys) for name, keys in _NAMES.items()}
    if not any(value is not None for value in values.values()):
        return say(
            "抖音没有给应用看互动数据（请在开放平台申请“视频数据”能力）",
            "Douyin shows this application no statistics; apply for them on the open platform",
        )
    return Figures(delivery=it.delivery, at=now, **values)


def _sum(statistics: Mapping[str, Any], keys: Sequence[str]) -> int | None:
    """What is told of them, together; ``None`` where nothing is."""
    values = [value for key in keys if isinstance(value := statistics.get(key), int) and not isinstance(value, bool)]
    return sum(values) if values else None
