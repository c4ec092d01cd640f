"""The real program, with its waits shortened and one more kind of channel. Run as a module, with xuanfa's own arguments.

What takes minutes in an office (the answer's timeout, the look after a doubt, the wait before another try) takes seconds here, in the same
order; everything else is the command line as it is shipped.
"""

import sys
from dataclasses import replace
from datetime import timedelta

import httpx

from tests.torture.cuts import cut_connections
from xuanfa.adapters import registry
from xuanfa.adapters.shared.http import Answer, send_once
from xuanfa.adapters.webhook.adapter import WebhookAdapter
from xuanfa.bootstrap import aside, binding
from xuanfa.cli.__main__ import run
from xuanfa.domain import attempt, life
from xuanfa.domain.attempt import Order
from xuanfa.domain.outcome import Absent, Evidence, Published, Staged, Staging, Unknown, Unsent
from xuanfa.domain.receipt import Receipt

#: Seconds within which the receiver must answer.
ANSWER = 2.0


class LookupAdapter(WebhookAdapter):
    """A webhook that prepares first, and whose receiver can be asked what it shows."""

    kind = "lookup"
    traits = replace(WebhookAdapter.traits, confirms=True, looks_max=10_000)

    def stage(self, order: Order) -> Staging:
        answer = self._ask("stage", order.key)
        return Staged(memory={"draft": order.key}) if isinstance(answer, Answer) and answer.ok else Unsent(evidence="")

    def confirm(self, order: Order, ticket: str | None) -> Evidence:
        answer = self._ask("look", order.key)
        if not isinstance(answer, Answer) or not answer.ok:
            return Unknown(evidence="no answer to the look")
        if not answer.fields["shown"]:
            return Absent(evidence="not listed")
        receipt = Receipt(remote_id=answer.fields["id"], address=answer.fields["url"], evidence="listed")
        return Published(receipt=receipt)

    def _ask(self, what: str, key: str) -> Answer | Unsent | Unknown:
        url = f"{self._config.url.get_secret_value()}/{what}"
        return send_once(self._tools.http, "POST", url, headers={"webhook-id": key}, content=b"{}")


def shorten() -> None:
    """Minutes to seconds."""
    binding.TIMEOUT = httpx.Timeout(ANSWER, connect=1.0)  # type: ignore[attr-defined]
    life.FIRST_LOOK = timedelta(seconds=1)
    life.ABSENT_APART = timedelta(seconds=2)
    life.LONGEST_LOOK = timedelta(seconds=2)
    attempt._WAITS = (timedelta(seconds=0.5), timedelta(seconds=1), timedelta(seconds=1), timedelta(seconds=1))


def know_lookup() -> None:
    """Add this storm's own kind of channel to those that are shipped."""
    registry.SHIPPED = {**registry.SHIPPED, "lookup": registry.Kind("tests.torture.worker:LookupAdapter")}


if __name__ == "__main__":
    know_lookup()
    aside._PROGRAM = "tests.torture.reading"  # type: ignore[misc]
    shorten()
    cut_connections()
    sys.argv[0] = "xuanfa"
    run()
