"""The kinds by name, in one table: those shipped, and those that installed packages add. Of each the adapter, and the platform to practise on.

A package names its adapter under the entry point group ``xuanfa.adapters``, and its practice platform by the same name under
``xuanfa.practice``. Nothing is imported until a channel of the kind is built. A clash, a missing member or an unknown kind fails at start,
by name.
"""

import difflib
import importlib
import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from xuanfa.adapters.protocol import Adapter, AdapterConfig, Traits
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say

#: The entry point groups of a package's adapters and of their practice platforms.
GROUP = "xuanfa.adapters"
PRACTICE = "xuanfa.practice"


@dataclass(frozen=True, slots=True)
class Kind:
    """The classes of one kind, as ``module:Class``. One without a practice platform writes files, in a rehearsal into a folder of their own,
    or cannot be rehearsed."""

    adapter: str
    practice: str = ""


SHIPPED: Mapping[str, Kind] = {
    "site": Kind("xuanfa.adapters.site:SiteAdapter"),
    "wechat": Kind("xuanfa.adapters.wechat:WechatAdapter", "xuanfa.rehearsal.wechat:WechatPlatform"),
    "wecom": Kind("xuanfa.adapters.wecom.adapter:WecomAdapter", "xuanfa.rehearsal.wecom:WecomPlatform"),
    "webhook": Kind("xuanfa.adapters.webhook.adapter:WebhookAdapter", "xuanfa.rehearsal.receiver:Receiver"),
    "dingtalk": Kind("xuanfa.adapters.dingtalk.adapter:DingtalkAdapter", "xuanfa.rehearsal.dingtalk:DingtalkPlatform"),
    "feishu": Kind("xuanfa.adapters.feishu.adapter:FeishuAdapter", "xuanfa.rehearsal.feishu:FeishuPlatform"),
    "wordpress": Kind("xuanfa.adapters.wordpress:WordpressAdapter", "xuanfa.rehearsal.wordpress:WordpressPlatform"),
    "email": Kind("xuanfa.adapters.email:EmailAdapter", "xuanfa.rehearsal.mail:MailPlatform"),
    "weibo": Kind("xuanfa.adapters.weibo:WeiboAdapter", "xuanfa.rehearsal.weibo:WeiboPlatform"),
    "manual": Kind("xuanfa.adapters.manual:ManualAdapter"),
    "douyin": Kind("xuanfa.adapters.douyin:DouyinAdapter", "xuanfa.rehearsal.douyin:DouyinPlatform"),
}

_MEMBERS = ("budget", "render", "check", "publish", "confirm", "diagnose")


def kinds() -> tuple[str, ...]:
    """The names of all kinds, the shipped ones first. Raises ConfigError for a clash."""
    return tuple(_table())


def rehearsed() -> tuple[str, ...]:
    """The names of the kinds that have a practice platform. Raises ConfigError for a clash."""
    return tuple(name for name, kind in _table().items() if kind.practice)


@cache
def adapter_class(kind: str) -> type[Adapter]:
    """The class of a kind, imported now. Raises ConfigError, which says which kind, which module and what is wrong."""
    target = _of(kind).adapter
    return checked(kind, target, _load(kind, target))


def practice_class(kind: str) -> Any:
    """The class of the platform to practise a kind on, imported now; ``None`` for a kind without one. Raises ConfigError as above."""
    target = _of(kind).practice
    return _load(kind, target) if target else None


def _of(kind: str) -> Kind:
    table = _table()
    if kind not in table:
        raise _unknown(kind, table)
    return table[kind]


@cache
def _table() -> Mapping[str, Kind]:
    # Asked once: every package's file is read for it, a twentieth of the time in which the program begins.
    known = entry_points()
    return combined(SHIPPED, known.select(group=GROUP), known.select(group=PRACTICE))


def combined(
    shipped: Mapping[str, Kind], adapters: Iterable[EntryPoint], platforms: Iterable[EntryPoint]
) -> Mapping[str, Kind]:
    """All that is known of each kind as one table. Two different classes of one name are a clash, and neither wins; a platform to practise a
    kind on that nothing publishes to is a mistake of its package."""
    table = dict(shipped)
    for entry in adapters:
        known = table.setdefault(entry.name, Kind(entry.value))
        _require_one(entry, known.adapter)
    for entry in platforms:
        if entry.name not in table:
            raise _unpublished(entry)
        _require_one(entry, table[entry.name].practice or entry.value)
        table[entry.name] = replace(table[entry.name], practice=entry.value)
    return table


def _require_one(entry: EntryPoint, known: str) -> None:
    if known == entry.value:
        return
    raise ConfigError(
        say(
            "渠道类型“{kind}”有两个实现：{before} 与 {after}（{package}）。请卸载其中一个软件包，或为它换一个名称。",
            "Two classes claim the kind {kind!r}: {before} and {after} (of {package}). Uninstall one package or rename its kind.",
            kind=entry.name,
            before=known,
            after=entry.value,
            package=_package(entry),
        )
    )


def _unpublished(entry: EntryPoint) -> ConfigError:
    return ConfigError(
        say(
            "软件包 {package} 为渠道类型“{kind}”提供了练习平台 {target}，却没有这种渠道。请重新安装它，或联系其作者：两个入口点的名称要一致。",
            "The package {package} brings the practice platform {target} for the kind {kind!r}, and there is no such kind. Reinstall it, or "
            "ask its author: both entry points must have the same name.",
            package=_package(entry),
            kind=entry.name,
            target=entry.value,
        )
    )


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else "?"


def _unknown(kind: str, table: Mapping[str, Kind]) -> ConfigError:
    near = difflib.get_close_matches(kind, table, n=2, cutoff=0.5)
    return ConfigError(
        say(
            "没有渠道类型“{kind}”{near}可用的有：{kinds}。",
            "There is no kind {kind!r}{near} There are: {kinds}.",
            kind=kind,
            near=say("，是不是“{near}”？", "; did you mean {near}?", near=say("”或“", " or ").join(near))
            if near
            else say("。", "."),
            kinds=say("、", ", ").join(table),
        )
    )


def _load(kind: str, target: str) -> Any:
    module, _, name = target.partition(":")
    try:
        found: Any = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        raise ConfigError(
            say(
                "渠道类型“{kind}”的程序 {target} 无法载入：{error}。请重新安装提供它的软件包。",
                "The class {target} of the kind {kind!r} cannot be loaded: {error}. Reinstall the package that provides it.",
                kind=kind,
                target=target,
                error=error,
            )
        ) from error
    return found


def checked(kind: str, target: str, found: Any) -> type[Adapter]:
    """The class, if it has all that the protocol asks for. Raises ConfigError that lists what it lacks."""
    lacks = _lacks(kind, found) if inspect.isclass(found) else ["class"]
    if lacks:
        raise ConfigError(
            say(
                "渠道类型“{kind}”的程序 {target} 不符合适配器约定，缺少或不对的成员：{lacks}。请联系其作者，或参阅 docs/adapters/README.md。",
                "The class {target} of the kind {kind!r} breaks the adapter protocol; missing or wrong: {lacks}. "
                "Ask its author, or see docs/adapters/README.md.",
                kind=kind,
                target=target,
                lacks=say("、", ", ").join(lacks),
            )
        )
    adapter: type[Adapter] = found
    return adapter


def _lacks(kind: str, found: type) -> list[str]:
    lacks = [member for member in _MEMBERS if not hasattr(found, member)]
    if getattr(found, "kind", None) != kind:
        lacks.append(f'kind = "{kind}"')
    config = getattr(found, "Config", None)
    if not (inspect.isclass(config) and issubclass(config, AdapterConfig)):
        lacks.append("Config(AdapterConfig)")
    if not isinstance(getattr(found, "traits", None), Traits):
        lacks.append("traits: Traits")
    return lacks
