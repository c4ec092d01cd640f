"""Limits are told in the channel's own unit, with what is to be done."""

import time

import pytest

from xuanfa.checks.limits import empty_body, measure, reserved_address, too_long
from xuanfa.checks.rendition import check_limits
from xuanfa.domain.rendition import Rendition, Unit


@pytest.mark.parametrize(
    ("text", "unit", "length"), [("法院a", "characters", 3), ("法院a", "bytes", 7), ("", "bytes", 0)]
)
def test_a_text_is_measured_in_characters_or_in_bytes_of_utf8(text: str, unit: Unit, length: int) -> None:
    assert measure(text, unit) == length


def test_what_fits_exactly_is_no_finding() -> None:
    assert too_long("法院", 2, "characters", code="x.title", place="title") is None
    assert too_long("法院", 6, "bytes", code="x.title", place="title") is None
    assert too_long("法院" * 10_000, None, "bytes", code="x.title", place="title") is None


def test_too_many_characters_say_how_many_must_go() -> None:
    finding = too_long("法院公告", 3, "characters", code="x.title_too_long", place="title")
    assert finding is not None
    assert (finding.code, finding.place) == ("x.title_too_long", "title")
    assert finding.message == "标题有 4 个字，上限 3 个，请至少删去 1 个字。"


def test_too_many_bytes_are_also_told_in_chinese_characters() -> None:
    finding = too_long("法院公告", 8, "bytes", code="x.body", place="body")
    assert finding is not None
    assert finding.message == "正文有 12 字节，上限 8 字节，请至少删去 4 字节（约 2 个汉字）。"


@pytest.mark.parametrize("text", ["", " \n\t ", "\u3000"])
def test_a_body_without_text_is_a_finding(text: str) -> None:
    finding = empty_body(text)
    assert finding is not None
    assert finding.code == "body.empty"


def test_a_rendition_is_checked_in_all_its_parts_at_once() -> None:
    rendition = Rendition(title="很长的标题", body="很长的正文", media_type="text/plain")
    codes = [finding.code for finding in check_limits(rendition, title_max=3, body_max=4, unit="characters")]
    assert codes == ["title.too_long", "body.too_long"]
    empty = Rendition(title=" ", body="", media_type="text/plain")
    codes = [finding.code for finding in check_limits(empty, title_max=3, body_max=4, unit="characters")]
    assert codes == ["title.empty", "body.empty"]


def test_a_good_rendition_has_no_findings() -> None:
    assert (
        check_limits(
            Rendition(title="甲", body="乙", media_type="text/plain"), title_max=1, body_max=1, unit="characters"
        )
        == ()
    )


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://late.invalid/link/site/">址</a>',
        "<p>https://<b>late</b>.<i>invalid</i>/time/iso/</p>",
        "<p>https://late&#46;invalid/link/site/</p>",
        "<p>HTTPS://LATE.INVALID/</p>",
    ],
)
def test_an_address_of_ours_is_found_however_it_is_put_together(html: str) -> None:
    assert reserved_address(html) is not None
    assert reserved_address("<p>late, invalid</p>") is None


def test_signs_that_begin_a_tag_and_never_end_it_cost_no_time() -> None:
    begun = time.process_time()
    assert empty_body("<" * 200_000 + "<a " * 50_000) is None
    assert time.process_time() - begun < 1
