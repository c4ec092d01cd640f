"""Jobs: what nodes hand each other. A job is a nudge, never a delivery: losing one loses a second, repeating one does nothing.

Each runs on the node's event loop and has its blocking work done on a thread. Nothing is retried: the next tick finds whatever is left.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Final

from xuanfa.domain.errors import XuanfaError, broken_off
from xuanfa.domain.node import WORKER
from xuanfa.engine.cluster.station import Station
from xuanfa.engine.evenness import Evenness
from xuanfa.engine.telling import Telling
from xuanfa.operations.deciding.bound import leave_elsewhere
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import Onlooker, queue
from xuanfa.operations.keeping.memory import see
from xuanfa.operations.keeping.seal import seal_if_due
from xuanfa.operations.proving.passes import prove_due
from xuanfa.operations.restricting.links import end_links
from xuanfa.operations.reviewing.expiry import expire_reviews
from xuanfa.operations.sending.batches import BATCH, Due, due_batches, is_ordered
from xuanfa.operations.sending.greying import grey_sites
from xuanfa.operations.sending.publish import hold_orphans, hold_stranded, hold_unapproved
from xuanfa.operations.sending.settle import lapse
from xuanfa.operations.watching.digest import tell_people
from xuanfa.operations.withdrawing.carry_on import carry_on

if TYPE_CHECKING:
    from procrastinate import App

log = logging.getLogger(__name__)

#: The queue of the jobs that any node may do, and that of reading ``posts/``, for nodes that have the folder.
COMMON, INBOX = "common", "inbox"
#: A node whose sign of life is older than this has lost its jobs. Seconds.
STALLED: Final = 20.0


def queue_of(channel: str) -> str:
    """The queue of a channel's batches: a node takes from those of the channels that it sees to."""
    return f"channel {channel}"


class Jobs:
    """The jobs of one node, entered into its Procrastinate app."""

    def __init__(
        self, desk: Desk, station: Station, evenness: Evenness, app: "App", is_stopping: Callable[[], bool]
    ) -> None:
        self._desk = desk
        self._station = station
        self._app = app
        self._evenness = evenness
        self._telling = Telling()
        self._is_stopping = is_stopping
        app.task(name="publish")(_told(self.publish))
        self._often("* * * * * *", self.tick)
        self._often("* * * * * */5", self.confirm, alone=True)
        self._often("* * * * * */5", self.tidy)
        self._often("* * * * * */5", self.withdraw, alone=True)
        self._often("* * * * * */30", self.alarms, alone=True)
        self._often("* * * * * */30", self.prove, alone=True)
        self._often(_every(desk.scan_every), self.inbox, queue=INBOX, alone=True)

    async def tick(self, timestamp: int) -> None:
        """Hand out what is due. Every second, by one node for all."""
        for due in await asyncio.to_thread(due_batches, self._desk, WORKER):
            await self._hand_out(due)

    async def publish(self, channel: str) -> None:
        """Send one batch of what is due on a channel, then hand out what is left."""
        if channel not in self._desk.channels:
            log.error("channel %s is not in the settings of this node", channel)
            return
        over = self._station.send(channel, BATCH, settles=is_ordered(self._desk, channel))
        await asyncio.wrap_future(over)
        for due in await asyncio.to_thread(due_batches, self._desk, WORKER, [channel]):
            await self._hand_out(due)

    async def confirm(self, timestamp: int) -> None:
        """Look for what became of deliveries that are accepted or in doubt."""
        await asyncio.wrap_future(self._station.look())

    async def tidy(self, timestamp: int) -> None:
        """Give up what was lost with its node: deliveries into doubt, jobs for good. And seal the history now and then."""
        from procrastinate.jobs import Status  # noqa: PLC0415 - optional

        await asyncio.to_thread(self._give_up)
        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
            log.warning("the node of job %s (%s) is gone", job.id, job.call_string)
            await manager.finish_job(job, Status.FAILED, delete_job=True)

    async def withdraw(self, timestamp: int) -> None:
        """Go on with withdrawals and corrections, and with those whose time has come."""
        await asyncio.to_thread(carry_on, self._desk)

    async def alarms(self, timestamp: int) -> None:
        """Tell people what waits for them."""
        await asyncio.to_thread(tell_people, self._desk)

    async def prove(self, timestamp: int) -> None:
        """Look at the public pages that are due."""
        await asyncio.to_thread(prove_due, self._desk, self._is_stopping)

    async def inbox(self, timestamp: int) -> None:
        """Read ``posts/``."""
        await asyncio.to_thread(self._read_inbox)

    def _often(
        self, cron: str, job: Callable[..., Awaitable[None]], *, queue: str = COMMON, alone: bool = False
    ) -> None:
        """Have a job done now and then: one of its kind waits at most, and ``alone``, one at a time is done.

        What frees the locks of nodes that are gone must not need one.
        """
        name = job.__name__
        task = self._app.task(name=name, queue=queue, queueing_lock=name, lock=name if alone else None)(_told(job))
        self._app.periodic(cron=cron)(task)

    async def _hand_out(self, due: Due) -> None:
        """A job for each batch, unless one is waiting already. Of an ordered channel, one at a time is done."""
        from procrastinate.exceptions import AlreadyEnqueued  # noqa: PLC0415 - optional

        lock = due.channel if is_ordered(self._desk, due.channel) else None
        for number in range(due.batches):
            waiting = f"{due.channel} {number}"
            job = self._app.configure_task("publish", queue=queue_of(due.channel), lock=lock, queueing_lock=waiting)
            with suppress(AlreadyEnqueued):
                await job.defer_async(channel=due.channel)

    def _read_inbox(self) -> None:
        see(self._desk)  # posts that are read into a database that has forgotten them are held
        self._telling.tell(queue(self._desk, onlooker=Onlooker(is_stopping=self._is_stopping)))

    def _give_up(self) -> None:
        if self._evenness.lasted(self._desk.lease):
            lapse(self._desk)
        hold_stranded(self._desk)
        expire_reviews(self._desk)
        end_links(self._desk)
        hold_unapproved(self._desk)
        hold_orphans(self._desk)
        leave_elsewhere(self._desk)
        grey_sites(self._desk)
        seal_if_due(self._desk)


def _every(span: timedelta) -> str:
    """The cron rule, with seconds at its end, for about every ``span``."""
    seconds = int(span.total_seconds())
    return f"* * * * * */{seconds}" if seconds < 60 else f"*/{min(seconds // 60, 59)} * * * * 0"  # noqa: PLR2004 - a minute


def _told(job: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The job, whose trouble is logged here and ends here: the next one of its kind tries again."""

    @wraps(job)
    async def done(**arguments: object) -> None:
        try:
            await job(**arguments)
        except XuanfaError as error:
            log.error("%s", error)  # noqa: TRY400 - the message says what to do; a trace would bury it
        except OSError as error:
            log.error("%s", broken_off(error))  # noqa: TRY400 - see above
        except Exception:
            log.exception("the job %s failed", job.__name__)

    return done
