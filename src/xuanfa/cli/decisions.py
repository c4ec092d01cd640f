"""What the commands that decide about deliveries share."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from xuanfa.cli.failures import NEEDS_PERSON, as_json_object, code_of
from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import desk, json_option, print_json, shown_time, why_option, workspace_option
from xuanfa.cli.veil import veil
from xuanfa.domain.act import OfDelivery
from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.errors import XuanfaError
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.domain.person import Person
    from xuanfa.operations.desk import Desk

F = TypeVar("F", bound=Callable[..., Any])

#: The largest number of a delivery that both databases can hold.
_LARGEST = 2**31 - 1


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


def decision(act: Callable[..., OfDelivery]) -> click.Command:
    """The command by which an act that takes nothing more is done to deliveries."""

    @click.command()
    @workspace_option
    @json_option
    @ids_argument
    @as_option
    @why_option(required=False)
    def command(*, as_json: bool, workspace: Path | None, ids: Sequence[int], why: str) -> None:
        with desk(workspace) as opened:
            each(opened, [act(delivery=number) for number in ids], person(opened, why), as_json=as_json)

    return command


def each(opened: "Desk", acts: Iterable[OfDelivery], by: "Person", *, as_json: bool) -> None:
    """Carry out each; the first that is refused stops the rest, and what was decided before it stays, and is told."""
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - heavy, and not needed for --help

    decided: list[int] = []
    for act in acts:
        try:
            moved = carry_out(opened, act, by)
        except XuanfaError as error:
            if as_json:
                _end_half_way(opened, decided, error)
            raise
        decided.append(moved.id)
        if not as_json:
            show_moved(opened, moved)
    if as_json:
        print_json(_rows(opened, decided))


def show_moved(opened: "Desk", delivery: Delivery, *, as_json: bool = False) -> None:
    """Where it stands now; of what waits for its time, also when that is."""
    if as_json:
        print_json(_rows(opened, [delivery.id])[0])
        return
    text = say(
        "投递 {id}（{channel}）：{state}",
        "delivery {id} ({channel}): {state}",
        id=delivery.id,
        channel=delivery.channel,
        state=delivery.state.label,
    )
    if delivery.state is State.SCHEDULED:
        text += say("，{at} 发", ", to go out {at}", at=shown_time(delivery.ready_at, opened.zone))
    click.echo(text)


def _end_half_way(opened: "Desk", decided: Sequence[int], error: XuanfaError) -> NoReturn:
    done = _rows(opened, decided)
    print_json(as_json_object(code_of(error), str(error), NEEDS_PERSON, done=done))
    raise click.exceptions.Exit(NEEDS_PERSON)


def _rows(opened: "Desk", ids: Sequence[int]) -> list[dict[str, Any]]:
    """As ``xuanfa deliveries --json`` has them, in the order in which they were decided."""
    from xuanfa.reports.listing import list_deliveries  # noqa: PLC0415

    found = list_deliveries(opened.store, ids=ids, veil=veil(opened)) if ids else []
    rows = {row.id: row.as_json() for row in found}
    return [rows[number] for number in ids]
