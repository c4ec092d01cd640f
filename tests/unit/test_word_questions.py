"""What a Word document holds besides its text, and what comes as one and is none: one clear sentence each, and nothing else."""

import subprocess
import sys
import zipfile
from datetime import UTC
from io import BytesIO
from pathlib import Path

import pytest

from support.word_files import OLE, paragraph, part, picture, png, run, title, word, zipped
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.reading.posts import Reading, read_post
from xuanfa.content.reading.word import read
from xuanfa.domain.column import Column
from xuanfa.domain.errors import ContentError

BREAK = "<w:r><w:lastRenderedPageBreak/></w:r>"
COMMENTS = part("comments", f'<w:comment w:id="0" w:author="李四">{paragraph("数字请核对")}</w:comment>')
BOX = f"<w:r><w:drawing><wp:anchor><wps:txbx><w:txbxContent>{paragraph('内部参考')}</w:txbxContent></wps:txbx></wp:anchor></w:drawing></w:r>"
OLD_BOX = f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{paragraph('内部')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"


def reading(source: bytes, tmp_path: Path) -> Reading:
    return read_post(
        source,
        path=tmp_path / "posts" / "甲.docx",
        shown_as="posts/甲.docx",
        zone=UTC,
        columns={"action": Column(id="action", title="行动", channels=("site",))},
        media=MediaStore(tmp_path / "media"),
    )


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (f'<w:p>{run("原有")}<w:ins w:id="1">{run("新增文字")}</w:ins></w:p>', ("修订", "第 2 段", "新增文字")),
        (f'<w:p>{run("原有")}<w:del w:id="1"><w:r><w:delText>删去的</w:delText></w:r></w:del></w:p>', ("修订", "删去的")),
        (paragraph("格式", '<w:pPrChange w:id="1"/>'), ("修订", "第 2 段")),
        (f'<w:p>{run("收案百件")}<w:r><w:commentReference w:id="0"/></w:r></w:p>', ("批注", "数字请核对")),
        (f'<w:p>{BREAK}{run("底稿", "<w:vanish/>")}</w:p>', ("隐藏文字", "第 2 页", "底稿")),
        (f"<w:p>{BOX}</w:p>", ("文本框", "内部参考")),
        (f"<w:p>{OLD_BOX}</w:p>", ("文本框", "内部")),
        ("<w:p><w:r><w:object><o:OLEObject/></w:object></w:r></w:p>", ("嵌入对象", "第 2 段")),
        ("<w:p><m:oMath><m:r><m:t>x</m:t></m:r></m:oMath></w:p>", ("嵌入对象",)),
        (paragraph(picture("rIdL")), ("没有存在文件里的图片", "a.jpg")),
        (paragraph(picture(words="合影", more='<a:srcRect l="20000"/>')), ("裁剪", "合影")),
    ],
)  # fmt: skip
def test_each_is_asked_about_in_one_line(block: str, words: tuple[str, ...], tmp_path: Path) -> None:
    source = word(
        title("题目"),
        block,
        parts={"word/comments.xml": COMMENTS, "word/media/a.png": png()},
        relate=(
            ("rIdC", "comments", "comments.xml"),
            ("rIdP", "image", "media/a.png"),
            ("rIdL", "image", "file:///C:/a.jpg"),
        ),
    )
    found = reading(source, tmp_path)
    told = [str(problem) for problem in found.problems if "column" not in str(problem)]
    assert found.post is None
    assert len([line for line in told if words[0] in line]) == 1
    line = next(line for line in told if words[0] in line)
    assert line.startswith("posts/甲.docx: ")
    assert all(each in line for each in words), line
    assert "\n" not in line
    # Whatever is asked, the text is there for whoever checks it; what is deleted or hidden is not in it.
    assert "题目" in found.text
    assert "删去的" not in found.text
    assert "底稿" not in found.text


def test_hidden_by_a_style_and_macros_are_found_too() -> None:
    styles = part(
        "styles",
        '<w:style w:type="character" w:styleId="H"><w:name w:val="h"/><w:rPr><w:vanish/></w:rPr></w:style>',
    )
    source = word(
        paragraph(run("密", '<w:rStyle w:val="H"/>') + run("明", '<w:rStyle w:val="H"/><w:vanish w:val="0"/>')),
        parts={"word/styles.xml": styles, "word/vbaProject.bin": b"x"},
        relate=(("rIdS", "styles", "styles.xml"),),
    )
    told = [str(question) for question in read(source, "posts/甲.docx").questions]
    assert ["隐藏文字" in told[0], "“密”" in told[0], "宏" in told[1]] == [True, True, True]


def test_many_of_a_sort_are_one_line() -> None:
    source = word(*(f'<w:p><w:ins w:id="{n}">{run(f"第{n}处")}</w:ins></w:p>' for n in range(500)))
    questions = read(source, "posts/甲.docx").questions
    assert len(questions) == 1
    assert "共 500 处" in str(questions[0])
    assert len(str(questions[0])) < 400


def bomb() -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("word/document.xml", b"\0" * 200_000_000)
    return made.getvalue()


DOCTYPE = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (OLE + b"\0" * 4096, "另存为 .docx"),
        (OLE + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 512, "密码"),
        (b"{\\rtf1 abc}", "另存为 .docx"),
        (b"PK\x03\x04 broken", "损坏"),
        (zipped({"a.txt": "x"}), "另存为 .docx"),
        (word(main=DOCTYPE + "<document><body><p><r><t>&c;</t></r></p></body></document>"), "损坏"),
        (word(main=(DOCTYPE + "<document/>")), "损坏"),
        (word(main="<document><body>" + "<p>" * 5_000 + "</p>" * 5_000 + "</body></document>"), "损坏"),
        (word(main="<document><body><p>" + "<r/>" * 400_000 + "</p></body></document>"), "损坏"),
        (word(paragraph("甲"))[:-200], "损坏"),
    ],
)
def test_what_is_no_document_is_refused_in_one_sentence(source: bytes, words: str, tmp_path: Path) -> None:
    found = reading(source, tmp_path)
    assert (found.post, len(found.problems)) == (None, 1)
    assert words in str(found.problems[0])
    assert str(found.problems[0]).startswith("posts/甲.docx: ")


def test_a_bomb_is_refused_by_its_list(tmp_path: Path) -> None:
    assert "压缩炸弹" in str(reading(bomb(), tmp_path).problems[0])


def test_a_picture_of_a_kind_that_nobody_knows_names_its_paragraph(tmp_path: Path) -> None:
    source = word(
        *(title("题目"), paragraph("甲"), paragraph(picture())),
        parts={"word/media/a.emf": b"\x01\0\0\0emf"},
        relate=(("rIdP", "image", "media/a.emf"),),
    )
    told = [str(problem) for problem in reading(source, tmp_path).problems]
    assert any("第 3 段：" in line and "media/a.emf" in line and "JPG、PNG" in line for line in told)


def test_five_million_characters_of_one_paragraph_are_read_within_the_limits(tmp_path: Path) -> None:
    (tmp_path / "big.docx").write_bytes(word(title("题目"), paragraph("字" * 1_700_000)))
    script = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from datetime import UTC\n"
        "from xuanfa.content.reading.posts import read_post\n"
        "from xuanfa.content.pictures.media import MediaStore\n"
        "import xuanfa.content.reading.assembly\n"
        "resource.setrlimit(resource.RLIMIT_DATA, (190_000_000, 190_000_000))\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (20, 20))\n"
        "path = Path(sys.argv[1])\n"
        "read = read_post(path.read_bytes(), path=path, shown_as='posts/big.docx', zone=UTC, columns={}, media=MediaStore(path.parent))\n"
        "print(*(str(problem) for problem in read.problems), sep='\\n')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "big.docx")], capture_output=True, text=True, check=True
    )
    assert "文字太长" in done.stdout


def test_errors_of_the_text_are_said_of_documents(tmp_path: Path) -> None:
    told = [str(problem) for problem in reading(word(paragraph("甲")), tmp_path).problems]
    assert len(told) == 1
    assert "甲.yaml" in told[0]
    with pytest.raises(ContentError):
        read(b"", "posts/甲.docx")
