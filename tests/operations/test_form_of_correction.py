"""The form of a correction says that it is one, of what, and what becomes of each channel; its checks and pictures are those of the new text."""

from typing import Any

from tests.operations.test_correct_reviewed import office, ordered, out
from tests.support.reviewed_office import approve_all, submit
from xuanfa.domain.correction import Others
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.review_form import Corrected, ReviewForm
from xuanfa.operations.papers.facts import form_of, papers_of
from xuanfa.operations.withdrawing.carry_on import carry_on
from xuanfa.reports.reviews import review_record

__all__ = ["office", "out"]


def form(office: Any, slug: str = "one") -> ReviewForm:
    with office.desk.store.read() as connection:
        found = papers_of(office.desk, connection, slug)
    return form_of(office.desk, found)


def test_what_is_out_is_named_with_why_and_by_whom(office: Any, out: Any) -> None:
    at = office.clock()
    assert form(office).corrects is None
    ordered(office, others=Others.AGAIN)
    found = form(office)
    assert found.corrects is not None
    assert found.corrects.published_at is not None
    assert found.corrects.published_at < at
    assert (found.corrects.title, found.corrects.slug) == ("“one”", "")
    assert (found.corrects.why, found.corrects.by) == ("人数写错了", "boss2同志")
    assert {each.channel: each.becomes for each in found.channels} == {"a": "change", "b": "again"}
    record = review_record(office.desk.store, office.desk.reviews, "one")
    assert record is not None
    assert found.review.digest == record.digest


def test_what_checks_find_is_of_the_text_that_is_to_come(office: Any, out: Any) -> None:
    ordered(office, "二十人旁听。")
    adapter = office.bound("a")
    office.bound = lambda _channel: _minding(adapter, "二十人")
    assert form(office).findings == {"warn": 1}
    approve_all(office.desk)
    office.bound = lambda _channel: adapter
    carry_on(office.desk)
    office.bound = lambda _channel: _minding(adapter, "三十人")
    assert form(office).findings == {"warn": 1}, "of the channel that could not change it"


def _minding(adapter: Any, word: str) -> Any:
    found = (Finding(code="x", message="有误", severity=Severity.WARN),)
    adapter.check = lambda rendition: found if word in rendition.body else ()
    return adapter


def test_a_post_that_corrects_another_names_it(office: Any, out: Any) -> None:
    office.write("two", "更正的全文。", corrects="one")
    office.queue()
    submit(office.desk, "two")
    found = form(office, "two")
    assert found.corrects == Corrected(title="“one”", slug="one", published_at=form_out(office))
    assert all(not each.becomes for each in found.channels)


def form_out(office: Any) -> Any:
    return min(each.published_at for each in form(office).channels if each.published_at)


def test_an_author_who_is_named_by_a_login_name_stands_there_by_name(office: Any) -> None:
    for slug, author, shown in (("x", "writer", "writer同志"), ("y", "王敏", "王敏"), ("z", "", "writer同志")):
        office.write(slug, f"正文{slug}。", author=author)
        office.queue()
        submit(office.desk, slug)
        assert form(office, slug).author == shown


def test_its_ends_are_those_that_are_approved(office: Any) -> None:
    office.write(
        "one",
        "三十人旁听。",
        publish_at="2026-03-02 10:00",
        expires_at="2026-03-20 09:00",
        retract_at="2026-04-01 09:00",
        review_on="2026-03-25",
    )
    office.queue()
    submit(office.desk)
    found = form(office)
    zone = office.desk.zone
    ends = [found.expires_at, found.retract_at, found.review_on]
    assert [each and f"{each.astimezone(zone):%m-%d %H:%M}" for each in ends] == [
        "03-20 09:00",
        "04-01 09:00",
        "03-25 00:00",
    ]
