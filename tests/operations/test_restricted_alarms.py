"""Every cause of an alarm that a restricted post may be, and what is told of it by whom: the slug and 限阅, and not a word of it."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.operations.test_restricted import SECRET, causes
from tests.support.decisions import release, withdraw
from tests.support.reviewed_office import POLICY, approve, by, emergency, phone, send_back, staff, submit
from xuanfa.domain.alarm import Told
from xuanfa.domain.delivery import State
from xuanfa.domain.outcome import Unknown
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.keeping.backup import backup
from xuanfa.operations.reviewing.expiry import expire_reviews
from xuanfa.operations.sending.publish import hold_unapproved
from xuanfa.operations.watching.alarms import raise_alarms
from xuanfa.store import deliveries, posts

#: A list on which everybody stands who has to decide.
ACCESS = "[ed, proof, boss, boss2, writer]"


@pytest.fixture
def office(bench: Any) -> Any:
    bench.channel("a")
    bench._desk = bench.another(reviews=POLICY)
    staff(bench.desk)
    return bench


class Teller:
    """A group in which everybody is."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def targets(self) -> tuple[Told, ...]:
        return (Told(target="group"),)

    def tell(self, title: str, body: str) -> tuple[Told, ...]:
        self.said += [title, body]
        return self.targets()


def restrict(office: Any, **matter: str) -> None:
    front = {"title": SECRET, "access": ACCESS, "author": "writer", "department": f"{SECRET}科"} | matter
    office.write("one", f"{SECRET}，请看。", **front)
    queue(office.desk)


def late_step(office: Any) -> None:
    submit(office.desk)
    office.clock.advance(days=3)


def expired(office: Any) -> None:
    submit(office.desk)
    office.clock.advance(days=31)
    expire_reviews(office.desk)


def returned(office: Any) -> None:
    submit(office.desk)
    send_back(office.desk, "ed", SECRET, note=SECRET, places=((SECRET, SECRET),))


def by_telephone(office: Any) -> None:
    submit(office.desk)
    phone(office.desk, "proof", "ed", office.clock(), note=SECRET)


def let_go(office: Any) -> None:
    emergency(office.desk, "boss", SECRET)


def not_approved(office: Any) -> None:
    restrict(office, publish_at="2026-03-02 09:30")
    submit(office.desk)
    office.clock.advance(hours=1)
    hold_unapproved(office.desk)


def in_doubt(office: Any) -> None:
    with office.desk.store.write() as connection:
        known = posts.by_slug(connection, "one")
        assert known is not None
        before = deliveries.of_post(connection, known.id)
        after = [replace(each, state=State.UNKNOWN, reason=f"对方说{SECRET}") for each in before]
        changes = [deliveries.Change(*each) for each in zip(before, after, strict=True)]
        deliveries.rewrite(connection, changes, office.clock(), "test")


def broken_file(office: Any) -> None:
    office.write("one", SECRET, title=SECRET, access=ACCESS, publish_at=f"{SECRET}日")
    queue(office.desk)


def withdrawn(office: Any) -> None:
    emergency(office.desk, "boss", SECRET)
    office.scripts["a"].publish.append(Unknown(evidence=SECRET))
    office.run()
    withdraw(office.desk, "one", by("boss", f"撤{SECRET}"))


#: What befalls the post, and how the name of its cause begins.
BEFALLS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "turn": (lambda office: submit(office.desk), "review-turn:one"),
    "late": (late_step, "review-late:one"),
    "returned": (returned, "review-back:one"),
    "expired": (expired, "review-expired:one"),
    "not approved": (not_approved, "review:one"),
    "telephone": (by_telephone, "phone:one"),
    "emergency": (let_go, "emergency:one"),
    "doubt": (in_doubt, "delivery:1:unknown"),
    "file": (broken_file, "file:posts/one.md"),
    "withdrawal": (withdrawn, "withdraw:one"),
}


@pytest.mark.parametrize("what", BEFALLS)
def test_a_message_to_a_group_names_the_slug_and_nothing_of_the_post(
    office: Any, what: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    teller, (befall, cause) = Teller(), BEFALLS[what]
    office._desk = replace(office.desk, alarms=replace(office.desk.alarms, teller=teller, quiet=timedelta(0)))
    restrict(office)
    with caplog.at_level(logging.INFO):
        befall(office)
        found = causes(office)
        raise_alarms(office.desk)
    assert [name for name in found if name.startswith(cause)], found
    assert "one" in repr(teller.said)
    assert SECRET not in repr(found) + repr(teller.said) + caplog.text
    made = backup(office.desk, tmp_path / "backup.zip")
    with ZipFile(made.path) as archive:
        names = archive.namelist()
        manifest = next(name for name in names if "manifest" in name)
        listing = json.loads(archive.read(manifest))
    assert SECRET not in repr(names) + repr(listing) + repr(made)


def test_what_is_released_of_it_is_still_told_by_its_slug_alone(office: Any) -> None:
    restrict(office, publish_at="2026-03-02 09:30")
    approve_everything(office)
    office.clock.advance(hours=5)
    office.run()
    assert office.get().state is State.HELD, "too late to go out by itself"
    assert SECRET not in repr(causes(office))
    release(office.desk, 1, by("boss", SECRET))
    office.scripts["a"].publish.append(Unknown(evidence=SECRET))
    office.run()
    assert office.get().state is State.UNKNOWN
    assert SECRET not in repr(causes(office))


def approve_everything(office: Any) -> None:
    submit(office.desk)
    for name in ("ed", "proof", "boss"):
        approve(office.desk, name)
