"""What the commands that decide about deliveries share."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from xuanfa.domain.delivery import Delivery
from xuanfa.domain.language import say

F = TypeVar("F", bound=Callable[..., Any])


def ids_argument(function: F) -> F:
    """One or more numbers of deliveries."""
    return click.argument("ids", nargs=-1, required=True, type=int, metavar="ID...")(function)


def each(ids: Sequence[int], decision: Callable[[int], Delivery]) -> None:
    """Decide about each; the first that is not allowed stops the rest, and what was decided before it stays."""
    for delivery in ids:
        show_moved(decision(delivery))


def show_moved(delivery: Delivery) -> None:
    """Where it stands now."""
    click.echo(
        say(
            "投递 {id}（{channel}）：{state}",
            "delivery {id} ({channel}): {state}",
            id=delivery.id,
            channel=delivery.channel,
            state=delivery.state.label,
        )
    )
