"""What is proved of a request is told wherever somebody looks: reason, history, doubt, alarm, and for programs."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.cut_wire import WHERE, CutWire
from tests.support.odd_server import Connection, answer, odd_server


@pytest.fixture
def workspace(workspace: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """On either database."""
    monkeypatch.setenv("XUANFA_DATABASE_URL", database)
    return workspace


def tries(xuanfa: Any) -> list[dict[str, Any]]:
    return [line for line in xuanfa("show", "1", "--json").json[0]["history"] if "bytes_total" in line]


@pytest.mark.parametrize("where", ["nothing", "one byte", "half", "all but one"])
def test_a_request_that_was_cut_goes_back_to_the_queue_with_the_proof(
    xuanfa: Any, write_post: Any, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_post(more="channels: [cms]\n")
    with monkeypatch.context() as patch:
        CutWire(WHERE[where]).on(patch)
        assert xuanfa("publish").code == 0
    (row,) = xuanfa("deliveries", "--json").json
    (tried,) = tries(xuanfa)
    whole, left = tried["bytes_total"], tried["bytes_sent"]
    assert (tried["attempt"], tried["action"], tried["outcome"]) == (1, "publish", "unsent")
    assert left == WHERE[where](whole)
    said = f"{whole:,} 字节中只有 {left:,} 字节离开本机，对方不可能收全"
    assert row["state"] == "scheduled"
    assert said in row["reason"]
    assert said in tried["why"]
    assert said in xuanfa("show", "1").out


def test_a_whole_request_without_an_answer_is_in_doubt_with_the_proof(
    xuanfa: Any, write_post: Any, sink: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_post(more="channels: [cms]\n")
    with monkeypatch.context() as patch:
        CutWire(WHERE["all"]).on(patch)
        assert xuanfa("publish").code == 1
    (tried,) = tries(xuanfa)
    whole = tried["bytes_total"]
    assert tried["bytes_sent"] == whole > 500
    said = f"{whole:,} 字节中有 {whole:,} 字节离开本机"
    assert said in xuanfa("show", "1").out
    assert said in xuanfa("deliveries", "--state", "unknown").out
    (doubt,) = xuanfa("deliveries", "--state", "unknown", "--json").json
    assert (doubt["sent"][0]["bytes_sent"], doubt["sent"][0]["bytes_total"]) == (whole, whole)
    (alarm,) = [each for each in xuanfa("alarms", "--json").json if each["cause"].startswith("delivery:1")]
    assert said in alarm["words"]


def test_what_was_published_shows_its_bytes_too(xuanfa: Any, write_post: Any, sink: Any) -> None:
    write_post(more="channels: [cms]\n")
    assert xuanfa("publish").code == 0
    (tried,) = tries(xuanfa)
    assert tried["bytes_sent"] == tried["bytes_total"] > 500
    assert f"（{tried['bytes_sent']:,}/{tried['bytes_total']:,} 字节离开本机）" in xuanfa("show", "1").out


def test_the_website_sends_nothing_and_is_not_measured(xuanfa: Any, write_post: Any) -> None:
    write_post(more="channels: [site]\n")
    assert xuanfa("publish").code == 0
    (tried,) = tries(xuanfa)
    assert (tried["bytes_sent"], tried["bytes_total"]) == (None, None)


def test_a_receiver_that_acts_on_half_is_in_doubt(
    xuanfa: Any, workspace: Path, write_post: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = workspace / "xuanfa.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("allow_private = true", "allow_private = true\nacts_on_half = true"), "utf-8")
    write_post(more="channels: [cms]\n")
    CutWire(WHERE["half"]).on(monkeypatch)
    assert xuanfa("publish").code == 1
    (row,) = xuanfa("deliveries", "--json").json
    assert row["state"] == "unknown"
    assert "没有收全也可能处理" in row["reason"]


NASTY = {
    "id": "n\u0000\ud8001\u001b[31m",
    "url": "https://court.example/\u202e\r\nnews/1.html?key=whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    "ok": True,
}


def test_what_a_receiver_calls_it_is_kept_as_it_can_be_shown(
    xuanfa: Any, workspace: Path, write_post: Any, sink: Any
) -> None:
    def answering(connection: Connection) -> None:
        connection.request()
        connection.say(answer(json.dumps(NASTY).encode()))

    with odd_server(answering) as server:
        settings = workspace / "xuanfa.toml"
        text = settings.read_text(encoding="utf-8").replace(sink.url, f"{server.address}/posts")
        secret = 'secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"\nallow_private = true'
        settings.write_text(text.replace("allow_private = true", secret), "utf-8")
        write_post(more="channels: [cms]\n")
        assert xuanfa("publish").code == 0
    (row,) = xuanfa("deliveries", "--json").json
    assert row["state"] == "published"
    assert row["remote_id"] == "n1[31m"
    assert row["address"] == "https://court.example/news/1.html?key=***"


@pytest.mark.parametrize("path", ["/news", "/api/v1/articles", "/hooks/5d41402abc4b2a76b9719d911017c592"])
def test_a_page_below_the_address_that_is_posted_to_keeps_its_address_and_no_token(
    xuanfa: Any, workspace: Path, write_post: Any, sink: Any, path: str
) -> None:
    """Readers are led there; a token in it is none of theirs."""

    def answering(connection: Connection) -> None:
        connection.request()
        page = {"id": "n1", "url": f"{server.address}{path}/20261129.html", "ok": True}
        connection.say(answer(json.dumps(page).encode()))

    with odd_server(answering) as server:
        settings = workspace / "xuanfa.toml"
        settings.write_text(settings.read_text("utf-8").replace(sink.url, f"{server.address}{path}"), "utf-8")
        write_post(more="channels: [cms]\n")
        assert xuanfa("publish").code == 0
        (row,) = xuanfa("deliveries", "--json").json
        kept = None if len(path) > 30 else f"{server.address}{path}/20261129.html"
        assert (row["state"], row["address"]) == ("published", kept)
        assert "5d41402abc4b2a76" not in xuanfa("show", "1").out
