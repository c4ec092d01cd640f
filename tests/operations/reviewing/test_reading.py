"""What whoever decides has read: renditions as they leave, what has changed since, what was corrected; and that no note ever leaves."""

import io
import zipfile
from typing import Any

import sqlalchemy as sa

from tests.support.reviewed_office import approve, phone, send_back, submit
from xuanfa.documents.faces import Faces
from xuanfa.documents.review_form import review_form
from xuanfa.domain.finding import Finding, Severity
from xuanfa.operations.papers.facts import form_of, papers_of
from xuanfa.operations.reviewing.reading import readings
from xuanfa.reports.reviews import review_record, seen_before

SECRET = "此处涉密请删去某某姓名"


def again(office: Any, text: str, **head: str) -> None:
    office.clock.advance(minutes=1)
    office.write("one", text, **head)
    office.queue()


def test_what_is_filled_in_when_it_leaves_is_told_as_such(office: Any) -> None:
    office.scripts["b"].link = "a"
    office.scripts["b"].findings = [Finding(code="x.long", message="标题偏长", severity=Severity.WARN)]
    office.queue("one")
    submit(office.desk)
    first, second = readings(office.desk, "one")
    assert (first.channel, first.late_bound, first.findings) == ("a", (), ())
    assert second.late_bound == ("本稿在 a 的地址",)
    assert "【发布时填入：本稿在 a 的地址】" in second.text
    assert "late.invalid" not in str(second.as_json())
    assert [each["message"] for each in second.as_json()["findings"]] == ["标题偏长"]
    assert readings(office.desk, "nowhere") == []


def test_what_has_changed_since_a_person_read_it_is_told_word_by_word(office: Any) -> None:
    office.write("one", "本院审结案件12件。", title="审判工作")
    office.queue()
    submit(office.desk)
    approve(office.desk, "ed")
    again(office, "本院审结案件13件。", title="审判执行工作")
    approve(office.desk, "all")
    seen = seen_before(office.desk.store, "one", "ed")
    assert (seen.by, list(seen.channels)) == ("ed", ["a", "b"])
    assert [(each.before, each.after, each.sort) for each in seen.differences] == [
        ("", "执行", "文字"),
        ("12", "13", "数字"),
    ]
    assert not seen_before(office.desk.store, "one", "all").differences  # it is what they have read
    other = seen_before(office.desk.store, "one", "boss")  # has seen none: beside what the last step saw
    assert (other.by, list(other.differences)) == ("all", [])


def test_corrections_are_counted_by_class_and_stand_on_the_form(office: Any) -> None:
    office.write("one", "本院审结案件12件，")
    office.queue()
    submit(office.desk)
    approve(office.desk, "ed")
    send_back(office.desk, "proof", "标点和数字")
    again(office, "本院审结案件13件。")
    approve(office.desk, "ed")
    approve(office.desk, "proof")
    approve(office.desk, "boss")  # reads it for the first time, as the step before has
    record = review_record(office.desk.store, office.desk.reviews, "one")
    assert record is not None
    counted = {each.number: dict(each.corrections) for each in record.steps if each.corrections}
    assert counted == {1: {"数字": 1, "标点": 1}, 2: {"数字": 1, "标点": 1}}
    with office.desk.store.read() as connection:
        form = form_of(office.desk, papers_of(office.desk, connection, "one"))
    page = zipfile.ZipFile(io.BytesIO(review_form(form, office.desk.zone, Faces()))).read("word/document.xml").decode()
    assert page.count("改正：数字 1 处、标点 1 处") == 2


def test_no_note_reaches_a_rendition(office: Any) -> None:
    """Why and where something is sent back, what is said at a step, and who was called: readers see none of it."""
    office.queue("one")
    submit(office.desk)
    approve(office.desk, "ed", note=f"意见：{SECRET}")
    send_back(office.desk, "proof", f"原因：{SECRET}", note=SECRET, places=(("正文", SECRET),))
    again(office, "改过的正文。")
    approve(office.desk, "ed", note=SECRET)
    approve(office.desk, "proof", note=SECRET)
    phone(office.desk, "ed", "boss", office.clock(), note=SECRET)
    office.run()
    sent = [order for script in office.scripts.values() for order in script.sent]
    assert len(sent) == 2
    assert SECRET not in repr(sent)
    with office.desk.store.read() as connection:
        renditions = connection.execute(sa.text("SELECT * FROM renditions")).all()
        assert renditions
        assert SECRET not in repr(renditions)
        assert SECRET in repr(connection.execute(sa.text("SELECT * FROM decisions")).all())
        form = form_of(office.desk, papers_of(office.desk, connection, "one"))
    assert SECRET in repr(form.review)  # whoever signs sees it
