"""What a program asks for is done once: its key is claimed before anything is done, and the same key gets the first one's answer
(draft-ietf-httpapi-idempotency-key-header)."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse

from xuanfa.api.callers import Caller
from xuanfa.api.problems import Problem
from xuanfa.domain.errors import XuanfaError
from xuanfa.domain.language import say
from xuanfa.operations.people.intents import answer_intent, claim_intent, give_up_intent

HEADER: Final = "Idempotency-Key"
_LONGEST: Final = 200


def once(caller: Caller, asked: Mapping[str, Any], do: Callable[[], JSONResponse]) -> JSONResponse:
    """Do it, or answer as the first time. Raises Problem 400 without a key, 422 where the key was for something else, 409 while the first one
    is under way or where the process ended in the midst of it."""
    key = caller.request.headers.get(HEADER.lower(), "").strip()
    if not key or len(key) > _LONGEST:
        words = say(
            "请带上 Idempotency-Key（最多 200 个字符）：同一件事重发时用同一个，就不会办两次。",
            "Send an Idempotency-Key (200 characters at most): the same one when the same thing is sent again, so that it is not done twice.",
        )
        raise Problem(400, "idempotency_key_missing", words)
    mark, verb = _digest(caller.person.name, key), f"api {_digest(_of(caller), jsonable_encoder(asked))[:48]}"
    before = claim_intent(caller.desk, mark, user=caller.person.name, verb=verb)
    if before is not None:
        return _again(before.verb == verb, before.answer)
    try:
        answer = do()
    except (XuanfaError, Problem):
        give_up_intent(caller.desk, mark)
        raise
    told = {"status": answer.status_code, "headers": _kept(answer), "body": bytes(answer.body).decode()}
    answer_intent(caller.desk, mark, json.dumps(told, ensure_ascii=False))
    return answer


def _again(is_same: bool, answer: str) -> JSONResponse:
    if not is_same:
        words = say(
            "这个 Idempotency-Key 用过了，办的是别的事。请换一个。",
            "This Idempotency-Key was used for something else. Take another one.",
        )
        raise Problem(422, "idempotency_key_used", words)
    if not answer:
        words = say(
            "同一个请求正在办，或者上次中断了。请先看看现在怎样，再决定要不要换一个键重发。",
            "The same request is under way, or was broken off. Look how things stand before it is sent again with another key.",
        )
        raise Problem(409, "under_way", words, headers={"Retry-After": "5"})
    told = json.loads(answer)
    return JSONResponse(json.loads(told["body"]), told["status"], headers=told["headers"])


def _of(caller: Caller) -> str:
    return f"{caller.request.method} {caller.request.url.path}"


def _kept(answer: JSONResponse) -> dict[str, str]:
    return {name: answer.headers[name] for name in ("etag", "location") if name in answer.headers}


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
