"""``python -m benchmarks [--quick] [name …]``: measure, print the tables, and name the machine."""

import sys
from collections.abc import Callable

from benchmarks import drain, idle, lateness, month, startup, website, wechat_html
from benchmarks.table import Row, as_markdown, machine

ALL: dict[str, tuple[str, Callable[..., list[Row]]]] = {
    "drain": ("Throughput", drain.measure),
    "lateness": ("Lateness", lateness.measure),
    "idle": ("An empty pass", idle.measure),
    "startup": ("Starting", startup.measure),
    "site": ("One more article", website.measure),
    "month": ("A month rehearsed", month.measure),
    "wechat": ("WeChat articles", wechat_html.measure),
}


def main(arguments: list[str]) -> None:
    """Measure what is named, or all."""
    quick = "--quick" in arguments
    names = [argument for argument in arguments if not argument.startswith("-")] or list(ALL)
    print(f"Machine: {machine()}{' (quick run)' if quick else ''}\n")
    for name in names:
        title, measure = ALL[name]
        print(as_markdown(title, measure(quick=quick)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
