"""Log lines: louder where a person must act, one JSON object a line for machines, and never a secret."""

import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from xuanfa.domain.delivery import WAITS_FOR_PERSON, Delivery, State
from xuanfa.events import Masking, Repeats, Secrets, announce, configure_logging, log_change
from xuanfa.store.deliveries import Change

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BEFORE = Delivery(
    id=7,
    post_id=1,
    revision=1,
    column="action",
    channel="cms",
    kind="webhook",
    state=State.PUBLISHING,
    due_at=NOW,
    ready_at=NOW,
    fresh_at=NOW,
)


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize("state", list(State))
def test_a_move_is_louder_where_a_person_must_act(caplog: pytest.LogCaptureFixture, state: State) -> None:
    caplog.set_level(logging.INFO, "xuanfa")
    log_change(Change(BEFORE, replace(BEFORE, state=state, reason="对方没有回音")))
    (record,) = caplog.records
    assert record.levelno == (logging.WARNING if state in WAITS_FOR_PERSON - {State.RETRACTING} else logging.INFO)
    reason = "：对方没有回音" if state in WAITS_FOR_PERSON - {State.RETRACTING} else ""
    moved = state.label if state is BEFORE.state else f"发布中 → {state.label}"
    assert record.getMessage() == f"投递 7（cms）：{moved}{reason}"


@pytest.mark.usefixtures("english")
def test_a_move_is_worded_in_english_where_that_is_asked_for(caplog: pytest.LogCaptureFixture) -> None:
    log_change(Change(BEFORE, replace(BEFORE, state=State.HELD, reason="too late")))
    assert caplog.messages == ["delivery 7 (cms): publishing -> held: too late"]


def test_a_move_that_nobody_listens_for_is_not_worded(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "xuanfa")
    log_change(Change(BEFORE, replace(BEFORE, state=State.PUBLISHED)))
    assert not caplog.records


def logged(monkeypatch: pytest.MonkeyPatch, *secrets: str, verbose: bool = False) -> io.StringIO:
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    configure_logging(secrets, verbose=verbose)
    return stream


def test_secrets_are_masked_in_text_arguments_and_traces(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = logged(monkeypatch, "s3cret-key", "s3cret-key-longer", "")
    try:
        raise ValueError("https://x.example/?key=s3cret-key")  # noqa: TRY301 - a trace is wanted
    except ValueError:
        logging.getLogger("xuanfa.x").exception("sent to %s", "https://x.example/?key=s3cret-key-longer")
    text = stream.getvalue()
    assert "s3cret" not in text
    assert text.startswith("ERROR sent to https://x.example/?key=****\n")
    assert "ValueError: https://x.example/?key=****" in text
    assert "-longer" not in text


def test_an_empty_secret_masks_nothing() -> None:
    record = logging.LogRecord("xuanfa", logging.INFO, "", 0, "plain", None, None)
    secrets = Secrets()
    secrets.learn(["", ""])
    assert Masking(secrets).format(record) == "INFO plain"


def test_a_second_workspace_does_not_uncover_the_first_ones_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    logged(monkeypatch, "first-key")
    stream = logged(monkeypatch, "second-key")
    logging.getLogger("xuanfa.x").warning("first-key and second-key")
    assert stream.getvalue() == "WARNING **** and ****\n"
    assert len(logging.getLogger().handlers) == 1


def test_a_line_for_machines_is_one_object(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUANFA_LOG", "json")
    stream = logged(monkeypatch, 'quo"te', verbose=True)
    log_change(Change(BEFORE, replace(BEFORE, state=State.UNKNOWN, reason='一行\n两行 quo"te')))
    (line,) = stream.getvalue().splitlines()
    found = json.loads(line)
    assert found.pop("at").endswith("+00:00")
    assert found == {
        "level": "WARNING",
        "message": "投递 7（cms）：发布中 → 待核实：一行\n两行 ****",
        "event": "delivery",
        "delivery": 7,
        "post": "1",
        "revision": 1,
        "column": "action",
        "channel": "cms",
        "kind": "webhook",
        "before": "publishing",
        "after": "unknown",
        "reason": "一行\n两行 ****",
        "due_at": "2026-03-02T01:00:00+00:00",
        "attempt": 0,
        "tries": 0,
        "key": "",
        "rehearsal": False,
    }


@pytest.mark.parametrize(("verbose", "heard"), [(False, 0), (True, 1)])
def test_every_move_is_heard_only_when_asked_for(monkeypatch: pytest.MonkeyPatch, verbose: bool, heard: int) -> None:
    stream = logged(monkeypatch, verbose=verbose)
    log_change(Change(BEFORE, replace(BEFORE, state=State.PUBLISHED)))
    for noisy in ("httpx", "httpcore", "apscheduler.scheduler", "alembic"):
        logging.getLogger(noisy).info("https://x.example/?key=s3cret")
    assert len(stream.getvalue().splitlines()) == heard


def test_the_same_trouble_is_said_once_and_counted_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    even = [0.0]
    monkeypatch.setattr("xuanfa.events._HANDLER.filters", [Repeats(lambda: even[0])])
    stream = logged(monkeypatch)
    log = logging.getLogger("xuanfa.x")
    for second in range(0, 1300, 5):
        even[0] = float(second)
        log.error("%s", "打不开数据库 /srv/a.db")
        log.warning("投递 %d 暂缓", second)
    log.error("%s", "打不开数据库 /srv/b.db")
    lines = [line for line in stream.getvalue().splitlines() if line.startswith("ERROR")]
    assert lines == [
        "ERROR 打不开数据库 /srv/a.db",
        "ERROR 打不开数据库 /srv/a.db（其间又遇到 119 次）",
        "ERROR 打不开数据库 /srv/a.db（其间又遇到 119 次）",
        "ERROR 打不开数据库 /srv/b.db",
    ]
    assert stream.getvalue().count("WARNING") == 260


def test_a_program_reads_the_slug_of_a_post_and_never_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUANFA_LOG", "json")
    stream = logged(monkeypatch, verbose=True)
    log_change(Change(BEFORE, replace(BEFORE, state=State.PUBLISHED)), {1: "巡回审判"}.__getitem__)
    assert json.loads(stream.getvalue())["post"] == "巡回审判"


def test_what_a_process_says_of_itself_is_a_line_of_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUANFA_LOG", "json")
    stream = logged(monkeypatch)
    announce("宣发已启动")
    assert json.loads(stream.getvalue())["message"] == "宣发已启动"


def test_what_python_would_print_of_a_broken_thread_is_a_line_of_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUANFA_LOG", "json")
    monkeypatch.setattr("threading.excepthook", threading.excepthook)
    monkeypatch.setattr("sys.excepthook", sys.excepthook)
    stream = logged(monkeypatch, "s3cret")

    def break_down() -> None:
        raise ValueError("with s3cret inside")

    broken = threading.Thread(target=break_down)
    broken.start()
    broken.join()
    found = json.loads(stream.getvalue())
    assert found["level"] == "CRITICAL"
    assert "ValueError: with **** inside" in found["message"]
