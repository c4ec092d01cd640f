"""From the four layers to checked settings, or to one message that says what to mend where."""

import os
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import in_lines, say
from xuanfa.domain.review_policy import NO_REVIEW
from xuanfa.domain.setting import FaultySettingsError, Key
from xuanfa.domain.times import TimeProblem
from xuanfa.settings.explain import Trouble, explain, faults, place_of
from xuanfa.settings.layers import DELIMITER, ENV_FILE, PREFIX, Layer, Texts, layers, outside_layers
from xuanfa.settings.model import Settings
from xuanfa.settings.workspace import SETTINGS_FILE

#: ``folder`` is given by whoever loads, never set.
_FIELDS = tuple(name for name in Settings.model_fields if name != "folder")


def load(
    workspace: Path,
    environ: Mapping[str, str] | None = None,
    *,
    settings_file: Path | None = None,
    looking: bool = False,
) -> Settings:
    """The settings of the workspace, from its files and ``environ`` (default: this process's); ``settings_file`` in place of its own.

    For whoever is only ``looking``, a ``.env`` that this account may not read counts as empty.

    Raises ConfigError with every trouble at once, a line each, naming file and line, or the variable, and what was expected. Values that
    came from the environment are never repeated in a message.
    """
    folder = workspace.absolute()
    read = layers(folder, os.environ if environ is None else environ, _FIELDS, settings_file, looking=looking)
    settings, troubles = _settled(folder, read, without_secrets=looking and secrets_are_kept(folder))
    if settings is None or troubles:
        raise _refused(folder, read, troubles)
    return settings


def tried(workspace: Path, texts: Texts, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings that these texts would make. Raises FaultySettingsError with every trouble, by the keys of the settings."""
    folder = workspace.absolute()
    read = layers(folder, os.environ if environ is None else environ, _FIELDS, texts=texts)
    settings, troubles = _settled(folder, read)
    if settings is None or troubles:
        raise FaultySettingsError(faults(_origins(read), troubles))
    return settings


def origins_of(workspace: Path, environ: Mapping[str, str] | None = None) -> tuple[Layer, Layer, dict[Key, str]]:
    """What the settings file holds, what ``.env`` does, and where each setting stands that neither of them decides, in words. Raises
    ConfigError for what cannot be read."""
    file, secrets, *others = layers(workspace.absolute(), os.environ if environ is None else environ, _FIELDS)
    return file, secrets, _origins(others)


def _settled(
    folder: Path, read: Sequence[Layer], *, without_secrets: bool = False
) -> tuple[Settings | None, list[Trouble]]:
    """The settings of these layers, or what is wrong with them."""
    given: dict[str, Any] = {"folder": folder, "layers": [_settable(layer) for layer in read]}
    try:
        settings = Settings(**given)
    except ValidationError as error:
        # The library's error goes no further: it holds the values.
        return None, [_trouble(detail) for detail in error.errors(include_url=False)]
    return settings, [
        *_unknown_channels(settings),
        *_channels_without_adapter(settings),
        *_silences(settings),
        *_unknown_templates(settings),
        *_freshness(settings),
        *([] if without_secrets else _without_secret(settings)),
    ]


def _origins(read: Sequence[Layer]) -> dict[Key, str]:
    return {where: origin for layer in read for where, origin in layer.origins.items()}


def place_of_setting(folder: Path, key: tuple[str, ...], environ: Mapping[str, str] | None = None) -> str:
    """Where a setting of a workspace stands: the variable, or file and line. Raises ConfigError where its files cannot be read."""
    read = layers(folder, os.environ if environ is None else environ, _FIELDS, looking=True)
    return place_of(folder / SETTINGS_FILE, _origins(read), key)


def secrets_are_kept(folder: Path) -> bool:
    """Whether there is a ``.env`` that this account may not read."""
    path = folder / ENV_FILE
    return path.exists() and not os.access(path, os.R_OK)


def database_address(workspace: Path, environ: Mapping[str, str] | None = None) -> str:
    """The database of a folder that has no settings file yet: what ``.env``, the environment or a credential say of it, and nothing else of
    theirs. Raises ConfigError."""
    folder = workspace.absolute()
    given = os.environ if environ is None else environ
    read = outside_layers(folder, given, _FIELDS)
    own = [{"database_url": layer.values["database_url"]} for layer in read if "database_url" in layer.values]
    try:
        return Settings(folder=folder, layers=own).database_url  # type: ignore[call-arg]
    except ValidationError as error:
        raise _refused(folder, read, [_trouble(detail) for detail in error.errors(include_url=False)]) from None


def _settable(layer: Layer) -> dict[str, Any]:
    """``folder`` in a file would collide with the one that is given; under another name it is refused as any unknown key."""
    return {("folder " if name == "folder" else name): value for name, value in layer.values.items()}


def _trouble(detail: Any) -> Trouble:
    key = tuple(str(part).strip() for part in detail["loc"] if part != "[key]")
    kind = "bad_id" if "[key]" in detail["loc"] else detail["type"]
    known = _known_names(key[:-1]) if kind == "extra_forbidden" else ()
    return Trouble(key=key, kind=kind, limits=detail.get("ctx", {}), near=_nearest(key[-1], known), known=known)


def _known_names(table: tuple[str, ...]) -> tuple[str, ...]:
    """The keys that a table of the settings file may have."""
    if not table:
        return _FIELDS
    model: type[BaseModel] = Settings
    for name in table:
        # What is no key is an id, or a place in a list.
        annotation: Any = model.model_fields[name].annotation if name in model.model_fields else None
        inner = (annotation, *get_args(annotation)) if annotation is not None else ()
        model = next((m for m in inner if isinstance(m, type) and issubclass(m, BaseModel)), model)
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _unknown_channels(settings: Settings) -> list[Trouble]:
    known = tuple(settings.channels)
    naming = [("columns", id_, column.channels) for id_, column in settings.columns.items()]
    naming += [("pace", id_, pace.channels) for id_, pace in settings.pace.items()]
    naming += [("scoring", id_, level.channels) for id_, level in settings.scoring.items()]
    naming.append(("freshness", "", settings.freshness.channels))
    return [
        Trouble(
            key=(table, id_, "channels") if id_ else (table, "channels"),
            kind="unknown_channel",
            limits={"channel": channel},
            near=_nearest(channel, known),
            known=known,
        )
        for table, id_, channels in naming
        for channel in channels
        if channel not in known
    ]


def _channels_without_adapter(settings: Settings) -> list[Trouble]:
    """A channel that only a misspelt variable brought into being shows here."""
    named = tuple(id_ for id_, table in settings.channels.items() if table.get("adapter"))
    return [
        Trouble(key=("channels", id_, "adapter"), kind="no_adapter", near=_nearest(id_, named), known=named)
        for id_ in settings.channels
        if id_ not in named
    ]


def _silences(settings: Settings) -> list[Trouble]:
    """Periods that end before they begin, or name what there is not."""
    troubles = []
    for number, table in enumerate(settings.silent):
        place = ("silent", str(number))
        for kind, names, known in (
            ("channels", table.channels, tuple(settings.channels)),
            ("columns", table.columns, tuple(settings.columns)),
        ):
            troubles += [
                Trouble(
                    key=(*place, kind),
                    kind=f"unknown_{kind[:-1]}",
                    limits={kind[:-1]: name},
                    near=_nearest(name, known),
                    known=known,
                )
                for name in names
                if name not in known
            ]
        try:
            table.silence(settings.zone)
        except TimeProblem as error:
            troubles.append(Trouble(key=place, kind="no_such_time", limits={"words": str(error)}))
        except ValueError:
            troubles.append(Trouble(key=(*place, "until"), kind="ends_first"))
    return troubles


def _unknown_templates(settings: Settings) -> list[Trouble]:
    """Words for a template that there is not."""
    known = (NO_REVIEW, *settings.reviews.templates)
    naming: list[tuple[tuple[str, ...], str]] = [(("review", "default"), settings.review.default)]
    naming += [(("columns", id_, "review"), table.review) for id_, table in settings.columns.items() if table.review]
    return [
        Trouble(key=key, kind="unknown_template", limits={"template": name}, near=_nearest(name, known), known=known)
        for key, name in naming
        if name not in known
    ]


def _without_secret(settings: Settings) -> list[Trouble]:
    """Receivers of webhooks that could not tell whether a message is ours."""
    return [
        Trouble(
            key=("webhooks", id_, "secret"),
            kind="webhook_no_secret",
            limits={"variable": (PREFIX + DELIMITER.join(("webhooks", id_, "secret"))).upper()},
        )
        for id_, table in settings.webhooks.items()
        if table.secret is None
    ]


def _freshness(settings: Settings) -> list[Trouble]:
    """Thresholds that do not follow one another."""
    table = settings.freshness
    if table.is_in_order:
        return []
    limits = {"amber": table.amber_days, "red": table.red_days, "stale": table.stale_days}
    return [Trouble(key=("freshness", "stale_days"), kind="not_in_order", limits=limits)]


def _nearest(name: str, known: Sequence[str]) -> str:
    return next(iter(get_close_matches(name, known, 1)), "")


def _refused(folder: Path, read: Sequence[Layer], troubles: Sequence[Trouble]) -> ConfigError:
    lines = explain(folder / SETTINGS_FILE, _origins(read), troubles)
    head = say("设置有 {n} 处不对：", "The settings have {n} mistakes:", n=len(lines))
    return ConfigError(lines[0] if len(lines) == 1 else in_lines((head, *lines)))
