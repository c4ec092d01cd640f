"""``/api/v1``: who may, what is refused and how, what is done once, and that nothing is approved, settled or let out by writing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.support.browsing import PASSWORD, served
from xuanfa.domain.act import MakeToken
from xuanfa.domain.person import Person
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.operations.desk import Desk
from xuanfa.operations.people.accounts import make_token
from xuanfa.operations.people.intents import claim_intent

Call = Callable[..., httpx.Client]
POST = {"title": "巡回法庭进乡村", "column": "action", "text": "昨天，法官去了村里。\n\n他们带着案卷。"}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Posts of the column are reviewed."""
    return replace(desk, reviews=ReviewPolicy(columns={"action": "small"}))


def token_of(desk: Desk, name: str, *scopes: str) -> str:
    act = MakeToken(user=name, days=5, scopes=frozenset(scopes) or None)
    return make_token(desk, act, Person(name=name, how="password")).secret


@pytest.fixture
def call(desk: Desk, address: str) -> Any:
    opened: list[httpx.Client] = []

    def of(name: str = "zhou", *scopes: str, base: str = address) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token_of(desk, name, *scopes)}"}
        opened.append(httpx.Client(base_url=f"{base}/api/v1", headers=headers, timeout=60))
        return opened[-1]

    yield of
    for client in opened:
        client.close()


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert set(told) == {"type", "title", "status", "detail", "code", "fields"}
    assert told["status"] == answer.status_code
    return answer.status_code, told["code"]


def key(name: str, **more: str) -> dict[str, str]:
    return {"Idempotency-Key": name, **more}


def test_a_token_is_asked_for_and_no_cookie_does(address: str, call: Call, desk: Desk) -> None:
    with httpx.Client(base_url=address, headers={"Origin": address}, follow_redirects=True) as browser:
        page = browser.get("/sign-in").text
        csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
        browser.post("/sign-in", data={"csrf": csrf, "name": "zhou", "password": PASSWORD})
        answer = browser.get("/api/v1/posts")
    assert problem(answer) == (401, "no_token")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    wrong = {"Authorization": "Bearer xf_none"}
    assert problem(httpx.get(f"{address}/api/v1/posts", headers=wrong)) == (401, "bad_token")
    for _ in range(19):
        httpx.get(f"{address}/api/v1/posts", headers=wrong)
    slowed = httpx.get(f"{address}/api/v1/posts", headers=wrong)
    assert problem(slowed) == (429, "too_many")
    assert 0 < int(slowed.headers["retry-after"]) <= 60


def test_a_post_is_written_read_changed_and_submitted(call: Call, desk: Desk) -> None:
    client = call("zhou", "read", "write", "submit")
    made = client.post("/posts", json=POST, headers=key("1"))
    slug = made.json()["slug"]
    assert (made.status_code, made.headers["location"]) == (201, f"/api/v1/posts/{slug}")
    assert (desk.posts_folder / slug[:4] / f"{slug}.md").read_text(encoding="utf-8").endswith(POST["text"] + "\n")
    assert client.post("/posts", json=POST, headers=key("1")).json() == made.json(), "the same key, the same answer"
    assert problem(client.post("/posts", json=POST | {"text": "别的"}, headers=key("1"))) == (
        422,
        "idempotency_key_used",
    )
    assert [each["slug"] for each in client.get("/posts").json()["items"]] == [slug]

    read = client.get(f"/posts/{slug}")
    assert (read.json()["title"], read.json()["text"].strip()) == (POST["title"], POST["text"])
    assert problem(client.patch(f"/posts/{slug}", json={"text": "换了。"})) == (428, "if_match_missing")
    more = {"solemn_ok": "true", "repeat": "weekly", "repeat_until": "2027-06-30", "on_holiday": "skip"}
    drafted = client.post("/posts", json=POST | more | {"draft": True}, headers=key("more")).json()
    assert {name: drafted["fields"].get(name) for name in more} == more
    seen = {"If-Match": read.headers["etag"]}
    changed = client.patch(f"/posts/{slug}", json={"text": "换了。"}, headers=seen)
    assert (changed.json()["revision"], changed.json()["text"]) == (2, "换了。\n")
    stale = client.patch(f"/posts/{slug}", json={"text": "又换。"}, headers=seen)
    assert problem(stale) == (409, "stale")
    assert client.get(f"/posts/{slug}").json()["text"] == "换了。\n"

    now = {"If-Match": changed.headers["etag"]}
    handed = client.post(f"/posts/{slug}/submit", json={"note": "请审"}, headers=key("2", **now))
    assert (handed.status_code, handed.json()["deliveries"]) == (200, {"awaiting_review": 1})
    [waiting] = client.get("/reviews").json()["items"]
    assert (waiting["post"], waiting["step"]) == (slug, 1)
    again = client.post(f"/posts/{slug}/submit", json={"note": "请审"}, headers=key("3", **now))
    assert problem(again)[0] == 409, "under review already"


@pytest.mark.parametrize(
    ("scopes", "method", "path", "needed"),
    [
        (("write",), "GET", "/posts", "read"),
        (("read",), "POST", "/posts", "write"),
        (("read", "write"), "POST", "/posts/x/submit", "submit"),
        (("read", "write", "submit", "review"), "POST", "/deliveries/1/cancel", "publish"),
    ],
)
def test_a_token_is_told_for_what_it_is_not(
    call: Call, scopes: tuple[str, ...], method: str, path: str, needed: str
) -> None:
    answer = call("zhou", *scopes).request(method, path, json=POST if path == "/posts" else {}, headers=key("1"))
    assert problem(answer) == (403, "scope")
    assert needed in answer.json()["detail"]


def test_writing_lets_nothing_out_where_nobody_reviews(desk: Desk, call: Call) -> None:
    unreviewed = replace(desk, reviews=ReviewPolicy())
    with served(unreviewed) as address:
        client = call("zhou", "read", "write", "submit", base=address)
        made = client.post("/posts", json=POST, headers=key("1"))
        slug = made.json()["slug"]
        assert (made.status_code, made.json()["state"]) == (201, "draft")
        assert not list(desk.posts_folder.rglob("*.md"))
        seen = {"If-Match": made.headers["etag"]}
        changed = client.patch(f"/posts/{slug}", json={"title": "新题"}, headers=seen)
        assert (changed.json()["title"], changed.json()["state"]) == ("新题", "draft")
        assert [each["slug"] for each in client.get("/posts").json()["items"]] == [slug]
        seen = {"If-Match": changed.headers["etag"]}
        assert problem(client.post(f"/posts/{slug}/submit", json={}, headers=key("2", **seen))) == (403, "scope")
        may = call("zhou", "submit", "publish", base=address)
        handed = may.post(f"/posts/{slug}/submit", json={}, headers=key("2", **seen))
        assert (handed.json()["state"], handed.json()["deliveries"]) == ("saved", {"scheduled": 1})
        found = client.get("/deliveries", params={"post": slug}).json()["items"]
        assert call("zhou", "read", base=address).get(f"/deliveries/{found[0]['id']}").json()["acts"] == []


def test_a_delivery_is_moved_and_called_off_once(desk: Desk, call: Call) -> None:
    with served(replace(desk, reviews=ReviewPolicy())) as address:
        client = call("zhou", "read", "write", "publish", base=address)
        client.post("/posts", json=POST, headers=key("1"))
        [row] = client.get("/deliveries").json()["items"]
        path = f"/deliveries/{row['id']}"
        read = client.get(path)
        assert read.json()["acts"] == ["cancel", "reschedule"]
        seen = {"If-Match": read.headers["etag"]}
        at = {"at": "2026-12-07T09:00:00+08:00", "reason": "等照片"}
        moved = client.post(f"{path}/reschedule", json=at, headers=key("2", **seen))
        assert moved.json()["due_at"] == "2026-12-07T01:00:00+00:00"
        assert client.post(f"{path}/reschedule", json=at, headers=key("2", **seen)).json() == moved.json()
        assert problem(client.post(f"{path}/cancel", json={}, headers=key("3", **seen))) == (409, "stale")
        now = {"If-Match": moved.headers["etag"]}
        off = client.post(f"{path}/cancel", json={"reason": "不发了"}, headers=key("3", **now))
        assert (off.json()["state"], off.json()["acts"]) == ("cancelled", ["retry"])
        told = off.json()["history"][-1]
        assert (told["who"], told["how"], told["why"]) == ("zhou", "token", "不发了")


def test_nothing_is_approved_settled_or_withdrawn_here(call: Call) -> None:
    paths = call().get("/openapi.json").json()["paths"]
    verbs = {path for path, ways in paths.items() if "post" in ways or "patch" in ways}
    acts = {f"/deliveries/{{number}}/{verb}" for verb in ("cancel", "reschedule", "release", "retry")}
    own = {"/tokens", "/tokens/{number}/revoke"}
    assert verbs == {"/posts", "/posts/{slug}", "/posts/{slug}/submit", "/checks", *own, *acts}


def test_a_restricted_post_is_not_there(desk: Desk, call: Call) -> None:
    (desk.posts_folder / "closed.md").write_text(
        "---\ntitle: 绝密标题\ncolumn: action\naccess: ['@jiao', 编辑]\n---\n正文内容。\n", encoding="utf-8"
    )
    from xuanfa.operations.intake.queue import queue  # noqa: PLC0415 - renders, which is heavy

    queue(desk)
    outside, inside = call("wang", "read"), call("zhou", "read")
    assert problem(outside.get("/posts/closed")) == (404, "not_found")
    for path in ("/posts", "/deliveries", "/reviews"):
        assert "closed" not in outside.get(path).text
    assert inside.get("/posts/closed").json()["title"] == "绝密标题"
    number = inside.get("/deliveries").json()["items"][0]["id"]
    assert problem(outside.get(f"/deliveries/{number}")) == (404, "not_found")


def test_lists_are_turned_by_the_page(call: Call) -> None:
    client = call("zhou", "read", "write")
    slugs = [
        client.post("/posts", json=POST | {"title": f"第{n}篇"}, headers=key(str(n))).json()["slug"] for n in range(5)
    ]
    found, after = [], ""
    while after is not None:
        page = client.get("/posts", params={"limit": 2, "after": after}).json()
        assert len(page["items"]) <= 2
        found += [each["slug"] for each in page["items"]]
        after = page["next"]
    assert found == slugs[::-1]
    assert problem(client.get("/posts", params={"after": "x'"})) == (422, "bad_cursor")
    assert problem(client.get("/posts", params={"limit": 0})) == (422, "invalid")


def test_what_is_wrong_is_said_in_the_language_asked_for(call: Call, desk: Desk) -> None:
    client = call("zhou", "read", "write")
    bad = client.post("/posts", json=POST | {"column": "nothing"}, headers=key("1"))
    assert problem(bad) == (422, "no_such_column")
    assert "没有专栏 nothing" in bad.json()["detail"]
    english = {"Accept-Language": "fr, en-GB;q=0.8, zh;q=0.5"}
    bad = client.post("/posts", json=POST | {"column": "nothing"}, headers=key("1", **english))
    assert "There is no column nothing" in bad.json()["detail"]
    empty = client.post("/posts", json=POST | {"text": ""}, headers=key("1"))
    assert empty.status_code == 422, "a post without a text is none"
    assert client.get("/posts").json()["items"] == [], "and nothing is left of it"
    assert not list(desk.posts_folder.rglob("*.md"))
    assert problem(client.post("/posts", json=POST | {"text": "a\x00b"}, headers=key("1"))) == (422, "invalid")
    assert problem(client.post("/posts", content=b"{", headers=key("1"))) == (422, "invalid")
    assert problem(client.post("/posts", content=b" " * 1_000_001, headers=key("1"))) == (
        413,
        "request_entity_too_large",
    )
    assert problem(client.post("/posts", json=POST)) == (400, "idempotency_key_missing")
    assert problem(client.get("/nothing")) == (404, "not_found")
    assert problem(client.delete("/posts")) == (405, "method_not_allowed")


def test_what_was_broken_off_is_not_done_again(call: Call, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    client = call("zhou", "read", "write")
    monkeypatch.setattr("xuanfa.api.once.claim_intent", lambda *a, **k: _under_way(claim_intent(*a, **k), k["verb"]))
    assert problem(client.post("/posts", json=POST, headers=key("1"))) == (409, "under_way")
    assert client.get("/posts").json()["items"] == []


def _under_way(_: object, verb: str) -> object:
    from xuanfa.store.intents import Intent  # noqa: PLC0415

    return Intent("zhou", verb, "")


def test_texts_are_checked_and_figures_told(call: Call) -> None:
    client = call("zhou", "read")
    found = client.post("/checks", json={"text": "电话 13812345678 ，谢谢"}).json()["items"]
    assert {"class", "level", "start", "end", "message", "basis"} <= set(found[0])
    counted = client.get("/counts", params={"by": "month"}).json()
    assert (counted["items"], counted["sentence"]) == (0, "各专栏共发布信息 0 条（去重稿件 0 篇）。")
    assert problem(client.get("/counts", params={"since": "2026-02-01", "until": "2026-01-01"})) == (422, "invalid")
    assert [each["id"] for each in client.get("/channels").json()["items"]] == ["hook"]
