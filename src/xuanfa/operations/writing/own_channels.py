"""渠道: where a post goes, and what a channel gets of its own, as fields of a form.

``to:ID`` is ``1`` for a channel that the post goes to and anything else for one that it does not; ``own:ID:KEY`` is what it gets instead. What
no field is sent for stays as the front matter says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from xuanfa.content.reading.own_channels import OWN, Wanted, channels_of, with_channels
from xuanfa.content.reading.rewriting import parted, value_of
from xuanfa.domain.column import Column
from xuanfa.operations.desk import Desk

TO: Final = "to:"
_OWN: Final = "own:"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnChannel:
    """A channel as the form shows it. ``columns`` are those that have it; none where the post names one that there is not."""

    id: str
    title: str
    is_on: bool
    columns: tuple[str, ...]
    own: Mapping[str, str]


def own_field(channel: str, key: str) -> str:
    """What its field is called."""
    return f"{_OWN}{channel}:{key}"


def is_own_field(name: str) -> bool:
    """Whether a field is one of these."""
    return name.startswith((TO, _OWN))


def own_channels(desk: Desk, text: str) -> tuple[OwnChannel, ...]:
    """Every channel of any column, in their order, and whatever else the post names."""
    matter, _ = parted(text)
    said = channels_of(matter) if matter is not None else None
    column = value_of(matter, "column") if matter is not None else ""
    listed = list(dict.fromkeys([*(name for each in desk.columns.values() for name in each.channels), *(said or {})]))
    return tuple(
        OwnChannel(
            id=name,
            title=desk.channels[name].title if name in desk.channels else name,
            is_on=said is None or name in said or not _in_column(desk.columns, column, name),
            columns=tuple(each.id for each in desk.columns.values() if name in each.channels),
            own=(said or {}).get(name, {}),
        )
        for name in listed
    )


def _in_column(columns: Mapping[str, Column], column: str, channel: str) -> bool:
    return column in columns and channel in columns[column].channels


def with_own_channels(text: str, fields: Mapping[str, str], columns: Mapping[str, Column]) -> str:
    """The text with what these fields say of its channels."""
    if not any(is_own_field(name) for name in fields):
        return text
    matter, _ = parted(text)
    if matter is None:
        return text
    said = channels_of(matter)
    column = columns.get(value_of(matter, "column"))
    possible = column.channels if column is not None else ()
    listed = dict.fromkeys([*(said or {}), *possible])
    wanted = {name: _own_of(name, fields, (said or {}).get(name, {})) for name in listed if _is_on(name, fields, said)}
    return with_channels(text, _told(wanted, said, possible))


def _is_on(name: str, fields: Mapping[str, str], said: Wanted | None) -> bool:
    return fields[f"{TO}{name}"] == "1" if f"{TO}{name}" in fields else said is None or name in said


def _own_of(name: str, fields: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    return {key: fields.get(own_field(name, key), said.get(key, "")) for key in OWN}


def _told(wanted: Wanted, said: Wanted | None, possible: tuple[str, ...]) -> Wanted | None:
    """All of the column's without anything of their own need no word, unless the author has named them."""
    is_plain = set(wanted) == set(possible) and not any(
        value.strip() for own in wanted.values() for value in own.values()
    )
    return None if is_plain and (said is None or set(said) != set(wanted) or any(said.values())) else wanted
