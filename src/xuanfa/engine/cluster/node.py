"""A node of the cluster: ``xuanfa worker``. Takes jobs until told to stop; what is in flight then is finished and settled."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from threading import Event
from typing import TYPE_CHECKING, Final

from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.domain.node import WORKER
from xuanfa.domain.remedy import Remedy
from xuanfa.engine.announcing import Announcing
from xuanfa.engine.cluster.jobs import COMMON, INBOX, Jobs, queue_of
from xuanfa.engine.cluster.station import Station
from xuanfa.engine.evenness import Evenness
from xuanfa.engine.figures import Figures
from xuanfa.engine.heartbeat import Heartbeat
from xuanfa.engine.notify import notify
from xuanfa.engine.proving import Proving
from xuanfa.engine.pulse import Pulse
from xuanfa.engine.workers import Workers
from xuanfa.operations.desk import Desk

if TYPE_CHECKING:
    import procrastinate

log = logging.getLogger(__name__)

#: How long a node waits before it goes back to a database that was away. Seconds.
AGAIN: Final = 2.0
#: How often a node looks for jobs that it was not told of; it is told of each, unless a connection was lost. Seconds.
POLL: Final = 5.0
#: How often a node gives Procrastinate its sign of life; four times before it counts as gone. Seconds.
BEAT: Final = 5.0
#: Jobs besides the channels' own that a node may do at once.
_BESIDES: Final = 10


class ClusterNode:
    """One node. Raises ConfigError where the database is not PostgreSQL, or Procrastinate is not installed."""

    def __init__(
        self, desk: Desk, *, channels: Sequence[str] = (), inbox: bool = True, figures: Figures | None = None
    ) -> None:
        _require_cluster(desk)
        self._channels = channels
        self.reads_inbox = inbox
        #: Whether it gets on with its work.
        self.pulse = Pulse()
        self._figures = figures
        self._got_on = (lambda: None) if figures is None else figures.got_on
        self._stopping = Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._taking: asyncio.Task[None] | None = None
        # It belongs to the process, not to a connection: a step of the clock while the database is away must not be forgotten.
        self._evenness = Evenness(desk.clock)
        self._begin(desk)

    def _begin(self, desk: Desk) -> None:
        """What goes by the settings as they are now."""
        self._desk = desk
        self._queues = [COMMON, *([INBOX] if self.reads_inbox else []), *map(queue_of, self._channels or desk.channels)]
        self._workers = Workers(desk.adapters, desk.in_flight, desk.clock)
        self._announcing = Announcing(desk)
        if self._figures is not None:
            self._workers.observe = self._figures.attempt
            self._figures.in_flight.set_function(lambda: self._workers.in_flight)
        passed = (lambda _seconds: None) if self._figures is None else self._figures.passed
        self._station = Station(desk, self._workers, self.pulse.beat, passed)
        #: Set when nothing more is to be taken by these settings.
        self._over = Event()

    def run(self) -> None:
        """Until ``stop``. A database that is away is waited for. Where the settings change, what was taken is finished first."""
        _make_queue_tables(self._desk)
        self._season()
        while not self._stopping.is_set():
            self._begin(self._desk.newest())
            self._season()
        notify("STOPPING=1")

    def _season(self) -> None:
        """Until ``stop``, or until there are other settings."""
        with (
            self._workers,
            self._announcing,
            Heartbeat(self._desk, WORKER, self._channels, self._got_on),
            self._station,
            Proving(self._desk),
        ):
            asyncio.run(self._serve())
            self._loop = None

    def stop(self) -> None:
        """End soon; may be called from a signal handler or another thread."""
        self._stopping.set()
        self._end_season()

    def _end_season(self) -> None:
        self._over.set()
        self._station.stop()
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # it has just ended
                loop.call_soon_threadsafe(self._let_go)

    def _let_go(self) -> None:
        if self._taking is not None:
            self._taking.cancel()  # Procrastinate takes nothing more then, and waits for the jobs that are being done

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        mind = asyncio.create_task(self._mind())
        notify("READY=1")
        while not self._over.is_set():
            self._taking = asyncio.create_task(self._take_jobs())
            if self._over.is_set():  # it was asked to just before there was anything to cancel
                self._taking.cancel()
            with suppress(asyncio.CancelledError):
                await self._taking
            self._taking = None
            if not self._over.is_set():
                await asyncio.sleep(AGAIN)
        mind.cancel()

    async def _take_jobs(self) -> None:
        """Take jobs until cancelled, or until the database is away."""
        import procrastinate  # noqa: PLC0415 - optional
        import psycopg  # noqa: PLC0415

        app = procrastinate.App(connector=self._connector())
        Jobs(self._desk, self._station, self._evenness, app, self._over.is_set)
        try:
            async with app.open_async():
                await app.run_worker_async(
                    name=self._desk.node,
                    queues=self._queues,
                    concurrency=len(self._desk.channels) + _BESIDES,
                    fetch_job_polling_interval=POLL,
                    update_heartbeat_interval=BEAT,
                    delete_jobs="always",
                    install_signal_handlers=False,
                )
        except (procrastinate.exceptions.ProcrastinateException, psycopg.Error, OSError) as error:
            log.error(  # noqa: TRY400 - a trace would bury what to do
                "%s",
                say(
                    "节点取不到任务（{why}）：{n} 秒后再试。请检查数据库是否在运行、网络是否通畅。",
                    "this node cannot take jobs ({why}); trying again in {n} seconds. See that the database runs and can be reached.",
                    why=type(error.__cause__ or error).__name__,
                    n=AGAIN,
                ),
            )

    def _connector(self) -> "procrastinate.PsycopgConnector":
        import procrastinate  # noqa: PLC0415 - optional

        address = self._desk.store.conninfo(search_path=_schema())
        return procrastinate.PsycopgConnector(conninfo=address, min_size=1, max_size=4, timeout=10)

    async def _mind(self) -> None:
        """See to the clock, to systemd and to the settings, every second."""
        while True:
            await asyncio.sleep(1)
            self._evenness.lasted(self._desk.lease)  # asked often, or a step is seen late
            self.pulse.feed()
            if self._stopping.is_set() or await asyncio.to_thread(self._desk.newest) is not self._desk:
                self._end_season()


def _require_cluster(desk: Desk) -> None:
    if desk.store.file is not None:
        raise ConfigError(
            say(
                "{worker} 需要 PostgreSQL：请把 database_url 设为 postgresql://…；只有一台机器时用 {run}。",
                "{worker} needs PostgreSQL: set database_url to postgresql://…; on one machine, use {run}.",
                worker=Remedy("worker"),
                run=Remedy("run"),
            )
        )
    try:
        import procrastinate  # noqa: F401, PLC0415 - optional
    except ImportError as error:
        raise ConfigError(
            say(
                "没有安装 Procrastinate，不能多机运行：请运行 pip install 'xuanfa[cluster]'。",
                "Procrastinate is not installed, so there are no nodes: run pip install 'xuanfa[cluster]'.",
            )
        ) from error


def _schema() -> str:
    """Where this version of Procrastinate has its tables. Another version has others: jobs are nudges, and need no migration."""
    return f"xuanfa_jobs_{version('procrastinate').replace('.', '_')}"


def _make_queue_tables(desk: Desk) -> None:
    from procrastinate.schema import SchemaManager  # noqa: PLC0415 - optional

    desk.store.make_queue_tables(_schema(), SchemaManager.get_schema())
