"""One pass of sending, on the thread of the test."""

from xuanfa.operations.desk import Desk
from xuanfa.operations.sending.perform import Done, perform
from xuanfa.operations.sending.publish import begin, refresh, turn


def sent(desk: Desk) -> None:
    """Send what is due by the desk's clock, until nothing is under way."""
    run, results = begin(desk), list[Done]()
    while True:
        jobs = turn(desk, run, results, 50)
        results = [perform(desk.adapters, job) for job in jobs]
        if not results:
            refresh(desk, run)
            if not run.active:
                return
