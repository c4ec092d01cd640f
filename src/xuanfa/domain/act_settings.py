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


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTemplate:
    """A template is to be this; ``None``: as the program ships it. ``base``: the digest of what the person has seen. ``accepted``: the posts,
    by slug, of which they know that their review begins again."""

    verb: ClassVar = "change_template"
    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None
    template: str
    text: str | None
    base: str
    accepted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRules:
    """A file of the office's own rules is to be this; ``None``: there is none any more."""

    verb: ClassVar = "change_rules"
    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None
    file: str
    text: str | None
    base: str


OfSettings = ChangeSettings | ChangeTemplate | ChangeRules
