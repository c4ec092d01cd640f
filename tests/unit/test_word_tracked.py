"""Tracked changes: what differs between two revisions, as Word writes it; accepted it is the one, rejected the other."""

import io
import re
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from xuanfa.content.reading.word import read
from xuanfa.content.text.markdown import to_html
from xuanfa.documents.pdf import as_pdf
from xuanfa.documents.word.article import Properties, document
from xuanfa.documents.word.tracked import Changes, merged, merged_text

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
OLD = "各庭室：\n\n定于12月1日开会，请准时参加。\n\n## 议程\n\n- 甲\n- 乙\n\n旧的一段，后来删去了。\n\n| 庭 | 人 |\n|---|---|\n| 一 | 3 |\n"
NEW = "各庭室：\n\n定于12月2日上午开会，请准时参加。\n\n## 议程\n\n- 甲\n- 乙\n\n另外写的内容，与前面无关。\n\n| 庭 | 人 |\n|---|---|\n| 一 | 4 |\n"


def made(old: str, new: str, titles: tuple[str, str] = ("开会通知", "开会通知")) -> bytes:
    return document(
        titles[1],
        "",
        merged(to_html(old), to_html(new)),
        Path(),
        Properties(creator="某某法院", at=AT),
        changes=Changes("第 2 版", AT),
        heading=merged_text(*titles),
    )


def main(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        return pack.read("word/document.xml").decode()


def words(xml: str, *, accepted: bool) -> list[str]:
    """The paragraphs as Word shows them when all changes are accepted, or rejected."""
    gone = "del" if accepted else "ins"
    lines = []
    for paragraph in re.findall(r"<w:p>.*?</w:p>", xml, re.DOTALL):
        if re.search(rf"<w:rPr><w:{gone} [^>]*/></w:rPr></w:pPr>", paragraph):
            continue
        kept = re.sub(rf"<w:{gone} [^>]*[^/]>.*?</w:{gone}>", "", paragraph, flags=re.DOTALL)
        text = "".join(re.findall(r"<w:(?:t|delText)[^>]*>([^<]*)<", kept))
        lines.append(text)
    return [line for line in lines if line]


def test_accepted_it_is_the_new_text_and_rejected_the_old_one() -> None:
    xml = main(made(OLD, NEW, ("开会通知", "关于开会的通知")))
    assert words(xml, accepted=True) == words(main(made(NEW, NEW, ("关于开会的通知",) * 2)), accepted=True)
    assert words(xml, accepted=False) == words(main(made(OLD, OLD)), accepted=True)
    assert '<w:del w:id="' in xml
    assert 'w:author="第 2 版"' in xml


def test_a_change_within_a_paragraph_is_only_what_has_changed() -> None:
    xml = main(made("定于12月1日开会。", "定于12月2日上午开会。"))
    assert re.findall(r"<w:delText[^>]*>([^<]*)<", xml) == ["1"]
    assert re.findall(r"<w:ins [^>]*><w:r>(?:<w:rPr>.*?</w:rPr>)?<w:t[^>]*>([^<]*)<", xml) == ["2", "上午"]


def test_without_changes_there_are_none() -> None:
    assert not re.search(r"<w:(ins|del)\b", main(made(OLD, OLD)))


def test_our_own_reader_asks_about_them() -> None:
    (question,) = read(made(OLD, NEW), "posts/甲.docx").questions
    assert "修订" in str(question)
    assert not read(made(NEW, NEW), "posts/甲.docx").questions


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it() -> None:
    from xuanfa.documents.extraction import text_of  # noqa: PLC0415

    text = text_of(as_pdf(made(OLD, NEW)), ".pdf")
    assert "上午" in text
    assert "各庭室" in text


def test_very_long_paragraphs_are_exchanged_as_a_whole() -> None:
    xml = main(made("甲" * 50_000, "乙" * 50_000))
    assert words(xml, accepted=True)[1] == "乙" * 50_000
    assert words(xml, accepted=False)[1] == "甲" * 50_000
