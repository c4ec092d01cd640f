"""The settings of one channel, checked against its adapter's own ``Config``, with errors in words."""

import difflib
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from xuanfa.adapters.protocol import Adapter, AdapterConfig
from xuanfa.adapters.registry import adapter_class, kinds
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.domain.setting import KIND, Fault
from xuanfa.settings.expected import expected


def adapter_config(
    channel: str,
    raw: Mapping[str, Any],
    *,
    looking: bool = False,
    place: Callable[[tuple[str, ...]], str] | None = None,
) -> AdapterConfig:
    """The checked settings of a channel. Raises ConfigError that names channel, key and what was expected, never a value; ``place`` tells
    where a key stands.

    Whoever is only ``looking`` may not have the secrets: a channel may lack then what a rehearsed one may.
    """
    config_class = _config_class(channel, raw, place)
    try:
        return config_class.model_validate(dict(raw))
    except ValidationError as error:
        if looking:
            with suppress(ValidationError):
                return config_class.model_validate({**raw, "rehearsal": True}).model_copy(update={"rehearsal": False})
        lines = [
            _placed(channel, detail, place) + _in_words(channel, config_class, detail)
            for detail in error.errors(include_input=False)
        ]
        raise ConfigError("\n".join(lines)) from None


def config_faults(channel: str, raw: Mapping[str, Any]) -> list[Fault]:
    """What is wrong with the settings of a channel, by their keys; nothing where they are in order."""
    try:
        config_class = _config_class(channel, raw, None)
    except ConfigError as error:
        return [Fault(("channels", channel, KIND), str(error))]
    try:
        config_class.model_validate(dict(raw))
    except ValidationError as error:
        return [
            Fault(("channels", channel, *map(str, detail["loc"])), _said(config_class, detail))
            for detail in error.errors(include_input=False)
        ]
    return []


def _config_class(
    channel: str, raw: Mapping[str, Any], place: Callable[[tuple[str, ...]], str] | None
) -> type[AdapterConfig]:
    kind = raw.get(KIND)
    if not isinstance(kind, str) or not kind:
        raise ConfigError(
            say(
                "渠道 {channel} 没有写 adapter：请在 [channels.{channel}] 下写明类型，可用的有 {kinds}。",
                "The channel {channel} names no adapter: write it under [channels.{channel}]; there are {kinds}.",
                channel=channel,
                kinds=", ".join(kinds()),
            )
        )
    return _class_of(channel, kind, place).Config


def _class_of(channel: str, kind: str, place: Callable[[tuple[str, ...]], str] | None) -> type[Adapter]:
    """The adapter of a kind. Raises ConfigError that begins with where the kind is named."""
    try:
        return adapter_class(kind)
    except ConfigError as error:
        where = _place(("channels", channel, "adapter"), place)
        words = say(
            "{where}[channels.{channel}] adapter：{why}",
            "{where}[channels.{channel}] adapter: {why}",
            where=where,
            channel=channel,
            why=str(error),
        )
        raise ConfigError(words) from error


def _placed(channel: str, detail: ErrorDetails, place: Callable[[tuple[str, ...]], str] | None) -> str:
    """Where it stands, as the beginning of a sentence."""
    return _place(("channels", channel, *(part for part in map(str, detail["loc"]) if not part.isdigit())), place)


def _place(key: tuple[str, ...], place: Callable[[tuple[str, ...]], str] | None) -> str:
    return say("{place}：", "{place}: ", place=place(key)) if place is not None else ""


def _in_words(channel: str, config_class: type[AdapterConfig], detail: ErrorDetails) -> str:
    key = ".".join(str(part) for part in detail["loc"])
    where = f"[channels.{channel}] {key}".rstrip()  # what concerns several settings has no key of its own
    if detail["type"] == "extra_forbidden":
        near = difflib.get_close_matches(key, config_class.model_fields, n=1, cutoff=0.5)
        known = say("，是不是“{near}”？", "; did you mean {near}?", near=near[0]) if near else ""
        return say(
            "{where}：没有这个设置项{known}可用的有 {keys}。",
            "{where}: there is no such setting{known} There are {keys}.",
            where=where,
            known=known or say("。", "."),
            keys=", ".join(config_class.model_fields),
        )
    if detail["type"] == "missing":
        return say(
            "{where}：缺少这个设置项，请在 xuanfa.toml 或环境变量 XUANFA_CHANNELS__{name} 里补上。",
            "{where}: this setting is missing; add it to xuanfa.toml or set XUANFA_CHANNELS__{name}.",
            where=where,
            name=f"{channel}__{key}".upper().replace(".", "__"),
        )
    return say("{where}：{said}", "{where}: {said}", where=where, said=_said(config_class, detail))


def _said(config_class: type[AdapterConfig], detail: ErrorDetails) -> str:
    """What is wrong, without where."""
    if detail["type"] == "extra_forbidden":
        return say(
            "这种渠道没有这个设置项。可用的有 {keys}。",
            "this kind has no such setting. There are {keys}.",
            keys=", ".join(config_class.model_fields),
        )
    context = detail.get("ctx", {})
    return str(context["error"]) if "error" in context else expected(detail["type"], context)
