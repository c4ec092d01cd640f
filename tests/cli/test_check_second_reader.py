"""``xuanfa check`` with the second reader, and without what it needs."""

import io
import json
import sys
from typing import Any

import pytest

from tests.support.word_files import paragraph, part, title, word
from xuanfa.bootstrap import proofreading

SLIP = "法官耐心听取双方当事人的意见，促成双方达成条解协议。"


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
    assert (ran.code, ran.err) == (0, "")
    assert (found["rule"], found["class"], found["level"]) == ("reader.letter", "typo", "minor")
    assert (found["text"], found["suggestion"], found["start"]) == ("条", "调", SLIP.index("条"))
    typed(json.dumps({"id": 7, "text": SLIP}, ensure_ascii=False))
    assert json.loads(xuanfa("check", "--jsonl").out)["id"] == 7
    typed(SLIP)
    assert xuanfa("check", "--text-stdin", "--fix").out == SLIP


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
