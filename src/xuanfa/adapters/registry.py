"""The kinds by name: those shipped, and those that installed packages add under the entry point group ``xuanfa.adapters``.

Nothing is imported until a channel of the kind is built. A clash, a missing member or an unknown kind fails at start, by name.
"""

import difflib
import importlib
import inspect
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from xuanfa.adapters.protocol import Adapter, AdapterConfig, Traits
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say

GROUP = "xuanfa.adapters"

SHIPPED: Mapping[str, str] = {
    "site": "xuanfa.adapters.site:SiteAdapter",
    "wechat": "xuanfa.adapters.wechat:WechatAdapter",
    "wecom": "xuanfa.adapters.wecom:WecomAdapter",
    "webhook": "xuanfa.adapters.webhook:WebhookAdapter",
    "dingtalk": "xuanfa.adapters.dingtalk:DingtalkAdapter",
    "feishu": "xuanfa.adapters.feishu:FeishuAdapter",
    "wordpress": "xuanfa.adapters.wordpress:WordpressAdapter",
    "email": "xuanfa.adapters.mail:EmailAdapter",
    "weibo": "xuanfa.adapters.weibo:WeiboAdapter",
    "manual": "xuanfa.adapters.manual:ManualAdapter",
    "douyin": "xuanfa.adapters.douyin:DouyinAdapter",
}

_MEMBERS = ("budget", "render", "check", "publish", "confirm", "diagnose")


def kinds() -> tuple[str, ...]:
    """The names of all kinds, the shipped ones first. Raises ConfigError for a clash."""
    return tuple(_table())


@cache
def adapter_class(kind: str) -> type[Adapter]:
    """The class of a kind, imported now. Raises ConfigError, which says which kind, which module and what is wrong."""
    table = _table()
    if kind not in table:
        raise _unknown(kind, table)
    return checked(kind, table[kind], _load(kind, table[kind]))


@cache
def _table() -> Mapping[str, str]:
    return combined(SHIPPED, entry_points(group=GROUP))


def combined(shipped: Mapping[str, str], added: Iterable[EntryPoint]) -> Mapping[str, str]:
    """Both tables as one. The same name for two different classes is a clash, and neither wins."""
    table = dict(shipped)
    for entry in added:
        before = table.setdefault(entry.name, entry.value)
        if before != entry.value:
            raise ConfigError(
                say(
                    "渠道类型“{kind}”有两个实现：{before} 与 {after}（{package}）。请卸载其中一个软件包，或为它换一个名称。",
                    "Two classes claim the kind {kind!r}: {before} and {after} (of {package}). Uninstall one package or rename its kind.",
                    kind=entry.name,
                    before=before,
                    after=entry.value,
                    package=entry.dist.name if entry.dist else "?",
                )
            )
    return table


def _unknown(kind: str, table: Mapping[str, str]) -> ConfigError:
    near = difflib.get_close_matches(kind, table, n=2, cutoff=0.5)
    return ConfigError(
        say(
            "没有渠道类型“{kind}”{near}。可用的有：{kinds}。",
            "There is no kind {kind!r}{near}. There are: {kinds}.",
            kind=kind,
            near=say("，是不是“{near}”？", "; did you mean {near}?", near=say("”或“", " or ").join(near))
            if near
            else "",
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
