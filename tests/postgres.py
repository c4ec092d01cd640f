"""A PostgreSQL server on the loopback, for tests and benchmarks: with its data in a temporary folder, and gone with this process."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa


class PostgresServer:
    """Started when it is made. Without ``durable`` it does not wait for the disk: what survives then is a kill, not a power cut."""

    def __init__(self, *, durable: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="xuanfa-postgres-"))
        self.programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        self.log: list[str] = []
        self._fsync = [] if durable else ["-F"]
        # A server refuses to run as root, so that root's tests run it as the account that Debian made for it.
        self._as = ["setpriv", "--pdeathsig", "INT"]
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            self._as += ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._run("initdb", "--username=tests", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        # One account has to show its password; everybody else on the loopback is let in.
        rules = "host all guarded 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n"
        (self.folder / "data" / "pg_hba.conf").write_text(rules)
        self.start()
        self._admin = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT", pool_pre_ping=True)

    def url(self, name: str) -> str:
        """The address of a database of this name."""
        return f"postgresql+psycopg://tests@127.0.0.1:{self.port}/{name}"

    @property
    def pid(self) -> int:
        """The process that all its others descend from."""
        return self._process.pid

    def sql(self, statement: str) -> None:
        """As the server's owner, outside any transaction."""
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)

    def start(self) -> None:
        """Start the server and wait until it says that it is ready."""
        options = ["-h", "127.0.0.1", "-p", str(self.port), "-k", "", *self._fsync, "-c", "log_min_messages=warning"]
        command = [*self._as, str(self.programs / "postgres"), "-D", str(self.folder / "data"), *options]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | {"LC_ALL": "C"})
        ready = threading.Event()
        threading.Thread(target=self._listen, args=(self._process, ready), daemon=True).start()
        assert ready.wait(60), "".join(self.log)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: ``SIGINT`` ends sessions and closes in order, ``SIGQUIT`` is a crash, which also befalls a server that closes for a minute: a
        process of it that stands still would have it wait for ever."""
        self._process.send_signal(how)
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(60)

    def suspend(self) -> None:
        """Have every process of it stand still, as on a machine that is suspended."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let them go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        """First the process that starts the others, so that there are no new ones meanwhile."""
        os.kill(self.pid, number)
        for child in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii").split():
            with suppress(ProcessLookupError):
                os.kill(int(child), number)

    def close(self) -> None:
        """Stop it and remove its data."""
        self._admin.dispose()
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder)

    def _listen(self, process: "subprocess.Popen[str]", ready: threading.Event) -> None:
        assert process.stderr is not None
        with process.stderr:
            for line in process.stderr:
                self.log.append(line)
                if "ready to accept connections" in line:
                    ready.set()

    def _run(self, program: str, *options: str) -> None:
        command = [*self._as, str(self.programs / program), "-D", str(self.folder / "data"), *options]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, env=os.environ | {"LC_ALL": "C"})
