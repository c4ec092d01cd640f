"""A workbench for each kind: it renders, orders and binds, against a server that misbehaves on demand."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.contract.misbehaving import Server
from tests.contract.specs import POST, SITE_ADDRESS, SPECS, Spec
from tests.support.adapting import Tools, kit, machine_tls, order
from xuanfa.adapters.protocol import Adapter
from xuanfa.adapters.registry import adapter_class
from xuanfa.adapters.shared.wire import Wire
from xuanfa.content.kit import PostKit
from xuanfa.content.pictures.media import MediaStore
from xuanfa.domain.attempt import Order, delivery_key
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.post import Post
from xuanfa.domain.rendition import Rendition

ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = Organisation(
    name="金昌市中级人民法院", site_name="金昌法院网", site_domain="www.example.gov.cn", site_id_code="6203000001"
)
COLUMN = Column(id="action", title="我们在行动", campaign="三抓三促", description="成效。")


class Workbench:
    """One kind, set up: it renders, orders and binds."""

    def __init__(self, spec: Spec, folder: Path, server: str) -> None:
        self.spec = spec
        self.folder = folder
        self.cls = adapter_class(spec.kind)
        self.settings: dict[str, Any] = {"adapter": spec.kind, **spec.settings(server)}
        self.client = httpx.Client(
            transport=Wire(machine_tls(), limit=5.0), timeout=httpx.Timeout(5.0), trust_env=False
        )
        self.adapter = self.bind()

    def bind(self, client: httpx.Client | None = None, **settings: Any) -> Adapter:
        """The adapter over another client or with other settings."""
        config = self.cls.Config.model_validate(self.settings | settings)
        tools = Tools(
            folder=self.folder, kind=self.spec.kind, http=client or self.client, memory=dict(self.spec.memory)
        )
        return self.cls(config, tools)

    def kit(self, post: Post) -> PostKit:
        media = MediaStore(self.folder / "media")
        where: dict[str, Any] = {"channel": "main", "media": media, "zone": ZONE}
        return kit(post, self.spec.kind, "site", organisation=OFFICE, column=COLUMN, **where)

    def render(self, post: Post = POST) -> Rendition:
        made = self.kit(post)
        return self.adapter.render(made.post, made)

    def order(self, rendition: Rendition | None = None) -> Order:
        made = order(
            rendition or self.render(), "main", site=SITE_ADDRESS, post=POST.slug, staged=dict(self.spec.staged)
        )
        return replace(made, key=delivery_key(POST.slug, "main", made.rendition.digest))


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


def _workbench(name: str, tmp_path: Path, server: Server) -> Iterator[Workbench]:
    (tmp_path / "media").mkdir()
    bench = Workbench(SPECS[name], tmp_path, server.address)
    yield bench
    bench.client.close()


@pytest.fixture(params=sorted(SPECS))
def bench(request: pytest.FixtureRequest, tmp_path: Path, server: Server) -> Iterator[Workbench]:
    """Every kind."""
    yield from _workbench(request.param, tmp_path, server)


@pytest.fixture(params=sorted(name for name, spec in SPECS.items() if spec.http))
def http_bench(request: pytest.FixtureRequest, tmp_path: Path, server: Server) -> Iterator[Workbench]:
    """Every kind that speaks HTTP."""
    yield from _workbench(request.param, tmp_path, server)


@pytest.fixture
def mail_bench(tmp_path: Path, server: Server) -> Iterator[Workbench]:
    """The kind that speaks SMTP."""
    yield from _workbench("email", tmp_path, server)


@pytest.fixture(params=sorted(name for name, spec in SPECS.items() if spec.too_long))
def limited_bench(request: pytest.FixtureRequest, tmp_path: Path, server: Server) -> Iterator[Workbench]:
    """Every kind with a limit of length."""
    yield from _workbench(request.param, tmp_path, server)


@pytest.fixture
def post() -> Post:
    return POST
