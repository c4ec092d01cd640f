"""``python -m benchmarks [--quick] [--worker COMMAND] [name …]``: measure, print the tables, and name the machine."""

import argparse
import importlib
import os
import tempfile

from benchmarks.table import as_markdown, machine

#: A table's name, its title, and the module that measures it.
ALL = {
    "drain": ("Throughput", "drain"),
    "exchange": ("What the wire costs", "exchange"),
    "cost": ("What guards cost", "cost"),
    "reach": ("Reach", "reach"),
    "engines": ("Engines, the same work", "engines"),
    "kills": ("One kill -9", "kills"),
    "lists": ("Lists of what waits", "lists"),
    "pages": ("Pages of the console", "pages"),
    "visit": ("A first visit, and a preview", "visit"),
    "crowd": ("Fifty people at the console, and a thousand deliveries", "crowd"),
    "ledger": ("Counts from a million publications", "ledger"),
    "counts": ("统计 with a million publications", "counts_page"),
    "idle": ("An empty pass", "idle"),
    "startup": ("Starting", "startup"),
    "site": ("One more article", "website"),
    "checking": ("Checking by the rules", "checking"),
    "month": ("A month rehearsed", "month"),
    "sheets": ("A month as a spreadsheet", "sheets"),
    "wechat": ("WeChat articles", "wechat_html"),
}


def main() -> None:
    """Measure what is named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"which tables: {', '.join(ALL)}; all without a name")
    parser.add_argument("--quick", action="store_true", help="less work and fewer rounds: to see that it runs")
    parser.add_argument("--worker", help="how xuanfa is run on PostgreSQL, such as 'xuanfa worker -w {folder}'")
    asked = parser.parse_args()
    if unknown := [name for name in asked.names if name not in ALL]:
        parser.error(f"no table is called {', '.join(unknown)}")
    if asked.worker:
        os.environ["BENCH_WORKER"] = asked.worker
    print(f"Machine: {machine()}{' (quick run)' if asked.quick else ''}\n")
    with tempfile.TemporaryDirectory() as state:
        os.environ["XDG_STATE_HOME"] = state  # what is measured leaves nothing in anybody's home
        for name in asked.names or ALL:
            title, module = ALL[name]
            rows = importlib.import_module(f"benchmarks.{module}").measure(quick=asked.quick)
            print(as_markdown(title, rows), flush=True)


if __name__ == "__main__":
    main()
