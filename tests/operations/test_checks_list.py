"""One list of checks: what is added to it holds when a rendition is made and once more when it leaves."""

from collections.abc import Iterable
from typing import Any

import pytest

from xuanfa.checks import rendition as checks
from xuanfa.domain.delivery import State
from xuanfa.domain.finding import Finding


def _no_rain(subject: checks.Subject) -> Iterable[Finding]:
    if "雨" in subject.rendition.body:
        yield Finding(code="rain", message="正文里有雨", place="body")


@pytest.fixture
def no_rain(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Adds a check to the list."""
    return lambda: monkeypatch.setattr(checks, "CHECKS", (*checks.CHECKS, _no_rain))


def test_a_check_of_the_list_keeps_back_what_is_being_made(bench: Any, no_rain: Any) -> None:
    no_rain()
    script = bench.channel()
    bench.write("dry", "今天晴。")
    bench.write("wet", "今天有雨。")
    bench.queue()
    bench.run()
    assert [order.post for order in script.sent] == ["dry"]


def test_a_check_of_the_list_keeps_back_what_is_about_to_leave(bench: Any, no_rain: Any) -> None:
    script = bench.channel()
    bench.write("wet", "今天有雨。")
    bench.queue()
    no_rain()
    bench.run()
    assert (bench.get().state, script.sent) == (State.REJECTED, [])
    assert "正文里有雨" in bench.get().reason
