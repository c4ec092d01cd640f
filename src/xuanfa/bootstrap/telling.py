"""Telling people by Apprise (https://appriseit.com): mail, group robots, webhooks and a hundred more, each as one address."""

import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from xuanfa.domain.alarm import Told
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.domain.shown import printable

#: Shorter parts of an address are words, not secrets.
_SECRET = 6


class AppriseTeller:
    """Brings messages to addresses as Apprise has them. Its library is imported when something is told: most commands tell nothing."""

    def __init__(self, targets: Sequence[str]) -> None:
        self._targets = tuple(targets)

    def targets(self) -> tuple[Told, ...]:
        """Every target, with what is wrong with its address. Raises ConfigError where the library is missing."""
        apprise = _library()
        return tuple(_target(number, address, apprise)[0] for number, address in enumerate(self._targets, 1))

    def tell(self, title: str, body: str) -> tuple[Told, ...]:
        """Bring it to every target, one after the other. Raises ConfigError where the library is missing."""
        apprise, told = _library(), []
        title, body = printable(title), printable(body)
        for number, address in enumerate(self._targets, 1):
            target, service = _target(number, address, apprise)
            told.append(target if service is None else _tell(apprise, service, target, address, title=title, body=body))
        return tuple(told)


def _target(number: int, address: str, apprise: Any) -> tuple[Told, Any]:
    """A target as it may be shown, and the service behind it; ``None`` where there is none."""
    service = apprise.Apprise.instantiate(address)
    if service is not None:
        return Told(target=f"{number} {_shown(service.url(privacy=True))}"), service
    trouble = say(
        "不是 Apprise 认识的地址，请对照 docs/alarms.md 改正 alarms.targets",
        "no address that Apprise knows; docs/alarms.md shows how alarms.targets are written",
    )
    return Told(target=say("第 {n} 个地址", "target {n}", n=number), trouble=trouble), None


def _tell(apprise: Any, service: Any, target: Told, address: str, **message: str) -> Told:
    with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as said:
        try:
            if service.notify(**message):
                return target
            why = said.getvalue().strip()
        except Exception as error:  # noqa: BLE001 - a plugin's own mistake is a target that was not reached
            why = type(error).__name__
    return replace(target, trouble=_masked(why, address) or say("没有送达", "not delivered"))


def _library() -> Any:
    try:
        import apprise  # noqa: PLC0415 - heavy, and optional
    except ImportError as error:
        raise ConfigError(
            say(
                "设置了 alarms.targets，但没有安装 Apprise：请运行 pip install 'xuanfa[alarms]'。",
                "alarms.targets is set, but Apprise is not installed: run pip install 'xuanfa[alarms]'.",
            )
        ) from error
    # Its own lines hold addresses; what they say comes back as the trouble of a target.
    logging.getLogger("apprise").propagate = False
    return apprise


def _shown(address: str) -> str:
    """What may be shown of an address that Apprise has masked already: paths and queries may hold tokens that it does not know of."""
    scheme, mark, rest = address.partition("://")
    return scheme + mark + re.split(r"[/?]", rest)[0]


def _masked(text: str, address: str) -> str:
    """What the library said, without anything of the address that may be a secret."""
    parts = urlsplit(address)
    pieces = [address, parts.username or "", parts.password or "", *parts.path.split("/")]
    pieces += [value for _, value in parse_qsl(parts.query)]
    if parts.scheme not in {"json", "jsons", "xml", "xmls", "form", "forms", "mailto", "mailtos"}:
        pieces.append(parts.netloc)  # a robot's token stands where others have a host
    for piece in sorted({*pieces, *map(unquote, pieces)}, key=len, reverse=True):
        if len(piece) >= _SECRET:
            text = text.replace(piece, "****")
    return "; ".join(text.splitlines())[:300]
