"""``python -m tests.corpus``: how well the rules do, into docs/checks.md, and the table of all rules into docs/zh/检查.md."""

import re
from collections import Counter
from pathlib import Path

from tests.corpus.measure import HERE, WHEN, alarms, clean, measure, planted
from xuanfa.checks.rules.engine import Engine
from xuanfa.checks.rules.table import shipped
from xuanfa.domain.checking import CLASSES, Level

ROOT = Path(__file__).parents[2]
SEVERE = {Level.VETO, Level.SEVERE}
_CONFIDENCE = {"law": "条文", "src": "公开资料", "own": "经验"}


def figures() -> str:
    """The page with recall and false alarms."""
    engine = Engine()
    result = measure(engine)
    characters, told = alarms(engine)
    grave = [one for one, _ in told if one.level in SEVERE]
    by_rule = Counter(one.rule for one, _ in told)
    lines = [
        "# How well the rules do",
        "",
        f"Written by `python -m tests.corpus` from the corpus in `tests/corpus`: {len(planted())} passages with",
        f"{result.total.total()} planted errors, and {len(clean())} passages of clean copy with",
        f"{characters:,} characters, all of our own.",
        "An error counts as found where a finding of its class lies on it, at most one level too mild.",
        "Rules were tuned on this corpus, so that",
        f"another one will find less. The day is {WHEN.isoformat()}.",
        "",
        *_UNSEEN,
        "",
        *_EXTRA,
        "",
        f"False alarms on clean copy at severe and above: **{len(grave)}** in {characters:,} characters",
        f"({5000 * len(grave) / max(1, characters):.2f} per 5,000); below that {len(told) - len(grave)}.",
        "",
        "| class | planted | found | recall | false alarms, severe and above | below |",
        "|---|---|---|---|---|---|",
    ]
    for kind in CLASSES:
        total, found = result.total[kind], result.found[kind]
        if total:
            loud = sum(one.kind == kind for one in grave)
            quiet = sum(one.kind == kind for one, _ in told) - loud
            lines.append(f"| {kind} | {total} | {found} | {100 * found / total:.1f} % | {loud} | {quiet} |")
    lines += [
        "",
        "By rule: what of the planted errors each was the first to find, and its alarms on clean copy.",
        "",
        "| rule | found | false alarms |",
        "|---|---|---|",
    ]
    lines += [
        f"| `{rule}` | {result.by_rule[rule]} | {by_rule[rule]} |"
        for rule in shipped()
        if result.by_rule[rule] or by_rule[rule]
    ]
    if result.missed:
        lines += ["", "Missed:", ""] + [f"- {kind}: {text}" for kind, text, _ in result.missed]
    return "\n".join(lines) + "\n"


#: Measured once, on texts written without looking at the rules, before anything was changed for them; nothing can measure that again.
_UNSEEN = (HERE / "unseen.md").read_text(encoding="utf-8").splitlines()
_EXTRA = (HERE / "extra.md").read_text(encoding="utf-8").splitlines()


def catalogue() -> str:
    """The table of all rules."""
    lines = ["| 规则 | 级别 | 查什么 | 例子 | 怎么办 | 依据 | 把握 |", "|---|---|---|---|---|---|---|"]
    for rule in shipped().values():
        cells = (
            f"`{rule.id}`",
            rule.level.label,
            rule.title,
            rule.example,
            rule.advice,
            rule.basis,
            _CONFIDENCE[rule.confidence],
        )
        lines.append("| " + " | ".join(str(cell).replace("|", "\\|").replace("*", "\\*") for cell in cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Write both pages."""
    (ROOT / "docs" / "checks.md").write_text(figures(), encoding="utf-8")
    page = ROOT / "docs" / "zh" / "检查.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(
        re.sub(r"(?<=<!-- rules -->\n).*?(?=\n<!-- end -->)", lambda _: catalogue(), text, flags=re.DOTALL),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
