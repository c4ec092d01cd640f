"""Torture: ``python -m tests.torture [--deliveries N] [--seed N] [sqlite|postgresql …]``; ends with 1 when a promise was broken.

The seed says which faults come, when and upon whom; what the processes are just doing then is up to the machine.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.torture.account import Account
from tests.torture.clerk import Clerk, Terminal
from tests.torture.databases import Database, Postgresql, Sqlite
from tests.torture.gate import Gate
from tests.torture.office import CHANNELS, Worker, furnish
from tests.torture.receiver import Receiver
from tests.torture.reviewers import Reviewers
from tests.torture.storm import COMMANDS, Storm
from tests.torture.wire import Loop


def main() -> int:
    """Torture each, and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("databases", nargs="*", choices=["sqlite", "postgresql", []], help="default: both")
    parser.add_argument("--deliveries", type=int, default=2000, help="at least so many (default 2000)")
    parser.add_argument(
        "--seed", type=int, default=int(time.time()), help="which faults come (default: another each time)"
    )
    parser.add_argument(
        "--no-mount", action="store_true", help="fill no small disk, limit the processes' files instead"
    )
    parser.add_argument(
        "--kill-every", type=float, help="mean seconds between kills (default: 1, more on a slow machine)"
    )
    parser.add_argument("--no-review", action="store_true", help="no post needs a review (default: every other one)")
    options = parser.parse_args()
    broken = 0
    for name in options.databases or ["sqlite", "postgresql"]:
        broken += torture(name, options)
    return 1 if broken else 0


def torture(name: str, options: argparse.Namespace) -> int:
    """One run; how often a promise was broken. The folder is kept where one was."""
    folder, seed = Path(tempfile.mkdtemp(prefix="xuanfa-torture-")), options.seed
    loop, receiver = Loop(), Receiver(random.Random(seed))  # noqa: S311 - faults are drawn, not secrets
    office = folder / "office"
    with ExitStack() as stack:
        stack.callback(loop.close)
        loop.do(receiver.listen())
        stack.callback(lambda: loop.do(receiver.close()))
        gate = Gate(receiver.port)
        stack.callback(gate.close)
        furnish(office, gate.url)
        database = stack.enter_context(_database(name, office, loop, mount=not options.no_mount))
        terminal = Terminal(office, database.environ(), folder / "clerk.log")
        stack.callback(terminal.close)
        workers = _workers(database, folder)
        for worker in workers:
            stack.callback(worker.close)
        clerk = Clerk(office, receiver, gate.url, terminal)
        reviewers = None
        if not options.no_review:
            typing = Terminal(office, database.environ(), folder / "reviewers.log")
            reviewers = Reviewers(office, typing, random.Random(seed))  # noqa: S311 - not a secret
            stack.callback(reviewers.close)
        storm = Storm(office, receiver, gate, clerk, reviewers, database, workers, options.deliveries, seed)
        storm.tell, storm.kill_every = _tell, options.kill_every or 0.0
        print(
            f"torture: {database.name}, {len(workers)} processes, {storm.posts} posts to {len(CHANNELS)} channels, seed {seed}",
            flush=True,
        )
        storm.run()
        verified = terminal("verify")
        account = Account(storm, workers, receiver, database)
        if verified.code:
            account.violations.append(f"verify ended with {verified.code}: {verified.out}{verified.err}")
        print("\n".join(report(account)), flush=True)
    if account.violations:
        (folder / "violations.txt").write_text("\n".join(account.violations), encoding="utf-8")
        print(f"  logs, and all violations in violations.txt: {folder}", flush=True)
    else:
        shutil.rmtree(folder)
    return len(account.violations)


def _tell(line: str) -> None:
    print(line, flush=True)


@contextmanager
def _database(name: str, office: Path, loop: Loop, *, mount: bool) -> Iterator[Database]:
    database: Database = Sqlite(office, mount) if name == "sqlite" else Postgresql(loop)
    try:
        yield database
    finally:
        database.close()


def _workers(database: Database, folder: Path) -> list[Worker]:
    workers = [
        Worker(f"{'-'.join(command)}-{number}", command, folder / "office", folder / f"worker-{number}.log")
        for number, command in enumerate(COMMANDS[database.name], 1)
    ]
    for worker in workers:
        database.equip(worker)
    return workers


def report(account: Account) -> Iterator[str]:
    """For a person."""
    storm, receiver, database = account.storm, account.receiver, account.database
    lives = [life for worker in account.workers for life in worker.lives]
    at_kills = [account.in_flight_at(life) for life in account.killed]
    met = Counter(request.answer for request in receiver.requests)
    mixed = Counter(f"{request.what or 'publish'}" for request in receiver.requests)
    troubles = Counter(fault.kind for fault in database.faults)
    yield f"  deliveries        {len(account.rows)} in {storm.seconds:.0f} s"
    yield f"  requests          {_counts(mixed)}"
    yield f"  answers           {_counts(met)}"
    yield f"  processes         {len(lives)} started, {len(account.killed)} killed, {sum(life.how == 'stop' for life in lives)} asked to stop"
    halts = [halt for life in lives for halt in life.halts]
    yield f"  stopped           {len(halts)} times a process, {len(storm.gate.halts)} times the receiver, for longer than a lease each"
    yield f"  settings          {_counts(storm.turns) or 'not changed'}"
    yield f"  put back          {storm.put_backs} times an older database; {storm.clerk.decisions} decisions of the clerk"
    if storm.reviewers is not None:
        yield f"  reviewers         {_counts(Counter(storm.reviewers.said))}; {storm.reviewers.edits} edits"
        yield f"  approved          {len(account.keys)} of {len(storm.reviewers.book)} renditions that they have seen"
        yield f"  not approved      {len(account.unapproved)} seen by readers, of {account.of_reviewed} of reviewed posts"
    yield f"  kills             one in {storm.kill_every:.1f} s on average"
    yield f"  database          {_counts(troubles) or 'no trouble'}  ({database.note})"
    in_trouble = [account.in_flight_during(fault) for fault in database.faults]
    yield f"  in flight         at kills {sum(at_kills)} attempts (most {max(at_kills, default=0)} of one process)"
    yield f"                    at kills {sum(storm.under_way)} requests at the receiver, of all processes"
    yield f"                    in trouble with the database {sum(in_trouble)} attempts"
    yield f"  states            {_counts(account.states)}"
    yield f"  causes of doubt   {_counts(account.causes) or 'none'}"
    yield f"  doubts removed    {account.removed} by evidence: cut in the middle of a request ({receiver.torn} arrived in part)"
    yield f"  seen twice        {len(account.twice)}"
    yield f"  lost              {len(account.lost)}"
    yield f"  in doubt          {account.states['unknown']}, of at most {account.bound} that were in flight at a fault"
    for violation in account.violations[:20]:
        yield f"  VIOLATED          {violation}"
    yield "  every promise held" if not account.violations else f"  {len(account.violations)} violations"


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counter.items()))


if __name__ == "__main__":
    sys.exit(main())
