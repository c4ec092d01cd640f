"""The labels that readers see on what an AI has made (人工智能生成合成内容标识办法, in force 2025-09-01): those of a text, and who gets one.

What is drawn on a picture is ``pictures/label``.
"""

import re
from dataclasses import replace
from typing import Final

from xuanfa.domain.ai_label import BEFORE, GENERATED
from xuanfa.domain.post import Override, Post

LABEL: Final = "（本文由人工智能生成）"
#: A text that says so of itself needs no second label. One that only speaks of what others generate does not say it.
_SAID = re.compile(
    r"(?:(?:由|系|为)|[（(【\[][^（(【\[）)】\]\n]{0,12})(?:AI|ＡＩ|人工智能)(?:辅助)?(?:生成|合成)",
    re.IGNORECASE,
)


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
    return _with_own(post, channel, replace(own, text=labelled))


def with_label_before(post: Post, channel: str, summary: str) -> Post:
    """The post with the label before ``summary`` in place of its own for ``channel``: what is cut off to fit is cut off at the end."""
    own = post.override(channel)
    if own.summary is None:
        return replace(post, summary=BEFORE + summary)
    return _with_own(post, channel, replace(own, summary=BEFORE + summary))


def _with_own(post: Post, channel: str, own: Override) -> Post:
    channels: dict[str, Override] = {**(post.channels or {}), channel: own}
    return replace(post, channels=channels)
