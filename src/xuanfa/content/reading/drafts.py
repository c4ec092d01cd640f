"""A ready file for a new post."""

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta

from xuanfa.domain.column import Column

#: With the date before it and three bytes a character, this stays well below the 255 bytes of a file name. Characters.
_NAME_MAX = 40

_DRAFT = """\
---
title: {title}
# 专栏：{column_title}
column: {column}
# 以下各项可不填；要用就去掉那一行开头的 # 和空格。
# summary: 一两句话的摘要，不填则取正文开头
# author: 作者
# department: 供稿部门
# editor: 责任编辑
# source: 转载来源（原创不填）
# keywords: 关键词一，关键词二
# cover: images/封面.jpg
# 定时发布；写“立即”为马上发布；不填则按专栏排期：
{publish_at}
# 只发其中几个渠道时才填：
{channels}
---

<!-- 从这里写正文，写完可删去这一行。图片这样写：![图片说明](images/照片.jpg) -->
"""


def new_post(
    title: str, *, column: Column, today: date, name: str = "", publish_at: str = "", channels: Sequence[str] = ()
) -> tuple[str, str]:
    """File name and text for ``xuanfa new``; ``name`` stands in the file's name in place of the title. ``publish_at`` (2026-12-01 09:00) and
    ``channels`` are filled in where they are given. Left as it is, the file cannot be published: its body is empty."""
    text = _DRAFT.format(
        title=_plain_or_quoted(" ".join(title.split())),
        column=column.id,
        column_title=column.title,
        publish_at=f"publish_at: {publish_at}" if publish_at else f"# publish_at: {today + timedelta(days=1)} 09:00",
        channels=f"{'' if channels else '# '}channels: [{', '.join(channels or column.channels)}]",
    )
    return f"{today:%Y%m%d}-{_safe(name or title)}.md", text


def _plain_or_quoted(title: str) -> str:
    """The title as YAML: quoted where a sign in it could mean something."""
    plain = re.fullmatch(r"\w[\w，。！？；：、“”‘’（）《》【】—…· ]*", title)
    return title if plain else json.dumps(title, ensure_ascii=False)


def is_short_name(name: str) -> bool:
    """Whether a name can stand in a file's name and in an address as it is typed."""
    return bool(re.fullmatch(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", name)) and len(name) <= _NAME_MAX


def _safe(title: str) -> str:
    """The title with letters, digits, - and _ only: good as a slug and as a file name, on Windows too."""
    return re.sub(r"[\W-]+", "-", title)[:_NAME_MAX].strip("-_") or "post"
