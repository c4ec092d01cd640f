"""Several nodes share the work: every post once, whoever dies, whatever the database does."""

import signal
import subprocess
import sys
from datetime import timedelta
from typing import Any
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import pytest

from xuanfa.bootstrap import utc_now
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.node import GONE
from xuanfa.engine.cluster.node import ClusterNode
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.sending import batches
from xuanfa.operations.sending.batches import due_batches
from xuanfa.operations.sending.nodes import join
from xuanfa.operations.watching.examine import examine

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("cluster")]


def test_two_nodes_share_the_work_and_send_everything_once(
    province: Any, sink: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 10)
    monkeypatch.setattr("xuanfa.engine.cluster.jobs.BATCH", 10)
    province.settle_in("one", "two")
    province.queue(60)
    with province.node(), province.node():
        province.wait_until(lambda: province.states() == {"published": 120})
    assert set(sink.keys.values()) == {1}
    assert len(sink.keys) == 120
    shares = dict(province.rows("SELECT node, count(*) FROM attempts GROUP BY node"))
    assert len(shares) == 2, shares
    assert province.rows("SELECT * FROM nodes") == [], "a node that ended in good order is still listed"


def test_no_job_is_left_over(province: Any) -> None:
    province.queue(3)
    with province.node():
        province.wait_until(lambda: province.states() == {"published": 3})
    (schema,) = province.rows("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'xuanfa_jobs_%'")[0]
    jobs = province.rows(f"SELECT task_name, status FROM {schema}.procrastinate_jobs")  # noqa: S608
    assert all(task != "publish" and status == "todo" for task, status in jobs), jobs


def test_a_killed_node_leaves_doubt_and_the_others_go_on(province: Any, sink: Any) -> None:
    """Its requests are in doubt when its lease has ended, its jobs are given up, and nothing is sent again."""
    province.settle_in(lease=3)
    province.queue(12)
    sink.script += ["silent"] * 8  # all its places
    doomed = province.process()
    sink.wait_for(8)
    doomed.send_signal(signal.SIGKILL)
    doomed.communicate()
    with province.node():
        province.wait_until(lambda: province.states() == {"published": 4, "unknown": 8})
    assert set(sink.keys.values()) == {1}
    assert province.rows("SELECT count(*) FROM attempts WHERE outcome = 'lost'") == [(8,)]
    assert len(province.rows("SELECT * FROM nodes")) == 1, "it did not say that it was leaving"


def test_a_node_that_is_asked_to_stop_finishes_what_is_in_flight(province: Any, sink: Any) -> None:
    province.queue(1)
    sink.script.append("silent")
    process = province.process()
    sink.wait_for(1)
    process.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.3)
    sink.speak.set()
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 0, out
    assert province.states() == {"published": 1}


def test_nodes_outlive_a_restart_of_the_database(province: Any, postgres: Any, sink: Any) -> None:
    with province.node():
        province.queue(2)
        province.wait_until(lambda: province.states() == {"published": 2})
        postgres.stop(signal.SIGQUIT)
        postgres.start()
        for number in range(2, 4):
            province.workspace.post(f"later-{number}")
        queue(province.workspace.desk())
        province.wait_until(lambda: province.states() == {"published": 4})
    assert set(sink.keys.values()) == {1}


def test_nodes_read_the_inbox_and_settle_doubts(province: Any, sink: Any) -> None:
    """Everything that a pass does is done by some node: reading, publishing, giving up, looking."""
    province.settle_in(lease=2, settings="scan_seconds = 1")
    sink.script.append("reset")
    with province.node(inbox=True):
        province.workspace.post("one")
        province.wait_until(lambda: province.states() == {"unknown": 1})
        province.workspace.post("two")
        province.wait_until(lambda: province.states() == {"unknown": 1, "published": 1})


def test_a_node_sees_to_its_own_channels(province: Any, sink: Any) -> None:
    province.settle_in("one", "two")
    province.queue(2)
    with province.node(channels=["one"]):
        province.wait_until(lambda: province.states() == {"published": 2, "scheduled": 2})
        orphaned = [item.what for item in examine(province.workspace.desk()) if "没有节点负责" in item.trouble]
        assert orphaned == ["渠道 two（webhook）"]
        with province.node(channels=["two"]):
            province.wait_until(lambda: province.states() == {"published": 4})
    assert set(sink.keys.values()) == {1}


def test_doctor_lists_the_nodes_and_those_that_are_gone(province: Any) -> None:
    desk = province.workspace.desk()
    join(desk, "worker")
    (mine,) = [item for item in examine(desk) if "节点" in item.what]
    assert desk.node in mine.what
    assert not mine.trouble
    seen_at = int((utc_now() - GONE - timedelta(seconds=5)).timestamp() * 1e6)
    province.rows(f"UPDATE nodes SET seen_at = {seen_at} RETURNING 1")  # noqa: S608
    (mine,) = [item for item in examine(desk) if "节点" in item.what]
    assert "没有心跳" in mine.trouble
    assert not mine.fatal


def test_of_what_is_due_as_many_batches_are_offered_as_nodes_may_take(province: Any) -> None:
    province.settle_in("free", "paced", paced="limit_per_minute = 30")
    province.queue(batches.BATCH + 1)
    for number in range(3):
        join(province.workspace.desk(), "worker", ["free"] if number else [])
    offered = {due.channel: due.batches for due in due_batches(province.workspace.desk(), "worker")}
    assert offered == {"free": 2, "paced": 1}


def test_it_needs_postgresql(workspace: Any) -> None:
    with pytest.raises(ConfigError, match=r"需要 PostgreSQL.*xuanfa run"):
        ClusterNode(workspace.desk())


def test_it_needs_procrastinate(province: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "procrastinate", None)
    with pytest.raises(ConfigError, match=r"xuanfa\[cluster\]"):
        ClusterNode(province.workspace.desk())


def test_the_figures_of_a_node_can_be_read(province: Any) -> None:
    province.queue(1)
    process = province.process("--listen", "127.0.0.1:0")
    assert process.stdout is not None
    address = next(line for line in process.stdout if "http://" in line)
    port = address.split("127.0.0.1:")[1].split("/")[0]
    province.wait_until(lambda: province.states() == {"published": 1})
    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        page = answer.read().decode()
    assert "xuanfa_attempts_total" in page
    (last,) = [line for line in page.splitlines() if line.startswith("xuanfa_last_pass_timestamp_seconds ")]
    assert float(last.split()[1]) > 1.7e9
    with urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
        assert answer.status == 200


def test_the_command_refuses_an_unknown_channel(province: Any) -> None:
    process = province.process("--channel", "nowhere")
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "没有渠道 nowhere" in out
    assert "Traceback" not in out


def test_a_withdrawal_is_ordered_by_its_time_and_carried_out_by_a_worker(province: Any, sink: Any) -> None:
    """Nobody runs a command: a worker's job orders it, takes the page down, and leaves the receiver's copy to a person."""
    file = province.workspace.folder / "xuanfa.toml"
    text = file.read_text(encoding="utf-8").replace('channels = ["hook"]', 'channels = ["hook", "web"]')
    web = '[channels.web]\nadapter = "site"\ndirectory = "public"\nbase_url = "https://court.example"\n'
    file.write_text(f"{text}\n{web}", encoding="utf-8")
    province.queue(1)
    with province.node(), province.node():
        province.wait_until(lambda: province.states() == {"published": 2})
        at = (utc_now() + timedelta(seconds=2)).astimezone(ZoneInfo("Asia/Shanghai"))
        province.workspace.post("post-000", retract_at=f"{at:%Y-%m-%d %H:%M:%S}")
        queue(province.workspace.desk())
        province.wait_until(lambda: province.states() == {"published": 1, "retracted": 1})
    assert province.rows("SELECT how, ended_at, length(snapshot) FROM withdrawals") == [("retract_at", None, 64)]
    assert province.rows("SELECT channel FROM deliveries WHERE state = 'retracted'") == [("web",)]
    assert province.rows("SELECT count(*) FROM attempts WHERE action = 'retract'") == [(1,)]
    assert set(sink.keys.values()) == {1}
