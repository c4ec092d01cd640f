"""The yardstick: load, render and POST from threads, with no state at all. Nothing survives a crash; nothing is remembered."""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local

import httpx
from jinja2.sandbox import SandboxedEnvironment

TEMPLATE = '{"title": {{ title|tojson }}, "html": {{ text|tojson }}, "author": {{ author|tojson }}}'


def send_all(folder: Path, url: str, *, posts: int, channels: int, threads: int) -> float:
    """Seconds for ``posts`` × ``channels`` requests: each reads its file, fills a template and posts it, one client a thread."""
    template = SandboxedEnvironment().from_string(TEMPLATE)
    mine = local()
    tls = httpx.create_ssl_context()

    def one(number: int, channel: int) -> int:
        client = getattr(mine, "client", None)
        if client is None:
            client = mine.client = httpx.Client(verify=tls, timeout=30)
        _, head, text = (folder / "posts" / f"p{number:05}.md").read_text(encoding="utf-8").split("---\n", 2)
        front = dict(line.split(": ", 1) for line in head.strip().splitlines())
        body = template.render(title=front["title"], author=front["author"], text=text)
        headers = {"webhook-id": f"{number}-{channel}", "content-type": "application/json"}
        answer = client.post(f"{url}/c{channel}", content=body.encode(), headers=headers)
        return answer.status_code

    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        codes = list(pool.map(lambda pair: one(*pair), ((n, c) for n in range(posts) for c in range(channels))))
    taken = time.perf_counter() - started
    assert set(codes) == {200}
    return taken


if __name__ == "__main__":
    where, at, count, width, wide = sys.argv[1:]
    print(json.dumps(send_all(Path(where), at, posts=int(count), channels=int(width), threads=int(wide))))
