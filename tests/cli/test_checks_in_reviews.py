"""Checks in a review: what was found is shown to whoever decides, the last step answers for it, and an administrator ignores a veto."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run, WritePost, states
from tests.support.reviewed_cli import Office

SEVERE, VETO = "联系电话13893512345。", "金昌市人民攻府发布通告。"


@pytest.fixture
def office(xuanfa: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    made = Office(xuanfa, workspace, monkeypatch)
    made.settle_in()
    return made


def put(write_post: WritePost, line: str) -> None:
    path = write_post("a", at="2036-12-05 09:00", more="author: 王芳\n")
    path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")


def test_the_last_step_says_why_something_severe_may_go_out(office: Office, write_post: WritePost) -> None:
    put(write_post, SEVERE)
    queued = office.xuanfa("queue")
    assert queued.code == 0
    assert "privacy.mobile" in queued.err
    assert set(states(office.xuanfa).values()) == {"awaiting_review"}
    found = [each["code"] for one in office.show()["leaving"] for each in one["findings"]]
    assert "privacy.mobile" in found
    office("wang", "review", "submit", "a")
    assert office.approve("jiao").code == 0
    assert office.approve("mi").code == 0
    bare = office.approve("zhao")
    assert bare.code == 1
    assert "--why" in bare.err
    assert set(states(office.xuanfa).values()) == {"awaiting_review"}
    assert office.approve("zhao", "--why", "公布的报名电话").code == 0
    assert set(states(office.xuanfa).values()) == {"scheduled"}
    assert office.xuanfa("queue").code == 0
    assert set(states(office.xuanfa).values()) == {"scheduled"}
    lines = office.xuanfa("audit", "show", "--json").json
    assert any(
        line["act"] == "approve_review" and "privacy.mobile" in (line["why"] or "") and line["who"] == "zhao"
        for line in lines
    )


def test_no_review_passes_a_veto_and_only_an_administrator_ignores_it(office: Office, write_post: WritePost) -> None:
    put(write_post, VETO)
    assert office.xuanfa("queue").code == 1
    assert set(states(office.xuanfa).values()) == {"held"}
    found = office.xuanfa("check", "--format", "json").json
    stopping = {(one["text"], one["rule"]): one["level"] for one in found if "攻府" in one["text"]}
    assert "veto" in stopping.values()
    for (text, rule), level in stopping.items():
        refused = office("zhao", "check", "ignore", "a", rule, "--text", text, "--why", "引文")
        assert refused.code == (1 if level == "veto" else 0), refused.err
    for text, rule in (each for each, level in stopping.items() if level == "veto"):
        assert office("lina", "check", "ignore", "a", rule, "--text", text, "--why", "引文").code == 0
    assert set(states(office.xuanfa).values()) == {"awaiting_review"}
    assert office("zhao", "check", "ignore", "a", rule, "--text", text, "--why", "引文", "--forever").code == 1


def test_a_rule_that_is_added_asks_the_last_step_once_more(
    office: Office, write_post: WritePost, workspace: Path
) -> None:
    put(write_post, "今天开庭。")
    office.xuanfa("queue")
    office("wang", "review", "submit", "a")
    for name in ("jiao", "mi", "zhao"):
        assert office.approve(name).code == 0
    assert set(states(office.xuanfa).values()) == {"scheduled"}
    (workspace / "rules").mkdir()
    rule = '[[rule]]\nid = "term.court"\nlevel = "severe"\nfind = "法治课"\nmessage = "写全称"\n'
    (workspace / "rules" / "own.toml").write_text(rule, encoding="utf-8")
    office.xuanfa("queue")
    assert set(states(office.xuanfa).values()) == {"awaiting_review"}
    assert office.approve("zhao").code == 1
    assert office.approve("zhao", "--why", "原话如此").code == 0
    assert set(states(office.xuanfa).values()) == {"scheduled"}
