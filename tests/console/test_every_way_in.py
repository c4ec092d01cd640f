"""Each way in by the role that it asks for, and what each kind of answer allows the browser: both from the router's own table."""

import re
from collections.abc import Callable

from tests.console.conftest import PEOPLE
from tests.support.browsing import Somebody
from tests.support.word_files import png
from xuanfa.console.app import WAYS
from xuanfa.console.guard.headers import FRAME, PAGE, UPLOAD
from xuanfa.operations.desk import Desk

Sit = Callable[[str], Somebody]


def path_of(way: str) -> str:
    return re.sub(r"\{\w+(:\w+)?\}", lambda found: "1" if found[1] == ":int" else "x", way)


def test_each_way_is_closed_to_each_role_that_it_is_not_for(somebody: Sit, desk: Desk) -> None:
    """With a good token of the form, so that nothing but the role stands in the way; and nothing is shown but who may."""
    tried = 0
    for name, _, roles, _ in PEOPLE:
        one = somebody(name)
        one.go("/me")
        token = dict(one.form("退出").fields)["csrf"]
        closed = [way for way in WAYS if way.who is not None and not way.who & roles]
        for way in closed:
            answer = one.client.request(
                way.method, path_of(way.path), data={"csrf": token} if way.method != "GET" else None
            )
            assert answer.status_code == 403, (name, way.method, way.path)
            assert "现在有：" in answer.text, (name, way.method, way.path)
        tried += len(closed)
    assert tried > 200


def test_each_kind_of_answer_allows_what_it_has_to(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    one.go("/posts")
    one.press("写一篇")
    slug = one.page.url.path.split("/")[2]
    fields = dict(one.form("存为一版").fields)
    script = {"accept": "application/json", "x-csrf": fields["csrf"]}
    kept = one.client.post(
        f"/posts/{slug}/pictures",
        data={"csrf": fields["csrf"]},
        files={"picture": ("a.png", png(9, 9))},
        headers=script,
    )
    name = kept.json()["name"].rpartition("/")[2]
    style = one.go("/me").partition('rel="stylesheet" href="')[2].partition('"')[0]
    answers = {
        "a page": (one.client.get("/me"), PAGE),
        "a part of one": (one.client.get("/", headers={"X-Part": "today"}), PAGE),
        "nothing": (one.client.get("/nothing"), PAGE),
        "a refusal": (one.client.get("/stop"), PAGE),
        "a forged form": (one.client.post("/posts", data={"csrf": "x"}), PAGE),
        "a redirection": (one.client.get("/settings", follow_redirects=False), PAGE),
        "what a script asks for": (
            one.client.post("/posts/convert", data={"csrf": fields["csrf"], "html": "<p>甲"}),
            PAGE,
        ),
        "what is too much": (one.client.post("/posts", data={"csrf": fields["csrf"], "q": "x" * 70_000_000}), PAGE),
        "a frame": (one.client.get(f"/posts/{slug}/preview/hook"), FRAME),
        "a picture": (one.client.get(f"/posts/{slug}/preview-pictures/{name}"), UPLOAD),
    }
    for what, (answer, wanted) in answers.items():
        told = {header: answer.headers.get(header) for header in wanted}
        assert told == wanted, (what, answer.status_code)
    sheet = one.client.get(style).headers
    assert (sheet["x-content-type-options"], "immutable" in sheet["cache-control"]) == ("nosniff", True)
    program = one.client.get("/api/v1/posts").headers
    assert program["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert (program["cache-control"], program["x-content-type-options"]) == ("no-store", "nosniff")
