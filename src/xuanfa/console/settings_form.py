"""A page of settings: shown as the file has them, tried, written, and asked again where something stands in the way, with all that was typed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from xuanfa.console.again import require_again
from xuanfa.console.once import is_answered, once
from xuanfa.console.render import page
from xuanfa.console.setting_fields import Group, asked, changes
from xuanfa.console.visit import Visit
from xuanfa.domain.act_settings import ChangeSettings
from xuanfa.domain.errors import MachineError, StoreError, XuanfaError
from xuanfa.domain.language import say
from xuanfa.domain.setting import (
    AREAS,
    Difference,
    Edit,
    Fault,
    FaultySettingsError,
    MovedSettingsError,
    SecretEdit,
    Written,
)
from xuanfa.operations.configuring.acts import configured_of
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.watching.taken_up import running
from xuanfa.reports.people import list_users
from xuanfa.reports.settings_history import last_changes

#: So many fields are marked as changed. An address has its length.
_MARKED: Final = 20
Changes = tuple[list[Edit], list[SecretEdit]]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One page: its title, what it is about (one of ``AREAS``), where it stands and leads back to, and its settings. ``of`` names what alone it
    is about, as the history of settings does. ``more`` is for its own template."""

    title: str
    area: str
    address: str
    groups: Sequence[Group]
    back: tuple[str, str]
    lead: str = ""
    deed: str = ""
    of: str = ""
    template: str = "setting"
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Refused:
    """Why it was not written: in one sentence, by field, and what was changed in the file meanwhile."""

    words: str = ""
    faults: Sequence[Fault] = ()
    moved: Sequence[Difference] = ()
    status: int = 200


def settings_page(visit: Visit, sheet: Sheet, written: Written, refused: Refused | None = None) -> Response:
    """The page, with what was typed where it was refused."""
    told = refused or Refused()
    shown = [(each, asked(written, each, visit, told.faults, typed=refused is not None)) for each in sheet.groups]
    named = {one.fault for _, fields in shown for one in fields}
    people = {user.name: user.display for user in list_users(visit.desk.store)}
    last = last_changes(visit.desk.store).get(sheet.of or sheet.area)
    return page(
        visit,
        sheet.template,
        status=told.status,
        sheet=sheet,
        groups=shown,
        base=written.digest,
        trouble=written.trouble or _behind(visit),
        fault=told.words,
        others=[each for each in told.faults if each.words not in named],
        moved=told.moved,
        number=sum(bool(one.fault) for _, fields in shown for one in fields),
        last=last,
        last_by=people.get(last.who, last.who) if last else "",
        **after_change(visit),
        **sheet.more,
    )


def written_of(visit: Visit) -> Written:
    """The settings as the file holds them. Raises ConfigError where they cannot be changed from here."""
    return configured_of(visit.desk).read()


def save_settings(
    visit: Visit,
    sheet: Sheet,
    written: Written,
    *,
    typed: Callable[[], Changes] | None = None,
    then: str = "",
    written_now: Callable[[], None] = lambda: None,
) -> Response:
    """Write what was typed on a page, and lead back to it, or to ``then``. Refused is one page with all that was typed. ``written_now`` is told
    when it was this very press by which it was written."""
    try:
        if is_answered(visit):  # what was new then is there by now
            return once(visit, ChangeSettings.verb, str)
        require_again(visit)
        edits, secrets = typed() if typed else changes(written, sheet.groups, visit)
        act = ChangeSettings(base=visit.field("base"), area=sheet.area, edits=tuple(edits), secrets=tuple(secrets))
        return once(visit, act.verb, lambda: _done(visit, act, then or sheet.address, written_now))
    except FaultySettingsError as error:
        return settings_page(visit, sheet, written, Refused(faults=error.faults, status=422))
    except MovedSettingsError as error:
        told = Refused(words=str(error), moved=error.differences, status=409)
        return settings_page(visit, sheet, written_of(visit), told)
    except (MachineError, StoreError) as error:
        return settings_page(visit, sheet, written, Refused(words=str(error), status=503))
    except XuanfaError as error:
        return settings_page(visit, sheet, written, Refused(words=str(error), status=422))


def after_change(visit: Visit) -> dict[str, Any]:
    """What a page tells right after something was written: which of the running processes have taken it up."""
    done = visit.query("done")
    return {"done": done, "processes": running(visit.desk) if done == "changed" else ()}


def _done(visit: Visit, act: ChangeSettings, path: str, written_now: Callable[[], None]) -> str:
    changed = carry_out(visit.desk, act, visit.person(visit.field("why")))
    written_now()
    if not changed.differences:
        return f"{path}?done=same"
    names = [".".join(each.key) for each in changed.differences[:_MARKED]]
    return f"{path}?{urlencode({'done': 'changed', 'changed': ','.join(names)})}"


def _behind(visit: Visit) -> str:
    """Why this process does not go by what the file says."""
    return "" if visit.desk.renewal is None else visit.desk.renewal.trouble


def area_name(area: str) -> str:
    """How the pages call what settings are about."""
    return say(*AREAS[area])
