"""``/api/v1``: each way in does what it is for, by the document that it tells of itself, and within one moment of the database."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread
from typing import Any

import httpx
import pytest
import schemathesis

from tests.conftest import Workspace
from tests.console.test_api import POST, key, problem, token_of
from tests.support.browsing import PASSWORD, served
from tests.support.stocked import put
from xuanfa.api.posts import Changed, Fields, New
from xuanfa.console.guard.limits import Rate
from xuanfa.console.house import make_house
from xuanfa.domain.act import Cancel
from xuanfa.domain.delivery import State
from xuanfa.domain.person import Person
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.writing.programs import MORE


class Program:
    """A client that notes by which ways of the document it has been answered well."""

    def __init__(self, client: httpx.Client, ways: dict[tuple[str, str], re.Pattern[str]]) -> None:
        self._client, self._ways = client, ways
        self.used: set[tuple[str, str]] = set()

    def ask(self, method: str, path: str, body: Any = None, mark: str = "") -> httpx.Response:
        headers = key(f"{method} {path} {len(self.used)}") | ({"If-Match": mark} if mark else {})
        answer = self._client.request(method, path, json=body, headers=headers)
        assert answer.is_success, (method, path, answer.text)
        self.used |= {
            way for way, form in self._ways.items() if way[0] == method and form.fullmatch(path.partition("?")[0])
        }
        return answer

    def act(self, number: int, verb: str, **body: Any) -> dict[str, Any]:
        """What is decided about a delivery as it is now."""
        seen = self.ask("GET", f"/deliveries/{number}")
        assert verb in seen.json()["acts"]
        found: dict[str, Any] = self.ask("POST", f"/deliveries/{number}/{verb}", body, seen.headers["etag"]).json()
        return found


@contextmanager
def program(address: str, desk: Desk) -> Iterator[Program]:
    with httpx.Client(base_url=f"{address}/api/v1", timeout=60) as client:
        client.headers["Authorization"] = f"Bearer {token_of(desk, 'zhou')}"
        paths = client.get("/openapi.json").json()["paths"]
        ways = {
            (method.upper(), path): re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
            for path, methods in paths.items()
            for method in methods
        }
        found = Program(client, ways)
        yield found
        assert found.used == ways.keys(), ways.keys() - found.used


def test_every_way_does_what_it_is_for(desk: Desk, workspace: Workspace) -> None:
    with served(replace(desk, reviews=ReviewPolicy(columns={"action": "small"}))) as address:
        schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json").validate()
        with program(address, desk) as one:
            _write(one)
            _decide(one, desk, workspace)
            _read(one)
            _keep_tokens(one)


def _write(one: Program) -> None:
    more = {
        "summary": "摘要",
        "publish_at": "2026-12-07 09:00",
        "repeat": "weekly",
        "repeat_until": "2026-12-31",
        "on_holiday": "before",
        "solemn_ok": "true",
    }
    again = one.ask("POST", "/posts", POST | {"title": "每周普法"} | more).json()
    assert {name: again["fields"][name] for name in more} == more
    made = one.ask("POST", "/posts", POST | {"summary": "摘要"}).json()
    path = f"/posts/{made['slug']}"
    read = one.ask("GET", path)
    changed = one.ask("PATCH", path, {"title": "新题", "summary": "", "solemn_ok": "true"}, read.headers["etag"])
    told = changed.json()
    assert (told["title"], "summary" in told["fields"], told["fields"]["solemn_ok"]) == ("新题", False, "true")
    handed = one.ask("POST", f"{path}/submit", {"note": "请审"}, changed.headers["etag"]).json()
    assert handed["deliveries"] == {"awaiting_review": 1}
    assert [each["slug"] for each in one.ask("GET", "/posts?limit=1").json()["items"]] == [made["slug"]]
    assert made["slug"] in {each["post"] for each in one.ask("GET", "/reviews").json()["items"]}


def _decide(one: Program, desk: Desk, workspace: Workspace) -> None:
    """About posts that nobody reviews: the desk behind the test's back has no reviews."""
    workspace.post("one", publish_at="2099-01-01 09:00")
    queue(desk)
    number = one.ask("GET", "/deliveries?post=one").json()["items"][0]["id"]
    moved = one.act(number, "reschedule", at="2099-02-01T09:00:00+08:00", reason="等照片")
    assert moved["due_at"] == "2099-02-01T01:00:00+00:00"
    assert one.act(number, "cancel", reason="不发了")["state"] == "cancelled"
    assert one.act(number, "retry", reason="还是发")["state"] == "scheduled"
    put(desk, number, State.HELD, reason="错过了")
    assert one.act(number, "release", reason="照发")["state"] == "scheduled"


def _read(one: Program) -> None:
    assert [each["id"] for each in one.ask("GET", "/channels").json()["items"]] == ["hook"]
    assert [each["id"] for each in one.ask("GET", "/columns").json()["items"]] == ["action"]
    assert one.ask("GET", "/counts?by=month").json()["items"] == 0
    assert one.ask("POST", "/checks", {"text": "电话 13812345678 ，谢谢"}).json()["items"]


def _keep_tokens(one: Program) -> None:
    made = one.ask("POST", "/tokens", {"password": PASSWORD, "scopes": ["read"]}).json()
    assert made["token"].startswith("xf_")
    number = max(each["id"] for each in one.ask("GET", "/tokens").json()["items"])
    left = one.ask("POST", f"/tokens/{number}/revoke").json()["items"]
    assert [each["id"] for each in left if not each["good"]] == [number]


def test_whatever_a_form_of_the_console_may_say_a_program_may() -> None:
    assert set(Fields.model_fields) == set(MORE)
    assert set(New.model_fields) == {*MORE, "title", "column", "text", "draft"}
    assert set(Changed.model_fields) == {*MORE, "title", "column", "text"}


def test_an_answer_is_of_one_moment(
    desk: Desk, workspace: Workspace, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody calls the delivery off between the reading of its row and that of its history: the answer knows of both, or of neither."""
    from xuanfa.reports.listing import history  # noqa: PLC0415 - the one that is put back

    workspace.post("one", publish_at="2099-01-01 09:00")
    queue(desk)
    wang = Person(name="zhou", how="password", why="不发了")

    def called_off_before(store: Any, number: int) -> Any:
        other = Thread(target=carry_out, args=(desk, Cancel(delivery=number), wang))
        other.start()
        other.join()
        return history(store, number)

    with httpx.Client(
        base_url=f"{address}/api/v1", headers={"Authorization": f"Bearer {token_of(desk, 'zhou')}"}
    ) as client:
        number = client.get("/deliveries").json()["items"][0]["id"]
        with monkeypatch.context() as patch:
            patch.setattr("xuanfa.api.deliveries.history", called_off_before)
            during = client.get(f"/deliveries/{number}").json()
        after = client.get(f"/deliveries/{number}").json()
    assert (during["state"], "不发了" in str(during["history"]), "cancel" in during["acts"]) == (
        "scheduled",
        False,
        True,
    )
    assert (after["state"], "不发了" in str(after["history"])) == ("cancelled", True)


def test_who_asks_too_often_is_told_how_long_to_wait(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """By person: another one goes on."""
    monkeypatch.setattr("xuanfa.console.app.make_house", lambda *its: replace(make_house(*its), programs=Rate(3, 60)))
    with served(desk) as address:
        tokens = [token_of(desk, "zhou"), token_of(desk, "zhou"), token_of(desk, "lina")]
        headers = [{"Authorization": f"Bearer {each}"} for each in tokens]
        for which in (0, 1, 0):
            assert httpx.get(f"{address}/api/v1/columns", headers=headers[which]).status_code == 200
        slowed = httpx.get(f"{address}/api/v1/columns", headers=headers[1])
        assert problem(slowed) == (429, "too_many")
        assert 0 < int(slowed.headers["retry-after"]) <= 60
        assert f"请过 {slowed.headers['retry-after']} 秒再来" in slowed.json()["detail"]
        assert httpx.get(f"{address}/api/v1/columns", headers=headers[2]).status_code == 200
