"""Attachments: what may be attached, what is taken out of it, what is told of it, and which text it has."""

import io
import os
import zipfile
from datetime import UTC
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from support.word_files import OLE, paragraph, part, run, word, zipped
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.reading.posts import Reading, read_post
from xuanfa.documents.extraction import text_of
from xuanfa.documents.office import cleaning
from xuanfa.domain.attachment import EXTRA, Attachment, as_text, attached
from xuanfa.domain.column import Column
from xuanfa.domain.errors import AlteredError

HEAD = "---\ntitle: 通知\ncolumn: action\nattachments:\n{listed}---\n\n正文。\n"
PDF = b"%PDF-1.4\n1 0 obj<</Author(Zhang San)/Title(x)>>endobj\n<dc:creator>Zhang</dc:creator>\n%%EOF"


def workbook(*, hidden: str = "", formula: str = "") -> bytes:
    made, file = openpyxl.Workbook(), io.BytesIO()
    made.active["A1"], made.active["A2"] = formula or "单位", 13800138000
    made.properties.creator = "张三"
    if hidden:
        made.create_sheet(hidden).sheet_state = "hidden"
    made.save(file)
    return file.getvalue()


def photograph(ending: str = "JPEG") -> bytes:
    file, exif = io.BytesIO(), Image.Exif()
    exif.get_ifd(0x8825)[2] = (38.0, 31.0, 0.0)
    Image.new("RGB", (64, 48), "red").save(file, ending, exif=exif)
    return file.getvalue()


def reading(folder: Path, listed: str, **files: bytes) -> Reading:
    posts = folder / "posts"
    (posts / "附件").mkdir(exist_ok=True, parents=True)
    for name, data in files.items():
        (posts / "附件" / name.replace("__", ".")).write_bytes(data)
    source = HEAD.format(listed=listed)
    (posts / "a.md").write_text(source, encoding="utf-8")
    return read_post(
        source.encode(),
        path=posts / "a.md",
        shown_as="posts/a.md",
        zone=UTC,
        columns={"action": Column(id="action", title="行动", channels=("site",))},
        media=MediaStore(folder / "media"),
    )


def kept(folder: Path, found: Reading) -> bytes:
    assert found.post is not None, [str(problem) for problem in found.problems]
    return MediaStore(folder / "media").attachment(found.post.attachments[0]).read_bytes()


def test_an_attachment_is_kept_by_its_hash_with_what_readers_are_told(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        "  - {file: 附件/表.xlsx, title: 报名表}\n  - 附件/说明.txt\n",
        表__xlsx=workbook(),
        说明__txt="说明".encode(),
    )
    assert found.post is not None
    first, second = found.post.attachments
    assert (first.title, first.kind, first.readable, second.title) == ("报名表", "Excel", "报名表.xlsx", "说明")
    assert {name for name, _, _ in found.parts} == {"附件/表.xlsx", "附件/说明.txt"}
    assert attached({EXTRA: as_text(found.post.attachments)}) == found.post.attachments
    MediaStore(tmp_path / "media").attachment(first).write_bytes(b"other")
    with pytest.raises(AlteredError):
        MediaStore(tmp_path / "media").attachment(first)


def test_names_of_people_and_places_are_taken_out(tmp_path: Path) -> None:
    with zipfile.ZipFile(
        io.BytesIO(kept(tmp_path, reading(tmp_path, "  - 附件/表.xlsx\n", 表__xlsx=workbook())))
    ) as pack:
        assert "张三" not in pack.read("docProps/core.xml").decode()
        assert pack.testzip() is None
    pdf = kept(tmp_path, reading(tmp_path, "  - 附件/甲.pdf\n", 甲__pdf=PDF))
    assert (len(pdf), b"Zhang" in pdf, b"/Title(x)" in pdf) == (len(PDF), False, True)
    with Image.open(io.BytesIO(kept(tmp_path, reading(tmp_path, "  - 附件/甲.jpg\n", 甲__jpg=photograph())))) as image:
        assert not image.getexif()


def test_the_same_file_gives_the_same_bytes() -> None:
    given = workbook()
    assert cleaning.office(given).data == cleaning.office(given).data


def test_a_signed_pdf_is_left_and_told() -> None:
    cleaned = cleaning.pdf(PDF + b"/ByteRange[0 1 2 3]")
    assert cleaned.data.startswith(PDF)
    assert "作者" in cleaned.told[0]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("表.xlsx", workbook(hidden="内部测算"), "内部测算"),
        ("表.xlsx", workbook(formula='=WEBSERVICE("https://a.cn/")'), "会联网"),
        ("甲.docx", word(f'<w:p><w:ins w:id="1">{run("新")}</w:ins></w:p>'), "修订"),
        ("甲.docx", word(paragraph(run("密", "<w:vanish/>"))), "隐藏文字"),
        ("甲.docx", word(paragraph("甲"), parts={"word/media/a.jpg": photograph()}), "拍摄地点"),
        ("甲.doc", OLE + b"x" * 600, "不能查看"),
    ],
)
def test_what_is_still_in_it_is_told_with_file_and_line(name: str, data: bytes, words: str, tmp_path: Path) -> None:
    found = reading(tmp_path, f"  - 附件/{name}\n", **{name.replace(".", "__"): data})
    assert found.post is not None
    told = [str(notice) for notice in found.notices if words in str(notice)]
    assert len(told) == 1
    assert told[0].startswith("posts/a.md:5: ")
    assert name in told[0]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("甲.exe", b"MZ", "不能放"),
        ("甲.html", b"<script>", "不能放"),
        ("甲.pdf", b"PK\3\4", "不是 PDF"),
        ("甲.xlsx", word(paragraph("甲")), "不是 Excel"),
        ("甲.docx", OLE + b"\0" * 600, "另存为"),
        ("甲.docx", zipped({"a": b"x"}), "不是 Word"),
        ("甲.png", b"x", "不是图片"),
        ("甲.txt", b"a\0b", "不是 TXT"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(name: str, data: bytes, words: str, tmp_path: Path) -> None:
    found = reading(tmp_path, f"  - 附件/{name}\n", **{name.replace(".", "__"): data})
    assert len(found.problems) == 1
    assert words in str(found.problems[0])
    assert name in str(found.problems[0])


def test_what_is_missing_outside_or_no_file_is_the_posts_problem(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "secret.pdf").write_bytes(PDF)
    (tmp_path / "posts" / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    os.mkfifo(tmp_path / "posts" / "pipe.pdf")
    for name in ("none.pdf", "../secret.pdf", "link.pdf", "pipe.pdf", "/etc/passwd.pdf", "https://a.cn/a.pdf"):
        found = reading(tmp_path, f"  - {name}\n")
        assert len(found.problems) == 1, name
        assert "附件“" in str(found.problems[0]), name
        assert not found.post


def test_a_document_that_would_be_read_as_a_post_is_sent_into_its_folder(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "b.docx").write_bytes(word(paragraph("甲")))
    assert "名叫“附件”的文件夹" in str(reading(tmp_path, "  - b.docx\n").problems[0])


def test_number_and_size_are_bounded(tmp_path: Path) -> None:
    many = reading(tmp_path, "".join(f"  - {number}.pdf\n" for number in range(21)))
    assert "最多 20 个" in str(many.problems[0])
    (tmp_path / "posts" / "big.pdf").touch()
    with (tmp_path / "posts" / "big.pdf").open("r+b") as file:
        file.truncate(20_000_001)
    assert "最多 20 MB" in str(reading(tmp_path, "  - big.pdf\n").problems[0])


def test_the_text_of_what_is_attached() -> None:
    header = part("hdr", paragraph("内部资料"))
    document = word(paragraph("正文"), f"<w:p>{run('上')}{run('下')}</w:p>", parts={"word/header1.xml": header})
    assert text_of(document, ".docx").split("\n") == ["正文", "上下", "内部资料"]
    cells = text_of(workbook(hidden="内部测算"), ".xlsx")
    assert all(words in cells for words in ("单位", "13800138000", "内部测算"))
    assert text_of("甲".encode("gb18030"), ".txt") == "甲"
    assert text_of(b"PK", ".zip") == ""


def test_names_that_other_systems_refuse_are_mended() -> None:
    one = Attachment(source="a", title='附/件:一*?"<>|' + "长" * 100, sha256="0" * 64, size=1, suffix=".pdf")
    assert "/" not in one.filename
    assert len(one.filename.encode()) < 255
