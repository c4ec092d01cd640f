"""Trouble of the machine, of the network and of what stands between: no post is to blame for it, and nothing of it is doubt."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.decisions import resume
from tests.support.odd_server import Connection, answer, odd_server
from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.errors import MachineError, StoreError
from xuanfa.domain.outcome import Unknown
from xuanfa.domain.person import Person
from xuanfa.engine.once import one_pass
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.sending.perform import perform
from xuanfa.operations.watching.examine import examine
from xuanfa.store import deliveries
from xuanfa.store.schema import channel_states

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


def sent(desk: Any) -> tuple[Delivery, str]:
    """The one delivery after a pass, and why its channel is paused; empty where it is not."""
    one_pass(desk)
    with desk.store.read() as connection:
        paused = connection.execute(
            sa.select(channel_states.c.reason).where(channel_states.c.paused_at.is_not(None))
        ).scalar()
        return deliveries.get(connection, [1])[1], paused or ""


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"HTTP_PROXY": "http://p:port"}, "HTTP_PROXY"),
        ({"all_proxy": "socks4://127.0.0.1:1"}, "all_proxy"),
        ({"http_proxy": "http://[::1"}, "http_proxy"),
    ],
)
def test_a_variable_that_names_no_proxy_pauses_the_channel_in_words(
    workspace: Any, sink: Any, environ: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    workspace.post("代理写错")
    desk = workspace.desk()
    delivery, paused = sent(desk)
    assert (delivery.state, delivery.tries) == (State.SCHEDULED, 0)
    assert named in delivery.reason
    assert named in paused
    assert any(named in finding.message for finding in desk.adapters.bound("hook").diagnose())
    assert not sink.seen
    for name in environ:
        monkeypatch.delenv(name)
    mended = workspace.desk()
    resume(mended, "hook", Person(name="安娜", why="改好了"))
    assert sent(mended)[0].state is State.PUBLISHED
    assert len(sink.seen) == 1


def test_an_exception_in_brackets_is_no_trouble(workspace: Any, sink: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1,::1,[::1]")
    workspace.post("例外带方括号")
    assert sent(workspace.desk())[0].state is State.PUBLISHED


def test_a_proxy_that_is_not_there_makes_it_wait(workspace: Any, sink: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        monkeypatch.setenv("ALL_PROXY", f"socks5h://127.0.0.1:{free.getsockname()[1]}")
    workspace.post("代理没开")
    delivery, paused = sent(workspace.desk())
    assert (delivery.state, delivery.tries, paused) == (State.SCHEDULED, 1, "")
    assert not sink.seen


def test_certificates_that_are_gone_pause_the_channel_in_words(workspace: Any, sink: Any) -> None:
    import certifi  # noqa: PLC0415 - only here

    file = workspace.folder / "office.pem"
    file.write_bytes(Path(certifi.where()).read_bytes())
    workspace.settle_in(hook='ca_file = "office.pem"')
    workspace.post("证书文件没了")
    desk = workspace.desk()
    file.unlink()
    desk.adapters._workshop._contexts.clear()
    delivery, paused = sent(desk)
    assert (delivery.state, delivery.tries) == (State.SCHEDULED, 0)
    assert "ca_file" in delivery.reason
    assert "office.pem" in paused


def test_a_kept_picture_that_is_gone_or_cannot_be_read_is_no_fault_of_the_post(bench: Any) -> None:
    bench.channel().publish.append(MachineError("图片“a.jpg”的存档读不出来（磁盘读写出错）"))
    bench.queue("图片读不出")
    bench.run()
    assert bench.get().state is State.SCHEDULED
    assert "磁盘读写出错" in bench.get().reason
    assert bench.standing()[0]


def test_what_had_left_before_the_machines_trouble_is_doubt(bench: Any, workspace: Any, sink: Any) -> None:
    """Only where nothing of any request has left is it proved that nothing happened."""
    script = bench.channel()
    bench.queue("先发了一半")
    (job,) = bench.claim()
    desk = workspace.desk()
    over = desk.adapters.bound("hook")._tools.http

    class Half:
        traits = bench.bound("a").traits

        def check(self, _rendition: Any) -> tuple[()]:
            return ()

        def publish(self, _order: Any) -> Any:
            over.post(f"{sink.url}/hook", content=b"{}", headers={"webhook-id": "k"})
            raise MachineError("之后才坏")

    class One:
        def bound(self, _channel: str) -> Any:
            return Half()

    assert isinstance(perform(One(), job).ending, Unknown)
    assert not script.sent


def test_a_memory_that_fails_is_tried_again(workspace: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = workspace.desk()
    tools = desk.adapters.bound("hook")._tools

    def full(*_: object) -> None:
        raise StoreError("磁盘已满")

    monkeypatch.setattr(tools._workshop.memory, "recall", full)
    for ask in (lambda: tools.recall("token"), lambda: tools.remember("token", lambda: ("x", None))):
        with pytest.raises(MachineError, match="磁盘已满") as caught:
            ask()
        assert caught.value.passes


@contextmanager
def in_front(*said: bytes) -> Iterator[Any]:
    """A server that answers each request with these bytes."""

    def behave(connection: Connection) -> None:
        while connection.request():
            connection.say(b"".join(said))

    with odd_server(behave) as server:
        yield server


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (answer(b"<html><title>413 Request Entity Too Large</title></html>", "413 Content Too Large"), "client_max_body_size"),
        (answer(b"<html><h1>404 Not Found</h1></html>", "404 Not Found"), "地址"),
        (answer("<html>该请求被防火墙拦截</html>".encode("gbk"), "400 Bad Request"), "防火墙拦截"),
        (answer(b"", "302 Found", "Location: http://10.0.0.1/login"), "跳转"),
        (answer(b"<html>Sign in</html>", "407 Proxy Authentication Required"), "代理"),
        (answer(b"<html>Sign in</html>", "511 Network Authentication Required"), "认证"),
        (answer("<html><title>上网认证</title>请登录</html>".encode("gbk")), "上网认证"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_what_machines_in_between_say_pauses_the_channel(workspace: Any, kind: str, said: bytes, word: str) -> None:
    keys = {
        "wecom": 'key = "00000000-0000-4000-8000-000000000001"',
        "dingtalk": 'access_token = "00000000000000000000000000000000000000000000000000000000000000ab"',
        "feishu": 'hook_id = "00000000-0000-4000-8000-000000000002"',
    }
    with in_front(said) as server:
        (workspace.folder / "xuanfa.toml").write_text(
            f'[columns.action]\ntitle = "我们在行动"\nchannels = ["hook"]\n'
            f'[channels.hook]\nadapter = "{kind}"\n{keys[kind]}\nbase_url = "http://127.0.0.1:{server.port}"\n',
            encoding="utf-8",
        )
        workspace.post("中间有人插嘴")
        delivery, paused = sent(workspace.desk())
    assert (delivery.state, delivery.tries) == (State.SCHEDULED, 0), delivery.reason
    assert word in paused
    assert "<" not in paused


def test_a_name_that_cannot_be_found_makes_it_wait_in_words(workspace: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def nowhere(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host == "cms.example.gov.cn":
            raise socket.gaierror(-3, "Temporary failure in name resolution")
        return real(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    settings = workspace.folder / "xuanfa.toml"
    text = settings.read_text(encoding="utf-8").replace(workspace.url, "http://cms.example.gov.cn")
    settings.write_text(text, encoding="utf-8")
    workspace.post("域名解析不了")
    delivery, paused = sent(workspace.desk())
    assert (delivery.state, delivery.tries, paused) == (State.SCHEDULED, 1, "")
    assert "解析失败" in delivery.reason


def test_an_office_with_a_proxy_alone_lets_the_proxy_look_names_up(
    workspace: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A webhook's server is checked not to be a private one; behind a proxy only that knows the name."""

    def nowhere(*_args: Any, **_kwargs: Any) -> Any:
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    said = answer(b'{"id": "7"}')
    with in_front(said) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        settings = workspace.folder / "xuanfa.toml"
        text = settings.read_text(encoding="utf-8").replace(workspace.url, "http://cms.example.gov.cn")
        settings.write_text(text.replace("allow_private = true\n", ""), encoding="utf-8")
        workspace.post("只有代理出得去")
        desk = workspace.desk()
        real = socket.getaddrinfo
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda host, *a, **k: real(host, *a, **k) if host == "127.0.0.1" else nowhere()
        )
        assert not [f for f in desk.adapters.bound("hook").diagnose() if f.code.startswith("http.n")]
        assert sent(desk)[0].state is State.PUBLISHED
    assert proxy.requests[-1].startswith(b"POST http://cms.example.gov.cn/hook ")
    assert b"user-agent: xuanfa/" in proxy.requests[-1].lower()


def test_a_kind_without_a_practice_platform_is_not_doubted_in_a_rehearsal(workspace: Any) -> None:
    from xuanfa.adapters import registry  # noqa: PLC0415 - only here

    settings = workspace.folder / "xuanfa.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "rehearsal = true\n", encoding="utf-8")
    workspace.post("没有练习平台")
    desk = workspace.desk()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            registry,
            "_table",
            lambda: registry.SHIPPED | {"webhook": replace(registry.SHIPPED["webhook"], practice="")},
        )
        queue(desk)
        delivery, paused = sent(desk)
    assert (delivery.state, delivery.tries) == (State.SCHEDULED, 0)
    assert "没有练习平台" in paused


@pytest.mark.parametrize("error", [MachineError("ca_file office.pem 读不出证书"), RuntimeError("bug")])
def test_a_channel_that_cannot_be_examined_does_not_stop_the_others(
    bench: Any, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_adapter: Any) -> Any:
        raise error

    bench.channel("a")
    bench.channel("b")
    monkeypatch.setattr(type(bench.bound("a")), "diagnose", broken)
    told = [found for found in examine(bench.desk) if found.what.startswith("渠道")]
    assert len(told) == 2
    assert all(found.fatal and found.trouble for found in told)
    assert ("office.pem" in told[0].trouble) is isinstance(error, MachineError)
