"""A kind of channel that breaks as a post asks it to, put into a folder from which other processes load it as they load any package's."""

import os
from pathlib import Path

#: It notes each try to render in the file ``RENDERED`` names, and obeys a post's first word.
MODULE = """
import os, signal, time
from xuanfa.adapters.webhook.adapter import WebhookAdapter


class Breaking(WebhookAdapter):
    kind = "breaking"

    def render(self, post, kit):
        with open(os.environ["RENDERED"], "a") as file:
            print(post.slug, os.getpid(), file=file)
        word, _, rest = post.body.strip().partition(" ")
        match word:
            case "SEGV":
                os.kill(os.getpid(), signal.SIGSEGV)
            case "BOTH":
                os.kill(os.getppid(), signal.SIGKILL)
                os.kill(os.getpid(), signal.SIGKILL)
            case "PARENT":
                os.kill(os.getppid(), signal.SIGKILL)
            case "SPIN":
                while True:
                    pass
            case "EAT":
                held = [b"x" * 50_000_000 for _ in range(100)]  # every page of it is touched
            case "EXIT":
                os._exit(3)
            case "WAIT":
                while os.path.exists(rest.split()[0]):
                    time.sleep(0.02)
        return super().render(post, kit)
"""

#: Every Python that begins with the folder on its path notes, as it ends, what was resident at its highest: it, and no process before it.
WATCH = """
import atexit, os, re, sys


def note():
    with open("/proc/self/status") as status:
        most = re.search(r"VmHWM:\\s+(\\d+) kB", status.read())[1]
    with open(os.environ["RENDERED"] + ".most", "a") as file:
        print(most, *sys.orig_argv, file=file)


atexit.register(note)
"""


class Breaking:
    """The package in ``folder``; ``environ`` has other processes load it."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "rendered.txt"
        facts = folder / "breaking-1.0.dist-info"
        facts.mkdir(parents=True)
        (folder / "breaking.py").write_text(MODULE, encoding="utf-8")
        (folder / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
        (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: breaking\nVersion: 1.0\n", encoding="utf-8")
        (facts / "entry_points.txt").write_text("[xuanfa.adapters]\nbreaking = breaking:Breaking\n", encoding="utf-8")
        known = os.environ.get("PYTHONPATH", "")
        self.environ = os.environ | {
            "PYTHONPATH": os.pathsep.join([str(folder), *([known] if known else [])]),
            "RENDERED": str(self.log),
        }

    def tries(self, slug: str) -> int:
        """How often a post was rendered, or was about to be."""
        if not self.log.exists():
            return 0
        return sum(line.split()[0] == slug for line in self.log.read_text(encoding="utf-8").splitlines())

    def most(self, word: str) -> int:
        """What was resident at its highest of the processes whose command has this word. Kilobytes."""
        lines = self.log.with_name(f"{self.log.name}.most").read_text(encoding="utf-8").splitlines()
        return max(int(line.split()[0]) for line in lines if word in line.split())
