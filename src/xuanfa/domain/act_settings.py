"""Acts about settings: a part of ``domain/act``, which says what an act is."""

from dataclasses import dataclass, field
from typing import ClassVar

from xuanfa.domain.setting import Edit, SecretEdit


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSettings:
    """The settings are to be others. ``base``: the digest of the file that the person has seen; ``area``: what they are about, one of
    ``AREAS``. ``secrets`` go to ``.env``."""

    verb: ClassVar = "change_settings"
    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None
    base: str
    area: str
    edits: tuple[Edit, ...] = ()
    secrets: tuple[SecretEdit, ...] = field(default=(), repr=False)


OfSettings = ChangeSettings
