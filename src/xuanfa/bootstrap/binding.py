"""Adapters bound to channels: one of each for every thread, because an HTTP client is quick only as long as one thread uses it."""

import hashlib
import re
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from threading import local
from typing import Any

import httpx
from pydantic import SecretStr

from xuanfa.adapters.accounts import AccountName, place_of
from xuanfa.adapters.http import TIMEOUT
from xuanfa.adapters.protocol import Adapter, AdapterConfig
from xuanfa.adapters.registry import adapter_class
from xuanfa.adapters.wire import Wire
from xuanfa.adapters.wire.exchange import LIMIT
from xuanfa.adapters.wire.proxies import proxy_for
from xuanfa.adapters.wire.tls import trusting
from xuanfa.bootstrap.configs import adapter_config
from xuanfa.bootstrap.memory import Memory
from xuanfa.content.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.channel import Channel
from xuanfa.domain.pacing import Budget
from xuanfa.domain.post import Picture

#: The password in an address, such as a proxy's, which is a secret without the rest, too.
_PASSWORD = re.compile(r"://[^/@:]*:([^/@]+)@")
#: As long a name of an account as the database keeps, and an ending. Characters.
_SCOPE_MAX = 180
#: What the wire can unpack, whatever the library could besides.
_UNPACKED = {"Accept-Encoding": "gzip, deflate"}


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """What all adapters of a process share."""

    folder: Path
    var_folder: Path
    templates: Templates
    media: MediaStore
    memory: Memory
    clock: Callable[[], datetime]
    #: Stands beside the practice platform of a channel and keeps what it is handed.
    witness: Callable[[str, httpx.BaseTransport], httpx.BaseTransport] = lambda _channel, platform: platform
    #: Stands in for the network of real channels, by channel (``benchmarks/simulation``); ``None`` is the network.
    wire: Callable[[str], httpx.BaseTransport] | None = None

    #: Certificate authorities besides the system's, for every channel; relative to the workspace.
    ca_file: str = ""
    #: How long one exchange may take. Seconds.
    limit: float = LIMIT
    _contexts: dict[str, ssl.SSLContext] = field(default_factory=dict)

    def tls(self, own: str = "") -> ssl.SSLContext:
        """One TLS context for all clients that trust alike: making one costs more than a request. ``own`` is a channel's ``ca_file``."""
        if own not in self._contexts:
            self._contexts[own] = trusting([self.folder / name for name in (self.ca_file, own) if name])
        return self._contexts[own]


class BoundAdapters:
    """Adapters by channel and thread; their settings are checked when this is made."""

    def __init__(
        self, raw_channels: Mapping[str, Mapping[str, Any]], workshop: Workshop, shared: Sequence[Budget] = ()
    ) -> None:
        self._configs = {id_: adapter_config(id_, raw) for id_, raw in raw_channels.items()}
        self._workshop = workshop
        self._shared = shared
        self._threads = local()

    def bound(self, channel: str) -> Adapter:
        """The adapter of a channel, bound for the calling thread."""
        mine: dict[str, Adapter] = self._threads.__dict__
        if channel not in mine:
            mine[channel] = self._bind(channel)
        return mine[channel]

    def channels(self) -> dict[str, Channel]:
        """What the core has to know of each channel, but for its account."""
        known = {id_: self._channel(id_) for id_ in self._configs}
        sharing: dict[str, tuple[str, ...]] = {}
        for channel in known.values():
            sharing[channel.budget] = (*sharing.get(channel.budget, ()), channel.id)
        return {id_: replace(channel, sharing=sharing[channel.budget]) for id_, channel in known.items()}

    def with_accounts(self, channels: Mapping[str, Channel], salt: str) -> dict[str, Channel]:
        """The channels with the names of their accounts; ``salt`` is the database's key for hashes."""
        return {
            id_: replace(
                channel,
                account=_account(self.bound(id_), self._configs[id_]).named(channel.kind, id_, salt),
                formerly=self._configs[id_].formerly,
            )
            for id_, channel in channels.items()
        }

    def shown(self) -> list[str]:
        """The settings of all channels, with their secrets hidden."""
        return [f"{id_}={config!r}" for id_, config in self._configs.items()]

    def secrets(self) -> list[str]:
        """Every secret in the settings, for masking."""
        return [secret for config in self._configs.values() for secret in _secrets(config.__dict__)]

    def _channel(self, id_: str) -> Channel:
        adapter, config = self.bound(id_), self._configs[id_]
        return Channel(
            id=id_,
            kind=adapter.kind,
            title=config.title or adapter.traits.name,
            rehearsal=config.rehearsal,
            limits=config.pace or adapter.traits.limits,
            budget=_scope(id_, config, adapter),
            in_flight=config.in_flight,
            shared=tuple(budget for budget in self._shared if id_ in budget.channels and not config.rehearsal),
            replay=adapter.traits.replay,
            confirms=adapter.traits.confirms,
            looks_max=adapter.traits.looks_max,
            stages=hasattr(adapter, "stage"),
            console="" if config.rehearsal else adapter.traits.console,
            retracts=hasattr(adapter, "retract"),
        )

    def _bind(self, id_: str) -> Adapter:
        config = self._configs[id_]
        tools = BoundTools(self._workshop, id_, config)
        if config.ca_file or self._workshop.ca_file:
            self._workshop.tls(config.ca_file)  # a file that is none is found at start
        adapter: Adapter = adapter_class(config.adapter)(config, tools)
        tools.scope = _memory_scope(id_, config, adapter)
        return adapter


class _Client(httpx.Client):
    """A client that closes its connections when its thread is gone: nobody else knows when that is."""

    def send(self, request: httpx.Request, *, auth: Any = httpx.USE_CLIENT_DEFAULT, **how: Any) -> httpx.Response:
        """One request to the transport of its address, its answer unread. What the library does around that (redirects, cookies that
        are kept, sign-in flows, hooks) is not wanted, and costs a quarter of a request; only where there is a name to send with, it is."""
        if auth not in {httpx.USE_CLIENT_DEFAULT, None}:
            return super().send(request, auth=auth, **how)
        response = self._transport_for_url(request.url).handle_request(request)
        response.request = request
        if not how.get("stream"):
            response.read()
        return response

    def __del__(self) -> None:
        self.close()


class BoundTools:
    """The tools of one adapter in one thread."""

    def __init__(self, workshop: Workshop, channel: str, config: AdapterConfig) -> None:
        self._workshop = workshop
        self._channel = channel
        self._config = config
        self.scope = ""

    @cached_property
    def http(self) -> httpx.Client:
        """Made when first asked for; a rehearsal's is wired to its practice platform."""
        if self._config.rehearsal:
            from xuanfa.rehearsal import platform_for  # noqa: PLC0415 - not needed where channels are real

            folder = self._workshop.var_folder / "rehearsal"
            platform = platform_for(self._config.adapter, folder, self._channel, self._workshop.clock)
            if self._config.rehearsal_fault:
                platform.practise(self._config.rehearsal_fault)
            transport = self._workshop.witness(self._channel, platform)
            return _Client(transport=transport, timeout=TIMEOUT, follow_redirects=False)
        shop = self._workshop
        if shop.wire is not None:
            return _Client(transport=shop.wire(self._channel), timeout=TIMEOUT, follow_redirects=False)
        wire = Wire(self.tls, limit=shop.limit, proxy_for=proxy_for(self._config.proxy.get_secret_value()))
        return _Client(transport=wire, timeout=TIMEOUT, follow_redirects=False, trust_env=False, headers=_UNPACKED)

    @property
    def tls(self) -> ssl.SSLContext:
        """Whom this channel believes."""
        return self._workshop.tls(self._config.ca_file)

    @property
    def limit(self) -> float:
        """How long one exchange may take. Seconds."""
        return self._workshop.limit

    @property
    def folder(self) -> Path:
        """The workspace."""
        return self._workshop.folder

    def picture(self, picture: Picture) -> Path:
        """The file with a picture's bytes, as they were frozen: nothing else leaves."""
        return self._workshop.media.checked(picture)

    def template(self, name: str, /, **context: Any) -> str:
        """A template of the kind's folder, filled in."""
        return self._workshop.templates.render(f"{self._config.adapter}/{name}", context)

    def remember(self, name: str, make: Callable[[], tuple[str, timedelta | None]]) -> str:
        """The value kept under ``name`` for the account, made where there is none."""
        return self._workshop.memory.remember(self.scope, name, make)

    def recall(self, name: str) -> str | None:
        """The living value, without making one."""
        return self._workshop.memory.recall(self.scope, name)

    def keep(self, name: str, value: str, life: timedelta | None) -> None:
        """Keep a value in place of an earlier one."""
        self._workshop.memory.keep(self.scope, name, value, life)

    def forget(self, name: str, value: str) -> None:
        """Drop it, if it is still this one."""
        self._workshop.memory.forget(self.scope, name, value)


def _scope(id_: str, config: AdapterConfig, adapter: Adapter) -> str:
    """Names an account, so that two channels of one account share its pace and its token; a rehearsal shares with nobody. It may hold a
    path, of any length."""
    scope = f"rehearsal:{id_}" if config.rehearsal else f"{adapter.kind}:{adapter.budget}"
    return scope if len(scope) <= _SCOPE_MAX else f"{adapter.kind}:{hashlib.sha256(scope.encode()).hexdigest()}"


def _memory_scope(id_: str, config: AdapterConfig, adapter: Adapter) -> str:
    """Whose tokens and uploads are remembered: of the same account at another host than the kind's own, others."""
    scope = _scope(id_, config, adapter)
    usual = type(config).model_fields.get("base_url")
    given = getattr(config, "base_url", "")
    if config.rehearsal or usual is None or not usual.default or given == usual.default:
        return scope
    return f"{scope}@{hashlib.sha256(place_of(given).encode()).hexdigest()[:16]}"


def _account(adapter: Adapter, config: AdapterConfig) -> AccountName:
    named = getattr(adapter, "account", None)
    if isinstance(named, AccountName):
        return named
    return AccountName(place=place_of(getattr(config, "base_url", "") or ""), name=adapter.budget)


def _secrets(value: Any) -> Iterator[str]:
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
        if (within := _PASSWORD.search(value.get_secret_value())) is not None:
            yield within[1]
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _secrets(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _secrets(item)
