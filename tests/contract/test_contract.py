"""What every adapter promises, whatever it speaks to. Run over every kind; see ``conftest.SPECS``."""

import logging
import socket
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from xuanfa.adapters.protocol import Adapter, Retracts, Stages, Traits
from xuanfa.adapters.registry import checked
from xuanfa.adapters.shared.wire import exchange
from xuanfa.domain.finding import blocking
from xuanfa.domain.outcome import Absent, Blame, Deferred, Rejected, Unknown, Unsent
from xuanfa.domain.rendition import link_mark


def _all_below(cls: type[Exception]) -> set[type[Exception]]:
    return {cls}.union(*(_all_below(below) for below in cls.__subclasses__()))


#: Everything httpx can raise for a request; the first five prove that nothing left (design, section 5).
NOTHING_LEFT = {
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
}
EVERY_ERROR = sorted((cls for cls in _all_below(httpx.RequestError)), key=lambda cls: cls.__name__)


def test_has_every_member_and_names_itself(bench: Any) -> None:
    assert checked(bench.spec.kind, "here", bench.cls) is bench.cls
    assert isinstance(bench.adapter, Adapter)
    assert isinstance(bench.adapter.traits, Traits)
    assert all(bench.adapter.traits.label)
    assert bench.adapter.budget
    assert isinstance(bench.adapter, Stages) == hasattr(bench.cls, "stage")
    assert isinstance(bench.adapter, Retracts) == hasattr(bench.cls, "retract")


def test_refuses_a_setting_that_it_does_not_know_without_repeating_its_value(bench: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        bench.bind(kee="hunter2-hunter2")
    assert "kee" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_rendering_and_checking_touch_neither_network_nor_clock(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*args: object, **kwargs: object) -> None:
        raise AssertionError("render and check are pure")

    bench.render()  # imports are not what is measured
    for module, name in ((socket, "socket"), (socket, "getaddrinfo"), (time, "time")):
        monkeypatch.setattr(module, name, forbidden)
    rendition = bench.render()
    assert not blocking(bench.adapter.check(rendition))


def test_the_same_post_gives_the_same_digest_and_another_one_another(bench: Any, post: Any) -> None:
    again = bench.bind()
    kit = bench.kit(post)
    assert bench.render().digest == again.render(kit.post, kit).digest
    assert bench.render().digest != bench.render(replace(post, title="另一个标题")).digest


def test_a_rendition_waits_for_exactly_the_channels_whose_address_it_shows(bench: Any) -> None:
    rendition = bench.render()
    marked = any("https://late.invalid/link/site/" in text for text in (rendition.body, *rendition.extra.values()))
    assert rendition.needs == (("site",) if marked else ())


def test_a_post_without_title_or_text_is_stopped(bench: Any, post: Any) -> None:
    rendition = bench.render(replace(post, title="", summary="", body=""))
    assert blocking(bench.adapter.check(rendition))


def test_an_empty_message_is_stopped(http_bench: Any) -> None:
    assert blocking(http_bench.adapter.check(replace(http_bench.render(), body="")))


def test_a_post_that_is_too_long_is_stopped_and_never_cut(limited_bench: Any) -> None:
    rendition = limited_bench.render(limited_bench.spec.too_long)
    findings = blocking(limited_bench.adapter.check(rendition))
    assert [finding.code.endswith("too_long") for finding in findings] == [True]


def test_publishing_ends_with_a_receipt(bench: Any, server: Any) -> None:
    server.reply(200, bench.spec.good)
    outcome = bench.adapter.publish(bench.order())
    assert isinstance(outcome, bench.spec.ends), outcome


def test_publishing_is_exactly_one_request_with_the_frozen_body(http_bench: Any, server: Any) -> None:
    server.reply(200, http_bench.spec.good)
    order = http_bench.order()
    http_bench.adapter.publish(order)
    sent = [http_bench.spec.frozen(request.body) for request in server.requests]
    assert sent == [http_bench.spec.sends(order)]


def test_a_rendition_whose_address_is_still_open_is_not_sent(http_bench: Any, server: Any) -> None:
    rendition = http_bench.render()
    if rendition.is_bound:  # a kind that shows no address of its own; an author's template may
        rendition = replace(rendition, body=f"{rendition.body} {link_mark('site')}")
    order = replace(http_bench.order(), rendition=rendition)
    assert not order.rendition.is_bound
    assert isinstance(http_bench.adapter.publish(order), Unsent)
    assert server.requests == []


@pytest.mark.parametrize("error", EVERY_ERROR, ids=lambda cls: cls.__name__)
def test_only_what_proves_that_nothing_left_is_unsent(http_bench: Any, error: type[httpx.RequestError]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error("trouble")

    with httpx.Client(transport=httpx.MockTransport(fail)) as client:
        outcome = http_bench.bind(client).publish(http_bench.order())
    assert type(outcome) is (Unsent if error in NOTHING_LEFT else Unknown)


def test_a_closed_port_is_unsent(http_bench: Any, server: Any) -> None:
    server.stop()
    assert isinstance(http_bench.adapter.publish(http_bench.order()), Unsent)


def test_a_reset_after_the_request_is_doubt(http_bench: Any, server: Any) -> None:
    server.reset()
    assert isinstance(http_bench.adapter.publish(http_bench.order()), Unknown)
    assert len(server.requests) == 1


def test_silence_after_the_request_is_doubt(http_bench: Any, server: Any) -> None:
    server.stall()
    with httpx.Client(timeout=httpx.Timeout(5.0, read=0.1), trust_env=False) as client:
        assert isinstance(http_bench.bind(client).publish(http_bench.order()), Unknown)
    assert len(server.requests) == 1


def test_half_an_answer_is_doubt(http_bench: Any, server: Any) -> None:
    server.half(http_bench.spec.good)
    assert isinstance(http_bench.adapter.publish(http_bench.order()), Unknown)
    assert len(server.requests) == 1


def test_an_answer_without_end_is_not_read_for_ever(
    http_bench: Any, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "WIRE_MAX", 300)
    server.reply(200, http_bench.spec.good + " " * 1000)
    outcome = http_bench.adapter.publish(http_bench.order())
    assert isinstance(outcome, Unknown)
    assert "300" in outcome.evidence


@pytest.mark.parametrize("body", ["", "<html>好的</html>", "[]", "null", '"ok"', "{}", '{"errcode": null}', "\ufeff{"])
def test_an_answer_that_cannot_be_read_is_doubt(http_bench: Any, server: Any, body: str) -> None:
    server.reply(200, body)
    assert isinstance(http_bench.adapter.publish(http_bench.order()), Unknown)


@pytest.mark.parametrize(
    ("status", "expected", "blame"),
    [
        (301, Rejected, Blame.CHANNEL),
        (307, Rejected, Blame.CHANNEL),
        (400, Rejected, Blame.CONTENT),
        (401, Rejected, Blame.CHANNEL),
        (403, Rejected, Blame.CHANNEL),
        (404, Rejected, Blame.CHANNEL),
        (408, Unknown, None),
        (413, Rejected, Blame.CHANNEL),
        (422, Rejected, Blame.CONTENT),
        (429, Deferred, None),
        (500, Unknown, None),
        (502, Unknown, None),
        (503, Unknown, None),
        (504, Unknown, None),
    ],
)
def test_a_status_outside_2xx_has_one_meaning(
    http_bench: Any, server: Any, status: int, expected: type, blame: Blame | None
) -> None:
    headers = {"Location": f"{server.address}/elsewhere"} if status < 400 else {"Retry-After": "120"}
    server.reply(status, "no", headers)
    outcome = http_bench.adapter.publish(http_bench.order())
    assert type(outcome) is expected
    assert getattr(outcome, "blame", None) == blame
    assert not isinstance(outcome, Deferred) or outcome.after == timedelta(seconds=120)
    assert len(server.requests) == 1  # a redirect is not followed, a refusal not repeated


@pytest.mark.parametrize("status", [200, 400, 401, 500])
def test_no_secret_is_shown_even_when_the_server_echoes_it(
    http_bench: Any, server: Any, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    server.echo(status)
    with caplog.at_level(logging.DEBUG):
        outcome = http_bench.adapter.publish(http_bench.order())
        evidence = http_bench.adapter.confirm(http_bench.order(), None)
    config = http_bench.cls.Config.model_validate(http_bench.settings)
    said = "\n".join(map(repr, (config, str(config), http_bench.adapter, http_bench.adapter.budget, outcome, evidence)))
    assert server.requests[0].path != "/"
    for secret in http_bench.spec.secrets:
        assert secret not in said
        assert secret not in caplog.text


def test_no_secret_is_shown_in_doubt_or_in_a_diagnosis(http_bench: Any, server: Any) -> None:
    server.stop()
    said = repr((http_bench.adapter.publish(http_bench.order()), http_bench.adapter.diagnose()))
    for secret in http_bench.spec.secrets:
        assert secret not in said


def _is_read(bench: Any, request: Any) -> bool:
    return request.method in {"GET", "HEAD"} or request.path.partition("?")[0] in bench.spec.reads


def test_confirming_changes_nothing_and_may_be_repeated(bench: Any, server: Any) -> None:
    order = bench.order()
    first, second = bench.adapter.confirm(order, None), bench.adapter.confirm(order, "ticket")
    assert type(first) is type(second)
    assert isinstance(first, Absent | Unknown)
    assert isinstance(first, Unknown) or bench.adapter.traits.confirms
    assert all(_is_read(bench, request) for request in server.requests)


def test_a_diagnosis_sends_nothing(bench: Any, server: Any) -> None:
    server.reply(200, bench.spec.good)
    assert not blocking(bench.adapter.diagnose())
    assert all(_is_read(bench, request) for request in server.requests)


def test_a_diagnosis_tells_that_the_clocks_differ(
    http_bench: Any, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reply(200, http_bench.spec.good)
    assert not [finding for finding in http_bench.adapter.diagnose() if finding.code.endswith(".clock")]
    early = format_datetime(datetime.now(UTC) - timedelta(minutes=10), usegmt=True)
    monkeypatch.setattr(BaseHTTPRequestHandler, "date_time_string", lambda *_: early)
    said = http_bench.adapter.diagnose()
    found = [finding for finding in said if finding.code.endswith(".clock")]
    # Somebody's endpoint is connected to and not asked.
    assert len(found) == (0 if http_bench.spec.kind == "webhook" else 1), said
    assert all("timedatectl" in finding.message for finding in found)


def test_a_diagnosis_of_a_server_that_is_down_says_so(http_bench: Any, server: Any) -> None:
    server.stop()
    assert [finding.code for finding in blocking(http_bench.adapter.diagnose())] == ["http.connect"]


def test_a_rehearsal_needs_no_key_and_reaches_no_network(http_bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", None)
    monkeypatch.setattr(socket, "getaddrinfo", None)
    answers = httpx.MockTransport(lambda request: httpx.Response(200, text=http_bench.spec.good))
    http_bench.settings = {"adapter": http_bench.spec.kind}
    with httpx.Client(transport=answers) as client:
        adapter = http_bench.bind(client, rehearsal=True)
        assert adapter.diagnose() == ()
        assert isinstance(adapter.publish(http_bench.order()), http_bench.spec.ends)
