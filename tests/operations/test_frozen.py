"""What was frozen is what is sent: a rendition rewritten in the database does not leave, whatever else was made to fit it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.decisions import release
from xuanfa.domain.attempt import delivery_key
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import AlteredError, PictureGoneError
from xuanfa.domain.outcome import Unknown
from xuanfa.domain.person import Person
from xuanfa.domain.post import Picture
from xuanfa.domain.rendition import Rendition, storable
from xuanfa.operations.keeping.verify import verify
from xuanfa.operations.sending.perform import perform
from xuanfa.operations.sending.settle import lapse
from xuanfa.operations.watching.alarms import standing
from xuanfa.store import records
from xuanfa.store.schema import deliveries

ANNA = Person(name="安娜", why="核对")
PICTURE = '[{"source": "a.png", "sha256": "0", "media_type": "image/png", "size": 1, "width": 1, "height": 1, "alt": "", "caption": ""}]'

REWRITTEN: dict[str, str] = {
    "body": "UPDATE renditions SET body = 'other'",
    "title": "UPDATE renditions SET title = 'other'",
    "summary": "UPDATE renditions SET summary = 'other'",
    "type": "UPDATE renditions SET media_type = 'text/html'",
    "extra": 'UPDATE renditions SET extra = \'{"cover": "x"}\'',
    "a need more": "UPDATE renditions SET needs = '[\"b\"]' WHERE id = 1",
    "a picture more": f"UPDATE renditions SET pictures = '{PICTURE}'",  # noqa: S608 - a constant
    "no JSON": "UPDATE renditions SET extra = '{'",
    "no texts": "UPDATE renditions SET extra = '{\"a\": 1}'",
    "no list": "UPDATE renditions SET needs = '7'",
    "no picture": "UPDATE renditions SET pictures = '[7, {\"a\": 1}, null]'",
    "digest": "UPDATE deliveries SET digest = 'x'",
    "key": "UPDATE deliveries SET key = 'x'",
    "column": "UPDATE deliveries SET column_id = 'x'",
    "revision": "UPDATE deliveries SET revision = 7",
    "slug": "UPDATE posts SET slug = 'x' WHERE id = 1",
    "another post's": "UPDATE deliveries SET rendition_id = 3 WHERE id = 1",
}


ALL_OF_IT = (
    "UPDATE renditions SET body = 'other', digest = '{digest}' WHERE id = 1",
    "UPDATE deliveries SET digest = '{digest}', key = '{key}' WHERE id = 1",
)


def rewrite(bench: Any, *statements: str) -> None:
    with bench.desk.store.write() as connection:
        for statement in statements:
            connection.execute(sa.text(statement.replace(":", r"\:")))


def require_held(bench: Any, script: Any) -> None:
    """Delivery 1 is held, alarmed and provably not out, and stays so where a person lets it go without mending it."""
    for _ in range(2):
        bench.run()
        assert bench.get().state is State.HELD
        assert "被改动" in bench.get().reason
        assert [order for order in (*script.prepared, *script.sent) if order.delivery == 1] == []
        assert bench.tries()[-1][1] == "altered"
        assert "delivery:1:held" in {each.cause.name for each in standing(bench.desk)}
        release(bench.desk, 1, ANNA)


@pytest.mark.parametrize("stages", [False, True])
@pytest.mark.parametrize("what", REWRITTEN)
def test_what_was_rewritten_is_held_and_alarmed_and_does_not_leave(bench: Any, what: str, stages: bool) -> None:
    script = bench.channel(stages=stages)
    bench.channel("b")
    bench.queue("one", "two")
    rewrite(bench, REWRITTEN[what])
    require_held(bench, script)


def test_whoever_makes_every_column_fit_does_not_get_past_the_history(bench: Any) -> None:
    script = bench.channel()
    bench.queue("one")
    with bench.desk.store.read() as connection:
        rendition = records.rendition(connection.execute(sa.select(*records.RENDITION)).one())
    digest = replace(rendition, body="other").digest
    key = delivery_key("one", "a", digest)
    rewrite(bench, *(statement.format(digest=digest, key=key) for statement in ALL_OF_IT))
    require_held(bench, script)


def test_a_link_that_nobody_waits_for_any_more_is_no_reason_to_break_off(bench: Any) -> None:
    script = bench.channel(link="b")
    bench.channel("b")
    bench.queue("one")
    rewrite(bench, "UPDATE renditions SET needs = ''", "UPDATE deliveries SET waiting = (1 = 0)")
    require_held(bench, script)


def test_a_delivery_that_nobody_has_queued_does_not_leave(bench: Any) -> None:
    """Put into the tables by hand, with everything right but its line of history."""
    script = bench.channel()
    bench.queue("one")
    with bench.desk.store.write() as connection:
        columns = [column for column in deliveries.c if column.name not in {"id", "channel", "key"}]
        source = sa.select(sa.literal("b"), sa.literal(delivery_key("one", "b", bench.get().digest)), *columns)
        names = ["channel", "key", *(column.name for column in columns)]
        connection.execute(deliveries.insert().from_select(names, source))
    forged = bench.channel("b")
    bench.run()
    assert [bench.get(1).state, bench.get(2).state] == [State.PUBLISHED, State.HELD]
    assert (len(script.sent), forged.sent) == (1, [])


def test_a_new_revision_is_vouched_for_anew_and_leaves_after_a_release(bench: Any) -> None:
    script = bench.channel()
    bench.queue("one")
    rewrite(bench, REWRITTEN["body"])
    bench.run()
    bench.clock.advance(minutes=1)
    bench.write("one", "改过的正文。")
    bench.queue()
    assert bench.get().state is State.HELD, "it is not rendered anew by itself, and a new text does not answer why"
    release(bench.desk, 1, ANNA)
    bench.run()
    assert bench.get().state is State.PUBLISHED
    assert [order.rendition.body.strip() for order in script.sent] == ["改过的正文。"]
    assert bench.history().count("frozen") == 1


def test_a_repetition_that_was_altered_leaves_the_first_request_in_doubt(bench: Any) -> None:
    script = bench.channel(replay=timedelta(hours=1))
    script.publish.append(Unknown(evidence="timeout"))
    bench.queue("one")
    bench.run()
    rewrite(bench, REWRITTEN["body"])
    bench.clock.advance(minutes=5)
    bench.run()
    assert (bench.get().state, len(script.sent)) == (State.UNKNOWN, 1)
    assert "被改动" in bench.get().reason


@pytest.mark.parametrize("error", [AlteredError("图片已被改动"), PictureGoneError("图片不见了")])
@pytest.mark.parametrize("stages", [False, True])
def test_a_picture_that_is_not_what_it_was_holds_the_delivery(bench: Any, stages: bool, error: Exception) -> None:
    script = bench.channel(stages=stages)
    (script.stage if stages else script.publish).append(error)
    bench.queue("one")
    bench.run()
    assert (bench.get().state, bench.get().reason) == (State.HELD, str(error))
    release(bench.desk, 1, ANNA)
    bench.run()
    assert bench.get().state is State.PUBLISHED


def test_an_altered_one_that_was_given_up_meanwhile_is_provably_unsent(bench: Any, lease: timedelta) -> None:
    script = bench.channel()
    bench.queue("one")
    (job,) = bench.claim()
    bench.clock.now += lease
    lapse(bench.desk)
    assert bench.get().state is State.UNKNOWN
    script.publish.append(AlteredError("图片已被改动"))
    bench.settle(perform(bench, job))
    assert bench.get().state is State.SCHEDULED


def test_what_a_channel_is_told_on_looking_or_withdrawing_is_not_compared(bench: Any) -> None:
    script = bench.channel(confirms=True)
    script.publish.append(Unknown(evidence="timeout"))
    bench.queue("one")
    bench.run()
    rewrite(bench, REWRITTEN["body"])
    bench.clock.advance(minutes=2)
    bench.run()
    assert len(script.looked) == 1


NASTY = "甲\0乙\ud800丙"


def test_what_no_database_stores_is_put_in_other_signs_before_it_is_frozen(bench: Any) -> None:
    """A NUL, which PostgreSQL does not take, and half of a surrogate pair, which nobody does, out of a template or an adapter."""
    script = bench.channel()
    script.nasty = NASTY
    bench.queue("one")
    bench.run()
    assert bench.get().state is State.PUBLISHED
    (sent,) = script.sent
    assert sent.rendition.body.endswith("甲\u2400乙\ufffd丙")
    assert [item.trouble for item in verify(bench.desk) if item.trouble] == []


def test_a_rendition_without_such_signs_is_left_as_it_is() -> None:
    picture = Picture(source="a.png", sha256="0" * 64, media_type="image/png", size=1, width=1, height=1)
    plain = Rendition(title="甲", body="乙", media_type="text/plain", pictures=(picture,))
    assert storable(plain) is plain
    nasty = storable(replace(plain, extra={"a\0": NASTY}, pictures=(replace(picture, alt="\0"),)))
    assert nasty.extra == {"a\u2400": "甲\u2400乙\ufffd丙"}
    assert nasty.pictures[0].alt == "\u2400"
