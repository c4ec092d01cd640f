"""Processes that are stopped, not dead: for longer than their lease, between the claim and the request, or with the answer in hand."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.crash.conftest import Driver
from tests.crash.driver import NINE
from tests.support.mail_server import Mailbox, mail_server
from xuanfa.bootstrap import utc_now
from xuanfa.cli import main

#: Beyond the lease.
LATER = 130


class Office:
    """A workspace, its database, and a clock that all its processes read."""

    def __init__(self, workspace: Any, database: str, driver: Driver, capsys: pytest.CaptureFixture[str]) -> None:
        self.workspace, self._database, self._driver, self._capsys = workspace, database, driver, capsys
        self._clock = workspace.folder / "clock"
        self._started: list[subprocess.Popen[str]] = []
        # The command line has the machine's clock: this one begins with it, and is always ahead afterwards.
        self._began = (utc_now() - NINE).total_seconds()
        self.at(0)

    def at(self, seconds: float) -> None:
        """Set the clock, so many seconds after the beginning."""
        self._clock.write_text(str(self._began + seconds), encoding="ascii")

    def stopped(self, action: str, point: str) -> subprocess.Popen[str]:
        """A process that has stopped itself at its point."""
        process = self._driver.start(str(self.workspace.folder), action, point, str(self._clock))
        self._started.append(process)
        found = os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED)
        assert found is not None
        assert found.si_code == os.CLD_STOPPED, process.communicate()
        return process

    def works(self, action: str = "publish") -> None:
        """A process that comes to its end."""
        code, said = self._driver.act(str(self.workspace.folder), action, "-", str(self._clock))
        assert code == 0, said
        assert '{"done": true}' in said

    def wakes(self, process: subprocess.Popen[str]) -> None:
        """It goes on, and comes to its end."""
        process.send_signal(signal.SIGCONT)
        said, trouble = process.communicate(timeout=60)
        assert '{"done": true}' in said, trouble

    def xuanfa(self, *arguments: str) -> tuple[int, str]:
        """The command line: its exit code and all that it said."""
        self._capsys.readouterr()
        code = main([*arguments, "-w", str(self.workspace.folder)])
        out, err = self._capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out + err

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        engine = sa.create_engine(self._database)
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(sa.text(query))]
        engine.dispose()
        return found

    def is_far_away(self) -> None:
        """What was sending is on another machine: nothing of it can be seen from here."""
        engine = sa.create_engine(self._database)
        with engine.begin() as connection:
            known = connection.scalar(sa.text("SELECT process FROM attempts")).split(" ")
            there = " ".join(["a-machine", "a-boot", *known[2:]])
            connection.execute(
                sa.text("UPDATE attempts SET process = :there, node = 'web-2:4711:abcdef'"), {"there": there}
            )
        engine.dispose()

    @property
    def state(self) -> str:
        return str(self.rows("SELECT state FROM deliveries")[0][0])

    @property
    def look_at(self) -> float:
        """When its outcome is looked for next, in seconds after the beginning."""
        moment = float(self.rows("SELECT look_at FROM deliveries")[0][0]) / 1e6
        return moment - NINE.timestamp() - self._began

    @property
    def tries(self) -> list[tuple[Any, ...]]:
        return self.rows("SELECT action, outcome FROM attempts WHERE delivery_id = 1 ORDER BY number")

    def close(self) -> None:
        for process in self._started:
            process.kill()
            process.communicate()


@pytest.fixture
def office(
    workspace: Any,
    database: str,
    driver: Driver,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Office]:
    monkeypatch.setenv("XUANFA_DATABASE_URL", database)
    monkeypatch.delenv("XUANFA_LANG", raising=False)
    workspace.post("one")
    made = Office(workspace, database, driver, capsys)
    yield made
    made.close()


def given_up(office: Office, point: str = "halted before sending") -> subprocess.Popen[str]:
    """A process is stopped until its lease has ended, and another one has given its attempt up."""
    process = office.stopped("publish", point)
    office.at(LATER)
    office.works()
    assert office.state == "unknown"
    return process


ABSENT = ("resolve", "1", "--absent", "--why", "看过网站，没有")


def test_nobody_sends_again_until_the_stopped_process_is_ended(office: Office, sink: Any) -> None:
    process = given_up(office)
    code, said = office.xuanfa(*ABSENT)
    assert code == 1
    assert f"kill {process.pid}" in said
    assert office.state == "unknown"
    assert sink.seen == []
    process.kill()
    process.wait()
    assert office.xuanfa(*ABSENT)[0] == 0
    office.works()
    assert (office.state, len(sink.seen)) == ("published", 1)


def test_what_wakes_after_its_lease_sends_nothing_and_says_so(office: Office, sink: Any) -> None:
    """Whereupon it is in the queue again, and sent by an attempt of its own."""
    process = given_up(office)
    office.wakes(process)
    assert office.tries == [("publish", "unsent"), ("publish", "published")]
    assert (office.state, len(sink.seen)) == ("published", 1)


def test_what_wakes_on_an_open_connection_writes_nothing_to_it(office: Office, sink: Any) -> None:
    """Stopped after everything that could be checked beforehand: the wire asks for the lease once more, right before the first byte."""
    process = given_up(office, "halted before the first byte")
    office.wakes(process)
    assert office.tries == [("publish", "unsent"), ("publish", "published")]
    assert (office.state, len(sink.seen)) == ("published", 1)
    code, said = office.xuanfa("show", "1", "--json")
    assert code == 0
    [first, second] = [line for line in json.loads(said)[0]["history"] if "bytes_total" in line]
    assert "租约" in first["why"]
    assert first["bytes_sent"] == 0
    assert second["bytes_sent"] == second["bytes_total"] > first["bytes_total"] - 100 > 0


@pytest.fixture
def mailbox(office: Office) -> Iterator[Mailbox]:
    """The workspace's only channel is mail, to a real server."""
    made = Mailbox()
    with mail_server(made) as port:
        settings: Path = office.workspace.folder / "xuanfa.toml"
        table = (
            f'[channels.hook]\nadapter = "email"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
            'sender = "column@court.example.gov.cn"\nrecipients = ["reader@example.gov.cn"]\n'
        )
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.partition("[channels.hook]")[0] + table, encoding="utf-8")
        yield made


@pytest.mark.parametrize("point", ["halted before the message", "halted before the last dot"])
def test_a_mail_that_wakes_after_its_lease_is_never_ended(office: Office, mailbox: Mailbox, point: str) -> None:
    """Somebody else has sent it meanwhile, on a person's word that it is not out."""
    process = given_up(office, point)
    office.is_far_away()
    assert office.xuanfa(*ABSENT, "--node-is-gone")[0] == 0
    office.works()
    assert (office.state, len(mailbox.taken)) == ("published", 1)
    office.wakes(process)
    assert (office.state, len(mailbox.taken)) == ("published", 1)
    assert office.tries == [("publish", "unsent"), ("publish", "published")]


def test_nobody_answers_for_a_process_that_is_seen(office: Office, sink: Any) -> None:
    """Stopped or not: it is here, and can be ended."""
    process = given_up(office)
    code, said = office.xuanfa(*ABSENT, "--node-is-gone")
    assert code == 1
    assert f"kill {process.pid}" in said
    assert "本机看得到的进程不能担保已经结束（--node-is-gone）" in said
    assert "确认进程已结束" not in office.xuanfa("show", "1")[1]
    assert (office.state, sink.seen) == ("unknown", [])
    process.kill()
    process.wait()
    assert office.xuanfa(*ABSENT, "--node-is-gone")[0] == 0
    office.works()
    assert (office.state, len(sink.seen)) == ("published", 1)


def test_a_person_who_answers_for_the_process_is_kept_in_the_history(office: Office, sink: Any) -> None:
    """And what wakes all the same sends nothing."""
    process = given_up(office)
    office.is_far_away()
    assert office.xuanfa("resolve", "1", "--absent", "--node-is-gone")[0] == 2
    assert office.xuanfa("resolve", "1", "--node-is-gone", "--published", "https://www.example.gov.cn/1")[0] == 2
    assert office.xuanfa(*ABSENT, "--node-is-gone")[0] == 0
    code, said = office.xuanfa("show", "1")
    assert code == 0
    assert re.search(r"确认进程已结束.*看过网站，没有", said)
    office.works()
    office.wakes(process)
    assert (office.state, len(sink.seen)) == ("published", 1)
    assert office.tries == [("publish", "unsent"), ("publish", "published")]


def test_a_process_of_another_machine_is_not_taken_for_gone(
    office: Office, sink: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = given_up(office)
    process.kill()
    process.wait()
    office.is_far_away()
    code, said = office.xuanfa(*ABSENT)
    assert code == 1
    assert all(word in said for word in ("web-2", "kill ", "--node-is-gone", "没有心跳不算证据"))
    assert office.xuanfa(*ABSENT, "--node-is-gone")[0] == 0
    office.works()
    assert (office.state, len(sink.seen)) == ("published", 1)


def test_a_stopped_process_is_named_where_a_doubt_is_explained_and_by_doctor(office: Office) -> None:
    process = given_up(office)
    for words in (("deliveries", "--state", "unknown"), ("doctor",)):
        assert f"kill {process.pid}" in office.xuanfa(*words)[1]


def test_two_looks_are_not_believed_while_the_process_is_there(office: Office, sink: Any) -> None:
    """A channel that can be asked, and shows nothing."""
    settings: Path = office.workspace.folder / "xuanfa.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('"webhook"', '"rich"'), encoding="utf-8")
    templates = office.workspace.folder / "templates"
    (templates / "webhook").rename(templates / "rich")
    process = given_up(office, "halted before the request")
    for _ in range(3):
        office.at(office.look_at)
        office.works()
    assert (office.state, published(sink)) == ("unknown", 0)
    process.kill()
    process.wait()
    for _ in range(2):
        office.at(office.look_at)
        office.works()
    assert (office.state, published(sink)) == ("published", 1)


def published(sink: Any) -> int:
    """How many requests to publish have arrived."""
    return sum(seen.path == "/hook" for seen in sink.seen)
