"""What a review has come to, as programs and papers read it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from xuanfa.domain.review_record import ReviewRecord, StepRecord, VoidRecord, review_digest

NOON = datetime(2026, 11, 29, 4, tzinfo=UTC)


def test_the_json_is_the_contract_and_what_is_unknown_is_null() -> None:
    step = StepRecord(number=1, name="一审", kind="审", role="editor", state="open", checks=("导向",))
    record = ReviewRecord(
        post="a",
        revision=2,
        template="regular",
        digest="d" * 64,
        state="open",
        author=("li",),
        author_shown=("李工",),
        steps=(step,),
        renditions={"site": "e" * 64},
        voided=(VoidRecord(at=NOON, why="改了"),),
    )
    shown = record.as_json()
    assert {
        "post",
        "revision",
        "template",
        "digest",
        "state",
        "author",
        "steps",
        "renditions",
        "voided",
    } <= shown.keys()
    (only,) = shown["steps"]
    assert only.keys() >= {"number", "name", "kind", "role", "state", "by", "at", "for", "how", "note"}
    assert (only["by"], only["at"], only["for"], only["how"], only["note"]) == (None, None, None, None, None)
    assert shown["voided"] == [{"at": NOON, "why": "改了"}]
    assert record.short == "d" * 12


def test_the_digest_is_the_same_in_any_order_and_zone() -> None:
    here = NOON.astimezone(timezone(timedelta(hours=8)))
    assert review_digest([("site", "1", NOON), ("wechat", "2", NOON)]) == review_digest(
        [("wechat", "2", here), ("site", "1", here)]
    )


@pytest.mark.parametrize(
    "other",
    [
        [("site", "2", NOON)],
        [("wechat", "1", NOON)],
        [("site", "1", NOON + timedelta(microseconds=1))],
        [("site", "1", NOON), ("wechat", "1", NOON)],
        [],
    ],
    ids=["content", "channel", "time", "one more channel", "nothing"],
)
def test_any_change_gives_another_digest(other: list[tuple[str, str, datetime]]) -> None:
    assert review_digest(other) != review_digest([("site", "1", NOON)])
