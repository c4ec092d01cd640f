"""The review form: what stands on it, read by another program's eyes, and a code that leads back."""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta

import docx
import pytest
from PIL import Image

from support.review_forms import DIGEST, FORM, FULL, POST, ZONE, step
from xuanfa.documents.code import Code, codes_in, picture_of
from xuanfa.documents.faces import Faces
from xuanfa.documents.review_form import review_form
from xuanfa.documents.word.grid import fitted
from xuanfa.domain.review_form import Corrected


def opened(data: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(data))


def texts(data: bytes) -> list[str]:
    """What stands in the boxes, each box once."""
    (table,) = opened(data).tables
    return [cell.text for row in table.rows for cell in dict.fromkeys(row.cells)]


def test_the_form_says_what_forms_in_use_say() -> None:
    found = texts(review_form(FORM, ZONE, Faces()))
    whole = "\n".join(found)
    for name in (
        "标　　题", "稿件类型", "所属专栏", "供稿部门", "供稿人", "电　　话", "来源链接", "拟发渠道\n和时间", "内容核对", "图片视频\n作者授权",
        "机器检查", "责任编辑", "环　节", "审核人", "意　见", "签　名", "日　期", "签　　发", "实际发布\n时间链接", "撤稿更正",
    ):  # fmt: skip
        assert name in found
    assert FORM.title in found
    assert "■原创　□转载　□编发" in found
    assert "涉案 □是 ■否　　涉密 □是 □否" in whole
    assert "使用人工智能 ■无　□辅助　□生成" in whole
    assert "微信公众号（头条）\t2026-11-30 12:00" in whole
    assert "同意（口令）\n改正：错别字 3 处、标点 2 处" in found
    assert "孙丽\n代 李强" in found
    assert "否决 0 项　提醒 1 项" in found
    assert f"稿件：{POST}" in whole
    assert f"\n{DIGEST[:12]}" in found


def test_the_code_in_the_document_names_post_and_digest() -> None:
    (image,) = list(opened(review_form(FORM, ZONE, Faces())).part.package.image_parts)
    with Image.open(io.BytesIO(image.blob)) as picture:
        (code,) = codes_in(picture)
    assert code == Code.of(POST, DIGEST)
    assert code.names(POST)
    assert not code.names("another")


def test_the_same_content_gives_the_same_bytes_and_no_time_of_day() -> None:
    data = review_form(FORM, ZONE, Faces())
    assert data == review_form(FORM, ZONE, Faces())
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        assert {info.date_time[0] for info in pack.infolist()} == {1980}


def test_a_form_without_steps_has_the_rows_of_an_office_that_reviews_on_paper() -> None:
    found = texts(review_form(replace(FORM, review=replace(FORM.review, steps=())), ZONE, Faces()))
    for name in ("一校", "一审", "二校", "二审", "三校", "三审", "保密审查"):
        assert name in found


def test_a_repost_names_its_source_and_what_is_out_its_address() -> None:
    line = replace(FORM.channels[0], published_at=FORM.printed_at, address="https://court.example/1.html")
    out = replace(FORM, source="人民法院报", source_address="https://rmfyb.example/2.html", channels=(line,))
    found = texts(review_form(out, ZONE, Faces()))
    assert "□原创　■转载　□编发" in found
    assert "人民法院报　https://rmfyb.example/2.html" in found
    assert "金昌法院网　2026-11-29 12:00　https://court.example/1.html" in found
    assert "发布审核表" in "\n".join(found)
    assert "更正稿" not in "\n".join(found)
    assert "更正对象" not in found


def test_a_correction_says_that_it_is_one_of_what_why_and_what_becomes_of_each_channel() -> None:
    corrects = Corrected(title="旧标题", published_at=FORM.printed_at, why="旁听人数写错了", by="王敏")
    lines = tuple(
        replace(each, becomes=becomes)
        for each, becomes in zip(FORM.channels, ("change", "leave", "again", "post"), strict=True)
    )
    whole = "\n".join(texts(review_form(replace(FORM, corrects=corrects, channels=lines), ZONE, Faces())))
    assert "发布审核表（更正稿）" in whole
    assert "《旧标题》（本稿，2026-11-29 12:00 发布）\n更正原因：旁听人数写错了（王敏 提出）" in whole
    for words in ("金昌法院网\t审定后就地更正", "不能改，留着原样", "不能改，撤下另发", "抖音\t不能改，另发更正稿"):
        assert words in whole
    other = replace(FORM, corrects=Corrected(title="别的稿件", slug="20261001-a"))
    whole = "\n".join(texts(review_form(other, ZONE, Faces())))
    assert "发布审核表（更正稿）" in whole
    assert "《别的稿件》（20261001-a）" in whole
    assert "微博\t2026-11-30 12:00" in whole


def test_a_correction_of_many_channels_has_room_for_all_eight_steps() -> None:
    """The template with the most steps; nothing of what was decided is cut, nor for whom."""
    steps = (*FORM.review.steps, step(8, "主要领导签发"))
    crowded = replace(
        FORM,
        subtitle="副题",
        corrects=Corrected(title="旧标题", why="人数"),
        channels=(*FORM.channels, FORM.channels[0]),
        expires_at=FORM.printed_at,
        review=replace(FORM.review, steps=steps),
    )
    found = texts(review_form(crowded, ZONE, Faces()))
    assert {each.name for each in steps} <= set(found)
    assert {"孙丽\n代 李强", "同意（口令）\n改正：错别字 3 处、标点 2 处", "2026-11-29 12:00"} <= set(found)


def test_the_ends_that_are_approved_with_it_stand_below_its_channels() -> None:
    day = FORM.printed_at + timedelta(days=1)
    ends = replace(FORM, expires_at=FORM.printed_at, retract_at=day, review_on=day)
    whole = "\n".join(texts(review_form(ends, ZONE, Faces())))
    assert "时效：2026-11-29 12:00 前有效；2026-11-30 12:00 下线；2026-11-30 复核" in whole
    assert "时效：2026-11-30 复核" in "\n".join(texts(review_form(replace(FORM, review_on=day), ZONE, Faces())))
    assert "时效" not in "\n".join(texts(review_form(FORM, ZONE, Faces())))


def test_every_row_has_an_exact_height_and_all_together_one_page() -> None:
    for form in (FORM, FULL):
        (table,) = opened(review_form(form, ZONE, Faces())).tables
        assert {str(row.height_rule) for row in table.rows} == {"EXACTLY (2)"}
        assert sum(row.height.mm for row in table.rows if row.height is not None) < 275


def test_signs_of_xml_and_controls_stay_text() -> None:
    odd = replace(FORM, title="<w:b/> & “引号” \x07\ud800", author="</w:t>")
    found = texts(review_form(odd, ZONE, Faces()))
    assert "<w:b/> & “引号” " in found
    assert "</w:t>" in found


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (["短"], ["短"]),
        (["一二三四五六七八九十"], ["一二三四五六七八九十"]),
        (["一二三四五六七八九十百"], ["一二三四五六七八九…"]),
        (["一", "二", "三"], ["一", "二…"]),
        ([], []),
        (["", "乙"], ["", "乙"]),
    ],
)
def test_what_is_longer_than_its_box_is_cut_and_says_so(lines: list[str], shown: list[str]) -> None:
    # Ten-point type: a box of five characters and two lines.
    assert fitted(lines, width=5 * 10 / 72 * 25.4 + 0.01, height=2 * 12.5 / 72 * 25.4 + 0.01, size=10) == shown


def test_a_long_name_of_a_post_is_given_by_its_hash_so_that_squares_stay_large() -> None:
    code = Code.of("长" * 200, DIGEST)
    assert code.name.startswith("sha256:")
    assert code.names("长" * 200)
    assert not code.names("长" * 199)
    assert picture_of(code)[1] <= picture_of(Code.of("x" * 60, DIGEST))[1]


def test_codes_of_others_on_the_paper_are_none_of_ours() -> None:
    import segno  # noqa: PLC0415

    for text in ("https://court.example/", "xuanfa-form 2\na\nb", "xuanfa-form 1\na"):
        file = io.BytesIO()
        segno.make_qr(text).save(file, kind="png", scale=8)
        with Image.open(file) as picture:
            assert codes_in(picture) == []


def test_more_steps_than_fit_are_not_lost_in_silence() -> None:
    steps = tuple(step(at, f"{at}审") for at in range(1, 31))
    found = texts(review_form(replace(FORM, review=replace(FORM.review, steps=steps)), ZONE, Faces()))
    assert any("其余" in each and "步" in each for each in found)
