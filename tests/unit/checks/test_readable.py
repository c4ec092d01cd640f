"""What is read of a rendition: what readers see, and no markup."""

from xuanfa.checks.readable import parts_of
from xuanfa.domain.rendition import Rendition


def rendition(**more: object) -> Rendition:
    return Rendition(title="一次开庭", body="<p>开庭了。</p>", media_type="text/html", **more)  # type: ignore[arg-type]


def texts(**more: object) -> list[str]:
    return [part.text for part in parts_of(rendition(**more))]


def test_a_further_value_that_is_markup_is_read_without_it() -> None:
    extra = {"html": '<p class="身份证">开庭了。</p><ul><li>立案<b>一千</b>件</li></ul>', "author": "宣传科"}
    assert texts(extra=extra) == ["一次开庭", "开庭了。", "开庭了。\n立案一千件", "宣传科"]


def test_what_a_further_value_repeats_is_read_once() -> None:
    assert texts(extra={"html": "<p>开庭了。</p>"}) == ["一次开庭", "开庭了。"]


def test_a_further_value_that_only_compares_is_read_as_it_stands() -> None:
    assert texts(extra={"note": "收案<结案"}) == ["一次开庭", "开庭了。", "收案<结案"]
