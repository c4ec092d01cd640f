"""The work that everyone does in these benchmarks: load a post's file, fill a template of 1.5 kB with it, POST it under a key."""

from pathlib import Path
from threading import local

import httpx
from jinja2.sandbox import SandboxedEnvironment

_TEMPLATE = SandboxedEnvironment().from_string(
    '{"title": {{ title|tojson }}, "html": {{ text|tojson }}, "author": {{ author|tojson }}}'
)
_MINE = local()
#: Making one costs more than a request.
_TLS = httpx.create_ssl_context()
#: A post's file, the address it goes to, and the key by which the sink counts it.
Job = tuple[str, str, str]


def jobs(folder: Path, url: str, *, posts: int, channels: int) -> list[Job]:
    """Every post of a corpus to every channel."""
    return [
        (str(folder / "posts" / f"p{number:05}.md"), f"{url}/c{channel}", f"{number}-{channel}")
        for number in range(posts)
        for channel in range(channels)
    ]


def deliver(path: str, url: str, key: str) -> int:
    """Carry one job out, with a client of the thread's own: the quickest way to use httpx. The answer's status; raises for all but 2xx."""
    client: httpx.Client | None = getattr(_MINE, "client", None)
    if client is None:
        client = _MINE.client = httpx.Client(verify=_TLS, timeout=30)
    _, head, text = Path(path).read_text(encoding="utf-8").split("---\n", 2)
    front = dict(line.split(": ", 1) for line in head.strip().splitlines())
    body = _TEMPLATE.render(title=front["title"], author=front["author"], text=text)
    headers = {"webhook-id": key, "content-type": "application/json"}
    return client.post(url, content=body.encode(), headers=headers).raise_for_status().status_code
