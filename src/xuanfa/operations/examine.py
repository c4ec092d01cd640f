"""Examine: whether everything is in place, without publishing anything."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.finding import Severity
from xuanfa.domain.language import say
from xuanfa.operations.desk import Desk
from xuanfa.store import channels


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """One thing that was looked at. ``trouble`` is empty where it is well; ``fatal`` where nothing will work until it is mended."""

    what: str
    trouble: str = ""
    fatal: bool = True


def examine(desk: Desk) -> Iterator[Examined]:
    """Look at folders, columns and channels, one after the other. The settings and the schema were checked when the desk was made."""
    yield Examined(what=say("设置 xuanfa.toml", "settings xuanfa.toml"))
    yield _folder(desk.posts_folder, say("稿件文件夹", "folder of posts"))
    yield _folder(desk.folder / "var", say("数据文件夹", "folder of data"))
    yield Examined(what=say("数据库", "database"))
    yield from _organisation(desk)
    yield from _columns(desk)
    yield from _alarms(desk)
    yield from _fonts(desk)
    with desk.store.read() as connection:
        standings = channels.standings(connection)
    yield from _stop(standings.get(EVERYTHING))
    yield from _silences(desk)
    for channel in desk.channels.values():
        standing = standings.get(channel.id)
        if standing is not None and standing.paused_at is not None:
            yield Examined(
                what=_channel_name(desk, channel.id),
                trouble=say(
                    "已暂停：{why}。处理后运行 xuanfa channels resume {id}。",
                    "paused: {why}. When it is mended, run xuanfa channels resume {id}.",
                    why=standing.reason,
                    id=channel.id,
                ),
            )
        yield from _channel(desk, channel.id)


def _folder(folder: Path, name: str) -> Examined:
    what = f"{name} {folder}"
    if not folder.is_dir():
        return Examined(what=what, trouble=say("不存在，请建立", "does not exist; make it"))
    needed = os.R_OK | os.X_OK if folder.name == "posts" else os.R_OK | os.W_OK | os.X_OK
    if not os.access(folder, needed):
        return Examined(
            what=what, trouble=say("没有读写权限，请检查属主和权限", "cannot be read or written; check owner and mode")
        )
    return Examined(what=what)


def _organisation(desk: Desk) -> Iterator[Examined]:
    office = desk.organisation
    if not any(channel.kind == "site" for channel in desk.channels.values()):
        return
    missing = [key for key in ("name", "site_name", "site_domain", "site_id_code") if not getattr(office, key)]
    yield Examined(
        what=say("单位信息 [organisation]", "[organisation]"),
        trouble=say(
            "没有填写 {keys}：网页的 SiteName、SiteDomain、SiteIDCode 等标签会不完整（国办发〔2017〕47号）",
            "{keys} not set: the pages will lack tags that 国办发〔2017〕47号 asks for",
            keys=", ".join(missing),
        )
        if missing
        else "",
        fatal=False,
    )


def _columns(desk: Desk) -> Iterator[Examined]:
    for column in desk.columns.values():
        what = say("专栏 {title}", "column {title}", title=column.title)
        if not column.channels:
            yield Examined(what=what, trouble=say("没有渠道，稿件无处可发", "has no channels, so its posts go nowhere"))
            continue
        upcoming = column.timetable.next_slots(desk.clock(), desk.zone, 1)
        if upcoming:
            local = upcoming[0].astimezone(desk.zone)
            what += say("（下一档期 {at:%m-%d %H:%M}）", " (next slot {at:%m-%d %H:%M})", at=local)
        yield Examined(what=what)


def _alarms(desk: Desk) -> Iterator[Examined]:
    """Whether the addresses of ``[alarms]`` are ones; whether they work is for ``xuanfa alarms --test``."""
    if desk.alarms.teller is None:
        return
    what = say("告警", "alarms")
    try:
        targets = desk.alarms.teller.targets()
    except ConfigError as error:
        yield Examined(what=what, trouble=str(error))
        return
    for target in targets:
        yield Examined(what=f"{what} {target.target}", trouble=target.trouble)


def _fonts(desk: Desk) -> Iterator[Examined]:
    """Whether there is a typeface for covers and cards, where a channel draws any."""
    drawing = [id_ for id_ in desk.channels if desk.adapters.bound(id_).traits.draws]
    if drawing:
        from xuanfa.content.fonts import font_trouble  # noqa: PLC0415 - heavy

        names = say("、", ", ").join(drawing)
        what = say("中文字体（{names} 画封面和卡片）", "Chinese typeface (covers and cards of {names})", names=names)
        yield Examined(what=what, trouble=font_trouble())


def _stop(standing: channels.Standing | None) -> Iterator[Examined]:
    """The pause of everything, where there is one."""
    if standing is not None and standing.paused_at is not None:
        yield Examined(
            what=say("发送", "sending"),
            trouble=say(
                "已全部暂停：{why}。处理后运行 xuanfa resume。",
                "everything is paused: {why}. When it is mended, run xuanfa resume.",
                why=standing.reason,
            ),
        )


def _silences(desk: Desk) -> Iterator[Examined]:
    """Silent periods that are under way or to come; the one under way is worth a word."""
    now = desk.clock()
    for silence in desk.silences:
        if now < silence.ends:
            holding = say(
                "正在静默，到期的投递会暂缓，等人放行", "under way: what becomes due is held until a person releases it"
            )
            yield Examined(
                what=say("静默期 {when}", "silent period {when}", when=silence.in_words(desk.zone)),
                trouble=holding if silence.holds(now) else "",
                fatal=False,
            )


def _channel(desk: Desk, channel: str) -> Iterator[Examined]:
    what = _channel_name(desk, channel)
    findings = tuple(desk.adapters.bound(channel).diagnose())
    if not findings:
        yield Examined(what=what)
    for finding in findings:
        yield Examined(what=what, trouble=finding.message, fatal=finding.severity is Severity.BLOCK)


def _channel_name(desk: Desk, channel: str) -> str:
    settings = desk.channels[channel]
    mode = say("，演练", ", rehearsal") if settings.rehearsal else ""
    return say("渠道 {id}（{kind}{mode}）", "channel {id} ({kind}{mode})", id=channel, kind=settings.kind, mode=mode)
