"""Acts about settings: one change at a time, tried before anything is written, written whole, and in the history with what changed."""

from dataclasses import dataclass
from typing import Final

from xuanfa.domain.act_settings import ChangeSettings
from xuanfa.domain.errors import ConfigError, StoreError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.setting import AREAS, Difference, MovedSettingsError
from xuanfa.domain.shown import clipped
from xuanfa.operations.configuring.port import Changing, Configured, Prepared
from xuanfa.operations.desk import Desk
from xuanfa.store import deliveries

#: So many changes are told in a line of the history, each so long. Characters.
_TOLD: Final = 60
_LONGEST: Final = 300
#: The line of history of a change of settings.
CHANGED: Final = "settings_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a change of settings has changed; nothing where all was so already."""

    differences: tuple[Difference, ...]


def change_settings(desk: Desk, act: ChangeSettings, person: Person) -> Changed:
    """Change settings. Raises MovedSettingsError where the file is not the one that the person has seen, FaultySettingsError for what cannot be
    so, MachineError where the file cannot be written, StoreError where the history cannot: in each case nothing was changed."""
    with configured_of(desk).changing() as changing:
        _require_seen(changing, act.base)
        prepared = changing.prepared(act.edits, act.secrets)
        if not prepared.differences:
            return Changed(differences=())
        try:
            with desk.store.write() as connection:
                deliveries.record_event(
                    connection,
                    now=desk.clock(),
                    after=CHANGED,
                    actor=person.signs(act.verb),
                    why=_told(act, prepared, person),
                    proof=prepared.proof,
                    before=act.area,
                    channel=_channel(act),
                )
                prepared.put()
        except StoreError:
            prepared.take_back()
            raise
    desk.newest(at_once=True)
    return Changed(differences=tuple(prepared.differences))


def configured_of(desk: Desk) -> Configured:
    """The settings of the workspace. Raises ConfigError where they cannot be changed from here."""
    if desk.configured is None:
        raise ConfigError(
            say(
                "从这里改不了设置；请在服务器上改 xuanfa.toml。",
                "Settings cannot be changed from here; change xuanfa.toml on the server.",
            )
        )
    return desk.configured


def _require_seen(changing: Changing, base: str) -> None:
    written = changing.written
    if not written.digest:
        raise ConfigError(written.trouble)
    if written.digest == base:
        return
    known = changing.since(base)
    raise MovedSettingsError(
        say(
            "您打开这页以后，xuanfa.toml 被改过，所以没有写。您填的都在；看过下面的改动，再按一次就写进新的文件。",
            "xuanfa.toml was changed after you opened this page, so nothing was written. All you typed is here; look at what was changed, then "
            "press once more.",
        ),
        known or (),
    )


def _channel(act: ChangeSettings) -> str | None:
    """The channel that alone is concerned."""
    keys = [each.key for each in act.edits] + [each.key for each in act.secrets]
    concerned = {key[1] for key in keys if key[0] == "channels" and len(key) > 1}
    return concerned.pop() if len(concerned) == 1 else None


def _told(act: ChangeSettings, prepared: Prepared, person: Person) -> str:
    """What was changed, for the history; of a secret only that there is another one."""
    words = [clipped(each.sentence, _LONGEST) for each in prepared.differences[:_TOLD]]
    left = len(prepared.differences) - _TOLD
    if left > 0:
        words.append(say("另有 {n} 处", "{n} more", n=left))
    return say(
        "{area}：{what}{why}",
        "{area}: {what}{why}",
        area=say(*AREAS[act.area]),
        what=say("；", "; ").join(words),
        why=say("（{why}）", " ({why})", why=person.why) if person.why else "",
    )
