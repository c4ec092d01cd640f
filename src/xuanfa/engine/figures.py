"""Figures for Prometheus. What this process does is counted as it happens; what the database holds is asked for when somebody looks."""

import re
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.operations.desk import Desk
from xuanfa.operations.sending.perform import Done
from xuanfa.operations.watching.figures import Stock, stock

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

#: What was asked of the database is kept for so many times what the asking took, so that looking costs a hundredth of one core at most.
_KEEP = 100
_KNOWN = {"application/openmetrics-text", "text/plain", "text/*", "*/*"}
_ATTEMPT = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_PASS = (0.01, 0.1, 1, 10, 60, 600)


class Figures:
    """The figures of one resident, in a registry of their own. Raises ConfigError where prometheus-client is missing."""

    def __init__(self, desk: Desk) -> None:
        try:
            import prometheus_client as prometheus  # noqa: PLC0415 - optional
            from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415
            from prometheus_client.exposition import choose_encoder  # noqa: PLC0415
        except ImportError as error:
            raise ConfigError(
                say(
                    "没有安装 prometheus-client，不能提供 /metrics：请运行 pip install 'xuanfa[metrics]'。",
                    "prometheus-client is not installed, so there is no /metrics: run pip install 'xuanfa[metrics]'.",
                )
            ) from error
        self._choose = choose_encoder
        self._registry = prometheus.CollectorRegistry()
        kept: Any = {"registry": self._registry}
        by = ("channel", "action")
        self._attempts = prometheus.Counter("xuanfa_attempts", "Attempts by outcome", (*by, "outcome"), **kept)
        self._seconds = prometheus.Histogram(
            "xuanfa_attempt_seconds", "Time of a request", by, buckets=_ATTEMPT, **kept
        )
        self._passes = prometheus.Histogram("xuanfa_pass_seconds", "Time of a pass", buckets=_PASS, **kept)
        self._last = prometheus.Gauge("xuanfa_last_pass_timestamp_seconds", "End of the last pass", **kept)
        self.in_flight = prometheus.Gauge("xuanfa_in_flight", "Requests under way in this process", **kept)
        self._registry.register(_Stock(desk, GaugeMetricFamily))

    def attempt(self, done: Done, seconds: float) -> None:
        """An attempt has ended. Called on the worker's thread."""
        channel, action = done.job.order.channel, done.job.action.value
        self._attempts.labels(channel, action, type(done.ending).__name__.lower()).inc()
        self._seconds.labels(channel, action).observe(seconds)

    def passed(self, seconds: float) -> None:
        """A pass has ended."""
        self._passes.observe(seconds)
        self.got_on()

    def got_on(self) -> None:
        """A node of several has nothing to send, and the database has taken its sign of life."""
        self._last.set_to_current_time()

    def page(self, accept: str = "") -> tuple[bytes, str]:
        """What ``/metrics`` answers, and its media type: OpenMetrics for whoever asks for that, else the older text."""
        encode, media_type = self._choose(_preferred(accept))
        return encode(self._registry), media_type


def _preferred(accept: str) -> str:
    """The form that counts most among those the header names and we know (RFC 9110, 12.5.1); the library goes by the order alone."""
    named = []
    for entry in accept.split(","):
        weight = re.search(r";\s*q\s*=\s*([0-9.]+)", entry)
        try:
            quality = float(weight[1]) if weight else 1.0
        except ValueError:
            quality = 0.0
        if quality > 0 and entry.partition(";")[0].strip().lower() in _KNOWN:
            named.append((quality, entry.strip().lower()))
    return max(named, key=lambda each: each[0], default=(0.0, ""))[1]


class _Stock:
    """What the database holds, as a collector."""

    def __init__(self, desk: Desk, family: Callable[..., Any]) -> None:
        self._desk = desk
        self._family = family
        self._kept: tuple[float, Stock] | None = None

    def describe(self) -> list["Metric"]:
        """Nothing: registering is no reason to ask the database."""
        return []

    def collect(self) -> Iterator["Metric"]:
        """The families of one look."""
        found = self._found()
        family = self._family
        states = family("xuanfa_deliveries", "Deliveries by state", labels=("channel", "state"))
        for (channel, state), number in found.states.items():
            states.add_metric((channel, state), number)
        due = family("xuanfa_due", "Deliveries that are due and not claimed", labels=("channel",))
        oldest = family("xuanfa_due_oldest_seconds", "Age of the oldest of them", labels=("channel",))
        paused = family("xuanfa_channel_paused", "1 while paused; * is everything", labels=("channel",))
        for channel, number in found.due.items():
            due.add_metric((channel,), number)
        for channel, age in found.oldest.items():
            oldest.add_metric((channel,), age.total_seconds())
        for channel, is_paused in found.paused.items():
            paused.add_metric((channel,), is_paused)
        yield from (states, due, oldest, paused)

    def _found(self) -> Stock:
        begun = time.monotonic()
        if self._kept is not None and begun < self._kept[0]:
            return self._kept[1]
        found = stock(self._desk)
        ended = time.monotonic()
        self._kept = (ended + _KEEP * (ended - begun), found)
        return found
