"""The checks decide: what they stop waits until somebody mends it or answers for it, whoever queues and publishes."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Run, Sink, WritePost, number, states

SEVERE, VETO, MINOR = "联系电话13893512345。", "金昌市人民攻府发布通告。", "法官来了,大家很高兴。"


def put(path: Path, line: str) -> Path:
    """The post with one line more."""
    path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    return path


def titles(sink: Sink) -> list[str]:
    return [one["data"]["title"] for one in sink.received]


def found(xuanfa: Run, rule: str) -> str:
    """The text of the one finding of a rule in the source of the post."""
    (text,) = {one["text"] for one in xuanfa("check", "--format", "json").json if one["rule"] == rule}
    return str(text)


def test_a_veto_holds_the_post_until_it_is_mended_and_nobody_releases_it(
    xuanfa: Run, write_post: WritePost, sink: Sink
) -> None:
    path = put(write_post(), VETO)
    queued = xuanfa("queue")
    assert queued.code == 1
    assert "posts/a.md:10:" in queued.err
    assert "office.title" in queued.err
    assert "攻府" in queued.err
    for _ in range(2):
        published = xuanfa("publish")
        assert published.code == 1
        assert "posts/a.md" in published.err
        assert "否决" in published.err
    assert states(xuanfa) == {"a/site": "held", "a/cms": "held"}
    (why,) = {row["reason_code"] for row in xuanfa("deliveries", "--json").json}
    assert why == "check.veto"
    id_ = number(xuanfa, "a", "cms")
    refused = xuanfa("release", id_, "--why", "领导同意")
    assert refused.code == 1
    assert "不能放行" in refused.err
    assert states(xuanfa)["a/cms"] == "held"
    assert titles(sink) == []
    path.write_text(path.read_text(encoding="utf-8").replace("攻府", "政府"), encoding="utf-8")
    assert xuanfa("publish").code == 0
    assert states(xuanfa) == {"a/site": "published", "a/cms": "published"}


def test_something_severe_waits_for_a_reason_that_is_kept(xuanfa: Run, write_post: WritePost, sink: Sink) -> None:
    put(write_post(), SEVERE)
    ran = xuanfa("publish")
    assert ran.code == 1
    assert "posts/a.md:10:5" in ran.err
    assert "privacy.mobile" in ran.err
    assert "13893512345" not in ran.err + ran.out, "what must not be known is repeated nowhere"
    id_ = number(xuanfa, "a", "site")
    bare = xuanfa("release", id_)
    assert bare.code == 1
    assert "--why" in bare.err
    assert states(xuanfa) == {"a/site": "held", "a/cms": "held"}
    assert xuanfa("release", id_, "--why", "本人同意公开").code == 0
    assert xuanfa("publish").code == 1, "each channel gets something of its own"
    assert states(xuanfa) == {"a/site": "published", "a/cms": "held"}
    assert titles(sink) == []
    shown = xuanfa("show", id_).out
    assert "本人同意公开" in shown
    assert "检查问题已写明理由" in shown
    lines = xuanfa("audit", "show", "--json").json
    assert any("privacy.mobile" in (line["why"] or "") and "本人同意公开" in line["why"] for line in lines)
    assert xuanfa("verify").code == 0


def test_another_text_is_another_question(xuanfa: Run, write_post: WritePost, sink: Sink) -> None:
    path = put(write_post(at="2099-01-04 09:00"), SEVERE)
    xuanfa("queue")
    id_ = number(xuanfa, "a", "cms")
    xuanfa("release", id_, "--why", "本人同意公开")
    assert states(xuanfa)["a/cms"] == "scheduled"
    assert xuanfa("queue").code == 0, "nothing is new"
    assert states(xuanfa)["a/cms"] == "scheduled"
    put(path, "另一句话。")
    assert xuanfa("queue").code == 1
    assert states(xuanfa)["a/cms"] == "held", "the reason was given for another text"
    path.write_text(path.read_text(encoding="utf-8").replace(SEVERE, ""), encoding="utf-8")
    assert xuanfa("queue").code == 0
    assert states(xuanfa) == {"a/site": "scheduled", "a/cms": "scheduled"}


def test_what_weighs_less_is_told_and_stops_nothing(xuanfa: Run, write_post: WritePost) -> None:
    put(write_post(), MINOR)
    ran = xuanfa("queue")
    assert ran.code == 0
    assert "[一般] punct.half" in ran.err
    assert "posts/a.md:10:5" in ran.err
    assert xuanfa("publish").code == 0


@pytest.mark.parametrize("at", ["2099-01-04 09:00", "now"])
def test_a_new_time_answers_nothing(xuanfa: Run, write_post: WritePost, at: str) -> None:
    put(write_post(at=at), SEVERE)
    xuanfa("queue")
    id_ = number(xuanfa, "a", "site")
    assert xuanfa("reschedule", id_, "--at", "2099-03-04 09:00").code == 0
    assert states(xuanfa)["a/site"] == "held"
    xuanfa("cancel", id_)
    assert xuanfa("retry", id_).code == 1
    assert states(xuanfa)["a/site"] == "cancelled"
    assert xuanfa("retry", id_, "--why", "本人同意公开").code == 0
    assert states(xuanfa)["a/site"] == "scheduled"


def test_one_finding_is_ignored_with_a_reason_and_what_it_held_goes_on(
    xuanfa: Run, write_post: WritePost, sink: Sink
) -> None:
    put(write_post(), SEVERE)
    xuanfa("publish")
    text = found(xuanfa, "privacy.mobile")
    assert xuanfa("check", "ignore", "a", "privacy.mobile", "--text", "139", "--why", "x").code == 1
    assert xuanfa("check", "ignore", "b", "privacy.mobile", "--text", text, "--why", "x").code == 1
    done = xuanfa("check", "ignore", "a", "privacy.mobile", "--text", text, "--why", "公开的热线", "--json")
    assert done.code == 0
    assert len(done.json["going_on"]) == 2
    assert xuanfa("publish").code == 0
    assert titles(sink) == ["法治进校园"]
    told = [one for one in xuanfa("check", "--format", "json").json if one["rule"] == "privacy.mobile"]
    assert told
    assert all(one["ignored"] is True for one in told)
    assert xuanfa("check").code == 0
    lines = [line for line in xuanfa("audit", "show", "--json").json if line["act"] == "ignore_finding"]
    (told,) = [line for line in lines if "公开的热线" in line["why"] and line["result"] == "done"]
    assert "privacy.mobile" in told["why"]
    assert (told["who"], told["post"]) == ("王敏", "a")
    other = put(write_post("b", at="2099-01-04 09:00"), SEVERE)
    assert xuanfa("queue").code == 1, "it was ignored in one post only"
    assert xuanfa("check", "ignore", "b", "privacy.mobile", "--text", text, "--why", "热线", "--forever").code == 0
    assert states(xuanfa, post="b") == {"b/site": "scheduled", "b/cms": "scheduled"}
    put(write_post("c", at="2099-01-04 09:00"), SEVERE)
    assert xuanfa("queue").code == 0
    assert other.exists()
    assert xuanfa("verify").code == 0


def test_a_waiver_that_was_put_there_past_the_program_is_found(
    xuanfa: Run, write_post: WritePost, workspace: Path
) -> None:
    put(write_post(), SEVERE)
    xuanfa("queue")
    xuanfa("check", "ignore", "a", "privacy.mobile", "--text", "13893512345", "--why", "公开的热线")
    assert xuanfa("verify").code == 0
    with sqlite3.connect(workspace / "var" / "xuanfa.db") as database:
        database.execute("UPDATE waivers SET post = ''")
    ran = xuanfa("verify")
    assert ran.code == 1
    assert "是绕过程序加、改或删的：由它放过的问题没有人负责" in ran.out


def test_a_post_is_ignored_before_it_is_queued(xuanfa: Run, write_post: WritePost) -> None:
    put(write_post(), VETO)
    assert xuanfa("check", "ignore", "a", "office.title", "--text", "人民攻府", "--why", "引文原样").code == 0
    left = [one for one in xuanfa("check", "--format", "json").json if one["level"] == "veto" and "ignored" not in one]
    assert {one["text"] for one in left} == {"攻府"}


def test_a_rule_that_is_added_reads_what_waits_and_what_is_out(
    xuanfa: Run, write_post: WritePost, workspace: Path
) -> None:
    write_post()
    write_post("b", at="2099-01-04 09:00")
    assert xuanfa("publish").code == 0
    assert xuanfa("check", "--published", "--format", "json").json == []
    (workspace / "rules").mkdir()
    rule = '[[rule]]\nid = "term.court"\nlevel = "severe"\nfind = "法治课"\nmessage = "写全称"\n'
    (workspace / "rules" / "own.toml").write_text(rule, encoding="utf-8")
    assert xuanfa("publish").code == 1
    assert states(xuanfa, post="b") == {"b/site": "held", "b/cms": "held"}
    listed = xuanfa("check", "--published", "--format", "json")
    assert listed.code == 1
    assert {(one["post"], one["channel"], one["rule"]) for one in listed.json} == {
        ("a", "site", "term.court"),
        ("a", "cms", "term.court"),
    }
    causes = [each["cause"] for each in xuanfa("alarms", "--json").json]
    assert causes.count("check:published") == 1
    assert causes.count("check:posts/b.md") == 1
    (workspace / "rules" / "own.toml").unlink()
    assert xuanfa("publish").code == 0
    assert states(xuanfa, post="b") == {"b/site": "scheduled", "b/cms": "scheduled"}
    assert xuanfa("check", "--published", "--format", "json").json == []
    assert xuanfa("alarms", "--json").json == []


def test_rules_that_cannot_be_read_hold_what_is_new_and_nothing_else(
    xuanfa: Run, write_post: WritePost, workspace: Path
) -> None:
    write_post(at="2099-01-04 09:00")
    xuanfa("queue")
    (workspace / "rules").mkdir()
    (workspace / "rules" / "own.toml").write_text('[[rule]]\nid = "x"\n', encoding="utf-8")
    write_post("b", at="2099-01-05 09:00")
    ran = xuanfa("queue")
    assert ran.code == 1
    assert "rules/own.toml:" in ran.err
    assert states(xuanfa) == {"a/site": "scheduled", "a/cms": "scheduled", "b/site": "held", "b/cms": "held"}
    (workspace / "rules" / "own.toml").unlink()
    assert xuanfa("queue").code == 0
    assert set(states(xuanfa).values()) == {"scheduled"}


def test_what_an_older_program_queued_is_read_before_it_leaves(
    xuanfa: Run, write_post: WritePost, workspace: Path, sink: Sink
) -> None:
    put(write_post(at="2099-01-04 09:00"), SEVERE)
    write_post("b", at="2099-01-04 09:00")
    xuanfa("queue")
    with sqlite3.connect(workspace / "var" / "xuanfa.db") as database:
        database.execute("DELETE FROM verdicts")
        database.execute("DELETE FROM remembered")
        database.execute(
            "UPDATE deliveries SET state = 'scheduled', hold = '', reason = '', due_at = 0, ready_at = 0, fresh_at = 4e15"
        )
    (workspace / "posts" / "a.md").rename(workspace / "a.md")  # its file is not read again
    assert xuanfa("publish").code == 1
    assert titles(sink) == ["法治进校园（b）"]


def test_publish_without_anything_new_reads_no_rules(
    xuanfa: Run, write_post: WritePost, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_post()
    xuanfa("publish")
    xuanfa("publish")
    monkeypatch.setattr("xuanfa.bootstrap.checking.WorkspaceRules.judge", lambda *_: pytest.fail("rules were read"))
    assert xuanfa("publish").code == 0


def test_a_backup_brings_waivers_along(xuanfa: Run, write_post: WritePost, tmp_path: Path) -> None:
    put(write_post(), SEVERE)
    xuanfa("queue")
    xuanfa("check", "ignore", "a", "privacy.mobile", "--text", "13893512345", "--why", "公开的热线")
    assert xuanfa("backup", tmp_path / "b.zip").code == 0
    assert xuanfa("restore", tmp_path / "b.zip", "-w", tmp_path / "other").code == 0
    with sqlite3.connect(tmp_path / "other" / "var" / "xuanfa.db") as database:
        assert list(database.execute("SELECT post, rule, why FROM waivers")) == [("a", "privacy.mobile", "公开的热线")]


def test_a_correction_of_what_is_out_is_asked_the_same(xuanfa: Run, write_post: WritePost) -> None:
    path = write_post()
    xuanfa("publish")
    whole = path.read_text(encoding="utf-8")
    put(path, VETO)
    ran = xuanfa("correct", "a", "--why", "补一句")
    assert ran.code == 1
    assert "否决" in ran.err
    path.write_text(f"{whole}\n{SEVERE}\n", encoding="utf-8")
    assert xuanfa("correct", "a", "--why", "报名电话，本人同意").code == 0
    lines = xuanfa("audit", "show", "--json").json
    assert any("privacy.mobile" in (line["why"] or "") and line["act"] == "correct" for line in lines)
    assert SEVERE[:4] in (xuanfa.folder / "public" / "action" / "a.html").read_text(encoding="utf-8")


def test_a_preview_and_the_form_tell_what_was_found_and_who_answers(xuanfa: Run, write_post: WritePost) -> None:
    put(write_post(at="2099-01-04 09:00"), SEVERE)
    codes = {each["code"] for one in xuanfa("preview", "a", "--json").json for each in one["findings"]}
    assert "privacy.mobile" in codes
    xuanfa("queue")
    xuanfa("check", "ignore", "a", "privacy.mobile", "--text", "13893512345", "--why", "公布的报名电话")
    codes = {each["code"] for one in xuanfa("preview", "a", "--json").json for each in one["findings"]}
    assert "privacy.mobile" not in codes


def test_what_the_rules_found_cannot_be_taken_back_by_sql(xuanfa: Run, write_post: WritePost, sink: Sink) -> None:
    put(write_post(), SEVERE)
    xuanfa("queue")
    with closing(sqlite3.connect(Path("var/xuanfa.db"))) as rows, rows:
        rows.execute("UPDATE verdicts SET stands = '', notes = ''")
        rows.execute("UPDATE deliveries SET state = 'scheduled', hold = '', reason = ''")
    checked = xuanfa("verify")
    assert checked.code == 1
    assert "a (site)" in checked.out + checked.err
    ran = xuanfa("publish")
    assert "绕过程序" in ran.err
    xuanfa("publish")
    assert titles(sink) == []
    assert states(xuanfa)["a/site"] == "held"
    assert "检查结论被改动" in xuanfa("show", number(xuanfa, "a", "site")).out


def test_a_waiver_that_is_put_there_by_sql_lets_nothing_leave(xuanfa: Run, write_post: WritePost, sink: Sink) -> None:
    put(write_post(), SEVERE)
    xuanfa("queue")
    with closing(sqlite3.connect(Path("var/xuanfa.db"))) as rows, rows:
        rows.execute(
            "INSERT INTO waivers (rule, text, post, digest, actor, why, at) VALUES (?, ?, '', '', 'li', 'x', 1)",
            ("privacy.mobile", "13893512345"),
        )
        rows.execute("UPDATE verdicts SET stands = ''")
        rows.execute("UPDATE deliveries SET state = 'scheduled', hold = '', reason = ''")
    assert xuanfa("verify").code == 1
    xuanfa("publish")
    xuanfa("publish")
    assert titles(sink) == []
