"""Refusals that several acts share: the same sentence wherever a person meets them."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from xuanfa.domain.errors import AlteredError, ConfigError, StateError
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy

#: How many names are told that are like the one that nothing has.
_NEAR_MOST = 3


def no_such_post(slug: str, known: Sequence[str]) -> StateError:
    """No post is called so; which of those that are ``known`` have a name like it."""
    near = get_close_matches(slug, known, n=_NEAR_MOST)
    hint = say("，相近的有 {near}", "; there are {near}", near=say("、", ", ").join(near)) if near else ""
    return StateError(
        say(
            "没有名为“{slug}”的稿件{hint}：用 {posts} 查看。",
            "There is no post {slug!r}{hint}: see {posts}.",
            slug=slug,
            hint=hint,
            posts=Remedy("posts"),
        )
    )


def not_sent_there(channel: str, goes_to: Sequence[str]) -> ConfigError:
    """A channel was named that the post does not go to."""
    return ConfigError(
        say(
            "这篇稿件不发往渠道 {channel}：它发往 {all}。",
            "This post does not go to the channel {channel}: it goes to {all}.",
            channel=channel,
            all=say("、", ", ").join(goes_to),
        )
    )


def is_there_already(path: Path) -> ConfigError:
    """Something is where a file was to be written."""
    return ConfigError(
        say(
            "{path} 已经存在，没有覆盖：请换个文件名。",
            "{path} exists and was not overwritten: give another name.",
            path=path,
        )
    )


def not_as_kept(path: Path) -> AlteredError:
    """The bytes that are kept under a hash are gone, or are others."""
    return AlteredError(
        say(
            "存档 {file} 不见了或被改动过：请从备份取回这个文件。",
            "The kept file {file} is gone or was changed: take it from a backup.",
            file=path,
        )
    )
