"""Platforms to practise on: inside the process, no account, no network. They behave as the real ones are documented to."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.rehearsal.dingtalk import DingtalkPlatform
from xuanfa.rehearsal.douyin import DouyinPlatform
from xuanfa.rehearsal.feishu import FeishuPlatform
from xuanfa.rehearsal.journal import Journal, Received
from xuanfa.rehearsal.mail import MailPlatform
from xuanfa.rehearsal.platform import Fault, Platform
from xuanfa.rehearsal.receiver import Receiver
from xuanfa.rehearsal.wechat import WechatPlatform
from xuanfa.rehearsal.wecom import WecomPlatform
from xuanfa.rehearsal.weibo import WeiboPlatform
from xuanfa.rehearsal.wordpress import WordpressPlatform

__all__ = ["Fault", "Journal", "Platform", "Received", "journal_of", "platform_for"]

_PLATFORMS: Mapping[str, type[Platform]] = {
    "wechat": WechatPlatform,
    "wecom": WecomPlatform,
    "webhook": Receiver,
    "dingtalk": DingtalkPlatform,
    "feishu": FeishuPlatform,
    "email": MailPlatform,
    "wordpress": WordpressPlatform,
    "weibo": WeiboPlatform,
    "douyin": DouyinPlatform,
}


def platform_for(kind: str, folder: Path, channel: str, clock: Callable[[], datetime]) -> Platform:
    """The platform that a rehearsed channel of ``kind`` talks to, as a transport for ``httpx.Client``.

    What it receives is kept in ``<folder>/<channel>.db``, which all processes share. Raises ConfigError for a kind without one.
    """
    if kind not in _PLATFORMS:
        raise ConfigError(
            say(
                "渠道“{channel}”的类型 {kind} 没有练习平台，不能演练。请去掉 rehearsal = true；可演练的有：{kinds}。",
                "The channel {channel!r} is of the kind {kind}, which cannot be rehearsed. Remove rehearsal = true; these can: {kinds}.",
                channel=channel,
                kind=kind,
                kinds=say("、", ", ").join(_PLATFORMS),
            )
        )
    return _PLATFORMS[kind](journal_of(folder, channel), clock)


def journal_of(folder: Path, channel: str) -> Journal:
    """What the practice platform of a channel has received so far."""
    return Journal(folder / f"{channel}.db")
