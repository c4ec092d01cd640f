"""Findings as SARIF 2.1.0, for editors and for services that show them beside the lines."""

from collections.abc import Sequence
from typing import Any

from xuanfa import __version__
from xuanfa.domain.checking import Found, Level

_LEVELS = {Level.VETO: "error", Level.SEVERE: "error", Level.MINOR: "warning", Level.HINT: "note"}


def sarif(found: Sequence[Found]) -> dict[str, Any]:
    """One run with all of them."""
    rules = {
        one.rule: {"id": one.rule, "shortDescription": {"text": one.rule}, "help": {"text": one.basis or one.rule}}
        for one in found
    }
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "xuanfa", "version": __version__, "rules": list(rules.values())}},
                "columnKind": "unicodeCodePoints",
                "results": [_result(one) for one in found],
            }
        ],
    }


def _result(one: Found) -> dict[str, Any]:
    return {
        "ruleId": one.rule,
        "level": _LEVELS[one.level],
        "message": {"text": str(one.message)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": one.file or one.post or "stdin"},
                    "region": {
                        "startLine": one.line,
                        "startColumn": one.column,
                        "charOffset": one.start,
                        "charLength": one.end - one.start,
                    },
                }
            }
        ],
        "properties": one.data(),
    }
