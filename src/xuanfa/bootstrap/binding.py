"""Adapters bound to channels: one of each for every thread, because an HTTP client is quick only as long as one thread uses it."""

import hashlib
import logging
import re
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, cached_property, partial
from pathlib import Path
from threading import local
from typing import Any

import httpx
from pydantic import SecretStr

from xuanfa.adapters.protocol import Adapter, AdapterConfig
from xuanfa.adapters.registry import adapter_class
from xuanfa.adapters.shared.accounts import AccountName, place_of
from xuanfa.adapters.shared.http import TIMEOUT, user_agent
from xuanfa.adapters.shared.wire import Wire
from xuanfa.adapters.shared.wire.exchange import LIMIT
from xuanfa.adapters.shared.wire.proxies import no_proxy_trouble, proxy_for
from xuanfa.adapters.shared.wire.tls import trusting
from xuanfa.bootstrap.configs import adapter_config
from xuanfa.bootstrap.memory import Memory
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.attachment import Attachment
from xuanfa.domain.channel import Channel, base_of
from xuanfa.domain.errors import ConfigError, MachineError, StoreError, machine_words
from xuanfa.domain.language import say
from xuanfa.domain.pacing import Budget
from xuanfa.domain.past import ListsOut
from xuanfa.domain.post import Picture
from xuanfa.domain.reader_marks import TellsReaders
from xuanfa.settings import SETTINGS_FILE, place_of_setting

log = logging.getLogger(__name__)

#: The password in an address, such as a proxy's, which is a secret without the rest, too.
_PASSWORD = re.compile(r"://[^/@:]*:([^/@]+)@")
#: As long a name of an account as the database keeps, and an ending. Characters.
_SCOPE_MAX = 180
#: What the wire can unpack, whatever the library could besides.
_UNPACKED = {"Accept-Encoding": "gzip, deflate"}
#: Who asks: so that whoever keeps a server can tell, and let it through.
_OURS = {"User-Agent": user_agent()}


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

    #: Whether this account may not read the secrets, and so only looks.
    without_secrets: bool = False
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


@dataclass(frozen=True, kw_only=True)
class Way:
    """A channel's way out for whoever looks at public pages. ``own`` is the address of the office's own website, where the channel is one."""

    transport: Callable[[float, int], httpx.BaseTransport]
    #: The proxy that a request for an address goes through, with its password; ``None`` for none. Raises MachineError.
    proxy: Callable[[httpx.URL], str | None]
    own: str = ""

    def proxied(self, url: httpx.URL) -> bool:
        """Whether a request for this address goes through a proxy."""
        return self.proxy(url) is not None


def own_site(adapter: str, base_url: str) -> str:
    """The address of the office's own website, where a channel of this kind is one; else empty."""
    return base_url if adapter_class(adapter).traits.public_page == "text" else ""


class BoundAdapters:
    """Adapters by channel and thread; their settings are checked when this is made."""

    def __init__(
        self, raw_channels: Mapping[str, Mapping[str, Any]], workshop: Workshop, shared: Sequence[Budget] = ()
    ) -> None:
        has_file = (workshop.folder / SETTINGS_FILE).exists()
        place = partial(place_of_setting, workshop.folder) if has_file else None
        self._configs = {
            id_: adapter_config(id_, raw, looking=workshop.without_secrets, place=place)
            for id_, raw in raw_channels.items()
        }
        self._raw = raw_channels
        self._twins: dict[str, AdapterConfig] = {}
        self._workshop = workshop
        self._shared = shared
        self._threads = local()

    def bound(self, channel: str) -> Adapter:
        """The adapter of a channel, bound for the calling thread."""
        mine: dict[str, Any] = self._threads.__dict__
        if channel not in mine:
            mine[channel] = self._bind(channel)
        adapter: Adapter = mine[channel]
        return adapter

    def way_out(self, channel: str) -> Way | None:
        """How pages of a channel are asked for, by any thread; ``None`` for a rehearsal. Of a channel that the settings do not have any more, as
        the environment says. Raises MachineError for a proxy or authorities that cannot be used."""
        config = self._configs.get(base_of(channel))
        if config is not None and self._config(channel).rehearsal:
            return None
        shop = self._workshop
        choose = proxy_for(config.proxy.get_secret_value() if config is not None else "")

        def transport(limit: float, most: int) -> httpx.BaseTransport:
            if shop.wire is not None:
                return shop.wire(channel)
            try:
                tls = shop.tls(config.ca_file if config is not None else "")
            except ConfigError as error:
                raise MachineError(str(error)) from error
            return Wire(tls, limit=limit, proxy_for=choose, most=most)

        return Way(
            transport=transport,
            proxy=lambda url: None if shop.wire is not None else choose(url),
            own=own_site(config.adapter, str(getattr(config, "base_url", "") or "")) if config is not None else "",
        )

    def channels(self) -> dict[str, Channel]:
        """What the core has to know of each channel, but for its account. Raises ConfigError for a ``ca_file`` that is none: at start."""
        for config in self._configs.values():
            if config.ca_file or self._workshop.ca_file:
                self._workshop.tls(config.ca_file)
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

    def twin(self, id_: str, salt: str) -> Channel:
        """The practice twin of a channel."""
        channel, config = self._channel(id_), self._config(id_)
        account = _account(self.bound(id_), config).named(channel.kind, id_, salt)
        return replace(channel, sharing=(id_,), account=account)

    def _config(self, id_: str) -> AdapterConfig:
        """The settings of a channel; those of its twin are its own, rehearsed."""
        if id_ not in self._configs and base_of(id_) in self._configs:
            rehearsed = {**self._raw[base_of(id_)], "rehearsal": True}
            self._twins[id_] = self._twins.get(id_) or adapter_config(id_, rehearsed)
            return self._twins[id_]
        return self._configs[id_]

    def shown(self) -> list[str]:
        """The settings of all channels, with their secrets hidden."""
        return [f"{id_}={config!r}" for id_, config in self._configs.items()]

    def secrets(self) -> list[str]:
        """Every secret in the settings, for masking."""
        return [secret for config in self._configs.values() for secret in _secrets(config.__dict__)]

    def _channel(self, id_: str) -> Channel:
        adapter, config = self.bound(id_), self._config(id_)
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
            corrects=hasattr(adapter, "correct"),
            public_page=adapter.traits.public_page,
            lists_out=isinstance(adapter, ListsOut) and adapter.lists_out,
            readers_at_once=adapter.readers_at_once
            if isinstance(adapter, TellsReaders) and not config.rehearsal
            else 0,
        )

    def _bind(self, id_: str) -> Adapter:
        config = self._config(id_)
        tools = BoundTools(self._workshop, id_, config)
        self._threads.__dict__[f"{id_} tools"] = tools
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
        """Made when first asked for; a rehearsal's is wired to its practice platform. Raises MachineError where it cannot be made."""
        if self._config.rehearsal:
            return _Client(transport=self._practice(), timeout=TIMEOUT, follow_redirects=False, headers=_OURS)
        shop = self._workshop
        if shop.wire is not None:
            return _Client(transport=shop.wire(self._channel), timeout=TIMEOUT, follow_redirects=False, headers=_OURS)
        wire = Wire(self.tls, limit=shop.limit, proxy_for=self._proxy_for)
        headers = {**_OURS, **_UNPACKED}
        return _Client(transport=wire, timeout=TIMEOUT, follow_redirects=False, trust_env=False, headers=headers)

    def _practice(self) -> httpx.BaseTransport:
        """The practice platform of the channel's kind. Raises MachineError for a kind without one."""
        from xuanfa.bootstrap.practice import platform_for  # noqa: PLC0415 - not needed where channels are real

        folder = self._workshop.var_folder / "rehearsal"
        try:
            platform = platform_for(self._config.adapter, folder, self._channel, self._workshop.clock)
        except ConfigError as error:
            raise MachineError(str(error)) from error
        if self._config.rehearsal_fault:
            platform.practise(self._config.rehearsal_fault)
        return self._workshop.witness(self._channel, platform)

    def proxied(self, url: httpx.URL) -> bool:
        """Whether a request for this address goes through a proxy."""
        if self._config.rehearsal or self._workshop.wire is not None:
            return False
        return self._proxy_for(url) is not None

    @cached_property
    def _proxy_for(self) -> Callable[[httpx.URL], str | None]:
        own = self._config.proxy.get_secret_value()
        if not own:
            _tell_once(no_proxy_trouble())
        return proxy_for(own)

    @property
    def tls(self) -> ssl.SSLContext:
        """Whom this channel believes. Raises MachineError where what the settings name cannot be read."""
        try:
            return self._workshop.tls(self._config.ca_file)
        except ConfigError as error:
            raise MachineError(str(error)) from error

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
        try:
            return self._workshop.media.checked(picture)
        except OSError as error:
            raise MachineError(
                say(
                    "图片“{source}”的存档读不出来（{why}）：{file}",
                    "the kept copy of the picture {source!r} cannot be read ({why}): {file}",
                    source=picture.source,
                    why=machine_words(error),
                    file=self._workshop.media.path(picture),
                )
            ) from error

    def attachment(self, attachment: Attachment) -> Path:
        """The file with an attachment's bytes, as they were frozen."""
        try:
            return self._workshop.media.attachment(attachment)
        except OSError as error:
            raise MachineError(
                say(
                    "附件“{source}”的存档读不出来（{why}）",
                    "the kept copy of the attachment {source!r} cannot be read ({why})",
                    source=attachment.source,
                    why=machine_words(error),
                )
            ) from error

    def template(self, name: str, /, **context: Any) -> str:
        """A template of the kind's folder, filled in."""
        return self._workshop.templates.render(f"{self._config.adapter}/{name}", context)

    def remember(self, name: str, make: Callable[[], tuple[str, timedelta | None]]) -> str:
        """The value kept under ``name`` for the account, made where there is none."""
        try:
            return self._workshop.memory.remember(self.scope, name, make)
        except StoreError as error:
            raise MachineError(str(error), passes=True) from error

    def recall(self, name: str) -> str | None:
        """The living value, without making one."""
        try:
            return self._workshop.memory.recall(self.scope, name)
        except StoreError as error:
            raise MachineError(str(error), passes=True) from error

    def keep(self, name: str, value: str, life: timedelta | None) -> None:
        """Keep a value in place of an earlier one."""
        self._workshop.memory.keep(self.scope, name, value, life)

    def forget(self, name: str, value: str) -> None:
        """Drop it, if it is still this one."""
        self._workshop.memory.forget(self.scope, name, value)


@cache
def _tell_once(trouble: str) -> None:
    """What is left out of the environment, for whoever reads the log; once for all channels and threads."""
    if trouble:
        log.warning("%s", trouble)


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
