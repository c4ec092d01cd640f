"""Verify: whether what is stored is whole, consistent, and as it was written. Reads only, at one moment, while everything goes on."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain as chained
from pathlib import Path

import sqlalchemy as sa

from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.operations.keeping.sealed import months_checked
from xuanfa.store import (
    access,
    append_only,
    chain,
    expiries,
    fences,
    identity,
    imported,
    invariants,
    kept_files,
    late_proofs,
    papers,
    posts,
    proofs,
    reviews,
    rights,
    users,
    verdicts,
    vouched,
    withdrawals,
)

#: How many are named; the rest is counted.
NAMED = 10
_MEDIA = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """One thing that must be true. ``trouble`` says what is not and what to do; empty where it holds."""

    what: str
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A seal that somebody has kept: its number and its hash."""

    number: int
    hash: str


def as_claim(text: str) -> Claim:
    """``NUMBER:HASH`` as ``verify`` prints it. Raises ConfigError."""
    match = re.fullmatch(r"\s*(\d{1,9})\s*:\s*([0-9a-fA-F]{64})\s*", text)
    if match is None:
        raise ConfigError(
            say(
                "“{text}”不是封印：请照 {verify} 打印的写：序号、冒号、64 位十六进制。",
                "{text!r} is no seal: write NUMBER:HASH as verify prints it.",
                text=text,
                verify=Remedy("verify"),
            )
        )
    return Claim(number=int(match[1]), hash=match[2].lower())


def as_kept(text: str) -> Claim | str:
    """What a person has kept to recognise a backup by: a seal, or the fingerprint of the archive as ``backup`` prints it. Raises ConfigError."""
    fingerprint = text.strip().lower()
    return fingerprint if re.fullmatch("[0-9a-f]{64}", fingerprint) else as_claim(text)


def verify(desk: Desk, claim: Claim | None = None) -> Iterator[Verified]:
    """Everything that is checked, one after the other."""
    with desk.store.read() as connection:
        yield from verify_rows(connection, claim)
        yield _second_proofs(connection)
        named = kept_files.pictures(connection) | papers.scan_files(connection) | proofs.files(connection)
        snapshots = withdrawals.snapshots(connection)
    # Outside the transaction: many pictures take longer to read than a database lets one be idle.
    yield _pictures(desk, named)
    yield _snapshots(desk, snapshots)


def verify_rows(connection: sa.Connection, claim: Claim | None = None) -> Iterator[Verified]:
    """What is checked of the database, inside the caller's transaction: of one that is used, or of a backup's rows."""
    yield _database(connection)
    for invariant in invariants.BY_QUERY:
        yield _deliveries(say(*invariant.words), connection.scalars(invariant.query))
    for words, found in (
        (("成稿与审定时一字不差", "Renditions are as they were approved"), vouched.altered_renditions(connection)),
        (("防重键由稿件、渠道和成稿算出", "Keys are those of post, channel and rendition"), invariants.wrong_keys(connection)),
        (("回执与发布时登记的一致", "Receipts are as they were entered"), invariants.wrong_receipts(connection)),
        (("每次尝试与历史里登记的一致", "Attempts are as the history tells of them"), vouched.altered_attempts(connection)),
        (("发送进程是否结束与历史一致", "What is said of senders that are gone is what the history tells"), vouched.wrongly_gone(connection)),
        (("能否再发的依据与历史一致", "What may be sent again is decided by what the history tells"), fences.opened(connection)),
        (("失效时间与历史里登记的一致", "What expires does so when the history tells"), expiries.altered(connection)),
        (("状态变化都符合规则，并与现状相接", "Moves follow the rules and lead to where things stand"), invariants.broken_histories(connection)),
    ):  # fmt: skip
        yield _deliveries(say(*words), found)
    yield _posts(connection)
    yield _identity(connection)
    yield _accounts(connection)
    yield _decisions(connection)
    yield _restrictions(connection)
    yield _imports(connection)
    yield from (Verified(**each) for each in months_checked(connection))
    yield _waivers(connection)
    yield _verdicts(connection)
    yield _pauses(connection)
    yield _guard(connection)
    yield from _chain(connection, claim)


def newest_seal(desk: Desk) -> chain.Seal | None:
    """The seal to keep: whoever has it can prove later that nothing before it was rewritten."""
    with desk.store.read() as connection:
        return chain.latest(connection)


def _database(connection: sa.Connection) -> Verified:
    what = say("数据库完整", "The database is whole")
    found = [*invariants.damage(connection), *invariants.orphans(connection)]
    if not found:
        return Verified(what=what)
    return Verified(
        what=what,
        trouble=say(
            "{what}。请停止程序，从最近一份通得过 {verify} 的备份恢复",
            "{what}. Stop the program and restore the latest backup that verifies",
            what="; ".join(found[:NAMED]),
            verify=Remedy("verify"),
        ),
    )


def _deliveries(what: str, found: Iterable[int]) -> Verified:
    numbers = list(found)
    if not numbers:
        return Verified(what=what)
    return Verified(
        what=what,
        trouble=say(
            "投递 {ids} 不符。请先 {pause}，用 {show} 查看；说不清来由就从备份恢复",
            "not of deliveries {ids}. Run {pause}, look with {show}, and restore a backup if nobody can explain it",
            ids=_listed([str(number) for number in numbers]),
            pause=Remedy("pause"),
            show=Remedy("show"),
        ),
    )


def _posts(connection: sa.Connection) -> Verified:
    what = say(
        "稿件各版本、标题、专栏、部门与读入时一致", "Revisions, titles, columns and departments are as they were read"
    )
    wrong = (
        vouched.altered_posts(connection),
        posts.taken_otherwise(connection),
        vouched.altered_leftovers(connection),
    )
    found = list(dict.fromkeys(chained.from_iterable(wrong)))
    if not found:
        return Verified(what=what)
    return Verified(
        what=what,
        trouble=say(
            "稿件 {slugs} 不符。请对照 posts/ 和备份，说不清来由就从备份恢复",
            "not of {slugs}. Compare posts/ and a backup, and restore the backup if nobody can explain it",
            slugs=_listed(found),
        ),
    )


def _imports(connection: sa.Connection) -> Verified:
    what = say("导入的台账与历史一致", "What was imported into the ledger is what the history vouches for")
    found = list(imported.altered(connection))
    if not found:
        return Verified(what=what)
    return Verified(
        what=what,
        trouble=say(
            "导入 {ids} 不符。请用 {imports} 查看，说不清来由就从备份恢复",
            "not of the imports {ids}. Look with {imports}, and restore a backup if nobody can explain it",
            ids=_listed([str(number) for number in found]),
            imports=Remedy("list_imports"),
        ),
    )


def _identity(connection: sa.Connection) -> Verified:
    what = say("数据库的身份与历史一致", "The identity of the database is the one that the history vouches for")
    if identity.is_as_told(connection):
        return Verified(what=what)
    return Verified(
        what=what,
        trouble=say(
            "表 identity 被改过，程序将认不出发过的账号，可能重发。请从最近一份通得过 {verify} 的备份恢复",
            "the table identity was changed: accounts would not be known again, and posts might go out twice. Restore the latest backup that "
            "verifies",
            verify=Remedy("verify"),
        ),
    )


def _decisions(connection: sa.Connection) -> Verified:
    what = say("审核决定与历史一致", "Decisions of reviews are those that the history vouches for")
    found = [*reviews.broken(connection), *rights.forged(connection)]
    if not found:
        return Verified(what=what)
    return Verified(
        what=what,
        trouble=say(
            "审核决定、批准或委托 {names} 不是程序登记的，是绕过程序加的。请查明；由它放行的稿件不能算审过",
            "the decisions, rights or delegations {names} were put there past the program. Find out who did it; what they let leave was not "
            "reviewed",
            names=_listed(found),
        ),
    )


def _waivers(connection: sa.Connection) -> Verified:
    what = say(
        "对检查问题的忽略和承担与历史一致",
        "What people answer for or ignore of findings is what the history vouches for",
    )
    found = verdicts.forged(connection)
    if not found:
        return Verified(what=what)
    return Verified(
        what=what,
        trouble=say(
            "忽略和承担的记录 {names} 是绕过程序加、改或删的：由它放过的问题没有人负责。请查明，说不清来由就从备份恢复",
            "of the table waivers {names} was added, changed or deleted past the program: nobody answers for what it let pass. Find out who did "
            "it, and restore a backup if nobody can explain it",
            names=_listed(found),
        ),
    )


def _verdicts(connection: sa.Connection) -> Verified:
    what = say("检查结论与历史一致", "What the checks found is what the history vouches for")
    found = verdicts.altered(connection)
    if not found:
        return Verified(what=what)
    return Verified(
        what=what,
        trouble=say(
            "{names} 的检查结论被人绕过程序改过；还没有发的，发之前会重新检查。请查明是谁",
            "what the checks found in {names} was changed past the program. What has not been sent is checked again before it leaves. Find out who "
            "did it",
            names=_listed(found),
        ),
    )


def _restrictions(connection: sa.Connection) -> Verified:
    what = say("限阅名单与历史一致", "Lists of readers of restricted posts are those that the history vouches for")
    found = access.altered(connection)
    if not found:
        return Verified(what=what)
    return Verified(
        what=what,
        trouble=say(
            "稿件 {slugs} 的限阅名单被人绕过程序改过或删掉，不该看的人可能已经看过。请查明是谁，从最近一份通得过 {verify} 的备份恢复",
            "the lists of readers of {slugs} were changed or taken away past the program, and others may have read them. Find out who did it, and "
            "restore the latest backup that verifies",
            slugs=_listed(found),
            verify=Remedy("verify"),
        ),
    )


def _accounts(connection: sa.Connection) -> Verified:
    what = say("用户账号和令牌与历史一致", "Accounts and tokens are those that the history vouches for")
    found = list(users.altered(connection))
    if not found:
        return Verified(what=what)
    return Verified(
        what=what,
        trouble=say(
            "用户 {names} 的账号被人绕过程序改过，已不能用。请查明，从最近一份通得过 {verify} 的备份恢复",
            "the accounts of {names} were changed past the program and cannot be used. Find out who did it, and restore the latest backup that "
            "verifies",
            names=_listed(found),
            verify=Remedy("verify"),
        ),
    )


def _pauses(connection: sa.Connection) -> Verified:
    what = say("暂停和恢复都有历史可查", "Every pause and resumption has its line in the history")
    found = [say("全部", "everything") if name == EVERYTHING else name for name in vouched.untold_pauses(connection)]
    found += [say("备份恢复之后的暂停", "the pause after a restore")] if vouched.untold_resumptions(connection) else []
    if not found:
        return Verified(what=what)
    return Verified(
        what=what,
        trouble=say(
            "{names} 的暂停状态与历史不符，有人绕过程序改过。请先 {pause} 全部停下，查明后再 {resume}",
            "of {names} the pause is not what the history says: somebody has changed it past the program. Run {pause}, find out, then "
            "{resume}",
            names=_listed(found),
            pause=Remedy("pause"),
            resume=Remedy("resume"),
        ),
    )


def _guard(connection: sa.Connection) -> Verified:
    what = say("数据库仍禁止改动历史", "The database still refuses to change the history")
    found = append_only.troubles(connection)
    if not found:
        return Verified(what=what)
    return Verified(
        what=what,
        trouble=say(
            "触发器 {names} 不见了、被改过，或不是本程序的。历史可能被改过：请保留现场，对照备份和保存的封印",
            "the triggers {names} are gone, changed, or not ours. The history may have been rewritten: keep everything as it is, and compare "
            "a backup and a seal that you have kept",
            names=_listed(found),
        ),
    )


def _second_proofs(connection: sa.Connection) -> Verified:
    what = say("每条投递只有一份发布证据", "There is one proof of publication for each delivery")
    found = late_proofs.open_second(connection).keys() | set(late_proofs.published_again(connection))
    if not found:
        return Verified(what=what)
    return Verified(
        what=what,
        trouble=say(
            "投递 {ids} 另有一份发布证据，可能发出了两次。请用 {show} 查看，到渠道上把多出的撤下，再用 {resolve} 登记",
            "there is another one of deliveries {ids}, which may be out twice. See {show}, take the second one down at the channel, then "
            "enter it with {resolve}",
            ids=_listed([str(number) for number in sorted(found)]),
            show=Remedy("show"),
            resolve=Remedy("resolve", once=True),
        ),
    )


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:NAMED])
    if len(names) <= NAMED:
        return shown
    return say("{shown} 等 {n} 条", "{shown} and others ({n} in all)", shown=shown, n=len(names))


def _pictures(desk: Desk, named: set[str]) -> Verified:
    """Pictures are kept by the hash of their bytes; what derives them is noted beside them and is made again where it is lost."""
    what = say(
        "图片、扫描件和存证的存档齐全，内容与名称相符",
        "Pictures, scans and page proofs are there, and are what their names say",
    )
    kept = {path.stem: path for path in (desk.folder / "var" / "media").glob("??/*") if _MEDIA.fullmatch(path.stem)}
    wrong = [path.name for path in kept.values() if _hash(path) != path.stem]
    missing = sorted(named - kept.keys())
    if not wrong and not missing:
        return Verified(what=what)
    return Verified(
        what=what,
        trouble=say(
            "缺少或已改动：{names}。请从备份里取回 var/media 下的这些文件，或重新保存用到它们的稿件",
            "missing or changed: {names}. Take these files of var/media from a backup, or save the posts that use them once more",
            names=_listed([*wrong, *missing]),
        ),
    )


def _snapshots(desk: Desk, named: set[str]) -> Verified:
    """What readers could see of what was withdrawn is kept by the hash of its bytes."""
    what = say("撤稿前的样子都在，内容与登记相符", "What readers could see before withdrawals is there as it was")
    wrong = sorted(sha for sha in named if not desk.withdrawn(sha).is_file() or _hash(desk.withdrawn(sha)) != sha)
    if not wrong:
        return Verified(what=what)
    return Verified(
        what=what,
        trouble=say(
            "缺少或已改动：{names}。请从备份里取回 var/withdrawn 下的这些文件",
            "missing or changed: {names}. Take these files of var/withdrawn from a backup",
            names=_listed(wrong),
        ),
    )


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _chain(connection: sa.Connection, claim: Claim | None) -> Iterator[Verified]:
    seals = chain.all_seals(connection)
    last = seals[-1] if seals else None
    loose = chain.count_after(connection, last.last if last else 0)
    note = say("（另有 {n} 条尚未封存）", " ({n} newer ones not sealed yet)", n=loose) if loose else ""
    what = say("历史记录未被改动，共 {n} 封", "The history is as it was sealed, {n} seals", n=len(seals)) + note
    broken = _first_broken(connection, seals)
    if broken is None:
        yield Verified(what=what)
    else:
        yield Verified(
            what=what,
            trouble=say(
                "第 {n} 封（{at:%Y-%m-%d %H:%M} UTC）与记录不符：它或它之前的历史被人改过（{audit} 指出是哪一行）。请保留现场，对照备份",
                "seal {n} ({at:%Y-%m-%d %H:%M} UTC) does not fit: the history at or before it was rewritten ({audit} names the line). Keep "
                "everything as it is and compare it with a backup",
                n=broken.number,
                at=broken.sealed_at,
                audit=Remedy("audit_verify"),
            ),
        )
    if claim is not None:
        yield _claimed(claim, seals)


def _first_broken(connection: sa.Connection, seals: list[chain.Seal]) -> chain.Seal | None:
    """The first seal that the events, as they are now, do not lead to."""
    previous: chain.Seal | None = None
    for seal in seals:
        lines = chain.lines(connection, previous.last if previous else None, seal.last)
        if chain.link(previous, lines, seal.sealed_at) != seal:
            return seal
        previous = seal
    return None


def _claimed(claim: Claim, seals: list[chain.Seal]) -> Verified:
    what = say("您保存的第 {n} 封", "The seal {n} that you kept", n=claim.number)
    found = next((seal for seal in seals if seal.number == claim.number), None)
    if found is not None and found.hash == claim.hash:
        return Verified(what=what)
    return Verified(
        what=what,
        trouble=say(
            "不在链上：那之前的历史被换过，或数据库恢复自更早的备份（见 {doctor}）",
            "is not in the chain: the history before it was replaced, or the database was restored from an earlier backup (see {doctor})",
            doctor=Remedy("doctor"),
        ),
    )
