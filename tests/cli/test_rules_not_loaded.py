"""A pass that finds nothing new reads no rules, neither itself nor by the process that reads posts for it: they cost more than the rest of it."""

import os
import subprocess
import sys
from pathlib import Path

SETTINGS = """
[columns.news]
title = "要闻"
channels = ["site"]
[channels.site]
adapter = "site"
directory = "public"
base_url = "https://www.example.gov.cn"
"""
POST = "---\ntitle: {title}\ncolumn: news\npublish_at: {when}\n---\n\n{title}：法院开庭审理了一起案件。\n"
ASKED = """
import sys
from xuanfa.cli import main
main(["publish", "-w", sys.argv[1]])
sys.exit("loaded" if "xuanfa.checks.rules.engine" in sys.modules else 0)
"""


def loads_rules(folder: Path, cache: Path) -> bool:
    """Whether a pass in a process of its own does, or the one that it has posts read by: whoever does leaves what was prepared."""
    for path in cache.glob("xuanfa/*"):
        path.unlink()
    done = subprocess.run(
        [sys.executable, "-c", ASKED, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
    )
    assert done.returncode == 0 or done.stderr.endswith("loaded\n"), done.stderr
    return done.returncode != 0 or any(cache.glob("xuanfa/*"))


def post(folder: Path, title: str, when: str) -> None:
    (folder / "posts").mkdir(parents=True, exist_ok=True)
    (folder / "posts" / f"{title}.md").write_text(POST.format(title=title, when=when), encoding="utf-8")


def test_a_pass_without_anything_new_loads_no_rules(tmp_path: Path) -> None:
    folder, cache = tmp_path / "w", tmp_path / "cache"
    post(folder, "全市法院工作会议召开", "now")
    post(folder, "巡回法庭进乡村", "2099-01-01 09:00")
    (folder / "xuanfa.toml").write_text(SETTINGS, encoding="utf-8")
    assert loads_rules(folder, cache)
    assert "全市法院工作会议召开" in (folder / "public" / "index.html").read_text(encoding="utf-8")
    loads_rules(folder, cache)  # what is out may be read once more, by the rules of today
    assert not loads_rules(folder, cache)
    post(folder, "干警义务植树", "now")
    assert loads_rules(folder, cache)
