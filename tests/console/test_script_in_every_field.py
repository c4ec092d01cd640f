"""A script in every field that a form of the console has: it is kept as what was typed, and is nothing but text wherever it is shown."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import pytest

from tests.conftest import Clock, Workspace
from tests.support.browsing import PASSWORD, Form, forms_of, served
from tests.support.touring import COOKIE, Office, fill_by_hand, furnished, stops
from xuanfa.console.app import WAYS
from xuanfa.console.guard.limits import Rate
from xuanfa.console.house import make_house

#: It leaves an attribute, a title and a field, and would be an element and an attribute of its own.
TYPED: Final = "'\"></title></textarea></script><xss-a data-xss=1 onfocus=alert(1) autofocus>甲"
#: By these a person goes out, so that nothing could be typed after them.
LEAVE: Final = {"/sign-out", "/me/sign-out-everywhere", "/settings/people/{name}/disable"}

#: Ways without a word of anybody's in their forms, or by the script alone; and those that stand only after something else has happened.
WITHOUT: Final = LEAVE | {
    *("/channels/{id}/resume", "/channels/{id}/sign-in", "/counts/reports/seal", "/me/digits/drop", "/solemn/end"),
    *(
        "/me/tokens/{number}/revoke",
        "/ledger/import/enter",
        "/ledger/import/source/enter",
        "/ledger/import/source/stop",
    ),
    *("/ledger/import/{number}/undo", "/readers/import/enter", "/calendar/import/carry", "/settings/workdays/enter"),
    *("/settings/channels/{id}/remove", "/settings/columns/{id}/remove", "/settings/people/{name}/enable"),
    *("/settings/people/{name}/unlock", "/posts/{slug}/withdraw/approve", "/posts/{slug}/pictures", "/uploads/{name}"),
    *("/posts/convert", "/posts/{slug}/rest", "/posts/{slug}/sketch", "/posts/{slug}/clash", "/sign-in/digits"),
    *(
        "/channels/{id}/signed-in",
        "/settings/people/{name}/digits",
        "/reviews/{slug}/confirm",
        "/reviews/{slug}/recall",
    ),
    *("/reviews/{slug}/approve", "/deliveries/{id}/retract", "/deliveries/{id}/absent/take-back"),
    *("/deliveries/{id}/accept", "/posts/{slug}/differing"),
}


class _Elements(HTMLParser):
    """What of it has become code."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        inline = tag == "script" and "src" not in names and ("type", "application/json") not in attrs
        if tag == "xss-a" or names & {"data-xss", "onfocus"} or any(name.startswith("on") for name in names) or inline:
            self.found.append(self.get_starttag_text() or tag)


def code_in(answer: httpx.Response) -> list[str]:
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return []
    parser = _Elements()
    parser.feed(answer.text)
    return parser.found


class Visitor:
    """Fills in whatever form it comes upon."""

    def __init__(self, office: Office, address: str) -> None:
        self._office, self._address = office, address
        self._clients: dict[str, httpx.Client] = {}
        self._ways = [(way, re.compile(_form_of(way.path))) for way in WAYS]
        self._done: set[tuple[str, str, str]] = set()
        #: The ways by which something was sent; and how often it was shown as what it is.
        self.sent: set[tuple[str, str]] = set()
        self.shown = 0
        self.wrong: list[str] = []

    def client(self, who: str) -> httpx.Client:
        if who not in self._clients:
            client = httpx.Client(base_url=self._address, follow_redirects=True, timeout=60)
            client.headers["Origin"] = self._address
            self._clients[who] = client
            if who:
                client.cookies.set(COOKIE, self._office.token(who))
        return self._clients[who]

    def look(self, who: str, path: str) -> str:
        answer = self.client(who).get(path)
        if who and answer.url.path == "/sign-in":  # some form has put everybody out
            self._clients.pop(who).close()
            answer = self.client(who).get(path)
        return self._taken(answer, f"GET {path}")

    def fill(self, who: str, path: str) -> None:
        """The forms of a page, and those of the pages that answer."""
        self._fill(who, path, self.look(who, path), 1)

    def _fill(self, who: str, path: str, text: str, further: int) -> None:
        for form in forms_of(text):
            for action in dict.fromkeys((form.action or path, *form.actions.values())):
                way = self._way(form.method, action)
                shape = form.method, way, ",".join(sorted(form.typed))
                if way and way not in LEAVE and shape not in self._done:
                    self._done.add(shape)
                    answer = self._send(who, form, action, way)
                    if further:
                        self._fill(who, str(answer.url), answer.text, further - 1)

    def _send(self, who: str, form: Form, action: str, way: str) -> httpx.Response:
        values: dict[str, Any] = {}
        for name, value in form.fields:
            values.setdefault(name, []).append(value)
        for name, kind in form.typed.items():
            if kind == "file":
                values.pop(name, None)
            elif kind == "password":
                values[name] = PASSWORD
            elif kind not in {"date", "time", "number", "month"}:
                values[name] = TYPED
        files = {name: (f"{TYPED}.csv", TYPED.encode()) for name, kind in form.typed.items() if kind == "file"}
        client = self.client(who)
        answer = (
            client.post(action, data=values, files=files or None)
            if form.method == "post"
            else client.get(action, params=values)
        )
        self.sent.add((form.method.upper(), way))
        self._taken(answer, f"{form.method} {action} by {who}")
        return answer

    def _taken(self, answer: httpx.Response, what: str) -> str:
        if answer.status_code >= 500:
            self.wrong.append(f"{what}: {answer.status_code}")
        self.wrong += [f"{what}: {each}" for each in code_in(answer)]
        self.shown += "&lt;xss-a" in answer.text
        return answer.text

    def _way(self, method: str, action: str) -> str:
        path = urlsplit(action).path
        return next((way.path for way, form in self._ways if way.method == method.upper() and form.fullmatch(path)), "")

    def close(self) -> None:
        for each in self._clients.values():
            each.close()


def _form_of(path: str) -> str:
    return re.sub(
        r"\{\w+(:\w+)?\}", lambda found: ".+" if found[1] == ":path" else r"\d+" if found[1] else "[^/]+", path
    )


@pytest.fixture
def visitor(workspace: Workspace, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Visitor, Office]]:
    office = furnished(workspace, clock)
    often = Rate(10_000, 60)  # nobody else types as fast
    monkeypatch.setattr(
        "xuanfa.console.app.make_house", lambda *its: replace(make_house(*its), again=often, doors=often)
    )
    with served(office.desk) as address:
        fill_by_hand(office, address)
        found = Visitor(office, address)
        yield found, office
        found.close()


def _first(office: Office) -> Iterator[tuple[str, str]]:
    """Forms that are gone once another one was sent, or that others see than those of the tour."""
    yield "zhao", "/reviews/three/return"
    yield "zhou", "/posts/published/correct"
    yield "zhou", "/posts/accepted/withdraw"
    yield "zhou", "/posts/published/withdraw"
    yield "zhao", "/settings/delegations"


def test_a_script_in_every_field_is_text_wherever_it_is_shown(visitor: tuple[Visitor, Office]) -> None:
    one, office = visitor
    every = [*_first(office), *((stop.who, stop.path) for stop in stops(office))]
    for who, path in every:
        one.fill(who, path)
    for who, path in dict.fromkeys(every):
        one.look(who, path)
    assert not one.wrong, "\n".join(one.wrong)
    assert one.shown > 100, "it is shown as what it is"
    left = {way.path for way in WAYS if way.method == "POST"} - {path for _, path in one.sent}
    assert left <= WITHOUT, f"forms that nobody filled in: {sorted(left - WITHOUT)}"
