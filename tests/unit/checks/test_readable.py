"""What is read of a rendition: what readers see, and no markup."""

from xuanfa.checks.readable import of_html, parts_of
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


def test_keywords_and_lists_for_programs_are_read_one_by_one() -> None:
    extra = {"keywords": "普法,民间借贷", "tags": '["家事", "调解"]', "note": "[1] 不是 JSON"}
    assert texts(extra=extra)[2:] == ["普法\n民间借贷", "家事\n调解", "[1] 不是 JSON"]


def test_cells_and_boxes_stand_apart_and_are_no_blank_between_words() -> None:
    table = "<table><tr><th>类别</th> <th>收案</th></tr><tr><td>民事</td><td>8</td></tr></table>"
    assert of_html(table) == "类别 | 收案 |\n民事 | 8 |"
    assert of_html("<p><span>来源：本院</span> <span>作者：宣传科</span></p>") == "来源：本院\n作者：宣传科"
    assert of_html("<p>甲 <b>乙</b> 丙</p>") == "甲 乙 丙"
