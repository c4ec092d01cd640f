"""Nothing that is printed or shown is obeyed by a terminal or a browser, whoever wrote it."""

import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO, cast

import click
import pytest
import sqlalchemy as sa

from xuanfa.cli import main, screen
from xuanfa.cli.progress import Meter
from xuanfa.domain.finding import Finding
from xuanfa.domain.outcome import Absent, Accepted, Deferred, Retracted, Unknown, Unsent
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.shown import escaped
from xuanfa.operations.practising.phones import _clean
from xuanfa.store.database import Store

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
HOSTILE = "甲\x1b[31m乙\x1b]0;title\x07\x9b2J\r\n\u202etxt\u2066\u2028\x00\x7f"


def spoil(folder: Path) -> None:
    """As an older version may have stored what a channel said, and somebody with the database might have written the rest."""
    store = Store(f"sqlite:///{folder / 'var' / 'xuanfa.db'}")
    with store.write() as connection:
        connection.execute(sa.text("UPDATE deliveries SET reason = :said, state = 'held'"), {"said": HOSTILE})
        connection.execute(sa.text("UPDATE attempts SET evidence = :said"), {"said": HOSTILE})
        connection.execute(sa.text("UPDATE channel_states SET reason = :said"), {"said": HOSTILE})
    store.close()


COMMANDS = [
    ("deliveries",),
    ("show", "tian"),
    ("posts",),
    ("channels",),
    ("doctor",),
    ("alarms",),
    ("publish", "-v"),
    ("queue",),
    ("verify",),
]


@pytest.fixture
def spoilt(xuanfa: Any, write_post: Callable[..., Path]) -> Any:
    write_post("tian")
    xuanfa("publish")
    xuanfa("pause", "--channel", "drill", "--why", "x")
    spoil(xuanfa.folder)
    return xuanfa


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_prints_what_a_terminal_obeys(spoilt: Any, command: tuple[str, ...]) -> None:
    ran = spoilt(*command)
    assert not OBEYED.search(ran.out + ran.err)


@pytest.mark.parametrize("command", [("deliveries", "--json"), ("show", "tian", "--json"), ("channels", "--json")])
def test_json_says_the_same_and_stays_json(spoilt: Any, command: tuple[str, ...]) -> None:
    ran = spoilt(*command)
    assert not OBEYED.search(ran.out)
    assert "\\u001b[31m" in ran.out
    assert any(HOSTILE[:9] in text for text in texts(ran.json))


def texts(value: Any) -> list[str]:
    if isinstance(value, dict | list):
        return [text for each in (value.values() if isinstance(value, dict) else value) for text in texts(each)]
    return [value] if isinstance(value, str) else []


def test_what_was_typed_wrongly_is_not_obeyed_either(xuanfa: Any) -> None:
    for arguments in (
        ("show", HOSTILE.replace("\x00", "")),
        ("\x1b[2J",),
        ("channels", "pause", "\x9b31m", "--why", "x"),
    ):
        ran = xuanfa(*arguments)
        assert ran.code != 0
        assert not OBEYED.search(ran.out + ran.err)


def test_the_log_passes_the_same_place(
    xuanfa: Any, monkeypatch: pytest.MonkeyPatch, write_post: Callable[..., Path]
) -> None:
    monkeypatch.setenv("XUANFA_LOG", "json")
    write_post("tian")
    lines = [line for line in xuanfa("publish", "-v").err.splitlines() if line.startswith("{")]
    assert lines
    assert all(json.loads(line)["at"] for line in lines)


def test_a_stream_without_controls_is_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    with screen.screens():
        assert screen.obeyed(sys.stdout) is out
        assert not sys.stdout.isatty()
        sys.stdout.write("一\t二\n\x1b三")
    assert sys.stdout is out
    assert out.getvalue() == "一\t二\n\\u001b三"


def test_the_progress_line_still_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    err = io.StringIO()
    monkeypatch.setattr(sys, "stderr", err)
    with screen.screens():
        meter = Meter(watched=True)
        meter.settled(3)
        meter.close()
    assert err.getvalue().startswith("\r发布中… 已处理 3 条")


def test_what_a_channel_said_is_clean_before_it_is_kept() -> None:
    kept = [
        Finding(code="x", message=HOSTILE).message,
        Receipt(evidence=HOSTILE).evidence,
        *(made(evidence=HOSTILE).evidence for made in (Accepted, Unsent, Unknown, Absent, Retracted)),
        Deferred(after=Any, reason=HOSTILE).reason,  # type: ignore[arg-type]
    ]
    assert not OBEYED.search("".join(kept))
    assert all(each.startswith("甲\\x1b[31m乙") for each in kept)


def test_a_page_shows_controls_and_is_not_led_by_them() -> None:
    cleaned = _clean({"a": [HOSTILE, 1, {"b": HOSTILE}], "c": None})
    assert cleaned == {"a": [escaped(HOSTILE), 1, {"b": escaped(HOSTILE)}], "c": None}
    assert not OBEYED.search(json.dumps(cleaned, ensure_ascii=False))


def test_a_reader_that_has_had_enough_is_no_error(xuanfa: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.StringIO):
        def write(self, _text: str) -> int:
            raise BrokenPipeError(32, "gone")

    monkeypatch.setattr(sys, "stdout", Closed())
    assert main(["channels", "-w", str(xuanfa.folder)]) == 0


def test_click_takes_a_screen_for_text_in_any_encoding() -> None:
    """It asks by writing no bytes, and would put its own encoding over a stream that takes them."""
    below = io.BytesIO()
    shown = cast("TextIO", screen.Screen(io.TextIOWrapper(below, encoding="gbk", errors="backslashreplace")))
    click.echo("本次投递：已发布 1。", file=shown)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", shown)
        click.echo("再来一次")
    shown.flush()
    assert below.getvalue().decode("gbk") == "本次投递：已发布 1。\n再来一次\n"
