"""Markdown to finished WeChat HTML (highlighting, link notes, inline styles) on one core, beside ``@wenyan-md/core`` from npm.

The npm package and what it needs are put into a temporary folder that goes afterwards; nothing of it enters the repository. Where npm
or its registry cannot be reached, the row says so and ours is measured alone. Every document differs, so that no cache helps.
"""

import json
import subprocess
import tempfile
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.table import Row, median
from xuanfa.adapters.wechat.article import article_html
from xuanfa.adapters.wechat.themes import THEMES
from xuanfa.content.kit import PostKit
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.post import Post

_ROOT = Path(__file__).parents[1]
_TEXT = (_ROOT / "tests" / "golden" / "wechat" / "sample.md").read_text(encoding="utf-8")
#: The versions that were measured; jsdom and the two form packages are what the package asks its users to bring.
_PACKAGES = ("@wenyan-md/core@3.0.10", "jsdom@27.4.0", "formdata-node@6", "form-data-encoder@4")
_THEIRS = """
import { renderStyledContent } from "@wenyan-md/core/wrapper";
const [text, warm, count] = JSON.parse(process.argv[2]);
const options = { themeId: "default", hlThemeId: "solarized-light", isMacStyle: false, isAddFootnote: true };
const spent = () => { const used = process.cpuUsage(); return (used.user + used.system) / 1e6; };
let begun = 0, length = 0;
for (let i = 0; i < warm + count; i++) {
  if (i === warm) begun = spent();
  length += (await renderStyledContent(`${text}\\n\\n${i}`, options)).length;
}
console.log(JSON.stringify([count / (spent() - begun), length]));
"""


def measure(*, quick: bool) -> list[Row]:
    """Documents for each second of processor time, which a busy machine changes least: the median of rounds."""
    count, rounds = (50, 3) if quick else (300, 5)
    ours = median([_ours(count, offset=round_ * count) for round_ in range(rounds)])
    theirs = _theirs(10 if quick else 60)
    if isinstance(theirs, str):
        return [
            Row("@wenyan-md/core, Markdown to styled HTML", theirs),
            Row("xuanfa, Markdown to finished WeChat HTML", f"{ours:.0f} a second", "", "≥ 300"),
        ]
    return [
        Row("@wenyan-md/core, Markdown to styled HTML", f"{theirs:.1f} a second"),
        Row("xuanfa, Markdown to finished WeChat HTML", f"{ours:.0f} a second", f"{ours / theirs:.1f} times", "≥ 300"),
    ]


def _ours(count: int, *, offset: int) -> float:
    with tempfile.TemporaryDirectory() as name:
        media, templates = MediaStore(Path(name)), Templates([_ROOT / "templates"])
        kits = [_kit(f"{_TEXT}\n\n{offset + number}", media, templates) for number in range(count + 10)]
        for kit in kits[:10]:
            article_html(kit, THEMES["court"], str)
        begun = time.process_time()
        for kit in kits[10:]:
            article_html(kit, THEMES["court"], str)
        return count / (time.process_time() - begun)


def _kit(body: str, media: MediaStore, templates: Templates) -> PostKit:
    return PostKit(
        post=Post(slug="a", title="巡回审判到田间", column="action", body=body, summary="田间地头。", author="张某"),
        organisation=Organisation(name="金昌市中级人民法院"),
        column=Column(id="action", title="我们在行动", campaign="三抓三促"),
        channel="wechat",
        kind="wechat",
        zone=ZoneInfo("Asia/Shanghai"),
        templates=templates,
        media=media,
        channels=frozenset({"wechat"}),
    )


def _theirs(count: int) -> float | str:
    """Documents a second, or why it could not be measured."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
        (folder / "run.mjs").write_text(_THEIRS, encoding="utf-8")
        install = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent", *_PACKAGES]
        try:
            subprocess.run(install, cwd=folder, check=True, capture_output=True, timeout=300)
            asked = json.dumps([_TEXT, 5, count], ensure_ascii=False)
            done = subprocess.run(
                ["node", "run.mjs", asked], cwd=folder, check=True, capture_output=True, text=True, timeout=300
            )
        except (OSError, subprocess.SubprocessError) as error:
            return f"not measured: npm or node failed ({type(error).__name__})"
        rate, _ = json.loads(done.stdout.splitlines()[-1])
        return float(rate)
