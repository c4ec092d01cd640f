"""Entity tags: what a program has seen is named by it, so that it changes nothing that somebody else has changed meanwhile."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse

from xuanfa.api.callers import Caller
from xuanfa.api.problems import Problem
from xuanfa.domain.language import say


def mark_of(facts: Mapping[str, Any]) -> str:
    """The tag of what is told."""
    text = json.dumps(jsonable_encoder(facts), sort_keys=True, ensure_ascii=False)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def marked(
    facts: Mapping[str, Any], status: int = 200, *, tag: Mapping[str, Any] | None = None, **headers: str
) -> JSONResponse:
    """The answer with the tag of what is told, or of ``tag`` where that names it better."""
    return JSONResponse(jsonable_encoder(facts), status, headers={"ETag": mark_of(tag or facts), **headers})


def require_same(caller: Caller, facts: Mapping[str, Any]) -> None:
    """Raise Problem 428 where the program does not say what it has seen, 409 where that is no longer so."""
    said = caller.request.headers.get("if-match", "")
    if not said:
        words = say(
            "请带上 If-Match：您读到时的 ETag，免得盖掉别人刚改的。",
            "Send If-Match with the ETag that you have read, so that nobody's change is overwritten.",
        )
        raise Problem(428, "if_match_missing", words)
    now = mark_of(facts)
    if said.strip() != "*" and now not in {each.strip() for each in said.split(",")}:
        words = say(
            "您读过以后，别人改过了。请重新读一遍再改。",
            "Somebody has changed it since you read it. Read it again, then change it.",
        )
        raise Problem(409, "stale", words, headers={"ETag": now})
