"""``xuanfa publish``: one pass, for cron and timers."""

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import click

from xuanfa.cli.progress import Meter
from xuanfa.cli.shared import desk, json_option, print_json, workspace_option
from xuanfa.cli.summary import count_sentence, exit_code, print_problems, state_sentence
from xuanfa.domain.delivery import State
from xuanfa.domain.language import say


@click.command()
@workspace_option
@json_option
@click.option("-v", "--verbose", is_flag=True, help=say("逐条显示经过", "Show every move"))
@click.pass_context
def command(ctx: click.Context, workspace: Path | None, as_json: bool, verbose: bool) -> None:
    from xuanfa.engine.announcing import announce_once  # noqa: PLC0415
    from xuanfa.engine.once import Progress, one_pass  # noqa: PLC0415
    from xuanfa.engine.proving import prove_once  # noqa: PLC0415
    from xuanfa.engine.watch import tell_once  # noqa: PLC0415

    begun = datetime.now(UTC)
    with desk(workspace, verbose=verbose, aside=True) as opened:
        meter, stopping = Meter(), Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        told = Progress(read=meter.read, settled=meter.settled)
        report = one_pass(opened, in_flight=opened.in_flight, stopping=stopping, progress=told)
        meter.close()
        print_problems(report.queued)
        code = exit_code(opened, report.queued.problems, begun)
        if as_json:
            from xuanfa.reports.counts import Period, count  # noqa: PLC0415

            states = {state.value: report.states.get(state, 0) for state in State if state is not State.PUBLISHING}
            rehearsed = {state.value: number for state, number in report.rehearsed.items() if number}
            print_json(
                states
                | ({"rehearsed": rehearsed} if rehearsed else {})
                | {"count": count(opened.store, Period(zone=opened.zone)).items}
            )
        else:
            click.echo(state_sentence(report))
            if sum(report.states.values()):
                for line in count_sentence(opened):
                    click.echo(line)
        sys.stdout.flush()  # what was published is said before anybody is told of what was not
        announce_once(opened, stopping)
        prove_once(opened, stopping)
        tell_once(opened)
    ctx.exit(code)
