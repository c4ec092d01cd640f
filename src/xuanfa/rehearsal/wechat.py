"""The WeChat official account to practise on: tokens, pictures, drafts, publishing and mass sends, as documented to the error code.

Always HTTP 200; the ``errcode`` tells. Any AppID with any secret is an account. What is documented, and what is not confirmed:
``docs/adapters/wechat.md``. Drafts are in ``wechat_drafts``, what readers see is in ``wechat_public``.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx

from xuanfa.domain.fault import Fault
from xuanfa.rehearsal.forms import read_form
from xuanfa.rehearsal.journal import Journal, Turn
from xuanfa.rehearsal.platform import Platform, Reply, fingerprint
from xuanfa.rehearsal.wechat_drafts import DRAFT_PATHS, Drafts
from xuanfa.rehearsal.wechat_public import PUBLIC_PATHS, Public
from xuanfa.rehearsal.wechat_rules import Rules, Said, day, refused

#: A token's life, and for how long the one before it stays good: WeChat issues the next one within the last five minutes.
LIFE, OVERLAP = timedelta(seconds=7200), timedelta(seconds=300)
STABLE, CLASSIC = "/cgi-bin/stable_token", "/cgi-bin/token"
#: What only verified accounts may call (platforms.md, WeChat permissions).
_VERIFIED_ONLY = ("/cgi-bin/freepublish/", "/cgi-bin/message/mass/")
#: Calls that make something, for the journal's ``accepted``.
_MAKES = frozenset({"/cgi-bin/freepublish/submit", "/cgi-bin/message/mass/sendall"})


class WechatPlatform(Platform):
    """One account. ``rules`` are what tests and practice may switch."""

    def __init__(self, journal: Journal, clock: Callable[[], datetime], *, fault: Fault | None = None) -> None:
        super().__init__(journal, clock, fault=fault)
        self.rules = Rules()

    def decide(self, request: httpx.Request, body: bytes, now: datetime, turn: Turn) -> Reply:
        """The answer that the platform documents for this request."""
        path, query = request.url.path, dict(request.url.params)
        said = self._said(request, body, now, turn)
        answer = json.dumps(dict(said), ensure_ascii=False, separators=(",", ":"))
        account = fingerprint(query.get("access_token", ""))
        return Reply(body=answer, accepted=path in _MAKES and not said.get("errcode"), account=account)

    def publishes(self, request: httpx.Request) -> bool:
        """Publishing and mass sends; of an account in draft mode the draft, which is all that it sends."""
        return request.url.path in _MAKES or request.url.path == "/cgi-bin/draft/add"

    def shown_path(self, url: httpx.URL) -> str:
        """The token is all that a stranger would need."""
        return f"{url.path}?access_token=***" if "access_token" in url.params else url.path

    def shown_body(self, request: httpx.Request, body: bytes) -> str:
        """Without the secret, and pictures as their size."""
        if request.url.path in {STABLE, CLASSIC}:
            return "***"
        if request.headers.get("content-type", "").startswith("multipart/"):
            return read_form(request, body).shown(())
        return super().shown_body(request, body)

    def _said(self, request: httpx.Request, body: bytes, now: datetime, turn: Turn) -> Said:
        path, query = request.url.path, dict(request.url.params)
        if path in {STABLE, CLASSIC}:
            return self._token(path, query if path == CLASSIC else _json(body), now, turn)
        if code := self._gate(path, query.get("access_token"), now, turn):
            return refused(code)
        if path in {"/cgi-bin/media/uploadimg", "/cgi-bin/material/add_material"}:
            file = read_form(request, body).files.get("media", b"")
            return Drafts(turn, now, self.rules).upload(path, query, file)
        data = _json(body) if request.method == "POST" else {}
        if data is None:
            return refused(47001)
        if path == "/cgi-bin/openapi/quota/get":
            return self._quota(data, now, turn)
        Public(turn, now, self.rules).finish()
        if path in DRAFT_PATHS:
            return Drafts(turn, now, self.rules).answer(path, data)
        if path in PUBLIC_PATHS:
            return Public(turn, now, self.rules).answer(path, data)
        return refused(43001)

    def _token(self, path: str, asked: Mapping[str, Any] | None, now: datetime, turn: Turn) -> Said:
        if not asked or asked.get("grant_type") != "client_credential":
            return refused(40002)
        if not asked.get("appid"):
            return refused(41002)
        if not asked.get("secret"):
            return refused(41004)
        if not self.rules.on_allow_list:
            return refused(40164)
        if self.rules.secret and asked["secret"] != self.rules.secret:
            return refused(40001)
        held: list[dict[str, str]] = turn.thing(f"tokens:{path}") or []
        good = [token for token in held if datetime.fromisoformat(token["until"]) > now]
        newest = good[-1] if good else None
        is_forced = path == CLASSIC or asked.get("force_refresh") is True
        if newest is None or is_forced or datetime.fromisoformat(newest["until"]) - now <= OVERLAP:
            made = hashlib.sha256(f"{path} {now.isoformat()} {len(held)}".encode()).hexdigest()
            newest = {"value": f"rehearsal-{made}", "until": (now + LIFE).isoformat()}
            good = [newest] if is_forced else [*good, newest]
            turn.put(f"tokens:{path}", good)
        left = datetime.fromisoformat(newest["until"]) - now
        return {"access_token": newest["value"], "expires_in": int(left.total_seconds())}

    def _gate(self, path: str, token: str | None, now: datetime, turn: Turn) -> int:
        """What every call goes through: the token, the allow-list, the permission, the day's quota; 0 lets it pass."""
        if not token:
            return 41001
        if not self.rules.on_allow_list:
            return 40164
        held = [*(turn.thing(f"tokens:{STABLE}") or []), *(turn.thing(f"tokens:{CLASSIC}") or [])]
        known = next((one for one in held if one["value"] == token), None)
        if known is None:
            return 40001
        if datetime.fromisoformat(known["until"]) <= now:
            return 42001
        if not self.rules.verified and path.startswith(_VERIFIED_ONLY):
            return 48001
        if path in self.rules.codes:
            return self.rules.codes[path]
        return 0 if self._spend(path, now, turn) else 45009

    def _spend(self, path: str, now: datetime, turn: Turn) -> bool:
        name = f"spent:{day(now)}:{path}"
        spent = int(turn.thing(name) or 0)
        if spent >= self.rules.calls_a_day.get(path, self.rules.calls_otherwise):
            return False
        turn.put(name, spent + 1)
        return True

    def _quota(self, data: Mapping[str, Any], now: datetime, turn: Turn) -> Said:
        path = str(data.get("cgi_path", ""))
        if not path.startswith("/"):
            return refused(76021)
        limit = self.rules.calls_a_day.get(path, self.rules.calls_otherwise)
        used = int(turn.thing(f"spent:{day(now)}:{path}") or 0)
        return {"errcode": 0, "errmsg": "ok", "quota": {"daily_limit": limit, "used": used, "remain": limit - used}}


def _json(body: bytes) -> dict[str, Any] | None:
    try:
        data = json.loads(body)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None
