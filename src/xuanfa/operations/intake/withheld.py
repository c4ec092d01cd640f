"""Withheld: what has not been sent of a post whose own file stands in the way, with the reason. Inside the caller's transaction.

It goes on by itself when the file is put right, and as it was last read when a person releases it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from xuanfa.domain.language import say
from xuanfa.domain.planning import withheld
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.store import deliveries, waiting
from xuanfa.store.deliveries import Change


def hold(desk: Desk, connection: sa.Connection, reasons: Mapping[int, str], now: datetime) -> list[Change]:
    """Hold what is queued of these posts, by id, each with its reason. What is held for its file already gets the reason of now, which is no
    move."""
    changes = [
        Change(delivery, withheld(delivery, reasons[delivery.post_id]))
        for delivery in waiting.queued_of(connection, list(reasons))
        if not delivery.may_be_public
    ]
    anew = [
        Change(delivery, withheld(delivery, reasons[delivery.post_id]))
        for delivery in waiting.withheld_of(connection, list(reasons))
    ]
    deliveries.write(
        connection, [*changes, *(change for change in anew if change.after != change.before)], now, desk.node
    )
    return changes


def held_besides(connection: sa.Connection, paths: Mapping[int, str]) -> list[str]:
    """What is to be known where the files of posts, by number, stand in the way of which something is held already: a release would send it
    as it was."""
    held: dict[int, list[int]] = {}
    for each in waiting.held_of(connection, list(paths)):
        held.setdefault(each.post_id, []).append(each.id)
    return [_held_besides(paths[post_id], ids) for post_id, ids in held.items()]


def _held_besides(path: str, ids: Sequence[int]) -> str:
    return say(
        "{path}：文件已经不见了或读不成稿件，投递 {ids} 因别的原因还暂缓着：放行就照上一次读到的内容发，不发请取消。",
        "{path}: the file is gone or cannot be read as a post, and {ids} are held for another reason: released, they go out as last read; cancel "
        "them if they are not to.",
        path=path,
        ids=say("、", ", ").join(map(str, ids)),
    )


def _unread_name(folder: Path, path: str) -> str:
    """The path under which a file lies now that was renamed so that nobody reads it (``_x.md``); empty where there is none."""
    here, _, name = path.rpartition("/")
    renamed = f"{here}/_{name}"
    return renamed if (folder / renamed).is_file() else ""


def gone_in_words(folder: Path, path: str) -> str:
    """Why, where the file is gone from the workspace."""
    now = _unread_name(folder, path)
    if now:
        return say(
            "稿件文件 {path} 改名成了 {now}，以 _ 开头的文件一概不读，没有发出。不发了就取消；要发就把名字改回去，会自动恢复",
            "its file {path} is called {now} now, which nobody reads as it begins with _, and it was not sent. Cancel it, or give the file its name "
            "back, and it goes on by itself",
            path=path,
            now=now,
        )
    return say(
        "稿件文件 {path} 不见了（删除、改名或移走），没有发出。不发了就取消；要发就把文件放回原处，会自动恢复；确要照上一版发就放行",
        "its file {path} is gone (deleted, renamed or moved), and it was not sent. Cancel it, or put the file back, and it goes on by itself; "
        "to publish it as it was last read, release it",
        path=path,
    )


def gone_notice(folder: Path, path: str, ids: Sequence[int]) -> str:
    """What is said of the file, beside what each delivery tells: why, and what to do, stands there already."""
    now = _unread_name(folder, path)
    if now:
        return say(
            "{path}：改名成了 {now}，不再读它，投递 {ids} 已暂缓：{deliveries}",
            "{path}: it is called {now} now and is not read, and {ids} are held: {deliveries}",
            path=path,
            now=now,
            ids=say("、", ", ").join(map(str, ids)),
            deliveries=Remedy("deliveries", state="held"),
        )
    return say(
        "{path}：文件不见了，投递 {ids} 已暂缓，原因和办法见各投递：{deliveries}",
        "{path}: the file is gone, and {ids} are held; each delivery says why and what to do: {deliveries}",
        path=path,
        ids=say("、", ", ").join(map(str, ids)),
        deliveries=Remedy("deliveries", state="held"),
    )


def broken_in_words(path: str, problem: str) -> str:
    """Why, where the file cannot be read as a post any more; a problem mostly begins with the file's name."""
    return say(
        "稿件文件{path}现在读不成稿件，没有发出：{problem}。改好会自动恢复；确要照上一版发就放行",
        "its file{path} cannot be read as a post as things are, and it was not sent: {problem}. Mend it, and it goes on by itself; to publish "
        "it as it was last read, release it",
        path="" if problem.startswith(path) else f" {path} ",
        problem=problem,
    )


def other_post_in_words(path: str, slug: str) -> str:
    """Why, where the file holds another post by now."""
    return say(
        "稿件文件 {path} 里现在是另一篇稿件（slug {slug}），没有发出。不发了就取消；要发就把 slug 改回去，会自动恢复；确要照上一版发就放行",
        "its file {path} holds another post now ({slug}), and it was not sent. Cancel it, or give the file its slug back, and it goes on by "
        "itself; to publish it as it was last read, release it",
        path=path,
        slug=slug,
    )
