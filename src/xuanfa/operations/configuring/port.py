"""What changing settings asks of whoever knows their file: bootstrap does."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from xuanfa.domain.setting import Difference, Edit, KindOfChannel, SecretEdit, Written

if TYPE_CHECKING:
    from xuanfa.operations.desk import Desk
    from xuanfa.operations.intake.reading import Reader


class Prepared(Protocol):
    """A change that has been tried: the settings would be in order with it."""

    @property
    def differences(self) -> Sequence[Difference]:
        """What would be another one; a secret without words."""

    @property
    def proof(self) -> str:
        """Names the content that the file would have."""

    def put(self) -> None:
        """Write it, the old file kept beside. Raises MachineError where that cannot be, with nothing changed."""

    def take_back(self) -> None:
        """As it was before ``put``."""


class Changing(Protocol):
    """The files as they are, while nobody else changes them by this program."""

    @property
    def written(self) -> Written:
        """What they hold."""

    def since(self, digest: str) -> Sequence[Difference] | None:
        """What is not as it was when the file had that digest; ``None`` where that is not known any more."""

    def prepared(self, edits: Sequence[Edit], secrets: Sequence[SecretEdit]) -> Prepared:
        """Try a change. Raises FaultySettingsError, by the keys, and ConfigError for what else would keep the program from starting."""


class Configured(Protocol):
    """The settings of a workspace as its files hold them."""

    def read(self) -> Written:
        """What they hold now."""

    def kinds(self) -> Sequence[KindOfChannel]:
        """The kinds of channels that there are, with their keys."""

    def reading_with(self, instead: Mapping[str, str], seconds: float) -> AbstractContextManager["Reader"]:
        """A reader that renders with these templates, by name, in a process of its own with bounds; what takes longer than so many seconds in all
        is given up (``read`` answers ``None``). Raises ConfigError where no process can be started."""

    def changing(self) -> AbstractContextManager[Changing]:
        """The files, for a ``with`` statement in which nobody else changes them. Raises MachineError where that cannot be."""


class Renewal(Protocol):
    """Takes up settings that have changed while the process runs."""

    @property
    def trouble(self) -> str:
        """Why what the files say now is not what this process goes by; empty where it is."""

    def __call__(self, desk: "Desk", *, at_once: bool = False) -> "Desk":
        """The desk by the settings as they are now; the same one where nothing has changed or what has changed cannot be used. What changes is
        waited for until it is still, unless it is to be taken ``at_once``."""
