"""A workspace whose settings are written anew as often as a test likes, and platforms that it may lead to."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.served_platform import ServedPlatform
from xuanfa.bootstrap import open_desk
from xuanfa.cli import main
from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.person import Person
from xuanfa.engine.once import one_pass
from xuanfa.operations.desk import Desk
from xuanfa.store import deliveries

ANNA = Person(name="anna", why="看过")
WEIBO = 'adapter = "weibo"\napp_key = "2045"\napp_secret = "s"\nrip = "211.156.0.1"\naccess_token = "rehearsal"\nlink = ""\n'
WORDPRESS = 'adapter = "wordpress"\nusername = "xuanfa"\napplication_password = "abcd efgh"\n'
WEBHOOK = 'adapter = "webhook"\nallow_private = true\nremote_id = "id"\naddress = "url"\n'
LINKING = '{"title": {{ post.title | tojson }}, "address": {{ address | tojson }}}'
REHEARSED = "rehearsal = true\n"


@dataclass
class Office:
    """A workspace whose settings are written anew as often as a test likes; a desk is that of a process started just then."""

    folder: Path
    clock: Any
    database: str
    stack: ExitStack = field(default_factory=ExitStack)

    def set(self, **channels: str) -> "Office":
        """Write ``xuanfa.toml`` with one column that goes to these channels."""
        tables = "".join(f"[channels.{name}]\n{text}\n" for name, text in channels.items())
        listed = ", ".join(f'"{name}"' for name in channels)
        head = f'database_url = "{self.database}"\n[columns.action]\ntitle = "我们在行动"\nchannels = [{listed}]\n'
        (self.folder / "posts").mkdir(parents=True, exist_ok=True)
        (self.folder / "xuanfa.toml").write_text(head + tables, encoding="utf-8")
        return self

    def post(self, slug: str = "one", body: str = "把法庭搬到田间地头。", **matter: str) -> None:
        lines = {"title": f"“{slug}”", "column": "action", "publish_at": "now"} | matter
        head = "\n".join(f"{name}: {value}" for name, value in lines.items())
        (self.folder / "posts" / f"{slug}.md").write_text(f"---\n{head}\n---\n\n{body}\n", encoding="utf-8")

    def desk(self) -> Desk:
        return self.stack.enter_context(open_desk(self.folder, self.clock))

    def run(self, passes: int = 1, minutes: float = 0) -> Desk:
        """Passes of a process that is started now; between them so much time goes by."""
        desk = self.desk()
        for _ in range(passes):
            one_pass(desk)
            self.clock.advance(minutes=minutes)
        return desk

    def get(self, number: int = 1) -> Delivery:
        with self.desk().store.read() as connection:
            return deliveries.get(connection, [number])[number]

    def cli(self, *arguments: str) -> tuple[int, str]:
        """A command of a person: its exit code, and all that it says."""
        said, told = io.StringIO(), io.StringIO()
        with redirect_stdout(said), redirect_stderr(told):
            code = main([*arguments, "-w", str(self.folder)])
        return code, said.getvalue() + told.getvalue()

    def json(self, *arguments: str) -> Any:
        return json.loads(self.cli(*arguments, "--json")[1])


@pytest.fixture
def office(tmp_path: Path, clock: Any, database: str) -> Iterator[Office]:
    made = Office(tmp_path / "office", clock, database)
    with made.stack:
        yield made


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., ServedPlatform]]:
    with ExitStack() as stack:

        def start(kind: str, name: str = "real") -> ServedPlatform:
            server = ServedPlatform(kind, tmp_path / "platforms", name)
            stack.callback(server.close)
            return server

        yield start


def rehearsed_on_a_site(office: Office, serve: Callable[..., ServedPlatform]) -> tuple[ServedPlatform, str]:
    """A post whose practice platform calls it 1, as the real site calls a page of its own; then the channel becomes real."""
    site = serve("wordpress")
    settings = f'{WORDPRESS}base_url = "{site.url}"\n'
    office.set(site=settings + REHEARSED).post()
    office.run()
    assert office.get().state is State.PUBLISHED
    office.set(site=settings)
    return site, settings
