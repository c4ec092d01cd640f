"""What the commands that decide about deliveries share."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from xuanfa.domain.delivery import Delivery
from xuanfa.domain.language import say

F = TypeVar("F", bound=Callable[..., Any])

#: The largest number that a database can hold.
_LARGEST = 2**63 - 1


class Number(click.ParamType[int]):
    """The number of a delivery, as ``xuanfa deliveries`` shows it."""

    name = "id"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """From what was typed; ``#12`` will do."""
        found = as_number(str(value).removeprefix("#"))
        if found is None:
            hint = say("“{v}”不是投递编号（见 xuanfa deliveries）。", "{v!r} is no number of a delivery.", v=value)
            self.fail(hint, param, ctx)
        return found


def as_number(text: str) -> int | None:
    """The number that ``text`` could be; ``None`` where it is not one."""
    if not (text.isascii() and text.isdigit()):
        return None
    number = int(text)
    return number if number <= _LARGEST else None


def ids_argument(function: F) -> F:
    """One or more numbers of deliveries."""
    return click.argument("ids", nargs=-1, required=True, type=Number(), metavar="ID...")(function)


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
