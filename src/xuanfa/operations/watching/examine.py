"""Examine: whether everything is in place, without publishing anything."""

import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from xuanfa.domain.alarm import way_on
from xuanfa.domain.channel import EVERYTHING, Channel
from xuanfa.domain.errors import ConfigError, XuanfaError
from xuanfa.domain.finding import Finding, Severity, blocking
from xuanfa.domain.language import say, together
from xuanfa.domain.node import WORKER, Node
from xuanfa.domain.pacing import longest, room
from xuanfa.domain.process import Fate, how_to_end
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.folder import folder_problems
from xuanfa.operations.intake.notices import fixed_in_words
from xuanfa.operations.keeping.access import open_to_others
from xuanfa.operations.keeping.backup import BACKUPS
from xuanfa.operations.keeping.memory import identity_trouble, places
from xuanfa.operations.sending.nodes import roster
from xuanfa.operations.watching.accounts import examine_people
from xuanfa.operations.watching.alarms import FILES_NAMED
from xuanfa.operations.watching.days import examine_days
from xuanfa.operations.watching.examine_reviews import examine_reviews
from xuanfa.operations.watching.examined import Examined, examine_settings
from xuanfa.operations.watching.readers import examine_readers
from xuanfa.operations.watching.receivers import examine_receivers
from xuanfa.operations.watching.recurrent import examine_recurring
from xuanfa.operations.watching.restricted import examine_restricted
from xuanfa.operations.watching.strangers import examine_strangers
from xuanfa.operations.watching.taken_up import going_by_old
from xuanfa.operations.watching.undecided import examine_undecided
from xuanfa.store import attempts, channels, posts, restores, unreached

log = logging.getLogger(__name__)

HOUR = timedelta(hours=1)
_ALL = os.R_OK | os.W_OK | os.X_OK


def examine(desk: Desk) -> Iterator[Examined]:
    """Look at folders, columns and channels, one after the other. The settings and the schema were checked when the desk was made."""
    yield Examined(what=say("设置 xuanfa.toml", "settings xuanfa.toml"))
    yield _posts_folder(desk)
    yield from _bad_files(desk)
    yield from _unreached(desk)
    yield _data_folder(desk)
    yield Examined(what=say("数据库", "database"), trouble=identity_trouble(desk))
    yield from _open_to_others(desk)
    yield from _organisation(desk)
    yield from _columns(desk)
    yield from examine_reviews(desk)
    yield from examine_restricted(desk)
    yield from _alarms(desk)
    yield from examine_people(desk)
    yield from _fonts(desk)
    with desk.store.read() as connection:
        standings = channels.standings(connection)
    yield from _stop(standings.get(EVERYTHING))
    if not desk.store.read_only:
        yield from _marks(desk)
    yield from _restore(desk)
    yield from examine_undecided(desk)
    yield from examine_settings(desk)
    yield from examine_days(desk)
    yield from examine_recurring(desk)
    yield from examine_receivers(desk)
    yield from examine_readers(desk)
    yield from examine_strangers(desk)
    yield from _nodes(desk)
    for channel in desk.channels.values():
        standing = standings.get(channel.id)
        if standing is not None and standing.paused_at is not None:
            yield Examined(
                what=_channel_name(desk, channel.id),
                trouble=say(
                    "已暂停：{why}", "paused: {why}", why=way_on(standing.reason, Remedy("resume", channel.id))
                ),
            )
        yield from examine_channel(desk, channel.id)


def _posts_folder(desk: Desk) -> Examined:
    """As it stands now; where it seems well, what the last pass has met there."""
    found = _folder(desk.posts_folder, say("稿件文件夹", "folder of posts"), os.R_OK | os.X_OK)
    return found if found.trouble else replace(found, trouble=say("；", "; ").join(folder_problems(desk)))


def _data_folder(desk: Desk) -> Examined:
    """It is made when something is first put there, which on PostgreSQL is no database."""
    folder, name = desk.folder / "var", say("数据文件夹", "folder of data")
    if folder.exists() or not os.access(desk.folder, os.W_OK | os.X_OK):
        return _folder(folder, name, os.R_OK | os.X_OK if desk.store.read_only else _ALL)
    return Examined(
        what=say("{name} {folder}（用到时建立）", "{name} {folder} (made when needed)", name=name, folder=folder)
    )


def _folder(folder: Path, name: str, needed: int) -> Examined:
    what = f"{name} {folder}"
    if not folder.is_dir():
        return Examined(what=what, trouble=say("不存在，请建立", "does not exist; make it"))
    if not os.access(folder, needed):
        return Examined(
            what=what, trouble=say("没有读写权限，请检查属主和权限", "cannot be read or written; check owner and mode")
        )
    return Examined(what=what)


def _bad_files(desk: Desk) -> Iterator[Examined]:
    """Files of the inbox that are not taken as they are."""
    with desk.store.read() as connection:
        files = posts.bad_files(connection)
    for file in files[:FILES_NAMED]:
        problem = file.problems[0]  # it begins with the file's name, where it is not about the file as a whole
        named = problem.startswith(file.path)
        what = say("稿件", "post") if named else say("稿件 {path}", "post {path}", path=file.path)
        yield Examined(what=what, trouble=problem)
    if len(files) > FILES_NAMED:
        rest = say("另有 {n} 个文件有问题", "{n} more files have problems", n=len(files) - FILES_NAMED)
        yield Examined(what=say("稿件", "posts"), trouble=rest)


def _unreached(desk: Desk) -> Iterator[Examined]:
    """Posts that are out and whose files say something else by now."""
    with desk.store.read() as connection:
        changed = unreached.standing(connection)
    for each in changed[:FILES_NAMED]:
        what = say("稿件 {path}", "post {path}", path=each.path)
        yield Examined(what=what, trouble=fixed_in_words(each.channels), fatal=False, waits=True)
    if len(changed) > FILES_NAMED:
        rest = say(
            "另有 {n} 篇改动没有送到", "{n} more have changes that do not reach readers", n=len(changed) - FILES_NAMED
        )
        yield Examined(what=say("稿件", "posts"), trouble=rest, fatal=False, waits=True)


def _open_to_others(desk: Desk) -> Iterator[Examined]:
    """What people can read who should not."""
    with desk.store.read() as connection:
        backups = channels.recall(connection, *BACKUPS, desk.clock())
    for each in open_to_others(desk.folder, desk.store.file, Path(backups) if backups else None):
        yield Examined(what=str(each.path), trouble=each.sentence, fatal=False)


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
        yield Examined(what=what + " " + target.target, trouble=target.trouble)


def _fonts(desk: Desk) -> Iterator[Examined]:
    """Whether the typeface that the operator has named can be used, and there is one for covers and cards, where a channel draws any."""
    drawing = [id_ for id_ in desk.channels if desk.adapters.bound(id_).traits.draws]
    from xuanfa.content.pictures.fonts import font_trouble, wish_trouble  # noqa: PLC0415 - heavy

    wrong = wish_trouble()
    if wrong:
        yield Examined(what=say("指定的字体", "the typeface that is wished for"), trouble=wrong)
    if drawing:
        names = say("、", ", ").join(drawing)
        what = say("中文字体（{names} 画封面和卡片）", "Chinese typeface (covers and cards of {names})", names=names)
        yield Examined(what=what, trouble=font_trouble())


def _stop(standing: channels.Standing | None) -> Iterator[Examined]:
    """The pause of everything, where there is one."""
    if standing is not None and standing.paused_at is not None:
        yield Examined(
            what=say("发送", "sending"),
            trouble=say(
                "已全部暂停：{why}", "everything is paused: {why}", why=way_on(standing.reason, Remedy("resume"))
            ),
        )


def _restore(desk: Desk) -> Iterator[Examined]:
    """A restore that nobody has ended yet, and what it has left to decide."""
    with desk.store.read() as connection:
        restore, undecided = restores.latest(connection), restores.undecided(connection)
    if restore is None or (restore.complete_at is not None and not undecided):
        return
    what = say(
        "数据库恢复自 {at} 的备份",
        "the database is of the backup of {at}",
        at=in_words(restore.taken_at, desk.zone),
    )
    if restore.is_forgotten:
        what = say(
            "数据库丢失或换成了旧的（{at} 发现；{recover} 列出各处记得什么）",
            "the database was lost or replaced by an older one (noticed {at}; {recover} lists what is remembered)",
            at=in_words(restore.restored_at, desk.zone),
            recover=Remedy("recover"),
        )
    if restore.finished_at is None:
        again = say(
            "文件还没有恢复完：请再运行一次同样的 {restore}",
            "files are missing: run the same {restore} again",
            restore=Remedy("restore"),
        )
        yield Examined(what=what, trouble=again)
    left = say(
        "有 {n} 条投递可能在其后发出过，等人核对：{deliveries}",
        "{n} deliveries may have been sent since and wait for a person: {deliveries}",
        n=undecided,
        deliveries=Remedy("deliveries", state=("unknown", "held")),
    )
    note = say(
        "旧的稿件文件放进 posts/ 仍会暂缓；都放好之后用 {resume}",
        "older files are still held when they are put into posts/; when all are in, run {resume}",
        resume=Remedy("resume", all_posts_are_here=True),
    )
    yield Examined(
        what=what,
        trouble=left if undecided else "",
        note="" if restore.complete_at is not None else note,
        fatal=restore.ended_at is None,
        waits=bool(undecided),
    )


def _marks(desk: Desk) -> Iterator[Examined]:
    """Where it is noted outside the database what it has done. One place is enough; with none, a lost database would go unnoticed."""
    found = places(desk)
    works = any(not place.trouble for place in found)
    for place in found:
        what = say("程序外的记号 {path}", "marks outside the database {path}", path=place.name)
        yield Examined(what=what, trouble=place.trouble, fatal=not works)


def _nodes(desk: Desk) -> Iterator[Examined]:
    """The processes that stay, by their sign of life, and the channels that none of several machines sees to."""
    now, known = desk.clock(), roster(desk)
    late = {each.node.name: each.words for each in going_by_old(desk, known)}
    for node in known:
        ago = max(0, round((now - node.seen_at).total_seconds()))
        alive = say("{n} 秒前有心跳", "seen {n} s ago", n=ago)
        name = say(
            "节点 {name}（{role}，{v}", "node {name} ({role}, {v}", name=node.name, role=node.role, v=node.version
        )
        concerned = say("，{c}", ", {c}", c=say("、", ", ").join(node.channels)) if node.channels else ""
        end = say("）", ")")
        if node.is_alive(now):
            what = name + concerned + say("，", ", ") + alive + end
            words = late.get(node.name, "")
            yield Examined(what=what, trouble=words, fatal=False)
        else:
            yield Examined(what=name + concerned + end, trouble=_silent(desk, node, ago), fatal=False)
    yield from _senders(desk)
    sharing = [node for node in known if node.role == WORKER and node.is_alive(now)]
    alone = any(node.is_alive(now) and node.sends and node.role != WORKER for node in known)
    if sharing and not alone:
        for channel in desk.channels:
            if not any(node.sees_to(channel) for node in sharing):
                yield Examined(
                    what=_channel_name(desk, channel),
                    trouble=say(
                        "没有节点负责它，稿件不会发出：请在一台机器上运行 {worker}",
                        "no node sees to it, so nothing is sent there: run {worker} on some machine",
                        worker=Remedy("worker", channel=channel),
                    ),
                )


def _silent(desk: Desk, node: Node, seconds: int) -> str:
    """What is known of a node that gives no sign of life."""
    words = {
        Fate.GONE: ("进程已不在", "the process is gone"),
        Fate.STOPPED: (
            "进程还在，但被停住了：让它继续用 kill -CONT，结束它用 kill -9",
            "the process is there but stopped: kill -CONT lets it go on, kill -9 ends it",
        ),
        Fate.RUNNING: ("进程还在，但没有进展：请查看它的日志", "the process is there but does not get on: see its log"),
        Fate.UNSEEN: (
            "从这里看不出进程是否还在：请到那台机器上看",
            "whether the process is still there cannot be seen from here: look on that machine",
        ),
    }
    return say(
        "已 {n} 秒没有心跳，{what}。没有收尾的投递会转为“待核实”",
        "not seen for {n} s; {what}. What it left open becomes unknown",
        n=seconds,
        what=say(*words[desk.fate(node.process)]),
    )


def _senders(desk: Desk) -> Iterator[Examined]:
    """Processes that have left deliveries in doubt and may still send them."""
    with desk.store.read() as connection:
        left = attempts.may_still_run_in_doubt(connection)
    for sender in {sender.node: sender for sender in left}.values():
        fate = desk.fate(sender.process)
        if fate is not Fate.GONE:
            what = say("中断的发送 {node}", "an interrupted sender {node}", node=sender.node)
            yield Examined(what=what, trouble=how_to_end(sender, fate, desk.host), fatal=False, waits=True)


def examine_channel(desk: Desk, channel: str) -> Iterator[Examined]:
    """What a channel says of itself, and what is left of its rates."""
    what = _channel_name(desk, channel)
    if desk.lacks_secrets or desk.store.read_only:
        note: str = say("这个账号只能看，没有检查", "this account may only look; not examined")
        yield Examined(what=what, note=note)
        return
    findings = _diagnosed(desk, channel)
    troubles = [finding for finding in findings if finding.severity is not Severity.NOTE]
    for finding in troubles:
        yield Examined(what=what, trouble=finding.message, fatal=finding.severity is Severity.BLOCK)
    if blocking(troubles):
        return
    notes = [finding.message for finding in findings if finding not in troubles]
    note = together([*notes, *rates(desk, desk.channels[channel])])
    if note or not troubles:
        yield Examined(what=what, note=note)


def _diagnosed(desk: Desk, channel: str) -> tuple[Finding, ...]:
    """What the channel says of itself. One that cannot even be asked is told, and the others are examined all the same."""
    try:
        return tuple(desk.adapters.bound(channel).diagnose())
    except XuanfaError as error:
        return (Finding(code="machine", message=str(error)),)
    except Exception as error:
        log.exception("examining %s failed", channel)
        text = say(
            "渠道程序出错（{kind}），查不了。请把日志交给管理员。",
            "the adapter failed ({kind}) and could not be examined. Show the log to the operator.",
            kind=type(error).__name__,
        )
        return (Finding(code="adapter.error", message=text),)


def rates(desk: Desk, channel: Channel) -> Iterator[str]:
    """What is left of the rates that are counted by hours and days; by minutes it is over before anyone has read it."""
    now = desk.clock()
    slow = [limit for limit in channel.limits if limit.per >= HOUR]
    if not slow:
        return
    with desk.store.read() as connection:
        spent = channels.spent(connection, channel.budget, now - longest(slow))
    for limit in slow:
        yield say(
            "{hours} 小时内还可发 {left} 条（上限 {most}）",
            "{left} of {most} left within {hours} hours",
            hours=int(limit.per / HOUR),
            left=room([limit], spent, now),
            most=limit.count,
        )


def _channel_name(desk: Desk, channel: str) -> str:
    settings = desk.channels[channel]
    mode = say("，演练", ", rehearsal") if settings.rehearsal else ""
    return say("渠道 {id}（{kind}{mode}）", "channel {id} ({kind}{mode})", id=channel, kind=settings.kind, mode=mode)
