"""Attachments and Word documents are checked by the rules wherever something stands in them: headers, comments, properties, hidden sheets."""

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from support.word_files import core, paragraph, part, run, title, word
from xuanfa.content.pictures.media import MediaStore
from xuanfa.domain.attachment import Attachment
from xuanfa.domain.errors import ContentError
from xuanfa.operations.checking.attached import REMAINS, check_attachments, check_besides, check_file_of
from xuanfa.operations.checking.posts import check_file
from xuanfa.operations.checking.workspace import engine_of
from xuanfa.operations.intake.inbox import list_inbox

WHEN = date(2026, 11, 29)
ENGINE = engine_of(None, lists=None)
HIDDEN = f"<w:p>{run('正文')}<w:r><w:commentReference w:id='0'/></w:r><w:del w:id='1'><w:r><w:delText>内部资料</w:delText></w:r></w:del></w:p>"


def document(*blocks: str, **parts: str) -> bytes:
    names = {"header": "word/header1.xml", "comments": "word/comments.xml", "core": "docProps/core.xml"}
    return word(title("题目"), *blocks, parts={names[name]: text for name, text in parts.items()})


def workbook(hidden: str) -> bytes:
    made, file = openpyxl.Workbook(), io.BytesIO()
    made.active["A1"] = "报名表"
    sheet = made.create_sheet("测算")
    sheet["A1"], sheet.sheet_state = hidden, "hidden"
    made.save(file)
    return file.getvalue()


def found(data: bytes, suffix: str = ".docx") -> list[tuple[str, str, str]]:
    told = check_file_of(ENGINE, data, suffix, shown_as=f"附件/表{suffix}", when=WHEN)
    return [(one.rule, one.text, str(one.message)) for one in told if one.kind in {"secrecy", "privacy"}]


@pytest.mark.parametrize(
    ("data", "rule", "where"),
    [
        (document(header=part("hdr", paragraph("秘密★一年"))), "secrecy.grade", "页眉："),
        (
            document(comments=part("comments", f'<w:comment w:id="0">{paragraph("内部资料，注意保存")}</w:comment>')),
            "secrecy.internal",
            "批注：",
        ),
        (document(core=core("<dc:subject>内部资料</dc:subject>")), "secrecy.internal", "文件属性："),
        (document(HIDDEN), "secrecy.internal", "正文："),
        (document(paragraph("联系人手机138 0013 8000")), "privacy.mobile", "正文："),
    ],
)
def test_a_mark_is_found_wherever_it_stands(data: bytes, rule: str, where: str) -> None:
    assert any(each == rule and message.startswith(where) for each, _, message in found(data)), found(data)


def test_what_is_hidden_is_named() -> None:
    told = found(workbook("身份证号620302199003074512"), ".xlsx")
    assert any(rule == REMAINS.id and "附件/表.xlsx：里面有隐藏的工作表：测算" in message for rule, _, message in told)
    assert any(rule == "privacy.id18" for rule, _, _ in told)
    words = " ".join(message for rule, _, message in found(document(HIDDEN)) if rule == REMAINS.id)
    assert "修订" in words
    assert "批注" in words


def test_a_clean_file_says_nothing_and_a_damaged_one_is_one_finding() -> None:
    assert found(document(paragraph("请填写报名表，十二月一日前交到立案庭。"))) == []
    assert found(workbook("")[:-200], ".xlsx")[0][0] == REMAINS.id
    assert len(found(workbook("")[:-200], ".xlsx")) == 1


def test_what_the_office_writes_to_itself_is_not_judged_by_style() -> None:
    data = document(core=core("<dc:subject>第三次 修改,定稿</dc:subject>"))
    assert list(check_file_of(ENGINE, data, ".docx", shown_as="a.docx", when=WHEN)) == []


def test_attachments_are_read_as_they_are_kept(tmp_path: Path) -> None:
    media = MediaStore(tmp_path)
    data = document(header=part("hdr", paragraph("机密★三年")))
    one = Attachment(
        source="附件/表.docx",
        title="表",
        sha256=media.keep_document(data, ".docx"),
        size=len(data),
        suffix=".docx",
    )
    told = list(check_attachments(ENGINE, (one,), media, when=WHEN))
    assert {(each.file, each.rule) for each in told} == {("附件/表.docx", "secrecy.grade")}


def test_beside_its_text_a_document_is_read_once(tmp_path: Path) -> None:
    data = document(paragraph("联系人手机138 0013 8000"), header=part("hdr", paragraph("内部资料")))
    told = list(check_besides(ENGINE, data, shown_as="posts/a.docx", when=WHEN))
    assert [(one.rule, one.file) for one in told] == [("secrecy.internal", "posts/a.docx")]
    with pytest.raises(ContentError, match=r"posts/a\.docx"):
        list(check_besides(ENGINE, b"PK", shown_as="posts/a.docx", when=WHEN))
    (tmp_path / "a.docx").write_bytes(data)
    assert {one.rule for one in check_file(ENGINE, tmp_path / "a.docx", when=WHEN)} >= {
        "secrecy.internal",
        "privacy.mobile",
    }


def test_a_file_beside_no_document_is_told(tmp_path: Path) -> None:
    posts = tmp_path / "posts"
    posts.mkdir()
    (posts / "a.docx").write_bytes(word(title("题目"), paragraph("正文")))
    (posts / "a.yml").write_text("column: action\n", encoding="utf-8")
    (posts / "b.yaml").write_text("column: action\n", encoding="utf-8")
    told = {file.path.name: file.trouble for file in list_inbox(posts)}
    assert "b.docx" in told["b.yaml"]
    assert "改名为 a.yaml" in told["a.yml"]
    assert told["a.docx"] == ""
    (posts / "b.DOCX").write_bytes(word(title("题目"), paragraph("正文")))
    assert "b.yaml" not in {file.path.name for file in list_inbox(posts)}
