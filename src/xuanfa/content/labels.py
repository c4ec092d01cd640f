"""The label that readers see under what an AI has made (人工智能生成合成内容标识办法, in force 2025-09-01)."""

import re
from dataclasses import replace
from typing import Final

from xuanfa.domain.post import Override, Post

GENERATED: Final = "generated"
LABEL: Final = "（本文由人工智能生成）"
#: A text that says so itself needs no second label.
_SAID = re.compile(r"(?:AI|ＡＩ|人工智能)(?:辅助)?(?:生成|合成)", re.IGNORECASE)


def is_labelled(*texts: str) -> bool:
    """Whether any of them says that an AI has made what it belongs to."""
    return any(_SAID.search(text) for text in texts)


def with_label(post: Post, channel: str) -> Post:
    """The post with the label at the end of what ``channel`` gets, where an AI has made it and its text does not say so."""
    own = post.override(channel)
    text = post.body if own.text is None else own.text
    if post.ai != GENERATED or is_labelled(text):
        return post
    labelled = f"{text.rstrip()}\n\n{LABEL}\n"
    if own.text is None:
        return replace(post, body=labelled)
    channels: dict[str, Override] = {**(post.channels or {}), channel: replace(own, text=labelled)}
    return replace(post, channels=channels)
