"""Index: a workbook of everything that was published in a year, with the package that keeps it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from xuanfa.documents.placing import refuse_existing
from xuanfa.documents.workbook import Value, workbook
from xuanfa.domain.channel import base_of
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.operations.desk import Desk
from xuanfa.operations.papers.form import put
from xuanfa.store import papers
from xuanfa.store.papers import Package

#: The columns with their widths. The workbook is the office's own record, and Chinese for every reader.
_HEAD: Final = (
    ("序号", 6.0), ("标题", 50.0), ("稿件编号", 28.0), ("专栏", 16.0), ("供稿部门", 16.0), ("作者", 12.0), ("渠道", 16.0), ("发布时间", 17.0),
    ("撤下时间", 17.0), ("链接", 50.0), ("先发后审", 9.0), ("归档包序号", 11.0), ("归档包文件", 30.0), ("归档包 SHA-256", 66.0),
)  # fmt: skip


def write_index(desk: Desk, year: int, target: Path) -> tuple[int, int]:
    """Write the index of a year, in the workspace's zone, to ``target``; how many items it lists, and how many of them have no package yet.

    Raises ConfigError where the file is there or does not end in ``.xlsx``.
    """
    if target.suffix.lower() != ".xlsx":
        raise ConfigError(say("文件名 {path} 要以 .xlsx 结尾。", "The name {path} has to end in .xlsx.", path=target))
    refuse_existing(target)
    since, until = datetime(year, 1, 1, tzinfo=desk.zone), datetime(year + 1, 1, 1, tzinfo=desk.zone)
    with desk.store.read() as connection:
        items = papers.published_between(connection, since, until)
        newest = {package.post_id: package for package in papers.chain_of_packages(connection)}
    rows = list(_rows(desk, items, newest))
    put(target, workbook(f"{year} 年", _HEAD, rows, made_at=desk.clock()))
    return len(rows), sum(item.id not in newest for item in items)


def _rows(desk: Desk, items: Any, newest: dict[int, Package]) -> Iterator[list[Value]]:
    for number, item in enumerate(items, 1):
        column, channel, package = (
            desk.columns.get(item.column_id),
            desk.channels.get(item.channel),
            newest.get(item.id),
        )
        yield [
            number,
            item.title,
            item.slug,
            column.title if column else item.column_id,
            item.department,
            item.author,
            channel.title if channel else base_of(item.channel),
            item.published_at.astimezone(desk.zone),
            item.retracted_at.astimezone(desk.zone) if item.retracted_at else None,
            item.address or "",
            "是" if item.emergency else "",
            package.number if package else None,
            package.name if package else "",
            package.sha256 if package else "",
        ]
