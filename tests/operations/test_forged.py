"""Rows rewritten past the program by which it knows itself, posts, figures and senders again: found by ``verify``, and not gone by."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.operations.conftest import Bench, published
from tests.support.decisions import ANNA, release, resolve_absent
from tests.support.verified import troubles
from xuanfa.domain.act import Adopt
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StoreError
from xuanfa.domain.person import Person
from xuanfa.engine.once import one_pass
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.keeping.memory import see
from xuanfa.operations.keeping.seal import seal
from xuanfa.operations.sending.alive import note_gone
from xuanfa.operations.sending.perform import Done
from xuanfa.operations.sending.settle import lapse
from xuanfa.operations.watching.alarms import standing
from xuanfa.operations.watching.examine import examine
from xuanfa.store import attempts, history, identity
from xuanfa.store.schema import events, receipts, revisions

SHE = "UPDATE identity SET {}"


def rewrite(bench: Any, *statements: str) -> None:
    with bench.desk.store.write() as connection:
        for statement in statements:
            connection.execute(sa.text(statement.replace(":", r"\:")))


def lines(bench: Any, what: str) -> Sequence[Any]:
    with bench.desk.store.read() as connection:
        return connection.execute(sa.select(events).where(events.c.after == what).order_by(events.c.id)).all()


def sent_and_sealed(bench: Bench) -> Any:
    script = bench.channel()
    bench.queue("one")
    bench.run()
    seal(bench.desk)
    assert troubles(bench) == []
    return script


# The identity


@pytest.mark.parametrize(
    "change",
    [
        "salt = 'ffffffffffffffffffffffffffffffff'",
        "salt = substr(salt, 2)",
        "database = 'another'",
        "workspace = 'somebody'",
        "accounted = '[\"0123456789abcdef\"]'",
    ],
)
def test_an_identity_that_was_changed_is_found_and_nothing_is_sent_by_it(bench: Bench, change: str) -> None:
    script = sent_and_sealed(bench)
    rewrite(bench, SHE.format(change))
    assert [line for line in troubles(bench) if "identity" in line] != []
    bench.write("two")
    with pytest.raises(StoreError, match=r"身份记录.*xuanfa verify.*xuanfa restore"):
        one_pass(bench.desk)
    assert len(script.sent) == 1
    assert any("identity" in found.trouble for found in examine(bench.desk))
    assert "identity" in {each.cause.name for each in standing(bench.desk)}


def test_an_identity_that_is_gone_is_found(bench: Bench) -> None:
    sent_and_sealed(bench)
    rewrite(bench, "DELETE FROM identity")
    assert [line for line in troubles(bench) if "identity" in line] != []
    with pytest.raises(StoreError, match="身份记录"):
        see(bench.desk)


def test_one_that_is_put_back_as_it_was_goes_on(bench: Bench) -> None:
    script = sent_and_sealed(bench)
    with bench.desk.store.read() as connection:
        salt = identity.get(connection).salt
    rewrite(bench, SHE.format("salt = 'x'"), SHE.format(f"salt = '{salt}'"))
    bench.queue("two")
    bench.run()
    assert (len(script.sent), troubles(bench)) == (2, [])


def test_each_change_of_our_own_is_vouched_for_and_none_makes_an_altered_one_right(bench: Bench) -> None:
    sent_and_sealed(bench)
    assert len(lines(bench, "identity")) == 1
    now = bench.clock()
    with bench.desk.store.write() as connection:
        identity.take(connection, "first", now, "test")
        identity.take(connection, "second", now, "test")  # it belongs to the first one by now
        identity.rename(connection, now, "test")
        identity.account_for(connection, ["b", "a"], now, "test")
        identity.adopt(connection, "third", now, "test")
    assert len(lines(bench, "identity")) == 5
    assert troubles(bench) == []
    rewrite(bench, SHE.format("salt = 'x'"))
    with bench.desk.store.write() as connection:
        identity.account_for(connection, ["c"], now, "test")
        identity.rename(connection, now, "test")
        identity.adopt(connection, "fourth", now, "test")
        assert not identity.is_as_told(connection)


def test_a_database_of_before_gets_its_line_once_and_one_that_did_nothing_has_none(bench: Bench) -> None:
    bench.channel()
    one_pass(bench.desk)
    assert lines(bench, "identity") == []
    with bench.desk.store.write() as connection:
        assert identity.is_as_told(connection)
    bench.queue("one")
    for _ in range(3):
        bench.clock.now += timedelta(minutes=10)
        one_pass(bench.desk)
        seal(bench.desk)
    assert len(lines(bench, "identity")) == 1


def test_what_the_marks_note_is_what_was_done_and_no_line_about_the_database_itself(bench: Bench) -> None:
    sent_and_sealed(bench)
    with bench.desk.store.write() as connection:
        before = history.far(connection)
        identity.rename(connection, bench.clock(), "test")
        assert history.far(connection) == before > 0
    assert carry_out(bench.desk, Adopt(), Person(name="anna"))  # this one is told
    with bench.desk.store.read() as connection:
        assert history.far(connection) > before


# By what the same content is found again


@pytest.mark.parametrize(
    "change", ["title_key = 'x'", "length = 1", "sketch = '1,2,3'", "sketch = ''", "title_key = ''"]
)
def test_by_what_content_is_found_again_is_made_anew_and_compared(bench: Bench, change: str) -> None:
    sent_and_sealed(bench)
    bench.queue("two")
    rewrite(bench, f"UPDATE revisions SET {change} WHERE post_id = 2")  # noqa: S608 - a constant
    (line,) = troubles(bench)
    assert "two" in line
    assert "one" not in line.rpartition(":")[2]


def test_when_a_post_came_is_what_its_first_revision_says(bench: Bench) -> None:
    sent_and_sealed(bench)
    bench.clock.now += timedelta(hours=1)
    bench.write("one", "正文，改过。")
    bench.queue()
    assert troubles(bench) == []
    rewrite(bench, "UPDATE posts SET queued_at = queued_at + 1")
    assert [line for line in troubles(bench) if "one" in line] != []


def test_a_rendition_that_no_delivery_has_any_more_is_compared_with_its_digest(bench: Bench) -> None:
    bench.channel()
    bench.write("one", publish_at="2027-05-01 09:00")
    bench.queue()
    bench.write("one", "改过的正文。", publish_at="2027-05-01 09:00")
    bench.queue()
    assert troubles(bench) == []
    rewrite(bench, "UPDATE renditions SET body = 'other' WHERE revision = 1")
    assert [line for line in troubles(bench) if "one" in line] != []


# Figures

FORGED = (
    "title = '假标题'",
    "department = '别的庭'",
    "author = '别人'",
    "source = source || '。'",
    "created_at = created_at + 1",
)


@pytest.mark.parametrize("stages", [False, True])
@pytest.mark.parametrize("change", FORGED)
def test_a_revision_that_was_forged_is_held_and_enters_no_ledger(bench: Bench, change: str, stages: bool) -> None:
    script = bench.channel(stages=stages)
    bench.queue("one", "two")
    rewrite(bench, f"UPDATE revisions SET {change} WHERE post_id = 1")  # noqa: S608 - a constant
    for _ in range(2):
        bench.run()
        assert bench.get(1).state is State.HELD
        assert "被改动" in bench.get(1).reason
        assert bench.tries()[-1][1] == "altered"
        assert "delivery:1:held" in {each.cause.name for each in standing(bench.desk)}
        release(bench.desk, 1, ANNA)
    assert [order.post for order in script.sent] == ["two"]


def test_a_revision_without_its_line_is_not_sent(bench: Bench) -> None:
    """Its number is another one's: nothing vouches for it."""
    bench.channel()
    bench.queue("one")
    rewrite(bench, "UPDATE revisions SET number = 7", "UPDATE deliveries SET revision = 7")
    bench.run()
    assert bench.get().state is State.HELD


def test_a_post_that_is_read_anew_leaves_after_a_release(bench: Bench) -> None:
    script = bench.channel()
    bench.queue("one")
    rewrite(bench, "UPDATE revisions SET department = '别的庭'")
    bench.run()
    bench.write("one", "改过的正文。", department="民一庭")
    bench.queue()
    release(bench.desk, 1, ANNA)
    bench.run()
    assert len(script.sent) == 1
    with bench.desk.store.read() as connection:
        assert connection.scalar(sa.select(receipts.c.department)) == "民一庭"


@pytest.mark.parametrize(("column", "value"), [("title", "假标题"), ("department", "别的庭"), ("author", "别人")])
def test_a_figure_forged_while_it_was_sent_is_found_after_all_was_put_back(
    bench: Bench, column: str, value: str
) -> None:
    bench.channel()
    bench.write("one", department="民一庭", author="甲")
    bench.queue()
    (job,) = bench.claim()
    with bench.desk.store.read() as connection:
        real = connection.scalar(sa.select(revisions.c[column]))
    rewrite(bench, f"UPDATE revisions SET {column} = '{value}'")  # noqa: S608 - constants

    bench.settle(Done(job=job, ending=published("k")))
    rewrite(bench, f"UPDATE revisions SET {column} = '{real}'")  # noqa: S608 - of our own file
    seal(bench.desk)
    (line,) = troubles(bench)
    assert "回执" in line
    assert line.endswith("1 不符。请先 xuanfa pause，用 xuanfa show 查看；说不清来由就从备份恢复")


def test_an_edit_after_it_went_out_is_no_forgery(bench: Bench) -> None:
    sent_and_sealed(bench)
    bench.write("one", "改过的正文。", title="“改了名”", department="刑庭", author="乙")
    bench.queue()
    assert troubles(bench) == []


# Senders


def lost(bench: Bench, lease: timedelta) -> None:
    bench.channel()
    bench.queue("one")
    bench.claim(desk=bench.another(node="far:4711:abc", process="the first"))
    bench.alive.add("the first")
    bench.clock.now += lease
    lapse(bench.desk)


def test_a_sender_said_to_be_gone_by_hand_is_found(bench: Bench, lease: timedelta) -> None:
    lost(bench, lease)
    assert troubles(bench) == []
    rewrite(bench, "UPDATE attempts SET gone_at = 1")
    (line,) = troubles(bench)
    assert "发送进程" in line


def test_one_that_is_gone_has_its_line_and_no_other_time(bench: Bench, lease: timedelta) -> None:
    lost(bench, lease)
    bench.alive.clear()
    note_gone(bench.desk)
    note_gone(bench.desk)
    assert [(line.delivery_id, line.attempt, line.why) for line in lines(bench, attempts.GONE)] == [
        (1, 1, "far:4711:abc")
    ]
    assert troubles(bench) == []
    for change in ("gone_at + 1", "NULL"):
        rewrite(bench, f"UPDATE attempts SET gone_at = {change}")  # noqa: S608 - constants
        assert [line for line in troubles(bench) if "发送进程" in line] != []


def test_whoever_answers_for_an_unseen_one_stands_in_the_line(bench: Bench, lease: timedelta) -> None:
    lost(bench, lease)
    bench.alive.clear()
    bench.unseen.add("the first")
    resolve_absent(bench.desk, 1, ANNA, node_is_gone=True)
    assert [line.actor for line in lines(bench, attempts.GONE)] == ["安娜"]
    assert troubles(bench) == []
