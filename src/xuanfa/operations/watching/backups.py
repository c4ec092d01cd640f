"""Backups as somebody at the console sees them: where they go, the newest, and whether there should be another one by now."""

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from xuanfa.domain.errors import machine_words
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.operations.keeping.backup import BACKUPS
from xuanfa.store import channels

#: Backups are made every night: after so long without one somebody is told.
OVERDUE: Final = timedelta(hours=36)
_NAME: Final = re.compile(r"xuanfa-\d{8}-\d{6}\.zip")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupFile:
    """A backup that lies there."""

    name: str
    made_at: datetime
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupState:
    """Where backups go, empty where none was ever made; those that lie there, the newest first; what is wrong, empty where nothing is."""

    folder: str
    files: tuple[BackupFile, ...] = ()
    trouble: str = ""


def backup_state(desk: Desk) -> BackupState:
    """As far as this account can see."""
    with desk.store.read() as connection:
        folder = channels.recall(connection, *BACKUPS, desk.clock())
    if not folder:
        return BackupState(
            folder="",
            trouble=say(
                "还没有做过备份。请管服务器的人装上每夜的备份（{backup}），放到另一块盘上。",
                "No backup was ever made. Whoever keeps the server should have one made each night ({backup}), on another disk.",
                backup=Remedy("backup"),
            ),
        )
    try:
        with os.scandir(folder) as entries:
            found = [_file(Path(entry.path)) for entry in entries if _NAME.fullmatch(entry.name)]
    except OSError as error:
        return BackupState(
            folder=folder,
            trouble=say(
                "看不了备份文件夹 {folder}：{why}。请管服务器的人看一看。",
                "The folder of backups {folder} cannot be seen: {why}. Whoever keeps the server should look.",
                folder=folder,
                why=machine_words(error),
            ),
        )
    files = tuple(sorted(found, key=lambda each: each.name, reverse=True))
    return BackupState(folder=folder, files=files, trouble=_trouble(desk, files))


def _file(path: Path) -> BackupFile:
    facts = path.stat()
    return BackupFile(name=path.name, made_at=datetime.fromtimestamp(facts.st_mtime, UTC), size=facts.st_size)


def _trouble(desk: Desk, files: tuple[BackupFile, ...]) -> str:
    if not files:
        return say("备份文件夹里没有备份。", "There is no backup in the folder.")
    if desk.clock() - files[0].made_at <= OVERDUE:
        return ""
    days = (desk.clock() - files[0].made_at).days
    return say(
        "最近的备份是 {n} 天前的。请管服务器的人看每夜的备份为什么停了。",
        "The newest backup is {n} days old. Whoever keeps the server should see why the nightly one stopped.",
        n=max(days, 1),
    )
