"""Settings as fields of a form: what stands in them, and what was typed as changes of the file. What nobody has changed is no change."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from xuanfa.console.pages.errors import KEPT_BACK
from xuanfa.console.visit import Visit
from xuanfa.domain.setting import Counts, Edit, Fault, Key, SecretEdit, SettingField, Written
from xuanfa.reports.people import names_of
from xuanfa.reports.settings_history import secrets_changed

#: Ends the name of the box that takes a secret away.
GONE: Final = ".gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Settings of one table that stand below one heading. ``called``: by what the form calls the table, where that has no name yet."""

    title: str
    table: Key
    fields: Sequence[SettingField]
    help: str = ""
    called: Key | None = None
    #: Shown folded away, unless something in it is wrong.
    is_folded: bool = False
    #: From when on what is changed in it counts.
    counts: Counts = Counts.AT_ONCE

    def name_of(self, field: SettingField) -> str:
        """Of the field of a form. What is secret is kept back wherever typed fields are shown again."""
        table = self.table if self.called is None else self.called
        return (KEPT_BACK if field.is_secret else "") + ".".join((*table, field.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A setting as a page asks for it. ``elsewhere``: what else decides it, so that it cannot be changed here; ``stands``: where its secret is."""

    name: str
    field: SettingField
    text: str = ""
    picked: tuple[str, ...] = ()
    fault: str = ""
    elsewhere: str = ""
    stands: str = ""
    counts: Counts = Counts.AT_ONCE
    is_changed: bool = False
    #: Who has set the secret last, as printed, and when; ``None`` where nobody has in the console.
    set_by: str = ""
    set_at: datetime | None = None

    @property
    def id(self) -> str:
        """For the page."""
        return "f-" + self.name.replace(".", "-").replace("+", "new")


def asked(
    written: Written, group: Group, visit: Visit, faults: Iterable[Fault] = (), *, typed: bool = False
) -> list[Asked]:
    """The fields of a group: as the file has them or, where it was ``typed`` already, as it was typed. Secrets are empty."""
    said: dict[Key, list[str]] = {}
    for fault in faults:
        said.setdefault(fault.key[: len(group.table) + 1], []).append(fault.words)
    found = []
    changed = visit.query("changed").split(",")
    setters = secret_setters(visit, [(*group.table, each.name) for each in group.fields if each.is_secret])
    for field in group.fields:
        key = (*group.table, field.name)
        name = group.name_of(field)
        stands = written.secrets.get(key, "") if field.is_secret else ""
        value = written.at(key, field.default)
        set_by, set_at = setters.get(key, ("", None))
        picked = tuple(visit.fields(name)) if typed else tuple(map(str, value or ())) if field.sort == "picks" else ()
        found.append(
            Asked(
                name=name,
                field=field,
                text="" if field.is_secret else visit.raw(name) if typed else as_text(field, value),
                picked=picked,
                fault=" ".join(said.get(key, ())),
                elsewhere=written.elsewhere.get(key, ""),
                stands=stands,
                counts=field.counts or group.counts,
                is_changed=".".join(key) in changed,
                set_by=set_by,
                set_at=set_at,
            )
        )
    return found


def secret_setters(visit: Visit, keys: Sequence[Key]) -> dict[Key, tuple[str, datetime]]:
    """Who has set each of these secrets last, as people are called here, and when; nothing of what was never set in the console."""
    last = secrets_changed(visit.desk.store, [".".join(key) for key in keys])
    names = names_of(visit.desk.store) if last else {}
    return {key: (names.get(it.who, it.who), it.at) for key in keys if (it := last.get(".".join(key))) is not None}


def changes(written: Written, groups: Iterable[Group], visit: Visit) -> tuple[list[Edit], list[SecretEdit]]:
    """What was typed, as changes of the file and of its secrets."""
    edits: list[Edit] = []
    secrets: list[SecretEdit] = []
    for group in groups:
        for field in group.fields:
            key, name = (*group.table, field.name), group.name_of(field)
            if key in written.elsewhere:
                continue
            if field.is_secret:
                secrets += _secret(visit, key, name, field)
            else:
                edits += _edit(written, visit, key, name, field)
    return edits, secrets


def _secret(visit: Visit, key: Key, name: str, field: SettingField) -> list[SecretEdit]:
    if visit.field(name + GONE):
        return [SecretEdit(key=key, value="")]
    value = visit.field(name)
    if not value:
        return []
    return [SecretEdit(key=key, value=_as_variable(field, value))]


def _as_variable(field: SettingField, text: str) -> str:
    """A list or a table as a variable has it: as JSON."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if field.sort == "lines":
        return json.dumps(lines, ensure_ascii=False)
    if field.sort == "map":
        parts = [line.partition(":") for line in lines]
        return json.dumps({name.strip(): value.strip() for name, _, value in parts}, ensure_ascii=False)
    return text


def _edit(written: Written, visit: Visit, key: Key, name: str, field: SettingField) -> list[Edit]:
    before = written.at(key)
    value = _typed(field, visit, name, before)
    if before is None:
        is_unset = value in (field.default, None) or (value in ("", []) and not field.default)
        return [] if is_unset and not field.is_required else [Edit(key=key, value=value)]
    if value is None:
        return [Edit(key=key)]
    same = as_text(field, before) == as_text(field, value) if field.sort != "picks" else list(before) == value
    return [] if same else [Edit(key=key, value=value)]


def _typed(field: SettingField, visit: Visit, name: str, before: Any) -> Any:
    """The value as the file is to have it; as it was typed where it is none, for whoever checks it to say so."""
    text = visit.field(name)
    match field.sort:
        case "yes_no":
            return bool(text)
        case "whole" | "number" if not text:
            return None
        case "whole":
            return int(text) if _is_whole(text) else text
        case "number":
            return _number(text)
        case "choice":
            if not text and field.default is None:
                return None
            return int(text) if _is_whole(text) and all(map(_is_whole, field.choices)) else text
        case "lines":
            return [line.strip() for line in visit.raw(name).splitlines() if line.strip()]
        case "picks":
            return _in_order(visit.fields(name), before or ())
        case _:
            return text


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isascii() and text.removeprefix("-").isdecimal() and len(text) < 16  # noqa: PLR2004


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _in_order(picked: Sequence[str], before: Sequence[Any]) -> list[str]:
    """Those that stay in the order that they had, then those that are new."""
    stay = [str(each) for each in before if str(each) in picked]
    return stay + [each for each in picked if each not in stay]


def as_text(field: SettingField, value: Any) -> str:
    """A value as a field shows it."""
    if value is None:
        return ""
    if field.sort == "yes_no":
        return "1" if value is True else ""
    if field.sort == "lines":
        return "\n".join(map(str, value if isinstance(value, list | tuple) else [value]))
    if isinstance(value, Mapping):
        return "\n".join(f"{name}: {each}" for name, each in value.items())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
