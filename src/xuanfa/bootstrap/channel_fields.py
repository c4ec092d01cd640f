"""The keys that channels of each kind may have, told from the kinds' own ``Config``, for whoever fills them in; and which settings are secrets."""

from collections.abc import Mapping
from collections.abc import Mapping as AbcMapping
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from xuanfa.adapters.protocol import AdapterConfig
from xuanfa.adapters.registry import adapter_class, kinds
from xuanfa.bootstrap.field_words import choices_of, words_of
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.domain.setting import KIND, Key, KindOfChannel, SettingField, at

#: Secrets outside ``[channels.ID]``; an address of a database may hold a password.
_SECRETS: Final = {("alarms", "targets"), ("check", "list_key"), ("database_url",)}
#: What every channel has comes first or last.
_FIRST: Final = ("title", "rehearsal")
_LAST: Final = ("pace", "in_flight", "ca_file", "proxy", "formerly", "rehearsal_fault")


def kinds_of_channels() -> tuple[KindOfChannel, ...]:
    """All kinds that there are, with their keys. A kind that cannot be loaded is not among them."""
    found = []
    for name in kinds():
        try:
            known = adapter_class(name)
        except ConfigError:
            continue  # ``doctor`` tells of it where a channel is of this kind
        found.append(KindOfChannel(name=name, title=say(*known.traits.label), fields=_fields(name, known.Config)))
    return tuple(found)


def is_secret(key: Key, values: Mapping[str, Any]) -> bool:
    """Whether what stands at a key is a secret; ``values`` tell of which kind a channel is. Of a channel of no known kind everything is."""
    match key:
        case ("channels", id_, name, *_):
            kind = at(values, ("channels", id_, KIND), "")
            if name in {KIND, *_FIRST, *_LAST} - {"proxy"}:
                return False
            try:
                known = adapter_class(kind).Config.model_fields if kind in kinds() else {}
            except ConfigError:
                known = {}
            return name not in known or _holds_secrets(known[name].annotation)
        case ("webhooks", _, name):
            # What stands behind the host of an address may be one as well.
            return name in {"url", "secret", "old_secret"}
        case _:
            return key in _SECRETS


def _fields(kind: str, config: type[AdapterConfig]) -> tuple[SettingField, ...]:
    known = config.model_fields
    unwired = {"ca_file", "proxy"} - config.wired
    own = [name for name in known if name not in {KIND, *_FIRST, *_LAST}]
    return tuple(_field(kind, name, known[name]) for name in (*_FIRST, *own, *_LAST) if name not in unwired)


def _field(kind: str, name: str, info: FieldInfo) -> SettingField:
    label_zh, label_en, help_zh, help_en = words_of(kind, name)
    return SettingField(
        name=name,
        sort=_sort(name, info.annotation),
        label=say(label_zh, label_en),
        help=say(help_zh, help_en) if help_zh else "",
        default=_default(info),
        choices=_choices(info.annotation),
        names={choice: say(*words) for choice, words in choices_of(kind, name).items()},
        is_secret=_holds_secrets(info.annotation),
        is_required=info.is_required(),
    )


def _default(info: FieldInfo) -> Any:
    """As a file would write it; ``None`` for what is nothing, or a secret."""
    value = info.get_default(call_default_factory=True)
    if value is PydanticUndefined or isinstance(value, SecretStr):
        return None
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def _parts(annotation: Any) -> tuple[Any, ...]:
    """The types of a union, without ``None``; another type alone."""
    if get_origin(annotation) not in {Union, UnionType}:
        return (annotation,)
    return tuple(part for part in get_args(annotation) if part is not NoneType)


def _sort(name: str, annotation: Any) -> str:
    (first, *_) = _parts(annotation)
    if name == "pace" or (get_origin(first) is tuple and not _holds_secrets(first)):
        return "lines"
    if _choices(annotation):
        return "choice"
    if get_origin(first) is AbcMapping:
        return "map"
    return {bool: "yes_no", int: "whole", float: "number"}.get(first, "text")


def _choices(annotation: Any) -> tuple[str, ...]:
    for part in _parts(annotation):
        if get_origin(part) is Literal:
            return tuple(map(str, get_args(part)))
        if isinstance(part, type) and issubclass(part, Enum):
            return tuple(str(each.value) for each in part)
    return ()


def _holds_secrets(annotation: Any) -> bool:
    return annotation is SecretStr or any(_holds_secrets(part) for part in get_args(annotation))
