"""A channel (渠道): one configured account at a destination."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from xuanfa.domain.pacing import Budget, Limit

#: Stands for every channel where one is paused. It cannot be an id.
EVERYTHING: Final = "*"
#: The ending of a channel's practice twin, to which only samples go. A dot cannot be in an id.
_PRACTICE: Final = ".practice"


def practice_of(channel: str) -> str:
    """The name of a channel's practice twin."""
    return channel + _PRACTICE


def base_of(channel: str) -> str:
    """The channel that people know, for its practice twin too."""
    return channel.removesuffix(_PRACTICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What the core knows of a channel without touching its adapter: data only.

    ``account`` names where it sends, for people and for comparison (kind, host with path, account); ``formerly`` are other names of the
    same account. ``budget`` names whose pace is ``limits`` and ``in_flight``, and ``sharing`` all its channels: two channels with the same
    robot share it. ``shared`` are budgets beside it, of an application with several accounts. ``replay`` is how long the channel honours our
    key, so that the core may send again on its own; ``None`` is never. After ``looks_max`` looks only a person can tell.
    """

    id: str
    kind: str
    title: str
    rehearsal: bool = False
    account: str = ""
    formerly: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    budget: str = ""
    sharing: tuple[str, ...] = ()
    in_flight: int | None = None
    shared: tuple[Budget, ...] = ()
    replay: timedelta | None = None
    confirms: bool = False
    looks_max: int = 40
    stages: bool = False
    #: Where a person sees what it shows; empty where there is no one address.
    console: str = ""
    retracts: bool = False
    #: Whether it can change what is out, in its place.
    corrects: bool = False
    #: Of how many publications its platform tells readers' figures in one question; 0 where it tells none.
    readers_at_once: int = 0
    #: Whether its platform lists what the account shows, whoever has sent it.
    lists_out: bool = False
    #: What is at the public address of a post, as the kind says it (``adapters.protocol.Traits``).
    public_page: str = "unknown"

    @property
    def accounts(self) -> tuple[str, ...]:
        """All names of its account; none where it is not known, as of a channel that is gone from the settings."""
        return tuple(name for name in (self.account, *self.formerly) if name)

    @property
    def budgets(self) -> tuple[Budget, ...]:
        """Everything that a request to this channel spends from; nothing where it may send as it likes."""
        if not self.limits and self.in_flight is None:
            return self.shared
        sharing = self.sharing or (self.id,)
        own = Budget(name=self.budget, limits=self.limits, in_flight=self.in_flight, channels=sharing)
        return (own, *self.shared)

    @property
    def is_narrow(self) -> bool:
        """Whether only so many requests may be under way at once."""
        return any(budget.in_flight is not None for budget in self.budgets)


class Channels(Mapping[str, Channel]):
    """The channels of the settings, and beside them their practice twins: found by name, made when they are first asked for, and not among
    them when they are gone through."""

    def __init__(self, channels: Mapping[str, Channel], twin: Callable[[str], Channel]) -> None:
        self._own = dict(channels)
        self._twin = twin
        self._twins: dict[str, Channel] = {}

    @property
    def names(self) -> list[str]:
        """The accounts, with those of the twins."""
        return [*self._own, *map(practice_of, self._own)]

    def __getitem__(self, name: str) -> Channel:
        if name in self._own:
            return self._own[name]
        if name not in self:
            raise KeyError(name)
        if name not in self._twins:
            self._twins[name] = self._twin(name)
        return self._twins[name]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and base_of(name) in self._own

    def __iter__(self) -> Iterator[str]:
        return iter(self._own)

    def __len__(self) -> int:
        return len(self._own)
