"""The practice platform of a rehearsed channel."""

import inspect
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from xuanfa.adapters.registry import practice_class, rehearsed
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.rehearsal import Platform, journal_of


def platform_for(kind: str, folder: Path, channel: str, clock: Callable[[], datetime]) -> Platform:
    """The platform that a rehearsed channel of ``kind`` talks to, as a transport for ``httpx.Client``.

    What it receives is kept in ``<folder>/<channel>.db``, which all processes share. Raises ConfigError for a kind without one.
    """
    found = practice_class(kind)
    if found is None:
        raise _none(kind, channel)
    if not (inspect.isclass(found) and issubclass(found, Platform)):
        raise _unfit(kind, found)
    return found(journal_of(folder, channel), clock)


def _none(kind: str, channel: str) -> ConfigError:
    return ConfigError(
        say(
            "渠道“{channel}”的类型 {kind} 没有练习平台，不能演练，正式发布不受影响。设置里写了 rehearsal = true 的请去掉；可演练的有：{kinds}。",
            "The channel {channel!r} is of the kind {kind}, which cannot be rehearsed; sending for real is not concerned. Remove "
            "rehearsal = true where it is set; these can be rehearsed: {kinds}.",
            channel=channel,
            kind=kind,
            kinds=say("、", ", ").join(rehearsed()),
        )
    )


def _unfit(kind: str, found: object) -> ConfigError:
    return ConfigError(
        say(
            "渠道类型“{kind}”的练习平台 {found} 不是 xuanfa.rehearsal.Platform 的子类。请联系其作者，或参阅 docs/adapters/README.md。",
            "The practice platform {found} of the kind {kind!r} is no subclass of xuanfa.rehearsal.Platform. Ask its author, or see "
            "docs/adapters/README.md.",
            kind=kind,
            found=getattr(found, "__qualname__", type(found).__qualname__),
        )
    )
