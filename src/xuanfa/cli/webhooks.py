"""``xuanfa webhooks``: what other programs are told, and what they could not be told."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from xuanfa.cli.failures import NEEDS_PERSON
from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import (
    F,
    desk,
    group_of_workspace,
    json_option,
    looking,
    print_json,
    shown_time,
    why_option,
    workspace_of_group_option,
)
from xuanfa.cli.tables import print_table
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.webhook import Sent, new_secret

if TYPE_CHECKING:
    from datetime import tzinfo

    from xuanfa.domain.webhook import Message
    from xuanfa.operations.desk import Desk
    from xuanfa.reports.outbox import Tally

_STATES: Final = {
    Sent.WAITING: ("待送", "waiting"),
    Sent.SENT: ("已送到", "sent"),
    Sent.GIVEN_UP: ("没送到", "given up"),
    Sent.DROPPED: ("不再发", "let be"),
}
_MOST: Final = click.IntRange(1, 1_000)


command = group_of_workspace()


@command.command("list", help=say("列出接收方和最近的回调", "List the receivers and the newest messages"))
@click.option("--to", metavar="NAME", default="", help=say("只看这个接收方", "one receiver only"))
@click.option("--unsent", is_flag=True, help=say("只看没送到的", "only what was not taken"))
@click.option("--last", metavar="N", type=_MOST, default=20, show_default=True, help=say("最近 N 条", "the newest N"))
@workspace_of_group_option
@json_option
@click.pass_context
def list_command(
    ctx: click.Context, *, workspace: Path | None, as_json: bool, to: str, unsent: bool, last: int
) -> None:
    from xuanfa.reports.outbox import receivers_and_messages  # noqa: PLC0415 - not needed for --help

    with looking(workspace) as opened:
        states = (Sent.WAITING, Sent.GIVEN_UP) if unsent else ()
        tallies, found = receivers_and_messages(opened.store, endpoint=to, states=states, most=last)
        code = NEEDS_PERSON if any(each.counts.get(Sent.GIVEN_UP) for each in tallies) else 0
        if as_json:
            print_json(_as_json(opened, tallies, found))
        else:
            _print(opened, tallies, found)
    ctx.exit(code)


def _of_messages(function: F) -> F:
    """Which messages, in whose name and how it is told, of a command that decides about some."""
    lacking = say("这个接收方所有没送到的", "all that this receiver lacks")
    function = click.option("--to", metavar="NAME", default="", help=lacking)(
        workspace_of_group_option(json_option(as_option(function)))
    )
    return click.argument("messages", type=click.IntRange(1, 2**31 - 1), metavar="[ID]...", nargs=-1)(function)


@command.command("resend", help=say("重发：接收方好了以后", "Send messages again, once the receiver is there"))
@_of_messages
@why_option(required=False)
def resend_command(*, workspace: Path | None, as_json: bool, messages: tuple[int, ...], to: str, why: str) -> None:
    from xuanfa.domain.act_outward import ResendMessages  # noqa: PLC0415 - not needed for --help
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - as above

    with desk(workspace) as opened:
        numbers = messages or _given_up(opened, to)
        count = carry_out(opened, ResendMessages(messages=numbers), person(opened, why))
    text = say(
        "{n} 条回调会重发，由正在运行的程序或下一次 publish 送出。",
        "{n} messages will be sent again by what is running, or by the next publish.",
        n=count,
    )
    _done(text, count, as_json=as_json)


@command.command("drop", help=say("不再发这些回调", "Let messages be"))
@_of_messages
@why_option(required=True)
def drop_command(*, workspace: Path | None, as_json: bool, messages: tuple[int, ...], to: str, why: str) -> None:
    from xuanfa.domain.act_outward import DropMessages  # noqa: PLC0415 - not needed for --help
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - as above

    with desk(workspace) as opened:
        numbers = messages or _given_up(opened, to, waiting=to not in opened.webhooks.endpoints)
        count = carry_out(opened, DropMessages(messages=numbers), person(opened, why))
    _done(say("{n} 条回调不再发。", "{n} messages are let be.", n=count), count, as_json=as_json)


@command.command("test", help=say("试送一条，看接收方收不收", "Send one message to try a receiver"))
@click.argument("receiver", metavar="NAME", default="")
@workspace_of_group_option
@json_option
@as_option
@click.pass_context
def test_command(ctx: click.Context, *, receiver: str, workspace: Path | None, as_json: bool) -> None:
    from xuanfa.domain.act_outward import TryReceiver  # noqa: PLC0415 - not needed for --help
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - as above

    with desk(workspace) as opened:
        receiver = receiver or _only_one(opened)
        answer = carry_out(opened, TryReceiver(receiver=receiver), person(opened, ""))
    if as_json:
        facts = {"receiver": receiver, "taken": answer.is_taken, "status": answer.status, "why": answer.why}
        print_json(facts)
    elif answer.is_taken:
        click.echo(
            say(
                "✓ {name} 收下了（{status}）。这一条只为试送，没有别的意思。",
                "✓ {name} has taken it ({status}). That message was a try and means nothing else.",
                name=receiver,
                status=answer.status,
            )
        )
    else:
        click.echo(
            say(
                "✗ {name} 没有收下：{why}。请把这句话告诉管接收方的同志；网址和密钥在 [webhooks.{name}] 和 .env 里。",
                "✗ {name} has not taken it: {why}. Tell whoever keeps the receiver; its address and secret stand in [webhooks.{name}] and .env.",
                name=receiver,
                why=answer.why,
            )
        )
    ctx.exit(0 if answer.is_taken else NEEDS_PERSON)


def _only_one(opened: "Desk") -> str:
    known = list(opened.webhooks.endpoints)
    if len(known) == 1:
        return known[0]
    if not known:
        raise StateError(
            say("没有设置回调：写法见 docs/webhooks.md。", "No webhooks are set: docs/webhooks.md shows how.")
        )
    raise StateError(
        say(
            "有几个接收方，请写名字：{all}。",
            "There are several receivers; name one: {all}.",
            all=say("、", ", ").join(known),
        )
    )


@command.command("secret", help=say("生成一个密钥，写进 .env", "Make a secret for .env"))
def secret_command() -> None:
    click.echo(new_secret())


def _given_up(opened: "Desk", to: str, *, waiting: bool = False) -> tuple[int, ...]:
    from xuanfa.reports.outbox import receivers_and_messages  # noqa: PLC0415 - not needed for --help

    if not to:
        raise StateError(
            say("请写回调的编号，或用 --to 写接收方。", "Name messages by their numbers, or a receiver with --to.")
        )
    states = (Sent.GIVEN_UP, Sent.WAITING) if waiting else (Sent.GIVEN_UP,)
    _, found = receivers_and_messages(opened.store, endpoint=to, states=states, most=1_000)
    if not found:
        raise StateError(say("接收方 {name} 没有没送到的回调。", "The receiver {name} lacks nothing.", name=to))
    return tuple(sorted(each.id for each in found))


def _done(text: str, count: int, *, as_json: bool) -> None:
    if as_json:
        print_json({"messages": count})
    else:
        click.echo(text)


def _as_json(opened: "Desk", tallies: "list[Tally]", found: "list[Message]") -> dict[str, Any]:
    by_name = {each.endpoint: each for each in tallies}
    names = sorted(by_name.keys() | opened.webhooks.endpoints.keys())
    return {
        "receivers": [
            {
                "name": name,
                "set": name in opened.webhooks.endpoints,
                **{state.value: by_name[name].counts.get(state, 0) if name in by_name else 0 for state in Sent},
            }
            for name in names
        ],
        "messages": [
            {
                "id": each.id,
                "webhook_id": each.message,
                "receiver": each.endpoint,
                "type": each.event,
                "at": each.at,
                "delivery": each.delivery_id,
                "state": each.state.value,
                "tries": each.tries,
                "next_at": each.next_at,
                "ended_at": each.ended_at,
                "why": each.why,
            }
            for each in found
        ],
    }


def _print(opened: "Desk", tallies: "list[Tally]", found: "list[Message]") -> None:
    by_name, names = {each.endpoint: each for each in tallies}, [*opened.webhooks.endpoints]
    names += sorted(by_name.keys() - opened.webhooks.endpoints.keys())
    if not names:
        click.echo(say("没有设置回调：写法见 docs/webhooks.md。", "No webhooks are set: docs/webhooks.md shows how."))
        return
    head = (say("接收方", "Receiver"), *(say(*words) for words in _STATES.values()))
    rows = [
        (name, *(str(by_name[name].counts.get(state, 0) if name in by_name else 0) for state in _STATES))
        for name in names
    ]
    print_table(head, rows)
    if found:
        click.echo()
        _print_messages(found, opened.zone)


def _print_messages(found: "list[Message]", zone: "tzinfo") -> None:
    head = (
        say("编号", "ID"),
        say("接收方", "Receiver"),
        say("事件", "Event"),
        say("投递", "Delivery"),
        say("时间", "Time"),
        say("状态", "State"),
        say("次数", "Tries"),
        say("说明", "Note"),
    )
    rows = [
        (
            str(each.id),
            each.endpoint,
            each.event,
            str(each.delivery_id or "-"),
            shown_time(each.at, zone),
            say(*_STATES[each.state]),
            str(each.tries),
            _note(each, zone),
        )
        for each in found
    ]
    print_table(head, rows, soft=(7,), last=True)


def _note(message: "Message", zone: "tzinfo") -> str:
    if message.state is Sent.WAITING and message.next_at is not None and message.tries:
        when = shown_time(message.next_at, zone)
        return say("{why}；{at} 再试", "{why}; tried again at {at}", why=message.why, at=when)
    return message.why
