"""Somebody at a browser without script: what a page's forms hold goes along when one of them is sent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any

import httpx
import uvicorn

from xuanfa.console.app import console
from xuanfa.operations.desk import Desk

PASSWORD = "correct horse battery"


@contextmanager
def served(desk: Desk, port: int = 0) -> Iterator[str]:
    """The console of a desk on a port of its own; its address."""
    app = console(desk)
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, lifespan="on", ws="none")
    server = uvicorn.Server(config)
    begun = threading.Event()
    thread = threading.Thread(target=_run, args=(server, begun), daemon=True)
    thread.start()
    assert begun.wait(20), "the console did not begin"
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        app.state.live.end()
        server.should_exit = True
        thread.join(20)


def _run(server: uvicorn.Server, begun: threading.Event) -> None:
    told = server.startup

    async def startup(*args: Any, **more: Any) -> None:
        await told(*args, **more)
        begun.set()

    server.startup = startup  # type: ignore[method-assign]
    server.run()


@dataclass
class Form:
    """A form of a page: where it goes, its fields with what stands in them, what its buttons are called, and where those lead that lead elsewhere."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    actions: dict[str, str] = field(default_factory=dict)
    #: The fields into which somebody types, and of which kind each is.
    typed: dict[str, str] = field(default_factory=dict)


#: Kinds of fields into which nobody types.
_PRESSED = frozenset({"hidden", "submit", "button", "checkbox", "radio", "reset", "image"})


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._text: tuple[str, str] | None = None
        self._select = ""
        self._leads = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(facts.get("action", ""), facts.get("method", "get").lower())
            self.forms.append(self._form)
        if self._form is None:
            return
        if tag == "textarea" or (tag == "input" and facts.get("type", "text") not in _PRESSED):
            self._form.typed[facts.get("name", "")] = facts.get("type", "text")
        if tag == "input" and facts.get("type") not in {"submit", "file"} and facts.get("name"):
            if facts.get("type") not in {"checkbox", "radio"} or "checked" in facts:
                self._form.fields.append((facts["name"], facts.get("value", "")))
        elif tag in {"textarea", "button"}:
            self._text = (facts.get("name", ""), "")
            self._leads = facts.get("formaction", "")
        elif tag == "select":
            self._select = facts.get("name", "")
        elif tag == "option" and "selected" in facts:
            self._form.fields.append((self._select, facts.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text = (self._text[0], self._text[1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag in {"textarea", "button"} and self._text is not None and self._form is not None:
            name, text = self._text
            if tag == "textarea":
                self._form.fields.append((name, text.removeprefix("\n")))
            else:
                words = " ".join(text.split())
                self._form.buttons.append(words)
                if self._leads:
                    self._form.actions[words] = self._leads
            self._text = None


def forms_of(text: str) -> list[Form]:
    """The forms of a page."""
    parser = _Forms()
    parser.feed(text)
    return parser.forms


class Somebody:
    """A browser without script, and whoever sits before it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.client = httpx.Client(base_url=address, headers={"Origin": address}, follow_redirects=True, timeout=30)
        self.page = httpx.Response(0)

    def __enter__(self) -> "Somebody":
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def go(self, path: str) -> str:
        """Open a page; its text."""
        self.page = self.client.get(path)
        return self.page.text

    def form(self, button: str) -> Form:
        """The form of the open page that has this button."""
        found = [form for form in forms_of(self.page.text) if button in form.buttons]
        assert found, f"no button {button} on {self.page.url}: {[form.buttons for form in forms_of(self.page.text)]}"
        return found[0]

    def press(self, button: str, /, **typed: str) -> str:
        """Fill in the form of this button, and press it; the text of the page that answers."""
        form = self.form(button)
        return self.send(replace(form, action=form.actions.get(button, form.action)), **typed)

    def send(self, form: Form, /, **typed: str) -> str:
        """The same with a form at hand, which may be of an older page."""
        values: dict[str, Any] = {}
        for name, value in form.fields:
            values.setdefault(name, []).append(value)
        values |= typed
        action = form.action or str(self.page.url)
        is_post = form.method == "post"
        self.page = self.client.post(action, data=values) if is_post else self.client.get(action, params=values)
        return self.page.text

    def sign_in(self, name: str, password: str = PASSWORD) -> "Somebody":
        """登录."""
        self.go("/sign-in")
        self.press("登录", name=name, password=password)
        assert self.page.url.path != "/sign-in", self.page.text
        return self
