"""How long commands take to start: ``--help`` beside a bare typer application's, an empty ``publish`` beside its bare imports."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.corpus import make_workspace
from benchmarks.table import Row, median

_TYPER = (
    "import typer\napp = typer.Typer()\n@app.command()\ndef publish(): pass\n@app.command()\ndef run(): pass\napp()\n"
)
_IMPORTS = "import httpx, sqlalchemy, pydantic, jinja2"


def measure(*, quick: bool) -> list[Row]:
    """Median wall time of fresh processes, the four kinds in turn so that noise falls on all alike."""
    rounds = 3 if quick else 21
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_workspace(folder / "w", "http://127.0.0.1:9", posts=0, channels=2, in_flight=20)
        (folder / "bare.py").write_text(_TYPER, encoding="utf-8")
        commands = {
            "typer": [sys.executable, str(folder / "bare.py"), "--help"],
            "help": [sys.executable, "-m", "xuanfa", "--help"],
            "imports": [sys.executable, "-c", _IMPORTS],
            "publish": [sys.executable, "-m", "xuanfa", "publish", "-w", str(folder / "w")],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(rounds + 1):
            for what, command in commands.items():
                begun = time.perf_counter()
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
                times[what].append(time.perf_counter() - begun)
    # The first round fills caches and makes the database.
    typer, ours, imports, empty = (median(times[what][1:]) for what in ("typer", "help", "imports", "publish"))
    return [
        Row("bare typer application --help", f"{typer * 1e3:.0f} ms"),
        Row("xuanfa --help", f"{ours * 1e3:.0f} ms", f"{ours / typer:.2f} times", "≤ 1.3"),
        Row("python importing httpx, sqlalchemy, pydantic, jinja2", f"{imports * 1e3:.0f} ms"),
        Row("empty xuanfa publish", f"{empty * 1e3:.0f} ms", f"{empty / imports:.2f} times", "≤ 1.5"),
    ]
