"""Audit: the history for whoever has to answer for it: written out so that it can be checked without this program, and checked."""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.errors import ConfigError, MachineError, machine_words
from xuanfa.domain.language import say
from xuanfa.domain.refusals import is_there_already
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.operations.keeping.lines import Fault, Wrong, compared, sealed_faults
from xuanfa.operations.keeping.seal import seal
from xuanfa.store import append_only, audit, chain, identity, invariants, users, vouched

#: Of this shape of files.
FORMAT: Final = 1
#: How a file says what it is, and how it is checked.
_HOW: Final = {
    "zh": (
        "每行一个 JSON 对象，按 number 排列。每行最后的 hash 是 SHA-256，算的是：上一行的 hash（第一条记录用本行即首行全文的 SHA-256）、"
        "一个换行、本行去掉末尾 hash 一项之后的文字（以 } 结尾），都按 UTF-8。follows 是上一条记录的 number。末行写明共几条。"
        "sealed_as 是数据库里这一条的 SHA-256，程序的 audit verify 用它与数据库核对。"
    ),
    "en": (
        "One JSON object a line, in the order of number. The hash at the end of each is the SHA-256 of: the hash of the line before (for the first "
        "record the SHA-256 of this first line), a line feed, and the line's own text without its last field, hash, closed by }; all in UTF-8. "
        "follows is the number of the record before. The last line tells how many there are. sealed_as is the SHA-256 of the record as the database "
        "has it, by which the program's audit verify compares them."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written: how many records, and the hash of the last line, which stands for all of the file."""

    lines: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """One thing that was checked, and the lines that are not as they should be; ``trouble`` is empty where it holds."""

    what: str
    trouble: str = ""
    faults: tuple[Fault, ...] = ()


def export(desk: Desk, target: Path) -> Exported:
    """Write the whole history into a file that is not there yet. Raises ConfigError where it is, MachineError where it cannot be written."""
    seal(desk)
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
    except FileExistsError as error:
        raise is_there_already(target) from error
    except OSError as error:
        raise _cannot_write(target, error) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file, desk.store.read() as connection:
            written = _Chained()
            for text in _texts(desk, connection, written):
                file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _cannot_write(target, error) from error
        raise
    return Exported(lines=written.count, hash=written.hash)


class _Chained:
    """Lines one after the other, each hashed over the one before."""

    def __init__(self) -> None:
        self.hash = ""
        self.last = self.count = 0

    def header(self, facts: dict[str, Any]) -> str:
        """The first line."""
        text = _json(facts)
        self.hash = _sha(text)
        return text

    def add(self, facts: dict[str, Any]) -> str:
        """The next one."""
        text = _json(facts)
        self.hash = _sha(f"{self.hash}\n{text}")
        return f'{text[:-1]},"hash":"{self.hash}"}}'


def _texts(desk: Desk, connection: sa.Connection, written: _Chained) -> Iterator[str]:
    me, newest = identity.get(connection), chain.latest(connection)
    yield written.header(
        {
            "xuanfa": "audit",
            "format": FORMAT,
            "office": desk.organisation.name,
            "workspace": me.workspace,
            "exported_at": desk.clock().isoformat(timespec="seconds"),
            "how_to_check": _HOW,
        }
    )
    stored = chain.lines(connection, None)
    for line, kept in zip(audit.lines(connection, everything=True), stored, strict=True):
        shown = line.as_json() | {
            "at": line.at.isoformat(),
            "before": line.before,
            "after": line.after,
            "attempt": line.attempt,
        }
        yield written.add(shown | {"follows": written.last, "sealed_as": chain.long_hash(kept)})
        written.last, written.count = line.number, written.count + 1
    yield written.add(
        {"end": True, "lines": written.count, "seal": f"{newest.number}:{newest.hash}" if newest else None}
    )


def verify_history(desk: Desk) -> Iterator[Audited]:
    """What the database holds: that it still guards its history, each line under a seal, and what lines vouch for: attempts, receipts, accounts."""
    with desk.store.read() as connection:
        names = append_only.troubles(connection)
        yield Audited(
            what=say("数据库仍禁止改动历史", "The database still refuses to change the history"),
            trouble=(
                names
                and say(
                    "触发器 {names} 不见了或被改过", "the triggers {names} are gone or changed", names=", ".join(names)
                )
            )
            or "",
        )
        count = chain.newest(connection)
        yield _of_faults(
            say(
                "历史与封存时一致，最后一行是第 {n} 行",
                "The history is as it was sealed; its last line is {n}",
                n=count,
            ),
            list(sealed_faults(connection)),
        )
        for words, found in (
            (
                ("发送尝试与历史登记的一致", "Attempts are as the history tells of them"),
                vouched.altered_attempts(connection),
            ),
            (
                ("回执与历史登记的一致", "Receipts are as the history tells of them"),
                invariants.wrong_receipts(connection),
            ),
        ):
            yield _of_deliveries(connection, say(*words), list(found))
        accounts = list(users.altered(connection))
        trouble = say(
            "账号 {names} 被绕过程序改过",
            "the accounts {names} were changed past the program",
            names=", ".join(accounts),
        )
        what = say("用户账号与历史登记的一致", "Accounts are as the history tells of them")
        yield Audited(what=what, trouble=trouble if accounts else "")


def _of_faults(what: str, faults: Sequence[Fault]) -> Audited:
    if not faults:
        return Audited(what=what)
    named = say("；", "; ").join(fault.words for fault in faults[:_NAMED])
    more = say(" 等 {n} 处", " and others ({n} in all)", n=len(faults)) if len(faults) > _NAMED else ""
    trouble = say(
        "{named}{more}。请保留现场，对照备份和导出过的审计文件",
        "{named}{more}. Keep everything as it is, and compare it with a backup and with audit files exported before",
        named=named,
        more=more,
    )
    return Audited(what=what, trouble=trouble, faults=tuple(faults))


def _of_deliveries(connection: sa.Connection, what: str, ids: Sequence[int]) -> Audited:
    if not ids:
        return Audited(what=what)
    numbers = vouched.lines_of(connection, ids)
    trouble = say(
        "投递 {ids} 不符（历史第 {lines} 行）。请用 {show} 查看",
        "not of deliveries {ids} (lines {lines} of the history). Look with {show}",
        ids=", ".join(map(str, ids[:_NAMED])),
        lines=", ".join(map(str, numbers[:_NAMED])) or "-",
        show=Remedy("show"),
    )
    return Audited(what=what, trouble=trouble, faults=tuple(Fault(number=n, wrong=Wrong.CHANGED) for n in numbers))


#: How many lines are named to people.
_NAMED: Final = 10


def verify_file(path: Path, desk: Desk | None) -> Iterator[Audited]:
    """An exported file: whether it is as it was written, and, where it comes from this workspace, whether the database still says the same."""
    header, records = _read(path)
    yield _of_faults(
        say(
            "{path} 与导出时一致，共 {n} 条",
            "{path} is as it was exported, {n} records",
            path=path,
            n=max(len(records) - 1, 0),
        ),
        list(_faults_of(header, records)),
    )
    what = say("数据库里的历史与这个文件一致", "The history in the database is that of the file")
    if desk is not None:
        with desk.store.read() as connection:
            if json.loads(header).get("workspace") == identity.get(connection).workspace:
                told = {record["number"]: str(record.get("sealed_as")) for record, _ in records if _is_number(record)}
                stored = chain.lines(connection, None, max(told, default=0))
                found = {line[0]: chain.long_hash(line) for line in stored if line[0] in told}
                yield _of_faults(what, list(compared(told, found)))
                return
    note = say(
        "这个文件不是本工作区导出的，没有与数据库核对", "not compared with a database: the file is not this workspace's"
    )
    yield Audited(what=note)


_Record = tuple[dict[str, Any], str]


def _read(path: Path) -> tuple[str, list[_Record]]:
    """The first line, and every other one as what it says and as it is written. Raises ConfigError for a file that is none of ours."""
    try:
        first, *rest = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        header = json.loads(first)
        records = [(json.loads(text), text) for text in rest]
    except OSError as error:
        raise ConfigError(
            say("读不了 {path}：{why}。", "Cannot read {path}: {why}.", path=path, why=machine_words(error))
        ) from error
    except (ValueError, RecursionError) as error:
        raise _no_export(path) from error
    if not isinstance(header, dict) or header.get("xuanfa") != "audit" or header.get("format") != FORMAT:
        raise _no_export(path)
    if not all(isinstance(record, dict) for record, _ in records):
        raise _no_export(path)
    return first, records


def _faults_of(header: str, records: Sequence[_Record]) -> Iterator[Fault]:
    numbers = [record["number"] for record, _ in records if _is_number(record)]
    known = {record["number"]: str(record.get("hash")) for record, _ in records if _is_number(record)}
    known[0] = _sha(header)
    for number, place in zip(numbers, sorted(numbers), strict=True):
        if number != place:
            yield Fault(number=number, wrong=Wrong.MOVED)
    for record, text in records:
        if not _is_number(record):
            continue
        follows = record.get("follows")
        before = known.get(follows) if isinstance(follows, int) else None
        if before is None:
            yield Fault(number=follows if isinstance(follows, int) else record["number"], wrong=Wrong.MISSING)
        elif _chained(text, before) != record.get("hash"):
            yield Fault(number=record["number"], wrong=Wrong.CHANGED)
    last, text = records[-1] if records else ({}, "")
    newest = max(numbers, default=0)
    if not last.get("end") or _chained(text, known[newest]) != last.get("hash"):
        yield Fault(number=newest, wrong=Wrong.CUT)


def _chained(text: str, before: str) -> str:
    """The hash that a line should have."""
    body, _, _ = text.rpartition(',"hash":')
    return _sha(f"{before}\n{body}}}")


def _is_number(record: dict[str, Any]) -> bool:
    return isinstance(record.get("number"), int)


def _json(facts: dict[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _no_export(path: Path) -> ConfigError:
    return ConfigError(
        say(
            "{path} 不是审计文件，或已损坏：请用导出的原件（{export}）。",
            "{path} is no audit file, or is damaged: take the one that {export} has written.",
            path=path,
            export=Remedy("audit_export"),
        )
    )


def _cannot_write(path: Path, error: OSError) -> MachineError:
    return MachineError(
        say(
            "写不了 {path}：{why}。没有留下半个文件；请检查文件夹、权限和磁盘空间。",
            "Cannot write {path}: {why}. Nothing half-made is left; check the folder, its permissions and the space.",
            path=path,
            why=machine_words(error),
        )
    )
