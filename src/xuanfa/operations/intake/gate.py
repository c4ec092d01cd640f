"""The gate (把关): what the rules found decides whether something waits for its turn, or for somebody who mends it or answers for it.

Inside the caller's transaction. Nothing is read here: verdicts are given where renditions are made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.checking import Level
from xuanfa.domain.delivery import BY_CHECK, NOT_OUT, UNSENT, Delivery, State
from xuanfa.domain.language import say
from xuanfa.domain.noted import NAMED, listed, told
from xuanfa.domain.person import Person
from xuanfa.domain.planning import passed_check, stopped_by_check, unread
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.verdict import Note, Verdict, Waiver, several, unanswered
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queued import QueueReport
from xuanfa.operations.reviewing.reconcile import ask_again
from xuanfa.store import access, deliveries, posts, verdicts
from xuanfa.store.deliveries import Change
from xuanfa.store.verdicts import KeptVerdict

#: So many findings are told of one file when it is queued; the rest is counted.
TOLD: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The gate of one post. ``trouble`` is why the rules could not be read; empty where they were."""

    desk: Desk
    connection: sa.Connection
    slug: str
    path: str
    trouble: str = ""

    @classmethod
    def of_post(cls, desk: Desk, connection: sa.Connection, post_id: int) -> "Gate":
        """That of a post by its number."""
        slug, path = posts.name_of(connection, post_id)
        return cls(desk=desk, connection=connection, slug=slug, path=path)

    def passed(self, delivery: Delivery) -> Delivery:
        """The delivery as it is with what is known of its rendition: held, let go on, or as it was."""
        if self.desk.rules is None or delivery.rendition_id is None:
            return delivery
        if delivery.may_be_public or delivery.state not in NOT_OUT:
            return delivery
        found = verdicts.of_renditions(self.connection, [delivery.rendition_id]).get(delivery.rendition_id)
        if found is None:
            return unread(delivery, self.trouble or _never_read())
        if not stops(delivery, found.stands):
            return passed_check(delivery, self.desk.clock())
        return stopped_by_check(delivery, self.reason(delivery, found))

    def reason(self, delivery: Delivery, found: KeptVerdict) -> str:
        """Why it is held, with what is to be done."""
        left = self.unanswered(delivery, found.verdict)
        return _in_words(left, path=self.path, slug=self.slug, channel=delivery.channel, delivery=delivery.id or None)

    def unanswered(self, delivery: Delivery, verdict: Verdict, least: Level = Level.SEVERE) -> list[Note]:
        """The findings of at least that level for which nobody answers, the heaviest first."""
        waived = verdicts.about(self.connection, self.slug)
        return unanswered(verdict.notes, waived, post=self.slug, digest=delivery.digest, least=least)

    def tell(self, report: QueueReport, post_id: int, *, moved: Sequence[Change] | None = None) -> None:
        """Tell whoever queues what was found in what is not out: what holds it is a problem, the rest is to be known. With ``moved``, only
        what has just been held for it."""
        held_now = None if moved is None else {each.after.id for each in moved if each.after.hold == BY_CHECK}
        unsent = (each for each in deliveries.of_post(self.connection, post_id) if each.state in UNSENT)
        holding: dict[Note, str] = {}
        others: dict[Note, str] = {}
        for each in unsent:
            kept = self._known(each)
            if kept is None:
                continue
            is_held = each.state is State.HELD and each.hold == BY_CHECK
            for note in self.unanswered(each, kept.verdict, Level.HINT):
                if is_held and note.level.weight >= Level.SEVERE.weight:
                    if held_now is None or each.id in held_now:
                        holding.setdefault(note, each.channel)
                elif held_now is None and (note.line or note.level.weight >= Level.SEVERE.weight):
                    others.setdefault(note, each.channel)
        if holding:
            report.refuse(self._shown(holding))
        marks = {note.mark for note in holding}
        report.notice(*self._in_one({note: name for note, name in others.items() if note.mark not in marks}))

    def _known(self, delivery: Delivery) -> KeptVerdict | None:
        if delivery.rendition_id is None:
            return None
        return verdicts.of_renditions(self.connection, [delivery.rendition_id]).get(delivery.rendition_id)

    def _in_one(self, found: Mapping[Note, str]) -> list[str]:
        """What holds nothing, in one line: the heaviest of it, and the command that lists it."""
        if len(found) <= 1:
            return self._shown(found)
        notes = sorted(several(found), key=lambda note: -note.level.weight)
        shown = self._shown({note: found[note] for note in notes[:1]})
        if len(notes) == 1 or self._is_restricted():
            return shown
        levels = [level for level in Level if any(note.level is level for note in notes)]
        counts = say("、", ", ").join(
            say("{level} {n} 处", "{n} {level}", level=say(*level.words), n=sum(note.level is level for note in notes))
            for level in levels
        )
        return [
            say(
                "{first}（共{counts}，全部列出：{check}）",
                "{first} ({counts}; all of them: {check})",
                first=shown[0],
                counts=counts,
                check=Remedy("check", self.path),
            )
        ]

    def _is_restricted(self) -> bool:
        return not self.desk.tells_all and access.of_slug(self.connection, self.slug) is not None

    def _shown(self, found: Mapping[Note, str]) -> list[str]:
        """The findings, as many as are told of one file; of a restricted post only in which lines."""
        notes = several(found)
        if notes and self._is_restricted():
            return [_of_restricted(self.path, notes)]
        words = [told(note, self.path, found[note]) for note in notes[:TOLD]]
        if len(notes) > TOLD:
            more = say(
                "{path}：另有 {n} 处，全部列出：{check}",
                "{path}: {n} more; all of them: {check}",
                path=self.path,
                n=len(notes) - TOLD,
                check=Remedy("check", self.path),
            )
            words.append(more)
        return words


def stops(delivery: Delivery, stands: str) -> bool:
    """Whether what stands of its rendition stops it: a veto always, a severe finding where no review ends with somebody's reason for it."""
    return stands == Level.VETO or (stands == Level.SEVERE and not delivery.reviewed)


def asked_again(desk: Desk, connection: sa.Connection, post_id: int, now: datetime) -> list[Change]:
    """Have the last step of a review decided once more where today's rules find something severe in what was approved."""
    approved = [
        each
        for each in deliveries.of_post(connection, post_id)
        if each.approval is not None and each.state in NOT_OUT and not each.may_be_public
    ]
    known = verdicts.standing(connection, {each.rendition_id for each in approved if each.rendition_id is not None})
    if Level.SEVERE.value not in known.values():
        return []
    why = say(
        "规则有变，审过的成稿现在查出严重问题，末步重审",
        "the rules have changed and find something severe in what was approved: its last step is asked again",
    )
    return ask_again(connection, post_id, why, now, desk.node)


def accepted(gate: Gate, delivery: Delivery, left: Sequence[Note], *, act: str, person: Person, now: datetime) -> None:
    """Somebody answers for what is left in exactly this rendition, with their reason."""
    given = [
        Waiver(rule=rule, text=text, post=gate.slug, digest=delivery.digest, actor=person.name, why=person.why, at=now)
        for rule, text in dict.fromkeys(note.mark for note in left)
    ]
    where = {"delivery_id": delivery.id, "channel": delivery.channel, "post_id": delivery.post_id}
    verdicts.waive(gate.connection, given, person.signs(act), **where)
    verdicts.settle(gate.connection, gate.slug)


def _in_words(left: Sequence[Note], *, path: str, slug: str, channel: str, delivery: int | None) -> str:
    """What stands of a rendition, and what to do about it."""
    what = listed(left, path, channel)
    if any(note.level is Level.VETO for note in left):
        return say(
            "检查发现否决级问题，没有发出，改好保存后自动恢复；确是误报，由管理员写明理由忽略（{ignore}）。问题：{what}",
            "the checks found what may not go out, and it was not sent. Mend it and save, and it goes on by itself; if it is none, an "
            "administrator ignores it with a reason ({ignore}). Found: {what}",
            what=what,
            ignore=Remedy("ignore_finding", slug),
        ).coded("check.veto")
    return say(
        "检查发现严重问题，没有发出，改好保存后自动恢复；核实无误要发，写明理由放行（{release}）；是误报就忽略（{ignore}）。问题：{what}",
        "the checks found something severe, and it was not sent. Mend it and save, and it goes on by itself; to publish it as it is, release "
        "it with a reason ({release}); if it is none, ignore it ({ignore}). Found: {what}",
        what=what,
        release=Remedy("release", delivery, why=None),
        ignore=Remedy("ignore_finding", slug),
    ).coded("check.severe")


def _of_restricted(path: str, notes: Sequence[Note]) -> str:
    """What is said to everybody of what was found in a restricted post."""
    lines = sorted({note.line for note in notes if note.line})
    return say(
        "{path}: 限阅稿件，检查发现 {n} 处问题（第 {lines} 行）；名单上的人可以看详情：{preview}",
        "{path}: this post is restricted, and the checks found {n} things (line {lines}). Those on its list see what: {preview}",
        path=path,
        n=len(notes),
        lines=say("、", ", ").join(str(line) for line in lines[:NAMED]) or "-",
        preview=Remedy("preview", path),
    )


def _never_read() -> str:
    return say(
        "还没有按规则检查过，没有发出；下一遍读稿时自动检查",
        "the rules have not been asked about it yet, so it was not sent; the next pass asks them",
    ).coded("check.unread")
