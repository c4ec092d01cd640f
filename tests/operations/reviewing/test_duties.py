"""What went out before its review is marked wherever it is shown, and the leader sees it, and consents by telephone, each month."""

from datetime import datetime, timedelta
from typing import Any

from tests.support.reviewed_office import approve, approve_all, confirm, emergency, phone, send_back, stands, submit
from xuanfa.domain.counting import sentence
from xuanfa.operations.papers.facts import form_of, papers_of
from xuanfa.operations.papers.index import _rows
from xuanfa.operations.watching.alarms import standing
from xuanfa.reports.counts import Period, count
from xuanfa.reports.duties import duties_of_month, lateness_of_month
from xuanfa.reports.listing import list_deliveries, list_posts
from xuanfa.reports.reviews import review_record
from xuanfa.store import papers


def march(office: Any) -> datetime:
    return datetime(2026, 3, 1, tzinfo=office.desk.zone)


def causes(office: Any) -> dict[str, str]:
    return {each.cause.name: each.cause.words for each in standing(office.desk) if "emergenc" in each.cause.name}


def published(office: Any) -> None:
    """One post that went out first, and one as it should."""
    office.queue("one", "two")
    submit(office.desk, "two")
    approve_all(office.desk, "two")
    emergency(office.desk, "boss", "突发火情")
    office.run()


def test_the_mark_is_on_the_delivery_and_in_every_report(office: Any) -> None:
    published(office)
    rows = list_deliveries(office.desk.store)
    assert [(row.post, row.emergency, row.approved_by) for row in rows if row.channel == "a"] == [
        ("one", True, "boss"),
        ("two", False, "boss"),
    ]
    assert {row.slug: row.emergency for row in list_posts(office.desk.store)} == {"one": True, "two": False}
    figures = count(office.desk.store, Period(zone=office.desk.zone))
    assert (figures.items, figures.emergency) == (4, 2)
    assert "其中先发后审 2 条" in sentence(figures, "")
    record = review_record(office.desk.store, office.desk.reviews, "one")
    assert record is not None
    assert record.as_json()["emergency"] == {
        "at": office.clock(),
        "by": "boss",
        "by_shown": "boss同志",
        "why": "突发火情",
        "owed": True,
    }
    with office.desk.store.read() as connection:
        form = form_of(office.desk, papers_of(office.desk, connection, "one"))
        assert ["先发后审：boss同志" in note and "尚未补审" in note for note in form.notes] == [True]
        assert form_of(office.desk, papers_of(office.desk, connection, "two")).notes == ()
        items = papers.published_between(connection, march(office), march(office) + timedelta(days=31))
        lines = list(_rows(office.desk, items, {}))
    assert sorted((line[2], line[10]) for line in lines) == [("one", "是"), ("one", "是"), ("two", ""), ("two", "")]
    approve_all(office.desk)
    assert [row.emergency for row in list_deliveries(office.desk.store, post="one")] == [True, True]  # it stays
    assert [row.emergency for row in list_posts(office.desk.store) if row.slug == "one"] == [True]
    after = review_record(office.desk.store, office.desk.reviews, "one")
    assert after is not None
    assert after.emergency is not None
    assert not after.emergency.is_owed


def test_a_post_that_is_sent_back_after_the_fact_can_be_submitted_again(office: Any) -> None:
    published(office)
    approve(office.desk, "ed")
    send_back(office.desk, "proof")
    assert stands(office.desk).is_owed
    submit(office.desk)
    approve_all(office.desk)
    assert not stands(office.desk).is_owed


def test_the_leader_has_a_list_of_each_month_and_is_told_once(office: Any) -> None:
    published(office)
    office.clock.advance(hours=2)
    office.queue("three")
    submit(office.desk, "three")
    approve(office.desk, "ed", "three")
    approve(office.desk, "proof", "three")
    phone(office.desk, "ed", "boss", office.clock(), "three")
    found = duties_of_month(office.desk.store, office.desk.reviews, march(office))
    assert [(each.post, each.by, each.why, each.reviewed_at) for each in found.emergencies] == [
        ("one", "boss", "突发火情", None)
    ]
    assert [(each.post, each.leader, each.entered_by, each.confirmed_at) for each in found.consents] == [
        ("three", "boss", "ed", None)
    ]
    assert found.names["boss"] == "boss同志"
    assert "emergencies:2026-03" not in causes(office)
    office.clock.now = datetime(2026, 4, 1, 9, tzinfo=office.desk.zone)
    words = causes(office)["emergencies:2026-03"]
    assert "先发后审 1 件（one），其中没有按时补审 1 件" in words
    assert "电话同意没有按时确认 1 件（three）" in words
    approve_all(office.desk)
    confirm(office.desk, "boss", "three")
    late = duties_of_month(office.desk.store, office.desk.reviews, march(office))
    assert [each.as_json(office.clock())["late"] for each in (*late.emergencies, *late.consents)] == [True, True]
    assert late.emergencies[0].reviewed_at == late.consents[0].confirmed_at == office.clock()
    office.clock.now = datetime(2026, 4, 11, 9, tzinfo=office.desk.zone)
    assert causes(office) == {}
    empty = duties_of_month(office.desk.store, office.desk.reviews, datetime(2026, 2, 1, tzinfo=office.desk.zone))
    assert (list(empty.emergencies), list(empty.consents)) == ([], [])


def test_what_was_confirmed_in_time_or_had_changed_is_not_late(office: Any) -> None:
    office.queue("one", "two")
    for post in ("one", "two"):
        submit(office.desk, post)
        approve(office.desk, "ed", post)
        approve(office.desk, "proof", post)
        phone(office.desk, "ed", "boss", office.clock(), post)
    office.clock.advance(minutes=1)
    confirm(office.desk, "boss", "one")
    office.write("two", "改过的正文。")
    office.queue()
    office.clock.advance(days=2)
    one, two = duties_of_month(office.desk.store, office.desk.reviews, march(office)).consents
    assert (one.confirmed_at is not None, one.void_at, one.is_late(office.clock())) == (True, None, False)
    assert (two.confirmed_at, two.void_at is not None, two.is_late(office.clock())) == (None, True, False)
    office.clock.now = datetime(2026, 4, 1, 9, tzinfo=office.desk.zone)
    assert causes(office) == {}


def test_who_decides_too_late_is_in_a_report(office: Any) -> None:
    office.queue("one", "two")
    for post in ("one", "two"):
        submit(office.desk, post)
    approve(office.desk, "ed")
    office.clock.advance(days=1)
    approve(office.desk, "ed", "two")
    approve(office.desk, "proof", "two")  # has no bound
    found = lateness_of_month(office.desk.store, office.desk.reviews, march(office), office.desk.zone)
    assert (dict(found.decided_by), dict(found.late_by)) == ({"ed": 2, "proof": 1}, {"ed": 1})
    (row,) = found.late
    assert (row.post, row.step, row.by, f"{row.due_at:%m-%d %H:%M}") == ("two", 1, "ed", "03-02 15:00")
